/*
 * What `mailflow serve` runs: a topology with a place for visitors, its world, and the bridge.
 */
#ifndef APP_SERVE_H
#define APP_SERVE_H

#include "app/output.h"
#include "bridge/bridge.h"
#include "topologies/topology.h"

struct serve {
    struct command_line *line;
    struct problem problem;
    struct output output;
    struct topology topology;
    struct ports ports;
    struct world *world;
    struct bridge *bridge;
    size_t visitor;         /* the host that connections enter at */
    int64_t epoch_s, until; /* until: VTIME_NEVER when there is no end */
    int64_t pace_per_mille, idle_ms;
    uint64_t seed;
    uint32_t told;     /* events that were looked at for lines on the terminal */
    bool is_talkative; /* says what happens */
};

/* Says what has happened since it was called last. */
void serve_tell_news(struct serve *s);

/* The window on it, until it is closed or the bridge is over. False with the problem set. */
bool serve_in_window(struct serve *s);

#endif
