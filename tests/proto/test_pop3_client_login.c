/* How a POP3 client gets in: TLS, the ways to prove who it is; then several commands at once. */
#include "agents/proto/pop3_client.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "support_pop3_script.h"

/* ---- ways in ---- */

#define AS(way) .options = {.login = POP3_CLIENT_LOGIN_##way, .mechanism = SASL_MECHANISM_COUNT}
#define BY(name) .options = {.login = POP3_CLIENT_LOGIN_SASL, .mechanism = SASL_##name}
#define REST_REPLIES "+OK\r\n", "+OK\r\n.\r\n", "-ERR\r\n", "+OK\r\n"
#define REST_LOG                                                                                   \
    ">STAT\nSTAT ok \n>LIST\nLIST ok \n>UIDL\nUIDL err \nlisted\n>QUIT\nQUIT ok \ndone\n"

/* RFC 1939 7: the digest is that of the greeting's timestamp and the password. */
Test(pop3_client_login, uses_apop_when_the_greeting_has_a_timestamp)
{
    support_script_play(&(struct support_script){
        .replies = {"+OK hi <1896.697170952@pop.example.org> there\r\n", "-ERR\r\n", "+OK in\r\n",
                    REST_REPLIES},
        "CONNECT ok hi <1896.697170952@pop.example.org> there\n>CAPA\nCAPA err \n"
        ">APOP bob 8378c089fdf19694cb6fe3c55db75f3e\nAPOP ok in\n" REST_LOG,
        AS(APOP)});
    /* not offered, and nothing else was asked for; a text in brackets that is no msg-id */
    static const char *const greetings[] = {"+OK hi\r\n", "+OK <hi>\r\n", "+OK <h i@x>\r\n",
                                            "+OK <h\xC3\xA4@x>\r\n", "+OK <1@x\r\n"};
    for (size_t i = 0; i < sizeof greetings / sizeof greetings[0]; i++) {
        struct pop3_client_options options;
        struct support_reader r;
        support_reader_options(&options);
        options.login = POP3_CLIENT_LOGIN_APOP;
        support_reader_start(&r, &options);
        support_script_feed(&r, slice_of(greetings[i]));
        support_script_feed(&r, SLICE("-ERR\r\n+OK\r\n"));
        cr_assert(r.is_failed);
        cr_assert(slice_equal(bytes_slice(&r.client.base.out), SLICE("CAPA\r\nQUIT\r\n")), "%zu",
                  i);
        support_reader_finish(&r);
    }
}

/* RFC 5034 4: the first response is sent along; an empty challenge asks for it again. */
Test(pop3_client_login, says_auth_plain_in_one_line_or_two)
{
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "+OK\r\nSASL LOGIN PLAIN X-NEW\r\n.\r\n", "+OK in\r\n",
                    REST_REPLIES},
        "CONNECT ok hi\n>CAPA\nCAPA ok \n>AUTH PLAIN AGJvYgBwYXNzIHdvcmQ=\n"
        "AUTH ok in\n" REST_LOG,
        BY(PLAIN)});
    struct pop3_client_options options;
    struct support_reader r;
    char password[250];
    memset(password, 'p', sizeof password);
    support_reader_options(&options);
    options.login = POP3_CLIENT_LOGIN_SASL;
    options.mechanism = SASL_PLAIN;
    options.password = (struct slice){password, sizeof password};
    support_reader_start(&r, &options);
    support_script_feed(&r, SLICE("+OK\r\n+OK\r\nSASL PLAIN\r\n.\r\n"));
    cr_assert(slice_equal(bytes_slice(&r.client.base.out), SLICE("CAPA\r\nAUTH PLAIN\r\n")));
    support_script_feed(&r, SLICE("+ \r\n"));
    cr_assert_eq(bytes_size(&r.client.base.out), 6 + 12 + (5 + 250) / 3 * 4 + 2);
    support_script_feed(&r, SLICE("+OK\r\n"));
    cr_assert_eq(r.client.state, POP3_CLIENT_STATE_STAT);
    support_reader_finish(&r);
}

