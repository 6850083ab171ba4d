/*
 * The selected mailbox as a client has been told of it: which messages, in which order, with which
 * flags. It may lag behind the account; imap_view_sync says what is new, when the protocol allows
 * (RFC 9051 5.2, 7.5.1).
 */
#ifndef AGENTS_PROTO_IMAP_VIEW_H
#define AGENTS_PROTO_IMAP_VIEW_H

#include "agents/mail/account.h"
#include "sim/base/bytes.h"

struct imap_view_told {
    uint64_t flags, modseq;
    bool is_recent;
};

struct imap_view {
    VECTOR(uint32_t) uids; /* ascending; the place is the message's number - 1 */
    VECTOR(struct imap_view_told) told;
    uint64_t version; /* of the folder when all was told */
    bool is_synced;
    size_t keyword_count; /* of FLAGS, as told */
    size_t recent_count;
};

/* What the client understands. */
struct imap_view_manner {
    bool has_recent;   /* RFC 3501: \Recent and RECENT */
    bool has_modseq;   /* CONDSTORE: MODSEQ in each FETCH */
    bool has_vanished; /* QRESYNC: VANISHED in the place of EXPUNGE */
    bool is_read_only;
};

void imap_view_open(struct imap_view *v, struct account_folder *folder,
                    const struct imap_view_manner *manner);
void imap_view_close(struct imap_view *v);
void imap_view_finish(struct imap_view *v);

/*
 * Writes what the client does not know yet until out holds `most` octets: then false, and it wants
 * to be called again. EXPUNGE and VANISHED only if `expunges`.
 */
bool imap_view_sync(struct imap_view *v, struct account_folder *folder,
                    const struct imap_view_manner *manner, bool expunges, struct bytes *out,
                    size_t most);
/* True when there may be something to tell. */
static inline bool imap_view_is_stale(const struct imap_view *v,
                                      const struct account_folder *folder)
{
    return !v->is_synced || v->version != folder->version;
}

/* The item at a place; NULL when it is gone. */
struct account_item *imap_view_item(const struct imap_view *v, const struct account_folder *folder,
                                    size_t place);
/* "* 3 FETCH (UID 7 FLAGS (...) MODSEQ (9))": the flags of one message, as they are now. */
struct imap_view_flags {
    bool has_uid, has_flags, has_modseq;
};
bool imap_view_put_flags(struct imap_view *v, const struct account_folder *folder,
                         const struct imap_view_manner *manner, size_t place,
                         const struct imap_view_flags *what, struct bytes *out);
/* "* FLAGS (...)" and "* OK [PERMANENTFLAGS (...)] ..." (RFC 9051 7.1, 7.3.5). */
bool imap_view_put_keywords(struct imap_view *v, const struct account_folder *folder,
                            const struct imap_view_manner *manner, struct bytes *out);

#endif
