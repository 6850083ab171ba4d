/*
 * What the two halves of the mbox store share: store_mbox.c writes the files, store_mbox_load.c
 * reads them.
 */
#ifndef AGENTS_ROLES_STORE_MBOX_H
#define AGENTS_ROLES_STORE_MBOX_H

#include "agents/mail/mbox.h"
#include "agents/roles/store_part.h"

/* folder->ref: its file is to be written anew. */
enum { STORE_MBOX_SAME, STORE_MBOX_CHANGED };

struct store_mbox {
    bool is_rewriting; /* INBOX; deliveries wait, or do not */
    bool is_locked;    /* they do */
    bool is_suspect;   /* somebody wrote between: the file has to be looked at */
    uint32_t who;      /* rewrites it */
    struct bytes rest; /* in place: what is still to be written, */
    size_t written;    /* behind so many octets */
};

void store_mbox_path(const struct store_box *box, struct slice folder, struct store_path *path);
/* ~/.mailboxlist: the subscriptions. */
void store_mbox_list_path(const struct store_box *box, struct store_path *path);
enum mbox_quoting store_mbox_quoting(const struct store_box *box);

/* What the fields say that a store adds in the file. */
struct store_mbox_marks {
    uint32_t uid;                  /* 0: no X-UID */
    uint32_t uidvalidity, uidnext; /* of X-IMAPbase; 0 none */
    uint64_t flags;                /* system flags */
    struct slice keywords;         /* separated by blanks; borrowed from the entry */
};

bool store_mbox_is_mark(struct slice name);
void store_mbox_write_marks(const struct account_folder *folder, const struct account_item *item,
                            bool is_first, struct bytes *out);
/* The message that an entry's text is, without its marks. Memory of its own. */
struct slice store_mbox_read(const struct store_box *box, struct slice entry_text,
                             struct store_mbox_marks *marks);

/* The message's number in the trace, by its content: a file has no room for that. */
void store_mbox_know(struct store_box *box, const struct account_item *item);

void store_mbox_load(struct store_box *box);
void store_mbox_refresh(struct store_box *box);

#endif
