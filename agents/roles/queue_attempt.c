#include "agents/roles/queue_part.h"

#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "agents/mail/address.h"

/* One domain's recipients in one attempt; what its transfer borrows. */
struct queue_group {
    struct queue *queue;
    struct queue_group *next, **link; /* of all that are under way; link is what points here */
    uint32_t slot;
    size_t count;
    size_t *indexes;
    struct slice *paths;
    struct smtp_client_notify *notify; /* NULL: nothing was asked */
};

static void free_group(struct queue_group *g)
{
    *g->link = g->next;
    if (g->next)
        g->next->link = g->link;
    free(g);
}

void queue_free_groups(struct queue *q)
{
    for (struct queue_group *g = q->groups, *next; g; g = next) {
        next = g->next;
        free(g);
    }
    q->groups = NULL;
}

/* ---- outcomes ---- */

/* Somebody asked to hear of it, and nobody else will say it (RFC 3461 5.2.2, 5.2.3). */
static void note_success(struct waiting *w, struct waiting_recipient *r,
                         const struct transfer_outcome *o, bool is_local)
{
    if (!(r->notify.when & SMTP_NOTIFY_SUCCESS) || o->cares_for_dsn)
        return;
    r->success = is_local || o->is_delivery ? WAITING_DELIVERED : WAITING_RELAYED;
    w->has_success = true;
    waiting_note_outcome(r, o);
}

static void note_outcome(struct queue *q, struct waiting *w, struct waiting_recipient *r,
                         const struct transfer_outcome *o, bool is_local)
{
    check(r->state == WAITING_UNDER_WAY);
    if (o->reply.code >= 200 && o->reply.code < 300) {
        r->state = WAITING_DONE;
        note_success(w, r, o, is_local);
        if (!is_local)
            queue_emit_handed_on(q, w, r, o);
    } else if (o->reply.code < 500) {
        r->state = WAITING_OPEN;
        waiting_note_outcome(r, o);
    } else {
        r->state = WAITING_FAILED;
        waiting_note_outcome(r, o);
        queue_emit_giveup(q, w, r);
    }
    r->cause = q->office->sim->cause;
}

/* ---- attempts ---- */

void queue_give_up(struct queue *q, struct waiting *w)
{
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        if (r->state != WAITING_OPEN)
            continue;
        r->state = WAITING_FAILED;
        if (r->outcome) /* the status of a time-out is permanent now: 4.4.1 becomes 5.4.1 */
            r->outcome->status[0] = '5';
        q->office->sim->cause = r->cause;
        queue_emit_giveup(q, w, r);
        r->cause = q->office->sim->cause;
    }
    queue_tell_outcomes(q, w);
    queue_remove(q, w);
}

/* The plan's intervals count from the start of the attempt (RFC 5321 4.5.4.1). */
static void plan_attempt(struct queue *q, struct waiting *w)
{
    const struct queue_plan *plan = q->options.plan;
    int64_t now = q->office->sim->now;
    int64_t wait = (w->attempt == 1 ? plan->first_s : plan->then_s) * VTIME_S;
    w->next_t = w->started_t + wait > now ? w->started_t + wait : now + wait;
}

static void end_attempt(struct queue *q, struct waiting *w)
{
    w->is_active = false;
    queue_tell_outcomes(q, w);
    if (!waiting_has(w, WAITING_OPEN)) {
        queue_remove(q, w);
        return;
    }
    if (q->options.plan->first_s == 0) { /* there is no second attempt */
        queue_give_up(q, w);
        return;
    }
    plan_attempt(q, w);
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        if (r->state != WAITING_OPEN)
            continue;
        q->office->sim->cause = r->cause;
        queue_emit_defer(q, w, r);
        r->cause = q->office->sim->cause;
    }
    w->cause = q->office->sim->cause;
    queue_plan_wake(q, w);
}

static void on_recipient(void *context, uint64_t tag, size_t index,
                         const struct transfer_outcome *o)
{
    struct queue_group *g = context;
    (void)tag;
    struct waiting *w = g->queue->slots.items[g->slot];
    note_outcome(g->queue, w, &w->recipients[g->indexes[index]], o, false);
}

static void on_done(void *context, uint64_t tag)
{
    struct queue_group *g = context;
    struct queue *q = g->queue;
    struct waiting *w = q->slots.items[g->slot];
    (void)tag;
    free_group(g);
    if (--w->under_way == 0)
        end_attempt(q, w);
}

