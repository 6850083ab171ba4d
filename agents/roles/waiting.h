/*
 * One message that waits in a queue, with the fate of each of its recipients so far. Part of
 * agents/roles/queue.c, which decides what happens to it.
 */
#ifndef AGENTS_ROLES_WAITING_H
#define AGENTS_ROLES_WAITING_H

#include "agents/mail/dsn.h"
#include "agents/roles/queue.h"
#include "agents/roles/transfer.h"

enum { WAITING_STATUS_MAX = 16, WAITING_SERVER_MAX = 256, WAITING_REASON_MAX = 512 };

enum waiting_state {
    WAITING_OPEN,
    WAITING_UNDER_WAY,
    WAITING_DONE,   /* delivered, or the next server has it */
    WAITING_FAILED, /* refused for good or given up; its notice is not written yet */
    WAITING_TOLD
};

/* Why a recipient's last attempt came to nothing. Made only when one does. */
struct waiting_failure {
    char status[WAITING_STATUS_MAX], server[WAITING_SERVER_MAX], reason[WAITING_REASON_MAX];
    bool is_smtp_reply;
};

struct waiting_recipient {
    struct slice path;
    enum waiting_state state;
    uint32_t cause; /* the event that its fate so far ended with */
    bool is_local;  /* the last attempt was a delivery on this host */
    struct waiting_failure *failure;
};

/* One message of the queue; its texts lie in the same block of memory, behind the recipients. */
struct waiting {
    uint32_t slot, life; /* life: tells a late task that the slot is used again */
    uint32_t attempt, under_way;
    uint32_t cause; /* of the retries: what the last attempt ended with */
    int64_t arrival_t, next_t;
    int64_t started_t; /* of the last attempt: the plan counts from there */
    int64_t wake_t;    /* of the one wake task that counts; others are overtaken */
    bool is_warned, is_active;
    struct queue_mail mail;
    struct waiting_recipient *recipients;
};

/* Copies everything. */
struct waiting *waiting_create(const struct queue_mail *mail);
void waiting_destroy(struct waiting *w); /* accepts NULL */

bool waiting_has(const struct waiting *w, enum waiting_state state);
/* Keeps why an attempt came to nothing, as notices show it: "550 5.1.1 no such user". */
void waiting_note_failure(struct waiting_recipient *r, const struct transfer_outcome *outcome);
/* The last failure in words; "" when there was none. */
struct slice waiting_reason(const struct waiting_recipient *r);
struct dsn_recipient waiting_dsn_recipient(const struct waiting_recipient *r);

#endif
