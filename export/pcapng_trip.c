#include "export/pcapng_trip.h"

#include "sim/base/vtime.h"

enum {
    TCP_HEADER = 40, /* with IPv4's, without options: what the simulator counts */
    UDP_HEADER = 28,
    ICMP_OCTETS = 68,
    GATEWAY_PORT_FIRST = 1024,
    GATEWAY_PORTS = 48128,
    BOX_LOOK_AHEAD = 100000 /* events in which a middlebox says where it goes on */
};

void pcapng_trips_init(struct pcapng_trips *trips, const struct log *log)
{
    *trips = (struct pcapng_trips){.log = log};
    pcapng_ways_init(&trips->ways, log);
    bytes_init(&trips->about, SIZE_MAX);
    bytes_init(&trips->changed, SIZE_MAX);
}

void pcapng_trips_finish(struct pcapng_trips *trips)
{
    pcapng_ways_finish(&trips->ways);
    bytes_finish(&trips->about);
    bytes_finish(&trips->changed);
}

/* ---- what middleboxes do ---- */

/* It leads from the segment that passed to what was made of it. */
static void see_change(struct pcapng_trips *trips, const struct event *e)
{
    const struct event_tamper *tamper = event_as_tamper(e);
    const struct event *cause = log_at(trips->log, e->cause);
    const struct event_tcp_segment *segment = event_as_tcp_segment(cause);
    if (!segment || segment->conn != tamper->conn || tamper->onto)
        return;
    trips->changes[trips->change_count++ % PCAPNG_CHANGES_MOST] =
        (struct pcapng_change){.conn = segment->conn,
                               .seq = segment->seq,
                               .host = log_host_of(trips->log, tamper->at),
                               .was = tamper->was,
                               .now = tamper->now,
                               .is_back = cause->flags & EVENT_SEGMENT_BACK};
}

void pcapng_trips_see(struct pcapng_trips *trips, uint32_t event)
{
    const struct event *e = log_at(trips->log, event);
    pcapng_ways_see(&trips->ways, event);
    if (e->kind == EVENT_TAMPER)
        see_change(trips, e);
}

/* The text was read as a whole; its beginning may have been in the segment before. */
static void put_over(struct bytes *octets, struct slice was, struct slice now)
{
    struct slice data = bytes_slice(octets);
    size_t at = slice_find(data, was, 0), passed = 0;
    while (at == SLICE_NONE && ++passed < was.size)
        if (slice_starts(data, slice_part(was, passed, was.size)))
            at = 0;
    if (at == SLICE_NONE || was.size != now.size || was.size == 0)
        return;
    memcpy(octets->data + octets->start + at, now.data + passed, now.size - passed);
}

/* The segment's octets as they leave what has overwritten some of them before this link. */
static struct slice changed(struct pcapng_trips *trips, const struct pcapng_trip *trip, size_t hop,
                            uint32_t seq, struct slice data)
{
    size_t count =
        trips->change_count < PCAPNG_CHANGES_MOST ? trips->change_count : PCAPNG_CHANGES_MOST;
    bool is_copied = false;
    for (size_t i = 0; i < count && data.size > 0; i++) {
        const struct pcapng_change *c = &trips->changes[i];
        if (c->conn != trip->conn || c->seq != seq || c->is_back != trip->is_back ||
            pcapng_way_index(&trip->way, c->host) > hop)
            continue;
        if (!is_copied) {
            bytes_clear(&trips->changed);
            (void)bytes_append(&trips->changed, data);
            is_copied = true;
        }
        put_over(&trips->changed, log_text(trips->log, c->was), log_text(trips->log, c->now));
    }
    return is_copied ? bytes_slice(&trips->changed) : data;
}

/* The box says so when it has reached the server, after the connection was made. */
static uint32_t find_meant(const struct log *log, uint32_t conn)
{
    uint32_t first = log->conns.items[conn - 1];
    for (uint32_t id = first; id < log_count(log) && id - first < BOX_LOOK_AHEAD; id++) {
        const struct event_tamper *tamper = event_as_tamper(log_at(log, id));
        const struct event_tcp_connect *onto = tamper ? log_conn(log, tamper->onto) : NULL;
        if (onto && tamper->conn == conn)
            return log_host_of(log, onto->to);
    }
    return 0;
}

/* The host whose address the client has asked for: not the one that answers, where a box does. */
static uint32_t server_of(struct pcapng_trips *trips, uint32_t conn)
{
    const struct event_tcp_connect *connect = log_conn(trips->log, conn);
    const struct event *place = log_place(trips->log, connect->to);
    const struct event_agent *agent = place ? event_as_agent(place) : NULL;
    uint32_t host = log_host_of(trips->log, connect->to);
    if (!agent || !slice_equal(log_text(trips->log, agent->role), SLICE("middlebox")))
        return host;
    struct pcapng_box *box = &trips->boxes[conn % PCAPNG_BOXES_MOST];
    if (box->conn != conn)
        *box = (struct pcapng_box){conn, find_meant(trips->log, conn)};
    return box->host ? box->host : host;
}

