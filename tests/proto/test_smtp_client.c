/*
 * The client against scripted servers, also odd ones (support_smtp_script.h). Each script runs turn
 * by turn and octet by octet; what the role is told is compared as text (support_smtp_client.h).
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <string.h>

#include "support_smtp.h"
#include "support_smtp_script.h"

static const struct slice one[] = {{"bob@example.org", 15}};
static const struct slice three[] = {
    {"bob@example.org", 15}, {"nobody@example.org", 18}, {"bea@example.org", 15}};
static const struct slice odd[] = {{"a> SIZE=1", 9}, {"bob@example.org", 15}, {"x\r\nQUIT", 7}};

#define MESSAGE .header = {"A: b\r\n\r\n", 8}, .body = {".x\r\ny", 5}
#define FROM_ALICE .reverse_path = {"alice@example.com", 17}

static const struct smtp_client_transaction to_one = {FROM_ALICE, .forward_paths = one,
                                                      .recipient_count = 1, MESSAGE};
static const struct smtp_client_transaction to_three = {FROM_ALICE, .forward_paths = three,
                                                        .recipient_count = 3, MESSAGE};
static const struct smtp_client_transaction to_odd = {FROM_ALICE, .forward_paths = odd,
                                                      .recipient_count = 3, MESSAGE};
static const struct smtp_client_transaction to_nobody_sane = {
    .forward_paths = odd, .recipient_count = 1, MESSAGE};
static const struct smtp_client_transaction in_8bit = {
    FROM_ALICE, .forward_paths = one, .recipient_count = 1, MESSAGE, .is_8bit = true};
static const struct smtp_client_transaction from_nobody = {
    .forward_paths = one, .recipient_count = 1, MESSAGE};
static const struct smtp_client_transaction from_injector = {
    .reverse_path = {"a@b.example>\r\nQUIT", 18},
    .forward_paths = three,
    .recipient_count = 2,
    MESSAGE};

static const struct smtp_client_options plain = {.hostname = {"out.example.com", 15}};
static const struct smtp_client_options alice = {.hostname = {"pc-alice", 8},
                                                 .user = {"alice", 5},
                                                 .password = {"secret", 6},
                                                 .allows_clear = true};

#define HELLO "S:220 hi\nC:EHLO out.example.com\nS:250 mx1\n"
#define HELLO_LOG "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1\nREADY\n"
#define HELLO_P "S:220 hi\nC:EHLO out.example.com\nS:250-mx1\nS:250 PIPELINING\n"
#define HELLO_P_LOG "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/PIPELINING\nREADY\n"
#define BYE "C:QUIT\nS:221 bye\n"
#define BYE_LOG "READY\nREPLY QUIT 221 bye\nCLOSED 221 bye\n"
#define MAIL "C:MAIL FROM:<alice@example.com>\n"
#define RCPT "C:RCPT TO:<bob@example.org>\n"
#define TEXT "C:A: b\nC:\nC:..x\nC:y\nC:.\n"

/* RFC 5321 appendix D.1, one command at a time */
Test(smtp_client, a_message_is_sent_step_by_step_to_a_server_that_does_not_pipeline)
{
    smtp_script_test(
        &plain, &to_one,
        HELLO MAIL "S:250 2.1.0 ok\n" RCPT "S:250 2.1.5 ok\nC:DATA\nS:354 go\n" TEXT
                   "S:250 2.0.0 queued\n" BYE,
        HELLO_LOG "REPLY MAIL 250 2.1.0 ok\nREPLY RCPT 250 2.1.5 ok\nRECIPIENT 0 250 2.1.5 ok\n"
                  "REPLY DATA 354 go\nREPLY DOT 250 2.0.0 queued\nDONE 250 2.0.0 queued\n" BYE_LOG);
}

