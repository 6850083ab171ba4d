#include "agents/proto/pop3_client.h"

#include <string.h>

#include "sim/base/check.h"
#include "sim/base/digits.h"
#include "agents/proto/pop3_listing.h"
#include "agents/proto/pop3_text.h"

enum {
    OUT_CEILING = 4096,
    LINE_MAX = 255 - 2,  /* what we send, without CRLF (RFC 2449 4) */
    REPLY_MAX = 1000,    /* what we read; servers go beyond the 512 of RFC 1939 3 */
    LINES_MAX = 1000000, /* of one listing */
    TIMEOUT_S = 300,
};

/* What next() is to do: wait for the server, act on a reply that is whole, wait for the role. */
enum step {
    STEP_STATUS,  /* a status line is awaited */
    STEP_LINES,   /* the lines of a multi-line reply are */
    STEP_LEAD,    /* the reply is whole */
    STEP_FETCHED, /* a message was reported: on to the next */
    STEP_ROLE,    /* pop3_client_go is awaited */
    STEP_FAILED,  /* FAILED is to be reported */
    STEP_OVER
};

/* In the table: what a reply in this state answers, and whether +OK brings lines behind it. */
static const struct row {
    const char *name, *verb;
    bool is_multiline;
} rows[POP3_CLIENT_STATE_COUNT] = {
    [POP3_CLIENT_STATE_GREETING] = {"GREETING", "CONNECT", false},
    [POP3_CLIENT_STATE_CAPA] = {"CAPA", "CAPA", true},
    [POP3_CLIENT_STATE_USER] = {"USER", "USER", false},
    [POP3_CLIENT_STATE_PASS] = {"PASS", "PASS", false},
    [POP3_CLIENT_STATE_STAT] = {"STAT", "STAT", false},
    [POP3_CLIENT_STATE_LIST] = {"LIST", "LIST", true},
    [POP3_CLIENT_STATE_UIDL] = {"UIDL", "UIDL", true},
    [POP3_CLIENT_STATE_CHOOSE] = {"CHOOSE", "", false},
    [POP3_CLIENT_STATE_RETR] = {"RETR", "RETR", true},
    [POP3_CLIENT_STATE_DELE] = {"DELE", "DELE", false},
    [POP3_CLIENT_STATE_QUIT] = {"QUIT", "QUIT", false},
    [POP3_CLIENT_STATE_CLOSED] = {"CLOSED", "", false},
};

const char *pop3_client_state_name(enum pop3_client_state state)
{
    check(state < POP3_CLIENT_STATE_COUNT);
    return rows[state].name;
}

void pop3_client_init(struct pop3_client *c, const struct pop3_client_options *options)
{
    *c = (struct pop3_client){0};
    pop3_client_restart(c, options);
}

void pop3_client_restart(struct pop3_client *c, const struct pop3_client_options *options)
{
    struct pop3_client old = *c;
    *c = (struct pop3_client){.base = old.base,
                              .options = *options,
                              .messages = old.messages,
                              .content = old.content,
                              .text = old.text};
    vector_reuse(&c->messages);
    session_restart(&c->base, POP3_CLIENT_CONTENT_MAX, OUT_CEILING);
    bytes_renew(&c->content, POP3_CLIENT_CONTENT_MAX);
    bytes_renew(&c->text, REPLY_MAX);
}

void pop3_client_finish(struct pop3_client *c)
{
    session_finish(&c->base);
    vector_finish(&c->messages);
    bytes_finish(&c->content);
    bytes_finish(&c->text);
}

int64_t pop3_client_timeout_s(const struct pop3_client *c)
{
    return c->step == STEP_STATUS || c->step == STEP_LINES ? TIMEOUT_S : 0;
}

static struct pop3_client_message *current(struct pop3_client *c)
{
    return &c->messages.items[c->current];
}

/* ---- what is sent on entering a state ---- */

/* It ends here, by our own decision or the peer's. The first reason given is the one reported. */
static void fail(struct pop3_client *c, struct slice text, bool is_lost)
{
    if (!c->is_refused) {
        bytes_clear(&c->text);
        bytes_append(&c->text, text);
        c->is_lost = is_lost;
    }
    c->state = POP3_CLIENT_STATE_CLOSED;
    c->step = STEP_FAILED;
    c->base.is_closing = true;
    bytes_release(&c->content);
}