/* ---- reading ---- */

static bool is_between(const struct pcapng_way *way, uint32_t from, uint32_t to)
{
    return way->hosts[0] == from && way->hosts[way->count] == to;
}

static bool read_segment(struct pcapng_trips *trips, const struct event *e,
                         struct pcapng_trip *trip)
{
    const struct log *log = trips->log;
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    const struct event_tcp_connect *connect = log_conn(log, segment->conn);
    if (!connect)
        return false;
    uint32_t from = log_host_of(log, connect->from), to = log_host_of(log, connect->to);
    trip->conn = segment->conn;
    trip->is_back = e->flags & EVENT_SEGMENT_BACK;
    trip->travel_us = segment->travel;
    trip->octets = TCP_HEADER + (uint32_t)log_text(log, segment->data).size;
    return pcapng_way_find(&trips->ways, connect->path, log->conns.items[segment->conn - 1],
                           trip->is_back, &trip->way) &&
           is_between(&trip->way, trip->is_back ? to : from, trip->is_back ? from : to);
}

static bool read_datagram(struct pcapng_trips *trips, uint32_t event, const struct event *e,
                          struct pcapng_trip *trip)
{
    const struct log *log = trips->log;
    const struct event_udp_datagram *datagram = event_as_udp_datagram(e);
    trip->conn = 0;
    trip->travel_us = datagram->travel;
    trip->octets = UDP_HEADER + (uint32_t)log_text(log, datagram->data).size;
    return pcapng_way_find(&trips->ways, datagram->path, event, false, &trip->way) &&
           is_between(&trip->way, log_host_of(log, datagram->from), log_host_of(log, datagram->to));
}

/* From the firewall to who asked, in as long as the question took. */
static bool read_block(struct pcapng_trips *trips, const struct event *e, struct pcapng_trip *trip)
{
    const struct log *log = trips->log;
    const struct event_block *block = event_as_block(e);
    const struct event *asked = log_at(log, e->cause);
    if (!slice_equal(log_text(log, block->how), SLICE("reject")) ||
        asked->kind != EVENT_TCP_SEGMENT || !read_segment(trips, asked, trip))
        return false;
    size_t at = pcapng_way_index(&trip->way, log_host_of(log, block->at));
    if (at == SLICE_NONE || at == 0)
        return false;
    struct pcapng_way *way = &trip->way, there = *way;
    way->count = at;
    for (size_t i = 0; i <= at; i++)
        way->hosts[i] = there.hosts[at - i];
    for (size_t i = 0; i < at; i++)
        way->links[i] = there.links[at - 1 - i];
    int64_t travel_us = (e->t - asked->t) / VTIME_US;
    trip->travel_us = travel_us < EVENT_UNSET ? (uint32_t)travel_us : EVENT_UNSET;
    trip->octets = ICMP_OCTETS;
    trip->is_back = true;
    return true;
}

bool pcapng_trip_read(struct pcapng_trips *trips, uint32_t event, struct pcapng_trip *trip)
{
    const struct event *e = log_at(trips->log, event);
    trip->event = event;
    trip->t = e->t;
    trip->is_back = false;
    if (e->kind == EVENT_TCP_SEGMENT)
        return read_segment(trips, e, trip);
    if (e->kind == EVENT_UDP_DATAGRAM)
        return read_datagram(trips, event, e, trip);
    return e->kind == EVENT_BLOCK && read_block(trips, e, trip);
}

/* ---- addresses ---- */

/* Where on its way the client's address becomes its gateway's: from this host on (or up to it, of
   what comes back). SLICE_NONE: nowhere. A connection only: datagrams keep their sender's. */
static size_t gateway_of(const struct pcapng_trips *trips, const struct pcapng_trip *trip)
{
    const struct pcapng_way *way = &trip->way;
    uint32_t client = way->hosts[trip->is_back ? way->count : 0];
    uint32_t gateway = trip->conn ? pcapng_way_gateway(&trips->ways, client) : 0;
    size_t at = gateway ? pcapng_way_index(way, gateway) : SLICE_NONE;
    return at == 0 || at == way->count ? SLICE_NONE : at;
}

size_t pcapng_trip_outside(const struct pcapng_trips *trips, const struct pcapng_trip *trip)
{
    size_t at = gateway_of(trips, trip);
    return at == SLICE_NONE || trip->is_back ? 0 : at;
}

