#include "agents/roles/queue.h"

#include <stdlib.h>

#include "agents/mail/address.h"
#include "agents/roles/bounce.h"
#include "agents/roles/waiting.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

struct group;

struct queue {
    struct office *office;
    struct queue_options options;
    struct transfer_pool *transfers;
    VECTOR(struct waiting *) slots;
    VECTOR(uint32_t) free_slots;
    struct group *groups;
    uint32_t life, count;
};

/* One domain's recipients in one attempt; what its transfer borrows. */
struct group {
    struct queue *queue;
    struct group *next, **link; /* of all that are under way; link is what points here */
    uint32_t slot;
    size_t count;
    size_t *indexes;
    struct slice *paths;
};

static const struct queue_plan plans[] = {
    {"classroom", 30 * 60, 2 * 3600, 4 * 3600, 5 * 86400},
    {"outbox", 5 * 60, 30 * 60, 0, 5 * 86400},
    {"once", 0, 0, 0, 1},
};

const struct queue_plan *queue_plan_find(struct slice name)
{
    for (size_t i = 0; i < sizeof plans / sizeof *plans; i++)
        if (slice_equal(name, slice_of(plans[i].name)))
            return &plans[i];
    return NULL;
}

struct queue *queue_create(struct office *office, const struct queue_options *options)
{
    struct queue *q = memory_take(sizeof *q);
    q->office = office;
    q->options = *options;
    q->transfers = transfer_pool_create(office, options->agent);
    return q;
}

static void free_group(struct group *g)
{
    *g->link = g->next;
    if (g->next)
        g->next->link = g->link;
    free(g);
}

void queue_destroy(struct queue *q)
{
    if (!q)
        return;
    for (size_t i = 0; i < q->slots.count; i++)
        waiting_destroy(q->slots.items[i]);
    for (struct group *g = q->groups, *next; g; g = next) {
        next = g->next;
        free(g);
    }
    vector_finish(&q->slots);
    vector_finish(&q->free_slots);
    transfer_pool_destroy(q->transfers);
    free(q);
}

size_t queue_count(const struct queue *q)
{
    return q->count;
}

struct slice queue_host_name(const struct queue *q)
{
    return net_host_name(q->office->net, q->options.agent);
}

/* ---- events ---- */

static uint32_t text(const struct queue *q, struct slice s)
{
    return sim_text(q->office->sim, s);
}

static void emit_giveup(struct queue *q, const struct waiting *w, const struct waiting_recipient *r)
{
    sim_emit(q->office->sim, EVENT_QUEUE_GIVEUP,
             &(struct event_queue_giveup){q->options.agent, w->mail.msg, w->attempt,
                                          text(q, w->mail.id), text(q, r->path),
                                          text(q, waiting_reason(r))});
}

static void emit_defer(struct queue *q, const struct waiting *w, const struct waiting_recipient *r)
{
    int64_t next_s = (w->next_t - q->office->sim->now + VTIME_S / 2) / VTIME_S;
    sim_emit(q->office->sim, EVENT_QUEUE_DEFER,
             &(struct event_queue_defer){q->options.agent, w->mail.msg, w->attempt,
                                         (uint32_t)next_s, text(q, r->path),
                                         text(q, waiting_reason(r))});
}

static void emit_handed_on(struct queue *q, const struct waiting *w,
                           const struct waiting_recipient *r, const struct transfer_outcome *o)
{
    if (q->options.is_outbox)
        sim_emit(q->office->sim, EVENT_SUBMIT,
                 &(struct event_submit){q->options.agent, w->mail.msg, text(q, r->path), o->conn});
    else
        sim_emit(q->office->sim, EVENT_RELAY,
                 &(struct event_relay){q->options.agent, w->mail.msg, text(q, r->path), o->host,
                                       o->conn});
}

/* ---- outcomes ---- */

static void note_outcome(struct queue *q, struct waiting *w, struct waiting_recipient *r,
                         const struct transfer_outcome *o, bool is_local)
{
    check(r->state == WAITING_UNDER_WAY);
    if (o->reply.code >= 200 && o->reply.code < 300) {
        r->state = WAITING_DONE;
        if (!is_local)
            emit_handed_on(q, w, r, o);
    } else if (o->reply.code < 500) {
        r->state = WAITING_OPEN;
        waiting_note_failure(r, o);
    } else {
        r->state = WAITING_FAILED;
        waiting_note_failure(r, o);
        emit_giveup(q, w, r);
    }
    r->cause = q->office->sim->cause;
}

/* ---- notices ---- */

