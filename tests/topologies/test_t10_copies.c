/* L10, Too many copies: its checks, in its words. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/topologies/support_run.h"

static const char box[] = "bob@example.org/INBOX";

static uint32_t notices(const struct log *log, uint32_t msg, const char *action)
{
    char all[120];
    snprintf(all, sizeof all, "dsn about=%u action=%s", (unsigned)msg, action);
    return support_matches(log, all);
}

static struct world *start(void)
{
    return support_world_shipped("t10-too-many-copies", 1);
}

static void send_at(struct world *world, int64_t t, const char *subject)
{
    char action[120];
    snprintf(action, sizeof action, "send from=alice@example.com to=bob@example.org subject=%s",
             subject);
    support_do(world, t, action);
}

/* RFC 1047, RFC 5321 4.5.3.2.6: ten minutes are not too long for the answer to the final dot. */
Test(t10, who_does_not_wait_for_the_answer_sends_it_again)
{
    struct world *world = start();
    support_do(world, 0, "set mta-out final_dot_timeout=120s");
    support_do(world, 0, "fault slow-check on");
    send_at(world, VTIME_S, "M");
    world_run_until(world, 70 * VTIME_MIN);
    const struct log *log = world_log(world);
    cr_expect_geq(support_copies(log, support_message(log, "M"), box), 2); /* C1001 */
    support_do(world, 71 * VTIME_MIN, "set mta-out final_dot_timeout=600s");
    send_at(world, 72 * VTIME_MIN, "M2");
    (void)support_run(world);
    cr_expect_eq(support_copies(log, support_message(log, "M2"), box), 1);
    world_destroy(world);
}

Test(t10, or_the_server_repairs_its_side)
{
    struct world *world = start();
    support_do(world, 0, "set mta-out final_dot_timeout=120s");
    support_do(world, 0, "fault slow-check on");
    support_do(world, VTIME_MIN, "fault slow-check off");
    send_at(world, 2 * VTIME_MIN, "M2");
    const struct log *log = support_run(world);
    cr_expect_eq(support_copies(log, support_message(log, "M2"), box), 1);
    world_destroy(world);
}

/* The button "cut now", in the gap between the final dot and the 250. */
Test(t10, cut_in_the_gap_there_are_two_copies_and_nobody_is_to_blame)
{
    struct world *world = start();
    support_do(world, 0, "fault slow-check on");
    send_at(world, VTIME_S, "M3");
    support_do(world, 30 * VTIME_S, "cut out:mx1");
    support_do(world, VTIME_MIN, "fault slow-check off");
    const struct log *log = support_run(world);
    cr_expect_eq(support_copies(log, support_message(log, "M3"), box), 2); /* C1002 */
    cr_expect(support_exists(log, "tcp.lost from=mx1 to=out"), "the 250 was said, and lost");
    world_destroy(world);
}

Test(t10, the_same_without_a_slow_server)
{
    struct world *world = start();
    support_do(world, 0, "fault lost-250 on");
    send_at(world, VTIME_S, "M3");
    const struct log *log = support_run(world);
    cr_expect_eq(support_copies(log, support_message(log, "M3"), box), 2);
    world_destroy(world);
}

/* RFC 5321 6.3, D4: at a hundred Received fields it has gone round often enough. */
Test(t10, a_loop_ends_in_one_notice)
{
    struct world *world = start();
    support_do(world, 0, "fault loop on");
    send_at(world, VTIME_S, "M4");
    const struct log *log = support_run(world);
    uint32_t m = support_message(log, "M4");
    cr_expect_eq(support_matches(log, "reject code=554"), 1); /* C1003 */
    cr_expect_eq(notices(log, m, "failed"), 1);
    cr_expect_eq(support_matches(log, "dsn status=5.4.6"), 1);
    cr_expect_eq(support_copies(log, m, box), 0);
    cr_expect_eq(support_count(log, EVENT_DSN), 1);
    world_destroy(world);
}

Test(t10, without_the_one_route_it_arrives)
{
    struct world *world = start();
    support_do(world, 0, "fault loop on");
    support_do(world, 1, "set mta-mx1 routes=");
    send_at(world, VTIME_S, "M5");
    const struct log *log = support_run(world);
    uint32_t m = support_message(log, "M5");
    cr_expect_eq(support_copies(log, m, box), 1); /* C1004 */
    cr_expect_leq(support_received(log, m, box), 4);
    world_destroy(world);
}

Test(t10, the_demonstration_shows_both)
{
    struct world *world = support_run_demo("t10-too-many-copies");
    const struct log *log = world_log(world);
    cr_expect_geq(support_copies(log, support_message(log, "Once or twice?"), box), 2);
    cr_expect_eq(notices(log, support_message(log, "Round and round"), "failed"), 1);
    world_destroy(world);
}
