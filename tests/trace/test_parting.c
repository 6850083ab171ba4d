/*
 * Where two runs part: two small traces, the same but for one thing each time. What a log only
 * counts with is no difference; what happens otherwise is, and so is when.
 */
#include <criterion/criterion.h>

#include "sim/base/vtime.h"
#include "sim/trace/parting.h"

enum { HOST_A = 1, HOST_B = 2 };

/* How the second trace is unlike the first. */
struct twist {
    const char *seed, *program, *first_host, *subject, *queue_id;
    int64_t accept_t;
    bool has_fault, is_shorter, has_other_latency;
};

static uint32_t text(struct log *log, const char *s)
{
    return log_intern(log, slice_of(s));
}

#define ADD(log, t, cause, upper, lower, ...)                                                      \
    log_add(log, t, cause, EVENT_##upper, 0, &(struct event_##lower){__VA_ARGS__})

/* A fault, or not; a message over a connection; taken, waiting, delivered. */
static void make(struct log *log, const struct twist *w)
{
    log_init(log);
    text(log, w->seed); /* texts are numbered otherwise */
    ADD(log, 0, 0, RUN, run, text(log, "t"), text(log, w->seed), 0, text(log, w->program));
    ADD(log, 0, 0, HOST, host, text(log, w->first_host), text(log, "a.test"), 0, 0, 0, 0);
    ADD(log, 0, 0, HOST, host, text(log, "b"), text(log, "b.test"), 0, 0, 0, 0);
    ADD(log, 0, 0, LINK, link, text(log, "a:b"), HOST_A, HOST_B, w->has_other_latency ? 20 : 10, 0,
        0);
    uint32_t asked = ADD(log, 0, 0, INPUT, input, text(log, "send"));
    uint32_t msg = ADD(log, 0, asked, MESSAGE, message, HOST_A, 1, text(log, "x@a.test"),
                       text(log, "y@b.test"), text(log, w->subject), 0);
    uint32_t conn =
        ADD(log, VTIME_MS, msg, TCP_CONNECT, tcp_connect, 1, HOST_A, HOST_B, 25, 1024, 0);
    if (w->has_fault)
        ADD(log, 2 * VTIME_MS, 0, INPUT, input, text(log, "fault"));
    uint32_t took = ADD(log, w->accept_t, conn, ACCEPT, accept, HOST_B, 1, 1,
                        text(log, w->queue_id), text(log, w->queue_id), 0);
    if (!w->is_shorter)
        ADD(log, 9 * VTIME_MS, took, DELIVER, deliver, HOST_B, 1, text(log, "y"), text(log, "y"), 0,
            0);
}

static const struct twist plain = {"1", "p 1", "a", "hi", "Q1", 5 * VTIME_MS, false, false, false};

static struct log here, there;
static struct parting parting;

static void compare(struct twist twist)
{
    make(&here, &plain);
    make(&there, &twist);
    parting_find(&parting, &here, &there);
}

static void finish(void)
{
    parting_finish(&parting);
    log_finish(&here);
    log_finish(&there);
}

static const struct event *first(int run)
{
    cr_assert(parting.first[run] != PARTING_NONE);
    return log_at(run ? &there : &here, parting.first[run]);
}

Test(parting, a_run_is_the_same_as_itself)
{
    compare(plain);
    cr_expect(parting_is_same(&parting));
    cr_expect_eq(parting.same, 5);
    cr_expect_eq(parting.same_t, 9 * VTIME_MS);
    finish();
}

Test(parting, another_version_of_the_program_is_named_and_no_difference)
{
    struct twist twist = plain;
    twist.program = "p 2";
    compare(twist);
    cr_expect(parting_is_same(&parting) && parting.has_other_program);
    finish();
}

Test(parting, with_another_seed_what_is_drawn_by_lot_is_not_compared)
{
    struct twist twist = plain;
    twist.seed = "2", twist.queue_id = "Q2";
    compare(twist);
    cr_expect(parting_is_same(&parting) && parting.has_other_seed);
    finish();
    twist.seed = "1"; /* with the same seed it is a difference */
    compare(twist);
    cr_expect_eq(first(0)->kind, EVENT_ACCEPT);
    finish();
    twist.seed = "2", twist.subject = "ho"; /* and what was asked for is always one */
    compare(twist);
    cr_expect_eq(first(1)->kind, EVENT_MESSAGE);
    finish();
}

Test(parting, they_part_at_the_first_thing_that_only_one_has)
{
    struct twist twist = plain;
    twist.has_fault = true;
    twist.accept_t = 7 * VTIME_MS;
    compare(twist);
    cr_expect(parting.is_parted);
    cr_expect_eq(parting.t, 2 * VTIME_MS, "the fault is before all that follows from it");
    cr_expect_eq(parting.same, 3);
    cr_expect_eq(parting.same_t, VTIME_MS);
    cr_expect_eq(first(0)->kind, EVENT_ACCEPT);
    cr_expect_eq(first(1)->kind, EVENT_INPUT);
    finish();
}

Test(parting, a_thing_at_another_time_is_another_thing)
{
    struct twist twist = plain;
    twist.accept_t = 6 * VTIME_MS;
    compare(twist);
    cr_expect_eq(parting.t, 5 * VTIME_MS);
    cr_expect_eq(first(0)->kind, EVENT_ACCEPT);
    cr_expect_eq(first(1)->kind, EVENT_ACCEPT);
    finish();
}

Test(parting, a_run_that_ends_earlier_parts_at_its_end)
{
    struct twist twist = plain;
    twist.is_shorter = true;
    compare(twist);
    cr_expect_eq(first(0)->kind, EVENT_DELIVER);
    cr_expect_eq(parting.first[1], PARTING_NONE);
    cr_expect_eq(parting.t, 9 * VTIME_MS);
    finish();
}

Test(parting, what_was_declared_is_compared_by_itself)
{
    struct twist twist = plain;
    twist.has_other_latency = true;
    compare(twist);
    cr_expect(parting.has_other_network && !parting.is_parted);
    cr_expect_not(parting_is_same(&parting));
    finish();
    twist = plain;
    twist.first_host = "z"; /* and what happens there happens elsewhere */
    compare(twist);
    cr_expect_eq(first(0)->kind, EVENT_MESSAGE);
    finish();
}

Test(parting, the_first_differing_cause_is_as_far_back_as_only_one_run_goes)
{
    make(&here, &plain);
    make(&there, &plain);
    uint32_t both = log_count(&there) - 1;
    uint32_t asked = ADD(&there, 20 * VTIME_MS, both, INPUT, input, text(&there, "stop b"));
    uint32_t stop = ADD(&there, 20 * VTIME_MS, asked, STOP, stop, HOST_B);
    uint32_t start = ADD(&there, 30 * VTIME_MS, stop, START, start, HOST_B);
    parting_find(&parting, &here, &there);
    cr_expect_eq(parting_cause(&parting, 1, start), asked);
    cr_expect_eq(parting_cause(&parting, 1, asked), asked);
    cr_expect_eq(parting_cause(&parting, 1, both), PARTING_NONE, "both runs have it");
    finish();
}

Test(parting, messages_are_paired_by_what_they_are_the_nth_to_the_nth)
{
    struct pairing pairing = {0};
    compare(plain);
    for (int i = 0; i < 2; i++) /* once more the same, and one more only there */
        ADD(&there, 20 * VTIME_MS, 0, MESSAGE, message, HOST_A, (uint32_t)(2 + i),
            text(&there, "x@a.test"), text(&there, "y@b.test"), text(&there, i ? "new" : "hi"), 0);
    ADD(&here, 30 * VTIME_MS, 0, MESSAGE, message, HOST_A, 2, text(&here, "x@a.test"),
        text(&here, "y@b.test"), text(&here, "hi"), 0);
    parting_pair_messages(&here, &there, &pairing);
    cr_assert_eq(pairing.rows.count, 3);
    cr_expect(pairing.rows.items[0].here == 1 && pairing.rows.items[0].there == 1);
    cr_expect(pairing.rows.items[1].here == 2 && pairing.rows.items[1].there == 2);
    cr_expect(pairing.rows.items[2].here == 0 && pairing.rows.items[2].there == 3);
    pairing_finish(&pairing);
    finish();
}

Test(parting, empty_logs_are_the_same)
{
    log_init(&here);
    log_init(&there);
    parting_find(&parting, &here, &there);
    cr_expect(parting_is_same(&parting));
    finish();
}
