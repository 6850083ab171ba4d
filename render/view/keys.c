#include <math.h>
#include <string.h>

#include "render/view/commands.h"
#include "render/view/lesson_panel.h"
#include "render/view/menu.h"
#include "render/view/reading.h"
#include "render/view/time_panels.h"
#include "render/view/tools.h"

/* ---- the keyboard ---- */

static const struct ui_widget *focused(const struct view *view)
{
    return view->ui.focus[0] ? ui_find(&view->ui, view->ui.focus) : NULL;
}

/* In the run whose part of the picture it is. */
static void act_in(struct view *view, const struct ui_widget *w, ui_act *act)
{
    struct view *owner = compare_owner(view, w->of_other);
    lesson_press(view, w);
    act(owner, w->arg);
    if (owner != view)
        compare_after(view);
}

static bool key_in(struct view *view, const struct ui_widget *w, int key)
{
    struct view *owner = compare_owner(view, w->of_other);
    bool is_taken = w->key(owner, w->arg, key);
    if (owner != view)
        compare_after(view);
    return is_taken;
}

static void escape(struct view *view)
{
    if (view->overlay) {
        if (!view->overlay->may_close || view->overlay->may_close(view))
            overlay_close(view);
        return;
    }
    if (until_break(view))
        return;
    if (map_escape(view))
        return;
    if (tools_escape(view))
        return;
    view->chosen_msg = view->chosen_conn = view->chosen_host = view->chosen_hop = 0;
    view->chosen_event = INDEX_NO_EVENT;
    view->ui.focus[0] = '\0';
}

/* As a change that can be taken back. */
static void type_into(struct view *view, struct ui_edit *edit, struct slice text)
{
    bool goes_on = text.size > 0 && text.data[0] != ' ' && text.data[0] != '\n';
    ui_past_add(&view->ui, edit, goes_on);
    ui_edit_type(edit, text);
    ui_past_added(&view->ui, edit);
}

static void move_or_erase(struct view *view, const struct ui_widget *field,
                          const struct input_event *event)
{
    struct ui_edit *edit = field->edit;
    bool erases = event->key == INPUT_KEY_BACKSPACE || event->key == INPUT_KEY_DELETE;
    bool is_row = event->key == INPUT_KEY_UP || event->key == INPUT_KEY_DOWN;
    if (field->is_lines && is_row) {
        ui_field_move_row(&view->ui, field, event->key == INPUT_KEY_UP ? -1 : 1, event->shift);
        return;
    }
    if (erases)
        ui_past_add(&view->ui, edit, false);
    ui_edit_press(edit, event->key, event->shift);
    if (erases)
        ui_past_added(&view->ui, edit);
}

/* Up and down are left to whoever has a use for them; Enter makes a line, or sends what is there.
 */
static void edit_key(struct view *view, const struct ui_widget *field,
                     const struct input_event *event)
{
    if (field->key && key_in(view, field, event->key))
        return;
    if (event->key != INPUT_KEY_ENTER) {
        move_or_erase(view, field, event);
        return;
    }
    if (field->is_lines && !event->ctrl)
        type_into(view, field->edit, SLICE("\n"));
    else if (field->submit)
        act_in(view, field, field->submit);
    else if (event->ctrl && view->overlay && view->overlay->submit)
        view->overlay->submit(view, 0);
    else
        ui_move_focus(&view->ui, 1);
}

static void copy_selected(struct view *view, struct ui_edit *edit, bool cuts)
{
    request_add(view, VIEW_REQUEST_COPY, ui_edit_selected(edit));
    if (!cuts)
        return;
    ui_past_add(&view->ui, edit, false);
    ui_edit_erase_selected(edit);
    ui_past_added(&view->ui, edit);
}

/* What a key with Ctrl means in a text; false when it means something else. Z and Y take back what
   was done to this text, never what was done to the network. */
