#include "render/view/sheet.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/view/doing.h"
#include "render/view/field_words.h"
#include "render/view/sheet_choice.h"
#include "render/view/tools.h"
#include "render/view/words_say.h"

static const struct overlay sheet_overlay;

/* ---- making one ---- */

struct sheet *sheet_begin(struct view *view, const char *title, struct slice about,
                          sheet_submit *submit)
{
    struct sheet *sheet = &doing_of(view)->sheet;
    arena_reset(&sheet->arena);
    sheet->title = arena_copy(&sheet->arena, slice_of(title));
    sheet->about = arena_copy(&sheet->arena, about);
    sheet->subject = sheet->second = SLICE("");
    sheet->follow = NULL;
    sheet->place = sheet->other = 0;
    sheet->button = TR("Apply");
    sheet->is_of_settings = false;
    sheet->submit = submit;
    sheet->count = 0;
    sheet->scroll = 0;
    sheet->has_warned = false;
    sheet->seen_row = SHEET_ROWS;
    return sheet;
}

struct sheet_row *sheet_add(struct sheet *sheet, const char *key, const char *label,
                            struct slice value)
{
    if (sheet->count == SHEET_ROWS)
        return NULL;
    struct sheet_row *row = &sheet->rows[sheet->count++];
    row->label = arena_copy(&sheet->arena, slice_of(label));
    row->meaning = row->fallback = row->words = SLICE("");
    row->before = arena_copy(&sheet->arena, value);
    row->is_required = row->is_word = row->is_person = false;
    row->is_changed = row->is_setting = false;
    snprintf(row->key, sizeof row->key, "%s", key);
    ui_edit_set(&row->edit, value);
    return row;
}

/* What it may be, behind what is left of its sentence. In the language of now, which may be another
   than when the form was opened before. */
static struct slice with_range(struct arena *arena, const struct view_field *field,
                               struct slice meaning)
{
    struct slice range = slice_of(field->range ? tr(field->range) : "");
    if (field->min != 0 || field->max != 0)
        range = arena_printf(arena, tr("from %" PRId64 " to %" PRId64 "%s"), field->min, field->max,
                             "");
    return !range.size ? meaning
           : !meaning.size
               ? arena_copy(arena, range)
               : arena_printf(arena, "%.*s; %.*s", SLICE_ARG(meaning), SLICE_ARG(range));
}

struct sheet_row *sheet_add_field(struct sheet *sheet, const struct view_field *field,
                                  struct slice value)
{
    struct sheet_row *row = sheet_add(sheet, field->key, field->key, value);
    if (!row)
        return NULL;
    struct field_words words = field_words(&sheet->arena, field->key, slice_of(tr(field->meaning)));
    row->label = words.title;
    row->is_setting = true;
    row->meaning = with_range(&sheet->arena, field, words.rest);
    row->fallback = slice_of(field->fallback);
    row->words = slice_of(field->words);
    row->is_required = field->is_required;
    return row;
}

void sheet_explain(struct sheet *sheet, struct sheet_row *row, const char *meaning)
{
    if (row)
        row->meaning = arena_copy(&sheet->arena, slice_of(meaning));
}

void sheet_need_word(struct sheet_row *row)
{
    if (row)
        row->is_required = row->is_word = true;
}

void sheet_need_person(struct sheet_row *row)
{
    sheet_need_word(row);
    if (row)
        row->is_person = true;
}

void sheet_offer(struct sheet *sheet, struct sheet_row *row, struct slice words)
{
    if (row)
        row->words = arena_copy(&sheet->arena, words);
}

void sheet_show(struct view *view)
{
    view->notice_ms = 0;
    if (view->overlay != &sheet_overlay)
        overlay_open(view, &sheet_overlay);
    struct sheet *sheet = &doing_of(view)->sheet;
    if (sheet->count)
        sheet_row_focus(view, &sheet->rows[0]);
    ui_edit_select_all(&sheet->rows[0].edit); /* typing replaces what is proposed */
}

void sheet_finish(struct sheet *sheet)
{
    arena_finish(&sheet->arena);
}

/* ---- what was filled in ---- */

struct slice sheet_value(const struct sheet *sheet, const char *key)
{
    for (size_t i = 0; i < sheet->count; i++)
        if (strcmp(sheet->rows[i].key, key) == 0)
            return sheet_row_text(&sheet->rows[i]);
    return SLICE("");
}

