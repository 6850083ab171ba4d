#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "agents/proto/smtp.h"

static void expect_written(struct smtp_reply reply, bool with_esc, const char *wanted)
{
    struct bytes out;
    bytes_init(&out, 4096);
    cr_assert(smtp_reply_write(&reply, with_esc, &out));
    struct slice got = bytes_slice(&out);
    cr_expect(slice_equal(got, slice_of(wanted)), "got %.*swanted %s", SLICE_ARG(got), wanted);
    bytes_finish(&out);
}

/* RFC 5321 4.2 and 4.2.1: a hyphen behind the code on all lines but the last. */
Test(smtp, a_reply_has_its_code_on_every_line)
{
    expect_written((struct smtp_reply){250, {0}, SLICE("ok")}, true, "250 ok\r\n");
    expect_written((struct smtp_reply){250, {0}, SLICE("a\nb\n\nc")}, true,
                   "250-a\r\n250-b\r\n250-\r\n250 c\r\n");
    expect_written((struct smtp_reply){250, {0}, {0}}, true, "250\r\n");
}

/* RFC 2034 4: the enhanced code is repeated, too. */
Test(smtp, a_reply_has_its_enhanced_code_on_every_line_when_asked)
{
    expect_written((struct smtp_reply){550, SLICE("5.1.1"), SLICE("no\nsuch user")}, true,
                   "550-5.1.1 no\r\n550 5.1.1 such user\r\n");
    expect_written((struct smtp_reply){550, SLICE("5.1.1"), SLICE("no")}, false, "550 no\r\n");
    expect_written((struct smtp_reply){250, SLICE("2.0.0"), {0}}, true, "250 2.0.0\r\n");
}

/* RFC 4954 4: continue-req = "334" SP [base64] CRLF */
Test(smtp, an_empty_challenge_keeps_its_space)
{
    expect_written((struct smtp_reply){334, {0}, {0}}, true, "334 \r\n");
}

/* RFC 5321 4.2: textstring is printable. Else a stranger's text could write replies of its own. */
Test(smtp, a_reply_text_cannot_start_a_line_of_its_own)
{
    expect_written((struct smtp_reply){550, {0}, {"a\r250 b\0\xC3\t~", 11}}, false,
                   "550 a?250 b??\t~\r\n");
}

/* RFC 5321 4.5.3.1.5 */
Test(smtp, a_reply_line_is_never_longer_than_512_octets)
{
    static char text[1000];
    memset(text, 'x', sizeof text);
    struct smtp_reply reply = {550, SLICE("5.1.1"), {text, sizeof text}};
    struct bytes out;
    bytes_init(&out, 4096);
    cr_assert(smtp_reply_write(&reply, true, &out));
    cr_expect_eq(bytes_size(&out), SMTP_REPLY_LINE_MAX);
    bytes_finish(&out);
}

Test(smtp, a_reply_that_does_not_fit_leaves_out_as_it_was)
{
    struct bytes out;
    bytes_init(&out, 20);
    cr_assert(bytes_append(&out, SLICE("250 ok\r\n")));
    struct smtp_reply reply = {250, {0}, SLICE("one\ntwo")};
    cr_expect_not(smtp_reply_write(&reply, false, &out));
    cr_expect(slice_equal(bytes_slice(&out), SLICE("250 ok\r\n")));
    bytes_finish(&out);
}

Test(smtp, reply_lines_are_read_and_what_is_none_is_known)
{
    static const struct {
        const char *line;
        int code; /* 0: no reply line */
        bool is_last;
        const char *rest;
    } rows[] = {
        {"220 hello", 220, true, "hello"},
        {"250-SIZE 10", 250, false, "SIZE 10"},
        {"250", 250, true, ""},
        {"250-", 250, false, ""},
        {"250 ", 250, true, ""},
        {"599  x", 599, true, " x"},
        {"", 0, false, ""},
        {"25", 0, false, ""},
        {"2500 ok", 0, false, ""},
        {"150 ok", 0, false, ""},
        {"650 ok", 0, false, ""},
        {"25o ok", 0, false, ""},
        {"2 0 ok", 0, false, ""},
        {"+OK", 0, false, ""},
        {"250_ok", 0, false, ""},
        {" 250 ok", 0, false, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int code = 0;
        bool is_last = false;
        struct slice rest = {0};
        bool is_line = smtp_reply_read_line(slice_of(rows[i].line), &code, &is_last, &rest);
        cr_expect_eq(is_line, rows[i].code != 0, "%s", rows[i].line);
        if (!is_line)
            continue;
        cr_expect_eq(code, rows[i].code, "%s", rows[i].line);
        cr_expect_eq(is_last, rows[i].is_last, "%s", rows[i].line);
        cr_expect(slice_equal(rest, slice_of(rows[i].rest)), "%s", rows[i].line);
    }
}

/* RFC 5321 2.4: verbs are read without case. */
Test(smtp, every_verb_is_found_by_its_name_in_any_case)
{
    for (int verb = 0; verb < SMTP_VERB_UNKNOWN; verb++)
        cr_expect_eq((int)smtp_verb_find(slice_of(smtp_verb_name((enum smtp_verb)verb))), verb);
    cr_expect_eq(smtp_verb_find(SLICE("mAiL")), SMTP_VERB_MAIL);
    cr_expect_eq(smtp_verb_find(SLICE("UNKNOWN")), SMTP_VERB_UNKNOWN);
    cr_expect_eq(smtp_verb_find(SLICE("MAI")), SMTP_VERB_UNKNOWN);
    cr_expect_eq(smtp_verb_find(SLICE("")), SMTP_VERB_UNKNOWN);
}

Test(smtp, every_rule_and_every_state_has_a_name_and_a_clause)
{
    for (int verb = 0; verb < SMTP_VERB_COUNT; verb++) {
        cr_expect_not_null(smtp_rules[verb].verb);
        cr_expect_not_null(smtp_rules[verb].argument);
        cr_expect(strncmp(smtp_rules[verb].clause, "RFC ", 4) == 0);
    }
    for (int state = 0; state < SMTP_STATE_COUNT; state++)
        cr_expect_gt(strlen(smtp_state_name((enum smtp_state)state)), 0);
}
