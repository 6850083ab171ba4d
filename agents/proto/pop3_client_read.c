#include "agents/proto/pop3_client_part.h"

#include <string.h>

#include "agents/proto/pop3_listing.h"
#include "agents/proto/pop3_text.h"

enum {
    LINES_MAX = 1000000,                               /* of one listing */
    CHALLENGE_MAX = (SASL_MESSAGE_MAX + 2) / 3 * 4 + 2 /* "+ " and base64 */
};

/* A line, or false: none yet, or too long, which fails the session. */
static bool take_line(struct pop3_client *c, size_t octets_max, struct slice *line)
{
    enum session_line found = session_take_line(&c->base, octets_max, line);
    if (found == SESSION_LINE_TOO_LONG)
        pop3_client_fail_nonsense(c);
    return found == SESSION_LINE_OK;
}

static bool is_about_message(const struct pop3_client *c)
{
    return c->state == POP3_CLIENT_STATE_RETR || c->state == POP3_CLIENT_STATE_TOP ||
           c->state == POP3_CLIENT_STATE_DELE;
}

static void make_reply(struct pop3_client *c, struct slice text, struct pop3_client_event *event)
{
    const struct pop3_client_row *row = pop3_client_row(c->state);
    *event = (struct pop3_client_event){.kind = POP3_CLIENT_REPLY,
                                        .verb = row->verb,
                                        .ok = c->ok,
                                        .text = text,
                                        .message = is_about_message(c) ? c->current : 0};
    if (!c->ok && !c->is_refused && !c->is_cancelled) { /* kept: it may become FAILED's */
        bytes_clear(&c->text);
        bytes_append(&c->text, text);
    }
    c->step = c->ok && row->is_multiline ? POP3_CLIENT_STEP_LINES : POP3_CLIENT_STEP_LEAD;
    c->lines = 0;
    c->at_line_start = true;
}

/* "+OK" or "-ERR" and a text (RFC 1939 3); within AUTH also "+" and a challenge (RFC 5034 4). */
bool pop3_client_read_status(struct pop3_client *c, struct pop3_client_event *event)
{
    struct slice text, word;
    bool is_auth = c->state == POP3_CLIENT_STATE_AUTH;
    while (take_line(c, is_auth ? CHALLENGE_MAX : POP3_CLIENT_REPLY_MAX, &text)) {
        if (!slice_cut(&text, ' ', &word))
            word = text; /* an empty line */
        if (is_auth && slice_equal(word, SLICE("+"))) {
            pop3_client_take_challenge(c, text);
            if (c->step != POP3_CLIENT_STEP_STATUS)
                return false;
            continue;
        }
        c->ok = slice_equal_fold(word, SLICE("+OK"));
        if (!c->ok && !slice_equal_fold(word, SLICE("-ERR"))) {
            pop3_client_fail_nonsense(c);
            return false;
        }
        if (c->state == POP3_CLIENT_STATE_GREETING)
            pop3_client_note_greeting(c, text);
        make_reply(c, slice_part(text, 0, POP3_CLIENT_REPLY_MAX), event);
        return true;
    }
    return false;
}

static void take_listing(struct pop3_client *c, struct slice line)
{
    uint32_t number;
    uint64_t size;
    struct slice value;
    if (!pop3_listing_read(line, &number, &value) || !slice_to_u64(value, &size)) {
        pop3_client_fail_nonsense(c);
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
    while (c->step == POP3_CLIENT_STEP_LINES && take_line(c, POP3_CLIENT_REPLY_MAX, &line)) {
        if (slice_equal(line, SLICE("."))) {
            if (c->state == POP3_CLIENT_STATE_LIST)
                c->messages.count = pop3_listing_sort(c->messages.items, c->messages.count);
            return true;
        }
        if (++c->lines > LINES_MAX)
            pop3_client_fail_nonsense(c);
        else if (c->state == POP3_CLIENT_STATE_LIST)
            take_listing(c, line);
        else if (c->state == POP3_CLIENT_STATE_UIDL)
            take_uid(c, line);
        else
            pop3_client_note_capability(c, line);
    }
    return false;
}

/* Moves n octets of content out of in. */
static bool keep(struct pop3_client *c, size_t n)
{
    if (!bytes_append(&c->content, slice_part(bytes_slice(&c->base.in), 0, n))) {
        pop3_client_fail(c, SLICE("the message is larger than the server said"), true);
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

bool pop3_client_read_rest(struct pop3_client *c)
{
    bool is_content = c->state == POP3_CLIENT_STATE_RETR || c->state == POP3_CLIENT_STATE_TOP;
    return is_content ? read_content(c) : read_lines(c);
}
