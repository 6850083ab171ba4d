/*
 * A person's mail on a server: folders, and in each folder messages with UID, flags and a
 * modification number, as IMAP's model has them (RFC 9051 2.3, RFC 7162). Pure data: no clock, no
 * disk, no protocol. Sessions of several clients look at the same account and change it only
 * through the functions below; each change is told to the account's keeper, who makes it last
 * (files on a disk) and may refuse it.
 *
 * Invariants: a folder's items ascend by UID; a UID is never used twice; uidnext and
 * highest_modseq never go down; each change of an item gives it a modseq that no item had before.
 *
 * Folder names are UTF-8 with '/' between levels; INBOX is always there, in capitals.
 */
#ifndef AGENTS_MAIL_ACCOUNT_H
#define AGENTS_MAIL_ACCOUNT_H

#include "sim/base/arena.h"
#include "sim/base/slice.h"
#include "sim/base/vector.h"

/* System flags (RFC 9051 2.3.2); keywords follow from ACCOUNT_KEYWORD_FIRST on. */
enum {
    ACCOUNT_ANSWERED = 1u << 0,
    ACCOUNT_FLAGGED = 1u << 1,
    ACCOUNT_DELETED = 1u << 2,
    ACCOUNT_SEEN = 1u << 3,
    ACCOUNT_DRAFT = 1u << 4,
    ACCOUNT_KEYWORD_FIRST = 5, /* bit of the folder's first keyword */
    ACCOUNT_KEYWORDS_MAX = 59  /* a folder's; one more is not kept */
};
enum {
    ACCOUNT_FOLDERS_MAX = 1000, /* also of subscriptions */
    ACCOUNT_NAME_MAX = 255,
    ACCOUNT_GONE_MAX = 20000, /* so many of the last removals are remembered */
};

struct account_item {
    uint32_t uid;
    uint32_t msg;   /* its number in the trace; 0 unknown */
    uint64_t flags; /* system flags and the folder's keywords */
    uint64_t modseq;
    int64_t internal_s;   /* INTERNALDATE: Unix second ... */
    int zone_min;         /* ... and zone */
    int64_t saved_s;      /* SAVEDATE: when it came into this folder */
    struct slice content; /* header and body; the keeper's, borrowed as long as the item is there */
    uint64_t ref;         /* the keeper's own */
};

/* What is gone (QRESYNC, RFC 7162 3.2). */
struct account_gone {
    uint32_t uid;
    uint64_t modseq;
};

struct account_folder {
    struct slice name; /* the account's memory, until it is renamed */
    uint32_t uidvalidity, uidnext;
    uint64_t highest_modseq;
    uint64_t version; /* counts changes of any kind: unchanged means nothing is new */
    VECTOR(struct account_item) items;
    VECTOR(struct account_gone) gone; /* oldest first */
    uint64_t gone_since;              /* removals with this modseq or a lower one are forgotten */
    VECTOR(struct slice) keywords;    /* by bit - ACCOUNT_KEYWORD_FIRST */
    uint64_t octets;
    uint32_t recent_uid;    /* from this UID on, nobody was told of as \\Recent yet (RFC 3501) */
    bool is_selectable;     /* false: only a name with children (\\NoSelect) */
    const char *use;        /* special use (RFC 6154): "\\Sent", ... or NULL; never freed */
    uint32_t session_count; /* how many sessions have it selected; they keep count */
    uint64_t ref;           /* the keeper's own */
};

enum account_result {
    ACCOUNT_OK,
    ACCOUNT_NO_SUCH, /* folder or item */
    ACCOUNT_EXISTS,  /* a folder of that name */
    ACCOUNT_BAD_NAME,
    ACCOUNT_OVER_QUOTA,
    ACCOUNT_HAS_CHILDREN, /* and is a mere name already: it can't be deleted */
    ACCOUNT_REFUSED /* the keeper could not make it last, a limit is reached, or INBOX stays */
};

struct account;

/* Each is called before the change is made and may refuse (false); NULL allows (and `add` NULL
   keeps messages in the account's arena). Slices borrowed. The keeper must not change the account.
 */
struct account_keeper {
    /* A message is to be added: the keeper stores header and body (or, when `source` is given, a
       copy of that item), sets item->content and item->ref. uid, flags, dates and msg are set. */
    bool (*add)(void *context, struct account_folder *folder, struct account_item *item,
                struct slice header, struct slice body, const struct account_item *source);
    bool (*set_flags)(void *context, struct account_folder *folder, struct account_item *item,
                      uint64_t flags);
    bool (*remove)(void *context, struct account_folder *folder, struct account_item *item);
    /* From one folder to another in one step (MOVE): `item` is the new one, its content and ref are
       those of `old`. */
    bool (*move)(void *context, struct account_folder *from, struct account_item *old,
                 struct account_folder *to, struct account_item *item);
    /* With its name, uidvalidity and use set. Also for a mere name that becomes a folder. */
    bool (*create)(void *context, struct account_folder *folder);
    /* With all that is in it. When it has children the name stays (is_selectable goes). */
    bool (*destroy)(void *context, struct account_folder *folder);
    /* folder->name is still the old one; folder->uidvalidity may be a new one. */
    bool (*rename)(void *context, struct account_folder *folder, struct slice name);
    /* The list of subscribed names has changed. */
    void (*subscribed)(void *context);
    void *context;
};

