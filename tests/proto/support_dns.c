#include "support_dns.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

/*
 * The names of the example in RFC 1035 4.1.4: F.ISI.ARPA, then FOO.F.ISI.ARPA as a label and a
 * pointer, then ARPA as a pointer alone, then the root. Here they stand in a whole message.
 */
const char support_dns_example[SUPPORT_DNS_EXAMPLE + 1] =
    "\x12\x34\x85\x80\0\1\0\1\0\1\0\1"              /* response, authoritative, RD, RA */
    "\1F\3ISI\4ARPA\0\0\2\0\1"                      /* 12: question, NS, IN */
    "\3FOO\xC0\x0C\0\2\0\1\0\1\x51\x80\0\2\xC0\x12" /* FOO + 12; 86400 s; data: 18, ARPA */
    "\xC0\x12\0\2\0\1\0\0\0\x3C\0\4\1A\xC0\x0E"     /* ARPA; 60 s; data: A + 14, ISI.ARPA */
    "\0\0\1\0\1\0\0\0\0\0\4\x0A\0\0\x34";           /* the root; A 10.0.0.52 */

bool support_dns_decode(struct slice wire, struct arena *arena, struct dns_message *m)
{
    char *exact = malloc(wire.size ? wire.size : 1);
    if (wire.size)
        memcpy(exact, wire.data, wire.size);
    bool ok = dns_message_decode((struct slice){exact, wire.size}, arena, m);
    free(exact); /* all parts are copies */
    return ok;
}

/* Longer than two strings: each has at most 255 octets (RFC 1035 3.3.14). */
#define TEN "0123456789"
#define HUNDRED TEN TEN TEN TEN TEN TEN TEN TEN TEN TEN
static const char long_text[] = HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED HUNDRED;

const struct dns_record support_dns_samples[SUPPORT_DNS_SAMPLES] = {
    {.name = {"mx1.example.org", 15},
     .type = DNS_TYPE_A,
     .ttl_s = 3600,
     .data = {"\xCB\0\x71\x19", 4}},
    {.name = {"example.org", 11},
     .type = DNS_TYPE_MX,
     .ttl_s = 1,
     .preference = 10,
     .target = {"mx1.example.org", 15}},
    {.name = {"example.org", 11}, .type = DNS_TYPE_MX, .preference = 0, .target = {"", 0}},
    {.name = {"example.org", 11}, .type = DNS_TYPE_NS, .target = {"dns.example.net", 15}},
    {.name = {"www.example.org", 15}, .type = DNS_TYPE_CNAME, .target = {"example.org", 11}},
    {.name = {"25.113.0.203.in-addr.arpa", 25},
     .type = DNS_TYPE_PTR,
     .target = {"mx1.example.org", 15}},
    {.name = {"example.org", 11},
     .type = DNS_TYPE_SOA,
     .ttl_s = UINT32_MAX,
     .target = {"dns.example.net", 15},
     .mailbox = {"hostmaster.example.org", 22},
     .serial = 2025030301,
     .refresh_s = 7200,
     .retry_s = 900,
     .expire_s = 1209600,
     .minimum_s = 300},
    {.name = {"mx1.example.org", 15},
     .type = DNS_TYPE_AAAA,
     .data = {"\x20\1\x0D\xB8\0\0\0\0\0\1\0\0\0\0\0\x19", 16}},
    {.name = {"_pop3._tcp.example.org", 22},
     .type = DNS_TYPE_SRV,
     .preference = 1,
     .weight = 2,
     .port = 110,
     .target = {"store.example.org", 17}},
    {.name = {"example.org", 11}, .type = DNS_TYPE_TXT, .data = {"v=spf1 mx -all", 14}},
    {.name = {"example.org", 11}, .type = DNS_TYPE_TXT, .data = {"", 0}},
    {.name = {"long.example.org", 16},
     .type = DNS_TYPE_TXT,
     .data = {long_text, sizeof long_text - 1}},
    {.name = {"", 0}, .type = 99, .data = {"raw\0raw", 7}},
    {.name = {"", 0}, .type = DNS_TYPE_OPT, .ttl_s = 0x8000, .udp_octets = 4096},
};

void support_dns_expect_same(const struct dns_record *a, const struct dns_record *b)
{
    cr_assert(slice_equal(a->name, b->name) && slice_equal(a->target, b->target) &&
              slice_equal(a->mailbox, b->mailbox) && slice_equal(a->data, b->data));
    cr_assert(a->type == b->type && a->ttl_s == b->ttl_s && a->preference == b->preference);
    cr_assert(a->weight == b->weight && a->port == b->port && a->udp_octets == b->udp_octets);
    cr_assert(a->serial == b->serial && a->refresh_s == b->refresh_s && a->retry_s == b->retry_s);
    cr_assert(a->expire_s == b->expire_s && a->minimum_s == b->minimum_s);
}

struct dns_message support_dns_message(struct dns_record records[SUPPORT_DNS_SAMPLES])
{
    memcpy(records, support_dns_samples, sizeof support_dns_samples);
    return (struct dns_message){.id = 65535,
                                .is_response = true,
                                .opcode = 2,
                                .rcode = 5,
                                .has_question = true,
                                .name = SLICE("example.org"),
                                .type = DNS_TYPE_ANY,
                                .answers = records,
                                .answer_count = 6,
                                .authority = records + 6,
                                .authority_count = 3,
                                .additional = records + 9,
                                .additional_count = SUPPORT_DNS_SAMPLES - 9};
}
