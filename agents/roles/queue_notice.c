#include "agents/roles/queue_part.h"

#include <stdlib.h>

#include "agents/roles/bounce.h"
#include "sim/base/memory.h"

/* ---- events ---- */

void queue_emit_giveup(struct queue *q, const struct waiting *w, const struct waiting_recipient *r)
{
    sim_emit(q->office->sim, EVENT_QUEUE_GIVEUP,
             &(struct event_queue_giveup){q->options.agent, w->mail.msg, w->attempt,
                                          queue_text(q, w->mail.id), queue_text(q, r->path),
                                          queue_text(q, waiting_reason(r))});
}

void queue_emit_defer(struct queue *q, const struct waiting *w, const struct waiting_recipient *r)
{
    int64_t next_s = (w->next_t - q->office->sim->now + VTIME_S / 2) / VTIME_S;
    sim_emit(q->office->sim, EVENT_QUEUE_DEFER,
             &(struct event_queue_defer){q->options.agent, w->mail.msg, w->attempt,
                                         (uint32_t)next_s, queue_text(q, r->path),
                                         queue_text(q, waiting_reason(r))});
}

void queue_emit_handed_on(struct queue *q, const struct waiting *w,
                          const struct waiting_recipient *r, const struct transfer_outcome *o)
{
    if (q->options.is_outbox)
        sim_emit(
            q->office->sim, EVENT_SUBMIT,
            &(struct event_submit){q->options.agent, w->mail.msg, queue_text(q, r->path), o->conn});
    else
        sim_emit(q->office->sim, EVENT_RELAY,
                 &(struct event_relay){q->options.agent, w->mail.msg, queue_text(q, r->path),
                                       o->host, o->conn});
}

/* ---- notices ---- */

/* RFC 3461 4.1: without a word about it there are notices of failure and of delay. */
static bool is_wanted(const struct waiting_recipient *r, unsigned when)
{
    return r->notify.when == 0 ? when != SMTP_NOTIFY_SUCCESS : (r->notify.when & when) != 0;
}

/* One notice for all recipients that are marked; null reverse-paths have none (RFC 5321 6.1). */
static void send_notice(struct queue *q, struct waiting *w, struct slice action)
{
    struct office *office = q->office;
    struct dsn_recipient *about = memory_take(w->mail.recipient_count * sizeof *about);
    int64_t arrival_s = office->sim->epoch_s + w->arrival_t / VTIME_S;
    bool is_failure = slice_equal(action, SLICE("failed"));
    size_t count = 0;
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        if (!r->is_due)
            continue;
        r->is_due = false;
        about[count++] = waiting_dsn_recipient(r);
        office->sim->cause = r->cause;
    }
    struct bounce b = {.about = w->mail.msg,
                       .to = w->mail.reverse_path,
                       .action = action,
                       .recipients = about,
                       .recipient_count = count,
                       .arrival_s = arrival_s,
                       .retry_until_s = arrival_s + q->options.plan->expire_s,
                       .envid = w->mail.envid,
                       .is_full = is_failure && w->mail.ret == SMTP_RETURN_FULL,
                       .header = w->mail.header,
                       .body = w->mail.body};
    if (count > 0 && w->mail.reverse_path.size > 0 && !q->options.is_outbox)
        bounce_send(office, q->options.agent, q, &b);
    free(about);
}

void queue_warn(struct queue *q, struct waiting *w)
{
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        r->is_due = r->state == WAITING_OPEN && is_wanted(r, SMTP_NOTIFY_DELAY);
    }
    send_notice(q, w, SLICE("delayed"));
}

/* RFC 5321 6.1: there is no notice about a notice; nor one that nobody wants (RFC 3461 4.1). */
static void discard(struct queue *q, const struct waiting *w, const struct waiting_recipient *r)
{
    sim_emit(q->office->sim, EVENT_DISCARD,
             &(struct event_discard){q->options.agent, w->mail.msg, queue_text(q, r->path),
                                     queue_text(q, waiting_reason(r))});
}

/* An outbox tells its own person instead. */
static void tell_failure(struct queue *q, const struct waiting *w,
                         const struct waiting_recipient *r)
{
    if (q->options.is_outbox && q->options.refused)
        q->options.refused(q->options.context, w->mail.msg, r->path, waiting_reason(r));
    else if (!q->options.is_outbox &&
             (w->mail.reverse_path.size == 0 || !is_wanted(r, SMTP_NOTIFY_FAILURE)))
        discard(q, w, r);
}

static void tell_failures(struct queue *q, struct waiting *w)
{
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        r->is_due = r->state == WAITING_FAILED && is_wanted(r, SMTP_NOTIFY_FAILURE);
    }
    send_notice(q, w, SLICE("failed"));
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        if (r->state != WAITING_FAILED)
            continue;
        r->state = WAITING_TOLD;
        q->office->sim->cause = r->cause;
        tell_failure(q, w, r);
    }
}

/* RFC 3461 5.2.2, 5.2.3: delivered here, or passed on to who will never say what became of it. */
static void tell_success(struct queue *q, struct waiting *w, enum waiting_success which,
                         struct slice action)
{
    for (size_t i = 0; i < w->mail.recipient_count; i++) {
        struct waiting_recipient *r = &w->recipients[i];
        r->is_due = r->success == which && is_wanted(r, SMTP_NOTIFY_SUCCESS);
        if (r->success == which)
            r->success = WAITING_NO_SUCCESS;
    }
    send_notice(q, w, action);
}

void queue_tell_outcomes(struct queue *q, struct waiting *w)
{
    uint32_t cause = q->office->sim->cause;
    if (waiting_has(w, WAITING_FAILED))
        tell_failures(q, w);
    if (w->has_success) {
        tell_success(q, w, WAITING_DELIVERED, SLICE("delivered"));
        tell_success(q, w, WAITING_RELAYED, SLICE("relayed"));
        w->has_success = false;
    }
    q->office->sim->cause = cause;
}
