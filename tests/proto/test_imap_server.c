/* The IMAP server where a dialogue does not reach: states, limits, flow control, several clients.
 */
#include "agents/proto/imap_server.h"

#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/base64.h"
#include "support_imap.h"

static void expect_out(struct imap_role *r, int n, const char *text)
{
    struct slice out = bytes_slice(&r->out[n]);
    cr_assert(slice_equal(out, slice_of(text)), "wanted\n%s\nbut\n%.*s", text, SLICE_ARG(out));
    bytes_clear(&r->out[n]);
}

static bool out_has(struct imap_role *r, int n, const char *text)
{
    return slice_find(bytes_slice(&r->out[n]), slice_of(text), 0) != SLICE_NONE;
}

static void say(struct imap_role *r, int n, const char *text)
{
    imap_role_feed(r, n, slice_of(text));
}

static void log_in(struct imap_role *r, int n)
{
    imap_role_open(r, n);
    imap_role_quietly(r, n, "z LOGIN alice secret\r\n");
    cr_assert_eq(r->sessions[n].state, IMAP_STATE_AUTHENTICATED);
}

static void select_inbox(struct imap_role *r, int n)
{
    log_in(r, n);
    imap_role_quietly(r, n, "z SELECT INBOX\r\n");
    cr_assert_eq(r->sessions[n].state, IMAP_STATE_SELECTED);
}

/* ---- the table ---- */

/* A command that is right in itself, for each verb. */
static const char *const samples[IMAP_VERB_UNKNOWN] = {
    [IMAP_VERB_CAPABILITY] = "CAPABILITY",
    [IMAP_VERB_NOOP] = "NOOP",
    [IMAP_VERB_LOGOUT] = "LOGOUT",
    [IMAP_VERB_ID] = "ID NIL",
    [IMAP_VERB_STARTTLS] = "STARTTLS",
    [IMAP_VERB_AUTHENTICATE] = "AUTHENTICATE PLAIN AGFsaWNlAHNlY3JldA==",
    [IMAP_VERB_LOGIN] = "LOGIN alice secret",
    [IMAP_VERB_ENABLE] = "ENABLE X",
    [IMAP_VERB_SELECT] = "SELECT INBOX",
    [IMAP_VERB_EXAMINE] = "EXAMINE INBOX",
    [IMAP_VERB_CREATE] = "CREATE a",
    [IMAP_VERB_DELETE] = "DELETE a",
    [IMAP_VERB_RENAME] = "RENAME a b",
    [IMAP_VERB_SUBSCRIBE] = "SUBSCRIBE a",
    [IMAP_VERB_UNSUBSCRIBE] = "UNSUBSCRIBE a",
    [IMAP_VERB_LIST] = "LIST \"\" *",
    [IMAP_VERB_LSUB] = "LSUB \"\" *",
    [IMAP_VERB_NAMESPACE] = "NAMESPACE",
    [IMAP_VERB_STATUS] = "STATUS INBOX (MESSAGES)",
    [IMAP_VERB_APPEND] = "APPEND INBOX {4+}\r\na: b",
    [IMAP_VERB_IDLE] = "IDLE\r\nDONE",
    [IMAP_VERB_GETQUOTA] = "GETQUOTA \"\"",
    [IMAP_VERB_GETQUOTAROOT] = "GETQUOTAROOT INBOX",
    [IMAP_VERB_SETQUOTA] = "SETQUOTA \"\" (STORAGE 1)",
    [IMAP_VERB_CHECK] = "CHECK",
    [IMAP_VERB_CLOSE] = "CLOSE",
    [IMAP_VERB_UNSELECT] = "UNSELECT",
    [IMAP_VERB_EXPUNGE] = "EXPUNGE",
    [IMAP_VERB_SEARCH] = "SEARCH ALL",
    [IMAP_VERB_SORT] = "SORT (DATE) UTF-8 ALL",
    [IMAP_VERB_THREAD] = "THREAD REFERENCES UTF-8 ALL",
    [IMAP_VERB_FETCH] = "FETCH 1 FLAGS",
    [IMAP_VERB_STORE] = "STORE 1 FLAGS ()",
    [IMAP_VERB_COPY] = "COPY 1 INBOX",
    [IMAP_VERB_MOVE] = "MOVE 1 INBOX",
    [IMAP_VERB_UID_EXPUNGE] = "UID EXPUNGE 1",
    [IMAP_VERB_UID_SEARCH] = "UID SEARCH ALL",
    [IMAP_VERB_UID_SORT] = "UID SORT (DATE) UTF-8 ALL",
    [IMAP_VERB_UID_THREAD] = "UID THREAD REFERENCES UTF-8 ALL",
    [IMAP_VERB_UID_FETCH] = "UID FETCH 1 FLAGS",
    [IMAP_VERB_UID_STORE] = "UID STORE 1 FLAGS ()",
    [IMAP_VERB_UID_COPY] = "UID COPY 1 INBOX",
    [IMAP_VERB_UID_MOVE] = "UID MOVE 1 INBOX",
};

