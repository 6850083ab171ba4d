/*
 * A capture for Wireshark and its kin: what went over the links, as packets. One pass over the
 * trace, beside what stands in front of the packets.
 */
#include "export/export.h"
#include "export/pcapng_block.h"
#include "export/pcapng_flight.h"
#include "export/pcapng_tap.h"
#include "export/pcapng_trip.h"
#include "sim/base/vtime.h"

enum { SECRETS_OCTETS = 60000, LOOK_EVERY = 4096 };

struct pcapng {
    const struct log *log;
    FILE *out;
    int64_t end, epoch_ns;
    struct pcapng_blocks blocks;
    struct pcapng_taps taps;
    struct pcapng_trips trips;
    struct pcapng_flights flights;
    VECTOR(uint8_t) down; /* by place: 1 while a host is */
    struct bytes octets;
};

/* ---- in front of the packets ---- */

#define COMMENT_SEEN_ONCE                                                                          \
    "Each packet stands here once, as it goes into the first link of its way (behind a gateway "   \
    "that translates addresses: into the first link beyond it)."
#define COMMENT_SEEN_THERE                                                                         \
    "Packets stand here as they go into a link that was asked for, or, at a host that was asked "  \
    "for, as they leave it and arrive; one that passes through it stands here once, on the side "  \
    "of who was asked. A packet that is seen in several places has one packet id."
#define COMMENT_TIMES                                                                              \
    " Departure and arrival are the simulator's; in between each link has its share by latency "   \
    "and bandwidth. The window and the size announced in a SYN are the simulator's constants, "    \
    "TTL begins at 64, and nothing is ever fragmented. There is no Ethernet: packets begin with "  \
    "their IP header."

static struct slice program_of(const struct log *log)
{
    const struct event_run *run = log_count(log) > 0 ? event_as_run(log_at(log, 0)) : NULL;
    return run ? log_text(log, run->program) : SLICE("");
}

static void write_names(struct pcapng *p)
{
    for (uint32_t place = 1; place <= log_place_count(p->log); place++) {
        const struct event_host *host = event_as_host(log_place(p->log, place));
        struct pcapng_address address;
        struct slice name = host ? log_host_name(p->log, place) : SLICE("");
        if (name.size == 0 || memchr(name.data, '\0', name.size) ||
            !pcapng_packet_address(log_text(p->log, host->addr), &address))
            continue;
        pcapng_block_name(&p->blocks, (struct slice){(const char *)address.octets, address.size},
                          name);
    }
}

/* In front of all packets, since a reader that reads once must know them in time. */
static void write_secrets(struct pcapng *p)
{
    bytes_clear(&p->octets);
    for (uint32_t id = 0; id < log_count(p->log); id++) {
        const struct event_tls_key *key = event_as_tls_key(log_at(p->log, id));
        if (!key)
            continue;
        (void)bytes_append(&p->octets, log_text(p->log, key->line));
        (void)bytes_append_octet(&p->octets, '\n');
        if (bytes_size(&p->octets) < SECRETS_OCTETS)
            continue;
        pcapng_block_secrets(&p->blocks, bytes_slice(&p->octets));
        bytes_clear(&p->octets);
    }
    if (bytes_size(&p->octets) > 0)
        pcapng_block_secrets(&p->blocks, bytes_slice(&p->octets));
}

/* ---- a packet leaves ---- */

static void see(struct pcapng *p, uint32_t slot, const struct pcapng_trip *trip, bool is_exact,
                const int64_t *times, const struct pcapng_sight *sight)
{
    struct pcapng_sight added = *sight;
    added.flight = slot;
    added.at = times[sight->hop + sight->is_exit];
    /* where times are shares it may have been lost before; what leaves is seen at once */
    bool is_start = sight->hop == 0 && !sight->is_exit;
    added.known_at = is_start || is_exact ? added.at : times[trip->way.count];
    pcapng_sight_add(&p->flights, &added);
}

static bool is_entry_seen(const struct pcapng *p, const struct pcapng_trip *trip, size_t hop,
                          bool *has_direction)
{
    if (p->taps.is_default)
        return hop == pcapng_trip_outside(&p->trips, trip);
    *has_direction =
        pcapng_tap_is_host(&p->taps, trip->way.hosts[hop]) && (hop == 0 || !trip->is_back);
    return *has_direction || pcapng_tap_is_link(&p->taps, trip->way.links[hop]);
}

