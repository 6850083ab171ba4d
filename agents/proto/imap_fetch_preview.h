/*
 * PREVIEW (RFC 8970): the first words of a message, for a list of messages.
 */
#ifndef AGENTS_PROTO_IMAP_FETCH_PREVIEW_H
#define AGENTS_PROTO_IMAP_FETCH_PREVIEW_H

#include "agents/mail/mime.h"

enum { IMAP_FETCH_PREVIEW_MAX = 200 }; /* characters (RFC 8970 3.1 recommends that, allows 256) */

/* Appends a string, empty when the message has no text. False: out is full, and unchanged. */
bool imap_fetch_preview_put(const struct mime *mime, bool is_utf8, struct bytes *out);

#endif
