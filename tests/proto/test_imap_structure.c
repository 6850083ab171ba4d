/*
 * ENVELOPE, BODY and BODYSTRUCTURE (RFC 9051 7.5.2), each as it stands on the wire.
 */
#include "agents/proto/imap_structure.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "agents/mail/message.h"

enum { OCTETS = 1 << 16 };

static void expect_written(const struct bytes *out, const char *expected)
{
    cr_expect(slice_equal(bytes_slice(out), slice_of(expected)), "\n%s expected, but:\n%.*s",
              expected, SLICE_ARG(bytes_slice(out)));
}

static void expect_envelope(const char *header, bool utf8, const char *expected)
{
    struct bytes out;
    bytes_init(&out, OCTETS);
    cr_expect(imap_structure_envelope(slice_of(header), utf8, &out));
    expect_written(&out, expected);
    bytes_finish(&out);
}

/* Only the From list, with the other fields NIL. */
static void expect_from(const char *from, const char *list)
{
    struct bytes header, expected;
    bytes_init(&header, OCTETS);
    bytes_init(&expected, OCTETS);
    bytes_printf(&header, "From: %s\r\n\r\n", from);
    bytes_printf(&expected, "(NIL NIL %s %s %s NIL NIL NIL NIL NIL)%c", list, list, list, 0);
    bytes_append_octet(&header, '\0');
    expect_envelope(bytes_slice(&header).data, false, bytes_slice(&expected).data);
    bytes_finish(&header);
    bytes_finish(&expected);
}

static void expect_body(struct slice content, bool extensible, const char *expected)
{
    struct mime mime;
    struct bytes out;
    bytes_init(&out, OCTETS);
    mime_read(&mime, content);
    cr_expect(imap_structure_body(&mime, extensible, false, &out));
    expect_written(&out, expected);
    mime_finish(&mime);
    bytes_finish(&out);
}

Test(imap_structure, an_envelope_has_ten_members)
{
    /* the example of RFC 9051 8 */
    expect_envelope(
        "Date: Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\r\n"
        "From: Terry Gray <gray@cac.washington.edu>\r\n"
        "Subject: IMAP4rev2 WG mtg summary and minutes\r\n"
        "To: imap@cac.washington.edu\r\n"
        "cc: minutes@CNRI.Reston.VA.US, John Klensin <KLENSIN@MIT.EDU>\r\n"
        "Message-Id: <B27397-0100000@cac.washington.edu>\r\n"
        "MIME-Version: 1.0\r\n"
        "Content-Type: TEXT/PLAIN; CHARSET=US-ASCII\r\n\r\n",
        false,
        "(\"Wed, 17 Jul 1996 02:23:25 -0700 (PDT)\" \"IMAP4rev2 WG mtg summary and minutes\" "
        "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
        "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
        "((\"Terry Gray\" NIL \"gray\" \"cac.washington.edu\")) "
        "((NIL NIL \"imap\" \"cac.washington.edu\")) "
        "((NIL NIL \"minutes\" \"CNRI.Reston.VA.US\")"
        "(\"John Klensin\" NIL \"KLENSIN\" \"MIT.EDU\")) NIL NIL "
        "\"<B27397-0100000@cac.washington.edu>\")");
}

Test(imap_structure, a_field_that_is_not_there_is_nil_and_an_empty_one_is_empty)
{
    expect_envelope("", false, "(NIL NIL NIL NIL NIL NIL NIL NIL NIL NIL)");
    expect_envelope("Date:\r\nSubject: \r\nFrom:\r\nTo: \r\nIn-Reply-To:\r\nMessage-ID:\r\n\r\n",
                    false, "(\"\" \"\" NIL NIL NIL NIL NIL NIL \"\" \"\")");
}

