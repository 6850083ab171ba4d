/* A campus that hands all its mail to a smart host at its provider, and has to log in there. */
#include <criterion/criterion.h>

#include "support_run.h"
#include "topologies/world_inner.h"

#define BOB "bob@example.org/INBOX"

static struct world *start(void)
{
    return support_world_shipped("campus-smart-host", 1);
}

Test(campus, all_mail_goes_out_by_the_smart_host_and_comes_in_by_one_gate)
{
    struct world *world = support_run_demo("campus-smart-host");
    const struct log *log = world_log(world);
    cr_expect_str_eq(support_path(log, 1, BOB), "submit out relay mx1");
    cr_expect_str_eq(support_path(log, 2, BOB), "desk out relay mx1");
    cr_expect_str_eq(support_path(log, 3, "alice@example.com/INBOX"), "mx1 mx1 out");
    cr_expect(
        support_exists(log, "auth from=out to=relay user=campus@example.net result=ok tls=true"));
    cr_expect_eq(support_matches(log, "block"), 0, "nobody knocks at a closed gate");
    cr_expect(support_exists(log, "fetch by=pc-alice msg=3"));
    world_destroy(world);
}

Test(campus, who_forgets_the_smart_host_finds_port_25_closed)
{
    struct world *world = start();
    support_do(world, 0, "fault direct on");
    support_do(world, VTIME_S, "send from=alice@example.com to=bob@example.org subject=Direct");
    support_do(world, VTIME_MIN, "fault direct off");
    world_run_until(world, VTIME_MIN);
    cr_expect(support_exists(world_log(world), "tcp.open from=out to=mx1 port=25 result=blocked"));
    cr_expect(support_exists(world_log(world), "queue.defer at=out msg=1"));
    const struct log *log = support_run(world);
    cr_expect_str_eq(support_path(log, 1, BOB), "submit out relay mx1");
    world_destroy(world);
}

Test(campus, the_smart_host_takes_nothing_from_who_does_not_log_in)
{
    struct world *world = start();
    support_do(world, 0, "set mta-out next_user=");
    support_do(world, VTIME_S, "send from=alice@example.com to=bob@example.org subject=Who");
    const struct log *log = support_run(world);
    cr_expect(support_exists(log, "smtp.reply from=relay to=out code=530"));
    cr_expect_eq(support_copies(log, 1, BOB), 0);
    cr_expect(support_exists(log, "dsn about=1 action=failed"));
    world_destroy(world);
}

Test(campus, nobody_outside_reaches_another_machine_of_the_campus)
{
    static const char *const rows[] = {"tcp.open from=mx1 to=desk port=25 result=timeout",
                                       "tcp.open from=mx1 to=submit port=587 result=timeout",
                                       "tcp.open from=mx1 to=out port=110 result=timeout",
                                       "tcp.open from=mx1 to=out port=25 result=ok"};
    static const struct {
        const char *host;
        uint32_t port;
    } tries[] = {{"desk", 25}, {"submit", 587}, {"out", 110}, {"out", 25}};
    struct world *world = start();
    uint32_t mx1 = log_find_place(world_log(world), SLICE("mx1"));
    for (size_t i = 0; i < 4; i++) {
        uint32_t host = log_find_place(world_log(world), slice_of(tries[i].host));
        net_connect(world->net, mx1, net_address(world->net, host), tries[i].port,
                    &(struct net_user){0});
    }
    world_run_until(world, VTIME_MIN);
    for (size_t i = 0; i < 4; i++)
        cr_expect(support_exists(world_log(world), rows[i]), "%s", rows[i]);
    world_destroy(world);
}

/* An agent is stopped and not its host: the others on it go on, and its mail waits. */
Test(campus, a_stopped_server_refuses_and_its_mail_waits_at_the_others)
{
    struct world *world = start();
    support_do(world, 0, "fault agent-down mta-out on");
    support_do(world, VTIME_S, "send from=alice@example.com to=bob@example.org subject=Later");
    support_do(world, 2 * VTIME_S, "fetch by=pc-alice");
    support_do(world, VTIME_MIN, "fault agent-down mta-out off");
    world_run_until(world, VTIME_MIN);
    const struct log *log = world_log(world);
    cr_expect(support_exists(log, "stop at=mta-out"));
    cr_expect(support_exists(log, "tcp.open from=submit to=out port=25 result=refused"));
    cr_expect(support_exists(log, "pop.reply from=out to=pc-alice"), "the access server is there");
    cr_expect(support_exists(log, "queue.defer at=submit msg=1"));
    log = support_run(world);
    cr_expect(support_before(log, "start at=mta-out", "deliver msg=1"));
    world_destroy(world);
}

/* Stopped with mail in its queue: nothing leaves it, and nothing of it is lost by that. */
Test(campus, a_stopped_server_keeps_its_queue)
{
    struct world *world = start();
    support_do(world, 0, "fault relay-down on");
    support_do(world, VTIME_S, "send from=alice@example.com to=bob@example.org subject=Kept");
    support_do(world, 2 * VTIME_MIN, "fault agent-down mta-out on");
    support_do(world, 3 * VTIME_MIN, "fault relay-down off");
    support_do(world, 10 * VTIME_H, "fault agent-down mta-out off");
    world_run_until(world, 10 * VTIME_H - VTIME_S);
    const struct log *log = world_log(world);
    cr_expect(support_exists(log, "queue.defer at=out msg=1"));
    cr_expect_not(support_exists(log, "deliver msg=1"));
    log = support_run(world);
    cr_expect_str_eq(support_path(log, 1, BOB), "submit out relay mx1");
    world_destroy(world);
}
