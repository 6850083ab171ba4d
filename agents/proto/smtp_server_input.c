#include <stdio.h>

#include "sim/base/check.h"
#include "agents/proto/smtp_server_part.h"

enum {
    COMMAND_MAX = SMTP_LINE_MAX - 2, /* octets of a line are counted without CRLF here */
    AUTH_MAX = SMTP_AUTH_LINE_MAX - 2,
};

/* ---- command lines ---- */

static enum smtp_server_step announce(struct smtp_server *s, struct slice line,
                                      struct smtp_server_event *event)
{
    s->is_announced = true;
    event->kind = SMTP_SERVER_COMMAND;
    event->line = event->argument = line;
    event->verb = SMTP_VERB_AUTH;
    if (s->state != SMTP_STATE_AUTH)
        event->verb = smtp_server_split(line, &event->argument);
    return SMTP_SERVER_STEP_EVENT;
}

/* The beginning of a line that is too long is kept for COMMAND. */
static void keep_beginning(struct smtp_server *s, struct slice in)
{
    if (s->is_discarding)
        return;
    bytes_clear(&s->text);
    bytes_append(&s->text, slice_part(in, 0, COMMAND_MAX));
    s->is_discarding = true;
}

/* The rest is thrown away as it comes. */
static void discard(struct smtp_server *s, struct slice in)
{
    keep_beginning(s, in);
    /* the last octet may be the CR of the line's end */
    bytes_consume(&s->base.in, in.size - 1);
}

static enum smtp_server_step finish_long_line(struct smtp_server *s, size_t end,
                                              struct smtp_server_event *event)
{
    keep_beginning(s, bytes_slice(&s->base.in));
    if (!s->is_announced)
        return announce(s, bytes_slice(&s->text), event);
    struct slice ignored;
    enum smtp_verb verb = s->state == SMTP_STATE_AUTH
                              ? SMTP_VERB_AUTH
                              : smtp_server_split(bytes_slice(&s->text), &ignored);
    s->is_announced = s->is_discarding = false;
    bytes_consume(&s->base.in, end + 2);
    bytes_release(&s->text);
    if (s->state == SMTP_STATE_AUTH)
        smtp_server_enter(s, SMTP_STATE_GREETED);
    smtp_server_refuse(s, verb, 500, verb == SMTP_VERB_AUTH ? "5.5.6" : "5.5.2", "line too long");
    return SMTP_SERVER_STEP_AGAIN;
}

void smtp_server_overrule(struct smtp_server *s, const struct smtp_reply *reply)
{
    struct slice ignored, line = slice_part(bytes_slice(&s->base.in), 0, s->line_size);
    enum smtp_verb verb =
        s->state == SMTP_STATE_AUTH ? SMTP_VERB_AUTH : smtp_server_split(line, &ignored);
    if (!s->is_announced || s->is_discarding || verb == SMTP_VERB_BDAT)
        return; /* one that is too long is refused anyway */
    s->is_announced = false;
    bytes_consume(&s->base.in, s->line_size + 2);
    if (s->state == SMTP_STATE_AUTH)
        smtp_server_enter(s, SMTP_STATE_GREETED);
    smtp_server_reply(s, verb, reply);
}

static size_t line_max(const struct smtp_server *s, struct slice in)
{
    static const struct {
        struct slice word;
        size_t extra;
    } rows[] = {{{"MAIL ", 5}, SMTP_SERVER_MAIL_EXTRA},
                {{"RCPT ", 5}, SMTP_SERVER_RCPT_EXTRA},
                {{"VRFY ", 5}, SMTP_SERVER_UTF8_EXTRA},
                {{"EXPN ", 5}, SMTP_SERVER_UTF8_EXTRA}};
    if (s->state == SMTP_STATE_AUTH)
        return AUTH_MAX;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (slice_starts_fold(in, rows[i].word))
            return COMMAND_MAX + rows[i].extra;
    return COMMAND_MAX;
}

