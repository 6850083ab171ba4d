/* A receive window that closes and opens again (RFC 9293 3.8.6): nothing is lost, nothing is early.
 */
#include <criterion/criterion.h>

#include "support_lab.h"

enum { MUCH = 200 * 1000, WINDOW = 65535 };

struct holder {
    struct lab lab;
    struct talker sender;
    uint32_t wire;
    struct bytes got;
    int finished, ended;
    size_t hold_at; /* closes its window once it has so much; 0: never */
};

static void on_received(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct holder *h = context;
    (void)msg;
    bytes_append(&h->got, bytes);
    if (h->hold_at && bytes_size(&h->got) >= h->hold_at)
        net_hold(h->lab.net, wire);
}

static void on_finished(void *context, uint32_t wire)
{
    struct holder *h = context;
    h->finished++;
    net_close(h->lab.net, wire);
}

static void on_ended(void *context, uint32_t wire, enum net_end why)
{
    struct holder *h = context;
    (void)wire;
    (void)why;
    h->ended++;
}

static bool on_accept(void *context, uint32_t wire, uint32_t peer_address, struct net_user *user)
{
    struct holder *h = context;
    (void)peer_address;
    h->wire = wire;
    *user = (struct net_user){NULL, on_received, on_finished, on_ended, h};
    return true;
}

static void start(struct holder *h)
{
    lab_pair(&h->lab, 1);
    bytes_init(&h->got, SIZE_MAX);
    talker_start(&h->sender, &h->lab);
    net_listen(h->lab.net, net_host_at(h->lab.net, LAB_ADDRESS(2)), LAB_PORT, on_accept, h);
    talker_connect(&h->sender, net_host_at(h->lab.net, LAB_ADDRESS(1)), LAB_ADDRESS(2), LAB_PORT);
}

static void finish(struct holder *h)
{
    talker_finish(&h->sender);
    bytes_finish(&h->got);
    lab_finish(&h->lab);
}

/* So many octets, each telling its place. */
static void send_much(struct holder *h)
{
    struct bytes much;
    bytes_init(&much, SIZE_MAX);
    for (size_t i = 0; i < MUCH; i++)
        bytes_append_octet(&much, (char)(i * 7 + i / 251));
    net_send(h->lab.net, h->sender.wire, bytes_slice(&much), 0);
    bytes_finish(&much);
}

static bool is_as_sent(const struct holder *h)
{
    struct slice got = bytes_slice(&h->got);
    for (size_t i = 0; i < got.size; i++)
        if (got.data[i] != (char)(i * 7 + i / 251))
            return false;
    return true;
}

Test(hold, a_closed_window_stops_the_sender_after_one_window)
{
    struct holder h = {.hold_at = 1};
    start(&h);
    sim_run(&h.lab.sim, VTIME_S, false, 0);
    send_much(&h);
    net_close(h.lab.net, h.sender.wire);
    sim_run(&h.lab.sim, 100 * VTIME_S, false, 0);
    cr_expect_eq(bytes_size(&h.got), 1460, "only what came before the window was closed");
    cr_expect_eq(net_unacknowledged(h.lab.net, h.sender.wire), MUCH - 1460);
    uint32_t sent = 0;
    for (uint32_t n = 0; lab_event(&h.lab, EVENT_TCP_SEGMENT, n); n++)
        sent +=
            (uint32_t)log_text(&h.lab.sim.log,
                               event_as_tcp_segment(lab_event(&h.lab, EVENT_TCP_SEGMENT, n))->data)
                .size;
    cr_expect(sent <= WINDOW + 1460, "%u octets were sent into a closed window", sent);
    cr_expect_eq(h.ended, 0);
    finish(&h);
}

Test(hold, what_has_waited_comes_whole_and_in_order_when_the_window_opens)
{
    struct holder h = {.hold_at = 1};
    start(&h);
    sim_run(&h.lab.sim, VTIME_S, false, 0);
    send_much(&h);
    net_close(h.lab.net, h.sender.wire);
    sim_run(&h.lab.sim, 100 * VTIME_S, false, 0);
    h.hold_at = 0;
    net_release(h.lab.net, h.wire);
    cr_expect_eq(bytes_size(&h.got), 1460, "nobody is called back within a call of theirs");
    lab_run(&h.lab);
    cr_expect_eq(bytes_size(&h.got), MUCH);
    cr_expect(is_as_sent(&h));
    cr_expect(h.finished == 1 && h.ended == 1 && h.sender.ended == 1);
    cr_expect_eq(h.sender.why, NET_END_CLOSED);
    cr_expect(lab_is_caused(&h.lab));
    finish(&h);
}

