#include "agents/proto/smtp_server.h"

#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/digits.h"
#include "agents/proto/smtp_server_part.h"

enum {
    IN_CEILING = 256 * 1024,
    OUT_CEILING = 256 * 1024,
    OUT_RESERVE = 128,                  /* kept free, so that a 421 always fits */
    CONTENT_CEILING = 64 * 1024 * 1024, /* of a server that advertises no SIZE */
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
                              .text = s->text,
                              .sasl = s->sasl};
    if (!s->options.recipients_max)
        s->options.recipients_max = SMTP_RECIPIENTS_MIN;
    if (!s->options.mechanisms)
        s->options.mechanisms = SASL_ALL;
    session_restart(&s->base, IN_CEILING, OUT_CEILING);
    uint64_t ceiling = options->size_max ? options->size_max : CONTENT_CEILING;
    bytes_renew(&s->content, ceiling < SIZE_MAX / 4 ? (size_t)ceiling : SIZE_MAX / 4);
    bytes_renew(&s->text, SMTP_AUTH_LINE_MAX);
}

void smtp_server_finish(struct smtp_server *s)
{
    session_finish(&s->base);
    bytes_finish(&s->content);
    bytes_finish(&s->text);
    if (s->sasl)
        sasl_server_finish(s->sasl);
    free(s->sasl);
    s->sasl = NULL;
}

bool smtp_server_is_secure(const struct smtp_server *s)
{
    return s->base.tls == SESSION_TLS_ON || s->base.tls == SESSION_TLS_FIRST;
}

unsigned smtp_server_verdicts(const struct smtp_server *s)
{
    return s->options.is_lmtp ? s->recipient_count : 1;
}

/* ---- states, notes, replies ---- */

void smtp_server_note(struct smtp_server *s, enum smtp_server_event_kind kind, enum smtp_verb verb,
                      int code)
{
    check(s->note_count < sizeof s->notes / sizeof s->notes[0]);
    s->notes[s->note_count++] = (struct smtp_server_note){kind, verb, code};
}

static bool in_transaction(enum smtp_state state)
{
    return state >= SMTP_STATE_SENDER && state <= SMTP_STATE_CHUNKS;
}

void smtp_server_enter(struct smtp_server *s, enum smtp_state state)
{
    s->state = state;
    if (!in_transaction(state)) {
        s->recipient_count = s->recipients_refused = s->concluded = 0;
        s->is_complete = s->is_utf8 = false;
        bytes_reuse(&s->content);
    }
    if (state == SMTP_STATE_DATA)
        smtp_data_reader_init(&s->reader);
    if (state == SMTP_STATE_TLS || state == SMTP_STATE_CLOSED) {
        s->chunk.is_read = false;
        bytes_reuse(&s->base.in);
    }
    if (state == SMTP_STATE_TLS)
        s->base.tls = SESSION_TLS_WANTED;
    if (state == SMTP_STATE_CLOSED) {
        s->base.is_closing = true;
        s->awaits_verdict = false;
    }
}

void smtp_server_give_up(struct smtp_server *s)
{
    if (!in_transaction(s->state))
        return;
    smtp_server_note(s, SMTP_SERVER_RESET, SMTP_VERB_COUNT, 0);
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
           verb != SMTP_VERB_HELO && verb != SMTP_VERB_LHLO;
}

/* A client that sends and never reads is cut off when out is full (RFC 5321 3.8). */
void smtp_server_reply(struct smtp_server *s, enum smtp_verb verb, const struct smtp_reply *reply)
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
    smtp_server_note(s, SMTP_SERVER_REPLIED, verb, code);
    if (code == 421)
        close_session(s);
}

