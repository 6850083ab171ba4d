/*
 * The connections of a pool of transfers. One that has handed a message on takes the next one that
 * waits for the same server; there are only so many to each.
 */
#include <stdlib.h>
#include <string.h>

#include "agents/roles/transfer_part.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

enum { DATA_BLOCK_S = 180 };

static uint32_t site_of(struct transfer_pool *pool, uint32_t address, uint32_t port)
{
    uint64_t key = (uint64_t)address << 16 | port;
    uint32_t index = table_get(&pool->by_address, key);
    if (index == 0) {
        (void)vector_add(&pool->sites);
        index = (uint32_t)pool->sites.count;
        table_set(&pool->by_address, key, index);
    }
    return index - 1;
}

static struct transfer_site *site_at(const struct transfer_line *l)
{
    return &l->pool->sites.items[l->site];
}

/* ---- which connection serves whom ---- */

static bool speaks_equally(const struct sending *a, const struct sending *b)
{
    return a->tls == b->tls && a->verifies == b->verifies && a->is_tls_first == b->is_tls_first &&
           a->mechanism == b->mechanism && a->allows_clear == b->allows_clear &&
           a->chunk_octets == b->chunk_octets && a->announces_size == b->announces_size &&
           a->final_dot_s == b->final_dot_s && slice_equal(a->user, b->user) &&
           slice_equal(a->password, b->password);
}

/* The same server, in the same way, from the same place; and it is not worn out. */
static bool fits(const struct transfer_line *l, const struct transfer *t)
{
    return l->served < l->pool->limits.messages_max && !l->avoids_tls && !t->avoids_tls &&
           !t->wants_fresh && l->options.agent == t->options.agent &&
           l->options.is_lmtp == t->options.is_lmtp &&
           slice_equal_fold(bytes_slice(&l->server), t->server) &&
           speaks_equally(&l->options.sending, &t->options.sending);
}

static void leave_idle(struct transfer_line *l)
{
    struct transfer_line **link = &site_at(l)->idle;
    while (*link != l)
        link = &(*link)->next_idle;
    *link = l->next_idle;
    l->is_idle = false;
    l->life++;
}

static struct transfer_line *take_idle(struct transfer_pool *pool, uint32_t site,
                                       const struct transfer *t)
{
    struct transfer_line *l = pool->sites.items[site].idle;
    while (l && !fits(l, t))
        l = l->next_idle;
    if (l)
        leave_idle(l);
    return l;
}

static void wait_in_line(struct transfer_site *site, struct transfer *t)
{
    t->cause = t->pool->office->sim->cause;
    t->next_waiting = NULL;
    if (site->waiting)
        site->waiting_end->next_waiting = t;
    else
        site->waiting = t;
    site->waiting_end = t;
}

/* The first that waits, whom this connection (NULL: a new one) can serve. */
static struct transfer *take_waiting(struct transfer_site *site, const struct transfer_line *l)
{
    struct transfer *before = NULL, *t = site->waiting;
    while (t && l && !fits(l, t)) {
        before = t;
        t = t->next_waiting;
    }
    if (!t)
        return NULL;
    if (before)
        before->next_waiting = t->next_waiting;
    else
        site->waiting = t->next_waiting;
    if (site->waiting_end == t)
        site->waiting_end = before;
    t->pool->office->sim->cause = t->cause;
    return t;
}

/* ---- the SMTP session ---- */

/* Both kinds of event have the same fields. */
static void note_reply(const struct transfer_line *l, const struct smtp_client_event *e)
{
    struct sim *sim = l->pool->office->sim;
    sim_emit(sim, l->options.is_lmtp ? EVENT_LMTP_REPLY : EVENT_SMTP_REPLY,
             &(struct event_smtp_reply){.conn = pump_conn(l->pump),
                                        .verb = sim_text(sim, slice_of(e->verb)),
                                        .code = (uint32_t)e->reply.code,
                                        .esc = sim_text(sim, e->reply.esc),
                                        .text = sim_text(sim, e->reply.text),
                                        .msg = l->msg});
}

static void send_job(struct transfer_line *l)
{
    l->job->is_sent = true;
    l->served++;
    smtp_client_send(&l->client, &l->job->options.transaction);
}

/* The session is ready for its next transaction. */
static void give_job(struct transfer_line *l, struct transfer *t)
{
    l->job = t;
    l->msg = l->pump->msg_out = t->options.msg;
    t->line = l;
    t->is_second = true;
    t->has_reply = false;
    send_job(l);
}

