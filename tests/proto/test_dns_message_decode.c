#include "agents/proto/dns_message.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/random.h"
#include "support_dns.h"

static bool is_readable(struct slice wire)
{
    struct arena arena;
    struct dns_message m;
    arena_init(&arena);
    bool ok = support_dns_decode(wire, &arena, &m);
    arena_finish(&arena);
    return ok;
}

Test(dns_message_decode, reads_the_compressed_names_of_the_standard)
{
    struct arena arena;
    struct dns_message m;
    arena_init(&arena);
    cr_assert(support_dns_decode(SUPPORT_DNS_WIRE(support_dns_example), &arena, &m));
    cr_assert_eq(m.id, 0x1234);
    cr_assert(m.is_response && m.is_authoritative && m.wants_recursion && m.has_recursion);
    cr_assert(!m.is_truncated && m.opcode == 0 && m.rcode == 0 && m.has_question);
    SUPPORT_DNS_EXPECT(m.name, "F.ISI.ARPA");
    cr_assert_eq(m.type, DNS_TYPE_NS);
    cr_assert(m.answer_count == 1 && m.authority_count == 1 && m.additional_count == 1);
    SUPPORT_DNS_EXPECT(m.answers[0].name, "FOO.F.ISI.ARPA");
    SUPPORT_DNS_EXPECT(m.answers[0].target, "ARPA");
    cr_assert_eq(m.answers[0].ttl_s, 86400);
    SUPPORT_DNS_EXPECT(m.authority[0].name, "ARPA");
    SUPPORT_DNS_EXPECT(m.authority[0].target, "A.ISI.ARPA");
    SUPPORT_DNS_EXPECT(m.additional[0].name, "");
    cr_assert(slice_equal(m.additional[0].data, (struct slice){"\x0A\0\0\x34", 4}));
    arena_finish(&arena);
}

Test(dns_message_decode, refuses_a_message_cut_at_any_length_or_with_more_behind)
{
    for (size_t size = 0; size < sizeof support_dns_example - 1; size++)
        cr_assert(!is_readable((struct slice){support_dns_example, size}), "%zu", size);
    cr_assert(is_readable((struct slice){support_dns_example, sizeof support_dns_example - 1}));
    cr_assert(!is_readable((struct slice){support_dns_example, sizeof support_dns_example}));
}

/* ---- malformed messages ---- */

#define HEAD_QUESTION "\0\1\0\0\0\1\0\0\0\0\0\0"
#define HEAD_ANSWER "\0\1\x80\0\0\0\0\1\0\0\0\0"
#define L63                                                                                        \
    "\x3F"                                                                                         \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define L61                                                                                        \
    "\x3D"                                                                                         \
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