static void bring_into(struct imap_role *r, enum imap_state state)
{
    imap_role_open(r, 0);
    if (state != IMAP_STATE_NOT_AUTHENTICATED)
        imap_role_quietly(r, 0, "z LOGIN alice secret\r\n");
    if (state == IMAP_STATE_SELECTED)
        imap_role_quietly(r, 0, "z SELECT INBOX\r\n");
    cr_assert_eq(r->sessions[0].state, state);
    bytes_clear(&r->out[0]);
}

Test(imap_server, every_verb_is_taken_in_the_states_of_the_table_and_in_no_other)
{
    for (int verb = 0; verb < IMAP_VERB_UNKNOWN; verb++)
        for (int state = IMAP_STATE_NOT_AUTHENTICATED; state <= IMAP_STATE_SELECTED; state++) {
            struct imap_role r;
            char line[200];
            imap_role_init(&r);
            r.options.offers_tls = true;
            imap_role_put(&r, SLICE("INBOX"), SLICE(""), SLICE("a: b\r\n\r\n"));
            bring_into(&r, (enum imap_state)state);
            snprintf(line, sizeof line, "t %s\r\n", samples[verb]);
            say(&r, 0, line);
            bool is_legal = imap_rules[verb].legal_states >> state & 1;
            cr_expect_eq(out_has(&r, 0, "t BAD "), !is_legal, "%s in state %s: %.*s", line,
                         imap_state_name((enum imap_state)state),
                         SLICE_ARG(bytes_slice(&r.out[0])));
            cr_expect(is_legal || r.sessions[0].state == (enum imap_state)state,
                      "BAD changes no state (RFC 9051 6)");
            imap_role_finish(&r);
        }
}

Test(imap_server, verbs_have_names_clauses_and_are_found_by_them)
{
    for (int verb = 0; verb < IMAP_VERB_UNKNOWN; verb++) {
        const struct imap_rule *rule = &imap_rules[verb];
        cr_expect_eq(imap_verb_find(slice_of(rule->verb)), (enum imap_verb)verb);
        cr_expect(rule->legal_states != 0 && strncmp(rule->clause, "RFC ", 4) == 0);
        cr_expect_eq(imap_verb_is_uid((enum imap_verb)verb), strncmp(rule->verb, "UID ", 4) == 0);
    }
    cr_expect_eq(imap_verb_find(SLICE("uid fetch")), IMAP_VERB_UID_FETCH);
    cr_expect_eq(imap_verb_find(SLICE("UID")), IMAP_VERB_UNKNOWN);
    cr_expect_eq(imap_verb_find(SLICE("")), IMAP_VERB_UNKNOWN);
}

/* ---- logging in ---- */

/* Plays the client's part of AUTHENTICATE; gives whether it ended well. */
static bool authenticate(struct imap_role *r, enum sasl_mechanism mechanism, struct slice user,
                         struct slice password)
{
    struct sasl_client c;
    struct bytes text;
    char line[100];
    bool ok = true;
    sasl_client_init(&c);
    bytes_init(&text, 1 << 16);
    sasl_client_begin(&c, mechanism, user, password, SLICE("rOprNGfwEbeRWgbNEkqO"));
    snprintf(line, sizeof line, "a AUTHENTICATE %s\r\n", sasl_name(mechanism));
    say(r, 0, line);
    for (int i = 0; i < 5 && slice_starts(bytes_slice(&r->out[0]), SLICE("+ ")); i++) {
        struct slice challenge = slice_trim(slice_part(bytes_slice(&r->out[0]), 2, SIZE_MAX));
        bytes_clear(&text);
        cr_assert(base64_read(challenge, &text));
        if (i > 0 || !sasl_client_begins(mechanism))
            ok = ok && sasl_client_feed(&c, bytes_slice(&text));
        bytes_clear(&text);
        base64_write(bytes_slice(&c.response), &text);
        bytes_append(&text, SLICE("\r\n"));
        bytes_clear(&r->out[0]);
        imap_role_feed(r, 0, bytes_slice(&text));
    }
    ok = ok && out_has(r, 0, "a OK ") && sasl_client_is_satisfied(&c);
    sasl_client_finish(&c);
    bytes_finish(&text);
    return ok;
}

