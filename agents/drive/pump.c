#include "agents/drive/pump.h"

#include <stdlib.h>

#include "agents/drive/pump_part.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

void pump_pool_init(struct pump_pool *pool, struct sim *sim, struct net *net)
{
    *pool = (struct pump_pool){.sim = sim, .net = net};
}

/* A timer's task stays in the schedule when nobody waits for it any more: it is the wait that keeps
   a run going, not the task. */
static void hold_run(struct pump *p, bool holds)
{
    if (holds && !p->holds_run)
        schedule_hold(&p->pool->sim->schedule);
    else if (!holds && p->holds_run)
        schedule_release(&p->pool->sim->schedule);
    p->holds_run = holds;
}

/* The role is told last, when the pump is free already: it may start another connection at once. */
static void end(struct pump *p, enum net_end why)
{
    struct pump_user user = p->user;
    if (p->tls) {
        tls_destroy(p->tls);
        p->tls = NULL;
    }
    p->is_open = false;
    p->session = NULL;
    p->deadline = VTIME_NEVER;
    hold_run(p, false);
    p->life++;
    p->next_free = p->pool->free;
    p->pool->free = p;
    user.ended(user.context, why);
}

void pump_pool_finish(struct pump_pool *pool)
{
    for (struct pump *p = pool->all; p; p = p->next)
        if (p->is_open)
            end(p, NET_END_CRASHED);
    while (pool->all) {
        struct pump *next = pool->all->next;
        free(pool->all);
        pool->all = next;
    }
    pool->free = NULL;
    vector_finish(&pool->chances);
}

static struct pump *take(struct pump_pool *pool, bool is_client, struct session *session,
                         const struct pump_user *user)
{
    struct pump *p = pool->free;
    if (p) {
        pool->free = p->next_free;
    } else {
        p = memory_take(sizeof *p);
        p->timer_t = VTIME_NEVER;
        p->next = pool->all;
        pool->all = p;
    }
    p->pool = pool;
    p->session = session;
    p->user = *user;
    p->msg_in = p->msg_out = 0;
    p->is_open = true;
    p->is_closing = p->is_failed = p->is_real = false;
    p->held_until = 0;
    p->cut = PUMP_CUT_NONE;
    p->is_finished = false;
    p->is_client = is_client;
    p->deadline = VTIME_NEVER;
    p->next_free = NULL;
    return p;
}

/* What the session says waits while the handshake that it asked for is not done. */
static bool is_waiting(const struct pump *p)
{
    return p->session->tls == SESSION_TLS_FIRST || (p->tls && p->session->tls != SESSION_TLS_ON);
}

static void send_all(struct pump *p, uint32_t cause)
{
    uint32_t msg = p->msg_out ? p->msg_out : p->msg_in;
    for (;;) {
        struct slice bytes = session_to_send(p->session);
        if (bytes.size == 0)
            break;
        p->pool->sim->cause = cause;
        if (p->tls)
            pump_tls_say(p, bytes, msg);
        else
            net_send(p->pool->net, p->wire, bytes, msg);
        session_sent(p->session, bytes.size);
    }
}

void pump_flush(struct pump *p)
{
    if (!p->is_open || pump_is_held(p))
        return;
    if (p->is_failed) { /* it has no way to go any more, and must not pile up */
        session_sent(p->session, bytes_size(&p->session->out));
        return;
    }
    uint32_t cause = p->pool->sim->cause;
    if (!is_waiting(p))
        send_all(p, cause);
    p->pool->sim->cause = cause;
    if (p->session->tls == SESSION_TLS_WANTED && !p->tls && !p->session->is_closing)
        pump_tls_start(p);
    if (p->session->is_closing && !p->is_closing) {
        if (p->tls)
            pump_tls_close(p);
        p->is_closing = true;
        net_close(p->pool->net, p->wire);
    }
    p->pool->sim->cause = cause;
}

bool pump_turn(struct pump *p)
{
    uint32_t life = p->life;
    if (pump_is_held(p))
        return true;
    p->user.turn(p->user.context);
    if (p->life == life)
        pump_flush(p);
    return p->life == life;
}

bool pump_take_in(struct pump *p, struct slice bytes)
{
    if (session_feed(p->session, bytes))
        return pump_turn(p);
    pump_abort(p); /* more than this session can ever want */
    return false;
}

bool pump_take_end(struct pump *p)
{
    p->session->is_eof = true;
    return pump_turn(p);
}

static void opened(void *context, uint32_t wire)
{
    struct pump *p = context;
    check(p->is_open && p->wire == wire);
    if (p->session->tls == SESSION_TLS_FIRST)
        pump_tls_start(p);
    else
        (void)pump_turn(p);
}

static void received(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct pump *p = context;
    check(p->is_open && p->wire == wire);
    if (p->is_failed)
        return;
    if (p->cut == PUMP_CUT_AT_INPUT) {
        pump_abort(p);
        return;
    }
    p->msg_in = msg;
    if (p->tls)
        pump_tls_received(p, bytes);
    else
        (void)pump_take_in(p, bytes);
}

/* The peer will send no more: what is left to say, and the end. */
static void take_finish(struct pump *p)
{
    if (p->tls && !p->is_closing && is_waiting(p))
        pump_tls_fail(p, SLICE("the connection ended within the handshake"));
    bool is_told = p->is_failed || (p->tls && p->session->is_eof);
    if ((is_told || pump_take_end(p)) && !p->is_closing) {
        if (p->tls)
            pump_tls_close(p);
        p->is_closing = true;
        net_close(p->pool->net, p->wire);
    }
}

