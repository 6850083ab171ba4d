#include "agents/proto/pop3_client.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/random.h"
#include "support_pop3_script.h"

/* ---- servers that keep to the standard ---- */

Test(pop3_client, fetches_then_removes_then_quits)
{
    support_script_play(&(struct support_script){
        .replies = {"+OK POP3 ready <1.2@x>\r\n", "+OK list\r\nTOP\r\nUIDL\r\n.\r\n", "+OK\r\n",
                    "+OK in\r\n", "+OK 2 9\r\n", "+OK 2 messages\r\n1 4\r\n2 5\r\n.\r\n",
                    "+OK\r\n1 abc\r\n2 d!f\r\n.\r\n", "+OK 4 octets\r\nab\r\n.\r\n",
                    "+OK\r\n..\r\n...\r\n\r\n.\r\n", "+OK\r\n", "+OK\r\n", "+OK bye\r\n"},
        "CONNECT ok POP3 ready <1.2@x>\n>CAPA\nCAPA ok list\n>USER bob\nUSER ok \n"
        ">PASS pass word\nPASS ok in\n>STAT\nSTAT ok 2 9\n>LIST\nLIST ok 2 messages\n>UIDL\n"
        "UIDL ok \nlisted 1/4/abc 2/5/d!f\n>RETR 1\nRETR ok 4 octets\nmessage 0 [ab\r\n]\n>RETR 2\n"
        "RETR ok \nmessage 1 [.\r\n..\r\n\r\n]\n>DELE 1\nDELE ok \n>DELE 2\nDELE ok \n>QUIT\n"
        "QUIT ok bye\ndone 1 2\n"});
}

/* RFC 1939 5: UIDL and CAPA are optional; a maildrop may be empty. */
Test(pop3_client, gets_by_without_the_optional_commands)
{
    support_script_play(&(struct support_script){
        .replies = {LOGIN_REPLIES, "+OK 0 0\r\n", "+OK\r\n.\r\n", "-ERR no UIDL here\r\n",
                    "+OK\r\n"},
        LOGIN_LOG "STAT ok 0 0\n>LIST\nLIST ok \n>UIDL\nUIDL err no UIDL here\nlisted\n>QUIT\n"
                  "QUIT ok \ndone\n"});
    support_script_play(&(struct support_script){
        .replies = {LOGIN_REPLIES, "-ERR not today\r\n", "+OK\r\n7 20\r\n.\r\n", "-ERR\r\n",
                    "+OK\r\nx\r\n.\r\n", "+OK\r\n"},
        LOGIN_LOG "STAT err not today\n>LIST\nLIST ok \n>UIDL\nUIDL err \nlisted 7/20/\n>RETR 7\n"
                  "RETR ok \nmessage 0 [x\r\n]\n>QUIT\nQUIT ok \ndone\n",
        .keeps = true});
}

/* RFC 1939 5: a scan listing may say more behind the size; numbers have gaps; any order will do. */
Test(pop3_client, reads_listings_of_every_kind)
{
    support_script_play(&(struct support_script){
        .replies =
            {LOGIN_REPLIES, "+OK nothing to say\r\n",
             "+OK\r\n9 1\r\n2   300  extra words\r\n4294967295 18446744073709551615\r\n2 "
             "300\r\n.\r\n",
             "+OK\r\n9 nine\r\n3 three\r\n2  two  more\r\nx y\r\n4294967295 spa\tce\r\n.\r\n",
             "-ERR gone\r\n", "+OK\r\n\r\n.\r\n", "-ERR no\r\n", "+OK\r\n"},
        LOGIN_LOG
        "STAT ok nothing to say\n>LIST\nLIST ok \n>UIDL\nUIDL ok \n"
        "listed 2/300/two 9/1/nine 4294967295/18446744073709551615/\n>RETR 2\n"
        "RETR err gone\n>RETR 9\nRETR ok \nmessage 1 [\r\n]\n>DELE 9\nDELE err no\n>QUIT\n"
        "QUIT ok \ndone\n"});
}

