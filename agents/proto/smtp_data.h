/*
 * The message on the wire, behind 354 (RFC 5321 4.1.1.4, 4.5.2): lines ended by CRLF, a dot put in
 * front of each line that starts with one, and a line with nothing but a dot at the end. Both
 * directions work on pieces of any size.
 */
#ifndef AGENTS_PROTO_SMTP_DATA_H
#define AGENTS_PROTO_SMTP_DATA_H

#include "sim/base/bytes.h"

enum smtp_data_fault {
    SMTP_DATA_FINE,
    SMTP_DATA_BARE,    /* a CR without LF or an LF without CR (RFC 5321 2.3.8) */
    SMTP_DATA_TOO_LONG /* content would pass its ceiling */
};

struct smtp_data_reader {
    int place;                  /* private: where in a line the next octet is */
    enum smtp_data_fault fault; /* content is of no use then and is kept no longer */
};

void smtp_data_reader_init(struct smtp_data_reader *r);
/*
 * Reads octets, appends what they mean to content, and gives how many were read: all, or up to and
 * with the end, which is <CR><LF>.<CR><LF> and nothing else, also after a fault. *is_end says so.
 */
size_t smtp_data_read(struct smtp_data_reader *r, struct slice octets, struct bytes *content,
                      bool *is_end);

/* Has the text a CR without LF or an LF without CR? For a message that came by BDAT. */
bool smtp_data_has_bare(struct slice text);

struct smtp_data_writer {
    bool in_line, has_cr; /* private */
};

/*
 * Appends text with its dots stuffed. A bare CR or LF, which must not be sent (RFC 5321 2.3.8), is
 * taken for the end of a line and becomes CRLF. False when out is full.
 */
bool smtp_data_write(struct smtp_data_writer *w, struct slice text, struct bytes *out);
/* Ends the last line if it has no CRLF yet. The dot is the caller's. */
bool smtp_data_write_end(struct smtp_data_writer *w, struct bytes *out);

#endif
