#include "sim/net/net_inner.h"

#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"

/*
 * A wire number: 8 bits that change each time its slot is given out, 23 bits of slot, 1 bit of
 * side. Who calls with the number of an end that is gone finds that out, and nothing happens.
 */
enum { SLOT_BITS = 23, LIFE_SHIFT = SLOT_BITS + 1, LIFE_COUNT = 255 };

uint32_t wire_number(const struct wire_conn *c, unsigned side)
{
    uint32_t life = (c->uses - 1) % LIFE_COUNT + 1; /* never 0: no wire is 0 */
    return life << LIFE_SHIFT | c->index << 1 | side;
}

bool wire_is_alive(const struct wire_end *end)
{
    return end->state != WIRE_NONE && end->state != WIRE_GONE;
}

static struct wire_conn *find_conn(const struct net *net, uint32_t wire)
{
    uint32_t index = (wire & ((UINT32_C(1) << LIFE_SHIFT) - 1)) >> 1;
    if (index >= net->conns.count)
        return NULL;
    struct wire_conn *c = net->conns.items[index];
    return c->is_used && wire_number(c, wire & 1) == wire ? c : NULL;
}

static struct wire_conn *find_alive(const struct net *net, uint32_t wire)
{
    struct wire_conn *c = find_conn(net, wire);
    return c && wire_is_alive(&c->end[wire & 1]) ? c : NULL;
}

/* ---- slots ---- */

static struct wire_conn *take_conn(struct net *net)
{
    if (net->free_conns.count == 0) {
        struct wire_conn *added = memory_take(sizeof *added);
        added->index = (uint32_t)net->conns.count;
        check(added->index < UINT32_C(1) << SLOT_BITS);
        *vector_add(&net->conns) = added;
        *vector_add(&net->free_conns) = added->index;
    }
    struct wire_conn *c = net->conns.items[net->free_conns.items[--net->free_conns.count]];
    c->uses++;
    c->how = WIRE_HOW_CLOSED;
    c->is_used = true;
    c->is_over = c->is_real = c->is_cut = false;
    c->has_limit[0] = c->has_limit[1] = false;
    c->box = 0;
    c->end[0] = c->end[1] = (struct wire_end){.state = WIRE_NONE};
    return c;
}

void wire_release(struct net *net, struct wire_conn *c)
{
    if (!c->is_used || c->on_the_way || c->busy)
        return;
    if (!c->is_over) {
        retry_watch_orphan(net, c, 0);
        retry_watch_orphan(net, c, 1);
        return;
    }
    c->is_used = false;
    stream_clear(&c->stream[0]);
    stream_clear(&c->stream[1]);
    *vector_add(&net->free_conns) = c->index;
}

void wire_finish(struct net *net)
{
    for (size_t i = 0; i < net->conns.count; i++) {
        stream_finish(&net->conns.items[i]->stream[0]);
        stream_finish(&net->conns.items[i]->stream[1]);
        free(net->conns.items[i]);
    }
    vector_finish(&net->conns);
    vector_finish(&net->free_conns);
    vector_finish(&net->segments);
    vector_finish(&net->free_segments);
}

/* ---- the life of an end ---- */

void wire_start_end(struct net *net, struct wire_conn *c, unsigned side, enum wire_state state)
{
    struct wire_end *end = &c->end[side];
    struct net_host *host = net_host(net, end->host);
    *end = (struct wire_end){
        .state = state, .host = end->host, .place = end->place, .lives = host->lives};
    retry_start(net, end);
    stream_start(&c->stream[side], (uint32_t)random_u64(&host->random));
    stream_add_mark(&c->stream[side], EVENT_SEGMENT_SYN);
}

void wire_emit_open(struct net *net, const struct wire_conn *c, struct slice result)
{
    sim_emit(net->sim, EVENT_TCP_OPEN,
             &(struct event_tcp_open){.conn = c->number, .result = sim_text(net->sim, result)});
}

static enum wire_how how_of(enum net_end why)
{
    switch (why) {
    case NET_END_CLOSED:
        return WIRE_HOW_CLOSED;
    case NET_END_TIMEOUT:
        return WIRE_HOW_TIMEOUT;
    case NET_END_TLS:
    case NET_END_REFUSED:
    case NET_END_BLOCKED:
    case NET_END_RESET:
    case NET_END_CRASHED:
        break;
    }
    return WIRE_HOW_RESET;
}

