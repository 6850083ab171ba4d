/*
 * The format `summary`: what became of each recipient of each message, and the connections. It is
 * one pass over the trace; a recipient's fate is what the events so far say of it.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "agents/mail/header.h"
#include "export/export.h"
#include "export/phrase.h"
#include "export/printable.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"

enum fate_state {
    FATE_TAKEN,   /* a server has taken it, or is about to hand it on */
    FATE_WAITING, /* in the queue of `holder` */
    FATE_DELIVERED,
    FATE_REFUSED, /* to its author's face */
    FATE_GIVEN_UP,
    FATE_REPLACED, /* others stand for it: an alias, a forwarding, a list */
    FATE_DROPPED   /* a notice that could not be delivered */
};

/* One recipient of one message. */
struct fate {
    uint32_t msg, rcpt, next; /* next: the message's next recipient, + 1 */
    enum fate_state state;
    uint32_t holder; /* a host in whose queue it waits; 0 none */
    uint32_t event;  /* the event that made the state */
    uint32_t attempts, fetch;
    uint32_t copies, notice;
};

struct conn_sum {
    uint32_t opened, closed; /* event ids + 1 */
    uint64_t sent[2];
};

struct writer {
    const struct log *log;
    FILE *out;
    unsigned flags;
    VECTOR(struct fate) fates;
    uint32_t *first; /* of each message: index of its first fate, + 1 */
    struct conn_sum *conns;
    uint64_t kinds[EVENT_KIND_COUNT];
    struct bytes line;
};

