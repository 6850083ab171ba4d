/*
 * The simulation: virtual time, what is still to happen, the trace, and the cause of what happens
 * now. Whoever acts in the world does it in a task, and says so through sim_emit.
 *
 * Causes keep themselves: a task runs with the cause it was put in with; sim_emit stamps the new
 * event with the present cause and becomes the cause of what follows in the same task, so a
 * command leads to its verdict, the verdict to the reply's segment, and the segment to the task of
 * its arrival. sim_note stamps likewise but leads to nothing (a lost segment, a file operation).
 */
#ifndef SIM_KERNEL_SIM_H
#define SIM_KERNEL_SIM_H

#include "sim/base/random.h"
#include "sim/base/slice.h"
#include "sim/base/vtime.h"
#include "sim/kernel/schedule.h"
#include "sim/trace/log.h"

struct sim {
    struct log log;
    struct schedule schedule;
    int64_t now;
    int64_t epoch_s;
    uint64_t seed;
    uint32_t cause;
    int64_t changed_t; /* when something was last changed without an event (sim_changed) */
};

void sim_init(struct sim *sim, uint64_t seed, int64_t epoch_s);
void sim_finish(struct sim *sim);

/* `fields` is the struct of that kind. Gives the new event's id. */
uint32_t sim_emit(struct sim *sim, enum event_kind kind, const void *fields);
uint32_t sim_note(struct sim *sim, enum event_kind kind, const void *fields);
/* What happens now changes how the run goes on, though nobody sees it yet. */
static inline void sim_changed(struct sim *sim)
{
    sim->changed_t = sim->now;
}
/* A TEXT field's value. */
uint32_t sim_text(struct sim *sim, struct slice text);

/* Runs run(context, a, b) after `delay_ns` (not negative), caused by what is the cause now. */
void sim_after(struct sim *sim, int64_t delay_ns, void (*run)(void *, uint64_t, uint64_t),
               void *context, uint64_t a, uint64_t b);
/* The same in the background: it does not keep the run alive. */
void sim_after_background(struct sim *sim, int64_t delay_ns,
                          void (*run)(void *, uint64_t, uint64_t), void *context, uint64_t a,
                          uint64_t b);

/*
 * Runs all tasks up to and including time t; then `now` is t, or with t VTIME_NEVER the time of the
 * last task. Without foreground tasks left it stops early when `until_quiet`, background tasks
 * staying in the schedule. At most `tasks_max` tasks (0: no limit); true when it stopped for
 * another reason than that limit.
 */
bool sim_run(struct sim *sim, int64_t t, bool until_quiet, uint64_t tasks_max);

/* A stream of chance of its own for whoever bears this name. */
void sim_random(const struct sim *sim, struct slice name, struct random *r);

#endif
