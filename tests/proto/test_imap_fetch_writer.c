#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/imap_fetch_writer.h"

#include "support_imap_search.h"

static const char plain[] = "From: a@example.com\r\nSubject: Hello\r\n"
                            "Date: Mon, 3 Mar 2025 09:00:00 +0000\r\n\r\nOne line.\r\n";

static const char parts[] =
    "Subject: parts\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=b\r\n\r\n"
    "--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nfirst\r\n"
    "--b\r\nContent-Type: application/octet-stream\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    "AAEC\r\n--b\r\nContent-Type: message/rfc822\r\n\r\nSubject: within\r\n\r\ninner\r\n"
    "--b\r\nContent-Transfer-Encoding: x-odd\r\n\r\nodd\r\n--b--\r\n";

/* The whole response, `most` octets at a time. Where text begins, has its middle and ends is marked
   by {, | and } in front of those octets when `marks`. */
static struct slice respond(struct mailbox *m, const char *items, uint32_t number, size_t most,
                            bool marks, enum imap_fetch_step *last)
{
    struct imap_fetch f;
    struct imap_fetch_writer w;
    struct bytes out;
    struct imap_fetch_message message = {
        .folder = m->folder, .item = *mailbox_item(m, number), .number = number};
    cr_assert(imap_fetch_read(&f, mailbox_args(m, items)), "%s", items);
    imap_fetch_writer_init(&w);
    bytes_init(&out, most);
    imap_fetch_writer_begin(&w, &f, &message);
    enum imap_fetch_step step;
    do {
        step = imap_fetch_writer_step(&w, &out, most);
        cr_assert(bytes_size(&out) <= most);
        cr_assert(step != IMAP_FETCH_FULL || bytes_size(&out) == most);
        bytes_append(&m->out, bytes_slice(&out));
        bytes_clear(&out);
        if (marks && step == IMAP_FETCH_TEXT_BEGIN)
            bytes_append_octet(&m->out, w.is_whole ? '{' : '(');
        if (marks && step == IMAP_FETCH_TEXT_MIDDLE)
            bytes_append_octet(&m->out, '|');
        if (marks && step == IMAP_FETCH_TEXT_END)
            bytes_append_octet(&m->out, w.is_whole ? '}' : ')');
    } while (step != IMAP_FETCH_DONE && step != IMAP_FETCH_UNKNOWN_CTE);
    if (last)
        *last = step;
    imap_fetch_writer_finish(&w);
    bytes_finish(&out);
    struct slice said = arena_copy(&m->arena, bytes_slice(&m->out));
    bytes_clear(&m->out);
    return said;
}

static void fill(struct mailbox *m)
{
    mailbox_init(m);
    mailbox_add(m, plain, ACCOUNT_SEEN, 837596665);
    mailbox_add(m, parts, 0, 1740992400);
    mailbox_add(m, "Subject: only a header\r\n\r\n", 0, 0);
    mailbox_add(m, "\r\nonly a body", 0, 0);
    mailbox_item(m, 1)->zone_min = -420;
    mailbox_item(m, 1)->modseq = 7;
    mailbox_item(m, 1)->flags |= account_flag(&m->account, m->folder, SLICE("$Work"), true);
    mailbox_item(m, 1)->saved_s = 1740992400;
}

