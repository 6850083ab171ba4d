#include "sim/net/net.h"

#include <stdio.h>
#include <stdlib.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/net/net_inner.h"

enum { DYNAMIC_PORT_FIRST = 49152, PORT_LAST = 65535 };

struct net *net_create(struct sim *sim)
{
    struct net *net = memory_take(sizeof *net);
    net->sim = sim;
    net->route_version = 1;
    bytes_init(&net->text, SIZE_MAX);
    bytes_init(&net->passing.octets, SIZE_MAX);
    bytes_init(&net->patched, SIZE_MAX);
    return net;
}

static void finish_ports(struct net_ports *ports)
{
    table_finish(&ports->table);
    vector_finish(&ports->items);
    vector_finish(&ports->free);
}

void net_destroy(struct net *net)
{
    if (!net)
        return;
    wire_finish(net);
    datagram_finish(net);
    guard_finish(net);
    watch_finish(net);
    box_finish(net);
    table_finish(&net->stopped);
    vector_finish(&net->hosts);
    vector_finish(&net->links);
    vector_finish(&net->places);
    table_finish(&net->by_address);
    table_finish(&net->by_ends);
    finish_ports(&net->tcp);
    finish_ports(&net->udp);
    vector_finish(&net->routes);
    vector_finish(&net->hops);
    table_finish(&net->route_table);
    vector_finish(&net->nodes);
    vector_finish(&net->heap);
    bytes_finish(&net->text);
    free(net);
}

/* ---- the map ---- */

struct net_host *net_host(const struct net *net, uint32_t host)
{
    check(host - 1 < net->hosts.count);
    return &net->hosts.items[host - 1];
}

struct net_link *net_link(const struct net *net, uint32_t link)
{
    check(link - 1 < net->links.count);
    return &net->links.items[link - 1];
}

uint32_t net_inner_host(const struct net *net, uint32_t place)
{
    check(place - 1 < net->places.count);
    return net->places.items[place - 1];
}

/* Places are numbered by the trace's declarations; both counts must stay the same. */
static uint32_t add_place(struct net *net, uint32_t host)
{
    *vector_add(&net->places) = host;
    check(net->places.count == log_place_count(&net->sim->log));
    return (uint32_t)net->places.count;
}

struct slice net_keep(struct net *net, struct slice text)
{
    return log_text(&net->sim->log, sim_text(net->sim, text));
}

static void start_random(const struct net *net, const char *kind, struct slice id, struct random *r)
{
    struct bytes name;
    bytes_init(&name, SIZE_MAX);
    bytes_append(&name, slice_of(kind));
    bytes_append(&name, id);
    sim_random(net->sim, bytes_slice(&name), r);
    bytes_finish(&name);
}

static uint32_t address_text(struct net *net, uint32_t address)
{
    char text[16];
    int size = snprintf(text, sizeof text, "%u.%u.%u.%u", address >> 24, address >> 16 & 255,
                        address >> 8 & 255, address & 255);
    return sim_text(net->sim, (struct slice){text, (size_t)size});
}

uint32_t net_add_host(struct net *net, const struct net_host_options *options)
{
    check(options->address != 0 && table_get(&net->by_address, options->address) == 0);
    struct net_host *host = vector_add(&net->hosts);
    uint32_t number = (uint32_t)net->hosts.count;
    host->id = net_keep(net, options->id);
    host->name = net_keep(net, options->name);
    host->address = options->address;
    host->next_tcp_port = host->next_udp_port = DYNAMIC_PORT_FIRST;
    host->is_up = true;
    start_random(net, "net host ", options->id, &host->random);
    table_set(&net->by_address, options->address, number);
    sim_note(net->sim, EVENT_HOST,
             &(struct event_host){.id = sim_text(net->sim, options->id),
                                  .name = sim_text(net->sim, options->name),
                                  .addr = address_text(net, options->address),
                                  .admd = sim_text(net->sim, options->admd),
                                  .x = options->x,
                                  .y = options->y});
    return host->place = add_place(net, number);
}