/* RFC 1939 7: an id has at most 70 characters; one that has more can't be relied on. */
Test(pop3_client, takes_ids_of_70_characters_and_no_longer_ones)
{
#define ID_70 "0123456789012345678901234567890123456789012345678901234567890123456789"
    support_script_play(&(struct support_script){
        .replies = {LOGIN_REPLIES, "+OK\r\n", "+OK\r\n1 1\r\n2 1\r\n.\r\n",
                    "+OK\r\n1 " ID_70 "\r\n2 " ID_70 "x\r\n.\r\n", "-ERR\r\n", "-ERR\r\n",
                    "+OK\r\n"},
        LOGIN_LOG "STAT ok \n>LIST\nLIST ok \n>UIDL\nUIDL ok \nlisted 1/1/" ID_70 " 2/1/\n>RETR 1\n"
                  "RETR err \n>RETR 2\nRETR err \n>QUIT\nQUIT ok \ndone\n"});
}

/* ---- refusals at each point ---- */

Test(pop3_client, gives_up_at_a_refused_greeting)
{
    support_script_play(&(struct support_script){
        .replies = {"-ERR [SYS/TEMP] try later\r\n"},
        "CONNECT err [SYS/TEMP] try later\nfailed [SYS/TEMP] try later\n"});
}

Test(pop3_client, says_quit_after_a_refused_login_and_tells_the_reason)
{
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "-ERR\r\n", "-ERR who?\r\n", "+OK bye\r\n"},
        "CONNECT ok hi\n>CAPA\nCAPA err \n>USER bob\nUSER err who?\n>QUIT\n"
        "QUIT ok bye\nfailed who?\n"});
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "-ERR\r\n", "+OK\r\n", "-ERR [IN-USE] wait\r\n", "-ERR bye\r\n"},
        "CONNECT ok hi\n>CAPA\nCAPA err \n>USER bob\nUSER ok \n>PASS pass word\n"
        "PASS err [IN-USE] wait\n>QUIT\nQUIT err bye\nfailed [IN-USE] wait\n"});
    /* a server that closes at once: the reason stays */
    support_script_play(&(struct support_script){
        .replies = {"+OK hi\r\n", "-ERR\r\n", "-ERR who?\r\n"},
        "CONNECT ok hi\n>CAPA\nCAPA err \n>USER bob\nUSER err who?\n>QUIT\n"
        "failed who?\n"});
    support_script_play(&(struct support_script){
        .replies = {LOGIN_REPLIES, "+OK\r\n", "-ERR no list\r\n", "+OK\r\n"},
        LOGIN_LOG "STAT ok \n>LIST\nLIST err no list\n>QUIT\nQUIT ok \n"
                  "failed no list\n"});
}

/* RFC 1939 6: -ERR to QUIT says that some marked messages may still be there. */
Test(pop3_client, takes_a_refused_quit_as_failure_only_when_it_had_marked_something)
{
    support_script_play(&(struct support_script){
        .replies = {LOGIN_REPLIES, "+OK\r\n", "+OK\r\n1 1\r\n.\r\n", "-ERR\r\n",
                    "+OK\r\nx\r\n.\r\n", "+OK\r\n", "-ERR some remain\r\n"},
        LOGIN_LOG "STAT ok \n>LIST\nLIST ok \n>UIDL\nUIDL err \nlisted 1/1/\n>RETR 1\nRETR ok \n"
                  "message 0 [x\r\n]\n>DELE 1\nDELE ok \n>QUIT\nQUIT err some remain\n"
                  "failed some remain\n"});
    support_script_play(&(struct support_script){
        .replies = {LOGIN_REPLIES, "+OK\r\n", "+OK\r\n1 1\r\n.\r\n", "-ERR\r\n",
                    "+OK\r\nx\r\n.\r\n", "-ERR eh\r\n"},
        LOGIN_LOG "STAT ok \n>LIST\nLIST ok \n>UIDL\nUIDL err \nlisted 1/1/\n>RETR 1\nRETR ok \n"
                  "message 0 [x\r\n]\n>QUIT\nQUIT err eh\ndone\n",
        .keeps = true});
}

/* ---- servers that do not ---- */

