#include "agents/proto/auth_results.h"

#include <criterion/criterion.h>

Test(auth_results, a_field_says_what_each_method_found)
{
    struct bytes out;
    bytes_init(&out, 4096);
    cr_assert(auth_results_begin(&out, SLICE("mx1.example.org")));
    cr_assert(auth_results_add(&out, "spf", "pass", SLICE(""), "smtp.mailfrom",
                               SLICE("alice@example.com")));
    cr_assert(auth_results_add(&out, "dkim", "fail", SLICE("the (body)"), "header.d",
                               SLICE("example.com")));
    cr_assert(auth_results_add_property(&out, "header.s", SLICE("mail")));
    cr_assert(auth_results_add(&out, "x", "none", SLICE(""), NULL, SLICE("")));
    cr_assert(auth_results_end(&out, true));
    cr_assert(
        slice_equal(bytes_slice(&out),
                    SLICE("Authentication-Results: mx1.example.org;\r\n"
                          " spf=pass smtp.mailfrom=alice@example.com;\r\n"
                          " dkim=fail (the \\(body\\)) header.d=example.com header.s=mail;\r\n"
                          " x=none\r\n")),
        "%.*s", SLICE_ARG(bytes_slice(&out)));
    bytes_finish(&out);
}

Test(auth_results, nobody_writes_a_field_of_his_own_through_a_value)
{
    struct bytes out;
    bytes_init(&out, 4096);
    auth_results_begin(&out, SLICE("mx1.example.org"));
    auth_results_add(&out, "spf", "fail", SLICE("a\r\nTo: b)"), "smtp.mailfrom",
                     SLICE("a\r\nSubject: \"x"));
    auth_results_end(&out, true);
    cr_assert(slice_equal(bytes_slice(&out),
                          SLICE("Authentication-Results: mx1.example.org;\r\n"
                                " spf=fail (a??To: b\\)) smtp.mailfrom=\"a??Subject: \\\"x\"\r\n")),
              "%.*s", SLICE_ARG(bytes_slice(&out)));
    bytes_finish(&out);
}

Test(auth_results, without_results_it_says_none)
{
    struct bytes out;
    bytes_init(&out, 4096);
    auth_results_begin(&out, SLICE("mx1.example.org"));
    auth_results_end(&out, false);
    cr_assert(
        slice_equal(bytes_slice(&out), SLICE("Authentication-Results: mx1.example.org; none\r\n")),
        "RFC 8601 2.2");
    bytes_finish(&out);
}

/* RFC 8601 5: what claims our name and did not come from us is to be known in all its forms. */
Test(auth_results, a_forged_field_is_known_by_its_name)
{
    static const struct {
        const char *value;
        bool is_ours;
    } rows[] = {
        {"mx1.example.org; spf=pass", true},
        {" MX1.Example.ORG 1; spf=pass", true},
        {"(a (nested \\) comment)) mx1.example.org(b);none", true},
        {"\r\n mx1.example.org;\r\n none", true},
        {"\"mx1.example.org\"; none", true},
        {"\"mx1\\.example.org\"; none", true},
        {"mx1.example.org", true},
        {"mx1.example.org.mallory.test; none", false},
        {"mx1.example; none", false},
        {"xmx1.example.org; none", false},
        {"(mx1.example.org) other.example; none", false},
        {"", false},
        {"\"", false},
        {"(", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(auth_results_is_from(slice_of(rows[i].value), SLICE("mx1.example.org")),
                     rows[i].is_ours, "row %zu: %s", i, rows[i].value);
}
