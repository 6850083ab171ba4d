#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/smtp_reply_reader.h"

/* Lines of one reply with | between them; NULL text: nonsense at the last of them. */
static const struct {
    const char *lines;
    int code;
    const char *esc, *text;
} rows[] = {
    {"220 hello", 220, "", "hello"},
    {"250-a|250-b|250 c", 250, "", "a\nb\nc"},
    {"250", 250, "", ""},
    {"250-|250", 250, "", "\n"},
    {"550 5.1.1 no such user", 550, "5.1.1", "no such user"},
    {"550 5.1.1", 550, "5.1.1", ""},
    {"550-5.7.1 go|550 5.7.1 away", 550, "5.7.1", "go\naway"},
    {"550-5.7.1 go|550 away", 550, "5.7.1", "go\naway"},
    {"550-go|550 5.7.1 away", 550, "", "go\n5.7.1 away"},
    {"452 4.999.999 x", 452, "4.999.999", "x"},
    /* RFC 3463 2: of another class, or not a code at all, it is text */
    {"550 4.1.1 x", 550, "", "4.1.1 x"},
    {"550 5.1 x", 550, "", "5.1 x"},
    {"550 5.1.1.1 x", 550, "", "5.1.1.1 x"},
    {"550 5.1.1x", 550, "", "5.1.1x"},
    {"550 5.1.1234 x", 550, "", "5.1.1234 x"},
    {"354 3.0.0 go", 354, "", "3.0.0 go"},
    /* an octet that could break a line elsewhere */
    {"250 a\rb\nc\x7f\xC3\xA9", 250, "", "a?b?c?\xC3\xA9"},
    {"250-a|251 b", 0, NULL, NULL},
    {"250-a|hello", 0, NULL, NULL},
    {"hello", 0, NULL, NULL},
};

Test(smtp_reply_reader, lines_become_one_reply)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct smtp_reply_reader r;
        enum smtp_reply_step step = SMTP_REPLY_MORE;
        struct slice rest = slice_of(rows[i].lines), line;
        smtp_reply_reader_init(&r);
        while (slice_cut(&rest, '|', &line)) {
            cr_expect_eq(step, SMTP_REPLY_MORE, "%s", rows[i].lines);
            step = smtp_reply_reader_take(&r, line);
        }
        cr_expect_eq(step, rows[i].text ? SMTP_REPLY_WHOLE : SMTP_REPLY_NONSENSE, "%s",
                     rows[i].lines);
        struct smtp_reply reply = smtp_reply_reader_reply(&r);
        if (rows[i].text) {
            cr_expect_eq(reply.code, rows[i].code, "%s", rows[i].lines);
            cr_expect(slice_equal(reply.esc, slice_of(rows[i].esc)), "%s", rows[i].lines);
            cr_expect(slice_equal(reply.text, slice_of(rows[i].text)), "%s", rows[i].lines);
        }
        smtp_reply_reader_finish(&r);
    }
}

Test(smtp_reply_reader, a_second_reply_knows_nothing_of_the_first)
{
    struct smtp_reply_reader r;
    smtp_reply_reader_init(&r);
    cr_expect_eq(smtp_reply_reader_take(&r, SLICE("550 5.1.1 no")), SMTP_REPLY_WHOLE);
    cr_expect_eq(smtp_reply_reader_take(&r, SLICE("250 ok")), SMTP_REPLY_WHOLE);
    struct smtp_reply reply = smtp_reply_reader_reply(&r);
    cr_expect_eq(reply.code, 250);
    cr_expect_eq(reply.esc.size, 0);
    cr_expect(slice_equal(reply.text, SLICE("ok")));
    smtp_reply_reader_finish(&r);
}

Test(smtp_reply_reader, a_reply_that_never_ends_is_nonsense_before_it_fills_the_memory)
{
    struct smtp_reply_reader r;
    smtp_reply_reader_init(&r);
    enum smtp_reply_step step = SMTP_REPLY_MORE;
    size_t lines = 0;
    while (step == SMTP_REPLY_MORE && lines++ < 1000000)
        step = smtp_reply_reader_take(&r, SLICE("250-and another line"));
    cr_expect_eq(step, SMTP_REPLY_NONSENSE);
    cr_expect_lt(lines, 10000);
    smtp_reply_reader_finish(&r);
}
