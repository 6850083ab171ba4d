/* The dialogue of a connection: its lines as they were said, what is decoded of them, the states of
   both ends, and why. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "render/view/dialogue_decode.h"
#include "render/view/dialogue_panel.h"
#include "support_list.h"
#include "support_talk.h"

static struct support_talk talk;
static struct view *view;
static struct draw_list list;

static void begin(void)
{
    view = view_create(&talk.log);
    support_list_init(&list);
    view_seek(view, log_end(&talk.log));
    view_draw(view, &list, 1920, 1080);
}

static void end(void)
{
    view_destroy(view);
    draw_finish(&list);
    support_talk_finish(&talk);
}

static void press(const char *name)
{
    cr_assert(view_press_widget(view, name), "%s", name);
    view_draw(view, &list, 1920, 1080);
}

/* The dialogue as it is copied. */
static const char *copied(struct view_request *request)
{
    press("dialogue-copy");
    while (view_take_request(view, request))
        if (request->kind == VIEW_REQUEST_COPY)
            return request->text;
    return "";
}

static struct view_request request;

Test(dialogue, is_copied_as_lines_of_c_and_s)
{
    support_talk_begin(&talk, 25);
    support_talk_mail(&talk, "Subject: x\r\n\r\n..dot\r\n");
    begin();
    cr_expect_str_eq(copied(&request), "S: 220 mx ready\n"
                                       "C: EHLO out\n"
                                       "S: 250-mx\n"
                                       "S: 250 PIPELINING\n"
                                       "C: MAIL FROM:<a@b>\n"
                                       "C: RCPT TO:<c@d>\n"
                                       "C: DATA\n"
                                       "S: 250 2.1.0 Ok\n"
                                       "S: 250 2.1.5 Ok\n"
                                       "S: 354 go on\n"
                                       "   (the message: 24 octets, the last line a dot)\n"
                                       "S: 250 2.0.0 taken\n"
                                       "C: QUIT\n"
                                       "S: 221 2.0.0 bye\n");
    end();
}

/* RFC 5321 4.5.2 */
Test(dialogue, shows_a_message_with_the_dots_of_the_way_and_without)
{
    support_talk_begin(&talk, 25);
    support_talk_mail(&talk, "Subject: x\r\n\r\n..dot\r\n");
    begin();
    press("show-message");
    cr_expect(strstr(copied(&request), "C: ..dot\nC: .\nS: 250"), "%s", request.text);
    press("show-dots");
    cr_expect(strstr(copied(&request), "C: .dot\nS: 250"), "%s", request.text);
    end();
}

Test(dialogue, shows_nothing_of_what_comes_later)
{
    support_talk_begin(&talk, 25);
    support_talk_mail(&talk, "x\r\n");
    begin();
    view_seek(view, log_at(&talk.log, view->index.turns.ids.items[3])->t);
    view_draw(view, &list, 1920, 1080);
    cr_expect(strstr(copied(&request), "C: DATA"));
    cr_expect_not(strstr(request.text, "250 2.1.0"));
    cr_expect(support_shows(view, &list, "6 turns to come"));
    end();
}

Test(dialogue, marks_the_ends_of_lines)
{
    support_talk_begin(&talk, 25);
    support_talk_mail(&talk, "bare\nfeed\r\n");
    begin();
    cr_expect_not(support_shows(view, &list, "CRLF") &&
                  !view_find_widget(view, "show-crlf", &(float){0}, &(float){0}));
    press("show-message");
    press("show-crlf");
    const struct dialogue_lines *lines = &view->dialogue->lines;
    int crlf = 0, lf = 0;
    for (size_t i = 0; i < lines->lines.count; i++) {
        crlf += lines->lines.items[i].ending == DIALOGUE_CR_LF;
        lf += lines->lines.items[i].ending == DIALOGUE_LF;
    }
    cr_expect_eq(lf, 1, "%d", lf);
    cr_expect_eq(crlf, 15, "%d", crlf);
    end();
}