Test(imap_structure, sender_and_reply_to_are_from_unless_they_say_otherwise)
{
    expect_envelope("From: a@x\r\nSender: b@x\r\nReply-To:\r\nBcc: c@x\r\n\r\n", false,
                    "(NIL NIL ((NIL NIL \"a\" \"x\")) ((NIL NIL \"b\" \"x\")) "
                    "((NIL NIL \"a\" \"x\")) NIL NIL ((NIL NIL \"c\" \"x\")) NIL NIL)");
}

Test(imap_structure, names_and_mailboxes_come_without_their_quoting)
{
    expect_from("\"Joe \\\"Q\\\" Public\" <john.q.public@example.com>",
                "((\"Joe \\\"Q\\\" Public\" NIL \"john.q.public\" \"example.com\"))");
    expect_from("\"john doe\"@example.com", "((NIL NIL \"john doe\" \"example.com\"))");
    expect_from("bob@example.org (Bob \\(B\\))", "((\"Bob (B)\" NIL \"bob\" \"example.org\"))");
    /* RFC 5322 A.5: comments and folds everywhere */
    expect_from("Pete(A nice \\) chap) <pete(his account)@silly.test(his host)>",
                "((\"Pete\" NIL \"pete\" \"silly.test\"))");
    expect_from("A\r\n \"B\tC\" <a . b@ c . d>", "((\"A B\tC\" NIL \"a.b\" \"c.d\"))");
    expect_from("=?utf-8?Q?J=C3=BCrgen?= <j@x>", "((\"=?utf-8?Q?J=C3=BCrgen?=\" NIL \"j\" \"x\"))");
}

Test(imap_structure, groups_have_markers_around_their_members)
{
    /* RFC 5322 A.1.3 */
    expect_from("A Group:Ed Jones <c@a.test>,joe@where.test,John <jdoe@one.test>;",
                "((NIL NIL \"A Group\" NIL)(\"Ed Jones\" NIL \"c\" \"a.test\")"
                "(NIL NIL \"joe\" \"where.test\")(\"John\" NIL \"jdoe\" \"one.test\")"
                "(NIL NIL NIL NIL))");
    expect_from("Undisclosed recipients:;",
                "((NIL NIL \"Undisclosed recipients\" NIL)(NIL NIL NIL NIL))");
    expect_from("\"a:b\":x@y", "((NIL NIL \"a:b\" NIL)(NIL NIL \"x\" \"y\")(NIL NIL NIL NIL))");
}

Test(imap_structure, routes_are_shown_and_what_is_no_address_too)
{
    /* RFC 5322 A.6.1 */
    expect_from("Mary Smith <@node.test,@b.test:mary@example.net>",
                "((\"Mary Smith\" \"@node.test,@b.test\" \"mary\" \"example.net\"))");
    /* a host that is NIL would be a group (RFC 9051 7.5.2) */
    expect_from("root", "((NIL NIL \"root\" \"\"))");
    expect_from("Foo Bar", "((\"Foo Bar\" NIL \"\" \"\"))");
    expect_from("<>", "((NIL NIL \"\" \"\"))");
    expect_from(",, ,", "NIL");
}

Test(imap_structure, what_can_not_be_quoted_is_a_literal)
{
    const char *header = "Subject: na\xC3\xAFve \"q\" \\\r\n\tand more\r\n\r\n";
    expect_envelope(
        header, false,
        "(NIL {21}\r\nna\xC3\xAFve \"q\" \\\tand more NIL NIL NIL NIL NIL NIL NIL NIL)");
    /* UTF8=ACCEPT (RFC 6855 3) and IMAP4rev2 */
    expect_envelope(
        header, true,
        "(NIL \"na\xC3\xAFve \\\"q\\\" \\\\\tand more\" NIL NIL NIL NIL NIL NIL NIL NIL)");
    expect_envelope("Subject: \xE4\r\n", true, "(NIL {1}\r\n\xE4 NIL NIL NIL NIL NIL NIL NIL NIL)");
}