bool sheet_is_changed(const struct sheet_row *row)
{
    return !slice_equal(sheet_row_text(row), row->before);
}

void sheet_propose(struct sheet *sheet, const char *key, struct slice value)
{
    for (size_t i = 0; i < sheet->count; i++) {
        struct sheet_row *row = &sheet->rows[i];
        if (strcmp(row->key, key) != 0 || sheet_is_changed(row))
            continue;
        row->before = arena_copy(&sheet->arena, value);
        ui_edit_set(&row->edit, value);
    }
}

/* What is wrong with what was filled in, before anybody is asked; NULL: nothing. */
static const char *row_problem(const struct view *view, const struct sheet_row *row)
{
    struct slice text = sheet_row_text(row);
    if (row->is_required && text.size == 0)
        return TR("{field} is needed");
    for (size_t i = 0; row->is_word && i < text.size; i++)
        if (strchr(" \t\n\"\\=", text.data[i]))
            return TR("{field}: one word, without blanks, quotes and equals signs");
    if (row->is_person && slice_find_octet(text, '@', 0) == SLICE_NONE)
        return TR("{field}: an address, such as dana@example.org");
    if (row->is_person && !tools_takes_mail(view, text))
        return TR("Nobody takes mail for {value} yet: add a mail server for its domain first");
    return NULL;
}

static bool is_sound(struct view *view, const struct sheet *sheet)
{
    for (size_t i = 0; i < sheet->count; i++) {
        const struct sheet_row *row = &sheet->rows[i];
        const char *problem = row_problem(view, row);
        if (!problem)
            continue;
        sheet_row_focus(view, row);
        asking_say(view, WORDS_SAY(&view->doing->sheet.arena, tr(problem), {"field", row->label},
                                   {"value", sheet_row_text(row)}));
        return false;
    }
    return true;
}

static bool is_sent(const struct sheet_row *row, enum sheet_which which)
{
    if (which == SHEET_CHANGED)
        return sheet_is_changed(row);
    return sheet_row_text(row).size && !slice_equal(sheet_row_text(row), row->fallback);
}

void sheet_do(struct view *view, struct sheet *sheet, enum sheet_which which, struct slice line)
{
    struct slice start = line;
    for (size_t i = 0; i < sheet->count; i++) {
        const struct sheet_row *row = &sheet->rows[i];
        if (is_sent(row, which))
            line = arena_printf(
                &sheet->arena, "%.*s%.*s", SLICE_ARG(line),
                SLICE_ARG(request_value(&sheet->arena, row->key, sheet_row_text(row))));
    }
    if (which == SHEET_CHANGED && line.size == start.size) {
        asking_say(view, slice_of(tr("Nothing was changed")));
        return;
    }
    (void)doing_ask(view, line);
}

/* The row that it was about has the focus. */
static void refused(struct view *view, struct slice why)
{
    struct sheet *sheet = &doing_of(view)->sheet;
    sheet->seen_row = SHEET_ROWS;
    for (size_t i = 0; i < sheet->count; i++)
        if (asking_blames(why, slice_of(sheet->rows[i].key), sheet_row_text(&sheet->rows[i]))) {
            sheet_row_focus(view, &sheet->rows[i]);
            return;
        }
}

/* ---- using it ---- */

static void submit(struct view *view, uint32_t arg)
{
    struct sheet *sheet = &doing_of(view)->sheet;
    (void)arg;
    if (is_sound(view, sheet))
        sheet->submit(view, sheet);
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    doing_of(view)->sheet.scroll -= lines * 3 * draw_line_height(view->ui.theme->size_text);
}

/* ---- drawing it ---- */

enum { GAP = 10 };

struct sizes {
    float label, field; /* widths of the columns */
    float heights[SHEET_ROWS];
    float whole;
};

static float wrapped(struct view *view, enum draw_font font, float size, float w, struct slice text)
{
    struct slice line;
    float h = 0;
    while (ui_wrap(&view->ui, font, size, w, &text, &line))
        h += draw_line_height(size);
    return h;
}

/* Above the first line of a label there is as much room as above that of its field. */
static float label_inset(const struct theme *theme)
{
    return floorf((button_height(theme) - draw_line_height(theme->size_text)) / 2);
}

