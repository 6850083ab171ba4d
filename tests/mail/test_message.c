#include "agents/mail/message.h"

#include <criterion/criterion.h>
#include <stdlib.h>
#include <string.h>

#include "agents/mail/address.h"
#include "agents/mail/header.h"
#include "sim/base/vtime.h"
#include "tests/mail/support_mail.h"

static void expect_written(const struct message_draft *draft, const char *text)
{
    struct bytes out;
    bytes_init(&out, 100000);
    cr_expect(message_write(draft, &out));
    expect_text(bytes_slice(&out), text);
    bytes_finish(&out);
}

Test(message, has_the_fields_of_rfc5322_3_6_that_were_given)
{
    struct message_draft draft = {
        .from = SLICE("Alice <alice@example.com>"),
        .to = SLICE("bob@example.org"),
        .cc = SLICE("Bea <bea@example.org>, carol@example.net"),
        .subject = SLICE("Hello"),
        .user_agent = SLICE("mailflow/0.1"),
        .body = SLICE("Hi Bob,\nhow are you?\n"),
        .message_id = SLICE("1.2@pc-alice.example.com"),
        .in_reply_to = SLICE("<0.1@pc-bob.example.org>"),
        .unix_s = VTIME_DEFAULT_EPOCH_S,
        .zone_min = 60,
        .has_date = true,
    };
    expect_written(&draft, "From: Alice <alice@example.com>\r\n"
                           "To: bob@example.org\r\n"
                           "Cc: Bea <bea@example.org>, carol@example.net\r\n"
                           "Subject: Hello\r\n"
                           "Date: Mon, 3 Mar 2025 10:00:00 +0100\r\n"
                           "Message-ID: <1.2@pc-alice.example.com>\r\n"
                           "In-Reply-To: <0.1@pc-bob.example.org>\r\n"
                           "User-Agent: mailflow/0.1\r\n"
                           "\r\n"
                           "Hi Bob,\r\nhow are you?\r\n");
    draft = (struct message_draft){.from = SLICE("alice@example.com"), .to = SLICE("bob")};
    expect_written(&draft, "From: alice@example.com\r\nTo: bob\r\n\r\n");
}

Test(message, text_outside_ascii_becomes_encoded_words_and_an_8bit_body)
{
    struct message_draft draft = {
        .from = SLICE("\"Bj\xC3\xB6rn \\\"B\\\" \xC3\x96stlund\" <b@example.org>, Carol <c@d>"),
        .subject = SLICE("Gr\xC3\xBC\xC3\x9F"
                         "e?"),
        .body = SLICE("\xC3\xA4\r"),
    };
    expect_written(&draft,
                   "From: =?utf-8?Q?Bj=C3=B6rn_=22B=22_=C3=96stlund?= <b@example.org>, Carol\r\n"
                   " <c@d>\r\n"
                   "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe=3F?=\r\n"
                   "MIME-Version: 1.0\r\n"
                   "Content-Type: text/plain; charset=utf-8\r\n"
                   "Content-Transfer-Encoding: 8bit\r\n"
                   "\r\n"
                   "\xC3\xA4\r\n");
    draft = (struct message_draft){.subject = SLICE("caf\xE9"), .body = SLICE("\xE9")};
    expect_written(&draft, "Subject: =?iso-8859-1?Q?caf=E9?=\r\n"
                           "MIME-Version: 1.0\r\n"
                           "Content-Type: text/plain; charset=iso-8859-1\r\n"
                           "Content-Transfer-Encoding: 8bit\r\n"
                           "\r\n"
                           "\xE9\r\n");
    draft = (struct message_draft){.to = SLICE("\xC3\xB6 \xC3\xB6 no mailbox")};
    expect_written(&draft, "To: \xC3\xB6 \xC3\xB6 no mailbox\r\n\r\n");
}

Test(message, no_value_can_add_a_field)
{
    struct slice evil = SLICE("x\r\nBcc: eve@mallory.test\r\n\r\nbody\0<a@b>, \xC3\xB6 <c@d>");
    const struct message_draft draft = {.from = evil,
                                        .to = evil,
                                        .cc = evil,
                                        .subject = evil,
                                        .user_agent = evil,
                                        .message_id = evil,
                                        .in_reply_to = evil};
    struct bytes out;
    struct slice header, body;
    bytes_init(&out, 10000);
    cr_assert(message_write(&draft, &out));
    header_split(bytes_slice(&out), &header, &body);
    cr_assert_eq(header_count(header, SLICE("Bcc")), 0);
    cr_assert_eq(body.size, 0);
    cr_assert_eq(header_count(header, SLICE("")), 0, "no line that is no field");
    cr_assert_eq(slice_find_octet(header, '\0', 0), SLICE_NONE);
    cr_assert_eq(slice_find(header, SLICE("=0D"), 0), SLICE_NONE, "nor after decoding");
    cr_assert_eq(slice_find(header, SLICE("=0A"), 0), SLICE_NONE);
    bytes_finish(&out);
}

