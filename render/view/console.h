/*
 * Private to this folder: the tab with the console of a host. What it shows is made of the trace's
 * `console` events up to the moment shown; what is typed is an action at that moment, so typing in
 * the past begins another future there.
 */
#ifndef RENDER_VIEW_CONSOLE_H
#define RENDER_VIEW_CONSOLE_H

#include "render/view/state.h"

enum { CONSOLE_SCREEN_MAX = 1024 * 1024, CONSOLE_CANDIDATES = 64 };

/* A run of the screen that was typed, or was shown. */
struct console_run {
    size_t start; /* in the screen's text; it ends where the next one starts */
    bool is_typed;
};

struct console_screen {
    const struct log *log;
    uint32_t host, events; /* so many of the log's events are in it */
    struct bytes text;     /* harmless UTF-8, lines ended by '\n' */
    VECTOR(struct console_run) runs;
};

struct view_console {
    struct console_screen screen;
    uint32_t host;     /* 0: nobody has chosen one yet */
    uint32_t followed; /* the chosen host that was taken over last */
    struct ui_edit edit;
    size_t recalled; /* the n-th last line that was typed; 0: none */
    float scroll;    /* rows above the end */
    bool was_used;   /* something was typed in this window */
};

void console_panel_draw(struct view *view, struct draw_box box, struct draw_box *tools);
void console_panel_tell(struct view *view, struct arena *arena, struct bytes *out);
void console_forget(struct view *view); /* what it knows of the log */
void console_finish(struct view *view);
ui_act console_act;                             /* shows the tab, ready to type */
bool console_was_used(const struct view *view); /* somebody has typed here: it is no old trace */
ui_act console_leave_act;                       /* ends what goes on there */

/* ---- console_screen.c ---- */

/* Brings it up to the first `events` events of the log, for this host. */
void console_screen_update(struct console_screen *screen, const struct log *log, uint32_t host,
                           uint32_t events);
void console_screen_finish(struct console_screen *screen);
/* The n-th last line that was typed, from 1, without its end; "" when there are fewer. */
struct slice console_screen_typed(const struct console_screen *screen, size_t n);
/* The last line, which has no end yet: the prompt. */
struct slice console_screen_prompt(const struct console_screen *screen);

/* ---- console_complete.c ---- */

/* Completes the word before the cursor with a command or a host of the trace as far as it is clear;
   false when nothing was added. Candidates, with blanks between, in `arena`. */
bool console_complete(const struct log *log, struct ui_edit *edit, struct arena *arena,
                      struct slice *candidates);

#endif
