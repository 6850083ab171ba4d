/*
 * What FETCH asks for (RFC 9051 6.4.5, 3501 6.4.5; CONDSTORE and QRESYNC of RFC 7162, SAVEDATE of
 * 8514, PREVIEW of 8970), as a short program that is run once a message by imap_fetch_writer.h.
 *
 *     struct imap_fetch fetch;
 *     if (!imap_fetch_read(&fetch, &args)) ... BAD            "(FLAGS BODY[TEXT]<0.100>)"
 */
#ifndef AGENTS_PROTO_IMAP_FETCH_H
#define AGENTS_PROTO_IMAP_FETCH_H

#include "agents/proto/imap_args.h"
#include "agents/proto/imap_structure.h"

enum imap_fetch_kind {
    IMAP_FETCH_UID,
    IMAP_FETCH_FLAGS,
    IMAP_FETCH_INTERNALDATE,
    IMAP_FETCH_RFC822_SIZE,
    IMAP_FETCH_ENVELOPE,
    IMAP_FETCH_BODY,
    IMAP_FETCH_BODYSTRUCTURE,
    IMAP_FETCH_MODSEQ,
    IMAP_FETCH_SAVEDATE,
    IMAP_FETCH_PREVIEW,
    IMAP_FETCH_BINARY_SIZE,
    IMAP_FETCH_SECTION, /* BODY[...], RFC822, RFC822.HEADER, RFC822.TEXT: octets as they are */
    IMAP_FETCH_BINARY   /* octets with the transfer encoding undone (RFC 9051 6.4.5.3) */
};

struct imap_fetch_item {
    enum imap_fetch_kind kind;
    struct slice label; /* as the response names it: "BODY[HEADER.FIELDS (DATE)]<0>" */
    struct imap_section section;
    bool is_partial;
    uint64_t from, most; /* of a partial: the first octet, and how many at most */
};

enum { IMAP_FETCH_ITEMS_MAX = 200, IMAP_FETCH_PATH_MAX = 100 };

struct imap_fetch {
    struct imap_fetch_item *items; /* in the arena of the arguments */
    size_t count, capacity;
    bool sets_seen;         /* an item without PEEK: \Seen is set before, and FLAGS shown if that
                               changed them (RFC 9051 6.4.5) */
    bool has_flags;         /* FLAGS is among the items */
    bool has_modseq;        /* MODSEQ or CHANGEDSINCE: the session is CONDSTORE aware from now on */
    bool has_changed_since; /* only messages with a higher modseq (RFC 7162 3.1.4.1) */
    uint64_t changed_since;
    bool has_vanished; /* RFC 7162 3.2.6: only legal in UID FETCH with QRESYNC and CHANGEDSINCE,
                          the first two are the caller's to check */
};

/* fetch-att, a macro or a list, then " (modifiers)" if any; not the space in front, and not the end
   of the command. With CHANGEDSINCE, MODSEQ is added. Everything is in the arena of `a`. */
bool imap_fetch_read(struct imap_fetch *f, struct imap_args *a);
/* Adds an item without a section, if the program has it not: what the server says unasked, such as
   FLAGS where \Seen was set. imap_fetch_lead() puts it in front of the others: the UID of UID
   FETCH, since some programs take what follows a text for its end. */
void imap_fetch_add(struct imap_fetch *f, enum imap_fetch_kind kind, struct arena *arena);
void imap_fetch_lead(struct imap_fetch *f, enum imap_fetch_kind kind, struct arena *arena);

/* section-spec between its brackets, "1.2.HEADER.FIELDS (To)"; for reading responses too. */
bool imap_fetch_read_section(struct imap_args *a, struct imap_section *section);

#endif
