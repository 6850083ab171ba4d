/* The verbs of a script that are a hand on the mouse or the keyboard. */
#include <stdlib.h>

#include "app/ui_script_part.h"
#include "sim/json/json_file.h"

enum { DRAG_STEPS = 8, DRAG_STEP_MS = 16, WIDGETS_MAX = 1024, NUMBER_MAX = 16 };
enum { FAR = 100000 }; /* no place or turn of the wheel is farther: sums of it stay exact */

/* ---- where ---- */

bool ui_script_read_number(struct slice text, float *value)
{
    char digits[NUMBER_MAX], *end;
    if (text.size == 0 || text.size >= sizeof digits ||
        strspn(text.data, "-0123456789.") < text.size)
        return false;
    memcpy(digits, text.data, text.size);
    digits[text.size] = '\0';
    *value = strtof(digits, &end);
    return *end == '\0' && *value >= -FAR && *value <= FAR;
}

/* "300,200" */
static bool read_point(struct slice text, float *x, float *y)
{
    struct slice left;
    return slice_cut(&text, ',', &left) && ui_script_read_number(left, x) &&
           ui_script_read_number(text, y);
}

static bool fail_unknown(struct ui_script_turn *turn, struct slice name)
{
    const char *names[WIDGETS_MAX];
    size_t count = 0;
    const struct view *view = screen_view(turn->screen);
    while (count < WIDGETS_MAX && (names[count] = view_widget_name(view, count)))
        count++;
    const char *nearest = problem_nearest(name, names, count);
    return problem_set(turn->problem, "there is no \"%.*s\" on the screen now%s%s%s",
                       SLICE_ARG(slice_part(name, 0, 80)), nearest ? "; did you mean \"" : "",
                       nearest ? nearest : "", nearest ? "\"?" : "");
}

bool ui_script_find(struct ui_script_turn *turn, struct slice name, float *x, float *y)
{
    return read_point(name, x, y) || view_find_widget(screen_view(turn->screen), name.data, x, y) ||
           fail_unknown(turn, name);
}

/* ---- the mouse ---- */

static void mouse(struct ui_script_turn *turn, enum input_kind kind, float x, float y, int button)
{
    screen_input(turn->screen,
                 &(struct input_event){.kind = kind, .x = x, .y = y, .button = button});
    screen_frame(turn->screen, 0);
}

static bool click(struct ui_script_turn *turn, int button)
{
    float x, y;
    if (!ui_script_find(turn, turn->words[0], &x, &y))
        return false;
    mouse(turn, INPUT_MOVE, x, y, 0);
    mouse(turn, INPUT_PRESS, x, y, button);
    mouse(turn, INPUT_RELEASE, x, y, button);
    return true;
}

bool ui_script_click(struct ui_script_turn *turn)
{
    return click(turn, 1);
}

bool ui_script_menu(struct ui_script_turn *turn)
{
    return click(turn, 3);
}

bool ui_script_move(struct ui_script_turn *turn)
{
    float x, y;
    if (!ui_script_find(turn, turn->words[0], &x, &y))
        return false;
    mouse(turn, INPUT_MOVE, x, y, 0);
    return true;
}

static bool read_target(struct ui_script_turn *turn, float x, float y, float *to_x, float *to_y)
{
    if (slice_equal(turn->words[1], SLICE("to")))
        return ui_script_find(turn, turn->words[2], to_x, to_y);
    if (!slice_equal(turn->words[1], SLICE("by")) || !read_point(turn->words[2], to_x, to_y))
        return problem_set(turn->problem,
                           "drag NAME to NAME, drag NAME to X,Y or drag NAME by X,Y");
    *to_x += x;
    *to_y += y;
    return true;
}

bool ui_script_drag(struct ui_script_turn *turn)
{
    float x = 0, y = 0, to_x = 0, to_y = 0;
    if (!ui_script_find(turn, turn->words[0], &x, &y) || !read_target(turn, x, y, &to_x, &to_y))
        return false;
    mouse(turn, INPUT_MOVE, x, y, 0);
    mouse(turn, INPUT_PRESS, x, y, 1);
    for (int i = 1; i <= DRAG_STEPS; i++) {
        float share = (float)i / DRAG_STEPS;
        mouse(turn, INPUT_MOVE, x + (to_x - x) * share, y + (to_y - y) * share, 1);
        screen_pass(turn->screen, DRAG_STEP_MS);
    }
    mouse(turn, INPUT_RELEASE, to_x, to_y, 1);
    return true;
}

bool ui_script_wheel(struct ui_script_turn *turn)
{
    struct input_event event = {.kind = INPUT_WHEEL};
    if (!ui_script_read_number(turn->words[1], &event.wheel))
        return problem_set(turn->problem, "wheel NAME LINES: how many lines up, or down as -3");
    if (!ui_script_find(turn, turn->words[0], &event.x, &event.y))
        return false;
    mouse(turn, INPUT_MOVE, event.x, event.y, 0);
    screen_input(turn->screen, &event);
    screen_frame(turn->screen, 0);
    return true;
}

