/*
 * Mail is never lost: a check of that promise over a whole trace. It reads events only, so it holds
 * for every run, whoever made it.
 *
 *   1. Who accepts a message puts every recipient of it into a queue.
 *   2. A recipient leaves a queue by being delivered, taken by the next server, or given up; never
 *      without one of these, and never by two.
 *   3. Who gives up writes a notice to the reverse-path, or, for a notice itself, a discard.
 *   4. A relay names a connection over which the next server accepted that message.
 *   5. A recipient gets one copy or one notice of failure, and one copy more for each time that a
 *      250 to the final dot was lost on its way (RFC 1047): the next server accepted, and the
 *      sender never knew.
 */
#ifndef SIM_TRACE_CONSERVATION_H
#define SIM_TRACE_CONSERVATION_H

#include "sim/base/problem.h"
#include "sim/trace/log.h"

struct conservation {
    uint32_t accepted; /* recipients that some server took responsibility for, hops counted */
    uint32_t delivered, relayed, given_up, waiting;
    uint32_t notices, discarded;
    uint32_t repeated; /* copies beyond the first, all with their cause */
};

/* False, with the first broken promise in `problem`, when mail was lost or doubled without a cause.
 */
bool conservation_check(const struct log *log, struct conservation *counts,
                        struct problem *problem);

#endif
