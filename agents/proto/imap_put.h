/*
 * The words of IMAP, written (RFC 9051 9). Each function appends; false when out is full, which is
 * then unchanged. `is_utf8`: the client enabled IMAP4rev2 or UTF8=ACCEPT (RFC 6855).
 */
#ifndef AGENTS_PROTO_IMAP_PUT_H
#define AGENTS_PROTO_IMAP_PUT_H

#include "agents/mail/account.h"
#include "sim/base/bytes.h"

/* "12" */
bool imap_put_number(struct bytes *out, uint64_t number);
/* Quotes and backslashes escaped. The text has no CR, LF, NUL: see imap_put_string. */
bool imap_put_quoted(struct bytes *out, struct slice text);
/* "{5}\r\n" before the octets: the announcement alone. `more` is "" or "+" (RFC 7888). */
bool imap_put_literal_size(struct bytes *out, uint64_t size, struct slice more);
bool imap_put_literal(struct bytes *out, struct slice text);
/* Quoted when it can be, else as a literal. NUL, which neither may have, becomes '?'. */
bool imap_put_string(struct bytes *out, struct slice text, bool is_utf8);
/* An atom when it can be, but never NIL; else a string. */
bool imap_put_astring(struct bytes *out, struct slice text, bool is_utf8);
/* NIL when data is NULL. */
bool imap_put_nstring(struct bytes *out, struct slice text, bool is_utf8);
/* A mailbox name, given as UTF-8; in modified UTF-7 when the client has no UTF-8. */
bool imap_put_mailbox(struct bytes *out, struct slice name, bool is_utf8);
/* "(\Seen $Forwarded)"; with "\Recent" in it where the session is the first to be told. */
bool imap_put_flags(struct bytes *out, const struct account_folder *folder, uint64_t flags,
                    bool is_recent);
/* "\" 3-Mar-2025 09:00:00 +0000\"" in its quotes. Years outside 0000..9999 are clamped. */
bool imap_put_date_time(struct bytes *out, int64_t unix_s, int zone_min);

#endif
