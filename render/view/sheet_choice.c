#include "render/view/sheet_choice.h"

#include <stdio.h>
#include <string.h>

#include "render/view/doing.h"

void sheet_row_name(const struct sheet_row *row, char name[UI_NAME])
{
    snprintf(name, UI_NAME, "form-%.*s", UI_NAME - 6, row->key);
}

/* The n-th choice; false behind the last. */
static bool find_word(const struct sheet_row *row, uint32_t n, struct slice *word)
{
    struct slice rest = row->words;
    while (slice_cut(&rest, ' ', word))
        if (word->size && n-- == 0)
            return true;
    return false;
}

static void choice_name(const struct sheet_row *row, struct slice word, char name[UI_NAME])
{
    struct slice key = slice_part(slice_of(row->key), 0, 20);
    snprintf(name, UI_NAME, "form-%.*s-%.*s", SLICE_ARG(key), SLICE_ARG(slice_part(word, 0, 12)));
}

struct slice sheet_row_text(const struct sheet_row *row)
{
    return slice_trim((struct slice){row->edit.text, row->edit.size});
}

void sheet_row_focus(struct view *view, const struct sheet_row *row)
{
    struct slice word;
    char *focus = view->ui.focus;
    sheet_row_name(row, focus);
    for (uint32_t n = 0; find_word(row, n, &word); n++)
        if (n == 0 || slice_equal(word, sheet_row_text(row)))
            choice_name(row, word, focus);
}

bool sheet_row_has_focus(const struct ui *ui, const struct sheet_row *row)
{
    char name[UI_NAME];
    sheet_row_name(row, name);
    size_t size = strlen(name);
    return strncmp(ui->focus, name, size) == 0 &&
           (ui->focus[size] == '\0' || ui->focus[size] == '-');
}

/* ---- choosing ---- */

enum { WORD_BITS = 8 };

static struct sheet_row *row_at(struct view *view, uint32_t i)
{
    return &doing_of(view)->sheet.rows[i % SHEET_ROWS];
}

static void choose(struct view *view, uint32_t arg)
{
    struct sheet_row *row = row_at(view, arg >> WORD_BITS);
    struct slice word;
    if (find_word(row, arg & ((1 << WORD_BITS) - 1), &word))
        ui_edit_set(&row->edit, word);
    sheet_row_focus(view, row);
}

/* The one behind or before the choice that holds now; behind the last comes the first. */
static void choose_beside(struct view *view, uint32_t i, bool is_next)
{
    struct sheet_row *row = row_at(view, i);
    struct slice word;
    uint32_t count = 0, now = 0;
    bool has_one = false;
    for (; find_word(row, count, &word); count++)
        if (slice_equal(word, sheet_row_text(row))) {
            now = count;
            has_one = true;
        }
    if (count == 0)
        return;
    uint32_t to = !has_one ? (is_next ? 0 : count - 1) : (now + (is_next ? 1 : count - 1)) % count;
    choose(view, i << WORD_BITS | to);
}

static void choose_next(struct view *view, uint32_t i)
{
    choose_beside(view, i, true);
}

static void choose_previous(struct view *view, uint32_t i)
{
    choose_beside(view, i, false);
}

static void go_to(struct view *view, uint32_t i, bool is_down)
{
    const struct sheet *sheet = &doing_of(view)->sheet;
    if (is_down ? i + 1 < sheet->count : i > 0)
        sheet_row_focus(view, &sheet->rows[is_down ? i + 1 : i - 1]);
    else
        ui_move_focus(&view->ui, is_down ? 1 : -1);
}

/* A field does not know its row. */
static uint32_t focused_row(struct view *view)
{
    const struct sheet *sheet = &doing_of(view)->sheet;
    uint32_t i = 0;
    while (i < sheet->count && !sheet_row_has_focus(&view->ui, &sheet->rows[i]))
        i++;
    return i < sheet->count ? i : 0;
}

bool sheet_row_key(struct view *view, uint32_t arg, int key)
{
    uint32_t i = focused_row(view);
    bool is_choice = row_at(view, i)->words.size > 0;
    (void)arg;
    if (key == INPUT_KEY_DOWN || key == INPUT_KEY_UP)
        go_to(view, i, key == INPUT_KEY_DOWN);
    else if (is_choice && (key == INPUT_KEY_LEFT || key == INPUT_KEY_RIGHT))
        choose_beside(view, i, key == INPUT_KEY_RIGHT);
    else
        return false;
    return true;
}

/* ---- drawing ---- */

static float words_width(struct view *view, const struct sheet_row *row)
{
    float width = 0;
    struct slice word;
    for (uint32_t n = 0; find_word(row, n, &word); n++)
        width +=
            draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_text, word) + 24 + 6;
    return width;
}

/* For the mouse: Tab stops once a row. */
static void no_stop(struct ui *ui)
{
    ui->widgets.items[ui->widgets.count - 1].can_focus = false;
}

static void draw_one(struct view *view, struct draw_box box, const struct sheet_row *row,
                     uint32_t i)
{
    struct ui *ui = &view->ui;
    struct slice now = sheet_row_text(row);
    char name[UI_NAME], side[UI_NAME];
    sheet_row_name(row, name);
    if (sheet_row_has_focus(ui, row)) /* whichever of the choices it was */
        memcpy(ui->focus, name, sizeof name);
    choice_name(row, SLICE("before"), side);
    ui_button(ui, side, ui_cut_left(&box, box.h), "\xE2\x80\xB9", choose_previous, i, 0);
    no_stop(ui);
    choice_name(row, SLICE("after"), side);
    ui_button(ui, side, ui_cut_right(&box, box.h), "\xE2\x80\xBA", choose_next, i, 0);
    no_stop(ui);
    ui_cut_left(&box, 6);
    ui_cut_right(&box, 6);
    ui_button(ui, name, box, now.size ? arena_copy(&ui->list->arena, now).data : "\xE2\x80\x93",
              choose_next, i, 0);
    ui_on_key(ui, sheet_row_key);
}

void sheet_choices_draw(struct view *view, struct draw_box box, const struct sheet_row *row,
                        uint32_t i)
{
    struct ui *ui = &view->ui;
    char name[UI_NAME];
    struct slice word, now = sheet_row_text(row);
    bool has_stop = false;
    if (words_width(view, row) > box.w) {
        draw_one(view, box, row, i);
        return;
    }
    for (uint32_t n = 0; find_word(row, n, &word); n++)
        has_stop = has_stop || slice_equal(word, now);
    for (uint32_t n = 0; find_word(row, n, &word); n++) {
        float w = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, word) + 24;
        bool is_on = slice_equal(word, now);
        choice_name(row, word, name);
        ui_button(ui, name, ui_cut_left(&box, w), arena_copy(&ui->list->arena, word).data, choose,
                  i << WORD_BITS | n, is_on ? UI_ON : 0);
        ui_on_key(ui, sheet_row_key);
        if (!is_on && (has_stop || n > 0))
            no_stop(ui);
        ui_cut_left(&box, 6);
    }
}
