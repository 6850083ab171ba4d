/*
 * A pool keeps each text once and names it by a number. The same octets always give the same
 * number, so two texts are equal when their numbers are. Texts never move and are never dropped:
 * a slice from pool_at is valid as long as the pool is. The empty text is number 0.
 */
#ifndef SIM_BASE_POOL_H
#define SIM_BASE_POOL_H

#include "sim/base/slice.h"

enum { POOL_LONG_OCTETS = 256, POOL_LASTS = 64 };

struct pool {
    char **chunks; /* of POOL_CHUNK_OCTETS each, but for texts too large for one */
    size_t chunk_count, chunk_capacity;
    uint32_t used;    /* of the last chunk, in units of 8 octets */
    uint32_t *table;  /* open addressing, by hash; 0 is free */
    uint32_t *hashes; /* beside the table: the upper hash bits, to save comparisons */
    size_t table_size, count;
    uint64_t octets; /* of all texts, each once */
    /* by size: the long text that came last. A body goes from hop to hop, so it is mostly that. */
    uint32_t last[POOL_LASTS];
};

void pool_init(struct pool *p);
void pool_finish(struct pool *p);

/* The number of this text; it is copied on first sight. Cannot fail (the pool holds 32 GiB). */
uint32_t pool_intern(struct pool *p, struct slice text);
/* The number of this text if it was interned; false otherwise. */
bool pool_find(const struct pool *p, struct slice text, uint32_t *number);
/* Borrowed; there is a NUL behind it. `number` must come from this pool. */
struct slice pool_at(const struct pool *p, uint32_t number);

#endif
