/*
 * The mbox format (RFC 4155 appendix A): messages one after the other in a file, each behind a line
 * "From SENDER DATE" and before an empty line; lines end with LF. A line of a message that would
 * look like such a line gets a ">" in front: by the habit called mboxrd also a line that has some
 * ">" in front of "From " already, so that it can be undone; by the older one called mboxo not, so
 * that it can't. Text in, text out: files and accounts are the store's.
 *
 *     size_t position = 0;
 *     struct mbox_entry e;
 *     while (mbox_next(file, &position, &e)) ... e.sender, e.text
 */
#ifndef AGENTS_MAIL_MBOX_H
#define AGENTS_MAIL_MBOX_H

#include "sim/base/bytes.h"

enum mbox_quoting { MBOX_RD, MBOX_O };

/* Appends the line in front of a message. `sender` "" stands for MAILER-DAEMON. Unix second, UTC.
 */
bool mbox_write_from(struct slice sender, int64_t unix_s, struct bytes *out);
/* Appends part of a message: lines that end with CRLF, or with LF, in LF and quoted. Its last line
   gets an end, too. */
bool mbox_write_text(struct slice text, enum mbox_quoting quoting, struct bytes *out);

struct mbox_entry {
    struct slice sender; /* "" when the line has none */
    int64_t unix_s;      /* 0: the date can't be read */
    struct slice text;   /* as in the file, without the empty line behind it */
    size_t start, end;   /* in the file, from the "From " line to behind the empty line */
    bool is_whole;       /* the empty line is there */
};

/* The next entry from *position on; octets before the first "From " line are passed over, so
   e->start tells of them. False at the end. Borrowed from the file. */
bool mbox_next(struct slice file, size_t *position, struct mbox_entry *e);
/* Appends the text of an entry, or part of it, as a message has it: lines with CRLF, and without
   the quoting as far as it can be undone. */
bool mbox_read_text(struct slice text, enum mbox_quoting quoting, struct bytes *out);

#endif
