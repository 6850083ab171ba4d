#include "agents/proto/pop3_server.h"

#include "sim/base/check.h"
#include "agents/proto/pop3_server_part.h"
#include "agents/proto/pop3_text.h"

enum {
    IN_CEILING = 64 * 1024,
    OUT_CEILING = 128 * 1024 * 1024,
    TEXT_MAX = 512 - 8, /* of a status line of 512 octets with CRLF (RFC 2449 4), behind "-ERR " */
};

void pop3_server_init(struct pop3_server *s, const struct pop3_server_options *options)
{
    *s = (struct pop3_server){0};
    pop3_server_restart(s, options);
}

void pop3_server_restart(struct pop3_server *s, const struct pop3_server_options *options)
{
    pop3_server_end_exchange(s);
    struct pop3_server old = *s;
    *s = (struct pop3_server){.base = old.base,
                              .options = *options,
                              .messages = old.messages,
                              .line = old.line,
                              .user = old.user,
                              .verb = POP3_VERB_COUNT};
    vector_reuse(&s->messages);
    session_restart(&s->base, IN_CEILING, OUT_CEILING);
    s->base.tls = SESSION_TLS_NONE;
    bytes_renew(&s->line, POP3_LINE_MAX);
    bytes_renew(&s->user, SASL_MESSAGE_MAX);
}

void pop3_server_finish(struct pop3_server *s)
{
    pop3_server_end_exchange(s);
    session_finish(&s->base);
    vector_finish(&s->messages);
    bytes_finish(&s->line);
    bytes_finish(&s->user);
}

void pop3_server_enter(struct pop3_server *s, enum pop3_state state)
{
    s->state = state;
    if (state == POP3_STATE_CLOSED) {
        s->base.is_closing = true;
        bytes_reuse(&s->base.in);
    }
}

/* Over without QUIT: no mark counts. */
static void break_off(struct pop3_server *s)
{
    s->is_broken_off = true;
    pop3_server_enter(s, POP3_STATE_CLOSED);
}

/* ---- replies ---- */

struct pop3_server_mark pop3_server_mark(const struct pop3_server *s)
{
    return (struct pop3_server_mark){bytes_size(&s->base.out), s->base.cuts.count};
}

void pop3_server_take_back(struct pop3_server *s, struct pop3_server_mark mark)
{
    bytes_truncate(&s->base.out, mark.size);
    s->base.cuts.count = mark.cuts;
}

void pop3_server_conclude(struct pop3_server *s, struct pop3_server_mark mark, bool ok, bool fits)
{
    s->has_reply = fits;
    if (!fits) {
        pop3_server_take_back(s, mark);
        break_off(s);
        return;
    }
    s->reply_ok = ok;
}

void pop3_server_answer(struct pop3_server *s, bool ok, struct slice text)
{
    text = slice_part(text, 0, TEXT_MAX);
    text = slice_part(text, 0, slice_find_octet(text, '\0', 0));
    text = slice_part(text, 0, slice_find_line_end(text, 0));
    const struct slice line[] = {ok ? SLICE("+OK") : SLICE("-ERR"),
                                 text.size ? SLICE(" ") : SLICE(""), text, SLICE("\r\n")};
    struct pop3_server_mark mark = pop3_server_mark(s);
    pop3_server_conclude(s, mark, ok, bytes_append_all(&s->base.out, line, 4));
}

void pop3_server_fault(struct pop3_server *s, struct slice text)
{
    s->errors++;
    if (s->errors < POP3_ERRORS_MAX) {
        pop3_server_answer(s, false, text);
        return;
    }
    pop3_server_answer(s, false, SLICE("too many errors"));
    if (s->state != POP3_STATE_CLOSED)
        break_off(s);
}

void pop3_server_ask(struct pop3_server *s, enum pop3_server_event_kind kind)
{
    s->awaits_verdict = true;
    s->is_asked = false;
    s->verdict_for = kind;
}

void pop3_server_take_verdict(struct pop3_server *s, enum pop3_server_event_kind kind)
{
    check(s->awaits_verdict && s->is_asked && s->verdict_for == kind);
    s->awaits_verdict = false;
}

/* ---- commands ---- */

static pop3_server_verb *const verbs[POP3_VERB_UNKNOWN] = {
    [POP3_VERB_USER] = pop3_server_do_user, [POP3_VERB_PASS] = pop3_server_do_pass,
    [POP3_VERB_APOP] = pop3_server_do_apop, [POP3_VERB_AUTH] = pop3_server_do_auth,
    [POP3_VERB_STLS] = pop3_server_do_stls, [POP3_VERB_STAT] = pop3_server_do_stat,
    [POP3_VERB_LIST] = pop3_server_do_list, [POP3_VERB_UIDL] = pop3_server_do_list,
    [POP3_VERB_RETR] = pop3_server_do_retr, [POP3_VERB_TOP] = pop3_server_do_top,
    [POP3_VERB_DELE] = pop3_server_do_dele, [POP3_VERB_RSET] = pop3_server_do_rset,
    [POP3_VERB_NOOP] = pop3_server_do_noop, [POP3_VERB_QUIT] = pop3_server_do_quit,
    [POP3_VERB_CAPA] = pop3_server_do_capa,
};

struct slice pop3_server_argument(const struct pop3_server *s)
{
    struct slice argument = bytes_slice(&s->line), word;
    if (s->verb == POP3_VERB_UNKNOWN)
        return argument;
    slice_cut(&argument, ' ', &word);
    return s->verb == POP3_VERB_PASS ? argument : slice_trim(argument);
}

