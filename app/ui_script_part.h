/*
 * Private to the files of ui_script: a line being played, and what its verbs do.
 */
#ifndef APP_UI_SCRIPT_PART_H
#define APP_UI_SCRIPT_PART_H

#include "app/ui_script.h"

enum { UI_SCRIPT_WORDS = 8 };

struct ui_script_turn {
    struct screen *screen;
    struct arena arena; /* the words; each ends with a NUL */
    struct slice words[UI_SCRIPT_WORDS];
    size_t count;
    struct slice rest; /* the line behind the verb, as it is */
    struct problem *problem;
};

/* Each false with the problem set. */
typedef bool ui_script_act(struct ui_script_turn *turn);

struct ui_script_verb {
    const char *name, *form, *meaning;
    size_t least, most; /* words behind it; most 0: the rest of the line is taken as it is */
    ui_script_act *act;
};

/* ---- ui_script_input.c: hands on keyboard and mouse ---- */
ui_script_act ui_script_click, ui_script_menu, ui_script_move, ui_script_drag, ui_script_wheel,
    ui_script_press, ui_script_type, ui_script_paste;
/* False with the nearest name when there is no such widget. */
bool ui_script_find(struct ui_script_turn *turn, struct slice name, float *x, float *y);
/* A key by its name, such as "ctrl+z", without pressing it. */
bool ui_script_read_key(struct slice name, struct input_event *event, struct problem *problem);
bool ui_script_read_number(struct slice text, float *value);

#endif
