/* A person's mail program: what it has at the moment shown, and what its buttons and keys ask for.
 */
#include <criterion/criterion.h>

#include <stdio.h>

#include "render/view/doing.h"
#include "render/view/mail_program.h"
#include "sim/base/vtime.h"
#include "tests/view/support_doing.h"

#define T(text) story_text(&d->story, text)
#define ADD(kind, fields, ...)                                                                     \
    log_add(&d->story.log, d->story.t += VTIME_S, 0, EVENT_##kind, 0,                              \
            &(struct event_##fields){__VA_ARGS__})

static uint32_t write_message(struct doer *d, uint32_t by, const char *from, const char *to,
                              const char *subject)
{
    char content[500];
    snprintf(content, sizeof content, "From: %s\r\nTo: %s\r\nSubject: %s\r\n\r\nHello there,\r\n",
             from, to, subject);
    uint32_t msg = (uint32_t)d->story.log.msgs.count + 1;
    ADD(MESSAGE, message, by, msg, T(from), T(to), T(subject), T(content));
    return msg;
}

/* From alice to bob, who has got it. */
static uint32_t send_and_fetch(struct doer *d, const char *subject, const char *proto)
{
    char header[300];
    uint32_t msg =
        write_message(d, d->story.alice, "alice@example.com", "bob@example.org", subject);
    snprintf(header, sizeof header,
             "From: Alice <alice@example.com>\r\nTo: bob@example.org\r\nSubject: %s\r\n"
             "Date: Mon, 3 Mar 2025 09:04:00 +0000\r\n\r\n",
             subject);
    ADD(FETCH, fetch, d->story.bob, msg, T("bob@example.org/INBOX"), T(proto), T(header),
        T("Lunch at one?\r\n"));
    return msg;
}

static void open_mail(struct doer *d)
{
    doer_follow(d);
    select_host(d->view, d->story.pc_bob);
    doer_draw(d);
    doer_key(d, 'r');
}

Test(mail_program, shows_what_was_fetched_and_not_what_the_server_has)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    uint32_t second =
        write_message(d, d->story.alice, "alice@example.com", "bob@example.org", "Still there");
    ADD(DELIVER, deliver, d->story.mda, second, T("bob@example.org/INBOX"), T("bob@example.org"),
        T("Subject: Still there\r\n\r\n"), T("x\r\n"));
    send_and_fetch(d, "Lunch", "pop3");
    open_mail(d);
    cr_expect(doer_shows(d, "Mail of bob@example.org, by POP3"));
    cr_expect(doer_shows(d, "Alice <alice@example.com>"));
    cr_expect(doer_shows(d, "Lunch at one?"), "what is chosen is read");
    cr_expect(!doer_has(d, "mail-row-2"));
    cr_expect(doer_shows(d, "new"));
    doer_end(d);
}

Test(mail_program, has_only_what_was_fetched_by_the_moment_shown)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    send_and_fetch(d, "First", "pop3");
    int64_t between = d->story.t;
    send_and_fetch(d, "Second", "pop3");
    struct mailbox box = {0};
    const struct log *log = &d->story.log;
    mailbox_seek(&box, log, d->story.bob, log_count(log));
    cr_expect_eq(mailbox_count(&box, MAILBOX_INBOX), 2);
    mailbox_seek(&box, log, d->story.bob, log_count_until(log, between));
    cr_expect_eq(mailbox_count(&box, MAILBOX_INBOX), 1, "back in time");
    mailbox_seek(&box, log, d->story.bob, log_count(log));
    cr_expect_eq(mailbox_count(&box, MAILBOX_INBOX), 2);
    mailbox_finish(&box);
    doer_end(d);
}

Test(mail_program, each_button_asks_for_its_action)
{
    static const struct {
        const char *widget, *line;
    } rows[] = {
        {"mail-get", "fetch by=mua-bob"},
        {"mail-delete", "delete by=mua-bob message=\"2\""},
        {"mail-expunge", "expunge by=mua-bob"},
        {"mail-flag", "flag by=mua-bob message=\"2\" flag=Flagged on"},
        {"mail-seen", "read by=mua-bob message=\"2\""},
    };
    struct doer doer, *d = &doer;
    doer_begin(d);
    send_and_fetch(d, "First", "pop3");
    send_and_fetch(d, "Second", "pop3");
    open_mail(d);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        doer_press(d, rows[i].widget);
        doer_expect(d, rows[i].line);
    }
    doer_press(d, "mail-row-1");
    doer_press(d, "mail-delete");
    doer_expect(d, "delete by=mua-bob message=\"1\"");
    doer_end(d);
}

