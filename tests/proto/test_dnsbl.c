#include "agents/proto/dnsbl.h"

#include <criterion/criterion.h>

TestSuite(dnsbl);

static struct slice name_of(const unsigned char *address, bool is_ipv6, struct arena *arena)
{
    return dnsbl_name(address, is_ipv6, SLICE("bl.example.net"), arena);
}

Test(dnsbl, an_address_is_asked_for_backwards)
{
    struct arena arena;
    arena_init(&arena);
    unsigned char four[] = {192, 0, 2, 99};
    unsigned char six[16] = {0x20, 0x01, 0x0d, 0xb8, 0,    1,    0,    2,
                             0,    3,    0,    4,    0x56, 0x78, 0x9a, 0xbc};
    cr_assert(slice_equal(name_of(four, false, &arena), SLICE("99.2.0.192.bl.example.net")),
              "RFC 5782 2.1");
    cr_assert(slice_equal(name_of(six, true, &arena),
                          SLICE("c.b.a.9.8.7.6.5.4.0.0.0.3.0.0.0.2.0.0.0.1.0.0.0.8.b.d.0.1.0.0.2."
                                "bl.example.net")),
              "RFC 5782 2.4");
    cr_assert(slice_equal(dnsbl_domain_name(SLICE("bad.example"), SLICE("bl.example.net"), &arena),
                          SLICE("bad.example.bl.example.net")),
              "RFC 5782 2.5");
    arena_finish(&arena);
}

Test(dnsbl, a_name_that_is_too_long_is_none)
{
    struct arena arena;
    char list[250];
    arena_init(&arena);
    memset(list, 'x', sizeof list);
    for (size_t i = 50; i < sizeof list; i += 50)
        list[i] = '.';
    unsigned char four[] = {192, 0, 2, 99};
    struct slice name = dnsbl_name(four, false, (struct slice){list, sizeof list}, &arena);
    cr_assert_eq(name.size, 0);
    arena_finish(&arena);
}

Test(dnsbl, only_some_answers_mean_listed)
{
    static const struct {
        unsigned char address[4];
        bool is_listed;
        const char *why;
    } rows[] = {
        {{127, 0, 0, 2}, true, "RFC 5782 2.1: by custom 127.0.0.2"},
        {{127, 0, 0, 10}, true, "2.1: other values say why"},
        {{127, 1, 2, 3}, true, "2.1: within 127.0.0.0/8"},
        {{127, 0, 0, 1}, false, "by custom no listing: the list does not answer this asker"},
        {{127, 255, 255, 254}, false, "likewise"},
        {{198, 51, 100, 1}, false, "2.1: outside 127.0.0.0/8, a list that is gone"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        unsigned code = 0;
        struct dns_record record = {.type = DNS_TYPE_A, .data = {(const char *)rows[i].address, 4}};
        cr_expect_eq(dnsbl_is_listed(&record, 1, &code), rows[i].is_listed, "%s", rows[i].why);
        cr_expect(!rows[i].is_listed || code == rows[i].address[3]);
    }
}
