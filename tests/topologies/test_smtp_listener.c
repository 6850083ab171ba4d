/*
 * What the roles that listen for mail do in a world: MTA, MSA, and an MDA that is fed by LMTP.
 * Somebody speaks to them by hand from another host of the topology.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "support_small.h"
#include "support_world.h"
#include "topologies/world_live.h"

/* Two people on mx, one on far; {MX}, {MDA} and {MSA} stand for more settings. */
static const char town[] =
    "{\"format\":1,\"id\":\"t\",\"title\":\"T\",\"hosts\":["
    "{\"id\":\"pc\",\"name\":\"pc.example.com\",\"addr\":\"198.51.100.10\",\"agents\":["
    "{\"id\":\"mua\",\"role\":\"mua\",\"config\":{\"user\":\"amy@example.org\",\"outgoing\":\"mx\"}"
    "}]},"
    "{\"id\":\"mx\",\"name\":\"mx.example.org\",\"addr\":\"203.0.113.25\",\"agents\":["
    "{\"id\":\"mta\",\"role\":\"mta\",\"config\":{\"local\":[\"example.org\"],"
    "\"relay_from\":[\"198.51.100.0/24\"]{MX}}},"
    "{\"id\":\"mda\",\"role\":\"mda\"{LISTEN},\"config\":{{MDA}}},"
    "{\"id\":\"msa\",\"role\":\"msa\",\"listen\":[587,465],\"config\":{\"retry\":\"classroom\"{MSA}"
    "}},"
    "{\"id\":\"store\",\"role\":\"store\",\"config\":{\"quota\":2000}}]},"
    "{\"id\":\"dns\",\"name\":\"ns.example.net\",\"addr\":\"192.0.2.53\",\"agents\":["
    "{\"id\":\"ns\",\"role\":\"dns\"}]},"
    "{\"id\":\"far\",\"name\":\"far.example.net\",\"addr\":\"192.0.2.25\",\"agents\":["
    "{\"id\":\"mta-far\",\"role\":\"mta\",\"config\":{\"local\":[\"example.net\"]}},"
    "{\"id\":\"mda-far\",\"role\":\"mda\"},{\"id\":\"store-far\",\"role\":\"store\"}]}],"
    "\"links\":[{\"a\":\"pc\",\"b\":\"mx\"},{\"a\":\"mx\",\"b\":\"dns\"},{\"a\":\"mx\",\"b\":"
    "\"far\"}],"
    "\"dns\":[{\"name\":\"example.org\",\"type\":\"MX\",\"pref\":10,\"data\":\"mx.example.org\"},"
    "{\"name\":\"example.net\",\"type\":\"MX\",\"pref\":10,\"data\":\"far.example.net\"}],"
    "\"users\":[{\"address\":\"amy@example.org\",\"name\":\"Amy\"},"
    "{\"address\":\"bob@example.org\",\"name\":\"Bob\"},"
    "{\"address\":\"zoe@example.net\",\"name\":\"Zoe\"}],"
    "\"faults\":[{\"id\":\"cut\",\"label\":\"cut\",\"kind\":\"link-cut\",\"target\":\"mx:far\"}]}";

static void write_town(struct bytes *text, const char *mx, const char *listen, const char *mda,
                       const char *msa)
{
    const struct {
        const char *mark, *more;
    } rows[] = {{"{MX}", mx}, {"{LISTEN}", listen}, {"{MDA}", mda}, {"{MSA}", msa}};
    struct slice rest = slice_of(town);
    bytes_init(text, 10000);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        size_t at = slice_find(rest, slice_of(rows[i].mark), 0);
        bytes_append(text, slice_part(rest, 0, at));
        bytes_append(text, slice_of(rows[i].more));
        rest = slice_part(rest, at + strlen(rows[i].mark), rest.size);
    }
    bytes_append(text, rest);
}

static struct world *found(const char *mx, const char *mda, const char *msa)
{
    struct bytes text;
    write_town(&text, mx, "", mda, msa);
    struct world *world = support_world_of(bytes_slice(&text), 1);
    bytes_finish(&text);
    return world;
}

/* The place of a host or agent, by its id. */
static uint32_t place_of(const struct world *world, const char *id)
{
    uint32_t place = 1;
    while (!slice_equal(log_place_name(world_log(world), place), slice_of(id)))
        cr_assert_lt(place++, 100, "%s", id);
    return place;
}

/* ---- speaking by hand ---- */