/* RFC 2920 3.1 */
Test(smtp_client, a_whole_group_goes_out_at_once_when_pipelining_is_offered)
{
    smtp_script_test(
        &plain, &to_three,
        HELLO_P MAIL RCPT "C:RCPT TO:<nobody@example.org>\nC:RCPT TO:<bea@example.org>\nC:DATA\n"
                          "S:250 ok\nS:250 ok\nS:550 5.1.1 no\nS:251 will forward\nS:354 go\n" TEXT
                          "S:250 queued\n" BYE,
        HELLO_P_LOG "REPLY MAIL 250 ok\nREPLY RCPT 250 ok\nRECIPIENT 0 250 ok\n"
                    "REPLY RCPT 550 5.1.1 no\nRECIPIENT 1 550 5.1.1 no\n"
                    "REPLY RCPT 251 will forward\nRECIPIENT 2 251 will forward\n"
                    "REPLY DATA 354 go\nREPLY DOT 250 queued\nDONE 250 queued\n" BYE_LOG);
}

/* RFC 2920 3.1: a server may say 354 with no recipient left; the dot alone answers that. */
Test(smtp_client, no_message_is_sent_for_nobody_and_even_a_250_for_it_is_no_success)
{
    smtp_script_test(
        &plain, &to_one,
        HELLO_P MAIL RCPT "C:DATA\nS:250 ok\nS:550 5.1.1 no\nS:354 go\nC:.\nS:250 taken\n" BYE,
        HELLO_P_LOG "REPLY MAIL 250 ok\nREPLY RCPT 550 5.1.1 no\nRECIPIENT 0 550 5.1.1 no\n"
                    "REPLY DATA 354 go\nREPLY DOT 250 taken\nDONE 550 5.1.1 no\n" BYE_LOG);
    smtp_script_test(
        &plain, &to_one,
        HELLO_P MAIL RCPT "C:DATA\nS:250 ok\nS:450 later\nS:554 no valid recipients\nC:RSET\n"
                          "S:250 ok\n" BYE,
        HELLO_P_LOG
        "REPLY MAIL 250 ok\nREPLY RCPT 450 later\nRECIPIENT 0 450 later\n"
        "REPLY DATA 554 no valid recipients\nDONE 450 later\nREPLY RSET 250 ok\n" BYE_LOG);
    smtp_script_test(
        &plain, &to_one, HELLO MAIL "S:250 ok\n" RCPT "S:550 no\nC:RSET\nS:250 ok\n" BYE,
        HELLO_LOG "REPLY MAIL 250 ok\nREPLY RCPT 550 no\nRECIPIENT 0 550 no\nDONE 550 no\n"
                  "REPLY RSET 250 ok\n" BYE_LOG);
}

Test(smtp_client, a_refused_sender_is_every_recipients_fate)
{
    smtp_script_test(&plain, &to_three, HELLO MAIL "S:550 5.7.1 not you\n" BYE,
                     HELLO_LOG "REPLY MAIL 550 5.7.1 not you\nRECIPIENT 0 550 5.7.1 not you\n"
                               "RECIPIENT 1 550 5.7.1 not you\nRECIPIENT 2 550 5.7.1 not you\n"
                               "DONE 550 5.7.1 not you\n" BYE_LOG);
    /* behind the group's 503s and a strange 354 it is still MAIL's reply that counts */
    smtp_script_test(&plain, &to_one,
                     HELLO_P MAIL RCPT
                     "C:DATA\nS:451 later\nS:250 ok\nS:354 go\nC:.\nS:250 ok\n" BYE,
                     HELLO_P_LOG "REPLY MAIL 451 later\nRECIPIENT 0 451 later\nREPLY RCPT 250 ok\n"
                                 "REPLY DATA 354 go\nREPLY DOT 250 ok\nDONE 451 later\n" BYE_LOG);
}

Test(smtp_client, refused_data_is_the_fate_of_those_that_were_accepted)
{
    smtp_script_test(
        &plain, &to_three,
        HELLO_P MAIL RCPT "C:RCPT TO:<nobody@example.org>\nC:RCPT TO:<bea@example.org>\nC:DATA\n"
                          "S:250 ok\nS:250 ok\nS:550 no\nS:250 ok\nS:451 disk full\n"
                          "C:RSET\nS:250 ok\n" BYE,
        HELLO_P_LOG "REPLY MAIL 250 ok\nREPLY RCPT 250 ok\nRECIPIENT 0 250 ok\nREPLY RCPT 550 no\n"
                    "RECIPIENT 1 550 no\nREPLY RCPT 250 ok\nRECIPIENT 2 250 ok\n"
                    "REPLY DATA 451 disk full\nRECIPIENT 0 451 disk full\n"
                    "RECIPIENT 2 451 disk full\nDONE 451 disk full\nREPLY RSET 250 ok\n" BYE_LOG);
}