static bool edit_with_ctrl(struct view *view, struct ui_edit *edit, const struct input_event *event)
{
    int key = event->key;
    bool is_copy = (key == 'c' || key == 'x') && ui_edit_selected(edit).size > 0;
    if (key == 'a')
        ui_edit_select_all(edit);
    else if (is_copy)
        copy_selected(view, edit, key == 'x');
    else if (key == 'v')
        request_add(view, VIEW_REQUEST_PASTE, SLICE(""));
    else if (key == 'z' || key == 'y')
        (void)ui_past_step(&view->ui, edit, key == 'z' && !event->shift ? -1 : 1);
    else if (key == INPUT_KEY_LEFT || key == INPUT_KEY_RIGHT)
        ui_edit_move_word(edit, key == INPUT_KEY_LEFT ? -1 : 1, event->shift);
    else
        return false;
    return true;
}

static void command_key(struct view *view, const struct input_event *event)
{
    const struct command *command = command_of_key(event);
    if (command && (!view->overlay || view->overlay->keeps_keys || event->ctrl ||
                    event->key == '?' || event->key == 't'))
        command->act(view, command->arg);
}

/* In a form or a list, what every program does: the space bar presses, up and down go along. */
static bool form_key(struct view *view, const struct ui_widget *w, const struct input_event *event)
{
    bool is_along = event->key == INPUT_KEY_DOWN || event->key == INPUT_KEY_UP;
    if (!view->overlay || !w || w->edit || !w->act || event->ctrl || event->alt)
        return false;
    if (event->key == ' ')
        act_in(view, w, w->act);
    else if (is_along)
        ui_move_focus(&view->ui, event->key == INPUT_KEY_DOWN ? 1 : -1);
    return is_along || event->key == ' ';
}

static void key(struct view *view, const struct input_event *event)
{
    const struct ui_widget *w = focused(view);
    bool is_field = w && w->edit;
    view->swallows_text = !is_field && !event->ctrl; /* with Ctrl no letter follows */
    if (lecture_key(view, event))
        return;
    if (event->key == INPUT_KEY_ESCAPE)
        escape(view);
    else if (is_field && event->key == INPUT_KEY_TAB && w->key && key_in(view, w, event->key))
        return;
    else if (event->key == INPUT_KEY_TAB)
        ui_move_focus(&view->ui, event->shift ? -1 : 1);
    else if (is_field && event->ctrl && edit_with_ctrl(view, w->edit, event))
        return;
    else if (is_field && !(event->ctrl && event->key != INPUT_KEY_ENTER))
        edit_key(view, w, event);
    else if (w && !w->edit && w->key && !event->ctrl && !event->alt && key_in(view, w, event->key))
        return;
    else if (event->key == INPUT_KEY_ENTER && event->ctrl && view->overlay && view->overlay->submit)
        view->overlay->submit(view, 0);
    else if (event->key == INPUT_KEY_ENTER && w && w->act)
        act_in(view, w, w->act);
    else if (view->overlay == &quiz_overlay && !event->ctrl && quiz_key(view, event->key))
        return;
    else if (form_key(view, w, event))
        return;
    else
        command_key(view, event);
}

static void type(struct view *view, const struct input_event *event)
{
    const struct ui_widget *w = focused(view);
    if (!w || !w->edit || view->swallows_text)
        return;
    type_into(view, w->edit, (struct slice){event->text, strnlen(event->text, sizeof event->text)});
}

/* ---- the mouse ---- */

static const struct ui_widget *under_mouse(const struct view *view, bool is_wheel)
{
    return ui_find_at(&view->ui, view->ui.mouse_x, view->ui.mouse_y, is_wheel);
}

static void drag_in_field(struct view *view, uint32_t arg, enum ui_drag_phase phase, float x,
                          float y)
{
    const struct ui_widget *w = focused(view);
    (void)arg, (void)phase, (void)x, (void)y;
    if (w && w->edit)
        ui_field_drag(&view->ui, w);
}

