/*
 * What the parts of a mail program's IMAP share: mua_imap.c keeps the visit and the copies of what
 * is in INBOX, mua_imap_job.c does on the server what a person wants.
 */
#ifndef AGENTS_ROLES_MUA_IMAP_PART_H
#define AGENTS_ROLES_MUA_IMAP_PART_H

#include "agents/proto/imap_client.h"
#include "agents/roles/mua_part.h"

/* What the command that is under way is for. */
enum mua_imap_task {
    MUA_IMAP_NONE,
    MUA_IMAP_SELECT,
    MUA_IMAP_LIST,   /* UIDs and flags of all, to compare */
    MUA_IMAP_BODIES, /* of those that are missing here */
    MUA_IMAP_JOB,
    MUA_IMAP_IDLE
};

struct mua_imap_job;

struct mua_imap {
    struct mua *mua;
    struct imap_client client;
    struct pump *pump;
    enum mua_imap_task task;
    uint32_t msg;         /* whose octets came last: a response goes on behind its message */
    struct bytes problem; /* what the person has to know when the visit is over */
    bool is_told;         /* it is known how it ended */
    bool has_expired;
    bool is_leaving;
    struct bytes wanted, selected; /* folders: asked for, and open; "" none */
    uint32_t uidvalidity;          /* of INBOX, when the copies were made (RFC 9051 2.3.1.1) */
    bool must_compare;             /* all of INBOX with the copies */
    bool must_look;                /* for what is new in it */
    bool is_exact;                 /* the copies are what the server has, in its order */
    VECTOR(uint32_t) missing;      /* UIDs that the server has and we have not, ascending */
    struct mua_imap_job *jobs, **last_job;
};

/* Out of idling, when there is something to do; outside of a turn. */
void mua_imap_wake(struct mua_imap *imap);
/* True when it is open; else it is asked for, and READY comes again. */
bool mua_imap_open(struct mua_imap *imap, struct slice folder);
/* The next thing of the first job, within READY. False when there was none to say: the job is over.
 */
bool mua_imap_job_go(struct mua_imap *imap);
/* A command of its has ended. */
void mua_imap_job_done(struct mua_imap *imap, const struct imap_client_event *e);
/* What its search has found. */
void mua_imap_job_found(struct mua_imap *imap, struct slice numbers);
void mua_imap_job_drop(struct mua_imap *imap);

#endif