/* One block: the group, its indexes, its paths, and what was asked of notices about them. */
static struct queue_group *new_group(struct queue *q, const struct waiting *w)
{
    size_t count = w->mail.recipient_count;
    size_t each = sizeof(size_t) + sizeof(struct slice) +
                  (w->has_notify ? sizeof(struct smtp_client_notify) : 0);
    struct queue_group *g = memory_take(sizeof *g + count * each);
    *g = (struct queue_group){.queue = q, .slot = w->slot, .next = q->groups, .link = &q->groups};
    if (g->next)
        g->next->link = &g->next;
    q->groups = g;
    g->paths = (struct slice *)(g + 1);
    g->indexes = (size_t *)(g->paths + count);
    g->notify = w->has_notify ? (struct smtp_client_notify *)(g->indexes + count) : NULL;
    return g;
}

/*
 * Takes the waiting recipients of `domain` (with a fixed next hop: any) under way together, as many
 * as every server takes (RFC 5321 4.5.3.1.8); the caller starts another group with the rest.
 */
static void fill_group(struct queue_group *g, struct waiting *w, struct slice domain, bool is_any)
{
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        if (r->state != WAITING_OPEN || g->count == SMTP_RECIPIENTS_MIN ||
            (!is_any && !slice_equal_fold(address_domain(r->path), domain)))
            continue;
        r->state = WAITING_UNDER_WAY;
        g->indexes[g->count] = i;
        if (g->notify)
            g->notify[g->count] = (struct smtp_client_notify){r->notify.when, r->notify.orcpt};
        g->paths[g->count++] = r->path;
    }
}

static struct smtp_client_transaction transaction_of(const struct queue_group *g,
                                                     const struct queue_mail *mail)
{
    return (struct smtp_client_transaction){.reverse_path = mail->reverse_path,
                                            .forward_paths = g->paths,
                                            .recipient_count = g->count,
                                            .header = mail->header,
                                            .body = mail->body,
                                            .is_8bit = mail->is_8bit,
                                            .is_utf8 = mail->is_utf8,
                                            .ret = mail->ret,
                                            .envid = mail->envid,
                                            .notify = g->notify};
}

static void start_group(struct queue *q, struct waiting *w, struct slice domain)
{
    const struct queue_options *o = &q->options;
    struct queue_group *g = new_group(q, w);
    bool is_lmtp = o->is_lmtp && o->is_lmtp(o->context, domain);
    fill_group(g, w, domain, o->next.size > 0 && !o->is_lmtp);
    struct transfer_options options = {
        .agent = o->agent,
        .domain = domain,
        .next = is_lmtp ? o->lmtp : o->next,
        .avoids_self = o->deliver != NULL,
        .port = is_lmtp        ? o->lmtp_port
                : o->next.size ? o->next_port
                               : 25,
        .is_lmtp = is_lmtp,
        .msg = w->mail.msg,
        .transaction = transaction_of(g, &w->mail),
    };
    if (!is_lmtp) /* to the host that delivers for us nothing is to be hidden or proved */
        options.sending = o->sending;
    w->under_way++;
    transfer_start(
        q->transfers, &options,
        &(struct transfer_user){.recipient = on_recipient, .done = on_done, .context = g});
}

static bool try_local(struct queue *q, struct waiting *w, struct waiting_recipient *r)
{
    struct smtp_reply reply;
    if (!q->options.deliver || !q->options.deliver(q->options.context, &w->mail, r->path, &reply))
        return false;
    r->state = WAITING_UNDER_WAY;
    note_outcome(q, w, r, &(struct transfer_outcome){.reply = reply}, true);
    return true;
}

void queue_attempt(struct queue *q, struct waiting *w)
{
    struct sim *sim = q->office->sim;
    w->attempt++;
    w->started_t = sim->now;
    w->is_active = true;
    w->under_way = 1; /* this function itself, so that the attempt ends only once */
    uint32_t cause = sim->cause;
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        if (r->state != WAITING_OPEN)
            continue;
        sim->cause = cause;
        sim_emit(sim, EVENT_QUEUE_TRY,
                 &(struct event_queue_try){q->options.agent, w->mail.msg, w->attempt,
                                           queue_text(q, w->mail.id), queue_text(q, r->path)});
        r->cause = sim->cause;
        if (r->outcome)
            r->outcome->server[0] = '\0';
    }
    /* local ones first: a recipient that stays waiting after it must not be sent out as well */
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        sim->cause = r->cause;
        r->is_local = r->state == WAITING_OPEN && try_local(q, w, r);
    }
    uint32_t last = sim->cause;
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        sim->cause = r->cause;
        if (!r->is_local && r->state == WAITING_OPEN)
            start_group(q, w, address_domain(r->path));
    }
    sim->cause = last;
    if (--w->under_way == 0)
        end_attempt(q, w);
}
