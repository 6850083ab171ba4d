#include "agents/proto/smtp_server.h"

#include "sim/base/check.h"
#include "sim/base/digits.h"
#include "agents/proto/smtp_server_verb.h"

enum {
    IN_CEILING = 256 * 1024,
    OUT_CEILING = 256 * 1024,
    OUT_RESERVE = 128,                  /* kept free, so that a 421 always fits */
    CONTENT_CEILING = 64 * 1024 * 1024, /* of a server that advertises no SIZE */
    COMMAND_MAX = SMTP_LINE_MAX - 2,    /* octets of a line are counted without CRLF here */
    MAIL_MAX = COMMAND_MAX + SMTP_SERVER_MAIL_EXTRA,
    AUTH_MAX = SMTP_SERVER_AUTH_LINE_MAX - 2,
    ERRORS_MAX = 20,
};

void smtp_server_init(struct smtp_server *s, const struct smtp_server_options *options)
{
    *s = (struct smtp_server){0};
    smtp_server_restart(s, options);
}

void smtp_server_restart(struct smtp_server *s, const struct smtp_server_options *options)
{
    *s = (struct smtp_server){.base = s->base,
                              .options = *options,
                              .verb = SMTP_VERB_COUNT,
                              .content = s->content,
                              .text = s->text};
    if (!s->options.recipients_max)
        s->options.recipients_max = SMTP_RECIPIENTS_MIN;
    session_restart(&s->base, IN_CEILING, OUT_CEILING);
    uint64_t ceiling = options->size_max ? options->size_max : CONTENT_CEILING;
    bytes_renew(&s->content, ceiling < SIZE_MAX / 4 ? (size_t)ceiling : SIZE_MAX / 4);
    bytes_renew(&s->text, SMTP_SERVER_AUTH_LINE_MAX);
}

void smtp_server_finish(struct smtp_server *s)
{
    session_finish(&s->base);
    bytes_finish(&s->content);
    bytes_finish(&s->text);
}

/* ---- states, notes, replies ---- */

static void note(struct smtp_server *s, enum smtp_server_event_kind kind, enum smtp_verb verb,
                 int code)
{
    check(s->note_count < sizeof s->notes / sizeof s->notes[0]);
    s->notes[s->note_count++] = (struct smtp_server_note){kind, verb, code};
}

static bool in_transaction(enum smtp_state state)
{
    return state == SMTP_STATE_SENDER || state == SMTP_STATE_RECIPIENTS || state == SMTP_STATE_DATA;
}

void smtp_server_enter(struct smtp_server *s, enum smtp_state state)
{
    s->state = state;
    if (!in_transaction(state)) {
        s->recipient_count = s->recipients_refused = 0;
        bytes_reuse(&s->content);
    }
    if (state == SMTP_STATE_DATA)
        smtp_data_reader_init(&s->reader);
    if (state == SMTP_STATE_CLOSED) {
        s->base.is_closing = true;
        s->awaits_verdict = false;
        bytes_reuse(&s->base.in);
    }
}

void smtp_server_give_up(struct smtp_server *s)
{
    if (!in_transaction(s->state))
        return;
    note(s, SMTP_SERVER_RESET, SMTP_VERB_COUNT, 0);
    smtp_server_enter(s, SMTP_STATE_GREETED);
}

static void close_session(struct smtp_server *s)
{
    smtp_server_give_up(s);
    smtp_server_enter(s, SMTP_STATE_CLOSED);
}

/* The greeting and the replies to EHLO and HELO carry no enhanced code (RFC 2034 4). */
static bool has_esc(const struct smtp_server *s, enum smtp_verb verb)
{
    return s->options.offers_esc && s->state != SMTP_STATE_CONNECTED && verb != SMTP_VERB_EHLO &&
           verb != SMTP_VERB_HELO;
}