Test(pop3_client_login, answers_the_questions_of_login)
{
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "+OK\r\nSASL LOGIN\r\n.\r\n", "+ VXNlcm5hbWU6\r\n",
                    "+ UGFzc3dvcmQ6\r\n", "+OK in\r\n", REST_REPLIES},
        "CONNECT ok hi\n>CAPA\nCAPA ok \n>AUTH LOGIN\n>Ym9i\n>cGFzcyB3b3Jk\n"
        "AUTH ok in\n" REST_LOG,
        BY(LOGIN)});
}

/* RFC 5034 4: a challenge that can't be decoded is answered with "*"; so is one that is wrong. */
Test(pop3_client_login, cancels_an_exchange_that_goes_wrong)
{
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "+OK\r\nSASL CRAM-MD5\r\n.\r\n", "+ =AAA\r\n",
                    "-ERR cancelled\r\n", "+OK bye\r\n"},
        "CONNECT ok hi\n>CAPA\nCAPA ok \n>AUTH CRAM-MD5\n>*\nAUTH err cancelled\n>QUIT\n"
        "QUIT ok bye\nfailed the server's challenge can't be decoded\n",
        BY(CRAM_MD5)});
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "+OK\r\nSASL SCRAM-SHA-256\r\n.\r\n", "+ cj1ldmls\r\n",
                    "+OK come in\r\n", "+OK bye\r\n"},
        "CONNECT ok hi\n>CAPA\nCAPA ok \n"
        ">AUTH SCRAM-SHA-256 biwsbj1ib2Iscj1yT3ByTkdmd0ViZVJXZ2JORWtxTw==\n>*\nAUTH ok come in\n"
        ">QUIT\nQUIT ok bye\n"
        "failed the server does not keep to the mechanism, or does not know the password\n",
        BY(SCRAM_SHA_256)});
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "+OK\r\nSASL CRAM-MD5\r\n.\r\n", "+ =\r\n", "+ AAAA\r\n"},
        "CONNECT ok hi\n>CAPA\nCAPA ok \n>AUTH CRAM-MD5\n>*\n"
        "failed lost the server does not speak POP3\n",
        BY(CRAM_MD5)});
}

/* RFC 5802 5: without the server's signature "+OK" is nobody's word. */
Test(pop3_client_login, does_not_believe_an_ok_before_the_server_has_signed)
{
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "+OK\r\nSASL SCRAM-SHA-256\r\n.\r\n", "+OK welcome\r\n",
                    "+OK bye\r\n"},
        "CONNECT ok hi\n>CAPA\nCAPA ok \n"
        ">AUTH SCRAM-SHA-256 biwsbj1ib2Iscj1yT3ByTkdmd0ViZVJXZ2JORWtxTw==\nAUTH ok welcome\n>QUIT\n"
        "QUIT ok bye\nfailed the server has not shown that it knows the password\n",
        BY(SCRAM_SHA_256)});
}

/* Whoever changes the list on the wire must not get at the password. */
Test(pop3_client_login, does_not_fall_back_to_showing_the_password)
{
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "+OK\r\nUSER\r\nSASL PLAIN LOGIN\r\n.\r\n", "+OK bye\r\n"},
        "CONNECT ok hi\n>CAPA\nCAPA ok \n>QUIT\nQUIT ok bye\n"
        "failed the server offers no way to log in that may be used\n",
        BY(SCRAM_SHA_256)});
    support_script_play(
        &(struct support_script){.replies = {"+OK hi\r\n", "-ERR\r\n", "+OK bye\r\n"},
                                 "CONNECT ok hi\n>CAPA\nCAPA err \n>QUIT\nQUIT ok bye\n"
                                 "failed the server offers no way to log in that may be used\n",
                                 BY(CRAM_MD5)});
}

