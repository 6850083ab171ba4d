/*
 * The structure of a message (RFC 2045, 2046, 2183, 2231, 6532), read where it lies: nothing is
 * copied or changed, so a broken message is served as it is. Anything can be read: what makes no
 * sense as a multipart is taken as one text part, as RFC 2045 5.2 has it.
 *
 * A message becomes a flat list of parts, a parent before its children:
 *
 *     struct mime mime;
 *     mime_read(&mime, content);
 *     const struct mime_part *p = &mime.parts.items[0];     the message itself
 *     for (uint32_t i = p->first_child; i; i = mime.parts.items[i].next) ...
 *     mime_finish(&mime);
 */
#ifndef AGENTS_MAIL_MIME_H
#define AGENTS_MAIL_MIME_H

#include "agents/mail/header.h"
#include "sim/base/arena.h"
#include "sim/base/vector.h"

enum mime_encoding { /* RFC 2045 6 */
                     MIME_7BIT,
                     MIME_8BIT,
                     MIME_BINARY,
                     MIME_QUOTED_PRINTABLE,
                     MIME_BASE64,
                     MIME_ENCODING_UNKNOWN /* the body is not to be touched (RFC 2045 6.4) */
};

enum { MIME_DEPTH_MAX = 50, MIME_PARTS_MAX = 10000 }; /* what is deeper or more is one part */

struct mime_part {
    struct slice header; /* with its empty line */
    struct slice body;   /* of a part: without the CRLF before the boundary (RFC 2046 5.1.1) */
    /* As written; "text", "plain" when there is none or it is none; in a multipart/digest
       "message", "rfc822" when there is none (RFC 2046 5.1.5); "application", "octet-stream" for
       what would pass the limits above. */
    struct slice type, subtype;
    struct slice parameters; /* of Content-Type, raw, behind the type: "; charset=utf-8" */
    struct slice boundary;   /* of a multipart, unquoted; else "" */
    enum mime_encoding encoding;
    struct slice encoding_word; /* as written, "7BIT" when there is none */
    size_t line_count;          /* line ends in body */
    bool is_multipart;          /* has at least one child */
    bool is_message; /* message/rfc822 or message/global: its one child is the message within */
    uint32_t parent, first_child, next; /* indexes into parts; 0 none */
    uint32_t depth;
};

struct mime {
    VECTOR(struct mime_part) parts; /* at least one */
    struct slice content;
    struct arena texts; /* private: boundaries that had to be unquoted */
};

/* `content` borrowed until mime_finish or mime_reread. Cannot fail. */
void mime_read(struct mime *mime, struct slice content);
/* The same in a struct that was read into before, or is zeroed: its memory is used again. */
void mime_reread(struct mime *mime, struct slice content);
void mime_finish(struct mime *mime);

/* A parameter of Content-Type or Content-Disposition by name, letters in any case: value unquoted,
   RFC 2231 continuations joined and percent signs decoded, as UTF-8. Appends; false (and nothing)
   when there is no such parameter or out is full. `parameters` starts behind the type. */
bool mime_parameter(struct slice parameters, struct slice name, struct bytes *out);
/* The next parameter as it was written (RFC 9051's body-fld-param shows them so): value unquoted
   into `out` (cleared first). False at the end. */
bool mime_next_parameter(struct slice *parameters, struct slice *name, struct bytes *out);

/* Appends the body of a part with its transfer encoding undone (RFC 2045 6.7, 6.8), as tolerant as
   readers are. False when the encoding is unknown, or when out is full: then out is unchanged. */
bool mime_decode(const struct mime_part *part, struct bytes *out);
/* Appends text converted to UTF-8; what can't be read becomes U+FFFD. False when the charset is not
   known (out unchanged) or out is full. */
bool mime_to_utf8(struct slice text, struct slice charset, struct bytes *out);
bool mime_knows_charset(struct slice charset);

/* Appends a header value with its encoded words decoded (RFC 2047), unfolded, as UTF-8; raw UTF-8
   stays (RFC 6532); other octets become U+FFFD. False: out is full, and unchanged. */
bool mime_decode_words(struct slice value, struct bytes *out);

/* ---- composing ---- */

struct mime_attachment {
    struct slice name;    /* file name, UTF-8 (written by RFC 2231 when it is not ASCII) */
    struct slice type;    /* "image/png"; "": application/octet-stream */
    struct slice content; /* any octets; written in base64, or as message/rfc822 as it is */
};

#endif