struct talk {
    struct net *net;
    struct slice says;
    struct bytes heard;
    bool is_over;
};

static void opened(void *context, uint32_t wire)
{
    struct talk *talk = context;
    net_send(talk->net, wire, talk->says, 0);
}

static void received(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct talk *talk = context;
    (void)wire, (void)msg;
    bytes_append(&talk->heard, bytes);
}

static void finished(void *context, uint32_t wire)
{
    struct talk *talk = context;
    net_close(talk->net, wire);
}

static void ended(void *context, uint32_t wire, enum net_end why)
{
    struct talk *talk = context;
    (void)wire, (void)why;
    talk->is_over = true;
}

/* All that is to be said, at once, from pc to mx; ends with QUIT. What was answered is in `heard`,
   which lives until the next call. */
static struct slice say(struct world *world, uint32_t port, const char *text)
{
    static struct talk talk;
    struct net_user user = {opened, received, finished, ended, &talk};
    uint32_t mua = place_of(world, "mua");
    bytes_finish(&talk.heard);
    talk = (struct talk){.net = world_net(world), .says = slice_of(text)};
    bytes_init(&talk.heard, 100000);
    world_note(world, SLICE("somebody speaks by hand"));
    net_connect(world_net(world), mua, 0xCB007119, port, &user);
    world_run_until(world, world_now(world) + 2 * VTIME_S);
    cr_assert(talk.is_over, "%.*s", SLICE_ARG(bytes_slice(&talk.heard)));
    return bytes_slice(&talk.heard);
}

static bool heard(struct slice all, const char *text)
{
    return slice_find(all, slice_of(text), 0) != SLICE_NONE;
}

static void expect_heard(struct slice all, const char *text, bool is_wanted)
{
    if (heard(all, text) != is_wanted)
        cr_fatal("%s \"%s\" in\n%.*s", is_wanted ? "no" : "unwanted", text, SLICE_ARG(all));
}

#define EXPECT_HEARD(all, text) expect_heard(all, text, true)
#define EXPECT_NOT_HEARD(all, text) expect_heard(all, text, false)

static struct slice deliver_text(struct world *world, uint32_t nth, bool wants_header)
{
    const struct log *log = world_log(world);
    const struct event *e = support_find(log, EVENT_DELIVER, 0);
    for (uint32_t id = 0; e && nth > 0; nth--) {
        while (log_at(log, id) != e)
            id++;
        e = support_find(log, EVENT_DELIVER, ++id);
    }
    cr_assert_not_null(e);
    const struct event_deliver *delivery = event_as_deliver(e);
    return log_text(log, wants_header ? delivery->header : delivery->rcpt);
}

/* ---- the tests ---- */

/* RFC 5321 4.5.1: with a domain or without one, in any case of letters, though nobody has that name
   here: it goes to the first person of the domain. */
Test(smtp_listener, mail_for_postmaster_is_always_taken)
{
    struct world *world = found("", "", "");
    struct slice all = say(world, 25,
                           "EHLO a.example\r\nMAIL FROM:<zoe@example.net>\r\n"
                           "RCPT TO:<Postmaster>\r\nRCPT TO:<POSTMASTER@example.org>\r\n"
                           "RCPT TO:<nobody@example.org>\r\nDATA\r\nSubject: x\r\n\r\nhelp\r\n.\r\n"
                           "QUIT\r\n");
    EXPECT_HEARD(all, "250 2.1.5 Ok\r\n250 2.1.5 Ok\r\n550 5.1.1 No such user here\r\n354");
    EXPECT_HEARD(all, "250 2.0.0 Ok: queued as");
    cr_assert_eq(support_count(world_log(world), EVENT_DELIVER), 1);
    cr_expect(slice_equal(deliver_text(world, 0, false), SLICE("amy@example.org")));
    support_check_conservation(world_log(world));
    world_destroy(world);
}