static void measure(struct view *view, const struct sheet *sheet, float w, struct sizes *sizes)
{
    const struct theme *theme = view->ui.theme;
    float small = draw_line_height(theme->size_small);
    bool has_sentences = sheet->count > 0 && sheet->rows[0].is_setting;
    sizes->label = floorf(w * (has_sentences ? 0.4f : 0.3f));
    sizes->field = w - sizes->label - GAP;
    sizes->whole = 0;
    for (size_t i = 0; i < sheet->count; i++) {
        const struct sheet_row *row = &sheet->rows[i];
        float field = button_height(theme) +
                      wrapped(view, DRAW_FONT_SANS, theme->size_small, sizes->field, row->meaning) +
                      (row->meaning.size ? 4 : 0);
        float label = label_inset(theme) + wrapped(view, DRAW_FONT_BOLD, theme->size_text,
                                                   sizes->label - 12, row->label);
        if (row->is_setting)
            label += small * (sheet->is_of_settings || row->is_required ? 2 : 1) + 2;
        sizes->heights[i] = fmaxf(field, label) + GAP;
        sizes->whole += sizes->heights[i];
    }
}

/* Beside the field: what the value is called, and whether it is another than the default. */
static void draw_label(struct view *view, struct draw_box box, const struct sheet *sheet,
                       const struct sheet_row *row)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    bool is_new = sheet->is_of_settings && sheet_is_changed(row);
    if (row->is_setting) {
        ui_cut_top(&box, label_inset(theme));
        float h = wrapped(view, DRAW_FONT_BOLD, theme->size_text, box.w, row->label);
        ui_paragraph(ui, ui_cut_top(&box, h), DRAW_FONT_BOLD, theme->size_text, theme->ink,
                     row->label, 20);
        ui_label(ui, ui_cut_top(&box, draw_line_height(theme->size_small)), DRAW_ALIGN_LEFT,
                 DRAW_FONT_MONO, theme->size_small, theme->ink_soft, slice_of(row->key));
    } else {
        ui_label(ui, ui_cut_top(&box, button_height(theme)), DRAW_ALIGN_LEFT, DRAW_FONT_BOLD,
                 theme->size_text, theme->ink, row->label);
    }
    struct slice note = SLICE("");
    if (is_new)
        note = arena_printf(&ui->list->arena, tr("was %.*s"),
                            SLICE_ARG(row->before.size ? row->before : SLICE("\xE2\x80\x93")));
    else if (row->is_changed)
        note = arena_printf(&ui->list->arena, tr("default: %.*s"),
                            SLICE_ARG(row->fallback.size ? row->fallback : SLICE("\xE2\x80\x93")));
    else if (row->is_required && row->is_setting)
        note = slice_of(tr("needed"));
    ui_label_any(ui, ui_cut_top(&box, draw_line_height(theme->size_small)), DRAW_ALIGN_LEFT,
                 DRAW_FONT_SANS, theme->size_small, is_new ? theme->accent : theme->ink_soft, note);
}

static void draw_row(struct view *view, struct draw_box box, struct sheet *sheet, size_t i,
                     const struct sizes *sizes)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct sheet_row *row = &sheet->rows[i];
    char name[UI_NAME];
    if (sheet->is_of_settings &&
        (row->is_changed || sheet_is_changed(row))) /* a bar beside what is not as usual */
        draw_rect(ui->list, (struct draw_box){box.x, box.y + 2, 4, box.h - GAP - 4}, 2,
                  theme->accent, 0, 0);
    draw_label(view, (struct draw_box){box.x + 12, box.y, sizes->label - 12, box.h}, sheet, row);
    struct draw_box field = {box.x + sizes->label + GAP, box.y, sizes->field, button_height(theme)};
    sheet_row_name(row, name);
    if (row->words.size)
        sheet_choices_draw(view, field, row, (uint32_t)i);
    else
        ui_field(ui, name, field, &row->edit,
                 &(struct ui_field_ways){.key = sheet_row_key,
                                         .submit = i + 1 == sheet->count ? submit : NULL,
                                         .hint = row->fallback.size ? row->fallback.data : NULL});
    field.y += field.h + 2;
    field.h = box.h;
    ui_paragraph(ui, field, DRAW_FONT_SANS, theme->size_small, theme->ink_soft, row->meaning, 20);
}

