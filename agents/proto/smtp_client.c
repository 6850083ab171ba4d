#include "agents/proto/smtp_client_part.h"

#include "sim/base/check.h"

enum {
    IN_CEILING = 64 * 1024,
    OUT_CEILING = 2 * SMTP_CLIENT_MESSAGE_MAX, /* dots and line ends at most double a message */
    DATA_BLOCK_S = 180,                        /* RFC 5321 4.5.3.2.5 */
};

struct state_row {
    const char *name, *verb; /* of the command whose reply is awaited */
    int64_t timeout_s;       /* RFC 5321 4.5.3.2 */
};
static const struct state_row states[SMTP_CLIENT_STATE_COUNT] = {
    [SMTP_CLIENT_STATE_GREETING] = {"GREETING", "CONNECT", 300},
    [SMTP_CLIENT_STATE_EHLO] = {"EHLO", "EHLO", 300},
    [SMTP_CLIENT_STATE_HELO] = {"HELO", "HELO", 300},
    [SMTP_CLIENT_STATE_STARTTLS] = {"STARTTLS", "STARTTLS", 300},
    [SMTP_CLIENT_STATE_HANDSHAKE] = {"HANDSHAKE", "", 300},
    [SMTP_CLIENT_STATE_AUTH] = {"AUTH", "AUTH", 300},
    [SMTP_CLIENT_STATE_IDLE] = {"IDLE", "", 300},
    [SMTP_CLIENT_STATE_MAIL] = {"MAIL", "MAIL", 300},
    [SMTP_CLIENT_STATE_RCPT] = {"RCPT", "RCPT", 300},
    [SMTP_CLIENT_STATE_DATA] = {"DATA", "DATA", 120},
    [SMTP_CLIENT_STATE_DOT] = {"DOT", "DOT", 600},
    [SMTP_CLIENT_STATE_BDAT] = {"BDAT", "BDAT", 600},
    [SMTP_CLIENT_STATE_RSET] = {"RSET", "RSET", 300},
    [SMTP_CLIENT_STATE_ASK] = {"ASK", "", 300},
    [SMTP_CLIENT_STATE_QUIT] = {"QUIT", "QUIT", 300},
    [SMTP_CLIENT_STATE_CLOSED] = {"CLOSED", "", 0},
};

const char *smtp_client_state_name(enum smtp_client_state state)
{
    check(state < SMTP_CLIENT_STATE_COUNT);
    return states[state].name;
}

int64_t smtp_client_timeout_s(const struct smtp_client *c)
{
    bool is_data = c->state == SMTP_CLIENT_STATE_DOT || c->state == SMTP_CLIENT_STATE_BDAT;
    if (is_data && bytes_size(&c->base.out) > 0)
        return DATA_BLOCK_S;
    return is_data && c->options.final_dot_s > 0 ? c->options.final_dot_s
                                                 : states[c->state].timeout_s;
}

void smtp_client_init(struct smtp_client *c, const struct smtp_client_options *options)
{
    *c = (struct smtp_client){0};
    smtp_client_restart(c, options);
}

void smtp_client_restart(struct smtp_client *c, const struct smtp_client_options *options)
{
    struct smtp_client old = *c;
    *c = (struct smtp_client){.base = old.base,
                              .options = *options,
                              .fates = old.fates,
                              .reader = {.text = old.reader.text},
                              .refusal_text = old.refusal_text,
                              .chunks = old.chunks,
                              .sasl = old.sasl,
                              .challenge = old.challenge,
                              .verb = "",
                              .asked = ""};
    vector_reuse(&c->fates);
    session_restart(&c->base, IN_CEILING, OUT_CEILING);
    bytes_renew(&c->reader.text, SMTP_REPLY_TEXT_MAX);
    bytes_renew(&c->refusal_text, SMTP_REPLY_TEXT_MAX);
    bytes_renew(&c->chunks, OUT_CEILING);
    bytes_renew(&c->challenge, SASL_MESSAGE_MAX);
    c->base.tls = options->is_tls_first ? SESSION_TLS_FIRST : SESSION_TLS_NONE;
}