/* RFC 5321 3.5.3, 7.3 */
Test(smtp_listener, vrfy_says_252_to_all_unless_the_server_is_told_to_answer)
{
    static const char asks[] = "VRFY bob\r\nVRFY <bob@example.org>\r\nVRFY eve\r\n"
                               "VRFY postmaster\r\nVRFY zoe@example.net\r\nEXPN staff\r\nQUIT\r\n";
    struct world *world = found("", "", "");
    struct slice all = say(world, 25, asks);
    EXPECT_NOT_HEARD(all, "bob@");
    EXPECT_NOT_HEARD(all, "550");
    EXPECT_HEARD(all, "502 5.5.1");
    world_destroy(world);
    world = found(",\"vrfy\":true", "", "");
    all = say(world, 25, asks);
    EXPECT_HEARD(all,
                 "250 2.1.5 Bob <bob@example.org>\r\n250 2.1.5 Bob <bob@example.org>\r\n"
                 "550 5.1.1 No such user here\r\n250 2.1.5 Amy <amy@example.org>\r\n252 2.5.2");
    world_destroy(world);
}

Test(smtp_listener, extensions_can_be_left_out)
{
    struct world *world = found("", "", "");
    static const char asks[] = "EHLO a.example\r\nQUIT\r\n";
    struct slice all = say(world, 25, asks);
    EXPECT_HEARD(all, "250-PIPELINING\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n250-SMTPUTF8\r\n"
                      "250-CHUNKING\r\n250-DSN\r\n250-ENHANCEDSTATUSCODES\r\n250-STARTTLS\r\n"
                      "250-ETRN\r\n250 HELP\r\n");
    world_destroy(world);
    world = found(",\"starttls\":\"none\",\"size_max\":0,"
                  "\"without\":[\"chunking\",\"8BITMIME\",\"DSN\",\"ETRN\",\"PIPELINING\"]",
                  "", "");
    all = say(world, 25, asks);
    EXPECT_HEARD(all, "250-mx.example.org\r\n250-ENHANCEDSTATUSCODES\r\n250 HELP\r\n");
    world_destroy(world);
}

/* RFC 3207 4 */
Test(smtp_listener, a_server_may_want_tls_before_it_takes_mail)
{
    struct world *world = found(",\"starttls\":\"required\"", "", "");
    struct slice all = say(world, 25, "EHLO a.example\r\nMAIL FROM:<amy@example.org>\r\nQUIT\r\n");
    EXPECT_HEARD(all, "530 5.7.0 STARTTLS comes first\r\n221");
    world_destroy(world);
}

/* RFC 4954 4: challenges differ; a password that nobody may see is not asked for in clear. */
Test(smtp_listener, submission_offers_every_mechanism_and_can_hide_those_in_clear)
{
    struct world *world = found("", "", "");
    struct slice all =
        say(world, 587,
            "EHLO a.example\r\nAUTH CRAM-MD5\r\n*\r\nAUTH LOGIN\r\n"
            "YW15QGV4YW1wbGUub3Jn\r\nc2VjcmV0LWFteQ==\r\nMAIL FROM:<amy>\r\nQUIT\r\n");
    EXPECT_HEARD(all, "AUTH PLAIN LOGIN CRAM-MD5 SCRAM-SHA-256\r\n");
    EXPECT_HEARD(all, "235 2.7.0");
    EXPECT_HEARD(all, "250 2.1.0 Ok\r\n");
    const struct event *e = support_find(world_log(world), EVENT_AUTH, 0);
    cr_assert_not_null(e);
    cr_expect(slice_equal(log_text(world_log(world), event_as_auth(e)->mech), SLICE("LOGIN")));
    cr_expect(slice_equal(log_text(world_log(world), event_as_auth(e)->result), SLICE("ok")));
    cr_expect_eq(support_count(world_log(world), EVENT_AUTH), 1, "a cancelled one is none");
    world_destroy(world);
    world = found("", "", ",\"auth_clear\":false");
    all = say(world, 587, "EHLO a.example\r\nAUTH PLAIN AGEAYg==\r\nQUIT\r\n");
    EXPECT_HEARD(all, "AUTH CRAM-MD5 SCRAM-SHA-256\r\n");
    EXPECT_HEARD(all, "538 5.7.11");
    world_destroy(world);
}

/* What was asked of notices goes on to the next server (RFC 3461 5.2.1), SMTPUTF8 into the Received
   field (RFC 6531 4.3). */
