#include "agents/roles/transfer.h"

#include <stdlib.h>
#include <string.h>

#include "agents/roles/route.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

enum { TRANSFER_ADDRESSES_MAX = 8, TRANSFER_NAMES_MAX = ROUTE_SERVERS_MAX * (DNS_NAME_MAX + 1) };

struct transfer {
    struct transfer_pool *pool;
    struct transfer_options options;
    struct transfer_user user;
    struct bytes servers; /* the names still to try, each ended by a blank */
    struct slice server;  /* the one being tried, within `server_text` */
    struct bytes server_text;
    uint32_t addresses[TRANSFER_ADDRESSES_MAX];
    size_t address_count, address_next;
    uint32_t address;
    struct smtp_client client;
    struct pump *pump; /* NULL when no connection is open */
    bool *is_told;     /* by recipient: its outcome was reported */
    size_t told_capacity;
    struct bytes accepted; /* one octet a recipient: 1 when RCPT was accepted */
    bool is_sent;          /* this connection was given the transaction */
    bool is_settled;       /* all recipients were told */
    struct smtp_reply last;
    struct bytes last_text;
    bool last_is_smtp;
    struct transfer *next_free, *next;
};

struct transfer_pool {
    struct office *office;
    struct random random;
    struct transfer *all, *free;
};

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

void transfer_pool_destroy(struct transfer_pool *pool)
{
    if (!pool)
        return;
    while (pool->all) {
        struct transfer *t = pool->all;
        pool->all = t->next;
        smtp_client_finish(&t->client);
        bytes_finish(&t->servers);
        bytes_finish(&t->server_text);
        bytes_finish(&t->accepted);
        bytes_finish(&t->last_text);
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
        bytes_init(&t->last_text, 64 * 1024);
        t->next = pool->all;
        pool->all = t;
    }
    bytes_clear(&t->servers);
    bytes_clear(&t->server_text);
    bytes_clear(&t->accepted);
    bytes_clear(&t->last_text);
    t->server = (struct slice){"", 0};
    t->address_count = t->address_next = 0;
    t->pump = NULL;
    t->is_sent = t->is_settled = t->last_is_smtp = false;
    t->last = (struct smtp_reply){0};
    return t;
}

/* ---- telling ---- */

static void tell(struct transfer *t, size_t index, const struct smtp_reply *reply, bool is_smtp)
{
    if (t->is_told[index])
        return;
    t->is_told[index] = true;
    bool is_reached = is_smtp && t->pump;
    struct transfer_outcome outcome = {
        .reply = *reply,
        .is_smtp_reply = is_smtp,
        .server = is_smtp ? t->server : (struct slice){"", 0},
        .host = is_reached ? net_host_at(t->pool->office->net, t->address) : 0,
        .conn = is_reached ? pump_conn(t->pump) : 0,
    };
    t->user.recipient(t->user.context, t->user.tag, index, &outcome);
}

/* The same for all who were not told yet; then it is over for the role, though QUIT may follow. */
static void settle(struct transfer *t, const struct smtp_reply *reply, bool is_smtp)
{
    if (t->is_settled)
        return;
    t->is_settled = true;
    for (size_t i = 0; i < t->options.transaction.recipient_count; i++)
        tell(t, i, reply, is_smtp);
    t->user.done(t->user.context, t->user.tag);
}

static void give_back(struct transfer *t)
{
    t->next_free = t->pool->free;
    t->pool->free = t;
}

/* Keeps the reason, should no further server do better. */
static void remember(struct transfer *t, const struct smtp_reply *reply, bool is_smtp)
{
    bytes_clear(&t->last_text);
    (void)bytes_append(&t->last_text, reply->esc);
    (void)bytes_append(&t->last_text, reply->text);
    struct slice kept = bytes_slice(&t->last_text);
    t->last = (struct smtp_reply){reply->code, slice_part(kept, 0, reply->esc.size),
                                  slice_part(kept, reply->esc.size, kept.size)};
    t->last_is_smtp = is_smtp;
}

static void remember_text(struct transfer *t, int code, const char *esc, const char *text)
{
    remember(t, &(struct smtp_reply){code, slice_of(esc), slice_of(text)}, false);
}

/* ---- the SMTP session ---- */

static void next_address(struct transfer *t);

