/*
 * Was mail pushed or pulled? Computed from the trace for one event, never from the name of a
 * protocol or a program: who opened the connection over which it went, and who held the message
 * before it went there (RFC 5598 4.4).
 *
 *     flow_of(log, id) == FLOW_PULL     the opener wanted what the other side held
 */
#ifndef LESSONS_FLOW_H
#define LESSONS_FLOW_H

#include "sim/trace/log.h"

enum flow {
    FLOW_NONE, /* nothing went over a connection, or the trace does not say who held it */
    FLOW_PUSH, /* the holder opened it */
    FLOW_PULL  /* the other side did */
};

/* The event's own connection counts, or that of the nearest of its causes that has one. */
enum flow flow_of(const struct log *log, uint32_t event);

#endif
