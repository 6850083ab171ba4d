/*
 * What a mailing list makes of a message before its members get it: it says which list this is (RFC
 * 2919, RFC 2369), and may put a tag before the subject, a footer behind the text, and itself into
 * From. What the author wrote is not touched otherwise; a footer that can't be appended to the text
 * safely (HTML, base64, several parts, a signature) becomes a part of its own behind it.
 */
#ifndef AGENTS_MAIL_POSTING_H
#define AGENTS_MAIL_POSTING_H

#include "sim/base/bytes.h"
#include "sim/base/slice.h"

struct posting {
    struct slice address; /* class@lists.example.net */
    struct slice tag;     /* "[class]"; "" none */
    struct slice footer;  /* UTF-8, any line ends; "" none */
    bool rewrites_from;   /* "Alice via class <class@...>": else the author's domain may not let the
                             list send for it (RFC 9989); replies go to the author still */
    bool has_owner;
};

/* Appends the copy's header and body. False: out is full, and unchanged. */
bool posting_write(const struct posting *posting, struct slice header, struct slice body,
                   struct bytes *out);
/* Has this message been posted to that list before? */
bool posting_has_passed(struct slice header, struct slice address);

#endif
