#include "sim/kernel/sim.h"

#include <criterion/criterion.h>

struct run {
    struct sim sim;
    uint64_t ran[16];
    int64_t at[16];
    uint32_t cause[16];
    size_t count;
};

static void note_it(void *context, uint64_t a, uint64_t b)
{
    struct run *run = context;
    (void)b;
    run->ran[run->count] = a;
    run->at[run->count] = run->sim.now;
    run->cause[run->count++] = run->sim.cause;
}

static void start(struct run *run)
{
    *run = (struct run){.count = 0};
    sim_init(&run->sim, 1, VTIME_DEFAULT_EPOCH_S);
    sim_emit(&run->sim, EVENT_RUN, &(struct event_run){.epoch_s = 5});
}

static uint32_t say(struct run *run, const char *text)
{
    return sim_emit(&run->sim, EVENT_INPUT,
                    &(struct event_input){.text = sim_text(&run->sim, slice_of(text))});
}

Test(sim, time_is_that_of_the_task_and_then_that_of_the_run)
{
    struct run run;
    start(&run);
    sim_after(&run.sim, 30, note_it, &run, 3, 0);
    sim_after(&run.sim, 10, note_it, &run, 1, 0);
    sim_after(&run.sim, 20, note_it, &run, 2, 0);
    cr_expect(sim_run(&run.sim, 20, false, 0));
    cr_expect(run.count == 2 && run.at[0] == 10 && run.at[1] == 20 && run.sim.now == 20);
    sim_run(&run.sim, 25, false, 0);
    cr_expect(run.count == 2 && run.sim.now == 25);
    sim_run(&run.sim, VTIME_NEVER, false, 0);
    cr_expect(run.count == 3 && run.ran[2] == 3 && run.sim.now == 30, "now of the last task");
    sim_finish(&run.sim);
}

Test(sim, time_does_not_go_back)
{
    struct run run;
    start(&run);
    sim_run(&run.sim, 50, false, 0);
    sim_run(&run.sim, 20, false, 0);
    cr_expect_eq(run.sim.now, 50);
    sim_finish(&run.sim);
}

Test(sim, a_delay_past_the_end_of_time_never_comes)
{
    struct run run;
    start(&run);
    sim_run(&run.sim, 50, false, 0);
    sim_after(&run.sim, VTIME_NEVER - 10, note_it, &run, 1, 0);
    sim_run(&run.sim, VTIME_NEVER, false, 0);
    cr_expect_eq(run.count, 0);
    sim_finish(&run.sim);
}

static void poll(void *context, uint64_t a, uint64_t b)
{
    struct run *run = context;
    note_it(run, a, b);
    if (run->count < 10)
        sim_after_background(&run->sim, 10, poll, run, a, b);
}

Test(sim, background_tasks_run_along_but_keep_nothing_alive)
{
    struct run run;
    start(&run);
    sim_after_background(&run.sim, 10, poll, &run, 9, 0);
    sim_after(&run.sim, 25, note_it, &run, 1, 0);
    cr_expect(sim_run(&run.sim, VTIME_NEVER, true, 0));
    cr_expect(run.count == 3 && run.ran[2] == 1 && run.sim.now == 25);
    cr_expect_eq(schedule_next_t(&run.sim.schedule), 30, "the poll stays where it is");
    sim_run(&run.sim, 45, false, 0);
    cr_expect(run.count == 5 && run.sim.now == 45);
    sim_finish(&run.sim);
}

Test(sim, a_limit_of_tasks_stops_the_run_and_says_so)
{
    struct run run;
    start(&run);
    for (uint64_t i = 0; i < 5; i++)
        sim_after(&run.sim, 10, note_it, &run, i, 0);
    cr_expect_not(sim_run(&run.sim, VTIME_NEVER, false, 3));
    cr_expect_eq(run.count, 3);
    cr_expect(sim_run(&run.sim, VTIME_NEVER, false, 2), "exactly as many as there are");
    cr_expect_eq(run.count, 5);
    sim_finish(&run.sim);
}

Test(sim, an_event_leads_to_the_next_and_a_note_to_nothing)
{
    struct run run;
    start(&run);
    uint32_t first = say(&run, "first");
    uint32_t second = say(&run, "second");
    uint32_t note = sim_note(&run.sim, EVENT_INPUT, &(struct event_input){0});
    sim_after(&run.sim, 10, note_it, &run, 0, 0);
    uint32_t third = say(&run, "third");
    const struct log *log = &run.sim.log;
    cr_expect_eq(log_at(log, first)->cause, 0);
    cr_expect_eq(log_at(log, second)->cause, first);
    cr_expect_eq(log_at(log, note)->cause, second);
    cr_expect_eq(log_at(log, third)->cause, second);
    sim_run(&run.sim, VTIME_NEVER, false, 0);
    cr_expect_eq(run.cause[0], second, "a task has the cause of the moment it was put in");
    sim_finish(&run.sim);
}

Test(sim, chance_depends_on_the_seed_and_the_name_only)
{
    struct sim one, two;
    struct random a, b, c, d;
    sim_init(&one, 1, 0);
    sim_init(&two, 2, 0);
    sim_random(&one, SLICE("host a"), &a);
    sim_random(&one, SLICE("host a"), &b);
    sim_random(&one, SLICE("host b"), &c);
    sim_random(&two, SLICE("host a"), &d);
    uint64_t first = random_u64(&a);
    cr_expect_eq(first, random_u64(&b));
    cr_expect_neq(first, random_u64(&c));
    cr_expect_neq(first, random_u64(&d));
    sim_finish(&one);
    sim_finish(&two);
}
