/*
 * Base subjects and message identifiers (RFC 5256 2.1, 3).
 */
#include "agents/mail/subject.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "tests/mail/support_mail.h"

enum { OCTETS = 1 << 20 };

static void expect_base(const char *subject, const char *expected, bool expected_reply)
{
    struct bytes out;
    bool is_reply;
    bytes_init(&out, OCTETS);
    cr_expect(subject_base(slice_of(subject), &out, &is_reply));
    expect_text(bytes_slice(&out), expected);
    cr_expect_eq(is_reply, expected_reply, "%s", subject);
    bytes_finish(&out);
}

Test(subject, the_base_is_what_is_left_of_a_subject)
{
    static const struct {
        const char *subject, *base;
        bool is_reply;
    } rows[] = {
        {"Hello", "Hello", false},
        {"", "", false},
        {" \t a\t \t b ", "a b", false},        /* step (1) and (2) */
        {"Hello (fwd)  (FWD) ", "Hello", true}, /* (2) */
        {"(fwd)", "", true},
        {"Re: Hello", "Hello", true}, /* (3) */
        {"RE : re:fw:Fwd: Hello", "Hello", true},
        {"Re[2]: Hello", "Hello", true},            /* subj-blob in subj-refwd */
        {"[list] Re: [list] Hello", "Hello", true}, /* (3) and (4) */
        {"[a][b] [c]Hello", "Hello", false},
        {"[a] [b]", "[b]", false}, /* the last blob is the base */
        {"Re: [a]", "[a]", true},
        {"[fwd: Hello]", "Hello", true}, /* (6) */
        {"Re: [Fwd: [fwd: Re: Hello (fwd)] ]", "Hello", true},
        {"[a[b] x", "[a[b] x", false},
        {"[fwd:]", "", true},
        {"Re", "Re", false},
        {"Re Hello", "Re Hello", false},
        {"Reply: Hello", "Reply: Hello", false},
        {"Hello Re: you", "Hello Re: you", false},
        {"=?utf-8?Q?Re:_Gr=C3=BC=C3=9Fe?=",
         "Gr\xC3\xBC\xC3\x9F"
         "e",
         true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_base(rows[i].subject, rows[i].base, rows[i].is_reply);
}

Test(subject, a_subject_made_to_cost_time_does_not)
{
    struct bytes subject, out;
    bytes_init(&subject, OCTETS);
    bytes_init(&out, OCTETS);
    while (bytes_append(&subject, SLICE("[a]")))
        ;
    cr_expect(subject_base(bytes_slice(&subject), &out, NULL));
    expect_text(bytes_slice(&out), "[a]");
    bytes_clear(&subject);
    while (bytes_append(&subject, SLICE("[fwd:")))
        ;
    bytes_clear(&out);
    cr_expect(subject_base(bytes_slice(&subject), &out, NULL));
    bytes_finish(&subject);
    bytes_finish(&out);
}

static void expect_ids(const char *value, const char *expected)
{
    struct slice rest = slice_of(value);
    struct bytes id, all;
    bytes_init(&id, OCTETS);
    bytes_init(&all, OCTETS);
    while (subject_next_id(&rest, &id))
        bytes_printf(&all, "%.*s;", SLICE_ARG(bytes_slice(&id)));
    expect_text(bytes_slice(&all), expected);
    bytes_finish(&id);
    bytes_finish(&all);
}

Test(subject, identifiers_are_found_and_made_equal)
{
    expect_ids("<a@x>", "a@x;");
    expect_ids("<a@x>\r\n <b@y><c@z> (<d@d>)", "a@x;b@y;c@z;");
    /* the example of RFC 5256 3 */
    expect_ids("<\"01KF8JCEOCBS0045PS\"@xxx.yyy.com> <01KF8JCEOCBS0045PS@xxx.yyy.com>",
               "01KF8JCEOCBS0045PS@xxx.yyy.com;01KF8JCEOCBS0045PS@xxx.yyy.com;");
    expect_ids("Your message of \"<no@no>\" <yes@x>", "yes@x;");
    expect_ids("<\"a>b\"@x>", "a>b@x;");
    expect_ids("<a . b @ x>", "a.b@x;");
    /* none at all */
    expect_ids("<nothing> <@x> <a@> <> a@x <open@x", "");
    expect_ids("<lost <a@x>", "a@x;");
    expect_ids("", "");
}
