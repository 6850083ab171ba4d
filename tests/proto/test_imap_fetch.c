#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/proto/imap_fetch.h"

#include "support_imap_search.h"

/* The labels of the items with spaces between; NULL when it is refused. */
static const char *labels_of(struct mailbox *m, struct imap_fetch *f, const char *text)
{
    bool is_read = imap_fetch_read(f, mailbox_args(m, text)) && imap_args_end(&m->args);
    cr_expect_eq(is_read, m->args.problem == NULL, "%s", text);
    for (size_t i = 0; is_read && i < f->count; i++) {
        if (i > 0)
            bytes_append_octet(&m->out, ' ');
        bytes_append(&m->out, f->items[i].label);
    }
    return is_read ? mailbox_said(m) : NULL;
}

/* RFC 9051 6.4.5, 9: fetch, fetch-att, section-spec */
Test(imap_fetch, items_are_read_and_named)
{
    static const struct {
        const char *text, *labels;
        bool sets_seen;
    } rows[] = {
        {"FLAGS", "FLAGS", false},
        {"(FLAGS)", "FLAGS", false},
        {"ALL", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE", false},
        {"fast", "FLAGS INTERNALDATE RFC822.SIZE", false},
        {"FULL", "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE BODY", false},
        {"(UID BODY BODYSTRUCTURE MODSEQ SAVEDATE PREVIEW)",
         "UID BODY BODYSTRUCTURE MODSEQ SAVEDATE PREVIEW", false},
        {"PREVIEW (LAZY)", "PREVIEW", false},
        {"(PREVIEW (LAZY) UID)", "PREVIEW UID", false},
        {"(UID uid UID FLAGS)", "UID FLAGS", false},
        {"RFC822", "RFC822", true},
        {"RFC822.TEXT", "RFC822.TEXT", true},
        {"RFC822.HEADER", "RFC822.HEADER", false}, /* RFC 3501 6.4.5: as BODY.PEEK[HEADER] */
        {"rfc822.size", "RFC822.SIZE", false},
        {"BODY[]", "BODY[]", true},
        {"BODY.PEEK[]", "BODY[]", false},
        {"body.peek[header]", "BODY[HEADER]", false},
        {"BODY[TEXT]<0.100>", "BODY[TEXT]<0>", true},
        {"BODY.PEEK[1.2.3]<4294967296.1>", "BODY[1.2.3]<4294967296>", false},
        {"BODY[1.MIME]", "BODY[1.MIME]", true},
        {"BODY[4.2.HEADER]", "BODY[4.2.HEADER]", true},
        {"BODY[HEADER.FIELDS (DATE FROM)]", "BODY[HEADER.FIELDS (DATE FROM)]", true},
        {"(BODY.PEEK[2.header.fields.not (\"X Y\" {1}\r\nz)]<2.3> UID)",
         "BODY[2.HEADER.FIELDS.NOT (\"X Y\" z)]<2> UID", false},
        {"BINARY[1]", "BINARY[1]", true},
        {"BINARY.PEEK[1.2]<5.6>", "BINARY[1.2]<5>", false},
        {"BINARY.SIZE[1]", "BINARY.SIZE[1]", false},
        {"BINARY[]", "BINARY[]", true},
        /* RFC 9051 6.4.5, its example */
        {"(FLAGS BODY[HEADER.FIELDS (DATE FROM)])", "FLAGS BODY[HEADER.FIELDS (DATE FROM)]", true},
    };
    struct mailbox m;
    mailbox_init(&m);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct imap_fetch f;
        const char *labels = labels_of(&m, &f, rows[i].text);
        cr_expect(labels && slice_equal(slice_of(labels), slice_of(rows[i].labels)), "%s: %s",
                  rows[i].text, labels);
        cr_expect_eq(f.sets_seen, rows[i].sets_seen, "%s", rows[i].text);
    }
    mailbox_finish(&m);
}