/* A client that sends and never reads is cut off when out is full (RFC 5321 3.8). */
static void say(struct smtp_server *s, enum smtp_verb verb, const struct smtp_reply *reply)
{
    static const struct smtp_reply full = {421, {"4.3.2", 5}, {"too many replies wait", 21}};
    struct bytes *out = &s->base.out;
    size_t before = bytes_size(out);
    bool fits = smtp_reply_write(reply, has_esc(s, verb), out) &&
                bytes_size(out) + OUT_RESERVE <= OUT_CEILING;
    if (!fits) {
        bytes_truncate(out, before);
        smtp_reply_write(&full, s->options.offers_esc, out);
    }
    int code = fits ? reply->code : full.code;
    note(s, SMTP_SERVER_REPLIED, verb, code);
    if (code == 421)
        close_session(s);
}

bool smtp_server_say(struct smtp_server *s, enum smtp_verb verb, int code, const char *esc,
                     const char *text)
{
    say(s, verb, &(struct smtp_reply){code, slice_of(esc), slice_of(text)});
    return false;
}

static bool say_enough(struct smtp_server *s, enum smtp_verb verb)
{
    return smtp_server_say(s, verb, 421, "4.7.0", "too many errors");
}

bool smtp_server_refuse(struct smtp_server *s, enum smtp_verb verb, int code, const char *esc,
                        const char *text)
{
    if (++s->error_count > ERRORS_MAX)
        return say_enough(s, verb);
    return smtp_server_say(s, verb, code, esc, text);
}

void smtp_server_say_hello(struct smtp_server *s)
{
    const struct smtp_server_options *o = &s->options;
    const struct slice none = SLICE("");
    char size[DIGITS_MAX];
    struct slice lines[] = {
        slice_part(o->hostname, 0, SMTP_REPLY_LINE_MAX),
        o->offers_pipelining ? SLICE("\nPIPELINING") : none,
        o->size_max ? SLICE("\nSIZE ") : none,
        {size, o->size_max ? digits_put(size, o->size_max, 10, 0) : 0},
        o->offers_8bitmime ? SLICE("\n8BITMIME") : none,
        o->offers_esc ? SLICE("\nENHANCEDSTATUSCODES") : none,
        o->offers_auth ? SLICE("\nAUTH PLAIN") : none,
    };
    bytes_clear(&s->text);
    bytes_append_all(&s->text, lines, s->is_extended ? sizeof lines / sizeof *lines : 1);
    say(s, s->verb, &(struct smtp_reply){250, {0}, bytes_slice(&s->text)});
}

/* ---- verdicts ---- */

bool smtp_server_ask(struct smtp_server *s, enum smtp_server_event_kind kind,
                     struct smtp_server_event *event)
{
    event->kind = kind;
    event->verb = s->verb;
    s->verdict_for = kind;
    s->awaits_verdict = true;
    return true;
}

/* After a greeting that refuses, the client is to say QUIT, and gets 503 for all else (3.1). */
static void greet(struct smtp_server *s, const struct smtp_reply *reply)
{
    say(s, SMTP_VERB_COUNT, reply);
    if (s->state == SMTP_STATE_CLOSED)
        return;
    s->is_refusing = reply->code / 100 != 2;
    smtp_server_enter(s, SMTP_STATE_READY);
}

static void settle_hello(struct smtp_server *s, const struct smtp_reply *reply)
{
    if (reply->code / 100 != 2) { /* as if it had not been said (RFC 5321 4.1.4) */
        say(s, s->verb, reply);
        return;
    }
    smtp_server_give_up(s);
    s->is_extended = s->verb == SMTP_VERB_EHLO;
    smtp_server_enter(s, SMTP_STATE_GREETED);
    smtp_server_say_hello(s);
}

