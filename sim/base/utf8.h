/*
 * UTF-8 of RFC 3629: no overlong form, no surrogate, nothing above U+10FFFF.
 */
#ifndef SIM_BASE_UTF8_H
#define SIM_BASE_UTF8_H

#include "sim/base/bytes.h"
#include "sim/base/slice.h"

/* Octets of the well-formed character at the front of a text; 0 when there is none. */
size_t utf8_size(struct slice text);
/* Its code point, and its size in *size; UINT32_MAX, and size 1, when it is not well-formed. The
   text is not empty. */
uint32_t utf8_read(struct slice text, size_t *size);
/* The same at a place in a text: its size, 0 at the end or when no well-formed character is there.
 */
size_t utf8_next(struct slice text, size_t at, uint32_t *letter);
bool utf8_is_valid(struct slice text);

/* Appends one character; what is no code point becomes U+FFFD. False: out is full, and unchanged.
 */
bool utf8_append(uint32_t letter, struct bytes *out);
/* Appends the text with each octet that is no UTF-8 made U+FFFD. False: out is full, and unchanged.
 */
bool utf8_append_repaired(struct slice text, struct bytes *out);

#endif