uint64_t net_ends_key(uint32_t a, uint32_t b)
{
    return a < b ? (uint64_t)a << 32 | b : (uint64_t)b << 32 | a;
}

static void join(struct net *net, uint32_t host, uint32_t link)
{
    net_host(net, host)->degree++;
    net_host(net, host)->link = link;
}

uint32_t net_add_link(struct net *net, const struct net_link_options *options)
{
    uint32_t a = net_inner_host(net, options->a), b = net_inner_host(net, options->b);
    check(a != b);
    struct net_link *link = vector_add(&net->links);
    uint32_t number = (uint32_t)net->links.count;
    *link = (struct net_link){.end = {a, b},
                              .latency_us = options->latency_us,
                              .jitter_us = options->jitter_us,
                              .kbps = options->kbps,
                              .loss_ppm = options->loss_ppm,
                              .is_up = true};
    start_random(net, "net link ", options->id, &link->random);
    join(net, a, number);
    join(net, b, number);
    if (table_get(&net->by_ends, net_ends_key(a, b)) == 0)
        table_set(&net->by_ends, net_ends_key(a, b), number);
    net->is_core_stale = true;
    route_forget(net);
    sim_note(net->sim, EVENT_LINK,
             &(struct event_link){.id = sim_text(net->sim, options->id),
                                  .a = net_host(net, a)->place,
                                  .b = net_host(net, b)->place,
                                  .latency = options->latency_us,
                                  .kbps = options->kbps,
                                  .loss_ppm = options->loss_ppm});
    return number;
}

uint32_t net_add_agent(struct net *net, uint32_t host, struct slice id, struct slice role,
                       struct slice user, struct slice listen)
{
    uint32_t number = net_inner_host(net, host);
    sim_note(net->sim, EVENT_AGENT,
             &(struct event_agent){.id = sim_text(net->sim, id),
                                   .at = net_host(net, number)->place,
                                   .role = sim_text(net->sim, role),
                                   .user = sim_text(net->sim, user),
                                   .listen = sim_text(net->sim, listen)});
    return add_place(net, number);
}

static const struct net_host *host_of(const struct net *net, uint32_t place)
{
    return place - 1 < net->places.count ? net_host(net, net->places.items[place - 1]) : NULL;
}

uint32_t net_host_of(const struct net *net, uint32_t place)
{
    const struct net_host *host = host_of(net, place);
    return host ? host->place : 0;
}

uint32_t net_address(const struct net *net, uint32_t place)
{
    const struct net_host *host = host_of(net, place);
    return host ? host->address : 0;
}

uint32_t net_host_at(const struct net *net, uint32_t address)
{
    uint32_t host = table_get(&net->by_address, address);
    return host ? net_host(net, host)->place : 0;
}

void net_set_outside(struct net *net, uint32_t host, uint32_t gateway)
{
    net_host(net, net_inner_host(net, host))->outside = gateway ? net_inner_host(net, gateway) : 0;
    sim_note(net->sim, EVENT_NAT, &(struct event_nat){.at = host, .to = gateway ? gateway : host});
}

uint32_t net_find_host(const struct net *net, struct slice id)
{
    for (size_t i = 0; i < net->hosts.count; i++)
        if (!net->hosts.items[i].is_gone && slice_equal(net->hosts.items[i].id, id))
            return net->hosts.items[i].place;
    return 0;
}

struct slice net_host_id(const struct net *net, uint32_t place)
{
    const struct net_host *host = host_of(net, place);
    return host ? host->id : SLICE("");
}

struct slice net_host_name(const struct net *net, uint32_t place)
{
    const struct net_host *host = host_of(net, place);
    return host ? host->name : SLICE("");
}

/* ---- ports ---- */

static uint64_t port_key(uint32_t host, uint32_t port)
{
    return (uint64_t)host << 16 | port;
}

struct net_port *net_port_find(struct net_ports *ports, uint32_t host, uint32_t port)
{
    uint32_t known = table_get(&ports->table, port_key(host, port));
    return known ? &ports->items.items[known - 1] : NULL;
}

