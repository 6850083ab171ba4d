#include "agents/proto/smtp_client.h"

#include "sim/base/check.h"
#include "agents/mail/address.h"
#include "agents/proto/smtp_client_part.h"

enum {
    IN_CEILING = 64 * 1024,
    MESSAGE_MAX = 64 * 1024 * 1024,
    OUT_CEILING = 2 * MESSAGE_MAX, /* dots and line ends at most double a message */
};

struct state_row {
    const char *name, *verb; /* of the command whose reply is awaited */
    int64_t timeout_s;       /* RFC 5321 4.5.3.2 */
};
static const struct state_row states[SMTP_CLIENT_STATE_COUNT] = {
    [SMTP_CLIENT_STATE_GREETING] = {"GREETING", "CONNECT", 300},
    [SMTP_CLIENT_STATE_EHLO] = {"EHLO", "EHLO", 300},
    [SMTP_CLIENT_STATE_HELO] = {"HELO", "HELO", 300},
    [SMTP_CLIENT_STATE_AUTH] = {"AUTH", "AUTH", 300},
    [SMTP_CLIENT_STATE_IDLE] = {"IDLE", "", 300},
    [SMTP_CLIENT_STATE_MAIL] = {"MAIL", "MAIL", 300},
    [SMTP_CLIENT_STATE_RCPT] = {"RCPT", "RCPT", 300},
    [SMTP_CLIENT_STATE_DATA] = {"DATA", "DATA", 120},
    [SMTP_CLIENT_STATE_DOT] = {"DOT", "DOT", 600},
    [SMTP_CLIENT_STATE_RSET] = {"RSET", "RSET", 300},
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
    return states[c->state].timeout_s;
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
                              .verb = ""};
    vector_reuse(&c->fates);
    session_restart(&c->base, IN_CEILING, OUT_CEILING);
    bytes_renew(&c->reader.text, SMTP_REPLY_TEXT_MAX);
    bytes_renew(&c->refusal_text, SMTP_REPLY_TEXT_MAX);
}

void smtp_client_finish(struct smtp_client *c)
{
    session_finish(&c->base);
    vector_finish(&c->fates);
    smtp_reply_reader_finish(&c->reader);
    bytes_finish(&c->refusal_text);
}

/* ---- what is sent on entering a state ---- */

