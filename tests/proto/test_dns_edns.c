/* EDNS(0), RFC 6891: what an OPT record says, and that it is there when it counts. */
#include <criterion/criterion.h>

#include "support_dns.h"

static enum dns_edns_find find(struct dns_record *records, size_t count, struct dns_edns *edns)
{
    struct dns_message m = {.rcode = 0, .additional = records, .additional_count = count};
    return dns_edns_find(&m, edns);
}

Test(dns_edns, an_opt_record_says_how_much_its_sender_takes)
{
    static const struct {
        struct dns_edns edns;
        uint16_t read_octets;
    } rows[] = {
        {{.udp_octets = 1232}, 1232},
        {{.udp_octets = 0}, 512}, /* 6.2.3: less than 512 counts as 512 */
        {{.udp_octets = 65535, .version = 1, .wants_dnssec = true}, 65535},
        {{.udp_octets = 1232, .rcode = DNS_RCODE_BADVERS}, 1232},
        {{.udp_octets = 1232, .rcode = 0xFF0, .version = 255}, 1232},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dns_record record = dns_edns_record(&rows[i].edns);
        struct dns_edns read;
        cr_expect_eq(find(&record, 1, &read), DNS_EDNS_ONE);
        cr_expect_eq(read.udp_octets, rows[i].read_octets);
        cr_expect_eq(read.version, rows[i].edns.version);
        cr_expect_eq(read.rcode, rows[i].edns.rcode);
        cr_expect_eq(read.wants_dnssec, rows[i].edns.wants_dnssec);
    }
}

Test(dns_edns, without_it_a_message_is_of_512_octets)
{
    struct dns_edns read;
    cr_expect_eq(find(NULL, 0, &read), DNS_EDNS_NONE);
    cr_expect_eq(read.udp_octets, DNS_UDP_MAX);
}

/* 6.1.1: at most one, and it belongs to the root. */
Test(dns_edns, two_or_one_with_a_name_are_a_fault)
{
    struct dns_record records[2] = {dns_edns_record(&(struct dns_edns){.udp_octets = 1232}),
                                    dns_edns_record(&(struct dns_edns){.udp_octets = 1232})};
    struct dns_edns read;
    cr_expect_eq(find(records, 2, &read), DNS_EDNS_BAD);
    records[0].name = SLICE("example.org");
    cr_expect_eq(find(records, 1, &read), DNS_EDNS_BAD);
}

/* 7: whoever asked with EDNS is answered with it, also when the answer is cut short. */
Test(dns_edns, what_is_left_out_never_takes_opt_with_it)
{
    struct dns_record answers[40],
        opt[2] = {dns_edns_record(&(struct dns_edns){.udp_octets = 1232}),
                  {.name = SLICE("b.example"), .type = DNS_TYPE_A, .data = SLICE("\1\2\3\4")}};
    for (size_t i = 0; i < 40; i++)
        answers[i] = (struct dns_record){
            .name = SLICE("a.example"), .type = DNS_TYPE_A, .data = SLICE("\1\2\3\4")};
    struct dns_message m = {.is_response = true,
                            .has_question = true,
                            .name = SLICE("a.example"),
                            .type = DNS_TYPE_A,
                            .answers = answers,
                            .answer_count = 40,
                            .additional = opt,
                            .additional_count = 2};
    for (size_t max = 40; max < 800; max++) {
        struct arena arena;
        struct dns_message read;
        struct bytes wire;
        arena_init(&arena);
        bytes_init(&wire, DNS_MESSAGE_MAX);
        cr_assert(dns_message_encode(&m, max, &wire));
        cr_assert_leq(bytes_size(&wire), max);
        cr_assert(support_dns_decode(bytes_slice(&wire), &arena, &read));
        cr_assert_geq(read.additional_count, 1, "%zu", max);
        cr_assert_eq(read.additional[0].type, DNS_TYPE_OPT);
        cr_assert_eq(read.is_truncated, read.answer_count < 40);
        bytes_finish(&wire);
        arena_finish(&arena);
    }
}

/* RFC 9619 and others: an answer to nonsense needs the id. */
Test(dns_edns, the_head_can_be_read_of_what_is_malformed_behind_it)
{
    struct dns_message m;
    cr_expect(
        dns_message_read_head(SUPPORT_DNS_WIRE("\x12\x34\x29\0\0\7\0\0\0\0\0\0nonsense"), &m));
    cr_expect_eq(m.id, 0x1234);
    cr_expect_eq(m.opcode, 5);
    cr_expect(m.wants_recursion && !m.is_response);
    cr_expect_not(dns_message_read_head(SUPPORT_DNS_WIRE("\x12\x34\1\0\0\1\0\0\0\0\0"), &m));
    cr_expect_not(dns_message_read_head(SUPPORT_DNS_WIRE(""), &m));
}
