#include "sim/base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"

/* Blocks double, so that a small arena is small and a large one has few blocks. */
enum { ARENA_FIRST_OCTETS = 1024, ARENA_BLOCK_OCTETS = 64 * 1024 };

struct arena_block {
    struct arena_block *next;
    size_t used, capacity;
    alignas(max_align_t) char data[];
};

void arena_init(struct arena *a)
{
    *a = (struct arena){0};
}

void arena_finish(struct arena *a)
{
    while (a->first) {
        struct arena_block *next = a->first->next;
        free(a->first);
        a->first = next;
    }
    a->current = NULL;
}

void arena_reset(struct arena *a)
{
    a->current = a->first;
    if (a->current)
        a->current->used = 0;
}

/* Moves on to a block with room for `size`, reusing the blocks that a reset left. */
static void next_block(struct arena *a, size_t size)
{
    while (a->current && a->current->next) {
        a->current = a->current->next;
        a->current->used = 0;
        if (a->current->capacity >= size)
            return;
    }
    size_t capacity = a->current ? a->current->capacity * 2 : ARENA_FIRST_OCTETS;
    if (capacity > ARENA_BLOCK_OCTETS)
        capacity = ARENA_BLOCK_OCTETS;
    if (capacity < size)
        capacity = size;
    struct arena_block *block = memory_resize(NULL, sizeof *block + capacity);
    *block = (struct arena_block){.capacity = capacity};
    if (a->current)
        a->current->next = block;
    else
        a->first = block;
    a->current = block;
}

/* Not zeroed. */
static void *take(struct arena *a, size_t size)
{
    size_t rounded = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    check(rounded >= size && rounded <= SIZE_MAX / 2);
    if (!a->current || a->current->capacity - a->current->used < rounded)
        next_block(a, rounded);
    void *taken = a->current->data + a->current->used;
    a->current->used += rounded;
    return taken;
}

void *arena_take(struct arena *a, size_t size)
{
    return memset(take(a, size), 0, size);
}

struct slice arena_copy(struct arena *a, struct slice s)
{
    return arena_join(a, &s, 1);
}

struct slice arena_join(struct arena *a, const struct slice *texts, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        size += texts[i].size;
    char *data = take(a, size + 1), *at = data;
    for (size_t i = 0; i < count; i++) {
        if (texts[i].size)
            memcpy(at, texts[i].data, texts[i].size);
        at += texts[i].size;
    }
    *at = '\0';
    return (struct slice){data, size};
}

struct slice arena_printf(struct arena *a, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    int size = vsnprintf(NULL, 0, format, args);
    va_end(args);
    check(size >= 0);
    char *data = take(a, (size_t)size + 1);
    vsnprintf(data, (size_t)size + 1, format, again);
    va_end(again);
    return (struct slice){data, (size_t)size};
}