static bool is_in_data(const struct transfer_line *l)
{
    return l->client.state == SMTP_CLIENT_STATE_DOT || l->client.state == SMTP_CLIENT_STATE_BDAT;
}

/* What the session has said is with the network, though not yet with the other side. */
static void await_reply(struct transfer_line *l)
{
    int64_t patience = smtp_client_timeout_s(&l->client);
    l->unsent = SIZE_MAX;
    l->sent_t = l->pool->office->sim->now;
    pump_wait(l->pump, l->is_idle                                 ? 0
                       : is_in_data(l) && patience > DATA_BLOCK_S ? DATA_BLOCK_S
                                                                  : patience);
}

static void idle_too_long(void *context, uint64_t life, uint64_t unused)
{
    struct transfer_line *l = context;
    (void)unused;
    if (!l->is_idle || l->life != life)
        return;
    leave_idle(l);
    smtp_client_quit(&l->client);
    pump_flush(l->pump);
    await_reply(l);
}

/* Nothing keeps the run alive for its sake. */
static void go_idle(struct transfer_line *l)
{
    l->is_idle = true;
    l->next_idle = site_at(l)->idle;
    site_at(l)->idle = l;
    sim_after_background(l->pool->office->sim, l->pool->limits.keep_open_s * VTIME_S, idle_too_long,
                         l, ++l->life, 0);
}

static void on_ready(struct transfer_line *l)
{
    const struct sending_limits *limits = &l->pool->limits;
    struct transfer *t;
    if (l->job)
        send_job(l);
    else if ((t = take_waiting(site_at(l), l)))
        give_job(l, t);
    else if (limits->keep_open_s > 0 && l->served < limits->messages_max)
        go_idle(l);
    else
        smtp_client_quit(&l->client);
}

static void turn(void *context)
{
    struct transfer_line *l = context;
    struct smtp_client_event e;
    while (smtp_client_next(&l->client, &e)) {
        if (e.kind == SMTP_CLIENT_REPLY) {
            l->has_heard = true;
            note_reply(l, &e);
        }
        if (e.kind == SMTP_CLIENT_READY)
            on_ready(l);
        else if (l->job)
            transfer_on_event(l->job, &e);
    }
    if (l->pump) {
        pump_flush(l->pump);
        await_reply(l);
    }
}

/*
 * The time for the reply to the end of data counts from when the data was through, and a long
 * message on a slow line has three minutes for each part of it (RFC 5321 4.5.3.2.5, 4.5.3.2.6):
 * as long as it gets on, it goes on.
 */
static void expired(void *context)
{
    struct transfer_line *l = context;
    int64_t now = l->pool->office->sim->now, patience = smtp_client_timeout_s(&l->client) * VTIME_S;
    size_t unsent = net_unacknowledged(l->pool->office->net, l->pump->wire);
    bool is_going_on = is_in_data(l) && unsent > 0 && unsent < l->unsent;
    l->unsent = unsent;
    if (is_going_on) {
        l->sent_t = now;
        pump_wait(l->pump, DATA_BLOCK_S);
    } else if (is_in_data(l) && unsent == 0 && now < l->sent_t + patience) {
        pump_wait(l->pump, (l->sent_t + patience - now + VTIME_S - 1) / VTIME_S);
    } else {
        l->has_expired = true;
        pump_abort(l->pump);
    }
}

/* ---- life of a connection ---- */

static bool is_full(const struct transfer_pool *pool, const struct transfer_site *site)
{
    return pool->limits.connections_max > 0 && site->open >= pool->limits.connections_max;
}

/* There is room for one more connection again. */
static void serve_waiting(struct transfer_pool *pool, uint32_t site)
{
    struct transfer *t;
    while (!is_full(pool, &pool->sites.items[site]) &&
           (t = take_waiting(&pool->sites.items[site], NULL))) {
        if (net_host_is_up(pool->office->net, t->options.agent)) {
            transfer_connect(t, t->address);
        } else {
            transfer_remember_text(t, 421, "4.3.2", "this host went down");
            transfer_give_up(t);
        }
    }
}

/* Nobody answers there: those who wait for a connection need not find that out one by one. */
static void disappoint_waiting(struct transfer_pool *pool, uint32_t site, enum net_end why)
{
    struct transfer_site *s = &pool->sites.items[site];
    struct transfer *next, *t = s->waiting;
    uint32_t cause = pool->office->sim->cause;
    s->waiting = s->waiting_end = NULL;
    for (; t; t = next) {
        next = t->next_waiting;
        pool->office->sim->cause = cause;
        transfer_on_end(t, why);
    }
}

