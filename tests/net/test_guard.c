/* Firewalls: who may ask whom for what. */
#include "sim/net/middle.h"

#include <criterion/criterion.h>

#include "support_lab.h"

/* desk (1) - fw (2) - mx (3), 20 ms each; desk and fw are inside. */
struct campus {
    struct lab lab;
    uint32_t desk, fw, mx;
    struct talker client, server;
};

static const struct net_range inside[] = {{LAB_ADDRESS(1), UINT32_MAX},
                                          {LAB_ADDRESS(2), UINT32_MAX}};

static void start(struct campus *c)
{
    lab_start(&c->lab, 1);
    c->desk = lab_host(&c->lab, "desk");
    c->fw = lab_host(&c->lab, "fw");
    c->mx = lab_host(&c->lab, "mx");
    lab_link(&c->lab, c->desk, c->fw);
    lab_link(&c->lab, c->fw, c->mx);
    talker_start(&c->client, &c->lab);
    talker_start(&c->server, &c->lab);
    c->client.closes_first = true;
}

static void finish(struct campus *c)
{
    talker_finish(&c->client);
    talker_finish(&c->server);
    lab_finish(&c->lab);
}

static void set_rule(struct campus *c, uint32_t agent, struct net_rule rule)
{
    net_set_rules(c->lab.net, agent,
                  &(struct net_firewall){
                      .inside = inside, .inside_count = 2, .rules = &rule, .rule_count = 1});
}

static void try_out(struct campus *c, uint32_t port)
{
    talker_listen(&c->server, c->mx, port);
    talker_connect(&c->client, c->desk, LAB_ADDRESS(3), port);
    lab_run(&c->lab);
}

Test(guard, a_reject_comes_back_from_the_firewall_as_blocked)
{
    struct campus c;
    start(&c);
    set_rule(
        &c, c.fw,
        (struct net_rule){
            .verdict = NET_REJECT, .direction = NET_OUT, .ports = {{25, 25}}, .port_count = 1});
    try_out(&c, 25);
    LAB_EXPECT(&c.lab, 1,
               "0 > SYN 0\n"
               "20000 lost on 0\n"
               "40000 open blocked\n"
               "40000 close reset\n");
    cr_expect_eq(c.client.why, NET_END_BLOCKED);
    cr_expect_eq(c.server.accepted, 0);
    const struct event_block *block = event_as_block(lab_event(&c.lab, EVENT_BLOCK, 0));
    cr_assert_not_null(block);
    cr_expect(block->at == c.fw && block->from == c.desk && block->to == c.mx && block->port == 25);
    cr_expect(slice_equal(log_text(&c.lab.sim.log, block->how), SLICE("reject")));
    cr_expect_eq(lab_event(&c.lab, EVENT_BLOCK, 0)->t, 20 * VTIME_MS, "when it gets there");
    cr_expect(lab_is_caused(&c.lab));
    finish(&c);
}

Test(guard, a_drop_is_silence_until_the_attempt_times_out)
{
    struct campus c;
    start(&c);
    set_rule(&c, c.fw, (struct net_rule){.verdict = NET_DROP});
    try_out(&c, 25);
    cr_expect_eq(c.client.why, NET_END_TIMEOUT);
    cr_expect_eq(c.client.ended_at, 30 * VTIME_S, "D1");
    cr_expect_gt(lab_count(&c.lab, EVENT_BLOCK), 3, "each repetition knocks again");
    cr_expect_eq(c.server.accepted, 0);
    finish(&c);
}