Test(smtp_client, a_message_refused_after_the_dot_is_not_taken)
{
    smtp_script_test(
        &plain, &to_one,
        HELLO_P MAIL RCPT "C:DATA\nS:250 ok\nS:250 ok\nS:354 go\n" TEXT "S:554 5.6.0 no\n" BYE,
        HELLO_P_LOG "REPLY MAIL 250 ok\nREPLY RCPT 250 ok\nRECIPIENT 0 250 ok\nREPLY DATA 354 go\n"
                    "REPLY DOT 554 5.6.0 no\nDONE 554 5.6.0 no\n" BYE_LOG);
}

/* RFC 5321 3.2, 4.2.1: old servers, many lines, no text */
Test(smtp_client, a_server_without_ehlo_is_greeted_with_helo)
{
    smtp_script_test(
        &plain, &from_nobody,
        "S:220-hello\nS:220-\nS:220\nC:EHLO out.example.com\nS:502-what\nS:502 is that\n"
        "C:HELO out.example.com\nS:250\nC:MAIL FROM:<>\nS:250\n" RCPT "S:250\nC:DATA\nS:354\n" TEXT
        "S:250\nC:QUIT\nS:221\n",
        "REPLY CONNECT 220 hello//\nREPLY EHLO 502 what/is that\nREPLY HELO 250\nREADY\n"
        "REPLY MAIL 250\nREPLY RCPT 250\nRECIPIENT 0 250\nREPLY DATA 354\nREPLY DOT 250\n"
        "DONE 250\nREADY\nREPLY QUIT 221\nCLOSED 221\n");
}

/* RFC 1870 3, 6152 3 */
Test(smtp_client, size_and_body_are_said_where_they_are_offered)
{
    smtp_script_test(
        &plain, &in_8bit,
        "S:220 hi\nC:EHLO out.example.com\nS:250-mx1\nS:250-size 15\nS:250-X-OTHER thing\n"
        "S:250 8bitmime\nC:MAIL FROM:<alice@example.com> SIZE=15 BODY=8BITMIME\nS:452 4.3.1 "
        "full\n" BYE,
        "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/size 15/X-OTHER thing/8bitmime\nREADY\n"
        "REPLY MAIL 452 4.3.1 full\nRECIPIENT 0 452 4.3.1 full\nDONE 452 4.3.1 full\n" BYE_LOG);
}

/* RFC 1870 6.1: announced, refused, and nothing was sent ahead of the answer. */
Test(smtp_client, what_is_too_large_may_be_left_to_the_server_to_refuse)
{
    const struct smtp_client_options announces = {.hostname = {"out.example.com", 15},
                                                  .announces_size = true};
    smtp_script_test(
        &announces, &to_one,
        "S:220 hi\nC:EHLO out.example.com\nS:250-mx1\nS:250-PIPELINING\nS:250 SIZE 14\n"
        "C:MAIL FROM:<alice@example.com> SIZE=15\nS:552 5.3.4 too large\n" BYE,
        "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/PIPELINING/SIZE 14\nREADY\n"
        "REPLY MAIL 552 5.3.4 too large\nRECIPIENT 0 552 5.3.4 too large\n"
        "DONE 552 5.3.4 too large\n" BYE_LOG);
}

Test(smtp_client, what_the_server_cannot_take_is_not_sent_at_all)
{
    smtp_script_test(&plain, &to_one,
                     "S:220 hi\nC:EHLO out.example.com\nS:250-mx1\nS:250 SIZE 14\n" BYE,
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/SIZE 14\nREADY\n"
                     "RECIPIENT 0 552 5.3.4 message size exceeds the server's limit\n"
                     "DONE 552 5.3.4 message size exceeds the server's limit\n" BYE_LOG);
    smtp_script_test(&plain, &in_8bit, HELLO BYE,
                     HELLO_LOG "RECIPIENT 0 554 5.6.3 the server takes no 8-bit messages\n"
                               "DONE 554 5.6.3 the server takes no 8-bit messages\n" BYE_LOG);
}

