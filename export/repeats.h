/*
 * Lines with their times, of which those that repeat are told once: of sixty attempts that fail
 * alike, the first two and the last, with how many there were.
 *
 *     struct repeats repeats;
 *     repeats_init(&repeats);
 *     repeats_add(&repeats, t, text, shape);        in order; lines that repeat have one shape
 *     repeats_settle(&repeats);
 *     ... repeats.rows.items[i], but not those with times == 0 ...
 *     repeats_finish(&repeats);
 */
#ifndef EXPORT_REPEATS_H
#define EXPORT_REPEATS_H

#include <stdint.h>

#include "sim/base/arena.h"
#include "sim/base/vector.h"

enum { REPEATS_ALIKE = 6 }; /* so many are still told one by one */

struct repeats_row {
    int64_t t;
    struct slice text, shape;
    uint32_t times; /* 0: left out; 1: told; more: the last of so many */
    int64_t since;  /* times > 1: when the first of them was */
};

struct repeats {
    struct arena arena;
    VECTOR(struct repeats_row) rows;
};

void repeats_init(struct repeats *repeats);
void repeats_finish(struct repeats *repeats);
/* Both are copied. A shape that is the text itself: only equal lines are alike. */
void repeats_add(struct repeats *repeats, int64_t t, struct slice text, struct slice shape);
/* When all have been added: which are told. */
void repeats_settle(struct repeats *repeats);
/* The text without what differs from one attempt to the next: numbers, times, ids. In the arena. */
struct slice repeats_shape(struct slice text, struct arena *arena);

#endif