static void note_reply(struct transfer *t, const struct smtp_client_event *e)
{
    struct sim *sim = t->pool->office->sim;
    sim_emit(sim, EVENT_SMTP_REPLY,
             &(struct event_smtp_reply){.conn = pump_conn(t->pump),
                                        .verb = sim_text(sim, slice_of(e->verb)),
                                        .code = (uint32_t)e->reply.code,
                                        .esc = sim_text(sim, e->reply.esc),
                                        .text = sim_text(sim, e->reply.text),
                                        .msg = t->options.msg});
}

static bool is_positive(const struct smtp_reply *reply)
{
    return reply->code >= 200 && reply->code < 300;
}

/* RCPT's own fate is final only when it was refused; the accepted wait for the end of data. */
static void on_recipient(struct transfer *t, const struct smtp_client_event *e)
{
    if (is_positive(&e->reply))
        ((char *)bytes_slice(&t->accepted).data)[e->recipient] = 1;
    else
        tell(t, e->recipient, &e->reply, true);
}

static void on_done(struct transfer *t, const struct smtp_client_event *e)
{
    struct slice accepted = bytes_slice(&t->accepted);
    for (size_t i = 0; i < accepted.size; i++)
        if (accepted.data[i])
            tell(t, i, &e->reply, true);
    settle(t, &e->reply, true);
}

/* A server that won't talk at all is left for the next one; its answer is kept. */
static void on_failed(struct transfer *t, const struct smtp_client_event *e)
{
    if (e->is_lost)
        remember_text(t, 421, "4.4.2", "the connection was lost");
    else if (e->reply.code == 0)
        remember_text(t, 550, "5.7.4", "the server offers no way to log in");
    else
        remember(t, &e->reply, true);
}

static void on_ready(struct transfer *t)
{
    if (t->is_settled) {
        smtp_client_quit(&t->client);
    } else {
        t->is_sent = true;
        smtp_client_send(&t->client, &t->options.transaction);
    }
}

static void turn(void *context)
{
    struct transfer *t = context;
    struct smtp_client_event e;
    while (smtp_client_next(&t->client, &e)) {
        switch (e.kind) {
        case SMTP_CLIENT_REPLY:
            note_reply(t, &e);
            break;
        case SMTP_CLIENT_READY:
            on_ready(t);
            break;
        case SMTP_CLIENT_RECIPIENT:
            on_recipient(t, &e);
            break;
        case SMTP_CLIENT_DONE:
            on_done(t, &e);
            break;
        case SMTP_CLIENT_FAILED:
            on_failed(t, &e);
            break;
        case SMTP_CLIENT_CLOSED:
            break;
        }
    }
    if (t->pump)
        pump_wait(t->pump, smtp_client_timeout_s(&t->client));
}

