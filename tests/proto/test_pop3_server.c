#include "agents/proto/pop3_server.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/random.h"
#include "support_pop3.h"

/* ---- the table ---- */

Test(pop3_server, answers_each_verb_in_each_state_as_the_table_says)
{
    static const enum pop3_state states[] = {POP3_STATE_AUTHORIZATION, POP3_STATE_TRANSACTION};
    for (size_t i = 0; i < 2; i++) {
        for (int verb = 0; verb < POP3_VERB_COUNT; verb++) {
            struct support_pop3 p;
            support_pop3_bring_to(&p, states[i], (enum pop3_verb)verb);
            bool is_legal = pop3_rules[verb].legal_states & 1u << states[i];
            size_t replies = p.replies;
            support_pop3_feed(&p, slice_of(support_pop3_samples[verb]));
            const char *name = pop3_verb_name((enum pop3_verb)verb);
            cr_assert_eq(p.replies, replies + 1, "%s", name);
            cr_assert_eq(p.last_ok, is_legal, "%s in %s", name, pop3_state_name(states[i]));
            struct slice status = is_legal ? SLICE("+OK") : SLICE("-ERR");
            cr_assert(slice_starts(bytes_slice(&p.server.base.out), status), "%s", name);
            if (!is_legal)
                cr_assert_eq(p.server.state, states[i], "%s", name);
            support_pop3_finish(&p);
        }
    }
}

static const struct pop3_server_options simple = {.hostname = {"pop.example.org", 15},
                                                  .nonce = {"n1", 2},
                                                  .has_pass = true,
                                                  .mechanisms = SASL_ALL,
                                                  .expire_days = POP3_EXPIRE_UNSAID};

Test(pop3_server, says_nothing_before_the_greeting_and_after_the_end)
{
    for (int verb = 0; verb < POP3_VERB_COUNT; verb++) {
        struct pop3_server s;
        struct pop3_server_event e;
        pop3_server_init(&s, &simple);
        session_feed(&s.base, slice_of(support_pop3_samples[verb]));
        cr_assert(!pop3_server_next(&s, &e));
        cr_assert_eq(s.state, POP3_STATE_CONNECTED);
        cr_assert_eq(pop3_rules[verb].legal_states & 1u << POP3_STATE_CONNECTED, 0);
        pop3_server_finish(&s);

        struct support_pop3 p;
        support_pop3_init(&p);
        support_pop3_feed(&p, SLICE("QUIT\r\n"));
        size_t size = bytes_size(&p.server.base.out);
        support_pop3_feed(&p, slice_of(support_pop3_samples[verb]));
        cr_assert_eq(bytes_size(&p.server.base.out), size);
        cr_assert_eq(p.server.state, POP3_STATE_CLOSED);
        support_pop3_finish(&p);
    }
}

Test(pop3_server, finds_each_verb_by_its_name)
{
    for (int verb = 0; verb < POP3_VERB_UNKNOWN; verb++) {
        cr_assert_eq(pop3_verb_find(slice_of(pop3_rules[verb].verb)), (enum pop3_verb)verb);
        cr_assert(
            slice_starts(slice_of(support_pop3_samples[verb]), slice_of(pop3_rules[verb].verb)));
    }
    cr_assert_eq(pop3_verb_find(SLICE("qUiT")), POP3_VERB_QUIT);
    cr_assert_eq(pop3_verb_find(SLICE("")), POP3_VERB_UNKNOWN);
    cr_assert_eq(pop3_verb_find(SLICE("QUITS")), POP3_VERB_UNKNOWN);
}