static void press_left(struct view *view, const struct ui_widget *w, bool shift)
{
    struct ui *ui = &view->ui;
    ui->mouse_down = true;
    ui->is_dragging = false;
    ui->drag = w && w->edit ? drag_in_field : w ? w->drag : NULL;
    if (w && w->edit)
        ui_field_press(ui, w, shift);
    if (!w || !w->act)
        lesson_press(view, w);
    if (!w) {
        if (!view->overlay)
            ui->focus[0] = '\0';
        return;
    }
    ui->drag_arg = w->arg;
    ui->drag_of_other = w->of_other;
    ui->press_x = ui->mouse_x;
    ui->press_y = ui->mouse_y;
    if (w->can_focus)
        memcpy(ui->focus, w->name, sizeof ui->focus);
    if (w->act)
        act_in(view, w, w->act);
}

static void press(struct view *view, const struct input_event *event)
{
    const struct ui_widget *w = under_mouse(view, false);
    if (event->button == 1)
        press_left(view, w, event->shift);
    else if (event->button == 3)
        menu_at(view, w);
}

static void drag(struct view *view, enum ui_drag_phase phase, float x, float y)
{
    struct view *owner = compare_owner(view, view->ui.drag_of_other);
    view->ui.drag(owner, view->ui.drag_arg, phase, x, y);
    if (owner != view)
        compare_after(view);
}

/* A hand is never quite still: a press becomes a drag after a few pixels. */
static void move(struct view *view)
{
    struct ui *ui = &view->ui;
    const float least = 4;
    if (!ui->mouse_down || !ui->drag)
        return;
    if (!ui->is_dragging) {
        if (fabsf(ui->mouse_x - ui->press_x) + fabsf(ui->mouse_y - ui->press_y) < least)
            return;
        ui->is_dragging = true;
        drag(view, UI_DRAG_BEGIN, ui->press_x, ui->press_y);
    }
    drag(view, UI_DRAG_MOVE, ui->mouse_x, ui->mouse_y);
}

static void release(struct view *view)
{
    struct ui *ui = &view->ui;
    if (ui->is_dragging)
        drag(view, UI_DRAG_END, ui->mouse_x, ui->mouse_y);
    ui->mouse_down = ui->is_dragging = false;
    ui->drag = NULL;
}

static void mouse(struct view *view, const struct input_event *event)
{
    view->ui.mouse_x = event->x / view->zoom;
    view->ui.mouse_y = event->y / view->zoom;
    if (event->kind == INPUT_PRESS)
        press(view, event);
    else if (event->kind == INPUT_RELEASE)
        release(view);
    else
        move(view);
}

static void wheel(struct view *view, const struct input_event *event)
{
    const struct ui_widget *w = under_mouse(view, true);
    if (w)
        w->turn(compare_owner(view, w->of_other), w->arg, event->wheel);
}

bool view_takes_text(const struct view *view, struct slice text)
{
    const struct ui_widget *w = focused(view);
    bool is_header = reading_wants_header(view) && slice_find_octet(text, '\n', 0) != SLICE_NONE;
    return w && w->edit && !is_header;
}

void view_input(struct view *view, const struct input_event *event)
{
    if (event->kind == INPUT_KEY || event->kind == INPUT_PRESS)
        view->has_hint = false;
    switch (event->kind) {
    case INPUT_MOVE:
    case INPUT_PRESS:
    case INPUT_RELEASE:
        mouse(view, event);
        return;
    case INPUT_WHEEL:
        wheel(view, event);
        return;
    case INPUT_KEY:
        key(view, event);
        return;
    case INPUT_TEXT:
        type(view, event);
        return;
    case INPUT_RESIZE:
        return;
    case INPUT_DROP:
        request_add(view, VIEW_REQUEST_BRING,
                    (struct slice){event->text, strnlen(event->text, sizeof event->text)});
        return;
    case INPUT_QUIT:
        request_add(view, VIEW_REQUEST_QUIT, SLICE(""));
        return;
    }
}
