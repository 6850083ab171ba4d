/* The first mail, and what must be true of every trace. */
#include <criterion/criterion.h>

#include "agents/mail/header.h"
#include "agents/mail/received.h"
#include "support_world.h"

static struct world *first_mail(uint64_t seed)
{
    struct world *world = support_world_shipped("two-towns", seed);
    struct problem problem = {0};
    cr_assert(world_demo(world, &problem), "%s", problem.what);
    world_run_quiet(world, VTIME_NEVER);
    return world;
}

static const char *const hops[] = {"mx1", "out", "submit"}; /* newest first, as Received is read */

Test(world, alice_s_message_lies_in_bob_s_store_and_then_on_bob_s_computer)
{
    struct world *world = first_mail(1);
    const struct log *log = world_log(world);
    const struct event *delivered = support_find(log, EVENT_DELIVER, 0);
    cr_assert(delivered);
    cr_assert(slice_equal(log_text(log, event_as_deliver(delivered)->box),
                          SLICE("bob@example.org/INBOX")));
    const struct event *fetched = support_find(log, EVENT_FETCH, 0);
    cr_assert(fetched);
    cr_assert(slice_equal(log_place_name(log, log_host_of(log, event_as_fetch(fetched)->by)),
                          SLICE("pc-bob")));
    cr_assert_eq(event_as_fetch(fetched)->header, event_as_deliver(delivered)->header,
                 "what was fetched is what was stored, octet for octet");
    cr_assert_eq(event_as_fetch(fetched)->body, event_as_deliver(delivered)->body);
    cr_assert_eq(support_count(log, EVENT_REMOVE), 1);
    support_check_conservation(log);
    world_destroy(world);
}

/* RFC 5321 4.4, RFC 3848: each server that accepts puts one field on top, true to the trace. */
Test(world, each_received_field_says_what_the_trace_says)
{
    struct world *world = first_mail(1);
    const struct log *log = world_log(world);
    const struct event_deliver *delivered = event_as_deliver(support_find(log, EVENT_DELIVER, 0));
    struct slice header = log_text(log, delivered->header);
    cr_assert_eq(header_count(header, SLICE("Received")), 3);
    uint32_t from = 0;
    for (unsigned n = 3; n >= 1; n--) { /* oldest first: the order of the accepts */
        struct header_field field;
        struct received received;
        cr_assert(header_find(header, SLICE("Received"), n, &field));
        cr_assert(received_read(field.value, &received));
        const struct event *e = support_find(log, EVENT_ACCEPT, from);
        const struct event_accept *accept = event_as_accept(e);
        cr_assert(
            slice_equal(log_place_name(log, log_host_of(log, accept->at)), slice_of(hops[n - 1])));
        cr_assert(slice_starts(received.by, slice_of(hops[n - 1])));
        cr_assert(slice_equal(received.id, log_text(log, accept->id)));
        cr_assert_eq(received.unix_s, log_epoch_s(log) + e->t / VTIME_S);
        cr_assert(slice_equal(received.with, n == 3 ? SLICE("ESMTPA") : SLICE("ESMTP")));
        cr_assert(slice_equal(received.rcpt, SLICE("bob@example.org")));
        while (log_at(log, from) != e)
            from++;
        from++;
    }
    world_destroy(world);
}

Test(world, one_seed_gives_one_trace_and_another_seed_another)
{
    struct world *first = first_mail(7);
    uint64_t hash = support_hash(world_log(first));
    for (int run = 0; run < 20; run++) {
        struct world *again = first_mail(7);
        cr_assert_eq(support_hash(world_log(again)), hash);
        world_destroy(again);
    }
    struct world *other = first_mail(8);
    cr_assert_neq(support_hash(world_log(other)), hash);
    world_destroy(other);
    world_destroy(first);
}

Test(world, running_step_by_step_gives_the_same_trace_as_running_at_once)
{
    struct world *at_once = first_mail(3);
    struct world *stepped = support_world_shipped("two-towns", 3);
    struct problem problem = {0};
    cr_assert(world_demo(stepped, &problem));
    while (world_step(stepped))
        ;
    cr_assert_eq(support_hash(world_log(stepped)), support_hash(world_log(at_once)));
    world_destroy(stepped);
    world_destroy(at_once);
}

