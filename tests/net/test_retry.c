#include "sim/net/net.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "support_lab.h"

Test(retry, a_run_without_loss_has_no_timers)
{
    /* RFC 6298 5: what was acknowledged needs none; the run so ends with its last segment */
    struct lab lab;
    struct talker a, b;
    lab_pair(&lab, 1);
    talker_start(&a, &lab);
    talker_start(&b, &lab);
    a.says = "hello";
    talker_listen(&b, 2, LAB_PORT);
    talker_connect(&a, 1, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&lab);
    cr_expect_eq(lab.sim.now, 80 * VTIME_MS);
    cr_expect_eq(schedule_next_t(&lab.sim.schedule), VTIME_NEVER);
    talker_finish(&a);
    talker_finish(&b);
    lab_finish(&lab);
}

Test(retry, a_lost_segment_is_sent_again_after_a_second_then_two_then_four)
{
    /* RFC 6298 2.1, 5.5 */
    struct lab lab;
    struct talker a, b;
    lab_pair(&lab, 1);
    talker_start(&a, &lab);
    talker_start(&b, &lab);
    talker_listen(&b, 2, LAB_PORT);
    talker_connect(&a, 1, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&lab);
    net_set_link_loss(lab.net, 1, 1000000);
    net_send(lab.net, a.wire, SLICE("hi"), 3);
    sim_run(&lab.sim, 6 * VTIME_S, true, 0);
    net_set_link_loss(lab.net, 1, 0);
    lab_run(&lab);
    LAB_EXPECT(&lab, 1,
               "0 > SYN 0\n20000 < SYN ACK 0:1\n40000 open ok\n40000 > ACK 1:1\n"
               "60000 > PSH ACK 1:1 \"hi\"\n80000 lost on 1\n"
               "1060000 > PSH ACK again 1:1 \"hi\"\n1080000 lost on 1\n"
               "3060000 > PSH ACK again 1:1 \"hi\"\n3080000 lost on 1\n"
               "7060000 > PSH ACK again 1:1 \"hi\"\n7080000 < ACK 1:3\n");
    cr_expect(b.received == 1 && b.last_msg == 3);
    const struct event *lost = lab_event(&lab, EVENT_TCP_LOST, 0);
    const struct event_tcp_segment *s = event_as_tcp_segment(log_at(&lab.sim.log, lost->cause));
    cr_expect(s && s->seq == event_as_tcp_lost(lost)->seq, "a loss is caused by its segment");
    talker_finish(&a);
    talker_finish(&b);
    lab_finish(&lab);
}

Test(retry, once_something_gets_through_the_time_out_is_a_second_again)
{
    /* RFC 6298 5.7: what was doubled for one loss is not kept for the next */
    struct lab lab;
    struct talker a, b;
    lab_pair(&lab, 1);
    talker_start(&a, &lab);
    talker_start(&b, &lab);
    talker_listen(&b, 2, LAB_PORT);
    talker_connect(&a, 1, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&lab);
    for (int i = 0; i < 2; i++) {
        int64_t sent_at = lab.sim.now;
        net_set_link_loss(lab.net, 1, 1000000);
        net_send(lab.net, a.wire, SLICE("hi"), 0);
        sim_run(&lab.sim, sent_at + 500 * VTIME_MS, true, 0);
        net_set_link_loss(lab.net, 1, 0);
        lab_run(&lab);
        cr_expect_eq(lab.sim.now - sent_at, 1040 * VTIME_MS, "loss %d", i);
    }
    talker_finish(&a);
    talker_finish(&b);
    lab_finish(&lab);
}

Test(retry, a_lost_acknowledgement_is_made_up_for_without_a_second_delivery)
{
    struct lab lab;
    struct talker a, b;
    lab_pair(&lab, 1);
    talker_start(&a, &lab);
    talker_start(&b, &lab);
    talker_listen(&b, 2, LAB_PORT);
    talker_connect(&a, 1, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&lab);
    net_send(lab.net, a.wire, SLICE("hi"), 0);
    sim_run(&lab.sim, 70 * VTIME_MS, true, 0);
    net_set_link_loss(lab.net, 1, 1000000);
    sim_run(&lab.sim, 90 * VTIME_MS, true, 0);
    net_set_link_loss(lab.net, 1, 0);
    lab_run(&lab);
    LAB_EXPECT(&lab, 1,
               "0 > SYN 0\n20000 < SYN ACK 0:1\n40000 open ok\n40000 > ACK 1:1\n"
               "60000 > PSH ACK 1:1 \"hi\"\n80000 < ACK 1:3\n100000 lost on 1\n"
               "1080000 > PSH ACK again 1:1 \"hi\"\n1100000 < ACK 1:3\n");
    cr_expect_eq(b.received, 1);
    talker_finish(&a);
    talker_finish(&b);
    lab_finish(&lab);
}

