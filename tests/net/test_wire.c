#include "sim/net/net.h"

#include <criterion/criterion.h>

#include "support_lab.h"

/* What most tests here need: "a" connects to "b". */
struct pair {
    struct lab lab;
    struct talker a, b;
    uint32_t host_a, host_b;
};

static void start(struct pair *p)
{
    lab_pair(&p->lab, 1);
    p->host_a = net_host_at(p->lab.net, LAB_ADDRESS(1));
    p->host_b = net_host_at(p->lab.net, LAB_ADDRESS(2));
    talker_start(&p->a, &p->lab);
    talker_start(&p->b, &p->lab);
}

static void finish(struct pair *p)
{
    talker_finish(&p->a);
    talker_finish(&p->b);
    lab_finish(&p->lab);
}

static void meet(struct pair *p)
{
    talker_listen(&p->b, p->host_b, LAB_PORT);
    talker_connect(&p->a, p->host_a, LAB_ADDRESS(2), LAB_PORT);
}

Test(wire, a_dialogue_is_opened_with_three_segments_and_closed_with_three)
{
    /* RFC 9293 3.5 and 3.6: the server greets as soon as the handshake is done */
    struct pair p;
    start(&p);
    p.b.says = "220 b\r\n";
    p.a.says = "EHLO a\r\n";
    p.a.closes_first = true;
    meet(&p);
    lab_run(&p.lab);
    LAB_EXPECT(&p.lab, 1,
               "0 > SYN 0\n"
               "20000 < SYN ACK 0:1\n"
               "40000 open ok\n"
               "40000 > PSH ACK 1:1 \"EHLO a\r\n\"\n"
               "40000 > FIN ACK 9:1\n"
               "60000 < PSH ACK 1:9 \"220 b\r\n\"\n"
               "60000 < FIN ACK 8:10\n"
               "80000 > ACK 10:8\n"
               "80000 > ACK 10:9\n"
               "100000 close closed\n");
    cr_expect(p.a.opened == 1 && p.a.opened_at == 40 * VTIME_MS);
    cr_expect(p.a.ended == 1 && p.a.why == NET_END_CLOSED && p.a.ended_at == 80 * VTIME_MS);
    cr_expect(p.b.ended == 1 && p.b.why == NET_END_CLOSED && p.b.ended_at == 100 * VTIME_MS);
    cr_expect(slice_equal(bytes_slice(&p.b.got), SLICE("EHLO a\r\n")));
    cr_expect(slice_equal(bytes_slice(&p.a.got), SLICE("220 b\r\n")));
    cr_expect(p.b.last_msg == 7 && p.b.opened == 0 && p.b.finished == 1);
    cr_expect(p.a.conn_at_end == 1);
    finish(&p);
}

Test(wire, an_attempt_says_who_where_and_by_which_way)
{
    struct pair p;
    start(&p);
    uint32_t mta =
        net_add_agent(p.lab.net, p.host_b, SLICE("b-mta"), SLICE("mta"), SLICE(""), SLICE("25"));
    talker_listen(&p.b, mta, LAB_PORT);
    talker_connect(&p.a, p.host_a, LAB_ADDRESS(2), LAB_PORT);
    talker_connect(&p.a, p.host_a, LAB_ADDRESS(2), 110);
    talker_connect(&p.a, p.host_a, LAB_ADDRESS(77), 25);
    const struct event_tcp_connect *c =
        event_as_tcp_connect(lab_event(&p.lab, EVENT_TCP_CONNECT, 0));
    cr_expect(c->conn == 1 && c->from == p.host_a && c->to == mta && c->port == 25);
    cr_expect_geq(c->local_port, 49152);
    cr_expect(slice_equal(log_text(&p.lab.sim.log, c->path), SLICE("a b")));
    c = event_as_tcp_connect(lab_event(&p.lab, EVENT_TCP_CONNECT, 1));
    cr_expect(c->conn == 2 && c->to == p.host_b, "nobody listens: the host is shown");
    c = event_as_tcp_connect(lab_event(&p.lab, EVENT_TCP_CONNECT, 2));
    cr_expect(c->to == 0, "nobody has this address");
    cr_expect(net_conn(p.lab.net, p.a.wire) == 3);
    cr_expect(net_peer_address(p.lab.net, p.a.wire) == LAB_ADDRESS(77));
    finish(&p);
}

