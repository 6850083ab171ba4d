#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/session.h"

Test(session, a_feed_above_the_ceiling_takes_nothing)
{
    struct session s;
    session_init(&s, 8, 8);
    cr_expect(session_feed(&s, SLICE("12345")));
    cr_expect_not(session_feed(&s, SLICE("6789")));
    cr_expect(slice_equal(bytes_slice(&s.in), SLICE("12345")));
    cr_expect(session_feed(&s, SLICE("678")));
    session_finish(&s);
}

Test(session, out_is_sent_up_to_each_cut)
{
    struct session s;
    session_init(&s, 8, 100);
    session_cut(&s); /* nothing is there to be cut off */
    bytes_append(&s.out, SLICE("DATA"));
    session_cut(&s);
    session_cut(&s);
    bytes_append(&s.out, SLICE("header"));
    session_cut(&s);
    bytes_append(&s.out, SLICE("body"));
    cr_expect(slice_equal(session_to_send(&s), SLICE("DATA")));
    session_sent(&s, 2);
    cr_expect(slice_equal(session_to_send(&s), SLICE("TA")));
    session_sent(&s, 2);
    cr_expect(slice_equal(session_to_send(&s), SLICE("header")));
    session_sent(&s, 6);
    cr_expect(slice_equal(session_to_send(&s), SLICE("body")));
    session_sent(&s, 4);
    cr_expect_eq(session_to_send(&s).size, 0);
    session_finish(&s);
}

Test(session, what_is_sent_across_a_cut_takes_the_cut_with_it)
{
    struct session s;
    session_init(&s, 8, 100);
    bytes_append(&s.out, SLICE("ab"));
    session_cut(&s);
    bytes_append(&s.out, SLICE("cd"));
    session_cut(&s);
    bytes_append(&s.out, SLICE("ef"));
    session_sent(&s, 3);
    cr_expect(slice_equal(session_to_send(&s), SLICE("d")));
    session_sent(&s, 1);
    cr_expect(slice_equal(session_to_send(&s), SLICE("ef")));
    session_finish(&s);
}

/* RFC 5321 2.3.8: a line ends with CRLF and with nothing else. */
Test(session, a_bare_cr_or_lf_is_part_of_its_line)
{
    struct session s;
    struct slice line;
    session_init(&s, 100, 100);
    session_feed(&s, SLICE("a\nb\rc\r\r\n\r\nd"));
    cr_expect_eq(session_take_line(&s, 10, &line), SESSION_LINE_OK);
    cr_expect(slice_equal(line, SLICE("a\nb\rc\r")));
    cr_expect_eq(session_take_line(&s, 10, &line), SESSION_LINE_OK);
    cr_expect_eq(line.size, 0);
    cr_expect_eq(session_take_line(&s, 10, &line), SESSION_LINE_NONE);
    session_finish(&s);
}

Test(session, a_line_that_just_fits_is_taken_however_it_was_split)
{
    for (size_t at = 0; at <= 7; at++) {
        struct session s;
        struct slice line, all = SLICE("12345\r\n");
        session_init(&s, 100, 100);
        session_feed(&s, slice_part(all, 0, at));
        enum session_line first = session_take_line(&s, 5, &line);
        cr_expect_eq(first, at == 7 ? SESSION_LINE_OK : SESSION_LINE_NONE, "split at %zu", at);
        if (first == SESSION_LINE_NONE) {
            session_feed(&s, slice_part(all, at, 7));
            cr_expect_eq(session_take_line(&s, 5, &line), SESSION_LINE_OK, "split at %zu", at);
        }
        cr_expect(slice_equal(line, SLICE("12345")));
        session_finish(&s);
    }
}

Test(session, a_line_that_is_too_long_is_known_before_it_ends)
{
    struct session s;
    struct slice line;
    session_init(&s, 100, 100);
    session_feed(&s, SLICE("1234567"));
    cr_expect_eq(session_take_line(&s, 5, &line), SESSION_LINE_TOO_LONG);
    session_feed(&s, SLICE("\r\nnext\r\n"));
    cr_expect_eq(session_take_line(&s, 5, &line), SESSION_LINE_TOO_LONG);
    cr_expect_eq(session_take_line(&s, 5, &line), SESSION_LINE_OK);
    cr_expect(slice_equal(line, SLICE("next")));
    session_finish(&s);
}

Test(session, nothing_is_allocated_before_something_comes)
{
    struct session s;
    session_init(&s, 1 << 20, 1 << 20);
    cr_expect_eq(s.in.capacity + s.out.capacity + s.cuts.capacity, 0);
    session_finish(&s);
}
