/*
 * Numbers as digits, for texts that are made for every mail: what printf does, without its cost.
 */
#ifndef SIM_BASE_DIGITS_H
#define SIM_BASE_DIGITS_H

#include <stddef.h>
#include <stdint.h>

enum { DIGITS_MAX = 20 };

/* Writes `value` in base 10 or 16 (upper case), with zeros in front up to `width` digits, without a
   terminator; gives how many. `at` has room for DIGITS_MAX, or for `width` if that is more. */
size_t digits_put(char *at, uint64_t value, unsigned base, unsigned width);

#endif