/* RFC 9051 7.5.2 */
Test(imap_fetch_writer, items_are_answered)
{
    static const struct {
        const char *items;
        uint32_t number;
        const char *answer;
    } rows[] = {
        {"UID", 2, "* 2 FETCH (UID 2)\r\n"},
        {"FLAGS", 1, "* 1 FETCH (FLAGS (\\Seen $Work))\r\n"},
        {"(FLAGS UID)", 2, "* 2 FETCH (FLAGS () UID 2)\r\n"},
        {"INTERNALDATE", 1, "* 1 FETCH (INTERNALDATE \"17-Jul-1996 02:44:25 -0700\")\r\n"},
        {"RFC822.SIZE", 1, "* 1 FETCH (RFC822.SIZE 88)\r\n"},
        {"(MODSEQ)", 1, "* 1 FETCH (MODSEQ (7))\r\n"},
        {"SAVEDATE", 1, "* 1 FETCH (SAVEDATE \" 3-Mar-2025 02:00:00 -0700\")\r\n"},
        {"PREVIEW", 1, "* 1 FETCH (PREVIEW \"One line.\")\r\n"},
        {"PREVIEW", 3, "* 3 FETCH (PREVIEW \"\")\r\n"},
        {"ENVELOPE", 3,
         "* 3 FETCH (ENVELOPE (NIL \"only a header\" NIL NIL NIL NIL NIL NIL NIL NIL))\r\n"},
        {"BODY", 4,
         "* 4 FETCH (BODY (\"text\" \"plain\" (\"charset\" \"us-ascii\") NIL NIL \"7BIT\" 11 "
         "0))\r\n"},
        {"BODY[TEXT]", 1, "* 1 FETCH (BODY[TEXT] {11}\r\nOne line.\r\n)\r\n"},
        {"RFC822.TEXT", 1, "* 1 FETCH (RFC822.TEXT {11}\r\nOne line.\r\n)\r\n"},
        {"BODY[1]", 1, "* 1 FETCH (BODY[1] {11}\r\nOne line.\r\n)\r\n"},
        {"BODY[HEADER.FIELDS (SUBJECT X)]", 1,
         "* 1 FETCH (BODY[HEADER.FIELDS (SUBJECT X)] {18}\r\nSubject: Hello\r\n\r\n)\r\n"},
        {"BODY[HEADER.FIELDS (X)]", 1, "* 1 FETCH (BODY[HEADER.FIELDS (X)] {2}\r\n\r\n)\r\n"},
        {"RFC822.HEADER", 3,
         "* 3 FETCH (RFC822.HEADER {26}\r\nSubject: only a header\r\n\r\n)\r\n"},
        {"BODY[TEXT]", 3, "* 3 FETCH (BODY[TEXT] {0}\r\n)\r\n"},
        {"BODY[]", 4, "* 4 FETCH (BODY[] {13}\r\n\r\nonly a body)\r\n"},
        {"BODY[TEXT]<4.3>", 1, "* 1 FETCH (BODY[TEXT]<4> {3}\r\nlin)\r\n"},
        {"BODY[TEXT]<9.100>", 1, "* 1 FETCH (BODY[TEXT]<9> {2}\r\n\r\n)\r\n"},
        {"BODY[TEXT]<100.5>", 1, "* 1 FETCH (BODY[TEXT]<100> {0}\r\n)\r\n"},
        {"BODY[]<9223372036854775807.9223372036854775807>", 1,
         "* 1 FETCH (BODY[]<9223372036854775807> {0}\r\n)\r\n"},
        {"BODY[2]", 1, "* 1 FETCH (BODY[2] NIL)\r\n"},
        {"BODY[1]", 2, "* 2 FETCH (BODY[1] {5}\r\nfirst)\r\n"},
        {"BODY[2]", 2, "* 2 FETCH (BODY[2] {4}\r\nAAEC)\r\n"},
        {"BODY[3.TEXT]", 2, "* 2 FETCH (BODY[3.TEXT] {5}\r\ninner)\r\n"},
        {"BODY[3.HEADER]", 2, "* 2 FETCH (BODY[3.HEADER] {19}\r\nSubject: within\r\n\r\n)\r\n"},
        {"BODY[4.MIME]", 2,
         "* 2 FETCH (BODY[4.MIME] {36}\r\nContent-Transfer-Encoding: x-odd\r\n\r\n)\r\n"},
        {"BODY[5]", 2, "* 2 FETCH (BODY[5] NIL)\r\n"},
        {"BINARY[1]", 2, "* 2 FETCH (BINARY[1] {5}\r\nfirst)\r\n"},
        {"BINARY.SIZE[2]", 2, "* 2 FETCH (BINARY.SIZE[2] 3)\r\n"},
        {"BINARY[2]<1.1>", 2, "* 2 FETCH (BINARY[2]<1> {1}\r\n\x01)\r\n"},
        {"BINARY[9]", 2, "* 2 FETCH (BINARY[9] NIL)\r\n"},
        {"(BODY[1] BODY[3.TEXT] UID)", 2,
         "* 2 FETCH (BODY[1] {5}\r\nfirst BODY[3.TEXT] {5}\r\ninner UID 2)\r\n"},
    };
    struct mailbox m;
    fill(&m);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct slice expected = slice_of(rows[i].answer);
        struct slice said = respond(&m, rows[i].items, rows[i].number, 10000, false, NULL);
        cr_expect(slice_equal(said, expected), "%s: %.*s", rows[i].items, SLICE_ARG(said));
        for (size_t most = 1; most < 9; most++) { /* in pieces: the same octets */
            said = respond(&m, rows[i].items, rows[i].number, most, false, NULL);
            cr_expect(slice_equal(said, expected), "%s by %zu", rows[i].items, most);
        }
    }
    struct slice said = respond(&m, "BINARY[2]", 2, 100, false, NULL); /* RFC 9051: literal8 */
    cr_expect(slice_equal(said, SLICE("* 2 FETCH (BINARY[2] ~{3}\r\n\0\1\2)\r\n")));
    mailbox_finish(&m);
}

