#include "sim/base/pool.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"

/*
 * A number is chunk << UNIT_BITS | unit; a unit is 8 octets, a chunk 2^17 units = 1 MiB. A text
 * starts at a unit with its size as 4 octets. A text that is larger than a chunk gets a chunk of
 * its own size, so a number's chunk part stays an index. Unit 0 of chunk 0 is the empty text.
 */
enum { UNIT_OCTETS = 8, UNIT_BITS = 17, CHUNK_UNITS = 1 << UNIT_BITS };

static void add_chunk(struct pool *p, size_t units)
{
    check(p->chunk_count < (size_t)1 << (32 - UNIT_BITS));
    if (p->chunk_count == p->chunk_capacity) {
        p->chunk_capacity = p->chunk_capacity ? p->chunk_capacity * 2 : 8;
        p->chunks = memory_resize(p->chunks, p->chunk_capacity * sizeof *p->chunks);
    }
    p->chunks[p->chunk_count++] = memory_resize(NULL, units * UNIT_OCTETS);
    p->used = 0;
}

void pool_init(struct pool *p)
{
    *p = (struct pool){.table_size = 1024};
    p->table = memory_take(p->table_size * sizeof *p->table);
    p->hashes = memory_take(p->table_size * sizeof *p->hashes);
    add_chunk(p, CHUNK_UNITS);
    memset(p->chunks[0], 0, UNIT_OCTETS);
    p->used = 1;
}

void pool_finish(struct pool *p)
{
    for (size_t i = 0; i < p->chunk_count; i++)
        free(p->chunks[i]);
    free(p->chunks);
    free(p->table);
    free(p->hashes);
    *p = (struct pool){0};
}

struct slice pool_at(const struct pool *p, uint32_t number)
{
    const char *at =
        p->chunks[number >> UNIT_BITS] + (size_t)(number & (CHUNK_UNITS - 1)) * UNIT_OCTETS;
    uint32_t size;
    memcpy(&size, at, sizeof size);
    return (struct slice){at + sizeof size, size};
}

static uint32_t store(struct pool *p, struct slice text)
{
    check(text.size < UINT32_MAX - UNIT_OCTETS);
    size_t units = (sizeof(uint32_t) + text.size + 1 + UNIT_OCTETS - 1) / UNIT_OCTETS;
    if (p->used + units > CHUNK_UNITS)
        add_chunk(p, units > CHUNK_UNITS ? units : CHUNK_UNITS);
    uint32_t number = (uint32_t)((p->chunk_count - 1) << UNIT_BITS) | p->used;
    char *at = p->chunks[p->chunk_count - 1] + (size_t)p->used * UNIT_OCTETS;
    uint32_t size = (uint32_t)text.size;
    memcpy(at, &size, sizeof size);
    memcpy(at + sizeof size, text.data, text.size);
    at[sizeof size + text.size] = '\0';
    p->used += (uint32_t)(units < CHUNK_UNITS ? units : CHUNK_UNITS);
    p->octets += text.size;
    return number;
}

/* ---- finding ---- */

static uint64_t stir(uint64_t sum, uint64_t word)
{
    sum = (sum ^ word) * 0x9E3779B97F4A7C15u;
    return sum << 29 | sum >> 35;
}

/* Fewer than eight octets as a number: where there are four, from both ends. */
static uint64_t short_word(struct slice s)
{
    uint32_t first = 0, last = 0;
    if (s.size >= sizeof first) {
        memcpy(&first, s.data, sizeof first);
        memcpy(&last, s.data + s.size - sizeof last, sizeof last);
    } else if (s.size > 0) {
        first = (unsigned char)s.data[0];
        last = (uint32_t)(unsigned char)s.data[s.size / 2] << 8 | (unsigned char)s.data[s.size - 1];
    }
    return (uint64_t)first << 32 | last;
}

/* Where a text stands in the table is never seen, so this need not be the same on all machines. */
static uint32_t hash_of(struct slice s)
{
    enum { STRIDE = 32 };
    uint64_t a = s.size, b = ~a, c = a << 8, d = b << 8;
    size_t i = 0;
    for (; i + STRIDE <= s.size; i += STRIDE) { /* four sums that do not wait for each other */
        a = stir(a, slice_word(s.data + i));
        b = stir(b, slice_word(s.data + i + 8));
        c = stir(c, slice_word(s.data + i + 16));
        d = stir(d, slice_word(s.data + i + 24));
    }
    for (; i + 8 < s.size; i += 8)
        a = stir(a, slice_word(s.data + i));
    if (s.size >= 8) /* the last eight, some of which may have been seen */
        b = stir(b, slice_word(s.data + s.size - 8));
    else
        b = stir(b, short_word(s));
    uint64_t sum = stir(stir(a, c), stir(b, d));
    return (uint32_t)(sum ^ sum >> 32);
}

/* The table place that holds this text, or the free one where it belongs. */
static size_t place_of(const struct pool *p, struct slice text, uint32_t hash)
{
    size_t mask = p->table_size - 1;
    size_t i = hash & mask;
    while (p->table[i] && !(p->hashes[i] == hash && slice_equal(pool_at(p, p->table[i]), text)))
        i = (i + 1) & mask;
    return i;
}

static void grow_table(struct pool *p)
{
    uint32_t *table = p->table, *hashes = p->hashes;
    size_t old_size = p->table_size;
    p->table_size *= 2;
    p->table = memory_take(p->table_size * sizeof *p->table);
    p->hashes = memory_take(p->table_size * sizeof *p->hashes);
    for (size_t i = 0; i < old_size; i++) {
        if (!table[i])
            continue;
        size_t to = hashes[i] & (p->table_size - 1);
        while (p->table[to])
            to = (to + 1) & (p->table_size - 1);
        p->table[to] = table[i];
        p->hashes[to] = hashes[i];
    }
    free(table);
    free(hashes);
}

uint32_t pool_intern(struct pool *p, struct slice text)
{
    if (text.size == 0)
        return 0;
    uint32_t *last = text.size >= POOL_LONG_OCTETS ? &p->last[text.size % POOL_LASTS] : NULL;
    if (last && *last && slice_equal(pool_at(p, *last), text))
        return *last;
    uint32_t hash = hash_of(text);
    size_t i = place_of(p, text, hash);
    uint32_t number = p->table[i] ? p->table[i] : store(p, text);
    if (last)
        *last = number;
    if (p->table[i])
        return number;
    p->table[i] = number;
    p->hashes[i] = hash;
    if (++p->count * 3 > p->table_size * 2)
        grow_table(p);
    return number;
}

bool pool_find(const struct pool *p, struct slice text, uint32_t *number)
{
    *number = 0;
    if (text.size == 0)
        return true;
    *number = p->table[place_of(p, text, hash_of(text))];
    return *number != 0;
}
