#include "agents/mail/header.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "tests/mail/support_mail.h"

Test(header, ends_with_the_first_empty_line_rfc5322_2_1)
{
    static const struct {
        const char *content, *header, *body;
    } rows[] = {
        {"A: 1\r\n\r\nbody\r\n\r\nmore", "A: 1\r\n\r\n", "body\r\n\r\nmore"},
        {"\r\nbody", "\r\n", "body"},
        {"A: 1\r\nB: 2\r\n", "A: 1\r\nB: 2\r\n", ""},
        {"A: 1\r\n \r\nB: 2\r\n\r\nx", "A: 1\r\n \r\nB: 2\r\n\r\n",
         "x"},                                /* blanks: no empty line */
        {"A: 1\n\nbody", "A: 1\n\n", "body"}, /* a file with the system's line ends */
        {"A: 1\n\r\nbody", "A: 1\n\r\n", "body"},
        {"A: 1\r\r\nb", "A: 1\r\r\nb", ""},
        {"", "", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice header, body;
        header_split(slice_of(rows[i].content), &header, &body);
        expect_text(header, rows[i].header);
        expect_text(body, rows[i].body);
    }
}

Test(header, fields_are_read_where_they_lie)
{
    struct slice header = SLICE("From alice Mon Mar  3 09:00:00 2025\r\n"
                                "Subject: a\r\n folded\r\n\tline \r\n"
                                "X-Empty:\r\n"
                                "X-Old \t : with a blank before the colon\r\n"
                                "no field at all\r\n and its next line\r\n"
                                "X-Late:\r\n  value on the next line\r\n"
                                ": nameless\r\n"
                                "X-Last: no line end");
    static const char *const rows[][2] = {
        {"", "From alice Mon Mar  3 09:00:00 2025"}, /* mbox: blanks in the name, so no field */
        {"Subject", "a\r\n folded\r\n\tline "},
        {"X-Empty", ""},
        {"X-Old", "with a blank before the colon"}, /* RFC 5322 4.5 */
        {"", "no field at all\r\n and its next line"},
        {"X-Late", "value on the next line"},
        {"", ": nameless"},
        {"X-Last", "no line end"},
    };
    struct slice rest = header;
    struct header_field field;
    size_t n = 0, octets = 0;
    for (; header_next(&rest, &field); n++) {
        cr_assert_lt(n, sizeof rows / sizeof *rows);
        expect_text(field.name, rows[n][0]);
        expect_text(field.value, rows[n][1]);
        octets += field.whole.size;
    }
    cr_assert_eq(n, sizeof rows / sizeof *rows);
    cr_assert_eq(octets, header.size, "no octet is in two fields or in none");
}

Test(header, stops_at_the_empty_line)
{
    struct slice header = SLICE("A: 1\r\n\r\nB: 2\r\n");
    struct header_field field;
    cr_assert_eq(header_count(header, SLICE("b")), 0);
    cr_assert(header_next(&header, &field));
    cr_assert_not(header_next(&header, &field));
    cr_assert_not(header_next(&header, &field));
}

Test(header, fields_are_found_by_name_without_case_and_by_place_from_the_top)
{
    struct slice header = SLICE("Received: third\r\nreceived: second\r\nX: y\r\n"
                                "RECEIVED: first\r\nReceived-SPF: none\r\n\r\n");
    struct header_field field;
    cr_assert_eq(header_count(header, SLICE("Received")), 3);
    cr_assert(header_find(header, SLICE("Received"), 1, &field));
    expect_text(field.value, "third");
    cr_assert(header_find(header, SLICE("received"), 3, &field));
    expect_text(field.value, "first");
    cr_assert_not(header_find(header, SLICE("Received"), 4, &field));
    cr_assert_not(header_find(header, SLICE("Received"), 0, &field));
    cr_assert_not(header_find(header, SLICE("Subject"), 1, &field));
}

Test(header, unfolding_makes_each_fold_one_space)
{
    static const char *const rows[][2] = {
        {"a\r\n b", "a b"},       {"a\r\n \t  b", "a b"}, {"a \r\n b", "a  b"}, {"a\n b", "a b"},
        {"a\r\n \r\n b", "a  b"}, {"a\r\nb", "a\r\nb"},   {"a\rb", "a\rb"},     {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes out;
        bytes_init(&out, 100);
        cr_assert(header_unfold(slice_of(rows[i][0]), &out));
        expect_text(bytes_slice(&out), rows[i][1]);
        bytes_finish(&out);
    }
}

Test(header, short_fields_are_written_on_one_line)
{
    struct bytes out;
    bytes_init(&out, 1000);
    cr_assert(header_write(&out, SLICE("Subject"), SLICE("Hello  Bob")));
    cr_assert(header_write(&out, SLICE("X-None"), SLICE("")));
    cr_assert(header_write(&out, SLICE("X-8bit"), SLICE("\xC3\xB6\xFF")));
    expect_text(bytes_slice(&out), "Subject: Hello  Bob\r\nX-None: \r\nX-8bit: \xC3\xB6\xFF\r\n");
    bytes_finish(&out);
}

Test(header, long_fields_are_folded_at_blanks_rfc5322_2_2_3)
{
    struct bytes out;
    bytes_init(&out, 5000);
    header_write(&out, SLICE("X-Long"),
                 SLICE("one two three four five six seven eight nine ten eleven twelve thirteen "
                       "fourteen fifteen"));
    expect_text(bytes_slice(&out),
                "X-Long: one two three four five six seven eight nine ten eleven twelve\r\n"
                " thirteen fourteen fifteen\r\n");
    bytes_finish(&out);
}

Test(header, no_value_can_add_a_field_or_end_the_header)
{
    static const char *const rows[][2] = {
        {"Hello\r\nBcc: eve@mallory.test", "S: Hello  Bcc: eve@mallory.test\r\n"},
        {"Hello\nBcc: x", "S: Hello Bcc: x\r\n"},
        {"Hello\rBcc: x", "S: Hello Bcc: x\r\n"},
        {"Hello\r\n\r\nbody", "S: Hello    body\r\n"},
        {"Hello\r\n", "S: Hello\r\n"},
        {"\r\n.\r\n", "S: .\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes out;
        bytes_init(&out, 1000);
        cr_assert(header_write(&out, SLICE("S"), slice_of(rows[i][0])));
        cr_expect(slice_starts(bytes_slice(&out), SLICE("S:")));
        cr_expect_eq(header_count(bytes_slice(&out), SLICE("Bcc")), 0);
        cr_expect_eq(slice_find(bytes_slice(&out), SLICE("\r\n"), 0), bytes_size(&out) - 2);
        bytes_finish(&out);
    }
    struct bytes out;
    bytes_init(&out, 1000);
    header_write(&out, SLICE("Na me:\r\nX"), SLICE("a\0b"));
    expect_text(bytes_slice(&out), "Na-me---X: a b\r\n");
    bytes_finish(&out);
}

Test(header, a_full_buffer_is_left_as_it_was)
{
    for (size_t ceiling = 0; ceiling < 12; ceiling++) {
        struct bytes out;
        bytes_init(&out, ceiling);
        cr_assert_not(header_write(&out, SLICE("Subject"), SLICE("a b")));
        cr_assert_eq(bytes_size(&out), 0);
        bytes_finish(&out);
    }
    struct bytes out;
    bytes_init(&out, 4);
    bytes_append(&out, SLICE("x"));
    cr_assert_not(header_unfold(SLICE("a\r\n b\r\n c"), &out));
    expect_text(bytes_slice(&out), "x");
    bytes_finish(&out);
}

Test(header, a_word_that_no_line_can_hold_is_cut_rfc5322_2_1_1)
{
    static char text[3000];
    memset(text, 'x', sizeof text);
    for (size_t size = 980; size <= sizeof text; size += size < 1010 ? 1 : 331) {
        struct bytes out;
        struct header_field field;
        bytes_init(&out, 10000);
        cr_assert(header_write(&out, SLICE("X-Long"), (struct slice){text, size}));
        size_t longest = support_longest_line(bytes_slice(&out));
        cr_assert_eq(longest, size + 8 <= 998 ? size + 8 : 998, "%zu gave %zu", size, longest);
        cr_assert(header_find(bytes_slice(&out), SLICE("X-Long"), 1, &field));
        cr_assert_eq(field.whole.size, bytes_size(&out));
        bytes_finish(&out);
    }
}

/* A value of random words: short, long, of any octets. */
static struct slice random_value(struct random *r, char *text, size_t most)
{
    size_t size = random_below(r, most + 1);
    uint32_t blanks_ppm = random_chance(r, 300000) ? 0 : (uint32_t)random_below(r, 400000);
    for (size_t i = 0; i < size; i++)
        text[i] = random_chance(r, blanks_ppm) ? "  \t\r\n"[random_below(r, 6)]
                                               : (char)random_below(r, 256);
    return (struct slice){text, size};
}

Test(header, whatever_the_value_the_field_is_one_field_with_lines_in_their_limits)
{
    struct random r;
    static char text[4000];
    random_init(&r, 1, SLICE("header"));
    for (int round = 0; round < 3000; round++) {
        struct bytes out;
        struct header_field field;
        bytes_init(&out, 100000);
        struct slice value = random_value(&r, text, round % 3 ? 200 : sizeof text);
        cr_assert(header_write(&out, SLICE("Subject"), value));
        struct slice written = bytes_slice(&out), rest = written;
        cr_assert_leq(support_longest_line(written), 998, "RFC 5322 2.1.1, round %d", round);
        cr_assert(header_next(&rest, &field));
        expect_text(field.name, "Subject");
        cr_assert_eq(field.whole.size, written.size, "round %d", round);
        cr_assert_eq(slice_find(written, SLICE(" \r\n"), 9), SLICE_NONE, "a line of blanks only");
        cr_assert_eq(slice_find_octet(written, '\0', 0), SLICE_NONE);
        bytes_finish(&out);
    }
}

Test(header, lines_of_short_words_are_within_76_and_unfold_to_what_was_given)
{
    struct random r;
    char text[600];
    random_init(&r, 2, SLICE("header"));
    for (int round = 0; round < 3000; round++) {
        size_t size = 0;
        while (size < sizeof text - 40 && !random_chance(&r, 20000)) {
            if (size)
                text[size++] = ' ';
            for (size_t n = 1 + random_below(&r, 30); n > 0; n--)
                text[size++] = (char)('!' + random_below(&r, 94));
        }
        struct bytes out, back;
        struct header_field field;
        bytes_init(&out, 2000);
        bytes_init(&back, 2000);
        cr_assert(header_write(&out, SLICE("X-Words"), (struct slice){text, size}));
        cr_assert_leq(support_longest_line(bytes_slice(&out)), 76);
        cr_assert(header_find(bytes_slice(&out), SLICE("x-words"), 1, &field));
        cr_assert(header_unfold(field.value, &back));
        cr_assert(slice_equal(bytes_slice(&back), (struct slice){text, size}), "round %d", round);
        bytes_finish(&back);
        bytes_finish(&out);
    }
}

Test(header, never_reads_outside_and_loses_no_octet)
{
    struct random r;
    random_init(&r, 3, SLICE("header"));
    for (int round = 0; round < 20000; round++) {
        struct slice content = support_mutate(
            &r, SLICE("Received: from a\r\n\tby b; c\r\nSubject: x\r\n y\r\n\r\nbody\r\n"));
        struct slice header, body;
        struct header_field field;
        size_t octets = 0;
        header_split(content, &header, &body);
        cr_assert_eq(header.size + body.size, content.size);
        while (header_next(&header, &field)) {
            cr_assert(support_is_inside(field.name, field.whole));
            cr_assert(support_is_inside(field.value, field.whole));
            cr_assert_gt(field.whole.size, 0);
            octets += field.whole.size;
        }
        cr_assert_leq(header.size, 2, "only the empty line is left");
        cr_assert_eq(octets + header.size + body.size, content.size);
        free((char *)content.data);
    }
}
