/*
 * What the parts of the name server share: nameserver.c keeps the names and makes the agent,
 * nameserver_answer.c answers a question, nameserver_tcp.c serves connections.
 */
#ifndef AGENTS_ROLES_NAMESERVER_PART_H
#define AGENTS_ROLES_NAMESERVER_PART_H

#include "agents/roles/nameserver.h"

/* A name of the zones. It may have no records, being only above one that has. */
struct nameserver_owner {
    struct slice name;
    uint32_t first; /* index + 1 of its first record */
};

struct nameserver_visit;

struct nameserver {
    struct office *office;
    uint32_t agent, port;
    uint32_t ttl_s;
    struct dns_record *records; /* the world's, and what the root has when the file says nothing */
    size_t record_count;
    VECTOR(struct nameserver_owner) owners;
    uint32_t *table; /* owner index + 1 by hash of the name */
    size_t table_size;
    uint32_t *next; /* by record: index + 1 of the owner's next */
    struct arena arena;
    struct nameserver_visit *visits, *free_visits; /* all; those that nobody uses */
};

/* NULL when there is no such name. Borrowed. */
const struct nameserver_owner *nameserver_find(const struct nameserver *ns, struct slice name);

/*
 * Appends the answer to a question; false when it is not answered: what can't even be recognised as
 * a question. An answer by UDP has at most the octets that the asker takes.
 */
bool nameserver_answer(struct nameserver *ns, uint32_t from_address, struct slice question,
                       bool is_tcp, struct bytes *out);

/* For net_listen; `context` is the name server. */
bool nameserver_accept(void *context, uint32_t wire, uint32_t peer_address, struct net_user *user);
void nameserver_finish_visits(struct nameserver *ns);

#endif
