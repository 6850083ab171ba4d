/*
 * What a person steps through in a trace: which events are rows of a list, which are packets below
 * them, turns of a dialogue, hops of a message.
 */
#ifndef SIM_TRACE_STEP_H
#define SIM_TRACE_STEP_H

#include "sim/trace/log.h"

enum step_flag {
    STEP_DECLARES = 1, /* who is there at the start; nothing happens */
    STEP_PACKET = 2,   /* octets on the way, or to a disk: for who looks closely */
    STEP_TURN = 4,     /* a command or a reply was read */
    STEP_HOP = 8,      /* a message was written, taken on, delivered, fetched, deferred, given up */
    STEP_TROUBLE = 16  /* deferred, given up, refused; a connection or a host that fails */
};

/* A sum of flags; 0 is a plain row. */
unsigned step_flags(const struct log *log, const struct event *e);

/* The message or connection that an event is about; 0 when none. */
uint32_t step_msg(const struct event *e);
uint32_t step_conn(const struct event *e);

#endif