static bool is_exit_seen(const struct pcapng *p, const struct pcapng_trip *trip, size_t hop)
{
    return pcapng_tap_is_host(&p->taps, trip->way.hosts[hop + 1]) &&
           (hop + 1 == trip->way.count || trip->is_back);
}

static void depart(struct pcapng *p, uint32_t event)
{
    struct pcapng_trip trip;
    int64_t times[PCAPNG_LINKS_MOST + 1];
    if (!pcapng_trip_read(&p->trips, event, &trip))
        return;
    struct pcapng_ways *ways = &p->trips.ways;
    bool is_exact = pcapng_way_times(ways, &trip.way, trip.t, trip.travel_us, trip.octets, times);
    pcapng_way_queue(ways, &trip.way, is_exact, times);
    uint32_t slot = pcapng_flight_add(&p->flights, event);
    if (trip.way.count == 0 && pcapng_tap_is_within(&p->taps, trip.way.hosts[0]))
        see(p, slot, &trip, is_exact, &trip.t, &(struct pcapng_sight){0});
    for (size_t hop = 0; hop < trip.way.count; hop++) {
        struct pcapng_sight sight = {.hop = (uint8_t)hop};
        if (is_entry_seen(p, &trip, hop, &sight.has_direction))
            see(p, slot, &trip, is_exact, times, &sight);
        sight.is_exit = sight.has_direction = true;
        if (is_exit_seen(p, &trip, hop))
            see(p, slot, &trip, is_exact, times, &sight);
    }
    pcapng_flight_drop(&p->flights, slot);
}

/* ---- a packet is lost ---- */

static bool is_down(const struct pcapng *p, uint32_t host)
{
    return host < p->down.count && p->down.items[host];
}

/* On no link: before the first that it would go into later, or at its end. */
static void lose_by_time(struct pcapng *p, struct pcapng_flight *flight,
                         const struct pcapng_trip *trip, int64_t t)
{
    int64_t times[PCAPNG_LINKS_MOST + 1];
    size_t count = trip->way.count, hop = 0;
    bool is_exact =
        pcapng_way_times(&p->trips.ways, &trip->way, trip->t, trip->travel_us, trip->octets, times);
    while (hop < count && times[hop] < t)
        hop++;
    /* in no time where links take some: there was no way, though there is one at other times */
    bool has_come = t >= times[count] && (is_exact || trip->travel_us > 0);
    flight->entries = (uint8_t)(has_come ? count : hop);
    flight->exits = (uint8_t)(hop > 0 ? hop - 1 : 0);
    if (has_come && !is_down(p, trip->way.hosts[count])) /* nobody there wants it */
        flight->exits = (uint8_t)count;
}

/* The packet that the event is about leads to it, by way of the firewall that stops it. */
static void lose(struct pcapng *p, const struct event *e, uint32_t link)
{
    const struct event_block *block = event_as_block(log_at(p->log, e->cause));
    uint32_t packet = block ? log_at(p->log, e->cause)->cause : e->cause;
    struct pcapng_flight *flight = pcapng_flight_find(&p->flights, packet);
    struct pcapng_trip trip;
    if (!flight || !pcapng_trip_read(&p->trips, packet, &trip))
        return;
    for (size_t hop = 0; link && hop < trip.way.count; hop++)
        if (trip.way.links[hop] == link) {
            flight->entries = (uint8_t)(hop + 1);
            flight->exits = (uint8_t)hop;
            return;
        }
    size_t at = block ? pcapng_way_index(&trip.way, log_host_of(p->log, block->at)) : SLICE_NONE;
    if (at != SLICE_NONE)
        flight->entries = flight->exits = (uint8_t)at;
    else
        lose_by_time(p, flight, &trip, e->t);
}

/* ---- a packet is seen ---- */

static bool is_lost_before(const struct pcapng_flight *flight, const struct pcapng_sight *sight)
{
    return sight->hop >= (sight->is_exit ? flight->exits : flight->entries);
}

