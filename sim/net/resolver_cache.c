#include <stdlib.h>
#include <string.h>

#include "sim/base/memory.h"
#include "sim/net/resolver_part.h"

static struct slice make_key(unsigned type, struct slice name, char key[RESOLVER_KEY])
{
    size_t n = 0;
    key[n++] = (char)('0' + (type >> 12));
    key[n++] = (char)('0' + (type >> 6 & 63));
    key[n++] = (char)('0' + (type & 63));
    for (size_t i = 0; i < name.size && i < DNS_NAME_MAX; i++)
        key[n++] = slice_lower(name.data[i]);
    return (struct slice){key, n};
}

static struct slice key_of(const struct resolver *r, size_t slot)
{
    return slice_of(r->entries.items[r->table[slot] - 1].key);
}

static size_t slot_of(const struct resolver *r, struct slice key)
{
    size_t mask = r->table_size - 1, i = slice_hash(key) & mask;
    while (r->table[i] && !slice_equal(key_of(r, i), key))
        i = (i + 1) & mask;
    return i;
}

void resolver_cache_start(struct resolver *r)
{
    r->table_size = 16;
    r->table = memory_take(r->table_size * sizeof *r->table);
}

void resolver_cache_finish(struct resolver *r)
{
    for (size_t i = 0; i < r->entries.count; i++) {
        free(r->entries.items[i].key);
        resolver_hunt_finish(&r->entries.items[i]);
        arena_finish(&r->entries.items[i].arena);
    }
    vector_finish(&r->entries);
    free(r->table);
}

static void grow_table(struct resolver *r)
{
    free(r->table);
    r->table_size *= 2;
    r->table = memory_take(r->table_size * sizeof *r->table);
    for (uint32_t i = 0; i < r->entries.count; i++)
        r->table[slot_of(r, slice_of(r->entries.items[i].key))] = i + 1;
}

size_t resolver_cache_find(const struct resolver *r, unsigned type, struct slice name)
{
    char text[RESOLVER_KEY];
    size_t slot = slot_of(r, make_key(type, name, text));
    return r->table[slot] ? r->table[slot] - 1 : SLICE_NONE;
}

/* ---- making room ---- */

/* Those behind the hole that would not be found any more move up into it. */
static void close_gap(struct resolver *r, size_t hole)
{
    size_t mask = r->table_size - 1;
    r->table[hole] = 0;
    for (size_t i = (hole + 1) & mask; r->table[i]; i = (i + 1) & mask) {
        size_t home = slice_hash(key_of(r, i)) & mask;
        if (((i - home) & mask) < ((i - hole) & mask))
            continue; /* its home is behind the hole */
        r->table[hole] = r->table[i];
        r->table[i] = 0;
        hole = i;
    }
}

static bool is_idle(const struct resolver_entry *e)
{
    return !e->is_asking && e->waiters == 0 && e->due == 0;
}

/* Entries lie in the order in which they came, round and round from the hand on. */
static uint32_t take_oldest(struct resolver *r)
{
    for (size_t i = 0; i < r->entries.count; i++) {
        size_t index = r->hand;
        struct resolver_entry *e = &r->entries.items[index];
        r->hand = (r->hand + 1) % r->entries.count;
        if (!is_idle(e))
            continue;
        close_gap(r, slot_of(r, slice_of(e->key)));
        free(e->key);
        resolver_hunt_finish(e);
        arena_finish(&e->arena);
        *e = (struct resolver_entry){0};
        return (uint32_t)index;
    }
    (void)vector_add(&r->entries); /* all are under way */
    return (uint32_t)r->entries.count - 1;
}

static uint32_t take_entry(struct resolver *r)
{
    if (r->entries.count >= RESOLVER_KEPT_MAX)
        return take_oldest(r);
    (void)vector_add(&r->entries);
    return (uint32_t)r->entries.count - 1;
}

uint32_t resolver_cache_find_or_add(struct resolver *r, unsigned type, struct slice name)
{
    char text[RESOLVER_KEY];
    struct slice key = make_key(type, name, text);
    size_t slot = slot_of(r, key);
    if (r->table[slot])
        return r->table[slot] - 1;
    uint32_t index = take_entry(r);
    struct resolver_entry *e = &r->entries.items[index];
    e->key = memory_take(key.size + 1);
    memcpy(e->key, key.data, key.size);
    e->name = e->key + 3;
    e->type = type;
    arena_init(&e->arena);
    r->table[slot_of(r, key)] = index + 1; /* room was made meanwhile */
    if (r->entries.count * 2 > r->table_size)
        grow_table(r);
    return index;
}
