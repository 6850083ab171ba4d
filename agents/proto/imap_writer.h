/*
 * Writing data items of IMAP (imap_put.h) one after the other, without looking at each whether it
 * still fits: `fits` says so at the end. For what is made of many, as in imap_structure.h.
 */
#ifndef AGENTS_PROTO_IMAP_WRITER_H
#define AGENTS_PROTO_IMAP_WRITER_H

#include "sim/base/bytes.h"
#include "sim/base/slice.h"

struct imap_writer {
    struct bytes *out;
    size_t before; /* what was in out */
    bool utf8;     /* quoted strings may hold UTF-8 */
    bool fits;
    struct bytes scratch; /* a value that is made ready */
};

/* `out` borrowed until finish. */
void imap_writer_init(struct imap_writer *w, bool utf8, struct bytes *out);
/* Gives whether all did fit; else out is as it was before. */
bool imap_writer_finish(struct imap_writer *w);

/* As it is: parentheses, NIL, spaces. */
void imap_writer_text(struct imap_writer *w, const char *text);
void imap_writer_number(struct imap_writer *w, uint64_t number);
/* Quoted when it can be, else a literal. */
void imap_writer_string(struct imap_writer *w, struct slice text);
/* A header value with its folds undone (RFC 5322 2.2.3): CR and LF go, blanks stay. */
void imap_writer_value(struct imap_writer *w, struct slice value);

#endif
