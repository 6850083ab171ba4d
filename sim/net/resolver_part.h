/*
 * What the parts of the resolver share: resolver.c asks and reads answers, resolver_cache.c keeps
 * them, resolver_tcp.c asks by TCP, resolver_hunt.c goes from server to server. Nobody else
 * includes it.
 */
#ifndef SIM_NET_RESOLVER_PART_H
#define SIM_NET_RESOLVER_PART_H

#include "sim/base/bytes.h"
#include "sim/base/vector.h"
#include "sim/net/resolver.h"

enum { RESOLVER_PORT = 53, RESOLVER_KEY = DNS_NAME_MAX + 8 };

struct resolver_waiter {
    resolver_done *done;
    void *context;
    uint64_t tag;
    uint32_t agent;
    uint32_t next; /* in the entry's list or the free list; index + 1 */
};

enum { HUNT_SERVERS_MAX = 8, HUNT_NAMES_OCTETS = HUNT_SERVERS_MAX * (DNS_NAME_MAX + 1) };

/* Where the search for an answer has got to. */
struct resolver_hunt {
    uint32_t servers[HUNT_SERVERS_MAX];
    size_t count, next; /* next: the one that is asked now */
    char zone[DNS_NAME_MAX];
    size_t zone_size;   /* what these servers are for */
    struct bytes names; /* of servers whose addresses have to be found first, each with a blank */
    unsigned rounds, sent, serial;
    unsigned depth; /* 0: for a client; else for another hunt, which is one of this depth less 1 */
};

/* Who answers for a zone, as referrals have said. */
struct resolver_zone {
    char name[DNS_NAME_MAX];
    size_t size;
    uint32_t servers[HUNT_SERVERS_MAX];
    size_t count;
    struct bytes names; /* of further servers, as in struct resolver_hunt */
    int64_t expires_t;
};

/* A question with its answer, kept or awaited. */
struct resolver_entry {
    char *key; /* type and name, lower case */
    char *name;
    unsigned type;
    bool is_asking, is_known;
    bool has_no_edns; /* the server did not understand it */
    uint16_t id;
    int tries;
    uint32_t serial; /* of the question that was sent last */
    int64_t expires_t;
    enum resolver_status status;
    struct arena arena; /* of the records */
    struct dns_record *records;
    size_t count;
    struct dns_record *others; /* see struct resolver_answer */
    size_t other_count;
    struct resolver_hunt *hunt; /* NULL: it never was one */
    uint32_t waiters;           /* index + 1 of the first */
    uint32_t due;               /* how many will be told what is kept */
};

/* A question under way by TCP. */
struct resolver_call {
    uint32_t wire;  /* 0: a free slot */
    uint32_t entry; /* index */
    uint32_t server;
    bool is_over; /* nothing more is taken from it */
    struct bytes in;
};

struct resolver {
    struct net *net;
    struct sim *sim;
    uint32_t host, server, root, port;
    bool keeps_all;
    VECTOR(struct resolver_zone) zones;
    size_t zone_hand;
    unsigned hunts; /* so many were begun */
    unsigned depth; /* of the hunt that is begun now */
    struct random random;
    uint32_t serial;
    VECTOR(struct resolver_entry) entries;
    VECTOR(struct resolver_waiter) waiters;
    VECTOR(struct resolver_call) calls;
    uint32_t free_waiters;
    uint32_t *table; /* entry index + 1 by hash of the key */
    size_t table_size;
    size_t hand; /* the entry that was put in first of those that are there */
};

/* ---- the cache: at most RESOLVER_KEPT_MAX entries nobody waits for; the oldest go ---- */

void resolver_cache_start(struct resolver *r);
void resolver_cache_finish(struct resolver *r);
/* The entry of a question, or SLICE_NONE. */
size_t resolver_cache_find(const struct resolver *r, unsigned type, struct slice name);
uint32_t resolver_cache_find_or_add(struct resolver *r, unsigned type, struct slice name);

/* ---- questions ---- */

/* Takes an answer; false when it answers nothing that is under way with this server. */
bool resolver_take_answer(struct resolver *r, uint32_t from, struct slice octets, bool is_tcp);
/* Puts an entry's question to its server, and the timer runs. */
void resolver_send(struct resolver *r, uint32_t entry, bool by_tcp);
/* The question is answered: all who wait are told. ttl_s 0: it is not kept. */
void resolver_settle(struct resolver *r, uint32_t entry, enum resolver_status status,
                     int64_t ttl_s);
/* The trace: `asker` has read an answer of the entry's server. */
void resolver_note(struct resolver *r, uint32_t entry, uint32_t asker, const char *rcode,
                   struct slice data);
/* Keeps the wanted records of an answer, and what leads to them; gives the TTL of the whole.
 *last is the end of the CNAME chain. */
uint32_t resolver_keep(struct resolver *r, uint32_t entry, const struct dns_message *m,
                       struct slice *last);
/* How long a "no" holds: as the SOA record says; without one it is not kept (RFC 2308 5). */
int64_t resolver_negative_ttl_s(const struct dns_message *m);
void resolver_copy_record(struct arena *arena, struct dns_record *to,
                          const struct dns_record *from);
struct slice resolver_print(const struct dns_record *records, size_t count, struct arena *arena);

/* ---- hunting: see resolver_set_root ---- */

/* The server that an entry's question goes to. */
uint32_t resolver_server_of(const struct resolver *r, const struct resolver_entry *e);
void resolver_hunt_start(struct resolver *r, uint32_t entry);
void resolver_hunt_timed_out(struct resolver *r, uint32_t entry);
void resolver_hunt_take(struct resolver *r, uint32_t entry, const struct dns_message *m,
                        unsigned rcode);
void resolver_hunt_finish(struct resolver_entry *e);
void resolver_forget_zones(struct resolver *r);

/* Sends this question of an entry. */
void resolver_tcp_ask(struct resolver *r, uint32_t entry, struct slice question);
/* Gives up what is under way for this entry by TCP. */
void resolver_tcp_forget(struct resolver *r, uint32_t entry);
void resolver_tcp_finish(struct resolver *r);

#endif
