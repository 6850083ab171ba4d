/* What the name server answers, to those who ask well and to the others. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "support_asker.h"

static const struct dns_record zone[] = {
    {.name = {"example.org", 11},
     .type = DNS_TYPE_SOA,
     .ttl_s = 7200,
     .target = {"ns.example.net", 14},
     .mailbox = {"postmaster.example.org", 22},
     .serial = 7,
     .minimum_s = 120},
    {.name = {"example.org", 11},
     .type = DNS_TYPE_MX,
     .preference = 10,
     .target = {"mx1.example.org", 15}},
    {.name = {"example.org", 11}, .type = DNS_TYPE_TXT, .data = {"v=spf1 mx -all", 14}},
    {.name = {"mx1.example.org", 15}, .type = DNS_TYPE_A, .ttl_s = 60, .data = {"\1\2\3\4", 4}},
    {.name = {"mail.example.org", 16}, .type = DNS_TYPE_CNAME, .target = {"mx1.example.org", 15}},
    {.name = {"astray.example.org", 18},
     .type = DNS_TYPE_CNAME,
     .target = {"none.example.org", 16}},
    {.name = {"ring.example.org", 16}, .type = DNS_TYPE_CNAME, .target = {"ring.example.org", 16}},
    {.name = {"a.deep.example.com", 18}, .type = DNS_TYPE_A, .data = {"\1\2\3\5", 4}},
    {.name = {"_imaps._tcp.example.org", 23},
     .type = DNS_TYPE_SRV,
     .port = 993,
     .target = {"mx1.example.org", 15}},
    {.name = {"4.3.2.1.in-addr.arpa", 20}, .type = DNS_TYPE_PTR, .target = {"mx1.example.org", 15}},
};
enum { ZONE = sizeof zone / sizeof *zone };

static struct dns_message question(const char *name, unsigned type)
{
    return (struct dns_message){
        .id = 0x4711, .has_question = true, .name = slice_of(name), .type = type};
}

/* RFC 1034 4.3.2, 2308 2, 6604 3, 8020 2: which rcode, how many answers, and whose SOA. */
Test(nameserver, each_name_and_type_has_its_answer)
{
    static const struct {
        const char *name;
        unsigned type, rcode;
        size_t answers;
        const char *soa;
    } rows[] = {
        {"example.org", DNS_TYPE_MX, DNS_RCODE_NOERROR, 1, NULL},
        {"EXAMPLE.org", DNS_TYPE_TXT, DNS_RCODE_NOERROR, 1, NULL},
        {"example.org", DNS_TYPE_SOA, DNS_RCODE_NOERROR, 1, NULL},
        {"example.org", DNS_TYPE_ANY, DNS_RCODE_NOERROR, 1, NULL},
        {"mx1.example.org", DNS_TYPE_A, DNS_RCODE_NOERROR, 1, NULL},
        {"_imaps._tcp.example.org", DNS_TYPE_SRV, DNS_RCODE_NOERROR, 1, NULL},
        {"4.3.2.1.in-addr.arpa", DNS_TYPE_PTR, DNS_RCODE_NOERROR, 1, NULL},
        /* the name is there, the type is not */
        {"mx1.example.org", DNS_TYPE_AAAA, DNS_RCODE_NOERROR, 0, "example.org"},
        {"mx1.example.org", 65280, DNS_RCODE_NOERROR, 0, "example.org"},
        {"deep.example.com", DNS_TYPE_A, DNS_RCODE_NOERROR, 0, ""},
        {"com", DNS_TYPE_A, DNS_RCODE_NOERROR, 0, ""},
        /* the name is not there */
        {"none.example.org", DNS_TYPE_A, DNS_RCODE_NXDOMAIN, 0, "example.org"},
        {"none.mx1.example.org", DNS_TYPE_A, DNS_RCODE_NXDOMAIN, 0, "example.org"},
        {"example.test", DNS_TYPE_MX, DNS_RCODE_NXDOMAIN, 0, ""},
        /* aliases */
        {"mail.example.org", DNS_TYPE_A, DNS_RCODE_NOERROR, 2, NULL},
        {"mail.example.org", DNS_TYPE_CNAME, DNS_RCODE_NOERROR, 1, NULL},
        {"mail.example.org", DNS_TYPE_ANY, DNS_RCODE_NOERROR, 1, NULL},
        {"mail.example.org", DNS_TYPE_MX, DNS_RCODE_NOERROR, 1, "example.org"},
        {"astray.example.org", DNS_TYPE_A, DNS_RCODE_NXDOMAIN, 1, "example.org"},
        {"ring.example.org", DNS_TYPE_A, DNS_RCODE_NOERROR, 8, NULL},
        /* the root of this world */
        {"", DNS_TYPE_SOA, DNS_RCODE_NOERROR, 1, NULL},
        {"", DNS_TYPE_NS, DNS_RCODE_NOERROR, 1, NULL},
    };
    struct asker a;
    asker_start(&a, zone, ZONE);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dns_message q = question(rows[i].name, rows[i].type);
        cr_assert(asker_ask(&a, &q));
        const struct dns_message *m = &a.answer;
        cr_expect_eq(m->rcode, rows[i].rcode, "%s %u", rows[i].name, rows[i].type);
        cr_expect_eq(m->answer_count, rows[i].answers, "%s %u: %zu", rows[i].name, rows[i].type,
                     m->answer_count);
        cr_expect(m->is_response && m->is_authoritative && !m->has_recursion);
        cr_expect_eq(m->id, 0x4711);
        cr_expect_eq(m->authority_count, rows[i].soa != NULL, "%s %u", rows[i].name, rows[i].type);
        if (rows[i].soa && m->authority_count)
            cr_expect(slice_equal(m->authority[0].name, slice_of(rows[i].soa)), "%s", rows[i].name);
    }
    asker_finish(&a);
}

