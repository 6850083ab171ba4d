/*
 * The header of a message, read where it lies (RFC 5322 2.2, 3.6): nothing is copied or changed,
 * so a broken header is served as it is. A header is lines up to the empty line.
 */
#ifndef AGENTS_MAIL_HEADER_H
#define AGENTS_MAIL_HEADER_H

#include "sim/base/bytes.h"
#include "sim/base/slice.h"

/* Splits at the empty line: `header` ends with it, so header and body together are the content. A
   content without an empty line is all header. Here a lone LF ends a line as CRLF does. */
void header_split(struct slice content, struct slice *header, struct slice *body);

struct header_field {
    struct slice whole; /* name to the CRLF of its last folded line */
    struct slice name;  /* without blanks and colon behind it; empty for a line that is no field */
    struct slice value; /* raw, folds in it, without leading blanks and the last CRLF */
};
/* The next field, taken off the front of *header; false at the empty line or the end. */
bool header_next(struct slice *header, struct header_field *field);

/* The n-th field of that name from the top, n from 1. False when there are fewer. */
bool header_find(struct slice header, struct slice name, unsigned n, struct header_field *field);
unsigned header_count(struct slice header, struct slice name);

/* Appends the value with each fold (CRLF and the blanks after it) made one space. False: out is
   full, and unchanged. */
bool header_unfold(struct slice value, struct bytes *out);
/*
 * Appends "Name: value<CRLF>", folded before column 78 at blanks. Octets that would break out of
 * the field (CR, LF, NUL) become spaces, so a value can't add a field of its own. Lines have 76
 * octets at most (RFC 2047 2) unless one word has more; 998 never passes (RFC 5322 2.1.1): a longer
 * word is cut. False: out is full, and unchanged.
 */
bool header_write(struct bytes *out, struct slice name, struct slice value);

#endif
