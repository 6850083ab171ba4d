#include "agents/proto/dns_message.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support_dns.h"

Test(dns_message_encode, writes_the_compressed_names_of_the_standard)
{
    struct dns_record answer = {.name = SLICE("FOO.F.ISI.ARPA"),
                                .type = DNS_TYPE_NS,
                                .ttl_s = 86400,
                                .target = SLICE("ARPA")};
    struct dns_record authority = {
        .name = SLICE("ARPA"), .type = DNS_TYPE_NS, .ttl_s = 60, .target = SLICE("A.ISI.ARPA")};
    struct dns_record additional = {.type = DNS_TYPE_A, .data = {"\x0A\0\0\x34", 4}};
    struct dns_message m = {.id = 0x1234,
                            .is_response = true,
                            .is_authoritative = true,
                            .wants_recursion = true,
                            .has_recursion = true,
                            .has_question = true,
                            .name = SLICE("F.ISI.ARPA"),
                            .type = DNS_TYPE_NS,
                            .answers = &answer,
                            .answer_count = 1,
                            .authority = &authority,
                            .authority_count = 1,
                            .additional = &additional,
                            .additional_count = 1};
    struct bytes out;
    bytes_init(&out, 1000);
    cr_assert(bytes_append(&out, SLICE("in front"))); /* pointers count from the message's start */
    cr_assert(dns_message_encode(&m, 0, &out));
    bytes_consume(&out, 8);
    cr_assert(slice_equal(bytes_slice(&out), SUPPORT_DNS_WIRE(support_dns_example)));
    bytes_finish(&out);
}

Test(dns_message_encode, writes_a_query_as_every_resolver_does)
{
    static const char wire[] = "\0\7\1\0\0\1\0\0\0\0\0\0\7example\3org\0\0\x0F\0\1";
    struct dns_message m = {.id = 7,
                            .wants_recursion = true,
                            .has_question = true,
                            .name = SLICE("example.org"),
                            .type = DNS_TYPE_MX};
    struct bytes out;
    bytes_init(&out, 1000);
    cr_assert(dns_message_encode(&m, DNS_UDP_MAX, &out));
    cr_assert(slice_equal(bytes_slice(&out), SUPPORT_DNS_WIRE(wire)));
    bytes_finish(&out);
}

Test(dns_message_encode, reads_what_it_writes)
{
    struct dns_record records[SUPPORT_DNS_SAMPLES];
    struct dns_message m = support_dns_message(records), read;
    struct arena arena;
    struct bytes out;
    arena_init(&arena);
    bytes_init(&out, 65535);
    cr_assert(dns_message_encode(&m, 0, &out));
    cr_assert(support_dns_decode(bytes_slice(&out), &arena, &read));
    cr_assert(read.id == 65535 && read.is_response && read.opcode == 2 && read.rcode == 5);
    cr_assert(!read.is_truncated && !read.is_authoritative && !read.wants_recursion &&
              !read.has_recursion);
    cr_assert_eq(read.type, DNS_TYPE_ANY);
    cr_assert(read.answer_count == 6 && read.authority_count == 3);
    cr_assert_eq(read.additional_count, SUPPORT_DNS_SAMPLES - 9);
    for (size_t i = 0; i < SUPPORT_DNS_SAMPLES; i++)
        support_dns_expect_same(&records[i], i < 6   ? &read.answers[i]
                                             : i < 9 ? &read.authority[i - 6]
                                                     : &read.additional[i - 9]);
    for (size_t size = 0; size < bytes_size(&out); size++)
        cr_assert(!support_dns_decode(slice_part(bytes_slice(&out), 0, size), &arena, &read), "%zu",
                  size);
    bytes_finish(&out);
    arena_finish(&arena);
}

/* What is at most `max` octets and still a message; the truncated bit as RFC 2181 9 has it. */
static void expect_fit(const struct dns_message *m, size_t octets_max, size_t ceiling)
{
    struct arena arena;
    struct dns_message read;
    struct bytes out;
    arena_init(&arena);
    bytes_init(&out, ceiling + 2);
    cr_assert(bytes_append(&out, SLICE("..")));
    size_t max = octets_max && octets_max < ceiling ? octets_max : ceiling;
    bool ok = dns_message_encode(m, octets_max, &out);
    cr_assert_eq(ok, max >= 12 + 13 + 4, "%zu", max);
    bytes_consume(&out, 2);
    cr_assert_leq(bytes_size(&out), ok ? max : 0);
    if (ok) {
        cr_assert(support_dns_decode(bytes_slice(&out), &arena, &read));
        bool is_short =
            read.answer_count < m->answer_count || read.authority_count < m->authority_count;
        cr_assert_eq(read.is_truncated, is_short, "%zu", max);
        cr_assert(read.authority_count == 0 || read.answer_count == m->answer_count);
        cr_assert(read.additional_count == 0 || read.authority_count == m->authority_count);
    }
    bytes_finish(&out);
    arena_finish(&arena);
}

Test(dns_message_encode, leaves_out_what_does_not_fit_and_says_so)
{
    struct dns_record records[SUPPORT_DNS_SAMPLES];
    struct dns_message m = support_dns_message(records);
    for (size_t max = 1; max < 1400; max++) {
        expect_fit(&m, max, 65535);
        expect_fit(&m, 0, max);
        expect_fit(&m, DNS_UDP_MAX, max);
    }
}