/* Who comes to a row by keyboard sees it, and some of its neighbours to go on to. */
static void keep_in_sight(const struct ui *ui, struct sheet *sheet, const struct sizes *sizes,
                          float shown)
{
    const float peek = 24;
    float top = 0;
    for (size_t i = 0; i < sheet->count; i++) {
        if (sheet_row_has_focus(ui, &sheet->rows[i]) && sheet->seen_row != i) {
            sheet->seen_row = i;
            sheet->scroll = fmaxf(sheet->scroll, top + sizes->heights[i] + peek - shown);
            sheet->scroll = fminf(sheet->scroll, fmaxf(top - peek, 0));
        }
        top += sizes->heights[i];
    }
    sheet->scroll = fmaxf(fminf(sheet->scroll, sizes->whole - shown), 0);
}

static void draw_rows(struct view *view, struct draw_box inside, struct sheet *sheet,
                      const struct sizes *sizes)
{
    struct ui *ui = &view->ui;
    keep_in_sight(ui, sheet, sizes, inside.h);
    float y = inside.y - sheet->scroll;
    /* the ring around what has the focus is a little wider than its row */
    ui_clip(ui, (struct draw_box){inside.x - 4, inside.y - 4, inside.w + 8, inside.h + 8});
    for (size_t i = 0; i < sheet->count; i++) {
        struct draw_box row = {inside.x, y, inside.w, sizes->heights[i]};
        if (row.y + row.h > inside.y && row.y < inside.y + inside.h)
            draw_row(view, row, sheet, i, sizes);
        y += sizes->heights[i];
    }
    ui_unclip(ui);
    scroll_bar_draw(view, (struct draw_box){inside.x, inside.y, inside.w + 14, inside.h},
                    sizes->whole, sheet->scroll);
    ui_wheel(ui, "form-wheel", inside, turn, 0);
}

static void draw_foot(struct view *view, struct draw_box foot, const struct sheet *sheet)
{
    struct ui *ui = &view->ui;
    struct slice label =
        arena_printf(&ui->list->arena, "%s  %s", tr(sheet->button), tr("Ctrl + Enter"));
    float w = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, label) + 32;
    ui_button(ui, "form-do", ui_cut_right(&foot, w), label.data, submit, 0, UI_PRIMARY);
}

static void draw_sheet(struct view *view, struct draw_box all)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct sheet *sheet = &doing_of(view)->sheet;
    struct sizes sizes = {0};
    float w = fminf(theme->size_text * 56, all.w - 32), line = button_height(theme);
    float step = draw_line_height(theme->size_text), about = 0;
    struct slice rest = sheet->about, part;
    if (sheet->follow)
        sheet->follow(view, sheet);
    measure(view, sheet, w - 48, &sizes);
    while (ui_wrap(ui, DRAW_FONT_SANS, theme->size_text, w - 48, &rest, &part))
        about += step;
    struct draw_box inside =
        overlay_frame(view, all, w, sizes.whole + about + 2 * line + 100, sheet->title.data);
    struct draw_box foot = ui_cut_bottom(&inside, line);
    ui_cut_bottom(&inside, 12);
    ui_paragraph(ui, ui_cut_top(&inside, about), DRAW_FONT_SANS, theme->size_text, theme->ink_soft,
                 sheet->about, 8);
    if (about > 0)
        ui_cut_top(&inside, 12);
    draw_rows(view, inside, sheet, &sizes);
    draw_foot(view, foot, sheet); /* behind the last row, also for who goes by Tab */
}

/* One value is typed again sooner than a question is read; more are asked about. */
static bool may_close(struct view *view)
{
    struct sheet *sheet = &doing_of(view)->sheet;
    size_t typed = 0;
    for (size_t i = 0; i < sheet->count; i++)
        typed += sheet_is_changed(&sheet->rows[i]);
    if (typed < 2 || sheet->has_warned)
        return true;
    sheet->has_warned = true;
    asking_say(view, slice_of(tr("Esc once more: what was typed here is lost")));
    return false;
}

static const struct overlay sheet_overlay = {.name = "form",
                                             .draw = draw_sheet,
                                             .submit = submit,
                                             .may_close = may_close,
                                             .refused = refused};
