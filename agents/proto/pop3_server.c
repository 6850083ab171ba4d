#include "agents/proto/pop3_server.h"

#include <string.h>

#include "sim/base/check.h"
#include "agents/proto/pop3_text.h"

enum {
    IN_CEILING = 64 * 1024,
    OUT_CEILING = 128 * 1024 * 1024,
    TEXT_MAX = 512 - 8,  /* of a status line of 512 octets with CRLF (RFC 2449 4), behind "-ERR " */
    CONTENT_GROWTH = 64, /* dots, mostly none, and the end */
};

void pop3_server_init(struct pop3_server *s)
{
    *s = (struct pop3_server){0};
    pop3_server_restart(s);
}

void pop3_server_restart(struct pop3_server *s)
{
    struct pop3_server old = *s;
    *s = (struct pop3_server){.base = old.base,
                              .messages = old.messages,
                              .line = old.line,
                              .user = old.user,
                              .verb = POP3_VERB_COUNT};
    vector_reuse(&s->messages);
    session_restart(&s->base, IN_CEILING, OUT_CEILING);
    bytes_renew(&s->line, POP3_LINE_MAX);
    bytes_renew(&s->user, POP3_LINE_MAX);
}

void pop3_server_finish(struct pop3_server *s)
{
    session_finish(&s->base);
    vector_finish(&s->messages);
    bytes_finish(&s->line);
    bytes_finish(&s->user);
}

/* The one place where the state changes. */
static void enter(struct pop3_server *s, enum pop3_state state)
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
    enter(s, POP3_STATE_CLOSED);
}

/* ---- replies ---- */

/* Where out stood before a reply, so that one that does not fit leaves nothing behind. */
struct mark {
    size_t size, cuts;
};

static struct mark mark_of(const struct pop3_server *s)
{
    return (struct mark){bytes_size(&s->base.out), s->base.cuts.count};
}

static void take_back(struct pop3_server *s, struct mark mark)
{
    bytes_truncate(&s->base.out, mark.size);
    s->base.cuts.count = mark.cuts;
}

/* The reply is written, or out is so full that there is no way on. */
static void conclude(struct pop3_server *s, struct mark mark, bool ok, bool fits)
{
    s->has_reply = fits;
    if (!fits) {
        take_back(s, mark);
        break_off(s);
        return;
    }
    s->reply_ok = ok;
}

/* A status line. What a role gave as text can't become a line of its own. */
static void answer(struct pop3_server *s, bool ok, struct slice text)
{
    text = slice_part(text, 0, TEXT_MAX);
    text = slice_part(text, 0, slice_find_octet(text, '\0', 0));
    text = slice_part(text, 0, slice_find_line_end(text, 0));
    const struct slice line[] = {ok ? SLICE("+OK") : SLICE("-ERR"),
                                 text.size ? SLICE(" ") : SLICE(""), text, SLICE("\r\n")};
    struct mark mark = mark_of(s);
    conclude(s, mark, ok, bytes_append_all(&s->base.out, line, 4));
}

/* The client's own mistake: some are forgiven, a flood of them ends the session. */
static void fault(struct pop3_server *s, struct slice text)
{
    s->errors++;
    if (s->errors < POP3_ERRORS_MAX) {
        answer(s, false, text);
        return;
    }
    answer(s, false, SLICE("too many errors"));
    if (s->state != POP3_STATE_CLOSED)
        break_off(s);
}

static void ask(struct pop3_server *s, enum pop3_server_event_kind kind)
{
    s->awaits_verdict = true;
    s->is_asked = false;
    s->verdict_for = kind;
}

/* ---- the maildrop ---- */

/* Messages not marked, and their octets (RFC 1939 5, STAT: marked ones are not counted). */
static size_t count_messages(const struct pop3_server *s, uint64_t *octets)
{
    size_t count = 0;
    *octets = 0;
    for (size_t i = 0; i < s->messages.count; i++) {
        if (s->messages.items[i].is_deleted)
            continue;
        count++;
        *octets += s->messages.items[i].size;
    }
    return count;
}

static void answer_maildrop(struct pop3_server *s)
{
    uint64_t octets;
    size_t count = count_messages(s, &octets);
    struct mark mark = mark_of(s);
    conclude(s, mark, true, pop3_text_put_maildrop(&s->base.out, count, octets));
}