Test(imap_server, each_mechanism_lets_in_who_knows_the_password_and_nobody_else)
{
    for (int m = 0; m < SASL_MECHANISM_COUNT; m++)
        for (int wrong = 0; wrong < 3; wrong++) {
            struct imap_role r;
            imap_role_init(&r);
            imap_role_open(&r, 0);
            bytes_clear(&r.out[0]);
            bool ok =
                authenticate(&r, (enum sasl_mechanism)m, wrong == 2 ? SLICE("bob") : SLICE("alice"),
                             wrong == 1 ? SLICE("guess") : SLICE("secret"));
            cr_expect_eq(ok, wrong == 0, "%s %d", sasl_name((enum sasl_mechanism)m), wrong);
            cr_expect_eq(r.sessions[0].state,
                         wrong ? IMAP_STATE_NOT_AUTHENTICATED : IMAP_STATE_AUTHENTICATED);
            imap_role_finish(&r);
        }
}

Test(imap_server, who_guesses_too_often_is_sent_away)
{
    struct imap_role r;
    imap_role_init(&r);
    imap_role_open(&r, 0);
    for (int i = 0; i < 9; i++)
        imap_role_quietly(&r, 0, "a LOGIN alice guess\r\n");
    say(&r, 0, "a LOGIN alice guess\r\na LOGIN alice secret\r\n");
    expect_out(&r, 0,
               "a NO [AUTHENTICATIONFAILED] wrong user or password\r\n"
               "* BYE too many logins have failed\r\n");
    imap_role_finish(&r);
}

/* ---- limits ---- */

/* However a command is too long, the answer comes with its tag, and the next is understood. */
Test(imap_server, what_is_too_long_is_refused_and_forgotten)
{
    static const struct {
        const char *begin, *end, *answer;
        size_t filling;
    } rows[] = {
        {"t LOGIN alice ", "\r\n", "t BAD [TOOBIG] the command is too long\r\n", 100 * 1024},
        {"t LOGIN alice ", "\r\n", "t BAD [TOOBIG] the command is too long\r\n", 1024 * 1024},
        {"", "\r\n", "* BAD a tag and a command are expected\r\n", 100 * 1024},
        {"t LOGIN {4097+}\r\n", " secret\r\n",
         "t BAD [TOOBIG] such a literal has 4096 octets at most before the login\r\n", 4097},
        {"t LOGIN {4096+}\r\n", " {1}\r\n", "+ send it\r\n", 4096},
        {"t LOGIN {60000}\r\n", " {9000}\r\n",
         "+ send it\r\nt BAD [TOOBIG] the command is too long\r\n", 60000},
    };
    for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
        for (size_t piece = 999; piece <= 60000; piece *= 60) {
            struct imap_role r;
            struct bytes text;
            bytes_init(&text, SIZE_MAX / 2);
            bytes_append(&text, slice_of(rows[row].begin));
            for (size_t i = 0; i < rows[row].filling; i++)
                bytes_append_octet(&text, 'x');
            bytes_append(&text, slice_of(rows[row].end));
            imap_role_init(&r);
            imap_role_open(&r, 0);
            bytes_clear(&r.out[0]);
            struct slice all = bytes_slice(&text);
            for (size_t at = 0; at < all.size; at += piece)
                imap_role_feed(&r, 0, slice_part(all, at, at + piece));
            expect_out(&r, 0, rows[row].answer);
            imap_role_finish(&r);
            bytes_finish(&text);
        }
    }
}