/* The text of a message is seen on its way, whatever item asks for it. */
Test(imap_fetch_writer, text_is_told_of)
{
    static const struct {
        const char *items;
        uint32_t number;
        const char *answer;
    } rows[] = {
        {"(UID BODY[] FLAGS)", 3,
         "* 3 FETCH (UID 3 BODY[] {26}\r\n{Subject: only a header\r\n\r\n} FLAGS ())\r\n"},
        {"RFC822", 4, "* 4 FETCH (RFC822 {13}\r\n{\r\n|only a body})\r\n"},
        {"BODY[TEXT]", 4, "* 4 FETCH (BODY[TEXT] {11}\r\n(only a body))\r\n"},
        {"BODY[1]", 4, "* 4 FETCH (BODY[1] {11}\r\n(only a body))\r\n"},
        {"BODY[]<0.100>", 4, "* 4 FETCH (BODY[]<0> {13}\r\n{\r\n|only a body})\r\n"},
        {"BODY[]<0.12>", 4, "* 4 FETCH (BODY[]<0> {12}\r\n\r\nonly a bod)\r\n"},
        {"BODY[HEADER]", 4, "* 4 FETCH (BODY[HEADER] {2}\r\n\r\n)\r\n"},
    };
    struct mailbox m;
    fill(&m);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
        for (size_t most = 1; most < 100; most += 7) {
            struct slice said = respond(&m, rows[i].items, rows[i].number, most, true, NULL);
            cr_expect(slice_equal(said, slice_of(rows[i].answer)), "%s by %zu: %.*s", rows[i].items,
                      most, SLICE_ARG(said));
        }
    mailbox_finish(&m);
}

/* RFC 9051 6.4.5.3: nothing is said, and the command fails */
Test(imap_fetch_writer, binary_of_an_unknown_encoding_fails)
{
    struct mailbox m;
    enum imap_fetch_step last;
    fill(&m);
    struct slice said = respond(&m, "(UID BINARY.PEEK[4])", 2, 100, false, &last);
    cr_expect(last == IMAP_FETCH_UNKNOWN_CTE && said.size == 0);
    said = respond(&m, "BINARY.SIZE[4]", 2, 100, false, &last);
    cr_expect(last == IMAP_FETCH_UNKNOWN_CTE && said.size == 0);
    respond(&m, "BINARY.PEEK[1]", 2, 100, false, &last);
    cr_expect_eq(last, IMAP_FETCH_DONE);
    mailbox_finish(&m);
}

