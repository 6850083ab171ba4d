#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "support_smtp_fixture.h"

/* A well-formed command of each verb, its code where it is legal, and where it leads. */
static const struct {
    const char *command;
    int code;
    int next; /* a state; -1: the same; -2: GREETED if it was beyond, else the same */
} samples[SMTP_VERB_COUNT] = {
    [SMTP_VERB_EHLO] = {"EHLO out.example.com\r\n", 250, SMTP_STATE_GREETED},
    [SMTP_VERB_HELO] = {"HELO out.example.com\r\n", 250, SMTP_STATE_GREETED},
    [SMTP_VERB_LHLO] = {"LHLO out.example.com\r\n", 250, SMTP_STATE_GREETED},
    [SMTP_VERB_MAIL] = {"MAIL FROM:<amir@example.com>\r\n", 250, SMTP_STATE_SENDER},
    [SMTP_VERB_RCPT] = {"RCPT TO:<bea@example.org>\r\n", 250, SMTP_STATE_RECIPIENTS},
    [SMTP_VERB_DATA] = {"DATA\r\n", 354, SMTP_STATE_DATA},
    [SMTP_VERB_BDAT] = {"BDAT 3\r\nx\r\n", 250, SMTP_STATE_CHUNKS},
    [SMTP_VERB_RSET] = {"RSET\r\n", 250, -2},
    [SMTP_VERB_NOOP] = {"NOOP\r\n", 250, -1},
    [SMTP_VERB_QUIT] = {"QUIT\r\n", 221, SMTP_STATE_CLOSED},
    [SMTP_VERB_VRFY] = {"VRFY bob\r\n", 252, -1},
    [SMTP_VERB_EXPN] = {"EXPN staff\r\n", 250, -1},
    [SMTP_VERB_HELP] = {"HELP\r\n", 214, -1},
    [SMTP_VERB_AUTH] = {"AUTH PLAIN\r\n", 334, SMTP_STATE_AUTH},
    [SMTP_VERB_STARTTLS] = {"STARTTLS\r\n", 220, SMTP_STATE_TLS},
    [SMTP_VERB_ETRN] = {"ETRN example.org\r\n", 250, -1},
    [SMTP_VERB_UNKNOWN] = {"DANCE\r\n", 500, -1},
};

static int expected_state(enum smtp_state state, int next)
{
    if (next == -2)
        return state >= SMTP_STATE_GREETED ? SMTP_STATE_GREETED : (int)state;
    return next == -1 ? (int)state : next;
}

/* `verb` in `state`, and what the rule table says of it. */
static void expect_rule(bool is_lmtp, enum smtp_state state, enum smtp_verb verb)
{
    struct smtp_server_options options = smtp_fixture_everything;
    struct smtp_fixture f;
    options.is_lmtp = is_lmtp;
    smtp_fixture_start(&f, &options);
    f.role.is_lmtp = is_lmtp;
    smtp_fixture_go_to(&f, state);
    const struct smtp_rule *rule = &smtp_rules[verb];
    bool is_spoken = rule->spoken_by & (is_lmtp ? SMTP_SPOKEN_BY_LMTP : SMTP_SPOKEN_BY_SMTP);
    bool is_legal = is_spoken && (rule->legal_states & 1u << state);
    int code = is_legal ? samples[verb].code : !is_spoken || verb == SMTP_VERB_UNKNOWN ? 500 : 503;
    int next = is_legal ? expected_state(state, samples[verb].next) : (int)state;
    cr_expect_eq(smtp_fixture_code(smtp_fixture_tell(&f, slice_of(samples[verb].command))), code,
                 "%s in %s, lmtp %d", smtp_verb_name(verb), smtp_state_name(state), is_lmtp);
    cr_expect_eq((int)f.s.state, next, "%s in %s, lmtp %d", smtp_verb_name(verb),
                 smtp_state_name(state), is_lmtp);
    smtp_fixture_finish(&f);
}

Test(smtp_server, every_verb_in_every_command_state_does_what_the_rule_table_says)
{
    static const enum smtp_state states[] = {SMTP_STATE_READY, SMTP_STATE_GREETED,
                                             SMTP_STATE_SENDER, SMTP_STATE_RECIPIENTS,
                                             SMTP_STATE_CHUNKS};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        for (int verb = 0; verb < SMTP_VERB_COUNT; verb++) {
            expect_rule(false, states[i], (enum smtp_verb)verb);
            expect_rule(true, states[i], (enum smtp_verb)verb);
        }
}

