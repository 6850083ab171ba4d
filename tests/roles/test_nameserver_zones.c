/* A name server that has some zones of a tree, and not the others. */
#include <criterion/criterion.h>

#include "support_asker.h"

TestSuite(nameserver_zones);

static const struct dns_record tree[] = {
    {.name = {"org", 3}, .type = DNS_TYPE_NS, .target = {"ns.org.test", 11}},
    {.name = {"ns.org.test", 11}, .type = DNS_TYPE_A, .data = {"\1\2\3\4", 4}},
    {.name = {"example.org", 11}, .type = DNS_TYPE_NS, .target = {"ns.example.org", 14}},
    {.name = {"example.org", 11}, .type = DNS_TYPE_NS, .target = {"ns.example.net", 14}},
    {.name = {"ns.example.org", 14}, .type = DNS_TYPE_A, .data = {"\1\2\3\5", 4}},
    {.name = {"ns.example.org", 14},
     .type = DNS_TYPE_AAAA,
     .data = {"\1\2\3\5\1\2\3\5\1\2\3\5\1\2\3\5", 16}},
    {.name = {"example.org", 11}, .type = DNS_TYPE_MX, .target = {"mx.example.org", 14}},
    {.name = {"mx.example.org", 14}, .type = DNS_TYPE_A, .data = {"\1\2\3\6", 4}},
    {.name = {"out.example.org", 15}, .type = DNS_TYPE_CNAME, .target = {"www.example.com", 15}},
    {.name = {"www.example.com", 15}, .type = DNS_TYPE_A, .data = {"\1\2\3\7", 4}},
    {.name = {"sub.example.org", 15}, .type = DNS_TYPE_NS, .target = {"ns.sub.example.org", 18}},
    {.name = {"ns.sub.example.org", 18}, .type = DNS_TYPE_A, .data = {"\1\2\3\x8", 4}},
    {.name = {"in.example.org", 14}, .type = DNS_TYPE_CNAME, .target = {"mx.example.org", 14}},
    {.name = {"down.example.org", 16}, .type = DNS_TYPE_CNAME, .target = {"a.sub.example.org", 17}},
    {.name = {"xexample.org", 12}, .type = DNS_TYPE_A, .data = {"\1\2\3\x9", 4}},
};

static void start(struct asker *a, const char *zone, const char *other)
{
    struct slice zones[] = {slice_of(zone), slice_of(other)};
    asker_start_zones(a, tree, sizeof tree / sizeof *tree, zones, other ? 2 : 1);
}