Test(pop3_client, fails_on_garbage)
{
    static const char *const greetings[] = {"220 mx1.example.org ESMTP\r\n",
                                            "* OK IMAP4rev1\r\n",
                                            "\r\n",
                                            "+OKAY\r\n",
                                            "-ERROR x\r\n",
                                            "+ OK\r\n"};
    for (size_t i = 0; i < sizeof greetings / sizeof greetings[0]; i++)
        support_script_play(&(struct support_script){
            .replies = {greetings[i]}, "failed lost the server does not speak POP3\n"});
    /* lines behind a reply that has none are taken for the next reply */
    support_script_play(
        &(struct support_script){.replies = {"+OK hi\r\n", "-ERR\r\n", "+OK\r\n.\r\n"},
                                 "CONNECT ok hi\n>CAPA\nCAPA err \n>USER bob\nUSER ok \n"
                                 "failed lost the server does not speak POP3\n>PASS pass word\n"});
    support_script_play(&(struct support_script){
        .replies = {LOGIN_REPLIES, "+OK\r\n", "+OK\r\none 1\r\n.\r\n"},
        LOGIN_LOG "STAT ok \n>LIST\nLIST ok \nfailed lost the server does not speak POP3\n"});
    support_script_play(&(struct support_script){
        .replies = {LOGIN_REPLIES, "+OK\r\n", "+OK\r\n0 1\r\n.\r\n"},
        LOGIN_LOG "STAT ok \n>LIST\nLIST ok \nfailed lost the server does not speak POP3\n"});
    support_script_play(&(struct support_script){
        .replies = {LOGIN_REPLIES, "+OK\r\n", "+OK\r\n4294967296 1\r\n.\r\n"},
        LOGIN_LOG "STAT ok \n>LIST\nLIST ok \nfailed lost the server does not speak POP3\n"});
}

Test(pop3_client, fails_once_when_the_connection_is_lost)
{
    support_script_play(
        &(struct support_script){.replies = {"+OK h"}, "failed lost the connection was lost\n"});
    support_script_play(
        &(struct support_script){.replies = {""}, "failed lost the connection was lost\n"});
    support_script_play(&(struct support_script){
        .replies = {LOGIN_REPLIES, "+OK\r\n", "+OK\r\n1 1\r\n.\r\n", "-ERR\r\n", "+OK\r\nx\r\n."},
        LOGIN_LOG "STAT ok \n>LIST\nLIST ok \n>UIDL\nUIDL err \nlisted 1/1/\n>RETR 1\nRETR ok \n"
                  "failed lost the connection was lost\n"});
}

/* A role may take its time to choose; the server need not wait for it. */
Test(pop3_client, fails_when_the_connection_is_lost_while_the_role_chooses)
{
    struct pop3_client c;
    struct pop3_client_event e = {0};
    struct pop3_client_options options = {.user = SLICE("bob"), .password = SLICE("x")};
    pop3_client_init(&c, &options);
    session_feed(&c.base, SLICE("+OK\r\n-ERR\r\n+OK\r\n+OK\r\n+OK\r\n+OK\r\n.\r\n-ERR\r\n"));
    while (pop3_client_next(&c, &e) && e.kind != POP3_CLIENT_LISTED) {
    }
    cr_assert_eq(c.state, POP3_CLIENT_STATE_CHOOSE);
    cr_assert(!pop3_client_next(&c, &e));
    c.base.is_eof = true;
    cr_assert(pop3_client_next(&c, &e));
    cr_assert(e.kind == POP3_CLIENT_FAILED && e.is_lost);
    cr_assert(!pop3_client_next(&c, &e));
    pop3_client_go(&c); /* too late */
    cr_assert_eq(c.state, POP3_CLIENT_STATE_CLOSED);
    pop3_client_finish(&c);
}

static void feed_of(struct support_reader *r, char octet, size_t count)
{
    char block[4096];
    memset(block, octet, sizeof block);
    for (size_t fed = 0; fed < count && !r->is_failed; fed += sizeof block)
        support_script_feed(r, (struct slice){block, sizeof block});
}