Test(hold, a_window_that_closes_again_and_again_loses_nothing)
{
    struct holder h = {.hold_at = 1};
    start(&h);
    sim_run(&h.lab.sim, VTIME_S, false, 0);
    send_much(&h);
    net_close(h.lab.net, h.sender.wire);
    for (int i = 0; i < 1000 && h.ended == 0; i++) {
        sim_run(&h.lab.sim, h.lab.sim.now + VTIME_S, false, 0);
        net_release(h.lab.net, h.wire);
        net_release(h.lab.net, h.wire);
    }
    cr_expect_eq(bytes_size(&h.got), MUCH);
    cr_expect(is_as_sent(&h));
    cr_expect_eq(h.finished, 1);
    finish(&h);
}

Test(hold, it_works_on_a_link_that_loses)
{
    struct holder h = {.hold_at = 1};
    start(&h);
    net_set_link_loss(h.lab.net, net_find_link(h.lab.net, 1, 2), 50000);
    sim_run(&h.lab.sim, 10 * VTIME_S, false, 0);
    send_much(&h);
    net_close(h.lab.net, h.sender.wire);
    for (int i = 0; i < 2000 && h.ended == 0; i++) {
        sim_run(&h.lab.sim, h.lab.sim.now + 5 * VTIME_S, false, 0);
        net_release(h.lab.net, h.wire);
    }
    cr_expect_eq(bytes_size(&h.got), MUCH);
    cr_expect(is_as_sent(&h));
    finish(&h);
}

/* Answers each piece with the same again, and a good deal more. */
static void on_question(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct holder *h = context;
    (void)msg;
    h->hold_at++;
    for (int i = 0; i < 100; i++)
        net_send(h->lab.net, wire, bytes, 0);
}

static bool on_talkative_accept(void *context, uint32_t wire, uint32_t peer_address,
                                struct net_user *user)
{
    struct holder *h = context;
    (void)peer_address;
    h->wire = wire;
    *user = (struct net_user){NULL, on_question, on_finished, on_ended, h};
    return true;
}

Test(hold, who_asks_and_never_reads_is_not_heard_any_more_after_a_mebibyte)
{
    struct holder h = {.hold_at = 0}; /* here: how many pieces were answered */
    lab_pair(&h.lab, 1);
    bytes_init(&h.got, SIZE_MAX);
    talker_start(&h.sender, &h.lab);
    net_listen(h.lab.net, net_host_at(h.lab.net, LAB_ADDRESS(2)), LAB_PORT, on_talkative_accept,
               &h);
    talker_connect(&h.sender, net_host_at(h.lab.net, LAB_ADDRESS(1)), LAB_ADDRESS(2), LAB_PORT);
    sim_run(&h.lab.sim, VTIME_S, false, 0);
    net_hold(h.lab.net, h.sender.wire);
    send_much(&h);
    sim_run(&h.lab.sim, 10 * VTIME_S, false, 0);
    size_t waiting = net_unacknowledged(h.lab.net, h.wire);
    cr_expect(waiting > 1024 * 1024 && waiting <= 1024 * 1024 + 100 * 1460, "%zu wait", waiting);
    cr_expect_lt(h.hold_at, (size_t)MUCH / 1460);
    net_release(h.lab.net, h.sender.wire); /* now it reads, and is heard again */
    lab_run(&h.lab);
    cr_expect_eq(h.hold_at, (size_t)MUCH / 1460 + 1);
    cr_expect_eq(h.ended, 0);
    cr_expect_eq(net_unacknowledged(h.lab.net, h.wire), 0, "all was read");
    cr_expect_eq(bytes_size(&h.sender.got), (size_t)MUCH * 100);
    cr_expect(lab_is_caused(&h.lab));
    finish(&h);
}

Test(hold, a_reset_ends_one_that_takes_nothing)
{
    struct holder h = {.hold_at = 1};
    start(&h);
    sim_run(&h.lab.sim, VTIME_S, false, 0);
    send_much(&h);
    sim_run(&h.lab.sim, 2 * VTIME_S, false, 0);
    net_abort(h.lab.net, h.sender.wire);
    lab_run(&h.lab);
    cr_expect_eq(h.ended, 1);
    net_release(h.lab.net, h.wire); /* of long ago: nothing happens */
    net_hold(h.lab.net, h.wire);
    cr_expect_eq(net_unacknowledged(h.lab.net, h.wire), 0);
    lab_run(&h.lab);
    finish(&h);
}
