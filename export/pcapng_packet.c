#include "export/pcapng_packet.h"

#include <arpa/inet.h>

enum {
    IPV4_OCTETS = 20,
    IPV6_OCTETS = 40,
    TCP_OCTETS = 20,
    TCP_MSS_OCTETS = 4,
    UDP_OCTETS = 8,
    ICMP_OCTETS = 8,
    PACKET_MOST = 65535,
    HOPS_FIRST = 64, /* RFC 1700 */
    DO_NOT_FRAGMENT = 0x4000,
    PROTOCOL_ICMP = 1,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_ICMPV6 = 58,
    SYN = 0x02,
    WINDOW = 65535,
    SEGMENT_MOST = 1460,
    ABOUT_IPV4 = 576, /* RFC 1812 4.3.2.3: as much as fits */
    ABOUT_IPV6 = 1280 /* RFC 4443 3.1 likewise */
};

bool pcapng_packet_address(struct slice text, struct pcapng_address *address)
{
    char copy[INET6_ADDRSTRLEN];
    *address = (struct pcapng_address){0};
    if (text.size >= sizeof copy)
        return false;
    memcpy(copy, text.data ? text.data : "", text.size);
    copy[text.size] = '\0';
    if (strlen(copy) != text.size)
        return false;
    if (inet_pton(AF_INET, copy, address->octets) == 1)
        address->size = 4;
    else if (inet_pton(AF_INET6, copy, address->octets) == 1)
        address->size = 16;
    return address->size > 0;
}

/* ---- octets, the highest first ---- */

static void put(struct bytes *b, uint64_t value, unsigned octets)
{
    while (octets-- > 0)
        (void)bytes_append_octet(b, (char)(value >> 8 * octets));
}

static void put_address(struct bytes *b, const struct pcapng_address *address)
{
    (void)bytes_append(b, (struct slice){(const char *)address->octets, address->size});
}

/* The sum of RFC 1071, to be folded and inverted in the end. */
static uint64_t sum_of(struct slice octets)
{
    uint64_t sum = 0;
    const unsigned char *at = (const unsigned char *)octets.data;
    for (size_t i = 0; i + 1 < octets.size; i += 2)
        sum += (uint64_t)at[i] << 8 | at[i + 1];
    return octets.size & 1 ? sum + ((uint64_t)at[octets.size - 1] << 8) : sum;
}

static uint16_t checksum(uint64_t sum)
{
    while (sum >> 16)
        sum = (sum & 0xFFFF) + (sum >> 16);
    return (uint16_t)~sum;
}

static void put_at(struct bytes *b, size_t offset, uint16_t value)
{
    char *at = b->data + b->start + offset;
    at[0] = (char)(value >> 8);
    at[1] = (char)value;
}

/* ---- IP ---- */

static void put_ipv4(struct bytes *b, const struct pcapng_head *head, uint8_t protocol, size_t size)
{
    put(b, 0x4500, 2);
    put(b, IPV4_OCTETS + (uint32_t)size, 2);
    put(b, head->id, 2);
    put(b, DO_NOT_FRAGMENT, 2);
    put(b, HOPS_FIRST - head->hops % HOPS_FIRST, 1);
    put(b, protocol, 1);
    put(b, 0, 2);
    put_address(b, &head->from);
    put_address(b, &head->to);
    put_at(b, 10, checksum(sum_of(bytes_slice(b))));
}

static void put_ipv6(struct bytes *b, const struct pcapng_head *head, uint8_t protocol, size_t size)
{
    put(b, 0x60000000, 4);
    put(b, (uint32_t)size, 2);
    put(b, protocol, 1);
    put(b, HOPS_FIRST - head->hops % HOPS_FIRST, 1);
    put_address(b, &head->from);
    put_address(b, &head->to);
}

/* What fits behind the header of IP and one of `header` octets. */
static struct slice fit(const struct pcapng_head *head, size_t header, struct slice data)
{
    size_t taken = header + (head->from.size == 4 ? IPV4_OCTETS : IPV6_OCTETS);
    return slice_part(data, 0, PACKET_MOST - taken);
}