Test(imap_server, a_line_of_just_the_most_octets_is_read)
{
    for (int more = 0; more < 2; more++) {
        struct imap_role r;
        struct bytes text;
        bytes_init(&text, SIZE_MAX / 2);
        bytes_append(&text, SLICE("t NOOP "));
        while (bytes_size(&text) < IMAP_COMMAND_MAX + (size_t)more)
            bytes_append_octet(&text, 'x');
        bytes_append(&text, SLICE("\r\n"));
        imap_role_init(&r);
        imap_role_open(&r, 0);
        bytes_clear(&r.out[0]);
        struct slice all = bytes_slice(&text);
        imap_role_feed(&r, 0, slice_part(all, 0, all.size - 1)); /* the LF comes later */
        imap_role_feed(&r, 0, slice_part(all, all.size - 1, all.size));
        expect_out(&r, 0,
                   more ? "t BAD [TOOBIG] the command is too long\r\n"
                        : "t BAD too many arguments\r\n");
        imap_role_finish(&r);
        bytes_finish(&text);
    }
}

Test(imap_server, a_command_has_a_thousand_literals_at_most)
{
    struct imap_role r;
    imap_role_init(&r);
    log_in(&r, 0);
    say(&r, 0, "t NOOP");
    for (int i = 0; i <= IMAP_LITERALS_MAX; i++)
        say(&r, 0, " {1+}\r\nx");
    say(&r, 0, "\r\n");
    expect_out(&r, 0, "t BAD [TOOBIG] too many literals\r\n");
    imap_role_finish(&r);
}

Test(imap_server, keywords_are_refused_when_there_is_no_room_and_that_is_told)
{
    struct imap_role r;
    char line[100];
    imap_role_init(&r);
    imap_role_put(&r, SLICE("INBOX"), SLICE(""), SLICE("a: b\r\n\r\n"));
    select_inbox(&r, 0);
    for (int i = 0; i < ACCOUNT_KEYWORDS_MAX; i++) {
        bytes_clear(&r.out[0]);
        snprintf(line, sizeof line, "t STORE 1 +FLAGS.SILENT (word%d)\r\n", i);
        say(&r, 0, line);
        /* RFC 9051 7.1, PERMANENTFLAGS: "\*" goes with the last room */
        cr_expect_eq(out_has(&r, 0, "\\*"), i < ACCOUNT_KEYWORDS_MAX - 1, "%d", i);
    }
    bytes_clear(&r.out[0]);
    say(&r, 0, "t STORE 1 +FLAGS (\\Seen one-more)\r\nu FETCH 1 (UID)\r\n");
    expect_out(&r, 0,
               "t NO [LIMIT] there is no room for one more keyword\r\n"
               "* 1 FETCH (UID 1)\r\nu OK that is all\r\n");
    cr_expect_not(account_item(r.sessions[0].folder, 1)->flags & ACCOUNT_SEEN);
    imap_role_finish(&r);
}

/* ---- flow control ---- */

enum { BIG = 3 * 1024 * 1024 };

static void put_big(struct imap_role *r, size_t size)
{
    struct bytes text;
    bytes_init(&text, SIZE_MAX / 2);
    bytes_append(&text, SLICE("Subject: big\r\n\r\n"));
    while (bytes_size(&text) < size)
        bytes_printf(&text, "line at %zu\r\n", bytes_size(&text));
    imap_role_put(r, SLICE("INBOX"), SLICE(""), bytes_slice(&text));
    bytes_finish(&text);
}

Test(imap_server, a_long_answer_never_stands_in_memory_as_a_whole)
{
    struct imap_role r;
    imap_role_init(&r);
    put_big(&r, BIG);
    for (int i = 0; i < 2000; i++)
        put_big(&r, 500);
    select_inbox(&r, 0);
    say(&r, 0, "t FETCH 1:* (UID BODY.PEEK[])\r\n");
    cr_expect(bytes_size(&r.out[0]) > BIG + 2000 * 500);
    cr_expect(r.most_out < 100 * 1024, "%zu", r.most_out);
    cr_expect(slice_ends(bytes_slice(&r.out[0]), SLICE("t OK that is all\r\n")));
    r.most_out = 0;
    imap_role_quietly(&r, 0, "t STORE 1:* +FLAGS (\\Deleted)\r\nt EXPUNGE\r\n");
    cr_expect(r.most_out > 1000 && r.most_out < 100 * 1024, "%zu", r.most_out);
    imap_role_finish(&r);
}