/* Carries out the line at the front of `in`. */
static enum smtp_server_step take_line(struct smtp_server *s, struct slice line,
                                       struct smtp_server_event *event)
{
    s->is_announced = false;
    bytes_consume(&s->base.in, line.size + 2); /* it stays where it is until the next feed */
    bool is_set = s->state == SMTP_STATE_AUTH ? smtp_server_auth_line(s, line, event)
                                              : smtp_server_command(s, line, event);
    return is_set ? SMTP_SERVER_STEP_EVENT : SMTP_SERVER_STEP_AGAIN;
}

/*
 * A line is announced while it still lies in `in`, and taken off at the next call: nobody's feed
 * between the two can move it away.
 */
static enum smtp_server_step read_line(struct smtp_server *s, struct smtp_server_event *event)
{
    struct slice in = bytes_slice(&s->base.in);
    if (s->is_announced && !s->is_discarding)
        return take_line(s, slice_part(in, 0, s->line_size), event);
    size_t end = slice_find(in, SLICE("\r\n"), 0);
    size_t max = line_max(s, in);
    if (end == SLICE_NONE) {
        if (s->is_discarding ? in.size > 1 : in.size > max + 1)
            discard(s, in);
        return SMTP_SERVER_STEP_WAIT;
    }
    if (s->is_discarding || end > max)
        return finish_long_line(s, end, event);
    s->line_size = end;
    return announce(s, slice_part(in, 0, end), event);
}

/* ---- messages ---- */

/* What the reply at the end answers: the final dot, or BDAT. */
static enum smtp_verb concluding_verb(const struct smtp_server *s)
{
    return s->state == SMTP_STATE_DATA ? SMTP_VERB_COUNT : SMTP_VERB_BDAT;
}

/* The session itself has something against the message: one reply a verdict that was due. */
static void refuse_message(struct smtp_server *s, int code, const char *esc, const char *text,
                           bool is_counted)
{
    enum smtp_verb verb = concluding_verb(s);
    bool is_last = ++s->concluded == smtp_server_verdicts(s);
    if (is_last)
        smtp_server_give_up(s);
    if (is_last && is_counted)
        smtp_server_refuse(s, verb, code, esc, text);
    else
        smtp_server_say(s, verb, code, esc, text);
}

/* The message is there; what is wrong with it is said only now (RFC 5321 4.2.5). */
static enum smtp_server_step conclude(struct smtp_server *s, struct smtp_server_event *event)
{
    switch (s->fault) {
    case SMTP_DATA_FINE:
        event->content = bytes_slice(&s->content);
        event->recipient = s->concluded;
        smtp_server_ask(s, SMTP_SERVER_MESSAGE, event);
        event->verb = concluding_verb(s);
        return SMTP_SERVER_STEP_EVENT;
    case SMTP_DATA_BARE:
        refuse_message(s, 550, "5.5.2", "bare CR or LF in the message", true);
        break;
    case SMTP_DATA_TOO_LONG:
        refuse_message(s, 552, "5.3.4", "message too big", false);
        break;
    }
    return SMTP_SERVER_STEP_AGAIN;
}

static void complete(struct smtp_server *s, enum smtp_data_fault fault)
{
    s->is_complete = true;
    s->fault = fault;
    s->concluded = 0;
}

static enum smtp_server_step read_content(struct smtp_server *s)
{
    bool is_end;
    size_t taken = smtp_data_read(&s->reader, bytes_slice(&s->base.in), &s->content, &is_end);
    bytes_consume(&s->base.in, taken);
    if (bytes_size(&s->base.in) == 0)
        bytes_reuse(&s->base.in); /* a message may have made it big */
    if (!is_end)
        return SMTP_SERVER_STEP_WAIT;
    complete(s, s->reader.fault);
    return SMTP_SERVER_STEP_AGAIN;
}

/* ---- chunks (RFC 3030 2) ---- */

