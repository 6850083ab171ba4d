/*
 * What an IMAP server says about the structure of a message (RFC 9051 7.5.2): ENVELOPE, BODY and
 * BODYSTRUCTURE, and which octets a section such as BODY[2.1.HEADER.FIELDS (Subject)] means
 * (RFC 9051 6.4.5.1). Nothing is kept between two calls.
 *
 *     struct mime mime;
 *     mime_read(&mime, content);
 *     imap_structure_envelope(mime.parts.items[0].header, false, &out);   ("Mon, ..." "Hello" ...)
 *     imap_structure_body(&mime, true, false, &out);                      ("TEXT" "PLAIN" ...)
 *     struct imap_section section = {.what = IMAP_SECTION_TEXT};          BODY[TEXT]
 *     if (imap_section_find(&mime, &section, &octets, &built)) ...
 *
 * All writers append to `out`; false means that out is full, and unchanged. With `utf8` (after
 * ENABLE UTF8=ACCEPT or IMAP4rev2) well-formed UTF-8 goes into quoted strings; without it, and for
 * anything else that a quoted string can't hold, a literal is written. A NUL, which neither may
 * hold, becomes '?'. Header values are unfolded, and encoded words stay as they are.
 */
#ifndef AGENTS_PROTO_IMAP_STRUCTURE_H
#define AGENTS_PROTO_IMAP_STRUCTURE_H

#include "agents/mail/mime.h"

/* env-date to env-message-id in parentheses. `header` is a message's, with or without its empty
   line. */
bool imap_structure_envelope(struct slice header, bool utf8, struct bytes *out);
/* The whole message; `extensible`: with the extension data of BODYSTRUCTURE. */
bool imap_structure_body(const struct mime *mime, bool extensible, bool utf8, struct bytes *out);

/* section-spec: a part number, what of it, or both. */
enum imap_section_text {
    IMAP_SECTION_ALL, /* BODY[], BODY[1.2] */
    IMAP_SECTION_HEADER,
    IMAP_SECTION_HEADER_FIELDS,
    IMAP_SECTION_HEADER_FIELDS_NOT,
    IMAP_SECTION_TEXT,
    IMAP_SECTION_MIME
};
struct imap_section {
    const uint32_t *path; /* "2.1" as {2, 1}; may be NULL with path_count 0 */
    size_t path_count;
    enum imap_section_text what;
    const struct slice *fields; /* of HEADER_FIELDS and its opposite: names, any case */
    size_t field_count;
};
/*
 * *octets: what the section means, in the message itself, or in `built` (cleared first) for chosen
 * header fields, which come in their order in the message, with the empty line behind if the
 * message has one (RFC 9051 6.4.5.1). `built` needs no more room than the header has octets. False:
 * the message has no such section (answer NIL), or built is too small.
 */
bool imap_section_find(const struct mime *mime, const struct imap_section *section,
                       struct slice *octets, struct bytes *built);
/* The part of a number, for BINARY: mime_decode gives its content. For path_count 0 it is the
   message, of which BINARY[] wants the header too. NULL when there is none. */
const struct mime_part *imap_section_part(const struct mime *mime, const uint32_t *path,
                                          size_t path_count);

#endif