static void note_close(struct net *net, struct wire_conn *c)
{
    static const char *const names[] = {
        [WIRE_HOW_CLOSED] = "closed", [WIRE_HOW_RESET] = "reset", [WIRE_HOW_TIMEOUT] = "timeout"};
    c->is_over = true;
    sim_note(net->sim, EVENT_TCP_CLOSE,
             &(struct event_tcp_close){.conn = c->number,
                                       .how = sim_text(net->sim, slice_of(names[c->how]))});
}

void wire_leave(struct net *net, struct wire_conn *c, unsigned side, enum net_end why,
                bool is_silent)
{
    struct wire_end *end = &c->end[side];
    end->state = WIRE_GONE;
    end->why = why;
    if (c->how == WIRE_HOW_CLOSED) /* of two ends that failed the first says how */
        c->how = how_of(why);
    if (!wire_is_alive(&c->end[!side]))
        note_close(net, c);
    else
        sim_changed(net->sim);
    if (!is_silent && end->user.ended) {
        c->busy++;
        end->user.ended(end->user.context, wire_number(c, side), why);
        c->busy--;
    }
    wire_release(net, c);
}

void wire_crash_host(struct net *net, uint32_t host)
{
    uint32_t cause = net->sim->cause;
    size_t count = net->conns.count; /* what users start while they are told is not looked at */
    for (size_t i = 0; i < count; i++) {
        struct wire_conn *c = net->conns.items[i];
        for (unsigned side = 0; side < 2; side++)
            if (c->is_used && c->end[side].host == host && wire_is_alive(&c->end[side])) {
                net->sim->cause = cause;
                wire_leave(net, c, side, NET_END_CRASHED, false);
            }
    }
}

void wire_stop_agent(struct net *net, uint32_t agent)
{
    uint32_t cause = net->sim->cause;
    size_t count = net->conns.count;
    for (size_t i = 0; i < count; i++) {
        struct wire_conn *c = net->conns.items[i];
        for (unsigned side = 0; side < 2; side++) {
            if (!c->is_used || c->end[side].place != agent || !wire_is_alive(&c->end[side]))
                continue;
            net->sim->cause = cause;
            if (c->end[side].state != WIRE_SYN_SENT)
                segment_reset(net, c, side);
            wire_leave(net, c, side, NET_END_CRASHED, false);
        }
    }
}

/* ---- what users do ---- */

bool net_listen(struct net *net, uint32_t agent, uint32_t port, net_accept *accept, void *context)
{
    struct net_port *listener = net_port_add(&net->tcp, net_inner_host(net, agent), port);
    if (!listener)
        return false;
    *listener = (struct net_port){.agent = agent, .accept = accept, .context = context};
    return true;
}

void net_unlisten(struct net *net, uint32_t agent, uint32_t port)
{
    net_port_remove(&net->tcp, net_inner_host(net, agent), port);
}

/* Who is shown as the one connected to: the listener, or else the host with that address. */
static uint32_t place_at(struct net *net, uint32_t host, uint32_t port)
{
    const struct net_port *listener = host ? net_port_find(&net->tcp, host, port) : NULL;
    bool is_there = listener && !listener->is_gone;
    return is_there ? listener->agent : host ? net_host(net, host)->place : 0;
}

static void emit_connect(struct net *net, const struct wire_conn *c)
{
    uint32_t route = route_find(net, c->end[0].host, c->end[1].host);
    sim_emit(net->sim, EVENT_TCP_CONNECT,
             &(struct event_tcp_connect){.conn = c->number,
                                         .from = c->end[0].place,
                                         .to = c->end[1].place,
                                         .port = c->port,
                                         .local_port = c->local_port,
                                         .path = route_at(net, route)->path});
}

/* An attempt from a host or agent that is down. */
static void fail(void *context, uint64_t index, uint64_t uses)
{
    struct net *net = context;
    struct wire_conn *c = net->conns.items[index];
    if (c->uses != uses || !wire_is_alive(&c->end[0]))
        return;
    wire_emit_open(net, c, SLICE("timeout"));
    wire_leave(net, c, 0, NET_END_CRASHED, false);
}