Test(pop3_client_login, takes_the_strongest_way_in_when_it_may_choose)
{
    static const struct {
        const char *greeting, *capabilities, *command;
        bool is_secure;
    } rows[] = {
        {"<1@x>", "SASL PLAIN SCRAM-SHA-256 CRAM-MD5\r\n", "AUTH SCRAM-SHA-256 ", false},
        {"<1@x>", "SASL PLAIN CRAM-MD5\r\n", "AUTH CRAM-MD5\r\n", false},
        {"<1@x>", "SASL PLAIN\r\n", "APOP bob ", false},
        {"", "SASL PLAIN\r\n", "USER bob\r\n", false},
        {"", "", "USER bob\r\n", false},
        {"<1@x>", "SASL PLAIN\r\n", "AUTH PLAIN ", true},
        {"", "sasl login\r\n", "AUTH LOGIN\r\n", true},
        {"", "SASL\r\n", "USER bob\r\n", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pop3_client_options options;
        struct support_reader r;
        char said[200];
        support_reader_options(&options);
        options.login = POP3_CLIENT_LOGIN_AUTO;
        support_reader_start(&r, &options);
        r.client.base.tls = rows[i].is_secure ? SESSION_TLS_FIRST : SESSION_TLS_NONE;
        snprintf(said, sizeof said, "+OK %s\r\n+OK\r\n%s.\r\n", rows[i].greeting,
                 rows[i].capabilities);
        support_script_feed(&r, slice_of(said));
        snprintf(said, sizeof said, "CAPA\r\n%s", rows[i].command);
        cr_assert(slice_starts(bytes_slice(&r.client.base.out), slice_of(said)), "row %zu: %.*s", i,
                  SLICE_ARG(bytes_slice(&r.client.base.out)));
        support_reader_finish(&r);
    }
}

/* ---- TLS (RFC 2595 4) ---- */

#define TLS(when) .options = {.tls = SESSION_TLS_POLICY_##when}

/* What was announced in clear is forgotten: the list is asked for again. */
Test(pop3_client_login, says_stls_and_asks_for_the_list_again)
{
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK begin\r\n", "TLS", "+OK\r\n.\r\n",
                    "+OK\r\n", "+OK in\r\n", REST_REPLIES},
        "CONNECT ok hi\n>CAPA\nCAPA ok \n>STLS\nSTLS ok begin\n>CAPA\nCAPA ok "
        "\n>USER bob\nUSER ok \n"
        ">PASS pass word\nPASS ok in\n" REST_LOG,
        TLS(REQUIRED)});
}

/* CVE-2011-0411, the other way round: replies that somebody put behind that to STLS, in clear. */
Test(pop3_client_login, throws_away_what_comes_behind_the_reply_to_stls)
{
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK begin\r\n+OK\r\nSASL PLAIN\r\n.\r\n",
                    "TLS", "+OK true\r\n.\r\n", "-ERR\r\n", "+OK\r\n"},
        "CONNECT ok hi\n>CAPA\nCAPA ok \n>STLS\nSTLS ok begin\n>CAPA\nCAPA ok true\n>USER bob\n"
        "USER err \n>QUIT\nQUIT ok \nfailed \n",
        TLS(IF_OFFERED)});
}

Test(pop3_client_login, says_no_name_and_no_password_without_the_tls_that_is_required)
{
    support_script_play(
        &(struct support_script){.replies = {"+OK hi\r\n", "+OK\r\nUSER\r\n.\r\n", "+OK bye\r\n"},
                                 "CONNECT ok hi\n>CAPA\nCAPA ok \n>QUIT\nQUIT ok bye\n"
                                 "failed the server offers no TLS\n",
                                 TLS(REQUIRED)});
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "-ERR not today\r\n", "+OK bye\r\n"},
        "CONNECT ok hi\n>CAPA\nCAPA ok \n>STLS\nSTLS err not today\n>QUIT\nQUIT ok bye\n"
        "failed not today\n",
        TLS(REQUIRED)});
    support_script_play(
        &(struct support_script){.replies = {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "+OK begin\r\n"},
                                 "CONNECT ok hi\n>CAPA\nCAPA ok \n>STLS\nSTLS ok begin\n"
                                 "failed lost the connection was lost\n",
                                 TLS(REQUIRED)});
}

Test(pop3_client_login, does_without_tls_when_that_is_allowed)
{
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "+OK\r\nSTLS\r\n.\r\n", "-ERR not today\r\n", "+OK\r\n",
                    "+OK in\r\n", REST_REPLIES},
        "CONNECT ok hi\n>CAPA\nCAPA ok \n>STLS\nSTLS err not today\n>USER bob\nUSER ok \n"
        ">PASS pass word\nPASS ok in\n" REST_LOG,
        TLS(IF_OFFERED)});
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "+OK\r\n.\r\n", "+OK\r\n", "+OK in\r\n", REST_REPLIES},
        "CONNECT ok hi\n>CAPA\nCAPA ok \n>USER bob\nUSER ok \n"
        ">PASS pass word\nPASS ok in\n" REST_LOG,
        TLS(IF_OFFERED)});
}

