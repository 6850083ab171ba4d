/*
 * Finds a number by a name, in constant time: a hash table that lives in an arena and is made with
 * its ceiling. It is never walked, so its order shows nowhere. Names are borrowed.
 *
 *     struct name_index hosts;
 *     name_index_init(&hosts, &arena, host_count);
 *     size_t *slot = name_index_at(&hosts, id);
 *     if (*slot != SLICE_NONE) ... it was there already: *slot is its number
 *     *slot = i;
 */
#ifndef TOPOLOGIES_NAME_INDEX_H
#define TOPOLOGIES_NAME_INDEX_H

#include "sim/base/arena.h"

struct name_index_entry {
    struct slice name;
    size_t number;
};

struct name_index {
    struct name_index_entry *entries; /* open addressing; a name without data is free */
    size_t size, count, ceiling;
};

void name_index_init(struct name_index *index, struct arena *arena, size_t ceiling);
/* The number of this name, to be read and set; SLICE_NONE at first sight. */
size_t *name_index_at(struct name_index *index, struct slice name);
/* SLICE_NONE when it is not there. */
size_t name_index_find(const struct name_index *index, struct slice name);

/* A DNS name or mail domain as it is kept here: letters in lower case (RFC 4343). */
struct slice name_index_fold(struct arena *arena, struct slice name);

#endif