void smtp_client_finish(struct smtp_client *c)
{
    session_finish(&c->base);
    vector_finish(&c->fates);
    smtp_reply_reader_finish(&c->reader);
    bytes_finish(&c->refusal_text);
    bytes_finish(&c->chunks);
    bytes_finish(&c->challenge);
    sasl_client_finish(&c->sasl);
}

/* The recipient at or after i whose RCPT was accepted. */
static size_t next_accepted(const struct smtp_client *c, size_t i)
{
    while (i < c->fates.count && !(c->fates.items[i] & SMTP_CLIENT_IS_ACCEPTED))
        i++;
    return i;
}

/* ---- what is sent on entering a state ---- */

void smtp_client_enter(struct smtp_client *c, enum smtp_client_state state)
{
    c->state = state;
    switch (state) {
    case SMTP_CLIENT_STATE_GREETING:
    case SMTP_CLIENT_STATE_HANDSHAKE:
    case SMTP_CLIENT_STATE_ASK:
        break;
    case SMTP_CLIENT_STATE_EHLO:
        smtp_client_put_line(c, c->options.is_lmtp ? "LHLO " : "EHLO ", c->options.hostname);
        break;
    case SMTP_CLIENT_STATE_HELO:
        smtp_client_put_line(c, "HELO ", c->options.hostname);
        break;
    case SMTP_CLIENT_STATE_STARTTLS:
        smtp_client_put(c, SLICE("STARTTLS\r\n"));
        break;
    case SMTP_CLIENT_STATE_AUTH:
        smtp_client_put_auth(c);
        break;
    case SMTP_CLIENT_STATE_IDLE:
        smtp_client_report(c, SMTP_CLIENT_REPORT_READY);
        break;
    case SMTP_CLIENT_STATE_MAIL:
        smtp_client_put_mail(c);
        smtp_client_put_more(c);
        break;
    case SMTP_CLIENT_STATE_RCPT:
    case SMTP_CLIENT_STATE_DATA:
        smtp_client_put_more(c);
        break;
    case SMTP_CLIENT_STATE_DOT:
        c->next_answered = next_accepted(c, 0);
        smtp_client_put_message(c);
        break;
    case SMTP_CLIENT_STATE_BDAT:
        c->next_answered = next_accepted(c, 0);
        smtp_client_put_chunk(c);
        break;
    case SMTP_CLIENT_STATE_RSET:
        smtp_client_put(c, SLICE("RSET\r\n"));
        break;
    case SMTP_CLIENT_STATE_QUIT:
        smtp_client_put(c, SLICE("QUIT\r\n"));
        break;
    case SMTP_CLIENT_STATE_CLOSED:
        c->base.is_closing = true;
        break;
    case SMTP_CLIENT_STATE_COUNT:
        check(!"a state");
    }
}

/* ---- where a reply leads ---- */

/* What was not sent yet must not reach a server that no longer listens to us as we think. */
static void drop_out(struct smtp_client *c)
{
    bytes_clear(&c->base.out);
    vector_clear(&c->base.cuts);
}

void smtp_client_lose(struct smtp_client *c, const char *why)
{
    drop_out(c);
    smtp_client_remember(c, &(struct smtp_reply){0, {0}, slice_of(why)});
    smtp_client_report(c, SMTP_CLIENT_REPORT_LOST);
    smtp_client_enter(c, SMTP_CLIENT_STATE_CLOSED);
}

/* No transaction is possible; QUIT is owed also now (RFC 5321 4.1.1.10), unless the server leaves.
 */