/* An address is never more than an address in a command. */
Test(smtp_client, no_command_can_be_injected_through_an_address)
{
    smtp_script_test(&plain, &to_odd,
                     HELLO_P MAIL RCPT "C:DATA\nS:250 ok\nS:250 ok\nS:354 go\n" TEXT
                                       "S:250 queued\n" BYE,
                     HELLO_P_LOG "RECIPIENT 0 553 5.1.3 not a mail address\n"
                                 "RECIPIENT 2 553 5.1.3 not a mail address\nREPLY MAIL 250 ok\n"
                                 "REPLY RCPT 250 ok\nRECIPIENT 1 250 ok\nREPLY DATA 354 go\n"
                                 "REPLY DOT 250 queued\nDONE 250 queued\n" BYE_LOG);
    smtp_script_test(&plain, &to_odd,
                     HELLO MAIL "S:250 ok\n" RCPT "S:250 ok\nC:DATA\nS:354 go\n" TEXT
                                "S:250 queued\n" BYE,
                     HELLO_LOG "RECIPIENT 0 553 5.1.3 not a mail address\n"
                               "RECIPIENT 2 553 5.1.3 not a mail address\nREPLY MAIL 250 ok\n"
                               "REPLY RCPT 250 ok\nRECIPIENT 1 250 ok\nREPLY DATA 354 go\n"
                               "REPLY DOT 250 queued\nDONE 250 queued\n" BYE_LOG);
    smtp_script_test(&plain, &to_nobody_sane, HELLO_P BYE,
                     HELLO_P_LOG "RECIPIENT 0 553 5.1.3 not a mail address\n"
                                 "DONE 553 5.1.3 not a mail address\n" BYE_LOG);
    smtp_script_test(&plain, &from_injector, HELLO_P BYE,
                     HELLO_P_LOG "RECIPIENT 0 553 5.1.7 the sender is no mail address\n"
                                 "RECIPIENT 1 553 5.1.7 the sender is no mail address\n"
                                 "DONE 553 5.1.7 the sender is no mail address\n" BYE_LOG);
}

#define ALICE_HELLO "S:220 hi\nC:EHLO pc-alice\nS:250-submit\nS:250 AUTH LOGIN PLAIN\n"
#define ALICE_LOG "REPLY CONNECT 220 hi\nREPLY EHLO 250 submit/AUTH LOGIN PLAIN\n"
#define ALICE_AUTH "C:AUTH PLAIN AGFsaWNlAHNlY3JldA==\n"

/* RFC 4954 4, 4616 2 */
Test(smtp_client, a_user_is_authenticated_before_anything_is_sent)
{
    smtp_script_test(&alice, NULL, ALICE_HELLO ALICE_AUTH "S:235 2.7.0 welcome\n" BYE,
                     ALICE_LOG "REPLY AUTH 235 2.7.0 welcome\n" BYE_LOG);
}

Test(smtp_client, without_authentication_there_is_no_transaction)
{
    smtp_script_test(&alice, &to_one, ALICE_HELLO ALICE_AUTH "S:535 5.7.8 wrong\nC:QUIT\n",
                     ALICE_LOG "REPLY AUTH 535 5.7.8 wrong\nFAILED 535 5.7.8 wrong\n");
    smtp_script_test(&alice, &to_one,
                     "S:220 hi\nC:EHLO pc-alice\nS:250-mx1\nS:250 AUTH GSSAPI\nC:QUIT\n",
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/AUTH GSSAPI\n"
                     "FAILED 5.7.4 the server offers no way to log in that may be used\n");
    /* a server that wants more than the whole of PLAIN: cancelled */
    smtp_script_test(
        &alice, &to_one, ALICE_HELLO ALICE_AUTH "S:334 \nC:*\nS:501 5.7.0 cancelled\nC:QUIT\n",
        ALICE_LOG "REPLY AUTH 334\nREPLY AUTH 501 5.7.0 cancelled\nFAILED 501 5.7.0 cancelled\n");
}

