/* Taps read what passes; a box may overwrite octets in flight. */
#include "sim/net/middle.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support_lab.h"

/* a (1) - b (2) - c (3); the ear is at b. */
struct line {
    struct lab lab;
    uint32_t a, b, c;
    struct talker client, server;
    struct bytes heard; /* a line a segment: "40000 > hello" */
    const char *hides;  /* is overwritten with as many X */
};

static void hear(void *context, const struct net_passage *p)
{
    struct line *line = context;
    cr_expect_eq(p->port, 25);
    bytes_printf(&line->heard, "%lld %c%s %.*s\n", (long long)(line->lab.sim.now / VTIME_US),
                 p->is_back ? '<' : '>', p->is_last ? " last" : "", SLICE_ARG(p->octets));
    size_t at = line->hides ? slice_find(p->octets, slice_of(line->hides), 0) : SLICE_NONE;
    if (at != SLICE_NONE)
        net_overwrite(line->lab.net, at, slice_part(SLICE("XXXXXXXXXXXX"), 0, strlen(line->hides)));
}

static void start(struct line *line, uint64_t seed)
{
    lab_start(&line->lab, seed);
    line->a = lab_host(&line->lab, "a");
    line->b = lab_host(&line->lab, "b");
    line->c = lab_host(&line->lab, "c");
    lab_link(&line->lab, line->a, line->b);
    lab_link(&line->lab, line->b, line->c);
    talker_start(&line->client, &line->lab);
    talker_start(&line->server, &line->lab);
    bytes_init(&line->heard, SIZE_MAX);
    line->hides = NULL;
    talker_listen(&line->server, line->c, 25);
}

static void finish(struct line *line)
{
    talker_finish(&line->client);
    talker_finish(&line->server);
    bytes_finish(&line->heard);
    lab_finish(&line->lab);
}

static void expect_heard(const struct line *line, const char *expected)
{
    cr_expect(slice_equal(bytes_slice(&line->heard), slice_of(expected)), "expected\n%sgot\n%.*s",
              expected, SLICE_ARG(bytes_slice(&line->heard)));
}

Test(watch, a_tap_reads_what_passes_its_host_when_it_passes)
{
    struct line line;
    start(&line, 1);
    net_set_watch(line.lab.net, line.b, 0, hear, &line);
    line.server.says = "hello";
    line.client.closes_first = true;
    line.client.says = "bye";
    talker_connect(&line.client, line.a, LAB_ADDRESS(3), 25);
    lab_run(&line.lab);
    expect_heard(&line, "20000 > \n60000 < \n100000 > bye\n100000 > last \n140000 < hello\n"
                        "140000 < last \n180000 > \n180000 > \n");
    finish(&line);
}

Test(watch, a_tap_on_a_link_hears_that_link_only)
{
    struct line line;
    start(&line, 1);
    net_set_watch(line.lab.net, line.b, net_find_link(line.lab.net, line.a, line.b), hear, &line);
    talker_connect(&line.client, line.b, LAB_ADDRESS(3), 25);
    lab_run(&line.lab);
    expect_heard(&line, "");
    line.client.closes_first = true;
    talker_connect(&line.client, line.a, LAB_ADDRESS(3), 25);
    lab_run(&line.lab);
    cr_expect_gt(bytes_size(&line.heard), 0);
    bytes_clear(&line.heard);
    net_set_watch(line.lab.net, line.b, 0, NULL, NULL);
    talker_connect(&line.client, line.a, LAB_ADDRESS(3), 25);
    lab_run(&line.lab);
    expect_heard(&line, "");
    finish(&line);
}

Test(watch, a_tap_changes_nothing_for_those_who_talk)
{
    struct line with, without;
    start(&with, 1);
    start(&without, 1);
    net_set_watch(with.lab.net, with.b, 0, hear, &with);
    struct line *both[] = {&with, &without};
    for (int i = 0; i < 2; i++) {
        net_set_link_loss(both[i]->lab.net, 1, 300000);
        both[i]->client.says = "one two three";
        both[i]->server.echoes = true;
        both[i]->client.closes_first = true;
        talker_connect(&both[i]->client, both[i]->a, LAB_ADDRESS(3), 25);
        lab_run(&both[i]->lab);
    }
    cr_expect_eq(lab_hash(&with.lab), lab_hash(&without.lab));
    finish(&with);
    finish(&without);
}

Test(watch, what_is_lost_before_the_tap_is_not_heard_and_its_repetition_is)
{
    struct line line;
    start(&line, 1);
    net_set_watch(line.lab.net, line.b, 0, hear, &line);
    line.client.says = "hello";
    talker_connect(&line.client, line.a, LAB_ADDRESS(3), 25);
    sim_run(&line.lab.sim, 70 * VTIME_MS, false, 0);
    bytes_clear(&line.heard);
    net_set_link_loss(line.lab.net, 1, 1000000);
    sim_run(&line.lab.sim, 90 * VTIME_MS, false, 0);
    net_set_link_loss(line.lab.net, 1, 0);
    net_close(line.lab.net, line.client.wire);
    sim_run(&line.lab.sim, 2 * VTIME_S, false, 0);
    cr_expect_neq(slice_find(bytes_slice(&line.heard), SLICE("> hello"), 0), SLICE_NONE);
    cr_expect_eq(bytes_slice(&line.heard).data[0], '1', "not before the second second");
    finish(&line);
}