/* Where a verdict leads, but for EHLO's; the reply is written after it. */
static void settle(struct smtp_server *s, bool is_yes)
{
    switch (s->verdict_for) {
    case SMTP_SERVER_AUTH:
        s->is_authenticated = is_yes;
        s->error_count += !is_yes; /* guessing passwords is an error like others */
        smtp_server_enter(s, SMTP_STATE_GREETED);
        bytes_release(&s->text);
        break;
    case SMTP_SERVER_MAIL:
        s->sender_refused = !is_yes;
        if (is_yes)
            smtp_server_enter(s, SMTP_STATE_SENDER);
        break;
    case SMTP_SERVER_RCPT:
        s->recipient_count += is_yes;
        s->recipients_refused += !is_yes;
        if (is_yes)
            smtp_server_enter(s, SMTP_STATE_RECIPIENTS);
        break;
    case SMTP_SERVER_MESSAGE:
        if (is_yes)
            s->error_count = 0;
        smtp_server_enter(s, SMTP_STATE_GREETED);
        break;
    case SMTP_SERVER_VRFY:
        break;
    case SMTP_SERVER_HELO:
    case SMTP_SERVER_COMMAND:
    case SMTP_SERVER_REPLIED:
    case SMTP_SERVER_RESET:
    case SMTP_SERVER_QUIT:
        check(!"a verdict on what asks for none");
    }
}

void smtp_server_answer(struct smtp_server *s, const struct smtp_reply *reply)
{
    if (s->state == SMTP_STATE_CLOSED)
        return; /* shut down while the verdict was being thought about */
    if (s->state == SMTP_STATE_CONNECTED) {
        greet(s, reply);
        return;
    }
    check(s->awaits_verdict);
    s->awaits_verdict = false;
    if (s->verdict_for == SMTP_SERVER_HELO) {
        settle_hello(s, reply);
        return;
    }
    settle(s, reply->code / 100 == 2);
    if (s->error_count > ERRORS_MAX)
        say_enough(s, s->verb);
    else
        say(s, s->verdict_for == SMTP_SERVER_MESSAGE ? SMTP_VERB_COUNT : s->verb, reply);
}

void smtp_server_quit(struct smtp_server *s)
{
    smtp_server_give_up(s);
    smtp_server_say(s, SMTP_VERB_QUIT, 221, "2.0.0", "closing the connection");
    note(s, SMTP_SERVER_QUIT, SMTP_VERB_QUIT, 0);
    close_session(s);
}

void smtp_server_shut_down(struct smtp_server *s, struct slice text)
{
    if (s->state == SMTP_STATE_CLOSED)
        return;
    s->awaits_verdict = false;
    say(s, SMTP_VERB_COUNT, &(struct smtp_reply){421, SLICE("4.3.2"), text});
}

/* ---- input ---- */

enum step {
    STEP_WAIT,  /* more bytes are needed */
    STEP_AGAIN, /* something was read */
    STEP_EVENT  /* and the event is set */
};

static enum step announce(struct smtp_server *s, struct slice line, struct smtp_server_event *event)
{
    s->is_announced = true;
    event->kind = SMTP_SERVER_COMMAND;
    event->line = event->argument = line;
    event->verb = SMTP_VERB_AUTH;
    if (s->state != SMTP_STATE_AUTH)
        event->verb = smtp_server_split(line, &event->argument);
    return STEP_EVENT;
}

/* The beginning of a line that is too long is kept for COMMAND, the rest thrown away as it comes.
 */
static void discard(struct smtp_server *s, struct slice in)
{
    if (!s->is_discarding) {
        bytes_clear(&s->text);
        bytes_append(&s->text, slice_part(in, 0, COMMAND_MAX));
        s->is_discarding = true;
    }
    /* the last octet may be the CR of the line's end */
    bytes_consume(&s->base.in, in.size - 1);
}

static enum step finish_long_line(struct smtp_server *s, size_t end,
                                  struct smtp_server_event *event)
{
    if (!s->is_discarding) {
        bytes_clear(&s->text);
        bytes_append(&s->text, slice_part(bytes_slice(&s->base.in), 0, COMMAND_MAX));
        s->is_discarding = true;
    }
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
    return STEP_AGAIN;
}

static size_t line_max(const struct smtp_server *s, struct slice in)
{
    if (s->state == SMTP_STATE_AUTH)
        return AUTH_MAX;
    return slice_starts_fold(in, SLICE("MAIL ")) ? MAIL_MAX : COMMAND_MAX;
}

/* Carries out the line at the front of `in`. */
static enum step take_line(struct smtp_server *s, struct slice line,
                           struct smtp_server_event *event)
{
    s->is_announced = false;
    bytes_consume(&s->base.in, line.size + 2); /* it stays where it is until the next feed */
    bool is_set = s->state == SMTP_STATE_AUTH ? smtp_server_auth_line(s, line, event)
                                              : smtp_server_command(s, line, event);
    return is_set ? STEP_EVENT : STEP_AGAIN;
}