/* `size` octets are to follow. False when no packet leads from one address to the other. */
static bool begin(struct bytes *b, const struct pcapng_head *head, uint8_t protocol, size_t size)
{
    bytes_clear(b);
    if (head->from.size == 0 || head->from.size != head->to.size)
        return false;
    if (head->from.size == 4)
        put_ipv4(b, head, protocol, size);
    else
        put_ipv6(b, head, protocol, size);
    return true;
}

static size_t payload_offset(const struct pcapng_head *head)
{
    return head->from.size == 4 ? IPV4_OCTETS : IPV6_OCTETS;
}

/* Of the payload and of the pseudo-header (RFC 9293 3.1, RFC 8200 8.1). */
static uint16_t payload_checksum(const struct bytes *b, const struct pcapng_head *head,
                                 uint8_t protocol)
{
    struct slice payload = slice_part(bytes_slice(b), payload_offset(head), SIZE_MAX);
    uint64_t sum = sum_of(payload) + protocol + payload.size;
    sum += sum_of((struct slice){(const char *)head->from.octets, head->from.size});
    sum += sum_of((struct slice){(const char *)head->to.octets, head->to.size});
    return checksum(sum);
}

/* ---- what is within ---- */

bool pcapng_packet_tcp(struct bytes *octets, const struct pcapng_head *head,
                       const struct pcapng_tcp *tcp)
{
    bool is_syn = tcp->flags & SYN;
    size_t header = TCP_OCTETS + (is_syn ? TCP_MSS_OCTETS : 0);
    struct slice data = fit(head, header, tcp->data);
    if (!begin(octets, head, PROTOCOL_TCP, header + data.size))
        return false;
    put(octets, head->from_port, 2);
    put(octets, head->to_port, 2);
    put(octets, tcp->seq, 4);
    put(octets, tcp->ack, 4);
    put(octets, (uint32_t)(header / 4) << 12 | tcp->flags, 2);
    put(octets, WINDOW, 2);
    put(octets, 0, 4); /* checksum, and nothing urgent */
    if (is_syn)
        put(octets, 0x02040000 | SEGMENT_MOST, 4); /* RFC 9293 3.2 */
    (void)bytes_append(octets, data);
    put_at(octets, payload_offset(head) + 16, payload_checksum(octets, head, PROTOCOL_TCP));
    return true;
}

bool pcapng_packet_udp(struct bytes *octets, const struct pcapng_head *head, struct slice data)
{
    data = fit(head, UDP_OCTETS, data);
    if (!begin(octets, head, PROTOCOL_UDP, UDP_OCTETS + data.size))
        return false;
    put(octets, head->from_port, 2);
    put(octets, head->to_port, 2);
    put(octets, UDP_OCTETS + (uint32_t)data.size, 2);
    put(octets, 0, 2);
    (void)bytes_append(octets, data);
    uint16_t sum = payload_checksum(octets, head, PROTOCOL_UDP);
    put_at(octets, payload_offset(head) + 6, sum ? sum : 0xFFFF); /* 0 would say: none */
    return true;
}

bool pcapng_packet_prohibited(struct bytes *octets, const struct pcapng_head *head,
                              struct slice about)
{
    bool is_v4 = head->from.size == 4;
    uint8_t protocol = is_v4 ? PROTOCOL_ICMP : PROTOCOL_ICMPV6;
    size_t most =
        is_v4 ? ABOUT_IPV4 - IPV4_OCTETS - ICMP_OCTETS : ABOUT_IPV6 - IPV6_OCTETS - ICMP_OCTETS;
    about = slice_part(about, 0, most);
    if (!begin(octets, head, protocol, ICMP_OCTETS + about.size))
        return false;
    put(octets, is_v4 ? 0x030D : 0x0101, 2); /* unreachable: prohibited */
    put(octets, 0, 6);
    (void)bytes_append(octets, about);
    struct slice payload = slice_part(bytes_slice(octets), payload_offset(head), SIZE_MAX);
    put_at(octets, payload_offset(head) + 2,
           is_v4 ? checksum(sum_of(payload)) : payload_checksum(octets, head, protocol));
    return true;
}
