#include "agents/roles/queue_part.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "agents/mail/address.h"

/* Who waits for the lock of a mailbox asks so often. */
enum { QUEUE_LOCK_WAIT_S = 5 };

/* One domain's recipients in one attempt; what its transfer borrows. */
struct queue_group {
    struct queue *queue;
    struct queue_group *next, **link; /* of all that are under way; link is what points here */
    uint32_t slot, life;              /* of the message */
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
    bool is_replaced = is_local && o->reply.code == 251; /* others have the wish now */
    if (!(r->notify.when & SMTP_NOTIFY_SUCCESS) || o->cares_for_dsn || is_replaced)
        return;
    r->success = is_local || o->is_delivery ? WAITING_DELIVERED : WAITING_RELAYED;
    w->has_success = true;
    waiting_note_outcome(r, o);
}

/* A server whose password is wrong keeps the mail until somebody has mended that; a person at a
   mail program is told at once. */
static bool is_put_off(const struct queue *q, const struct transfer_outcome *o)
{
    return o->reply.code < 500 || (o->is_login && !q->options.is_outbox);
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
    } else if (is_put_off(q, o)) {
        r->state = WAITING_OPEN;
        waiting_note_outcome(r, o);
        r->outcome->status[0] = '4'; /* of what is put off (RFC 3463 2) */
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

/* All who wait still are people of this host whose mailbox somebody is writing (RFC 3463 X.2.0): it
   will soon be free. */
static bool is_only_locked(const struct waiting *w)
{
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        const struct waiting_recipient *r = &w->recipients[i];
        if (r->state == WAITING_OPEN &&
            !(r->is_local && r->outcome && strcmp(r->outcome->status, "4.2.0") == 0))
            return false;
    }
    return true;
}

/* The plan's intervals count from the start of the attempt (RFC 5321 4.5.4.1). */
static void plan_attempt(struct queue *q, struct waiting *w)
{
    const struct queue_plan *plan = q->options.plan;
    int64_t now = q->office->sim->now;
    int64_t wait = (w->attempt == 1 ? plan->first_s : plan->then_s) * VTIME_S;
    if (is_only_locked(w))
        wait = QUEUE_LOCK_WAIT_S * VTIME_S;
    w->next_t = w->started_t + wait > now ? w->started_t + wait : now + wait;
}

static void end_attempt(struct queue *q, struct waiting *w)
{
    if (!net_host_is_up(q->office->net, q->options.agent))
        return; /* in the middle of it; what the files say counts when it is up again */
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
    queue_spool_note(q, w);
    queue_plan_wake(q, w);
}

/* The message of a group; NULL when the host has crashed since. */
static struct waiting *waiting_of(const struct queue_group *g)
{
    struct waiting *w = g->queue->slots.items[g->slot];
    return w && w->life == g->life ? w : NULL;
}

static void on_recipient(void *context, uint64_t tag, size_t index,
                         const struct transfer_outcome *o)
{
    struct queue_group *g = context;
    (void)tag;
    struct waiting *w = waiting_of(g);
    if (w && net_host_is_up(g->queue->office->net, g->queue->options.agent))
        note_outcome(g->queue, w, &w->recipients[g->indexes[index]], o, false);
}

static void on_done(void *context, uint64_t tag)
{
    struct queue_group *g = context;
    struct queue *q = g->queue;
    struct waiting *w = waiting_of(g);
    (void)tag;
    free_group(g);
    if (!w)
        return;
    if (--w->under_way == 0)
        end_attempt(q, w);
    else if (waiting_has(w, WAITING_DONE)) /* the others may take long */
        queue_spool_note(q, w);
}

/* One block: the group, its indexes, its paths, and what was asked of notices about them. */
static struct queue_group *new_group(struct queue *q, const struct waiting *w)
{
    size_t count = w->mail.recipient_count < SMTP_RECIPIENTS_MIN ? w->mail.recipient_count
                                                                 : SMTP_RECIPIENTS_MIN;
    size_t each = sizeof(size_t) + sizeof(struct slice) +
                  (w->has_notify ? sizeof(struct smtp_client_notify) : 0);
    struct queue_group *g = memory_take(sizeof *g + count * each);
    *g = (struct queue_group){
        .queue = q, .slot = w->slot, .life = w->life, .next = q->groups, .link = &q->groups};
    if (g->next)
        g->next->link = &g->next;
    q->groups = g;
    g->paths = (struct slice *)(g + 1);
    g->indexes = (size_t *)(g->paths + count);
    g->notify = w->has_notify ? (struct smtp_client_notify *)(g->indexes + count) : NULL;
    return g;
}

static struct queue_hop hop_for(const struct queue *q, struct slice domain)
{
    const struct queue_options *o = &q->options;
    struct queue_hop hop = {
        .next = o->next, .port = o->next.size ? o->next_port : 25, .sending = o->sending};
    if (o->hop)
        o->hop(o->context, domain, &hop);
    return hop;
}

/* May mail for this other domain go along? Where the MX decides only its own domain's may. */
static bool shares_hop(const struct queue *q, const struct queue_hop *hop, struct slice domain)
{
    if (hop->next.size == 0 || hop->refusal.code)
        return false;
    struct queue_hop other = hop_for(q, domain);
    return other.refusal.code == 0 && other.port == hop->port && other.is_lmtp == hop->is_lmtp &&
           slice_equal_fold(other.next, hop->next) &&
           slice_equal(other.sending.user, hop->sending.user);
}

/*
 * Takes the waiting recipients of `domain` (with a fixed next hop: all that go there) under way
 * together, as many as every server takes (RFC 5321 4.5.3.1.8); the caller starts another group
 * with the rest.
 */
static void fill_group(struct queue_group *g, struct waiting *w, struct slice domain,
                       const struct queue_hop *hop)
{
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        if (r->state != WAITING_OPEN || g->count == SMTP_RECIPIENTS_MIN ||
            (!slice_equal_fold(address_domain(r->path), domain) &&
             !shares_hop(g->queue, hop, address_domain(r->path))))
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

/* To the domain of this recipient, with whoever may go along. */
static void start_group(struct queue *q, struct waiting *w, struct waiting_recipient *r)
{
    const struct queue_options *o = &q->options;
    struct slice domain = address_domain(r->path);
    struct queue_hop hop = hop_for(q, domain);
    if (hop.refusal.code) {
        r->state = WAITING_UNDER_WAY;
        note_outcome(q, w, r, &(struct transfer_outcome){.reply = hop.refusal}, false);
        return;
    }
    struct queue_group *g = new_group(q, w);
    fill_group(g, w, domain, &hop);
    struct transfer_options options = {
        .agent = o->source_count > 0 ? o->sources[(w->mail.msg + w->attempt) % o->source_count]
                                     : o->agent,
        .domain = domain,
        .next = hop.next,
        .avoids_self = o->deliver != NULL,
        .port = hop.port,
        .is_lmtp = hop.is_lmtp,
        .msg = w->mail.msg,
        .sending = hop.sending,
        .transaction = transaction_of(g, &w->mail),
    };
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
            start_group(q, w, r);
    }
    sim->cause = last;
    if (--w->under_way == 0)
        end_attempt(q, w);
    else if (waiting_has(w, WAITING_DONE))
        queue_spool_note(q, w);
}
