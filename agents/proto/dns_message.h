/*
 * DNS messages as bytes (RFC 1035 4.1, 3596 for AAAA): encoding with name compression, decoding of
 * anything a peer may send, bounded. No cache, no clock, no transport.
 *
 * Names are text without the final dot ("mx1.example.org"; the root is ""), letters kept as they
 * came; compare them with slice_equal_fold. Labels with dots or unprintable octets in them are not
 * taken: a message with such a name is malformed to us.
 */
#ifndef AGENTS_PROTO_DNS_MESSAGE_H
#define AGENTS_PROTO_DNS_MESSAGE_H

#include "sim/base/arena.h"
#include "sim/base/bytes.h"

enum dns_type {
    DNS_TYPE_A = 1,
    DNS_TYPE_NS = 2,
    DNS_TYPE_CNAME = 5,
    DNS_TYPE_SOA = 6,
    DNS_TYPE_PTR = 12,
    DNS_TYPE_MX = 15,
    DNS_TYPE_TXT = 16,
    DNS_TYPE_AAAA = 28,
    DNS_TYPE_SRV = 33,
    DNS_TYPE_OPT = 41,
    DNS_TYPE_IXFR = 251,
    DNS_TYPE_AXFR = 252,
    DNS_TYPE_ANY = 255
};
enum dns_class { DNS_CLASS_IN = 1, DNS_CLASS_ANY = 255 };
/* "MX"; "TYPE99" for types without a name here (RFC 3597 5), in static or the given storage. */
const char *dns_type_name(unsigned type, char text[16]);
/* By its name, letters in any case; 0 when unknown. */
unsigned dns_type_find(struct slice name);

enum dns_rcode {
    DNS_RCODE_NOERROR = 0,
    DNS_RCODE_FORMERR = 1,
    DNS_RCODE_SERVFAIL = 2,
    DNS_RCODE_NXDOMAIN = 3,
    DNS_RCODE_NOTIMP = 4,
    DNS_RCODE_REFUSED = 5,
    DNS_RCODE_BADVERS = 16 /* needs EDNS to be said (RFC 6891 6.1.3) */
};
const char *dns_rcode_name(unsigned rcode); /* "NXDOMAIN"; "RCODE?" for others */

struct dns_record {
    struct slice name;
    unsigned type; /* numbers, so that unknown types survive */
    uint32_t ttl_s;
    uint16_t preference;   /* MX; SRV priority */
    uint16_t weight, port; /* SRV */
    uint16_t udp_octets;   /* OPT: how large a datagram its sender takes (RFC 6891 6.1.2) */
    struct slice target;   /* NS, CNAME, PTR, MX, SRV: a name; SOA: the primary's name */
    struct slice mailbox;  /* SOA rname */
    uint32_t serial, refresh_s, retry_s, expire_s, minimum_s; /* SOA */
    struct slice data; /* A: 4 octets; AAAA: 16; TXT: the strings joined; others raw RDATA */
};

enum {
    DNS_RECORDS_MAX = 256,
    DNS_UDP_MAX = 512,
    DNS_EDNS_UDP_MAX = 1232, /* what passes everywhere without being cut up */
    DNS_MESSAGE_MAX = 65535, /* RFC 1035 4.2.2 */
    DNS_NAME_MAX = 255
};

struct dns_message {
    uint16_t id;
    bool is_response, is_authoritative, is_truncated, wants_recursion, has_recursion;
    unsigned opcode, rcode; /* rcode: the four bits of the header */
    bool has_question;
    struct slice name; /* the question; exactly one, or none */
    unsigned type;
    unsigned class_number; /* 0 counts as DNS_CLASS_IN */
    struct dns_record *answers, *authority, *additional;
    size_t answer_count, authority_count, additional_count;
};

/*
 * Appends the wire form to out, in at most `octets_max` octets (0: 65535, what TCP can carry) and
 * what out has room for. From the first record on that does not fit the rest is left out, and the
 * truncated bit is set if that touched the answers or the authority section (RFC 2181 9); an OPT
 * record that stands first in the additional section is in the message all the same. False when a
 * name or a record's data is not encodable, or header and question alone do not fit; out is then
 * unchanged.
 */
bool dns_message_encode(const struct dns_message *m, size_t octets_max, struct bytes *out);
/*
 * All parts are copied into the arena. False on anything malformed, also octets behind the last
 * record; never reads outside `wire`. A question may be of any class; records of other classes than
 * IN are passed over, but for OPT.
 */
bool dns_message_decode(struct slice wire, struct arena *arena, struct dns_message *m);
/* Only the header's id and flags, for an answer to what can't be read further. */
bool dns_message_read_head(struct slice wire, struct dns_message *m);

/*
 * EDNS(0) (RFC 6891): what the OPT record in the additional section says. `rcode` has twelve bits,
 * of which the header carries the lower four.
 */
struct dns_edns {
    uint16_t udp_octets; /* how large a datagram its sender takes; less than 512 counts as 512 */
    unsigned version, rcode;
    bool wants_dnssec;
};
enum dns_edns_find { DNS_EDNS_NONE, DNS_EDNS_ONE, DNS_EDNS_BAD /* several, or named */ };
enum dns_edns_find dns_edns_find(const struct dns_message *m, struct dns_edns *edns);
/* Static texts only; to be put first in the additional section. */
struct dns_record dns_edns_record(const struct dns_edns *edns);
/* One record's data as text: "10 mx1.example.org", "203.0.113.25"; a root name is ".". In the
 * arena. */
struct slice dns_record_print(const struct dns_record *r, struct arena *arena);

/*
 * Dotted IPv4, four numbers of 0 to 255 without leading zeros, to the number whose highest octet is
 * the first ("203.0.113.25" is 0xCB007119), and back. False when it is not that.
 */
bool dns_ipv4_read(struct slice text, uint32_t *address);
struct slice dns_ipv4_print(uint32_t address, char text[16]);

#endif