Test(pop3_client, gives_up_on_a_reply_line_without_end)
{
    struct support_reader r;
    support_reader_init(&r);
    support_script_feed(&r, SLICE("+OK "));
    feed_of(&r, 'x', 1 << 16);
    cr_assert(r.is_failed);
    cr_assert_leq(r.client.base.in.capacity, 1 << 14);
    support_reader_finish(&r);
}

/* The longest line it takes is the same however its CRLF is split. */
Test(pop3_client, judges_a_long_line_the_same_in_each_split)
{
    for (size_t size = 998; size <= 1004; size++) {
        for (size_t cut = size - 4; cut <= size + 2; cut++) {
            struct support_reader r;
            support_reader_init(&r);
            char line[1100] = "+OK ";
            memset(line + 4, 'x', size - 4);
            memcpy(line + size, "\r\n", 2);
            support_script_feed(&r, (struct slice){line, cut});
            support_script_feed(&r, (struct slice){line + cut, size + 2 - cut});
            cr_assert_eq(r.is_failed, size > 1000, "%zu cut at %zu", size, cut);
            support_reader_finish(&r);
        }
    }
}

static void feed_until_retr(struct support_reader *r)
{
    static const char *const replies[] = {"+OK\r\n", "-ERR\r\n",
                                          "+OK\r\n", "+OK\r\n",
                                          "+OK\r\n", "+OK\r\n1 10\r\n2 67108865\r\n.\r\n",
                                          "-ERR\r\n"};
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++)
        support_script_feed(r, slice_of(replies[i]));
    cr_assert_eq(r->client.state, POP3_CLIENT_STATE_RETR);
}

Test(pop3_client, takes_lines_of_any_length_within_a_message)
{
    struct support_reader r;
    support_reader_init(&r);
    feed_until_retr(&r);
    support_script_feed(&r, SLICE("+OK\r\n"));
    feed_of(&r, 'x', 1 << 20);
    cr_assert_leq(r.client.base.in.capacity, 1 << 14);
    cr_assert_eq(bytes_size(&r.client.content), 1 << 20);
    support_script_feed(&r, SLICE("\r\n.\r\n"));
    cr_assert(!r.is_failed);
    cr_assert_eq(r.client.state, POP3_CLIENT_STATE_DELE); /* message 2 is too large to be fetched */
    support_reader_finish(&r);
}

Test(pop3_client, gives_up_on_a_message_without_end)
{
    struct support_reader r;
    support_reader_init(&r);
    feed_until_retr(&r);
    r.client.content.ceiling = 100000;
    support_script_feed(&r, SLICE("+OK\r\n"));
    feed_of(&r, 'x', 1 << 20);
    cr_assert(r.is_failed);
    cr_assert_eq(r.client.content.capacity, 0);
    support_reader_finish(&r);
}

Test(pop3_client, passes_over_what_is_beyond_the_longest_list)
{
    struct support_reader r;
    support_reader_init(&r);
    r.wants = r.removes = false;
    static const char *const replies[] = {"+OK\r\n", "-ERR\r\n", "+OK\r\n",
                                          "+OK\r\n", "+OK\r\n",  "+OK\r\n"};
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++)
        support_script_feed(&r, slice_of(replies[i]));
    for (unsigned i = 1; i <= POP3_CLIENT_MESSAGES_MAX + 10; i++) {
        char line[32];
        int size = snprintf(line, sizeof line, "%u 1\r\n", i);
        cr_assert(session_feed(&r.client.base, (struct slice){line, (size_t)size}));
        support_reader_run(&r);
    }
    cr_assert_eq(r.client.messages.count, POP3_CLIENT_MESSAGES_MAX);
    cr_assert(!r.is_failed);
    support_reader_finish(&r);
}

Test(pop3_client, gives_up_on_a_listing_without_end)
{
    static const char *const replies[] = {"+OK\r\n", "-ERR\r\n",     "+OK\r\n", "+OK\r\n",
                                          "+OK\r\n", "+OK\r\n.\r\n", "+OK\r\n"};
    struct support_reader r;
    support_reader_init(&r);
    for (size_t i = 0; i < sizeof replies / sizeof replies[0]; i++)
        support_script_feed(&r, slice_of(replies[i]));
    cr_assert_eq(r.client.state, POP3_CLIENT_STATE_UIDL);
    char lines[3000];
    for (size_t i = 0; i < sizeof lines; i++)
        lines[i] = "x\r\n"[i % 3];
    size_t fed = 0;
    for (; fed < 2000000 && !r.is_failed; fed += sizeof lines / 3)
        support_script_feed(&r, (struct slice){lines, sizeof lines});
    cr_assert_eq(fed, 1001000);
    support_reader_finish(&r);
}

