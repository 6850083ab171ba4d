/*
 * Private to this folder: what a setting is called in a form. The file's names are short for who
 * types them ("pop_delete"); who reads a form gets words, taken from the sentence that every
 * setting has: "fetch by itself; 0 only when asked" is "Fetch by itself", and the rest explains it.
 */
#ifndef RENDER_VIEW_FIELD_WORDS_H
#define RENDER_VIEW_FIELD_WORDS_H

#include "sim/base/arena.h"
#include "sim/base/slice.h"

struct field_words {
    struct slice title; /* in the arena */
    struct slice rest;  /* of the sentence; "" when the title says it all */
};

/* A sentence that begins with a value in quotes says nothing of the whole: then the title is made
   of the name. */
/* The first clause of a sentence, as it stands. */
struct slice field_clause(struct slice meaning);
struct field_words field_words(struct arena *arena, const char *key, struct slice meaning);

#endif
