#include "export/speech.h"

#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/trace/turn.h"

/* Gives out the lines that have ended; at the end of a connection what is left, too. */
static void give_lines(struct speech *speech, enum speech_speaker speaker, const struct event *e,
                       bool is_end)
{
    struct speech_side *side = &speech->sides[speaker];
    for (;;) {
        struct slice all = bytes_slice(&side->waiting);
        size_t end = slice_find_octet(all, '\n', 0);
        if (all.size == 0 || (end == SLICE_NONE && !is_end))
            return;
        struct slice line = slice_part(all, 0, end);
        if (slice_ends(line, SLICE("\r")))
            line.size--;
        speech->take(
            speech->context,
            &(struct speech_line){
                .speaker = speaker, .t = side->t, .text = line, .event = e, .id = speech->at});
        bytes_consume(&side->waiting, end == SLICE_NONE ? all.size : end + 1);
    }
}

static void take_octets(struct speech *speech, enum speech_speaker speaker, const struct event *e,
                        struct slice octets)
{
    struct speech_side *side = &speech->sides[speaker];
    if (speech->ends_by_turn)
        give_lines(speech, speaker == SPEECH_CLIENT ? SPEECH_SERVER : SPEECH_CLIENT, e, true);
    if (bytes_size(&side->waiting) == 0)
        side->t = e->t;
    check(bytes_append(&side->waiting, octets));
    give_lines(speech, speaker, e, false);
    side->t = e->t;
}

static void take_segment(struct speech *speech, const struct event *e)
{
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    bool is_hidden;
    if (e->flags & EVENT_SEGMENT_AGAIN)
        return;
    struct slice clear = turn_said(speech->log, e, &is_hidden);
    if (!is_hidden && clear.data == log_text(speech->log, segment->data).data)
        take_octets(speech, e->flags & EVENT_SEGMENT_BACK ? SPEECH_SERVER : SPEECH_CLIENT, e,
                    clear);
}

static void give_note(struct speech *speech, const struct event *e, const char *template)
{
    speech->take(speech->context, &(struct speech_line){.speaker = SPEECH_NOTE,
                                                        .t = e->t,
                                                        .text = SLICE(""),
                                                        .event = e,
                                                        .id = speech->at,
                                                        .template = template});
}

static void take_event(struct speech *speech, const struct event *e)
{
    const struct event_tls_data *said = event_as_tls_data(e);
    const struct event_tcp_open *open = event_as_tcp_open(e);
    if (event_as_tcp_segment(e)) {
        take_segment(speech, e);
    } else if (said) {
        take_octets(speech, said->back ? SPEECH_SERVER : SPEECH_CLIENT, e,
                    log_text(speech->log, said->data));
    } else if (event_as_tls_up(e)) {
        give_note(speech, e, "TLS: {version}, {cipher}[, server {name}], certificate {check}");
    } else if (event_as_tls_fail(e)) {
        give_note(speech, e, "no TLS: {reason}");
    } else if (open) {
        give_note(speech, e,
                  slice_equal(log_text(speech->log, open->result), SLICE("ok"))
                      ? "connected"
                      : "no connection: {result}");
    } else if (event_as_tcp_close(e)) {
        give_lines(speech, SPEECH_CLIENT, e, true);
        give_lines(speech, SPEECH_SERVER, e, true);
        give_note(speech, e, "{how}");
    } else if (event_as_tcp_lost(e)) {
        give_note(speech, e, "a segment from {from} is lost[ on link {link}]");
    }
}

void speech_connection(struct speech *speech, uint32_t conn)
{
    const struct event *e = log_at(speech->log, speech->log->conns.items[conn - 1]);
    speech->ends_by_turn = turn_protocol_of_port(event_as_tcp_connect(e)->port) == TURN_HTTP;
    for (uint32_t at = speech->first[conn - 1]; at; at = speech->next[at - 1]) {
        e = log_at(speech->log, at - 1);
        speech->at = at - 1;
        take_event(speech, e);
    }
    give_lines(speech, SPEECH_CLIENT, e, true);
    give_lines(speech, SPEECH_SERVER, e, true);
}

/* Chains the events of each connection, so that each connection is walked once. */
static void chain(struct speech *speech)
{
    const struct log *log = speech->log;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        if (e->kind != EVENT_TCP_SEGMENT && e->kind != EVENT_TCP_OPEN &&
            e->kind != EVENT_TCP_CLOSE && e->kind != EVENT_TCP_LOST && e->kind != EVENT_TLS_UP &&
            e->kind != EVENT_TLS_DATA && e->kind != EVENT_TLS_FAIL)
            continue;
        uint32_t conn = e->v[0]; /* comes first in each of them */
        if (conn == 0)
            continue;
        if (speech->last[conn - 1])
            speech->next[speech->last[conn - 1] - 1] = id + 1;
        else
            speech->first[conn - 1] = id + 1;
        speech->last[conn - 1] = id + 1;
    }
}

void speech_init(struct speech *speech, const struct log *log, speech_take *take, void *context)
{
    *speech = (struct speech){.log = log, .take = take, .context = context};
    speech->first = memory_take(log->conns.count * sizeof *speech->first);
    speech->last = memory_take(log->conns.count * sizeof *speech->last);
    speech->next = memory_take(log_count(log) * sizeof *speech->next);
    bytes_init(&speech->sides[SPEECH_CLIENT].waiting, SIZE_MAX);
    bytes_init(&speech->sides[SPEECH_SERVER].waiting, SIZE_MAX);
    chain(speech);
}

void speech_finish(struct speech *speech)
{
    free(speech->first);
    free(speech->last);
    free(speech->next);
    bytes_finish(&speech->sides[SPEECH_CLIENT].waiting);
    bytes_finish(&speech->sides[SPEECH_SERVER].waiting);
}
