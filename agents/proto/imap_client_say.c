/*
 * The commands of the IMAP client. A command is written into `pending` as a whole; it goes out up
 * to the next literal that the server has to ask for with "+" (RFC 9051 4.3), or at once where the
 * server has LITERAL+ or LITERAL- (RFC 7888).
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "agents/proto/imap_client_part.h"
#include "agents/proto/imap_put.h"
#include "sim/base/check.h"

void imap_client_begin(struct imap_client *c, const char *verb)
{
    bytes_clear(&c->pending);
    vector_clear(&c->stops);
    snprintf(c->verb, sizeof c->verb, "%s", verb);
    snprintf(c->tag, sizeof c->tag, "A%" PRIu32, ++c->tag_number);
    check(bytes_printf(&c->pending, "%s ", c->tag));
}

bool imap_client_put(struct imap_client *c, struct slice words)
{
    return bytes_append(&c->pending, words);
}

/* The octets themselves are to follow. */
static bool put_literal_size(struct imap_client *c, uint64_t size)
{
    bool is_free = c->has_literal_plus ||
                   ((c->has_literal_minus || c->is_rev2) && size <= IMAP_LITERAL_MINUS_MAX);
    if (!imap_put_literal_size(&c->pending, size, is_free ? SLICE("+") : SLICE("")))
        return false;
    if (!is_free)
        *vector_add(&c->stops) = bytes_size(&c->pending);
    return true;
}

static bool is_quotable(struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        if ((unsigned char)text.data[i] > 126 || text.data[i] == '\r' || text.data[i] == '\n' ||
            text.data[i] == '\0')
            return false;
    return true;
}

bool imap_client_put_string(struct imap_client *c, struct slice text)
{
    if (slice_find_octet(text, '\0', 0) != SLICE_NONE)
        return false;
    return is_quotable(text) ? imap_put_quoted(&c->pending, text)
                             : put_literal_size(c, text.size) && bytes_append(&c->pending, text);
}

/* A message in segments of its own, as on every hop (session.h). */
bool imap_client_put_message(struct imap_client *c, struct slice header, struct slice body)
{
    return slice_find_octet(header, '\0', 0) == SLICE_NONE &&
           slice_find_octet(body, '\0', 0) == SLICE_NONE && /* RFC 9051 6.3.12: no NUL in it */
           put_literal_size(c, header.size + body.size) && bytes_append(&c->pending, header) &&
           bytes_append(&c->pending, body);
}

/* Out with the first n octets of what is pending; stops count from its front. */
static void send_part(struct imap_client *c, size_t n)
{
    struct slice part = slice_part(bytes_slice(&c->pending), 0, n);
    session_cut(&c->base);
    if (!bytes_append(&c->base.out, part))
        imap_client_fail(c, true, SLICE("the server does not read what is said to it"));
    bytes_consume(&c->pending, n);
    for (size_t i = 0; i < c->stops.count; i++)
        c->stops.items[i] -= n;
}

bool imap_client_go_on(struct imap_client *c)
{
    if (bytes_size(&c->pending) == 0)
        return false;
    size_t n = c->stops.count ? c->stops.items[0] : bytes_size(&c->pending);
    if (c->stops.count)
        vector_remove(&c->stops, 0);
    send_part(c, n);
    return true;
}

bool imap_client_send(struct imap_client *c, bool fits)
{
    if (fits && bytes_append(&c->pending, SLICE("\r\n")))
        return imap_client_go_on(c);
    bytes_clear(&c->pending);
    vector_clear(&c->stops);
    if (c->state != IMAP_CLIENT_STATE_READY) /* a name or a password of ours that can't be said */
        imap_client_fail(c, false, SLICE("the name or the password can't be said in IMAP"));
    return false;
}

/* ---- commands of the role ---- */

static bool run(struct imap_client *c, bool fits)
{
    if (!imap_client_send(c, fits))
        return false;
    c->state = IMAP_CLIENT_STATE_COMMAND;
    return true;
}

/* Words that stand in a command as they are must not end it. */
static bool is_plain(struct slice words)
{
    return slice_find_octet(words, '\r', 0) == SLICE_NONE &&
           slice_find_octet(words, '\n', 0) == SLICE_NONE &&
           slice_find_octet(words, '\0', 0) == SLICE_NONE;
}

static bool put_plain(struct imap_client *c, struct slice words)
{
    return is_plain(words) && imap_client_put(c, words);
}

static bool put_mailbox(struct imap_client *c, struct slice name)
{
    return is_plain(name) && imap_put_mailbox(&c->pending, name, false);
}

static bool begin(struct imap_client *c, const char *verb)
{
    check(c->state == IMAP_CLIENT_STATE_READY);
    imap_client_begin(c, verb);
    return imap_client_put(c, slice_of(verb));
}