/* RFC 2308 3: the SOA record of a "no" lives as long as the "no" does. RFC 1035 3.2.1 else. */
Test(nameserver, ttls_are_those_of_the_file_or_the_servers)
{
    struct asker a;
    asker_start(&a, zone, ZONE);
    struct dns_message q = question("mx1.example.org", DNS_TYPE_A);
    cr_assert(asker_ask(&a, &q));
    cr_expect_eq(a.answer.answers[0].ttl_s, 60);
    q = question("example.org", DNS_TYPE_MX);
    cr_assert(asker_ask(&a, &q));
    cr_expect_eq(a.answer.answers[0].ttl_s, 3600);
    q = question("none.example.org", DNS_TYPE_MX);
    cr_assert(asker_ask(&a, &q));
    cr_expect_eq(a.answer.authority[0].ttl_s, 120);
    q = question("none.example.net", DNS_TYPE_MX);
    cr_assert(asker_ask(&a, &q));
    cr_expect_eq(a.answer.authority[0].ttl_s, 300);
    asker_finish(&a);
}

/* RFC 1035 4.1.1, 6895 2.2 and 3.1: what is refused, and as what. */
Test(nameserver, what_it_does_not_do_it_refuses_by_name)
{
    enum { IN = 1, CH = 3, NONE = 254, ALL = 255, MAILB = 253, RESERVED = 128 };
    static const struct {
        unsigned type, class_number, opcode, rcode;
        bool is_authoritative;
    } rows[] = {
        {DNS_TYPE_MX, IN, 0, DNS_RCODE_NOERROR, true},
        {DNS_TYPE_MX, ALL, 0, DNS_RCODE_NOERROR, false}, /* RFC 1034 3.7.1 */
        {DNS_TYPE_TXT, CH, 0, DNS_RCODE_REFUSED, false},
        {DNS_TYPE_MX, NONE, 0, DNS_RCODE_REFUSED, false},
        {DNS_TYPE_AXFR, IN, 0, DNS_RCODE_REFUSED, false},
        {DNS_TYPE_IXFR, IN, 0, DNS_RCODE_REFUSED, false},
        {MAILB, IN, 0, DNS_RCODE_NOTIMP, false},
        {RESERVED, IN, 0, DNS_RCODE_NOTIMP, false},
        {DNS_TYPE_OPT, IN, 0, DNS_RCODE_FORMERR, false},
        {DNS_TYPE_MX, IN, 1, DNS_RCODE_NOTIMP, false},  /* IQUERY */
        {DNS_TYPE_MX, IN, 2, DNS_RCODE_NOTIMP, false},  /* STATUS */
        {DNS_TYPE_SOA, IN, 4, DNS_RCODE_NOTIMP, false}, /* NOTIFY */
        {DNS_TYPE_SOA, IN, 5, DNS_RCODE_NOTIMP, false}, /* UPDATE */
        {DNS_TYPE_MX, IN, 15, DNS_RCODE_NOTIMP, false},
    };
    struct asker a;
    asker_start(&a, zone, ZONE);
    for (size_t i = 0; i < 2 * sizeof rows / sizeof *rows; i++) {
        struct dns_message q = question("example.org", rows[i / 2].type);
        q.class_number = rows[i / 2].class_number;
        q.opcode = rows[i / 2].opcode;
        q.wants_recursion = i % 2;
        cr_assert(asker_ask(&a, &q));
        cr_expect_eq(a.answer.rcode, rows[i / 2].rcode, "row %zu: %s", i / 2,
                     dns_rcode_name(a.answer.rcode));
        cr_expect_eq(a.answer.is_authoritative, rows[i / 2].is_authoritative, "row %zu", i / 2);
        cr_expect_eq(a.answer.wants_recursion, i % 2, "copied");
        cr_expect_eq(a.answer.opcode, rows[i / 2].opcode);
        cr_expect(a.answer.has_question);
        cr_expect_eq(a.answer.class_number, rows[i / 2].class_number);
        cr_expect(slice_equal(a.answer.name, SLICE("example.org")));
        cr_expect_eq(a.answer.answer_count, rows[i / 2].rcode == DNS_RCODE_NOERROR);
    }
    asker_finish(&a);
}