/* As in other mail programs: a second press, the button and Enter on the list all open it. */
Test(mail_program, a_message_that_is_opened_has_been_read)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    send_and_fetch(d, "First", "imap");
    send_and_fetch(d, "Second", "imap");
    open_mail(d);
    doer_press(d, "mail-row-1");
    doer_expect(d, "");
    doer_press(d, "mail-row-1");
    doer_expect(d, "read by=mua-bob message=\"1\"");
    doer_press(d, "mail-open");
    doer_expect(d, "read by=mua-bob message=\"1\"");
    snprintf(d->view->ui.focus, UI_NAME, "mail-flag");
    doer_key(d, INPUT_KEY_ENTER);
    doer_expect(d, "flag by=mua-bob message=\"1\" flag=Flagged on");
    doer_end(d);
}

Test(mail_program, the_keyboard_alone_reads_answers_and_removes)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    send_and_fetch(d, "First", "pop3");
    send_and_fetch(d, "Second", "pop3");
    open_mail(d);
    doer_key(d, INPUT_KEY_UP);
    doer_key(d, 'f');
    doer_expect(d, "flag by=mua-bob message=\"1\" flag=Flagged on");
    doer_key(d, INPUT_KEY_DOWN);
    doer_key(d, INPUT_KEY_DELETE);
    doer_expect(d, "delete by=mua-bob message=\"2\"");
    doer_key(d, INPUT_KEY_ENTER);
    doer_expect(d, "read by=mua-bob message=\"2\"");
    doer_key(d, 'r');
    doer_fill(d, "Yes.");
    view_input(d->view,
               &(struct input_event){.kind = INPUT_KEY, .key = INPUT_KEY_ENTER, .ctrl = true});
    doer_expect(d, "reply by=mua-bob message=\"2\" body=\"Yes.\"");
    cr_expect(doer_has(d, "mail-list"), "back in the program");
    doer_end(d);
}

Test(mail_program, an_answer_shows_what_the_program_will_quote)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    send_and_fetch(d, "Lunch", "pop3");
    open_mail(d);
    doer_press(d, "mail-reply-all");
    cr_expect(doer_shows(d, "Lunch at one?"));
    doer_press(d, "compose-attach");
    doer_fill(d, "menu.txt");
    doer_press(d, "compose-send");
    doer_expect(d, "");
    cr_expect(doer_shows(d, "An attachment needs a name and a content"));
    doer_press(d, "compose-attach-text");
    doer_fill(d, "Soup");
    doer_press(d, "compose-send");
    doer_expect(d, "reply by=mua-bob message=\"1\" all=true attach=\"menu.txt:Soup\"");
    doer_end(d);
}

Test(mail_program, a_draft_is_kept_until_it_is_sent)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    send_and_fetch(d, "Lunch", "pop3");
    doer_follow(d);
    doer_key(d, 'm');
    doer_press(d, "compose-body");
    doer_fill(d, "half a sentence");
    doer_key(d, INPUT_KEY_ESCAPE);
    open_mail(d);
    doer_press(d, "mail-reply");
    cr_expect(!doer_shows(d, "half a sentence"), "an answer is another draft");
    doer_key(d, INPUT_KEY_ESCAPE);
    doer_key(d, INPUT_KEY_ESCAPE);
    doer_key(d, 'm');
    cr_expect(doer_shows(d, "half a sentence"));
    doer_press(d, "compose-send");
    doer_key(d, 'm');
    cr_expect(!doer_shows(d, "half a sentence"));
    doer_end(d);
}

Test(mail_program, copies_and_attachments_of_a_new_message_are_sent)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    doer_key(d, 'm');
    doer_press(d, "compose-cc");
    doer_fill(d, "alice@example.com");
    doer_press(d, "compose-bcc");
    doer_fill(d, "bob@example.org");
    doer_press(d, "compose-attach");
    doer_fill(d, "a.png");
    doer_press(d, "compose-attach-text");
    doer_fill(d, "20000");
    cr_expect(doer_has(d, "compose-attach-2"), "room for another one");
    doer_press(d, "compose-send");
    doer_expect(d, "send from=\"alice@example.com\" to=\"bob@example.org\" "
                   "cc=\"alice@example.com\" bcc=\"bob@example.org\" subject=\"Hello\" "
                   "attach=\"a.png:20000\"");
    doer_end(d);
}

/* RFC 1939 knows no folders: a program that fetches by POP3 has its own, and a move keeps the
   message where it stood in the program's list. */
