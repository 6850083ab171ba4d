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
    uint32_t life;
};

uint32_t queue_text(const struct queue *q, struct slice s);

/* The next moment at which something is due for this message: a try, the warning, the end. */
void queue_plan_wake(struct queue *q, struct waiting *w);
/* Nobody waits any more. */
void queue_remove(struct queue *q, struct waiting *w);

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