Test(wire, where_nobody_listens_a_reset_refuses)
{
    /* RFC 9293 3.10.7.1 */
    struct pair p;
    start(&p);
    talker_connect(&p.a, p.host_a, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&p.lab);
    LAB_EXPECT(&p.lab, 1,
               "0 > SYN 0\n"
               "20000 < RST ACK 0:1\n"
               "40000 open refused\n"
               "40000 close reset\n");
    cr_expect(p.a.ended == 1 && p.a.why == NET_END_REFUSED && p.a.opened == 0);
    finish(&p);
}

Test(wire, a_listener_may_refuse_and_be_asked_again)
{
    struct pair p;
    start(&p);
    p.b.refuses = true;
    p.a.reconnects = true;
    p.a.connects_to = LAB_ADDRESS(2);
    meet(&p);
    lab_run(&p.lab);
    cr_expect(p.a.why == NET_END_REFUSED && p.b.accepted == 2 && p.b.ended == 0);
    finish(&p);
}

Test(wire, a_port_has_one_listener_at_a_time)
{
    struct pair p;
    start(&p);
    talker_listen(&p.b, p.host_b, LAB_PORT);
    cr_expect_not(net_listen(p.lab.net, p.host_b, LAB_PORT, NULL, NULL));
    cr_expect(net_listen(p.lab.net, p.host_a, LAB_PORT, NULL, NULL), "another host");
    net_unlisten(p.lab.net, p.host_b, LAB_PORT);
    talker_connect(&p.a, p.host_a, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&p.lab);
    cr_expect(p.a.why == NET_END_REFUSED);
    finish(&p);
}

Test(wire, an_attempt_without_answer_tries_five_times_and_ends_after_exactly_30_s)
{
    struct pair p;
    start(&p);
    talker_listen(&p.b, p.host_b, LAB_PORT);
    net_set_host_up(p.lab.net, p.host_b, false);
    talker_connect(&p.a, p.host_a, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&p.lab);
    LAB_EXPECT(&p.lab, 1,
               "0 > SYN 0\n20000 lost on 0\n"
               "1000000 > SYN again 0\n1020000 lost on 0\n"
               "3000000 > SYN again 0\n3020000 lost on 0\n"
               "7000000 > SYN again 0\n7020000 lost on 0\n"
               "15000000 > SYN again 0\n15020000 lost on 0\n"
               "30000000 open timeout\n30000000 close timeout\n");
    cr_expect(p.a.why == NET_END_TIMEOUT && p.a.ended_at == 30 * VTIME_S);
    finish(&p);
}

Test(wire, an_address_of_nobody_is_answered_by_silence)
{
    struct pair p;
    start(&p);
    talker_connect(&p.a, p.host_a, LAB_ADDRESS(99), LAB_PORT);
    lab_run(&p.lab);
    cr_expect(p.a.why == NET_END_TIMEOUT && p.a.ended_at == 30 * VTIME_S);
    cr_expect_eq(lab_count(&p.lab, EVENT_TCP_LOST), 5);
    finish(&p);
}

Test(wire, an_answer_that_would_take_longer_than_the_attempt_is_not_waited_for)
{
    struct pair p;
    start(&p);
    net_set_link_slow(p.lab.net, 1, 20000000);
    p.b.says = "220 b\r\n";
    meet(&p);
    lab_run(&p.lab);
    cr_expect(p.a.why == NET_END_TIMEOUT && p.a.ended_at == 30 * VTIME_S && p.a.opened == 0);
    cr_expect(p.b.accepted == 1 && p.b.ended == 1, "the answer comes to nobody and is reset");
    finish(&p);
}

Test(wire, one_side_may_close_and_still_listen)
{
    /* RFC 9293 3.6: after its FIN, a goes on receiving */
    struct pair p;
    start(&p);
    p.a.closes_first = true;
    p.a.says = "question";
    p.b.stays = true;
    meet(&p);
    sim_run(&p.lab.sim, VTIME_S, true, 0);
    cr_expect(p.b.finished == 1 && p.b.ended == 0 && p.a.ended == 0);
    net_send(p.lab.net, p.b.wire, SLICE("a long answer"), 0);
    lab_run(&p.lab);
    cr_expect(slice_equal(bytes_slice(&p.a.got), SLICE("a long answer")));
    net_close(p.lab.net, p.b.wire);
    net_close(p.lab.net, p.b.wire);
    lab_run(&p.lab);
    cr_expect(p.a.ended == 1 && p.b.ended == 1 && p.a.why == NET_END_CLOSED);
    finish(&p);
}

