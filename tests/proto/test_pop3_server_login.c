/* What a POP3 server does before the maildrop is open: the greeting, AUTH, STLS. */
#include "agents/proto/pop3_server.h"

#include <criterion/criterion.h>
#include <string.h>

#include "support_pop3.h"

/* Within AUTH there are no commands: whatever it looks like, it is a response (RFC 5034 4). */
Test(pop3_server_login, takes_no_line_within_auth_for_a_command)
{
    for (int verb = 0; verb < POP3_VERB_COUNT; verb++) {
        struct support_pop3 p;
        support_pop3_bring_to(&p, POP3_STATE_EXCHANGE, (enum pop3_verb)verb);
        size_t commands = p.commands;
        cr_assert_eq(pop3_rules[verb].legal_states & 1u << POP3_STATE_EXCHANGE, 0);
        support_pop3_feed(&p, slice_of(support_pop3_samples[verb]));
        cr_assert_eq(p.commands, commands);
        cr_assert(!p.last_ok, "%s", support_pop3_samples[verb]);
        cr_assert_eq(p.server.state, POP3_STATE_AUTHORIZATION);
        support_pop3_finish(&p);
    }
}

/* RFC 2595 4: the next octets are TLS's. Nothing that came in clear is answered, then or later. */
Test(pop3_server_login, reads_nothing_between_stls_and_tls)
{
    for (int verb = 0; verb < POP3_VERB_COUNT; verb++) {
        struct support_pop3 p;
        support_pop3_bring_to(&p, POP3_STATE_STARTTLS, (enum pop3_verb)verb);
        cr_assert_eq(pop3_rules[verb].legal_states & 1u << POP3_STATE_STARTTLS, 0);
        cr_assert_eq(p.server.base.tls, SESSION_TLS_WANTED);
        support_pop3_feed(&p, slice_of(support_pop3_samples[verb]));
        support_pop3_tls(&p);
        cr_assert_eq(bytes_size(&p.server.base.out), 0, "%s", support_pop3_samples[verb]);
        cr_assert_eq(p.server.state, POP3_STATE_AUTHORIZATION);
        support_pop3_feed(&p, SLICE("STLS\r\nQUIT\r\n"));
        cr_assert(slice_equal(bytes_slice(&p.server.base.out),
                              SLICE("-ERR there is TLS already\r\n+OK bye\r\n")));
        support_pop3_finish(&p);
    }
}

/* The same, in the very segment of the command. */
Test(pop3_server_login, throws_away_what_is_pipelined_behind_stls)
{
    static const char *const behind[] = {"USER bob\r\nPASS pass word\r\nDELE 1\r\nQUIT\r\n", "US",
                                         "\r\n", "QUIT\r\nNOOP"};
    for (size_t i = 0; i < sizeof behind / sizeof behind[0]; i++) {
        struct support_pop3 p;
        struct bytes sent;
        support_pop3_bring_to(&p, POP3_STATE_AUTHORIZATION, POP3_VERB_STLS);
        bytes_init(&sent, 1000);
        bytes_printf(&sent, "STLS\r\n%s", behind[i]);
        support_pop3_feed(&p, bytes_slice(&sent));
        support_pop3_tls(&p);
        support_pop3_feed(&p, SLICE("STAT\r\n"));
        cr_assert(slice_equal(bytes_slice(&p.server.base.out),
                              SLICE("+OK begin TLS\r\n-ERR log in first\r\n")),
                  "%s", behind[i]);
        cr_assert_eq(bytes_size(&p.log), 0);
        bytes_finish(&sent);
        support_pop3_finish(&p);
    }
}

/* The driver finds nothing left of it when it is asked for TLS (session.h). */
Test(pop3_server_login, has_emptied_what_came_in_when_it_wants_tls)
{
    struct support_pop3 p;
    struct pop3_server_event e;
    support_pop3_bring_to(&p, POP3_STATE_AUTHORIZATION, POP3_VERB_STLS);
    session_feed(&p.server.base, SLICE("STLS\r\nQUIT\r\n"));
    while (p.server.base.tls == SESSION_TLS_NONE)
        cr_assert(pop3_server_next(&p.server, &e));
    cr_assert_eq(bytes_size(&p.server.base.in), 0);
    support_pop3_finish(&p);
}

Test(pop3_server_login, ends_when_the_peer_closes_within_auth_or_before_tls)
{
    static const enum pop3_state states[] = {POP3_STATE_EXCHANGE, POP3_STATE_STARTTLS};
    for (size_t i = 0; i < 2; i++) {
        struct support_pop3 p;
        support_pop3_bring_to(&p, states[i], POP3_VERB_COUNT);
        support_pop3_eof(&p);
        cr_assert(slice_ends(bytes_slice(&p.log), SLICE("ENDED\nCLOSED\n")));
        cr_assert_eq(p.server.state, POP3_STATE_CLOSED);
        support_pop3_finish(&p);
    }
}

/* RFC 2195: a challenge is never said twice, nor is a timestamp. */
Test(pop3_server_login, gives_each_exchange_a_challenge_of_its_own)
{
    struct support_pop3 p;
    support_pop3_start_everything(&p);
    session_sent(&p.server.base, bytes_size(&p.server.base.out));
    struct bytes seen;
    bytes_init(&seen, 10000);
    for (int i = 0; i < POP3_ERRORS_MAX - 1; i++) {
        support_pop3_feed(&p, SLICE("AUTH CRAM-MD5\r\n*\r\n"));
        struct slice out = bytes_slice(&p.server.base.out), line = {0};
        slice_cut(&out, '\n', &line);
        cr_assert(slice_starts(line, SLICE("+ ")));
        cr_assert_eq(slice_find(bytes_slice(&seen), line, 0), SLICE_NONE);
        bytes_append(&seen, line);
        session_sent(&p.server.base, bytes_size(&p.server.base.out));
    }
    bytes_finish(&seen);
    support_pop3_finish(&p);
}

/* RFC 2449 6.4: text that begins with a bracket is a response code, and a greeting has none. RFC
   1939 7: the timestamp is a msg-id. */
Test(pop3_server_login, greets_with_a_timestamp_and_without_a_bracket)
{
    static const struct {
        const char *text, *greeting;
        bool has_apop;
    } rows[] = {
        {"hello", "+OK hello\r\n", false},
        {"hello", "+OK hello <n1@pop.example.org>\r\n", true},
        {"", "+OK <n1@pop.example.org>\r\n", true},
        {"[[IN-USE] no", "+OK IN-USE] no\r\n", false},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct pop3_server_options options;
        struct pop3_server s;
        support_pop3_options(&options);
        options.nonce = SLICE("n1");
        options.has_apop = rows[i].has_apop;
        pop3_server_init(&s, &options);
        pop3_server_greet(&s, slice_of(rows[i].text));
        cr_assert(slice_equal(bytes_slice(&s.base.out), slice_of(rows[i].greeting)), "%zu", i);
        pop3_server_finish(&s);
    }
}