Test(dns_message_encode, writes_only_names_that_can_be)
{
    char long_name[300];
    memset(long_name, 'a', sizeof long_name);
    for (size_t i = 63; i < sizeof long_name; i += 64)
        long_name[i] = '.';
    static const struct {
        const char *name;
        bool ok;
    } rows[] = {{"", true},     {"a", true},         {"a.b", true},  {"_dmarc.a", true},
                {".", false},   {"a.", false},       {".a", false},  {"a..b", false},
                {"a b", false}, {"\xC3\xA4", false}, {"a\nb", false}};
    struct bytes out;
    bytes_init(&out, 1000);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dns_message m = {.has_question = true, .name = slice_of(rows[i].name), .type = 1};
        cr_assert_eq(dns_message_encode(&m, 0, &out), rows[i].ok, "%s", rows[i].name);
        cr_assert_eq(bytes_size(&out) > 0, rows[i].ok);
        bytes_clear(&out);
    }
    for (size_t size = 250; size < 256; size++) { /* RFC 1035 2.3.4: 255 octets on the wire */
        struct dns_message m = {.has_question = true, .name = {long_name, size}, .type = 1};
        cr_assert_eq(dns_message_encode(&m, 0, &out), size <= 253, "%zu", size);
        bytes_clear(&out);
    }
    struct dns_message m = {.has_question = true,
                            .name = {"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
                                     "aaaaaaaaaaaaaaaaaaaaaaaa",
                                     64},
                            .type = 1};
    cr_assert(!dns_message_encode(&m, 0, &out)); /* a label of 64 */
    m.name.size--;
    cr_assert(dns_message_encode(&m, 0, &out));
    bytes_finish(&out);
}

Test(dns_message_encode, writes_no_record_whose_data_has_the_wrong_size)
{
    static const struct dns_record bad[] = {
        {.type = DNS_TYPE_A, .data = {"abc", 3}},
        {.type = DNS_TYPE_AAAA, .data = {"abcd", 4}},
        {.type = DNS_TYPE_MX, .target = {"a..b", 4}},
        {.name = {".", 1}, .type = DNS_TYPE_A, .data = {"abcd", 4}},
        {.type = 65536},
    };
    struct bytes out;
    bytes_init(&out, 1000);
    cr_assert(bytes_append(&out, SLICE("before")));
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct dns_record record = bad[i];
        struct dns_message m = {.answers = &record, .answer_count = 1};
        cr_assert(!dns_message_encode(&m, 0, &out), "%zu", i);
        SUPPORT_DNS_EXPECT(bytes_slice(&out), "before");
    }
    bytes_finish(&out);
}

static size_t encoded_size(struct dns_record *records, size_t count)
{
    struct dns_message m = {.answers = records, .answer_count = count};
    struct bytes out;
    bytes_init(&out, 65535);
    cr_assert(dns_message_encode(&m, 0, &out));
    size_t size = bytes_size(&out);
    bytes_finish(&out);
    return size;
}

/* RFC 2782: a target in SRV stands in full; RFC 1035 2.3.3: letters keep their case. */
Test(dns_message_encode, compresses_names_only_where_it_may)
{
    enum { HEAD = 12, FIXED = 10, NAME = 13 /* example.org */, POINTER = 2 };
    struct dns_record mx[2] = {
        {.name = SLICE("example.org"), .type = DNS_TYPE_MX, .target = SLICE("example.org")},
        {.name = SLICE("example.org"), .type = DNS_TYPE_MX, .target = SLICE("example.org")}};
    cr_assert_eq(encoded_size(mx, 2),
                 HEAD + NAME + FIXED + 2 + POINTER + POINTER + FIXED + 2 + POINTER);
    struct dns_record srv = {
        .name = SLICE("example.org"), .type = DNS_TYPE_SRV, .target = SLICE("example.org")};
    cr_assert_eq(encoded_size(&srv, 1), HEAD + NAME + FIXED + 6 + NAME);
    struct dns_record cased = {
        .name = SLICE("example.org"), .type = DNS_TYPE_NS, .target = SLICE("Example.org")};
    cr_assert_eq(encoded_size(&cased, 1), HEAD + NAME + FIXED + 8 + POINTER);
}

/* A pointer has 14 bits: behind 16 KiB new names are written in full, and still read. */
Test(dns_message_encode, writes_large_messages_without_wrong_pointers)
{
    enum { COUNT = DNS_RECORDS_MAX };
    struct dns_record records[COUNT];
    char names[COUNT][40];
    char text[200];
    memset(text, 't', sizeof text);
    for (int i = 0; i < COUNT; i++) {
        /* few names at first, so that there is room left to remember those that come too late */
        if (i < 100)
            snprintf(names[i], sizeof names[i], "example");
        else
            snprintf(names[i], sizeof names[i], "n%d.d%d.example", i, i / 3);
        records[i] = (struct dns_record){
            .name = slice_of(names[i]), .type = DNS_TYPE_TXT, .data = {text, sizeof text}};
    }
    struct dns_message m = {.answers = records, .answer_count = COUNT}, read;
    struct bytes out;
    struct arena arena;
    bytes_init(&out, 65535);
    arena_init(&arena);
    cr_assert(dns_message_encode(&m, 0, &out));
    cr_assert_gt(bytes_size(&out), 40000);
    cr_assert(support_dns_decode(bytes_slice(&out), &arena, &read));
    cr_assert_eq(read.answer_count, COUNT);
    for (int i = 0; i < COUNT; i++)
        support_dns_expect_same(&records[i], &read.answers[i]);
    bytes_finish(&out);
    arena_finish(&arena);
}