/* RFC 4954 4: a response too long for the command's line comes after 334. */
Test(smtp_client, a_long_password_waits_for_the_challenge)
{
    static char password[500];
    memset(password, 'p', sizeof password);
    struct smtp_client_options options = alice;
    options.password = (struct slice){password, sizeof password};
    struct smtp_script r;
    smtp_script_start(&r, &options, NULL, 0);
    smtp_script_play(&r, ALICE_HELLO "C:AUTH PLAIN\n", false);
    smtp_script_feed(&r, SLICE("334 \r\n"), false);
    cr_expect_eq(bytes_size(&r.out), (1 + 5 + 1 + 500 + 2) / 3 * 4 + 2);
    bytes_clear(&r.out);
    smtp_script_play(&r, "S:235 ok\nC:QUIT\nS:221 bye\n", false);
    smtp_script_finish(&r);
}

/* RFC 5321 3.1: QUIT is owed to a server that refuses, and none to one that leaves (3.8). */
Test(smtp_client, a_server_may_refuse_the_session)
{
    smtp_script_test(&plain, &to_one, "S:554 5.7.1 go away\nC:QUIT\n",
                     "REPLY CONNECT 554 5.7.1 go away\nFAILED 554 5.7.1 go away\n");
    smtp_script_test(&plain, &to_one, "S:421 4.3.2 busy\n",
                     "REPLY CONNECT 421 4.3.2 busy\nFAILED 421 4.3.2 busy\n");
    smtp_script_test(
        &plain, &to_one,
        "S:220 hi\nC:EHLO out.example.com\nS:550 no\nC:HELO out.example.com\nS:550 no\nC:QUIT\n",
        "REPLY CONNECT 220 hi\nREPLY EHLO 550 no\nREPLY HELO 550 no\nFAILED 550 no\n");
    smtp_script_test(&plain, &to_one, "S:220 hi\nC:EHLO out.example.com\nS:450 later\nC:QUIT\n",
                     "REPLY CONNECT 220 hi\nREPLY EHLO 450 later\nFAILED 450 later\n");
}

Test(smtp_client, a_421_at_any_moment_ends_the_session_with_that_reply)
{
    smtp_script_test(&plain, &to_one, HELLO MAIL "S:421 4.3.2 down\n",
                     HELLO_LOG "REPLY MAIL 421 4.3.2 down\nFAILED 421 4.3.2 down\n");
    smtp_script_test(&plain, &to_one,
                     HELLO_P MAIL RCPT "C:DATA\nS:250 ok\nS:421 down\nS:503 x\nEOF\n",
                     HELLO_P_LOG "REPLY MAIL 250 ok\nREPLY RCPT 421 down\nFAILED 421 down\n");
    smtp_script_test(&plain, &to_one,
                     HELLO_P MAIL RCPT "C:DATA\nS:250 ok\nS:250 ok\nS:354 go\n" TEXT "S:421 down\n",
                     HELLO_P_LOG
                     "REPLY MAIL 250 ok\nREPLY RCPT 250 ok\nRECIPIENT 0 250 ok\nREPLY DATA 354 go\n"
                     "REPLY DOT 421 down\nFAILED 421 down\n");
    smtp_script_test(&plain, NULL, HELLO "C:QUIT\nS:421 down\n",
                     HELLO_LOG "REPLY QUIT 421 down\nCLOSED 421 down\n");
}

#define GONE "the server closed the connection"
Test(smtp_client, a_server_that_closes_is_known_at_every_moment)
{
    smtp_script_test(&plain, &to_one, "EOF\n", "LOST " GONE "\n");
    smtp_script_test(&plain, &to_one, "R:220 h\nEOF\n", "LOST " GONE "\n");
    smtp_script_test(&plain, &to_one, "S:220-hi\nEOF\n", "LOST " GONE "\n");
    smtp_script_test(&plain, &to_one, "S:220 hi\nC:EHLO out.example.com\nEOF\n",
                     "REPLY CONNECT 220 hi\nLOST " GONE "\n");
    smtp_script_test(&plain, &to_one, HELLO MAIL "EOF\n", HELLO_LOG "LOST " GONE "\n");
    smtp_script_test(
        &plain, &to_one, HELLO MAIL "S:250 ok\n" RCPT "S:250 ok\nC:DATA\nS:354 go\n" TEXT "EOF\n",
        HELLO_LOG "REPLY MAIL 250 ok\nREPLY RCPT 250 ok\nRECIPIENT 0 250 ok\nREPLY DATA 354 go\n"
                  "LOST " GONE "\n");
    /* behind our QUIT it may simply close */
    smtp_script_test(&plain, NULL, HELLO "C:QUIT\nEOF\n", HELLO_LOG "CLOSED " GONE "\n");
}

