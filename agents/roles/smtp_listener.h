/*
 * What MSA and MTA share as SMTP servers: they listen, keep a session a connection, write the
 * Received field (RFC 5321 4.4), take responsibility by putting the message into a queue, and say
 * all of it in the trace. What they allow is their policy.
 */
#ifndef AGENTS_ROLES_SMTP_LISTENER_H
#define AGENTS_ROLES_SMTP_LISTENER_H

#include "agents/proto/smtp_server.h"
#include "agents/roles/queue.h"

/* The transaction that a policy judges. */
struct smtp_transaction {
    uint32_t conn, msg;
    uint32_t peer_address;
    struct slice helo;
    bool is_extended, is_authenticated, is_8bit;
    struct slice user; /* who logged in */
    struct slice reverse_path;
    const struct slice *forward_paths;
    size_t recipient_count;
};

struct smtp_policy {
    /* Each may leave *reply as it is (a 250) or put a refusal there. NULL: all are fine. `path` may
       be replaced by a completed one, kept in the arena. */
    void (*mail)(void *role, const struct smtp_transaction *t, struct slice *path,
                 struct arena *arena, struct smtp_reply *reply);
    void (*rcpt)(void *role, const struct smtp_transaction *t, struct slice *path,
                 struct arena *arena, struct smtp_reply *reply);
    /* Judges the header and appends what is to be kept of it to `out`, its empty line too. NULL: it
       is kept as it is. */
    void (*header)(void *role, const struct smtp_transaction *t, struct slice header,
                   struct bytes *out, struct smtp_reply *reply);
};

struct smtp_listener_options {
    uint32_t agent;
    const struct smtp_policy *policy;
    void *role;
    bool is_submission, auth_required;
    uint64_t size_max;
    unsigned hops_max; /* a message with so many Received fields is refused (RFC 5321 6.3); 0: no
                          limit */
    struct queue *queue;
};

struct smtp_listener;

/* Listens on the ports. Options are copied, what they point to must outlive it. */
struct smtp_listener *smtp_listener_create(struct office *office,
                                           const struct smtp_listener_options *options,
                                           const uint32_t *ports, size_t port_count);
/* After the pumps are finished. Accepts NULL. */
void smtp_listener_destroy(struct smtp_listener *listener);

#endif
