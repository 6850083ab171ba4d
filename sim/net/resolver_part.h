/*
 * What the parts of the resolver share: resolver.c asks and reads answers, resolver_cache.c keeps
 * them, resolver_tcp.c asks by TCP. Nobody else includes it.
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
    uint32_t waiters; /* index + 1 of the first */
    uint32_t due;     /* how many will be told what is kept */
};

/* A question under way by TCP. */
struct resolver_call {
    uint32_t wire;  /* 0: a free slot */
    uint32_t entry; /* index */
    bool is_over;   /* nothing more is taken from it */
    struct bytes in;
};

struct resolver {
    struct net *net;
    struct sim *sim;
    uint32_t host, server, port;
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

/* Takes an answer; false when it answers nothing that is under way. */
bool resolver_take_answer(struct resolver *r, struct slice octets, bool is_tcp);
/* Sends what asks this entry's question, and the timer runs. */
void resolver_tcp_ask(struct resolver *r, uint32_t entry, struct slice question);
/* Gives up what is under way for this entry by TCP. */
void resolver_tcp_forget(struct resolver *r, uint32_t entry);
void resolver_tcp_finish(struct resolver *r);

#endif
