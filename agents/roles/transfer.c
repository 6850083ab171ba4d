#include "agents/roles/transfer_part.h"

#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"

struct transfer_pool *transfer_pool_create(struct office *office, uint32_t agent)
{
    char name[160] = "mx order ";
    struct transfer_pool *pool = memory_take(sizeof *pool);
    pool->office = office;
    struct slice host = slice_part(net_host_id(office->net, agent), 0, sizeof name - 9);
    memcpy(name + 9, host.data, host.size);
    sim_random(office->sim, (struct slice){name, 9 + host.size}, &pool->random);
    return pool;
}

void transfer_pool_configure(struct transfer_pool *pool, const struct sending_limits *limits)
{
    pool->limits = *limits;
}

void transfer_pool_destroy(struct transfer_pool *pool)
{
    if (!pool)
        return;
    transfer_lines_finish(pool);
    while (pool->all) {
        struct transfer *t = pool->all;
        pool->all = t->next;
        bytes_finish(&t->servers);
        bytes_finish(&t->server_text);
        bytes_finish(&t->accepted);
        bytes_finish(&t->last.text);
        free(t->is_told);
        free(t);
    }
    free(pool);
}

static struct transfer *take(struct transfer_pool *pool)
{
    struct transfer *t = pool->free;
    if (t) {
        pool->free = t->next_free;
    } else {
        t = memory_take(sizeof *t);
        t->pool = pool;
        bytes_init(&t->servers, TRANSFER_NAMES_MAX);
        bytes_init(&t->server_text, DNS_NAME_MAX + 1);
        bytes_init(&t->accepted, SIZE_MAX / 2);
        bytes_init(&t->last.text, 2 * SMTP_REPLY_TEXT_MAX);
        t->next = pool->all;
        pool->all = t;
    }
    bytes_clear(&t->servers);
    bytes_clear(&t->server_text);
    bytes_clear(&t->accepted);
    bytes_clear(&t->last.text);
    t->last.reply = (struct smtp_reply){0};
    t->server = (struct slice){"", 0};
    t->address_count = t->address_next = 0;
    t->line = NULL;
    t->is_sent = t->is_answered = t->is_login_refused = t->is_second = t->wants_fresh =
        t->avoids_tls = false;
    return t;
}

/* ---- telling ---- */

static void tell(struct transfer *t, size_t index, const struct smtp_reply *reply, bool is_smtp,
                 struct slice server)
{
    if (t->is_told[index])
        return;
    t->is_told[index] = true;
    bool is_reached = is_smtp && t->line;
    struct transfer_outcome outcome = {
        .reply = *reply,
        .is_smtp_reply = is_smtp,
        .cares_for_dsn = is_reached && t->line->client.offers.dsn,
        .is_delivery = is_reached && t->options.is_lmtp,
        .is_login = is_smtp && t->is_login_refused,
        .server = is_smtp ? server : (struct slice){"", 0},
        .host = is_reached ? net_host_at(t->pool->office->net, t->address) : 0,
        .conn = is_reached ? pump_conn(t->line->pump) : 0,
    };
    t->user.recipient(t->user.context, t->user.tag, index, &outcome);
}

/* The same for all who were not told yet; then it is over, though its line may go on. */
static void settle(struct transfer *t, const struct smtp_reply *reply, bool is_smtp,
                   struct slice server)
{
    for (size_t i = 0; i < t->options.transaction.recipient_count; i++)
        tell(t, i, reply, is_smtp, server);
    t->user.done(t->user.context, t->user.tag);
    if (t->line)
        t->line->job = NULL;
    t->line = NULL;
    t->next_free = t->pool->free;
    t->pool->free = t;
}

void transfer_remember(struct transfer *t, const struct smtp_reply *reply, bool is_smtp)
{
    struct transfer_reason *last = &t->last;
    bool was_temporary = last->reply.code >= 400 && last->reply.code < 500;
    if (was_temporary && reply->code >= 500)
        return;
    bytes_clear(&last->text);
    check(bytes_append_all(&last->text, (struct slice[]){reply->esc, reply->text, t->server}, 3));
    struct slice kept = bytes_slice(&last->text);
    size_t text = reply->esc.size, server = text + reply->text.size;
    last->reply =
        (struct smtp_reply){reply->code, slice_part(kept, 0, text), slice_part(kept, text, server)};
    last->server = slice_part(kept, server, kept.size);
    last->is_smtp = is_smtp;
}

void transfer_remember_text(struct transfer *t, int code, const char *esc, const char *text)
{
    transfer_remember(t, &(struct smtp_reply){code, slice_of(esc), slice_of(text)}, false);
}

void transfer_give_up(struct transfer *t)
{
    settle(t, &t->last.reply, t->last.is_smtp, t->last.server);
}

/* ---- what its line tells ---- */

/* RCPT's own fate is final only when it was refused; the accepted wait for the end of data. */
static void on_recipient(struct transfer *t, const struct smtp_client_event *e)
{
    if (e->is_final)
        tell(t, e->recipient, &e->reply, true, t->server);
    else
        ((char *)bytes_slice(&t->accepted).data)[e->recipient] = 1;
}