void smtp_client_fail(struct smtp_client *c, const struct smtp_reply *reply)
{
    smtp_client_remember(c, reply);
    smtp_client_report(c, SMTP_CLIENT_REPORT_FAILED);
    drop_out(c);
    if (reply->code != 421)
        smtp_client_put(c, SLICE("QUIT\r\n"));
    smtp_client_enter(c, SMTP_CLIENT_STATE_CLOSED);
}

/* The transaction ends without a message: the server may still hold its beginning. */
static void give_up(struct smtp_client *c)
{
    smtp_client_report(c, SMTP_CLIENT_REPORT_REFUSED);
    smtp_client_enter(c, c->sender_refused ? SMTP_CLIENT_STATE_IDLE : SMTP_CLIENT_STATE_RSET);
}

/* Behind MAIL's reply or one to RCPT: the next that is awaited, if any. */
static void go_on(struct smtp_client *c)
{
    smtp_client_enter(c, SMTP_CLIENT_STATE_RCPT);
    if (c->in_flight > 0)
        return;
    if (c->accepted > 0 && smtp_client_is_chunked(c))
        smtp_client_enter(c, SMTP_CLIENT_STATE_BDAT);
    else if (c->is_data_sent || c->accepted > 0)
        smtp_client_enter(c, SMTP_CLIENT_STATE_DATA);
    else
        give_up(c);
}

static void on_mail(struct smtp_client *c, const struct smtp_reply *reply)
{
    if (reply->code / 100 != 2) {
        c->sender_refused = true;
        smtp_client_remember(c, reply);
        smtp_client_report(c, SMTP_CLIENT_REPORT_REST);
    }
    go_on(c);
}

static void on_rcpt(struct smtp_client *c, const struct smtp_reply *reply)
{
    bool is_yes = reply->code / 100 == 2;
    size_t recipient = c->next_answered;
    c->in_flight--;
    c->next_answered = smtp_client_skip_invalid(c, recipient + 1);
    if (!c->sender_refused) { /* else its fate is MAIL's reply */
        c->recipient = recipient;
        c->fates.items[recipient] |= is_yes ? SMTP_CLIENT_IS_ACCEPTED : SMTP_CLIENT_IS_REFUSED;
        c->accepted += is_yes;
        if (!is_yes)
            smtp_client_remember(c, reply);
        smtp_client_report(c, SMTP_CLIENT_REPORT_RECIPIENT);
    }
    go_on(c);
}

/* The message is not wanted: that is the fate of all who were accepted. */
static void refuse_rest(struct smtp_client *c, const struct smtp_reply *reply)
{
    if (c->accepted > 0) {
        smtp_client_remember(c, reply);
        smtp_client_report(c, SMTP_CLIENT_REPORT_REST);
    }
    give_up(c);
}

/* The transaction is over. Without a recipient even a 250 to the lone dot is no success. */
static void conclude(struct smtp_client *c)
{
    smtp_client_report(c, c->accepted > 0 ? SMTP_CLIENT_REPORT_DONE : SMTP_CLIENT_REPORT_REFUSED);
    if (bytes_size(&c->base.out) == 0)
        bytes_reuse(&c->base.out);
    smtp_client_enter(c, SMTP_CLIENT_STATE_IDLE);
}

/* RFC 2033 4.2: a reply for each accepted recipient, in the order of the RCPT commands. */
static void on_recipient_end(struct smtp_client *c, const struct smtp_reply *reply)
{
    bool is_yes = reply->code / 100 == 2;
    if (c->accepted == 0) { /* whose dot gets no reply at all: this one answers nothing */
        smtp_client_lose(c, "the server's reply fits no command");
        return;
    }
    c->recipient = c->next_answered;
    if (!is_yes)
        c->fates.items[c->recipient] |= SMTP_CLIENT_IS_REFUSED;
    smtp_client_report(c, SMTP_CLIENT_REPORT_FATE);
    c->next_answered = next_accepted(c, c->recipient + 1);
    if (c->next_answered == c->fates.count)
        conclude(c);
}

