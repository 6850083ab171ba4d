/*
 * A lesson in the window: the course (app/course.h) in the live world that the window shows, and
 * rounds of quiz questions. What it has to say to the view is struct view_course.
 */
#ifndef APP_CLASSROOM_H
#define APP_CLASSROOM_H

#include "app/course.h"
#include "app/live.h"

struct classroom;

/* What the window does when a scene begins: another live world takes the place of the one shown; it
   is taken over. */
struct classroom_ways {
    void (*take_live)(void *context, struct live *live);
    /* The live world's run may be another one from t on: it is shown there. */
    void (*show)(void *context, struct view *view, int64_t t);
    void *context;
};

/* NULL with a problem. The first scene's world has been taken by then. */
struct classroom *classroom_open(const char *word, const struct course_options *options,
                                 const struct classroom_ways *ways, struct problem *problem);
void classroom_close(struct classroom *room); /* accepts NULL */

/* The ways lead elsewhere from now on. */
void classroom_move(struct classroom *room, const struct classroom_ways *ways);
const struct view_course *classroom_view(const struct classroom *room);
/* A line of render/view/course.h, or action words, at the moment that the view shows. False with a
   problem. `said` is set where more is to be said; *leaves when the lesson is to be closed. */
bool classroom_line(struct classroom *room, struct view *view, struct slice line,
                    struct slice *said, bool *leaves, struct problem *problem);
/* Before a step of the live world is made: it belongs to the lesson's step. */
void classroom_tag(struct classroom *room);
/* The live world's steps have changed; the run is as it was up to t. */
void classroom_follow(struct classroom *room, int64_t t);
/* Has what a class is shown just come to its end, or is there no more of it that moves? Then it is
   not to run on, however long a class talks: a line at which nobody types would go down. Accepts
   NULL. */
bool classroom_rests(struct classroom *room, struct view *view, bool has_more);
/* Once a frame: what has been watched is judged, and what a class was to be shown comes to its end.
 */
void classroom_watch(struct classroom *room, struct view *view);
/* A run that proves an answer is shown in place of the lesson's: nothing can be done in it. */
bool classroom_shows_proof(const struct classroom *room);
/* The moment at which the person left off. */
int64_t classroom_t(const struct classroom *room);

#endif
