/*
 * Sentences with named holes: "{from} asks {to}". A translation fills them in an order of its own,
 * which pieces put together one after the other would not allow.
 */
#ifndef RENDER_VIEW_WORDS_SAY_H
#define RENDER_VIEW_WORDS_SAY_H

#include <stdint.h>

#include "sim/base/arena.h"

struct words_hole {
    const char *name;
    struct slice text;
};

/* The holes end with one that has no name. What no hole is named after stays as it is. */
struct slice words_say(struct arena *arena, const char *sentence, const struct words_hole *holes);
/* WORDS_SAY(arena, tr("{from} asks {to}"), {"from", from}, {"to", to}) */
#define WORDS_SAY(arena, sentence, ...)                                                            \
    words_say((arena), (sentence), (const struct words_hole[]){__VA_ARGS__, {NULL, {NULL, 0}}})

struct slice words_number(struct arena *arena, uint32_t number);

#endif
