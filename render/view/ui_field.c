/*
 * A field with text that a person edits: how it looks, and what the mouse and the arrows mean in
 * it, which both follow from where its lines are.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render/view/ui.h"
#include "sim/base/memory.h"

static struct draw_box inside_of(struct draw_box field)
{
    return (struct draw_box){field.x + 8, field.y + 4, field.w - 16, field.h - 8};
}

static void draw_caret(struct ui *ui, float x, float y, float h)
{
    draw_line(ui->list, x, y, x, y + h, ui->theme->accent, 2, 0);
}

/* The ground of what is selected, as far as it is in this line. */
static void draw_selected(struct ui *ui, const struct ui_edit *edit, struct slice line, float x,
                          float y)
{
    const struct theme *theme = ui->theme;
    struct slice selected = ui_edit_selected(edit);
    size_t start = (size_t)(line.data - edit->text), from = (size_t)(selected.data - edit->text);
    size_t to = from + selected.size;
    from = from > start ? from - start : 0;
    to = to > start ? to - start : 0;
    to = to < line.size ? to : line.size;
    if (selected.size == 0 || from >= to)
        return;
    float left = draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_part(line, 0, from));
    float right = draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_part(line, 0, to));
    draw_rect(ui->list,
              (struct draw_box){x + left, y, right - left, draw_line_height(theme->size_text)}, 0,
              theme->accent_soft, 0, 0);
}

static void draw_lines(struct ui *ui, struct draw_box inside, const struct ui_edit *edit,
                       bool has_caret)
{
    const struct theme *theme = ui->theme;
    float step = draw_line_height(theme->size_text), y = inside.y;
    struct slice text = {edit->text, edit->size}, line = {edit->text, 0};
    size_t caret = edit->cursor;
    float caret_x = inside.x, caret_y = y;
    while (ui_wrap(ui, DRAW_FONT_SANS, theme->size_text, inside.w, &text, &line)) {
        size_t start = (size_t)(line.data - edit->text);
        if (has_caret)
            draw_selected(ui, edit, line, inside.x, y);
        draw_string(ui->list, inside.x, y, inside.w, DRAW_ALIGN_LEFT, DRAW_FONT_SANS,
                    theme->size_text, theme->ink, line);
        if (caret >= start) {
            caret_x = inside.x + draw_width(ui->list, DRAW_FONT_SANS, theme->size_text,
                                            slice_part(line, 0, caret - start));
            caret_y = y;
        }
        y += step;
    }
    if (caret > 0 && caret == edit->size && edit->text[caret - 1] == '\n')
        caret_x = inside.x, caret_y = y;
    if (has_caret)
        draw_caret(ui, caret_x, caret_y, step);
}

/* How far a line is drawn to the left: the caret stays in sight. */
static float shift_of(const struct ui *ui, struct draw_box inside, const struct ui_edit *edit)
{
    struct slice before = {edit->text, edit->cursor};
    float caret = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, before);
    return caret > inside.w - 4 ? caret - (inside.w - 4) : 0;
}

static void draw_one_line(struct ui *ui, struct draw_box inside, const struct ui_edit *edit,
                          bool has_caret)
{
    const struct theme *theme = ui->theme;
    struct slice text = {edit->text, edit->size};
    float caret =
        draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, slice_part(text, 0, edit->cursor));
    float shift = shift_of(ui, inside, edit);
    float y = inside.y + (inside.h - draw_line_height(theme->size_text)) / 2;
    if (has_caret)
        draw_selected(ui, edit, text, inside.x - shift, y);
    draw_string(ui->list, inside.x - shift, y, 0, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text,
                theme->ink, text);
    if (has_caret)
        draw_caret(ui, inside.x - shift + caret, y, draw_line_height(theme->size_text));
}

/* A press gives it the focus; where it was pressed is looked at by ui_field_press. */
static void enter_field(struct view *view, uint32_t arg)
{
    (void)view;
    (void)arg;
}

