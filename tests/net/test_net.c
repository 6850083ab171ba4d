#include "sim/net/net.h"

#include <criterion/criterion.h>

#include "support_lab.h"

Test(net, hosts_links_and_agents_are_declared_in_the_trace)
{
    struct lab lab;
    lab_start(&lab, 1);
    uint32_t a = net_add_host(lab.net, &(struct net_host_options){.id = SLICE("mx1"),
                                                                  .name = SLICE("mx1.example.org"),
                                                                  .address = 0xCB007119,
                                                                  .admd = SLICE("birch"),
                                                                  .x = 10,
                                                                  .y = 20});
    uint32_t agent =
        net_add_agent(lab.net, a, SLICE("mx1-mta"), SLICE("mta"), SLICE(""), SLICE("25"));
    uint32_t b = lab_host(&lab, "b");
    cr_expect(a == 1 && agent == 2 && b == 3, "hosts and agents share their numbers");
    cr_expect_eq(lab_link(&lab, a, b), 1);
    const struct log *log = &lab.sim.log;
    const struct event_host *h = event_as_host(log_place(log, a));
    cr_expect(slice_equal(log_text(log, h->addr), SLICE("203.0.113.25")));
    cr_expect(slice_equal(log_text(log, h->name), SLICE("mx1.example.org")) && h->x == 10);
    cr_expect_eq(event_as_agent(log_place(log, agent))->at, a);
    cr_expect_eq(log_link(log, 1)->latency, 20000);
    cr_expect(net_host_of(lab.net, agent) == a && net_host_of(lab.net, b) == b);
    cr_expect(net_address(lab.net, agent) == 0xCB007119 && net_host_at(lab.net, 0xCB007119) == a);
    cr_expect(slice_equal(net_host_id(lab.net, agent), SLICE("mx1")));
    cr_expect(slice_equal(net_host_name(lab.net, a), SLICE("mx1.example.org")));
    cr_expect(net_host_of(lab.net, 0) == 0 && net_address(lab.net, 99) == 0);
    cr_expect(net_host_at(lab.net, 1) == 0 && net_host_id(lab.net, 0).size == 0);
    lab_finish(&lab);
}

/* An open connection from "a" to "b". */
static void open_pair(struct lab *lab, struct talker *a, struct talker *b)
{
    lab_pair(lab, 1);
    talker_start(a, lab);
    talker_start(b, lab);
    talker_listen(b, 2, LAB_PORT);
    talker_connect(a, 1, LAB_ADDRESS(2), LAB_PORT);
    lab_run(lab);
    cr_assert(a->opened == 1 && b->accepted == 1);
}

static void close_pair(struct lab *lab, struct talker *a, struct talker *b)
{
    talker_finish(a);
    talker_finish(b);
    lab_finish(lab);
}

Test(net, a_crash_ends_the_hosts_own_connections_at_once)
{
    struct lab lab;
    struct talker a, b;
    open_pair(&lab, &a, &b);
    net_set_host_up(lab.net, 2, false);
    net_set_host_up(lab.net, 2, false);
    cr_expect(b.ended == 1 && b.why == NET_END_CRASHED && a.ended == 0);
    cr_expect_eq(lab_count(&lab, EVENT_CRASH), 1);
    cr_expect(!net_host_is_up(lab.net, 2) && net_host_is_up(lab.net, 1));
    cr_expect_not(net_host_is_up(lab.net, 0));
    close_pair(&lab, &a, &b);
}

Test(net, after_its_boot_a_host_resets_what_it_does_not_know_any_more)
{
    /* RFC 9293 3.5.1: a half-open connection is found out by the reset that answers it */
    struct lab lab;
    struct talker a, b;
    open_pair(&lab, &a, &b);
    net_set_host_up(lab.net, 2, false);
    net_set_host_up(lab.net, 2, true);
    cr_expect_eq(lab_count(&lab, EVENT_BOOT), 1);
    net_send(lab.net, a.wire, SLICE("still there?"), 0);
    lab_run(&lab);
    LAB_EXPECT(&lab, 1,
               "0 > SYN 0\n20000 < SYN ACK 0:1\n40000 open ok\n40000 > ACK 1:1\n"
               "60000 > PSH ACK 1:1 \"still there?\"\n80000 < RST 1\n100000 close reset\n");
    cr_expect(a.ended == 1 && a.why == NET_END_RESET);
    talker_connect(&a, 1, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&lab);
    cr_expect(a.opened == 2 && b.accepted == 2, "the listener has stayed");
    close_pair(&lab, &a, &b);
}