Test(wire, both_sides_may_close_at_the_same_moment)
{
    struct pair p;
    start(&p);
    meet(&p);
    lab_run(&p.lab);
    net_close(p.lab.net, p.a.wire);
    net_close(p.lab.net, p.b.wire);
    lab_run(&p.lab);
    cr_expect(p.a.ended == 1 && p.a.why == NET_END_CLOSED);
    cr_expect(p.b.ended == 1 && p.b.why == NET_END_CLOSED);
    cr_expect_eq(lab_count(&p.lab, EVENT_TCP_CLOSE), 1);
    finish(&p);
}

Test(wire, what_is_sent_before_the_handshake_goes_out_after_it)
{
    struct pair p;
    start(&p);
    meet(&p);
    net_send(p.lab.net, p.a.wire, SLICE("early"), 0);
    net_close(p.lab.net, p.a.wire);
    lab_run(&p.lab);
    cr_expect(slice_equal(bytes_slice(&p.b.got), SLICE("early")) && p.b.finished == 1);
    cr_expect(p.a.why == NET_END_CLOSED);
    finish(&p);
}

Test(wire, each_call_starts_a_segment_and_long_ones_are_cut_at_1460)
{
    static const char block[3000] = {0};
    struct pair p;
    start(&p);
    meet(&p);
    lab_run(&p.lab);
    net_send(p.lab.net, p.a.wire, SLICE("DATA\r\n"), 0);
    net_send(p.lab.net, p.a.wire, (struct slice){block, sizeof block}, 0);
    net_send(p.lab.net, p.a.wire, SLICE(""), 0);
    net_send(p.lab.net, p.a.wire, SLICE(".\r\n"), 0);
    lab_run(&p.lab);
    LAB_EXPECT(&p.lab, 1,
               "0 > SYN 0\n20000 < SYN ACK 0:1\n40000 open ok\n40000 > ACK 1:1\n"
               "60000 > PSH ACK 1:1 \"DATA\r\n\"\n"
               "60000 > ACK 7:1 (1460)\n60000 > ACK 1467:1 (1460)\n"
               "60000 > PSH ACK 2927:1 (80)\n60000 > PSH ACK 3007:1 \".\r\n\"\n"
               "80000 < ACK 1:7\n80000 < ACK 1:1467\n80000 < ACK 1:2927\n80000 < ACK 1:3007\n"
               "80000 < ACK 1:3010\n");
    cr_expect_eq(p.b.received, 5);
    finish(&p);
}

Test(wire, no_more_than_a_window_is_unacknowledged)
{
    /* 65535 octets hold 44 segments of 1460: the others wait for acknowledgements */
    static const char block[100000] = {0};
    struct pair p;
    start(&p);
    meet(&p);
    lab_run(&p.lab);
    uint32_t before = lab_count(&p.lab, EVENT_TCP_SEGMENT);
    net_send(p.lab.net, p.a.wire, (struct slice){block, sizeof block}, 0);
    cr_expect_eq(lab_count(&p.lab, EVENT_TCP_SEGMENT) - before, 44);
    int64_t start_at = p.lab.sim.now;
    lab_run(&p.lab);
    cr_expect_eq(bytes_size(&p.b.got), sizeof block);
    cr_expect_eq(p.lab.sim.now - start_at, 80 * VTIME_MS, "two windows, so two round trips");
    finish(&p);
}

Test(wire, an_abort_resets_the_other_side_and_is_silent_here)
{
    struct pair p;
    start(&p);
    meet(&p);
    lab_run(&p.lab);
    net_abort(p.lab.net, p.a.wire);
    net_abort(p.lab.net, p.a.wire);
    net_send(p.lab.net, p.a.wire, SLICE("late"), 0);
    net_send(p.lab.net, p.b.wire, SLICE("on its way"), 0);
    lab_run(&p.lab);
    cr_expect(p.a.ended == 0 && p.b.ended == 1 && p.b.why == NET_END_RESET);
    LAB_EXPECT(&p.lab, 1,
               "0 > SYN 0\n20000 < SYN ACK 0:1\n40000 open ok\n40000 > ACK 1:1\n"
               "60000 > RST ACK 1:1\n60000 < PSH ACK 1:1 \"on its way\"\n"
               "80000 close reset\n80000 > RST 1\n");
    finish(&p);
}

