/* A message of elsewhere is sent as it is, but for what may not be sent. */
#include "agents/mail/message_again.h"

#include <criterion/criterion.h>

static void expect_again(struct slice content, struct slice expected)
{
    struct bytes out;
    bytes_init(&out, SIZE_MAX);
    cr_assert(message_again(content, &out));
    cr_expect(slice_equal(bytes_slice(&out), expected), "%.*s\n--- is not ---\n%.*s",
              SLICE_ARG(bytes_slice(&out)), SLICE_ARG(expected));
    bytes_finish(&out);
}

Test(message_again, each_thing_that_may_not_be_sent_is_mended_and_nothing_else)
{
    static const struct {
        struct slice content, expected;
    } rows[] = {
        {SLICE("A: b\r\n\r\nc\r\n"), SLICE("A: b\r\n\r\nc\r\n")},
        {SLICE("A: b\n c\n\nd\re\n\n"), SLICE("A: b\r\n c\r\n\r\nd\r\ne\r\n\r\n")},
        {SLICE("A: b\0c\n\n\0d"), SLICE("A: bc\r\n\r\nd\r\n")},
        {SLICE("A:b"), SLICE("A:b\r\n\r\n")},
        {SLICE("no field\nat all"), SLICE("\r\nno field\r\nat all\r\n")},
        {SLICE("\nbody"), SLICE("\r\nbody\r\n")},
        {SLICE(""), SLICE("\r\n")},
        {SLICE("From x Mon\nA: b\n\nc\n"), SLICE("A: b\r\n\r\nc\r\n")},
        {SLICE("From x"), SLICE("\r\n")},
        {SLICE("Return-path: <a@b>\nBCC: x,\n y\nA: b\n\nBcc: z\n"),
         SLICE("A: b\r\n\r\nBcc: z\r\n")},
        {SLICE("A: \xe9\n\n\xff\n"), SLICE("A: \xe9\r\n\r\n\xff\r\n")},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_again(rows[i].content, rows[i].expected);
}

Test(message_again, what_does_not_fit_leaves_what_was_there)
{
    struct bytes out;
    bytes_init(&out, 10);
    cr_assert(bytes_append(&out, SLICE("before")));
    cr_expect(!message_again(SLICE("A: b\n\n"), &out));
    cr_expect(slice_equal(bytes_slice(&out), SLICE("before")));
    bytes_finish(&out);
}

/* RFC 5322 2.1.1: 998 octets and no more, the blank of a fold among them. */
Test(message_again, no_line_is_longer_than_lines_may_be)
{
    static const size_t sizes[] = {990, 995, 996, 1990, 5000};
    for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
        struct bytes content, out;
        bytes_init(&content, SIZE_MAX);
        bytes_init(&out, SIZE_MAX);
        cr_assert(bytes_append(&content, SLICE("A: ")));
        for (size_t n = 0; n < sizes[i]; n++)
            cr_assert(bytes_append_octet(&content, 'x'));
        cr_assert(bytes_append(&content, SLICE("\r\n\r\n")));
        cr_assert(message_again(bytes_slice(&content), &out));
        struct slice rest = bytes_slice(&out);
        cr_expect_eq(rest.size == bytes_size(&content), sizes[i] <= 995, "%zu: folded, or not",
                     sizes[i]);
        while (rest.size > 0) {
            size_t end = slice_find_line_end(rest, 0);
            cr_expect(end <= 998, "%zu: a line of %zu octets", sizes[i], end);
            rest = slice_part(rest, end + 2, rest.size);
        }
        bytes_finish(&content);
        bytes_finish(&out);
    }
}
