#include "agents/proto/pop3_client.h"

#include "sim/base/check.h"
#include "sim/base/digits.h"
#include "agents/proto/pop3_client_part.h"
#include "agents/proto/pop3_text.h"

enum {
    OUT_CEILING = 32 * 1024,
    TIMEOUT_S = 300,
};

void pop3_client_init(struct pop3_client *c, const struct pop3_client_options *options)
{
    *c = (struct pop3_client){0};
    pop3_client_restart(c, options);
}

void pop3_client_restart(struct pop3_client *c, const struct pop3_client_options *options)
{
    struct pop3_client_options kept = *options; /* it may be c's own */
    pop3_client_end_exchange(c);
    struct pop3_client old = *c;
    *c = (struct pop3_client){.base = old.base,
                              .options = kept,
                              .messages = old.messages,
                              .content = old.content,
                              .text = old.text,
                              .stamp = old.stamp};
    vector_reuse(&c->messages);
    session_restart(&c->base, POP3_CLIENT_CONTENT_MAX, OUT_CEILING);
    c->base.tls = SESSION_TLS_NONE;
    bytes_renew(&c->content, POP3_CLIENT_CONTENT_MAX);
    bytes_renew(&c->text, POP3_CLIENT_REPLY_MAX);
    bytes_renew(&c->stamp, POP3_CLIENT_REPLY_MAX);
}

void pop3_client_finish(struct pop3_client *c)
{
    pop3_client_end_exchange(c);
    session_finish(&c->base);
    vector_finish(&c->messages);
    bytes_finish(&c->content);
    bytes_finish(&c->text);
    bytes_finish(&c->stamp);
}

int64_t pop3_client_timeout_s(const struct pop3_client *c)
{
    bool is_waiting = c->step == POP3_CLIENT_STEP_STATUS || c->step == POP3_CLIENT_STEP_LINES ||
                      c->step == POP3_CLIENT_STEP_TLS;
    return is_waiting ? TIMEOUT_S : 0;
}

static struct pop3_client_message *current(struct pop3_client *c)
{
    return &c->messages.items[c->current];
}

/* ---- how it ends ---- */

static void keep_reason(struct pop3_client *c, struct slice text)
{
    bytes_clear(&c->text);
    bytes_append(&c->text, text);
}

void pop3_client_fail(struct pop3_client *c, struct slice text, bool is_lost)
{
    if (!c->is_refused) {
        keep_reason(c, text);
        c->is_lost = is_lost;
    }
    c->state = POP3_CLIENT_STATE_CLOSED;
    c->step = POP3_CLIENT_STEP_FAILED;
    c->base.is_closing = true;
    bytes_release(&c->content);
}

void pop3_client_fail_nonsense(struct pop3_client *c)
{
    pop3_client_fail(c, SLICE("the server does not speak POP3"), true);
}

/* The same after an -ERR, whose text is kept already. */
static void fail_refused(struct pop3_client *c)
{
    c->is_refused = true;
    pop3_client_fail(c, (struct slice){0}, false);
}

void pop3_client_refuse(struct pop3_client *c)
{
    c->is_refused = true;
    pop3_client_enter(c, POP3_CLIENT_STATE_QUIT);
}

void pop3_client_refuse_because(struct pop3_client *c, struct slice text)
{
    keep_reason(c, text);
    pop3_client_refuse(c);
}

/* ---- what is sent on entering a state ---- */

static void say_line(struct pop3_client *c, const char *verb, struct slice argument)
{
    const struct slice line[] = {slice_of(verb), argument.size ? SLICE(" ") : SLICE(""), argument,
                                 SLICE("\r\n")};
    if (!bytes_append_all(&c->base.out, line, 4))
        pop3_client_fail(c, SLICE("no room for a command"), false);
}

void pop3_client_say(struct pop3_client *c, struct slice argument)
{
    say_line(c, pop3_client_row(c->state)->verb, argument);
}

/* A name or password must not end the line it is sent in, nor make it longer than servers take. */
static void say_secret(struct pop3_client *c, struct slice argument)
{
    size_t room = POP3_CLIENT_LINE_MAX - (sizeof "USER " - 1);
    if (argument.size > 0 && argument.size <= room && pop3_text_is_plain(argument))
        pop3_client_say(c, argument);
    else
        pop3_client_fail(c, SLICE("POP3 cannot carry this user name or password"), false);
}