Test(mail_program, own_folders_are_known_from_what_was_moved_there)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    uint32_t first = send_and_fetch(d, "First", "pop3");
    uint32_t second = send_and_fetch(d, "Second", "pop3");
    ADD(COPY, copy, d->story.bob, second, d->story.bob, T("pc-bob:Local/Done"));
    ADD(REMOVE, remove, d->story.bob, second, T("pc-bob:Local"), 0);
    ADD(COPY, copy, d->story.bob, first, d->story.bob, T("pc-bob:Local/Done"));
    ADD(REMOVE, remove, d->story.bob, first, T("pc-bob:Local"), 0);
    ADD(REMOVE, remove, d->story.bob, first, T("bob@example.org/INBOX"), 0); /* the server's copy */
    struct mailbox box = {0};
    mailbox_seek(&box, &d->story.log, d->story.bob, log_count(&d->story.log));
    cr_assert_eq(box.folder_count, 2);
    cr_expect(slice_equal(box.folders[1], SLICE("Done")));
    cr_expect_eq(mailbox_count(&box, MAILBOX_INBOX), 0);
    cr_assert_eq(mailbox_count(&box, 1), 2);
    cr_expect_eq(mailbox_find(&box, 1, 1)->msg, first, "in the order in which they were got");
    mailbox_finish(&box);
    open_mail(d);
    doer_key(d, INPUT_KEY_RIGHT);
    doer_key(d, INPUT_KEY_DELETE);
    doer_expect(d, "delete by=mua-bob message=\"2\" folder=\"Done\"");
    doer_press(d, "mail-move");
    doer_press(d, "menu-folder-0");
    doer_expect(d, "move by=mua-bob message=\"2\" folder=\"Done\" to=\"INBOX\"");
    doer_press(d, "mail-folder");
    doer_fill(d, "Later");
    doer_press(d, "form-do");
    doer_expect(d, "folder by=mua-bob create=\"Later\"");
    doer_end(d);
}

static void imap(struct doer *d, const char *verb, const char *text)
{
    ADD(IMAP_DATA, imap_data, 1, T(verb), T(text), 0);
}

/* RFC 9051 7.5.2, 7.5.1: flags and removals by other clients arrive as data that nobody asked for.
 */
Test(mail_program, an_imap_server_tells_of_flags_and_removals)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    ADD(TCP_CONNECT, tcp_connect, 1, d->story.bob, d->story.access, 143, 50000, T("pc-bob mx1"));
    ADD(IMAP_CMD, imap_cmd, 1, T("SELECT"), T("INBOX"), 0);
    imap(d, "FETCH", "1 (UID 4 FLAGS (\\Seen) BODY[] {20}");
    send_and_fetch(d, "First", "imap");
    imap(d, "FETCH", "2 (UID 7 FLAGS () BODY[] {20}");
    send_and_fetch(d, "Second", "imap");
    struct mailbox box = {0};
    const struct log *log = &d->story.log;
    mailbox_seek(&box, log, d->story.bob, log_count(log));
    cr_assert_eq(mailbox_count(&box, MAILBOX_INBOX), 2);
    cr_expect_eq(mailbox_find(&box, MAILBOX_INBOX, 1)->flags, MAILBOX_SEEN);
    imap(d, "FETCH", "2 (UID 7 FLAGS (\\Flagged \\Recent))");
    mailbox_seek(&box, log, d->story.bob, log_count(log));
    cr_expect_eq(mailbox_find(&box, MAILBOX_INBOX, 2)->flags, MAILBOX_FLAGGED);
    imap(d, "EXPUNGE", "1");
    mailbox_seek(&box, log, d->story.bob, log_count(log));
    cr_assert_eq(mailbox_count(&box, MAILBOX_INBOX), 1);
    cr_expect_eq(mailbox_find(&box, MAILBOX_INBOX, 1)->uid, 7);
    ADD(IMAP_CMD, imap_cmd, 1, T("UID FETCH"), T("1:* (UID FLAGS)"), 0);
    ADD(IMAP_REPLY, imap_reply, 1, T("UID FETCH"), 1, T("that is all"), 0);
    mailbox_seek(&box, log, d->story.bob, log_count(log));
    cr_expect_eq(mailbox_count(&box, MAILBOX_INBOX), 0, "what is not listed is gone");
    mailbox_finish(&box);
    doer_end(d);
}

