#include "agents/mail/address.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "tests/mail/support_mail.h"

static const char label_63[] = "a23456789012345678901234567890123456789012345678901234567890123";

Test(address, mailboxes_of_rfc5321_4_1_2_are_read_and_others_are_not)
{
    static const struct {
        const char *text, *local, *domain; /* local NULL: no address */
    } rows[] = {
        {"bob@example.org", "bob", "example.org"},
        {"Bob.O'Brien+tag=1@mx1.example.org", "Bob.O'Brien+tag=1", "mx1.example.org"},
        {"!#$%&'*+-/=?^_`{|}~@a", "!#$%&'*+-/=?^_`{|}~", "a"},
        {"\"a b\"@example.org", "\"a b\"", "example.org"},
        {"\"a@b\"@example.org", "\"a@b\"", "example.org"},
        {"\"a\\\"b\\\\\"@example.org", "\"a\\\"b\\\\\"", "example.org"},
        {"\"\"@example.org", "\"\"", "example.org"},
        {"a@1-2.x", "a", "1-2.x"},
        {"postmaster", "postmaster", ""}, /* 4.1.1.3: Postmaster needs no domain */
        {"", NULL, NULL},
        {"@example.org", NULL, NULL},
        {"bob@", NULL, NULL},
        {"bob@example.org.", NULL, NULL}, /* sub-domains, not a root dot */
        {"bob@.example.org", NULL, NULL},
        {"bob@example..org", NULL, NULL},
        {"bob@-example.org", NULL, NULL}, /* Let-dig first and last */
        {"bob@example-.org", NULL, NULL},
        {"bob@exa_mple.org", NULL, NULL},
        {".bob@example.org", NULL, NULL}, /* Dot-string has an Atom on each side */
        {"bob.@example.org", NULL, NULL},
        {"b..b@example.org", NULL, NULL},
        {"b b@example.org", NULL, NULL},
        {"a@b@example.org", NULL, NULL},
        {"<bob@example.org>", NULL, NULL},
        {"bob(x)@example.org", NULL, NULL},    /* comments are for headers, not for SMTP */
        {"b\xC3\xB6@example.org", NULL, NULL}, /* 7-bit without SMTPUTF8 */
        {"\"a\xC3\xB6\"@example.org", NULL, NULL},
        {"\"a\tb\"@example.org", NULL, NULL}, /* qtextSMTP has no tab */
        {"\"ab@example.org", NULL, NULL},
        {"\"ab\\\"@example.org", NULL, NULL}, /* the closing quote is hidden */
        {"\"a\"b@example.org", NULL, NULL},
        {"\"ab\\\"", NULL, NULL},
        {"bob@example.org\r\nRCPT TO:<x@y>", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct address a = {SLICE("-"), SLICE("-")};
        bool is_address = address_read(slice_of(rows[i].text), &a);
        cr_expect_eq(is_address, rows[i].local != NULL, "'%s'", rows[i].text);
        expect_text(a.local, is_address ? rows[i].local : "-");
        expect_text(a.domain, is_address ? rows[i].domain : "-");
    }
}

Test(address, literals_of_rfc5321_4_1_3)
{
    static const struct {
        const char *domain;
        bool is_good;
    } rows[] = {
        {"[192.0.2.25]", true},
        {"[255.255.255.255]", true},
        {"[256.0.2.25]", false},
        {"[192.0.2]", false},
        {"[192.0.2.25.1]", false},
        {"[192.0.2.25.]", false},
        {"[192.0..25]", false},
        {"[192.0.2.0025]", false},
        {"[]", false},
        {"192.0.2.25]", false},
        {"[192.0.2.25", false},
        {"[IPv6:2001:db8::25]", true},
        {"[ipv6:2001:DB8:0:0:0:0:0:1]", true},
        {"[IPv6:::]", true},
        {"[IPv6:::1]", true},
        {"[IPv6:1::]", true},
        {"[IPv6:1:2:3:4:5:6::]", true},
        {"[IPv6:1:2:3:4:5:6:7::]", false}, /* "::" is at least two groups */
        {"[IPv6:1:2:3:4:5:6:7]", false},
        {"[IPv6:1:2:3:4:5:6:7:8:9]", false},
        {"[IPv6:1::2::3]", false},
        {"[IPv6:12345::]", false},
        {"[IPv6:1:2:3:4:5:6:7:]", false},
        {"[IPv6::1:2:3:4:5:6:7]", false},
        {"[IPv6:::ffff:192.0.2.25]", true},
        {"[IPv6:1:2:3:4:5:6:192.0.2.25]", true},
        {"[IPv6:1:2:3:4:5:6:7:192.0.2.25]", false},
        {"[IPv6:192.0.2.25::1]", false},
        {"[IPv6:]", false},
        {"[x-25:abc!def]", true}, /* General-address-literal */
        {"[x-:abc]", false},
        {"[x:]", false},
        {"[:abc]", false},
        {"[x:a b]", false},
        {"[x:a[b]", false},
    };
    char text[80];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct address a;
        int size = snprintf(text, sizeof text, "bob@%s", rows[i].domain);
        cr_expect_eq(address_read((struct slice){text, (size_t)size}, &a), rows[i].is_good, "%s",
                     text);
    }
}

