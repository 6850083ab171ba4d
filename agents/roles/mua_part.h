/*
 * What the parts of the mail user agent share: mua.c has the settings; mua_write.c writes and
 * submits; mua_fetch.c gets mail, mua_imap.c and mua_imap_job.c speak IMAP for it; mua_folder.c
 * keeps what was got, and does to it what a person wants, mua_store.c does so in the host's store.
 */
#ifndef AGENTS_ROLES_MUA_PART_H
#define AGENTS_ROLES_MUA_PART_H

#include "agents/mail/account.h"
#include "agents/roles/mua.h"
#include "agents/roles/pickup_pop3.h"
#include "agents/roles/queue.h"

struct mua_imap;

enum mua_way { MUA_BY_POP3, MUA_BY_IMAP, MUA_BY_FILE };

enum { MUA_MESSAGE_MAX = 64 * 1024 * 1024, MUA_FORWARDED = 1u << ACCOUNT_KEYWORD_FIRST };

/* A message that the program has: its own (POP3), a copy of one of INBOX on the server (IMAP, with
   its UID), or one of the store that was shown (file, likewise). */
struct mua_item {
    uint32_t uid; /* 0: its own */
    uint32_t msg;
    uint32_t file;   /* number of the file with its content; 0: none */
    uint32_t folder; /* of the program's folders; 0 INBOX */
    unsigned flags;  /* ACCOUNT_..., MUA_FORWARDED */
    bool is_there;   /* mua_imap_cache.c: the server still has it */
};

struct mua {
    struct office *office;
    uint32_t agent;
    const struct config *config;
    struct slice user;
    enum mua_way way;
    struct pickup pickup;
    struct queue *outbox; /* NULL without an outgoing server */
    unsigned notify;      /* notices to ask for: SMTP_NOTIFY_...; 0 nothing is said */
    enum smtp_return ret;
    uint32_t check_life; /* counts changes of check_every: older timers do nothing */
    bool is_fetching;    /* one visit to the incoming server at a time */
    bool idles;          /* wants to stay with the server */
    uint32_t again_life; /* counts visits: who wants to try again after an older one does not */
    struct pickup_pop3 *pop3; /* each made when it is needed first */
    struct mua_imap *imap;
    VECTOR(struct mua_item) items;
    VECTOR(struct slice) folders; /* names of its own folders but INBOX; the office's memory */
    uint32_t file_count;          /* files made so far */
};

uint32_t mua_text(const struct mua *mua, struct slice s);
/* What the person sees on the screen. */
void mua_show(const struct mua *mua, struct slice what);

/* ---- mua_write.c ---- */

/* One queue, or none, as the settings are now. */
void mua_write_configure(struct mua *mua);

/* ---- mua_fetch.c ---- */

void mua_fetch_configure(struct mua *mua);
/* Starts, or ends, looking for mail by itself. */
void mua_fetch_plan(struct mua *mua);
void mua_fetch_finish(struct mua *mua);
/* A visit is over; `problem`: what the person has to know, or "". */
void mua_visit_ended(struct mua *mua, struct slice problem);

/* ---- mua_folder.c ---- */

/* A message has arrived whole: it goes into the program's folder. False: there is no room. */
bool mua_keep(struct mua *mua, struct slice content, uint32_t msg, uint32_t uid, unsigned flags,
              struct slice protocol);
/* The item goes, and its file. */
void mua_drop(struct mua *mua, size_t index);
/* What was lost when the host went down is not here any more. */
void mua_folder_recover(struct mua *mua);
bool mua_is_inbox(struct slice folder);
bool mua_reject_folder(const struct mua *mua, struct slice name, struct problem *problem);

/* A message as the program shows it. Borrowed until anything changes. */
struct mua_message {
    struct slice content;
    uint32_t uid, msg;
    struct mua_item *item; /* NULL: it lies in the store */
};
bool mua_find(struct mua *mua, const struct mua_choice *choice, struct mua_message *message,
              struct problem *problem);
/* Does it to what the program has, or to the store. */
bool mua_folder_act(struct mua *mua, const struct mua_act *act, struct problem *problem);
/* A copy of what was sent, in the program's own folder or the store. */
void mua_folder_add(struct mua *mua, struct slice folder, struct slice header, struct slice body,
                    uint32_t msg);
/* "\\Seen" as the protocols write it, and its bit; NULL when there is no such flag. */
const char *mua_flag(struct slice name, unsigned *bit);

/* ---- mua_store.c ---- */

/* The person's account in the store of its own host, to be changed on behalf of the program; NULL
   when the host has no store. */
struct account *mua_store_open(struct mua *mua);
/* It is looked through for what was not shown yet. */
bool mua_store_look(struct mua *mua, struct problem *problem);
bool mua_store_act(struct mua *mua, const struct mua_act *act, struct problem *problem);
void mua_store_add(struct mua *mua, struct slice folder, struct slice header, struct slice body,
                   uint32_t msg);

/* ---- mua_imap.c, mua_imap_job.c ---- */

struct mua_imap *mua_imap_create(struct mua *mua);
void mua_imap_destroy(struct mua_imap *imap); /* accepts NULL */
void mua_imap_visit(struct mua_imap *imap, uint32_t address, const struct pickup_login *login);
/* The visit that is under way is to look once more, or to see that it is to end. */
void mua_imap_look(struct mua_imap *imap);
/* Something to be done on the server, in this visit or the next. Copied. */
void mua_imap_ask(struct mua_imap *imap, const struct mua_act *act, uint32_t uid);
void mua_imap_ask_append(struct mua_imap *imap, struct slice folder, struct slice header,
                         struct slice body, uint32_t msg);

#endif
