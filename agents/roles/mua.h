/*
 * The mail user agent: a person's mail program. It writes a message, submits it to its outgoing
 * server (keeping it in an outbox while that is away) or hands it to the sendmail command of its
 * host, and gets mail by POP3, by IMAP, or from the files of its host's store.
 *
 * What a person does to a message is done where the message is: by POP3 in the program's own
 * folders, by IMAP on the server (which may have to wait for the next visit), else in the store.
 */
#ifndef AGENTS_ROLES_MUA_H
#define AGENTS_ROLES_MUA_H

#include "agents/roles/registry.h"
#include "sim/base/problem.h"

extern const struct role mua_role;

struct mua;

struct mua_attachment {
    struct slice name, content;
};

struct mua_letter {
    struct slice to, cc, bcc; /* address lists */
    struct slice subject, body;
    const struct mua_attachment *attachments;
    size_t attachment_count;
    /* A message of elsewhere, sent as it is, with its own header: `to`, `cc` and `bcc` are whom to,
       and the rest is not looked at. "": none. */
    struct slice whole;
};

/* The person presses "send". False, with the reason, when this program can't submit at all or an
   address is none. */
bool mua_send(struct mua *mua, const struct mua_letter *letter, struct problem *problem);

/* Which message: its number in the folder as the program shows it, from 1, or part of its subject
   (the newest that has it). */
struct mua_choice {
    struct slice folder; /* "": INBOX */
    struct slice message;
};

/* The person answers a message, or passes it on to letter->to. Subject, quote and, of an answer,
   recipients are the program's; letter->to and cc of an answer come in addition. */
bool mua_reply(struct mua *mua, const struct mua_choice *choice, bool to_all,
               const struct mua_letter *letter, struct problem *problem);
bool mua_forward(struct mua *mua, const struct mua_choice *choice, const struct mua_letter *letter,
                 struct problem *problem);

enum mua_deed {
    MUA_READ, /* and so it is \\Seen */
    MUA_FLAG,
    MUA_MOVE,
    MUA_DELETE,  /* it gets the flag \\Deleted ... */
    MUA_EXPUNGE, /* ... and goes with all that have it */
    MUA_CREATE
};

struct mua_act {
    enum mua_deed deed;
    struct mua_choice choice; /* EXPUNGE, CREATE: the folder only */
    struct slice to;          /* MOVE: a folder */
    struct slice flag;        /* FLAG: "\\Flagged", or without the backslash */
    bool on;                  /* FLAG */
};
bool mua_act(struct mua *mua, const struct mua_act *act, struct problem *problem);
/* Whether it knows a flag of that name. */
bool mua_knows_flag(struct slice name);

/* The person presses "get mail". */
bool mua_fetch(struct mua *mua, struct problem *problem);
/* Stay with the server and hear of what happens there (IMAP's IDLE), or no longer. */
bool mua_set_idle(struct mua *mua, bool is_on, struct problem *problem);

bool mua_can_send(const struct mua *mua);

#endif
