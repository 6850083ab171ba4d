/*
 * One packet on its way, read from the event that says that it leaves: a segment, a datagram, or
 * the word of a firewall that rejects a connection (a `block`, for which RFC 1812 has ICMP). And
 * its octets as they are on one of its links: behind a gateway with the gateway's address, behind
 * a middlebox with what that has put over them.
 */
#ifndef EXPORT_PCAPNG_TRIP_H
#define EXPORT_PCAPNG_TRIP_H

#include "export/pcapng_packet.h"
#include "export/pcapng_way.h"

enum { PCAPNG_CHANGES_MOST = 256, PCAPNG_BOXES_MOST = 64 };

/* What a middlebox has overwritten, found again by the segment that carries it. */
struct pcapng_change {
    uint32_t conn, seq, host, was, now;
    bool is_back;
};

/* A connection that a middlebox took for itself, and the host that it was meant for. */
struct pcapng_box {
    uint32_t conn, host;
};

struct pcapng_trips {
    const struct log *log;
    struct pcapng_ways ways;
    struct pcapng_change changes[PCAPNG_CHANGES_MOST]; /* the last ones, in a ring */
    size_t change_count;
    struct pcapng_box boxes[PCAPNG_BOXES_MOST]; /* by connection, as many as fit */
    struct bytes changed; /* room for the octets of a segment that is not as it was sent */
    struct bytes about;   /* and for the packet that another one is about */
};

struct pcapng_trip {
    uint32_t event, conn; /* conn 0: a datagram */
    int64_t t;
    uint32_t travel_us, octets;
    bool is_back; /* from the side that was connected to, or on its behalf */
    struct pcapng_way way;
};

void pcapng_trips_init(struct pcapng_trips *trips, const struct log *log);
void pcapng_trips_finish(struct pcapng_trips *trips);
/* Each event, in their order. */
void pcapng_trips_see(struct pcapng_trips *trips, uint32_t event);

/* False for other events, and for what the trace does not say enough of: an address that is
   nobody's, a host that no way leads to. */
bool pcapng_trip_read(struct pcapng_trips *trips, uint32_t event, struct pcapng_trip *trip);
/* The first of its links on which both directions have the addresses that everybody sees. */
size_t pcapng_trip_outside(const struct pcapng_trips *trips, const struct pcapng_trip *trip);
/* As it is on way.links[hop]; 0 within a host, too. False when it can't be written. */
bool pcapng_trip_octets(struct pcapng_trips *trips, const struct pcapng_trip *trip, size_t hop,
                        struct bytes *octets);

#endif