/*
 * A line is announced while it still lies in `in`, and taken off at the next call: nobody's feed
 * between the two can move it away.
 */
static enum step read_line(struct smtp_server *s, struct smtp_server_event *event)
{
    struct slice in = bytes_slice(&s->base.in);
    if (s->is_announced && !s->is_discarding)
        return take_line(s, slice_part(in, 0, s->line_size), event);
    size_t end = slice_find(in, SLICE("\r\n"), 0);
    size_t max = line_max(s, in);
    if (end == SLICE_NONE) {
        if (s->is_discarding ? in.size > 1 : in.size > max + 1)
            discard(s, in);
        return STEP_WAIT;
    }
    if (s->is_discarding || end > max)
        return finish_long_line(s, end, event);
    s->line_size = end;
    return announce(s, slice_part(in, 0, end), event);
}

/* The end of data was read; what is wrong with the message is said only now (RFC 5321 4.2.5). */
static enum step finish_content(struct smtp_server *s, struct smtp_server_event *event)
{
    switch (s->reader.fault) {
    case SMTP_DATA_FINE:
        event->content = bytes_slice(&s->content);
        smtp_server_ask(s, SMTP_SERVER_MESSAGE, event);
        event->verb = SMTP_VERB_COUNT;
        return STEP_EVENT;
    case SMTP_DATA_BARE:
        smtp_server_give_up(s);
        smtp_server_refuse(s, SMTP_VERB_COUNT, 550, "5.5.2", "bare CR or LF in the message");
        break;
    case SMTP_DATA_TOO_LONG:
        smtp_server_give_up(s);
        smtp_server_say(s, SMTP_VERB_COUNT, 552, "5.3.4", "message too big");
        break;
    }
    return STEP_AGAIN;
}

static enum step read_content(struct smtp_server *s, struct smtp_server_event *event)
{
    bool is_end;
    size_t taken = smtp_data_read(&s->reader, bytes_slice(&s->base.in), &s->content, &is_end);
    bytes_consume(&s->base.in, taken);
    if (bytes_size(&s->base.in) == 0)
        bytes_reuse(&s->base.in); /* a message may have made it big */
    return is_end ? finish_content(s, event) : STEP_WAIT;
}

static enum step read_input(struct smtp_server *s, struct smtp_server_event *event)
{
    switch (s->state) {
    case SMTP_STATE_CONNECTED:
    case SMTP_STATE_CLOSED:
        return STEP_WAIT;
    case SMTP_STATE_DATA:
        return read_content(s, event);
    case SMTP_STATE_READY:
    case SMTP_STATE_GREETED:
    case SMTP_STATE_AUTH:
    case SMTP_STATE_SENDER:
    case SMTP_STATE_RECIPIENTS:
        return read_line(s, event);
    case SMTP_STATE_COUNT:
        break;
    }
    return STEP_WAIT;
}

static bool take_note(struct smtp_server *s, struct smtp_server_event *event)
{
    struct smtp_server_note first = s->notes[0];
    s->note_count--;
    for (unsigned i = 0; i < s->note_count; i++)
        s->notes[i] = s->notes[i + 1];
    event->kind = first.kind;
    event->verb = first.verb;
    event->code = first.code;
    return true;
}

bool smtp_server_next(struct smtp_server *s, struct smtp_server_event *event)
{
    for (;;) { /* each turn takes a note, a line, or ends */
        *event = (struct smtp_server_event){.verb = SMTP_VERB_COUNT};
        if (s->note_count > 0)
            return take_note(s, event);
        if (s->awaits_verdict)
            return false;
        enum step step = read_input(s, event);
        if (step == STEP_EVENT)
            return true;
        if (step == STEP_AGAIN)
            continue;
        if (!s->base.is_eof || s->state == SMTP_STATE_CLOSED)
            return false;
        close_session(s); /* an unfinished line or message counts as never sent (4.1.1.10) */
    }
}
