#include "sim/net/net_inner.h"

/* From a host to itself, inside its own memory. */
#define LOOPBACK_NS (10 * VTIME_US)

/* How long the sender of a link is occupied by a packet: 1 kbit/s is 1000 bits a second. */
static int64_t occupation(const struct net_link *link, uint32_t octets)
{
    if (link->kbps == 0)
        return 0;
    uint64_t bits_ms = (uint64_t)octets * 8 * 1000;
    return (int64_t)((bits_ms + link->kbps - 1) / link->kbps) * VTIME_US;
}

static int64_t latency(const struct net_link *link)
{
    return ((int64_t)link->latency_us + link->extra_us) * VTIME_US;
}

/* It reaches the link's sender at `at`, waits for its turn, and comes out at the given time. */
static int64_t cross(struct net_link *link, unsigned direction, int64_t at, uint32_t octets)
{
    int64_t *busy_until = &link->busy_until[direction];
    int64_t *last_arrival = &link->last_arrival[direction];
    *busy_until = (at > *busy_until ? at : *busy_until) + occupation(link, octets);
    at = *busy_until + latency(link);
    if (link->jitter_us)
        at += (int64_t)random_below(&link->random, (uint64_t)link->jitter_us + 1) * VTIME_US;
    if (at < *last_arrival)
        at = *last_arrival;
    *last_arrival = at;
    return at;
}

static uint32_t whole_us(int64_t duration_ns)
{
    int64_t us = (duration_ns + VTIME_US - 1) / VTIME_US;
    return us < EVENT_UNSET ? (uint32_t)us : EVENT_UNSET - 1;
}

static void show(struct net *net, const struct link_load *load, uint32_t chain_first, int64_t at)
{
    if (load->is_shown)
        watch_pass(net, chain_first, at);
}

/* One link of its way. */
static int64_t take_hop(struct net *net, const struct link_load *load, uint32_t hop, int64_t at,
                        struct link_transit *transit)
{
    struct net_link *link = net_link(net, hop >> 1);
    if (transit->is_lost) /* it never gets here, but its travel is told as if it had */
        return at + occupation(link, load->octets) + latency(link);
    show(net, load, link->watch, at);
    at = cross(link, hop & 1, at, load->octets);
    if (random_chance(&link->random, link->loss_ppm))
        *transit = (struct link_transit){.at = at, .link = hop >> 1, .is_lost = true};
    else
        show(net, load, net_host(net, link->end[!(hop & 1)])->watch, at);
    return at;
}

struct link_transit link_carry(struct net *net, const struct route *route,
                               const struct link_load *load)
{
    int64_t now = net->sim->now;
    if (!route->is_found)
        return (struct link_transit){.at = now, .is_lost = true};
    /* arrivals lie on whole microseconds even when somebody acts between two of them */
    int64_t at = (now + VTIME_US - 1) / VTIME_US * VTIME_US;
    if (route->count == 0)
        at += LOOPBACK_NS;
    struct link_transit transit = {0};
    show(net, load, net_host(net, load->source)->watch, at);
    for (uint32_t i = 0; i < route->count; i++) {
        if (i == load->stop && !transit.is_lost)
            transit = (struct link_transit){.at = at, .is_lost = true};
        at = take_hop(net, load, net->hops.items[route->first + i], at, &transit);
    }
    if (load->stop <= route->count && !transit.is_lost)
        transit = (struct link_transit){.at = at, .is_lost = true};
    transit.travel_us = whole_us(at - now);
    if (!transit.is_lost)
        transit.at = at;
    return transit;
}
