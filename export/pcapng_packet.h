/*
 * Packets as octets: IPv4 (RFC 791) or IPv6 (RFC 8200) with TCP (RFC 9293), UDP (RFC 768) or ICMP
 * (RFC 792) within, all checksums right.
 *
 *     struct pcapng_head head = {.from = a, .to = b, .from_port = 49152, .to_port = 25, ...};
 *     pcapng_packet_tcp(&octets, &head, &(struct pcapng_tcp){.seq = 7, .flags = 0x02});
 *
 * What the trace does not know is the same in all packets: the window is the simulator's 65,535
 * octets, a SYN announces segments of 1,460 (it carries as much, which needs to be announced), and
 * nothing may be fragmented, for the simulated network never does.
 */
#ifndef EXPORT_PCAPNG_PACKET_H
#define EXPORT_PCAPNG_PACKET_H

#include "sim/base/bytes.h"

struct pcapng_address {
    unsigned char octets[16];
    uint8_t size; /* 4 or 16; 0: none */
};

struct pcapng_head {
    struct pcapng_address from, to;
    uint16_t from_port, to_port;
    uint16_t id;  /* of IPv4's header */
    uint8_t hops; /* routers that it has passed */
};

struct pcapng_tcp {
    uint32_t seq, ack;
    uint8_t flags; /* as in the header */
    struct slice data;
};

/* False, with size 0, for what is no address. */
bool pcapng_packet_address(struct slice text, struct pcapng_address *address);

/* Each replaces what is in `octets`. False, and nothing in it, when the two addresses are not of
   one family; data that no packet can carry is cut. */
bool pcapng_packet_tcp(struct bytes *octets, const struct pcapng_head *head,
                       const struct pcapng_tcp *tcp);
bool pcapng_packet_udp(struct bytes *octets, const struct pcapng_head *head, struct slice data);
/* "Communication administratively prohibited" (RFC 1812 5.2.7.1, RFC 4443 3.1), with the beginning
   of the packet that it is about. */
bool pcapng_packet_prohibited(struct bytes *octets, const struct pcapng_head *head,
                              struct slice about);

#endif
