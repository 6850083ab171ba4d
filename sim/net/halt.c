#include "sim/net/net_inner.h"

#include "sim/base/check.h"

/* Agents that are stopped while their host runs, and connections that are cut. */

static void mark_ports(struct net_ports *ports, uint32_t agent, bool is_up)
{
    for (size_t i = 0; i < ports->items.count; i++)
        if (ports->items.items[i].agent == agent)
            ports->items.items[i].is_stopped = !is_up;
}

bool net_agent_is_up(const struct net *net, uint32_t agent)
{
    return net->stopped.count == 0 || table_get(&net->stopped, agent) == 0;
}

void net_set_agent_up(struct net *net, uint32_t agent, bool is_up)
{
    check(net_host(net, net_inner_host(net, agent))->place != agent);
    if (net_agent_is_up(net, agent) == is_up || table_get(&net->stopped, agent) == STOPPED_FOR_GOOD)
        return;
    mark_ports(&net->tcp, agent, is_up);
    mark_ports(&net->udp, agent, is_up);
    if (is_up) {
        table_remove(&net->stopped, agent);
        sim_emit(net->sim, EVENT_START, &(struct event_start){.at = agent});
        return;
    }
    table_set(&net->stopped, agent, 1);
    uint32_t stop = sim_emit(net->sim, EVENT_STOP, &(struct event_stop){.at = agent});
    wire_stop_agent(net, agent);
    net->sim->cause = stop;
}

static struct wire_conn *find_conn(const struct net *net, uint32_t conn)
{
    for (size_t i = 0; i < net->conns.count; i++)
        if (net->conns.items[i]->is_used && net->conns.items[i]->number == conn)
            return net->conns.items[i];
    return NULL;
}

void net_cut_conn(struct net *net, uint32_t conn)
{
    struct wire_conn *c = find_conn(net, conn);
    if (c)
        c->is_cut = true;
}

void net_cut_conn_after(struct net *net, uint32_t conn, bool is_back, uint32_t octets)
{
    struct wire_conn *c = find_conn(net, conn);
    if (!c)
        return;
    c->has_limit[is_back] = true;
    c->limit[is_back] = octets;
}

bool halt_is_cut(struct wire_conn *c, const struct segment *s, size_t octets)
{
    uint32_t end = s->seq - c->stream[s->from].isn - 1 + (uint32_t)octets; /* the SYN takes one */
    if (octets > 0 && c->has_limit[s->from] && end > c->limit[s->from])
        c->is_cut = true;
    return c->is_cut;
}