struct net_port *net_port_add(struct net_ports *ports, uint32_t host, uint32_t port)
{
    check(port > 0 && port <= PORT_LAST);
    struct net_port *old = net_port_find(ports, host, port);
    if (old)
        return old->is_gone ? old : NULL;
    if (ports->free.count == 0) {
        (void)vector_add(&ports->items);
        *vector_add(&ports->free) = (uint32_t)ports->items.count;
    }
    uint32_t number = ports->free.items[--ports->free.count];
    table_set(&ports->table, port_key(host, port), number);
    return &ports->items.items[number - 1];
}

void net_port_remove(struct net_ports *ports, uint32_t host, uint32_t port)
{
    uint32_t known = table_get(&ports->table, port_key(host, port));
    if (known == 0)
        return;
    table_remove(&ports->table, port_key(host, port));
    ports->items.items[known - 1] = (struct net_port){0};
    *vector_add(&ports->free) = known;
}

bool net_is_listening(struct net *net, uint32_t place, uint32_t port)
{
    const struct net_port *found = net_port_find(&net->tcp, net_inner_host(net, place), port);
    return found && !found->is_stopped;
}

bool net_is_bound(struct net *net, uint32_t place, uint32_t port)
{
    const struct net_port *found = net_port_find(&net->udp, net_inner_host(net, place), port);
    return found && !found->is_stopped;
}

uint32_t net_port_next(uint32_t *next)
{
    uint32_t port = *next;
    *next = port == PORT_LAST ? DYNAMIC_PORT_FIRST : port + 1;
    return port;
}

/* ---- faults ---- */

void net_freeze_host(struct net *net, uint32_t place)
{
    struct net_host *host = net_host(net, net_inner_host(net, place));
    host->is_frozen |= host->is_up;
    host->is_up = false;
}

bool net_host_is_frozen(const struct net *net, uint32_t place)
{
    const struct net_host *host = host_of(net, place);
    return host && host->is_frozen;
}

void net_set_host_up(struct net *net, uint32_t place, bool is_up)
{
    uint32_t number = net_inner_host(net, place);
    struct net_host *host = net_host(net, number);
    if (host->is_gone || (host->is_up == is_up && !host->is_frozen))
        return;
    host->is_frozen = false;
    host->is_up = is_up;
    if (host->degree > 1) /* others may have to go round it, or may again go over it */
        route_forget(net);
    if (is_up) {
        sim_emit(net->sim, EVENT_BOOT, &(struct event_boot){.at = host->place});
        return;
    }
    host->lives++;
    uint32_t crash = sim_emit(net->sim, EVENT_CRASH, &(struct event_crash){.at = host->place});
    wire_crash_host(net, number);
    net->sim->cause = crash;
}

bool net_host_is_up(const struct net *net, uint32_t place)
{
    const struct net_host *host = host_of(net, place);
    return host && host->is_up;
}

void net_judge_link(struct net *net, struct net_link *link)
{
    bool is_up = !link->is_cut && !link->is_closed && !link->is_gone;
    if (link->is_up != is_up)
        route_forget(net);
    link->is_up = is_up;
}

void net_set_link_up(struct net *net, uint32_t link, bool is_up)
{
    net_link(net, link)->is_cut = !is_up;
    net_judge_link(net, net_link(net, link));
}

void net_set_link_open(struct net *net, uint32_t link, bool is_open)
{
    net_link(net, link)->is_closed = !is_open;
    net_judge_link(net, net_link(net, link));
}

bool net_link_is_up(const struct net *net, uint32_t link)
{
    return net_link(net, link)->is_up;
}

void net_set_link_slow(struct net *net, uint32_t link, uint32_t extra_latency_us)
{
    net_link(net, link)->extra_us = extra_latency_us;
}

void net_set_link_loss(struct net *net, uint32_t link, uint32_t loss_ppm)
{
    net_link(net, link)->loss_ppm = loss_ppm;
}

uint32_t net_find_link(const struct net *net, uint32_t a, uint32_t b)
{
    uint32_t from = net_inner_host(net, a), to = net_inner_host(net, b);
    return table_get(&net->by_ends, net_ends_key(from, to));
}