/* One notice for all recipients in `state`; an outbox tells its own person instead. */
static void send_notice(struct queue *q, struct waiting *w, enum waiting_state state,
                        struct slice action)
{
    if (!waiting_has(w, state))
        return;
    struct dsn_recipient *about = memory_take(w->mail.recipient_count * sizeof *about);
    size_t count = 0;
    for (size_t i = 0; i < w->mail.recipient_count; i++)
        if (w->recipients[i].state == state) {
            about[count++] = waiting_dsn_recipient(&w->recipients[i]);
            q->office->sim->cause = w->recipients[i].cause;
        }
    struct office *office = q->office;
    int64_t arrival_s = office->sim->epoch_s + w->arrival_t / VTIME_S;
    struct bounce b = {.about = w->mail.msg,
                       .to = w->mail.reverse_path,
                       .action = action,
                       .recipients = about,
                       .recipient_count = count,
                       .arrival_s = arrival_s,
                       .retry_until_s = arrival_s + q->options.plan->expire_s,
                       .header = w->mail.header};
    bounce_send(office, q->options.agent, q, &b);
    free(about);
}

/* RFC 5321 6.1: there is no notice about a notice. */
static void discard(struct queue *q, const struct waiting *w, const struct waiting_recipient *r)
{
    sim_emit(q->office->sim, EVENT_DISCARD,
             &(struct event_discard){q->options.agent, w->mail.msg, text(q, r->path),
                                     text(q, waiting_reason(r))});
}

static void tell_failures(struct queue *q, struct waiting *w)
{
    uint32_t cause = q->office->sim->cause;
    if (!q->options.is_outbox && w->mail.reverse_path.size > 0)
        send_notice(q, w, WAITING_FAILED, SLICE("failed"));
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        if (r->state != WAITING_FAILED)
            continue;
        r->state = WAITING_TOLD;
        q->office->sim->cause = r->cause;
        if (q->options.is_outbox && q->options.refused)
            q->options.refused(q->options.context, w->mail.msg, r->path, waiting_reason(r));
        else if (!q->options.is_outbox && w->mail.reverse_path.size == 0)
            discard(q, w, r);
    }
    q->office->sim->cause = cause;
}

/* ---- attempts ---- */

static void wake(void *context, uint64_t slot, uint64_t life);

/* The next moment at which something is due for this message: a try, the warning, the end. */
static void plan_wake(struct queue *q, struct waiting *w)
{
    const struct queue_plan *plan = q->options.plan;
    int64_t due = w->next_t;
    int64_t warn_t = w->arrival_t + plan->warn_s * VTIME_S;
    int64_t expire_t = w->arrival_t + plan->expire_s * VTIME_S;
    if (plan->warn_s && !w->is_warned && warn_t < due)
        due = warn_t;
    if (plan->expire_s && expire_t < due)
        due = expire_t;
    int64_t now = q->office->sim->now;
    w->wake_t = due > now ? due : now;
    sim_after(q->office->sim, w->wake_t - now, wake, q, w->slot, w->life);
}

static void remove_mail(struct queue *q, struct waiting *w)
{
    sim_emit(q->office->sim, EVENT_QUEUE_REMOVE,
             &(struct event_queue_remove){q->options.agent, w->mail.msg, text(q, w->mail.id)});
    q->slots.items[w->slot] = NULL;
    *vector_add(&q->free_slots) = w->slot;
    q->count--;
    waiting_destroy(w);
}

static void give_up(struct queue *q, struct waiting *w)
{
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        if (r->state != WAITING_OPEN)
            continue;
        r->state = WAITING_FAILED;
        if (r->failure) /* the status of a time-out is permanent now: 4.4.1 becomes 5.4.1 */
            r->failure->status[0] = '5';
        q->office->sim->cause = r->cause;
        emit_giveup(q, w, r);
        r->cause = q->office->sim->cause;
    }
    tell_failures(q, w);
    remove_mail(q, w);
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
    tell_failures(q, w);
    if (!waiting_has(w, WAITING_OPEN)) {
        remove_mail(q, w);
        return;
    }
    if (q->options.plan->first_s == 0) { /* there is no second attempt */
        give_up(q, w);
        return;
    }
    plan_attempt(q, w);
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        if (r->state != WAITING_OPEN)
            continue;
        q->office->sim->cause = r->cause;
        emit_defer(q, w, r);
        r->cause = q->office->sim->cause;
    }
    w->cause = q->office->sim->cause;
    plan_wake(q, w);
}

static void on_recipient(void *context, uint64_t tag, size_t index,
                         const struct transfer_outcome *o)
{
    struct group *g = context;
    (void)tag;
    struct waiting *w = g->queue->slots.items[g->slot];
    note_outcome(g->queue, w, &w->recipients[g->indexes[index]], o, false);
}

static void on_done(void *context, uint64_t tag)
{
    struct group *g = context;
    struct queue *q = g->queue;
    struct waiting *w = q->slots.items[g->slot];
    (void)tag;
    free_group(g);
    if (--w->under_way == 0)
        end_attempt(q, w);
}