/* RFC 1034 4.3.2, 4.2.1; 2308 2; 1035 3.3.9: what each of three servers of the tree says. */
Test(nameserver_zones, each_server_answers_for_its_own_part)
{
    static const struct {
        const char *zone, *other, *name;
        unsigned type, rcode;
        bool is_authoritative;
        size_t answers;
        const char *authority; /* whose NS or SOA records */
        unsigned authority_type;
        size_t authorities, additional;
    } rows[] = {
        /* the root refers */
        {".", NULL, "example.org", DNS_TYPE_MX, 0, false, 0, "org", DNS_TYPE_NS, 1, 1},
        {".", NULL, "org", DNS_TYPE_NS, 0, false, 0, "org", DNS_TYPE_NS, 1, 1},
        {".", NULL, "ns.org.test", DNS_TYPE_A, 0, true, 1, NULL, 0, 0, 0},
        {".", NULL, "nowhere", DNS_TYPE_A, DNS_RCODE_NXDOMAIN, true, 0, "", DNS_TYPE_SOA, 1, 0},
        /* so does org, which knows both addresses of the one server, and none of the other */
        {"org", NULL, "example.org", DNS_TYPE_MX, 0, false, 0, "example.org", DNS_TYPE_NS, 2, 2},
        {"org", NULL, "a.b.example.org", DNS_TYPE_A, 0, false, 0, "example.org", DNS_TYPE_NS, 2, 2},
        {"org", NULL, "xexample.org", DNS_TYPE_A, 0, true, 1, NULL, 0, 0, 0},
        {"org", NULL, "nowhere.org", DNS_TYPE_A, DNS_RCODE_NXDOMAIN, true, 0, "org", DNS_TYPE_SOA,
         1, 0},
        {"org", NULL, "www.example.com", DNS_TYPE_A, DNS_RCODE_REFUSED, false, 0, NULL, 0, 0, 0},
        /* example.org answers, and refers to sub */
        {"example.org", NULL, "example.org", DNS_TYPE_MX, 0, true, 1, NULL, 0, 0, 1},
        {"example.org", NULL, "EXAMPLE.ORG", DNS_TYPE_NS, 0, true, 2, NULL, 0, 0, 2},
        {"example.org", NULL, "mx.example.org", DNS_TYPE_AAAA, 0, true, 0, "example.org",
         DNS_TYPE_SOA, 1, 0},
        {"example.org", NULL, "a.sub.example.org", DNS_TYPE_A, 0, false, 0, "sub.example.org",
         DNS_TYPE_NS, 1, 1},
        {"example.org", NULL, "in.example.org", DNS_TYPE_A, 0, true, 2, NULL, 0, 0, 0},
        {"example.org", NULL, "out.example.org", DNS_TYPE_A, 0, true, 1, NULL, 0, 0, 0},
        {"example.org", NULL, "down.example.org", DNS_TYPE_A, 0, true, 1, NULL, 0, 0, 0},
        {"example.org", NULL, "org", DNS_TYPE_A, DNS_RCODE_REFUSED, false, 0, NULL, 0, 0, 0},
        {"example.org", NULL, "xexample.org", DNS_TYPE_A, DNS_RCODE_REFUSED, false, 0, NULL, 0, 0,
         0},
        /* a server of parent and child refers to nobody */
        {"org.", "example.org", "example.org", DNS_TYPE_MX, 0, true, 1, NULL, 0, 0, 1},
        /* each host has a PTR record: those of the office are 192.0.2.1 and .2 */
        {"2.0.192.in-addr.arpa", NULL, "2.2.0.192.in-addr.arpa", DNS_TYPE_PTR, 0, true, 1, NULL, 0,
         0, 0},
        {"2.0.192.in-addr.arpa", NULL, "2.2.0.192.in-addr.arpa", DNS_TYPE_A, 0, true, 0,
         "2.0.192.in-addr.arpa", DNS_TYPE_SOA, 1, 0},
        {"2.0.192.in-addr.arpa", NULL, "9.2.0.192.in-addr.arpa", DNS_TYPE_PTR, DNS_RCODE_NXDOMAIN,
         true, 0, "2.0.192.in-addr.arpa", DNS_TYPE_SOA, 1, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asker a;
        start(&a, rows[i].zone, rows[i].other);
        struct dns_message q = {.id = 7,
                                .has_question = true,
                                .wants_recursion = true,
                                .name = slice_of(rows[i].name),
                                .type = rows[i].type};
        cr_assert(asker_ask(&a, &q));
        const struct dns_message *m = &a.answer;
        cr_expect_eq(m->rcode, rows[i].rcode, "row %zu: %s", i, dns_rcode_name(m->rcode));
        cr_expect_eq(m->is_authoritative, rows[i].is_authoritative, "row %zu", i);
        cr_expect_not(m->has_recursion, "it asks nobody for others (RFC 1035 4.1.1)");
        cr_expect_eq(m->answer_count, rows[i].answers, "row %zu: %zu", i, m->answer_count);
        cr_expect_eq(m->authority_count, rows[i].authorities, "row %zu: %zu", i,
                     m->authority_count);
        cr_expect_eq(m->additional_count, rows[i].additional, "row %zu: %zu", i,
                     m->additional_count);
        for (size_t k = 0; k < m->authority_count; k++)
            cr_expect(slice_equal(m->authority[k].name, slice_of(rows[i].authority)) &&
                          m->authority[k].type == rows[i].authority_type,
                      "row %zu", i);
        asker_finish(&a);
    }
}

/* What a file leaves out a zone has all the same (RFC 1034 4.2.1): SOA and NS. */
Test(nameserver_zones, a_zone_has_soa_and_ns)
{
    static const unsigned types[] = {DNS_TYPE_SOA, DNS_TYPE_NS};
    for (size_t i = 0; i < 2; i++) {
        struct asker a;
        start(&a, "example.com", NULL);
        struct dns_message q = {
            .has_question = true, .name = SLICE("example.com"), .type = types[i]};
        cr_assert(asker_ask(&a, &q));
        cr_assert_eq(a.answer.answer_count, 1);
        cr_expect(slice_equal(a.answer.answers[0].target, SLICE("ns.example.net")));
        asker_finish(&a);
    }
}

/* The set of records as such: what is added is found, what is removed is gone, names too. */
Test(nameserver_zones, records_come_and_go)
{
    struct records set;
    struct dns_record a = {.name = SLICE("a.b.Example"), .type = DNS_TYPE_A, .data = SLICE("1234")};
    struct dns_record mx = {.name = SLICE("A.B.example"), .type = DNS_TYPE_MX, .preference = 1};
    records_init(&set);
    for (int round = 0; round < 3; round++) {
        cr_expect_null(records_find(&set, SLICE("b.example")));
        cr_expect_null(records_find(&set, SLICE("a.b.example")));
        for (uint16_t i = 0; i < 100; i++) {
            mx.preference = i;
            records_add(&set, &mx);
            records_add(&set, &a);
        }
        cr_expect_not_null(records_find(&set, SLICE("EXAMPLE")), "RFC 8020 2");
        mx.preference = 50;
        cr_expect_eq(records_remove(&set, a.name, DNS_TYPE_MX, &mx), 1);
        cr_expect_eq(records_remove(&set, a.name, DNS_TYPE_MX, &mx), 0);
        const struct records_owner *owner = records_find(&set, SLICE("a.b.example"));
        uint16_t next = 0;
        for (const struct dns_record *r = NULL; (r = records_next(&set, owner, r, DNS_TYPE_MX));) {
            next += next == 50;
            cr_expect_eq(r->preference, next++, "in the order in which they were added");
        }
        cr_expect_eq(next, 100);
        cr_expect_eq(records_remove(&set, a.name, DNS_TYPE_MX, NULL), 99);
        cr_expect_eq(records_remove(&set, a.name, DNS_TYPE_A, NULL), 100);
    }
    cr_expect_eq(set.items.count, 200, "room is used again");
    records_finish(&set);
}
