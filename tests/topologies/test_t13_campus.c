/* Smart hosts and closed ports (lesson L13): the gates of a campus, and who may go through them. */
#include <criterion/criterion.h>

#include "support_run.h"
#include "topologies/world_inner.h"

#define BOB "bob@example.org/INBOX"
#define SEND "send from=amir@desk.example.com to=bob@example.org subject="

static struct world *start(void)
{
    return support_world_shipped("t13-campus", 1);
}

/* Somebody at `from` opens a connection to desk:25 by hand. */
static void knock(struct world *world, const char *from)
{
    net_connect(world->net, log_find_place(world_log(world), slice_of(from)),
                net_address(world->net, log_find_place(world_log(world), SLICE("desk"))), 25,
                &(struct net_user){0});
}

Test(t13_campus, with_open_gates_the_desk_looks_up_the_mx_and_delivers_itself)
{
    struct world *world = start();
    support_do(world, 0, SEND "M");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "dns.query from=desk name=example.org type=MX"), "C1301");
    cr_expect_str_eq(support_path(log, 1, BOB), "desk mx1");
    world_destroy(world);
}

Test(t13_campus, a_closed_gate_keeps_the_mail_in_the_queue)
{
    struct world *world = start();
    support_do(world, 0, "fault fw-block-25 on");
    support_do(world, VTIME_S, SEND "M2");
    world_run_until(world, VTIME_MIN);
    const struct log *log = world_log(world);
    cr_expect(support_exists(log, "tcp.open from=desk to=mx1 port=25 result=blocked"), "C1301");
    cr_expect(support_exists(log, "block at=fw from=desk to=mx1 port=25 how=reject"),
              "the gate shows who knocked");
    cr_expect(support_exists(log, "queue.defer at=desk msg=1"));
    support_do(world, VTIME_MIN, "set mta-desk next=relay");
    support_do(world, VTIME_MIN + VTIME_S, "flush desk");
    log = support_run(world);
    cr_expect_str_eq(support_path(log, 1, BOB), "desk relay mx1", "C1302");
    cr_expect(support_exists(log, "dns.query from=relay name=example.org type=MX"), "C1302");
    world_destroy(world);
}

Test(t13_campus, the_relay_alone_may_still_speak_smtp_to_the_world)
{
    struct world *world = start();
    support_do(world, 0, "fault fw-block-25 on");
    support_do(world, 0, "set mta-desk next=relay");
    support_do(world, VTIME_S, SEND "M2");
    const struct log *log = support_run(world);
    cr_expect_eq(support_matches(log, "block at=fw"), 0);
    cr_expect_eq(support_copies(log, 1, BOB), 1);
    world_destroy(world);
}

Test(t13_campus, a_local_listener_refuses_the_world_and_local_mail_still_works)
{
    struct world *world = start();
    support_do(world, 0, "set mta-desk listen=127.0.0.1");
    world_run_until(world, VTIME_S);
    knock(world, "you");
    support_do(world, 2 * VTIME_S,
               "send from=alice@desk.example.com to=amir@desk.example.com subject=M3");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "tcp.open from=you to=desk port=25 result=refused"), "C1303");
    cr_expect_eq(support_copies(log, 1, "amir@desk.example.com/INBOX"), 1, "C1303");
    cr_expect(support_exists(log, "conf at=desk key=listen value=127.0.0.1"), "C1303");
    world_destroy(world);
}

Test(t13_campus, the_switch_closes_the_campus_to_who_asks_from_outside)
{
    struct world *world = start();
    knock(world, "you");
    world_run_until(world, VTIME_S);
    support_do(world, 2 * VTIME_S, "fault fw-block-in on");
    world_run_until(world, 3 * VTIME_S);
    knock(world, "you");
    support_do(world, 4 * VTIME_S, SEND "M");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "tcp.open from=you to=desk port=25 result=ok"));
    cr_expect(support_exists(log, "tcp.open from=you to=desk port=25 result=timeout"));
    cr_expect_eq(support_copies(log, 1, BOB), 1, "what is asked for from inside is answered");
    world_destroy(world);
}

Test(t13_campus, mail_waits_at_the_desk_while_the_relay_is_down)
{
    struct world *world = start();
    support_do(world, 0, "set mta-desk next=relay");
    support_do(world, VTIME_S, "fault relay-down on");
    support_do(world, 2 * VTIME_S, SEND "M4");
    support_do(world, VTIME_MIN * 10, "fault relay-down off");
    world_run_until(world, VTIME_MIN * 9);
    cr_expect(support_exists(world_log(world), "queue.defer at=desk msg=1"), "C1304");
    const struct log *log = support_run(world);
    cr_expect_eq(support_copies(log, 1, BOB), 1, "C1304");
    world_destroy(world);
}