static bool pipelines(const struct pop3_client *c)
{
    return c->options.pipelines && c->has_pipelining;
}

/* STAT, LIST and UIDL; all three at once where that is allowed (RFC 2449 6.6). */
static void say_listing(struct pop3_client *c)
{
    if (c->flying > 0) { /* it was sent along before */
        c->flying--;
        return;
    }
    pop3_client_say(c, (struct slice){0});
    if (c->state != POP3_CLIENT_STATE_STAT || !pipelines(c))
        return;
    say_line(c, "LIST", (struct slice){0});
    say_line(c, "UIDL", (struct slice){0});
    c->flying = 2;
}

static void say_about(struct pop3_client *c, const struct pop3_client_message *m)
{
    char text[DIGITS_MAX + 2];
    bool is_top = c->state != POP3_CLIENT_STATE_DELE && m->is_top;
    size_t size = digits_put(text, m->number, 10, 0);
    if (is_top) {
        text[size++] = ' ';
        text[size++] = '0';
    }
    const char *verb = c->state == POP3_CLIENT_STATE_DELE ? "DELE" : is_top ? "TOP" : "RETR";
    say_line(c, verb, (struct slice){text, size});
}

static bool is_to_do(const struct pop3_client *c, const struct pop3_client_message *m)
{
    return c->state == POP3_CLIENT_STATE_DELE ? m->remove : m->wanted;
}

/* The command for the current message, unless it was sent before, and where that is allowed for
   some of the next. */
static void say_messages(struct pop3_client *c)
{
    size_t limit = pipelines(c) ? POP3_CLIENT_FLYING_MAX : 0;
    if (c->flying > 0)
        c->flying--;
    bool is_first = c->sent <= c->current;
    if (is_first)
        c->sent = c->current;
    for (; c->sent < c->messages.count && (is_first || c->flying < limit); c->sent++) {
        if (!is_to_do(c, &c->messages.items[c->sent]))
            continue;
        say_about(c, &c->messages.items[c->sent]);
        c->flying += !is_first;
        is_first = false;
    }
}

void pop3_client_enter(struct pop3_client *c, enum pop3_client_state state)
{
    c->state = state;
    c->step = POP3_CLIENT_STEP_STATUS;
    switch (state) {
    case POP3_CLIENT_STATE_GREETING:
        break;
    case POP3_CLIENT_STATE_USER:
        say_secret(c, c->options.user);
        break;
    case POP3_CLIENT_STATE_PASS:
        say_secret(c, c->options.password);
        break;
    case POP3_CLIENT_STATE_AUTH:
        pop3_client_say_auth(c);
        break;
    case POP3_CLIENT_STATE_APOP:
        pop3_client_say_apop(c);
        break;
    case POP3_CLIENT_STATE_CAPA:
        pop3_client_forget_capabilities(c);
        pop3_client_say(c, (struct slice){0});
        break;
    case POP3_CLIENT_STATE_STLS:
    case POP3_CLIENT_STATE_QUIT:
        pop3_client_say(c, (struct slice){0});
        break;
    case POP3_CLIENT_STATE_STAT:
    case POP3_CLIENT_STATE_LIST:
    case POP3_CLIENT_STATE_UIDL:
        say_listing(c);
        break;
    case POP3_CLIENT_STATE_RETR:
    case POP3_CLIENT_STATE_TOP:
    case POP3_CLIENT_STATE_DELE:
        say_messages(c);
        break;
    case POP3_CLIENT_STATE_TLS:
        c->step = POP3_CLIENT_STEP_TLS;
        break;
    case POP3_CLIENT_STATE_CHOOSE:
        c->step = POP3_CLIENT_STEP_ROLE;
        break;
    case POP3_CLIENT_STATE_CLOSED:
        c->step = POP3_CLIENT_STEP_OVER;
        c->base.is_closing = true;
        break;
    case POP3_CLIENT_STATE_COUNT:
        check(state < POP3_CLIENT_STATE_COUNT);
        break;
    }
}

