/*
 * The structure of messages: RFC 2045 5.2 and RFC 2046 5.1, and what broken ones become. A
 * structure is shown as a line a part: depth, type, header and body octets, lines.
 */
#include "agents/mail/mime.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "sim/base/memory.h"
#include "tests/mail/support_mail.h"

enum { OCTETS = 1 << 20 };

/* "(mixed[0,10] (plain...) (message (plain...)))" with the text of each part's body in ''. */
static void show(const struct mime *mime, uint32_t i, struct bytes *out)
{
    const struct mime_part *part = &mime->parts.items[i];
    bytes_printf(out, "(%.*s/%.*s", SLICE_ARG(part->type), SLICE_ARG(part->subtype));
    if (!part->first_child)
        bytes_printf(out, " '%.*s'", SLICE_ARG(part->body));
    for (uint32_t child = part->first_child; child; child = mime->parts.items[child].next) {
        bytes_append_octet(out, ' ');
        show(mime, child, out);
    }
    bytes_append_octet(out, ')');
}

/* What has to hold for any content: parts lie in their parents, in order, and nothing overlaps. */
static void expect_sound(const struct mime *mime)
{
    cr_assert_geq(mime->parts.count, 1);
    cr_assert_leq(mime->parts.count, (size_t)MIME_PARTS_MAX);
    for (uint32_t i = 0; i < mime->parts.count; i++) {
        const struct mime_part *part = &mime->parts.items[i];
        const char *behind = part->body.data;
        size_t lines = 0;
        cr_assert(support_is_inside(part->header, mime->content));
        cr_assert(support_is_inside(part->body, mime->content));
        cr_assert_eq(part->header.data + part->header.size, part->body.data);
        cr_assert_lt(part->depth, (uint32_t)MIME_DEPTH_MAX);
        cr_assert_eq(part->is_multipart || part->is_message, part->first_child != 0);
        cr_assert_eq(part->is_multipart, part->boundary.size > 0);
        cr_assert(part->type.size && part->subtype.size && part->encoding_word.size);
        for (size_t k = 0; k < part->body.size; k++)
            lines += part->body.data[k] == '\n';
        cr_assert_eq(part->line_count, lines, "part %u: %zu lines, not %zu", i, lines,
                     part->line_count);
        for (uint32_t c = part->first_child; c; c = mime->parts.items[c].next) {
            const struct mime_part *child = &mime->parts.items[c];
            cr_assert(c > i && c < mime->parts.count && child->parent == i);
            cr_assert_eq(child->depth, part->depth + 1);
            cr_assert(child->header.data >= behind, "part %u begins in the one before", c);
            behind = child->body.data + child->body.size;
            cr_assert(behind <= part->body.data + part->body.size || child->body.size == 0);
        }
    }
}

static void expect_structure(struct slice content, const char *expected)
{
    struct mime mime;
    struct bytes shown;
    bytes_init(&shown, OCTETS);
    mime_read(&mime, content);
    expect_sound(&mime);
    show(&mime, 0, &shown);
    cr_expect(slice_equal(bytes_slice(&shown), slice_of(expected)), "%s expected, but: %.*s",
              expected, SLICE_ARG(bytes_slice(&shown)));
    mime_finish(&mime);
    bytes_finish(&shown);
}

#define TYPE(text) "Content-Type: " text "\r\n\r\n"
#define MIXED TYPE("multipart/mixed; boundary=b")

Test(mime, a_message_without_content_type_is_plain_text)
{
    expect_structure(SLICE("Subject: x\r\n\r\nHello\r\n"), "(text/plain 'Hello\r\n')");
    expect_structure(SLICE(""), "(text/plain '')");
    expect_structure(SLICE("\r\n"), "(text/plain '')");
    expect_structure(SLICE("no header at all"), "(text/plain '')");
    expect_structure((struct slice){NULL, 0}, "(text/plain '')");
}

Test(mime, a_content_type_that_makes_no_sense_is_plain_text)
{
    /* RFC 2045 5.2 */
    static const char *const types[] = {"",
                                        "text",
                                        "text/",
                                        "/plain",
                                        "image png",
                                        "=/=",
                                        "multipart/mixed",
                                        "multipart/mixed; boundary=",
                                        "multipart/mixed; boundary=\"\"",
                                        "multipart/mixed; boundary=\"  \"",
                                        "\xC3\xB6/plain"};
    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        struct bytes content;
        bytes_init(&content, OCTETS);
        bytes_printf(&content, "Content-Type: %s\r\n\r\n--\r\nx", types[i]);
        expect_structure(bytes_slice(&content), "(text/plain '--\r\nx')");
        bytes_finish(&content);
    }
}

Test(mime, a_content_type_is_read_through_comments_and_blanks)
{
    expect_structure(SLICE(TYPE("(a) text (b (c)) / (d) html (e) ; charset = utf-8") "x"),
                     "(text/html 'x')");
    expect_structure(SLICE(TYPE("TEXT/\r\n HTML") "x"), "(TEXT/HTML 'x')");
    expect_structure(SLICE(TYPE("text/html charset=utf-8") "x"), "(text/html 'x')");
    /* the first of two counts */
    expect_structure(SLICE("Content-Type: a/b\r\n" TYPE("c/d") "x"), "(a/b 'x')");
}

