/*
 * One attempt to hand one message to the servers of one domain: find the servers (RFC 5321 5.1),
 * connect to one after the other until one answers, and speak SMTP or LMTP. It keeps nothing and
 * decides nothing about retrying; the queue does. Transfers of one pool share connections: one that
 * is through with a message takes the next that waits for the same server.
 *
 * When several servers could not be spoken to, a temporary reason outweighs a permanent one: the
 * server that is away now may be the one that takes the mail later (RFC 5321 5.1).
 */
#ifndef AGENTS_ROLES_TRANSFER_H
#define AGENTS_ROLES_TRANSFER_H

#include "agents/proto/smtp_client.h"
#include "agents/roles/office.h"
#include "agents/roles/sending.h"

struct transfer;

struct transfer_options {
    uint32_t agent;
    struct slice domain; /* whose MX is asked for, when next is "" */
    struct slice next;   /* fixed next hop */
    uint32_t port;
    bool avoids_self; /* it is an MTA: mail must not come back to its host (RFC 5321 5.1) */
    bool is_lmtp;     /* the next hop delivers (RFC 2033) */
    struct sending sending;
    uint32_t msg;
    struct smtp_client_transaction transaction;
};
/* Slices and arrays are borrowed until `done`. */

struct transfer_outcome {
    struct smtp_reply
        reply; /* 2xx taken, 4xx try again, 5xx refused; our own words when nobody answered */
    bool is_smtp_reply;  /* a server said it */
    bool cares_for_dsn;  /* it offered DSN: notices are its business from now on */
    bool is_delivery;    /* it was said in LMTP: a 2xx means delivered */
    bool is_login;       /* not the message was refused, but our login (RFC 4954 6) */
    struct slice server; /* its name; "" when no server was reached */
    uint32_t host, conn; /* its place, the connection; 0 likewise */
};
/* Borrowed for the call. */

struct transfer_user {
    /* Once for each recipient, by its index. */
    void (*recipient)(void *context, uint64_t tag, size_t index, const struct transfer_outcome *o);
    /* Last; the transfer is gone. */
    void (*done)(void *context, uint64_t tag);
    void *context;
    uint64_t tag;
};

struct transfer_pool;
/* `agent` is whose attempts these are: each host has a stream of chance of its own. */
struct transfer_pool *transfer_pool_create(struct office *office, uint32_t agent);
/* Without it there is one connection a message, and QUIT behind it. */
void transfer_pool_configure(struct transfer_pool *pool, const struct sending_limits *limits);
void transfer_pool_destroy(struct transfer_pool *pool); /* accepts NULL; nobody is told */

/* Calls back from tasks only. */
void transfer_start(struct transfer_pool *pool, const struct transfer_options *options,
                    const struct transfer_user *user);

#endif
