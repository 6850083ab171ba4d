/*
 * Private to this folder: what the fields of a header are for, a sentence each, with the clause.
 */
#ifndef RENDER_VIEW_HEADER_WORDS_H
#define RENDER_VIEW_HEADER_WORDS_H

#include "sim/base/slice.h"

struct header_meaning {
    const char *name; /* "List-" with the hyphen: all that begin so and have no row of their own */
    const char *text; /* English; through tr() */
    const char *clause; /* "RFC 5322 3.6.2" */
};
/* By a field's name, letters in any case. Never NULL: a field of no standard has a row, too. */
const struct header_meaning *header_meaning(struct slice name);
/* The same of a word of a Received field: "from", "by", "with", "id", "for", ";". NULL: unknown. */
const struct header_meaning *header_received_meaning(const char *word);
/* What the word behind "with" says: "ESMTPSA". NULL: it is in no table. */
const struct header_meaning *header_with_meaning(struct slice word);

#endif