/* The message a number means: from 1, and not marked (RFC 1939 5). False: it was refused. */
static bool find_message(struct pop3_server *s, struct slice number)
{
    uint64_t n;
    if (!slice_to_u64(number, &n)) {
        fault(s, SLICE("a message number is expected"));
        return false;
    }
    if (n < 1 || n > s->messages.count) {
        fault(s, SLICE("no such message"));
        return false;
    }
    if (s->messages.items[n - 1].is_deleted) {
        fault(s, SLICE("the message is marked as deleted"));
        return false;
    }
    s->message = (size_t)(n - 1);
    return true;
}

/* ---- one function a verb; the argument has no blanks at its ends, but for PASS ---- */

static void do_user(struct pop3_server *s, struct slice argument)
{
    if (argument.size == 0) {
        fault(s, SLICE("a name is expected"));
        return;
    }
    /* the same answer whether there is such a user or not: names are not to be found out */
    if (bytes_append(&s->user, argument))
        answer(s, true, SLICE("send PASS"));
}

/* Everything behind the first blank is the password, further blanks too (RFC 1939 7). */
static void do_pass(struct pop3_server *s, struct slice argument)
{
    if (bytes_size(&s->user) == 0)
        fault(s, SLICE("USER comes first"));
    else if (argument.size == 0)
        fault(s, SLICE("a password is expected"));
    else
        ask(s, POP3_SERVER_LOGIN);
}

static void do_stat(struct pop3_server *s, struct slice argument)
{
    (void)argument;
    uint64_t octets;
    size_t count = count_messages(s, &octets);
    struct mark mark = mark_of(s);
    conclude(s, mark, true, pop3_text_put_stat(&s->base.out, count, octets));
}

/* The part of a LIST or UIDL answer that is about message i. */
static bool write_listing(struct pop3_server *s, size_t i)
{
    const struct pop3_server_message *m = &s->messages.items[i];
    if (s->verb == POP3_VERB_UIDL)
        return pop3_text_put_uid(&s->base.out, i + 1, slice_of(m->uid));
    return pop3_text_put_size(&s->base.out, i + 1, m->size);
}

static void list_one(struct pop3_server *s, struct slice number)
{
    if (!find_message(s, number))
        return;
    struct mark mark = mark_of(s);
    bool fits = bytes_append(&s->base.out, SLICE("+OK ")) && write_listing(s, s->message);
    conclude(s, mark, true, fits);
}

static void do_list(struct pop3_server *s, struct slice argument)
{
    if (argument.size > 0) {
        list_one(s, argument);
        return;
    }
    struct mark mark = mark_of(s);
    struct bytes *out = &s->base.out;
    if (s->verb == POP3_VERB_UIDL)
        answer(s, true, SLICE("unique-ids follow"));
    else
        answer_maildrop(s);
    bool fits = s->has_reply;
    for (size_t i = 0; i < s->messages.count && fits; i++)
        fits = s->messages.items[i].is_deleted || write_listing(s, i);
    conclude(s, mark, true, fits && bytes_append(out, SLICE(".\r\n")));
}

static void do_retr(struct pop3_server *s, struct slice argument)
{
    if (!find_message(s, argument))
        return;
    s->is_top = false;
    ask(s, POP3_SERVER_RETRIEVE);
}

static void do_top(struct pop3_server *s, struct slice argument)
{
    struct slice number = {0};
    slice_cut(&argument, ' ', &number);
    if (!slice_to_u64(slice_trim(argument), &s->top_lines)) {
        fault(s, SLICE("a message number and a number of lines are expected"));
        return;
    }
    if (!find_message(s, number))
        return;
    s->is_top = true;
    ask(s, POP3_SERVER_RETRIEVE);
}

static void do_dele(struct pop3_server *s, struct slice argument)
{
    if (!find_message(s, argument))
        return;
    s->messages.items[s->message].is_deleted = true;
    struct mark mark = mark_of(s);
    conclude(s, mark, true, pop3_text_put_marked(&s->base.out, s->message + 1));
}

