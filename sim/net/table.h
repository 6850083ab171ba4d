/*
 * A hash table from 64-bit keys to numbers. 0 is not a value: it says that a key is not there.
 * Nothing walks over it, so its inner order is never seen.
 */
#ifndef SIM_NET_TABLE_H
#define SIM_NET_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct table_entry;

struct table {
    struct table_entry *entries;
    size_t capacity, count;
};

/* A zeroed struct is an empty table. */
void table_finish(struct table *table);

uint32_t table_get(const struct table *table, uint64_t key);
/* Sets or replaces. `value` must not be 0. */
void table_set(struct table *table, uint64_t key, uint32_t value);
void table_remove(struct table *table, uint64_t key);
/* Empties it and keeps its memory. */
void table_clear(struct table *table);

#endif