Test(pop3_server, reports_a_command_before_it_is_judged_and_then_its_reply)
{
    struct pop3_server s;
    struct pop3_server_event e;
    pop3_server_init(&s, &simple);
    pop3_server_greet(&s, SLICE("hello"));
    cr_assert(pop3_server_next(&s, &e) && e.kind == POP3_SERVER_REPLIED && e.ok);
    cr_assert_eq(e.verb, POP3_VERB_COUNT);
    session_feed(&s.base, SLICE("retr  7 \r\nEHLO x\r\n"));
    cr_assert(pop3_server_next(&s, &e) && e.kind == POP3_SERVER_COMMAND);
    cr_assert_eq(e.verb, POP3_VERB_RETR);
    cr_assert(slice_equal(e.argument, SLICE("7")));
    cr_assert(slice_equal(bytes_slice(&s.base.out), SLICE("+OK hello\r\n")));
    cr_assert(pop3_server_next(&s, &e) && e.kind == POP3_SERVER_REPLIED && !e.ok);
    cr_assert_eq(e.verb, POP3_VERB_RETR);
    cr_assert(pop3_server_next(&s, &e) && e.kind == POP3_SERVER_COMMAND);
    cr_assert_eq(e.verb, POP3_VERB_UNKNOWN);
    cr_assert(slice_equal(e.argument, SLICE("EHLO x")));
    pop3_server_finish(&s);
}

Test(pop3_server, waits_for_the_verdict_before_it_goes_on)
{
    struct pop3_server s;
    struct pop3_server_event e;
    pop3_server_init(&s, &simple);
    pop3_server_greet(&s, SLICE(""));
    session_feed(&s.base, SLICE("USER bob\r\nPASS x y\r\nNOOP\r\n"));
    while (pop3_server_next(&s, &e) && e.kind != POP3_SERVER_PASSWORD) {
    }
    cr_assert_eq(e.kind, POP3_SERVER_PASSWORD);
    cr_assert(slice_equal(e.user, SLICE("bob")));
    cr_assert(!pop3_server_next(&s, &e));
    s.base.is_eof = true; /* a client may close its side and still wait for the answers */
    cr_assert(!pop3_server_next(&s, &e));
    pop3_server_password(&s, &SLICE("x y"));
    cr_assert(pop3_server_next(&s, &e) && e.kind == POP3_SERVER_AUTH && e.ok);
    cr_assert(slice_equal(slice_of(e.mechanism), SLICE("PASS")));
    cr_assert(pop3_server_next(&s, &e) && e.kind == POP3_SERVER_LOGIN);
    cr_assert(slice_equal(e.user, SLICE("bob")));
    cr_assert(!pop3_server_next(&s, &e));
    pop3_server_opened(&s, NULL, 0);
    cr_assert(pop3_server_next(&s, &e) && e.kind == POP3_SERVER_REPLIED && e.ok);
    cr_assert(pop3_server_next(&s, &e) && e.kind == POP3_SERVER_COMMAND);
    cr_assert_eq(e.verb, POP3_VERB_NOOP);
    cr_assert(pop3_server_next(&s, &e) && e.kind == POP3_SERVER_REPLIED && e.ok);
    cr_assert(pop3_server_next(&s, &e) && e.kind == POP3_SERVER_ENDED);
    cr_assert(!pop3_server_next(&s, &e));
    pop3_server_finish(&s);
}

/* ---- limits ---- */

/* "USER xxx...": a line of that many octets, CRLF counted. */
static void feed_long_line(struct support_pop3 *p, size_t octets, size_t cut)
{
    struct bytes line;
    bytes_init(&line, octets);
    bytes_append(&line, SLICE("USER "));
    while (bytes_size(&line) < octets - 2)
        bytes_append_octet(&line, 'x');
    bytes_append(&line, SLICE("\r\n"));
    struct slice all = bytes_slice(&line);
    support_pop3_feed(p, slice_part(all, 0, cut));
    support_pop3_feed(p, slice_part(all, cut, all.size));
    bytes_finish(&line);
}