static void remember_end(struct transfer *t, enum net_end why)
{
    switch (why) {
    case NET_END_CLOSED:
        if (t->last.code == 0)
            remember_text(t, 421, "4.4.2", "the server closed the connection");
        break;
    case NET_END_REFUSED:
        remember_text(t, 421, "4.4.1", "connection refused");
        break;
    case NET_END_TIMEOUT:
        remember_text(t, 421, "4.4.1", "the server does not answer");
        break;
    case NET_END_BLOCKED:
        remember_text(t, 421, "4.4.1", "no way to the server");
        break;
    case NET_END_RESET:
        remember_text(t, 421, "4.4.2", "the connection was broken off");
        break;
    case NET_END_TLS:
    case NET_END_CRASHED:
        remember_text(t, 421, "4.3.2", "this host went down");
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

/*
 * The next server is tried only while the transaction was not begun, or was cut off by an answer:
 * otherwise the server may have the message, and only waiting is safe.
 */
static void ended(void *context, enum net_end why)
{
    struct transfer *t = context;
    bool is_early = (!t->is_sent || t->last_is_smtp) && !has_told(t);
    smtp_client_restart(&t->client, &t->client.options);
    t->pump = NULL;
    if (t->is_settled) {
        give_back(t);
        return;
    }
    remember_end(t, why);
    if (is_early && why != NET_END_CRASHED) {
        next_address(t);
        return;
    }
    settle(t, &t->last, t->last_is_smtp);
    give_back(t);
}

static void connect_to(struct transfer *t, uint32_t address)
{
    struct office *office = t->pool->office;
    struct smtp_client_options options = {.hostname = net_host_name(office->net, t->options.agent),
                                          .user = t->options.user,
                                          .password = t->options.password};
    struct pump_user user = {.turn = turn, .ended = ended, .context = t};
    t->address = address;
    t->last_is_smtp = t->is_sent = false;
    memset((char *)bytes_slice(&t->accepted).data, 0, bytes_size(&t->accepted));
    smtp_client_restart(&t->client, &options);
    t->pump = pump_connect(&office->pumps, t->options.agent, address, t->options.port,
                           &t->client.base, &user);
    t->pump->msg_out = t->options.msg;
}

/* ---- finding servers ---- */

/* Found by name, but it is this very MTA: the mail would go in circles. */
static bool is_forbidden(struct transfer *t, uint32_t address)
{
    if (!t->options.avoids_self || t->options.next.size ||
        address != net_address(t->pool->office->net, t->options.agent))
        return false;
    remember_text(t, 554, "5.4.6", "the mail would come back to this host");
    return true;
}

static void on_address(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct transfer *t = context;
    (void)tag;
    t->address_count = t->address_next = 0;
    for (size_t i = 0; i < answer->count && t->address_count < TRANSFER_ADDRESSES_MAX; i++)
        if (resolver_address(&answer->records[i], &t->addresses[t->address_count]) &&
            !is_forbidden(t, t->addresses[t->address_count]))
            t->address_count++;
    if (answer->status == RESOLVER_FAILED || answer->status == RESOLVER_TIMEOUT)
        remember_text(t, 451, "4.4.3", "the server's address can't be found now");
    else if (t->address_count == 0 && (t->last.code == 0 || t->last.code >= 500))
        remember_text(t, 550, "5.4.4", "the server's name has no address");
    next_address(t);
}

static void next_server(struct transfer *t)
{
    if (!net_host_is_up(t->pool->office->net, t->options.agent)) {
        bytes_clear(&t->servers); /* a host that is off asks nothing more */
        remember_text(t, 421, "4.3.2", "this host went down");
    }
    struct slice rest = bytes_slice(&t->servers), name;
    if (!slice_cut(&rest, ' ', &name)) {
        settle(t, &t->last, t->last_is_smtp);
        give_back(t);
        return;
    }
    bytes_clear(&t->server_text);
    check(bytes_append(&t->server_text, name));
    t->server = bytes_slice(&t->server_text);
    bytes_consume(&t->servers, name.size + 1);
    office_resolve(t->pool->office, t->options.agent, t->server, DNS_TYPE_A, on_address, t, 0);
}

static void next_address(struct transfer *t)
{
    if (t->address_next < t->address_count)
        connect_to(t, t->addresses[t->address_next++]);
    else
        next_server(t);
}

static void on_mx(void *context, uint64_t tag, const struct resolver_answer *answer)
{
    struct transfer *t = context;
    struct route route;
    (void)tag;
    struct slice self =
        t->options.avoids_self ? net_host_name(t->pool->office->net, t->options.agent) : SLICE("");
    route_from_mx(&route, t->options.domain, self, answer, &t->pool->random);
    if (route.verdict != ROUTE_SERVERS)
        remember(t, &route.reply, false);
    for (size_t i = 0; i < route.server_count; i++)
        check(bytes_append_all(&t->servers, (struct slice[]){route.servers[i], SLICE(" ")}, 2));
    next_server(t);
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
    struct slice literal = slice_part(options->domain, 1, options->domain.size);
    if (options->next.size == 0 && slice_starts(options->domain, SLICE("[")) && literal.size > 1 &&
        dns_ipv4_read(slice_part(literal, 0, literal.size - 1), &t->addresses[0])) {
        t->server = options->domain; /* RFC 5321 4.1.3: no look-up */
        t->address_count = 1;
        next_address(t);
        return;
    }
    if (options->next.size == 0) {
        office_resolve(pool->office, options->agent, options->domain, DNS_TYPE_MX, on_mx, t, 0);
        return;
    }
    t->server = options->next;
    office_resolve(pool->office, options->agent, options->next, DNS_TYPE_A, on_address, t, 0);
}
