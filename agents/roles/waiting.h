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

/* Of a recipient whose sender asked to hear of it, and was not told yet. */
enum waiting_success { WAITING_NO_SUCCESS, WAITING_DELIVERED, WAITING_RELAYED };

/* How a recipient's last attempt ended. Made only when it came to nothing, or is to be told of. */
struct waiting_outcome {
    char status[WAITING_STATUS_MAX], server[WAITING_SERVER_MAX], reason[WAITING_REASON_MAX];
    bool is_smtp_reply;
};

struct waiting_recipient {
    struct slice path;
    enum waiting_state state;
    uint32_t cause; /* the event that its fate so far ended with */
    bool is_local;  /* the last attempt was a delivery on this host */
    bool is_noted;  /* the spool knows that it waits no longer */
    bool is_due;    /* the notice that is being written is about this one, too */
    enum waiting_success success;
    struct queue_notify notify;
    struct waiting_outcome *outcome;
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
    bool has_notify, has_success; /* of some recipient */
    bool is_spooled, has_log;     /* which files it has (queue_spool.c) */
    struct queue_mail mail;
    struct waiting_recipient *recipients;
};

/* Copies everything. */
struct waiting *waiting_create(const struct queue_mail *mail);
void waiting_destroy(struct waiting *w); /* accepts NULL */

bool waiting_has(const struct waiting *w, enum waiting_state state);
/* Recipients that have had no outcome yet. */
size_t waiting_count(const struct waiting *w);
/* Keeps how an attempt ended, as notices show it: "550 5.1.1 no such user". */
void waiting_note_outcome(struct waiting_recipient *r, const struct transfer_outcome *outcome);
/* The last outcome that was kept, in words; "" when there was none. */
struct slice waiting_reason(const struct waiting_recipient *r);
struct dsn_recipient waiting_dsn_recipient(const struct waiting_recipient *r);

#endif