Test(imap_structure, a_text_says_its_lines)
{
    expect_body(SLICE("Subject: x\r\n\r\none\r\ntwo\r\n"), false,
                "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7BIT\" 10 2)");
    expect_body(SLICE("Content-Type: TEXT/HTML; charset=\"utf-8\"; x=\"\"\r\nContent-ID: <1@x>\r\n"
                      "Content-Description: a\r\n b\r\nContent-Transfer-Encoding: BASE64\r\n\r\n"),
                false,
                "(\"TEXT\" \"HTML\" (\"charset\" \"utf-8\" \"x\" \"\") \"<1@x>\" \"a b\" "
                "\"BASE64\" 0 0)");
}

Test(imap_structure, extension_data_comes_with_bodystructure)
{
    expect_body(SLICE("Content-Type: image/png\r\nContent-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==\r\n"
                      "Content-Disposition: attachment; filename*0*=utf-8''%41;\r\n"
                      " filename*1=\"b c\"\r\nContent-Language: de, (x) en-GB\r\n"
                      "Content-Location: http://x/y\r\n\r\nx"),
                true,
                "(\"image\" \"png\" NIL NIL NIL \"7BIT\" 1 \"Q2hlY2sgSW50ZWdyaXR5IQ==\" "
                "(\"attachment\" (\"filename*0*\" \"utf-8''%41\" \"filename*1\" \"b c\")) "
                "(\"de\" \"en-GB\") \"http://x/y\")");
    expect_body(SLICE("Content-Disposition: ;x\r\n\r\n"), true,
                "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7BIT\" 0 0 NIL NIL NIL "
                "NIL)");
    expect_body(SLICE("Content-Disposition: inline\r\n\r\n"), true,
                "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7BIT\" 0 0 NIL "
                "(\"inline\" NIL) NIL NIL)");
}

static const char two_parts[] = "Content-Type: multipart/mixed; boundary=b\r\n\r\n"
                                "--b\r\n\r\nHi\r\n--b\r\nContent-Type: a/b\r\n\r\nx\r\n--b--\r\n";

Test(imap_structure, a_multipart_is_its_parts_and_its_subtype)
{
    expect_body(SLICE(two_parts), false,
                "((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7BIT\" 2 0)"
                "(\"a\" \"b\" NIL NIL NIL \"7BIT\" 1) \"mixed\")");
    expect_body(SLICE(two_parts), true,
                "((\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7BIT\" 2 0 NIL NIL NIL "
                "NIL)(\"a\" \"b\" NIL NIL NIL \"7BIT\" 1 NIL NIL NIL NIL) \"mixed\" "
                "(\"boundary\" \"b\") NIL NIL NIL)");
}

Test(imap_structure, a_message_has_its_envelope_structure_and_lines)
{
    expect_body(SLICE("Content-Type: message/rfc822\r\n\r\nSubject: in\r\n\r\none\r\n"), false,
                "(\"message\" \"rfc822\" NIL NIL NIL \"7BIT\" 20 "
                "(NIL \"in\" NIL NIL NIL NIL NIL NIL NIL NIL) "
                "(\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7BIT\" 5 1) 3)");
}

Test(imap_structure, what_does_not_fit_leaves_the_output_as_it_was)
{
    struct mime mime;
    struct bytes out;
    bytes_init(&out, OCTETS);
    mime_read(&mime, SLICE(two_parts));
    cr_assert(imap_structure_body(&mime, true, false, &out));
    size_t size = bytes_size(&out);
    bytes_finish(&out);
    for (size_t room = 0; room <= size; room++) {
        bytes_init(&out, room + 1);
        bytes_append_octet(&out, '*');
        bool fits = imap_structure_body(&mime, true, false, &out);
        cr_expect_eq(fits, room == size, "%zu octets", room);
        cr_expect_eq(bytes_size(&out), fits ? size + 1 : 1);
        bytes_finish(&out);
    }
    mime_finish(&mime);
}