Test(watch, overwritten_octets_reach_the_receiver)
{
    struct line line;
    start(&line, 1);
    line.hides = "STARTTLS";
    net_set_watch(line.lab.net, line.b, 0, hear, &line);
    line.server.says = "250-STARTTLS\r\n250 SIZE\r\n";
    talker_connect(&line.client, line.a, LAB_ADDRESS(3), 25);
    line.client.closes_first = true;
    lab_run(&line.lab);
    cr_expect(slice_equal(bytes_slice(&line.client.got), SLICE("250-XXXXXXXX\r\n250 SIZE\r\n")));
    cr_expect_eq(line.client.why, NET_END_CLOSED, "no sequence number has changed");
    finish(&line);
}

static void count_x(void *context, const struct net_passage *p)
{
    *(int *)context += slice_find(p->octets, SLICE("XXXX"), 0) != SLICE_NONE;
}

Test(watch, who_listens_behind_the_box_hears_what_the_box_has_made_of_it)
{
    struct line line;
    int behind = 0, before = 0;
    start(&line, 1);
    line.hides = "STARTTLS";
    net_set_watch(line.lab.net, line.b, 0, hear, &line);
    net_set_watch(line.lab.net, line.a, 0, count_x, &behind);
    net_set_watch(line.lab.net, line.c, 0, count_x, &before);
    line.server.says = "250-STARTTLS\r\n";
    line.client.closes_first = true;
    talker_connect(&line.client, line.a, LAB_ADDRESS(3), 25);
    lab_run(&line.lab);
    cr_expect(behind == 1 && before == 0);
    finish(&line);
}

/* The segment is lost behind the box: what is sent again is overwritten again, once in all. */
Test(watch, a_repetition_is_overwritten_too_and_the_sender_keeps_its_own_octets)
{
    struct line line;
    start(&line, 1);
    line.hides = "STARTTLS";
    net_set_watch(line.lab.net, line.b, 0, hear, &line);
    line.server.says = "250-STARTTLS\r\n";
    talker_connect(&line.client, line.a, LAB_ADDRESS(3), 25);
    sim_run(&line.lab.sim, 110 * VTIME_MS, false, 0);
    net_set_link_loss(line.lab.net, 1, 1000000);
    sim_run(&line.lab.sim, 130 * VTIME_MS, false, 0); /* it has left the server */
    net_set_link_loss(line.lab.net, 1, 0);
    sim_run(&line.lab.sim, 5 * VTIME_S, false, 0);
    cr_expect(slice_equal(bytes_slice(&line.client.got), SLICE("250-XXXXXXXX\r\n")), "%.*s",
              SLICE_ARG(bytes_slice(&line.client.got)));
    int again = 0;
    for (uint32_t n = 0; lab_event(&line.lab, EVENT_TCP_SEGMENT, n); n++) {
        const struct event *e = lab_event(&line.lab, EVENT_TCP_SEGMENT, n);
        struct slice data = log_text(&line.lab.sim.log, event_as_tcp_segment(e)->data);
        again += (e->flags & EVENT_SEGMENT_AGAIN) && slice_equal(data, SLICE("250-STARTTLS\r\n"));
    }
    cr_expect_geq(again, 1);
    finish(&line);
}

static bool take(void *context, uint32_t wire, uint32_t peer, uint32_t address, uint32_t port,
                 struct net_user *user)
{
    struct line *line = context;
    cr_expect(peer == LAB_ADDRESS(1) && address == LAB_ADDRESS(3) && port == 25);
    cr_expect_eq(net_place(line->lab.net, wire), line->b);
    line->server.accepted += 100;
    *user = (struct net_user){0};
    net_send(line->lab.net, wire, SLICE("I am b"), 0);
    net_close(line->lab.net, wire);
    return true;
}

Test(box, takes_a_connection_on_its_way_in_the_servers_place)
{
    struct line line;
    start(&line, 1);
    net_intercept(line.lab.net, line.b, (const uint32_t[]){25}, 1, take, &line);
    talker_listen(&line.server, line.c, 26);
    talker_connect(&line.client, line.a, LAB_ADDRESS(3), 25);
    cr_expect_eq(net_peer_address(line.lab.net, line.client.wire), LAB_ADDRESS(3), "so it seems");
    sim_run(&line.lab.sim, VTIME_S, false, 0);
    cr_expect_eq(line.server.accepted, 100);
    cr_expect(slice_equal(bytes_slice(&line.client.got), SLICE("I am b")));
    const struct event_tcp_connect *c =
        event_as_tcp_connect(lab_event(&line.lab, EVENT_TCP_CONNECT, 0));
    cr_expect_eq(c->to, line.b, "the trace knows");
    cr_expect(slice_equal(log_text(&line.lab.sim.log, c->path), SLICE("a b")));
    talker_connect(&line.client, line.a, LAB_ADDRESS(3), 26);
    sim_run(&line.lab.sim, 2 * VTIME_S, false, 0);
    cr_expect_eq(line.server.accepted, 101, "another port goes its way");
    talker_connect(&line.client, line.b, LAB_ADDRESS(3), 25);
    sim_run(&line.lab.sim, 3 * VTIME_S, false, 0);
    cr_expect_eq(line.server.accepted, 102, "and so does what the box's host asks for");
    net_intercept(line.lab.net, line.b, NULL, 0, take, &line);
    talker_connect(&line.client, line.a, LAB_ADDRESS(3), 25);
    sim_run(&line.lab.sim, 4 * VTIME_S, false, 0);
    cr_expect_eq(line.server.accepted, 103);
    finish(&line);
}
