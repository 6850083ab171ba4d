/*
 * Puts the lines of a reply together (RFC 5321 4.2): the code, the text of all lines with \n
 * between them, and the enhanced code (RFC 3463) where the text starts with one of the code's own
 * class. Any server's text is taken; an octet that could start a line of its own becomes '?'.
 */
#ifndef AGENTS_PROTO_SMTP_REPLY_READER_H
#define AGENTS_PROTO_SMTP_REPLY_READER_H

#include "sim/base/bytes.h"
#include "agents/proto/smtp.h"

enum {
    SMTP_REPLY_LINE_TAKEN_MAX =
        12 * 1024 + 4,               /* a challenge may be as long (RFC 4954 4); and servers
                                        that pass the RFC's 512 octets are understood */
    SMTP_REPLY_TEXT_MAX = 64 * 1024, /* of all lines together */
    SMTP_ESC_MAX = 9                 /* "5.999.999" */
};

struct smtp_reply_reader {
    struct bytes text;
    char esc[SMTP_ESC_MAX + 1];
    int code;
    bool is_within; /* private: lines follow */
};

void smtp_reply_reader_init(struct smtp_reply_reader *r);
void smtp_reply_reader_finish(struct smtp_reply_reader *r);

enum smtp_reply_step { SMTP_REPLY_MORE, SMTP_REPLY_WHOLE, SMTP_REPLY_NONSENSE };
/* One line without its CRLF. NONSENSE also when the codes of one reply differ, or it never ends. */
enum smtp_reply_step smtp_reply_reader_take(struct smtp_reply_reader *r, struct slice line);
/* The reply after WHOLE; borrowed until the next line. */
struct smtp_reply smtp_reply_reader_reply(const struct smtp_reply_reader *r);

#endif