/* CHAR8 has no NUL (RFC 9051 9), whatever a message has. */
Test(imap_fetch_writer, nul_never_stands_in_a_literal)
{
    static const char content[] = "A: b\r\n\r\nx\0y\0";
    struct mailbox m;
    fill(&m);
    mailbox_item(&m, 4)->content = (struct slice){content, sizeof content - 1};
    struct slice said = respond(&m, "BODY[]", 4, 3, false, NULL);
    cr_expect(slice_equal(said, SLICE("* 4 FETCH (BODY[] {12}\r\nA: b\r\n\r\nx?y?)\r\n")), "%.*s",
              SLICE_ARG(said));
    said = respond(&m, "BINARY[1]", 4, 3, false, NULL);
    cr_expect(slice_equal(said, SLICE("* 4 FETCH (BINARY[1] ~{4}\r\nx\0y\0)\r\n")));
    mailbox_finish(&m);
}

/* Expunged by another client in the middle of it: the rest comes from a copy. */
Test(imap_fetch_writer, a_message_that_goes_away_is_finished)
{
    static const char items[] = "(BODY[HEADER.FIELDS (SUBJECT)] BODY[1] FLAGS BODY[3.TEXT] "
                                "BODYSTRUCTURE BODY[])";
    struct mailbox m;
    fill(&m);
    struct slice whole = respond(&m, items, 2, 10000, false, NULL);
    for (size_t stop = 0; stop < whole.size; stop += 3) {
        struct imap_fetch f;
        struct imap_fetch_writer w;
        struct bytes content;
        bytes_init(&content, sizeof parts);
        bytes_append(&content, mailbox_item(&m, 2)->content);
        struct imap_fetch_message message = {
            .folder = m.folder, .item = *mailbox_item(&m, 2), .number = 2};
        message.item.content = bytes_slice(&content);
        cr_assert(imap_fetch_read(&f, mailbox_args(&m, items)));
        imap_fetch_writer_init(&w);
        imap_fetch_writer_begin(&w, &f, &message);
        enum imap_fetch_step step = IMAP_FETCH_FULL;
        bool is_kept = false;
        while (step != IMAP_FETCH_DONE) {
            step = imap_fetch_writer_step(&w, &m.out, is_kept ? 10000 : stop);
            if (!is_kept && bytes_size(&m.out) >= stop) {
                imap_fetch_writer_keep(&w);
                bytes_finish(&content);
                is_kept = true;
            }
        }
        cr_expect(slice_equal(bytes_slice(&m.out), whole), "%zu", stop);
        bytes_clear(&m.out);
        imap_fetch_writer_keep(&w); /* nothing is in work */
        imap_fetch_writer_finish(&w);
    }
    mailbox_finish(&m);
}

/* RFC 8970 */
Test(imap_fetch_writer, previews_are_words)
{
    static const struct {
        const char *content, *answer;
    } rows[] = {
        {"A: b\r\n\r\n  two \r\n\r\n\twords\r\n", "\"two words\""},
        {"Content-Type: text/html\r\n\r\n<html><head><title>T</title><style>x{}</style></head>"
         "<body><!-- no -->Hello<br>you</body>",
         "\"Hello you\""},
        {"Content-Type: text/plain; charset=iso-8859-1\r\n\r\nK\xE4se", "{5}\r\nK\xC3\xA4se"},
        {"Content-Type: text/plain\r\nContent-Transfer-Encoding: base64\r\n\r\naGVsbG8=",
         "\"hello\""},
        {"Content-Type: image/png\r\n\r\nx", "\"\""},
    };
    struct mailbox m;
    fill(&m);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        mailbox_item(&m, 4)->content = slice_of(rows[i].content);
        struct slice expected =
            arena_printf(&m.arena, "* 4 FETCH (PREVIEW %s)\r\n", rows[i].answer);
        struct slice said = respond(&m, "PREVIEW", 4, 1000, false, NULL);
        cr_expect(slice_equal(said, expected), "%.*s", SLICE_ARG(said));
    }
    char text[1000];
    memset(text, 'x', sizeof text);
    memcpy(text, "\r\n\r\n", 4);
    mailbox_item(&m, 4)->content = (struct slice){text, sizeof text};
    cr_expect_eq(respond(&m, "PREVIEW", 4, 1000, false, NULL).size, 24 + 200);
    mailbox_finish(&m);
}
