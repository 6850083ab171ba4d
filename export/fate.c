#include "export/fate.h"

#include <inttypes.h>
#include <stdlib.h>

#include "agents/mail/header.h"
#include "export/phrase.h"
#include "export/printable.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"

void fates_init(struct fates *f, const struct log *log)
{
    *f = (struct fates){.log = log};
    f->first = memory_take((log->msgs.count + 1) * sizeof *f->first);
}

void fates_finish(struct fates *f)
{
    vector_finish(&f->items);
    free(f->first);
}

/* ---- what events say ---- */

static struct fate *fate_of(struct fates *f, uint32_t msg, uint32_t rcpt)
{
    if (msg == 0)
        return NULL;
    uint32_t *link = &f->first[msg - 1];
    while (*link) {
        struct fate *fate = &f->items.items[*link - 1];
        if (fate->rcpt == rcpt)
            return fate;
        link = &fate->next;
    }
    *link = (uint32_t)f->items.count + 1; /* before the vector grows: link may point into it */
    struct fate *fate = vector_add(&f->items);
    *fate = (struct fate){.msg = msg, .rcpt = rcpt};
    return fate;
}

static void set_state(struct fate *fate, enum fate_state state, uint32_t id)
{
    if (!fate || (fate->state == FATE_DELIVERED && state != FATE_DELIVERED))
        return; /* delivered stays delivered, whatever becomes of another copy */
    fate->state = state;
    fate->event = id;
}

/* A host no longer has the message for this recipient (rcpt 0: for any). */
static void release(struct fates *f, uint32_t place, uint32_t msg, uint32_t rcpt)
{
    uint32_t host = log_host_of(f->log, place);
    for (uint32_t at = msg ? f->first[msg - 1] : 0; at; at = f->items.items[at - 1].next) {
        struct fate *fate = &f->items.items[at - 1];
        if (fate->holder == host && (rcpt == 0 || fate->rcpt == rcpt))
            fate->holder = 0;
    }
}

static void note_notice(struct fates *f, const struct event_dsn *dsn)
{
    if (dsn->about == 0 || !slice_equal(log_text(f->log, dsn->action), SLICE("failed")))
        return;
    for (uint32_t at = f->first[dsn->about - 1]; at; at = f->items.items[at - 1].next) {
        struct fate *fate = &f->items.items[at - 1];
        if (fate->state == FATE_GIVEN_UP && !fate->notice)
            fate->notice = dsn->msg;
    }
}

static void note_fetch(struct fates *f, uint32_t id, const struct event_fetch *fetch)
{
    for (uint32_t at = fetch->msg ? f->first[fetch->msg - 1] : 0; at;
         at = f->items.items[at - 1].next) {
        struct fate *fate = &f->items.items[at - 1];
        const struct event_deliver *copy = event_as_deliver(log_at(f->log, fate->event));
        if (copy && copy->box == fetch->box && !fate->fetch)
            fate->fetch = id + 1;
    }
}

/* Queue events: who holds the message for a recipient. */
static void note_queue(struct fates *f, uint32_t id, const struct event *e)
{
    const struct event_queue_add *add = event_as_queue_add(e);
    const struct event_queue_defer *defer = event_as_queue_defer(e);
    const struct event_queue_giveup *giveup = event_as_queue_giveup(e);
    const struct event_queue_remove *remove = event_as_queue_remove(e);
    if (add) {
        struct fate *fate = fate_of(f, add->msg, add->rcpt);
        set_state(fate, FATE_WAITING, id);
        if (fate)
            fate->holder = log_host_of(f->log, add->at);
    } else if (defer) {
        struct fate *fate = fate_of(f, defer->msg, defer->rcpt);
        set_state(fate, FATE_WAITING, id);
        if (fate)
            fate->attempts = defer->n;
    } else if (giveup) {
        set_state(fate_of(f, giveup->msg, giveup->rcpt), FATE_GIVEN_UP, id);
        release(f, giveup->at, giveup->msg, giveup->rcpt);
    } else if (remove) {
        release(f, remove->at, remove->msg, 0);
    }
}

static void note_expansion(struct fates *f, uint32_t id, const struct event_expand *expand)
{
    if (expand->to == expand->rcpt)
        return; /* it has a copy, too */
    set_state(fate_of(f, expand->msg, expand->rcpt), FATE_REPLACED, id);
    release(f, expand->at, expand->msg, expand->rcpt);
}

static void note_mail(struct fates *f, uint32_t id, const struct event *e)
{
    const struct event_submit *submit = event_as_submit(e);
    const struct event_relay *relay = event_as_relay(e);
    const struct event_deliver *deliver = event_as_deliver(e);
    const struct event_reject *reject = event_as_reject(e);
    const struct event_discard *discard = event_as_discard(e);
    if (submit) {
        fate_of(f, submit->msg, submit->rcpt);
        release(f, submit->at, submit->msg, submit->rcpt);
    } else if (relay) {
        fate_of(f, relay->msg, relay->rcpt);
        release(f, relay->at, relay->msg, relay->rcpt);
    } else if (deliver) {
        struct fate *fate = fate_of(f, deliver->msg, deliver->rcpt);
        set_state(fate, FATE_DELIVERED, id);
        if (fate)
            fate->copies++;
    } else if (reject && reject->rcpt) {
        struct fate *fate = fate_of(f, reject->msg, reject->rcpt);
        if (fate && fate->state == FATE_TAKEN && !fate->holder)
            set_state(fate, FATE_REFUSED, id);
    } else if (discard) {
        set_state(fate_of(f, discard->msg, discard->rcpt), FATE_DROPPED, id);
        release(f, discard->at, discard->msg, discard->rcpt);
    } else if (event_as_expand(e)) {
        note_expansion(f, id, event_as_expand(e));
    } else if (event_as_dsn(e)) {
        note_notice(f, event_as_dsn(e));
    } else if (event_as_fetch(e)) {
        note_fetch(f, id, event_as_fetch(e));
    }
}

