#include "sim/net/table.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"

/* Open addressing with linear probing; capacity is a power of two, at most 3/4 full. */
struct table_entry {
    uint64_t key;
    uint32_t value; /* 0: free */
};

void table_finish(struct table *table)
{
    free(table->entries);
    *table = (struct table){0};
}

static size_t home_of(const struct table *table, uint64_t key)
{
    key ^= key >> 31;
    key *= 0x9E3779B97F4A7C15u;
    return (size_t)(key >> 32) & (table->capacity - 1);
}

/* Where the key is, or the free place where it would be put. */
static size_t place_of(const struct table *table, uint64_t key)
{
    size_t i = home_of(table, key);
    while (table->entries[i].value != 0 && table->entries[i].key != key)
        i = (i + 1) & (table->capacity - 1);
    return i;
}

uint32_t table_get(const struct table *table, uint64_t key)
{
    return table->count ? table->entries[place_of(table, key)].value : 0;
}

static void grow(struct table *table)
{
    struct table old = *table;
    table->capacity = old.capacity ? old.capacity * 2 : 16;
    table->entries = memory_take(table->capacity * sizeof *table->entries);
    for (size_t i = 0; i < old.capacity; i++)
        if (old.entries[i].value != 0)
            table->entries[place_of(table, old.entries[i].key)] = old.entries[i];
    free(old.entries);
}

void table_set(struct table *table, uint64_t key, uint32_t value)
{
    check(value != 0);
    if ((table->count + 1) * 4 > table->capacity * 3)
        grow(table);
    struct table_entry *entry = &table->entries[place_of(table, key)];
    table->count += entry->value == 0;
    *entry = (struct table_entry){key, value};
}

void table_remove(struct table *table, uint64_t key)
{
    if (table_get(table, key) == 0)
        return;
    size_t mask = table->capacity - 1;
    size_t hole = place_of(table, key);
    /* later entries of the run move up, so that no search ends early at the hole */
    for (size_t i = (hole + 1) & mask; table->entries[i].value != 0; i = (i + 1) & mask) {
        size_t home = home_of(table, table->entries[i].key);
        if (((i - home) & mask) >= ((i - hole) & mask)) {
            table->entries[hole] = table->entries[i];
            hole = i;
        }
    }
    table->entries[hole].value = 0;
    table->count--;
}

void table_clear(struct table *table)
{
    if (table->count)
        memset(table->entries, 0, table->capacity * sizeof *table->entries);
    table->count = 0;
}