Test(mime, a_multipart_has_its_parts_between_boundaries)
{
    /* the example of RFC 2046 5.1.1 in short: preamble and epilogue belong to no part, and the CRLF
       before a boundary to the boundary */
    expect_structure(SLICE(MIXED
                           "preamble\r\n--b\r\n\r\nno line end\r\n--b\r\n"
                           "Content-Type: text/html\r\n\r\nline end\r\n\r\n--b--\r\nepilogue"),
                     "(multipart/mixed (text/plain 'no line end') (text/html 'line end\r\n'))");
    expect_structure(
        SLICE("Content-Type: multipart/mixed; boundary=b\n\n--b\n\none\n--b\n\ntwo\n\n--b--"),
        "(multipart/mixed (text/plain 'one') (text/plain 'two\n'))");
    expect_structure(
        SLICE(
            TYPE("multipart/mixed; boundary=\"a \\\"b\\\" c \"") "--a \"b\" c  \t\r\n\r\nx\r\n--a "
                                                                 "\"b\" c--\r\n"),
        "(multipart/mixed (text/plain 'x'))");
    expect_structure(
        SLICE(TYPE(
            "multipart/mixed; boundary*0=\"=_\"; boundary*1=7") "--=_7\r\n\r\nx\r\n--=_7--\r\n"),
        "(multipart/mixed (text/plain 'x'))");
}

Test(mime, a_part_may_lack_header_body_or_end)
{
    expect_structure(SLICE(MIXED "--b\r\n\r\nx"), "(multipart/mixed (text/plain 'x'))");
    expect_structure(SLICE(MIXED "--b\r\n\r\n--b--"), "(multipart/mixed (text/plain ''))");
    expect_structure(SLICE(MIXED "--b\r\n--b\r\n\r\nx\r\n--b--"),
                     "(multipart/mixed (text/plain '') (text/plain 'x'))");
    expect_structure(SLICE(MIXED "--b\r\nContent-Type: a/b\r\n--b--"),
                     "(multipart/mixed (a/b ''))");
    expect_structure(SLICE(MIXED "--b\r\nContent-Type: a/b\r\n\r\n--b--"),
                     "(multipart/mixed (a/b ''))");
    expect_structure(SLICE(MIXED "--b"), "(multipart/mixed (text/plain ''))");
    /* no boundary at all, or only the last one: a text */
    expect_structure(SLICE(MIXED "x\r\n-- b\r\n"), "(text/plain 'x\r\n-- b\r\n')");
    expect_structure(SLICE(MIXED "--b--\r\n"), "(text/plain '--b--\r\n')");
}

Test(mime, the_boundary_of_an_outer_multipart_ends_the_inner_ones)
{
    /* RFC 2046 5.1.2 */
    expect_structure(
        SLICE(MIXED "--b\r\n" TYPE(
            "multipart/alternative; boundary=c") "--c\r\n\r\none\r\n--b\r\n\r\ntwo\r\n--c\r\nx\r\n-"
                                                 "-b--\r\n--c\r\n"),
        "(multipart/mixed (multipart/alternative (text/plain 'one'))"
        " (text/plain 'two\r\n--c\r\nx'))");
}

Test(mime, of_two_boundaries_that_fit_a_line_the_longer_one_counts)
{
    expect_structure(
        SLICE(MIXED "--b\r\n" TYPE(
            "multipart/mixed; boundary=bc") "--bc\r\n\r\none\r\n--bc--\r\n--b\r\n\r\ntwo\r\n--b--"),
        "(multipart/mixed (multipart/mixed (text/plain 'one')) (text/plain 'two'))");
    expect_structure(
        SLICE(TYPE("multipart/mixed; boundary=bc") "--bc\r\n" TYPE(
            "multipart/mixed; boundary=b") "--b\r\n\r\none\r\n--b--\r\n--bc\r\n\r\ntwo\r\n--bc--"),
        "(multipart/mixed (multipart/mixed (text/plain 'one')) (text/plain 'two'))");
    /* equal ones: the inner */
    expect_structure(
        SLICE(MIXED "--b\r\n" TYPE(
            "multipart/mixed; boundary=b") "--b\r\n\r\none\r\n--b--\r\n--b\r\n\r\ntwo\r\n--b--"),
        "(multipart/mixed (multipart/mixed (text/plain 'one')) (text/plain 'two'))");
}

