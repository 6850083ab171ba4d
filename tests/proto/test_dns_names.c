#include "agents/proto/dns_message.h"

#include <criterion/criterion.h>

#include "support_dns.h"

Test(dns_names, names_types_and_codes)
{
    char text[16];
    cr_assert_str_eq(dns_type_name(DNS_TYPE_MX, text), "MX");
    cr_assert_str_eq(dns_type_name(99, text), "TYPE99"); /* RFC 3597 5 */
    cr_assert_str_eq(dns_type_name(UINT32_MAX, text), "TYPE4294967295");
    cr_assert_eq(dns_type_find(SLICE("aaaa")), DNS_TYPE_AAAA);
    cr_assert_eq(dns_type_find(SLICE("TYPE99")), 99);
    cr_assert_eq(dns_type_find(SLICE("TYPE65536")), 0);
    cr_assert_eq(dns_type_find(SLICE("TYPE")), 0);
    cr_assert_eq(dns_type_find(SLICE("")), 0);
    cr_assert_eq(dns_type_find(SLICE("MXX")), 0);
    cr_assert_str_eq(dns_rcode_name(DNS_RCODE_NXDOMAIN), "NXDOMAIN");
    cr_assert_str_eq(dns_rcode_name(6), "RCODE?");
}

Test(dns_names, reads_dotted_quads_strictly)
{
    static const struct {
        const char *text;
        bool ok;
        uint32_t address;
    } rows[] = {
        {"203.0.113.25", true, 0xCB007119},
        {"0.0.0.0", true, 0},
        {"255.255.255.255", true, 0xFFFFFFFF},
        {"256.0.0.1", false, 0},
        {"1.2.3", false, 0},
        {"1.2.3.4.5", false, 0},
        {"01.2.3.4", false, 0},
        {"1.2.3.", false, 0},
        {"1..3.4", false, 0},
        {".1.2.3", false, 0},
        {"", false, 0},
        {" 1.2.3.4", false, 0},
        {"1.2.3.4 ", false, 0},
        {"1.2.3.-4", false, 0},
        {"1.2.3.4x", false, 0},
        {"1.2.3.0000", false, 0},
        {"1.2.3.00", false, 0},
        {"16909060", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        uint32_t address = 7;
        char text[16];
        cr_assert_eq(dns_ipv4_read(slice_of(rows[i].text), &address), rows[i].ok, "%s",
                     rows[i].text);
        cr_assert_eq(address, rows[i].ok ? rows[i].address : 7, "%s", rows[i].text);
        if (rows[i].ok)
            SUPPORT_DNS_EXPECT(dns_ipv4_print(address, text), rows[i].text);
    }
}

Test(dns_names, prints_data_as_zone_files_do)
{
    static const char *const printed[SUPPORT_DNS_SAMPLES] = {
        "203.0.113.25",
        "10 mx1.example.org",
        "0 .",
        "dns.example.net",
        "example.org",
        "mx1.example.org",
        "dns.example.net hostmaster.example.org 2025030301 7200 900 1209600 300",
        "2001:db8::1:0:0:19",
        "1 2 110 store.example.org",
        "\"v=spf1 mx -all\"",
        "\"\"",
        NULL,
        "\\# 7 72617700726177",
        "\\# 0",
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < SUPPORT_DNS_SAMPLES; i++)
        if (printed[i])
            SUPPORT_DNS_EXPECT(dns_record_print(&support_dns_samples[i], &arena), printed[i]);
    struct dns_record text = {.type = DNS_TYPE_TXT, .data = SLICE("a\"b\\c\n")};
    SUPPORT_DNS_EXPECT(dns_record_print(&text, &arena), "\"a\\\"b\\\\c\\010\"");
    arena_finish(&arena);
}

/* RFC 5952 4.2: the longest run of zeros is shortened, the first of equals, never a single one. */
Test(dns_names, prints_ipv6_addresses_in_their_one_form)
{
    static const struct {
        const char octets[17];
        const char *text;
    } rows[] = {
        {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "::"},
        {"\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\1", "::1"},
        {"\0\1\0\0\0\0\0\0\0\0\0\0\0\0\0\0", "1::"},
        {"\x20\1\x0D\xB8\0\0\0\1\0\1\0\1\0\1\0\1", "2001:db8:0:1:1:1:1:1"},
        {"\x20\1\x0D\xB8\0\0\0\0\0\1\0\0\0\0\0\1", "2001:db8::1:0:0:1"},
        {"\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF",
         "ffff:ffff:ffff:ffff:ffff:ffff:ffff:ffff"},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct dns_record record = {.type = DNS_TYPE_AAAA, .data = {rows[i].octets, 16}};
        SUPPORT_DNS_EXPECT(dns_record_print(&record, &arena), rows[i].text);
    }
    arena_finish(&arena);
}