bool imap_client_select(struct imap_client *c, struct slice folder, bool is_read_only)
{
    bool fits = begin(c, is_read_only ? "EXAMINE" : "SELECT");
    fits = fits && put_plain(c, SLICE(" ")) && put_mailbox(c, folder);
    if (fits)
        c->uidvalidity = c->uidnext = c->exists = 0;
    return run(c, fits);
}

bool imap_client_list(struct imap_client *c)
{
    bool fits = begin(c, "LIST");
    return run(c, fits && put_plain(c, SLICE(" \"\" \"*\"")));
}

bool imap_client_create(struct imap_client *c, struct slice folder)
{
    bool fits = begin(c, "CREATE");
    return run(c, fits && put_plain(c, SLICE(" ")) && put_mailbox(c, folder));
}

bool imap_client_fetch(struct imap_client *c, struct slice uids, struct slice items)
{
    bool fits = begin(c, "UID FETCH");
    return run(c, fits && put_plain(c, SLICE(" ")) && put_plain(c, uids) &&
                      put_plain(c, SLICE(" ")) && put_plain(c, items));
}

bool imap_client_store(struct imap_client *c, struct slice uids, struct slice how,
                       struct slice flags)
{
    bool fits = begin(c, "UID STORE");
    return run(c, fits && put_plain(c, SLICE(" ")) && put_plain(c, uids) &&
                      put_plain(c, SLICE(" ")) && put_plain(c, how) && put_plain(c, SLICE(" (")) &&
                      put_plain(c, flags) && put_plain(c, SLICE(")")));
}

static bool transfer(struct imap_client *c, const char *verb, struct slice uids,
                     struct slice folder)
{
    bool fits = begin(c, verb);
    return run(c, fits && put_plain(c, SLICE(" ")) && put_plain(c, uids) &&
                      put_plain(c, SLICE(" ")) && put_mailbox(c, folder));
}

bool imap_client_move(struct imap_client *c, struct slice uids, struct slice folder)
{
    return (c->has_move || c->is_rev2) && transfer(c, "UID MOVE", uids, folder);
}

bool imap_client_copy(struct imap_client *c, struct slice uids, struct slice folder)
{
    return transfer(c, "UID COPY", uids, folder);
}

bool imap_client_expunge(struct imap_client *c, struct slice uids)
{
    bool by_uid = uids.size && (c->has_uidplus || c->is_rev2);
    bool fits = begin(c, by_uid ? "UID EXPUNGE" : "EXPUNGE");
    if (by_uid)
        fits = fits && put_plain(c, SLICE(" ")) && put_plain(c, uids);
    return run(c, fits);
}

bool imap_client_append(struct imap_client *c, struct slice folder, struct slice flags,
                        struct slice header, struct slice body)
{
    bool fits = begin(c, "APPEND");
    return run(c, fits && put_plain(c, SLICE(" ")) && put_mailbox(c, folder) &&
                      put_plain(c, SLICE(" (")) && put_plain(c, flags) &&
                      put_plain(c, SLICE(") ")) && imap_client_put_message(c, header, body));
}

bool imap_client_search(struct imap_client *c, struct slice criteria)
{
    bool fits = begin(c, "UID SEARCH");
    return run(c, fits && put_plain(c, SLICE(" ")) && put_plain(c, criteria));
}

bool imap_client_command(struct imap_client *c, struct slice line)
{
    char verb[sizeof c->verb];
    struct slice rest = line, word = {"", 0};
    struct imap_literal literal;
    slice_cut(&rest, ' ', &word);
    snprintf(verb, sizeof verb, "%.*s", SLICE_ARG(slice_part(word, 0, sizeof verb - 1)));
    check(c->state == IMAP_CLIENT_STATE_READY);
    imap_client_begin(c, verb);
    return run(c, line.size && !imap_args_literal_at_end(line, &literal) && put_plain(c, line));
}

bool imap_client_idle(struct imap_client *c)
{
    return (c->has_idle || c->is_rev2) && run(c, begin(c, "IDLE"));
}

void imap_client_done(struct imap_client *c)
{
    if (c->state != IMAP_CLIENT_STATE_IDLE)
        return;
    c->state = IMAP_CLIENT_STATE_COMMAND;
    session_cut(&c->base);
    (void)bytes_append(&c->base.out, SLICE("DONE\r\n"));
    snprintf(c->verb, sizeof c->verb, "DONE");
}

void imap_client_logout(struct imap_client *c)
{
    bool fits = begin(c, "LOGOUT");
    c->state = IMAP_CLIENT_STATE_LOGOUT;
    imap_client_send(c, fits);
}