Test(net, what_arrives_at_a_dead_host_is_lost_there)
{
    struct lab lab;
    struct talker a, b;
    open_pair(&lab, &a, &b);
    net_send(lab.net, a.wire, SLICE("hello"), 0);
    net_set_host_up(lab.net, 2, false);
    sim_run(&lab.sim, lab.sim.now + 500 * VTIME_MS, true, 0);
    const struct event_tcp_lost *lost = event_as_tcp_lost(lab_event(&lab, EVENT_TCP_LOST, 0));
    cr_assert(lost);
    cr_expect(lost->link == 0 && lost->from == 1 && lost->to == 2 && lost->conn == 1);
    net_set_host_up(lab.net, 2, true);
    lab_run(&lab);
    cr_expect_eq(a.why, NET_END_RESET, "sent again to a host that has forgotten");
    close_pair(&lab, &a, &b);
}

Test(net, a_host_that_is_down_can_do_nothing)
{
    struct lab lab;
    struct talker a, b;
    open_pair(&lab, &a, &b);
    net_set_host_up(lab.net, 1, false);
    uint32_t segments = lab_count(&lab, EVENT_TCP_SEGMENT);
    talker_connect(&a, 1, LAB_ADDRESS(2), LAB_PORT);
    cr_expect_eq(a.ended, 1, "not within the call");
    net_udp_send(lab.net, 1, 53, LAB_ADDRESS(2), 53, SLICE("x"));
    lab_run(&lab);
    cr_expect(a.ended == 2 && a.why == NET_END_CRASHED);
    cr_expect_eq(lab_count(&lab, EVENT_TCP_SEGMENT), segments);
    cr_expect_eq(lab_count(&lab, EVENT_UDP_DATAGRAM), 0);
    close_pair(&lab, &a, &b);
}

Test(net, one_who_tries_again_while_his_host_crashes_does_not_hang_the_run)
{
    struct lab lab;
    struct talker a, b;
    open_pair(&lab, &a, &b);
    a.reconnects = true;
    a.connects_to = LAB_ADDRESS(2);
    net_set_host_up(lab.net, 1, false);
    cr_expect_eq(a.ended, 1);
    lab_run(&lab);
    cr_expect_eq(lab_count(&lab, EVENT_TCP_CONNECT), 2);
    cr_expect(lab_is_caused(&lab));
    close_pair(&lab, &a, &b);
}

Test(net, a_crash_leads_to_what_its_connections_do_and_to_what_the_caller_does_next)
{
    struct lab lab;
    struct talker a, b;
    open_pair(&lab, &a, &b);
    b.reconnects = true; /* its attempt starts in the callback */
    b.connects_to = LAB_ADDRESS(1);
    lab.sim.cause = 0;
    net_set_host_up(lab.net, 2, false);
    uint32_t crash = lab_event(&lab, EVENT_TCP_CONNECT, 1)->cause;
    cr_expect_eq(log_at(&lab.sim.log, crash)->kind, EVENT_CRASH);
    cr_expect_eq(lab.sim.cause, crash);
    close_pair(&lab, &a, &b);
}

/* Whoever hears of an end says something about it in the trace. */
static void on_ended_emit(void *context, uint32_t wire, enum net_end why)
{
    (void)wire, (void)why;
    sim_emit(context, EVENT_INPUT, &(struct event_input){0});
}

Test(net, what_the_users_of_a_crashed_host_say_leads_neither_to_each_other_nor_to_the_caller)
{
    struct lab lab;
    struct talker a, b;
    open_pair(&lab, &a, &b);
    struct net_user user = {.ended = on_ended_emit, .context = &lab.sim};
    for (int i = 0; i < 2; i++)
        (void)net_connect(lab.net, 1, LAB_ADDRESS(2), LAB_PORT, &user);
    net_set_host_up(lab.net, 1, false);
    uint32_t crash = lab_event(&lab, EVENT_INPUT, 0)->cause;
    cr_expect_eq(log_at(&lab.sim.log, crash)->kind, EVENT_CRASH);
    cr_expect_eq(lab_event(&lab, EVENT_INPUT, 1)->cause, crash);
    cr_expect_eq(lab.sim.cause, crash);
    close_pair(&lab, &a, &b);
}

/* Both hosts of a connection go down while its octets are being handed over. */
static void on_received_crash(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct talker *c = context;
    (void)wire, (void)msg;
    net_set_host_up(c->lab->net, 1, false);
    net_set_host_up(c->lab->net, 2, false);
    net_set_host_up(c->lab->net, 1, true);
    net_set_host_up(c->lab->net, 2, true);
    talker_connect(c, 1, LAB_ADDRESS(2), 26); /* must not get the slot that is still in use */
    bytes_append(&c->got, bytes);
}

static bool on_accept_crash(void *context, uint32_t wire, uint32_t peer, struct net_user *user)
{
    (void)wire, (void)peer;
    *user = (struct net_user){.received = on_received_crash, .context = context};
    return true;
}