struct account {
    struct slice owner; /* the mail address, for shown names; in the arena */
    struct arena arena;
    int64_t now_s; /* set by whoever knows the time before changes: SAVEDATE of what is added */
    VECTOR(struct account_folder *) folders; /* INBOX first, the others by name */
    VECTOR(struct slice) subscriptions; /* by name; may name what is not there (RFC 9051 6.3.7) */
    uint64_t octets, quota;             /* quota 0: no limit */
    uint32_t next_uidvalidity;
    uint64_t next_modseq;
    struct account_keeper keeper;
    VECTOR(struct account_watch *) watchers;
    VECTOR(struct account_folder *) left_over; /* private: deleted, and still selected somewhere */
    uint32_t given_up; /* private: the highest UIDVALIDITY of names that were given up */
};

/* INBOX is made without asking the keeper. `uidvalidity` for the first folder; later ones get
   higher numbers. `owner` copied. */
void account_init(struct account *a, struct slice owner, uint32_t uidvalidity, uint64_t quota,
                  const struct account_keeper *keeper);
void account_finish(struct account *a);

/* ---- watching: sessions are told that something changed, to wake up (IDLE, NOTIFY) ---- */

struct account_watch {
    /* A task of its own is not promised: only take a note here, change nothing. */
    void (*changed)(void *context, struct account_folder *folder);
    /* An item's content may be gone after this call. NULL: not interested. */
    void (*leaving)(void *context, struct account_folder *folder, const struct account_item *item);
    void *context;
};
void account_add_watch(struct account *a, struct account_watch *watch); /* borrowed until removed */
void account_remove_watch(struct account *a, struct account_watch *watch);

/* ---- folders ---- */

/* INBOX in any case (RFC 9051 5.1); other names exactly. NULL when there is none. Valid until it
   is deleted; while session_count is not 0 a deleted folder's struct stays, out of the list, and
   the last session gives it back with account_leave. */
struct account_folder *account_find(const struct account *a, struct slice name);
/* Makes missing parents (RFC 9051 6.3.4); a trailing '/' is dropped. `use` NULL or a special use
   of account_use(). Its UIDVALIDITY is higher than any before. */
enum account_result account_create(struct account *a, struct slice name, const char *use);
/* The known special use of that name ("\\sent" in any case), or NULL. */
const char *account_use(struct slice name);
/* INBOX can't be deleted (REFUSED). A folder with children becomes a name that can't be selected
   (RFC 9051 6.3.5). */
enum account_result account_delete(struct account *a, struct slice name);
/* Children move along; renaming INBOX moves its messages into a new folder (RFC 9051 6.3.6); when
   the keeper refuses one of these, those before it are in the new folder. A folder keeps its
   UIDVALIDITY unless the new name may have had a higher one before. */
enum account_result account_rename(struct account *a, struct slice from, struct slice to);
bool account_has_children(const struct account *a, struct slice name);
/* False when the name is none, or there are too many. To take away what is not there is fine. */
bool account_subscribe(struct account *a, struct slice name, bool on);
bool account_is_subscribed(const struct account *a, struct slice name);
void account_enter(struct account *a, struct account_folder *folder); /* session_count up */
void account_leave(struct account *a, struct account_folder *folder);
/* False once it was deleted. */
bool account_has_folder(const struct account *a, const struct account_folder *folder);

/* ---- items ---- */

/* Index of the first item with this UID or a higher one; items.count when there is none. */
size_t account_place(const struct account_folder *folder, uint32_t uid);
/* NULL when it is gone. Valid until the folder changes. */
struct account_item *account_item(const struct account_folder *folder, uint32_t uid);

/* `item` gives flags, dates and msg; uid, modseq, content and ref are set in it. */
enum account_result account_append(struct account *a, struct account_folder *folder,
                                   struct account_item *item, struct slice header,
                                   struct slice body);
enum account_result account_set_flags(struct account *a, struct account_folder *folder,
                                      uint32_t uid, uint64_t flags);
enum account_result account_remove(struct account *a, struct account_folder *folder, uint32_t uid);
/* Those of these ascending UIDs that are there, up to the first that the keeper refuses; *removed
   counts them. While they go, keeper and watchers must not look at other items. */
enum account_result account_remove_all(struct account *a, struct account_folder *folder,
                                       const uint32_t *uids, size_t count, size_t *removed);
/* *new_uid: the copy's. The copy keeps flags (keywords by name) and INTERNALDATE. */
enum account_result account_copy(struct account *a, struct account_folder *from, uint32_t uid,
                                 struct account_folder *to, uint32_t *new_uid);
enum account_result account_move(struct account *a, struct account_folder *from, uint32_t uid,
                                 struct account_folder *to, uint32_t *new_uid);

/* The bit of a flag by name ("\\Seen", "$Forwarded"), letters in any case; 0 when the folder has no
   such keyword and `add` is false, or has no room for one more. */
uint64_t account_flag(struct account *a, struct account_folder *folder, struct slice name,
                      bool add);
/* The name of one bit; "" when there is none. */
struct slice account_flag_name(const struct account_folder *folder, unsigned bit);

#endif
