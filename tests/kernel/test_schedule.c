#include "sim/kernel/schedule.h"

#include <criterion/criterion.h>

#include "sim/base/random.h"
#include "sim/base/vtime.h"

static void push(struct schedule *s, int64_t t, uint64_t a, bool is_background)
{
    schedule_push(s, &(struct task){.t = t, .a = a, .is_background = is_background});
}

Test(schedule, an_empty_one_has_nothing_and_never_will)
{
    struct schedule s;
    struct task task;
    schedule_init(&s);
    cr_expect_not(schedule_pop(&s, &task));
    cr_expect_eq(schedule_next_t(&s), VTIME_NEVER);
    cr_expect_eq(schedule_foreground(&s), 0);
    schedule_finish(&s);
}

Test(schedule, tasks_come_out_by_time_and_at_one_moment_in_the_order_put_in)
{
    enum { COUNT = 5000 };
    struct schedule s;
    struct random r;
    schedule_init(&s);
    random_init(&r, 1, SLICE("schedule"));
    for (uint64_t i = 0; i < COUNT; i++)
        push(&s, (int64_t)random_below(&r, 300), i, false);
    struct task last = {.t = -1}, task;
    for (int i = 0; i < COUNT; i++) {
        int64_t next = schedule_next_t(&s);
        cr_assert(schedule_pop(&s, &task));
        cr_assert_eq(task.t, next);
        cr_assert(task.t > last.t || (task.t == last.t && task.a > last.a));
        last = task;
    }
    cr_expect_not(schedule_pop(&s, &task));
    schedule_finish(&s);
}

Test(schedule, ties_keep_their_order_when_pushing_and_popping_alternate)
{
    struct schedule s;
    struct task task;
    schedule_init(&s);
    uint64_t next = 0, expected = 0;
    for (int round = 0; round < 200; round++) {
        for (int i = 0; i < 5; i++)
            push(&s, 7, next++, false);
        for (int i = 0; i < 4; i++) {
            cr_assert(schedule_pop(&s, &task));
            cr_assert_eq(task.a, expected++);
        }
    }
    while (schedule_pop(&s, &task))
        cr_assert_eq(task.a, expected++);
    cr_expect_eq(expected, next);
    schedule_finish(&s);
}

Test(schedule, agrees_with_a_search_through_a_plain_array)
{
    enum { STEPS = 4000 };
    struct schedule s;
    struct random r;
    int64_t plain[STEPS]; /* time of task i, -1 when it is out */
    size_t count = 0;
    schedule_init(&s);
    random_init(&r, 2, SLICE("plain"));
    for (int step = 0; step < STEPS; step++) {
        if (random_below(&r, 5) < 3) {
            plain[count] = (int64_t)random_below(&r, 100);
            push(&s, plain[count], count, count % 2);
            count++;
            continue;
        }
        size_t best = count;
        for (size_t i = 0; i < count; i++)
            if (plain[i] >= 0 && (best == count || plain[i] < plain[best]))
                best = i;
        struct task task;
        cr_assert_eq(schedule_pop(&s, &task), best < count);
        if (best < count) {
            cr_assert_eq(task.a, best);
            plain[best] = -1;
        }
        uint32_t foreground = 0;
        for (size_t i = 0; i < count; i += 2)
            foreground += plain[i] >= 0;
        cr_assert_eq(schedule_foreground(&s), foreground);
    }
    schedule_finish(&s);
}