#define HEAD "\x12\x34\1\0"

Test(nameserver, what_is_malformed_is_told_so_with_its_id)
{
    static const struct {
        const char *what;
        struct slice octets;
        unsigned rcode;
    } rows[] = {
        {"no question", {HEAD "\0\0\0\0\0\0\0\0", 12}, DNS_RCODE_FORMERR},
        {"two questions",
         {HEAD "\0\2\0\0\0\0\0\0\1a\0\0\1\0\1\1b\0\0\1\0\1", 26},
         DNS_RCODE_FORMERR},
        {"a question that is cut", {HEAD "\0\1\0\0\0\0\0\0\5exa", 16}, DNS_RCODE_FORMERR},
        {"a pointer to itself", {HEAD "\0\1\0\0\0\0\0\0\xC0\x0C\0\1\0\1", 18}, DNS_RCODE_FORMERR},
        {"more behind it", {HEAD "\0\1\0\0\0\0\0\0\1a\0\0\1\0\1x", 20}, DNS_RCODE_FORMERR},
        {"an update that is cut", {"\x12\x34\x28\0\0\1\0\0\0\1\0\0\1a", 14}, DNS_RCODE_NOTIMP},
    };
    struct asker a;
    asker_start(&a, zone, ZONE);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert(asker_ask_octets(&a, rows[i].octets), "%s", rows[i].what);
        cr_expect_eq(a.answer.rcode, rows[i].rcode, "%s", rows[i].what);
        cr_expect_eq(a.answer.id, 0x1234);
        cr_expect(a.answer.is_response && !a.answer.has_question);
        cr_expect_eq(a.answer.answer_count, 0);
    }
    asker_finish(&a);
}

/* Two servers that answer answers would never end. */
Test(nameserver, what_is_no_question_is_not_answered)
{
    static const struct slice rows[] = {{"", 0},
                                        {"x", 1},
                                        {HEAD "\0\1\0\0\0\0\0", 11},
                                        {"\x12\x34\x81\0\0\1\0\0\0\0\0\0\1a\0\0\1\0\1", 19},
                                        {"\x12\x34\x81\0\0\1\0\0\0\0\0\0\5a", 14}};
    struct asker a;
    asker_start(&a, zone, ZONE);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_not(asker_ask_octets(&a, rows[i]), "row %zu", i);
    asker_finish(&a);
}

/* ---- EDNS ---- */

/* RFC 6891 6.1.3, 7: EDNS is answered by EDNS, a later version by BADVERS. */
Test(nameserver, edns_is_answered_with_edns)
{
    static const struct {
        struct dns_edns edns;
        unsigned rcode;
        size_t answers;
    } rows[] = {
        {{.udp_octets = 1232}, DNS_RCODE_NOERROR, 1},
        {{.udp_octets = 100}, DNS_RCODE_NOERROR, 1},
        {{.udp_octets = 4096, .wants_dnssec = true}, DNS_RCODE_NOERROR, 1},
        {{.udp_octets = 1232, .version = 1}, DNS_RCODE_BADVERS, 0},
        {{.udp_octets = 1232, .version = 255}, DNS_RCODE_BADVERS, 0},
    };
    struct asker a;
    asker_start(&a, zone, ZONE);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dns_record opt = dns_edns_record(&rows[i].edns);
        struct dns_message q = question("example.org", DNS_TYPE_MX);
        struct dns_edns got;
        q.additional = &opt;
        q.additional_count = 1;
        cr_assert(asker_ask(&a, &q));
        cr_expect_eq(dns_edns_find(&a.answer, &got), DNS_EDNS_ONE);
        cr_expect_eq(got.rcode, rows[i].rcode);
        cr_expect_eq(got.version, 0);
        cr_expect_eq(got.udp_octets, DNS_EDNS_UDP_MAX);
        cr_expect_eq(got.wants_dnssec, rows[i].edns.wants_dnssec);
        cr_expect_eq(a.answer.answer_count, rows[i].answers);
    }
    struct dns_message plain = question("example.org", DNS_TYPE_MX);
    cr_assert(asker_ask(&a, &plain));
    cr_expect_eq(a.answer.additional_count, 0);
    struct dns_record two[2] = {dns_edns_record(&rows[0].edns), dns_edns_record(&rows[0].edns)};
    plain.additional = two;
    plain.additional_count = 2;
    cr_assert(asker_ask(&a, &plain));
    cr_expect_eq(a.answer.rcode, DNS_RCODE_FORMERR);
    asker_finish(&a);
}