/* One that does not fit is refused, and with it the transaction, when its octets have come. */
void smtp_server_expect_chunk(struct smtp_server *s)
{
    struct smtp_server_chunk *chunk = &s->chunk;
    chunk->left = chunk->size;
    chunk->is_read = true;
    if (chunk->refusal.code == 0)
        smtp_server_enter(s, SMTP_STATE_CHUNK);
    if (chunk->refusal.code == 0 && chunk->size > s->content.ceiling - bytes_size(&s->content))
        chunk->refusal = (struct smtp_server_refusal){552, "5.3.4", "message too big", false};
}

/* After a refusal the client may have more chunks under way: they are no mistakes to be counted. */
static void refuse_chunk(struct smtp_server *s)
{
    const struct smtp_server_refusal *no = &s->chunk.refusal;
    if (s->state == SMTP_STATE_CHUNK || s->state == SMTP_STATE_CHUNKS) {
        smtp_server_give_up(s);
        s->sender_refused = true;
    }
    if (no->is_counted)
        smtp_server_refuse(s, SMTP_VERB_BDAT, no->code, no->esc, no->text);
    else
        smtp_server_say(s, SMTP_VERB_BDAT, no->code, no->esc, no->text);
}

static void end_chunk(struct smtp_server *s)
{
    char text[64];
    s->chunk.is_read = false;
    if (s->chunk.refusal.code) {
        refuse_chunk(s);
    } else if (s->chunk.is_last) {
        /* A text that is sent by BDAT has CRLF lines as well; and on its next hop it may need them
           (RFC 3030 2). */
        complete(s, smtp_data_has_bare(bytes_slice(&s->content)) ? SMTP_DATA_BARE : SMTP_DATA_FINE);
    } else {
        smtp_server_enter(s, SMTP_STATE_CHUNKS);
        snprintf(text, sizeof text, "%llu octets received", (unsigned long long)s->chunk.size);
        smtp_server_say(s, SMTP_VERB_BDAT, 250, "2.0.0", text);
    }
}

/* The octets are counted, never looked at: nothing in them ends a chunk or is a command. */
static enum smtp_server_step read_chunk(struct smtp_server *s)
{
    struct slice in = bytes_slice(&s->base.in);
    if (in.size > s->chunk.left)
        in.size = (size_t)s->chunk.left;
    if (s->chunk.refusal.code == 0)
        check(bytes_append(&s->content, in));
    s->chunk.left -= in.size;
    bytes_consume(&s->base.in, in.size);
    if (bytes_size(&s->base.in) == 0)
        bytes_reuse(&s->base.in);
    if (s->chunk.left > 0)
        return SMTP_SERVER_STEP_WAIT;
    end_chunk(s);
    return SMTP_SERVER_STEP_AGAIN;
}

/* ---- all ---- */

/* RFC 3207 4.2: behind the handshake the session is as new; nothing that was said before counts. */
static enum smtp_server_step start_afresh(struct smtp_server *s, struct smtp_server_event *event)
{
    s->is_extended = s->is_authenticated = s->sender_refused = false;
    smtp_server_enter(s, SMTP_STATE_READY);
    event->kind = SMTP_SERVER_SECURED;
    return SMTP_SERVER_STEP_EVENT;
}

enum smtp_server_step smtp_server_read(struct smtp_server *s, struct smtp_server_event *event)
{
    if (s->chunk.is_read)
        return read_chunk(s);
    if (s->is_complete)
        return conclude(s, event);
    switch (s->state) {
    case SMTP_STATE_CONNECTED:
    case SMTP_STATE_CLOSED:
        return SMTP_SERVER_STEP_WAIT;
    case SMTP_STATE_TLS:
        return s->base.tls == SESSION_TLS_ON ? start_afresh(s, event) : SMTP_SERVER_STEP_WAIT;
    case SMTP_STATE_DATA:
        return read_content(s);
    case SMTP_STATE_READY:
    case SMTP_STATE_GREETED:
    case SMTP_STATE_AUTH:
    case SMTP_STATE_SENDER:
    case SMTP_STATE_RECIPIENTS:
    case SMTP_STATE_CHUNKS:
        return read_line(s, event);
    case SMTP_STATE_CHUNK:
    case SMTP_STATE_COUNT:
        break;
    }
    return SMTP_SERVER_STEP_WAIT;
}
