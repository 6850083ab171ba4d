/*
 * Notices: what a queue tells the reverse-path when it gives up or is late (RFC 5321 4.5.5, 3464).
 */
#ifndef AGENTS_ROLES_BOUNCE_H
#define AGENTS_ROLES_BOUNCE_H

#include "agents/mail/dsn.h"
#include "agents/roles/queue.h"

struct bounce {
    uint32_t about;      /* the message it is about */
    struct slice to;     /* its reverse-path, not empty */
    struct slice action; /* "failed", "delayed", "delivered", "relayed" */
    const struct dsn_recipient *recipients;
    size_t recipient_count;
    int64_t arrival_s, retry_until_s;
    struct slice envid;        /* that the original came with (RFC 3461 4.4); "" none */
    struct slice header, body; /* of the original */
    bool is_full;              /* it was asked to return the body, too (RFC 3461 4.3) */
};

/* Writes the notice, declares it in the trace, and puts it into `queue` with a null reverse-path.
 */
void bounce_send(struct office *office, uint32_t agent, struct queue *queue,
                 const struct bounce *b);

#endif