/* The next message to remove, then QUIT. All are fetched before the first is marked. */
static void remove_next(struct pop3_client *c)
{
    while (c->current < c->messages.count && !current(c)->remove)
        c->current++;
    bool is_found = c->current < c->messages.count;
    pop3_client_enter(c, is_found ? POP3_CLIENT_STATE_DELE : POP3_CLIENT_STATE_QUIT);
}

static void begin_removing(struct pop3_client *c)
{
    for (size_t i = 0; i < c->messages.count; i++)
        if (c->messages.items[i].is_held) {
            c->step = POP3_CLIENT_STEP_HELD;
            return;
        }
    c->current = c->sent = 0;
    remove_next(c);
}

void pop3_client_settle(struct pop3_client *c, size_t message, bool remove)
{
    c->messages.items[message].is_held = false;
    c->messages.items[message].remove = remove;
    if (c->step == POP3_CLIENT_STEP_HELD)
        begin_removing(c);
}

static void fetch_next(struct pop3_client *c)
{
    while (c->current < c->messages.count && !current(c)->wanted)
        c->current++;
    if (c->current < c->messages.count) {
        pop3_client_enter(c, current(c)->is_top ? POP3_CLIENT_STATE_TOP : POP3_CLIENT_STATE_RETR);
        return;
    }
    bytes_reuse(&c->content);
    begin_removing(c);
}

void pop3_client_go(struct pop3_client *c)
{
    if (c->step != POP3_CLIENT_STEP_ROLE)
        return;
    for (size_t i = 0; i < c->messages.count; i++) {
        struct pop3_client_message *m = &c->messages.items[i];
        if (m->wanted && m->size > POP3_CLIENT_CONTENT_MAX)
            m->wanted = m->remove = false;
    }
    c->current = c->sent = 0;
    fetch_next(c);
}

/* ---- where a reply leads ---- */

static void go_on(struct pop3_client *c, enum pop3_client_state next)
{
    if (c->ok)
        pop3_client_enter(c, next);
    else
        pop3_client_refuse(c);
}

/* A LIST that is refused ends the session; a UIDL that was sent along is answered first. */
static void lead_list(struct pop3_client *c)
{
    c->is_refused = !c->ok;
    if (c->ok || c->flying > 0)
        pop3_client_enter(c, POP3_CLIENT_STATE_UIDL);
    else
        pop3_client_refuse(c);
}

/* UIDL is optional (RFC 1939 7). */
static bool lead_uidl(struct pop3_client *c, struct pop3_client_event *event)
{
    if (c->is_refused) {
        pop3_client_refuse(c);
        return false;
    }
    pop3_client_enter(c, POP3_CLIENT_STATE_CHOOSE);
    event->kind = POP3_CLIENT_LISTED;
    return true;
}

/* A refused RETR or TOP: without its content a message is not removed either. */
static bool lead_retr(struct pop3_client *c, struct pop3_client_event *event)
{
    c->step = POP3_CLIENT_STEP_FETCHED;
    if (!c->ok) {
        current(c)->wanted = current(c)->remove = false;
        return false;
    }
    event->kind = POP3_CLIENT_MESSAGE;
    event->message = c->current;
    event->content = bytes_slice(&c->content);
    return true;
}

/* An -ERR to QUIT: some marked messages may still be there (RFC 1939 6). */
static bool lead_quit(struct pop3_client *c, struct pop3_client_event *event)
{
    bool has_removed = false;
    for (size_t i = 0; i < c->messages.count; i++)
        has_removed |= c->messages.items[i].remove;
    if (c->is_refused || (!c->ok && has_removed)) {
        fail_refused(c);
        return false;
    }
    pop3_client_enter(c, POP3_CLIENT_STATE_CLOSED);
    event->kind = POP3_CLIENT_DONE;
    return true;
}

