/*
 * Mail is never lost: a check of that promise over a whole trace. It reads events only, so it holds
 * for every run, whoever made it.
 *
 *   1. Who accepts a message puts every recipient of it into a queue.
 *   2. A recipient leaves a queue by being delivered, taken by the next server, replaced by others
 *      (an alias, a forwarding, a list), dropped by a rule, or given up; never without one of
 * these, and never by two. A recipient may stand for itself and for others: then it is delivered,
 * too.
 *   3. Who gives up writes a notice to the reverse-path, or, for a notice itself, a discard.
 *   4. A relay names a connection over which the next server accepted that message.
 *   5. Who replaces a recipient is queued on the same host under the id that the expansion names,
 *      unless that host crashes right then: the recipient still waits there.
 *   6. A recipient gets one copy or one notice of failure for each way in which the message was
 *      addressed to it (by its author, by an expansion), and one copy more for each time that a 250
 *      to the final dot was lost on its way (RFC 1047): the next server accepted, and the sender
 *      never knew; or that its host crashed when it was settled, and its file in the queue was
 *      still there, or when that file had just been written and nobody been told. To be replaced
 *      counts as a copy.
 *   7. Who waits at a host or agent that is taken out of the network for good is gone with it, as
 *      the `gone` event says: that is counted.
 *   8. What waits in a queue when its host crashes is in it again (a further queue.add under the
 *      same id) when the host is up, or a `file` event says that its file is lost; that is not
 *      broken but counted, for it takes a queue that does not sync its files.
 */
#ifndef SIM_TRACE_CONSERVATION_H
#define SIM_TRACE_CONSERVATION_H

#include "sim/base/problem.h"
#include "sim/trace/log.h"

struct conservation {
    uint32_t accepted; /* recipients that some server took responsibility for, hops counted */
    uint32_t delivered, relayed, expanded, given_up, waiting;
    uint32_t notices, discarded;
    uint32_t lost;     /* with their queue's files in a crash */
    uint32_t gone;     /* with the host or agent that was taken out of the network */
    uint32_t repeated; /* copies beyond those that were asked for, all with their cause */
};

/* False, with the first broken promise in `problem`, when mail was lost or doubled without a cause.
 */
bool conservation_check(const struct log *log, struct conservation *counts,
                        struct problem *problem);

#endif
