#include "sim/net/list.h"

#include "sim/net/net_inner.h"

bool net_next_listener(struct net *net, uint32_t place, bool is_udp, struct net_listener *l)
{
    uint32_t host = net_inner_host(net, place);
    for (uint32_t port = l->port + 1; port <= UINT16_MAX; port++) {
        const struct net_port *found = net_port_find(is_udp ? &net->udp : &net->tcp, host, port);
        if (!found || found->is_stopped)
            continue;
        *l = (struct net_listener){port, found->agent};
        return true;
    }
    return false;
}

uint32_t net_udp_owner(struct net *net, uint32_t address, uint32_t port)
{
    uint32_t place = net_host_at(net, address);
    const struct net_port *found =
        place ? net_port_find(&net->udp, net_inner_host(net, place), port) : NULL;
    return found ? found->agent : place;
}

bool net_stand_in(struct net *net, uint32_t agent, uint32_t port, net_accept *accept, void *context,
                  struct net_stand_in *kept)
{
    struct net_port *found = net_port_find(&net->tcp, net_inner_host(net, agent), port);
    *kept = (struct net_stand_in){0};
    if (!found || !found->is_stopped || found->is_gone)
        return net_listen(net, agent, port, accept, context);
    *kept = (struct net_stand_in){found->agent, found->accept, found->context};
    found->agent = agent;
    found->accept = accept;
    found->context = context;
    found->is_stopped = false;
    return true;
}

void net_step_back(struct net *net, uint32_t agent, uint32_t port, const struct net_stand_in *kept)
{
    struct net_port *found = net_port_find(&net->tcp, net_inner_host(net, agent), port);
    if (!found || found->agent != agent)
        return;
    if (kept->agent == 0) {
        net_unlisten(net, agent, port);
        return;
    }
    found->agent = kept->agent;
    found->accept = kept->accept;
    found->context = kept->context;
    found->is_stopped = !net_agent_is_up(net, kept->agent);
    found->is_gone = net_is_gone(net, kept->agent);
}

static const char *state_name(const struct wire_end *end)
{
    switch (end->state) {
    case WIRE_NONE:
    case WIRE_GONE:
        break;
    case WIRE_SYN_SENT:
        return "SYN-SENT";
    case WIRE_SYN_RECEIVED:
        return "SYN-RECEIVED";
    case WIRE_OPEN:
        return end->is_closing && end->has_finished ? "LAST-ACK"
               : end->is_closing                    ? "FIN-WAIT"
               : end->has_finished                  ? "CLOSE-WAIT"
                                                    : "ESTABLISHED";
    }
    return "CLOSED";
}

static bool fill_peer(const struct net *net, const struct wire_conn *c, unsigned side,
                      uint32_t host, struct net_peer *p)
{
    const struct wire_end *end = &c->end[side];
    if (end->state == WIRE_NONE || end->state == WIRE_GONE || end->host != host)
        return false;
    uint32_t ports[2] = {c->local_port, c->port};
    p->agent = end->place;
    p->own_address = net_host(net, host)->address;
    p->own_port = ports[side];
    p->address = side == 0 ? c->address : net_host(net, c->end[0].host)->address;
    p->port = ports[!side];
    p->state = state_name(end);
    return true;
}

/* Both ends of a connection may be here: a position is a slot and a side. */
bool net_next_peer(const struct net *net, uint32_t place, struct net_peer *p)
{
    uint32_t host = net_inner_host(net, place);
    while (p->position < 2 * net->conns.count) {
        const struct wire_conn *c = net->conns.items[p->position / 2];
        unsigned side = p->position++ % 2;
        if (c->is_used && fill_peer(net, c, side, host, p))
            return true;
    }
    return false;
}
