/* What a mailing list makes of a message (agents/mail/posting.h). */
#include <criterion/criterion.h>
#include <stdio.h>

#include "agents/mail/header.h"
#include "agents/mail/mime.h"
#include "agents/mail/posting.h"

static const char plain[] = "Received: from pc\r\n"
                            "From: Alice <alice@example.com>\r\n"
                            "Subject: Hello\r\n"
                            "Message-ID: <1@example.com>\r\n"
                            "\r\n";

static const struct posting bare = {.address = {"class@lists.example.net", 23}};

struct made {
    struct bytes content;
    struct slice header, body;
};

static struct made post(const struct posting *posting, const char *header, const char *body)
{
    struct made m;
    bytes_init(&m.content, 1 << 20);
    cr_assert(posting_write(posting, slice_of(header), slice_of(body), &m.content));
    header_split(bytes_slice(&m.content), &m.header, &m.body);
    return m;
}

static void expect_field(const struct made *m, const char *name, const char *value)
{
    struct header_field field;
    struct bytes unfolded;
    bytes_init(&unfolded, 4096);
    cr_assert(header_find(m->header, slice_of(name), 1, &field), "no %s", name);
    cr_assert(header_unfold(slice_trim(field.value), &unfolded));
    cr_expect(slice_equal(bytes_slice(&unfolded), slice_of(value)), "%s: %.*s", name,
              SLICE_ARG(bytes_slice(&unfolded)));
    cr_expect_eq(header_count(m->header, slice_of(name)), 1u, "%s twice", name);
    bytes_finish(&unfolded);
}

Test(posting, it_says_which_list_this_is)
{
    struct posting posting = bare;
    posting.has_owner = true;
    struct made m = post(&posting, plain, "Hi\r\n");
    expect_field(&m, "List-Id", "class <class.lists.example.net>");    /* RFC 2919 3 */
    expect_field(&m, "List-Post", "<mailto:class@lists.example.net>"); /* RFC 2369 3.4 */
    expect_field(&m, "List-Help", "<mailto:class-request@lists.example.net?subject=help>");
    expect_field(&m, "List-Unsubscribe",
                 "<mailto:class-request@lists.example.net?subject=unsubscribe>");
    expect_field(&m, "List-Owner", "<mailto:class-owner@lists.example.net>");
    expect_field(&m, "Precedence", "list");
    expect_field(&m, "Delivered-To", "class@lists.example.net");
    cr_expect(slice_starts(m.header, SLICE("Delivered-To")), "a stamp goes on top");
    expect_field(&m, "From", "Alice <alice@example.com>"); /* the author's, untouched */
    expect_field(&m, "Subject", "Hello");
    expect_field(&m, "Message-ID", "<1@example.com>");
    cr_expect(slice_equal(m.body, SLICE("Hi\r\n")));
    bytes_finish(&m.content);
}

Test(posting, what_another_list_said_of_itself_goes_and_its_stamp_stays)
{
    struct made m =
        post(&bare,
             "List-Id: other <other.example.org>\r\nList-Post: <mailto:o@example.org>\r\n"
             "Precedence: bulk\r\nReturn-Path: <x@example.org>\r\n"
             "Delivered-To: other@example.org\r\n\r\n",
             "");
    expect_field(&m, "List-Id", "class <class.lists.example.net>");
    expect_field(&m, "Precedence", "list");
    cr_expect_eq(header_count(m.header, SLICE("Return-Path")), 0u);
    cr_expect_eq(header_count(m.header, SLICE("Delivered-To")), 2u);
    cr_expect(posting_has_passed(m.header, SLICE("other@example.org")));
    bytes_finish(&m.content);
}

Test(posting, a_message_that_has_passed_is_known_by_stamp_or_id)
{
    struct slice list = SLICE("class@lists.example.net");
    struct made m = post(&bare, plain, "");
    cr_expect(posting_has_passed(m.header, list));
    cr_expect(!posting_has_passed(slice_of(plain), list));
    cr_expect(posting_has_passed(SLICE("List-Id: \"x\" <class.lists.example.net>\r\n\r\n"), list));
    cr_expect(!posting_has_passed(SLICE("List-Id: <myclass.lists.example.net>\r\n\r\n"), list));
    bytes_finish(&m.content);
}

Test(posting, a_tag_is_put_before_the_subject_once)
{
    struct posting posting = bare;
    posting.tag = SLICE("[class]");
    struct made first = post(&posting, plain, "");
    expect_field(&first, "Subject", "[class] Hello");
    struct made again = post(&posting, "Subject: Re: [class] Hello\r\n\r\n", "");
    expect_field(&again, "Subject", "Re: [class] Hello");
    struct made none = post(&posting, "From: a@b.test\r\n\r\n", "");
    expect_field(&none, "Subject", "[class]");
    bytes_finish(&first.content);
    bytes_finish(&again.content);
    bytes_finish(&none.content);
}

