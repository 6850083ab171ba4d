/*
 * The bridge: real sockets on this machine, and nowhere else, in front of a simulated network. A
 * connection to a local port becomes a connection of the host `visitor` (or another one) to a host
 * of the topology, crosses the virtual links, and is in the trace like any other; its octets are
 * passed on as they are. Virtual time follows the wall clock at a pace.
 *
 *     struct bridge *bridge = bridge_open(&options, &problem);
 *     while (!bridge_is_over(bridge))
 *         bridge_turn(bridge, 1000);
 *     bridge_close(bridge);
 *
 * Real peers may be slow, stuck or gone: what waits for them is bounded, and the virtual sender
 * waits as behind a closed receive window. One bridge at a time.
 */
#ifndef BRIDGE_BRIDGE_H
#define BRIDGE_BRIDGE_H

#include "bridge/pace.h"
#include "bridge/ports.h"

struct bridge;

struct bridge_options {
    const struct topology *topology;
    struct world *world;    /* at time 0; borrowed */
    struct ports *ports;    /* borrowed; rows get the ports that were chosen */
    int64_t pace_per_mille; /* see pace.h */
    int64_t until;          /* virtual time at which it ends; VTIME_NEVER */
    int64_t idle_ms;        /* wall time after which a connection on which nothing moves ends */
    /* A line for the user, without its end: what could not be done. */
    void (*told)(void *context, const char *line);
    void *context;
};

/* Opens all ports, lets the world reach the real servers, starts the clock. NULL with a problem,
 * and nothing open, when one can't be. */
struct bridge *bridge_open(const struct bridge_options *options, struct problem *problem);
/* Ends all connections. Accepts NULL. */
void bridge_close(struct bridge *bridge);

/*
 * One round: runs the world up to now and serves what sockets have, waiting at most `most_ms` until
 * there is something to do.
 */
void bridge_turn(struct bridge *bridge, int64_t most_ms);
/* A signal came (SIGINT, SIGTERM, SIGHUP), or the end of its time. After the first signal the next
   one ends the program at once. */
bool bridge_is_over(const struct bridge *bridge);
/* Virtual time by the wall clock; the world may be a little ahead of it. */
int64_t bridge_now(const struct bridge *bridge);
/* False where this machine has no ::1. */
bool bridge_has_ipv6(const struct bridge *bridge);

#endif