Test(world, every_event_but_the_first_has_an_earlier_cause)
{
    struct world *world = first_mail(1);
    const struct log *log = world_log(world);
    for (uint32_t id = 1; id < log_count(log); id++)
        cr_assert_lt(log_at(log, id)->cause, id);
    /* what leads to the fetch is the person's wish, not the beginning of the world */
    const struct event *e = support_find(log, EVENT_FETCH, 0);
    while (e->kind != EVENT_INPUT && e->kind != EVENT_RUN)
        e = log_at(log, e->cause);
    cr_assert_eq(e->kind, EVENT_INPUT);
    world_destroy(world);
}

/* RFC 5321 4.5.4.1 and the plan `classroom`: 0, +30 min, then every 2 h; a warning at 4 h. */
Test(world, a_server_that_is_down_gets_the_attempts_of_the_plan)
{
    static const int64_t due_s[] = {0, 1800, 9000, 16200};
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "fault mx1-down on");
    support_do(world, 0, "send from=alice@example.com to=bob@example.org subject=late");
    support_do(world, 3 * VTIME_H + 10 * VTIME_MIN, "fault mx1-down off");
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    uint32_t out = log_find_place(log, SLICE("out"));
    int64_t first_t = -1;
    unsigned attempts = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_queue_try *e = event_as_queue_try(log_at(log, id));
        if (!e || e->msg != 1 || !log_place_is(log, e->at, out)) /* notices are tried as well */
            continue;
        if (first_t < 0)
            first_t = log_at(log, id)->t;
        int64_t waited_s = (log_at(log, id)->t - first_t) / VTIME_S;
        cr_assert_lt(attempts, 4);
        /* each wait counts from the end of the attempt before it, which took up to a minute */
        cr_assert_leq(due_s[attempts], waited_s);
        cr_assert_leq(waited_s, due_s[attempts] + 60 * (int64_t)attempts);
        attempts++;
    }
    cr_assert_eq(attempts, 4);
    cr_assert_eq(support_count(log, EVENT_DELIVER), 2, "the message, and a warning after 4 hours");
    support_check_conservation(log);
    world_destroy(world);
}

/* RFC 5321 4.5.4.1: give up after 4 to 5 days; RFC 3464: one notice that it is late, one that it
 * failed. */
Test(world, six_days_without_the_server_give_one_warning_and_one_failure_notice)
{
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "fault mx1-down on");
    support_do(world, 0, "send from=alice@example.com to=bob@example.org subject=never");
    support_do(world, 6 * VTIME_DAY, "fault mx1-down off");
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    uint32_t delayed = 0, failed = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_dsn *dsn = event_as_dsn(log_at(log, id));
        if (!dsn)
            continue;
        delayed += slice_equal(log_text(log, dsn->action), SLICE("delayed"));
        failed += slice_equal(log_text(log, dsn->action), SLICE("failed"));
    }
    cr_assert_eq(delayed, 1);
    cr_assert_eq(failed, 1);
    support_check_conservation(log);
    world_destroy(world);
}

/* RFC 5321 4.2.1: a 5yz ends it; 6.1: the notice goes to the reverse-path with an empty one of its
 * own. */
Test(world, an_unknown_user_gives_a_notice_in_the_author_s_store)
{
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "send from=alice@example.com to=nobody@example.org subject=who");
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    const struct event_dsn *dsn = event_as_dsn(support_find(log, EVENT_DSN, 0));
    cr_assert(dsn);
    cr_assert(slice_equal(log_text(log, dsn->status), SLICE("5.1.1")));
    cr_assert(slice_equal(log_text(log, dsn->to), SLICE("alice@example.com")));
    const struct event_deliver *delivered = event_as_deliver(support_find(log, EVENT_DELIVER, 0));
    cr_assert(delivered);
    cr_assert_eq(delivered->msg, dsn->msg);
    cr_assert(slice_starts(log_text(log, delivered->header), SLICE("Return-Path: <>\r\n")));
    support_check_conservation(log);
    world_destroy(world);
}
