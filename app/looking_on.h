/*
 * A long export in the window: after half a second a line says how far it is, Esc and closing the
 * window break it off. What else is pressed meanwhile is for nobody.
 */
#ifndef APP_LOOKING_ON_H
#define APP_LOOKING_ON_H

#include "export/watched.h"
#include "render/sdl/window.h"
#include "render/view/view.h"

struct looking_on {
    struct export_watch watch;
    struct window *window; /* NULL: nobody looks on */
    struct view *view;
    void (*draw)(void *context); /* a frame, at once */
    void *context;
    int64_t start_ms, asked_ms, shown_ms;
    bool is_broken_off, is_over; /* over: the window is to be closed */
};

/* To be set: window, view, draw and context. Gives what an export's options take. The caller says
   in the end what came of it, which takes the place of what was said here. */
const struct export_watch *looking_on_begin(struct looking_on *looking);
#endif