static void write_packet(struct pcapng *p, const struct pcapng_sight *sight, uint32_t event)
{
    struct pcapng_trip trip;
    if (!pcapng_trip_read(&p->trips, event, &trip) ||
        !pcapng_trip_octets(&p->trips, &trip, sight->hop, &p->octets))
        return;
    uint32_t interface = trip.way.count > 0
                             ? pcapng_tap_link(&p->taps, trip.way.links[sight->hop])
                             : pcapng_tap_within(&p->taps, &p->blocks, trip.way.hosts[0]);
    enum pcapng_direction direction = sight->is_exit ? PCAPNG_IN : PCAPNG_OUT;
    pcapng_block_packet(
        &p->blocks,
        &(struct pcapng_packet){.interface = interface,
                                .direction = sight->has_direction ? direction : PCAPNG_UNKNOWN,
                                .unix_ns = p->epoch_ns + sight->at,
                                .id = event,
                                .octets = bytes_slice(&p->octets)});
}

/* All that is seen before `now`, as far as that is known then. */
static void write_until(struct pcapng *p, int64_t now)
{
    struct pcapng_sight sight;
    while (pcapng_sight_take(&p->flights, now, &sight)) {
        const struct pcapng_flight *flight = &p->flights.flights.items[sight.flight];
        bool is_within = flight->entries == PCAPNG_NEVER || !is_lost_before(flight, &sight);
        if (is_within && sight.at <= p->end)
            write_packet(p, &sight, flight->event);
        pcapng_flight_drop(&p->flights, sight.flight);
    }
}

/* ---- the trace ---- */

static void set_down(struct pcapng *p, uint32_t host, bool is_down)
{
    while (p->down.count <= host && is_down)
        *vector_add(&p->down) = 0;
    if (host < p->down.count)
        p->down.items[host] = is_down;
}

static void take(struct pcapng *p, uint32_t id, const struct event *e)
{
    pcapng_trips_see(&p->trips, id);
    switch (e->kind) {
    case EVENT_TCP_SEGMENT:
    case EVENT_UDP_DATAGRAM:
    case EVENT_BLOCK:
        depart(p, id);
        break;
    case EVENT_TCP_LOST:
        lose(p, e, event_as_tcp_lost(e)->link);
        break;
    case EVENT_UDP_LOST:
        lose(p, e, event_as_udp_lost(e)->link);
        break;
    case EVENT_CRASH:
        set_down(p, log_host_of(p->log, event_as_crash(e)->at), true);
        break;
    case EVENT_BOOT:
        set_down(p, log_host_of(p->log, event_as_boot(e)->at), false);
        break;
    }
}

static void write_packets(struct pcapng *p)
{
    for (uint32_t id = 0; id < log_count(p->log); id++) {
        const struct event *e = log_at(p->log, id);
        write_until(p, e->t);
        take(p, id, e);
        if (id % LOOK_EVERY == 0 && ferror(p->out))
            return;
    }
    write_until(p, VTIME_NEVER);
}

bool pcapng_write(const struct log *log, FILE *out, const struct export_options *options,
                  struct problem *problem)
{
    struct pcapng p = {
        .log = log, .out = out, .end = log_end(log), .epoch_ns = log_epoch_s(log) * VTIME_S};
    bool ok = pcapng_taps_init(&p.taps, log, options->captures, options->capture_count, problem);
    bytes_init(&p.octets, SIZE_MAX);
    pcapng_block_init(&p.blocks, out);
    pcapng_trips_init(&p.trips, log);
    pcapng_flights_init(&p.flights);
    if (ok) {
        pcapng_block_section(&p.blocks, program_of(log),
                             p.taps.is_default ? SLICE(COMMENT_SEEN_ONCE COMMENT_TIMES)
                                               : SLICE(COMMENT_SEEN_THERE COMMENT_TIMES));
        if (options->has_tls_keys)
            write_secrets(&p);
        write_names(&p);
        pcapng_taps_declare(&p.taps, &p.blocks);
        write_packets(&p);
    }
    pcapng_flights_finish(&p.flights);
    pcapng_trips_finish(&p.trips);
    pcapng_block_finish(&p.blocks);
    pcapng_taps_finish(&p.taps);
    vector_finish(&p.down);
    bytes_finish(&p.octets);
    return ok;
}