static void finished(void *context, uint32_t wire)
{
    struct pump *p = context;
    check(p->is_open && p->wire == wire);
    p->is_finished = true;
    if (!pump_is_held(p))
        take_finish(p);
}

static void ended(void *context, uint32_t wire, enum net_end why)
{
    struct pump *p = context;
    check(p->is_open && p->wire == wire);
    end(p, p->is_failed && why != NET_END_CRASHED ? NET_END_TLS : why);
}

static struct net_user net_user_of(struct pump *p)
{
    return (struct net_user){opened, received, finished, ended, p};
}

struct pump *pump_connect(struct pump_pool *pool, uint32_t agent, uint32_t address, uint32_t port,
                          struct session *session, const struct pump_user *user)
{
    struct pump *p = take(pool, true, session, user);
    struct net_user net_user = net_user_of(p);
    p->wire = net_connect(pool->net, agent, address, port, &net_user);
    return p;
}

struct pump *pump_accept(struct pump_pool *pool, uint32_t wire, struct session *session,
                         const struct pump_user *user, struct net_user *net_user)
{
    struct pump *p = take(pool, false, session, user);
    p->wire = wire;
    *net_user = net_user_of(p);
    if (user->is_cut)
        pump_cut(p, PUMP_CUT_NOW);
    else if (user->greets_after_ns > 0)
        pump_hold(p, user->greets_after_ns);
    if (session->tls == SESSION_TLS_FIRST)
        pump_tls_start(p);
    pump_flush(p);
    return p;
}

void pump_abort(struct pump *p)
{
    if (!p->is_open)
        return;
    net_abort(p->pool->net, p->wire);
    end(p, NET_END_RESET);
}

/* ---- held and cut ---- */

bool pump_is_held(const struct pump *p)
{
    return p->held_until > 0 || p->cut == PUMP_CUT_NOW;
}

static void release(void *context, uint64_t life, uint64_t until)
{
    struct pump *p = context;
    if (p->life != (uint32_t)life || p->held_until != (int64_t)until)
        return; /* it has ended meanwhile, or is held for longer */
    p->held_until = 0;
    if (pump_is_held(p))
        return;
    pump_flush(p);
    if (p->is_finished)
        take_finish(p);
    else
        (void)pump_turn(p);
}

void pump_hold(struct pump *p, int64_t ns)
{
    int64_t until = p->pool->sim->now + ns;
    if (!p->is_open || ns <= 0 || until <= p->held_until)
        return;
    p->held_until = until;
    sim_after(p->pool->sim, ns, release, p, p->life, (uint64_t)until);
}

static void cut(void *context, uint64_t life, uint64_t unused)
{
    struct pump *p = context;
    (void)unused;
    if (p->life == (uint32_t)life)
        pump_abort(p);
}

void pump_cut(struct pump *p, enum pump_cut when)
{
    if (!p->is_open || p->cut == PUMP_CUT_NOW)
        return;
    p->cut = when;
    if (when == PUMP_CUT_NOW)
        sim_after(p->pool->sim, 0, cut, p, p->life, 0);
}

/* ---- waiting ---- */

/*
 * One timer task a pump at a time, whatever the number of waits: a task that comes too early puts
 * itself in again for the rest. One that was overtaken by an earlier one does nothing.
 */
static void timer(void *context, uint64_t t, uint64_t unused);

static void arm(struct pump *p)
{
    struct sim *sim = p->pool->sim;
    p->timer_t = p->deadline;
    sim_after_background(sim, p->deadline - sim->now, timer, p, (uint64_t)p->timer_t, 0);
}

static void timer(void *context, uint64_t t, uint64_t unused)
{
    struct pump *p = context;
    (void)unused;
    if (p->timer_t != (int64_t)t)
        return;
    p->timer_t = VTIME_NEVER;
    if (!p->is_open || p->deadline == VTIME_NEVER)
        return;
    if (p->held_until > 0) /* it is not the other side that makes us wait */
        p->deadline = p->held_until + p->wait_ns;
    if (p->deadline > p->pool->sim->now) {
        arm(p);
        return;
    }
    p->deadline = VTIME_NEVER;
    hold_run(p, false);
    p->pool->sim->cause = p->wait_cause;
    if (!p->user.expired || p->is_failed) {
        net_abort(p->pool->net, p->wire);
        end(p, p->is_failed ? NET_END_TLS : NET_END_TIMEOUT);
        return;
    }
    uint32_t life = p->life;
    p->user.expired(p->user.context);
    if (p->life == life)
        pump_flush(p);
}

static void wait_for(struct pump *p, int64_t seconds, bool is_quiet)
{
    if (p->is_failed || !p->is_open)
        return; /* its end is waited for, and nothing else */
    p->wait_ns = seconds * VTIME_S;
    p->deadline = seconds ? p->pool->sim->now + p->wait_ns : VTIME_NEVER;
    p->wait_cause = p->pool->sim->cause;
    hold_run(p, seconds != 0 && !is_quiet);
    if (p->deadline < p->timer_t)
        arm(p);
}

void pump_wait(struct pump *p, int64_t seconds)
{
    wait_for(p, seconds, false);
}

void pump_wait_quietly(struct pump *p, int64_t seconds)
{
    wait_for(p, seconds, true);
}

uint32_t pump_conn(const struct pump *p)
{
    return net_conn(p->pool->net, p->wire);
}
