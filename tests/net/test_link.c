#include "sim/net/net.h"

#include <criterion/criterion.h>

#include "support_lab.h"

/* Datagrams show a link's arithmetic without handshakes: 28 octets of headers and the payload. */
struct line {
    struct lab lab;
    uint32_t a, b, c;
    uint32_t count;
    int64_t at[64];
    char first[64];
};

static void on_datagram(void *context, uint32_t from, uint32_t port, struct slice bytes)
{
    struct line *line = context;
    (void)from, (void)port;
    line->first[line->count] = bytes.size ? bytes.data[0] : 0;
    line->at[line->count++] = line->lab.sim.now;
}

/* a - b - c; the first link is as given. */
static void start(struct line *line, uint64_t seed, struct net_link_options first)
{
    *line = (struct line){.count = 0};
    lab_start(&line->lab, seed);
    line->a = lab_host(&line->lab, "a");
    line->b = lab_host(&line->lab, "b");
    line->c = lab_host(&line->lab, "c");
    first.id = SLICE("first");
    first.a = line->a;
    first.b = line->b;
    net_add_link(line->lab.net, &first);
    lab_link(&line->lab, line->b, line->c);
    net_udp_bind(line->lab.net, line->b, 53, on_datagram, line);
    net_udp_bind(line->lab.net, line->c, 53, on_datagram, line);
}

static void send_to(struct line *line, uint32_t to, size_t size, char mark)
{
    char payload[2000] = {mark};
    net_udp_send(line->lab.net, line->a, 5000, net_address(line->lab.net, to), 53,
                 (struct slice){payload, size});
}

Test(link, latency_is_paid_on_each_link)
{
    struct line line;
    start(&line, 1, (struct net_link_options){.latency_us = 5000});
    send_to(&line, line.b, 100, 0);
    send_to(&line, line.c, 100, 0);
    lab_run(&line.lab);
    cr_expect(line.at[0] == 5 * VTIME_MS && line.at[1] == 25 * VTIME_MS);
    cr_expect_eq(event_as_udp_datagram(lab_event(&line.lab, EVENT_UDP_DATAGRAM, 1))->travel, 25000);
    net_set_link_slow(line.lab.net, 1, 1000);
    int64_t start_at = line.lab.sim.now;
    send_to(&line, line.b, 100, 0);
    lab_run(&line.lab);
    cr_expect_eq(line.at[2] - start_at, 6 * VTIME_MS);
    lab_finish(&line.lab);
}

Test(link, bandwidth_makes_packets_wait_for_each_other)
{
    /* 972 + 28 octets are 8000 bits: 8 ms at 1000 kbit/s */
    struct line line;
    start(&line, 1, (struct net_link_options){.latency_us = 5000, .kbps = 1000});
    for (int i = 0; i < 3; i++)
        send_to(&line, line.b, 972, 0);
    lab_run(&line.lab);
    cr_expect(line.at[0] == 13 * VTIME_MS && line.at[1] == 21 * VTIME_MS);
    cr_expect_eq(line.at[2], 29 * VTIME_MS);
    send_to(&line, line.b, 972, 0);
    lab_run(&line.lab);
    cr_expect_eq(line.at[3], (29 + 13) * VTIME_MS, "the queue is empty by now");
    lab_finish(&line.lab);
}

Test(link, occupation_is_rounded_up_to_whole_microseconds)
{
    /* 29 octets are 232 bits: 773.3 us at 300 kbit/s */
    struct line line;
    start(&line, 1, (struct net_link_options){.kbps = 300});
    send_to(&line, line.b, 1, 0);
    lab_run(&line.lab);
    cr_expect_eq(line.at[0], 774 * VTIME_US);
    lab_finish(&line.lab);
}

Test(link, directions_do_not_hinder_each_other)
{
    struct line line;
    start(&line, 1, (struct net_link_options){.latency_us = 5000, .kbps = 1000});
    net_udp_bind(line.lab.net, line.a, 53, on_datagram, &line);
    send_to(&line, line.b, 972, 'x');
    char payload[972] = {0};
    net_udp_send(line.lab.net, line.b, 53, LAB_ADDRESS(1), 53,
                 (struct slice){payload, sizeof payload});
    lab_run(&line.lab);
    cr_expect(line.at[0] == 13 * VTIME_MS && line.at[1] == 13 * VTIME_MS);
    lab_finish(&line.lab);
}

Test(link, jitter_varies_but_keeps_the_order)
{
    enum { COUNT = 60 };
    struct line line;
    start(&line, 3, (struct net_link_options){.latency_us = 5000, .jitter_us = 4000});
    for (int i = 0; i < COUNT; i++)
        send_to(&line, line.b, 1, (char)i);
    lab_run(&line.lab);
    cr_assert_eq(line.count, COUNT);
    int64_t least = INT64_MAX, most = 0;
    for (int i = 0; i < COUNT; i++) {
        cr_expect_eq(line.first[i], i);
        cr_expect(line.at[i] >= 5 * VTIME_MS && line.at[i] <= 9 * VTIME_MS);
        least = line.at[i] < least ? line.at[i] : least;
        most = line.at[i] > most ? line.at[i] : most;
    }
    cr_expect_lt(least, most);
    lab_finish(&line.lab);
}

Test(link, loss_is_as_frequent_as_said_and_names_the_link_and_its_moment)
{
    struct line line;
    start(&line, 5, (struct net_link_options){.latency_us = 5000, .loss_ppm = 250000});
    for (int i = 0; i < 40; i++)
        send_to(&line, line.c, 1, 0);
    lab_run(&line.lab);
    uint32_t lost = lab_count(&line.lab, EVENT_UDP_LOST);
    cr_expect_eq(lost + line.count, 40);
    cr_expect(lost >= 3 && lost <= 20, "%u of 40 lost at 25 %%", lost);
    const struct event *e = lab_event(&line.lab, EVENT_UDP_LOST, 0);
    cr_expect_eq(event_as_udp_lost(e)->link, 1);
    cr_expect_eq(e->t, 5 * VTIME_MS, "at the end of that link");
    const struct event *sent = log_at(&line.lab.sim.log, e->cause);
    cr_expect_eq(event_as_udp_datagram(sent)->travel, 25000, "travel is that of the whole way");
    net_set_link_loss(line.lab.net, 1, 0);
    line.count = 0;
    for (int i = 0; i < 40; i++)
        send_to(&line, line.c, 1, 0);
    lab_run(&line.lab);
    cr_expect_eq(line.count, 40);
    lab_finish(&line.lab);
}

Test(link, arrivals_lie_on_whole_microseconds_even_if_somebody_acts_between_two)
{
    struct line line;
    start(&line, 1, (struct net_link_options){.latency_us = 5000});
    sim_run(&line.lab.sim, 1, false, 0);
    send_to(&line, line.b, 1, 0);
    lab_run(&line.lab);
    cr_expect_eq(line.at[0], 5 * VTIME_MS + VTIME_US);
    lab_finish(&line.lab);
}
