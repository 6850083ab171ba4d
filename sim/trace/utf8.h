/*
 * UTF-8 as RFC 3629 has it: no overlong forms, no surrogates, nothing above U+10FFFF.
 */
#ifndef SIM_TRACE_UTF8_H
#define SIM_TRACE_UTF8_H

#include "sim/base/slice.h"

/* How many octets the character at `at` takes (1 to 4), and its number; 0 when no valid character
   starts there or `at` is the end. */
size_t utf8_next(struct slice s, size_t at, uint32_t *code);
bool utf8_is_valid(struct slice s);

#endif
