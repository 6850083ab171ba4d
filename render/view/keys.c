#include "render/view/state.h"

#include <stdio.h>
#include <string.h>

/* The keys outside of text fields. A letter with Ctrl is another key. */
struct key_row {
    int key;
    bool shift, ctrl,
        any_shift; /* any_shift: the character is itself reached with Shift on some keyboards */
    enum view_action action;
    uint32_t arg;
};

static const struct key_row rows[] = {
    {' ', false, false, true, ACTION_PLAY, 0},
    {INPUT_KEY_RIGHT, false, false, false, ACTION_EVENT_NEXT, 0},
    {INPUT_KEY_LEFT, false, false, false, ACTION_EVENT_BACK, 0},
    {INPUT_KEY_RIGHT, true, false, false, ACTION_HOP_NEXT, 0},
    {INPUT_KEY_LEFT, true, false, false, ACTION_HOP_BACK, 0},
    {INPUT_KEY_DOWN, false, false, true, ACTION_TURN_NEXT, 0},
    {INPUT_KEY_UP, false, false, true, ACTION_TURN_BACK, 0},
    {']', false, false, true, ACTION_TURN_NEXT, 0},
    {'[', false, false, true, ACTION_TURN_BACK, 0},
    {'n', false, false, true, ACTION_MESSAGE_NEXT, 0},
    {INPUT_KEY_HOME, false, false, true, ACTION_HOME, 0},
    {INPUT_KEY_END, false, false, true, ACTION_END, 0},
    {'+', false, false, true, ACTION_FASTER, 0},
    {'=', false, false, true, ACTION_FASTER, 0},
    {'-', false, false, true, ACTION_SLOWER, 0},
    {'m', false, false, true, ACTION_OVERLAY, OVERLAY_COMPOSE},
    {'g', false, false, true, ACTION_OVERLAY, OVERLAY_FETCH},
    {'f', false, false, true, ACTION_OVERLAY, OVERLAY_FAULTS},
    {'?', false, false, true, ACTION_OVERLAY, OVERLAY_HELP},
    {INPUT_KEY_F1, false, false, true, ACTION_OVERLAY, OVERLAY_HELP},
    {'e', false, false, true, ACTION_TAB, 2},
    {'t', false, false, true, ACTION_THEME, 0},
    {'p', false, false, true, ACTION_PACKETS, 0},
    {'w', false, false, true, ACTION_OVERLAY, OVERLAY_WORDS},
    {'c', false, true, true, ACTION_COPY, 0},
    {INPUT_KEY_PAGE_UP, false, false, true, ACTION_PAGE_UP, 0},
    {INPUT_KEY_PAGE_DOWN, false, false, true, ACTION_PAGE_DOWN, 0},
    {'s', false, true, true, ACTION_PICTURE, 0},
    {'q', false, false, true, ACTION_QUIT, 0},
    {'q', false, true, true, ACTION_QUIT, 0},
};

static bool run_row(struct view *view, const struct input_event *event)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct key_row *row = &rows[i];
        if (row->key == event->key && row->ctrl == event->ctrl && !event->alt &&
            (row->any_shift || row->shift == event->shift)) {
            act(view, row->action, row->arg);
            return true;
        }
    }
    return false;
}

/* The field that has the focus, or FIELD_COUNT. */
static enum view_field focused_field(const struct view *view)
{
    const struct ui_widget *w = view->ui.focus[0] ? ui_find(&view->ui, view->ui.focus) : NULL;
    return w && w->action == ACTION_FOCUS_FIELD ? (enum view_field)w->arg : FIELD_COUNT;
}

/* Up and down in the body are left to the person's arrows left and right; Enter makes a line. */
static bool edit_key(struct view *view, enum view_field field, const struct input_event *event)
{
    if (event->key == INPUT_KEY_ENTER && field == FIELD_BODY && !event->ctrl) {
        ui_edit_type(&view->fields[field], SLICE("\n"));
        return true;
    }
    if (event->key == INPUT_KEY_ENTER && event->ctrl) {
        act(view, ACTION_SEND, 0);
        return true;
    }
    if (event->key == INPUT_KEY_ENTER) {
        ui_move_focus(&view->ui, 1);
        return true;
    }
    return ui_edit_key(&view->fields[field], event->key);
}