/* Takes at most n octets of what the session has to say. */
static size_t take_some(struct imap_role *r, int n, size_t most)
{
    struct session *base = &r->sessions[n].base;
    struct imap_server_event e;
    while (imap_server_next(&r->sessions[n], &e))
        ;
    struct slice part = slice_part(session_to_send(base), 0, most);
    bytes_append(&r->out[n], part);
    session_sent(base, part.size);
    return part.size;
}

/* RFC 9051 7.5.2: BODY[] is never truncated, whatever happens to the message meanwhile. */
Test(imap_server, a_message_that_goes_while_it_is_sent_is_sent_to_its_end)
{
    struct imap_role r;
    imap_role_init(&r);
    put_big(&r, BIG);
    put_big(&r, 500);
    struct bytes wanted;
    bytes_init(&wanted, SIZE_MAX / 2);
    struct slice content = account_item(account_find(&r.account, SLICE("INBOX")), 1)->content;
    bytes_printf(&wanted, "* 1 FETCH (BODY[] {%zu}\r\n", content.size);
    bytes_append(&wanted, content);
    bytes_append(&wanted, SLICE(")\r\nt NO [EXPUNGEISSUED] some of the messages are gone\r\n"));
    select_inbox(&r, 0);
    log_in(&r, 1);
    session_feed(&r.sessions[0].base, SLICE("t FETCH 1:2 BODY.PEEK[]\r\n"));
    for (int i = 0; i < 100; i++)
        take_some(&r, 0, 1000);
    struct account_folder *inbox = account_find(&r.account, SLICE("INBOX"));
    /* the account's memory is overwritten, as a keeper's would be that gives it back */
    account_remove(&r.account, inbox, 1);
    account_remove(&r.account, inbox, 2);
    memset((char *)content.data, '!', content.size);
    while (take_some(&r, 0, 1000) > 0)
        ;
    cr_expect(slice_equal(bytes_slice(&r.out[0]), bytes_slice(&wanted)));
    bytes_finish(&wanted);
    imap_role_finish(&r);
}

Test(imap_server, commands_that_wait_behind_a_long_answer_are_carried_out_in_order)
{
    struct imap_role r;
    imap_role_init(&r);
    put_big(&r, BIG);
    select_inbox(&r, 0);
    session_feed(&r.sessions[0].base, SLICE("t1 FETCH 1 BODY[]\r\nt2 SEARCH SEEN\r\n"));
    take_some(&r, 0, 10);
    session_feed(&r.sessions[0].base, SLICE("t3 NOOP\r\n"));
    while (take_some(&r, 0, 7777) > 0)
        ;
    cr_expect(slice_ends(bytes_slice(&r.out[0]),
                         SLICE("t1 OK that is all\r\n* SEARCH 1\r\nt2 OK that is all\r\n"
                               "t3 OK done\r\n")));
    imap_role_finish(&r);
}

/* ---- ends ---- */

Test(imap_server, a_shutdown_says_bye_but_not_within_a_message)
{
    struct imap_role r;
    imap_role_init(&r);
    put_big(&r, BIG);
    select_inbox(&r, 0);
    imap_server_shut_down(&r.sessions[0], SLICE("autologout\r\nnothing of this"));
    imap_role_turn(&r, 0);
    expect_out(&r, 0, "* BYE autologout\r\n"); /* RFC 9051 7.1.5 */
    cr_expect(r.sessions[0].base.is_closing);
    select_inbox(&r, 1);
    session_feed(&r.sessions[1].base, SLICE("t FETCH 1 BODY[]\r\n"));
    take_some(&r, 1, 10);
    imap_server_shut_down(&r.sessions[1], SLICE("autologout"));
    imap_role_turn(&r, 1);
    cr_expect_not(out_has(&r, 1, "BYE"));
    imap_role_finish(&r);
}

