#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/smtp_path.h"

/* RFC 5321 4.1.2, appendix C */
Test(smtp_path, paths_are_read_and_routes_left_out)
{
    static const struct {
        const char *text, *mailbox, *rest; /* mailbox NULL: no path */
    } rows[] = {
        {"<>", "", ""},
        {"<bob@example.org>", "bob@example.org", ""},
        {"<bob@example.org> SIZE=1", "bob@example.org", " SIZE=1"},
        {"<bob>", "bob", ""},
        {"<\"b > @ b\"@example.org>", "\"b > @ b\"@example.org", ""},
        {"<\"b\\\">\"@example.org>x", "\"b\\\">\"@example.org", "x"},
        {"<bob@[192.0.2.1]>", "bob@[192.0.2.1]", ""},
        {"<@a.example:bob@example.org>", "bob@example.org", ""},
        {"<@a.example,@b.example:bob@[IPv6:::1]>", "bob@[IPv6:::1]", ""},
        {"", NULL, NULL},
        {"bob@example.org", NULL, NULL},
        {"<bob@example.org", NULL, NULL},
        {"<\"bob>@example.org>", NULL, NULL},
        {"< bob@example.org>", NULL, NULL},
        {"<bob@>", NULL, NULL},
        {"<@example.org>", NULL, NULL},
        {"<@a.example,b.example:bob@example.org>", NULL, NULL},
        {"<@a.example:>", NULL, NULL},
        {"<bob@exa mple.org>", NULL, NULL},
        /* UTF-8 (RFC 6531 3.3) in local part and domain, but no other octets above 127 */
        {"<b\xC3\xB6@ex\xC3\xA4mple.org>", "b\xC3\xB6@ex\xC3\xA4mple.org", ""},
        {"<\"b \xC3\xB6\"@example.org>", "\"b \xC3\xB6\"@example.org", ""},
        {"<b\xC3@example.org>", NULL, NULL},
        {"<b\xFF@example.org>", NULL, NULL},
        {"<b\xC0\xAF@example.org>", NULL, NULL},
        {"<b@[192.0.2.\xC3\xB6]>", NULL, NULL},
        {"<@\xC3\xB6.example:bob@example.org>", NULL, NULL},
        {"<bob@example.org\r\nRCPT TO:x>", NULL, NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct slice rest = slice_of(rows[i].text), mailbox;
        bool is_path = smtp_path_read(&rest, &mailbox);
        cr_expect_eq(is_path, rows[i].mailbox != NULL, "%s", rows[i].text);
        if (!is_path || !rows[i].mailbox)
            continue;
        cr_expect(slice_equal(mailbox, slice_of(rows[i].mailbox)), "%s", rows[i].text);
        cr_expect(slice_equal(rest, slice_of(rows[i].rest)), "%s", rows[i].text);
    }
}

/* esmtp-keyword, esmtp-value */
Test(smtp_path, parameters_are_read_one_by_one)
{
    struct slice rest = SLICE(" SIZE=10 body=8BITMIME X-FLAG");
    struct smtp_parameter p;
    cr_assert(smtp_parameter_read(&rest, &p));
    cr_expect(slice_equal(p.keyword, SLICE("SIZE")) && slice_equal(p.value, SLICE("10")));
    cr_assert(smtp_parameter_read(&rest, &p));
    cr_expect(slice_equal(p.keyword, SLICE("body")) && p.has_value);
    cr_assert(smtp_parameter_read(&rest, &p));
    cr_expect(slice_equal(p.keyword, SLICE("X-FLAG")) && !p.has_value && p.value.size == 0);
    cr_expect_eq(rest.size, 0);
}

Test(smtp_path, what_is_no_parameter_is_refused)
{
    static const char *const bad[] = {" ",      "SIZE=1", "  SIZE=1", " =1",     " SIZE=", " -A=1",
                                      " A_B=1", " A=1=2", " A=\x01",  " A=\xC3", " A\t=1"};
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct slice rest = slice_of(bad[i]);
        struct smtp_parameter p;
        cr_expect_not(smtp_parameter_read(&rest, &p), "[%s]", bad[i]);
    }
}

/* The name goes into a Received field: nothing may come with it. */
Test(smtp_path, a_client_says_a_domain_or_a_literal)
{
    static const char *const good[] = {"out.example.com", "localhost", "my_pc.example.com",
                                       "[192.0.2.1]", "[IPv6:2001:db8::1]"};
    static const char *const bad[] = {"",    "a b",       "a\tb",       "(x)", "a;b",      "a@b",
                                      "<a>", "[192.0.2]", "[192.0.2.1", "[]",  "b\xC3\xB6"};
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        cr_expect(smtp_hello_name_is_valid(slice_of(good[i])), "%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not(smtp_hello_name_is_valid(slice_of(bad[i])), "%s", bad[i]);
}