Test(retry, an_open_connection_waits_out_a_cut_and_gives_up_after_15_minutes)
{
    for (int is_mended = 0; is_mended < 2; is_mended++) {
        struct lab lab;
        struct talker a, b;
        lab_pair(&lab, 1);
        talker_start(&a, &lab);
        talker_start(&b, &lab);
        talker_listen(&b, 2, LAB_PORT);
        talker_connect(&a, 1, LAB_ADDRESS(2), LAB_PORT);
        lab_run(&lab);
        int64_t sent_at = lab.sim.now;
        net_set_link_up(lab.net, 1, false);
        net_send(lab.net, a.wire, SLICE("anybody there?"), 0);
        sim_run(&lab.sim, 14 * VTIME_MIN, true, 0);
        cr_expect_eq(a.ended, 0);
        if (is_mended)
            net_set_link_up(lab.net, 1, true);
        lab_run(&lab);
        if (is_mended) {
            cr_expect(b.received == 1 && a.ended == 0);
        } else {
            cr_expect(a.ended == 1 && a.why == NET_END_TIMEOUT && b.ended == 0);
            cr_expect_eq(a.ended_at - sent_at, 15 * VTIME_MIN);
            cr_expect_eq(lab_count(&lab, EVENT_TCP_CLOSE), 0, "b has not heard of it");
            net_set_link_up(lab.net, 1, true);
            net_send(lab.net, b.wire, SLICE("hello?"), 0);
            lab_run(&lab);
            cr_expect_eq(b.why, NET_END_RESET);
            const struct event *e = lab_event(&lab, EVENT_TCP_CLOSE, 0);
            cr_expect(
                slice_equal(log_text(&lab.sim.log, event_as_tcp_close(e)->how), SLICE("timeout")));
        }
        talker_finish(&a);
        talker_finish(&b);
        lab_finish(&lab);
    }
}

Test(retry, one_who_has_closed_does_not_wait_for_ever_for_one_who_is_gone)
{
    /* RFC 9293 3.6: in FIN-WAIT-2 nothing is sent, so nothing would ever find it out */
    struct lab lab;
    struct talker a, b;
    lab_pair(&lab, 1);
    talker_start(&a, &lab);
    talker_start(&b, &lab);
    b.stays = true;
    talker_listen(&b, 2, LAB_PORT);
    talker_connect(&a, 1, LAB_ADDRESS(2), LAB_PORT);
    lab_run(&lab);
    net_close(lab.net, a.wire);
    lab_run(&lab);
    cr_expect(b.finished == 1 && a.ended == 0);
    int64_t crash_at = lab.sim.now;
    net_set_host_up(lab.net, 2, false);
    lab_run(&lab);
    cr_expect(a.ended == 1 && a.why == NET_END_TIMEOUT);
    cr_expect_eq(a.ended_at - crash_at, 60 * VTIME_S);
    talker_finish(&a);
    talker_finish(&b);
    lab_finish(&lab);
}

static void fill(struct bytes *b, size_t size, uint64_t seed)
{
    struct random r;
    random_init(&r, seed, SLICE("octets"));
    bytes_init(b, SIZE_MAX);
    for (size_t i = 0; i < size; i++)
        bytes_append_octet(b, (char)random_u64(&r));
}

/* In parts of random size: two calls never share a segment. */
static void send_in_parts(struct lab *lab, uint32_t wire, struct slice all, struct random *r)
{
    while (all.size > 0) {
        size_t part = 1 + random_below(r, 9000);
        net_send(lab->net, wire, slice_part(all, 0, part), 0);
        all = slice_part(all, part, all.size);
    }
    net_close(lab->net, wire);
}

