/*
 * The format `dialogue`: each connection with what its two sides said, C: who connected, S: who was
 * connected to.
 */
#include <stdlib.h>

#include "export/export.h"
#include "export/phrase.h"
#include "export/printable.h"
#include "export/speech.h"
#include "sim/base/vtime.h"

enum { LINES_IN_A_ROW = 60, LINE_COLUMNS = 1000 };

struct writer {
    const struct log *log;
    FILE *out;
    unsigned flags;
    bool has_colour;
    int speaker; /* of the line written last, or -1 */
    unsigned lines_in_a_row;
    struct bytes line;
    uint32_t since, before;         /* turns of earlier events are counted */
    const struct event *connection; /* whose head is still to be written; NULL none */
};

static void put_time(struct writer *w, int64_t t)
{
    char time[VTIME_TEXT];
    fprintf(w->out, "  %.*s  ", SLICE_ARG(vtime_print_clock(log_epoch_s(w->log), t, time)));
}

/* How many lines of a long message were left out. */
static void end_row(struct writer *w)
{
    if (w->speaker >= 0 && w->lines_in_a_row > LINES_IN_A_ROW)
        fprintf(w->out, "%17s%c: (and %u more lines)\n", "", "CS"[w->speaker],
                w -> lines_in_a_row - LINES_IN_A_ROW);
    w->lines_in_a_row = 0;
    w->speaker = -1;
}

static const char *colour_of(enum speech_speaker speaker, struct slice line)
{
    if (speaker == SPEECH_CLIENT)
        return "\x1b[36m";
    if (slice_starts(line, SLICE("5")) || slice_starts(line, SLICE("-ERR")))
        return "\x1b[31m";
    return slice_starts(line, SLICE("4")) ? "\x1b[33m" : "\x1b[32m";
}

static void put_said(struct writer *w, const struct speech_line *line)
{
    if ((int)line->speaker != w->speaker)
        end_row(w);
    w->speaker = (int)line->speaker;
    if (++w->lines_in_a_row > LINES_IN_A_ROW)
        return;
    bytes_clear(&w->line);
    printable_append(&w->line, line->text, LINE_COLUMNS, w->flags);
    put_time(w, line->t);
    fprintf(w->out, "%s%c:%s%.*s%s\n", w->has_colour ? colour_of(line->speaker, line->text) : "",
            "CS"[line->speaker], line -> text.size ? " " : "", SLICE_ARG(bytes_slice(&w->line)),
            w->has_colour ? "\x1b[0m" : "");
}

static void put_head(struct writer *w, const struct event *connect)
{
    const char *template = w->flags & PRINTABLE_ASCII
                               ? "Connection {conn}: {from}:{local_port} -> {to}:{port}"
                               : "Connection {conn}: {from}:{local_port} \xe2\x86\x92 {to}:{port}";
    bytes_clear(&w->line);
    phrase_fill(w->log, connect, template, w->flags, &w->line);
    fprintf(w->out, "%s%.*s%s\n", w->has_colour ? "\x1b[1m" : "", SLICE_ARG(bytes_slice(&w->line)),
            w->has_colour ? "\x1b[0m" : "");
    w->connection = NULL;
}

static void put_line(void *context, const struct speech_line *line)
{
    struct writer *w = context;
    if (line->id < w->since) {
        bool goes_on = line->speaker != SPEECH_NOTE && (int)line->speaker == w->speaker;
        w->before += !goes_on && line->speaker != SPEECH_NOTE;
        w->speaker = (int)line->speaker;
        return;
    }
    if (w->connection) {
        w->speaker = -1;
        put_head(w, w->connection);
    }
    if (line->speaker != SPEECH_NOTE) {
        put_said(w, line);
        return;
    }
    end_row(w);
    bytes_clear(&w->line);
    phrase_fill(w->log, line->event, line->template, w->flags, &w->line);
    put_time(w, line->t);
    fprintf(w->out, "-- %.*s\n", SLICE_ARG(bytes_slice(&w->line)));
}

static void put_connection(struct writer *w, struct speech *speech, uint32_t id)
{
    const struct event *connect = log_at(w->log, id);
    w->connection = connect;
    if (id >= w->since)
        put_head(w, connect);
    w->speaker = -1;
    speech_connection(speech, event_as_tcp_connect(connect)->conn);
    if (!w->connection) {
        end_row(w);
        fputc('\n', w->out);
    }
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

bool dialogue_write(const struct log *log, FILE *out, const struct export_options *options,
                    struct problem *problem)
{
    struct writer w = {.log = log, .out = out, .has_colour = options->has_colour, .speaker = -1};
    w.since = options->since;
    struct speech speech;
    (void)problem;
    w.flags = options->is_ascii ? PRINTABLE_ASCII : 0;
    bytes_init(&w.line, SIZE_MAX);
    speech_init(&speech, log, put_line, &w);
    for (uint32_t id = 0; id < log_count(log) && !ferror(out); id++) {
        const struct event *e = log_at(log, id);
        if (event_as_tcp_connect(e))
            put_connection(&w, &speech, id);
        else if (event_as_dns_answer(e) && id >= w.since)
            put_dns(&w, e);
        else if (event_as_dns_answer(e))
            w.before++;
    }
    if (options->before)
        *options->before = w.before;
    speech_finish(&speech);
    bytes_finish(&w.line);
    return true;
}