/* ---- PIPELINING (RFC 2449 6.6), TOP ---- */

#define PIPELINED_REPLIES "+OK hi\r\n", "+OK\r\nPIPELINING\r\n.\r\n", "+OK\r\n", "+OK in\r\n"
#define PIPELINED_LOG                                                                              \
    "CONNECT ok hi\n>CAPA\nCAPA ok \n>USER bob\nUSER ok \n>PASS pass word\nPASS ok in\n"

Test(pop3_client_login, sends_several_commands_at_once_where_that_is_offered)
{
    support_script_play(&(struct support_script){
        .replies = {PIPELINED_REPLIES,
                    "+OK 2 2\r\n+OK\r\n1 1\r\n2 1\r\n.\r\n+OK\r\n1 a\r\n2 b\r\n.\r\n",
                    "+OK\r\nx\r\n.\r\n-ERR gone\r\n", "+OK\r\n", "+OK\r\n"},
        PIPELINED_LOG ">STAT\n>LIST\n>UIDL\nSTAT ok 2 2\nLIST ok \nUIDL ok \nlisted 1/1/a 2/1/b\n"
                      ">RETR 1\n>RETR 2\nRETR ok \nmessage 0 [x\r\n]\nRETR err gone\n>DELE 1\n"
                      "DELE ok \n>QUIT\nQUIT ok \ndone 1\n",
        .options = {.pipelines = true}});
    /* a LIST that is refused: the answer to UIDL is awaited all the same */
    support_script_play(&(struct support_script){
        .replies = {PIPELINED_REPLIES, "+OK 2 2\r\n-ERR no list\r\n-ERR no ids\r\n", "+OK\r\n"},
        PIPELINED_LOG ">STAT\n>LIST\n>UIDL\nSTAT ok 2 2\nLIST err no list\nUIDL err no ids\n>QUIT\n"
                      "QUIT ok \nfailed no list\n",
        .options = {.pipelines = true}});
}

Test(pop3_client_login, sends_no_more_ahead_than_a_few)
{
    struct pop3_client_options options;
    struct support_reader r;
    support_reader_options(&options);
    options.pipelines = true;
    support_reader_start(&r, &options);
    support_script_feed(&r, SLICE("+OK\r\n+OK\r\nPIPELINING\r\n.\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n"));
    for (int i = 1; i <= 100; i++) {
        char line[32];
        support_script_feed(
            &r, (struct slice){line, (size_t)snprintf(line, sizeof line, "%d 3\r\n", i)});
    }
    support_script_feed(&r, SLICE(".\r\n-ERR\r\n"));
    for (int i = 1; i <= 200; i++) {
        struct slice out = bytes_slice(&r.client.base.out), line;
        int count = 0;
        while (slice_cut(&out, '\n', &line))
            count += slice_starts(line, i <= 100 ? SLICE("RETR") : SLICE("DELE"));
        cr_assert_eq(count,
                     i == 1 || i == 101                             ? 1 + POP3_CLIENT_FLYING_MAX
                     : (i - 1) % 100 < 100 - POP3_CLIENT_FLYING_MAX ? 1
                                                                    : 0,
                     "%d: %d", i, count);
        session_sent(&r.client.base, bytes_size(&r.client.base.out));
        support_script_feed(&r, i <= 100 ? SLICE("+OK\r\nx\r\n.\r\n") : SLICE("+OK\r\n"));
    }
    cr_assert(slice_equal(bytes_slice(&r.client.base.out), SLICE("QUIT\r\n")));
    support_reader_finish(&r);
}

Test(pop3_client_login, fetches_the_header_alone_with_top)
{
    support_script_play(&(struct support_script){
        .replies = {LOGIN_REPLIES, "+OK\r\n", "+OK\r\n7 20\r\n.\r\n", "-ERR\r\n",
                    "+OK\r\nA: b\r\n\r\n.\r\n", "+OK\r\n"},
        LOGIN_LOG "STAT ok \n>LIST\nLIST ok \n>UIDL\nUIDL err \nlisted 7/20/\n"
                  ">TOP 7 0\nTOP ok \nmessage 0 [A: b\r\n\r\n]\n>QUIT\nQUIT ok \n"
                  "done\n",
        .keeps = true,
        .tops = true});
}
