/*
 * What the parts of the retrieval agent share: mra.c has the accounts and hands messages on,
 * mra_imap.c gets them by IMAP (pickup_pop3.h does so by POP3).
 */
#ifndef AGENTS_ROLES_MRA_PART_H
#define AGENTS_ROLES_MRA_PART_H

#include "agents/roles/mra.h"
#include "agents/roles/pickup_pop3.h"
#include "agents/roles/transfer.h"

struct mra_imap;

/* One account that is looked at. */
struct mra_errand {
    struct mra *mra;
    struct mra_account account;
    struct pickup pickup;
    struct pickup_pop3 *pop3; /* the one that is used, the other is NULL */
    struct mra_imap *imap;
    bool is_visiting, is_dismissed; /* dismissed: the setting names it no longer */
    size_t handing_count;           /* messages that are being handed on */
};

/* A message has come, over that connection. PICKUP_LATER: mra_settle follows, with its key. */
enum pickup_fate mra_hand_on(struct mra_errand *errand, uint32_t key, struct slice content,
                             uint32_t msg, uint32_t conn);
/* The visit is over; `problem` says why it came to nothing, "" when it did not. */
void mra_visit_ended(void *errand, struct slice problem);

struct mra_imap *mra_imap_create(struct mra_errand *errand);
void mra_imap_destroy(struct mra_imap *imap); /* accepts NULL */
void mra_imap_visit(struct mra_imap *imap, uint32_t address, const struct pickup_login *login);
/* What was taken is no longer known. */
void mra_imap_forget(struct mra_imap *imap);
void mra_imap_settle(struct mra_imap *imap, uint32_t uid, bool is_taken);

#endif
