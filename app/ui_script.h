/*
 * A person as a file: lines such as "click send", "press ctrl+z", "type Hello", "expect queued",
 * played at a screen with or without a window. docs/scripts.md has them all; they are the rows of
 * a table in ui_script.c. A line that starts with a time ("10s fetch by=pc-bob") is an action at
 * that time, as in the scripts of `mailflow run`.
 *
 *     struct ui_script script;
 *     if (!ui_script_load(&script, "tour.ui", stdin, &problem)) ...   its form is wrong
 *     enum ui_script_end end = ui_script_play(&script, screen, &problem);
 *     ui_script_finish(&script);
 */
#ifndef APP_UI_SCRIPT_H
#define APP_UI_SCRIPT_H

#include "app/screen.h"

struct ui_script_line {
    int number;
    struct slice text;
};

struct ui_script {
    char name[256];
    struct bytes text;
    VECTOR(struct ui_script_line) lines;
};

enum ui_script_end {
    UI_SCRIPT_DONE,
    UI_SCRIPT_QUIT, /* it, or the person, has closed the screen */
    UI_SCRIPT_NO    /* something expected is not so, or can't be done */
};

/* Reads and checks the form of each line. "-" is `in`. Give it back in any case. */
bool ui_script_load(struct ui_script *script, const char *path, FILE *in, struct problem *problem);
/* The same from memory; the text is copied, `name` is shown in problems. */
bool ui_script_read(struct ui_script *script, struct slice text, const char *name,
                    struct problem *problem);
void ui_script_finish(struct ui_script *script);

/* Plays it; with UI_SCRIPT_NO the problem says where and what. */
enum ui_script_end ui_script_play(const struct ui_script *script, struct screen *screen,
                                  struct problem *problem);
/* One line of it. */
enum ui_script_end ui_script_do(struct screen *screen, struct slice line, struct problem *problem);

/* ---- the verbs, for help ---- */

/* False when there are no more. */
bool ui_script_verb(size_t i, const char **name, const char **form, const char **meaning);

#endif