static struct fate *fate_of(struct writer *w, uint32_t msg, uint32_t rcpt)
{
    if (msg == 0)
        return NULL;
    uint32_t *link = &w->first[msg - 1];
    while (*link) {
        struct fate *fate = &w->fates.items[*link - 1];
        if (fate->rcpt == rcpt)
            return fate;
        link = &fate->next;
    }
    *link = (uint32_t)w->fates.count + 1; /* before the vector grows: link may point into it */
    struct fate *fate = vector_add(&w->fates);
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
static void release(struct writer *w, uint32_t place, uint32_t msg, uint32_t rcpt)
{
    uint32_t host = log_host_of(w->log, place);
    for (uint32_t at = msg ? w->first[msg - 1] : 0; at; at = w->fates.items[at - 1].next) {
        struct fate *fate = &w->fates.items[at - 1];
        if (fate->holder == host && (rcpt == 0 || fate->rcpt == rcpt))
            fate->holder = 0;
    }
}

static void note_notice(struct writer *w, const struct event_dsn *dsn)
{
    if (dsn->about == 0 || !slice_equal(log_text(w->log, dsn->action), SLICE("failed")))
        return;
    for (uint32_t at = w->first[dsn->about - 1]; at; at = w->fates.items[at - 1].next) {
        struct fate *fate = &w->fates.items[at - 1];
        if (fate->state == FATE_GIVEN_UP && !fate->notice)
            fate->notice = dsn->msg;
    }
}

static void note_fetch(struct writer *w, uint32_t id, const struct event_fetch *fetch)
{
    for (uint32_t at = fetch->msg ? w->first[fetch->msg - 1] : 0; at;
         at = w->fates.items[at - 1].next) {
        struct fate *fate = &w->fates.items[at - 1];
        const struct event_deliver *copy = event_as_deliver(log_at(w->log, fate->event));
        if (copy && copy->box == fetch->box && !fate->fetch)
            fate->fetch = id + 1;
    }
}

/* Queue events: who holds the message for a recipient. */
static void note_queue(struct writer *w, uint32_t id, const struct event *e)
{
    const struct event_queue_add *add = event_as_queue_add(e);
    const struct event_queue_defer *defer = event_as_queue_defer(e);
    const struct event_queue_giveup *giveup = event_as_queue_giveup(e);
    const struct event_queue_remove *remove = event_as_queue_remove(e);
    if (add) {
        struct fate *fate = fate_of(w, add->msg, add->rcpt);
        set_state(fate, FATE_WAITING, id);
        if (fate)
            fate->holder = log_host_of(w->log, add->at);
    } else if (defer) {
        struct fate *fate = fate_of(w, defer->msg, defer->rcpt);
        set_state(fate, FATE_WAITING, id);
        if (fate)
            fate->attempts = defer->n;
    } else if (giveup) {
        set_state(fate_of(w, giveup->msg, giveup->rcpt), FATE_GIVEN_UP, id);
        release(w, giveup->at, giveup->msg, giveup->rcpt);
    } else if (remove) {
        release(w, remove->at, remove->msg, 0);
    }
}

static void note_expansion(struct writer *w, uint32_t id, const struct event_expand *expand)
{
    if (expand->to == expand->rcpt)
        return; /* it has a copy, too */
    set_state(fate_of(w, expand->msg, expand->rcpt), FATE_REPLACED, id);
    release(w, expand->at, expand->msg, expand->rcpt);
}

static void note_mail(struct writer *w, uint32_t id, const struct event *e)
{
    const struct event_submit *submit = event_as_submit(e);
    const struct event_relay *relay = event_as_relay(e);
    const struct event_deliver *deliver = event_as_deliver(e);
    const struct event_reject *reject = event_as_reject(e);
    const struct event_discard *discard = event_as_discard(e);
    if (submit) {
        fate_of(w, submit->msg, submit->rcpt);
        release(w, submit->at, submit->msg, submit->rcpt);
    } else if (relay) {
        fate_of(w, relay->msg, relay->rcpt);
        release(w, relay->at, relay->msg, relay->rcpt);
    } else if (deliver) {
        struct fate *fate = fate_of(w, deliver->msg, deliver->rcpt);
        set_state(fate, FATE_DELIVERED, id);
        if (fate)
            fate->copies++;
    } else if (reject && reject->rcpt) {
        struct fate *fate = fate_of(w, reject->msg, reject->rcpt);
        if (fate && fate->state == FATE_TAKEN && !fate->holder)
            set_state(fate, FATE_REFUSED, id);
    } else if (discard) {
        set_state(fate_of(w, discard->msg, discard->rcpt), FATE_DROPPED, id);
        release(w, discard->at, discard->msg, discard->rcpt);
    } else if (event_as_expand(e)) {
        note_expansion(w, id, event_as_expand(e));
    } else if (event_as_dsn(e)) {
        note_notice(w, event_as_dsn(e));
    } else if (event_as_fetch(e)) {
        note_fetch(w, id, event_as_fetch(e));
    }
}

static void note_connection(struct writer *w, uint32_t id, const struct event *e)
{
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    const struct event_tcp_open *open = event_as_tcp_open(e);
    const struct event_tcp_close *close = event_as_tcp_close(e);
    if (segment && segment->conn && !(e->flags & EVENT_SEGMENT_AGAIN))
        w->conns[segment->conn - 1].sent[(e->flags & EVENT_SEGMENT_BACK) != 0] +=
            log_text(w->log, segment->data).size;
    else if (open && open->conn)
        w->conns[open->conn - 1].opened = id + 1;
    else if (close && close->conn)
        w->conns[close->conn - 1].closed = id + 1;
}

static const char *clock_of(const struct writer *w, int64_t t, char text[VTIME_TEXT])
{
    struct slice clock = vtime_print_clock(log_epoch_s(w->log), t, text);
    text[clock.size] = '\0';
    return text;
}

static const char *words_of(struct writer *w, const struct event *e, const char *template)
{
    bytes_clear(&w->line);
    phrase_fill(w->log, e, template, w->flags, &w->line);
    bytes_append_octet(&w->line, '\0');
    return bytes_slice(&w->line).data;
}

static void put_delivered(struct writer *w, const struct fate *fate)
{
    const struct event *e = log_at(w->log, fate->event);
    const struct event_deliver *copy = event_as_deliver(e);
    char time[VTIME_TEXT], took[VTIME_TEXT];
    int64_t made = log_at(w->log, w->log->msgs.items[fate->msg - 1])->t;
    unsigned received = header_count(log_text(w->log, copy->header), SLICE("Received"));
    fprintf(w->out, "delivered into %s at %s, after %.*s; %u Received field%s",
            words_of(w, e, "{box}"), clock_of(w, e->t, time),
            SLICE_ARG(vtime_print(e->t - made, took)), received, received == 1 ? "" : "s");
    if (fate->copies > 1)
        fprintf(w->out, "; %" PRIu32 " copies", fate->copies);
    if (fate->fetch) {
        const struct event *fetch = log_at(w->log, fate->fetch - 1);
        fprintf(w->out, "; fetched by %s", words_of(w, fetch, "{by} ({proto})"));
        fprintf(w->out, " at %s", clock_of(w, fetch->t, time));
    }
    if (fate->holder)
        fprintf(w->out, "; another copy waits in a queue");
}

static void put_waiting(struct writer *w, const struct fate *fate)
{
    const struct event *e = log_at(w->log, fate->event);
    const struct event_queue_defer *defer = event_as_queue_defer(e);
    char time[VTIME_TEXT];
    if (defer)
        fprintf(w->out, "waits in a queue %s, next at %s",
                words_of(w, e, "at {at} after attempt {n}: {reason}"),
                clock_of(w, e->t + defer->next_s * VTIME_S, time));
    else
        fprintf(w->out, "waits in a queue %s since %s", words_of(w, e, "at {at}"),
                clock_of(w, e->t, time));
}

static void put_fate(struct writer *w, const struct fate *fate)
{
    const struct event *e = log_at(w->log, fate->event);
    bytes_clear(&w->line);
    printable_append(&w->line, log_text(w->log, fate->rcpt), PRINTABLE_ALL, w->flags);
    fprintf(w->out, "  to %.*s: ", SLICE_ARG(bytes_slice(&w->line)));
    switch (fate->state) {
    case FATE_TAKEN:
        fprintf(w->out, "on its way");
        break;
    case FATE_WAITING:
        put_waiting(w, fate);
        break;
    case FATE_DELIVERED:
        put_delivered(w, fate);
        break;
    case FATE_REFUSED:
        fprintf(w->out, "refused %s", words_of(w, e, "by {at}: {code} {text}"));
        break;
    case FATE_GIVEN_UP:
        if (fate->notice)
            fprintf(w->out, "bounced with notice %" PRIu32 " (message %" PRIu32 "), ", fate->notice,
                    fate->notice);
        fprintf(w->out, "given up %s", words_of(w, e, "by {at} after attempt {n}: {reason}"));
        break;
    case FATE_REPLACED:
        fprintf(w->out, "%s", words_of(w, e, "others have it instead, from {at} on: {how}"));
        break;
    case FATE_DROPPED:
        fprintf(w->out, "dropped %s", words_of(w, e, "by {at}: {reason}"));
        break;
    }
    fputc('\n', w->out);
}

static void put_message(struct writer *w, uint32_t msg)
{
    const struct event *e = log_at(w->log, w->log->msgs.items[msg - 1]);
    char time[VTIME_TEXT];
    fprintf(w->out, "Message %" PRIu32 ", %s, written at %s\n", msg,
            words_of(w, e, "from <{from}>[, subject \"{subject}\"]"), clock_of(w, e->t, time));
    if (!w->first[msg - 1])
        fprintf(w->out, "  to %s\n", words_of(w, e, "{to}: still with {by}"));
    for (uint32_t at = w->first[msg - 1]; at; at = w->fates.items[at - 1].next)
        put_fate(w, &w->fates.items[at - 1]);
}

/* Which servers took responsibility, in order: one line a message, made in one pass over the log.
 */
static void put_paths(struct writer *w)
{
    if (w->kinds[EVENT_ACCEPT] == 0)
        return;
    fprintf(w->out, "\nResponsibility\n");
    for (uint32_t id = 0; id < log_count(w->log); id++) {
        const struct event *e = log_at(w->log, id);
        char time[VTIME_TEXT];
        if (event_as_accept(e))
            fprintf(w->out, "  %s  %s\n", clock_of(w, e->t, time),
                    words_of(w, e, "{at} takes message {msg}[ as {id}][ from {from}]"));
    }
}

static void put_connections(struct writer *w)
{
    if (w->log->conns.count)
        fprintf(w->out, "\nConnections\n");
    for (size_t i = 0; i < w->log->conns.count; i++) {
        const struct conn_sum *sum = &w->conns[i];
        const struct event *e = log_at(w->log, w->log->conns.items[i]);
        char time[VTIME_TEXT], took[VTIME_TEXT];
        fprintf(w->out, "  %s  %s: ", clock_of(w, e->t, time),
                words_of(w, e, "{from} -> {to} port {port}"));
        fprintf(w->out, "%s",
                sum->opened ? words_of(w, log_at(w->log, sum->opened - 1), "{result}")
                            : "no answer yet");
        fprintf(w->out, ", %" PRIu64 " octets there, %" PRIu64 " back", sum->sent[0], sum->sent[1]);
        if (sum->closed) {
            const struct event *closed = log_at(w->log, sum->closed - 1);
            fprintf(w->out, ", %s after %.*s", words_of(w, closed, "{how}"),
                    SLICE_ARG(vtime_print(closed->t - e->t, took)));
        }
        fputc('\n', w->out);
    }
}

static void put_totals(struct writer *w)
{
    char took[VTIME_TEXT];
    fprintf(w->out,
            "\nTotals: %zu messages, %" PRIu64 " deliveries, %" PRIu64 " notices, %zu connections, "
            "%" PRIu64 " segments, %" PRIu64 " lost, %" PRIu64 " DNS questions, %" PRIu32
            " events in %.*s\n",
            w->log->msgs.count, w->kinds[EVENT_DELIVER], w->kinds[EVENT_DSN], w->log->conns.count,
            w->kinds[EVENT_TCP_SEGMENT], w->kinds[EVENT_TCP_LOST] + w->kinds[EVENT_UDP_LOST],
            w->kinds[EVENT_DNS_QUERY], log_count(w->log),
            SLICE_ARG(vtime_print(log_end(w->log), took)));
}

bool summary_write(const struct log *log, FILE *out, const struct export_options *options,
                   struct problem *problem)
{
    struct writer w = {.log = log, .out = out, .flags = options->is_ascii ? PRINTABLE_ASCII : 0};
    (void)problem;
    bytes_init(&w.line, SIZE_MAX);
    w.first = memory_take(log->msgs.count * sizeof *w.first);
    w.conns = memory_take(log->conns.count * sizeof *w.conns);
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        w.kinds[e->kind]++;
        note_queue(&w, id, e);
        note_mail(&w, id, e);
        note_connection(&w, id, e);
    }
    for (uint32_t msg = 1; msg <= log->msgs.count; msg++)
        put_message(&w, msg);
    put_paths(&w);
    put_connections(&w);
    put_totals(&w);
    vector_finish(&w.fates);
    free(w.first);
    free(w.conns);
    bytes_finish(&w.line);
    return true;
}
