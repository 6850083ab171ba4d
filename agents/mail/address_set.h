/*
 * A set of mail addresses that remembers the order in which they came: who is in a list twice,
 * under whatever way of writing the domain, is in the set once (RFC 5321 2.4). A zeroed struct is
 * an empty set. Addresses are borrowed as long as they are in it.
 */
#ifndef AGENTS_MAIL_ADDRESS_SET_H
#define AGENTS_MAIL_ADDRESS_SET_H

#include "sim/base/slice.h"
#include "sim/base/vector.h"

struct address_set {
    VECTOR(struct slice) items; /* in the order in which they came */
    uint32_t *table;            /* index + 1 by hash */
    size_t table_size;
};

void address_set_finish(struct address_set *set);
void address_set_clear(struct address_set *set); /* keeps its memory */

/* False when it was there already. Cannot fail. */
bool address_set_add(struct address_set *set, struct slice address);
/* Its index, or SLICE_NONE. */
size_t address_set_find(const struct address_set *set, struct slice address);

#endif
