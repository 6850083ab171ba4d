/*
 * The format `dialogue`: each connection with what its two sides said, C: who connected, S: who was
 * connected to. The lines are put together from the segments' octets, as the agents did it; within
 * TLS from what was encrypted.
 */
#include <stdlib.h>

#include "export/export.h"
#include "export/phrase.h"
#include "export/printable.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"
#include "sim/trace/turn.h"

enum { LINES_IN_A_ROW = 60, LINE_COLUMNS = 1000 };

struct side {
    struct bytes waiting; /* a line that has not ended yet */
    int64_t t;            /* when its first octet left */
};

struct writer {
    const struct log *log;
    FILE *out;
    unsigned flags;
    bool has_colour;
    struct side sides[2]; /* client, server */
    int speaker;          /* of the line written last, or -1 */
    unsigned lines_in_a_row;
    bool ends_by_turn;      /* content may end without a line end: HTTP's does (RFC 9112 6) */
    uint32_t *first, *last; /* the first and last event of each connection, + 1 */
    uint32_t *next;         /* the next event of the same connection, + 1 */
    struct bytes line;
};

static void put_time(struct writer *w, int64_t t)
{
    char time[VTIME_TEXT];
    fprintf(w->out, "  %.*s  ", SLICE_ARG(vtime_print_clock(log_epoch_s(w->log), t, time)));
}

/* How many lines of a long message were left out. */
static void end_row(struct writer *w)
{
    if (w->lines_in_a_row > LINES_IN_A_ROW)
        fprintf(w->out, "%17s%c: (and %u more lines)\n", "", "CS"[w->speaker],
                w -> lines_in_a_row - LINES_IN_A_ROW);
    w->lines_in_a_row = 0;
    w->speaker = -1;
}

static const char *colour_of(int speaker, struct slice line)
{
    if (speaker == 0)
        return "\x1b[36m";
    if (slice_starts(line, SLICE("5")) || slice_starts(line, SLICE("-ERR")))
        return "\x1b[31m";
    return slice_starts(line, SLICE("4")) ? "\x1b[33m" : "\x1b[32m";
}

static void put_line(struct writer *w, int speaker, struct slice line)
{
    if (speaker != w->speaker)
        end_row(w);
    w->speaker = speaker;
    if (++w->lines_in_a_row > LINES_IN_A_ROW)
        return;
    bytes_clear(&w->line);
    printable_append(&w->line, line, LINE_COLUMNS, w->flags);
    put_time(w, w->sides[speaker].t);
    fprintf(w->out, "%s%c:%s%.*s%s\n", w->has_colour ? colour_of(speaker, line) : "", "CS"[speaker],
            line.size ? " " : "", SLICE_ARG(bytes_slice(&w->line)), w->has_colour ? "\x1b[0m" : "");
}

/* Writes the lines that have ended; at the end of a connection what is left, too. */
static void put_lines(struct writer *w, int speaker, bool is_end)
{
    struct side *side = &w->sides[speaker];
    for (;;) {
        struct slice all = bytes_slice(&side->waiting);
        size_t end = slice_find_octet(all, '\n', 0);
        if (all.size == 0 || (end == SLICE_NONE && !is_end))
            return;
        struct slice line = slice_part(all, 0, end);
        if (slice_ends(line, SLICE("\r")))
            line.size--;
        put_line(w, speaker, line);
        bytes_consume(&side->waiting, end == SLICE_NONE ? all.size : end + 1);
    }
}

static void put_octets(struct writer *w, int speaker, int64_t t, struct slice octets)
{
    struct side *side = &w->sides[speaker];
    if (w->ends_by_turn)
        put_lines(w, !speaker, true);
    if (bytes_size(&side->waiting) == 0)
        side->t = t;
    check(bytes_append(&side->waiting, octets));
    put_lines(w, speaker, false);
    side->t = t;
}

static void put_segment(struct writer *w, const struct event *e)
{
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    bool is_hidden;
    if (e->flags & EVENT_SEGMENT_AGAIN)
        return;
    struct slice clear = turn_said(w->log, e, &is_hidden);
    if (!is_hidden && clear.data == log_text(w->log, segment->data).data)
        put_octets(w, e->flags & EVENT_SEGMENT_BACK ? 1 : 0, e->t, clear);
}

static void put_words(struct writer *w, const struct event *e, const char *template)
{
    end_row(w);
    bytes_clear(&w->line);
    phrase_fill(w->log, e, template, w->flags, &w->line);
    put_time(w, e->t);
    fprintf(w->out, "-- %.*s\n", SLICE_ARG(bytes_slice(&w->line)));
}