/* One block: the group, its indexes, its paths. */
static struct group *new_group(struct queue *q, const struct waiting *w)
{
    size_t count = w->mail.recipient_count;
    struct group *g = memory_take(sizeof *g + count * (sizeof(size_t) + sizeof(struct slice)));
    *g = (struct group){.queue = q, .slot = w->slot, .next = q->groups, .link = &q->groups};
    if (g->next)
        g->next->link = &g->next;
    q->groups = g;
    g->paths = (struct slice *)(g + 1);
    g->indexes = (size_t *)(g->paths + count);
    return g;
}

/* Takes the waiting recipients of `domain` (with a fixed next hop: any) under way together, as many
   as every server takes (RFC 5321 4.5.3.1.8); the caller starts another group with the rest. */
static void start_group(struct queue *q, struct waiting *w, struct slice domain)
{
    struct group *g = new_group(q, w);
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        if (r->state != WAITING_OPEN || g->count == SMTP_RECIPIENTS_MIN ||
            (q->options.next.size == 0 && !slice_equal_fold(address_domain(r->path), domain)))
            continue;
        r->state = WAITING_UNDER_WAY;
        g->indexes[g->count] = i;
        g->paths[g->count++] = r->path;
    }
    struct transfer_options options = {
        .agent = q->options.agent,
        .domain = domain,
        .next = q->options.next,
        .avoids_self = q->options.deliver != NULL,
        .port = q->options.next.size ? q->options.next_port : 25,
        .user = q->options.user,
        .password = q->options.password,
        .msg = w->mail.msg,
        .transaction = {.reverse_path = w->mail.reverse_path,
                        .forward_paths = g->paths,
                        .recipient_count = g->count,
                        .header = w->mail.header,
                        .body = w->mail.body,
                        .is_8bit = w->mail.is_8bit},
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

static void attempt(struct queue *q, struct waiting *w)
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
                                           text(q, w->mail.id), text(q, r->path)});
        r->cause = sim->cause;
        if (r->failure)
            r->failure->server[0] = '\0';
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

static void wake(void *context, uint64_t slot, uint64_t life)
{
    struct queue *q = context;
    struct waiting *w = slot < q->slots.count ? q->slots.items[slot] : NULL;
    const struct queue_plan *plan = q->options.plan;
    int64_t now = q->office->sim->now;
    if (!w || w->life != life || w->wake_t != now || w->is_active ||
        !net_host_is_up(q->office->net, q->options.agent))
        return;
    w->wake_t = VTIME_NEVER;
    q->office->sim->cause = w->cause;
    if (now >=
        w->next_t) { /* also when it is too old already: the host may have been off for days */
        attempt(q, w);
        return;
    }
    if (plan->expire_s && now >= w->arrival_t + plan->expire_s * VTIME_S) {
        give_up(q, w);
        return;
    }
    if (plan->warn_s && !w->is_warned && now >= w->arrival_t + plan->warn_s * VTIME_S) {
        w->is_warned = true;
        if (w->mail.reverse_path.size > 0)
            send_notice(q, w, WAITING_OPEN, SLICE("delayed"));
    }
    plan_wake(q, w);
}

/* ---- taking in ---- */

void queue_add(struct queue *q, const struct queue_mail *mail)
{
    struct sim *sim = q->office->sim;
    struct waiting *w = waiting_create(mail);
    if (q->free_slots.count) {
        w->slot = q->free_slots.items[--q->free_slots.count];
    } else {
        w->slot = (uint32_t)q->slots.count;
        (void)vector_add(&q->slots);
    }
    q->slots.items[w->slot] = w;
    q->count++;
    w->life = ++q->life;
    w->arrival_t = w->next_t = sim->now;
    uint32_t cause = sim->cause;
    for (size_t i = 0; i < mail->recipient_count; i++) {
        sim->cause = cause;
        sim_emit(sim, EVENT_QUEUE_ADD,
                 &(struct event_queue_add){q->options.agent, mail->msg, 0, text(q, mail->id),
                                           text(q, mail->forward_paths[i]),
                                           text(q, mail->reverse_path)});
    }
    w->cause = sim->cause;
    plan_wake(q, w);
}

static void wake_all(struct queue *q)
{
    for (size_t i = 0; i < q->slots.count; i++) {
        struct waiting *w = q->slots.items[i];
        if (!w || w->is_active)
            continue;
        w->next_t = q->office->sim->now;
        w->cause = q->office->sim->cause;
        plan_wake(q, w);
    }
}

void queue_flush(struct queue *q)
{
    wake_all(q);
}

void queue_host_changed(struct queue *q, bool is_up)
{
    if (is_up)
        wake_all(q);
}