/* What was sent before a chunk that is refused may still be there (RFC 3030 2): RSET. */
static void on_chunk(struct smtp_client *c, const struct smtp_reply *reply)
{
    if (c->is_last_chunk && c->options.is_lmtp)
        on_recipient_end(c, reply);
    else if (reply->code / 100 != 2)
        refuse_rest(c, reply);
    else if (c->is_last_chunk)
        conclude(c);
    else
        smtp_client_enter(c, SMTP_CLIENT_STATE_BDAT);
}

static void on_reply_in_state(struct smtp_client *c, const struct smtp_reply *reply)
{
    bool is_yes = reply->code / 100 == 2;
    switch (c->state) {
    case SMTP_CLIENT_STATE_GREETING:
        is_yes ? smtp_client_enter(c, SMTP_CLIENT_STATE_EHLO) : smtp_client_fail(c, reply);
        break;
    case SMTP_CLIENT_STATE_EHLO:
        if (reply->code / 100 == 5 && !c->options.is_lmtp) /* an old server (RFC 5321 3.2) */
            smtp_client_enter(c, SMTP_CLIENT_STATE_HELO);
        else
            is_yes ? smtp_client_on_hello(c, reply) : smtp_client_fail(c, reply);
        break;
    case SMTP_CLIENT_STATE_HELO:
        is_yes ? smtp_client_on_hello(c, reply) : smtp_client_fail(c, reply);
        break;
    case SMTP_CLIENT_STATE_STARTTLS:
        smtp_client_on_starttls(c, reply);
        break;
    case SMTP_CLIENT_STATE_AUTH:
        smtp_client_on_auth(c, reply);
        break;
    case SMTP_CLIENT_STATE_MAIL:
        on_mail(c, reply);
        break;
    case SMTP_CLIENT_STATE_RCPT:
        on_rcpt(c, reply);
        break;
    case SMTP_CLIENT_STATE_DATA:
        reply->code / 100 == 3 ? smtp_client_enter(c, SMTP_CLIENT_STATE_DOT)
                               : refuse_rest(c, reply);
        break;
    case SMTP_CLIENT_STATE_DOT:
        c->options.is_lmtp ? on_recipient_end(c, reply) : conclude(c);
        break;
    case SMTP_CLIENT_STATE_BDAT:
        on_chunk(c, reply);
        break;
    case SMTP_CLIENT_STATE_ASK:
        smtp_client_enter(c, SMTP_CLIENT_STATE_IDLE);
        break;
    case SMTP_CLIENT_STATE_RSET:
        is_yes ? smtp_client_enter(c, SMTP_CLIENT_STATE_IDLE) : smtp_client_fail(c, reply);
        break;
    case SMTP_CLIENT_STATE_QUIT:
        smtp_client_remember(c, reply);
        smtp_client_report(c, SMTP_CLIENT_REPORT_CLOSED);
        smtp_client_enter(c, SMTP_CLIENT_STATE_CLOSED);
        break;
    case SMTP_CLIENT_STATE_HANDSHAKE:
    case SMTP_CLIENT_STATE_IDLE:
    case SMTP_CLIENT_STATE_CLOSED:
    case SMTP_CLIENT_STATE_COUNT:
        check(!"a state that awaits a reply");
    }
}

/* May a reply of this kind answer what is awaited? Else the two sides no longer talk of the same.
 */