Test(net, a_connection_may_end_on_both_sides_while_its_octets_are_handed_over)
{
    struct lab lab;
    struct talker a, b, c;
    lab_pair(&lab, 1);
    talker_start(&a, &lab);
    talker_start(&b, &lab);
    talker_start(&c, &lab);
    a.says = "hello";
    net_listen(lab.net, 2, LAB_PORT, on_accept_crash, &c);
    talker_listen(&b, 2, 26);
    talker_connect(&a, 1, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&lab);
    cr_expect(slice_equal(bytes_slice(&c.got), SLICE("hello")));
    cr_expect(a.ended == 1 && a.why == NET_END_CRASHED);
    cr_expect(c.opened == 1 && b.accepted == 1 && c.ended == 0);
    talker_finish(&c);
    close_pair(&lab, &a, &b);
}

Test(net, the_functions_leave_the_cause_as_it_was)
{
    struct lab lab;
    struct talker a, b;
    open_pair(&lab, &a, &b);
    lab.sim.cause = 3;
    net_send(lab.net, a.wire, SLICE("x"), 0);
    net_udp_send(lab.net, 1, 53, LAB_ADDRESS(2), 53, SLICE("x"));
    (void)net_connect(lab.net, 1, LAB_ADDRESS(2), LAB_PORT, &(struct net_user){0});
    net_close(lab.net, a.wire);
    net_abort(lab.net, a.wire);
    cr_expect_eq(lab.sim.cause, 3);
    close_pair(&lab, &a, &b);
}

Test(net, slots_and_buffers_of_finished_connections_are_used_again)
{
    struct lab lab;
    struct talker a, b;
    open_pair(&lab, &a, &b);
    a.says = "a line of some length";
    a.closes_first = true;
    net_close(lab.net, a.wire);
    lab_run(&lab);
    uint32_t first = a.wire & 0xFFFFFF;
    for (int i = 0; i < 1000; i++) {
        talker_connect(&a, 1, LAB_ADDRESS(2), LAB_PORT);
        lab_run(&lab);
        cr_assert_eq(a.wire & 0xFFFFFF, first);
    }
    cr_expect_eq(a.ended, 1001);
    close_pair(&lab, &a, &b);
}

/* Everything at once: faults at random moments while many talk. Nothing may hang or break. */
Test(net, random_faults_leave_every_connection_with_one_end_of_its_story)
{
    enum { HOSTS = 6, TALKERS = 12 };
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct lab lab;
        struct talker client[TALKERS], server[HOSTS];
        struct random r;
        random_init(&r, seed, SLICE("faults"));
        lab_start(&lab, seed);
        static const char *const ids[HOSTS] = {"a", "b", "c", "d", "e", "f"};
        for (uint32_t i = 0; i < HOSTS; i++)
            lab_host(&lab, ids[i]);
        for (uint32_t i = 1; i <= HOSTS; i++)
            net_set_link_loss(lab.net, lab_link(&lab, i, i % HOSTS + 1), 100000);
        for (uint32_t i = 0; i < HOSTS; i++) {
            talker_start(&server[i], &lab);
            server[i].echoes = true;
            server[i].says = "220";
            talker_listen(&server[i], i + 1, LAB_PORT);
        }
        for (int i = 0; i < TALKERS; i++) {
            talker_start(&client[i], &lab);
            client[i].says = "hello";
            client[i].closes_first = i % 2;
            client[i].aborts = i % 5 == 4 ? TALKER_RECEIVED : TALKER_NEVER;
            talker_connect(&client[i], 1 + (uint32_t)random_below(&r, HOSTS),
                           LAB_ADDRESS(1 + (uint32_t)random_below(&r, HOSTS)), LAB_PORT);
        }
        for (int i = 0; i < 40; i++) {
            sim_run(&lab.sim, lab.sim.now + (int64_t)random_below(&r, 500) * VTIME_MS, false, 0);
            uint32_t which = 1 + (uint32_t)random_below(&r, HOSTS);
            if (random_below(&r, 2))
                net_set_host_up(lab.net, which, random_below(&r, 2));
            else
                net_set_link_up(lab.net, which, random_below(&r, 2));
        }
        cr_expect(sim_run(&lab.sim, VTIME_NEVER, true, 1000000), "seed %d", (int)seed);
        cr_expect(lab_is_caused(&lab));
        for (int i = 0; i < TALKERS; i++) {
            cr_expect_leq(client[i].ended, 1, "seed %d", (int)seed);
            talker_finish(&client[i]);
        }
        for (uint32_t conn = 1; conn <= TALKERS; conn++) {
            int closes = 0;
            for (uint32_t n = 0; n < lab_count(&lab, EVENT_TCP_CLOSE); n++)
                closes += lab_event(&lab, EVENT_TCP_CLOSE, n)->v[0] == conn;
            cr_expect_leq(closes, 1, "seed %d, connection %u", (int)seed, conn);
        }
        for (int i = 0; i < HOSTS; i++)
            talker_finish(&server[i]);
        lab_finish(&lab);
    }
}