/* Two talkers send each other everything and close, over a way that loses 30 segments of a hundred.
 */
static uint64_t run_lossy(uint64_t seed, size_t size_a, size_t size_b)
{
    struct lab lab;
    struct talker a, b;
    struct bytes from_a, from_b;
    struct random r;
    lab_start(&lab, seed);
    uint32_t ha = lab_host(&lab, "a"), hub = lab_host(&lab, "hub"), hb = lab_host(&lab, "b");
    for (int i = 0; i < 2; i++)
        net_add_link(lab.net, &(struct net_link_options){.id = i ? SLICE("l1") : SLICE("l2"),
                                                         .a = i ? hub : ha,
                                                         .b = i ? hb : hub,
                                                         .latency_us = 20000,
                                                         .jitter_us = 30000,
                                                         .kbps = 10000});
    random_init(&r, seed, SLICE("parts"));
    fill(&from_a, size_a, seed);
    fill(&from_b, size_b, seed + 1);
    talker_start(&a, &lab);
    talker_start(&b, &lab);
    a.stays = b.stays = true;
    talker_listen(&b, hb, LAB_PORT);
    talker_connect(&a, ha, LAB_ADDRESS(3), LAB_PORT);
    lab_run(&lab);
    net_set_link_loss(lab.net, 1, 300000);
    send_in_parts(&lab, a.wire, bytes_slice(&from_a), &r);
    send_in_parts(&lab, b.wire, bytes_slice(&from_b), &r);
    lab_run(&lab);
    cr_expect(slice_equal(bytes_slice(&b.got), bytes_slice(&from_a)), "seed %d", (int)seed);
    cr_expect(slice_equal(bytes_slice(&a.got), bytes_slice(&from_b)), "seed %d", (int)seed);
    cr_expect(a.ended == 1 && b.ended == 1, "seed %d", (int)seed);
    cr_expect(a.why == NET_END_CLOSED && b.why == NET_END_CLOSED, "seed %d", (int)seed);
    cr_expect(lab_is_caused(&lab) && lab_count(&lab, EVENT_TCP_CLOSE) == 1);
    uint64_t hash = lab_hash(&lab);
    bytes_finish(&from_a);
    bytes_finish(&from_b);
    talker_finish(&a);
    talker_finish(&b);
    lab_finish(&lab);
    return hash;
}

Test(retry, everything_arrives_in_order_over_a_link_that_loses_a_third)
{
    static const size_t sizes[] = {0, 1, 1459, 1460, 1461, 20000, 65535, 70000, 200000};
    enum { SIZES = sizeof sizes / sizeof sizes[0] };
    for (uint64_t seed = 1; seed <= 60; seed++)
        run_lossy(seed, sizes[seed % SIZES], sizes[seed * 5 / 3 % SIZES]);
}

Test(retry, connections_open_and_close_over_lossy_links_or_say_that_they_could_not)
{
    for (uint64_t seed = 1; seed <= 300; seed++) {
        struct lab lab;
        struct talker a, b;
        lab_pair(&lab, seed);
        net_set_link_loss(lab.net, 1, 500000);
        talker_start(&a, &lab);
        talker_start(&b, &lab);
        a.says = "from a";
        a.closes_first = true;
        b.says = "from b";
        talker_listen(&b, 2, LAB_PORT);
        talker_connect(&a, 1, LAB_ADDRESS(2), LAB_PORT);
        lab_run(&lab);
        cr_expect_eq(a.ended, 1, "seed %d", (int)seed);
        cr_expect(a.opened || a.why == NET_END_TIMEOUT || a.why == NET_END_REFUSED, "seed %d",
                  (int)seed);
        if (a.why == NET_END_CLOSED)
            cr_expect(b.ended == 1 && slice_equal(bytes_slice(&a.got), SLICE("from b")) &&
                          slice_equal(bytes_slice(&b.got), SLICE("from a")),
                      "seed %d", (int)seed);
        talker_finish(&a);
        talker_finish(&b);
        lab_finish(&lab);
    }
}

Test(retry, one_seed_gives_one_trace_and_another_seed_another)
{
    cr_expect_eq(run_lossy(4, 30000, 20000), run_lossy(4, 30000, 20000));
    cr_expect_neq(run_lossy(4, 30000, 20000), run_lossy(5, 30000, 20000));
}
