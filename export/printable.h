/*
 * Text of a trace made fit for a terminal. Traces hold what peers sent, and a peer may send escape
 * sequences, or characters that reverse or hide what stands beside them: all of these are shown by
 * their numbers, as \x1b or \u{202e}.
 */
#ifndef EXPORT_PRINTABLE_H
#define EXPORT_PRINTABLE_H

#include "sim/base/bytes.h"

enum printable_flag {
    PRINTABLE_ASCII = 1, /* characters outside ASCII are shown by their numbers, too */
    PRINTABLE_LINES = 2  /* line ends inside become " / "; without it they are shown as \x0a */
};

#define PRINTABLE_ALL SIZE_MAX

/* Appends at most `columns` columns; a longer text ends with an ellipsis. Gives the columns taken.
 */
size_t printable_append(struct bytes *out, struct slice text, size_t columns, unsigned flags);
/* Columns of one character: 0 for a combining mark, 2 for a wide one. */
unsigned printable_width(uint32_t code);

#endif
