/*
 * What SEARCH looks for (RFC 9051 6.4.4 and 3501 6.4.4, with WITHIN of RFC 5032, MODSEQ of 7162,
 * SAVEDATE of 8514, SEARCHRES of 5182): the keys as a program that is asked once a message.
 *
 *     struct imap_search search;
 *     imap_search_init(&search);
 *     switch (imap_search_read(&search, &args)) { ... BAD, or NO [BADCHARSET (...)] ... }
 *     if (!imap_search_bind(&search, account, folder, &view)) ... BAD: no message of that number
 *     for each message of the view that is still there, ascending:
 *         if (imap_search_matches(&search, &message)) imap_search_found(&search, &message);
 *     imap_search_put(&search, tag, is_uid, is_rev2, &out);
 *     imap_search_finish(&search);
 *
 * What costs little is asked first: flags and sizes, then headers, then bodies; a message's MIME
 * structure is read once, and only if a key needs it.
 */
#ifndef AGENTS_PROTO_IMAP_SEARCH_H
#define AGENTS_PROTO_IMAP_SEARCH_H

#include "agents/mail/account.h"
#include "agents/mail/mime.h"
#include "agents/proto/imap_args.h"

enum { IMAP_SEARCH_DEPTH_MAX = 200, IMAP_SEARCH_KEYS_MAX = 2000 };

/* RETURN options (RFC 9051 6.4.4), or-ed. */
enum {
    IMAP_RETURN_MIN = 1u << 0,
    IMAP_RETURN_MAX = 1u << 1,
    IMAP_RETURN_ALL = 1u << 2,
    IMAP_RETURN_COUNT = 1u << 3,
    IMAP_RETURN_SAVE = 1u << 4
};

enum imap_search_verdict {
    IMAP_SEARCH_OK,
    IMAP_SEARCH_BAD,       /* args->problem says why */
    IMAP_SEARCH_BADCHARSET /* NO [BADCHARSET (US-ASCII UTF-8)] */
};

struct imap_search_key; /* imap_search_key.h */

struct imap_search {
    bool has_return;  /* RETURN was said: answer with ESEARCH */
    unsigned returns; /* with "RETURN ()": ALL */
    bool has_modseq; /* a MODSEQ key: the session is CONDSTORE aware from now on (RFC 7162 3.1.5) */
    bool uses_saved; /* "$" is in it */
    /* What was found. */
    struct imap_set numbers, uids;
    uint64_t first_modseq, last_modseq, highest_modseq;
    /* private */
    VECTOR(struct imap_search_key) keys;
    struct arena arena;
    struct slice charset;
    struct mime mime;
    bool has_mime, is_mime_current;
    int64_t now_s;
};

void imap_search_init(struct imap_search *s);
void imap_search_finish(struct imap_search *s);

/* What is behind the word SEARCH: " RETURN (...) CHARSET x keys". Texts are copied. */
enum imap_search_verdict imap_search_read(struct imap_search *s, struct imap_args *a);
/* What is behind the criteria of SORT and the algorithm of THREAD: " charset keys" (RFC 5256). */
enum imap_search_verdict imap_search_read_with_charset(struct imap_search *s, struct imap_args *a);

struct imap_search_view {
    uint32_t count;               /* messages in the session's view: '*' of message numbers */
    uint32_t highest_uid;         /* in the view: '*' of UIDs; 0 when it is empty */
    const struct imap_set *saved; /* "$", as UIDs; NULL: nothing was saved */
    int64_t now_s;                /* for OLDER and YOUNGER */
};
/* Sets the program on a mailbox: '*', "$" (copied) and the bits of keywords. Once, before the first
   message. False: it names a message number that is not there (BAD). */
bool imap_search_bind(struct imap_search *s, struct account *account, struct account_folder *folder,
                      const struct imap_search_view *view);

struct imap_search_message {
    const struct account_item *item;
    uint32_t number; /* in the view, from 1 */
    bool is_recent;  /* the session was the first to be told of it */
};
/* Does the message match? The item's content is borrowed for this call. */
bool imap_search_matches(struct imap_search *s, const struct imap_search_message *message);
/* Takes note of one that matched; in ascending order. */
void imap_search_found(struct imap_search *s, const struct imap_search_message *message);

/*
 * The untagged response with its CRLF: "* SEARCH 2 5 (MODSEQ 9)" (RFC 3501), or with RETURN, or for
 * a session that enabled IMAP4rev2, "* ESEARCH (TAG "A1") UID MIN 2 COUNT 2" (RFC 9051 7.3.4).
 * Nothing when SAVE alone was asked for. False: out is full, and unchanged.
 */
bool imap_search_put(const struct imap_search *s, struct slice tag, bool is_uid, bool is_rev2,
                     struct bytes *out);
/* What RETURN (SAVE) keeps, as UIDs: all that was found, or only the lowest and the highest when
   MIN or MAX was asked for and neither ALL nor COUNT (RFC 9051 6.4.4.4). */
void imap_search_save(const struct imap_search *s, struct imap_set *saved);

#endif
