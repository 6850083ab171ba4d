/*
 * xtext (RFC 3461 4): how ESMTP parameters carry texts that hold blanks, '+' or '=': each such
 * octet as '+' and two hexadecimal digits in capitals.
 */
#ifndef AGENTS_PROTO_SMTP_XTEXT_H
#define AGENTS_PROTO_SMTP_XTEXT_H

#include "sim/base/bytes.h"

/* Appends what the xtext means. False, and no change, when it is none or out is full. */
bool smtp_xtext_read(struct slice xtext, struct bytes *out);
/*
 * Appends text as xtext. `keeps_utf8`: octets above 127 stay as they are, as SMTPUTF8 allows in
 * parameters (RFC 6531 3.3). False, and no change, when out is full.
 */
bool smtp_xtext_write(struct slice text, bool keeps_utf8, struct bytes *out);

#endif
