/*
 * The window's loop: it shows a log, takes what a person does, and asks whoever runs the world for
 * what only they can do. One round is one frame.
 */
#ifndef APP_SCREEN_H
#define APP_SCREEN_H

#include "app/picture.h"
#include "render/sdl/window.h"
#include "render/view/view.h"

/* What acting, or opening another file, has led to. */
struct screen_change {
    int64_t t;       /* show this moment and play on */
    bool is_new_log; /* the log is another one, the same up to t */
};

struct screen_ways {
    const struct log *(*log)(void *context);
    /* A SEND, FETCH or FAULT. False with a problem: nothing has changed. */
    bool (*act)(void *context, const struct view_request *request, struct screen_change *change,
                struct problem *problem);
    /* The end of the log is reached: is there more? False with a problem that says why not. */
    bool (*run_on)(void *context, struct problem *problem);
    /* A file takes the place of what is shown: gives the view its log. False with a problem. */
    bool (*open)(void *context, const char *path, struct view *view, struct problem *problem);
    /* Called once a frame, to wait for what happens at most so long. False ends the loop. */
    bool (*wait)(void *context, struct window *window, struct view *view, int most_ms);
    void *context;
    bool is_live; /* begins at the end of the log, playing */
};

/* Until the person closes the window. False with a problem when there is no display. */
bool screen_run(const struct picture_options *options, const struct screen_ways *ways,
                struct problem *problem);

#endif
