/*
 * What is open in the window: a live world or a saved trace, with what the person asks of it. The
 * ways of a screen (app/screen.h) onto app/live.h.
 */
#ifndef APP_WORK_H
#define APP_WORK_H

#include "app/forms.h"
#include "app/live.h"
#include "app/screen.h"

struct beside;
struct classroom;

struct work {
    struct live *live;         /* on the heap: a view keeps the address of its log */
    struct classroom *room;    /* of a lesson; NULL: none is open */
    struct beside *beside;     /* a trace beside it; NULL: none */
    struct view *view;         /* once there is one */
    bool keeps;                /* recent files are noted, and what is done is kept until the end */
    uint64_t shown[LIVE_RUNS]; /* the numbers of the runs that the view has; 0 none */
    struct bytes said;
    struct forms *forms;
};

/* The ways for screen_create; `work` is the context. */
struct screen_ways work_ways(struct work *work);

bool work_open(struct work *work, const char *word, const struct source_options *options, FILE *in,
               bool keeps, struct problem *problem);
/* The same with a lesson; work_open does so for a lesson's id, with the seed of its options. */
struct course_options;
bool work_open_lesson(struct work *work, const char *word, const struct course_options *options,
                      bool keeps, struct problem *problem);
/* From now on what is done is kept: for what stands behind the picker until something is chosen,
   which takes nobody's unfinished work for its own. */
void work_keep(struct work *work);
void work_close(struct work *work);
/* Another one in the place of what is open, by its word, or with `text` as it is in
   source_options. False with a problem: nothing has changed. */
bool work_open_other(struct work *work, struct view *view, const char *word, struct slice text,
                     struct problem *problem);
/* Says to the person what there is to say at the start: that there is interrupted work. */
void work_greet(struct work *work, struct view *view);

#endif
