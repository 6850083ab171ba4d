/* Agents that are stopped while their host runs; connections that are cut. */
#include "sim/net/net.h"

#include <criterion/criterion.h>

#include "support_lab.h"

struct town {
    struct lab lab;
    uint32_t server; /* an agent of host 2 */
    struct talker client, talker;
};

static void start(struct town *t)
{
    lab_pair(&t->lab, 1);
    t->server = net_add_agent(t->lab.net, 2, SLICE("mta"), SLICE("mta"), SLICE(""), SLICE("25"));
    talker_start(&t->client, &t->lab);
    talker_start(&t->talker, &t->lab);
    talker_listen(&t->talker, t->server, LAB_PORT);
}

static void finish(struct town *t)
{
    talker_finish(&t->client);
    talker_finish(&t->talker);
    lab_finish(&t->lab);
}

static void run(struct town *t, int64_t until)
{
    sim_run(&t->lab.sim, until, false, 0);
}

Test(halt, a_stopped_agents_connections_are_reset_and_new_ones_refused)
{
    struct town t;
    start(&t);
    talker_connect(&t.client, 1, LAB_ADDRESS(2), LAB_PORT);
    run(&t, 100 * VTIME_MS);
    net_set_agent_up(t.lab.net, t.server, false);
    cr_expect(t.talker.ended == 1 && t.talker.why == NET_END_CRASHED, "told at once");
    cr_expect_eq(log_at(&t.lab.sim.log, t.lab.sim.cause)->kind, EVENT_STOP);
    lab_run(&t.lab);
    cr_expect_eq(t.client.why, NET_END_RESET);
    cr_expect_not(net_agent_is_up(t.lab.net, t.server));
    cr_expect_not(net_is_listening(t.lab.net, t.server, LAB_PORT));
    talker_connect(&t.client, 1, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&t.lab);
    cr_expect_eq(t.client.why, NET_END_REFUSED, "the host is there, the port is closed");
    net_set_agent_up(t.lab.net, t.server, true);
    t.client.closes_first = true;
    talker_connect(&t.client, 1, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&t.lab);
    cr_expect_eq(t.client.why, NET_END_CLOSED);
    cr_expect_eq(lab_count(&t.lab, EVENT_START), 1);
    net_set_agent_up(t.lab.net, t.server, true);
    cr_expect_eq(lab_count(&t.lab, EVENT_START), 1, "it runs already");
    finish(&t);
}

Test(halt, others_on_the_same_host_go_on)
{
    struct town t;
    struct talker other;
    start(&t);
    uint32_t agent =
        net_add_agent(t.lab.net, 2, SLICE("access"), SLICE("access"), SLICE(""), SLICE("110"));
    talker_start(&other, &t.lab);
    talker_listen(&other, agent, 110);
    net_set_agent_up(t.lab.net, t.server, false);
    talker_connect(&t.client, 1, LAB_ADDRESS(2), 110);
    lab_run(&t.lab);
    cr_expect_eq(t.client.opened, 1);
    talker_finish(&other);
    finish(&t);
}

Test(halt, a_stopped_agent_reaches_nobody_and_hears_no_datagram)
{
    struct town t;
    start(&t);
    net_udp_bind(t.lab.net, t.server, 53, NULL, NULL);
    net_set_agent_up(t.lab.net, t.server, false);
    cr_expect_not(net_is_bound(t.lab.net, t.server, 53));
    net_udp_send(t.lab.net, 1, 5000, LAB_ADDRESS(2), 53, SLICE("?"));
    net_udp_send(t.lab.net, t.server, 53, LAB_ADDRESS(1), 5000, SLICE("!"));
    talker_connect(&t.client, t.server, LAB_ADDRESS(1), LAB_PORT);
    lab_run(&t.lab);
    cr_expect_eq(t.client.why, NET_END_CRASHED);
    cr_expect_eq(lab_count(&t.lab, EVENT_UDP_DATAGRAM), 1);
    cr_expect_eq(lab_count(&t.lab, EVENT_UDP_LOST), 1);
    finish(&t);
}

Test(halt, its_hosts_boot_does_not_start_it)
{
    struct town t;
    start(&t);
    net_set_agent_up(t.lab.net, t.server, false);
    net_set_host_up(t.lab.net, 2, false);
    net_set_host_up(t.lab.net, 2, true);
    talker_connect(&t.client, 1, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&t.lab);
    cr_expect_eq(t.client.why, NET_END_REFUSED);
    finish(&t);
}

/* The reply that is on its way when the cable is cut never comes, nor do its repetitions. */
Test(halt, an_open_connection_that_is_cut_times_out_after_a_quarter_of_an_hour)
{
    struct town t;
    start(&t);
    t.client.says = "hello";
    t.talker.echoes = true;
    talker_connect(&t.client, 1, LAB_ADDRESS(2), LAB_PORT);
    run(&t, 70 * VTIME_MS); /* the echo is on its way */
    net_cut_conn(t.lab.net, 1);
    lab_run(&t.lab);
    cr_expect_eq(t.talker.why, NET_END_TIMEOUT);
    cr_expect(t.talker.ended_at >= 15 * VTIME_MIN && t.talker.ended_at < 16 * VTIME_MIN);
    cr_expect_eq(t.client.received, 0);
    cr_expect_eq(t.talker.received, 1);
    const struct event_tcp_lost *lost = event_as_tcp_lost(lab_event(&t.lab, EVENT_TCP_LOST, 0));
    cr_expect(lost->from == t.server && lost->to == 1);
    talker_connect(&t.client, 1, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&t.lab);
    cr_expect_eq(t.client.received, 1, "the next one is whole");
    finish(&t);
}

Test(halt, a_limit_cuts_where_a_side_says_more_than_that)
{
    for (uint32_t limit = 4; limit <= 6; limit++) {
        struct town t;
        start(&t);
        t.client.says = "hello";
        t.talker.echoes = true;
        talker_connect(&t.client, 1, LAB_ADDRESS(2), LAB_PORT);
        net_cut_conn_after(t.lab.net, 1, false, limit);
        run(&t, 60 * VTIME_S);
        cr_expect_eq(t.talker.received, limit >= 5, "octet 5 of hello at %u", limit);
        cr_expect_eq(t.client.received, limit >= 5);
        finish(&t);
    }
    struct town t;
    start(&t);
    t.client.says = "hello";
    t.talker.echoes = true;
    talker_connect(&t.client, 1, LAB_ADDRESS(2), LAB_PORT);
    net_cut_conn_after(t.lab.net, 1, true, 0);
    run(&t, 60 * VTIME_S);
    cr_expect(t.talker.received == 1 && t.client.received == 0, "its answer is what is lost");
    const struct event_tcp_lost *lost = event_as_tcp_lost(lab_event(&t.lab, EVENT_TCP_LOST, 0));
    cr_expect(lost->from == t.server && lost->link == 1);
    net_cut_conn(t.lab.net, 99); /* there is no such connection */
    finish(&t);
}
