/*
 * Mail addresses: the addr-spec of RFC 5322 3.4.1 and the path of RFC 5321 4.1.2, and lists of
 * mailboxes as header fields have them ("Alice <alice@example.com>, bob@example.org").
 */
#ifndef AGENTS_MAIL_ADDRESS_H
#define AGENTS_MAIL_ADDRESS_H

#include "sim/base/slice.h"

/*
 * An address without angle brackets, as SMTP takes it: Mailbox of RFC 5321 4.1.2 (dot-string or
 * quoted-string, domain or address literal), or with `domain` empty a bare local part (Postmaster,
 * or a name a submission server is to complete). False when it is neither. Slices point into text.
 */
struct address {
    struct slice local, domain;
};
bool address_read(struct slice text, struct address *a);

/* The same mailbox: domain without case, local part exactly (RFC 5321 2.4). */
bool address_equal(struct slice a, struct slice b);
/* Behind the last '@' outside quotes; empty when there is none. */
struct slice address_domain(struct slice text);
struct slice address_local(struct slice text);

/* One mailbox of an address list. */
struct address_mailbox {
    struct slice name;    /* display name as written, quotes kept; may be empty */
    struct slice address; /* addr-spec without brackets and comments around it */
};
/*
 * The next mailbox of an address list (RFC 5322 3.4), taken off the front of *list. Groups give
 * their members; what is not understood up to the next comma is passed over. False at the end.
 */
bool address_next(struct slice *list, struct address_mailbox *mailbox);

#endif