Test(mail_program, what_waits_in_the_outbox_is_there_with_its_reason)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    uint32_t msg =
        write_message(d, d->story.bob, "bob@example.org", "alice@example.com", "Stuck here");
    ADD(QUEUE_ADD, queue_add, d->story.bob, msg, 1, T("Q1"), T("alice@example.com"),
        T("bob@example.org"));
    ADD(QUEUE_TRY, queue_try, d->story.bob, msg, 1, T("Q1"), T("alice@example.com"));
    ADD(QUEUE_DEFER, queue_defer, d->story.bob, msg, 1, 600, T("alice@example.com"),
        T("connection refused"));
    open_mail(d);
    doer_press(d, "mail-folder-Outbox");
    cr_expect(doer_shows(d, "Stuck here"));
    cr_expect(doer_shows(d, "connection refused"));
    doer_end(d);
}

/* RFC 2047, 2045: what is read is decoded, and what is attached is named. */
Test(mail_program, text_is_decoded_and_attachments_are_named)
{
    static const char message[] =
        "Subject: =?utf-8?Q?Gr=C3=BC=C3=9Fe?=\r\nMIME-Version: 1.0\r\n"
        "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n"
        "Content-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: "
        "quoted-printable\r\n\r\nCaf=C3=A9\r\n--b\r\nContent-Type: image/png\r\n"
        "Content-Disposition: attachment; filename=photo.png\r\n"
        "Content-Transfer-Encoding: base64\r\n\r\nAAAA\r\n--b--\r\n";
    struct bytes out;
    bytes_init(&out, 10000);
    mail_text(SLICE(message), &out);
    cr_expect(slice_find(bytes_slice(&out), SLICE("Caf\xC3\xA9"), 0) != SLICE_NONE);
    cr_expect(slice_find(bytes_slice(&out), SLICE("photo.png"), 0) != SLICE_NONE);
    bytes_finish(&out);
}

/* Whatever lies in a mailbox, a text of bounded size comes of it. */
Test(mail_program, broken_messages_do_no_harm)
{
    static const struct slice contents[] = {
        {"", 0},
        {"\0\0\0", 3},
        {"Content-Type: multipart/mixed; boundary=x\r\n\r\n--x", 49},
        {"Content-Type: text/plain; charset=nonsense\r\n\r\n\xFF\xFE", 48},
        {"Content-Transfer-Encoding: base64\r\n\r\n!!!!", 41},
    };
    for (size_t i = 0; i < sizeof contents / sizeof *contents; i++) {
        struct bytes out;
        bytes_init(&out, 1000);
        mail_text(contents[i], &out);
        cr_expect_leq(bytes_size(&out), 1000);
        bytes_finish(&out);
    }
}

/* In a browser the page's list counts: it is asked for by its place there. */
Test(mail_program, a_person_with_a_browser_does_it_with_pages)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    ADD(AGENT, agent, T("browser"), d->story.pc_bob, T("browser"), T("eve@example.org"), T(""));
    doer_follow(d);
    mail_program_open(d->view, log_place_count(&d->story.log));
    cr_expect(doer_shows(d, "Mail of eve@example.org, in a browser"));
    cr_expect(!doer_has(d, "mail-expunge"));
    doer_key(d, 'g');
    doer_expect(d, "browse by=browser page=inbox");
    doer_press(d, "mail-web-open");
    doer_fill(d, "2");
    doer_press(d, "form-do");
    doer_expect(d, "browse by=browser page=message message=\"2\"");
    doer_press(d, "mail-write");
    doer_press(d, "compose-to");
    doer_fill(d, "bob@example.org");
    doer_press(d, "compose-send");
    doer_expect(d, "browse by=browser page=send to=\"bob@example.org\" subject=\"Hello\"");
    doer_end(d);
}

static void browser_sees_inbox(struct doer *d)
{
    ADD(UI, ui, T("screen"), T("eve@example.org: sees the page \"Inbox\", 1 message"));
    doer_follow(d);
}

/* The page lists what the server has when it is asked for; what a message says is on a page of its
   own. */
Test(mail_program, a_browser_lists_what_the_page_of_the_inbox_had)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    ADD(AGENT, agent, T("browser"), d->story.pc_bob, T("browser"), T("eve@example.org"), T(""));
    uint32_t browser = log_place_count(&d->story.log);
    ADD(DELIVER, deliver, d->story.mda, 1, T("eve@example.org/INBOX"), T("eve@example.org"),
        T("From: Zoe <zoe@example.net>\r\nSubject: Harvest\r\n\r\n"), T("the pears are ripe\r\n"));
    doer_follow(d);
    mail_program_open(d->view, browser);
    cr_expect_not(doer_shows(d, "Harvest"), "the page was not asked for");
    browser_sees_inbox(d);
    doer_press(d, "mail-row-1");
    cr_expect(doer_shows(d, "Harvest"));
    cr_expect_not(doer_shows(d, "pears"));
    cr_expect(doer_shows(d, "Press O to open it"));
    doer_press(d, "mail-row-1");
    doer_expect(d, "browse by=browser message=\"1\" page=message");
    ADD(FETCH, fetch, browser, 1, T("eve@example.org/INBOX"), T("http"), 0, 0);
    doer_follow(d);
    cr_expect(doer_shows(d, "pears"));
    ADD(REMOVE, remove, d->story.mda, 1, T("eve@example.org/INBOX"), d->story.mda);
    doer_follow(d);
    cr_expect(doer_shows(d, "Harvest"), "the page is still the same");
    browser_sees_inbox(d);
    cr_expect_not(doer_shows(d, "Harvest"));
    doer_end(d);
}