/* ---- the keyboard ---- */

static const struct {
    const char *name;
    int key;
} keys[] = {
    {"space", ' '},
    {"plus", '+'},
    {"enter", INPUT_KEY_ENTER},
    {"escape", INPUT_KEY_ESCAPE},
    {"tab", INPUT_KEY_TAB},
    {"backspace", INPUT_KEY_BACKSPACE},
    {"delete", INPUT_KEY_DELETE},
    {"left", INPUT_KEY_LEFT},
    {"right", INPUT_KEY_RIGHT},
    {"up", INPUT_KEY_UP},
    {"down", INPUT_KEY_DOWN},
    {"home", INPUT_KEY_HOME},
    {"end", INPUT_KEY_END},
    {"pageup", INPUT_KEY_PAGE_UP},
    {"pagedown", INPUT_KEY_PAGE_DOWN},
    {"f1", INPUT_KEY_F1},
    {"f10", INPUT_KEY_F10},
    {"f2", INPUT_KEY_F2},
    {"menu", INPUT_KEY_MENU},
};
enum { KEYS = sizeof keys / sizeof *keys };

static bool fail_key(struct slice name, struct problem *problem)
{
    const char *names[KEYS];
    for (size_t i = 0; i < KEYS; i++)
        names[i] = keys[i].name;
    const char *nearest = problem_nearest(name, names, KEYS);
    return problem_set(problem, "there is no key \"%.*s\"%s%s%s",
                       SLICE_ARG(slice_part(name, 0, 40)), nearest ? "; did you mean \"" : "",
                       nearest ? nearest : "", nearest ? "\"?" : "");
}

static bool take_prefix(struct slice *name, struct slice prefix)
{
    if (name->size <= prefix.size || !slice_starts_fold(*name, prefix))
        return false;
    *name = slice_part(*name, prefix.size, name->size);
    return true;
}

bool ui_script_read_key(struct slice name, struct input_event *event, struct problem *problem)
{
    struct slice whole = name;
    *event = (struct input_event){.kind = INPUT_KEY};
    for (bool more = true; more;) {
        bool ctrl = take_prefix(&name, SLICE("ctrl+")), shift = take_prefix(&name, SLICE("shift+")),
             alt = take_prefix(&name, SLICE("alt+"));
        event->ctrl |= ctrl;
        event->shift |= shift;
        event->alt |= alt;
        more = ctrl || shift || alt;
    }
    if (name.size == 1 && name.data[0] > ' ' && name.data[0] < 0x7F)
        event->key = (unsigned char)slice_lower(name.data[0]);
    for (size_t i = 0; i < KEYS; i++)
        if (slice_equal_fold(name, slice_of(keys[i].name)))
            event->key = keys[i].key;
    return event->key != 0 || fail_key(whole, problem);
}

/* A key that prints is followed by its text, unless Ctrl or Alt is held. */
static void press(struct ui_script_turn *turn, const struct input_event *event)
{
    screen_input(turn->screen, event);
    if (event->key < 0x7F && !event->ctrl && !event->alt) {
        struct input_event text = {.kind = INPUT_TEXT};
        char c = (char)event->key;
        text.text[0] = event->shift && c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
        screen_input(turn->screen, &text);
    }
    screen_frame(turn->screen, 0);
}

bool ui_script_press(struct ui_script_turn *turn)
{
    struct input_event event;
    for (size_t i = 0; i < turn->count; i++) {
        if (!ui_script_read_key(turn->words[i], &event, turn->problem))
            return false;
        press(turn, &event);
    }
    return true;
}

/* Octets of the UTF-8 character that starts here. */
static size_t character_size(struct slice text)
{
    size_t size = 1;
    while (size < text.size && size < 4 && (text.data[size] & 0xC0) == 0x80)
        size++;
    return size;
}

bool ui_script_type(struct ui_script_turn *turn)
{
    struct slice text = turn->words[0];
    while (text.size > 0) {
        char c = text.data[0];
        size_t size = character_size(text);
        struct input_event event = {.kind = INPUT_KEY,
                                    .key = c == '\n' ? INPUT_KEY_ENTER : slice_lower(c),
                                    .shift = c >= 'A' && c <= 'Z'};
        struct input_event typed = {.kind = INPUT_TEXT};
        memcpy(typed.text, text.data, size);
        if (size > 1)
            screen_input(turn->screen, &typed);
        else if (c == '\n')
            screen_input(turn->screen, &event);
        else
            press(turn, &event);
        text = slice_part(text, size, text.size);
    }
    screen_frame(turn->screen, 0);
    return true;
}

bool ui_script_paste(struct ui_script_turn *turn)
{
    enum { PASTE_MOST = 1024 * 1024 };
    struct bytes text;
    if (!json_file_read(turn->words[0].data, PASTE_MOST, &text, turn->problem))
        return false;
    bool ok = screen_paste(turn->screen, bytes_slice(&text), turn->problem);
    bytes_finish(&text);
    screen_frame(turn->screen, 0);
    return ok;
}