/* RFC 2449 4: 255 octets, CRLF included. */
Test(pop3_server, takes_lines_of_255_octets_and_refuses_longer_ones_whole)
{
    static const struct {
        size_t octets;
        const char *replies;
    } rows[] = {
        {255, "+OK ready\r\n+OK send PASS\r\n"},
        {256, "+OK ready\r\n-ERR the line is too long\r\n"},
        {257, "+OK ready\r\n-ERR the line is too long\r\n"},
        {9000, "+OK ready\r\n-ERR the line is too long\r\n"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        for (size_t cut = 0; cut <= rows[i].octets; cut += rows[i].octets > 300 ? 31 : 1) {
            struct support_pop3 p;
            support_pop3_init(&p);
            feed_long_line(&p, rows[i].octets, cut);
            struct slice out = bytes_slice(&p.server.base.out);
            cr_assert(slice_equal(out, slice_of(rows[i].replies)), "%zu cut at %zu: %.*s",
                      rows[i].octets, cut, SLICE_ARG(out));
            support_pop3_feed(&p, SLICE("QUIT\r\n"));
            cr_assert(p.server.base.is_closing);
            support_pop3_finish(&p);
        }
    }
}

Test(pop3_server, keeps_nothing_of_a_line_that_never_ends)
{
    struct support_pop3 p;
    support_pop3_init(&p);
    char block[1000];
    memset(block, 'a', sizeof block);
    for (int i = 0; i < 1000; i++)
        support_pop3_feed(&p, (struct slice){block, sizeof block});
    cr_assert_leq(p.server.base.in.capacity, 4096);
    cr_assert_eq(p.commands, 0);
    support_pop3_feed(&p, SLICE("\r\nQUIT\r\n"));
    cr_assert_eq(p.commands, 2);
    cr_assert(p.server.base.is_closing);
    support_pop3_finish(&p);
}

Test(pop3_server, closes_after_too_many_errors_and_removes_nothing)
{
    struct support_pop3 p;
    support_pop3_bring_to(&p, POP3_STATE_TRANSACTION, POP3_VERB_DELE);
    support_pop3_feed(&p, SLICE("DELE 1\r\n"));
    for (int i = 1; i < POP3_ERRORS_MAX; i++) {
        support_pop3_feed(&p, SLICE("NONSENSE\r\n"));
        cr_assert(!p.server.base.is_closing);
    }
    support_pop3_feed(&p, SLICE("NONSENSE\r\nQUIT\r\n"));
    cr_assert(slice_ends(bytes_slice(&p.server.base.out), SLICE("-ERR too many errors\r\n")));
    cr_assert(slice_ends(bytes_slice(&p.log), SLICE("\nENDED\nCLOSED\n")));
    cr_assert(!p.is_removed[0]);
    support_pop3_finish(&p);
}

Test(pop3_server, counts_wrong_passwords_as_errors)
{
    struct support_pop3 p;
    support_pop3_init(&p);
    for (int i = 0; i < POP3_ERRORS_MAX; i++) {
        cr_assert(!p.server.base.is_closing);
        support_pop3_feed(&p, SLICE("USER bob\r\nPASS guess\r\n"));
    }
    cr_assert(p.server.base.is_closing);
    support_pop3_finish(&p);
}

Test(pop3_server, answers_err_when_a_message_has_no_room_in_out)
{
    struct support_pop3 p;
    support_pop3_bring_to(&p, POP3_STATE_TRANSACTION, POP3_VERB_RETR);
    p.server.base.out.ceiling = 80; /* message 1 has 86 octets */
    support_pop3_feed(&p, SLICE("RETR 1\r\n"));
    cr_assert(slice_equal(bytes_slice(&p.server.base.out),
                          SLICE("-ERR [SYS/TEMP] the message is too large to be sent now\r\n")));
    cr_assert_eq(p.server.base.cuts.count, 0);
    session_sent(&p.server.base, bytes_size(&p.server.base.out));
    support_pop3_feed(&p, SLICE("RETR 2\r\n"));
    cr_assert(slice_starts(bytes_slice(&p.server.base.out), SLICE("+OK 16 octets\r\n")));
    support_pop3_finish(&p);
}

/* Whatever reply finds out full: the session ends, marks do not count, nothing is half written. */
Test(pop3_server, closes_when_a_peer_reads_nothing_and_out_is_full)
{
    static const char *const commands[] = {"NOOP\r\n",   "LIST\r\n", "UIDL 3\r\n",
                                           "RETR 1\r\n", "CAPA\r\n", "BAD\r\n"};
    for (size_t i = 0; i < sizeof commands / sizeof commands[0]; i++) {
        for (size_t ceiling = 60; ceiling < 70; ceiling++) {
            struct support_pop3 p;
            support_pop3_bring_to(&p, POP3_STATE_TRANSACTION, POP3_VERB_NOOP);
            support_pop3_feed(&p, SLICE("DELE 2\r\n"));
            p.server.base.out.ceiling = ceiling;
            for (int n = 0; n < 19 && !p.server.base.is_closing; n++)
                support_pop3_feed(&p, slice_of(commands[i]));
            cr_assert(p.server.base.is_closing, "%s", commands[i]);
            cr_assert(slice_ends(bytes_slice(&p.log), SLICE("ENDED\nCLOSED\n")));
            cr_assert(slice_ends(bytes_slice(&p.server.base.out), SLICE("\r\n")));
            cr_assert(!p.is_removed[1]);
            support_pop3_finish(&p);
        }
    }
}

Test(pop3_server, is_small_while_it_idles)
{
    struct support_pop3 p;
    support_pop3_bring_to(&p, POP3_STATE_AUTHORIZATION, POP3_VERB_USER);
    size_t size = sizeof p.server + p.server.base.in.capacity + p.server.base.out.capacity +
                  p.server.line.capacity + p.server.user.capacity;
    cr_assert_leq(size, 1024, "%zu", size);
    support_pop3_finish(&p);
}

/* ---- contents ---- */

/* Header, body and dot each start a segment, so that a body looks the same on every hop. */
Test(pop3_server, sends_header_body_and_dot_in_segments_of_their_own)
{
    struct support_pop3 p;
    support_pop3_bring_to(&p, POP3_STATE_TRANSACTION, POP3_VERB_RETR);
    support_pop3_feed(&p, SLICE("RETR 3\r\n"));
    static const char *const segments[] = {"+OK 27 octets\r\n", "Subject: three\r\n\r\n",
                                           "a\r\n..\r\nb\r\n", ".\r\n"};
    for (size_t i = 0; i < 4; i++) {
        struct slice segment = session_to_send(&p.server.base);
        cr_assert(slice_equal(segment, slice_of(segments[i])), "%.*s", SLICE_ARG(segment));
        session_sent(&p.server.base, segment.size);
    }
    support_pop3_finish(&p);
}

static void expect_sent(struct slice header, struct slice body, const char *sent)
{
    struct pop3_server s;
    struct pop3_server_event e;
    pop3_server_init(&s, &simple);
    pop3_server_greet(&s, SLICE(""));
    session_feed(&s.base, SLICE("USER bob\r\nPASS x\r\nRETR 1\r\n"));
    struct pop3_server_message message = {.size = 1, .uid = "x"};
    while (pop3_server_next(&s, &e)) {
        if (e.kind == POP3_SERVER_PASSWORD)
            pop3_server_password(&s, &SLICE("x"));
        if (e.kind == POP3_SERVER_LOGIN) {
            pop3_server_opened(&s, &message, 1);
            session_sent(&s.base, bytes_size(&s.base.out));
        }
        if (e.kind == POP3_SERVER_RETRIEVE)
            pop3_server_content(&s, header, body);
    }
    struct slice out = bytes_slice(&s.base.out);
    cr_assert(slice_equal(out, slice_of(sent)), "%.*s", SLICE_ARG(out));
    pop3_server_finish(&s);
}

/* RFC 1939 3: every line ends with CRLF; the dot that ends the reply stands alone on its line. */
Test(pop3_server, ends_each_part_with_crlf_and_stuffs_leading_dots)
{
    expect_sent(SLICE("A: b\r\n\r\n"), SLICE("no end"),
                "+OK 14 octets\r\nA: b\r\n\r\nno end\r\n.\r\n");
    expect_sent(SLICE(""), SLICE("."), "+OK 1 octets\r\n..\r\n.\r\n");
    expect_sent(SLICE(".h: x"), SLICE("..\r\n"), "+OK 9 octets\r\n..h: x\r\n...\r\n.\r\n");
    expect_sent(SLICE(""), SLICE(""), "+OK 0 octets\r\n.\r\n");
    expect_sent(SLICE(""), SLICE("x\n.\r\r\n.\r\n"), "+OK 9 octets\r\nx\n.\r\r\n..\r\n.\r\n");
}

Test(pop3_server, passes_on_a_refusal_to_retrieve_and_goes_on)
{
    struct support_pop3 p;
    support_pop3_bring_to(&p, POP3_STATE_TRANSACTION, POP3_VERB_RETR);
    p.refuses_retrieve = true;
    for (int i = 0; i < 2 * POP3_ERRORS_MAX; i++) /* not the client's mistake: not counted as one */
        support_pop3_feed(&p, SLICE("RETR 1\r\n"));
    cr_assert(slice_ends(bytes_slice(&p.server.base.out), SLICE("-ERR cannot be read\r\n")));
    cr_assert_eq(p.server.state, POP3_STATE_TRANSACTION);
    support_pop3_finish(&p);
}

/* RFC 1939 6: -ERR when not all marked messages could be removed. */
Test(pop3_server, says_err_to_quit_when_removal_failed)
{
    struct support_pop3 p;
    support_pop3_bring_to(&p, POP3_STATE_TRANSACTION, POP3_VERB_QUIT);
    p.refuses_update = true;
    support_pop3_feed(&p, SLICE("DELE 1\r\nQUIT\r\n"));
    cr_assert(slice_ends(bytes_slice(&p.server.base.out),
                         SLICE("-ERR some deleted messages were not removed\r\n")));
    cr_assert(p.server.base.is_closing);
    support_pop3_finish(&p);
}

Test(pop3_server, lets_no_text_of_a_role_become_a_line_of_its_own)
{
    struct pop3_server s;
    struct pop3_server_event e;
    pop3_server_init(&s, &simple);
    pop3_server_greet(&s, SLICE("hello\r\n+OK injected"));
    session_feed(&s.base, SLICE("USER bob\r\nPASS x\r\n"));
    char text[2000];
    memset(text, 'x', sizeof text);
    while (pop3_server_next(&s, &e)) {
        if (e.kind == POP3_SERVER_PASSWORD)
            pop3_server_password(&s, &SLICE("x"));
        if (e.kind == POP3_SERVER_LOGIN)
            pop3_server_refuse(&s, (struct slice){text, sizeof text});
    }
    struct slice out = bytes_slice(&s.base.out);
    cr_assert(slice_starts(out, SLICE("+OK hello\r\n+OK send PASS\r\n-ERR xxx")));
    cr_assert_leq(out.size, 11 + 15 + 512); /* RFC 2449 4 */
    cr_assert(slice_ends(out, SLICE("x\r\n")));
    pop3_server_finish(&s);
}

/* ---- hostile input ---- */

Test(pop3_server, lives_through_random_pieces_of_commands)
{
    static const char *const pieces[] = {"USER bob\r\n",
                                         "PASS pass word\r\n",
                                         "RETR ",
                                         "1",
                                         "\r\n",
                                         "\r",
                                         "\n",
                                         ".",
                                         "TOP 1 ",
                                         "DELE 2\r\n",
                                         "LIST",
                                         "UIDL\r\n",
                                         " ",
                                         "RSET\r\n",
                                         "STAT\r\n",
                                         "\xFF",
                                         "CAPA\r\n",
                                         "AUTH PLAIN\r\n",
                                         "AUTH CRAM-MD5\r\n",
                                         "AUTH LOGIN Ym9i\r\n",
                                         "*\r\n",
                                         "AGJvYgBwYXNzIHdvcmQ=\r\n",
                                         "APOP bob ",
                                         "8378c089fdf19694cb6fe3c55db75f3e",
                                         "NOOP\r\n"};
    enum { PIECES = sizeof pieces / sizeof pieces[0] };
    struct random random;
    random_init(&random, 1, SLICE("pop3"));
    for (int round = 0; round < 3000; round++) {
        struct support_pop3 p;
        support_pop3_start_everything(&p);
        for (int i = 0; i < 40; i++) {
            if (i == 1)
                support_pop3_feed(&p, SLICE("\r\nUSER bob\r\nPASS pass word\r\n"));
            support_pop3_feed(&p, slice_of(pieces[random_below(&random, PIECES)]));
        }
        support_pop3_eof(&p);
        cr_assert(p.server.base.is_closing);
        /* the greeting has one more; the last command may be an AUTH that was not brought to its
         * end
         */
        cr_assert(p.replies == p.commands + 1 || p.replies == p.commands);
        cr_assert(slice_ends(bytes_slice(&p.log), SLICE("ENDED\nCLOSED\n")));
        for (int i = 0; i < SUPPORT_POP3_COUNT; i++)
            cr_assert(!p.is_removed[i]);
        support_pop3_finish(&p);
    }
}
