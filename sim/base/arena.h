/*
 * An arena gives out memory that is all given back at once. It carries a lifetime: a session, a
 * frame, a loaded file, a test. Blocks are kept across arena_reset, so a frame that has drawn once
 * allocates nothing when it draws again.
 */
#ifndef SIM_BASE_ARENA_H
#define SIM_BASE_ARENA_H

#include "sim/base/slice.h"

struct arena_block;

struct arena {
    struct arena_block *first, *current;
};

void arena_init(struct arena *a);
void arena_finish(struct arena *a);
/* All that was given out is invalid; the blocks stay. */
void arena_reset(struct arena *a);

/* Zeroed, aligned for any type; cannot fail. Valid until reset or finish. */
void *arena_take(struct arena *a, size_t size);
/* A copy with a NUL behind it, so that .data is also a C string. */
struct slice arena_copy(struct arena *a, struct slice s);
/* Several texts behind each other, likewise. */
struct slice arena_join(struct arena *a, const struct slice *texts, size_t count);
struct slice arena_printf(struct arena *a, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

#endif
