/*
 * The events of a log sorted by what a person steps through: rows of the event list, turns of a
 * dialogue, hops of a message. Kept up as the log grows.
 */
#ifndef RENDER_VIEW_INDEX_H
#define RENDER_VIEW_INDEX_H

#include "sim/base/vector.h"
#include "sim/base/vtime.h"
#include "sim/trace/turn.h"

struct index_list {
    VECTOR(uint32_t) ids; /* ascending */
};

/* A fault, or a host that went down by itself: events; off 0 while it lasts. */
struct index_span {
    uint32_t on, off;
};

struct index {
    uint32_t seen;             /* events indexed */
    struct index_list rows;    /* what happened, without declarations and packets */
    struct index_list packets; /* what happened, with packets */
    struct index_list turns;   /* commands and replies read */
    struct index_list
        hops; /* a message written, taken on, delivered, fetched, deferred, given up */
    struct index_list troubles; /* deferred, given up, refused; a connection or a host that fails */
    struct index_list leaps;    /* what happened last before a silence of INDEX_LEAP_NS or more */
    struct index_list conns;    /* connections that open, and that are over */
    VECTOR(uint32_t) conns_open; /* beside conns: how many are open from then on */
    VECTOR(struct index_span) spans;
    VECTOR(uint32_t)
    turn_next; /* beside turns: place in turns plus 1 of the connection's next turn */
    VECTOR(uint32_t) conn_first, conn_last; /* [conn - 1]: place in turns plus 1; 0 nothing said */
};

#define INDEX_LEAP_NS (10 * VTIME_S)

/* So much of a duration as matters to people: whole seconds from a minute on. */
int64_t index_round(int64_t duration_ns);

void index_init(struct index *index);
void index_finish(struct index *index);
void index_update(struct index *index, const struct log *log);

#define INDEX_NO_EVENT UINT32_MAX
/* The first event of the list later than t, or INDEX_NO_EVENT. */
uint32_t index_after(const struct index_list *list, const struct log *log, int64_t t);
/* The last event of the list earlier than t. */
uint32_t index_before(const struct index_list *list, const struct log *log, int64_t t);
/* The last event of the list at or before t. */
uint32_t index_at(const struct index_list *list, const struct log *log, int64_t t);
/* How many of the list are below event `id`. */
size_t index_below(const struct index_list *list, uint32_t id);

/* The message or connection that an event is about; 0 when none. */
uint32_t index_msg_of(const struct event *e);
uint32_t index_conn_of(const struct event *e);

#endif
