/*
 * A name server in an office of two hosts, and somebody who asks it with octets of his own: what
 * dig and other people's resolvers send.
 */
#ifndef TESTS_ROLES_SUPPORT_ASKER_H
#define TESTS_ROLES_SUPPORT_ASKER_H

#include "agents/roles/nameserver.h"

#define ASKER_SERVER UINT32_C(0xC0000202)

struct asker {
    struct sim sim;
    struct net *net;
    struct office office;
    uint32_t port;      /* his UDP port */
    struct bytes heard; /* datagrams one after the other, or what came by TCP */
    int datagrams;
    bool is_closed; /* the server has closed his connection */
    struct arena arena;
    struct dns_message answer; /* the last one */
};

/* The zones are made of these records. */
void asker_start(struct asker *a, const struct dns_record *records, size_t count);
/* The same for a server that answers for these zones only. */
void asker_start_zones(struct asker *a, const struct dns_record *records, size_t count,
                       const struct slice *zones, size_t zone_count);
void asker_finish(struct asker *a);

/* By UDP; false when nothing comes. */
bool asker_ask_octets(struct asker *a, struct slice octets);
bool asker_ask(struct asker *a, const struct dns_message *question);
/* By TCP: all of it in pieces of that many octets (0: at once), then he listens until it is quiet.
   What came is in `heard`. */
void asker_say_by_tcp(struct asker *a, struct slice octets, size_t piece, bool closes);
/* Takes the next message of `heard`, without its length, into `answer`. */
bool asker_next(struct asker *a);

#endif