/* What stands there is only proposed: the first letter takes its place; and the next message goes
   to nobody whom only the last one was for. */
Test(mail_program, a_new_message_proposes_and_does_not_insist)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    mail_program_open(d->view, d->story.alice);
    doer_press(d, "mail-write");
    support_type(d->view, "Lunch");
    doer_press(d, "compose-to");
    doer_fill(d, "bob@birch.example");
    doer_press(d, "compose-send");
    doer_expect(d, "send from=\"alice@example.com\" to=\"bob@birch.example\" subject=\"Lunch\"");
    doer_key(d, 'm');
    doer_press(d, "compose-send");
    doer_expect(d, "send from=\"alice@example.com\" to=\"bob@example.org\" subject=\"Hello\"");
    doer_end(d);
}

Test(mail_program, who_has_two_programs_writes_with_the_one_that_was_opened)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    ADD(AGENT, agent, T("hasty"), d->story.pc_bob, T("mua"), T("bob@example.org"), T(""));
    doer_follow(d);
    mail_program_open(d->view, log_place_count(&d->story.log));
    doer_press(d, "mail-write");
    doer_press(d, "compose-send");
    doer_expect(d, "send from=\"hasty\" to=\"alice@example.com\" subject=\"Hello\"");
    mail_program_open(d->view, d->story.bob);
    doer_press(d, "mail-write");
    doer_press(d, "compose-send");
    doer_expect(d, "send from=\"bob@example.org\" to=\"alice@example.com\" subject=\"Hello\"");
    mail_program_open(d->view, d->story.alice);
    doer_press(d, "mail-write");
    doer_press(d, "compose-send");
    doer_expect(d, "send from=\"alice@example.com\" to=\"bob@example.org\" subject=\"Hello\"");
    doer_end(d);
}

Test(mail_program, idle_is_for_imap_alone)
{
    struct doer doer, *d = &doer;
    doer_begin(d);
    open_mail(d);
    cr_expect(!doer_has(d, "mail-idle"));
    doer_key(d, INPUT_KEY_ESCAPE);
    struct event_conf conf = {d->story.bob, T("incoming_protocol"), T("imap"), 0};
    log_add(&d->story.log, d->story.t += VTIME_S, 0, EVENT_CONF, 0, &conf);
    open_mail(d);
    cr_expect(doer_shows(d, "by IMAP"));
    doer_press(d, "mail-idle");
    doer_expect(d, "idle by=mua-bob on");
    doer_end(d);
}

/* Of two runs beside each other it shows the one in which deeds are done: what is got there comes
   into its list, and nothing of the other run is left when that one goes. */
Test(mail_program, of_two_runs_it_shows_the_one_that_is_worked_in)
{
    struct doer doer, *d = &doer;
    struct doer forked, *f = &forked;
    doer_begin(d);
    doer_begin(f);
    send_and_fetch(f, "Lunch", "pop3");
    doer_follow(d);
    view_set_other(d->view, &f->story.log, 0);
    view_seek(d->view, log_end(&f->story.log));
    doer_draw(d);
    select_host(d->view, d->story.pc_bob);
    doer_draw(d);
    doer_key(d, 'r');
    cr_expect_eq(mailbox_count(&d->view->doing->mail.box, MAILBOX_INBOX), 1);
    doer_key(d, INPUT_KEY_ESCAPE);
    view_choose_run(d->view, 0);
    doer_draw(d);
    doer_key(d, 'r');
    cr_expect_eq(mailbox_count(&d->view->doing->mail.box, MAILBOX_INBOX), 0,
                 "the first run's Bob has got nothing");
    view_choose_run(d->view, 1);
    doer_draw(d);
    view_set_other(d->view, NULL, 0);
    doer_draw(d);
    cr_expect_eq(mailbox_count(&d->view->doing->mail.box, MAILBOX_INBOX), 0, "that run has gone");
    doer_end(f);
    doer_end(d);
}
