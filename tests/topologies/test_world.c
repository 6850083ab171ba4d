/* The first mail, and what must be true of every trace. */
#include <criterion/criterion.h>
#include <stdio.h>

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
        cr_assert_eq(waited_s, due_s[attempts], "the plan counts from the start of an attempt");
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

/* ---- what was once wrong ---- */

static struct world *run_quiet(struct world *world)
{
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(world_log(world));
    return world;
}

Test(world, somebody_who_is_named_twice_or_in_other_letters_gets_one_copy)
{
    static const char *const to[] = {"alice,alice@example.com", "Bob@Example.ORG,bob@example.org"};
    for (size_t i = 0; i < sizeof to / sizeof *to; i++) {
        char action[200];
        struct world *world = support_world_shipped("two-towns", 1);
        snprintf(action, sizeof action, "send from=alice@example.com to=%s", to[i]);
        support_do(world, 0, action);
        run_quiet(world);
        cr_assert_eq(support_count(world_log(world), EVENT_DELIVER), 1, "%s", to[i]);
        world_destroy(world);
    }
}

/* RFC 5321 4.1.3: an address literal is where it says, no name is asked for. */
Test(world, an_address_literal_is_gone_to_without_asking)
{
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "send from=alice@example.com to=bob@[203.0.113.25]");
    run_quiet(world);
    const struct log *log = world_log(world);
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_dns_query *query = event_as_dns_query(log_at(log, id));
        cr_assert(!query || !slice_starts(log_text(log, query->name), SLICE("[")));
    }
    /* mx1 is asked, and relays for nobody: its own name is example.org, not its address */
    const struct event_dsn *dsn = event_as_dsn(support_find(log, EVENT_DSN, 0));
    cr_assert(dsn && slice_equal(log_text(log, dsn->status), SLICE("5.7.1")));
    world_destroy(world);
}

Test(world, a_host_that_crashes_during_its_attempt_says_nothing_until_it_is_back)
{
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "send from=alice@example.com to=bob@example.org");
    support_do(world, 610 * VTIME_MS, "fault host-down out on");
    support_do(world, VTIME_MIN, "fault host-down out off");
    run_quiet(world);
    const struct log *log = world_log(world);
    uint32_t out = log_find_place(log, SLICE("out"));
    bool is_down = false;
    int64_t crashed_t = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        const struct event_queue_try *attempt = event_as_queue_try(e);
        const struct event_dns_answer *answer = event_as_dns_answer(e);
        if (e->kind == EVENT_CRASH || e->kind == EVENT_BOOT) {
            is_down = e->kind == EVENT_CRASH;
            crashed_t = is_down ? e->t : crashed_t;
        }
        if (is_down && e->t > crashed_t) {
            cr_assert(!attempt || !log_place_is(log, attempt->at, out));
            cr_assert(!answer || !log_place_is(log, answer->to, out));
        }
    }
    cr_assert_eq(support_count(log, EVENT_DELIVER), 1);
    world_destroy(world);
}

/* A server that took RCPT for one and refused the other, then went away: only the one is tried on.
 */
Test(world, who_was_refused_is_not_offered_to_the_next_server)
{
    struct world *world = support_world_shipped("backup-mx", 1);
    support_do(world, 0, "fault reject mta-mx1 on");
    support_do(world, VTIME_S, "send from=alice@example.com to=bob@example.org");
    run_quiet(world);
    const struct log *log = world_log(world);
    uint32_t mx2 = log_find_place(log, SLICE("mx2"));
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_accept *accept = event_as_accept(log_at(log, id));
        cr_assert(!accept || !log_place_is(log, accept->at, mx2), "a 5yz ends the search (5.1)");
    }
    cr_assert_eq(support_count(log, EVENT_DSN), 1);
    world_destroy(world);
}

Test(world, a_message_that_waited_for_days_on_a_dead_host_is_tried_before_it_is_given_up)
{
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "send from=alice@example.com to=bob@example.org");
    support_do(world, 350 * VTIME_MS, "fault host-down submit on");
    support_do(world, 6 * VTIME_DAY, "fault host-down submit off");
    run_quiet(world);
    cr_assert_eq(support_count(world_log(world), EVENT_QUEUE_GIVEUP), 0);
    cr_assert_eq(support_count(world_log(world), EVENT_DELIVER), 1);
    world_destroy(world);
}

/* The removal counts only after QUIT (RFC 1939 6), and what is here already is not fetched again.
 */
Test(world, a_fetch_that_breaks_off_before_quit_is_not_repeated_for_messages_that_arrived)
{
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "send from=alice@example.com to=bob@example.org");
    support_do(world, 10 * VTIME_S, "fetch by=pc-bob");
    support_do(world, 10 * VTIME_S + 480 * VTIME_MS, "fault mx1-down on");
    support_do(world, 12 * VTIME_S, "fault mx1-down off");
    support_do(world, 2000 * VTIME_S, "fetch by=pc-bob");
    run_quiet(world);
    cr_assert_eq(support_count(world_log(world), EVENT_FETCH), 1);
    cr_assert_eq(support_count(world_log(world), EVENT_REMOVE), 1);
    world_destroy(world);
}

/* What led to each delivery is the attempt for that recipient, not the one beside it. */
Test(world, each_recipient_s_fate_has_its_own_attempt_as_its_cause)
{
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(
        world, 0,
        "send from=alice@example.com to=bob@example.org,alice@example.com,nobody@example.org");
    run_quiet(world);
    const struct log *log = world_log(world);
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_deliver *delivered = event_as_deliver(log_at(log, id));
        if (!delivered)
            continue;
        const struct event *e = log_at(log, log_at(log, id)->cause);
        while (e->kind != EVENT_QUEUE_TRY)
            e = log_at(log, e->cause);
        cr_assert_eq(event_as_queue_try(e)->rcpt, delivered->rcpt);
    }
    world_destroy(world);
}

/* Keys and certificates that were made once serve the next world: quicker, and nothing else. */
static uint64_t hash_of_secrets(uint64_t seed, struct world_memory *memory)
{
    struct topology topology;
    struct problem problem = {0};
    cr_assert(topology_load(&topology, SOURCE_DIR "/topologies/t20-eavesdroppers.json", &problem),
              "%s", problem.what);
    struct world *world =
        world_create(&topology, &(struct world_options){.seed = seed, .memory = memory});
    topology_finish(&topology);
    cr_assert(world_demo(world, &problem), "%s", problem.what);
    world_run_quiet(world, VTIME_NEVER);
    cr_assert(support_find(world_log(world), EVENT_TLS_UP, 0));
    uint64_t hash = support_hash(world_log(world));
    world_destroy(world);
    return hash;
}

Test(world, what_is_kept_from_world_to_world_changes_nothing_in_them)
{
    struct world_memory memory = {0};
    static const uint64_t seeds[] = {1, 1, 2, 1};
    for (size_t i = 0; i < sizeof seeds / sizeof *seeds; i++)
        cr_expect_eq(hash_of_secrets(seeds[i], &memory), hash_of_secrets(seeds[i], NULL),
                     "world %zu", i);
    world_memory_finish(&memory);
}
