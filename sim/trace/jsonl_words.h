/*
 * The words of a trace's lines: which kind of event a name stands for, and what a line of an older
 * program may lack.
 */
#ifndef SIM_TRACE_JSONL_WORDS_H
#define SIM_TRACE_JSONL_WORDS_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/trace/event.h"

enum { JSONL_WORDS_SLOTS = 512 };

struct jsonl_words {
    uint8_t slots[JSONL_WORDS_SLOTS]; /* a kind plus 1 by its name's hash; 0: free */
};

void jsonl_words_init(struct jsonl_words *words);
/* False when there is no such kind. */
bool jsonl_words_find(const struct jsonl_words *words, const char *name, enum event_kind *kind);

/* Was this field added after traces of this version were first written? A line without it is from
   before, and says 0: nobody, none, "", false. */
bool jsonl_is_later(enum event_kind kind, int field);
/* Is it left out where it says 0? Then what is saved is as it was before the field was there. */
bool jsonl_is_quiet(enum event_kind kind, int field);

#endif
