/*
 * Received fields: written exactly as RFC 5321 4.4 says, with the protocol words of RFC 3848, and
 * read as servers all over the world write them.
 */
#ifndef AGENTS_MAIL_RECEIVED_H
#define AGENTS_MAIL_RECEIVED_H

#include "sim/base/bytes.h"
#include "sim/base/slice.h"

struct received {
    struct slice from;      /* what the client said in EHLO */
    struct slice from_name; /* what its address resolves to; "" unknown */
    struct slice from_addr; /* what the server saw: "198.51.100.25", "IPv6:..." without brackets */
    struct slice by, with, id;
    struct slice rcpt;    /* the "for" address without <>; "" when there were several */
    struct slice comment; /* written behind `with` in (); what was left over when reading */
    int64_t unix_s;
    int zone_min;
    bool has_date;
    bool is_utf8; /* writing: `rcpt` may have UTF-8 (RFC 6531 3.7.3) */

    /* only read: what servers say beyond RFC 5321; "" when it is not there */
    struct slice by_addr, via, product;   /* product: "Postfix", "Exim 4.96", "8.17.1/8.17.1" */
    struct slice tls_version, tls_cipher; /* as written: "TLSv1.3", "TLS1_2" */
    struct slice user;                    /* who is said to have authenticated */
    struct slice envelope_from;
    bool is_tls, is_authenticated; /* by the protocol's word or by a comment */
    bool is_unnamed;               /* the server looked for a name of the address in vain */
    struct slice unread;           /* the first words that have no place; "" all was understood */
};

/* What a message came by; the last two where SMTPUTF8 was asked for. */
enum received_protocol {
    RECEIVED_SMTP,
    RECEIVED_ESMTP,
    RECEIVED_LMTP,
    RECEIVED_UTF8SMTP,
    RECEIVED_UTF8LMTP
};
/* "SMTP", "ESMTP", "ESMTPA", "LMTPS", "UTF8SMTPSA", ... (RFC 3848, 6531 4.3). */
struct slice received_with(enum received_protocol protocol, bool is_tls, bool is_authenticated);

/* Appends the whole field, folded, CRLF at its end. False: out is full, and unchanged. */
bool received_write(const struct received *r, struct bytes *out);
/*
 * Reads a field's raw value. Slices point into value (folds may be inside). What a part does not
 * say stays empty: "unknown" as the name of an address too. A bare IPv6 address, as Exchange writes
 * it, stays bare. `comment` is the one behind `with`, else the first that says nothing about the
 * client. False when neither a clause nor a date was understood; never fails otherwise.
 */
bool received_read(struct slice value, struct received *r);

#endif
