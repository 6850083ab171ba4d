/*
 * The way that a header tells of (agents/mail/trail.h), as hosts and steps between them: what a map
 * can show. Where two Received fields do not speak of the same host, there is a step that no line
 * tells of. Times never go back along the way: the newest line was written by the reader's own
 * server, so an older line with a later time is put before it, and its true time stays in the
 * header.
 */
#ifndef APP_TRAIL_WAY_H
#define APP_TRAIL_WAY_H

#include "agents/mail/trail.h"
#include "sim/base/vector.h"

enum { TRAIL_WAY_NONE = -1, TRAIL_WAY_ROLES = 4 };

struct trail_way_host {
    struct slice id;                    /* short, unlike all others, without blanks */
    struct slice name, addr;            /* as the header has them, made safe; "" unknown */
    struct slice domain;                /* that was registered; "" can't be told */
    bool is_claimed;                    /* only lines speak of it that may have been made up */
    const char *roles[TRAIL_WAY_ROLES]; /* as far as `with` says what it did; "" it does not */
    int role_count;
};

struct trail_way_step {
    int from, to;           /* hosts; from NONE: it came into being at `to` */
    int hop;                /* in trail->hops; NONE: no line tells how it came there */
    int from_role, to_role; /* in roles of the hosts */
    int64_t arrives;        /* ns since the way's epoch */
    bool is_claimed;
};

struct trail_way {
    const struct trail *trail;
    VECTOR(struct trail_way_host) hosts; /* in the order of the way */
    VECTOR(struct trail_way_step) steps;
    int64_t epoch_s; /* Unix second of the first event */
    int64_t written; /* when the author was done, ns since the epoch */
    int author;      /* host where it came into being; NONE: nothing is known of any host */
    int author_role;
};

/* A step takes so long to cross a line, as far as is shown: no header tells. */
#define TRAIL_WAY_TRAVEL_US INT64_C(200000)

/* The trail and the arena must outlive it. */
void trail_way_find(struct trail_way *way, const struct trail *trail, struct arena *arena);
void trail_way_finish(struct trail_way *way);

/* Fit for a name of the log: printable, without blanks, not too long. In `arena`. */
struct slice trail_way_safe(struct arena *arena, struct slice text);

#endif
