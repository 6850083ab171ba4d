/*
 * The client and the extensions of SMTP, each against a scripted server (support_smtp_script.h),
 * cut off after each octet.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "support_smtp.h"
#include "support_smtp_script.h"

static const struct slice one[] = {{"bob@example.org", 15}};
static const struct slice three[] = {
    {"bob@example.org", 15}, {"nobody@example.org", 18}, {"bea@example.org", 15}};
static const struct slice umlaut[] = {{"j\xc3\xb6rg@m\xc3\xbc.example", 17}};

#define MESSAGE .header = {"A: b\r\n\r\n", 8}, .body = {".x\r\ny", 5}
#define FROM_ALICE .reverse_path = {"alice@example.com", 17}

static const struct smtp_client_transaction to_one = {FROM_ALICE, .forward_paths = one,
                                                      .recipient_count = 1, MESSAGE};
static const struct smtp_client_transaction to_three = {FROM_ALICE, .forward_paths = three,
                                                        .recipient_count = 3, MESSAGE};
static const struct smtp_client_transaction to_umlaut = {
    FROM_ALICE, .forward_paths = umlaut, .recipient_count = 1, MESSAGE, .is_utf8 = true};
static const struct smtp_client_transaction to_undeclared_umlaut = {
    FROM_ALICE, .forward_paths = umlaut, .recipient_count = 1, MESSAGE};

#define NAME .hostname = {"out.example.com", 15}
#define ALICE .user = {"alice", 5}, .password = {"secret", 6}

static const struct smtp_client_options if_offered = {NAME, .tls = SESSION_TLS_POLICY_IF_OFFERED};
static const struct smtp_client_options required = {NAME, .tls = SESSION_TLS_POLICY_REQUIRED};
static const struct smtp_client_options tls_first = {NAME, .is_tls_first = true};
static const struct smtp_client_options alice = {NAME, ALICE, .allows_clear = true};

#define HI "S:220 hi\nC:EHLO out.example.com\n"
#define BYE "C:QUIT\nS:221 bye\n"
#define BYE_LOG "READY\nREPLY QUIT 221 bye\nCLOSED 221 bye\n"
#define MAIL "C:MAIL FROM:<alice@example.com>\n"
#define RCPT "C:RCPT TO:<bob@example.org>\n"
#define TEXT "C:A: b\nC:\nC:..x\nC:y\nC:.\n"

/* ---- STARTTLS ---- */

/* RFC 3207 4.2: what was learned before counts no more, and EHLO is said again. */
Test(smtp_client_tls, starttls_is_taken_when_offered_and_everything_starts_again)
{
    smtp_script_test(&if_offered, &to_one,
                     HI "S:250-mx1\nS:250-PIPELINING\nS:250-SIZE 1\nS:250 STARTTLS\nC:STARTTLS\n"
                        "S:220 go ahead\nTLS\nC:EHLO out.example.com\nS:250 mx1\n" MAIL
                        "S:250 ok\n" RCPT "S:250 ok\nC:DATA\nS:354 go\n" TEXT "S:250 taken\n" BYE,
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/PIPELINING/SIZE 1/STARTTLS\n"
                     "REPLY STARTTLS 220 go ahead\nREPLY EHLO 250 mx1\nREADY\nREPLY MAIL 250 ok\n"
                     "REPLY RCPT 250 ok\nRECIPIENT 0 250 ok\nREPLY DATA 354 go\n"
                     "REPLY DOT 250 taken\nDONE 250 taken\n" BYE_LOG);
}

/* RFC 3207 4.2, CVE-2011-0411: somebody between the two put more behind the server's 220. */
Test(smtp_client_tls, what_comes_in_clear_behind_the_220_is_thrown_away)
{
    struct smtp_script r;
    smtp_script_start(&r, &required, &to_one, 1);
    smtp_script_play(&r,
                     HI "S:250-mx1\nS:250 STARTTLS\nC:STARTTLS\n"
                        "S:220 go ahead\nS:250-mx1\nS:250 AUTH PLAIN\nS:250 ok\n",
                     false);
    smtp_script_expect_log(&r,
                           "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/STARTTLS\n"
                           "REPLY STARTTLS 220 go ahead\n",
                           "");
    smtp_script_play(&r, "TLS\nC:EHLO out.example.com\n", false);
    cr_expect_eq(r.c.offers.mechanisms, 0);
    smtp_script_play(&r, "S:421 enough\n", false);
    smtp_script_finish(&r);
}