static void enter(struct smtp_client *c, enum smtp_client_state state)
{
    c->state = state;
    switch (state) {
    case SMTP_CLIENT_STATE_GREETING:
        break;
    case SMTP_CLIENT_STATE_EHLO:
        smtp_client_put_line(c, "EHLO ", c->options.hostname, "");
        break;
    case SMTP_CLIENT_STATE_HELO:
        smtp_client_put_line(c, "HELO ", c->options.hostname, "");
        break;
    case SMTP_CLIENT_STATE_AUTH:
        smtp_client_put_plain(c, "AUTH PLAIN ", SMTP_LINE_MAX);
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
        smtp_client_put_message(c);
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

static void lose(struct smtp_client *c, const char *why)
{
    drop_out(c);
    smtp_client_remember(c, &(struct smtp_reply){0, {0}, slice_of(why)});
    smtp_client_report(c, SMTP_CLIENT_REPORT_LOST);
    enter(c, SMTP_CLIENT_STATE_CLOSED);
}

/* No transaction is possible; QUIT is owed also now (RFC 5321 4.1.1.10), unless the server leaves.
 */
static void fail(struct smtp_client *c, const struct smtp_reply *reply)
{
    smtp_client_remember(c, reply);
    smtp_client_report(c, SMTP_CLIENT_REPORT_FAILED);
    drop_out(c);
    if (reply->code != 421)
        smtp_client_put(c, SLICE("QUIT\r\n"));
    enter(c, SMTP_CLIENT_STATE_CLOSED);
}

static void take_extension(struct smtp_client *c, struct slice line)
{
    struct slice keyword = {0}, mechanism;
    slice_cut(&line, ' ', &keyword);
    c->has_pipelining |= slice_equal_fold(keyword, SLICE("PIPELINING"));
    c->has_8bitmime |= slice_equal_fold(keyword, SLICE("8BITMIME"));
    c->has_esc |= slice_equal_fold(keyword, SLICE("ENHANCEDSTATUSCODES"));
    if (slice_equal_fold(keyword, SLICE("SIZE"))) {
        c->has_size = true;
        if (!slice_to_u64(line, &c->size_max)) /* none is fine, too (RFC 1870 3) */
            c->size_max = 0;
    }
    if (slice_equal_fold(keyword, SLICE("AUTH")))
        while (slice_cut(&line, ' ', &mechanism))
            c->has_auth_plain |= slice_equal_fold(mechanism, SLICE("PLAIN"));
}

/* EHLO's or HELO's 250: the lines behind the first name what is offered. */
static void on_hello(struct smtp_client *c, const struct smtp_reply *reply)
{
    struct slice rest = reply->text, line;
    slice_cut(&rest, '\n', &line);
    while (c->state == SMTP_CLIENT_STATE_EHLO && slice_cut(&rest, '\n', &line))
        take_extension(c, line);
    if (c->options.user.size == 0)
        enter(c, SMTP_CLIENT_STATE_IDLE);
    else if (c->has_auth_plain)
        enter(c, SMTP_CLIENT_STATE_AUTH);
    else
        fail(c, &(struct smtp_reply){0, {0}, SLICE("the server does not offer AUTH PLAIN")});
}

static void on_auth(struct smtp_client *c, const struct smtp_reply *reply)
{
    if (reply->code == 334 && !c->is_answered)
        smtp_client_put_plain(c, "", SIZE_MAX);
    else if (reply->code == 334)
        smtp_client_put(c, SLICE("*\r\n")); /* there is nothing more to say: cancel */
    else if (reply->code / 100 == 2)
        enter(c, SMTP_CLIENT_STATE_IDLE);
    else
        fail(c, reply);
}

/* The transaction ends without a message: the server may still hold its beginning. */
static void give_up(struct smtp_client *c)
{
    smtp_client_report(c, SMTP_CLIENT_REPORT_REFUSED);
    enter(c, c->sender_refused ? SMTP_CLIENT_STATE_IDLE : SMTP_CLIENT_STATE_RSET);
}

/* Behind MAIL's reply or one to RCPT: the next that is awaited, if any. */
static void go_on(struct smtp_client *c)
{
    enter(c, SMTP_CLIENT_STATE_RCPT);
    if (c->in_flight > 0)
        return;
    if (c->is_data_sent || c->accepted > 0)
        enter(c, SMTP_CLIENT_STATE_DATA);
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

static void on_data(struct smtp_client *c, const struct smtp_reply *reply)
{
    if (reply->code / 100 == 3) {
        enter(c, SMTP_CLIENT_STATE_DOT);
        return;
    }
    if (c->accepted > 0) {
        smtp_client_remember(c, reply);
        smtp_client_report(c, SMTP_CLIENT_REPORT_REST);
    }
    give_up(c);
}

/* Without a recipient even a 250 to the lone dot is no success. */
static void on_dot(struct smtp_client *c)
{
    smtp_client_report(c, c->accepted > 0 ? SMTP_CLIENT_REPORT_DONE : SMTP_CLIENT_REPORT_REFUSED);
    if (bytes_size(&c->base.out) == 0)
        bytes_reuse(&c->base.out);
    enter(c, SMTP_CLIENT_STATE_IDLE);
}

static void on_reply_in_state(struct smtp_client *c, const struct smtp_reply *reply)
{
    bool is_yes = reply->code / 100 == 2;
    switch (c->state) {
    case SMTP_CLIENT_STATE_GREETING:
        is_yes ? enter(c, SMTP_CLIENT_STATE_EHLO) : fail(c, reply);
        break;
    case SMTP_CLIENT_STATE_EHLO:
        if (reply->code / 100 == 5) /* an old server (RFC 5321 3.2) */
            enter(c, SMTP_CLIENT_STATE_HELO);
        else
            is_yes ? on_hello(c, reply) : fail(c, reply);
        break;
    case SMTP_CLIENT_STATE_HELO:
        is_yes ? on_hello(c, reply) : fail(c, reply);
        break;
    case SMTP_CLIENT_STATE_AUTH:
        on_auth(c, reply);
        break;
    case SMTP_CLIENT_STATE_MAIL:
        on_mail(c, reply);
        break;
    case SMTP_CLIENT_STATE_RCPT:
        on_rcpt(c, reply);
        break;
    case SMTP_CLIENT_STATE_DATA:
        on_data(c, reply);
        break;
    case SMTP_CLIENT_STATE_DOT:
        on_dot(c);
        break;
    case SMTP_CLIENT_STATE_RSET:
        is_yes ? enter(c, SMTP_CLIENT_STATE_IDLE) : fail(c, reply);
        break;
    case SMTP_CLIENT_STATE_QUIT:
        smtp_client_remember(c, reply);
        smtp_client_report(c, SMTP_CLIENT_REPORT_CLOSED);
        enter(c, SMTP_CLIENT_STATE_CLOSED);
        break;
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
        return false;
    case SMTP_CLIENT_STATE_DOT: /* nobody has taken what is not all sent yet */
        return code / 100 != 3 && (code / 100 != 2 || bytes_size(&c->base.out) == 0);
    case SMTP_CLIENT_STATE_GREETING:
    case SMTP_CLIENT_STATE_EHLO:
    case SMTP_CLIENT_STATE_HELO:
    case SMTP_CLIENT_STATE_MAIL:
    case SMTP_CLIENT_STATE_RCPT:
    case SMTP_CLIENT_STATE_RSET:
    case SMTP_CLIENT_STATE_QUIT:
    case SMTP_CLIENT_STATE_CLOSED:
    case SMTP_CLIENT_STATE_COUNT:
        return code / 100 != 3;
    }
    return false;
}

static void on_reply(struct smtp_client *c)
{
    struct smtp_reply reply = smtp_reply_reader_reply(&c->reader);
    c->verb = states[c->state].verb;
    c->recipient = c->next_answered;
    smtp_client_report(c, SMTP_CLIENT_REPORT_REPLY);
    if (reply.code == 421 && c->state != SMTP_CLIENT_STATE_QUIT) /* RFC 5321 3.8 */
        fail(c, &reply);
    else if (!is_sense(c, reply.code))
        lose(c, "the server's reply fits no command");
    else
        on_reply_in_state(c, &reply);
}

static void on_end_of_input(struct smtp_client *c)
{
    if (c->state != SMTP_CLIENT_STATE_QUIT) {
        lose(c, "the server closed the connection");
        return;
    }
    smtp_client_report(c, SMTP_CLIENT_REPORT_CLOSED);
    smtp_client_remember(c,
                         &(struct smtp_reply){0, {0}, SLICE("the server closed the connection")});
    enter(c, SMTP_CLIENT_STATE_CLOSED);
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
            lose(c, "the server's reply could not be understood");
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
            lose(c, "too much waits to be sent");
        else if (!read_reply(c)) {
            if (!c->base.is_eof)
                return false;
            on_end_of_input(c);
        }
    }
}

/* ---- what the role asks for ---- */

static bool is_path(struct slice path)
{
    struct address address;
    return path.size + 2 <= SMTP_PATH_MAX && address_read(path, &address);
}

/* A reply of our own to a transaction that must not be tried; false when it may. */
static bool refuse_whole(struct smtp_client *c)
{
    const struct smtp_client_transaction *t = &c->transaction;
    uint64_t size = smtp_client_message_size(t);
    uint64_t size_max = c->size_max && c->size_max < MESSAGE_MAX ? c->size_max : MESSAGE_MAX;
    struct smtp_reply reply = {0};
    if (size > size_max)
        reply = (struct smtp_reply){552, SLICE("5.3.4"),
                                    SLICE("message size exceeds the server's limit")};
    else if (t->is_8bit && !c->has_8bitmime)
        reply =
            (struct smtp_reply){554, SLICE("5.6.3"), SLICE("the server takes no 8-bit messages")};
    else if (t->reverse_path.size > 0 && !is_path(t->reverse_path))
        reply = (struct smtp_reply){553, SLICE("5.1.7"), SLICE("the sender is no mail address")};
    if (reply.code)
        smtp_client_remember(c, &reply);
    return reply.code != 0;
}

static void start_transaction(struct smtp_client *c, const struct smtp_client_transaction *t)
{
    c->transaction = *t;
    vector_clear(&c->fates);
    for (size_t i = 0; i < t->recipient_count; i++)
        *vector_add(&c->fates) = is_path(t->forward_paths[i]) ? SMTP_CLIENT_IS_ADDRESS : 0;
    c->in_flight = c->accepted = 0;
    c->is_data_sent = c->sender_refused = false;
    c->next_sent = c->next_answered = smtp_client_skip_invalid(c, 0);
}

void smtp_client_send(struct smtp_client *c, const struct smtp_client_transaction *t)
{
    check(c->state == SMTP_CLIENT_STATE_IDLE && c->report_count == 0 && t->recipient_count > 0);
    start_transaction(c, t);
    if (refuse_whole(c)) {
        smtp_client_report(c, SMTP_CLIENT_REPORT_REST);
        smtp_client_report(c, SMTP_CLIENT_REPORT_REFUSED);
        enter(c, SMTP_CLIENT_STATE_IDLE);
        return;
    }
    smtp_client_report(c, SMTP_CLIENT_REPORT_INVALID);
    if (c->next_sent < t->recipient_count) {
        enter(c, SMTP_CLIENT_STATE_MAIL);
        return;
    }
    smtp_client_remember(c, &smtp_client_no_address);
    smtp_client_report(c, SMTP_CLIENT_REPORT_REFUSED);
    enter(c, SMTP_CLIENT_STATE_IDLE);
}

void smtp_client_quit(struct smtp_client *c)
{
    if (c->state == SMTP_CLIENT_STATE_IDLE)
        enter(c, SMTP_CLIENT_STATE_QUIT);
}