/* RFC 5322 3.6: From is a must. Who has logged in is known; of others nobody can say it. */
Test(smtp_listener, a_submission_without_from_gets_the_name_of_who_logged_in)
{
    static const char message[] = "DATA\r\nSubject: a\r\n\r\nb\r\n.\r\nQUIT\r\n";
    struct world *world = found("", "", "");
    char words[300];
    snprintf(words, sizeof words, "%s%s%s",
             "EHLO pc\r\nAUTH PLAIN AGFteUBleGFtcGxlLm9yZwBzZWNyZXQtYW15\r\n"
             "MAIL FROM:<amy@example.org>\r\nRCPT TO:<bob@example.org>\r\n",
             message, "");
    expect_heard(say(world, 587, words), "250 2.0.0 Ok: queued", true);
    expect_heard(deliver_text(world, 0, true), "\r\nFrom: amy@example.org\r\n", true);
    world_destroy(world);
    world = found("", "", ",\"require_auth\":false");
    snprintf(words, sizeof words, "%s%s",
             "EHLO pc\r\nMAIL FROM:<amy@example.org>\r\nRCPT TO:<bob@example.org>\r\n", message);
    expect_heard(say(world, 587, words), "554 5.6.0", true);
    world_destroy(world);
}

Test(smtp_listener, what_extensions_carry_is_passed_on)
{
    struct world *world = found("", "", "");
    (void)say(world, 25,
              "EHLO a.example\r\n"
              "MAIL FROM:<amy@example.org> SMTPUTF8 BODY=8BITMIME RET=HDRS ENVID=QQ+2B1\r\n"
              "RCPT TO:<zoe@example.net> NOTIFY=FAILURE,DELAY ORCPT=rfc822;Zo+2Be@example.net\r\n"
              "DATA\r\nSubject: caf\xC3\xA9\r\n\r\nx\r\n.\r\nQUIT\r\n");
    const struct log *log = world_log(world);
    bool has_mail = false, has_rcpt = false;
    const struct event *e = support_find(log, EVENT_ACCEPT, 0);
    cr_assert_not_null(e);
    EXPECT_HEARD(log_text(log, event_as_accept(e)->header), " with UTF8SMTP id ");
    while (log_at(log, log_count(log) - 1) != e) {
        e++;
        const struct event_smtp_cmd *command = event_as_smtp_cmd(e);
        struct slice argument = command ? log_text(log, command->arg) : SLICE("");
        has_mail |= heard(argument, " RET=HDRS") && heard(argument, " ENVID=QQ+2B1") &&
                    heard(argument, " SMTPUTF8");
        has_rcpt |= heard(argument, " NOTIFY=FAILURE,DELAY") &&
                    heard(argument, " ORCPT=rfc822;Zo+2Be@example.net");
    }
    cr_expect(has_mail && has_rcpt);
    world_destroy(world);
}

/* RFC 1985 5: what waits for a domain is tried at once. */
Test(smtp_listener, etrn_has_waiting_mail_tried)
{
    struct world *world = found("", "", "");
    support_do(world, 0, "fault cut on");
    (void)say(world, 25,
              "EHLO a.example\r\nMAIL FROM:<amy@example.org>\r\nRCPT TO:<zoe@example.net>\r\n"
              "DATA\r\nx\r\n.\r\nQUIT\r\n");
    world_run_until(world, 10 * 60 * VTIME_S);
    support_do(world, world_now(world), "fault cut off");
    struct slice all = say(world, 25,
                           "EHLO a.example\r\nETRN example.com\r\nETRN example.net\r\n"
                           "ETRN @example.net\r\nQUIT\r\n");
    EXPECT_HEARD(all, "251 2.0.0 No message waits for example.com\r\n"
                      "253 2.0.0 1 messages for example.net are tried\r\n458 4.5.4");
    cr_expect_eq(support_count(world_log(world), EVENT_DELIVER), 1);
    support_check_conservation(world_log(world));
    world_destroy(world);
}

/* ---- LMTP ---- */

/* RFC 2033 4.2: an answer a recipient; RFC 5321 4.4: each copy begins with its Return-Path; and a
   Received field says LMTP (RFC 3848). */
