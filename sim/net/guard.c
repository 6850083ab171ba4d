#include "sim/net/net_inner.h"

#include "sim/base/memory.h"

/*
 * Firewalls. Datagrams that passed one are remembered in a small table, each in the one slot that
 * its ends point to: an answer comes soon, and where another one has taken the slot meanwhile it is
 * lost like many a datagram.
 */
enum { FLOWS = 4096 };

/* ---- the list ---- */

static void chain(struct net *net, size_t index)
{
    struct guard *g = &net->guards.items[index];
    uint32_t *first = g->link ? &net_link(net, g->link)->guard : &net_host(net, g->host)->guard;
    g->next = *first;
    *first = (uint32_t)index + 1;
}

/* All over again: a firewall may have moved to another link. */
static void chain_all(struct net *net)
{
    for (size_t i = 0; i < net->hosts.count; i++)
        net->hosts.items[i].guard = 0;
    for (size_t i = 0; i < net->links.count; i++)
        net->links.items[i].guard = 0;
    for (size_t i = net->guards.count; i-- > 0;)
        chain(net, i);
}

static struct guard *guard_of(struct net *net, uint32_t agent)
{
    for (size_t i = 0; i < net->guards.count; i++)
        if (net->guards.items[i].agent == agent)
            return &net->guards.items[i];
    return vector_add(&net->guards);
}

static void *copy(const void *items, size_t size)
{
    void *kept = memory_take(size);
    if (size > 0)
        memcpy(kept, items, size);
    return kept;
}

void net_set_rules(struct net *net, uint32_t agent, const struct net_firewall *firewall)
{
    struct guard *g = guard_of(net, agent);
    const struct net_firewall *f = firewall;
    free(g->rules);
    free(g->inside);
    *g = (struct guard){.agent = agent,
                        .host = net_inner_host(net, agent),
                        .link = f->link,
                        .rules = copy(f->rules, f->rule_count * sizeof *f->rules),
                        .rule_count = f->rule_count,
                        .inside = copy(f->inside, f->inside_count * sizeof *f->inside),
                        .inside_count = f->inside_count};
    chain_all(net);
    if (!net->flows)
        net->flows = memory_take(FLOWS * sizeof *net->flows);
}

void guard_finish(struct net *net)
{
    for (size_t i = 0; i < net->guards.count; i++) {
        free(net->guards.items[i].rules);
        free(net->guards.items[i].inside);
    }
    vector_finish(&net->guards);
    free(net->flows);
}

/* ---- judging ---- */

static bool is_in(const struct net_range *ranges, size_t count, uint32_t address)
{
    for (size_t i = 0; i < count; i++)
        if ((address & ranges[i].mask) == ranges[i].address)
            return true;
    return false;
}

static bool has_port(const struct net_rule *r, uint32_t port)
{
    for (size_t i = 0; i < r->port_count; i++)
        if (port >= r->ports[i].first && port <= r->ports[i].last)
            return true;
    return r->port_count == 0;
}

static bool has_direction(const struct guard *g, const struct net_rule *r,
                          const struct guard_packet *p)
{
    bool from_inside = is_in(g->inside, g->inside_count, p->from_address);
    bool to_inside = is_in(g->inside, g->inside_count, p->to_address);
    switch (r->direction) {
    case NET_BOTH_WAYS:
        return true;
    case NET_IN:
        return !from_inside && to_inside;
    case NET_OUT:
        return from_inside && !to_inside;
    }
    return false;
}

static bool matches(const struct guard *g, const struct net_rule *r, const struct guard_packet *p)
{
    return (r->transport == NET_ANY_TRANSPORT || (r->transport == NET_UDP) == p->is_datagram) &&
           has_port(r, p->to_port) && has_direction(g, r, p) &&
           (r->from_count == 0 || is_in(r->from, r->from_count, p->from_address)) &&
           (r->to_count == 0 || is_in(r->to, r->to_count, p->to_address)) &&
           !is_in(r->except, r->except_count, p->from_address) &&
           !is_in(r->except, r->except_count, p->to_address);
}

static enum net_verdict judge(const struct guard *g, const struct guard_packet *p)
{
    for (size_t i = 0; i < g->rule_count; i++)
        if (matches(g, &g->rules[i], p))
            return g->rules[i].verdict;
    return NET_ALLOW;
}

/* Does one of this chain stop it? */
static bool stops(const struct net *net, uint32_t chain_first, const struct guard_packet *p,
                  struct guard_stop *stop)
{
    for (uint32_t i = chain_first; i != 0; i = net->guards.items[i - 1].next) {
        const struct guard *g = &net->guards.items[i - 1];
        enum net_verdict verdict = judge(g, p);
        if (verdict == NET_ALLOW)
            continue;
        stop->at = g->agent;
        stop->is_reject = verdict == NET_REJECT;
        return true;
    }
    return false;
}

/* The hosts and links of the way, in their order. */
static bool walk(const struct net *net, const struct route *route, uint32_t source,
                 const struct guard_packet *p, struct guard_stop *stop)
{
    stop->hops = 0;
    if (!route->is_found || route->count == 0 || stops(net, net_host(net, source)->guard, p, stop))
        return route->is_found && route->count > 0;
    for (uint32_t i = 0; i < route->count; i++) {
        uint32_t hop = net->hops.items[route->first + i];
        const struct net_link *link = net_link(net, hop >> 1);
        if (stops(net, link->guard, p, stop))
            return true;
        stop->hops++;
        if (stops(net, net_host(net, link->end[!(hop & 1)])->guard, p, stop))
            return true;
    }
    return false;
}

static struct guard_flow *flow_slot(const struct net *net, const struct guard_flow *flow)
{
    uint64_t words[2] = {(uint64_t)flow->from_address << 32 | flow->to_address, flow->ports};
    uint64_t hash = slice_hash((struct slice){(const char *)words, sizeof words});
    return &net->flows[hash % FLOWS];
}

static bool is_answer(const struct net *net, const struct guard_packet *p)
{
    struct guard_flow asked = {p->to_address, p->from_address, p->to_port << 16 | p->from_port};
    const struct guard_flow *known = flow_slot(net, &asked);
    return known->from_address == asked.from_address && known->to_address == asked.to_address &&
           known->ports == asked.ports;
}

bool guard_find_stop(struct net *net, const struct route *route, uint32_t source,
                     const struct guard_packet *p, struct guard_stop *stop)
{
    *stop = (struct guard_stop){.hops = GUARD_NO_STOP};
    if (net->guards.count == 0 || (p->is_datagram && is_answer(net, p)))
        return false;
    if (walk(net, route, source, p, stop))
        return true;
    stop->hops = GUARD_NO_STOP;
    if (p->is_datagram) {
        struct guard_flow flow = {p->from_address, p->to_address, p->from_port << 16 | p->to_port};
        *flow_slot(net, &flow) = flow;
    }
    return false;
}

void guard_emit(struct net *net, const struct guard_stop *stop, uint32_t from, uint32_t to,
                uint32_t port)
{
    const char *how = stop->is_reject ? "reject" : "drop";
    sim_emit(net->sim, EVENT_BLOCK,
             &(struct event_block){.at = stop->at,
                                   .from = from,
                                   .to = to,
                                   .port = port,
                                   .how = sim_text(net->sim, slice_of(how))});
}
