/*
 * The format `summary`: what became of each recipient of each message, and the connections. It is
 * one pass over the trace; a recipient's fate is what the events so far say of it.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "export/export.h"
#include "export/fate.h"
#include "export/phrase.h"
#include "export/printable.h"
#include "export/repeats.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"

struct conn_sum {
    uint32_t opened, closed; /* event ids + 1 */
    uint64_t sent[2];
};

struct writer {
    const struct log *log;
    FILE *out;
    unsigned flags;
    struct fates fates;
    struct conn_sum *conns;
    uint64_t kinds[EVENT_KIND_COUNT];
    struct bytes line;
};

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

static void put_fate(struct writer *w, const struct fate *fate)
{
    bytes_clear(&w->line);
    printable_append(&w->line, log_text(w->log, fate->rcpt), PRINTABLE_ALL, w->flags);
    bytes_append(&w->line, SLICE(": "));
    fate_words(w->log, fate, w->flags, &w->line);
    fputs("  to ", w->out);
    fwrite(bytes_slice(&w->line).data, 1, bytes_size(&w->line), w->out);
    fputc('\n', w->out);
}

static void put_message(struct writer *w, uint32_t msg)
{
    const struct event *e = log_at(w->log, w->log->msgs.items[msg - 1]);
    char time[VTIME_TEXT];
    fprintf(w->out, "Message %" PRIu32 ", %s, written at %s\n", msg,
            words_of(w, e, "from <{from}>[, subject \"{subject}\"]"), clock_of(w, e->t, time));
    const struct fate *fate = fates_first(&w->fates, msg);
    if (!fate)
        fprintf(w->out, "  to %s\n", words_of(w, e, "{to}: still with {by}"));
    for (; fate; fate = fates_next(&w->fates, fate))
        put_fate(w, fate);
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

/* What is said of a connection, without its time. */
static void connection_words(struct writer *w, size_t i, struct bytes *words)
{
    const struct conn_sum *sum = &w->conns[i];
    const struct event *e = log_at(w->log, w->log->conns.items[i]);
    char took[VTIME_TEXT], octets[96];
    bytes_clear(words);
    phrase_fill(w->log, e, "{from} -> {to} port {port}: ", w->flags, words);
    if (sum->opened)
        phrase_fill(w->log, log_at(w->log, sum->opened - 1), "{result}", w->flags, words);
    else
        bytes_append(words, SLICE("no answer yet"));
    snprintf(octets, sizeof octets, ", %" PRIu64 " octets there, %" PRIu64 " back", sum->sent[0],
             sum->sent[1]);
    bytes_append(words, slice_of(octets));
    if (sum->closed) {
        const struct event *closed = log_at(w->log, sum->closed - 1);
        phrase_fill(w->log, closed, ", {how} after ", w->flags, words);
        bytes_append(words, vtime_print(closed->t - e->t, took));
    }
}

static void put_connection(struct writer *w, const struct repeats_row *row)
{
    char time[VTIME_TEXT];
    if (row->times == 0)
        return;
    fprintf(w->out, "  %s  %.*s", clock_of(w, row->t, time), SLICE_ARG(row->text));
    if (row->times > 1)
        fprintf(w->out, "; %" PRIu32 " times, the first at %s", row->times,
                clock_of(w, row->since, time));
    fputc('\n', w->out);
}

/* Attempts that went alike are one line for many. */
static void put_connections(struct writer *w)
{
    struct repeats repeats;
    repeats_init(&repeats);
    if (w->log->conns.count)
        fprintf(w->out, "\nConnections\n");
    for (size_t i = 0; i < w->log->conns.count; i++) {
        connection_words(w, i, &w->line);
        repeats_add(&repeats, log_at(w->log, w->log->conns.items[i])->t, bytes_slice(&w->line),
                    bytes_slice(&w->line));
    }
    repeats_settle(&repeats);
    for (size_t i = 0; i < repeats.rows.count; i++)
        put_connection(w, &repeats.rows.items[i]);
    repeats_finish(&repeats);
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
    fates_init(&w.fates, log);
    w.conns = memory_take(log->conns.count * sizeof *w.conns);
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        w.kinds[e->kind]++;
        fates_note(&w.fates, id);
        note_connection(&w, id, e);
    }
    for (uint32_t msg = 1; msg <= log->msgs.count; msg++)
        put_message(&w, msg);
    put_paths(&w);
    put_connections(&w);
    put_totals(&w);
    fates_finish(&w.fates);
    free(w.conns);
    bytes_finish(&w.line);
    return true;
}