/* RFC 4954 4: within AUTH a line is a response, whatever it looks like; in DATA it is text. */
Test(smtp_server, no_verb_is_a_command_while_another_side_of_the_protocol_is_open)
{
    static const enum smtp_state states[] = {SMTP_STATE_TLS, SMTP_STATE_AUTH, SMTP_STATE_DATA,
                                             SMTP_STATE_CHUNK, SMTP_STATE_CLOSED};
    for (size_t i = 0; i < sizeof states / sizeof *states; i++)
        for (int verb = 0; verb < SMTP_VERB_COUNT; verb++) {
            struct smtp_fixture f;
            smtp_fixture_start(&f, &smtp_fixture_everything);
            smtp_fixture_go_to(&f, states[i]);
            cr_expect_eq(smtp_rules[verb].legal_states & 1u << states[i], 0);
            int code = smtp_fixture_code(smtp_fixture_tell(&f, slice_of(samples[verb].command)));
            cr_expect_eq(code, states[i] == SMTP_STATE_AUTH ? 501 : 0, "%s in %s: %d",
                         smtp_verb_name((enum smtp_verb)verb), smtp_state_name(states[i]), code);
            if (states[i] != SMTP_STATE_AUTH)
                cr_expect_eq(f.s.state, states[i]);
            smtp_fixture_finish(&f);
        }
}

Test(smtp_server, nothing_is_served_before_the_greeting)
{
    struct smtp_server s;
    struct smtp_server_event e;
    smtp_server_init(&s, &smtp_fixture_everything);
    cr_assert(session_feed(&s.base, SLICE("EHLO early.example.com\r\n")));
    cr_expect_not(smtp_server_next(&s, &e));
    cr_expect_eq(bytes_size(&s.base.out), 0);
    smtp_server_answer(&s, &(struct smtp_reply){220, {0}, SLICE("hello")});
    cr_assert(smtp_server_next(&s, &e));
    cr_expect_eq(e.kind, SMTP_SERVER_REPLIED);
    cr_expect_eq(e.verb, SMTP_VERB_COUNT);
    cr_assert(smtp_server_next(&s, &e));
    cr_expect_eq(e.kind, SMTP_SERVER_COMMAND);
    cr_expect_eq(e.verb, SMTP_VERB_EHLO);
    cr_expect(slice_equal(e.line, SLICE("EHLO early.example.com")));
    cr_expect(slice_equal(e.argument, SLICE("early.example.com")));
    smtp_server_finish(&s);
}

/* A slow role: the next command waits, and a feed in between changes nothing (RFC 2920 3.2). */
Test(smtp_server, commands_behind_one_that_waits_for_a_verdict_are_kept)
{
    struct smtp_server s;
    struct smtp_server_event e = {0};
    smtp_server_init(&s, &smtp_fixture_everything);
    smtp_server_answer(&s, &(struct smtp_reply){220, {0}, SLICE("hello")});
    cr_assert(session_feed(&s.base, SLICE("HELO a.example\r\nMAIL FROM:<alice@exam")));
    while (e.kind != SMTP_SERVER_HELO)
        cr_assert(smtp_server_next(&s, &e));
    cr_expect_not(smtp_server_next(&s, &e));
    cr_assert(session_feed(&s.base, SLICE("ple.com>\r\n")));
    cr_expect_not(smtp_server_next(&s, &e));
    smtp_server_answer(&s, &(struct smtp_reply){250, {0}, {0}});
    for (e.kind = SMTP_SERVER_QUIT; e.kind != SMTP_SERVER_MAIL;)
        cr_assert(smtp_server_next(&s, &e));
    cr_expect(slice_equal(e.path, SLICE("alice@example.com")));
    smtp_server_finish(&s);
}

/* RFC 5321 3.8: 421 may come at any time. */
Test(smtp_server, shutting_down_says_421_in_every_state_and_gives_an_open_transaction_up)
{
    for (int state = SMTP_STATE_READY; state < SMTP_STATE_CLOSED; state++) {
        struct smtp_fixture f;
        smtp_fixture_start(&f, &smtp_fixture_everything);
        smtp_fixture_go_to(&f, (enum smtp_state)state);
        bytes_clear(&f.role.log);
        smtp_server_shut_down(&f.s, SLICE("back soon"));
        cr_expect(slice_equal(TELL(&f, ""), SLICE("421 4.3.2 back soon\r\n")));
        bool was_open = state >= SMTP_STATE_SENDER && state <= SMTP_STATE_CHUNKS;
        cr_expect_eq(bytes_size(&f.role.log) > 0, was_open, "%d", state);
        cr_expect(f.s.base.is_closing);
        smtp_server_shut_down(&f.s, SLICE("again"));
        cr_expect_eq(bytes_size(&f.s.base.out), 0);
        smtp_fixture_finish(&f);
    }
}

