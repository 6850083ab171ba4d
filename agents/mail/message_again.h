/*
 * A message that was written elsewhere, made ready to be sent once more: header and body stay as
 * they are, octet for octet, but for what no mail program may hand to a server.
 */
#ifndef AGENTS_MAIL_MESSAGE_AGAIN_H
#define AGENTS_MAIL_MESSAGE_AGAIN_H

#include "sim/base/bytes.h"

/*
 * Appends the message. Lines end with CRLF (RFC 5321 2.3.8); one of more than 998 octets is broken,
 * in the header as a fold (RFC 5322 2.1.1, 2.2.3); a NUL goes (RFC 5322 2.1). Return-Path is of an
 * earlier delivery (RFC 5321 4.4), Bcc is nobody's business (RFC 5322 3.6.3), and the "From " line
 * of an mbox is of the file: they stay behind. What does not begin with a field is all body, behind
 * an empty header that the next server completes. False: out is full, and unchanged.
 */
bool message_again(struct slice content, struct bytes *out);

#endif
