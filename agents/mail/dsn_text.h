/*
 * The part of a delivery status notification that people read (the first part of RFC 6522 3): what
 * happened, to whom, what the server said, and what can be done about it.
 */
#ifndef AGENTS_MAIL_DSN_TEXT_H
#define AGENTS_MAIL_DSN_TEXT_H

#include "agents/mail/dsn.h"

/* Appends lines of printable ASCII with CRLF. False: out is full. */
bool dsn_text_write(const struct dsn_report *report, struct bytes *out);

/* Appends the text with blanks for line ends and '?' for what is not printable ASCII. A text of
   more than `most` octets is cut and ends in "...". */
bool dsn_text_printable(struct slice text, size_t most, struct bytes *out);

#endif