Test(smtp_server, a_verdict_that_comes_after_the_shutdown_is_too_late)
{
    struct smtp_fixture f;
    struct smtp_server_event e = {0};
    smtp_fixture_start(&f, &smtp_fixture_everything);
    smtp_fixture_go_to(&f, SMTP_STATE_DATA);
    cr_assert(session_feed(&f.s.base, SLICE("x\r\n.\r\n")));
    cr_assert(smtp_server_next(&f.s, &e));
    cr_expect_eq(e.kind, SMTP_SERVER_MESSAGE);
    smtp_server_shut_down(&f.s, SLICE("back soon"));
    smtp_server_answer(&f.s, &(struct smtp_reply){250, SLICE("2.0.0"), SLICE("taken")});
    cr_expect(slice_equal(bytes_slice(&f.s.base.out), SLICE("421 4.3.2 back soon\r\n")));
    cr_assert(smtp_server_next(&f.s, &e));
    cr_expect_eq(e.kind, SMTP_SERVER_REPLIED);
    cr_assert(smtp_server_next(&f.s, &e));
    cr_expect_eq(e.kind, SMTP_SERVER_RESET);
    smtp_fixture_finish(&f);
}

Test(smtp_server, a_client_that_never_reads_gets_421_when_out_is_full)
{
    struct smtp_fixture f;
    smtp_fixture_start(&f, &smtp_fixture_everything);
    size_t turns = 0;
    while (!f.s.base.is_closing && turns++ < 100000) {
        cr_assert(session_feed(&f.s.base, SLICE("NOOP\r\n")));
        smtp_role_serve(&f.role, &f.s);
    }
    cr_expect(
        slice_ends(bytes_slice(&f.s.base.out), SLICE("ok\r\n421 4.3.2 too many replies wait\r\n")));
    cr_expect_leq(bytes_size(&f.s.base.out), f.s.base.out.ceiling);
    smtp_fixture_finish(&f);
}

Test(smtp_server, a_client_that_sends_on_without_waiting_fills_in_and_may_be_told_421)
{
    struct smtp_fixture f;
    struct smtp_server_event e = {0};
    static const char octets[4096];
    smtp_fixture_start(&f, &smtp_fixture_everything);
    cr_assert(session_feed(&f.s.base, SLICE("HELO a.example\r\n")));
    while (e.kind != SMTP_SERVER_HELO) /* this verdict never comes */
        cr_assert(smtp_server_next(&f.s, &e));
    size_t turns = 0;
    while (session_feed(&f.s.base, (struct slice){octets, sizeof octets}))
        cr_assert_lt(turns++, 10000);
    smtp_server_shut_down(&f.s, SLICE("too much at once"));
    cr_expect(slice_equal(TELL(&f, ""), SLICE("421 4.3.2 too much at once\r\n")));
    smtp_fixture_finish(&f);
}

/* A client that pipelines could not know that MAIL was refused (RFC 2920 3.1). */
Test(smtp_server, a_long_group_behind_a_refused_sender_is_not_counted_as_errors)
{
    struct smtp_fixture f;
    smtp_fixture_start(&f, &smtp_fixture_everything);
    TELL(&f, "EHLO a.example\r\n");
    TELL(&f, "MAIL FROM:<spam@example.com>\r\n");
    for (int i = 0; i < 100; i++)
        cr_expect_eq(smtp_fixture_code(TELL(&f, "RCPT TO:<bob@example.org>\r\n")), 503);
    cr_expect_eq(smtp_fixture_code(TELL(&f, "DATA\r\n")), 503);
    cr_expect_eq(smtp_fixture_code(TELL(&f, "MAIL FROM:<alice@example.com>\r\n")), 250);
    smtp_fixture_finish(&f);
}

Test(smtp_server, passwords_cannot_be_guessed_without_end)
{
    struct smtp_fixture f;
    smtp_fixture_start(&f, &smtp_fixture_everything);
    TELL(&f, "EHLO a.example\r\n");
    for (int i = 0; i < 20; i++)
        cr_expect_eq(smtp_fixture_code(TELL(&f, "AUTH PLAIN AGFsaWNlAHdyb25n\r\n")), 535);
    cr_expect_eq(smtp_fixture_code(TELL(&f, "AUTH PLAIN AGFsaWNlAHdyb25n\r\n")), 421);
    cr_expect(f.s.base.is_closing);
    smtp_fixture_finish(&f);
}