Test(posting, the_list_may_stand_in_for_the_author)
{
    static const struct {
        const char *from, *made, *reply_to;
    } rows[] = {
        {"Alice <alice@example.com>", "Alice via class <class@lists.example.net>",
         "alice@example.com"},
        {"\"A. Lice\" <alice@example.com>", "\"A. Lice via class\" <class@lists.example.net>",
         "alice@example.com"},
        {"alice@example.com", "alice via class <class@lists.example.net>", "alice@example.com"},
        {"\"o k\"@example.com", "Somebody via class <class@lists.example.net>",
         "\"o k\"@example.com"},
    };
    struct posting posting = bare;
    posting.rewrites_from = true;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char header[256];
        snprintf(header, sizeof header, "From: %s\r\n\r\n", rows[i].from);
        struct made m = post(&posting, header, "");
        expect_field(&m, "From", rows[i].made);
        expect_field(&m, "Reply-To", rows[i].reply_to);
        bytes_finish(&m.content);
    }
    struct made m = post(&posting, "From: a@b.test\r\nReply-To: c@d.test\r\n\r\n", "");
    expect_field(&m, "Reply-To", "c@d.test"); /* the author's own wish */
    bytes_finish(&m.content);
}

/* ---- footers ---- */

static struct posting with_footer(const char *footer)
{
    struct posting posting = bare;
    posting.footer = slice_of(footer);
    return posting;
}

Test(posting, a_footer_is_appended_to_plain_text)
{
    struct posting posting = with_footer("class, a list of Cedar Net");
    struct made m = post(&posting, plain, "Hi");
    cr_expect(slice_equal(m.body, SLICE("Hi\r\n-- \r\nclass, a list of Cedar Net\r\n")));
    bytes_finish(&m.content);
}

Test(posting, where_appending_would_spoil_something_a_footer_is_a_part_of_its_own)
{
    static const struct {
        const char *fields, *body, *footer;
    } rows[] = {
        {"Content-Type: text/html\r\n", "<p>Hi</p>\r\n", "plain words"},
        {"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n", "SGk=\r\n", "words"},
        {"Content-Transfer-Encoding: quoted-printable\r\n", "H=69\r\n", "words"},
        {"Content-Type: multipart/mixed; boundary=b\r\n",
         "--b\r\n\r\nHi\r\n--b\r\n\r\nthere\r\n--b--\r\n", "words"},
        {"Content-Type: multipart/signed; boundary=b\r\n",
         "--b\r\n\r\nHi\r\n--b\r\nContent-Type: application/pgp-signature\r\n\r\nx\r\n--b--\r\n",
         "words"},
        {"Content-Type: text/plain; charset=iso-8859-1\r\n", "Hi\r\n", "caf\xC3\xA9"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct posting posting = with_footer(rows[i].footer);
        char header[512];
        struct mime mime;
        snprintf(header, sizeof header, "From: a@b.test\r\n%s\r\n", rows[i].fields);
        struct made m = post(&posting, header, rows[i].body);
        mime_read(&mime, bytes_slice(&m.content));
        const struct mime_part *all = mime.parts.items;
        cr_assert(all[0].is_multipart && slice_equal_fold(all[0].subtype, SLICE("mixed")),
                  "row %zu", i);
        const struct mime_part *text = &all[all[0].first_child];
        cr_assert(text->next, "row %zu", i);
        cr_expect(slice_equal(text->body, slice_of(rows[i].body)), "row %zu: [%.*s]", i,
                  SLICE_ARG(text->body));
        cr_expect(slice_starts(text->header, slice_of(rows[i].fields)), "row %zu", i);
        cr_expect(slice_starts(all[text->next].body, slice_of(rows[i].footer)), "row %zu", i);
        cr_expect_eq(header_count(m.header, SLICE("Content-Type")), 1u, "row %zu", i);
        mime_finish(&mime);
        bytes_finish(&m.content);
    }
}

Test(posting, no_room_changes_nothing)
{
    struct bytes out;
    bytes_init(&out, 200);
    cr_assert(bytes_append(&out, SLICE("before")));
    cr_expect(!posting_write(&bare, slice_of(plain), SLICE("Hi\r\n"), &out));
    cr_expect(slice_equal(bytes_slice(&out), SLICE("before")));
    bytes_finish(&out);
}
