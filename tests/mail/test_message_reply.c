/*
 * Drafts of answers (RFC 5322 3.6.4).
 */
#include "agents/mail/message_reply.h"

#include <criterion/criterion.h>

#include "tests/mail/support_mail.h"

enum { OCTETS = 1 << 20 };

struct answer {
    struct mime original;
    struct arena arena;
    struct message_draft draft;
};

static void reply(struct answer *a, const char *original, bool to_all)
{
    *a = (struct answer){.draft = {.from = SLICE("me@example.com")}};
    arena_init(&a->arena);
    mime_read(&a->original, slice_of(original));
    message_reply(&a->original, SLICE("me@example.com"), to_all, &a->arena, &a->draft);
}

static void finish(struct answer *a)
{
    mime_finish(&a->original);
    arena_finish(&a->arena);
}

Test(message_reply, goes_to_the_author_and_quotes_the_text)
{
    struct answer a;
    reply(&a,
          "From: =?utf-8?Q?J=C3=B6rg?= <joerg@x>\r\nTo: me@example.com\r\nSubject: "
          "=?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\n"
          "Date: Mon, 3 Mar 2025 09:00:00 +0000\r\nMessage-ID: <1@x>\r\n"
          "Content-Type: multipart/alternative; boundary=b\r\n\r\n--b\r\n"
          "Content-Type: text/html\r\n\r\n<p>\r\n--b\r\n"
          "Content-Type: text/plain; charset=iso-8859-1\r\nContent-Transfer-Encoding: "
          "quoted-printable\r\n\r\n"
          "Sch=F6n!\n> before\r\n\r\n--=20\r\nsignature\r\n--b--\r\n",
          true);
    expect_text(a.draft.to, "=?utf-8?Q?J=C3=B6rg?= <joerg@x>");
    expect_text(a.draft.cc, "");
    expect_text(a.draft.subject, "Re: Gr\xC3\xBC\xC3\x9F"
                                 "e");
    expect_text(a.draft.in_reply_to, "<1@x>");
    expect_text(a.draft.references, "<1@x>");
    expect_text(a.draft.body, "On Mon, 3 Mar 2025 09:00:00 +0000, J\xC3\xB6rg wrote:\r\n"
                              "> Sch\xC3\xB6n!\r\n>> before\r\n> \r\n");
    finish(&a);
}

Test(message_reply, re_is_there_once_and_the_thread_goes_on)
{
    struct answer a;
    reply(&a,
          "From: a@x\r\nReply-To: list@x\r\nSubject: RE: x\r\nReferences: <1@x>\r\n <2@x>\r\n"
          "In-Reply-To: <2@x>\r\nMessage-ID: (c) <3@x>\r\n\r\nHi",
          false);
    expect_text(a.draft.to, "list@x");
    expect_text(a.draft.subject, "Re: x");
    expect_text(a.draft.in_reply_to, "<3@x>");
    expect_text(a.draft.references, "<1@x> <2@x> <3@x>");
    expect_text(a.draft.body, "a@x wrote:\r\n> Hi\r\n");
    finish(&a);
    /* without References its In-Reply-To serves if it is one identifier */
    reply(&a, "In-Reply-To: <2@x>\r\nMessage-ID: <3@x>\r\n\r\n", false);
    expect_text(a.draft.references, "<2@x> <3@x>");
    finish(&a);
    reply(&a, "In-Reply-To: <1@x> <2@x>\r\nMessage-ID: <3@x>\r\n\r\n", false);
    expect_text(a.draft.references, "<3@x>");
    finish(&a);
    reply(&a, "References: <2@x>\r\n\r\n", false);
    expect_text(a.draft.references, "");
    expect_text(a.draft.in_reply_to, "");
    finish(&a);
}

Test(message_reply, to_all_leaves_oneself_out)
{
    struct answer a;
    reply(&a,
          "From: a@x\r\nTo: Me <me@EXAMPLE.com>, G: b@x, \"C, C\" <c@x>;\r\nCc: d@x (D)\r\n\r\n",
          true);
    expect_text(a.draft.to, "a@x");
    expect_text(a.draft.cc, "<b@x>, \"C, C\" <c@x>, D <d@x>");
    finish(&a);
}

Test(message_reply, a_message_passed_on_is_attached_octet_for_octet)
{
    struct slice original = SLICE("From: a@x\r\nSubject: x\r\n\r\n--=_ y \xC3\xB6\r\n.\r\n\r\n");
    struct answer a = {.draft = {.from = SLICE("me@x"), .body = SLICE("see below\n")}};
    struct bytes out;
    struct mime written;
    arena_init(&a.arena);
    bytes_init(&out, OCTETS);
    mime_read(&a.original, original);
    message_forward(&a.original, &a.arena, &a.draft);
    expect_text(a.draft.subject, "Fwd: x");
    cr_assert(message_write(&a.draft, &out));
    mime_read(&written, bytes_slice(&out));
    cr_assert_eq(written.parts.count, 4);
    expect_text(written.parts.items[1].body, "see below\r\n");
    cr_expect(written.parts.items[2].is_message);
    cr_expect(slice_equal(written.parts.items[2].body, original));
    mime_finish(&written);
    bytes_finish(&out);
    finish(&a);
}

Test(message_reply, a_long_thread_keeps_its_ends)
{
    struct bytes original;
    struct answer a;
    bytes_init(&original, OCTETS);
    bytes_append(&original, SLICE("Message-ID: <last@x>\r\nReferences: <first@x>"));
    for (int i = 0; i < 2000; i++)
        bytes_printf(&original, "\r\n <%d@x>", i);
    bytes_append(&original, SLICE("\r\n\r\n\0"));
    reply(&a, bytes_slice(&original).data, false);
    cr_expect_leq(a.draft.references.size, 4100);
    cr_expect(slice_starts(a.draft.references, SLICE("<first@x> <")));
    cr_expect(slice_ends(a.draft.references, SLICE("<1998@x> <1999@x> <last@x>")));
    bytes_finish(&original);
    finish(&a);
}
