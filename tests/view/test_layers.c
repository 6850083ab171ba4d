#include <criterion/criterion.h>
#include <stdio.h>

#include "tests/view/support_letter.h"
#include "tests/view/support_list.h"

/* What one copy's envelope and header say, and what the tab has to say to that. */
struct row {
    const char *header, *from, *to, *sentence;
};

static const struct row rows[] = {
    {"From: a@example.com\r\nTo: bob@example.org\r\n\r\n", "a@example.com", "bob@example.org",
     "They say the same, this time"},
    {"From: a@example.com\r\nTo: bob@example.org\r\n\r\n", "a@example.com", "carol@example.net",
     "carol@example.net is on the envelope alone, and named in no field: so Bcc works"},
    {"From: a@example.com\r\nTo: class@lists.example.net\r\nList-Id: <class>\r\n\r\n",
     "class-bounces@lists.example.net", "bob@example.org",
     "bob@example.org is on the envelope alone: the list put its member there"},
    {"From: a@example.com\r\nTo: class@lists.example.net\r\nList-Id: <class>\r\n\r\n",
     "class-bounces@lists.example.net", "class@lists.example.net",
     "the list put its own address there"},
    {"Delivered-To: staff@example.org\r\nFrom: a@example.com\r\nTo: staff@example.org\r\n\r\n",
     "a@example.com", "bea@example.org", "an alias or a forward put that address there"},
    {"Delivered-To: carol@example.net\r\nFrom: a@example.com\r\nTo: bob@example.org\r\n\r\n",
     "a@example.com", "carol@example.net",
     "carol@example.net is on the envelope alone, and named in no field: so Bcc works"},
    {"From: ceo@bank.example\r\nTo: bob@example.org\r\n\r\n", "x@mallory.test", "bob@example.org",
     "a forwarder does this, and so does a forger"},
    {"From: a@example.com\r\nTo: bob@example.org\r\n\r\n", "b@example.com", "bob@example.org",
     "another address of the same domain"},
    {"From: MAILER-DAEMON@example.org\r\nTo: a@example.com\r\n\r\n", "", "a@example.com",
     "this is a notice"},
    {"From: a@example.com\r\nTo: bob@example.org\r\nCc: bea@example.org\r\n\r\n", "a@example.com",
     "bob@example.org", "bea@example.org is named in the header and not on this envelope"},
};

static void put(struct letter *l, const struct row *row, bool is_answered)
{
    char from[128], to[128];
    snprintf(from, sizeof from, "FROM:<%s> SIZE=94", row->from);
    snprintf(to, sizeof to, "TO:<%s>", row->to);
    letter_begin(l);
    letter_written(l, slice_of(row->header));
    uint32_t conn = letter_conn(l, l->story.alice, l->story.msa, 587);
    letter_command(l, conn, "MAIL", from);
    letter_reply(l, conn, "MAIL", 250);
    letter_command(l, conn, "RCPT", to);
    if (is_answered) {
        letter_reply(l, conn, "RCPT", 250);
        letter_accepted(l, l->story.msa, conn, slice_of(row->header), SLICE("Hi\r\n"));
    }
    letter_show(l, "layers");
}

Test(layers, each_kind_of_difference_has_its_sentence)
{
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct letter l;
        put(&l, &rows[i], true);
        cr_expect(letter_tells(&l, rows[i].sentence), "row %zu: %.*s", i,
                  SLICE_ARG(letter_told(&l)));
        letter_end(&l);
    }
}

Test(layers, shows_the_three_side_by_side_with_the_reply_to_each_recipient)
{
    struct letter l;
    put(&l, &rows[0], true);
    cr_assert(view_press_widget(l.view, "big-1"));
    static const char *const texts[] = {
        "Envelope", "MAIL FROM:<a@example.com>", "RCPT TO:<bob@example.org>", "Header", "Body",
        "Hi"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_expect(support_shows(l.view, &l.list, texts[i]), "%s", texts[i]);
    float envelope = -1, body = -2;
    for (size_t i = 0; i < l.list.items.count; i++) {
        const struct draw_item *item = &l.list.items.items[i];
        if (item->kind == DRAW_TEXT && slice_equal(item->text, SLICE("Envelope")))
            envelope = item->box.y;
        if (item->kind == DRAW_TEXT && slice_equal(item->text, SLICE("Body")))
            body = item->box.y;
    }
    cr_expect_eq(envelope, body, "in a wide room they stand in a row");
    letter_end(&l);
}

Test(layers, a_recipient_without_a_reply_waits_and_a_refused_one_is_marked)
{
    struct letter l;
    put(&l, &rows[0], false);
    cr_expect(letter_tells(&l, "no answer yet"));
    letter_end(&l);
    put(&l, &rows[0], false);
    view_destroy(l.view);
    l.view = NULL;
    letter_reply(&l, l.story.conns, "RCPT", 550);
    letter_show(&l, "layers");
    cr_expect(letter_tells(&l, "refused"));
    letter_end(&l);
}

Test(layers, before_a_server_has_it_there_is_no_envelope)
{
    struct letter l;
    letter_begin(&l);
    letter_written(&l, SLICE("To: bob@example.org\r\n\r\n"));
    letter_show(&l, "layers");
    cr_expect(letter_tells(&l, "the envelope is made when the message is handed to one"));
    letter_end(&l);
}