static void judge(struct pop3_server *s)
{
    const struct pop3_rule *rule = &pop3_rules[s->verb];
    struct slice argument = pop3_server_argument(s);
    /* PASS counts only right after a USER that was taken (RFC 1939 7) */
    s->has_user = s->has_user && s->verb == POP3_VERB_PASS;
    if (s->is_too_long)
        pop3_server_fault(s, SLICE("the line is too long"));
    else if (s->verb == POP3_VERB_UNKNOWN)
        pop3_server_fault(s, SLICE("unknown command"));
    else if (!(rule->legal_states & 1u << s->state))
        pop3_server_fault(s, s->state == POP3_STATE_AUTHORIZATION ? SLICE("log in first")
                                                                  : SLICE("already logged in"));
    else if (!pop3_text_is_plain(argument))
        pop3_server_fault(s, SLICE("control characters are not allowed"));
    else if (argument.size > 0 && rule->argument[0] == '\0')
        pop3_server_fault(s, SLICE("no argument is expected"));
    else
        verbs[s->verb](s, argument);
}

void pop3_server_overrule(struct pop3_server *s, struct slice text)
{
    check(s->has_command);
    s->has_command = s->has_user = false;
    pop3_server_answer(s, false, text);
}

void pop3_server_turn_away(struct pop3_server *s, struct slice text)
{
    check(s->state == POP3_STATE_CONNECTED);
    pop3_server_answer(s, false, text);
    break_off(s);
}

/*
 * The next line of at most so many octets. One that is longer is passed over up to its end without
 * being kept; is_too_long says so.
 */
static bool read_line(struct pop3_server *s, size_t octets_max, struct slice *line)
{
    *line = (struct slice){0};
    enum session_line found = session_take_line(&s->base, octets_max, line);
    if (line->data) {
        s->is_too_long = s->skips_line || found == SESSION_LINE_TOO_LONG;
        s->skips_line = false;
        return true;
    }
    if (found == SESSION_LINE_TOO_LONG) {
        s->skips_line = true;
        bytes_consume(&s->base.in, bytes_size(&s->base.in) - 1); /* the last may be a CR */
    }
    return false;
}

static bool read_command(struct pop3_server *s)
{
    struct slice line, word = {0};
    if (!read_line(s, POP3_LINE_MAX - 2, &line))
        return false;
    bytes_clear(&s->line);
    if (!s->is_too_long)
        bytes_append(&s->line, line);
    line = bytes_slice(&s->line);
    slice_cut(&line, ' ', &word);
    s->verb = pop3_verb_find(word);
    s->has_command = true;
    return true;
}

static bool read_response(struct pop3_server *s)
{
    struct slice line;
    if (!read_line(s, POP3_SERVER_RESPONSE_MAX, &line))
        return false;
    pop3_server_respond(s, line, s->is_too_long);
    return true;
}

/* What comes in clear between STLS and TLS is nobody's. Then the session goes on as a new one. */
static bool read_tls(struct pop3_server *s)
{
    if (s->base.tls != SESSION_TLS_ON) {
        bytes_clear(&s->base.in);
        return false;
    }
    pop3_server_enter(s, POP3_STATE_AUTHORIZATION);
    return true;
}

/* True when something was read that moved the session on. */
static bool read_next(struct pop3_server *s)
{
    switch (s->state) {
    case POP3_STATE_AUTHORIZATION:
    case POP3_STATE_TRANSACTION:
        return read_command(s);
    case POP3_STATE_EXCHANGE:
        return read_response(s);
    case POP3_STATE_STARTTLS:
        return read_tls(s);
    case POP3_STATE_CONNECTED:
    case POP3_STATE_UPDATE:
    case POP3_STATE_CLOSED:
    case POP3_STATE_COUNT:
        break;
    }
    return false;
}

/* ---- events ---- */

static bool report_question(struct pop3_server *s, struct pop3_server_event *event)
{
    if (s->is_asked)
        return false;
    s->is_asked = true;
    event->kind = s->verdict_for;
    event->message = s->message;
    event->user = bytes_slice(&s->user);
    return true;
}

static bool report_auth(struct pop3_server *s, struct pop3_server_event *event)
{
    s->has_auth = false;
    event->kind = POP3_SERVER_AUTH;
    event->user = bytes_slice(&s->user);
    event->ok = s->auth_ok;
    event->mechanism =
        s->verb == POP3_VERB_AUTH ? sasl_name(s->sasl->mechanism) : pop3_verb_name(s->verb);
    return true;
}

static bool report_reply(struct pop3_server *s, struct pop3_server_event *event)
{
    s->has_reply = false;
    event->kind = POP3_SERVER_REPLIED;
    event->ok = s->reply_ok;
    return true;
}

static bool report_command(const struct pop3_server *s, struct pop3_server_event *event)
{
    event->kind = POP3_SERVER_COMMAND;
    event->verb = s->verb;
    event->argument = pop3_server_argument(s);
    return true;
}

static bool report_end(struct pop3_server *s, struct pop3_server_event *event)
{
    if (s->base.is_eof && s->state != POP3_STATE_CLOSED)
        break_off(s);
    bool is_ended = s->is_broken_off;
    s->is_broken_off = false;
    event->kind = POP3_SERVER_ENDED;
    return is_ended;
}

bool pop3_server_next(struct pop3_server *s, struct pop3_server_event *event)
{
    if (s->has_command) {
        s->has_command = false;
        judge(s);
    }
    do {
        *event = (struct pop3_server_event){.verb = s->verb};
        if (s->has_auth)
            return report_auth(s, event);
        if (s->has_reply)
            return report_reply(s, event);
        if (s->awaits_verdict)
            return report_question(s, event);
    } while (read_next(s) && !s->has_command);
    return s->has_command ? report_command(s, event) : report_end(s, event);
}