static void escape(struct view *view)
{
    if (view->overlay != OVERLAY_NONE) {
        act(view, ACTION_CLOSE, 0);
        return;
    }
    view->chosen_msg = view->chosen_conn = view->chosen_host = view->chosen_hop = 0;
    view->chosen_event = INDEX_NO_EVENT;
    view->ui.focus[0] = '\0';
}

static void activate_focus(struct view *view)
{
    const struct ui_widget *w = view->ui.focus[0] ? ui_find(&view->ui, view->ui.focus) : NULL;
    if (w)
        act(view, (enum view_action)w->action, w->arg);
}

static void key(struct view *view, const struct input_event *event)
{
    enum view_field field = focused_field(view);
    view->swallows_text = field == FIELD_COUNT;
    if (event->key == INPUT_KEY_ESCAPE)
        escape(view);
    else if (event->key == INPUT_KEY_TAB)
        ui_move_focus(&view->ui, event->shift ? -1 : 1);
    else if (field != FIELD_COUNT)
        edit_key(view, field, event);
    else if (event->key == INPUT_KEY_ENTER)
        activate_focus(view);
    else if (view->overlay == OVERLAY_NONE || event->key == '?' || event->key == 't' || event->ctrl)
        run_row(view, event);
    else if (view->overlay == OVERLAY_HELP || view->overlay == OVERLAY_FAULTS ||
             view->overlay == OVERLAY_WORDS)
        run_row(view, event);
}

/* ---- the mouse ---- */

static void press(struct view *view, const struct input_event *event)
{
    const struct ui_widget *w = ui_find_at(&view->ui, view->ui.mouse_x, view->ui.mouse_y, false);
    if (event->button != 1)
        return;
    view->ui.mouse_down = true;
    if (!w) {
        if (view->overlay == OVERLAY_NONE)
            view->ui.focus[0] = '\0';
        return;
    }
    if (w->can_focus)
        memcpy(view->ui.focus, w->name, sizeof view->ui.focus);
    act(view, (enum view_action)w->action, w->arg);
}

static void drag(struct view *view)
{
    if (view->ui.mouse_down && strcmp(view->ui.focus, "scrub") == 0)
        act(view, ACTION_SCRUB, 0);
}

static void wheel(struct view *view, const struct input_event *event)
{
    const struct ui_widget *w = ui_find_at(&view->ui, view->ui.mouse_x, view->ui.mouse_y, true);
    if (!w)
        return;
    if (w->action == ACTION_WHEEL_EVENTS)
        view->scroll_events -= 3 * event->wheel;
    else if (w->action == ACTION_WHEEL_DIALOGUE)
        view->scroll_dialogue += 2 * event->wheel;
    else if (w->action == ACTION_WHEEL_HEADER)
        view->scroll_header -= 2 * event->wheel;
    else if (w->action == ACTION_WHEEL_PACE)
        play_pace(view, event->wheel > 0 ? 1 : -1);
}

static void type(struct view *view, const struct input_event *event)
{
    enum view_field field = focused_field(view);
    if (field == FIELD_COUNT || view->swallows_text)
        return;
    struct slice text = {event->text, strnlen(event->text, sizeof event->text)};
    ui_edit_type(&view->fields[field], text);
}

void view_input(struct view *view, const struct input_event *event)
{
    if (event->kind == INPUT_KEY || event->kind == INPUT_PRESS)
        view->has_hint = false;
    switch (event->kind) {
    case INPUT_MOVE:
    case INPUT_PRESS:
    case INPUT_RELEASE:
        view->ui.mouse_x = event->x / view->zoom;
        view->ui.mouse_y = event->y / view->zoom;
        if (event->kind == INPUT_PRESS)
            press(view, event);
        else if (event->kind == INPUT_RELEASE)
            view->ui.mouse_down = false;
        else
            drag(view);
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
    case INPUT_DROP:
        return;
    case INPUT_QUIT:
        act(view, ACTION_QUIT, 0);
        return;
    }
}
