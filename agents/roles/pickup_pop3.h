/*
 * Picking mail up by POP3: what was not picked up before, each message once, and off the server as
 * the policy says. A message leaves the server only when its taker has it (RFC 1939 6, 8).
 */
#ifndef AGENTS_ROLES_PICKUP_POP3_H
#define AGENTS_ROLES_PICKUP_POP3_H

#include "agents/roles/pickup.h"

struct pickup_pop3;

enum pickup_fate {
    PICKUP_TAKEN,
    PICKUP_LEFT, /* it could not be kept: it stays, and is asked for again */
    PICKUP_LATER /* pickup_pop3_settle says it, before the next visit */
};

struct pickup_pop3_user {
    /* A message has come whole; `index` names it until the visit is over. */
    enum pickup_fate (*message)(void *context, size_t index, struct slice content, uint32_t msg);
    /* The visit is over; `problem` says why it came to nothing, "" when it did not. */
    void (*over)(void *context, struct slice problem);
    void *context;
};

/* What becomes of messages on the server that were taken. */
struct pickup_policy {
    bool deletes;
    int64_t after_ns; /* with deletes: only when that time has passed since it was taken */
};

struct pickup_pop3 *pickup_pop3_create(struct pickup *pickup, const struct pickup_pop3_user *user);
void pickup_pop3_destroy(struct pickup_pop3 *pop3); /* accepts NULL */
void pickup_pop3_visit(struct pickup_pop3 *pop3, uint32_t address, const struct pickup_login *login,
                       struct pickup_policy policy);
/* Of a message that was PICKUP_LATER. Nothing happens when the visit is over already. */
void pickup_pop3_settle(struct pickup_pop3 *pop3, size_t index, bool is_taken);
/* What was taken is no longer known: a crash. */
void pickup_pop3_forget(struct pickup_pop3 *pop3);
/* The connection that is open, for the trace; 0 none. */
uint32_t pickup_pop3_conn(const struct pickup_pop3 *pop3);

#endif
