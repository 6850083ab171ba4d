#include "sim/net/net.h"

#include <criterion/criterion.h>
#include <stdio.h>

#include "support_lab.h"

struct map {
    struct lab lab;
    uint32_t hosts[10101]; /* by index from 1 */
};

static void start(struct map *m, uint32_t count)
{
    lab_start(&m->lab, 1);
    for (uint32_t i = 1; i <= count; i++) {
        char id[16];
        snprintf(id, sizeof id, "h%u", i);
        struct net_host_options options = {
            .id = slice_of(id), .name = slice_of(id), .address = LAB_ADDRESS(0) + i};
        m->hosts[i] = net_add_host(m->lab.net, &options);
    }
}

static uint32_t link(struct map *m, uint32_t a, uint32_t b, uint32_t latency_us)
{
    struct net_link_options options = {
        .id = SLICE("l"), .a = m->hosts[a], .b = m->hosts[b], .latency_us = latency_us};
    return net_add_link(m->lab.net, &options);
}

/* The way that a datagram takes now; "" when none is to be found. */
static struct slice way(struct map *m, uint32_t from, uint32_t to)
{
    uint32_t n = lab_count(&m->lab, EVENT_UDP_DATAGRAM);
    uint32_t lost = lab_count(&m->lab, EVENT_UDP_LOST);
    net_udp_bind(m->lab.net, m->hosts[to], 53, NULL, NULL);
    net_udp_send(m->lab.net, m->hosts[from], 53, LAB_ADDRESS(0) + to, 9, SLICE(""));
    lab_run(&m->lab);
    cr_assert_eq(lab_count(&m->lab, EVENT_UDP_LOST), lost + 1, "nobody is bound to port 9");
    const struct event *e = lab_event(&m->lab, EVENT_UDP_LOST, lost);
    const struct event *sent = lab_event(&m->lab, EVENT_UDP_DATAGRAM, n);
    if (e->t == sent->t && from != to)
        return SLICE("");
    return log_text(&m->lab.sim.log, event_as_udp_datagram(sent)->path);
}

#define EXPECT_WAY(m, from, to, expected)                                                          \
    do {                                                                                           \
        struct slice way_ = way(m, from, to);                                                      \
        cr_expect(slice_equal(way_, SLICE(expected)), "%d to %d by \"%.*s\", not \"%s\"", from,    \
                  to, SLICE_ARG(way_), expected);                                                  \
    } while (0)

Test(route, the_least_latency_wins_then_the_fewest_links_then_the_lowest_number)
{
    struct map m;
    start(&m, 6);
    link(&m, 1, 2, 10);
    link(&m, 2, 6, 10);
    link(&m, 1, 6, 30);
    EXPECT_WAY(&m, 1, 6, "h1 h2 h6");
    link(&m, 1, 6, 20);
    EXPECT_WAY(&m, 1, 6, "h1 h6");
    link(&m, 3, 4, 5);
    link(&m, 3, 5, 5);
    link(&m, 4, 6, 5);
    link(&m, 5, 6, 5);
    EXPECT_WAY(&m, 3, 6, "h3 h4 h6");
    EXPECT_WAY(&m, 6, 3, "h6 h4 h3");
    lab_finish(&m.lab);
}

Test(route, hosts_with_one_link_are_reached_over_their_neighbours)
{
    struct map m;
    start(&m, 9);
    link(&m, 1, 2, 10); /* 1 and 3 are leaves of 2, 5 of 4, 6 and 7 only have each other */
    link(&m, 3, 2, 10);
    link(&m, 2, 4, 10);
    link(&m, 4, 5, 10);
    link(&m, 6, 7, 10);
    EXPECT_WAY(&m, 1, 3, "h1 h2 h3");
    EXPECT_WAY(&m, 1, 2, "h1 h2");
    EXPECT_WAY(&m, 2, 1, "h2 h1");
    EXPECT_WAY(&m, 1, 5, "h1 h2 h4 h5");
    EXPECT_WAY(&m, 5, 1, "h5 h4 h2 h1");
    EXPECT_WAY(&m, 2, 5, "h2 h4 h5");
    EXPECT_WAY(&m, 2, 4, "h2 h4");
    EXPECT_WAY(&m, 6, 7, "h6 h7");
    EXPECT_WAY(&m, 1, 1, "h1");
    EXPECT_WAY(&m, 1, 6, "");
    EXPECT_WAY(&m, 6, 2, "");
    EXPECT_WAY(&m, 6, 1, "");
    EXPECT_WAY(&m, 8, 9, "");
    EXPECT_WAY(&m, 8, 1, "");
    EXPECT_WAY(&m, 2, 8, "");
    lab_finish(&m.lab);
}

