/*
 * Keys for comparing text without case, the same on every machine and in every locale: upper-case
 * letters become the lower-case ones. By rule that is ASCII, Latin-1, Latin Extended-A, Greek and
 * Cyrillic (U+0000 to U+052F, without archaic letters and mathematical symbols of Greek); other
 * scripts compare exactly. It serves as i;unicode-casemap (RFC
 * 5051) for these scripts, without its decomposition of accents.
 */
#ifndef AGENTS_MAIL_FOLD_H
#define AGENTS_MAIL_FOLD_H

#include "sim/base/bytes.h"
#include "sim/base/slice.h"

/* The lower-case letter of a code point, or itself. */
uint32_t fold_letter(uint32_t letter);
/* Appends the key of a text in UTF-8; octets that are none stay as they are. A key has at most as
   many octets as its text. False: out is full, and unchanged. */
bool fold_write(struct slice text, struct bytes *out);

#endif
