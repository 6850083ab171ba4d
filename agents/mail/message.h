/*
 * New messages as a mail program writes them (RFC 5322 3.6): the header fields an author gives, the
 * body with CRLF lines. Date and Message-ID may be left to the submission server (RFC 6409 8).
 */
#ifndef AGENTS_MAIL_MESSAGE_H
#define AGENTS_MAIL_MESSAGE_H

#include "agents/mail/mime.h"
#include "sim/base/bytes.h"
#include "sim/base/slice.h"

struct message_draft {
    struct slice from, to, cc, subject; /* as header values; "" leaves the field out */
    struct slice user_agent;
    struct slice body;        /* any line ends; written with CRLF and one at the end */
    struct slice message_id;  /* without <>; "" leaves it out */
    struct slice in_reply_to; /* likewise */
    struct slice references;  /* as a header value, with <> */
    const struct mime_attachment *attachments;
    size_t attachment_count;
    bool is_quoted_printable; /* the body, for those who can't take 8bit (RFC 6152) */
    int64_t unix_s;           /* Date; only with has_date */
    int zone_min;
    bool has_date;
};

/*
 * Appends header, empty line and body. Text outside ASCII: the subject and the names in From, To
 * and Cc are written as encoded words (RFC 2047), the body gets MIME fields with charset utf-8
 * (iso-8859-1 when it is no UTF-8) and 8bit. Lines of more than 998 octets are broken (RFC 5322
 * 2.1.1). With attachments it is a multipart/mixed, the body first, whose boundary is made from the
 * content and does not occur in it. No value can add a field: CR, LF, NUL become spaces. False: out
 * is full, and unchanged.
 */
bool message_write(const struct message_draft *draft, struct bytes *out);

/* Appends text with every lone CR or LF made CRLF, and a last CRLF if there is none; nothing for an
   empty text. False: out is full, and unchanged. */
bool message_crlf(struct slice text, struct bytes *out);

/* True when it has octets above 127. */
bool message_is_8bit(struct slice content);

#endif
