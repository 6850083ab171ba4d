/* What the files of the middlebox share; nobody else includes it. */
#ifndef AGENTS_ROLES_MIDDLEBOX_PART_H
#define AGENTS_ROLES_MIDDLEBOX_PART_H

#include "agents/roles/middlebox.h"
#include "sim/net/middle.h"
#include "sim/net/table.h"

/* Which protocol a port is usual for; those with TLS from the first octet (RFC 8314 3). */
enum middlebox_protocol { MIDDLEBOX_OTHER, MIDDLEBOX_SMTP, MIDDLEBOX_POP3, MIDDLEBOX_IMAP };
enum middlebox_protocol middlebox_protocol_of(uint32_t port);
bool middlebox_is_implicit(uint32_t port);

enum { MIDDLEBOX_PORTS_MAX = 16, MIDDLEBOX_LINE_MAX = 512 };

/* What is remembered of a connection whose server's offers are overwritten. */
struct strip {
    uint32_t conn;    /* 0: a free slot */
    uint32_t next;    /* the server's next sequence number */
    bool is_started;  /* next is known */
    bool is_listing;  /* POP3: the answer to CAPA is coming */
    bool is_too_long; /* the line that is coming */
    size_t size;      /* of the line that has not ended yet */
    char line[MIDDLEBOX_LINE_MAX];
};

struct between;

struct middlebox {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    uint32_t ports[MIDDLEBOX_PORTS_MAX];
    size_t port_count;
    struct table strip_table; /* connection to index + 1 */
    VECTOR(struct strip) strips;
    VECTOR(uint32_t) free_strips;
    struct between *all; /* connections that were taken, used again */
};

/* A net_watch. */
void middlebox_strip(void *middlebox, const struct net_passage *passage);
/* A net_taken. */
bool middlebox_take(void *middlebox, uint32_t wire, uint32_t peer_address, uint32_t address,
                    uint32_t port, struct net_user *user);
void middlebox_finish_between(struct middlebox *m);
/* What it does to a connection, told in the trace; `onto`: the one that it goes on over, or 0. */
void middlebox_tell(const struct middlebox *m, uint32_t conn, struct slice was, struct slice now,
                    uint32_t onto);

#endif
