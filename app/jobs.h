/*
 * Work on many things that don't know of each other, shared out among processes. What each gives
 * comes back in the order of the things, whoever was quicker, so the outcome is the same however
 * many processes there are. A thing that breaks a process down is said to have done so, and the
 * others are worked on all the same.
 *
 *     struct jobs jobs = {.count = files, .processes = jobs_processors(), .work = grade_one,
 *                         .take = put_one, .context = &grading};
 *     if (!jobs_run(&jobs, &problem)) ...
 */
#ifndef APP_JOBS_H
#define APP_JOBS_H

#include "sim/base/bytes.h"
#include "sim/base/problem.h"

enum { JOBS_PROCESSES_MAX = 64 };

struct jobs {
    uint64_t count;
    uint32_t processes; /* 1 to JOBS_PROCESSES_MAX */
    /* In a process of its own: what it changes elsewhere than in `result` is not seen here. */
    void (*work)(void *context, uint64_t item, struct bytes *result);
    /* Here, in order; NULL: the process broke down at this item. `result` is valid until then. */
    void (*take)(void *context, uint64_t item, const struct slice *result);
    void *context;
};

/* As many as there are processors. */
uint32_t jobs_processors(void);
/* False when the system gives no process, or no pipe. */
bool jobs_run(const struct jobs *jobs, struct problem *problem);

#endif