/* The same after an -ERR, whose text is kept already. */
static void fail_refused(struct pop3_client *c)
{
    c->is_refused = true;
    fail(c, (struct slice){0}, false);
}

static void say(struct pop3_client *c, struct slice argument)
{
    const struct slice line[] = {slice_of(rows[c->state].verb),
                                 argument.size ? SLICE(" ") : SLICE(""), argument, SLICE("\r\n")};
    if (!bytes_append_all(&c->base.out, line, 4))
        fail(c, SLICE("no room for a command"), false);
}

/* A name or password must not end the line it is sent in, nor make it longer than servers take. */
static void say_secret(struct pop3_client *c, struct slice argument)
{
    size_t room = LINE_MAX - (sizeof "USER " - 1);
    if (argument.size > 0 && argument.size <= room && pop3_text_is_plain(argument))
        say(c, argument);
    else
        fail(c, SLICE("POP3 cannot carry this user name or password"), false);
}

static void enter(struct pop3_client *c, enum pop3_client_state state)
{
    char number[DIGITS_MAX];
    c->state = state;
    c->step = STEP_STATUS;
    switch (state) {
    case POP3_CLIENT_STATE_GREETING:
        break;
    case POP3_CLIENT_STATE_USER:
        say_secret(c, c->options.user);
        break;
    case POP3_CLIENT_STATE_PASS:
        say_secret(c, c->options.password);
        break;
    case POP3_CLIENT_STATE_CAPA:
    case POP3_CLIENT_STATE_STAT:
    case POP3_CLIENT_STATE_LIST:
    case POP3_CLIENT_STATE_UIDL:
    case POP3_CLIENT_STATE_QUIT:
        say(c, (struct slice){0});
        break;
    case POP3_CLIENT_STATE_RETR:
    case POP3_CLIENT_STATE_DELE:
        say(c, (struct slice){number, digits_put(number, current(c)->number, 10, 0)});
        break;
    case POP3_CLIENT_STATE_CHOOSE:
        c->step = STEP_ROLE;
        break;
    case POP3_CLIENT_STATE_CLOSED:
        c->step = STEP_OVER;
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
    enter(c, is_found ? POP3_CLIENT_STATE_DELE : POP3_CLIENT_STATE_QUIT);
}

static void fetch_next(struct pop3_client *c)
{
    while (c->current < c->messages.count && !current(c)->wanted)
        c->current++;
    if (c->current < c->messages.count) {
        enter(c, POP3_CLIENT_STATE_RETR);
        return;
    }
    bytes_reuse(&c->content);
    c->current = 0;
    remove_next(c);
}

void pop3_client_go(struct pop3_client *c)
{
    if (c->step != STEP_ROLE)
        return;
    for (size_t i = 0; i < c->messages.count; i++) {
        struct pop3_client_message *m = &c->messages.items[i];
        if (m->wanted && m->size > POP3_CLIENT_CONTENT_MAX)
            m->wanted = m->remove = false;
    }
    c->current = 0;
    fetch_next(c);
}

/* ---- where a reply leads ---- */

/* The session is of no use, but it is ended in order: QUIT, its answer, then FAILED. */
static void refuse(struct pop3_client *c)
{
    c->is_refused = true;
    enter(c, POP3_CLIENT_STATE_QUIT);
}

static void go_on(struct pop3_client *c, enum pop3_client_state next)
{
    if (c->ok)
        enter(c, next);
    else
        refuse(c);
}

/* A refused RETR: without its content a message is not removed either. */
static bool lead_retr(struct pop3_client *c, struct pop3_client_event *event)
{
    c->step = STEP_FETCHED;
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
    enter(c, POP3_CLIENT_STATE_CLOSED);
    event->kind = POP3_CLIENT_DONE;
    return true;
}

/* True when there is an event. */
static bool lead(struct pop3_client *c, struct pop3_client_event *event)
{
    switch (c->state) {
    case POP3_CLIENT_STATE_GREETING:
        if (c->ok)
            enter(c, POP3_CLIENT_STATE_CAPA);
        else
            fail_refused(c);
        return false;
    case POP3_CLIENT_STATE_CAPA: /* an old server knows no CAPA (RFC 2449 5) */
        enter(c, POP3_CLIENT_STATE_USER);
        return false;
    case POP3_CLIENT_STATE_USER:
        go_on(c, POP3_CLIENT_STATE_PASS);
        return false;
    case POP3_CLIENT_STATE_PASS:
        go_on(c, POP3_CLIENT_STATE_STAT);
        return false;
    case POP3_CLIENT_STATE_STAT: /* LIST says the same in full */
        enter(c, POP3_CLIENT_STATE_LIST);
        return false;
    case POP3_CLIENT_STATE_LIST:
        go_on(c, POP3_CLIENT_STATE_UIDL);
        return false;
    case POP3_CLIENT_STATE_UIDL: /* optional (RFC 1939 7) */
        enter(c, POP3_CLIENT_STATE_CHOOSE);
        event->kind = POP3_CLIENT_LISTED;
        return true;
    case POP3_CLIENT_STATE_RETR:
        return lead_retr(c, event);
    case POP3_CLIENT_STATE_DELE:
        current(c)->remove = current(c)->remove && c->ok;
        c->current++;
        remove_next(c);
        return false;
    case POP3_CLIENT_STATE_QUIT:
        return lead_quit(c, event);
    case POP3_CLIENT_STATE_CHOOSE:
    case POP3_CLIENT_STATE_CLOSED:
    case POP3_CLIENT_STATE_COUNT:
        break;
    }
    check(!"a reply is led on only where one is awaited");
    return false;
}

/* ---- reading ---- */

static void fail_nonsense(struct pop3_client *c)
{
    fail(c, SLICE("the server does not speak POP3"), true);
}

/* A line, or false: none yet, or too long, which fails the session. */
static bool take_line(struct pop3_client *c, struct slice *line)
{
    enum session_line found = session_take_line(&c->base, REPLY_MAX, line);
    if (found == SESSION_LINE_TOO_LONG)
        fail_nonsense(c);
    return found == SESSION_LINE_OK;
}

/* A status line: "+OK" or "-ERR" and a text (RFC 1939 3). True: the REPLY event is made. */
static bool read_status(struct pop3_client *c, struct pop3_client_event *event)
{
    struct slice text, word;
    if (!take_line(c, &text))
        return false;
    if (!slice_cut(&text, ' ', &word))
        word = text; /* an empty line */
    c->ok = slice_equal_fold(word, SLICE("+OK"));
    if (!c->ok && !slice_equal_fold(word, SLICE("-ERR"))) {
        fail_nonsense(c);
        return false;
    }
    const struct row *row = &rows[c->state];
    bool has_message = c->state == POP3_CLIENT_STATE_RETR || c->state == POP3_CLIENT_STATE_DELE;
    *event = (struct pop3_client_event){.kind = POP3_CLIENT_REPLY,
                                        .verb = row->verb,
                                        .ok = c->ok,
                                        .text = text,
                                        .message = has_message ? c->current : 0};
    if (!c->ok && !c->is_refused) { /* kept: it may become FAILED's */
        bytes_clear(&c->text);
        bytes_append(&c->text, text);
    }
    c->step = c->ok && row->is_multiline ? STEP_LINES : STEP_LEAD;
    c->lines = 0;
    c->at_line_start = true;
    return true;
}

static void take_listing(struct pop3_client *c, struct slice line)
{
    uint32_t number;
    uint64_t size;
    struct slice value;
    if (!pop3_listing_read(line, &number, &value) || !slice_to_u64(value, &size)) {
        fail_nonsense(c);
        return;
    }
    if (c->messages.count < POP3_CLIENT_MESSAGES_MAX)
        *vector_add(&c->messages) = (struct pop3_client_message){.number = number, .size = size};
}

/* An id that is not as RFC 1939 7 says can't be relied on: the message stays without. */
static void take_uid(struct pop3_client *c, struct slice line)
{
    uint32_t number;
    struct slice uid;
    if (!pop3_listing_read(line, &number, &uid) || !pop3_text_is_uid(uid))
        return;
    struct pop3_client_message *m = pop3_listing_find(c->messages.items, c->messages.count, number);
    if (!m)
        return;
    memcpy(m->uid, uid.data, uid.size);
    m->uid[uid.size] = '\0';
}

/* The lines of CAPA, LIST and UIDL, none of which starts with a dot. True at the final one. */
static bool read_lines(struct pop3_client *c)
{
    struct slice line;
    while (c->step == STEP_LINES && take_line(c, &line)) {
        if (slice_equal(line, SLICE("."))) {
            if (c->state == POP3_CLIENT_STATE_LIST)
                c->messages.count = pop3_listing_sort(c->messages.items, c->messages.count);
            return true;
        }
        if (++c->lines > LINES_MAX)
            fail_nonsense(c);
        else if (c->state == POP3_CLIENT_STATE_LIST)
            take_listing(c, line);
        else if (c->state == POP3_CLIENT_STATE_UIDL)
            take_uid(c, line);
    }
    return false;
}

/* Moves n octets of content out of in. */
static bool keep(struct pop3_client *c, size_t n)
{
    if (!bytes_append(&c->content, slice_part(bytes_slice(&c->base.in), 0, n))) {
        fail(c, SLICE("the message is larger than the server said"), true);
        return false;
    }
    bytes_consume(&c->base.in, n);
    return true;
}

/* At the start of a line: the final dot, a stuffed one, or neither. */
static bool read_line_start(struct pop3_client *c, bool *is_end)
{
    struct slice in = bytes_slice(&c->base.in);
    *is_end = slice_starts(in, SLICE(".\r\n"));
    if (!*is_end && slice_starts(SLICE(".\r\n"), in))
        return false; /* not to be told yet; nothing at all is a beginning of it, too */
    if (in.data[0] == '.')
        bytes_consume(&c->base.in, *is_end ? 3 : 1);
    c->at_line_start = false;
    return true;
}

/*
 * A message's lines, dots unstuffed (RFC 1939 3). Lines may be of any length: only those that start
 * with a dot are looked at, all between is moved as one. True at the final dot.
 */
static bool read_content(struct pop3_client *c)
{
    bool is_end = false;
    while (!c->at_line_start || read_line_start(c, &is_end)) {
        if (is_end)
            return true;
        struct slice in = bytes_slice(&c->base.in);
        size_t at = slice_find(in, SLICE("\r\n."), 0);
        bool is_line = at != SLICE_NONE || slice_ends(in, SLICE("\r\n"));
        size_t n = at != SLICE_NONE ? at + 2 : in.size;
        if (!is_line && slice_ends(in, SLICE("\r")))
            n--;
        if (!keep(c, n) || !is_line)
            return false;
        c->at_line_start = true;
    }
    return false;
}

static bool read_rest(struct pop3_client *c)
{
    return c->state == POP3_CLIENT_STATE_RETR ? read_content(c) : read_lines(c);
}

/* ---- events ---- */

static bool report_failure(struct pop3_client *c, struct pop3_client_event *event)
{
    c->step = STEP_OVER;
    *event = (struct pop3_client_event){
        .kind = POP3_CLIENT_FAILED, .is_lost = c->is_lost, .text = bytes_slice(&c->text)};
    return true;
}

/* More bytes are needed; but if none will come, that is the end of it. */
static void wait_for_more(struct pop3_client *c, bool *is_waiting)
{
    *is_waiting = !c->base.is_eof;
    if (c->base.is_eof)
        fail(c, SLICE("the connection was lost"), true);
}

bool pop3_client_next(struct pop3_client *c, struct pop3_client_event *event)
{
    bool is_waiting = false;
    *event = (struct pop3_client_event){0};
    while (!is_waiting) {
        switch ((enum step)c->step) {
        case STEP_STATUS:
            if (read_status(c, event))
                return true;
            if (c->step == STEP_STATUS)
                wait_for_more(c, &is_waiting);
            break;
        case STEP_LINES:
            if (read_rest(c))
                c->step = STEP_LEAD;
            else if (c->step == STEP_LINES)
                wait_for_more(c, &is_waiting);
            break;
        case STEP_LEAD:
            if (lead(c, event))
                return true;
            break;
        case STEP_FETCHED:
            bytes_clear(&c->content);
            c->current++;
            fetch_next(c);
            break;
        case STEP_ROLE:
            wait_for_more(c, &is_waiting);
            break;
        case STEP_FAILED:
            return report_failure(c, event);
        case STEP_OVER:
            bytes_clear(&c->base.in);
            return false;
        }
    }
    return false;
}
