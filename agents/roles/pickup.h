/*
 * Picking mail up at an access server, by a mail program or by a stand-alone retrieval agent: where
 * and how, and the way there. What is said at the door is pickup_pop3.h's, or the role's own.
 *
 *     pickup_begin(&p);   looks the server's name up, then calls `meet` with its address
 */
#ifndef AGENTS_ROLES_PICKUP_H
#define AGENTS_ROLES_PICKUP_H

#include "agents/roles/office.h"

/* The words of settings about it. */
#define PICKUP_TLS_WORDS "never if-offered required verify implicit"
#define PICKUP_LOGIN_WORDS "auto plain login cram-md5 scram-sha-256 apop pass"

struct pickup_server {
    struct slice name; /* a DNS name */
    bool is_imap;
    uint32_t port;
    enum session_tls_policy tls;
    bool is_tls_first, verifies, pipelines;
    struct slice login; /* one of PICKUP_LOGIN_WORDS */
};
/* Port (0: the usual one) and TLS by their words. The other fields are set before. */
void pickup_server_set(struct pickup_server *server, uint32_t port, struct slice tls);

/* Who logs in; borrowed for the visit. */
struct pickup_login {
    struct slice user, password, nonce;
};

struct pickup {
    struct office *office;
    uint32_t agent;
    struct pickup_server server;
    struct slice address; /* the account's */
    /* One of the two is called, later: the server is there to be connected to, or why not; "" when
       the asker's own host has gone down. */
    void (*meet)(void *context, uint32_t address, const struct pickup_login *login);
    void (*failed)(void *context, struct slice what);
    void *context;
    char nonce[OFFICE_NONCE]; /* private */
};

/* The struct must stay where it is until one of them was called. */
void pickup_begin(struct pickup *p);
/* How a visit is driven. */
struct pump_user pickup_visitor(const struct pickup *p, void (*turn)(void *),
                                void (*ended)(void *, enum net_end), void *context);
/* What a broken connection, or none, means to a person. */
struct slice pickup_what_happened(enum net_end why);

#endif