static void draw_hint(struct ui *ui, struct draw_box inside, const char *hint)
{
    inside.h = fminf(inside.h, draw_line_height(ui->theme->size_text) + 4);
    ui_label_any(ui, inside, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, ui->theme->size_text,
                 ui->theme->ink_faint, slice_of(hint));
}

void ui_field(struct ui *ui, const char *name, struct draw_box box, struct ui_edit *edit,
              const struct ui_field_ways *ways)
{
    const struct theme *theme = ui->theme;
    struct ui_state state = ui_region(ui, name, box, enter_field, ways->arg);
    struct ui_widget *w = &ui->widgets.items[ui->widgets.count - 1];
    w->edit = edit;
    w->submit = ways->submit;
    w->key = ways->key;
    w->is_lines = ways->is_lines;
    draw_rect(ui->list, box, 4, theme->card, state.is_focus ? theme->accent : theme->ink_faint,
              state.is_focus ? 2 : 1);
    struct draw_box inside = inside_of(box);
    ui_clip(ui, inside);
    if (edit->size == 0 && ways->hint)
        draw_hint(ui, inside, ways->hint);
    if (ways->is_lines)
        draw_lines(ui, inside, edit, state.is_focus);
    else
        draw_one_line(ui, inside, edit, state.is_focus);
    ui_unclip(ui);
}

/* ---- where a place in the text is, and back ---- */

/* The end of the part of the line that ends nearest to x; whole characters. */
static size_t nearest(const struct ui *ui, struct slice line, float x)
{
    size_t best = 0;
    float off = fabsf(x);
    for (size_t end = 1; end <= line.size; end++) {
        if (end < line.size && ((unsigned char)line.data[end] & 0xC0) == 0x80)
            continue;
        float to =
            draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_part(line, 0, end));
        if (fabsf(to - x) > off)
            break;
        off = fabsf(to - x);
        best = end;
    }
    return best;
}

static size_t place_at(const struct ui *ui, const struct ui_widget *field, float x, float y)
{
    const struct ui_edit *edit = field->edit;
    struct draw_box inside = inside_of(field->box);
    struct slice text = {edit->text, edit->size}, line;
    if (!field->is_lines)
        return nearest(ui, text, x - inside.x + shift_of(ui, inside, edit));
    float step = draw_line_height(ui->theme->size_text), top = inside.y;
    size_t at = 0;
    while (ui_wrap(ui, DRAW_FONT_SANS, ui->theme->size_text, inside.w, &text, &line)) {
        size_t start = (size_t)(line.data - edit->text);
        at = start + nearest(ui, line, x - inside.x);
        if (y < top + step)
            return at;
        top += step;
    }
    bool ends_in_line_end = edit->size > 0 && edit->text[edit->size - 1] == '\n';
    return ends_in_line_end ? edit->size : at;
}

/* The middle of the caret in a field of several lines. */
static void caret_at(const struct ui *ui, const struct ui_widget *field, float *x, float *y)
{
    const struct ui_edit *edit = field->edit;
    struct draw_box inside = inside_of(field->box);
    struct slice text = {edit->text, edit->size}, line;
    float step = draw_line_height(ui->theme->size_text), top = inside.y;
    *x = inside.x;
    *y = top + step / 2;
    while (ui_wrap(ui, DRAW_FONT_SANS, ui->theme->size_text, inside.w, &text, &line)) {
        size_t start = (size_t)(line.data - edit->text);
        if (start > edit->cursor)
            return;
        *x = inside.x + draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text,
                                   slice_part(line, 0, edit->cursor - start));
        *y = top + step / 2;
        top += step;
    }
    if (edit->cursor == edit->size && edit->size > 0 && edit->text[edit->size - 1] == '\n') {
        *x = inside.x;
        *y = top + step / 2;
    }
}

/* Between two frames there is no list to measure with. */
static void lend(struct ui *ui, struct draw_list *ruler)
{
    *ruler = (struct draw_list){.measure = ui->measure, .measure_context = ui->measure_context};
    ui->list = ruler;
}

