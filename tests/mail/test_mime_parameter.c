/*
 * Parameters of Content-Type and Content-Disposition (RFC 2045 5.1, RFC 2231).
 */
#include <criterion/criterion.h>
#include <stdlib.h>

#include "agents/mail/mime.h"
#include "tests/mail/support_mail.h"

enum { OCTETS = 1 << 20 };

static void expect_parameter(struct slice parameters, const char *name, const char *expected)
{
    struct bytes out;
    bytes_init(&out, OCTETS);
    bytes_append_octet(&out, '*');
    bool is_found = mime_parameter(parameters, slice_of(name), &out);
    cr_expect_eq(is_found, expected != NULL, "%.*s", SLICE_ARG(parameters));
    if (expected)
        expect_text(slice_part(bytes_slice(&out), 1, OCTETS), expected);
    bytes_finish(&out);
}

Test(mime_parameter, a_value_is_a_token_or_quoted)
{
    static const char *const rows[][3] = {
        {"; charset=utf-8", "charset", "utf-8"},
        {"; CHARSET=utf-8; charset=b", "charset", "utf-8"},
        {"; charset=us-ascii (Plain text)", "charset", "us-ascii"}, /* RFC 2045 5.1 */
        {"; charset=\"us-ascii\"", "charset", "us-ascii"},
        {" (c) ; a = \"x;y\\\"z\" ; b=1", "a", "x;y\"z"},
        {" (c) ; a = \"x;y\\\"z\" ; b=1", "b", "1"},
        {";a=1;b=2", "b", "2"},
        {"; a=", "a", ""},
        {"; a=\"\"", "a", ""},
        {"; a=\"open; b=2", "a", "open; b=2"},
        {"; a=\"x\r\n y\"", "a", "x y"},
        {"; ab=1", "a", NULL},
        {"; x=\"; a=1\"", "a", NULL},
        {"; a; b=1", "b", "1"},
        {"; a", "a", NULL},
        {"", "a", NULL},
        {" charset=utf-8", "charset", "utf-8"}, /* the semicolon forgotten */
        {"; name=my file.txt; x=1", "name", "my file.txt"},
        {"; name=a/b@c.txt", "name", "a/b@c.txt"},
        {"; name=\"\xC3\xB6\"", "name", "\xC3\xB6"}, /* RFC 6532 */
        {"; name=\"\xF6\"", "name", "\xEF\xBF\xBD"},
        {"; boundary=\"=?x?Q?y?=\"", "boundary", "=?x?Q?y?="},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_parameter(slice_of(rows[i][0]), rows[i][1], rows[i][2]);
}

Test(mime_parameter, long_and_foreign_values_follow_rfc_2231)
{
    static const char *const rows[][3] = {
        /* section 3 */
        {"; URL*0=\"ftp://\"; URL*1=\"cs.utk.edu/pub/moore/b.tar\"", "url",
         "ftp://cs.utk.edu/pub/moore/b.tar"},
        /* section 4 */
        {"; title*=us-ascii'en-us'This%20is%20%2A%2A%2Afun%2A%2A%2A", "title", "This is ***fun***"},
        /* section 4.1 */
        {"; title*0*=us-ascii'en'This%20is%20even%20more%20; title*1*=%2A%2A%2Afun%2A%2A%2A%20;"
         " title*2=\"isn't it!\"",
         "title", "This is even more ***fun*** isn't it!"},
        {"; t*=iso-8859-1''%a4%F6", "t", "\xC2\xA4\xC3\xB6"},
        {"; t*0*=utf-8''%C3; t*1*=%B6", "t", "\xC3\xB6"}, /* a character in two pieces */
        {"; t*1=b; t*0=a; t*3=d", "t", "ab"},             /* any order, up to a gap */
        {"; t=plain; t*=''ext", "t", "ext"},              /* who writes both means the latter */
        {"; t=plain; t*1=x", "t", "plain"},
        {"; t*=no%20charset", "t", "no charset"},
        {"; t*=x-none''%41%FF", "t", "A\xEF\xBF\xBD"},
        {"; t*=\"utf-8''%41\"", "t", "A"},
        {"; t*=utf-8''100%; u=1", "t", "100%"},
        {"; t*=utf-8''%4x%zz", "t", "%4x%zz"},
        {"; t*0=a; t*0=b", "t", "a"},
        {"; t**=a; t*x=b; t*999999999999999999999=c", "t", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_parameter(slice_of(rows[i][0]), rows[i][1], rows[i][2]);
}

Test(mime_parameter, all_can_be_listed_as_they_were_written)
{
    struct slice parameters = SLICE(" ; A=\"b\\\"c\"; (x) d*0*=utf-8''%41 ;; bad; e=f");
    static const char *const expected[][2] = {{"A", "b\"c"}, {"d*0*", "utf-8''%41"}, {"e", "f"}};
    struct slice name;
    struct bytes value;
    size_t count = 0;
    bytes_init(&value, OCTETS);
    for (; mime_next_parameter(&parameters, &name, &value); count++) {
        cr_assert_lt(count, 3);
        expect_text(name, expected[count][0]);
        expect_text(bytes_slice(&value), expected[count][1]);
    }
    cr_expect_eq(count, 3);
    bytes_finish(&value);
}

Test(mime_parameter, a_value_that_does_not_fit_is_not_given)
{
    struct bytes out;
    bytes_init(&out, 3);
    bytes_append_octet(&out, '*');
    cr_expect_not(mime_parameter(SLICE("; a=bcd"), SLICE("a"), &out));
    cr_expect_eq(bytes_size(&out), 1);
    cr_expect(mime_parameter(SLICE("; a=bc"), SLICE("a"), &out));
    bytes_finish(&out);
}

Test(mime_parameter, any_octets_can_be_read)
{
    struct random random;
    struct bytes out;
    random_init(&random, 1, SLICE("mime_parameter"));
    bytes_init(&out, OCTETS);
    for (int i = 0; i < 20000; i++) {
        struct slice sample = SLICE("; t*0*=utf-8'en'%C3; t*1=\"b\\c\"; (d) name = x y; e*=a'b'c");
        struct slice changed = support_mutate(&random, sample), rest = changed, name;
        bytes_clear(&out);
        (void)mime_parameter(changed, SLICE("t"), &out);
        for (size_t count = 0; mime_next_parameter(&rest, &name, &out); count++)
            cr_assert(count < changed.size && support_is_inside(name, changed));
        free((void *)(uintptr_t)changed.data);
    }
    bytes_finish(&out);
}