/* True when there is an event. */
static bool lead(struct pop3_client *c, struct pop3_client_event *event)
{
    switch (c->state) {
    case POP3_CLIENT_STATE_GREETING:
        if (c->ok)
            pop3_client_enter(c, POP3_CLIENT_STATE_CAPA);
        else
            fail_refused(c);
        return false;
    case POP3_CLIENT_STATE_CAPA: /* an old server knows no CAPA (RFC 2449 5) */
        pop3_client_begin_login(c);
        return false;
    case POP3_CLIENT_STATE_STLS:
        pop3_client_lead_stls(c);
        return false;
    case POP3_CLIENT_STATE_AUTH:
        pop3_client_lead_auth(c);
        return false;
    case POP3_CLIENT_STATE_USER:
        go_on(c, POP3_CLIENT_STATE_PASS);
        return false;
    case POP3_CLIENT_STATE_APOP:
    case POP3_CLIENT_STATE_PASS:
        go_on(c, POP3_CLIENT_STATE_STAT);
        return false;
    case POP3_CLIENT_STATE_STAT: /* LIST says the same in full */
        pop3_client_enter(c, POP3_CLIENT_STATE_LIST);
        return false;
    case POP3_CLIENT_STATE_LIST:
        lead_list(c);
        return false;
    case POP3_CLIENT_STATE_UIDL:
        return lead_uidl(c, event);
    case POP3_CLIENT_STATE_RETR:
    case POP3_CLIENT_STATE_TOP:
        return lead_retr(c, event);
    case POP3_CLIENT_STATE_DELE:
        current(c)->remove = current(c)->remove && c->ok;
        c->current++;
        remove_next(c);
        return false;
    case POP3_CLIENT_STATE_QUIT:
        return lead_quit(c, event);
    case POP3_CLIENT_STATE_TLS:
    case POP3_CLIENT_STATE_CHOOSE:
    case POP3_CLIENT_STATE_CLOSED:
    case POP3_CLIENT_STATE_COUNT:
        break;
    }
    check(!"a reply is led on only where one is awaited");
    return false;
}

/* ---- events ---- */

static bool report_failure(struct pop3_client *c, struct pop3_client_event *event)
{
    c->step = POP3_CLIENT_STEP_OVER;
    *event = (struct pop3_client_event){
        .kind = POP3_CLIENT_FAILED, .is_lost = c->is_lost, .text = bytes_slice(&c->text)};
    return true;
}

/* More bytes are needed; but if none will come, that is the end of it. */
static void wait_for_more(struct pop3_client *c, bool *is_waiting)
{
    *is_waiting = !c->base.is_eof;
    if (c->base.is_eof)
        pop3_client_fail(c, SLICE("the connection was lost"), true);
}

/* What comes in clear between the reply to STLS and TLS is nobody's. */
static void wait_for_tls(struct pop3_client *c, bool *is_waiting)
{
    if (c->base.tls == SESSION_TLS_ON) {
        pop3_client_enter(c, POP3_CLIENT_STATE_CAPA);
        return;
    }
    bytes_clear(&c->base.in);
    wait_for_more(c, is_waiting);
}

bool pop3_client_next(struct pop3_client *c, struct pop3_client_event *event)
{
    bool is_waiting = false;
    *event = (struct pop3_client_event){0};
    while (!is_waiting) {
        switch ((enum pop3_client_step)c->step) {
        case POP3_CLIENT_STEP_STATUS:
            if (pop3_client_read_status(c, event))
                return true;
            if (c->step == POP3_CLIENT_STEP_STATUS)
                wait_for_more(c, &is_waiting);
            break;
        case POP3_CLIENT_STEP_LINES:
            if (pop3_client_read_rest(c))
                c->step = POP3_CLIENT_STEP_LEAD;
            else if (c->step == POP3_CLIENT_STEP_LINES)
                wait_for_more(c, &is_waiting);
            break;
        case POP3_CLIENT_STEP_LEAD:
            if (lead(c, event))
                return true;
            break;
        case POP3_CLIENT_STEP_FETCHED:
            bytes_clear(&c->content);
            c->current++;
            fetch_next(c);
            break;
        case POP3_CLIENT_STEP_TLS:
            wait_for_tls(c, &is_waiting);
            break;
        case POP3_CLIENT_STEP_ROLE:
        case POP3_CLIENT_STEP_HELD:
            wait_for_more(c, &is_waiting);
            break;
        case POP3_CLIENT_STEP_FAILED:
            return report_failure(c, event);
        case POP3_CLIENT_STEP_OVER:
            bytes_clear(&c->base.in);
            return false;
        }
    }
    return false;
}