Test(wire, what_was_sent_before_an_abort_still_arrives)
{
    struct pair p;
    start(&p);
    meet(&p);
    lab_run(&p.lab);
    net_send(p.lab.net, p.a.wire, SLICE("last words"), 0);
    net_abort(p.lab.net, p.a.wire);
    lab_run(&p.lab);
    cr_expect(slice_equal(bytes_slice(&p.b.got), SLICE("last words")));
    cr_expect(p.b.why == NET_END_RESET);
    finish(&p);
}

Test(wire, an_end_may_be_aborted_in_each_of_its_own_callbacks)
{
    for (int who = 0; who < 2; who++)
        for (int moment = TALKER_ACCEPTED; moment <= TALKER_FINISHED; moment++) {
            struct pair p;
            start(&p);
            struct talker *aborting = who == 0 ? &p.a : &p.b;
            struct talker *other = who == 0 ? &p.b : &p.a;
            aborting->aborts = (enum talker_moment)moment;
            other->says = "hello";
            other->closes_first = true;
            meet(&p);
            lab_run(&p.lab);
            bool happens =
                moment >= TALKER_RECEIVED || moment == (who == 0 ? TALKER_OPENED : TALKER_ACCEPTED);
            cr_expect_eq(aborting->ended, !happens, "side %d, moment %d", who, moment);
            cr_expect_eq(other->ended, other == &p.a || other->accepted, "side %d, moment %d", who,
                         moment);
            cr_expect_eq(lab_count(&p.lab, EVENT_TCP_CLOSE), 1, "side %d, moment %d", who, moment);
            finish(&p);
        }
}

Test(wire, who_aborts_while_being_asked_sends_a_reset_and_nothing_else)
{
    struct pair p;
    start(&p);
    p.b.aborts = TALKER_ACCEPTED;
    meet(&p);
    lab_run(&p.lab);
    cr_expect_eq(p.a.why, NET_END_REFUSED);
    cr_expect_eq(lab_count(&p.lab, EVENT_TCP_SEGMENT), 2);
    cr_expect_eq(lab_event(&p.lab, EVENT_TCP_SEGMENT, 1)->flags,
                 EVENT_SEGMENT_RST | EVENT_SEGMENT_ACK | EVENT_SEGMENT_BACK);
    finish(&p);
}

Test(wire, aborting_an_attempt_makes_its_answer_be_reset)
{
    struct pair p;
    start(&p);
    meet(&p);
    sim_run(&p.lab.sim, 30 * VTIME_MS, true, 0);
    net_abort(p.lab.net, p.a.wire);
    lab_run(&p.lab);
    cr_expect(p.a.ended == 0 && p.b.why == NET_END_RESET);
    LAB_EXPECT(&p.lab, 1, "0 > SYN 0\n20000 < SYN ACK 0:1\n40000 > RST 1\n60000 close reset\n");
    finish(&p);
}

Test(wire, a_number_of_long_ago_does_no_harm_to_the_next_connection)
{
    struct pair p;
    start(&p);
    p.a.closes_first = true;
    meet(&p);
    lab_run(&p.lab);
    uint32_t old = p.a.wire;
    p.a.closes_first = false;
    talker_connect(&p.a, p.host_a, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&p.lab);
    cr_expect_neq(p.a.wire, old);
    cr_expect_eq(net_conn(p.lab.net, old), 0);
    cr_expect_eq(net_peer_address(p.lab.net, old), 0);
    net_send(p.lab.net, old, SLICE("stray"), 0);
    net_close(p.lab.net, old);
    net_abort(p.lab.net, old);
    lab_run(&p.lab);
    cr_expect(p.a.ended == 1 && p.b.ended == 1, "only the first connection is over");
    cr_expect_eq(bytes_size(&p.b.got), 0);
    finish(&p);
}

Test(wire, a_host_talks_to_itself_in_10_us)
{
    struct pair p;
    start(&p);
    p.a.says = "hi";
    talker_listen(&p.b, p.host_a, LAB_PORT);
    talker_connect(&p.a, p.host_a, LAB_ADDRESS(1), LAB_PORT);
    lab_run(&p.lab);
    cr_expect(p.a.opened_at == 20 * VTIME_US && slice_equal(bytes_slice(&p.b.got), SLICE("hi")));
    const struct event_tcp_connect *c =
        event_as_tcp_connect(lab_event(&p.lab, EVENT_TCP_CONNECT, 0));
    cr_expect(slice_equal(log_text(&p.lab.sim.log, c->path), SLICE("a")));
    finish(&p);
}