static void on_done(struct transfer *t, const struct smtp_client_event *e)
{
    struct slice accepted = bytes_slice(&t->accepted);
    for (size_t i = 0; i < accepted.size; i++)
        if (accepted.data[i])
            tell(t, i, &e->reply, true, t->server);
    settle(t, &e->reply, true, t->server);
}

/*
 * A server that won't talk at all is left for the next one, and so is one that we do not want to
 * talk to (it offers no TLS, no login); the reason is kept.
 */
static void on_failed(struct transfer *t, const struct smtp_client_event *e)
{
    struct smtp_reply own = e->reply;
    own.code = slice_starts(own.esc, SLICE("4")) ? 454 : 550;
    t->is_answered = !e->is_lost;
    if (e->is_lost)
        transfer_remember_text(t, 421, "4.4.2", "the connection was lost");
    else if (e->reply.code == 0)
        transfer_remember(t, &own, false);
    else
        transfer_remember(t, &e->reply, true);
}

void transfer_on_event(struct transfer *t, const struct smtp_client_event *e)
{
    switch (e->kind) {
    case SMTP_CLIENT_REPLY:
        t->has_reply |= e->reply.code != 421; /* which may have crossed our words */
        t->is_login_refused = e->reply.code >= 500 && strcmp(e->verb, "AUTH") == 0;
        break;
    case SMTP_CLIENT_RECIPIENT:
        on_recipient(t, e);
        break;
    case SMTP_CLIENT_DONE:
        on_done(t, e);
        break;
    case SMTP_CLIENT_FAILED:
        on_failed(t, e);
        break;
    case SMTP_CLIENT_READY:
    case SMTP_CLIENT_CLOSED:
        break;
    }
}

static void remember_end(struct transfer *t, enum net_end why)
{
    switch (why) {
    case NET_END_CLOSED:
        if (t->last.reply.code == 0)
            transfer_remember_text(t, 421, "4.4.2", "the server closed the connection");
        break;
    case NET_END_REFUSED:
        transfer_remember_text(t, 421, "4.4.1", "connection refused");
        break;
    case NET_END_TIMEOUT:
        transfer_remember_text(t, 421, "4.4.1", "the server does not answer");
        break;
    case NET_END_BLOCKED:
        transfer_remember_text(t, 421, "4.4.1", "no way to the server");
        break;
    case NET_END_RESET:
        transfer_remember_text(t, 421, "4.4.2", "the connection was broken off");
        break;
    case NET_END_TLS:
        transfer_remember_text(t, 454, "4.7.5",
                               t->options.sending.verifies
                                   ? "no TLS with a certificate that is in order"
                                   : "TLS with the server failed");
        break;
    case NET_END_CRASHED:
        transfer_remember_text(t, 421, "4.3.2", "this host went down");
        break;
    }
}

/* Who was told already must not be offered to another server. */
static bool has_told(const struct transfer *t)
{
    for (size_t i = 0; i < t->options.transaction.recipient_count; i++)
        if (t->is_told[i])
            return true;
    return false;
}

/* TLS that was only wished for: better in clear than not at all (RFC 7435). Once the transaction
   was begun it is a lost connection like any other: the server may have the message. */
static bool goes_on_in_clear(const struct transfer *t, enum net_end why)
{
    return why == NET_END_TLS && t->options.sending.tls == SESSION_TLS_POLICY_IF_OFFERED &&
           !t->avoids_tls && !t->is_sent;
}

/* A connection that had served others was gone, or about to go, when this one's turn came. */
static bool came_too_late(const struct transfer *t, enum net_end why)
{
    return t->is_second && !t->has_reply && why != NET_END_CRASHED;
}

/*
 * The next server is tried only while the transaction was not begun, or was cut off by an answer:
 * otherwise the server may have the message, and only waiting is safe.
 */
void transfer_on_end(struct transfer *t, enum net_end why)
{
    bool is_early = (!t->is_sent || t->is_answered) && !has_told(t);
    if (goes_on_in_clear(t, why)) {
        t->avoids_tls = true;
        transfer_connect(t, t->address);
    } else if (came_too_late(t, why)) {
        t->wants_fresh = true;
        transfer_connect(t, t->address);
    } else {
        remember_end(t, why);
        if (is_early && why != NET_END_CRASHED)
            transfer_next_address(t);
        else
            transfer_give_up(t);
    }
}

void transfer_start(struct transfer_pool *pool, const struct transfer_options *options,
                    const struct transfer_user *user)
{
    struct transfer *t = take(pool);
    size_t count = options->transaction.recipient_count;
    t->options = *options;
    t->user = *user;
    if (count > t->told_capacity) {
        t->is_told = memory_resize(t->is_told, count * sizeof *t->is_told);
        t->told_capacity = count;
    }
    memset(t->is_told, 0, count * sizeof *t->is_told);
    for (size_t i = 0; i < count; i++)
        check(bytes_append_octet(&t->accepted, 0));
    transfer_find(t);
}
