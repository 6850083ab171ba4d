/* The picker: what can be opened, in sections, narrowed by typing. */
#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/view/doing.h"
#include "render/view/filter.h"
#include "render/view/palette.h"
#include "sim/base/memory.h"

struct picker_list {
    struct arena arena; /* the rows' texts */
    VECTOR(struct view_choice) rows;
    struct ui_edit filter;
    size_t filter_size; /* when the chosen row was chosen */
    size_t chosen;      /* among those that the filter lets through */
    float scroll, room; /* how far down, and what is seen at a time */
    bool is_followed;   /* the chosen row is to be in sight */
};

void picker_finish(struct view *view)
{
    struct picker_list *p = view->picker;
    if (!p)
        return;
    vector_finish(&p->rows);
    arena_finish(&p->arena);
    free(p);
    view->picker = NULL;
}

void view_set_picker(struct view *view, const struct view_choice *rows, size_t count)
{
    picker_finish(view);
    struct picker_list *p = memory_take(sizeof *p);
    arena_init(&p->arena);
    for (size_t i = 0; i < count; i++)
        *vector_add(&p->rows) = (struct view_choice){
            arena_copy(&p->arena, slice_of(rows[i].section)).data,
            arena_copy(&p->arena, slice_of(rows[i].title)).data,
            arena_copy(&p->arena, slice_of(rows[i].detail)).data,
            arena_copy(&p->arena, slice_of(rows[i].word)).data,
            rows[i].then ? arena_copy(&p->arena, slice_of(rows[i].then)).data : NULL};
    p->is_followed = true;
    view->picker = p;
    if (view->overlay != &picker_overlay)
        overlay_open(view, &picker_overlay);
}

size_t picker_count(const struct view *view)
{
    return view->picker ? view->picker->rows.count : 0;
}

const struct view_choice *picker_choice(const struct view *view, size_t i)
{
    return &view->picker->rows.items[i];
}

/* ---- which rows ---- */

/* Each word that was typed is in the title, the detail or the name. */
static bool is_let_through(const struct picker_list *p, const struct view_choice *row)
{
    const struct slice texts[] = {slice_of(row->title), slice_of(row->detail), slice_of(row->word)};
    return filter_lets((struct slice){p->filter.text, p->filter.size}, texts, 3);
}

static size_t count_rows(const struct picker_list *p)
{
    size_t count = 0;
    for (size_t i = 0; i < p->rows.count; i++)
        count += is_let_through(p, &p->rows.items[i]);
    return count;
}

/* The n-th of those let through; NULL when there are fewer. */
static const struct view_choice *row_at(const struct picker_list *p, size_t n)
{
    for (size_t i = 0; i < p->rows.count; i++)
        if (is_let_through(p, &p->rows.items[i]) && n-- == 0)
            return &p->rows.items[i];
    return NULL;
}

/* Behind the last slash, without its ending: what the command line and scripts call the row. */
static struct slice word_stem(const char *word)
{
    struct slice rest = slice_of(word), part = rest;
    while (slice_cut(&rest, '/', &part))
        ;
    if (slice_ends(part, SLICE(".json")))
        part.size -= 5;
    return part;
}

/* The row that is meant by what was typed: the first whose title or name begins so, or else the
 * first of all, so that "two" and Enter open Two towns and not what has the word somewhere. */
static size_t best_row(const struct picker_list *p)
{
    struct slice typed = {p->filter.text, p->filter.size};
    size_t n = 0;
    for (size_t i = 0; i < p->rows.count && typed.size > 0; i++) {
        const struct view_choice *row = &p->rows.items[i];
        if (!is_let_through(p, row))
            continue;
        if (slice_starts_fold(slice_of(row->title), typed) ||
            slice_starts_fold(word_stem(row->word), typed))
            return n;
        n++;
    }
    return 0;
}

/* ---- what is done with them ---- */

void picker_open(struct view *view, const struct view_choice *row)
{
    if (!row)
        return;
    request_add(view, VIEW_REQUEST_OPEN, slice_of(row->word));
    if (row->then)
        request_add(view, VIEW_REQUEST_COURSE, slice_of(row->then));
}

/* What is in no row may be a file: the program says so if it is not. */
static void open_typed(struct view *view)
{
    const struct ui_edit *filter = &view->picker->filter;
    struct slice typed = slice_trim((struct slice){filter->text, filter->size});
    if (typed.size > 0)
        (void)asking_send(view, VIEW_REQUEST_OPEN, typed);
}

static void open_row(struct view *view, const struct view_choice *row)
{
    picker_open(view, row);
    if (row)
        overlay_close(view);
}

static void pick(struct view *view, uint32_t row)
{
    if (row < view->picker->rows.count)
        open_row(view, &view->picker->rows.items[row]);
}

static void submit(struct view *view, uint32_t arg)
{
    (void)arg;
    if (count_rows(view->picker) > 0)
        open_row(view, row_at(view->picker, view->picker->chosen));
    else
        open_typed(view);
}

static void step_by(struct picker_list *p, size_t by, bool is_down)
{
    size_t count = count_rows(p);
    size_t last = count ? count - 1 : 0;
    if (is_down)
        p->chosen = p->chosen + by < last ? p->chosen + by : last;
    else
        p->chosen = p->chosen > by ? p->chosen - by : 0;
    p->is_followed = true;
}

static bool move_choice(struct view *view, uint32_t arg, int key)
{
    enum { PAGE = 8 };
    bool is_page = key == INPUT_KEY_PAGE_UP || key == INPUT_KEY_PAGE_DOWN;
    bool is_down = key == INPUT_KEY_DOWN || key == INPUT_KEY_PAGE_DOWN;
    (void)arg;
    if (!is_page && !is_down && key != INPUT_KEY_UP)
        return false;
    step_by(view->picker, is_page ? PAGE : 1, is_down);
    return true;
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    view->picker->scroll -= 2 * lines * row_height(view->ui.theme);
}