static bool is_nobody_there(const struct transfer_line *l, enum net_end why)
{
    return !l->has_heard &&
           (why == NET_END_REFUSED || why == NET_END_TIMEOUT || why == NET_END_BLOCKED);
}

static void ended(void *context, enum net_end why)
{
    struct transfer_line *l = context;
    struct transfer_pool *pool = l->pool;
    struct transfer *t = l->job;
    uint32_t site = l->site, cause = pool->office->sim->cause;
    if (l->has_expired)
        why = NET_END_TIMEOUT;
    if (l->is_idle)
        leave_idle(l);
    bool is_dead = is_nobody_there(l, why);
    smtp_client_restart(&l->client, &l->client.options);
    l->pump = NULL;
    l->job = NULL;
    pool->sites.items[site].open--;
    l->next_free = pool->free_lines;
    pool->free_lines = l;
    if (t) {
        t->line = NULL;
        transfer_on_end(t, why);
    }
    pool->office->sim->cause = cause;
    if (is_dead)
        disappoint_waiting(pool, site, why);
    serve_waiting(pool, site);
    pool->office->sim->cause = cause;
}

static struct transfer_line *take_line(struct transfer_pool *pool)
{
    struct transfer_line *l = pool->free_lines;
    if (l) {
        pool->free_lines = l->next_free;
    } else {
        l = memory_take(sizeof *l);
        l->pool = pool;
        bytes_init(&l->server, DNS_NAME_MAX + 1);
        l->next = pool->lines;
        pool->lines = l;
    }
    bytes_clear(&l->server);
    l->is_idle = l->has_heard = l->has_expired = false;
    l->served = 0;
    l->life++;
    return l;
}

static struct smtp_client_options client_options(struct transfer_line *l)
{
    struct office *office = l->pool->office;
    const struct sending *s = &l->options.sending;
    return (struct smtp_client_options){
        .hostname = net_host_name(office->net, l->options.agent),
        .is_lmtp = l->options.is_lmtp,
        .tls = l->avoids_tls ? SESSION_TLS_POLICY_NEVER : s->tls,
        .is_tls_first = s->is_tls_first,
        .user = s->user,
        .password = s->password,
        .mechanism = s->mechanism,
        .allows_clear = s->allows_clear,
        .nonce = s->user.size ? office_new_nonce(office, l->options.agent, l->nonce)
                              : (struct slice){"", 0},
        .memory = office->logins_made,
        .chunk_octets = s->chunk_octets,
        .announces_size = s->announces_size,
        .final_dot_s = s->final_dot_s,
    };
}

static void open_line(struct transfer *t, uint32_t site)
{
    struct transfer_pool *pool = t->pool;
    struct transfer_line *l = take_line(pool);
    l->site = site;
    l->address = t->address;
    l->options = t->options;
    l->avoids_tls = t->avoids_tls;
    check(bytes_append(&l->server, slice_part(t->server, 0, DNS_NAME_MAX)));
    struct smtp_client_options options = client_options(l);
    const struct pump_user user = {
        .turn = turn,
        .expired = expired,
        .ended = ended,
        .context = l,
        .tls_name = bytes_slice(&l->server),
        .tls_check = t->options.sending.verifies ? TLS_CHECK_VERIFY : TLS_CHECK_NONE,
    };
    smtp_client_restart(&l->client, &options);
    l->job = t;
    t->line = l;
    pool->sites.items[site].open++;
    l->pump = pump_connect(&pool->office->pumps, t->options.agent, t->address, t->options.port,
                           &l->client.base, &user);
    l->msg = l->pump->msg_out = t->options.msg;
}

void transfer_connect(struct transfer *t, uint32_t address)
{
    struct transfer_pool *pool = t->pool;
    uint32_t site = site_of(pool, address, t->options.port);
    t->address = address;
    t->is_answered = t->is_sent = t->is_second = t->has_reply = false;
    memset((char *)bytes_slice(&t->accepted).data, 0, bytes_size(&t->accepted));
    struct transfer_line *l = take_idle(pool, site, t);
    if (l) {
        give_job(l, t);
        pump_flush(l->pump);
        await_reply(l);
    } else if (is_full(pool, &pool->sites.items[site])) {
        wait_in_line(&pool->sites.items[site], t);
    } else {
        open_line(t, site);
    }
}

void transfer_lines_finish(struct transfer_pool *pool)
{
    while (pool->lines) {
        struct transfer_line *l = pool->lines;
        pool->lines = l->next;
        smtp_client_finish(&l->client);
        bytes_finish(&l->server);
        free(l);
    }
    vector_finish(&pool->sites);
    table_finish(&pool->by_address);
}