Test(imap_fetch, what_is_no_item_is_refused)
{
    static const char *const bad[] = {"",
                                      "()",
                                      "(",
                                      "(FLAGS",
                                      "(FLAGS )",
                                      "FLAGS)",
                                      "(ALL)",
                                      "(FLAGS FAST)",
                                      "FLAG",
                                      "BODY[",
                                      "BODY[]<",
                                      "BODY[]<1>",
                                      "BODY[]<1.0>",
                                      "BODY[]<.1>",
                                      "BODY[]<-1.1>",
                                      "BODY[0]",
                                      "BODY[1.]",
                                      "BODY[.1]",
                                      "BODY[1.0]",
                                      "BODY[MIME]",
                                      "BODY[1.FOO]",
                                      "BODY[HEADER.FIELDS]",
                                      "BODY[HEADER.FIELDS ()]",
                                      "BODY[HEADER.FIELDS DATE]",
                                      "BODY[HEADER.FIELDS  (DATE)]",
                                      "BODY[TEXT.1]",
                                      "BODY[HEADER]x",
                                      "BODY.PEEK",
                                      "BODYSTRUCTURE[]",
                                      "BINARY",
                                      "BINARY[TEXT]",
                                      "BINARY[1.MIME]",
                                      "BINARY.SIZE[1]<0.1>",
                                      "BINARY.SIZE",
                                      "RFC822.PEEK",
                                      "UID FLAGS",
                                      "RFC822[]",
                                      "PREVIEW (FAST)",
                                      "PREVIEW (LAZY",
                                      "FLAGS (",
                                      "FLAGS ()x",
                                      "FLAGS (CHANGEDSINCE)",
                                      "FLAGS (CHANGEDSINCE x)",
                                      "FLAGS (VANISHED)",
                                      "FLAGS (FOO)",
                                      "FLAGS(CHANGEDSINCE 1)",
                                      "FLAGS (CHANGEDSINCE 1",
                                      "ALL FLAGS"};
    struct mailbox m;
    struct imap_fetch f;
    mailbox_init(&m);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_null(labels_of(&m, &f, bad[i]), "%s", bad[i]);
    mailbox_finish(&m);
}

/* RFC 7162 3.1.4.1, 3.2.6 */
Test(imap_fetch, modifiers_follow)
{
    struct mailbox m;
    struct imap_fetch f;
    mailbox_init(&m);
    cr_expect_str_eq(labels_of(&m, &f, "(FLAGS) (CHANGEDSINCE 12345)"), "FLAGS MODSEQ");
    cr_expect(f.has_changed_since && f.changed_since == 12345 && f.has_modseq && !f.has_vanished);
    cr_expect_str_eq(labels_of(&m, &f, "ALL (VANISHED CHANGEDSINCE 1)"),
                     "FLAGS INTERNALDATE RFC822.SIZE ENVELOPE MODSEQ");
    cr_expect(f.has_vanished && f.has_changed_since && f.has_flags);
    cr_expect_str_eq(labels_of(&m, &f, "(MODSEQ) (CHANGEDSINCE 1)"), "MODSEQ");
    cr_expect_str_eq(labels_of(&m, &f, "UID"), "UID");
    cr_expect_not(f.has_modseq || f.has_flags || f.has_changed_since);
    imap_fetch_add(&f, IMAP_FETCH_FLAGS, &m.arena);
    imap_fetch_add(&f, IMAP_FETCH_UID, &m.arena);
    cr_expect(f.count == 2 && f.has_flags);
    mailbox_finish(&m);
}

Test(imap_fetch, programs_and_sections_are_bounded)
{
    struct mailbox m;
    struct imap_fetch f;
    mailbox_init(&m);
    for (size_t count = 200; count <= 201; count++) {
        char text[3000] = "(";
        for (size_t i = 0; i < count; i++)
            memcpy(text + 1 + 8 * i, "BODY[1] ", 8);
        text[8 * count] = ')';
        cr_expect_eq(labels_of(&m, &f, text) != NULL, count == 200);
    }
    for (size_t count = 100; count <= 101; count++) {
        char text[300] = "BODY[1";
        for (size_t i = 1; i < count; i++)
            memcpy(text + 4 + 2 * i, ".1", 2);
        text[4 + 2 * count] = ']';
        cr_expect_eq(labels_of(&m, &f, text) != NULL, count == 100, "%s", text);
    }
    mailbox_finish(&m);
}