/* ---- drawing ---- */

static float row_space(const struct theme *theme)
{
    return 2 * draw_line_height(theme->size_text) + 14;
}

static float section_space(const struct theme *theme)
{
    return draw_line_height(theme->size_small) + 18;
}

static void draw_row(struct view *view, struct draw_box box, uint32_t i, bool is_chosen)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct view_choice *row = &view->picker->rows.items[i];
    char name[UI_NAME];
    snprintf(name, sizeof name, "pick-%.*s",
             SLICE_ARG(slice_part(word_stem(row->word), 0, UI_NAME - 6)));
    box.h -= 4;
    struct ui_state state = ui_region(ui, name, box, pick, i);
    uint32_t fill = is_chosen ? theme->accent_soft : state.is_hover ? theme->card : theme->panel;
    draw_rect(ui->list, box, 6, fill, is_chosen || state.is_focus ? theme->accent : fill,
              is_chosen || state.is_focus ? 2 : 1);
    struct draw_box inside = {box.x + 12, box.y + 4, box.w - 24, box.h - 8};
    struct draw_box top = ui_cut_top(&inside, inside.h / 2);
    ui_label_any(ui, ui_cut_right(&top, top.w / 3), DRAW_ALIGN_RIGHT, DRAW_FONT_MONO,
                 theme->size_small, theme->ink_soft, word_stem(row->word));
    ui_label_any(ui, top, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->ink,
                 slice_of(row->title));
    ui_label_any(ui, inside, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, theme->ink_soft,
                 slice_of(row->detail));
}

static void draw_section(struct view *view, struct draw_box box, const char *section)
{
    const struct theme *theme = view->ui.theme;
    box.x += 12;
    ui_label(&view->ui, box, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_small, theme->accent,
             slice_of(section));
}

/* One pass over the rows: where each lies, and how high all of them are. */
struct walk {
    struct draw_box box; /* of the list */
    float y, chosen_y;   /* from the top of all rows */
    size_t n;            /* rows so far */
    const char *section;
};

static bool is_seen(const struct walk *w, float y, float h)
{
    return y + h > w->box.y && y < w->box.y + w->box.h;
}

static void walk_row(struct view *view, struct walk *w, uint32_t i, bool draws)
{
    const struct theme *theme = view->ui.theme;
    struct picker_list *p = view->picker;
    const struct view_choice *row = &p->rows.items[i];
    float y = w->box.y - p->scroll;
    if (!w->section || strcmp(w->section, row->section) != 0) {
        float h = section_space(theme);
        if (draws && is_seen(w, y + w->y, h))
            draw_section(view, (struct draw_box){w->box.x, y + w->y, w->box.w, h}, row->section);
        w->section = row->section;
        w->y += h;
    }
    bool is_chosen = w->n++ == p->chosen;
    if (is_chosen)
        w->chosen_y = w->y;
    if (draws && is_seen(w, y + w->y, row_space(theme)))
        draw_row(view, (struct draw_box){w->box.x, y + w->y, w->box.w, row_space(theme)}, i,
                 is_chosen);
    w->y += row_space(theme);
}

static struct walk walk_rows(struct view *view, struct draw_box box, bool draws)
{
    struct walk w = {.box = box};
    for (uint32_t i = 0; i < view->picker->rows.count; i++)
        if (is_let_through(view->picker, &view->picker->rows.items[i]))
            walk_row(view, &w, i, draws);
    return w;
}

/* The chosen row comes into sight, with the heading that may be above it. */
static void scroll_to(struct picker_list *p, const struct theme *theme, const struct walk *w)
{
    if (p->is_followed) {
        p->scroll = fminf(p->scroll, w->chosen_y - section_space(theme));
        p->scroll = fmaxf(p->scroll, w->chosen_y + row_space(theme) - w->box.h);
        p->is_followed = false;
    }
    p->scroll = fmaxf(fminf(p->scroll, w->y - w->box.h), 0);
}

static void draw_list(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    struct picker_list *p = view->picker;
    if (p->filter.size != p->filter_size) { /* other rows than before */
        p->filter_size = p->filter.size;
        p->chosen = best_row(p);
        p->is_followed = true;
    }
    struct walk w = walk_rows(view, box, false);
    scroll_to(p, ui->theme, &w);
    if (w.n == 0)
        ui_paragraph(
            ui, ui_inset(box, 12), DRAW_FONT_SANS, ui->theme->size_text, ui->theme->ink_soft,
            slice_of(tr("Nothing here has that in its name. Enter opens the file of this name.")),
            2);
    ui_clip(ui, box);
    ui_wheel(ui, "picker", box, turn, 0);
    walk_rows(view, box, true);
    ui_unclip(ui);
    scroll_bar_draw(view, box, w.y, p->scroll);
}

static void draw_picker(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    struct draw_box inside = overlay_frame(view, all, theme->size_text * 60, all.h * 0.9f,
                                           tr("What do you want to look at?"));
    struct draw_box field = ui_cut_top(&inside, button_height(theme) + 4);
    ui_field(&view->ui, "picker-filter", field, &view->picker->filter,
             &(struct ui_field_ways){.submit = submit,
                                     .key = move_choice,
                                     .hint = tr("Type a part of its name; Enter opens it")});
    ui_cut_top(&inside, 8);
    ui_cut_right(&inside, 8);
    draw_list(view, inside);
}

static void open_picker(struct view *view)
{
    snprintf(view->ui.focus, sizeof view->ui.focus, "picker-filter");
}

const struct overlay picker_overlay = {.name = "picker", .open = open_picker, .draw = draw_picker};
