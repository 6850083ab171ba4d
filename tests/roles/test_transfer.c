/*
 * One attempt to hand a message to a server, against servers that say anything (support_stage.h):
 * what the sender is told, and how often it was tried.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdlib.h>
#include <string.h>

#include "support_stage.h"

static const struct sending plain = {0};
static const struct sending if_offered = {.tls = SESSION_TLS_POLICY_IF_OFFERED};
static const struct sending required = {.tls = SESSION_TLS_POLICY_REQUIRED};

#define OK "250 2.0.0 ok\r\n"
#define BYE "221 bye\r\n"

static void expect(struct stage *stage, const char *story, size_t connections)
{
    struct slice got = bytes_slice(&stage->story);
    cr_expect(slice_equal(got, slice_of(story)), "[%.*s] instead of [%s]", SLICE_ARG(got), story);
    cr_expect_eq(stage->connections, connections, "%s", story);
}

static void test(const struct stage_script *scripts, size_t count, const struct sending *sending,
                 const char *story, size_t connections)
{
    struct stage stage;
    stage_start(&stage, scripts, count, 0);
    stage_send(&stage, sending, false, 1, SLICE("body\r\n"));
    expect(&stage, story, connections);
    stage_finish(&stage);
}

Test(transfer, a_message_that_is_taken_is_told_as_taken)
{
    const struct stage_script script = {
        {"220 hi\r\n", "250 mx\r\n", OK, OK, "354 go\r\n", OK, BYE}};
    test(&script, 1, &plain, "0:250/2.0.0 done ", 1);
}

/* RFC 5321 3.1, 3.8: a server that won't talk, now or ever */
Test(transfer, a_server_that_refuses_the_session_is_told_with_its_own_words)
{
    const struct stage_script busy = {{"421 4.3.2 busy\r\n"}};
    const struct stage_script never = {{"554 5.7.1 go away\r\n", BYE}};
    const struct stage_script nonsense = {{"SSH-2.0-OpenSSH\r\n"}};
    test(&busy, 1, &plain, "0:421/4.3.2 done ", 1);
    test(&never, 1, &plain, "0:554/5.7.1 done ", 1);
    test(&nonsense, 1, &plain, "0:421/4.4.2 done ", 1);
}

/* RFC 1047: the message may be there; it is tried again later, never at once. */
Test(transfer, a_reply_that_is_lost_behind_the_dot_is_a_temporary_failure)
{
    const struct stage_script script = {{"220 hi\r\n", "250 mx\r\n", OK, OK, "354 go\r\n"}};
    test(&script, 1, &plain, "0:421/4.4.2 done ", 1);
}

/* RFC 7435: TLS that only was wished for is no reason to keep the mail. */
Test(transfer, where_wished_for_tls_fails_the_mail_goes_in_clear_at_once)
{
    const struct stage_script scripts[] = {
        {{"220 hi\r\n", "250-mx\r\n250 STARTTLS\r\n", "220 tls\r\n", "no TLS is spoken here\r\n"}},
        {{"220 hi\r\n", "250-mx\r\n250 STARTTLS\r\n", OK, OK, "354 go\r\n", OK, BYE}}};
    test(scripts, 2, &if_offered, "0:250/2.0.0 done ", 2);
}

/* Behind the handshake a broken record is a lost connection: who has the message, or was refused it
   for good, must not get it again by another way (RFC 1047). */
Test(transfer, tls_that_breaks_behind_the_message_is_no_reason_to_send_it_in_clear)
{
    const struct stage_script scripts[] = {
        {{"220 hi\r\n", "250-mx\r\n250 STARTTLS\r\n", "220 secure\r\n", "250 mx\r\n", OK,
          "550 5.1.1 no\r\n", OK, "354 go\r\n", "!no TLS is spoken any more\r\n"}},
        {{"220 hi\r\n", "250 mx\r\n", OK, OK, OK, "354 go\r\n", OK, BYE}}};
    struct stage stage;
    stage_start(&stage, scripts, 2, 0);
    stage_send(&stage, &if_offered, false, 2, SLICE("body\r\n"));
    expect(&stage, "0:550/5.1.1 1:454/4.7.5 done ", 1);
    stage_finish(&stage);
}

/* `done` was said, and what was borrowed is gone; the farewell goes on without it. */
Test(transfer, a_connection_that_is_lost_behind_the_outcome_needs_nothing_of_it)
{
    const struct stage_script lost = {
        {"220 hi\r\n", "250 mx\r\n", OK, "550 5.1.1 no\r\n", "421 4.3.2 bye\r\n"}};
    test(&lost, 1, &plain, "0:550/5.1.1 done ", 1);
}

/* RFC 3207 4.1: who insists keeps the mail, and says why. */
Test(transfer, where_tls_is_required_its_failure_is_a_temporary_one)
{
    const struct stage_script broken = {
        {"220 hi\r\n", "250-mx\r\n250 STARTTLS\r\n", "220 tls\r\n", "no TLS is spoken here\r\n"}};
    const struct stage_script closes = {
        {"220 hi\r\n", "250-mx\r\n250 STARTTLS\r\n", "220 tls\r\n"}};
    const struct stage_script none = {{"220 hi\r\n", "250 mx\r\n", BYE}};
    test(&broken, 1, &required, "0:454/4.7.5 done ", 1);
    test(&closes, 1, &required, "0:454/4.7.5 done ", 1);
    test(&none, 1, &required, "0:454/4.7.4 done ", 1);
}