/* ---- logins ---- */

Test(dialogue, says_what_a_login_in_base64_says_and_that_all_can_read_it)
{
    support_talk_begin(&talk, 587);
    support_talk_say(&talk, true, "220 mx\r\n");
    support_talk_smtp_reply(&talk, "CONNECT", 220, "", "mx");
    support_talk_say(&talk, false, "EHLO a\r\n");
    support_talk_command(&talk, EVENT_SMTP_CMD, "EHLO", "a");
    support_talk_say(&talk, true, "250 mx\r\n");
    support_talk_smtp_reply(&talk, "EHLO", 250, "", "mx");
    support_talk_say(&talk, false, "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n");
    uint32_t auth =
        support_talk_command(&talk, EVENT_SMTP_CMD, "AUTH", "PLAIN AGFsaWNlAHNlY3JldA==");
    begin();
    cr_expect_not(strstr(copied(&request), "password secret"));
    press("show-logins");
    cr_expect(strstr(copied(&request), "= user alice, password secret"), "%s", request.text);
    const struct dialogue_lines *lines = &view->dialogue->lines;
    cr_expect(lines->lines.items[lines->lines.count - 1].is_secret);
    cr_expect_not(dialogue_is_secure(view, auth));
    end();
}

Test(dialogue, knows_which_lines_show_a_password)
{
    static const struct {
        enum turn_protocol protocol;
        const char *verb, *arg;
        enum sasl_mechanism mechanism;
        bool is_secret;
    } rows[] = {
        {TURN_POP3, "PASS", "secret", SASL_MECHANISM_COUNT, true},
        {TURN_POP3, "USER", "alice", SASL_MECHANISM_COUNT, false},
        {TURN_IMAP, "LOGIN", "alice secret", SASL_MECHANISM_COUNT, true},
        {TURN_SMTP, "AUTH", "PLAIN", SASL_PLAIN, false},
        {TURN_SMTP, "AUTH", "c2VjcmV0", SASL_LOGIN, true},
        {TURN_SMTP, "AUTH", "c2VjcmV0", SASL_CRAM_MD5, false},
        {TURN_IMAP, "AUTHENTICATE", "PLAIN AGEAYg==", SASL_PLAIN, true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct turn turn = {.protocol = rows[i].protocol,
                            .verb = slice_of(rows[i].verb),
                            .arg = slice_of(rows[i].arg)};
        cr_expect_eq(dialogue_decode_is_secret(&turn, rows[i].mechanism), rows[i].is_secret,
                     "%s %s", rows[i].verb, rows[i].arg);
    }
}

/* ---- TLS ---- */

static void sealed_talk(void)
{
    support_talk_begin(&talk, 25);
    support_talk_say(&talk, true, "220 mx\r\n");
    support_talk_smtp_reply(&talk, "CONNECT", 220, "", "mx");
    support_talk_say(&talk, false, "EHLO a\r\n");
    support_talk_command(&talk, EVENT_SMTP_CMD, "EHLO", "a");
    support_talk_say(&talk, true, "250 STARTTLS\r\n");
    support_talk_smtp_reply(&talk, "EHLO", 250, "", "STARTTLS");
    support_talk_say(&talk, false, "STARTTLS\r\n");
    support_talk_command(&talk, EVENT_SMTP_CMD, "STARTTLS", "");
    support_talk_say(&talk, true, "220 2.0.0 go\r\n");
    support_talk_smtp_reply(&talk, "STARTTLS", 220, "2.0.0", "go");
    support_talk_secure(&talk);
    support_talk_sealed(&talk, false, "EHLO hidden\r\n");
    support_talk_command(&talk, EVENT_SMTP_CMD, "EHLO", "hidden");
    support_talk_sealed(&talk, true, "250 mx\r\n");
    support_talk_smtp_reply(&talk, "EHLO", 250, "", "mx");
}

Test(dialogue, tells_what_somebody_on_the_way_can_read)
{
    sealed_talk();
    begin();
    cr_expect(strstr(copied(&request), "within TLSv1.3; certificate: verified"));
    cr_expect(strstr(request.text, "C: EHLO hidden"), "%s", request.text);
    press("show-wire");
    cr_expect(strstr(copied(&request), "C: EHLO a\n"), "what was said in clear stays");
    cr_expect(strstr(request.text, "C: TLS record 23, application data: 30 octets"), "%s",
              request.text);
    cr_expect_not(strstr(request.text, "hidden"));
    end();
}

Test(dialogue, a_session_begins_anew_behind_the_handshake)
{
    sealed_talk();
    begin();
    const struct dialogue_turns *turns = &view->dialogue->turns;
    static const int states[] = {SMTP_STATE_READY,   SMTP_STATE_READY, SMTP_STATE_GREETED,
                                 SMTP_STATE_GREETED, SMTP_STATE_TLS,   SMTP_STATE_READY,
                                 SMTP_STATE_GREETED};
    cr_assert_eq(turns->turns.count, 7);
    for (size_t i = 0; i < 7; i++)
        cr_expect_eq(turns->turns.items[i].state, states[i], "turn %zu: %s", i,
                     states_name(TURN_SMTP, turns->turns.items[i].state));
    end();
}

/* ---- states and why ---- */

/* MAIL, RCPT and DATA come together: each counts in the state that the one before has led to. */
Test(dialogue, commands_that_come_together_are_judged_one_by_one)
{
    support_talk_begin(&talk, 25);
    support_talk_mail(&talk, "x\r\n");
    begin();
    const struct dialogue_turns *turns = &view->dialogue->turns;
    static const int read_in[] = {SMTP_STATE_GREETED, SMTP_STATE_SENDER, SMTP_STATE_RECIPIENTS};
    for (size_t i = 0; i < 3; i++) {
        cr_expect_eq(turns->turns.items[3 + i].state, read_in[i]);
        cr_expect_not(turns->turns.items[3 + i].is_illegal);
        cr_expect_eq(turns->turns.items[3 + i].answer, 7 + i);
    }
    cr_expect_eq(turns->turns.items[8].state, SMTP_STATE_DATA);
    cr_expect_eq(turns->turns.items[9].state, SMTP_STATE_GREETED);
    end();
}

Test(dialogue, the_server_has_gone_on_while_its_reply_is_on_the_way)
{
    support_talk_begin(&talk, 25);
    support_talk_mail(&talk, "x\r\n");
    begin();
    const struct dialogue_turns *turns = &view->dialogue->turns;
    int64_t sent = log_at(&talk.log, turns->turns.items[6].segment)->t;
    cr_expect_eq(dialogue_turns_server_at(turns, sent - 1), SMTP_STATE_GREETED);
    cr_expect_eq(dialogue_turns_server_at(turns, sent), SMTP_STATE_DATA);
    cr_expect(slice_equal(dialogue_turns_client_at(turns, sent), SLICE("MAIL")));
    cr_expect(slice_equal(dialogue_turns_client_at(turns, 0), SLICE("CONNECT")));
    cr_expect(slice_equal(dialogue_turns_client_behind(turns, 8), SLICE("DOT")));
    cr_expect(slice_equal(dialogue_turns_client_at(turns, log_end(&talk.log)), SLICE("CLOSED")));
    end();
}

Test(dialogue, marks_what_is_out_of_order)
{
    support_talk_begin(&talk, 25);
    support_talk_say(&talk, true, "220 mx\r\n");
    support_talk_smtp_reply(&talk, "CONNECT", 220, "", "mx");
    support_talk_say(&talk, false, "RCPT TO:<a@b>\r\n");
    support_talk_command(&talk, EVENT_SMTP_CMD, "RCPT", "TO:<a@b>");
    support_talk_say(&talk, true, "503 5.5.1 EHLO comes first\r\n");
    support_talk_smtp_reply(&talk, "RCPT", 503, "5.5.1", "EHLO comes first");
    begin();
    cr_expect(view->dialogue->turns.turns.items[1].is_illegal);
    cr_expect(support_shows(view, &list, "Commands in the"));
    cr_expect(support_shows(view, &list, "RFC 5321 4.1.4, RFC 3463 3.6"));
    end();
}

Test(dialogue, the_chosen_turn_is_explained_whichever_key_chose_it)
{
    support_talk_begin(&talk, 25);
    support_talk_mail(&talk, "x\r\n");
    begin();
    char name[40];
    snprintf(name, sizeof name, "turn-%u", (unsigned)view->index.turns.ids.items[9]);
    press(name);
    cr_expect_eq(view->event, view->index.turns.ids.items[9]);
    cr_expect(support_shows(view, &list, "The server has the message"));
    support_key(view, INPUT_KEY_UP);
    support_settle(view);
    cr_expect(support_shows(view, &list, "May the message come?") ||
              support_shows(view, &list, "Let the message come"));
    /* and by Tab to its row, then Enter */
    view->scroll_dialogue = 100;
    view_draw(view, &list, 1920, 1080);
    snprintf(view->ui.focus, sizeof view->ui.focus, "turn-%u",
             (unsigned)view->index.turns.ids.items[0]);
    support_key(view, INPUT_KEY_ENTER);
    cr_expect(support_shows(view, &list, "The server is there"));
    end();
}

/* ---- POP3 and IMAP ---- */

Test(dialogue, finds_the_literal_of_an_imap_message)
{
    support_talk_begin(&talk, 143);
    support_talk_say(&talk, true, "* OK ready\r\n");
    support_talk_word(&talk, EVENT_IMAP_REPLY, "CONNECT", true, "ready");
    support_talk_say(&talk, false, "A1 UID FETCH 1 BODY[]\r\n");
    support_talk_command(&talk, EVENT_IMAP_CMD, "UID FETCH", "1 BODY[]");
    support_talk_say(&talk, true, "* 1 FETCH (UID 1 BODY[] {12}\r\n");
    support_talk_say(&talk, true, "A1 OK no\r\n12");
    support_talk_say(&talk, true, ")\r\nA1 OK done\r\n");
    support_talk_imap_data(&talk, "FETCH", "1 (UID 1 BODY[] {12}");
    support_talk_word(&talk, EVENT_IMAP_REPLY, "UID FETCH", true, "done");
    begin();
    const struct dialogue_turns *turns = &view->dialogue->turns;
    const struct dialogue_turn *data = &turns->turns.items[2];
    cr_expect(slice_equal(dialogue_turns_content(turns, data), SLICE("A1 OK no\r\n12")));
    cr_expect(
        slice_equal(dialogue_turns_line(turns, &turns->turns.items[3]), SLICE("A1 OK done\r\n")));
    cr_expect(strstr(copied(&request), "S: * 1 FETCH (UID 1 BODY[] {12}\n   (the message: 12"),
              "%s", request.text);
    end();
}

Test(dialogue, finds_each_of_several_pop3_messages_that_come_together)
{
    support_talk_begin(&talk, 110);
    support_talk_say(&talk, true, "+OK ready\r\n");
    support_talk_word(&talk, EVENT_POP_REPLY, "CONNECT", true, "ready");
    support_talk_say(&talk, false, "RETR 1\r\nRETR 2\r\n");
    support_talk_command(&talk, EVENT_POP_CMD, "RETR", "1");
    support_talk_command(&talk, EVENT_POP_CMD, "RETR", "2");
    support_talk_say(&talk, true, "+OK\r\none\r\n..\r\n.\r\n+OK\r\ntwo\r\n.\r\n");
    support_talk_word(&talk, EVENT_POP_REPLY, "RETR", true, "\none");
    support_talk_word(&talk, EVENT_POP_REPLY, "RETR", true, "\ntwo");
    begin();
    const struct dialogue_turns *turns = &view->dialogue->turns;
    cr_expect(slice_equal(dialogue_turns_content(turns, &turns->turns.items[3]),
                          SLICE("one\r\n..\r\n.\r\n")));
    cr_expect(
        slice_equal(dialogue_turns_content(turns, &turns->turns.items[4]), SLICE("two\r\n.\r\n")));
    end();
}

/* ---- bodies ---- */

Test(dialogue, decodes_encoded_words_and_bodies)
{
    support_talk_begin(&talk, 25);
    support_talk_mail(&talk, "Subject: =?utf-8?q?caf=C3=A9?=\r\nMIME-Version: 1.0\r\n"
                             "Content-Type: text/plain; charset=utf-8\r\n"
                             "Content-Transfer-Encoding: base64\r\n\r\nZ3LDvG4=\r\n");
    begin();
    press("show-words");
    cr_expect(strstr(copied(&request), "Subject: caf\xC3\xA9"), "%s", request.text);
    press("show-bodies");
    cr_expect(strstr(copied(&request), "C: gr\xC3\xBCn\n"), "%s", request.text);
    end();
}

/* ---- anything may come ---- */

Test(dialogue, hostile_octets_do_no_harm)
{
    static const char *const said[] = {"",
                                       "\r\n",
                                       "\n\n\n",
                                       "250",
                                       "250-",
                                       "250-x\r\n250-",
                                       "{999999999999999}\r\n",
                                       "* 1 {5}\r\n",
                                       "+",
                                       "\xFF\xFE\xFD\r\n",
                                       "AUTH PLAIN ====\r\n",
                                       ".\r\n.\r\n.\r\n",
                                       "HTTP/1.1 200\r\n\r\n"};
    static const uint32_t ports[] = {25, 110, 143, 80};
    for (size_t p = 0; p < 4; p++) {
        support_talk_begin(&talk, ports[p]);
        for (size_t i = 0; i < sizeof said / sizeof *said; i++) {
            support_talk_say(&talk, i % 2, said[i]);
            support_talk_smtp_reply(&talk, "DATA", 354, "", said[i]);
            support_talk_command(&talk, EVENT_SMTP_CMD, "BDAT", said[i]);
            support_talk_word(&talk, EVENT_POP_REPLY, "RETR", true, said[i]);
            support_talk_imap_data(&talk, "FETCH", said[i]);
            support_talk_word(&talk, EVENT_IMAP_REPLY, said[i], false, said[i]);
        }
        begin();
        for (unsigned show = 1; show <= DIALOGUE_WIRE; show *= 2)
            dialogue_show_act(view, show);
        view_draw(view, &list, 1280, 800);
        view_draw(view, &list, 640, 480);
        end();
    }
}

/* ---- on the map ---- */

/* RFC 9051 7.5.2: the bracket that ends a FETCH response may come in a segment of its own. */
Test(dialogue, the_bracket_behind_an_imap_message_is_not_what_is_told)
{
    support_talk_begin(&talk, 143);
    support_talk_say(&talk, true, "* 1 FETCH (BODY[] {3}\r\nabc");
    uint32_t last = support_talk_say(&talk, true, ")\r\nA1 OK done\r\n");
    uint32_t alone = support_talk_say(&talk, true, ")\r\n");
    begin();
    view_seek(view, log_at(&talk.log, last)->t + 1);
    view_draw(view, &list, 1280, 800);
    cr_expect(slice_ends(view_caption(view), SLICE("says to out: A1 OK done")), "%.*s",
              SLICE_ARG(view_caption(view)));
    view_seek(view, log_at(&talk.log, alone)->t + 1);
    view_draw(view, &list, 1280, 800);
    cr_expect(slice_ends(view_caption(view), SLICE("(the end of the message)")), "%.*s",
              SLICE_ARG(view_caption(view)));
    end();
}
