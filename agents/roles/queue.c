#include "agents/roles/queue_part.h"

#include <stdlib.h>

#include "sim/base/memory.h"
#include "agents/mail/address.h"

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
    transfer_pool_configure(q->transfers, &options->limits);
    return q;
}

void queue_destroy(struct queue *q)
{
    if (!q)
        return;
    for (size_t i = 0; i < q->slots.count; i++)
        waiting_destroy(q->slots.items[i]);
    queue_free_groups(q);
    vector_finish(&q->slots);
    vector_finish(&q->free_slots);
    for (size_t i = 0; i < q->orphans.count; i++)
        waiting_destroy(q->orphans.items[i]);
    vector_finish(&q->orphans);
    bytes_finish(&q->spool);
    transfer_pool_destroy(q->transfers);
    free(q);
}

void queue_configure(struct queue *q, const struct queue_options *options)
{
    q->options = *options;
    transfer_pool_configure(q->transfers, &options->limits);
}

struct slice queue_host_name(const struct queue *q)
{
    return net_host_name(q->office->net, q->options.agent);
}

uint32_t queue_text(const struct queue *q, struct slice s)
{
    return sim_text(q->office->sim, s);
}

/* ---- waking ---- */

static void wake(void *context, uint64_t slot, uint64_t life)
{
    struct queue *q = context;
    struct waiting *w = slot < q->slots.count ? q->slots.items[slot] : NULL;
    const struct queue_plan *plan = q->options.plan;
    int64_t now = q->office->sim->now;
    if (!w || w->life != life || w->wake_t != now || w->is_active || q->is_stopped ||
        !net_host_is_up(q->office->net, q->options.agent))
        return;
    w->wake_t = VTIME_NEVER;
    q->office->sim->cause = w->cause;
    if (now >=
        w->next_t) { /* also when it is too old already: the host may have been off for days */
        queue_attempt(q, w);
        return;
    }
    if (plan->expire_s && now >= w->arrival_t + plan->expire_s * VTIME_S) {
        queue_give_up(q, w);
        return;
    }
    if (plan->warn_s && !w->is_warned && now >= w->arrival_t + plan->warn_s * VTIME_S) {
        w->is_warned = true;
        queue_warn(q, w);
        queue_spool_note(q, w);
    }
    queue_plan_wake(q, w);
}

void queue_plan_wake(struct queue *q, struct waiting *w)
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

void queue_remove(struct queue *q, struct waiting *w)
{
    sim_emit(
        q->office->sim, EVENT_QUEUE_REMOVE,
        &(struct event_queue_remove){q->options.agent, w->mail.msg, queue_text(q, w->mail.id)});
    q->slots.items[w->slot] = NULL;
    *vector_add(&q->free_slots) = w->slot;
    queue_spool_done(q, w);
    waiting_destroy(w);
}

/* ---- taking in ---- */

static void enter(struct queue *q, struct waiting *w)
{
    struct sim *sim = q->office->sim;
    if (q->free_slots.count) {
        w->slot = q->free_slots.items[--q->free_slots.count];
    } else {
        w->slot = (uint32_t)q->slots.count;
        (void)vector_add(&q->slots);
    }
    q->slots.items[w->slot] = w;
    w->life = ++q->life;
    w->next_t = sim->now;
    uint32_t cause = sim->cause;
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        if (w->recipients[i].state != WAITING_OPEN)
            continue;
        sim->cause = cause;
        sim_emit(sim, EVENT_QUEUE_ADD,
                 &(struct event_queue_add){
                     q->options.agent, w->mail.msg, w->attempt, queue_text(q, w->mail.id),
                     queue_text(q, w->recipients[i].path), queue_text(q, w->mail.reverse_path)});
    }
    w->cause = sim->cause;
}

static struct waiting *take_in(struct queue *q, const struct queue_mail *mail, bool is_spooled)
{
    struct waiting *w = waiting_create(mail);
    w->arrival_t = q->office->sim->now;
    w->is_spooled = is_spooled;
    enter(q, w);
    return w;
}

bool queue_secure(struct queue *q, const struct queue_mail *mail)
{
    q->is_secured = queue_spool_add(q, mail);
    return q->is_secured;
}

void queue_add(struct queue *q, const struct queue_mail *mail)
{
    bool is_spooled = q->is_secured || queue_spool_add(q, mail);
    q->is_secured = false;
    if (is_spooled || net_host_is_up(q->office->net, q->options.agent))
        queue_plan_wake(q, take_in(q, mail, is_spooled));
}

void queue_take_back(struct queue *q, struct waiting *w)
{
    if (!waiting_has(w, WAITING_OPEN)) { /* the crash came before its file was removed */
        queue_spool_done(q, w);
        waiting_destroy(w);
        return;
    }
    enter(q, w);
}

void queue_return(struct queue *q, const struct queue_mail *mail, const struct smtp_reply *reason)
{
    struct waiting *w = take_in(q, mail, false);
    for (size_t i = 0; i < mail->recipient_count; i++) {
        waiting_note_outcome(&w->recipients[i], &(struct transfer_outcome){.reply = *reason});
        w->recipients[i].cause = w->cause;
    }
    queue_give_up(q, w);
}

static void wake_now(struct queue *q, struct waiting *w)
{
    if (w->is_active)
        return;
    w->next_t = q->office->sim->now;
    w->cause = q->office->sim->cause;
    queue_plan_wake(q, w);
}

void queue_flush(struct queue *q)
{
    for (size_t i = 0; i < q->slots.count; i++)
        if (q->slots.items[i])
            wake_now(q, q->slots.items[i]);
}

static bool waits_for(const struct waiting *w, struct slice domain)
{
    for (size_t i = 0; i < w->mail.recipient_count; i++)
        if (w->recipients[i].state == WAITING_OPEN &&
            slice_equal_fold(address_domain(w->recipients[i].path), domain))
            return true;
    return false;
}

size_t queue_flush_domain(struct queue *q, struct slice domain)
{
    size_t count = 0;
    for (size_t i = 0; i < q->slots.count; i++) {
        struct waiting *w = q->slots.items[i];
        if (!w || !waits_for(w, domain))
            continue;
        wake_now(q, w);
        count++;
    }
    return count;
}

void queue_set_running(struct queue *q, bool is_running)
{
    q->is_stopped = !is_running;
    if (is_running)
        queue_flush(q);
}

void queue_host_changed(struct queue *q, bool is_up)
{
    if (!is_up) {
        queue_spool_crash(q);
        return;
    }
    queue_spool_boot(q);
    queue_flush(q);
}

size_t queue_count(struct queue *q)
{
    size_t count = 0;
    if (!net_host_is_up(q->office->net, q->options.agent))
        return queue_spool_count(q);
    for (size_t i = 0; i < q->slots.count; i++)
        if (q->slots.items[i])
            count += waiting_count(q->slots.items[i]);
    return count;
}

void queue_abandon(struct queue *q)
{
    queue_spool_crash(q);
    queue_spool_clear(q);
}