/* RFC 4954 4: no login without a way that may be used */
Test(transfer, a_server_without_a_way_to_log_in_gets_nothing)
{
    const struct sending login = {.user = {"alice", 5}, .password = {"secret", 6}};
    const struct stage_script script = {{"220 hi\r\n", "250-mx\r\n250 AUTH PLAIN\r\n", BYE}};
    test(&script, 1, &login, "0:550/5.7.4 done ", 1);
}

/* RFC 2033 4.2 */
Test(transfer, with_lmtp_what_was_said_of_one_recipient_holds)
{
    const struct stage_script script = {{"220 hi\r\n", "250-mx\r\n250 PIPELINING\r\n",
                                         OK OK "550 5.1.1 no\r\n" OK "354 go\r\n",
                                         "250 2.1.5 a has it\r\n421 4.3.2 bye\r\n"}};
    struct stage stage;
    stage_start(&stage, &script, 1, 0);
    stage_send(&stage, &plain, true, 3, SLICE("body\r\n"));
    expect(&stage, "1:550/5.1.1 0:250/2.1.5 2:421/4.3.2 done ", 1);
    cr_expect(slice_starts(bytes_slice(&stage.said), SLICE("LHLO out.example.com\r\n")));
    stage_finish(&stage);
}

/* RFC 3461 5.2.2: who has to tell of a success depends on what the server offers. */
Test(transfer, it_is_said_whether_the_server_cares_for_notices)
{
    for (int offers = 0; offers < 2; offers++) {
        const struct stage_script script = {{"220 hi\r\n",
                                             offers ? "250-mx\r\n250 DSN\r\n" : "250 mx\r\n", OK,
                                             OK, "354 go\r\n", OK, BYE}};
        struct stage stage;
        stage_start(&stage, &script, 1, 0);
        stage_send(&stage, &plain, false, 1, SLICE("body\r\n"));
        cr_expect_eq(stage.last.cares_for_dsn, offers == 1);
        cr_expect_not(stage.last.is_delivery);
        stage_finish(&stage);
    }
}

/* RFC 5321 4.5.3.2.5, 4.5.3.2.6: an hour for the data, and then ten minutes for the reply. */
Test(transfer, a_long_message_on_a_slow_line_has_its_time)
{
    enum { BODY = 400 * 1000 };
    static const struct {
        const char *reply, *story;
    } cases[] = {{OK, "0:250/2.0.0 done "}, {"", "0:421/4.4.1 done "}};
    char *body = malloc(BODY);
    for (size_t i = 0; i < BODY; i++)
        body[i] = i % 50 == 48 ? '\r' : i % 50 == 49 ? '\n' : 'x';
    for (size_t i = 0; i < 2; i++) {
        const struct stage_script script = {
            {"220 hi\r\n", "250 mx\r\n", OK, OK, "354 go\r\n", cases[i].reply, BYE}};
        struct stage stage;
        stage_start(&stage, &script, 1, 1);
        stage_send(&stage, &plain, false, 1, (struct slice){body, BODY});
        expect(&stage, cases[i].story, 1);
        cr_expect_gt(stage.sim.now, BODY / 125 * VTIME_S, "it took as long as it had to");
        stage_finish(&stage);
    }
    free(body);
}

/* A server that says nothing is left after the time of RFC 5321 4.5.3.2, not before. */
Test(transfer, a_silent_server_is_left_after_its_time)
{
    const struct stage_script script = {{"", ""}};
    struct stage stage;
    stage_start(&stage, &script, 1, 0);
    stage_send(&stage, &plain, false, 1, SLICE("body\r\n"));
    expect(&stage, "0:421/4.4.1 done ", 1);
    cr_expect_geq(stage.sim.now, 300 * VTIME_S);
    cr_expect_lt(stage.sim.now, 400 * VTIME_S);
    stage_finish(&stage);
}

/* RFC 5321 4.5.3.2.6: at least ten minutes; who does not wait so long has a setting for it. */
Test(transfer, the_final_dot_is_waited_for_as_long_as_one_is_told)
{
    static const struct stage_script script = {
        {"220 hi\r\n", "250 mx\r\n", OK, OK, "354 go\r\n", ""}};
    static const int64_t seconds[] = {0, 120, 1800}, waited[] = {600, 120, 1800};
    for (size_t i = 0; i < 3; i++) {
        const struct sending sending = {.final_dot_s = seconds[i]};
        struct stage stage;
        stage_start(&stage, &script, 1, 0);
        stage_send(&stage, &sending, false, 1, SLICE("body\r\n"));
        expect(&stage, "0:421/4.4.1 done ", 1);
        cr_expect_geq(log_end(&stage.sim.log), waited[i] * VTIME_S);
        cr_expect_lt(log_end(&stage.sim.log), (waited[i] + 60) * VTIME_S);
        stage_finish(&stage);
    }
}
