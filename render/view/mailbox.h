/*
 * Private to this folder: what one mail program has at a moment, folded from what the trace says
 * about it: the copies that it has got, what it knows of the server's folders because it was there,
 * and what it was told of flags. What is on the server and was not fetched is not in it.
 *
 * Messages of a folder stand in the order in which the program numbers them, from 1, so that
 * "reply by=... message=2" means the second.
 */
#ifndef RENDER_VIEW_MAILBOX_H
#define RENDER_VIEW_MAILBOX_H

#include "sim/base/arena.h"
#include "sim/base/vector.h"
#include "sim/trace/log.h"

enum mailbox_way {
    MAILBOX_POP3,
    MAILBOX_IMAP,
    MAILBOX_FILE, /* it reads the store of its own host */
    MAILBOX_WEB,  /* a browser: known is what the last page of the inbox listed, and what it opened
                   */
};

enum mailbox_flag {
    MAILBOX_SEEN = 1,
    MAILBOX_ANSWERED = 2,
    MAILBOX_FLAGGED = 4,
    MAILBOX_DELETED = 8,
    MAILBOX_DRAFT = 16,
    MAILBOX_FORWARDED = 32,
};

enum { MAILBOX_INBOX = 0, MAILBOX_FOLDERS_MAX = 64 };

struct mailbox_item {
    uint32_t msg;
    uint32_t header, body; /* texts; 0: as it was written (mailbox_content) */
    uint32_t folder;
    uint32_t uid; /* of a copy of what is on an IMAP server; 0 none */
    unsigned flags;
    int64_t got;     /* when */
    bool is_listed;  /* private: the server still has it */
    bool is_unshown; /* it lies in the store, and the program has not looked since */
    bool is_closed;  /* a page lists it, and it was not opened in the browser */
};

struct mailbox {
    struct arena arena;
    const struct log *log;
    uint32_t agent, host;
    struct slice user;
    enum mailbox_way way;
    VECTOR(struct mailbox_item) items;
    struct slice folders[MAILBOX_FOLDERS_MAX]; /* INBOX first */
    uint32_t folder_count;
    uint32_t events; /* so many are folded */
    uint32_t uid;    /* private: of the last message that was told of */
    unsigned uid_flags;
    uint32_t exists;
    bool is_listing, is_at_inbox, is_idle;
};

void mailbox_finish(struct mailbox *box);
/* Of this agent (role mua or browser) after so many events of the log. Goes on from where it was
   when it can. */
void mailbox_seek(struct mailbox *box, const struct log *log, uint32_t agent, uint32_t events);
/* Nothing of the log is remembered. */
void mailbox_forget(struct mailbox *box);

/* The n-th of a folder, from 1; NULL when there is none. */
const struct mailbox_item *mailbox_find(const struct mailbox *box, uint32_t folder, uint32_t n);
uint32_t mailbox_count(const struct mailbox *box, uint32_t folder);
uint32_t mailbox_count_unseen(const struct mailbox *box, uint32_t folder);
/* Header and body, in one; in `arena`. */
struct slice mailbox_content(const struct mailbox *box, const struct mailbox_item *item,
                             struct arena *arena);

#endif