Test(dns_message_decode, refuses_what_the_standard_does_not_allow)
{
    static const struct {
        const char *what;
        struct slice wire;
    } rows[] = {
        {"a pointer to itself", SUPPORT_DNS_WIRE(HEAD_QUESTION "\xC0\x0C\0\1\0\1")},
        {"a pointer ahead", SUPPORT_DNS_WIRE(HEAD_QUESTION "\xC0\x10\0\1\0\1")},
        {"a pointer far outside", SUPPORT_DNS_WIRE(HEAD_QUESTION "\xFF\xFF\0\1\0\1")},
        {"a pointer into the header", SUPPORT_DNS_WIRE(HEAD_QUESTION "\xC0\0\0\1\0\1")},
        {"a pointer to its own label", SUPPORT_DNS_WIRE(HEAD_QUESTION "\1a\xC0\x0C\0\1\0\1")},
        {"half a pointer", SUPPORT_DNS_WIRE(HEAD_QUESTION "\xC0")},
        {"two pointers in a ring",
         SUPPORT_DNS_WIRE("\0\1\0\0\0\1\0\1\0\0\0\0\1a\xC0\x14\0\1\0\1\xC0\x0C"
                          "\0\1\0\1\0\0\0\0\0\0")},
        {"a label type 01", SUPPORT_DNS_WIRE(HEAD_QUESTION "\x41" L63 "a\0\0\1\0\1")},
        {"a label type 10", SUPPORT_DNS_WIRE(HEAD_QUESTION "\x81" L63 L63 "a\0\0\1\0\1")},
        {"a label without its end", SUPPORT_DNS_WIRE(HEAD_QUESTION "\5abc")},
        {"a name without its end", SUPPORT_DNS_WIRE(HEAD_QUESTION "\3abc")},
        {"a dot in a label", SUPPORT_DNS_WIRE(HEAD_QUESTION "\3a.b\0\0\1\0\1")},
        {"a blank in a label", SUPPORT_DNS_WIRE(HEAD_QUESTION "\3a b\0\0\1\0\1")},
        {"a high octet in a label", SUPPORT_DNS_WIRE(HEAD_QUESTION "\1\xE4\0\0\1\0\1")},
        {"a NUL in a label", SUPPORT_DNS_WIRE(HEAD_QUESTION "\1\0\0\0\1\0\1")},
        {"a name of 256 octets",
         SUPPORT_DNS_WIRE(HEAD_QUESTION L63 L63 L63
                          "\x3E"
                          "a"
                          "aaaaaaaaaaaaaaaaaaaaaaaaa"
                          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\0\0\1\0\1")},
        {"two questions", SUPPORT_DNS_WIRE("\0\1\0\0\0\2\0\0\0\0\0\0\0\0\1\0\1\0\0\1\0\1")},
        {"two questions said, one there", SUPPORT_DNS_WIRE("\0\1\0\0\0\2\0\0\0\0\0\0\0\0\1\0\1")},
        {"more records than octets", SUPPORT_DNS_WIRE("\0\1\x80\0\0\0\xFF\xFF\0\0\0\0")},
        {"an A record of 3 octets", SUPPORT_DNS_WIRE(HEAD_ANSWER "\0\0\1\0\1\0\0\0\0\0\3\1\2\3")},
        {"an A record of 5 octets",
         SUPPORT_DNS_WIRE(HEAD_ANSWER "\0\0\1\0\1\0\0\0\0\0\5\1\2\3\4\5")},
        {"an AAAA record of 4 octets",
         SUPPORT_DNS_WIRE(HEAD_ANSWER "\0\0\x1C\0\1\0\0\0\0\0\4\1\2\3\4")},
        {"an MX record without a name",
         SUPPORT_DNS_WIRE(HEAD_ANSWER "\0\0\x0F\0\1\0\0\0\0\0\2\0\1")},
        {"an MX record with more behind",
         SUPPORT_DNS_WIRE(HEAD_ANSWER "\0\0\x0F\0\1\0\0\0\0\0\4\0\1\0\0")},
        {"an MX name beyond its data",
         SUPPORT_DNS_WIRE(HEAD_ANSWER "\0\0\x0F\0\1\0\0\0\0\0\4\0\1\1a\0")},
        {"a TXT record of nothing", SUPPORT_DNS_WIRE(HEAD_ANSWER "\0\0\x10\0\1\0\0\0\0\0\0")},
        {"a TXT string beyond its data",
         SUPPORT_DNS_WIRE(HEAD_ANSWER "\0\0\x10\0\1\0\0\0\0\0\2\5a")},
        {"a short SOA record", SUPPORT_DNS_WIRE(HEAD_ANSWER "\0\0\6\0\1\0\0\0\0\0\4\0\0\0\1")},
        {"data beyond the message", SUPPORT_DNS_WIRE(HEAD_ANSWER "\0\0\x63\0\1\0\0\0\0\0\x09"
                                                                 "12345678")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        cr_assert(!is_readable(rows[i].wire), "%s", rows[i].what);
}

/* So that the rows above fail for their own reason: the same shapes, but right. */
Test(dns_message_decode, takes_what_is_just_within_the_limits)
{
    cr_assert(is_readable(SUPPORT_DNS_WIRE(HEAD_QUESTION "\0\0\1\0\1")));
    cr_assert(is_readable(SUPPORT_DNS_WIRE(HEAD_QUESTION "\1a\0\0\1\0\xFF")), "class ANY");
    cr_assert(is_readable(SUPPORT_DNS_WIRE(HEAD_QUESTION "\1a\0\0\x10\0\3")), "class CH");
    cr_assert(is_readable(SUPPORT_DNS_WIRE(HEAD_QUESTION L63 L63 L63 L61 "\0\0\1\0\1")),
              "255 octets");
    cr_assert(is_readable(SUPPORT_DNS_WIRE(HEAD_ANSWER "\0\0\x0F\0\1\0\0\0\0\0\5\0\1\1a\0")));
    cr_assert(is_readable(SUPPORT_DNS_WIRE(HEAD_ANSWER "\0\0\x10\0\1\0\0\0\0\0\1\0")),
              "an empty string");
    cr_assert(is_readable(SUPPORT_DNS_WIRE("\0\1\0\0\0\0\0\0\0\0\0\0")), "no question");
    cr_assert(is_readable(SUPPORT_DNS_WIRE(
                  "\0\1\0\0\0\1\0\1\0\0\0\0\1a\0\0\1\0\1\xC0\x0C\0\1\0\1\0\0\0\0\0\4"
                  "\1\2\3\4")),
              "a pointer back");
}

Test(dns_message_decode, passes_over_records_of_other_classes)
{
    struct arena arena;
    struct dns_message m;
    arena_init(&arena);
    cr_assert(support_dns_decode(SUPPORT_DNS_WIRE("\0\1\x80\0\0\0\0\2\0\0\0\0"
                                                  "\1a\0\0\1\0\3\0\0\0\0\0\1x"
                                                  "\1b\0\0\1\0\1\0\0\0\0\0\4\1\2\3\4"),
                                 &arena, &m));
    cr_assert_eq(m.answer_count, 1);
    SUPPORT_DNS_EXPECT(m.answers[0].name, "b");
    arena_finish(&arena);
}

/* RFC 6891 6.1: the OPT record of a query that a real resolver sends. */
Test(dns_message_decode, keeps_opt_and_unknown_types_as_they_are)
{
    struct arena arena;
    struct dns_message m;
    arena_init(&arena);
    cr_assert(support_dns_decode(SUPPORT_DNS_WIRE("\0\1\1\x20\0\1\0\0\0\0\0\2\1a\0\0\1\0\1"
                                                  "\0\0\x29\x04\xD0\0\0\x80\0\0\4\0\x0A\0\0"
                                                  "\0\xFF\xFE\0\1\0\0\0\0\0\3\1\0\2"),
                                 &arena, &m));
    cr_assert_eq(m.additional_count, 2);
    cr_assert_eq(m.additional[0].type, DNS_TYPE_OPT);
    cr_assert_eq(m.additional[0].udp_octets, 1232);
    cr_assert_eq(m.additional[0].ttl_s, 0x8000);
    cr_assert(slice_equal(m.additional[0].data, (struct slice){"\0\x0A\0\0", 4}));
    cr_assert_eq(m.additional[1].type, 0xFFFE);
    cr_assert(slice_equal(m.additional[1].data, (struct slice){"\1\0\2", 3}));
    arena_finish(&arena);
}

/* RFC 3597 4: a compressed SRV target is still read. */
Test(dns_message_decode, reads_a_compressed_target_of_srv)
{
    struct arena arena;
    struct dns_message m;
    arena_init(&arena);
    cr_assert(support_dns_decode(
        SUPPORT_DNS_WIRE(HEAD_ANSWER "\1a\0\0\x21\0\1\0\0\0\0\0\x08\0\1\0\2\0\x6E\xC0\x0C"), &arena,
        &m));
    SUPPORT_DNS_EXPECT(m.answers[0].target, "a");
    cr_assert_eq(m.answers[0].port, 110);
    arena_finish(&arena);
}

Test(dns_message_decode, takes_256_records_in_a_section_and_no_more)
{
    struct bytes wire;
    bytes_init(&wire, 1 << 16);
    bytes_append(&wire, SUPPORT_DNS_WIRE("\0\1\x80\0\0\0\1\0\0\0\0\0"));
    for (int i = 0; i < DNS_RECORDS_MAX; i++)
        bytes_append(&wire, SUPPORT_DNS_WIRE("\0\0\x63\0\1\0\0\0\0\0\0"));
    cr_assert(is_readable(bytes_slice(&wire)));
    bytes_append(&wire, SUPPORT_DNS_WIRE("\0\0\x63\0\1\0\0\0\0\0\0"));
    wire.data[wire.start + 7] = 1;
    cr_assert(!is_readable(bytes_slice(&wire)));
    bytes_finish(&wire);
}

/* Each name points to the one before: a chain that only the limit on pointers ends. */
Test(dns_message_decode, follows_no_endless_chain_of_pointers)
{
    enum { RECORDS = 200 };
    struct bytes wire;
    bytes_init(&wire, 1 << 16);
    bytes_append(&wire, SUPPORT_DNS_WIRE("\0\1\0\0\0\1\0\xC8\0\0\0\0\1a\0\0\1\0\1"));
    unsigned before = 12;
    for (int i = 0; i < RECORDS; i++) {
        unsigned here = (unsigned)bytes_size(&wire);
        char record[] = "\xC0\0\0\x63\0\1\0\0\0\0\0\0";
        record[0] = (char)(0xC0 | before >> 8);
        record[1] = (char)before;
        bytes_append(&wire, SUPPORT_DNS_WIRE(record));
        before = here;
    }
    struct slice all = bytes_slice(&wire);
    cr_assert(!is_readable(all));
    wire.data[wire.start + 7] = 60; /* as many as are followed: all fine */
    cr_assert(is_readable(slice_part(all, 0, 19 + 60 * 12)));
    bytes_finish(&wire);
}

/* ---- hostile input ---- */

/* What was read from spoilt octets is at least sound: it can be printed, and written again. */
static void expect_sound(struct slice wire, struct arena *arena)
{
    struct dns_message m;
    arena_reset(arena);
    if (!support_dns_decode(wire, arena, &m))
        return;
    struct bytes out;
    bytes_init(&out, 65535);
    cr_assert(dns_message_encode(&m, 0, &out));
    bytes_finish(&out);
    for (size_t i = 0; i < m.answer_count; i++)
        dns_record_print(&m.answers[i], arena);
}

Test(dns_message_decode, lives_through_spoilt_messages)
{
    struct dns_record records[SUPPORT_DNS_SAMPLES];
    struct dns_message m = support_dns_message(records);
    struct random random;
    struct arena arena;
    struct bytes out;
    random_init(&random, 3, SLICE("dns"));
    arena_init(&arena);
    bytes_init(&out, 65535);
    records[11].data.size = 20;
    cr_assert(dns_message_encode(&m, 0, &out));
    char spoilt[1024];
    struct slice wire = bytes_slice(&out);
    cr_assert_leq(wire.size, sizeof spoilt);
    for (int round = 0; round < 40000; round++) {
        memcpy(spoilt, wire.data, wire.size);
        for (uint64_t n = random_below(&random, 3) + 1; n > 0; n--)
            spoilt[random_below(&random, wire.size)] = (char)random_u64(&random);
        expect_sound((struct slice){spoilt, wire.size}, &arena);
    }
    bytes_finish(&out);
    arena_finish(&arena);
}

Test(dns_message_decode, lives_through_random_octets)
{
    struct random random;
    struct arena arena;
    random_init(&random, 4, SLICE("dns"));
    arena_init(&arena);
    for (int round = 0; round < 40000; round++) {
        char wire[128] = "\0\0\0\0\0\1\0\1\0\0\0\0";
        size_t size = random_below(&random, sizeof wire + 1);
        for (size_t i = random_below(&random, 2) * 12; i < size; i++)
            wire[i] =
                (char)(random_below(&random, 2) ? random_u64(&random) : random_below(&random, 4));
        expect_sound((struct slice){wire, size}, &arena);
    }
    arena_finish(&arena);
}