#define NONSENSE "the server's reply could not be understood"
#define MISFIT "the server's reply fits no command"
Test(smtp_client, nonsense_ends_the_session_and_is_never_taken_for_success)
{
    smtp_script_test(&plain, &to_one, "S:SSH-2.0-OpenSSH\n", "LOST " NONSENSE "\n");
    smtp_script_test(&plain, &to_one, "S:+OK POP3 here\n", "LOST " NONSENSE "\n");
    smtp_script_test(&plain, &to_one, "S:220-a\nS:221 b\n", "LOST " NONSENSE "\n");
    smtp_script_test(&plain, &to_one, "S:354 go\n", "REPLY CONNECT 354 go\nLOST " MISFIT "\n");
    smtp_script_test(&plain, &to_one, HELLO MAIL "S:354 go\n",
                     HELLO_LOG "REPLY MAIL 354 go\nLOST " MISFIT "\n");
    smtp_script_test(&plain, &to_one, HELLO_P MAIL RCPT "C:DATA\nS:250 ok\nS:250 ok\nS:250 taken\n",
                     HELLO_P_LOG "REPLY MAIL 250 ok\nREPLY RCPT 250 ok\nRECIPIENT 0 250 ok\n"
                                 "REPLY DATA 250 taken\nLOST " MISFIT "\n");
}

/* A 250 that was there before the dot had left can't speak of this message. */
Test(smtp_client, a_reply_that_comes_before_its_message_is_no_success)
{
    struct smtp_script r;
    smtp_script_start(&r, &plain, &to_one, 1);
    smtp_script_play(&r, HELLO_P MAIL RCPT "C:DATA\nS:250 ok\nS:250 ok\n", false);
    cr_assert(session_feed(&r.c.base, SLICE("354 go\r\n250 taken already\r\n")));
    smtp_sender_serve(&r.sender, &r.c);
    cr_expect_eq(r.sender.taken, 0);
    cr_expect(r.sender.is_failed && r.sender.is_lost);
    support_drain(&r.c.base, &r.out);
    cr_expect_eq(bytes_size(&r.out), 0, "nothing of the message leaves any more");
    smtp_script_finish(&r);
}

Test(smtp_client, an_endless_line_or_reply_is_given_up)
{
    struct smtp_script r;
    for (int way = 0; way < 2; way++) {
        smtp_script_start(&r, &plain, &to_one, 1);
        for (int i = 0; i < 100000 && !r.c.base.is_closing; i++)
            smtp_script_feed(&r, way ? SLICE("220-and on\r\n") : SLICE("220-and on and on "),
                             false);
        smtp_script_expect_log(&r, "LOST " NONSENSE "\n", "");
        smtp_script_finish(&r);
    }
}

Test(smtp_client, an_idle_session_hears_that_the_server_leaves)
{
    for (int way = 0; way < 3; way++) {
        struct smtp_client c;
        struct smtp_client_event e;
        smtp_client_init(&c, &plain);
        session_feed(&c.base, SLICE("220 hi\r\n250 mx1\r\n"));
        while (c.state != SMTP_CLIENT_STATE_IDLE || c.report_count > 0)
            cr_assert(smtp_client_next(&c, &e));
        cr_expect_eq(e.kind, SMTP_CLIENT_READY);
        cr_expect_not(smtp_client_next(&c, &e));
        if (way == 0)
            c.base.is_eof = true;
        else
            session_feed(&c.base, way == 1 ? SLICE("421 idle too long\r\n") : SLICE("250 hm\r\n"));
        do
            cr_assert(smtp_client_next(&c, &e));
        while (e.kind == SMTP_CLIENT_REPLY);
        cr_expect_eq(e.kind, SMTP_CLIENT_FAILED);
        cr_expect_eq(e.is_lost, way != 1);
        cr_expect_eq(e.reply.code, way == 1 ? 421 : 0);
        smtp_client_quit(&c); /* too late, and harmless */
        cr_expect_not(smtp_client_next(&c, &e));
        smtp_client_finish(&c);
    }
}