Test(mime, a_message_within_a_message_has_its_own_structure)
{
    expect_structure(SLICE(TYPE("message/rfc822") "Subject: in\r\n\r\nx"),
                     "(message/rfc822 (text/plain 'x'))");
    expect_structure(SLICE(TYPE("Message/Global") TYPE("message/RFC822") "\r\nx"),
                     "(Message/Global (message/RFC822 (text/plain 'x')))");
    expect_structure(
        SLICE(MIXED "--b\r\n" TYPE("message/rfc822") MIXED "--b\r\n\r\none\r\n--b--\r\n--b--"),
        "(multipart/mixed (message/rfc822 (multipart/mixed (text/plain 'one'))))");
    expect_structure(SLICE(MIXED "--b\r\n" TYPE("message/rfc822") "--b--"),
                     "(multipart/mixed (message/rfc822 (text/plain '')))");
    expect_structure(SLICE(TYPE("message/partial; id=a; number=1") "x"), "(message/partial 'x')");
}

Test(mime, parts_of_a_digest_are_messages_when_they_do_not_say)
{
    /* RFC 2046 5.1.5 */
    expect_structure(
        SLICE(
            TYPE("multipart/digest; boundary=b") "--b\r\n\r\nSubject: one\r\n\r\n1\r\n--b\r\n" TYPE(
                "text/plain") "2\r\n--b--"),
        "(multipart/digest (message/rfc822 (text/plain '1')) (text/plain '2'))");
}

Test(mime, what_is_too_deep_or_too_much_is_one_part)
{
    struct mime mime;
    struct bytes content;
    bytes_init(&content, OCTETS);
    for (int i = 0; i < 2 * MIME_DEPTH_MAX; i++)
        bytes_append(&content, SLICE(TYPE("message/rfc822")));
    mime_read(&mime, bytes_slice(&content));
    expect_sound(&mime);
    cr_expect_eq(mime.parts.count, (size_t)MIME_DEPTH_MAX);
    expect_text(mime.parts.items[MIME_DEPTH_MAX - 1].subtype, "octet-stream");
    bytes_clear(&content);
    bytes_append(&content, SLICE(MIXED));
    for (int i = 0; i < 2 * MIME_PARTS_MAX; i++)
        bytes_append(&content, SLICE("--b\r\n"));
    mime_reread(&mime, bytes_slice(&content));
    expect_sound(&mime);
    cr_expect_eq(mime.parts.count, (size_t)MIME_PARTS_MAX);
    mime_finish(&mime);
    bytes_finish(&content);
}

Test(mime, the_encoding_is_read_whatever_its_case)
{
    static const struct {
        const char *value;
        enum mime_encoding encoding;
        const char *word;
    } rows[] = {{"7bit", MIME_7BIT, "7bit"},
                {"8BIT", MIME_8BIT, "8BIT"},
                {"Binary (c)", MIME_BINARY, "Binary"},
                {"(c) Quoted-Printable", MIME_QUOTED_PRINTABLE, "Quoted-Printable"},
                {"base64;", MIME_BASE64, "base64"},
                {"x-uuencode", MIME_ENCODING_UNKNOWN, "x-uuencode"},
                {"", MIME_7BIT, "7BIT"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct mime mime;
        struct bytes content;
        bytes_init(&content, OCTETS);
        bytes_printf(&content, "Content-Transfer-Encoding: %s\r\n\r\n", rows[i].value);
        mime_read(&mime, bytes_slice(&content));
        cr_expect_eq(mime.parts.items[0].encoding, rows[i].encoding, "%s", rows[i].value);
        expect_text(mime.parts.items[0].encoding_word, rows[i].word);
        mime_finish(&mime);
        bytes_finish(&content);
    }
}

static const char sample[] =
    "From: a@example.com\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed;\r\n"
    " boundary=\"=_a\"\r\n\r\npreamble\r\n--=_a\r\n"
    "Content-Type: multipart/alternative; boundary==_ab\r\n\r\n--=_ab\r\n"
    "Content-Type: text/plain; charset=utf-8\r\n\r\none\r\n.\r\n--=_ab\r\n"
    "Content-Type: text/html\r\n\r\n<p>two\r\n\r\n--=_ab--\r\n--=_a\r\n"
    "Content-Type: message/rfc822\r\n\r\nSubject: in\r\n"
    "Content-Type: multipart/digest; boundary=\"x\\y\"\r\n\r\n--xy\r\n\r\nSubject: deep\r\n\r\n"
    "\r\n--xy\r\n--xy--\r\n--=_a\r\nContent-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--=_a--\r\n"
    "epilogue\r\n";

Test(mime, every_front_of_a_message_can_be_read)
{
    struct mime mime = {.content = SLICE("")};
    for (size_t size = 0; size < sizeof sample; size++) {
        char *exact = memory_take(size);
        memcpy(exact, sample, size);
        mime_reread(&mime, (struct slice){exact, size});
        expect_sound(&mime);
        free(exact);
    }
    cr_expect_eq(mime.parts.count, 11);
    mime_finish(&mime);
}

Test(mime, any_change_of_a_message_can_be_read)
{
    struct mime mime = {.content = SLICE("")};
    struct random random;
    random_init(&random, 1, SLICE("mime"));
    for (int i = 0; i < 20000; i++) {
        struct slice changed = support_mutate(&random, SLICE(sample));
        mime_reread(&mime, changed);
        expect_sound(&mime);
        free((void *)(uintptr_t)changed.data);
    }
    mime_finish(&mime);
}