static bool is_sense(const struct smtp_client *c, int code)
{
    switch (c->state) {
    case SMTP_CLIENT_STATE_AUTH:
        return code / 100 != 3 || code == 334;
    case SMTP_CLIENT_STATE_DATA:
        return code / 100 != 2;
    case SMTP_CLIENT_STATE_IDLE:
    case SMTP_CLIENT_STATE_HANDSHAKE:
        return false;
    case SMTP_CLIENT_STATE_BDAT:
    case SMTP_CLIENT_STATE_DOT: /* nobody has taken what is not all sent yet */
        return code / 100 != 3 && (code / 100 != 2 || bytes_size(&c->base.out) == 0);
    case SMTP_CLIENT_STATE_GREETING:
    case SMTP_CLIENT_STATE_EHLO:
    case SMTP_CLIENT_STATE_HELO:
    case SMTP_CLIENT_STATE_STARTTLS:
    case SMTP_CLIENT_STATE_MAIL:
    case SMTP_CLIENT_STATE_RCPT:
    case SMTP_CLIENT_STATE_RSET:
    case SMTP_CLIENT_STATE_ASK:
    case SMTP_CLIENT_STATE_QUIT:
    case SMTP_CLIENT_STATE_CLOSED:
    case SMTP_CLIENT_STATE_COUNT:
        return code / 100 != 3;
    }
    return false;
}

/* What the reply that came answers, as the trace names it. */
static const char *verb_of(const struct smtp_client *c)
{
    if (c->state == SMTP_CLIENT_STATE_ASK)
        return c->asked;
    bool is_lhlo = c->state == SMTP_CLIENT_STATE_EHLO && c->options.is_lmtp;
    return is_lhlo ? "LHLO" : states[c->state].verb;
}

static void on_reply(struct smtp_client *c)
{
    struct smtp_reply reply = smtp_reply_reader_reply(&c->reader);
    c->verb = verb_of(c);
    c->recipient = c->next_answered;
    smtp_client_report(c, SMTP_CLIENT_REPORT_REPLY);
    if (reply.code == 421 && c->state != SMTP_CLIENT_STATE_QUIT) /* RFC 5321 3.8 */
        smtp_client_fail(c, &reply);
    else if (!is_sense(c, reply.code))
        smtp_client_lose(c, "the server's reply fits no command");
    else
        on_reply_in_state(c, &reply);
}

static void on_end_of_input(struct smtp_client *c)
{
    if (c->state != SMTP_CLIENT_STATE_QUIT) {
        smtp_client_lose(c, "the server closed the connection");
        return;
    }
    smtp_client_report(c, SMTP_CLIENT_REPORT_CLOSED);
    smtp_client_remember(c,
                         &(struct smtp_reply){0, {0}, SLICE("the server closed the connection")});
    smtp_client_enter(c, SMTP_CLIENT_STATE_CLOSED);
}

/* Lines off `in` until a reply is whole. False when more bytes are needed. */
static bool read_reply(struct smtp_client *c)
{
    struct slice line;
    for (;;) {
        enum session_line got = session_take_line(&c->base, SMTP_REPLY_LINE_TAKEN_MAX, &line);
        if (got == SESSION_LINE_NONE)
            return false;
        enum smtp_reply_step step = got == SESSION_LINE_TOO_LONG
                                        ? SMTP_REPLY_NONSENSE
                                        : smtp_reply_reader_take(&c->reader, line);
        if (step == SMTP_REPLY_MORE)
            continue;
        if (step == SMTP_REPLY_WHOLE)
            on_reply(c);
        else
            smtp_client_lose(c, "the server's reply could not be understood");
        return true;
    }
}

bool smtp_client_next(struct smtp_client *c, struct smtp_client_event *event)
{
    for (;;) { /* each turn takes a report or a reply, or ends */
        *event = (struct smtp_client_event){.verb = ""};
        if (c->report_count > 0) {
            if (smtp_client_take_report(c, event))
                return true;
            continue;
        }
        if (c->state == SMTP_CLIENT_STATE_CLOSED)
            return false;
        if (c->is_full)
            smtp_client_lose(c, "too much waits to be sent");
        else if (c->state == SMTP_CLIENT_STATE_HANDSHAKE && c->base.tls == SESSION_TLS_ON)
            smtp_client_on_tls(c);
        else if (c->state == SMTP_CLIENT_STATE_HANDSHAKE || !read_reply(c)) {
            if (!c->base.is_eof)
                return false;
            on_end_of_input(c);
        }
    }
}
