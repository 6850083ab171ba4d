/*
 * Private to this folder: everything that can be done without pointing at something, once. The
 * keys, the help and the palette of commands are made from this table.
 */
#ifndef RENDER_VIEW_COMMANDS_H
#define RENDER_VIEW_COMMANDS_H

#include "render/view/state.h"

struct command {
    const char *name;  /* for scripts */
    const char *title; /* what it does; NULL: another key for the row above */
    int key;           /* INPUT_KEY_* or a character; 0 none */
    bool shift, ctrl;
    bool any_shift; /* the character is itself reached with Shift on some keyboards */
    ui_act *act;
    uint32_t arg;
};

extern const struct command commands[];
extern const int commands_count;

/* The first command of a key; NULL when it means nothing. */
const struct command *command_of_key(const struct input_event *event);
/* "Shift + \xE2\x86\x92"; "" when it has no key. In `arena`. */
struct slice command_keys(const struct command *command, struct arena *arena);

#endif
