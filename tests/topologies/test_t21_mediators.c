/*
 * L21: aliases, forwarding, lists. What a mediator changes in envelope and header, who gets the
 * bounces, and how loops are caught.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "support_mediators.h"

#define ALICE "alice@example.com/INBOX"
#define BOB "bob@example.org/INBOX"
#define BEA "bea@example.org/INBOX"
#define CAROL "carol@example.net/INBOX"

static struct world *world;
static const struct log *trace;

static void open_world(void)
{
    world = support_world_shipped("t21-mediators", 1);
    trace = world_log(world);
}

static void close_world(void)
{
    world_destroy(world);
}

TestSuite(t21, .init = open_world, .fini = close_world);

static void act(const char *action)
{
    support_do(world, world_now(world), action);
}

static uint32_t send(const char *to, const char *subject)
{
    char action[256];
    snprintf(action, sizeof action, "send from=alice@example.com to=%s subject=%s", to, subject);
    act(action);
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(trace);
    return support_message(trace, subject);
}

Test(t21, an_alias_makes_one_address_three_mailboxes_and_leaves_the_reverse_path)
{
    uint32_t m = send("staff@example.org", "M");
    cr_expect_eq(support_copies(trace, m, BOB), 1, "C2101");
    cr_expect_eq(support_copies(trace, m, CAROL), 1, "C2101");
    cr_expect(support_header_has(trace, m, BOB, "Return-Path", 1, "alice@example.com"), "C2101");
    cr_expect_eq(support_copies(trace, m, BEA), 1);
    cr_expect_eq(support_matches(trace, support_pattern("accept from=mx1 to=isp-mx msg=#", m)), 1,
                 "p1: one transaction leaves mx1, the other two are at home");
    cr_expect(support_header_has(trace, m, BOB, "Delivered-To", 1, "bob@example.org"));
    cr_expect(support_exists(trace, support_pattern("expand at=mx1 rcpt=staff@example.org "
                                                    "to=carol@example.net how=alias msg=#",
                                                    m)));
}

Test(t21, a_member_that_fails_is_told_to_the_author_or_to_the_list)
{
    act("fault carol-unknown on");
    uint32_t m2 = send("staff@example.org", "M2"), m3 = send("class@lists.example.net", "M3");
    cr_expect(support_exists(trace, support_pattern("dsn about=# to=alice@example.com", m2)),
              "C2102");
    cr_expect(support_exists(trace,
                             support_pattern("dsn about=# to=class-bounces@lists.example.net", m3)),
              "C2102");
    cr_expect(!support_exists(trace, support_pattern("dsn about=# to=alice@example.com", m3)),
              "C2102");
    cr_expect(support_header_has(trace, m3, BOB, "List-Id", 1, "class"), "C2103");
    cr_expect(support_header_has(trace, m3, BOB, "From", 1, "alice@example.com"), "C2103");
    cr_expect(support_header_has(trace, m2, BOB, "Return-Path", 1, "<alice@example.com>"));
    cr_expect(
        support_header_has(trace, m3, BOB, "Return-Path", 1, "<class-bounces@lists.example.net>"));
    cr_expect_eq(support_matches(trace, "dsn"), 2);
    cr_expect(support_exists(trace, "deliver rcpt=bob@example.org header~MAILER-DAEMON"),
              "the owner of the list reads its bounce");
}

Test(t21, a_forwarding_cycle_ends_with_the_second_stamp_or_with_the_hundredth_hop)
{
    act("fault forward-cycle on");
    uint32_t m4 = send("bob@example.org", "M4");
    cr_expect_leq(support_matches(trace, support_pattern("accept at=mx1 msg=#", m4)), 3, "C2104");
    cr_expect(
        support_exists(trace, support_pattern("queue.giveup rcpt=bob@example.org msg=#", m4)));
    cr_expect(support_exists(trace,
                             support_pattern("dsn about=# to=alice@example.com status=5.4.6", m4)));
    act("set mx1 check_delivered_to=false");
    act("set isp-mx check_delivered_to=false");
    uint32_t m5 = send("bob@example.org", "M5");
    cr_expect_gt(support_matches(trace, support_pattern("accept at=mx1 msg=#", m5)), 20, "C2104");
    cr_expect(support_exists(trace, support_pattern("reject code=554 msg=# text~hops", m5)), "D4");
    cr_expect_eq(support_matches(trace, support_pattern("dsn about=#", m5)), 1, "in one bounce");
    cr_expect_eq(support_copies(trace, m4, BOB) + support_copies(trace, m5, CAROL), 0);
    act("fault forward-cycle off");
    cr_expect_eq(support_copies(trace, send("bob@example.org", "After"), BOB), 1);
}

Test(t21, a_vacation_robot_without_manners_answers_a_list)
{
    act("set bea-vacation skip_lists=false skip_null=false only_named=false");
    uint32_t m6 = send("class@lists.example.net", "M6");
    cr_expect(support_exists(trace, "message by=bea-vacation to=class-bounces@lists.example.net"));
    uint32_t reply = support_message(trace, "Auto: [class] M6");
    cr_expect_eq(support_copies(trace, reply, BOB), 1, "the owner of the list has it");
    cr_expect(support_header_has(trace, reply, BOB, "Auto-Submitted", 1, "auto-replied"));
    cr_expect(support_header_has(trace, reply, BOB, "Return-Path", 1, "<>"), "RFC 3834 3.3");
    cr_expect_eq(support_copies(trace, m6, BEA), 1);
    act("set bea-vacation skip_lists=true skip_null=true");
    send("class@lists.example.net", "M7");
    cr_expect_eq(support_matches(trace, "message by=bea-vacation"), 1, "and now it keeps quiet");
    cr_expect(support_exists(trace, "conf at=bea-vacation key=skip_lists value=true"), "C2105");
}

Test(t21, bea_is_away_and_says_so_to_people_once_a_week)
{
    uint32_t first = send("bea@example.org", "Lunch?");
    uint32_t reply = support_message(trace, "Auto: Lunch?");
    cr_expect_eq(support_copies(trace, reply, ALICE), 1);
    cr_expect(support_header_has(trace, reply, ALICE, "From", 1, "Bea <bea@example.org>"));
    cr_expect(support_header_has(trace, reply, ALICE, "In-Reply-To", 1, "@submit.example.com"));
    send("bea@example.org", "Hungry?");
    cr_expect_eq(support_matches(trace, "message by=bea-vacation"), 1, "once in seven days");
    world_run_until(world, world_now(world) + 8 * 86400 * VTIME_S);
    send("bea@example.org", "Dinner?");
    cr_expect_eq(support_matches(trace, "message by=bea-vacation"), 2, "RFC 3834 2");
    cr_expect_eq(support_copies(trace, first, BEA), 1);
    send("staff@example.org", "All");
    cr_expect_eq(support_matches(trace, "message by=bea-vacation"), 2, "she is not named there");
}

Test(t21, the_demonstration_plays_all_of_it)
{
    struct problem problem = {0};
    cr_assert(world_demo(world, &problem), "%s", problem.what);
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(trace);
    cr_expect(!support_exists(trace, "ui step=refused"), "nothing in it fails");
    cr_expect_eq(support_matches(trace, "expand how=alias"), 6);
    cr_expect(support_exists(trace, "expand how=forward rcpt=carol@example.net"));
    cr_expect(support_exists(trace, "fetch by=pc-bob"));
}