Test(smtp_listener, a_delivery_agent_speaks_lmtp_and_answers_for_each_recipient)
{
    struct world *world = found(
        "", "\"via\":\"lmtp\",\"without\":[\"PIPELINING\",\"ENHANCEDSTATUSCODES\",\"HELP\"]", "");
    struct slice all = say(world, 24,
                           "EHLO a.example\r\nLHLO a.example\r\nMAIL FROM:<zoe@example.net>\r\n"
                           "RCPT TO:<bob@example.org>\r\nRCPT TO:<eve@example.org>\r\n"
                           "RCPT TO:<amy@example.org>\r\nRCPT TO:<bob@example.org>\r\nDATA\r\n"
                           "Subject: x\r\n\r\nbody\r\n.\r\nQUIT\r\n");
    EXPECT_HEARD(all, "220 mx.example.org LMTP mailflow\r\n500 ");
    EXPECT_HEARD(all, "550 5.1.1 No such user here\r\n");
    EXPECT_HEARD(all,
                 "250 2.0.0 Delivered\r\n250 2.0.0 Delivered\r\n250 2.0.0 Delivered once\r\n221");
    cr_assert_eq(support_count(world_log(world), EVENT_DELIVER), 2);
    cr_expect_eq(support_count(world_log(world), EVENT_ACCEPT), 1);
    cr_expect_gt(support_count(world_log(world), EVENT_LMTP_CMD), 6);
    struct slice header = deliver_text(world, 0, true);
    cr_expect(slice_starts(header, SLICE("Return-Path: <zoe@example.net>\r\n"
                                         "Delivered-To: bob@example.org\r\n"
                                         "Received: from a.example ([198.51.100.10])\r\n"
                                         "\tby mx.example.org with LMTP id ")),
              "%.*s", SLICE_ARG(header));
    support_check_conservation(world_log(world));
    world_destroy(world);
}

/* An MTA hands over by LMTP; a mailbox that is full lets only its own copy wait. */
Test(smtp_listener, an_mta_keeps_what_the_delivery_agent_refuses_for_one_of_them)
{
    static char text[4000];
    struct world *world = found(",\"delivery\":\"lmtp:mx\"", "\"via\":\"lmtp\"", "");
    snprintf(text, sizeof text,
             "EHLO a.example\r\nMAIL FROM:<zoe@example.net>\r\nRCPT TO:<bob@example.org>\r\n"
             "DATA\r\n%01400d\r\n.\r\nMAIL FROM:<zoe@example.net>\r\nRCPT TO:<bob@example.org>\r\n"
             "RCPT TO:<amy@example.org>\r\nDATA\r\n%0600d\r\n.\r\nQUIT\r\n",
             0, 0);
    (void)say(world, 25, text);
    const struct log *log = world_log(world);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 2);
    cr_expect_eq(support_count(log, EVENT_QUEUE_DEFER), 1);
    const struct event *e = support_find(log, EVENT_REJECT, 0);
    cr_assert_not_null(e);
    cr_expect_eq(event_as_reject(e)->code, 452);
    cr_expect(slice_equal(log_text(log, event_as_reject(e)->rcpt), SLICE("bob@example.org")));
    support_check_conservation(log);
    world_destroy(world);
}

/* A delivery agent that is fed through a pipe has no port, and can't be given one. */
Test(smtp_listener, a_pipe_has_no_port)
{
    char line[PROBLEM_LINE];
    struct world *world = found("", "", "");
    cr_expect_not(net_is_listening(world_net(world), place_of(world, "mx"), 24));
    world_destroy(world);
    world = found("", "\"via\":\"lmtp\"", "");
    cr_expect(net_is_listening(world_net(world), place_of(world, "mx"), 24));
    world_destroy(world);
    struct bytes text;
    write_town(&text, "", ",\"listen\":[24]", "\"via\":\"pipe\"", "");
    cr_expect(heard(slice_of(support_problem(bytes_slice(&text), line)),
                    "role mda does not listen with these settings"));
    bytes_finish(&text);
}

/* RFC 5321 6.1: who has no reverse-path gets no notice; for all others there is one. */
Test(smtp_listener, no_notice_goes_to_a_null_reverse_path)
{
    for (int is_null = 0; is_null < 2; is_null++) {
        char text[300];
        struct world *world = found("", "", "");
        snprintf(text, sizeof text,
                 "EHLO pc\r\nMAIL FROM:<%s>\r\nRCPT TO:<nobody@example.net>\r\nDATA\r\n"
                 "Subject: x\r\n\r\nbody\r\n.\r\nQUIT\r\n",
                 is_null ? "" : "amy@example.org");
        EXPECT_HEARD(say(world, 25, text), "queued as");
        world_run_until(world, world_now(world) + 60 * VTIME_S);
        const struct log *log = world_log(world);
        cr_expect_eq(support_count(log, EVENT_QUEUE_GIVEUP), 1);
        cr_expect_eq(support_count(log, EVENT_DISCARD), is_null ? 1 : 0);
        cr_expect_eq(support_count(log, EVENT_DELIVER), is_null ? 0 : 1);
        support_check_conservation(log);
        world_destroy(world);
    }
}
