/*
 * Mail addresses: the addr-spec of RFC 5322 3.4.1 and the path of RFC 5321 4.1.2, and lists of
 * mailboxes as header fields have them ("Alice <alice@example.com>, bob@example.org").
 */
#ifndef AGENTS_MAIL_ADDRESS_H
#define AGENTS_MAIL_ADDRESS_H

#include "sim/base/bytes.h"
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
/* The same with UTF-8 in the local part and the domain (RFC 6531 3.3). */
bool address_read_utf8(struct slice text, struct address *a);

/* The same mailbox: domain without case, local part exactly (RFC 5321 2.4). */
bool address_equal(struct slice a, struct slice b);
/* For tables of addresses: that of equal ones is the same. */
uint64_t address_hash(struct slice address);
/* Behind the last '@' outside quotes; empty when there is none. */
struct slice address_domain(struct slice text);
struct slice address_local(struct slice text);

/* addr-spec of RFC 5322 3.4.1 without comments, UTF-8 allowed (RFC 6532), or a bare local part. */
bool address_is_spec(struct slice text);

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

/*
 * The same list with all that is in it: where groups begin and end, old routes, and what is no
 * address at all.
 *
 *     struct address_reader reader = {.rest = field.value};
 *     while (address_read_next(&reader, &item)) ...
 */
enum address_kind {
    ADDRESS_MAILBOX,
    ADDRESS_GROUP,    /* `name` is the group's; its members follow */
    ADDRESS_GROUP_END /* each group has one, also where the ';' was forgotten */
};
struct address_item {
    enum address_kind kind;
    bool is_valid;          /* of a mailbox: an addr-spec as address_next gives it */
    struct slice name;      /* as written */
    bool is_name_a_comment; /* as in "bob@example.org (Bob)" */
    struct slice route;     /* "@one,@two" of the obsolete <@one,@two:bob@example.org> */
    struct slice address;   /* as written, without route, brackets and what is around it */
};
struct address_reader {
    struct slice rest;
    bool is_in_group;
};
bool address_read_next(struct address_reader *reader, struct address_item *item);

/* Appends what a phrase, a local part or a domain means: quotes and backslashes undone, and a space
   for the blanks and comments between words; with `is_spec` none for those around dots and @.
   False: out is full, and unchanged. */
bool address_unquote(struct slice text, bool is_spec, struct bytes *out);

#endif
