/*
 * A growing array of one type, kept as a plain struct so that items[i] stays ordinary C:
 *
 *     VECTOR(struct hop) hops = {0};
 *     *vector_add(&hops) = (struct hop){...};      the new item comes zeroed
 *     for (size_t i = 0; i < hops.count; i++) use(&hops.items[i]);
 *     vector_finish(&hops);
 *
 * Pointers to items are valid until the next vector_add.
 */
#ifndef SIM_BASE_VECTOR_H
#define SIM_BASE_VECTOR_H

#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#define VECTOR(type)                                                                               \
    struct {                                                                                       \
        type *items;                                                                               \
        size_t count, capacity;                                                                    \
    }

/* Adds a zeroed item and gives its address. Cannot fail. */
#define vector_add(v)                                                                              \
    ((v)->items = vector_grow((v)->items, &(v)->count, &(v)->capacity, sizeof *(v)->items),        \
     &(v)->items[(v)->count - 1])

#define vector_clear(v) ((void)((v)->count = 0))
#define vector_finish(v)                                                                           \
    (free((v)->items), (v)->items = NULL, (v)->count = (v)->capacity = 0, (void)0)

/* Empties it, and keeps its memory if that is small. */
#define vector_reuse(v)                                                                            \
    ((v)->capacity * sizeof *(v)->items > VECTOR_SMALL_OCTETS ? vector_finish(v) : vector_clear(v))

/* Takes item i out and closes the gap. */
#define vector_remove(v, i) vector_close_gap((v)->items, &(v)->count, (i), sizeof *(v)->items)

enum { VECTOR_SMALL_OCTETS = 1024 };

/* Where there is no room for one more: the items in a block of twice the size. */
void *vector_double(void *items, size_t *capacity, size_t item_size);

static inline void *vector_grow(void *items, size_t *count, size_t *capacity, size_t item_size)
{
    if (*count == *capacity)
        items = vector_double(items, capacity, item_size);
    memset((char *)items + (*count)++ * item_size, 0, item_size);
    return items;
}

void vector_close_gap(void *items, size_t *count, size_t i, size_t item_size);

#endif