size_t ui_field_at(struct ui *ui, const struct ui_widget *field, float x, float y)
{
    struct draw_list ruler;
    lend(ui, &ruler);
    size_t at = place_at(ui, field, x, y);
    ui->list = NULL;
    return at;
}

void ui_field_move_row(struct ui *ui, const struct ui_widget *field, int step, bool shift)
{
    struct ui_edit *edit = field->edit;
    struct draw_list ruler;
    float x, y;
    lend(ui, &ruler);
    caret_at(ui, field, &x, &y);
    y += (float)step * draw_line_height(ui->theme->size_text);
    edit->cursor = y < field->box.y ? 0 : place_at(ui, field, x, y);
    ui->list = NULL;
    edit->anchor = shift ? edit->anchor : edit->cursor;
}

/* ---- the mouse ---- */

enum { AGAIN_MS = 400 };
#define AGAIN_NEAR 4.0f

void ui_field_press(struct ui *ui, const struct ui_widget *field, bool shift)
{
    struct ui_edit *edit = field->edit;
    bool is_again =
        ui->pressed == edit && ui->press_age_ms < AGAIN_MS &&
        fabsf(ui->mouse_x - ui->press_x) + fabsf(ui->mouse_y - ui->press_y) < AGAIN_NEAR;
    size_t at = ui_field_at(ui, field, ui->mouse_x, ui->mouse_y);
    ui->presses = is_again ? ui->presses + 1 : 1;
    ui->pressed = edit;
    ui->press_age_ms = 0;
    if (ui->presses == 2) {
        ui_edit_select_word(edit, at);
    } else if (ui->presses > 2) {
        ui_edit_select_all(edit);
    } else {
        edit->cursor = at;
        edit->anchor = shift ? edit->anchor : at;
    }
}

void ui_field_drag(struct ui *ui, const struct ui_widget *field)
{
    if (field->edit == ui->pressed && ui->presses == 1)
        field->edit->cursor = ui_field_at(ui, field, ui->mouse_x, ui->mouse_y);
}

/* ---- taking back ---- */

enum { PAST_STATES = 32 };

/* The states of one field, oldest first, as a ring is not worth it: the oldest is moved out. */
struct ui_past {
    const struct ui_edit *edit;
    struct ui_edit states[PAST_STATES];
    size_t count, at; /* those behind `at` can be done again */
    bool is_typing;   /* the last change was typed on where the one before ended */
    size_t cursor;
};

static void add_state(struct ui_past *past, const struct ui_edit *edit)
{
    if (past->count == PAST_STATES) {
        memmove(&past->states[0], &past->states[1], (PAST_STATES - 1) * sizeof past->states[0]);
        past->count--;
    }
    past->states[past->count++] = *edit;
}

void ui_past_add(struct ui *ui, const struct ui_edit *edit, bool is_typing)
{
    if (!ui->past)
        ui->past = memory_take(sizeof *ui->past);
    struct ui_past *past = ui->past;
    if (past->edit != edit)
        past->count = past->at = 0;
    bool goes_on = past->edit == edit && is_typing && past->is_typing &&
                   past->cursor == edit->cursor && edit->anchor == edit->cursor && past->count > 0;
    past->edit = edit;
    past->is_typing = is_typing;
    if (!goes_on) {
        past->count = past->at;
        add_state(past, edit);
        past->at = past->count;
    }
}

void ui_past_added(struct ui *ui, const struct ui_edit *edit)
{
    ui->past->cursor = edit->cursor;
}

bool ui_past_step(struct ui *ui, struct ui_edit *edit, int step)
{
    struct ui_past *past = ui->past;
    if (!past || past->edit != edit || (step < 0 ? past->at == 0 : past->at + 1 >= past->count))
        return false;
    if (step < 0 && past->at == past->count) { /* the present is one of them, to come back to */
        add_state(past, edit);
        past->at = past->count - 1;
    }
    past->at = step < 0 ? past->at - 1 : past->at + 1;
    past->is_typing = false;
    *edit = past->states[past->at];
    return true;
}

void ui_past_forget(struct ui *ui)
{
    free(ui->past);
    ui->past = NULL;
    ui->pressed = NULL;
}
