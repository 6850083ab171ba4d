/* The mbox format: RFC 4155 appendix A, and the habits called mboxrd and mboxo. */
#include "agents/mail/mbox.h"

#include <criterion/criterion.h>

static struct slice written(struct slice text, enum mbox_quoting quoting, struct bytes *out)
{
    bytes_init(out, 100000);
    cr_assert(mbox_write_text(text, quoting, out));
    return bytes_slice(out);
}

Test(mbox, the_line_in_front_names_the_sender_and_the_time)
{
    static const struct {
        const char *sender;
        int64_t unix_s;
        const char *line;
    } rows[] = {
        {"bob@example.org", 1740992400, "From bob@example.org Mon Mar  3 09:00:00 2025\n"},
        {"", 1741942861, "From MAILER-DAEMON Fri Mar 14 09:01:01 2025\n"},
        {"\"a b\"@example.org", 951827696, "From \"ab\"@example.org Tue Feb 29 12:34:56 2000\n"},
        {"a\nFrom b", 0, "From aFromb Thu Jan  1 00:00:00 1970\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes out;
        struct mbox_entry e;
        size_t position = 0;
        bytes_init(&out, 1000);
        cr_assert(mbox_write_from(slice_of(rows[i].sender), rows[i].unix_s, &out));
        cr_expect(slice_equal(bytes_slice(&out), slice_of(rows[i].line)), "%.*s",
                  SLICE_ARG(bytes_slice(&out)));
        cr_assert(mbox_next(bytes_slice(&out), &position, &e));
        cr_expect_eq(e.unix_s, rows[i].unix_s);
        cr_expect_not(e.is_whole);
        bytes_finish(&out);
    }
}

/* "From " at the start of a line would end the message before it. */
Test(mbox, lines_that_look_like_a_separator_are_quoted)
{
    static const struct {
        const char *line, *rd, *o;
        const char *back_from_rd, *back_from_o;
    } rows[] = {
        {"From here\r\n", ">From here\n", ">From here\n", "From here\r\n", ">From here\r\n"},
        {">From here\r\n", ">>From here\n", ">From here\n", ">From here\r\n", ">From here\r\n"},
        {">>From x\r\n", ">>>From x\n", ">>From x\n", ">>From x\r\n", ">>From x\r\n"},
        {"From\r\n", "From\n", "From\n", "From\r\n", "From\r\n"},
        {"from here\r\n", "from here\n", "from here\n", "from here\r\n", "from here\r\n"},
        {" From here\r\n", " From here\n", " From here\n", " From here\r\n", " From here\r\n"},
        {"> From here\r\n", "> From here\n", "> From here\n", "> From here\r\n", "> From here\r\n"},
        {"\xFF\x00\r\n", "\xFF", "\xFF", "\xFF", "\xFF"},
        {"no end", "no end\n", "no end\n", "no end\r\n", "no end\r\n"},
        {"a\rb\r\n", "a\rb\n", "a\rb\n", "a\rb\r\n", "a\rb\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (int o = 0; o < 2; o++) {
            struct bytes out, back;
            enum mbox_quoting quoting = o ? MBOX_O : MBOX_RD;
            struct slice text = written(slice_of(rows[i].line), quoting, &out);
            cr_expect(slice_starts(text, slice_of(o ? rows[i].o : rows[i].rd)), "row %zu: %.*s", i,
                      SLICE_ARG(text));
            bytes_init(&back, 1000);
            cr_assert(mbox_read_text(text, quoting, &back));
            cr_expect(slice_starts(bytes_slice(&back),
                                   slice_of(o ? rows[i].back_from_o : rows[i].back_from_rd)),
                      "row %zu: %.*s", i, SLICE_ARG(bytes_slice(&back)));
            bytes_finish(&out);
            bytes_finish(&back);
        }
}

Test(mbox, entries_are_found_with_what_is_wrong_about_them)
{
    const struct slice file = SLICE("junk\n"
                                    "From a@x Mon Mar  3 09:00:00 2025\nSubject: 1\n\none\n\n"
                                    "From b@x someday\nSubject: 2\n\ntwo\n"
                                    "From MAILER-DAEMON Mon Mar  3 09:00:01 2025\n\n"
                                    "From c");
    static const struct {
        const char *sender, *text;
        int64_t unix_s;
        bool is_whole;
    } rows[] = {{"a@x", "Subject: 1\n\none\n", 1740992400, true},
                {"b@x", "Subject: 2\n\ntwo\n", 0, false},
                {"", "", 1740992401, true},
                {"c", "", 0, false}};
    struct mbox_entry e;
    size_t position = 0, end = 5;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_assert(mbox_next(file, &position, &e), "%zu", i);
        cr_expect(slice_equal(e.sender, slice_of(rows[i].sender)), "%zu", i);
        cr_expect(slice_equal(e.text, slice_of(rows[i].text)), "%zu: %.*s", i, SLICE_ARG(e.text));
        cr_expect_eq(e.unix_s, rows[i].unix_s, "%zu", i);
        cr_expect_eq(e.is_whole, rows[i].is_whole, "%zu", i);
        cr_expect_eq(e.start, end, "%zu", i);
        end = e.end;
    }
    cr_expect_not(mbox_next(file, &position, &e));
    cr_expect_eq(end, file.size);
}

Test(mbox, what_was_written_is_read_again_octet_for_octet)
{
    static const char *const bodies[] = {"", "\r\n", "From\r\nFrom \r\n>From \r\n\r\n\r\n",
                                         "caf\xC3\xA9 \xE9\r\n", "From a@x Mon Mar  3\r\n"};
    struct bytes file;
    bytes_init(&file, 100000);
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        cr_assert(mbox_write_from(SLICE("a@x"), 1740992400, &file));
        cr_assert(mbox_write_text(SLICE("Subject: s\r\n\r\n"), MBOX_RD, &file));
        cr_assert(mbox_write_text(slice_of(bodies[i]), MBOX_RD, &file));
        cr_assert(bytes_append(&file, SLICE("\n")));
    }
    size_t position = 0, count = 0;
    struct mbox_entry e;
    for (; mbox_next(bytes_slice(&file), &position, &e); count++) {
        struct bytes text;
        bytes_init(&text, 100000);
        cr_assert(mbox_read_text(e.text, MBOX_RD, &text));
        cr_assert(slice_starts(bytes_slice(&text), SLICE("Subject: s\r\n\r\n")));
        bytes_consume(&text, 14);
        cr_expect(slice_equal(bytes_slice(&text), slice_of(bodies[count])), "%zu", count);
        cr_expect(e.is_whole);
        bytes_finish(&text);
    }
    cr_expect_eq(count, sizeof bodies / sizeof *bodies);
    bytes_finish(&file);
}
