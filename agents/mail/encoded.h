/*
 * Encoded words (RFC 2047): how text outside ASCII travels in a header field.
 */
#ifndef AGENTS_MAIL_ENCODED_H
#define AGENTS_MAIL_ENCODED_H

#include "sim/base/bytes.h"
#include "sim/base/slice.h"

/* "utf-8" when the text is that, else "iso-8859-1", in which every octet is a character. */
struct slice encoded_charset(struct slice text);

/*
 * Appends the text as encoded words with a space between them: in Q, which a person can still read,
 * or in B where more than half of the octets are above 127. Each is short enough to stand behind a
 * field name such as "Subject: " in a line of 76 octets, and none splits a character. CR, LF and
 * NUL become spaces before, so that decoding can't bring them back. False: out is full, and
 * unchanged.
 */
bool encoded_write(struct slice text, struct bytes *out);

/* Octets of the character at the front of a text that is not empty; 1 when it is no UTF-8. */
size_t encoded_character(struct slice text);

#endif