static void put_event(struct writer *w, const struct event *e)
{
    const struct event_tls_data *said = event_as_tls_data(e);
    if (event_as_tcp_segment(e)) {
        put_segment(w, e);
    } else if (said) {
        put_octets(w, said->back ? 1 : 0, e->t, log_text(w->log, said->data));
    } else if (event_as_tls_up(e)) {
        put_words(w, e, "TLS: {version}, {cipher}[, server {name}], certificate {check}");
    } else if (event_as_tls_fail(e)) {
        put_words(w, e, "no TLS: {reason}");
    } else if (event_as_tcp_open(e)) {
        put_words(w, e,
                  slice_equal(log_text(w->log, event_as_tcp_open(e)->result), SLICE("ok"))
                      ? "connected"
                      : "no connection: {result}");
    } else if (event_as_tcp_close(e)) {
        put_lines(w, 0, true);
        put_lines(w, 1, true);
        put_words(w, e, "{how}");
    } else if (event_as_tcp_lost(e)) {
        put_words(w, e, "a segment from {from} is lost[ on link {link}]");
    }
}

static void put_connection(struct writer *w, const struct event *connect)
{
    const char *template = w->flags & PRINTABLE_ASCII
                               ? "Connection {conn}: {from}:{local_port} -> {to}:{port}"
                               : "Connection {conn}: {from}:{local_port} \xe2\x86\x92 {to}:{port}";
    bytes_clear(&w->line);
    phrase_fill(w->log, connect, template, w->flags, &w->line);
    fprintf(w->out, "%s%.*s%s\n", w->has_colour ? "\x1b[1m" : "", SLICE_ARG(bytes_slice(&w->line)),
            w->has_colour ? "\x1b[0m" : "");
    uint32_t conn = event_as_tcp_connect(connect)->conn;
    w->ends_by_turn = turn_protocol_of_port(event_as_tcp_connect(connect)->port) == TURN_HTTP;
    for (uint32_t at = w->first[conn - 1]; at; at = w->next[at - 1])
        put_event(w, log_at(w->log, at - 1));
    put_lines(w, 0, true); /* a connection that is still open */
    put_lines(w, 1, true);
    end_row(w);
    fputc('\n', w->out);
}

static void put_dns(struct writer *w, const struct event *answer)
{
    bytes_clear(&w->line);
    phrase_fill(w->log, answer, "{to} asks {from} for {name} {type}: {rcode}[, {data}]", w->flags,
                &w->line);
    fprintf(w->out, "%sDNS%s\n", w->has_colour ? "\x1b[1m" : "", w->has_colour ? "\x1b[0m" : "");
    put_time(w, answer->t);
    fprintf(w->out, "-- %.*s\n\n", SLICE_ARG(bytes_slice(&w->line)));
}

/* Chains the events of each connection, so that each connection is walked once. */
static void chain(struct writer *w)
{
    const struct log *log = w->log;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        if (e->kind != EVENT_TCP_SEGMENT && e->kind != EVENT_TCP_OPEN &&
            e->kind != EVENT_TCP_CLOSE && e->kind != EVENT_TCP_LOST && e->kind != EVENT_TLS_UP &&
            e->kind != EVENT_TLS_DATA && e->kind != EVENT_TLS_FAIL)
            continue;
        uint32_t conn = e->v[0]; /* comes first in each of them */
        if (conn == 0)
            continue;
        if (w->last[conn - 1])
            w->next[w->last[conn - 1] - 1] = id + 1;
        else
            w->first[conn - 1] = id + 1;
        w->last[conn - 1] = id + 1;
    }
}

bool dialogue_write(const struct log *log, FILE *out, const struct export_options *options,
                    struct problem *problem)
{
    struct writer w = {.log = log, .out = out, .has_colour = options->has_colour, .speaker = -1};
    (void)problem;
    w.flags = options->is_ascii ? PRINTABLE_ASCII : 0;
    w.first = memory_take(log->conns.count * sizeof *w.first);
    w.last = memory_take(log->conns.count * sizeof *w.last);
    w.next = memory_take(log_count(log) * sizeof *w.next);
    bytes_init(&w.line, SIZE_MAX);
    bytes_init(&w.sides[0].waiting, SIZE_MAX);
    bytes_init(&w.sides[1].waiting, SIZE_MAX);
    chain(&w);
    for (uint32_t id = 0; id < log_count(log) && !ferror(out); id++) {
        const struct event *e = log_at(log, id);
        if (event_as_tcp_connect(e))
            put_connection(&w, e);
        else if (event_as_dns_answer(e))
            put_dns(&w, e);
    }
    free(w.first);
    free(w.last);
    free(w.next);
    bytes_finish(&w.line);
    bytes_finish(&w.sides[0].waiting);
    bytes_finish(&w.sides[1].waiting);
    return true;
}
