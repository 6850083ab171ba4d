#include "sim/net/net_inner.h"

#include "sim/base/check.h"

enum { HEADER_OCTETS = 28, OCTETS_MAX = 65507, PORT_TRIES = 16384 }; /* IPv4 and UDP (RFC 768) */

uint32_t net_udp_bind(struct net *net, uint32_t agent, uint32_t port, net_datagram *received,
                      void *context)
{
    uint32_t host = net_inner_host(net, agent);
    uint32_t *next = &net_host(net, host)->next_udp_port;
    bool is_any = port == 0;
    struct net_port *bound = NULL;
    for (int i = 0; !bound && i < (is_any ? PORT_TRIES : 1); i++) {
        port = is_any ? net_port_next(next) : port;
        bound = net_port_add(&net->udp, host, port);
    }
    if (!bound)
        return 0;
    *bound = (struct net_port){.agent = agent, .received = received, .context = context};
    return port;
}

void net_udp_unbind(struct net *net, uint32_t agent, uint32_t port)
{
    net_port_remove(&net->udp, net_inner_host(net, agent), port);
}

void datagram_finish(struct net *net)
{
    for (size_t i = 0; i < net->datagrams.count; i++)
        bytes_finish(&net->datagrams.items[i].octets);
    vector_finish(&net->datagrams);
    vector_finish(&net->free_datagrams);
}

/* A slot with a copy of the octets; its buffer is one that was used before, if there is one. */
static uint32_t keep_datagram(struct net *net, const struct datagram *d, struct slice octets)
{
    if (net->free_datagrams.count == 0) {
        bytes_init(&vector_add(&net->datagrams)->octets, OCTETS_MAX);
        *vector_add(&net->free_datagrams) = (uint32_t)net->datagrams.count - 1;
    }
    uint32_t slot = net->free_datagrams.items[--net->free_datagrams.count];
    struct datagram *kept = &net->datagrams.items[slot];
    struct bytes buffer = kept->octets;
    *kept = *d;
    kept->octets = buffer;
    bytes_clear(&kept->octets);
    check(bytes_append(&kept->octets, octets));
    return slot;
}

/* It has come to its host, or to where it is lost. Nobody at the port: lost as well, silently. */
static void arrive(void *context, uint64_t slot, uint64_t unused)
{
    (void)unused;
    struct net *net = context;
    struct datagram d = net->datagrams.items[slot]; /* its octets stay where they are */
    const struct net_port *port = NULL;
    if (!d.is_lost && net_host(net, d.to)->is_up)
        port = net_port_find(&net->udp, d.to, d.to_port);
    if (d.stop.at)
        guard_emit(net, &d.stop, d.from_place, d.to_place, d.to_port);
    if (port && !port->is_stopped)
        port->received(port->context, net_host(net, d.from)->address, d.from_port,
                       bytes_slice(&d.octets));
    else
        sim_note(net->sim, EVENT_UDP_LOST,
                 &(struct event_udp_lost){.from = d.from_place, .to = d.to_place, .link = d.link});
    *vector_add(&net->free_datagrams) = (uint32_t)slot;
}

static uint32_t place_at(struct net *net, uint32_t host, uint32_t port)
{
    const struct net_port *bound = host ? net_port_find(&net->udp, host, port) : NULL;
    bool is_there = bound && !bound->is_gone;
    return is_there ? bound->agent : host ? net_host(net, host)->place : 0;
}

void net_udp_send(struct net *net, uint32_t agent, uint32_t from_port, uint32_t to_address,
                  uint32_t to_port, struct slice bytes)
{
    check(bytes.size <= OCTETS_MAX && from_port <= UINT16_MAX && to_port <= UINT16_MAX);
    struct sim *sim = net->sim;
    struct datagram d = {.from = net_inner_host(net, agent),
                         .to = table_get(&net->by_address, to_address),
                         .from_place = agent,
                         .from_port = from_port,
                         .to_port = to_port};
    if (!net_host(net, d.from)->is_up || !net_agent_is_up(net, agent))
        return;
    d.to_place = place_at(net, d.to, to_port);
    const struct route *route = route_at(net, route_find(net, d.from, d.to));
    uint32_t path = route->path;
    const struct guard_packet packet = {net_host(net, d.from)->address, to_address, from_port,
                                        to_port, .is_datagram = true};
    (void)guard_find_stop(net, route, d.from, &packet, &d.stop);
    struct link_transit transit = link_carry(
        net, route,
        &(struct link_load){
            .octets = HEADER_OCTETS + (uint32_t)bytes.size, .source = d.from, .stop = d.stop.hops});
    if (transit.link) /* it never came so far */
        d.stop.at = 0;
    d.is_lost = transit.is_lost;
    d.link = transit.link;
    struct event_udp_datagram fields = {.from = d.from_place,
                                        .to = d.to_place,
                                        .ports = from_port << 16 | to_port,
                                        .data = sim_text(sim, bytes),
                                        .travel = transit.travel_us,
                                        .path = path};
    uint32_t before = sim->cause;
    sim_emit(sim, EVENT_UDP_DATAGRAM, &fields);
    sim_after(sim, transit.at - sim->now, arrive, net, keep_datagram(net, &d, bytes), 0);
    sim->cause = before;
}