Test(route, a_cut_link_and_a_host_that_is_down_are_gone_round)
{
    struct map m;
    start(&m, 5);
    uint32_t near = link(&m, 1, 2, 10);
    link(&m, 2, 3, 10);
    link(&m, 1, 4, 50);
    link(&m, 4, 3, 50);
    uint32_t leaf = link(&m, 3, 5, 10);
    EXPECT_WAY(&m, 1, 3, "h1 h2 h3");
    net_set_link_up(m.lab.net, near, false);
    EXPECT_WAY(&m, 1, 3, "h1 h4 h3");
    EXPECT_WAY(&m, 1, 2, "h1 h4 h3 h2");
    net_set_link_up(m.lab.net, near, true);
    net_set_host_up(m.lab.net, m.hosts[2], false);
    EXPECT_WAY(&m, 1, 5, "h1 h4 h3 h5");
    EXPECT_WAY(&m, 1, 2, "h1 h2");
    net_set_host_up(m.lab.net, m.hosts[2], true);
    EXPECT_WAY(&m, 1, 5, "h1 h2 h3 h5");
    net_set_host_up(m.lab.net, m.hosts[3], false);
    EXPECT_WAY(&m, 1, 5, "");
    EXPECT_WAY(&m, 5, 3, "h5 h3");
    net_set_host_up(m.lab.net, m.hosts[3], true);
    net_set_link_up(m.lab.net, leaf, false);
    EXPECT_WAY(&m, 1, 5, "");
    EXPECT_WAY(&m, 5, 1, "");
    cr_expect_eq(net_find_link(m.lab.net, m.hosts[5], m.hosts[3]), leaf);
    cr_expect_eq(net_find_link(m.lab.net, m.hosts[5], m.hosts[1]), 0);
    lab_finish(&m.lab);
}

/* Latencies by trying all ways again and again (Bellman and Ford), to hold the search against. */
static uint64_t plain_latency(uint32_t count, const uint32_t links[][3], size_t link_count,
                              uint32_t from, uint32_t to)
{
    uint64_t best[32];
    for (uint32_t i = 0; i <= count; i++)
        best[i] = i == from ? 0 : UINT64_MAX / 2;
    for (uint32_t round = 0; round < count; round++)
        for (size_t i = 0; i < link_count; i++)
            for (int turn = 0; turn < 2; turn++) {
                uint64_t sum = best[links[i][turn]] + links[i][2];
                uint64_t *at = &best[links[i][!turn]];
                *at = sum < *at ? sum : *at;
            }
    return best[to];
}

Test(route, random_maps_agree_with_a_plain_search)
{
    enum { HOSTS = 12, LINKS = 16, MAPS = 40 };
    struct random r;
    random_init(&r, 9, SLICE("maps"));
    for (int n = 0; n < MAPS; n++) {
        struct map m;
        uint32_t links[LINKS][3];
        start(&m, HOSTS);
        for (size_t i = 0; i < LINKS; i++) {
            links[i][0] = 1 + (uint32_t)random_below(&r, HOSTS);
            links[i][1] = 1 + (links[i][0] + (uint32_t)random_below(&r, HOSTS - 1)) % HOSTS;
            links[i][2] = 1 + (uint32_t)random_below(&r, 5);
            link(&m, links[i][0], links[i][1], links[i][2]);
        }
        for (uint32_t a = 1; a <= HOSTS; a++)
            for (uint32_t b = 1; b <= HOSTS; b++) {
                uint64_t expected = a == b ? 10 : plain_latency(HOSTS, links, LINKS, a, b);
                bool found = way(&m, a, b).size > 0;
                uint32_t last = lab_count(&m.lab, EVENT_UDP_DATAGRAM) - 1;
                const struct event *e = lab_event(&m.lab, EVENT_UDP_DATAGRAM, last);
                cr_assert_eq(found, expected < UINT64_MAX / 4, "map %d, %u to %u", n, a, b);
                if (found)
                    cr_assert_eq(event_as_udp_datagram(e)->travel, expected, "map %d", n);
            }
        lab_finish(&m.lab);
    }
}

Test(route, ten_thousand_hosts_round_a_hundred_hubs_find_each_other)
{
    enum { HUBS = 100, LEAVES = 10000 };
    struct map *m = malloc(sizeof *m);
    start(m, HUBS + LEAVES);
    for (uint32_t i = 1; i <= HUBS; i++)
        link(m, i, i % HUBS + 1, 1000);
    for (uint32_t i = 1; i <= LEAVES; i++)
        link(m, HUBS + i, i % HUBS + 1, 100);
    EXPECT_WAY(m, 101, 201, "h101 h2 h201");
    EXPECT_WAY(m, 101, 10100, "h101 h2 h1 h10100");
    EXPECT_WAY(m, 150, 10053, "h150 h51 h52 h53 h54 h10053");
    /* only the first of the routes between two hubs is searched for; the rest is looked up */
    for (uint32_t i = 0; i < 20000; i++)
        net_udp_send(m->lab.net, m->hosts[HUBS + 1 + i % LEAVES], 53,
                     LAB_ADDRESS(0) + HUBS + 1 + i * 7919 % LEAVES, 9, SLICE(""));
    lab_run(&m->lab);
    cr_expect_eq(lab_count(&m->lab, EVENT_UDP_LOST), 20003);
    lab_finish(&m->lab);
    free(m);
}