Test(address, names_of_the_dns_have_their_limits_but_local_parts_have_none_here)
{
    char text[1200];
    struct address a;
    int size = snprintf(text, sizeof text, "bob@%s.org", label_63);
    cr_expect(address_read((struct slice){text, (size_t)size}, &a), "63 octets: RFC 1035 2.3.4");
    size = snprintf(text, sizeof text, "bob@x%s.org", label_63);
    cr_expect_not(address_read((struct slice){text, (size_t)size}, &a), "64 octets");
    size = snprintf(text, sizeof text, "bob@%s.%s.%s.%s", label_63, label_63, label_63, label_63);
    cr_expect(address_read((struct slice){text, (size_t)size}, &a), "255 octets in all");
    size = snprintf(text, sizeof text, "bob@a.%s.%s.%s.%s", label_63, label_63, label_63, label_63);
    cr_expect_not(address_read((struct slice){text, (size_t)size}, &a), "257 octets in all");
    size = snprintf(text, sizeof text, "%0999d@example.org", 7);
    cr_expect(address_read((struct slice){text, (size_t)size}, &a),
              "RFC 5321 4.5.3.1 asks for no limit where none is needed");
}

Test(address, domain_and_local_part_are_split_at_the_last_at_outside_quotes)
{
    expect_text(address_domain(SLICE("\"a@b\"@example.org")), "example.org");
    expect_text(address_local(SLICE("\"a@b\"@example.org")), "\"a@b\"");
    expect_text(address_domain(SLICE("postmaster")), "");
    expect_text(address_local(SLICE("postmaster")), "postmaster");
    expect_text(address_domain(SLICE("bob@[IPv6:::1]")), "[IPv6:::1]");
    expect_text(address_domain(SLICE("bob@")), "");
    expect_text(address_local(SLICE("")), "");
}

