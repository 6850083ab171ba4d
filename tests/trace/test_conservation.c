/*
 * The check that no mail is lost: a whole trace passes, and each way of breaking a promise is
 * found. Traces are written by hand, an event a line: the first broken promise of each is named.
 */
#include <criterion/criterion.h>

#include "sim/trace/conservation.h"

enum { MX = 1, MTA = 2, MDA = 3, M = 1 };

static struct log trace;
static uint32_t try_id; /* of the last queue.try: what an outcome is caused by */

static uint32_t text(const char *s)
{
    return log_intern(&trace, slice_of(s));
}

#define ADD(cause, upper, lower, ...)                                                              \
    log_add(&trace, log_end(&trace), cause, EVENT_##upper, 0, &(struct event_##lower){__VA_ARGS__})

static void begin(void)
{
    log_init(&trace);
    ADD(0, RUN, run, text("t"), text("1"), 0, text("test"));
    ADD(0, HOST, host, text("mx"), text("mx.test"), text("10.0.0.1"), 0, 0, 0);
    ADD(0, AGENT, agent, text("mta"), MX, text("mta"), 0, 0);
    ADD(0, AGENT, agent, text("mda"), MX, text("mda"), 0, 0);
}

static void end(void)
{
    log_finish(&trace);
}

TestSuite(conservation, .init = begin, .fini = end);

static void queue(const char *id, const char *rcpt)
{
    ADD(0, QUEUE_ADD, queue_add, MTA, M, 0, text(id), text(rcpt), text("a@a.test"));
}

static void try(const char *id, const char *rcpt)
{
    try_id = ADD(0, QUEUE_TRY, queue_try, MTA, M, 1, text(id), text(rcpt));
}

static void expand(const char *rcpt, const char *to, const char *id)
{
    ADD(try_id, EXPAND, expand, MTA, M, text(rcpt), text(to), text("alias"), text(id));
}

static void deliver(const char *rcpt)
{
    ADD(try_id, DELIVER, deliver, MDA, M, text(rcpt), text(rcpt), 0, 0);
}

static void discard(const char *rcpt)
{
    ADD(try_id, DISCARD, discard, MDA, M, text(rcpt), text("rule"));
}

static void leave(const char *id)
{
    ADD(0, QUEUE_REMOVE, queue_remove, MTA, M, text(id));
}

static struct conservation expect(const char *what)
{
    struct conservation counts;
    struct problem problem = {0};
    bool ok = conservation_check(&trace, &counts, &problem);
    cr_expect_eq(ok, what == NULL, "%s: %s", what ? what : "all is well", problem.what);
    if (what)
        cr_expect(strstr(problem.what, what), "expected: %s\nfound: %s", what, problem.what);
    return counts;
}

/* An alias for two, both of whom have it. */
static void play_alias(void)
{
    queue("1", "all@b.test");
    try("1", "all@b.test");
    expand("all@b.test", "u@b.test", "2");
    expand("all@b.test", "v@b.test", "2");
    queue("2", "u@b.test");
    queue("2", "v@b.test");
    leave("1");
    try("2", "u@b.test");
    deliver("u@b.test");
    try("2", "v@b.test");
    deliver("v@b.test");
}

Test(conservation, an_alias_ends_where_its_members_begin)
{
    play_alias();
    leave("2");
    struct conservation counts = expect(NULL);
    cr_expect_eq(counts.expanded, 1);
    cr_expect_eq(counts.delivered, 2);
    cr_expect_eq(counts.waiting, 0);
    cr_expect_eq(counts.repeated, 0);
}

Test(conservation, who_stands_for_himself_too_has_one_outcome)
{
    queue("1", "u@b.test");
    try("1", "u@b.test");
    deliver("u@b.test");
    expand("u@b.test", "u@b.test", "1");
    expand("u@b.test", "v@b.test", "2");
    queue("2", "v@b.test");
    leave("1");
    cr_expect_eq(expect(NULL).waiting, 1);
}

Test(conservation, who_is_replaced_and_delivered_all_the_same_is_found)
{
    queue("1", "u@b.test");
    try("1", "u@b.test");
    deliver("u@b.test");
    expand("u@b.test", "v@b.test", "2");
    expect("an outcome for a recipient that was not waiting");
}

Test(conservation, a_member_who_never_waited_is_found)
{
    queue("1", "all@b.test");
    try("1", "all@b.test");
    expand("all@b.test", "u@b.test", "2");
    expand("all@b.test", "v@b.test", "2");
    queue("2", "u@b.test");
    leave("1");
    expect("v@b.test stands in for somebody as 2, and never waited there");
}

Test(conservation, an_expansion_of_somebody_who_did_not_wait_is_found)
{
    try("1", "all@b.test");
    expand("all@b.test", "u@b.test", "2");
    expect("an outcome for a recipient that was not waiting");
}

Test(conservation, leaving_a_queue_without_a_word_is_found)
{
    queue("1", "u@b.test");
    queue("1", "v@b.test");
    try("1", "u@b.test");
    deliver("u@b.test");
    leave("1");
    expect("left the queue without an outcome");
}

Test(conservation, two_ways_explain_two_copies_and_not_three)
{
    queue("0", "u@b.test"); /* named by its author, */
    try("0", "u@b.test");
    deliver("u@b.test");
    play_alias(); /* and by an alias */
    cr_expect_eq(expect(NULL).repeated, 0);
    queue("3", "u@b.test");
    try("3", "u@b.test");
    deliver("u@b.test");
    expect("delivered more than once, and no reply was lost");
}

Test(conservation, an_alias_that_is_opened_twice_for_one_arrival_is_found)
{
    play_alias();
    queue("4", "all@b.test"); /* nobody sent it here again */
    try("4", "all@b.test");
    expand("all@b.test", "w@b.test", "5");
    queue("5", "w@b.test");
    expect("delivered more than once");
}

Test(conservation, a_rule_may_drop_what_waits_once)
{
    queue("1", "u@b.test");
    try("1", "u@b.test");
    discard("u@b.test");
    leave("1");
    cr_expect_eq(expect(NULL).discarded, 1);
    discard("u@b.test");
    expect("an outcome for a recipient that was not waiting");
}

Test(conservation, giving_up_needs_a_notice)
{
    queue("1", "u@b.test");
    try("1", "u@b.test");
    ADD(try_id, QUEUE_GIVEUP, queue_giveup, MTA, M, 1, text("1"), text("u@b.test"), text("no"));
    uint32_t count = log_count(&trace);
    leave("1");
    expect("given up without a notice");
    log_finish(&trace);
    begin();
    queue("1", "u@b.test");
    try("1", "u@b.test");
    uint32_t giveup =
        ADD(try_id, QUEUE_GIVEUP, queue_giveup, MTA, M, 1, text("1"), text("u@b.test"), text("no"));
    cr_assert_eq(giveup + 1, count);
    ADD(giveup, DISCARD, discard, MTA, M, text("u@b.test"), text("no"));
    leave("1");
    expect(NULL);
}

Test(conservation, delivered_and_given_up_is_found)
{
    queue("1", "u@b.test");
    try("1", "u@b.test");
    deliver("u@b.test");
    queue("2", "u@b.test");
    try("2", "u@b.test");
    ADD(try_id, QUEUE_GIVEUP, queue_giveup, MTA, M, 1, text("2"), text("u@b.test"), text("no"));
    expect("delivered, and given up as well");
}

/* A submission server and a transfer server on one host have a queue each. */
Test(conservation, what_another_queue_of_the_host_gave_up_is_its_own_affair)
{
    queue("1", "u@b.test");
    queue("2", "u@b.test");
    ADD(0, QUEUE_GIVEUP, queue_giveup, MTA, M, 1, text("2"), text("u@b.test"), text("unknown"));
    try("1", "u@b.test");
    deliver("u@b.test");
    leave("1");
    ADD(0, DSN, dsn, MTA, M, 2, text("a@a.test"), text("failed"), text("5.1.1"));
    leave("2");
    expect("delivered, and given up as well"); /* but each notice is there */
}

/* The file was whole, and then the power went: nobody was told, so the sender comes again. */
Test(conservation, what_was_written_and_never_told_explains_a_copy)
{
    queue("1", "u@b.test");
    try("1", "u@b.test");
    deliver("u@b.test");
    leave("1");
    ADD(0, CRASH, crash, MX);
    uint32_t boot = ADD(0, BOOT, boot, MX);
    ADD(boot, QUEUE_ADD, queue_add, MTA, M, 0, text("2"), text("u@b.test"), text("a@a.test"));
    try("2", "u@b.test");
    deliver("u@b.test");
    leave("2");
    cr_expect_eq(expect(NULL).repeated, 1);
}

/* Given up, and the power went before the notice was written: after the crash the recipient waits
   as before, and may well be reached. */
Test(conservation, a_crash_takes_back_what_was_given_up_without_a_notice)
{
    queue("1", "u@b.test");
    ADD(0, QUEUE_GIVEUP, queue_giveup, MTA, M, 1, text("1"), text("u@b.test"), text("no"));
    ADD(0, CRASH, crash, MX);
    uint32_t boot = ADD(0, BOOT, boot, MX);
    ADD(boot, QUEUE_ADD, queue_add, MTA, M, 0, text("1"), text("u@b.test"), text("a@a.test"));
    try("1", "u@b.test");
    deliver("u@b.test");
    leave("1");
    expect(NULL);
}