uint32_t net_connect(struct net *net, uint32_t agent, uint32_t address, uint32_t port,
                     const struct net_user *user)
{
    check(port > 0 && port <= UINT16_MAX);
    uint32_t host = net_inner_host(net, agent);
    struct wire_conn *c = take_conn(net);
    c->number = ++net->conn_count;
    c->address = address;
    c->port = port;
    c->local_port = net_port_next(&net_host(net, host)->next_tcp_port);
    c->end[0].host = host;
    c->end[0].place = agent;
    c->end[1].host = table_get(&net->by_address, address);
    c->end[1].place = place_at(net, c->end[1].host, port);
    c->box = box_find(net, host, c->end[1].host, port);
    if (c->box) {
        c->end[1].place = net->boxes.items[c->box - 1].agent;
        c->end[1].host = net_inner_host(net, c->end[1].place);
    }
    wire_start_end(net, c, 0, WIRE_SYN_SENT);
    c->end[0].user = *user;
    uint32_t before = net->sim->cause;
    emit_connect(net, c);
    if (net_host(net, host)->is_up && net_agent_is_up(net, agent))
        segment_flush(net, c, 0);
    else
        sim_after(net->sim, 0, fail, net, c->index, c->uses);
    net->sim->cause = before;
    return wire_number(c, 0);
}

void net_send(struct net *net, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct wire_conn *c = find_alive(net, wire);
    unsigned side = wire & 1;
    if (!c || bytes.size == 0)
        return;
    check(!c->end[side].is_closing);
    stream_add(&c->stream[side], bytes, msg);
    if (c->end[side].state == WIRE_OPEN)
        segment_flush(net, c, side);
}

void net_close(struct net *net, uint32_t wire)
{
    struct wire_conn *c = find_alive(net, wire);
    unsigned side = wire & 1;
    if (!c || c->end[side].is_closing)
        return;
    c->end[side].is_closing = true;
    stream_add_mark(&c->stream[side], EVENT_SEGMENT_FIN);
    if (c->end[side].state == WIRE_OPEN)
        segment_flush(net, c, side);
}

void net_abort(struct net *net, uint32_t wire)
{
    struct wire_conn *c = find_alive(net, wire);
    unsigned side = wire & 1;
    if (!c)
        return;
    if (c->end[side].state != WIRE_SYN_SENT) /* RFC 9293 3.10.5 */
        segment_reset(net, c, side);
    wire_leave(net, c, side, NET_END_RESET, true);
}

void net_hold(struct net *net, uint32_t wire)
{
    struct wire_conn *c = find_alive(net, wire);
    if (c)
        c->end[wire & 1].is_held = true;
}

static void resume(void *context, uint64_t where, uint64_t uses)
{
    struct net *net = context;
    struct wire_conn *c = net->conns.items[where >> 1];
    const struct wire_end *end = &c->end[where & 1];
    if (c->uses == uses && wire_is_alive(end) && !end->is_held)
        segment_resume(net, c, where & 1);
}

/* In a task of its own, since users are never called back within a call of theirs. */
void net_release(struct net *net, uint32_t wire)
{
    struct wire_conn *c = find_alive(net, wire);
    if (!c || !c->end[wire & 1].is_held)
        return;
    c->end[wire & 1].is_held = false;
    sim_after(net->sim, 0, resume, net, (uint64_t)c->index << 1 | (wire & 1), c->uses);
}

size_t net_unacknowledged(const struct net *net, uint32_t wire)
{
    const struct wire_conn *c = find_alive(net, wire);
    return c ? bytes_size(&c->stream[wire & 1].octets) : 0;
}

uint32_t net_conn(const struct net *net, uint32_t wire)
{
    const struct wire_conn *c = find_conn(net, wire);
    return c ? c->number : 0;
}

uint32_t net_peer_address(const struct net *net, uint32_t wire)
{
    const struct wire_conn *c = find_conn(net, wire);
    if (!c)
        return 0;
    if (!(wire & 1))
        return c->address;
    const struct net_host *from = net_host(net, c->end[0].host);
    return from->outside ? net_host(net, from->outside)->address : from->address;
}

uint32_t net_place(const struct net *net, uint32_t wire)
{
    const struct wire_conn *c = find_conn(net, wire);
    return c ? c->end[wire & 1].place : 0;
}

void net_mark_real(struct net *net, uint32_t wire)
{
    struct wire_conn *c = find_conn(net, wire);
    if (c)
        c->is_real = true;
}

bool net_is_real(const struct net *net, uint32_t wire)
{
    const struct wire_conn *c = find_conn(net, wire);
    return c && c->is_real;
}