Test(message, line_ends_of_all_kinds_become_crlf)
{
    static const char *const rows[][2] = {
        {"a\nb\n", "a\r\nb\r\n"},
        {"a\rb", "a\r\nb\r\n"},
        {"a\r\nb\r\n", "a\r\nb\r\n"},
        {"a\n\rb", "a\r\n\r\nb\r\n"},
        {"\r\r\n", "\r\n\r\n"},
        {"a", "a\r\n"},
        {"\n", "\r\n"},
        {"", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct bytes out;
        bytes_init(&out, 100);
        cr_assert(message_crlf(slice_of(rows[i][0]), &out));
        expect_text(bytes_slice(&out), rows[i][1]);
        bytes_finish(&out);
        bytes_init(&out, slice_of(rows[i][1]).size);
        cr_assert(message_crlf(slice_of(rows[i][0]), &out), "the ceiling is met exactly");
        bytes_finish(&out);
        if (!*rows[i][1])
            continue;
        bytes_init(&out, slice_of(rows[i][1]).size - 1);
        cr_assert_not(message_crlf(slice_of(rows[i][0]), &out));
        cr_assert_eq(bytes_size(&out), 0);
        bytes_finish(&out);
    }
}

Test(message, octets_above_127_are_seen)
{
    cr_assert_not(message_is_8bit(SLICE("plain \x7F\0 text")));
    cr_assert(message_is_8bit(SLICE("caf\xE9")));
    cr_assert(message_is_8bit(SLICE("\x80")));
    cr_assert_not(message_is_8bit(SLICE("")));
}

Test(message, long_lines_of_the_body_are_broken_rfc5322_2_1_1)
{
    static char text[6000];
    struct bytes out;
    struct slice header, body;
    for (int kind = 0; kind < 4; kind++) {
        size_t size = kind == 3 ? 998 : sizeof text;
        memset(text, 'x', sizeof text);
        for (size_t i = 0; i + 1 < sizeof text && kind == 1; i += 100)
            text[i] = ' ';
        for (size_t i = 1; i + 1 < sizeof text && kind == 2; i += 2)
            memcpy(text + i, "\xC3\xB6", 2);
        struct message_draft draft = {.body = {text, size}};
        bytes_init(&out, 10000);
        cr_assert(message_write(&draft, &out));
        header_split(bytes_slice(&out), &header, &body);
        cr_assert_leq(support_longest_line(body), 998);
        cr_assert_eq(body.size, size + (kind == 3 ? 2 : 2 * 7), "nothing but CRLF is added");
        for (size_t at = 0; (at = slice_find(body, SLICE("\r\n"), at)) + 2 < body.size; at += 2) {
            cr_assert(kind != 1 || body.data[at - 1] == ' ', "broken behind a blank");
            cr_assert(kind != 2 || (unsigned char)body.data[at + 2] == 0xC3, "not in a character");
        }
        bytes_finish(&out);
    }
}

Test(message, a_full_buffer_is_left_as_it_was)
{
    const struct message_draft draft = {.from = SLICE("\xC3\xB6 <a@b>"),
                                        .to = SLICE("c@d"),
                                        .subject = SLICE("\xC3\xB6"),
                                        .message_id = SLICE("1@2"),
                                        .body = SLICE("x\ny\n\xC3\xB6")};
    struct bytes whole, out;
    bytes_init(&whole, 10000);
    cr_assert(message_write(&draft, &whole));
    for (size_t ceiling = 1; ceiling < bytes_size(&whole) + 1; ceiling++) {
        bytes_init(&out, ceiling);
        bytes_append(&out, SLICE("-"));
        cr_assert_not(message_write(&draft, &out));
        expect_text(bytes_slice(&out), "-");
        bytes_finish(&out);
    }
    bytes_finish(&whole);
}

Test(message, whatever_the_values_the_fields_are_those_of_the_draft)
{
    struct random r;
    random_init(&r, 1, SLICE("message"));
    for (int round = 0; round < 5000; round++) {
        struct slice values[6];
        for (size_t i = 0; i < 6; i++)
            values[i] = support_mutate(
                &r,
                SLICE("\"A, B\" <a@b>, gr\xC3\xBC\xC3\x9F (c) <d@e>;\r\n x: \xF0\x9F\x93\xA7\r\n"));
        struct message_draft draft = {values[0], values[1], values[2],       values[3],
                                      values[4], values[5], .has_date = true};
        struct bytes out;
        struct slice header, body;
        bytes_init(&out, 100000);
        cr_assert(message_write(&draft, &out));
        header_split(bytes_slice(&out), &header, &body);
        static const char *const names[] = {
            "From",         "To",           "Cc",
            "Subject",      "User-Agent",   "Date",
            "MIME-Version", "Content-Type", "Content-Transfer-Encoding"};
        struct header_field field;
        while (header_next(&header, &field)) {
            bool is_known = false;
            for (size_t i = 0; i < sizeof names / sizeof *names; i++)
                is_known = is_known || slice_equal(field.name, slice_of(names[i]));
            cr_assert(is_known, "'%.*s'", SLICE_ARG(field.whole));
        }
        cr_assert_leq(support_longest_line(bytes_slice(&out)), 998);
        cr_assert_eq(message_is_8bit(body),
                     header_count(bytes_slice(&out), SLICE("MIME-Version")) == 1);
        bytes_finish(&out);
        for (size_t i = 0; i < 6; i++)
            free((char *)values[i].data);
    }
}

Test(message, groups_keep_their_names_and_members)
{
    struct message_draft draft = {.to = SLICE("Team: a@x, \"B\" <b@x>;, c@x")};
    expect_written(&draft, "To: Team: a@x, \"B\" <b@x>;, c@x\r\n\r\n");
    draft.to = SLICE("Gr\xC3\xBCne: a@x, \"\xC3\x84\" <b@x>;, Leer:;, c@x");
    expect_written(
        &draft,
        "To: =?utf-8?Q?Gr=C3=BCne?=: <a@x>, =?utf-8?B?w4Q=?= <b@x>;, Leer:;, <c@x>\r\n\r\n");
}

Test(message, quoted_printable_is_for_those_who_take_no_8bit)
{
    struct message_draft draft = {.body = SLICE("caf\xC3\xA9 = \t\n.\n"),
                                  .is_quoted_printable = true};
    expect_written(&draft, "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                           "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
                           "caf=C3=A9 =3D =09\r\n.\r\n");
    for (size_t size = 70; size < 80; size++) { /* no line has more than 76 (RFC 2045 6.7 (5)) */
        char line[90] = {0};
        struct bytes out;
        struct slice header, body;
        memset(line, 'x', size);
        memcpy(line + size, "\xC3\xA9", 2);
        draft.body = (struct slice){line, size + 2};
        bytes_init(&out, 10000);
        cr_assert(message_write(&draft, &out));
        header_split(bytes_slice(&out), &header, &body);
        cr_expect_leq(support_longest_line(body), 76);
        bytes_finish(&out);
    }
}

Test(message, attachments_make_it_a_multipart)
{
    const struct mime_attachment attachments[] = {
        {SLICE("a \"b\".txt"), SLICE("text/csv"), SLICE("1,2\r\n")},
        {SLICE("gr\xC3\xBC\xC3\x9F.png"), SLICE("image/png\r\nX: y"), SLICE("\0\1\2")},
    };
    struct message_draft draft = {
        .body = SLICE("Hi"), .attachments = attachments, .attachment_count = 2};
    struct bytes out;
    bytes_init(&out, 100000);
    cr_assert(message_write(&draft, &out));
    struct mime mime;
    mime_read(&mime, bytes_slice(&out));
    cr_assert_eq(mime.parts.count, 4);
    expect_text(mime.parts.items[1].body, "Hi\r\n");
    expect_text(mime.parts.items[2].header,
                "Content-Type: text/csv\r\nContent-Transfer-Encoding: base64\r\n"
                "Content-Disposition: attachment; filename=\"a \\\"b\\\".txt\"\r\n\r\n");
    expect_text(mime.parts.items[2].body, "MSwyDQo=\r\n");
    expect_text(mime.parts.items[3].header,
                "Content-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n"
                "Content-Disposition: attachment; filename*0*=utf-8''gr%C3%BC%C3%9F.png\r\n\r\n");
    mime_finish(&mime);
    bytes_finish(&out);
}

Test(message, the_boundary_is_not_in_the_text_and_always_the_same)
{
    struct mime_attachment attachment = {.type = SLICE("message/rfc822")};
    struct message_draft draft = {.attachments = &attachment, .attachment_count = 1};
    struct bytes first, again, content;
    bytes_init(&first, 100000);
    bytes_init(&again, 100000);
    bytes_init(&content, 100000);
    for (int round = 0; round < 20; round++) { /* the last message within the next */
        struct mime mime;
        bytes_clear(&first);
        bytes_clear(&again);
        attachment.content = bytes_slice(&content);
        cr_assert(message_write(&draft, &first) && message_write(&draft, &again));
        cr_expect(slice_equal(bytes_slice(&first), bytes_slice(&again)));
        mime_read(&mime, bytes_slice(&first));
        cr_expect_eq(mime.parts.count, 4 + (size_t)round * 3);
        bytes_clear(&content);
        bytes_append(&content, bytes_slice(&first));
        mime_finish(&mime);
    }
    bytes_finish(&first);
    bytes_finish(&again);
    bytes_finish(&content);
}