/* ---- size, and TCP ---- */

enum { MANY = 120 };

static void make_many(struct dns_record records[MANY])
{
    static char octets[MANY][4];
    for (int i = 0; i < MANY; i++) {
        octets[i][3] = (char)i;
        records[i] = (struct dns_record){
            .name = SLICE("many.example.org"), .type = DNS_TYPE_A, .data = {octets[i], 4}};
    }
}

Test(nameserver, an_answer_by_udp_has_what_the_asker_takes)
{
    static const struct {
        unsigned udp_octets; /* 0: no EDNS */
        size_t limit;
    } rows[] = {{0, 512}, {300, 512}, {512, 512}, {900, 900}, {1232, 1232}, {65535, 1232}};
    struct dns_record records[MANY];
    struct asker a;
    make_many(records);
    asker_start(&a, records, MANY);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dns_record opt =
            dns_edns_record(&(struct dns_edns){.udp_octets = (uint16_t)rows[i].udp_octets});
        struct dns_message q = question("many.example.org", DNS_TYPE_A);
        q.additional = &opt;
        q.additional_count = rows[i].udp_octets > 0;
        cr_assert(asker_ask(&a, &q));
        cr_expect(a.answer.is_truncated);
        cr_expect_leq(bytes_size(&a.heard), rows[i].limit);
        cr_expect_gt(bytes_size(&a.heard), rows[i].limit - 16, "%zu", bytes_size(&a.heard));
        cr_expect_eq(a.answer.additional_count, rows[i].udp_octets > 0);
    }
    asker_finish(&a);
}

/* With its length before it (RFC 1035 4.2.2). */
static void put_question(struct bytes *out, const char *name, unsigned type, uint16_t id)
{
    struct dns_message q = question(name, type);
    q.id = id;
    size_t at = bytes_size(out);
    cr_assert(bytes_append(out, SLICE("\0\0")) && dns_message_encode(&q, 0, out));
    size_t size = bytes_size(out) - at - 2;
    bytes_tail(out, size + 2)[1] = (char)size;
}

/* RFC 7766 6.2.1: several questions on one connection, however the octets are cut. */
Test(nameserver, several_questions_on_a_connection_are_answered_in_turn)
{
    static const size_t pieces[] = {0, 1, 2, 3, 7, 40};
    struct dns_record records[MANY];
    struct bytes octets;
    make_many(records);
    bytes_init(&octets, SIZE_MAX);
    for (uint16_t id = 1; id <= 3; id++)
        put_question(&octets, id == 2 ? "none.example.org" : "many.example.org", DNS_TYPE_A, id);
    for (size_t i = 0; i < 2 * sizeof pieces / sizeof *pieces; i++) {
        struct asker a;
        asker_start(&a, records, MANY);
        asker_say_by_tcp(&a, bytes_slice(&octets), pieces[i / 2], i % 2);
        for (uint16_t id = 1; id <= 3; id++) {
            cr_assert(asker_next(&a), "piece %zu id %u", pieces[i / 2], id);
            cr_expect_eq(a.answer.id, id);
            cr_expect_eq(a.answer.answer_count, id == 2 ? 0 : MANY);
            cr_expect_not(a.answer.is_truncated);
        }
        cr_expect_not(asker_next(&a));
        cr_expect(a.is_closed, "after a while, or when he has closed");
        asker_finish(&a);
    }
    bytes_finish(&octets);
}

Test(nameserver, who_says_nonsense_by_tcp_is_left)
{
    static const struct {
        struct slice octets;
        bool is_answered;
    } rows[] = {
        {{"\0\0", 2}, false},
        {{"\0\5abcde", 7}, false},
        {{"GET / HTTP/1.0\r\n\r\n", 18}, false},        /* would be of 18245 octets: waits */
        {{"\0\x0C" HEAD "\0\1\0\0\0\0\0\0", 14}, true}, /* FORMERR */
        {{"", 0}, false},
        {{"\0", 1}, false},
        {{"\xFF\xFFx", 3}, false},
    };
    struct asker a;
    asker_start(&a, zone, ZONE);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        asker_say_by_tcp(&a, rows[i].octets, 0, false);
        cr_expect(a.is_closed, "row %zu", i);
        cr_expect_eq(asker_next(&a), rows[i].is_answered, "row %zu", i);
    }
    asker_finish(&a);
}
