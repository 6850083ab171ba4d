/*
 * Which servers to try for a domain, in which order: the answer to an MX question put in order
 * (RFC 5321 5.1, 7505). Pure: the asking is the transfer's.
 */
#ifndef AGENTS_ROLES_ROUTE_H
#define AGENTS_ROLES_ROUTE_H

#include "agents/proto/smtp.h"
#include "sim/base/random.h"
#include "sim/net/resolver.h"

enum { ROUTE_SERVERS_MAX = 32 };

enum route_verdict {
    ROUTE_SERVERS, /* try route.servers in order */
    ROUTE_REFUSED, /* a permanent reason, in route.reply */
    ROUTE_LATER    /* a temporary one */
};

struct route {
    enum route_verdict verdict;
    struct slice servers[ROUTE_SERVERS_MAX]; /* names, borrowed from the answer or the domain */
    size_t server_count;
    struct smtp_reply reply;
};

/*
 * `self` is the asking host's name: servers that are as far as it, or farther, are left out, so
 * that mail never goes in circles. Equal preferences are put in an order drawn from `random`.
 * Without MX records the domain itself is the server (the implicit MX).
 */
void route_from_mx(struct route *route, struct slice domain, struct slice self,
                   const struct resolver_answer *answer, struct random *random);

#endif