Test(address, the_same_mailbox_rfc5321_2_4)
{
    static const struct {
        const char *a, *b;
        bool is_same;
    } rows[] = {
        {"bob@example.org", "bob@EXAMPLE.Org", true},
        {"bob@example.org", "Bob@example.org", false}, /* only the host may say they are the same */
        {"\"bob\"@example.org", "bob@example.org", true}, /* 4.1.2: quotes have no meaning */
        {"\"b\\ob\"@example.org", "bob@example.org", true},
        {"\"b ob\"@example.org", "b@example.org", false},
        {"PostMaster@example.org", "postmaster@example.org", true}, /* 4.5.1 */
        {"postmaster", "Postmaster", true},
        {"bob", "bob@example.org", false},
        {"bob@example.org", "bob@example.com", false},
        {"", "", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice a = slice_of(rows[i].a), b = slice_of(rows[i].b);
        cr_expect_eq(address_equal(a, b), rows[i].is_same, "%s %s", rows[i].a, rows[i].b);
        cr_expect_eq(address_equal(b, a), rows[i].is_same, "%s %s", rows[i].b, rows[i].a);
        cr_expect(!rows[i].is_same || address_hash(a) == address_hash(b), "%s %s", rows[i].a,
                  rows[i].b);
    }
}

Test(address, lists_of_rfc5322_3_4)
{
    static const struct {
        const char *list;
        const char *found[8]; /* name, address, name, address, ... */
    } rows[] = {
        {"bob@example.org", {"", "bob@example.org"}},
        {"Alice <alice@example.com>, bob@example.org",
         {"Alice", "alice@example.com", "", "bob@example.org"}},
        {"\"Liddell, Alice\" <alice@example.com>", {"\"Liddell, Alice\"", "alice@example.com"}},
        {"\"a \\\" , <x@y>\" <alice@example.com>", {"\"a \\\" , <x@y>\"", "alice@example.com"}},
        {"Alice A. Liddell\r\n <alice@example.com>", {"Alice A. Liddell", "alice@example.com"}},
        {"Alice (of (the) \\) , looking glass) <alice@example.com> (x), b@c",
         {"Alice", "alice@example.com", "", "b@c"}},
        {"alice@example.com (Alice L.)", {"Alice L.", "alice@example.com"}},
        {"friends: a@example.com, Bob <b@example.org>;, c@example.net",
         {"", "a@example.com", "Bob", "b@example.org", "", "c@example.net"}},
        {"undisclosed recipients:;", {NULL}},
        {"A: ;, b@c", {"", "b@c"}},
        {"<@one.example,@two.example:bob@example.org>, c@d", /* 4.4: an old route */
         {"", "bob@example.org", "", "c@d"}},
        {"bob@[192.0.2.1], a@[IPv6:2001:db8::1]",
         {"", "bob@[192.0.2.1]", "", "a@[IPv6:2001:db8::1]"}},
        {"\"a, b\"@example.org, c@d", {"", "\"a, b\"@example.org", "", "c@d"}},
        {"alice, bob@example.org", {"", "alice", "", "bob@example.org"}}, /* to be completed */
        {"Bj\xC3\xB6rn <bj\xC3\xB6rn@example.org>",
         {"Bj\xC3\xB6rn", "bj\xC3\xB6rn@example.org"}},             /* RFC 6532 */
        {"bob@host_1.example.org", {"", "bob@host_1.example.org"}}, /* dot-atom, not a host name */
        {", ,\r\n ,a@b,,", {"", "a@b"}},
        /* what is not understood is passed over, up to the next comma */
        {"not an address, bob@example.org", {"", "bob@example.org"}},
        {"Alice <alice@example.com, bob@example.org", {"", "bob@example.org"}},
        {"Alice alice@example.com>, bob@example.org", {"", "bob@example.org"}},
        {"<>, bob@example.org", {"", "bob@example.org"}},
        {"a@@b, <a b@c>, .a@b, a@b., c@d", {"", "c@d"}},
        {"\"never closed, a@b", {NULL}},
        {"<", {NULL}},
        {"", {NULL}},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice list = slice_of(rows[i].list);
        struct address_mailbox mailbox;
        size_t n = 0;
        for (; address_next(&list, &mailbox); n += 2) {
            cr_assert(n < 8 && rows[i].found[n], "'%s': one too many: %.*s", rows[i].list,
                      SLICE_ARG(mailbox.address));
            expect_text(mailbox.name, rows[i].found[n]);
            expect_text(mailbox.address, rows[i].found[n + 1]);
        }
        cr_expect(n == 8 || !rows[i].found[n], "'%s': '%s' not found", rows[i].list,
                  rows[i].found[n + 1]);
    }
}

Test(address, hostile_lists_are_read_in_linear_time)
{
    enum { SIZE = 1 << 20 };
    static const char *const patterns[] = {"<,", "(,", "\"a,\"", "a:", "[", "<@,", "<a@b>,", "\\,"};
    char *text = malloc(SIZE);
    for (size_t p = 0; p < sizeof patterns / sizeof *patterns; p++) {
        size_t size = slice_of(patterns[p]).size;
        for (size_t i = 0; i < SIZE; i++)
            text[i] = patterns[p][i % size];
        struct slice list = {text, SIZE};
        struct address_mailbox mailbox;
        while (address_next(&list, &mailbox))
            cr_assert_eq(p, 6);
    }
    free(text);
}

Test(address, never_reads_outside_and_always_ends)
{
    static const char *const seeds[] = {
        "\"Liddell, Alice\" (x (y)) <alice@example.com>, friends: a@b, c@[IPv6:::1];, <@r:q@w>",
        "\"a\\\"b\"@[192.0.2.1] (comment), Bj\xC3\xB6rn <b@c>",
    };
    struct random r;
    random_init(&r, 11, SLICE("address"));
    for (int round = 0; round < 20000; round++) {
        struct slice text = support_mutate(&r, slice_of(seeds[round % 2]));
        struct slice list = text;
        struct address_mailbox mailbox;
        struct address a;
        size_t found = 0;
        while (address_next(&list, &mailbox)) {
            cr_assert(support_is_inside(mailbox.name, text));
            cr_assert(support_is_inside(mailbox.address, text));
            cr_assert_gt(mailbox.address.size, 0);
            cr_assert(address_equal(mailbox.address, mailbox.address));
            cr_assert_leq(++found, text.size);
        }
        if (address_read(text, &a))
            cr_assert_eq(a.local.size + (a.domain.size ? a.domain.size + 1 : 0), text.size);
        free((char *)text.data);
    }
}

/* RFC 6531 3.3: UTF-8, well-formed, wherever a letter may stand; an SMTP without it has none. */
Test(address, utf8_is_part_of_an_address_only_where_it_is_asked_for)
{
    static const struct {
        const char *text;
        bool is_plain, is_wide;
    } cases[] = {{"bob@example.org", true, true},
                 {"pel\xc3\xa9@example.org", false, true},
                 {"bob@b\xc3\xbc"
                  "cher.example",
                  false, true},
                 {"\"\xc3\xa4 b\"@example.org", false, true},
                 {"\xc3\xa4@\xc3\xa4", false, true},
                 {"pel\xe9@example.org", false, false},
                 {"bob@b\xfc.example", false, false},
                 {"b\xc3\xa4> SIZE=1@x", false, false},
                 {"b\r\n\xc3\xa4@x", false, false},
                 {"bob@-\xc3\xa4.example", false, false}};
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct address a;
        cr_expect_eq(address_read(slice_of(cases[i].text), &a), cases[i].is_plain, "%zu", i);
        cr_expect_eq(address_read_utf8(slice_of(cases[i].text), &a), cases[i].is_wide, "%zu", i);
    }
}
