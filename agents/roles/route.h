/*
 * Where mail for a domain goes: which servers to try, in which order, by the answer to an MX
 * question (RFC 5321 5.1, 7505); or what a rule of the postmaster's says instead of it. Pure: the
 * asking is the transfer's.
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

/* ---- rules ---- */

enum route_rule_kind {
    ROUTE_RULE_SERVER, /* one fixed server, by SMTP */
    ROUTE_RULE_LMTP,   /* the host that delivers, by LMTP (RFC 2033) */
    ROUTE_RULE_LOCAL,  /* it is delivered on this host */
    ROUTE_RULE_MX,     /* as without a rule or a smart host */
    ROUTE_RULE_ERROR   /* nowhere: rule.reply says why */
};

struct route_rule {
    struct slice domain; /* "example.org"; "*.example.org": all below it; "*": any */
    enum route_rule_kind kind;
    struct slice server; /* a DNS name or a host's id */
    uint32_t port;
    struct smtp_reply reply;
};

/*
 * Reads "example.org mx2", "example.org mx2:2525", "*.example.net lmtp:store", "example.org local",
 * "* mx", "example.net error 5.1.2 No such place". Slices point into text. False when it is none.
 */
bool route_rule_read(struct slice text, struct route_rule *rule);
/* "store", "store:2525". False: not a name and a port. */
bool route_read_server(struct slice text, uint32_t usual_port, struct slice *server,
                       uint32_t *port);
/* Is this domain the rule's? */
bool route_rule_matches(const struct route_rule *rule, struct slice domain);

#endif