/* A name with a line end in it would be a command of its own. */
Test(pop3_client, sends_no_name_or_password_that_could_end_its_line)
{
    static const struct slice bad[] = {{"bob\r\nDELE 1", 11}, {"b\nb", 3}, {"b\0b", 3}, {"", 0}};
    for (size_t i = 0; i < 8; i++) {
        struct pop3_client c;
        struct pop3_client_event e = {0};
        struct pop3_client_options options = {.user = SLICE("bob"), .password = SLICE("x")};
        *(i % 2 ? &options.user : &options.password) = bad[i / 2];
        pop3_client_init(&c, &options);
        session_feed(&c.base, SLICE("+OK\r\n-ERR\r\n+OK\r\n"));
        while (pop3_client_next(&c, &e)) {
        }
        cr_assert_eq(c.state, POP3_CLIENT_STATE_CLOSED, "%zu", i);
        struct slice out = bytes_slice(&c.base.out);
        cr_assert_eq(slice_find(out, SLICE("DELE"), 0), SLICE_NONE);
        pop3_client_finish(&c);
    }
}

Test(pop3_client, knows_how_long_to_wait)
{
    struct support_reader r;
    support_reader_init(&r);
    cr_assert_gt(pop3_client_timeout_s(&r.client), 0);
    r.client.base.is_eof = true;
    support_reader_run(&r);
    cr_assert_eq(pop3_client_timeout_s(&r.client), 0);
    pop3_client_go(&r.client); /* too late: nothing happens */
    cr_assert_eq(r.client.state, POP3_CLIENT_STATE_CLOSED);
    support_reader_finish(&r);
    for (int state = 0; state < POP3_CLIENT_STATE_COUNT; state++)
        cr_assert(*pop3_client_state_name((enum pop3_client_state)state));
}

/* ---- hostile input ---- */

Test(pop3_client, lives_through_random_pieces_of_replies)
{
    static const char *const pieces[] = {"+OK\r\n", "-ERR no\r\n", ".\r\n", "1 5\r\n",  "2 9 x\r\n",
                                         "\r",      "\n",          ".",     "..\r\n",   "+OK",
                                         " ",       "text\r\n",    "\r\n",  "1 uid\r\n"};
    static const char *const good[] = {"+OK\r\n",
                                       "+OK\r\nTOP\r\n.\r\n",
                                       "+OK\r\n",
                                       "+OK\r\n",
                                       "+OK 1 5\r\n",
                                       "+OK\r\n1 5\r\n.\r\n",
                                       "+OK\r\n1 uid\r\n.\r\n",
                                       "+OK\r\n..x\r\n.\r\n",
                                       "+OK\r\n",
                                       "+OK\r\n",
                                       ".\r\n",
                                       "+OK\r\n"};
    enum { PIECES = sizeof pieces / sizeof pieces[0], GOOD = sizeof good / sizeof good[0] };
    struct random random;
    random_init(&random, 2, SLICE("pop3"));
    int done_count = 0;
    for (int round = 0; round < 5000; round++) {
        struct support_reader r;
        support_reader_init(&r);
        for (int i = 0; i < 2 * GOOD && !r.is_failed && !r.is_done; i++) {
            bool is_good = random_below(&random, 4) > 0; /* else nearly all end at once */
            support_script_feed(
                &r, slice_of(is_good ? good[i % GOOD] : pieces[random_below(&random, PIECES)]));
        }
        r.client.base.is_eof = true;
        support_reader_run(&r);
        cr_assert(r.is_failed != r.is_done);
        done_count += r.is_done;
        support_reader_finish(&r);
    }
    cr_assert(done_count > 100 && done_count < 4900, "%d", done_count);
}
