/*
 * Private to this folder: what an agent of a role does, in the words that the lessons use.
 */
#ifndef RENDER_VIEW_ROLE_WORDS_H
#define RENDER_VIEW_ROLE_WORDS_H

#include "sim/base/slice.h"

struct role_words {
    const char *role;
    const char *name;   /* "submission agent" */
    const char *does;   /* a sentence */
    const char *others; /* what else it is called; "" */
    const char *clause;
};
/* Texts are English, through tr(). NULL: a role without words. */
const struct role_words *role_words(struct slice role);

/* The short label on a card: as the RFCs have it, or as the classic texts do, to which delivery,
   store and access are one "incoming mail server". Translated. */
const char *role_label(struct slice role, bool is_classic);
/* Of those that are one box under the classic labels. */
bool role_is_incoming(struct slice role);

#endif
