/* The map changes while it runs: what is renamed, has other figures, or is taken away. */
#include "sim/base/check.h"
#include "sim/net/net_inner.h"

void net_rename_host(struct net *net, uint32_t place, struct slice id, struct slice name)
{
    struct net_host *host = net_host(net, net_inner_host(net, place));
    host->id = net_keep(net, id);
    host->name = net_keep(net, name);
    route_forget(net); /* their paths name it */
    sim_emit(net->sim, EVENT_RENAME,
             &(struct event_rename){.at = host->place,
                                    .id = sim_text(net->sim, id),
                                    .name = sim_text(net->sim, name)});
}

void net_set_link(struct net *net, uint32_t number, const struct net_link_options *options)
{
    struct net_link *link = net_link(net, number);
    if (link->latency_us != options->latency_us)
        route_forget(net);
    link->latency_us = options->latency_us;
    link->jitter_us = options->jitter_us;
    link->kbps = options->kbps;
    link->loss_ppm = options->loss_ppm;
}

static void emit_gone(struct net *net, uint32_t place, uint32_t link, uint32_t waiting)
{
    sim_emit(net->sim, EVENT_GONE, &(struct event_gone){.at = place, .link = link, .n = waiting});
}

/* It has one link less; routes rely on which one is the only one. */
static void part(struct net *net, uint32_t number)
{
    struct net_host *host = net_host(net, number);
    host->degree--;
    for (uint32_t link = 1; link <= net->links.count; link++) {
        const struct net_link *l = net_link(net, link);
        if (!l->is_gone && (l->end[0] == number || l->end[1] == number))
            host->link = link;
    }
}

void net_remove_link(struct net *net, uint32_t number)
{
    struct net_link *link = net_link(net, number);
    uint64_t key = net_ends_key(link->end[0], link->end[1]);
    check(!link->is_gone);
    link->is_gone = true;
    net_judge_link(net, link);
    part(net, link->end[0]);
    part(net, link->end[1]);
    if (table_get(&net->by_ends, key) == number)
        table_remove(&net->by_ends, key);
    net->is_core_stale = true;
    route_forget(net);
    emit_gone(net, 0, number, 0);
}

void net_remove_host(struct net *net, uint32_t place, uint32_t waiting)
{
    struct net_host *host = net_host(net, net_inner_host(net, place));
    check(!host->is_up && !host->is_frozen && host->degree == 0);
    host->is_gone = true;
    table_remove(&net->by_address, host->address);
    route_forget(net);
    emit_gone(net, host->place, 0, waiting);
}

static void free_ports(struct net_ports *ports, uint32_t agent)
{
    for (size_t i = 0; i < ports->items.count; i++)
        if (ports->items.items[i].agent == agent)
            ports->items.items[i].is_gone = true;
}

void net_remove_agent(struct net *net, uint32_t agent, uint32_t waiting)
{
    check(!net_agent_is_up(net, agent));
    table_set(&net->stopped, agent, STOPPED_FOR_GOOD);
    free_ports(&net->tcp, agent);
    free_ports(&net->udp, agent);
    emit_gone(net, agent, 0, waiting);
}

bool net_is_gone(const struct net *net, uint32_t place)
{
    return net_host(net, net_inner_host(net, place))->is_gone ||
           (net->stopped.count > 0 && table_get(&net->stopped, place) == STOPPED_FOR_GOOD);
}

bool net_link_is_gone(const struct net *net, uint32_t link)
{
    return net_link(net, link)->is_gone;
}
