#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/smtp_data.h"

static void expect_stuffed(const char *header, const char *body, const char *wanted)
{
    struct smtp_data_writer w = {0};
    struct bytes out;
    bytes_init(&out, 1000);
    cr_assert(smtp_data_write(&w, slice_of(header), &out));
    cr_assert(smtp_data_write(&w, slice_of(body), &out));
    cr_assert(smtp_data_write_end(&w, &out));
    struct slice got = bytes_slice(&out);
    cr_expect(slice_equal(got, slice_of(wanted)), "got [%.*s] wanted [%s]", SLICE_ARG(got), wanted);
    bytes_finish(&out);
}

/* RFC 5321 4.5.2 */
Test(smtp_data, a_dot_goes_in_front_of_each_line_that_starts_with_one)
{
    expect_stuffed("A: b\r\n\r\n", ".\r\n..\r\n.x\r\na.\r\n",
                   "A: b\r\n\r\n..\r\n...\r\n..x\r\na.\r\n");
    expect_stuffed("", ".", "..\r\n");
    expect_stuffed("a", ".b\r\n", "a.b\r\n");
}

Test(smtp_data, a_last_line_without_an_end_gets_one)
{
    expect_stuffed("A: b\r\n\r\n", "x", "A: b\r\n\r\nx\r\n");
    expect_stuffed("A: b\r\n\r\n", "", "A: b\r\n\r\n");
    expect_stuffed("", "", "");
}

/* RFC 5321 2.3.8: neither is ever sent alone, or a message could end itself at the next server. */
Test(smtp_data, a_bare_cr_or_lf_becomes_the_end_of_a_line)
{
    expect_stuffed("", "a\n.\nb\r\n", "a\r\n..\r\nb\r\n");
    expect_stuffed("", "a\r.\rb\r\n", "a\r\n..\r\nb\r\n");
    expect_stuffed("", "a\r\r\n\n\r\n", "a\r\n\r\n\r\n\r\n");
    expect_stuffed("a\r", "\nb\r\n", "a\r\nb\r\n");
}

/* Any octets, in pieces of one to seven: what is written can be read, and ends where it should. */
Test(smtp_data, what_is_written_is_read_as_it_was)
{
    static const char *const texts[] = {"",
                                        "\r\n",
                                        ".\r\n",
                                        ".\r\n.\r\n",
                                        "a\r\n.\r\n..a\r\n\r\n",
                                        "\r\n\r\n.\r\n",
                                        "x.\r\n.x\r\n",
                                        "..\r\n...\r\n"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        for (size_t piece = 1; piece <= 7; piece++) {
            struct smtp_data_writer w = {0};
            struct smtp_data_reader r;
            struct bytes wire, content;
            bytes_init(&wire, 1000);
            bytes_init(&content, 1000);
            smtp_data_reader_init(&r);
            cr_assert(smtp_data_write(&w, slice_of(texts[i]), &wire));
            cr_assert(smtp_data_write_end(&w, &wire));
            size_t end = bytes_size(&wire) + 3, at = 0;
            cr_assert(bytes_append(&wire, SLICE(".\r\nQUIT\r\n")));
            bool is_end = false;
            while (!is_end) {
                struct slice next = slice_part(bytes_slice(&wire), at, at + piece);
                cr_assert_gt(next.size, 0);
                at += smtp_data_read(&r, next, &content, &is_end);
            }
            cr_expect_eq(at, end);
            cr_expect_eq(r.fault, SMTP_DATA_FINE);
            cr_expect(slice_equal(bytes_slice(&content), slice_of(texts[i])), "%s", texts[i]);
            bytes_finish(&wire);
            bytes_finish(&content);
        }
}

Test(smtp_data, a_writer_says_when_out_is_full)
{
    struct smtp_data_writer w = {0};
    struct bytes out;
    bytes_init(&out, 8);
    cr_expect_not(smtp_data_write(&w, SLICE("abc\r\ndef\r\n"), &out));
    bytes_finish(&out);
}

Test(smtp_data, many_bare_line_ends_cost_no_more_than_others)
{
    enum { SIZE = 1 << 20 };
    struct smtp_data_writer w = {0};
    struct bytes text, out;
    bytes_init(&text, SIZE);
    bytes_init(&out, 4 * SIZE);
    while (bytes_append_octet(&text, '\n'))
        continue;
    cr_expect(smtp_data_write(&w, bytes_slice(&text), &out));
    cr_expect_eq(bytes_size(&out), 2 * SIZE);
    bytes_finish(&text);
    bytes_finish(&out);
}

/* What came by BDAT was not read line by line. */
Test(smtp_data, a_bare_line_end_is_found_wherever_it_stands)
{
    static const struct {
        const char *text;
        bool has_bare;
    } rows[] = {
        {"", false},       {"a", false},      {"\r\n", false},    {"a\r\nb\r\n", false},
        {"a\r\nb", false}, {"\n", true},      {"\r", true},       {"a\r\n\n", true},
        {"a\r\n\r", true}, {"a\r\r\n", true}, {"a\nb\r\n", true}, {"a\r\nb\rc\r\n", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect_eq(smtp_data_has_bare(slice_of(rows[i].text)), rows[i].has_bare, "%zu", i);
}