bool smtp_server_say(struct smtp_server *s, enum smtp_verb verb, int code, const char *esc,
                     const char *text)
{
    smtp_server_reply(s, verb, &(struct smtp_reply){code, slice_of(esc), slice_of(text)});
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

bool smtp_server_refuse_syntax(struct smtp_server *s, const char *text)
{
    return smtp_server_refuse(s, s->verb, 501, "5.5.4", text);
}

/* ---- what is offered ---- */

static void append_mechanisms(struct smtp_server *s)
{
    unsigned mechanisms = smtp_server_mechanisms(s);
    if (mechanisms)
        bytes_append(&s->text, SLICE("\nAUTH"));
    for (unsigned i = 0; i < SASL_MECHANISM_COUNT; i++)
        if (mechanisms & 1u << i)
            bytes_append_all(
                &s->text, (struct slice[]){SLICE(" "), slice_of(sasl_name((enum sasl_mechanism)i))},
                2);
}

/* The size is said so that nobody has to send a message to learn it (RFC 1870 4). */
static void append_size(struct smtp_server *s)
{
    char digits[DIGITS_MAX];
    uint64_t size = s->options.size_max;
    if (size)
        bytes_append_all(
            &s->text, (struct slice[]){SLICE("\nSIZE "), {digits, digits_put(digits, size, 10, 0)}},
            2);
}

static void append_offer(struct smtp_server *s, bool is_offered, const char *keyword)
{
    if (is_offered)
        bytes_append_all(&s->text, (struct slice[]){SLICE("\n"), slice_of(keyword)}, 2);
}

/* The reply to EHLO, LHLO or HELO, with what is offered (RFC 5321 4.1.1.1). STARTTLS is not offered
   within TLS (RFC 3207 4.2). */
static void say_hello(struct smtp_server *s)
{
    const struct smtp_server_options *o = &s->options;
    bytes_clear(&s->text);
    bytes_append(&s->text, slice_part(o->hostname, 0, SMTP_REPLY_LINE_MAX));
    if (s->is_extended) {
        append_offer(s, o->offers_pipelining, "PIPELINING");
        append_size(s);
        append_offer(s, o->offers_8bitmime, "8BITMIME");
        append_offer(s, o->offers_smtputf8, "SMTPUTF8");
        append_offer(s, o->offers_chunking, "CHUNKING");
        append_offer(s, o->offers_dsn, "DSN");
        append_offer(s, o->offers_esc, "ENHANCEDSTATUSCODES");
        append_offer(s, o->offers_starttls && !smtp_server_is_secure(s), "STARTTLS");
        append_mechanisms(s);
        append_offer(s, o->offers_etrn && !o->is_lmtp, "ETRN");
        append_offer(s, o->offers_expn, "EXPN");
        append_offer(s, o->offers_help, "HELP");
    }
    smtp_server_reply(s, s->verb, &(struct smtp_reply){250, {0}, bytes_slice(&s->text)});
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
    smtp_server_reply(s, SMTP_VERB_COUNT, reply);
    if (s->state == SMTP_STATE_CLOSED)
        return;
    s->is_refusing = reply->code / 100 != 2;
    smtp_server_enter(s, SMTP_STATE_READY);
}

static void settle_hello(struct smtp_server *s, const struct smtp_reply *reply)
{
    if (reply->code / 100 != 2) { /* as if it had not been said (RFC 5321 4.1.4) */
        smtp_server_reply(s, s->verb, reply);
        return;
    }
    smtp_server_give_up(s);
    s->is_extended = s->verb != SMTP_VERB_HELO;
    smtp_server_enter(s, SMTP_STATE_GREETED);
    say_hello(s);
}

static void settle_message(struct smtp_server *s, bool is_yes)
{
    if (is_yes)
        s->error_count = 0;
    if (++s->concluded == smtp_server_verdicts(s))
        smtp_server_enter(s, SMTP_STATE_GREETED);
}

/* Where a verdict leads, but for EHLO's and AUTH's; the reply is written after it. */
static void settle(struct smtp_server *s, bool is_yes)
{
    switch (s->verdict_for) {
    case SMTP_SERVER_STARTTLS:
        if (is_yes)
            smtp_server_enter(s, SMTP_STATE_TLS);
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
        settle_message(s, is_yes);
        break;
    case SMTP_SERVER_VRFY:
    case SMTP_SERVER_EXPN:
    case SMTP_SERVER_ETRN:
        break;
    case SMTP_SERVER_AUTH:
    case SMTP_SERVER_HELO:
    case SMTP_SERVER_COMMAND:
    case SMTP_SERVER_REPLIED:
    case SMTP_SERVER_SECURED:
    case SMTP_SERVER_AUTH_DONE:
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
    bool is_data = s->state == SMTP_STATE_DATA;
    settle(s, reply->code / 100 == 2);
    smtp_server_reply(s, is_data ? SMTP_VERB_COUNT : s->verb, reply);
}

const char *smtp_server_question(const struct smtp_server *s)
{
    if (s->state == SMTP_STATE_CONNECTED)
        return "CONNECT";
    return s->verdict_for == SMTP_SERVER_MESSAGE ? "DOT" : smtp_verb_name(s->verb);
}

void smtp_server_quit(struct smtp_server *s)
{
    smtp_server_give_up(s);
    smtp_server_say(s, SMTP_VERB_QUIT, 221, "2.0.0", "closing the connection");
    smtp_server_note(s, SMTP_SERVER_QUIT, SMTP_VERB_QUIT, 0);
    close_session(s);
}

void smtp_server_shut_down(struct smtp_server *s, struct slice text)
{
    if (s->state == SMTP_STATE_CLOSED)
        return;
    s->awaits_verdict = false;
    smtp_server_reply(s, SMTP_VERB_COUNT, &(struct smtp_reply){421, SLICE("4.3.2"), text});
}

/* ---- events ---- */

static bool take_note(struct smtp_server *s, struct smtp_server_event *event)
{
    struct smtp_server_note first = s->notes[0];
    s->note_count--;
    for (unsigned i = 0; i < s->note_count; i++)
        s->notes[i] = s->notes[i + 1];
    event->kind = first.kind;
    event->verb = first.verb;
    event->code = first.code;
    if (first.kind == SMTP_SERVER_AUTH_DONE) {
        event->user = bytes_slice(&s->sasl->user);
        event->mechanism = s->sasl->mechanism;
        event->is_ok = s->is_authenticated;
    }
    return true;
}

bool smtp_server_next(struct smtp_server *s, struct smtp_server_event *event)
{
    for (;;) { /* each turn takes a note, a line, or ends */
        *event =
            (struct smtp_server_event){.verb = SMTP_VERB_COUNT, .mechanism = SASL_MECHANISM_COUNT};
        if (s->note_count > 0)
            return take_note(s, event);
        if (s->awaits_verdict)
            return false;
        enum smtp_server_step step = smtp_server_read(s, event);
        if (step == SMTP_SERVER_STEP_EVENT)
            return true;
        if (step == SMTP_SERVER_STEP_AGAIN)
            continue;
        if (!s->base.is_eof || s->state == SMTP_STATE_CLOSED)
            return false;
        close_session(s); /* an unfinished line or message counts as never sent (4.1.1.10) */
    }
}