/* The receiver makes the sender's buffer move while it still looks at what it got. */
static void on_received_send_more(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    (void)wire, (void)msg;
    static const char block[70000] = {0};
    struct pair *p = context;
    if (p->a.received++ == 0)
        net_send(p->lab.net, p->a.wire, (struct slice){block, sizeof block}, 0);
    bytes_append(&p->b.got, bytes);
}

static bool on_accept_lent(void *context, uint32_t wire, uint32_t peer, struct net_user *user)
{
    (void)wire, (void)peer;
    *user = (struct net_user){.received = on_received_send_more, .context = context};
    return true;
}

Test(wire, octets_stay_where_they_are_while_their_receiver_looks)
{
    struct pair p;
    start(&p);
    net_listen(p.lab.net, p.host_b, LAB_PORT, on_accept_lent, &p);
    p.a.says = "first";
    talker_connect(&p.a, p.host_a, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&p.lab);
    cr_expect_eq(bytes_size(&p.b.got), 5 + 70000);
    cr_expect(slice_starts(bytes_slice(&p.b.got), SLICE("first")));
    finish(&p);
}

Test(wire, every_event_has_a_cause_and_two_segments_do_not_cause_each_other)
{
    struct pair p;
    start(&p);
    p.a.says = "hello";
    p.b.echoes = true;
    meet(&p);
    lab_run(&p.lab);
    net_close(p.lab.net, p.a.wire);
    lab_run(&p.lab);
    cr_expect(lab_is_caused(&p.lab));
    const struct log *log = &p.lab.sim.log;
    for (uint32_t n = 0; n < lab_count(&p.lab, EVENT_TCP_SEGMENT); n++) {
        const struct event *e = lab_event(&p.lab, EVENT_TCP_SEGMENT, n);
        const struct event *cause = log_at(log, e->cause);
        const struct event_tcp_segment *s = event_as_tcp_segment(cause);
        if (s)
            cr_expect_eq(cause->t + (int64_t)s->travel * VTIME_US, e->t,
                         "a segment is caused by one that arrives just then");
    }
    const struct event *open = lab_event(&p.lab, EVENT_TCP_OPEN, 0);
    cr_expect_eq(lab_event(&p.lab, EVENT_TCP_SEGMENT, 2)->cause,
                 (uint32_t)(log_count_until(log, open->t - 1)), "hello follows from the opening");
    finish(&p);
}

/* Whatever its users say in the trace, an acknowledgement follows from what it acknowledges. */
static void on_received_note(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct pair *p = context;
    (void)wire, (void)bytes, (void)msg;
    sim_emit(&p->lab.sim, EVENT_INPUT, &(struct event_input){0});
}

static bool on_accept_note(void *context, uint32_t wire, uint32_t peer, struct net_user *user)
{
    (void)wire, (void)peer;
    *user = (struct net_user){.received = on_received_note, .context = context};
    return true;
}

Test(wire, an_acknowledgement_follows_from_its_segment_not_from_what_was_done_with_it)
{
    struct pair p;
    start(&p);
    net_listen(p.lab.net, p.host_b, LAB_PORT, on_accept_note, &p);
    p.a.says = "hello";
    talker_connect(&p.a, p.host_a, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&p.lab);
    const struct event *hello = lab_event(&p.lab, EVENT_TCP_SEGMENT, 2);
    const struct event *noted = lab_event(&p.lab, EVENT_INPUT, 0);
    const struct event *ack = lab_event(&p.lab, EVENT_TCP_SEGMENT, 3);
    cr_assert(hello && noted && ack);
    cr_expect_eq(log_at(&p.lab.sim.log, noted->cause), hello);
    cr_expect_eq(log_at(&p.lab.sim.log, ack->cause), hello);
    finish(&p);
}

Test(wire, an_attempt_that_was_given_up_is_accepted_by_nobody)
{
    struct pair p;
    start(&p);
    meet(&p);
    net_abort(p.lab.net, p.a.wire);
    lab_run(&p.lab);
    cr_expect_eq(p.b.accepted, 0);
    cr_expect_eq(lab_count(&p.lab, EVENT_TCP_CLOSE), 1);
    finish(&p);
}