Test(smtp_client, two_transactions_share_a_session)
{
    const struct smtp_client_transaction both[] = {to_one, from_nobody};
    struct smtp_script r;
    smtp_script_start(&r, &plain, both, 2);
    smtp_script_play(&r,
                     HELLO_P MAIL RCPT "C:DATA\nS:250 ok\nS:250 ok\nS:354 go\n" TEXT
                                       "S:250 one\nC:MAIL FROM:<>\n" RCPT
                                       "C:DATA\nS:250 ok\nS:250 ok\nS:354 go\n" TEXT
                                       "S:250 two\n" BYE,
                     false);
    cr_expect_eq(r.sender.taken, 2);
    cr_expect_eq(r.sender.readies, 3);
    smtp_script_finish(&r);
}

Test(smtp_client, header_body_and_dot_travel_in_segments_of_their_own)
{
    static const char *const wanted[] = {"A: b\r\n\r\n", "..x\r\ny\r\n", ".\r\n"};
    struct smtp_script r;
    smtp_script_start(&r, &plain, &to_one, 1);
    smtp_script_play(&r, HELLO_P MAIL RCPT "C:DATA\nS:250 ok\nS:250 ok\n", false);
    cr_assert(session_feed(&r.c.base, SLICE("354 go\r\n")));
    smtp_sender_serve(&r.sender, &r.c);
    for (size_t i = 0; i < 3; i++) {
        struct slice next = session_to_send(&r.c.base);
        cr_expect(slice_equal(next, slice_of(wanted[i])), "[%.*s]", SLICE_ARG(next));
        session_sent(&r.c.base, next.size);
    }
    cr_expect_eq(session_to_send(&r.c.base).size, 0);
    smtp_script_finish(&r);
}

/* RFC 2920 3.1: not more at a time than the other side can be expected to hold. */
Test(smtp_client, many_recipients_go_out_in_groups)
{
    enum { COUNT = 250 };
    static struct slice paths[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        paths[i] = SLICE("bob@example.org");
    const struct smtp_client_transaction many = {FROM_ALICE, .forward_paths = paths,
                                                 .recipient_count = COUNT, MESSAGE};
    struct smtp_script r;
    smtp_script_start(&r, &plain, &many, 1);
    smtp_script_feed(&r, SLICE("220 hi\r\n250-mx1\r\n250 PIPELINING\r\n"), false);
    size_t most = 0, answered = 0;
    bytes_clear(&r.out);
    smtp_script_feed(&r, SLICE("250 sender\r\n"), false);
    while (r.c.state == SMTP_CLIENT_STATE_RCPT && answered++ < COUNT) {
        most = r.c.in_flight > most ? r.c.in_flight : most;
        smtp_script_feed(&r, SLICE("250 ok\r\n"), false);
    }
    cr_expect_eq(answered, COUNT);
    cr_expect_eq(most, 100);
    cr_expect_eq(r.sender.recipients_taken, COUNT);
    cr_expect(slice_ends(bytes_slice(&r.out), SLICE("DATA\r\n")));
    smtp_script_finish(&r);
}

/* RFC 5321 4.5.3.2 */
Test(smtp_client, each_reply_has_its_time)
{
    struct smtp_client c;
    smtp_client_init(&c, &plain);
    cr_expect_eq(smtp_client_timeout_s(&c), 5 * 60);
    c.state = SMTP_CLIENT_STATE_DATA;
    cr_expect_eq(smtp_client_timeout_s(&c), 2 * 60);
    c.state = SMTP_CLIENT_STATE_DOT;
    cr_expect_eq(smtp_client_timeout_s(&c), 10 * 60);
    for (int state = 0; state < SMTP_CLIENT_STATE_COUNT; state++)
        cr_expect_gt(strlen(smtp_client_state_name((enum smtp_client_state)state)), 0);
    smtp_client_finish(&c);
}