Test(smtp_client_tls, a_server_that_refuses_tls_is_gone_on_with_or_left)
{
    smtp_script_test(&if_offered, NULL,
                     HI "S:250-mx1\nS:250 STARTTLS\nC:STARTTLS\nS:454 4.3.0 not now\n" BYE,
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/STARTTLS\n"
                     "REPLY STARTTLS 454 4.3.0 not now\n" BYE_LOG);
    smtp_script_test(&required, &to_one,
                     HI "S:250-mx1\nS:250 STARTTLS\nC:STARTTLS\nS:454 4.3.0 not now\nC:QUIT\n",
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/STARTTLS\n"
                     "REPLY STARTTLS 454 4.3.0 not now\n"
                     "FAILED 4.7.4 TLS is required, and was refused\n");
    smtp_script_test(&required, &to_one, HI "S:250 mx1\nC:QUIT\n",
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1\n"
                     "FAILED 4.7.4 TLS is required, and was not offered\n");
    smtp_script_test(&if_offered, NULL, HI "S:250 mx1\n" BYE,
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1\n" BYE_LOG);
    /* an old server has no EHLO, so no TLS either */
    smtp_script_test(&required, NULL, HI "S:500 what\nC:HELO out.example.com\nS:250 mx1\nC:QUIT\n",
                     "REPLY CONNECT 220 hi\nREPLY EHLO 500 what\nREPLY HELO 250 mx1\n"
                     "FAILED 4.7.4 TLS is required, and was not offered\n");
    /* 354 answers nothing here */
    smtp_script_test(&if_offered, NULL, HI "S:250-mx1\nS:250 STARTTLS\nC:STARTTLS\nS:354 go\n",
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/STARTTLS\nREPLY STARTTLS 354 go\n"
                     "LOST the server's reply fits no command\n");
}

/* RFC 8314 3.3: the greeting comes within TLS; STARTTLS is none of its business there. */
Test(smtp_client_tls, with_tls_from_the_first_octet_nothing_is_said_in_clear)
{
    smtp_script_test(&tls_first, NULL,
                     "TLS\nS:220 hi\nC:EHLO out.example.com\nS:250-mx1\nS:250 STARTTLS\n" BYE,
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/STARTTLS\n" BYE_LOG);
}

/* The same session object again: nothing of the last connection's TLS is left. */
Test(smtp_client_tls, a_restarted_session_begins_in_clear)
{
    struct smtp_script r;
    smtp_script_start(&r, &if_offered, NULL, 0);
    smtp_script_play(&r,
                     HI "S:250-mx1\nS:250 STARTTLS\nC:STARTTLS\nS:220 go\nTLS\n"
                        "C:EHLO out.example.com\nS:421 no\n",
                     false);
    smtp_client_restart(&r.c, &required);
    r.sender.ends = 0;
    cr_expect_eq(r.c.base.tls, SESSION_TLS_NONE);
    smtp_script_play(&r, HI "S:250 mx1\nC:QUIT\n", false);
    smtp_script_finish(&r);
}

/* ---- AUTH ---- */

#define HELLO_AUTH(names) HI "S:250-mx1\nS:250 AUTH " names "\n"
#define HELLO_AUTH_LOG(names) "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/AUTH " names "\n"

/* Two questions whose wording nobody ever fixed. */
Test(smtp_client_auth, login_answers_two_questions)
{
    struct smtp_client_options options = alice;
    options.mechanism = SASL_LOGIN;
    smtp_script_test(&options, NULL,
                     HELLO_AUTH("PLAIN LOGIN") "C:AUTH LOGIN\nS:334 VXNlciBOYW1l\nC:YWxpY2U=\n"
                                               "S:334 UGFzc3dvcmQ6\nC:c2VjcmV0\nS:235 in\n" BYE,
                     HELLO_AUTH_LOG("PLAIN LOGIN") "REPLY AUTH 334 VXNlciBOYW1l\n"
                                                   "REPLY AUTH 334 UGFzc3dvcmQ6\n"
                                                   "REPLY AUTH 235 in\n" BYE_LOG);
    /* a third question is one too many */
    smtp_script_test(&options, NULL,
                     HELLO_AUTH("LOGIN") "C:AUTH LOGIN\nS:334 VXNlciBOYW1l\nC:YWxpY2U=\n"
                                         "S:334 UGFzc3dvcmQ6\nC:c2VjcmV0\nS:334 VXNlciBOYW1l\n"
                                         "C:*\nS:501 5.7.0 cancelled\nC:QUIT\n",
                     HELLO_AUTH_LOG("LOGIN") "REPLY AUTH 334 VXNlciBOYW1l\n"
                                             "REPLY AUTH 334 UGFzc3dvcmQ6\n"
                                             "REPLY AUTH 334 VXNlciBOYW1l\n"
                                             "REPLY AUTH 501 5.7.0 cancelled\n"
                                             "FAILED 501 5.7.0 cancelled\n");
}

/* The example of RFC 2195 2. */
Test(smtp_client_auth, cram_md5_answers_the_challenge_of_the_rfc)
{
    const struct smtp_client_options tim = {NAME, .user = {"tim", 3},
                                            .password = {"tanstaaftanstaaf", 16},
                                            .mechanism = SASL_MECHANISM_COUNT};
    smtp_script_test(
        &tim, NULL,
        HELLO_AUTH("LOGIN CRAM-MD5") "C:AUTH CRAM-MD5\n"
                                     "S:334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVzdG9uLm1jaS5u"
                                     "ZXQ+\n"
                                     "C:dGltIGI5MTNhNjAyYzdlZGE3YTQ5NWI0ZTZlNzMzNGQzODkw\n"
                                     "S:235 in\n" BYE,
        HELLO_AUTH_LOG("LOGIN CRAM-MD5") "REPLY AUTH 334 PDE4OTYuNjk3MTcwOTUyQHBvc3RvZmZpY2UucmVz"
                                         "dG9uLm1jaS5uZXQ+\nREPLY AUTH 235 in\n" BYE_LOG);
}

#define SCRAM_FIRST "biwsbj11c2VyLHI9ck9wck5HZndFYmVSV2diTkVrcU8="
#define SCRAM_ASKED                                                                                \
    "cj1yT3ByTkdmd0ViZVJXZ2JORWtxTyVodllEcFdVYTJSYVRDQWZ1eEZJbGopaE5sRiRrMCxzPVcyMlphSjBTTlk3c29F" \
    "c1VFamI2Z1E9PSxpPTQwOTY="
#define SCRAM_PROOF                                                                                \
    "Yz1iaXdzLHI9ck9wck5HZndFYmVSV2diTkVrcU8laHZZRHBXVWEyUmFUQ0FmdXhGSWxqKWhObEYkazAscD1kSHpiWmFw" \
    "V0lrNGpVaE4rVXRlOXl0YWc5empmTUhnc3FtbWl6N0FuZFZRPQ=="
#define SCRAM_SIGNED "dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc0PQ=="
#define SCRAM_FORGED "dj02cnJpVFJCaTIzV3BSUi93dHVwK21NaFVaVW4vZEI1bkxUSlJzamw5NUc1PQ=="

static const struct smtp_client_options scram = {
    NAME, .user = {"user", 4}, .password = {"pencil", 6}, .nonce = {"rOprNGfwEbeRWgbNEkqO", 20},
    .mechanism = SASL_SCRAM_SHA_256};
#define SCRAM_BEGIN                                                                                \
    HELLO_AUTH("SCRAM-SHA-256")                                                                    \
    "C:AUTH SCRAM-SHA-256 " SCRAM_FIRST "\nS:334 " SCRAM_ASKED "\nC:" SCRAM_PROOF "\n"
#define SCRAM_BEGIN_LOG HELLO_AUTH_LOG("SCRAM-SHA-256") "REPLY AUTH 334 " SCRAM_ASKED "\n"

/* The example of RFC 7677 3; the server's last word is a challenge that is answered with nothing
   (RFC 4954 4). */
Test(smtp_client_auth, scram_sha_256_proves_both_sides_as_in_the_rfc)
{
    smtp_script_test(&scram, NULL, SCRAM_BEGIN "S:334 " SCRAM_SIGNED "\nC:\nS:235 in\n" BYE,
                     SCRAM_BEGIN_LOG "REPLY AUTH 334 " SCRAM_SIGNED
                                     "\nREPLY AUTH 235 in\n" BYE_LOG);
}

/* RFC 5802 5: a server that does not know the password is not believed. */
Test(smtp_client_auth, a_server_without_scram_s_proof_is_left)
{
    smtp_script_test(&scram, &to_one, SCRAM_BEGIN "S:235 in\nC:QUIT\n",
                     SCRAM_BEGIN_LOG
                     "REPLY AUTH 235 in\n"
                     "FAILED 4.7.0 the server did not prove that it knows the password\n");
    smtp_script_test(&scram, &to_one,
                     SCRAM_BEGIN "S:334 " SCRAM_FORGED "\nC:*\nS:501 cancelled\nC:QUIT\n",
                     SCRAM_BEGIN_LOG "REPLY AUTH 334 " SCRAM_FORGED
                                     "\nREPLY AUTH 501 cancelled\nFAILED 501 cancelled\n");
    smtp_script_test(&scram, &to_one, SCRAM_BEGIN "S:334 " SCRAM_FORGED "\nC:*\nS:235 in anyway\n",
                     SCRAM_BEGIN_LOG "REPLY AUTH 334 " SCRAM_FORGED "\nREPLY AUTH 235 in anyway\n"
                                     "LOST the server's reply fits no command\n");
}

/* RFC 4954 4: what is no base64 is answered with "*". */
Test(smtp_client_auth, a_challenge_that_is_no_base64_is_cancelled)
{
    struct smtp_client_options options = alice;
    options.mechanism = SASL_CRAM_MD5;
    smtp_script_test(&options, NULL,
                     HELLO_AUTH("CRAM-MD5") "C:AUTH CRAM-MD5\nS:334 what?\nC:*\n"
                                            "S:501 5.5.2 fine\nC:QUIT\n",
                     HELLO_AUTH_LOG("CRAM-MD5") "REPLY AUTH 334 what?\nREPLY AUTH 501 5.5.2 fine\n"
                                                "FAILED 501 5.5.2 fine\n");
}

/* RFC 4954 4, 9: no password in clear for whoever listens, unless that is allowed. */
Test(smtp_client_auth, the_password_is_shown_only_within_tls_or_where_it_may_be)
{
    struct smtp_client_options options = alice;
    options.allows_clear = false;
    smtp_script_test(
        &options, &to_one, HELLO_AUTH("PLAIN LOGIN") "C:QUIT\n",
        HELLO_AUTH_LOG(
            "PLAIN LOGIN") "FAILED 5.7.4 the server offers no way to log in that may be used\n");
    options.tls = SESSION_TLS_POLICY_IF_OFFERED;
    smtp_script_test(
        &options, NULL,
        HI "S:250-mx1\nS:250-AUTH PLAIN\nS:250 STARTTLS\nC:STARTTLS\nS:220 go\nTLS\n"
           "C:EHLO out.example.com\nS:250-mx1\nS:250 AUTH PLAIN\n"
           "C:AUTH PLAIN AGFsaWNlAHNlY3JldA==\nS:235 in\n" BYE,
        "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/AUTH PLAIN/STARTTLS\n"
        "REPLY STARTTLS 220 go\nREPLY EHLO 250 mx1/AUTH PLAIN\nREPLY AUTH 235 in\n" BYE_LOG);
}

/* ---- CHUNKING ---- */

static const struct smtp_client_options in_chunks = {NAME, .chunk_octets = 10};
#define HELLO_C HI "S:250-mx1\nS:250 CHUNKING\n"
#define HELLO_C_LOG "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/CHUNKING\nREADY\n"
#define TO_ONE MAIL "S:250 ok\n" RCPT "S:250 ok\n"
#define TO_ONE_LOG "REPLY MAIL 250 ok\nREPLY RCPT 250 ok\nRECIPIENT 0 250 ok\n"

/* RFC 3030 2: octets are counted, no dot is stuffed, and each chunk has its reply. */
Test(smtp_client_bdat, a_message_goes_in_counted_chunks)
{
    smtp_script_test(&in_chunks, &to_one,
                     HELLO_C TO_ONE "C:BDAT 10\nC:A: b\nC:\nT:.x\nS:250 10 octets\n"
                                    "C:BDAT 5 LAST\nC:\nC:y\nS:250 taken\n" BYE,
                     HELLO_C_LOG TO_ONE_LOG "REPLY BDAT 250 10 octets\nREPLY BDAT 250 taken\n"
                                            "DONE 250 taken\n" BYE_LOG);
    struct smtp_client_options options = in_chunks;
    options.chunk_octets = 15;
    smtp_script_test(&options, &to_one,
                     HELLO_C TO_ONE "C:BDAT 15 LAST\nC:A: b\nC:\nC:.x\nC:y\nS:250 taken\n" BYE,
                     HELLO_C_LOG TO_ONE_LOG "REPLY BDAT 250 taken\nDONE 250 taken\n" BYE_LOG);
}

/* RFC 3030 4.2: RCPT is pipelined, no DATA among it; with nobody accepted no chunk is sent. */
Test(smtp_client_bdat, no_chunk_is_sent_for_nobody)
{
    smtp_script_test(&in_chunks, &to_one,
                     HI "S:250-mx1\nS:250-PIPELINING\nS:250 CHUNKING\n" MAIL RCPT
                        "S:250 ok\nS:550 no\nC:RSET\nS:250 ok\n" BYE,
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/PIPELINING/CHUNKING\nREADY\n"
                     "REPLY MAIL 250 ok\nREPLY RCPT 550 no\nRECIPIENT 0 550 no\nDONE 550 no\n"
                     "REPLY RSET 250 ok\n" BYE_LOG);
}

Test(smtp_client_bdat, a_refused_chunk_is_the_end_of_the_transaction)
{
    smtp_script_test(&in_chunks, &to_one,
                     HELLO_C TO_ONE "C:BDAT 10\nC:A: b\nC:\nT:.x\nS:452 4.3.1 full\nC:RSET\n"
                                    "S:250 ok\n" BYE,
                     HELLO_C_LOG TO_ONE_LOG
                     "REPLY BDAT 452 4.3.1 full\nRECIPIENT 0 452 4.3.1 full\n"
                     "DONE 452 4.3.1 full\nREPLY RSET 250 ok\n" BYE_LOG);
}

Test(smtp_client_bdat, a_server_without_chunking_gets_data)
{
    smtp_script_test(&in_chunks, &to_one,
                     HI "S:250 mx1\n" TO_ONE "C:DATA\nS:354 go\n" TEXT "S:250 taken\n" BYE,
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1\nREADY\n" TO_ONE_LOG
                     "REPLY DATA 354 go\nREPLY DOT 250 taken\nDONE 250 taken\n" BYE_LOG);
}

/* ---- SMTPUTF8 ---- */

#define TO_UMLAUT "C:RCPT TO:<j\xc3\xb6rg@m\xc3\xbc.example>\n"

/* RFC 6531 3.4 */
Test(smtp_client_utf8, smtputf8_is_said_where_it_is_offered)
{
    smtp_script_test(
        &if_offered, &to_umlaut,
        HI "S:250-mx1\nS:250-8BITMIME\nS:250 SMTPUTF8\n"
           "C:MAIL FROM:<alice@example.com> SMTPUTF8\nS:250 ok\n" TO_UMLAUT
           "S:250 ok\nC:DATA\nS:354 go\n" TEXT "S:250 taken\n" BYE,
        "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/8BITMIME/SMTPUTF8\nREADY\n" TO_ONE_LOG
        "REPLY DATA 354 go\nREPLY DOT 250 taken\nDONE 250 taken\n" BYE_LOG);
}

/* RFC 6531 3.2: never to a server that does not offer it */
Test(smtp_client_utf8, without_the_offer_nothing_of_the_message_is_sent)
{
    smtp_script_test(&if_offered, &to_umlaut, HI "S:250-mx1\nS:250 8BITMIME\n" BYE,
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/8BITMIME\nREADY\n"
                     "RECIPIENT 0 550 5.6.7 the server takes no internationalized messages\n"
                     "DONE 550 5.6.7 the server takes no internationalized messages\n" BYE_LOG);
    /* an address beyond ASCII without the word for it is none */
    smtp_script_test(&if_offered, &to_undeclared_umlaut, HI "S:250-mx1\nS:250 SMTPUTF8\n" BYE,
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/SMTPUTF8\nREADY\n"
                     "RECIPIENT 0 553 5.1.3 not a mail address\n"
                     "DONE 553 5.1.3 not a mail address\n" BYE_LOG);
}

/* ---- DSN ---- */

static const struct smtp_client_notify notify[] = {
    {SMTP_NOTIFY_SUCCESS | SMTP_NOTIFY_FAILURE | SMTP_NOTIFY_DELAY, {"rfc822;b+b@example.org", 22}},
    {SMTP_NOTIFY_NEVER, {"", 0}},
    {0, {"rfc822;x\r\nQUIT", 14}}};
static const struct smtp_client_transaction noticed = {
    FROM_ALICE,      .forward_paths = three,     .recipient_count = 3,
    MESSAGE,         .ret = SMTP_RETURN_HEADERS, .envid = {"a b=1", 5},
    .notify = notify};

#define THREE_REFUSED "S:250 ok\nS:550 no\nS:550 no\nS:550 no\nC:RSET\nS:250 ok\n"
#define THREE_REFUSED_LOG                                                                          \
    "REPLY MAIL 250 ok\nREPLY RCPT 550 no\nRECIPIENT 0 550 no\nREPLY RCPT 550 no\n"                \
    "RECIPIENT 1 550 no\nREPLY RCPT 550 no\nRECIPIENT 2 550 no\nDONE 550 no\nREPLY RSET 250 ok\n"

/* RFC 3461 4, 5.2.1: passed on as xtext, so that no octet of it is more than text. */
Test(smtp_client_dsn, what_was_asked_of_notices_is_passed_on_where_it_is_understood)
{
    struct smtp_client_options options = in_chunks;
    smtp_script_test(&options, &noticed,
                     HI "S:250-mx1\nS:250-PIPELINING\nS:250-CHUNKING\nS:250 DSN\n"
                        "C:MAIL FROM:<alice@example.com> RET=HDRS ENVID=a+20b+3D1\n"
                        "C:RCPT TO:<bob@example.org> NOTIFY=SUCCESS,FAILURE,DELAY "
                        "ORCPT=rfc822;b+2Bb@example.org\n"
                        "C:RCPT TO:<nobody@example.org> NOTIFY=NEVER\n"
                        "C:RCPT TO:<bea@example.org> ORCPT=rfc822;x+0D+0AQUIT\n" THREE_REFUSED BYE,
                     "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/PIPELINING/CHUNKING/DSN\n"
                     "READY\n" THREE_REFUSED_LOG BYE_LOG);
}

/* RFC 3461 5.2.2 */
Test(smtp_client_dsn, nothing_of_it_is_said_to_a_server_without_dsn)
{
    struct smtp_client_options options = in_chunks;
    smtp_script_test(
        &options, &noticed,
        HI "S:250-mx1\nS:250-PIPELINING\nS:250 CHUNKING\n" MAIL RCPT
           "C:RCPT TO:<nobody@example.org>\nC:RCPT TO:<bea@example.org>\n" THREE_REFUSED BYE,
        "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1/PIPELINING/CHUNKING\n"
        "READY\n" THREE_REFUSED_LOG BYE_LOG);
}

/* ---- questions ---- */

#define ASKED HI "S:250 mx1\n"
#define ASKED_LOG "REPLY CONNECT 220 hi\nREPLY EHLO 250 mx1\nREADY\n"

/* RFC 5321 3.5: what a person at a console asks */
Test(smtp_client_ask, questions_are_answered_between_transactions)
{
    static const struct {
        const char *line, *script, *log;
    } cases[] = {
        {"VRFY bob", ASKED "C:VRFY bob\nS:252 send it\n",
         ASKED_LOG "REPLY VRFY 252 send it\nREADY\n"},
        {"expn staff", ASKED "C:expn staff\nS:250-a\nS:250 b\n",
         ASKED_LOG "REPLY EXPN 250 a/b\nREADY\n"},
        {"HELP", ASKED "C:HELP\nS:214 no\n", ASKED_LOG "REPLY HELP 214 no\nREADY\n"},
        {"NOOP", ASKED "C:NOOP\nS:250 ok\n", ASKED_LOG "REPLY NOOP 250 ok\nREADY\n"},
        {"RSET", ASKED "C:RSET\nS:250 ok\n", ASKED_LOG "REPLY RSET 250 ok\nREADY\n"},
        {"ETRN example.org", ASKED "C:ETRN example.org\nS:250 ok\n",
         ASKED_LOG "REPLY ETRN 250 ok\nREADY\n"},
    };
    static const char *const refused[] = {"",       "DATA",     "MAIL FROM:<>", "AUTH PLAIN",
                                          "QUIT",   "STARTTLS", "BDAT 1",       "VRFY a\r\nQUIT",
                                          "RSET\n", "VRFYbob"};
    struct smtp_client c;
    struct smtp_client_event e;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct smtp_script r;
        smtp_script_start(&r, &if_offered, NULL, 0);
        r.sender.asks = cases[i].line;
        smtp_script_play(&r, cases[i].script, false);
        smtp_script_expect_log(&r, cases[i].log, cases[i].script);
        smtp_script_finish(&r);
    }
    smtp_client_init(&c, &if_offered);
    session_feed(&c.base, SLICE("220 hi\r\n250 mx1\r\n"));
    while (smtp_client_next(&c, &e))
        ;
    bytes_clear(&c.base.out);
    for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
        cr_expect_not(smtp_client_ask(&c, slice_of(refused[i])), "%s", refused[i]);
    cr_expect_eq(bytes_size(&c.base.out), 0);
    smtp_client_finish(&c);
}

/* ---- LMTP ---- */

static const struct smtp_client_options lmtp = {NAME, .is_lmtp = true};
#define LHLO "S:220 hi\nC:LHLO out.example.com\nS:250-mda\nS:250 PIPELINING\n"
#define LHLO_LOG "REPLY CONNECT 220 hi\nREPLY LHLO 250 mda/PIPELINING\nREADY\n"
#define ALL_THREE MAIL RCPT "C:RCPT TO:<nobody@example.org>\nC:RCPT TO:<bea@example.org>\nC:DATA\n"

/* RFC 2033 4.2: one reply for each recipient that was accepted, in their order. */
Test(smtp_client_lmtp, each_accepted_recipient_has_its_own_reply_behind_the_dot)
{
    smtp_script_test(&lmtp, &to_three,
                     LHLO ALL_THREE "S:250 ok\nS:250 ok\nS:550 no\nS:250 ok\nS:354 go\n" TEXT
                                    "S:250 bob has it\nS:452 4.2.2 bea is full\n" BYE,
                     LHLO_LOG
                     "REPLY MAIL 250 ok\nREPLY RCPT 250 ok\nRECIPIENT 0 250 ok\n"
                     "REPLY RCPT 550 no\nRECIPIENT 1 550 no\nREPLY RCPT 250 ok\n"
                     "RECIPIENT 2 250 ok\nREPLY DATA 354 go\nREPLY DOT 250 bob has it\n"
                     "RECIPIENT 0 at last 250 bob has it\nREPLY DOT 452 4.2.2 bea is full\n"
                     "RECIPIENT 2 452 4.2.2 bea is full\nDONE 452 4.2.2 bea is full\n" BYE_LOG);
}

/* What was said of one recipient holds, whatever becomes of the next. */
Test(smtp_client_lmtp, a_421_between_the_replies_leaves_the_first_delivered)
{
    smtp_script_test(&lmtp, &to_three,
                     LHLO ALL_THREE "S:250 ok\nS:250 ok\nS:250 ok\nS:250 ok\nS:354 go\n" TEXT
                                    "S:250 bob has it\nS:421 going down\n",
                     LHLO_LOG "REPLY MAIL 250 ok\nREPLY RCPT 250 ok\nRECIPIENT 0 250 ok\n"
                              "REPLY RCPT 250 ok\nRECIPIENT 1 250 ok\nREPLY RCPT 250 ok\n"
                              "RECIPIENT 2 250 ok\nREPLY DATA 354 go\nREPLY DOT 250 bob has it\n"
                              "RECIPIENT 0 at last 250 bob has it\nREPLY DOT 421 going down\n"
                              "FAILED 421 going down\n");
}

/* RFC 2033 4.1, 4.2: no HELO; DATA for nobody is 503, and a 354 for nobody has no reply behind its
   dot. */
Test(smtp_client_lmtp, lmtp_is_not_smtp)
{
    smtp_script_test(&lmtp, &to_one, "S:220 hi\nC:LHLO out.example.com\nS:500 what\nC:QUIT\n",
                     "REPLY CONNECT 220 hi\nREPLY LHLO 500 what\nFAILED 500 what\n");
    smtp_script_test(&lmtp, &to_one,
                     LHLO MAIL RCPT
                     "C:DATA\nS:250 ok\nS:550 no\nS:503 nobody\nC:RSET\nS:250 ok\n" BYE,
                     LHLO_LOG "REPLY MAIL 250 ok\nREPLY RCPT 550 no\nRECIPIENT 0 550 no\n"
                              "REPLY DATA 503 nobody\nDONE 550 no\nREPLY RSET 250 ok\n" BYE_LOG);
    smtp_script_test(&lmtp, &to_one,
                     LHLO MAIL RCPT "C:DATA\nS:250 ok\nS:550 no\nS:354 go\nC:.\nS:250 for whom\n",
                     LHLO_LOG "REPLY MAIL 250 ok\nREPLY RCPT 550 no\nRECIPIENT 0 550 no\n"
                              "REPLY DATA 354 go\nREPLY DOT 250 for whom\n"
                              "LOST the server's reply fits no command\n");
}

/* RFC 3030 2 with 2033 4.2 */
Test(smtp_client_lmtp, the_last_chunk_has_a_reply_for_each_recipient_too)
{
    const struct smtp_client_options options = {NAME, .is_lmtp = true, .chunk_octets = 100};
    smtp_script_test(
        &options, &to_three,
        "S:220 hi\nC:LHLO out.example.com\nS:250-mda\nS:250 CHUNKING\n" MAIL "S:250 ok\n" RCPT
        "S:250 ok\nC:RCPT TO:<nobody@example.org>\nS:550 no\n"
        "C:RCPT TO:<bea@example.org>\nS:250 ok\n"
        "C:BDAT 15 LAST\nC:A: b\nC:\nC:.x\nC:y\nS:550 bob no\nS:250 bea\n" BYE,
        "REPLY CONNECT 220 hi\nREPLY LHLO 250 mda/CHUNKING\nREADY\nREPLY MAIL 250 ok\n"
        "REPLY RCPT 250 ok\nRECIPIENT 0 250 ok\nREPLY RCPT 550 no\nRECIPIENT 1 550 no\n"
        "REPLY RCPT 250 ok\nRECIPIENT 2 250 ok\nREPLY BDAT 550 bob no\n"
        "RECIPIENT 0 550 bob no\nREPLY BDAT 250 bea\nRECIPIENT 2 at last 250 bea\n"
        "DONE 250 bea\n" BYE_LOG);
}