void fates_note(struct fates *f, uint32_t id)
{
    const struct event *e = log_at(f->log, id);
    note_queue(f, id, e);
    note_mail(f, id, e);
}

static const struct fate *fate_at(const struct fates *f, uint32_t number)
{
    return number ? &f->items.items[number - 1] : NULL;
}

const struct fate *fates_first(const struct fates *f, uint32_t msg)
{
    return fate_at(f, f->first[msg - 1]);
}

const struct fate *fates_next(const struct fates *f, const struct fate *fate)
{
    return fate_at(f, fate->next);
}

/* ---- in words ---- */

struct words {
    const struct log *log;
    const struct event *e; /* that made the state */
    unsigned flags;
    struct bytes *out;
};

static void say(const struct words *w, const char *template)
{
    phrase_fill(w->log, w->e, template, w->flags, w->out);
}

static void say_clock(const struct words *w, int64_t t)
{
    char text[VTIME_TEXT];
    check(bytes_append(w->out, vtime_print_clock(log_epoch_s(w->log), t, text)));
}

static int64_t written(const struct log *log, const struct fate *fate)
{
    return log_at(log, log->msgs.items[fate->msg - 1])->t;
}

static void say_delivered(const struct words *w, const struct fate *fate)
{
    const struct event_deliver *copy = event_as_deliver(w->e);
    char took[VTIME_TEXT];
    unsigned received = header_count(log_text(w->log, copy->header), SLICE("Received"));
    say(w, "delivered into {box} at ");
    say_clock(w, w->e->t);
    check(bytes_printf(w->out, ", after %.*s; %u Received field%s",
                       SLICE_ARG(vtime_print(w->e->t - written(w->log, fate), took)), received,
                       received == 1 ? "" : "s"));
    if (fate->copies > 1)
        check(bytes_printf(w->out, "; %" PRIu32 " copies", fate->copies));
    if (fate->fetch) {
        struct words fetch = {w->log, log_at(w->log, fate->fetch - 1), w->flags, w->out};
        say(&fetch, "; fetched by {by} ({proto}) at ");
        say_clock(&fetch, fetch.e->t);
    }
    if (fate->holder)
        say(w, "; another copy waits in a queue");
}

static void say_waiting(const struct words *w)
{
    const struct event_queue_defer *defer = event_as_queue_defer(w->e);
    say(w, defer ? "waits in a queue at {at} after attempt {n}: {reason}, next at "
                 : "waits in a queue at {at} since ");
    say_clock(w, w->e->t + (defer ? defer->next_s * VTIME_S : 0));
}

void fate_words(const struct log *log, const struct fate *fate, unsigned flags, struct bytes *out)
{
    const struct words w = {log, log_at(log, fate->event), flags, out};
    switch (fate->state) {
    case FATE_TAKEN:
        say(&w, "on its way");
        break;
    case FATE_WAITING:
        say_waiting(&w);
        break;
    case FATE_DELIVERED:
        say_delivered(&w, fate);
        break;
    case FATE_REFUSED:
        say(&w, "refused by {at}: {code} {text}");
        break;
    case FATE_GIVEN_UP:
        if (fate->notice)
            check(bytes_printf(out, "bounced with notice %" PRIu32 " (message %" PRIu32 "), ",
                               fate->notice, fate->notice));
        say(&w, "given up by {at} after attempt {n}: {reason}");
        break;
    case FATE_REPLACED:
        say(&w, "others have it instead, from {at} on: {how}");
        break;
    case FATE_DROPPED:
        say(&w, "dropped by {at}: {reason}");
        break;
    }
}

void fate_brief(const struct log *log, const struct fate *fate, unsigned flags, struct bytes *out)
{
    const struct words w = {log, log_at(log, fate->event), flags, out};
    char took[VTIME_TEXT];
    switch (fate->state) {
    case FATE_TAKEN:
        say(&w, "on its way");
        break;
    case FATE_WAITING:
        say(&w, "waits at {at}");
        break;
    case FATE_DELIVERED:
        say(&w, fate->fetch ? "fetched" : "delivered");
        check(
            bytes_printf(out, ", %.*s", SLICE_ARG(vtime_print(w.e->t - written(log, fate), took))));
        break;
    case FATE_REFUSED:
        say(&w, "refused by {at}");
        break;
    case FATE_GIVEN_UP:
        say(&w, fate->notice ? "bounced by {at}" : "given up by {at}");
        break;
    case FATE_REPLACED:
        say(&w, "passed on: {how}");
        break;
    case FATE_DROPPED:
        say(&w, "dropped by {at}");
        break;
    }
}