static void do_rset(struct pop3_server *s, struct slice argument)
{
    (void)argument;
    for (size_t i = 0; i < s->messages.count; i++)
        s->messages.items[i].is_deleted = false;
    answer_maildrop(s);
}

static void do_noop(struct pop3_server *s, struct slice argument)
{
    (void)argument;
    answer(s, true, SLICE(""));
}

static void do_quit(struct pop3_server *s, struct slice argument)
{
    (void)argument;
    if (s->state == POP3_STATE_TRANSACTION) {
        enter(s, POP3_STATE_UPDATE);
        ask(s, POP3_SERVER_UPDATE);
        return;
    }
    answer(s, true, SLICE("bye"));
    enter(s, POP3_STATE_CLOSED);
}

static void do_capa(struct pop3_server *s, struct slice argument)
{
    (void)argument;
    struct mark mark = mark_of(s);
    conclude(s, mark, true,
             bytes_append(&s->base.out, SLICE("+OK capabilities follow\r\n"
                                              "TOP\r\nUSER\r\nUIDL\r\nRESP-CODES\r\nPIPELINING\r\n"
                                              ".\r\n")));
}

static void (*const verbs[POP3_VERB_UNKNOWN])(struct pop3_server *, struct slice) = {
    [POP3_VERB_USER] = do_user, [POP3_VERB_PASS] = do_pass, [POP3_VERB_STAT] = do_stat,
    [POP3_VERB_LIST] = do_list, [POP3_VERB_UIDL] = do_list, [POP3_VERB_RETR] = do_retr,
    [POP3_VERB_TOP] = do_top,   [POP3_VERB_DELE] = do_dele, [POP3_VERB_RSET] = do_rset,
    [POP3_VERB_NOOP] = do_noop, [POP3_VERB_QUIT] = do_quit, [POP3_VERB_CAPA] = do_capa,
};

/* ---- commands ---- */

/* What stands behind the verb: for PASS as it is, else without blanks around it. */
static struct slice argument_of(const struct pop3_server *s)
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
    struct slice argument = argument_of(s);
    /* PASS counts only right after a USER that was taken (RFC 1939 7) */
    if (s->verb != POP3_VERB_PASS)
        bytes_clear(&s->user);
    if (s->is_too_long)
        fault(s, SLICE("the line is too long"));
    else if (s->verb == POP3_VERB_UNKNOWN)
        fault(s, SLICE("unknown command"));
    else if (!(rule->legal_states & 1u << s->state))
        fault(s, s->state == POP3_STATE_AUTHORIZATION ? SLICE("log in first")
                                                      : SLICE("already logged in"));
    else if (!pop3_text_is_plain(argument))
        fault(s, SLICE("control characters are not allowed"));
    else if (argument.size > 0 && rule->argument[0] == '\0')
        fault(s, SLICE("no argument is expected"));
    else
        verbs[s->verb](s, argument);
}

/*
 * The next line into `line`. One that is too long is passed over up to its end without being kept;
 * it counts as an unknown command then.
 */
static bool read_line(struct pop3_server *s)
{
    struct slice line = {0};
    enum session_line found = session_take_line(&s->base, POP3_LINE_MAX - 2, &line);
    if (line.data) {
        s->is_too_long = s->skips_line || found == SESSION_LINE_TOO_LONG;
        s->skips_line = false;
        bytes_clear(&s->line);
        return s->is_too_long || bytes_append(&s->line, line);
    }
    if (found == SESSION_LINE_TOO_LONG) {
        s->skips_line = true;
        bytes_consume(&s->base.in, bytes_size(&s->base.in) - 1); /* the last may be a CR */
    }
    return false;
}

static bool read_command(struct pop3_server *s)
{
    if (s->state != POP3_STATE_AUTHORIZATION && s->state != POP3_STATE_TRANSACTION)
        return false;
    if (!read_line(s))
        return false;
    struct slice rest = bytes_slice(&s->line), word = {0};
    slice_cut(&rest, ' ', &word);
    s->verb = pop3_verb_find(word);
    s->has_command = true;
    return true;
}

/* ---- events ---- */

