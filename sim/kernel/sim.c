#include "sim/kernel/sim.h"

#include "sim/base/check.h"

void sim_init(struct sim *sim, uint64_t seed, int64_t epoch_s)
{
    *sim = (struct sim){.seed = seed, .epoch_s = epoch_s};
    log_init(&sim->log);
    schedule_init(&sim->schedule);
}

void sim_finish(struct sim *sim)
{
    schedule_finish(&sim->schedule);
    log_finish(&sim->log);
}

uint32_t sim_note(struct sim *sim, enum event_kind kind, const void *fields)
{
    return log_add(&sim->log, sim->now, sim->cause, kind, 0, fields);
}

uint32_t sim_emit(struct sim *sim, enum event_kind kind, const void *fields)
{
    sim->cause = sim_note(sim, kind, fields);
    return sim->cause;
}

uint32_t sim_text(struct sim *sim, struct slice text)
{
    return log_intern(&sim->log, text);
}

static void put(struct sim *sim, int64_t delay_ns, bool is_background,
                void (*run)(void *, uint64_t, uint64_t), void *context, uint64_t a, uint64_t b)
{
    check(delay_ns >= 0);
    struct task task = {.run = run,
                        .context = context,
                        .a = a,
                        .b = b,
                        .cause = sim->cause,
                        .is_background = is_background};
    if (__builtin_add_overflow(sim->now, delay_ns, &task.t))
        return; /* later than the end of time */
    schedule_push(&sim->schedule, &task);
}

void sim_after(struct sim *sim, int64_t delay_ns, void (*run)(void *, uint64_t, uint64_t),
               void *context, uint64_t a, uint64_t b)
{
    put(sim, delay_ns, false, run, context, a, b);
}

void sim_after_background(struct sim *sim, int64_t delay_ns,
                          void (*run)(void *, uint64_t, uint64_t), void *context, uint64_t a,
                          uint64_t b)
{
    put(sim, delay_ns, true, run, context, a, b);
}

bool sim_run(struct sim *sim, int64_t t, bool until_quiet, uint64_t tasks_max)
{
    struct task task;
    for (uint64_t ran = 0; sim->schedule.count > 0 && schedule_next_t(&sim->schedule) <= t; ran++) {
        if (until_quiet && schedule_foreground(&sim->schedule) == 0)
            return true;
        if (tasks_max && ran == tasks_max)
            return false;
        schedule_pop(&sim->schedule, &task);
        sim->now = task.t;
        sim->cause = task.cause;
        task.run(task.context, task.a, task.b);
    }
    if (t != VTIME_NEVER && t > sim->now)
        sim->now = t;
    return true;
}

void sim_random(const struct sim *sim, struct slice name, struct random *r)
{
    random_init(r, sim->seed, name);
}
