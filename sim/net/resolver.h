/*
 * A host's stub resolver: asks the name server by UDP with EDNS(0), waits, asks again, asks by TCP
 * what does not fit a datagram (RFC 7766), and keeps answers for as long as their TTL allows (RFC
 * 1035 7, 2308 for the negative ones); of many it keeps the last RESOLVER_KEPT_MAX. A question that
 * is under way already is not asked twice.
 *
 *     resolver_ask(resolver, agent, name, DNS_TYPE_MX, done, context, tag);
 *     ... later: done(context, tag, &answer)
 *
 * With resolver_set_root it asks no server for the whole, but many for a part each: from the root
 * down, wherever they refer it to (RFC 1034 5.3.3).
 */
#ifndef SIM_NET_RESOLVER_H
#define SIM_NET_RESOLVER_H

#include "agents/proto/dns_message.h"
#include "sim/net/net.h"

struct resolver;

enum { RESOLVER_KEPT_MAX = 1024 };

enum resolver_status {
    RESOLVER_OK,       /* at least one record */
    RESOLVER_NODATA,   /* the name exists, but has no such record */
    RESOLVER_NXDOMAIN, /* the name does not exist */
    RESOLVER_FAILED,   /* SERVFAIL or another refusal: try again later */
    RESOLVER_TIMEOUT   /* the server is silent: try again later */
};
/* "NOERROR", "NXDOMAIN", "SERVFAIL", "TIMEOUT". */
const char *resolver_status_name(enum resolver_status status);

struct resolver_answer {
    enum resolver_status status;
    const struct dns_record *records; /* of the asked type, at the end of any CNAME chain */
    size_t count;
    /* The CNAME records of that chain, and of a "no" the SOA record: from a resolver that keeps all
       (resolver_keep_all). ttl_s is how long all of it holds from now on. */
    const struct dns_record *others;
    size_t other_count;
    uint32_t ttl_s;
};
/* The answer is borrowed for the call. */
typedef void resolver_done(void *context, uint64_t tag, const struct resolver_answer *answer);

/* `host` is the place of the host it runs on; `server` 0: there is none, every question times out.
 */
struct resolver *resolver_create(struct net *net, struct sim *sim, uint32_t host, uint32_t server);
/* Another server, or none. What is kept stays. */
void resolver_set_server(struct resolver *resolver, uint32_t server);
/* It looks for answers itself, beginning at this server of the root; 0: no longer. */
void resolver_set_root(struct resolver *resolver, uint32_t root);
/* For one that answers others in turn: see struct resolver_answer. */
void resolver_keep_all(struct resolver *resolver);
void resolver_destroy(struct resolver *resolver); /* accepts NULL; waiting calls are not made */

/* `done` is called once, from a task, never from within this call. `agent` is who asks. */
void resolver_ask(struct resolver *resolver, uint32_t agent, struct slice name, enum dns_type type,
                  resolver_done *done, void *context, uint64_t tag);
/* The address of an A record, host byte order; false when its data are none. */
bool resolver_address(const struct dns_record *record, uint32_t *address);
/* The host went down: what it keeps is gone, and who waits is told RESOLVER_TIMEOUT at once. */
void resolver_crash(struct resolver *resolver);

#endif
