#include "support_asker.h"

#include <criterion/criterion.h>

static void on_datagram(void *context, uint32_t from, uint32_t port, struct slice octets)
{
    struct asker *a = context;
    cr_expect(from == ASKER_SERVER && port == 53);
    a->datagrams++;
    bytes_clear(&a->heard);
    cr_assert(bytes_append(&a->heard, octets));
}

void asker_start(struct asker *a, const struct dns_record *records, size_t count)
{
    asker_start_zones(a, records, count, NULL, 0);
}

void asker_start_zones(struct asker *a, const struct dns_record *records, size_t count,
                       const struct slice *zones, size_t zone_count)
{
    static const uint32_t port = 53;
    *a = (struct asker){.port = 0};
    sim_init(&a->sim, 1, VTIME_DEFAULT_EPOCH_S);
    sim_emit(&a->sim, EVENT_RUN, &(struct event_run){.title = sim_text(&a->sim, SLICE("asker"))});
    a->net = net_create(&a->sim);
    static const char *const names[] = {"pc.example.com", "ns.example.net"};
    for (uint32_t i = 0; i < 2; i++)
        net_add_host(a->net, &(struct net_host_options){.id = slice_of(names[i]),
                                                        .name = slice_of(names[i]),
                                                        .address = ASKER_SERVER - 1 + i,
                                                        .x = EVENT_UNSET,
                                                        .y = EVENT_UNSET});
    net_add_link(a->net, &(struct net_link_options){
                             .id = SLICE("a:b"), .a = 1, .b = 2, .latency_us = 20000});
    office_init(&a->office, &a->sim, a->net);
    for (size_t i = 0; i < count; i++)
        records_add(&a->office.records, &records[i]);
    struct config_value values[] = {
        {.key = &nameserver_role.keys[0], .number = 3600 * VTIME_S},
        {.key = &nameserver_role.keys[1], .texts = zones, .text_count = zone_count}};
    office_add_agent(&a->office, 2, SLICE("ns"), &nameserver_role, &(struct config){values, 2},
                     &port, 1);
    bytes_init(&a->heard, SIZE_MAX);
    arena_init(&a->arena);
    a->port = net_udp_bind(a->net, 1, 0, on_datagram, a);
}

void asker_finish(struct asker *a)
{
    office_finish(&a->office);
    net_destroy(a->net);
    sim_finish(&a->sim);
    bytes_finish(&a->heard);
    arena_finish(&a->arena);
}

bool asker_ask_octets(struct asker *a, struct slice octets)
{
    int before = a->datagrams;
    a->sim.cause = 0;
    net_udp_send(a->net, 1, a->port, ASKER_SERVER, 53, octets);
    sim_run(&a->sim, VTIME_NEVER, true, 0);
    if (a->datagrams == before)
        return false;
    cr_assert_eq(a->datagrams, before + 1);
    cr_assert(dns_message_decode(bytes_slice(&a->heard), &a->arena, &a->answer));
    return true;
}

bool asker_ask(struct asker *a, const struct dns_message *question)
{
    struct bytes wire;
    bytes_init(&wire, DNS_MESSAGE_MAX);
    cr_assert(dns_message_encode(question, 0, &wire));
    bool is_answered = asker_ask_octets(a, bytes_slice(&wire));
    bytes_finish(&wire);
    return is_answered;
}

static void on_octets(void *context, uint32_t wire, struct slice octets, uint32_t msg)
{
    struct asker *a = context;
    (void)wire, (void)msg;
    cr_assert(bytes_append(&a->heard, octets));
}

static void on_end(void *context, uint32_t wire)
{
    struct asker *a = context;
    a->is_closed = true;
    net_close(a->net, wire);
}

void asker_say_by_tcp(struct asker *a, struct slice octets, size_t piece, bool closes)
{
    a->sim.cause = 0;
    a->is_closed = false;
    bytes_clear(&a->heard);
    uint32_t wire = net_connect(a->net, 1, ASKER_SERVER, 53,
                                &(struct net_user){NULL, on_octets, on_end, NULL, a});
    while (octets.size > 0) {
        struct slice part = slice_part(octets, 0, piece ? piece : octets.size);
        net_send(a->net, wire, part, 0);
        octets = slice_part(octets, part.size, octets.size);
    }
    if (closes)
        net_close(a->net, wire);
    sim_run(&a->sim, VTIME_NEVER, true, 0);
}

bool asker_next(struct asker *a)
{
    struct slice all = bytes_slice(&a->heard);
    if (all.size < 2)
        return false;
    size_t size = (size_t)(unsigned char)all.data[0] << 8 | (unsigned char)all.data[1];
    struct slice message = slice_part(all, 2, 2 + size);
    cr_assert_eq(message.size, size);
    cr_assert(dns_message_decode(message, &a->arena, &a->answer));
    bytes_consume(&a->heard, 2 + size);
    return true;
}
