/* L09, Wait, retry, give up: its checks, in its words. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "tests/topologies/support_run.h"

static const char bobs[] = "bob@example.org/INBOX";

/* "queue.try at=out" about one message. */
static const struct event *about(const struct log *log, uint32_t msg, const char *pattern)
{
    char all[120];
    bool is_notice = strncmp(pattern, "dsn", 3) == 0;
    snprintf(all, sizeof all, "%s %s=%u", pattern, is_notice ? "about" : "msg", (unsigned)msg);
    return support_match(log, 0, all);
}

static uint32_t notices(const struct log *log, uint32_t msg, const char *action)
{
    char all[120];
    snprintf(all, sizeof all, "dsn about=%u action=%s", (unsigned)msg, action);
    return support_matches(log, all);
}

static struct world *start(void)
{
    return support_world_shipped("t09-wait-retry", 1);
}

static void send_at(struct world *world, int64_t t, const char *subject)
{
    char action[120];
    snprintf(action, sizeof action, "send from=alice@example.com to=bob@example.org subject=%s",
             subject);
    support_do(world, t, action);
}

/* The Unix second of the n-th attempt, since 09:00. */
static int64_t attempt_s(const struct log *log, uint32_t msg, uint32_t n)
{
    char pattern[40];
    snprintf(pattern, sizeof pattern, "queue.try at=out n=%u", (unsigned)n);
    const struct event *e = about(log, msg, pattern);
    cr_assert(e, "attempt %u", n);
    return e->t / VTIME_S;
}

/* D2: 09:00, 09:30, 11:30, 13:30; at 13:00 Alice gets a "delayed" notice (RFC 5321 4.5.4.1). */
Test(t09, the_attempts_come_as_planned_and_the_notice_half_an_hour_too_early)
{
    struct world *world = start();
    support_do(world, 0, "fault mx1-down on");
    send_at(world, 0, "M");
    support_do(world, 190 * VTIME_MIN, "fault mx1-down off"); /* 12:10 */
    const struct log *log = support_run(world);
    static const int64_t due_s[] = {0, 1800, 9000, 16200};
    uint32_t m = support_message(log, "M");
    for (uint32_t n = 0; n < 4; n++)
        cr_expect_eq(attempt_s(log, m, n + 1), due_s[n]);
    cr_expect_null(about(log, m, "queue.try at=out n=5"));
    cr_expect_eq(support_copies(log, m, bobs), 1); /* C0901 */
    cr_expect_eq(notices(log, m, "delayed"), 1);
    const struct event *notice = about(log, m, "dsn at=out");
    cr_expect_eq(notice->t / VTIME_S, 4 * 3600);
    world_destroy(world);
}

Test(t09, a_full_mailbox_makes_it_wait_and_not_bounce)
{
    struct world *world = start();
    support_do(world, 0, "fault bob-full on");
    send_at(world, VTIME_S, "M2");
    support_do(world, 10 * VTIME_MIN, "fault bob-full off");
    const struct log *log = support_run(world);
    uint32_t m = support_message(log, "M2");
    cr_expect_eq(support_matches(log, "reject code=452"), 1);
    cr_expect_eq(support_matches(log, "smtp.reply esc=4.2.2"), 1);
    cr_expect_eq(notices(log, m, "failed"), 0); /* C0902 */
    cr_expect_eq(support_copies(log, m, bobs), 1);
    world_destroy(world);
}

/* RFC 3464: Action, Status, Remote-MTA, Diagnostic-Code, the header that is returned. */
Test(t09, an_unknown_user_s_letter_comes_back_with_the_reason)
{
    struct world *world = start();
    support_do(world, 0, "fault bob-unknown on");
    send_at(world, VTIME_S, "M3");
    const struct log *log = support_run(world);
    uint32_t m = support_message(log, "M3");
    const struct event_dsn *dsn = event_as_dsn(about(log, m, "dsn at=out"));
    cr_assert(dsn); /* C0903 */
    cr_expect(slice_equal(log_text(log, dsn->to), SLICE("alice@example.com")));
    cr_expect(slice_equal(log_text(log, dsn->action), SLICE("failed")));
    cr_expect(slice_equal(log_text(log, dsn->status), SLICE("5.1.1")));
    const struct event_deliver *e =
        event_as_deliver(support_match(log, 0, "deliver box=alice@example.com/INBOX"));
    cr_assert(e && e->msg == dsn->msg);
    cr_expect(slice_starts(log_text(log, e->header), SLICE("Return-Path: <>\r\n")));
    static const char *const said[] = {"Action: failed", "Status: 5.1.1",
                                       "Remote-MTA: dns; mx1.example.org",
                                       "Diagnostic-Code: smtp; 550", "Subject: M3"};
    for (size_t i = 0; i < sizeof said / sizeof *said; i++)
        cr_expect_neq(slice_find(log_text(log, e->body), slice_of(said[i]), 0), SLICE_NONE, "%s",
                      said[i]);
    world_destroy(world);
}

Test(t09, after_six_days_there_were_two_notices)
{
    struct world *world = start();
    support_do(world, 0, "fault mx1-down on");
    send_at(world, VTIME_S, "M4");
    support_do(world, 6 * VTIME_DAY, "fault mx1-down off");
    const struct log *log = support_run(world);
    uint32_t m = support_message(log, "M4");
    cr_expect_eq(notices(log, m, "delayed"), 1); /* C0904 */
    cr_expect_eq(notices(log, m, "failed"), 1);
    const struct event *add = about(log, m, "queue.add at=out");
    const struct event *end = about(log, m, "queue.giveup at=out");
    cr_assert(add && end);
    cr_expect_geq(end->t - add->t, 4 * VTIME_DAY);
    cr_expect_leq(end->t - add->t, 5 * VTIME_DAY + 2 * VTIME_H);
    cr_expect_eq(support_copies(log, m, bobs), 0);
    world_destroy(world);
}

/* RFC 5321 6.1: a notice that can't be delivered is not answered by another one. */
Test(t09, a_notice_for_nobody_ends_there)
{
    struct world *world = start();
    support_do(world, 0, "fault bob-unknown on");
    support_do(world, 0, "fault alice-gone on");
    send_at(world, VTIME_S, "M5");
    const struct log *log = support_run(world);
    uint32_t m = support_message(log, "M5");
    cr_expect_eq(notices(log, m, "failed"), 1); /* C0905 */
    cr_expect_eq(support_count(log, EVENT_DSN), 1);
    cr_expect_eq(support_matches(log, "deliver box=alice@example.com/INBOX"), 0);
    cr_expect_eq(support_count(log, EVENT_DISCARD), 1);
    world_destroy(world);
}

Test(t09, a_cut_line_makes_it_wait_as_well)
{
    struct world *world = start();
    support_do(world, 0, "fault link-cut on");
    support_do(world, 0, "fault link-cut dns:mx1 on"); /* the way round */
    send_at(world, VTIME_S, "M6");
    support_do(world, VTIME_H, "fault link-cut off");
    const struct log *log = support_run(world);
    uint32_t m = support_message(log, "M6");
    cr_expect_eq(support_copies(log, m, bobs), 1);
    cr_expect(about(log, m, "queue.defer at=out"));
    world_destroy(world);
}

Test(t09, the_demonstration_shows_waiting_and_giving_up)
{
    struct world *world = support_run_demo("t09-wait-retry");
    const struct log *log = world_log(world);
    cr_expect_eq(support_copies(log, support_message(log, "Is anybody there?"), bobs), 1);
    cr_expect_eq(notices(log, support_message(log, "And now?"), "failed"), 1);
    world_destroy(world);
}