static bool report_question(struct pop3_server *s, struct pop3_server_event *event)
{
    if (s->is_asked)
        return false;
    s->is_asked = true;
    event->kind = s->verdict_for;
    event->message = s->message;
    if (s->verdict_for == POP3_SERVER_LOGIN) {
        event->user = bytes_slice(&s->user);
        event->password = argument_of(s);
    }
    return true;
}

bool pop3_server_next(struct pop3_server *s, struct pop3_server_event *event)
{
    if (s->has_command) {
        s->has_command = false;
        judge(s);
    }
    *event = (struct pop3_server_event){.verb = s->verb};
    if (s->has_reply) {
        s->has_reply = false;
        event->kind = POP3_SERVER_REPLIED;
        event->ok = s->reply_ok;
        return true;
    }
    if (s->awaits_verdict)
        return report_question(s, event);
    if (read_command(s)) {
        event->kind = POP3_SERVER_COMMAND;
        event->verb = s->verb;
        event->argument = argument_of(s);
        return true;
    }
    if (s->base.is_eof && s->state != POP3_STATE_CLOSED)
        break_off(s);
    bool is_ended = s->is_broken_off;
    s->is_broken_off = false;
    event->kind = POP3_SERVER_ENDED;
    return is_ended;
}

/* ---- what the role says ---- */

static void take_verdict(struct pop3_server *s, enum pop3_server_event_kind kind)
{
    check(s->awaits_verdict && s->is_asked && s->verdict_for == kind);
    s->awaits_verdict = false;
}

void pop3_server_greet(struct pop3_server *s, struct slice text)
{
    check(s->state == POP3_STATE_CONNECTED);
    enter(s, POP3_STATE_AUTHORIZATION);
    answer(s, true, text);
}

void pop3_server_opened(struct pop3_server *s, const struct pop3_server_message *messages,
                        size_t count)
{
    take_verdict(s, POP3_SERVER_LOGIN);
    bytes_release(&s->user);
    bytes_release(&s->line); /* the password need not stay */
    for (size_t i = 0; i < count; i++) {
        check(memchr(messages[i].uid, '\0', sizeof messages[i].uid));
        check(pop3_text_is_uid(slice_of(messages[i].uid)));
        *vector_add(&s->messages) = messages[i];
    }
    enter(s, POP3_STATE_TRANSACTION);
    answer_maildrop(s);
}

void pop3_server_refuse(struct pop3_server *s, struct slice text)
{
    bool is_login = s->verdict_for == POP3_SERVER_LOGIN;
    take_verdict(s, is_login ? POP3_SERVER_LOGIN : POP3_SERVER_RETRIEVE);
    bytes_clear(&s->user);
    /* a wrong password is the client's mistake, a message that can't be read is not */
    if (is_login)
        fault(s, text);
    else
        answer(s, false, text);
}

static bool write_content(struct pop3_server *s, struct slice header, struct slice body)
{
    struct bytes *out = &s->base.out;
    if (!(s->is_top ? bytes_append(out, SLICE("+OK the top follows\r\n"))
                    : pop3_text_put_octets(out, header.size + body.size)))
        return false;
    (void)bytes_reserve(out, header.size + body.size + CONTENT_GROWTH);
    session_cut(&s->base);
    if (!pop3_text_stuff(header, out))
        return false;
    session_cut(&s->base);
    if (!pop3_text_stuff(s->is_top ? pop3_text_top(body, s->top_lines) : body, out))
        return false;
    session_cut(&s->base);
    return bytes_append(out, SLICE(".\r\n"));
}

void pop3_server_content(struct pop3_server *s, struct slice header, struct slice body)
{
    take_verdict(s, POP3_SERVER_RETRIEVE);
    struct mark mark = mark_of(s);
    if (write_content(s, header, body)) {
        conclude(s, mark, true, true);
        return;
    }
    take_back(s, mark);
    answer(s, false, SLICE("[SYS/TEMP] the message is too large to be sent now"));
}

void pop3_server_updated(struct pop3_server *s, bool ok)
{
    take_verdict(s, POP3_SERVER_UPDATE);
    answer(s, ok, ok ? SLICE("bye") : SLICE("some deleted messages were not removed"));
    enter(s, POP3_STATE_CLOSED);
    s->is_broken_off =
        false; /* QUIT was given: what was removed is, even if the reply found no room */
}
