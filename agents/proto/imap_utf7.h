/*
 * Mailbox names on the wire: modified UTF-7 (RFC 3501 5.1.3) for clients of IMAP4rev1, in which
 * "Entw&APw-rfe" is Entwürfe and "&-" is "&"; and what may be in a name at all (RFC 9051 5.1).
 */
#ifndef AGENTS_PROTO_IMAP_UTF7_H
#define AGENTS_PROTO_IMAP_UTF7_H

#include "sim/base/bytes.h"

/*
 * Appends the name as UTF-8. Strict, so that a name has one form on the wire: no printable ASCII
 * within base64, no shift out and in again, no unused bits, no half of a surrogate pair, no octet
 * above 127. False when the name is none, or out is full; out is then unchanged.
 */
bool imap_utf7_decode(struct slice name, struct bytes *out);
/* Appends well-formed UTF-8 as modified UTF-7. False when it is none or has NUL, or out is full. */
bool imap_utf7_encode(struct slice text, struct bytes *out);

/* A name that may be used: well-formed UTF-8, not empty, no control characters (C0, DEL, C1), no
   line and paragraph separators (RFC 9051 5.1, RFC 5198 2). */
bool imap_utf7_is_name(struct slice text);

#endif
