/*
 * Text of any charset that this machine knows, as UTF-8, piece by piece; what can't be read becomes
 * U+FFFD. For a whole text there is mime_to_utf8.
 *
 *     struct mime_charset charset;
 *     if (mime_charset_init(&charset, SLICE("iso-2022-jp")))
 *         used = mime_charset_read(&charset, piece, is_last, &out);
 *     mime_charset_finish(&charset);
 *
 * US-ASCII, UTF-8, ISO-8859-1 and windows-1252 are read here, the others by iconv of the C library.
 */
#ifndef AGENTS_MAIL_MIME_CHARSET_H
#define AGENTS_MAIL_MIME_CHARSET_H

#include <iconv.h>

#include "sim/base/bytes.h"
#include "sim/base/slice.h"

enum mime_charset_kind {
    MIME_CHARSET_ASCII,
    MIME_CHARSET_UTF8,
    MIME_CHARSET_LATIN1,
    MIME_CHARSET_CP1252,
    MIME_CHARSET_OTHER
};

struct mime_charset {
    enum mime_charset_kind kind;
    iconv_t iconv; /* of MIME_CHARSET_OTHER */
    size_t unit;   /* octets that are passed over when a character is broken */
};

/* The empty name is US-ASCII (RFC 2045 5.2). False: not known; there is nothing to finish. */
bool mime_charset_init(struct mime_charset *c, struct slice name);
void mime_charset_finish(struct mime_charset *c);
/* Appends what is read from the text and gives how many octets of it that were. Fewer than all: a
   character goes on in the next piece, which the rest is to be put in front of, or out is full;
   with `is_last` only the latter. */
size_t mime_charset_read(struct mime_charset *c, struct slice text, bool is_last,
                         struct bytes *out);

#endif
