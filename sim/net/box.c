#include "sim/net/net_inner.h"

/* Boxes that take connections for themselves. */

static struct box *box_of(struct net *net, uint32_t agent)
{
    for (size_t i = 0; i < net->boxes.count; i++)
        if (net->boxes.items[i].agent == agent)
            return &net->boxes.items[i];
    struct box *added = vector_add(&net->boxes);
    struct net_host *host = net_host(net, net_inner_host(net, agent));
    added->agent = agent;
    added->next = host->box;
    host->box = (uint32_t)net->boxes.count;
    return added;
}

void net_intercept(struct net *net, uint32_t agent, const uint32_t *ports, size_t port_count,
                   net_taken *taken, void *context)
{
    struct box *box = box_of(net, agent);
    vector_clear(&box->ports);
    for (size_t i = 0; i < port_count; i++)
        *vector_add(&box->ports) = ports[i];
    box->taken = taken;
    box->context = context;
}

void box_finish(struct net *net)
{
    for (size_t i = 0; i < net->boxes.count; i++)
        vector_finish(&net->boxes.items[i].ports);
    vector_finish(&net->boxes);
}

/* The first of this chain that wants the port; its index + 1, or 0. */
static uint32_t find_at(const struct net *net, uint32_t host, uint32_t port)
{
    for (uint32_t i = net_host(net, host)->box; i != 0; i = net->boxes.items[i - 1].next) {
        const struct box *box = &net->boxes.items[i - 1];
        for (size_t k = 0; k < box->ports.count; k++)
            if (box->ports.items[k] == port && net_agent_is_up(net, box->agent))
                return i;
    }
    return 0;
}

uint32_t box_find(struct net *net, uint32_t source, uint32_t target, uint32_t port)
{
    if (net->boxes.count == 0 || target == 0)
        return 0;
    const struct route *route = route_at(net, route_find(net, source, target));
    for (uint32_t i = 0; route->is_found && i < route->count; i++) {
        uint32_t hop = net->hops.items[route->first + i];
        uint32_t box = find_at(net, net_link(net, hop >> 1)->end[!(hop & 1)], port);
        if (box != 0)
            return box;
    }
    return 0;
}

bool box_take(struct net *net, const struct wire_conn *c, struct net_user *user)
{
    const struct box *box = &net->boxes.items[c->box - 1];
    return box->ports.count > 0 &&
           box->taken(box->context, wire_number(c, 1), net_host(net, c->end[0].host)->address,
                      c->address, c->port, user);
}
