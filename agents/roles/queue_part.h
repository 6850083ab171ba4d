/*
 * Private to the queue: what taking in and waking (queue.c), attempts (queue_attempt.c) and what is
 * told of their outcomes (queue_notice.c) share.
 */
#ifndef AGENTS_ROLES_QUEUE_PART_H
#define AGENTS_ROLES_QUEUE_PART_H

#include "agents/roles/queue.h"
#include "agents/roles/waiting.h"

struct queue_group;

struct queue {
    struct office *office;
    struct queue_options options;
    struct transfer_pool *transfers;
    VECTOR(struct waiting *) slots;
    VECTOR(uint32_t) free_slots;
    struct queue_group *groups;
    VECTOR(struct waiting *) orphans; /* a crash took them while an attempt went on */
    bool is_secured;                  /* the message that is added next has its file */
    struct bytes spool;               /* of the file that is being written */
    uint32_t life;
    bool is_stopped;
};

uint32_t queue_text(const struct queue *q, struct slice s);

/* The next moment at which something is due for this message: a try, the warning, the end. */
void queue_plan_wake(struct queue *q, struct waiting *w);
/* Nobody waits any more. */
void queue_remove(struct queue *q, struct waiting *w);

/* What the spool held is in the queue again. Takes it over. */
void queue_take_back(struct queue *q, struct waiting *w);

/* ---- files: what a crash leaves; queue_spool.c ---- */

/* Writes a message that is to be taken in, and makes it durable. False: it has no file. */
bool queue_spool_add(struct queue *q, const struct queue_mail *mail);
/* What has become of it so far: it goes on waiting. */
void queue_spool_note(struct queue *q, struct waiting *w);
/* Nobody waits any more: its files go. */
void queue_spool_done(struct queue *q, const struct waiting *w);
/* The host has crashed: what is in memory is gone; it has started: what the files hold is there. */
void queue_spool_crash(struct queue *q);
void queue_spool_boot(struct queue *q);
/* Recipients that the files say are waiting; removes all files. */
size_t queue_spool_count(struct queue *q);
void queue_spool_clear(struct queue *q);

/* ---- attempts ---- */

void queue_attempt(struct queue *q, struct waiting *w);
/* Whoever still waits has failed. */
void queue_give_up(struct queue *q, struct waiting *w);
/* Frees what is under way when the world ends. */
void queue_free_groups(struct queue *q);

/* ---- what is told ---- */

void queue_emit_giveup(struct queue *q, const struct waiting *w, const struct waiting_recipient *r);
void queue_emit_defer(struct queue *q, const struct waiting *w, const struct waiting_recipient *r);
void queue_emit_handed_on(struct queue *q, const struct waiting *w,
                          const struct waiting_recipient *r, const struct transfer_outcome *o);
/* To whoever waits still. */
void queue_warn(struct queue *q, struct waiting *w);
/* What has failed, and of what succeeded that which somebody asked to hear of (RFC 3461). */
void queue_tell_outcomes(struct queue *q, struct waiting *w);

#endif