static bool is_translated(const struct pcapng_trips *trips, const struct pcapng_trip *trip,
                          size_t hop)
{
    size_t gateway = gateway_of(trips, trip);
    return gateway != SLICE_NONE && (trip->is_back ? hop < gateway : hop >= gateway);
}

/* Two hosts behind one gateway may use the same port, so it gives each connection one of its own
   (RFC 4787 4.2), from below those that hosts begin with. */
static uint16_t port_of(const struct pcapng_trips *trips, const struct pcapng_trip *trip,
                        const struct event_tcp_connect *connect, size_t hop)
{
    if (!is_translated(trips, trip, hop))
        return (uint16_t)connect->local_port;
    return (uint16_t)(GATEWAY_PORT_FIRST + trip->conn % GATEWAY_PORTS);
}

static struct pcapng_address address_of(const struct log *log, uint32_t host)
{
    struct pcapng_address address = {0};
    const struct event *e = log_place(log, host);
    if (e && e->kind == EVENT_HOST)
        (void)pcapng_packet_address(log_text(log, event_as_host(e)->addr), &address);
    return address;
}

static struct pcapng_head head_of(struct pcapng_trips *trips, const struct pcapng_trip *trip,
                                  size_t hop)
{
    const struct pcapng_way *way = &trip->way;
    size_t gateway = is_translated(trips, trip, hop) ? gateway_of(trips, trip) : SLICE_NONE;
    uint32_t client = way->hosts[trip->is_back ? way->count : 0];
    struct pcapng_head head = {.id = (uint16_t)trip->event, .hops = (uint8_t)hop};
    struct pcapng_address *mine = trip->is_back ? &head.to : &head.from;
    struct pcapng_address *other = trip->is_back ? &head.from : &head.to;
    *mine = address_of(trips->log, gateway != SLICE_NONE ? way->hosts[gateway] : client);
    *other = address_of(trips->log, way->hosts[trip->is_back ? 0 : way->count]);
    return head;
}

/* ---- octets ---- */

static bool write_segment(struct pcapng_trips *trips, const struct pcapng_trip *trip, size_t hop,
                          struct bytes *octets)
{
    const struct event *e = log_at(trips->log, trip->event);
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    const struct event_tcp_connect *connect = log_conn(trips->log, trip->conn);
    struct pcapng_head head = head_of(trips, trip, hop);
    struct pcapng_tcp tcp = {.seq = segment->seq, .ack = segment->ack, .flags = e->flags & 0x1F};
    struct pcapng_address *server = trip->is_back ? &head.from : &head.to;
    *server = address_of(trips->log, server_of(trips, trip->conn));
    uint16_t local_port = port_of(trips, trip, connect, hop);
    head.from_port = trip->is_back ? (uint16_t)connect->port : local_port;
    head.to_port = trip->is_back ? local_port : (uint16_t)connect->port;
    tcp.data = changed(trips, trip, hop, tcp.seq, log_text(trips->log, segment->data));
    return pcapng_packet_tcp(octets, &head, &tcp);
}

static bool write_datagram(struct pcapng_trips *trips, const struct pcapng_trip *trip, size_t hop,
                           struct bytes *octets)
{
    const struct event_udp_datagram *datagram =
        event_as_udp_datagram(log_at(trips->log, trip->event));
    struct pcapng_head head = head_of(trips, trip, hop);
    head.from_port = (uint16_t)(datagram->ports >> 16);
    head.to_port = (uint16_t)datagram->ports;
    return pcapng_packet_udp(octets, &head, log_text(trips->log, datagram->data));
}

/* It quotes the SYN as that arrived at the firewall. */
static bool write_block(struct pcapng_trips *trips, const struct pcapng_trip *trip, size_t hop,
                        struct bytes *octets)
{
    struct pcapng_trip asked;
    struct pcapng_head head = head_of(trips, trip, hop);
    uint32_t cause = log_at(trips->log, trip->event)->cause;
    return pcapng_trip_read(trips, cause, &asked) &&
           write_segment(trips, &asked, trip->way.count - 1, &trips->about) &&
           pcapng_packet_prohibited(octets, &head, bytes_slice(&trips->about));
}

bool pcapng_trip_octets(struct pcapng_trips *trips, const struct pcapng_trip *trip, size_t hop,
                        struct bytes *octets)
{
    switch (log_at(trips->log, trip->event)->kind) {
    case EVENT_TCP_SEGMENT:
        return write_segment(trips, trip, hop, octets);
    case EVENT_UDP_DATAGRAM:
        return write_datagram(trips, trip, hop, octets);
    }
    return write_block(trips, trip, hop, octets);
}