/* RFC 5321 4.5.3.1.8: a hundred recipients at least. */
Test(smtp_server, a_hundred_recipients_are_taken_when_nothing_else_is_said)
{
    struct smtp_fixture f;
    smtp_fixture_start(&f, &smtp_fixture_everything);
    smtp_fixture_go_to(&f, SMTP_STATE_SENDER);
    for (int i = 0; i < SMTP_RECIPIENTS_MIN; i++)
        cr_expect_eq(smtp_fixture_code(TELL(&f, "RCPT TO:<bob@example.org>\r\n")), 250);
    cr_expect_eq(smtp_fixture_code(TELL(&f, "RCPT TO:<bob@example.org>\r\n")), 452);
    cr_expect_eq(smtp_fixture_code(TELL(&f, "DATA\r\n")), 354);
    smtp_fixture_finish(&f);
}

Test(smtp_server, a_big_message_comes_whole_and_its_memory_is_given_back)
{
    struct smtp_fixture f;
    struct bytes wanted;
    smtp_fixture_start(&f, &smtp_fixture_everything);
    bytes_init(&wanted, SIZE_MAX / 2);
    smtp_fixture_go_to(&f, SMTP_STATE_DATA);
    for (int i = 0; i < 900; i++) {
        cr_expect_eq(
            TELL(&f, "..dots and 8-bit octets \xC3\xA9, and a good many words more\r\n").size, 0);
        bytes_append(&wanted,
                     SLICE(".dots and 8-bit octets \xC3\xA9, and a good many words more\r\n"));
    }
    cr_expect_eq(smtp_fixture_code(TELL(&f, ".\r\n")), 250);
    cr_expect(slice_equal(bytes_slice(&f.role.content), bytes_slice(&wanted)));
    size_t held =
        f.s.content.capacity + f.s.text.capacity + f.s.base.in.capacity + f.s.base.out.capacity;
    cr_expect_leq(held, 1024, "%zu octets in an idle session", held);
    bytes_finish(&wanted);
    smtp_fixture_finish(&f);
}

Test(smtp_server, a_session_that_nobody_talks_to_holds_no_memory_but_its_greeting)
{
    struct smtp_server s;
    smtp_server_init(&s, &smtp_fixture_everything);
    cr_expect_eq(s.base.in.capacity + s.base.out.capacity + s.content.capacity + s.text.capacity,
                 0);
    cr_expect_leq(sizeof s, 896, "%zu", sizeof s);
    smtp_server_finish(&s);
}

/* So is one behind a MAIL that the session refused by itself: 530 here (RFC 6409 4.3). */
Test(smtp_server, a_long_group_behind_a_sender_without_authentication_is_not_counted_either)
{
    struct smtp_server_options options = smtp_fixture_everything;
    struct smtp_fixture f;
    options.auth_required = true;
    smtp_fixture_start(&f, &options);
    TELL(&f, "EHLO a.example\r\n");
    cr_expect_eq(smtp_fixture_code(TELL(&f, "MAIL FROM:<alice@example.com>\r\n")), 530);
    for (int i = 0; i < 100; i++)
        cr_expect_eq(smtp_fixture_code(TELL(&f, "RCPT TO:<bob@example.org>\r\n")), 503);
    cr_expect_eq(smtp_fixture_code(TELL(&f, "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n")), 235);
    smtp_fixture_finish(&f);
}

Test(smtp_server, an_accepted_message_makes_up_for_the_errors_before_it)
{
    struct smtp_fixture f;
    smtp_fixture_start(&f, &smtp_fixture_everything);
    for (int i = 0; i < 15; i++)
        cr_expect_eq(smtp_fixture_code(TELL(&f, "DANCE\r\n")), 500);
    smtp_fixture_go_to(&f, SMTP_STATE_DATA);
    cr_expect_eq(smtp_fixture_code(TELL(&f, "x\r\n.\r\n")), 250);
    for (int i = 0; i < 20; i++)
        cr_expect_eq(smtp_fixture_code(TELL(&f, "DANCE\r\n")), 500);
    cr_expect_eq(smtp_fixture_code(TELL(&f, "DANCE\r\n")), 421);
    smtp_fixture_finish(&f);
}

Test(smtp_server, a_message_that_came_in_one_piece_leaves_no_big_buffer_behind)
{
    struct smtp_fixture f;
    struct bytes piece;
    smtp_fixture_start(&f, &smtp_fixture_everything);
    bytes_init(&piece, SIZE_MAX / 2);
    smtp_fixture_go_to(&f, SMTP_STATE_DATA);
    for (int i = 0; i < 1000; i++)
        bytes_append(&piece, SLICE("a line of some thirty-two octets\r\n"));
    bytes_append(&piece, SLICE(".\r\n"));
    cr_expect_eq(smtp_fixture_code(smtp_fixture_tell(&f, bytes_slice(&piece))), 250);
    cr_expect_leq(f.s.base.in.capacity + f.s.content.capacity, 1024);
    bytes_finish(&piece);
    smtp_fixture_finish(&f);
}