Test(guard, rules_match_by_direction_port_transport_and_networks)
{
    static const struct {
        struct net_rule rule;
        bool is_blocked;
    } rows[] = {
        {{.direction = NET_OUT}, true},
        {{.direction = NET_IN}, false},
        {{.transport = NET_TCP}, true},
        {{.transport = NET_UDP}, false},
        {{.ports = {{25, 25}}, .port_count = 1}, true},
        {{.ports = {{26, 465}}, .port_count = 1}, false},
        {{.ports = {{587, 587}, {20, 30}}, .port_count = 2}, true},
        {{.from = {{LAB_ADDRESS(1), UINT32_MAX}}, .from_count = 1}, true},
        {{.from = {{LAB_ADDRESS(3), UINT32_MAX}}, .from_count = 1}, false},
        {{.to = {{LAB_ADDRESS(0), 0xFFFFFF00}}, .to_count = 1}, true},
        {{.to = {{LAB_ADDRESS(1), UINT32_MAX}}, .to_count = 1}, false},
        {{.except = {{LAB_ADDRESS(1), UINT32_MAX}}, .except_count = 1}, false},
        {{.except = {{LAB_ADDRESS(3), UINT32_MAX}}, .except_count = 1}, false},
        {{.except = {{LAB_ADDRESS(2), UINT32_MAX}}, .except_count = 1}, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct campus c;
        start(&c);
        struct net_rule rule = rows[i].rule;
        rule.verdict = NET_REJECT;
        set_rule(&c, c.fw, rule);
        try_out(&c, 25);
        cr_expect_eq(c.client.opened, !rows[i].is_blocked, "row %zu", i);
        finish(&c);
    }
}

Test(guard, the_first_rule_that_matches_decides)
{
    struct campus c;
    start(&c);
    const struct net_rule rules[] = {
        {.verdict = NET_ALLOW, .from = {{LAB_ADDRESS(1), UINT32_MAX}}, .from_count = 1},
        {.verdict = NET_DROP}};
    net_set_rules(c.lab.net, c.fw, &(struct net_firewall){.rules = rules, .rule_count = 2});
    try_out(&c, 25);
    cr_expect_eq(c.client.opened, 1);
    finish(&c);
}

Test(guard, what_is_established_goes_on_when_a_rule_comes)
{
    struct campus c;
    start(&c);
    c.client.closes_first = false;
    c.server.says = "220 hello\r\n";
    talker_listen(&c.server, c.mx, 25);
    talker_connect(&c.client, c.desk, LAB_ADDRESS(3), 25);
    sim_run(&c.lab.sim, 50 * VTIME_MS, false, 0);
    set_rule(&c, c.fw, (struct net_rule){.verdict = NET_DROP});
    net_close(c.lab.net, c.client.wire);
    lab_run(&c.lab);
    cr_expect_eq(c.client.why, NET_END_CLOSED);
    cr_expect_eq(lab_count(&c.lab, EVENT_BLOCK), 0);
    talker_connect(&c.client, c.desk, LAB_ADDRESS(3), 25);
    lab_run(&c.lab);
    cr_expect_eq(c.client.why, NET_END_TIMEOUT, "but nobody new gets through");
    finish(&c);
}

Test(guard, a_firewall_stands_before_a_host_or_on_one_link_only)
{
    struct campus c;
    start(&c);
    uint32_t link = net_find_link(c.lab.net, c.desk, c.fw);
    const struct net_rule rule = {.verdict = NET_REJECT};
    set_rule(&c, c.mx, rule); /* the asked host's own */
    try_out(&c, 25);
    LAB_EXPECT(&c.lab, 1, "0 > SYN 0\n40000 lost on 0\n80000 open blocked\n80000 close reset\n");
    set_rule(&c, c.mx, (struct net_rule){.verdict = NET_ALLOW});
    net_set_rules(c.lab.net, c.fw,
                  &(struct net_firewall){.link = link, .rules = &rule, .rule_count = 1});
    talker_connect(&c.client, c.fw, LAB_ADDRESS(3), 25);
    lab_run(&c.lab);
    cr_expect_eq(c.client.opened, 1, "that way does not cross the link");
    talker_connect(&c.client, c.desk, LAB_ADDRESS(3), 25);
    lab_run(&c.lab);
    cr_expect_eq(c.client.why, NET_END_BLOCKED);
    set_rule(&c, c.desk, rule); /* the asking host's own: nothing leaves it */
    talker_connect(&c.client, c.desk, LAB_ADDRESS(3), 25);
    lab_run(&c.lab);
    LAB_EXPECT(&c.lab, 4,
               "2100000 > SYN 0\n2100000 lost on 0\n"
               "2100000 open blocked\n2100000 close reset\n");
    finish(&c);
}

/* ---- datagrams ---- */

struct ear {
    struct lab *lab;
    uint32_t agent;
    int heard;
    bool answers;
};

static void hear(void *context, uint32_t from, uint32_t port, struct slice bytes)
{
    struct ear *ear = context;
    ear->heard++;
    if (ear->answers)
        net_udp_send(ear->lab->net, ear->agent, 53, from, port, bytes);
}

Test(guard, an_answer_comes_in_where_questions_do_not)
{
    struct campus c;
    start(&c);
    struct ear client = {&c.lab, c.desk, 0, false}, server = {&c.lab, c.mx, 0, true};
    net_udp_bind(c.lab.net, c.mx, 53, hear, &server);
    uint32_t port = net_udp_bind(c.lab.net, c.desk, 0, hear, &client);
    set_rule(&c, c.fw, (struct net_rule){.verdict = NET_DROP, .direction = NET_IN});
    net_udp_send(c.lab.net, c.desk, port, LAB_ADDRESS(3), 53, SLICE("?"));
    lab_run(&c.lab);
    cr_expect(server.heard == 1 && client.heard == 1);
    net_udp_send(c.lab.net, c.mx, 5353, LAB_ADDRESS(1), port, SLICE("!"));
    lab_run(&c.lab);
    cr_expect_eq(client.heard, 1, "nobody has asked there");
    cr_expect_eq(lab_count(&c.lab, EVENT_BLOCK), 1);
    cr_expect_eq(lab_count(&c.lab, EVENT_UDP_LOST), 1);
    finish(&c);
}

Test(guard, what_a_link_has_lost_before_is_not_blocked)
{
    struct campus c;
    start(&c);
    set_rule(&c, c.fw, (struct net_rule){.verdict = NET_DROP});
    net_set_link_loss(c.lab.net, 1, 1000000);
    try_out(&c, 25);
    net_udp_send(c.lab.net, c.desk, 5000, LAB_ADDRESS(3), 53, SLICE("?"));
    lab_run(&c.lab);
    cr_expect_eq(lab_count(&c.lab, EVENT_BLOCK), 0);
    cr_expect_eq(event_as_tcp_lost(lab_event(&c.lab, EVENT_TCP_LOST, 0))->link, 1);
    finish(&c);
}

Test(guard, out_stops_neither_who_comes_in_nor_who_stays_inside)
{
    struct campus c;
    start(&c);
    set_rule(&c, c.fw, (struct net_rule){.verdict = NET_REJECT, .direction = NET_OUT});
    talker_listen(&c.server, c.desk, 25);
    talker_listen(&c.server, c.fw, 25);
    talker_connect(&c.client, c.mx, LAB_ADDRESS(1), 25);
    lab_run(&c.lab);
    cr_expect_eq(c.client.opened, 1);
    talker_connect(&c.client, c.desk, LAB_ADDRESS(2), 25);
    lab_run(&c.lab);
    cr_expect_eq(c.client.opened, 2);
    finish(&c);
}
