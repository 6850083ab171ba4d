/*
 * The parts of a composed message. For message.c and message_again.c.
 */
#ifndef AGENTS_MAIL_MESSAGE_PART_H
#define AGENTS_MAIL_MESSAGE_PART_H

#include "agents/mail/message.h"

enum { MESSAGE_BOUNDARY = 24 };

/* A boundary, with a NUL behind it, that no line of the draft's body and attachments begins with:
   the same for the same draft. */
struct slice message_boundary(const struct message_draft *draft, char text[MESSAGE_BOUNDARY]);
/* Appends the text's lines with CRLF, whatever ended them; one of more than 998 octets (RFC 5322
   2.1.1) is broken at a blank, or between two characters, and `between` put there. May leave a part
   in out when that is full. */
bool message_lines(struct slice text, struct slice between, struct bytes *out);
/* Appends the text in quoted-printable (RFC 2045 6.7), lines ended with CRLF, the last one too.
   May leave a part in out when that is full. */
bool message_quoted_printable(struct slice text, struct bytes *out);
/* Appends the fields of a part, the empty line and its content; likewise. */
bool message_attachment(const struct mime_attachment *attachment, struct bytes *out);

#endif