Test(imap_server, a_session_is_used_again_as_if_it_were_new)
{
    struct imap_role r;
    imap_role_init(&r);
    put_big(&r, 500);
    select_inbox(&r, 0);
    imap_role_quietly(&r, 0, "t ENABLE IMAP4rev2\r\nt SEARCH RETURN (SAVE) ALL\r\nt IDLE\r\n");
    log_in(&r, 0); /* in the middle of IDLE */
    say(&r, 0, "t SELECT INBOX\r\n");
    cr_expect(out_has(&r, 0, "* 0 RECENT\r\n"), "IMAP4rev2 is off again");
    bytes_clear(&r.out[0]);
    say(&r, 0, "t FETCH $ UID\r\n");
    expect_out(&r, 0, "t OK that is all\r\n");
    cr_expect_eq(r.sessions[0].folder->session_count, 1);
    imap_role_finish(&r);
    cr_expect_null(r.sessions[0].part);
}

Test(imap_server, nobody_is_served_who_is_turned_away)
{
    struct imap_role r;
    struct imap_server_event e;
    imap_role_init(&r);
    imap_server_restart(&r.sessions[0], &r.options);
    imap_server_turn_away(&r.sessions[0], SLICE("too many connections"));
    r.is_open[0] = true;
    imap_role_turn(&r, 0);
    expect_out(&r, 0, "* BYE too many connections\r\n");
    session_feed(&r.sessions[0].base, SLICE("a NOOP\r\n"));
    cr_expect_not(imap_server_next(&r.sessions[0], &e));
    cr_expect(r.sessions[0].base.is_closing);
    imap_role_finish(&r);
}

/* ---- events ---- */

/* The text of a message has segments of its own, header and body apart (session.h), and the role is
   told before and after. */
Test(imap_server, the_text_of_a_message_is_announced_and_cut_out)
{
    struct imap_role r;
    struct imap_server_event e;
    imap_role_init(&r);
    imap_role_put(&r, SLICE("INBOX"), SLICE(""), SLICE("a: b\r\n\r\ntext\r\n"));
    select_inbox(&r, 0);
    struct imap_server *s = &r.sessions[0];
    session_feed(&s->base, SLICE("t FETCH 1 (UID BODY.PEEK[] FLAGS)\r\n"));
    cr_assert(imap_server_next(s, &e) && e.kind == IMAP_SERVER_COMMAND);
    cr_expect(slice_equal(e.tag, SLICE("t")));
    cr_expect_eq(e.verb, IMAP_VERB_FETCH);
    cr_expect(slice_equal(e.argument, SLICE("1 (UID BODY.PEEK[] FLAGS)")));
    cr_assert(imap_server_next(s, &e) && e.kind == IMAP_SERVER_FETCHING);
    cr_expect(e.uid == 1 && e.is_whole);
    cr_expect(slice_equal(bytes_slice(&s->base.out), SLICE("* 1 FETCH (UID 1 BODY[] {14}\r\n")));
    session_sent(&s->base, bytes_size(&s->base.out));
    cr_assert(imap_server_next(s, &e) && e.kind == IMAP_SERVER_FETCHED);
    cr_expect(slice_equal(session_to_send(&s->base), SLICE("a: b\r\n\r\n")));
    session_sent(&s->base, 8);
    cr_expect(slice_equal(session_to_send(&s->base), SLICE("text\r\n")));
    session_sent(&s->base, 6);
    cr_assert(imap_server_next(s, &e) && e.kind == IMAP_SERVER_REPLIED);
    cr_expect_eq(e.status, IMAP_OK);
    cr_expect(slice_equal(e.text, SLICE("that is all")));
    cr_expect(slice_equal(bytes_slice(&s->base.out),
                          SLICE(" FLAGS (\\Recent))\r\nt OK that is all\r\n")));
    imap_role_finish(&r);
}

Test(imap_server, the_trace_sees_literals_by_their_first_line)
{
    struct imap_role r;
    struct imap_server_event e;
    imap_role_init(&r);
    log_in(&r, 0);
    session_feed(&r.sessions[0].base,
                 SLICE("t APPEND INBOX (\\Seen) {20+}\r\nSubject: x\r\n\r\ntext\r\n\r\n"));
    cr_assert(imap_server_next(&r.sessions[0], &e) && e.kind == IMAP_SERVER_COMMAND);
    cr_expect(slice_equal(e.argument, SLICE("INBOX (\\Seen) {20+}\r\nSubject: x...")), "%.*s",
              SLICE_ARG(e.argument));
    imap_role_finish(&r);
}
