/*
 * A world that a person works on while it is shown. It is always run ahead until nothing is on its
 * way, so that the view can go to any moment. Who acts at a moment before the end changes the
 * future: the world is made anew from the same seed and the same actions with the new one among
 * them, and up to that moment it is the same world, octet for octet.
 */
#ifndef APP_LIVE_H
#define APP_LIVE_H

#include "app/source.h"
#include "render/view/view.h"
#include "sim/base/arena.h"

struct live_action {
    int64_t t;
    struct slice text;
};

struct live {
    struct source source;
    struct source_options options;
    struct arena arena;                 /* the actions' texts */
    VECTOR(struct live_action) actions; /* in the order in which they came */
    bool is_new_log; /* the log is another one than before; the caller sets it back */
};

bool live_open(struct live *live, const char *word, const struct source_options *options, FILE *in,
               struct problem *problem);
void live_close(struct live *live);
const struct log *live_log(const struct live *live);

/* A SEND, FETCH or FAULT at its time. False: nothing has changed. */
bool live_do(struct live *live, const struct view_request *request, struct problem *problem);
/* A SEND, FETCH or FAULT in the words of world_do. */
void live_put_action(struct bytes *out, const struct view_request *request);
/* Runs on to the next thing that happens, such as a queue's next attempt. False: there is none. */
bool live_run_on(struct live *live, struct problem *problem);

#endif
