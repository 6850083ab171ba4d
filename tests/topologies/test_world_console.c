/* A person at a console of a running world: what is typed is done, and the trace tells of it as of
   any other client. */
#include <criterion/criterion.h>

#include "sim/base/memory.h"
#include "support_console.h"
#include "support_match.h"
#include "support_world.h"

static struct world *world;
static const struct log *events;

static void start(const char *topology)
{
    world = support_world_shipped(topology, 1);
    events = world_log(world);
}

static void stop(void)
{
    support_check_conservation(events);
    world_destroy(world);
}

static bool shows(const char *host, const char *text)
{
    return support_shows(events, host, text);
}

static void dialogue(const char *host, const char *const *lines)
{
    for (size_t i = 0; lines[i]; i++)
        support_type(world, host, lines[i]);
}

static bool refuses(const char *action, const char *why)
{
    struct problem problem = {0};
    return !world_do(world, 0, slice_of(action), &problem) &&
           slice_find(slice_of(problem.what), slice_of(why), 0) != SLICE_NONE;
}

/* ---- SMTP by hand ---- */

/* Be the MTA: all that the lesson asks for, in its own words. RFC 5321 3.3, 4.1.4, 4.5.2. */
Test(console, a_typed_dialogue_delivers_a_message_and_the_trace_tells_who_said_what)
{
    start("t04-be-the-mta");
    dialogue("out", (const char *const[]){
                        "mx example.org", "telnet mx1 25", "EHLO out.example.com", "DATA",
                        "MAIL FROM:<alice@example.com>", "RCPT TO:<nobody@example.org>",
                        "RCPT TO:<bob@example.org>", "RCPT TO:<bea@example.org>", "DATA",
                        "Subject: by hand\n\none dot\n..\n...two\nend", ".", "QUIT", NULL});
    cr_assert(shows("out", "example.org mail is handled by 10 mx1.example.org"));
    cr_assert(shows("out", "Connected to mx1.example.org (203.0.113.25) port 25."));
    cr_assert(shows("out", "Connection closed.\nout$ "), "and the prompt is back");
    cr_assert(support_exists(events, "dns.query from=you name=example.org type=MX"));
    cr_assert(support_before(events, "smtp.cmd from=you verb=EHLO", "smtp.cmd from=you verb=MAIL"));
    cr_assert(support_exists(events, "smtp.reply from=mx1 verb=CONNECT code=220"));
    cr_assert(support_exists(events, "smtp.reply from=mx1 verb=DATA code=503"));
    cr_assert(support_exists(events, "smtp.reply from=mx1 verb=RCPT code=550"));
    cr_assert(support_exists(events, "smtp.reply from=mx1 verb=DOT code=250"));
    cr_assert(support_exists(events, "smtp.reply from=mx1 verb=QUIT code=221"));
    cr_assert_eq(support_matches(events, "smtp.reply from=mx1 to=you"), 10, "one each");
    cr_assert_eq(support_copies(events, 1, "bob@example.org/INBOX"), 1);
    cr_assert_eq(support_copies(events, 1, "bea@example.org/INBOX"), 1);
    cr_assert_eq(support_count(events, EVENT_ACCEPT), 1, "two recipients, one transmission");
    const struct event_deliver *d = event_as_deliver(support_find(events, EVENT_DELIVER, 0));
    cr_assert(slice_equal(log_text(events, d->body), SLICE("one dot\r\n.\r\n..two\r\nend\r\n")));
    stop();
}

/* RFC 2920 3.1: several commands in one write; each reply is told with the command it answers. */
Test(console, what_is_typed_at_once_goes_out_in_one_piece)
{
    start("t04-be-the-mta");
    dialogue("out", (const char *const[]){
                        "telnet mx1 25\nEHLO out.example.com", /* typed before it is connected */
                        "MAIL FROM:<alice@example.com>\nRCPT TO:<bob@example.org>\n"
                        "RCPT TO:<nobody@example.org>\nDATA",
                        "Subject: batch\n\nhello\n.\nQUIT", NULL});
    cr_assert(support_exists(events, "tcp.segment data~RCPT"));
    const struct event *e = support_match(events, 0, "tcp.segment data~RCPT");
    struct slice data = log_text(events, event_as_tcp_segment(e)->data);
    cr_assert(slice_starts(data, SLICE("MAIL")) && slice_ends(data, SLICE("DATA\r\n")));
    cr_assert_eq(support_matches(events, "smtp.reply from=mx1 verb=RCPT code=250"), 1);
    cr_assert_eq(support_matches(events, "smtp.reply from=mx1 verb=RCPT code=550"), 1);
    cr_assert_eq(support_matches(events, "smtp.reply from=mx1 verb=DATA code=354"), 1);
    cr_assert_eq(support_matches(events, "smtp.reply from=mx1 verb=DOT code=250"), 1);
    cr_assert_eq(support_matches(events, "smtp.reply from=mx1 verb=QUIT code=221"), 1);
    cr_assert_eq(support_copies(events, 1, "bob@example.org/INBOX"), 1);
    stop();
}

/* RFC 3207 4: the handshake begins behind the 220, and EHLO is said anew. */
Test(console, starttls_works_by_hand_and_tls_from_the_start_does)
{
    start("t04-be-the-mta");
    dialogue("out", (const char *const[]){"telnet mx1 25", "EHLO a", "STARTTLS", "EHLO b", "QUIT",
                                          "tls mx1 993", "a1 LOGOUT", NULL});
    cr_assert(shows("out", "[TLSv1.3, "));
    cr_assert_eq(support_count(events, EVENT_TLS_UP), 2);
    cr_assert(support_exists(events, "smtp.cmd from=you verb=EHLO arg=b"));
    cr_assert(support_exists(events, "smtp.reply from=mx1 verb=STARTTLS code=220"));
    cr_assert(support_exists(events, "imap.reply from=mx1 verb=LOGOUT"));
    stop();
}

/* ---- POP3 and IMAP by hand ---- */

/* RFC 1939: what the lesson on POP3 types. */
Test(console, pop3_is_spoken_by_hand)
{
    start("t15-pop3");
    support_do(world, 0, "send from=alice@example.com to=bob@example.org subject=One body=Hello");
    world_run_quiet(world, VTIME_S * 60);
    dialogue("you",
             (const char *const[]){"telnet store 110", "USER bob@example.org", "PASS secret-bob",
                                   "STAT", "LIST", "RETR 1", "DELE 1", "QUIT", NULL});
    cr_assert(shows("you", "Subject: One"));
    cr_assert(support_exists(events, "pop.cmd from=you verb=RETR arg=1"));
    cr_assert(support_exists(events, "pop.reply from=store verb=RETR ok=true msg=1"));
    cr_assert_eq(support_matches(events, "pop.reply from=store to=you"), 8,
                 "one each; the lines of a listing are none");
    cr_assert(support_exists(events, "remove msg=1"));
    stop();
}

/* RFC 9051: tags say which command a reply ends; literals are not commands. */
Test(console, imap_is_spoken_by_hand)
{
    start("t16-imap");
    support_do(world, 0, "send from=alice@example.com to=bob@example.org subject=One body=Hello");
    world_run_quiet(world, VTIME_S * 60);
    dialogue("you", (const char *const[]){"telnet store 143", "a1 LOGIN bob@example.org secret-bob",
                                          "a2 SELECT INBOX", "a3 FETCH 1 (FLAGS BODY.PEEK[])",
                                          "a4 UID STORE 1 +FLAGS (\\Flagged)",
                                          "a5 APPEND INBOX {20+}\nSubject: a9 NOOP\n\n",
                                          "a6 LOGOUT", NULL});
    cr_assert(support_exists(events, "imap.data from=store verb=EXISTS text~1"));
    cr_assert(support_exists(events, "imap.data from=store verb=FETCH msg=1"));
    cr_assert(support_exists(events, "imap.reply from=store verb=CONNECT ok=true"));
    cr_assert(support_exists(events, "imap.reply from=store verb=SELECT ok=true"));
    cr_assert(support_exists(events, "imap.reply from=store verb=FETCH ok=true"));
    cr_assert(support_exists(events, "imap.reply from=store verb=APPEND ok=true"));
    cr_assert(support_exists(events, "flag msg=1"));
    cr_assert_eq(support_matches(events, "imap.reply from=store to=you"), 7);
    stop();
}

/* ---- names ---- */

Test(console, dig_asks_the_name_server_each_time_and_tells_what_it_said)
{
    start("t01-one-message");
    dialogue("out", (const char *const[]){"dig example.org MX", "dig example.org MX",
                                          "dig +short mx1.example.org",
                                          "dig @ns.example.net "
                                          "example.org MX",
                                          "dig mx example.org", "dig mx", "dig nobody.test",
                                          "host example.org", "dig @192.0.2.99 example.org", NULL});
    cr_assert_eq(support_matches(events, "dns.query from=console-out name=example.org type=MX"), 5,
                 "nothing is kept between two");
    cr_assert(shows("out", "example.org. 3600 IN MX 10 mx1.example.org\n"));
    cr_assert(support_exists(events, "dns.query from=console-out name=mx type=A"),
              "a type alone is a name");
    cr_assert(shows("out", "+short mx1.example.org\n203.0.113.25\nout$ "));
    cr_assert(shows("out", ";; status: NXDOMAIN"));
    cr_assert(shows("out", "example.org mail is handled by 10 mx1.example.org"));
    cr_assert(shows("out", ";; status: TIMEOUT"), "nobody lives at that address");
    stop();
}

/* ---- when nobody answers ---- */

Test(console, a_closed_port_refuses_and_the_prompt_comes_back)
{
    start("t04-be-the-mta");
    support_type(world, "out", "telnet mx1 26");
    cr_assert(shows("out", "Trying 203.0.113.25...\nConnection refused.\nout$ "));
    cr_assert(support_exists(events, "tcp.open from=you result=refused"));
    stop();
}

Test(console, a_firewall_that_drops_leaves_you_waiting_and_one_that_rejects_says_so)
{
    start("t13-campus");
    support_do(world, 0, "fault fw-block-in on");
    support_type(world, "you", "telnet desk 25");
    cr_assert(shows("you", "Connection timed out."));
    support_do(world, 0, "fault fw-block-25 on");
    support_type(world, "desk", "telnet mx1 25");
    cr_assert(shows("desk", "Connection blocked by a firewall."));
    stop();
}

Test(console, a_name_that_does_not_exist_is_told)
{
    start("t04-be-the-mta");
    support_type(world, "out", "telnet nowhere.test 25");
    cr_assert(shows("out", "nowhere.test: no address: NXDOMAIN\nout$ "));
    stop();
}

/* RFC 5321 4.5.3.2.7: a server waits for five minutes, and then takes its leave. */
Test(console, the_server_s_patience_ends_and_the_prompt_comes_back)
{
    start("t04-be-the-mta");
    support_type(world, "out", "telnet mx1 25");
    world_run_until(world, world_now(world) + 600 * VTIME_S);
    cr_assert(shows("out", "421"));
    cr_assert(shows("out", "Connection closed.\nout$ "));
    stop();
}

Test(console, ctrl_closing_bracket_gives_the_prompt_back)
{
    start("t04-be-the-mta");
    support_type(world, "out", "telnet mx1 25");
    support_do(world, world_now(world), "type out key=escape");
    world_run_quiet(world, world_now(world) + VTIME_S);
    support_type(world, "out", "date");
    cr_assert(shows("out", "^]\nConnection closed.\nout$ date\nMon, 3 Mar 2025"));
    stop();
}

Test(console, a_host_that_goes_down_takes_its_console_along)
{
    start("t04-be-the-mta");
    support_type(world, "out", "telnet mx1 25");
    support_do(world, world_now(world), "fault host-down out on");
    world_run_quiet(world, world_now(world) + VTIME_S);
    support_do(world, world_now(world), "type out text=\"date\\n\"");
    world_run_quiet(world, world_now(world) + VTIME_S);
    cr_assert(support_exists(events, "ui what~down"), "nobody types at a dead host");
    support_do(world, world_now(world), "fault host-down out off");
    world_run_quiet(world, world_now(world) + VTIME_S);
    support_type(world, "out", "date");
    cr_assert(shows("out", "out$ date\nMon, 3 Mar 2025"));
    stop();
}

/* ---- queue, mail, files ---- */

Test(console, mailq_shows_what_waits_and_why_and_sendmail_q_tries_it)
{
    start("t01-one-message");
    support_do(world, 0, "fault host-down mx1 on");
    support_do(world, 0, "send from=alice@example.com to=bob@example.org subject=Late body=Hello");
    world_run_until(world, 60 * VTIME_S);
    support_type(world, "out", "mailq");
    cr_assert(shows("out", "from <alice@example.com>"));
    cr_assert(shows("out", "  bob@example.org\n    (the server does not answer)"));
    cr_assert(shows("out", "1 tried; next at 09:30:"));
    support_do(world, world_now(world), "fault host-down mx1 off");
    support_type(world, "out", "sendmail -q");
    support_type(world, "out", "mailq");
    cr_assert(shows("out", "the queue is empty"));
    cr_assert_eq(support_copies(events, 1, "bob@example.org/INBOX"), 1);
    stop();
}

/* What lies in a classic spool: mail reads it, cat shows the file, sendmail adds to it. */
Test(console, mail_is_written_and_read_where_it_lies)
{
    start("t13-campus");
    dialogue("desk",
             (const char *const[]){"mail -s \"Lunch at one\" alice", "Hello Alice,\n\nlunch?", ".",
                                   "mail -u alice", "1", "d 1", "x", NULL});
    cr_assert(shows("desk", "[handed to the MTA]"));
    cr_assert(shows("desk", "alice@desk.example.com: 1 message\nN  1 amir@desk.example.com"));
    cr_assert(shows("desk", "Subject: Lunch at one\r\n"));
    cr_assert(support_exists(events, "fetch by=desk proto=file msg=1"));
    dialogue("desk", (const char *const[]){"ls /var/mail/desk.example.com",
                                           "cat /var/mail/desk.example.com/alice",
                                           "hexdump /var/mail/desk.example.com/alice", NULL});
    cr_assert(shows("desk", "alice\n"));
    cr_assert(shows("desk", "From amir@desk.example.com Mon Mar  3 09:00:"));
    cr_assert(shows("desk", "00000000  46 72 6f 6d 20"), "From_");
    support_type(world, "desk", "sendmail -t");
    support_type(world, "desk", "To: alice\nBcc: amir\nSubject: two\n\nhello\n.");
    cr_assert_eq(support_copies(events, 2, "alice@desk.example.com/INBOX"), 1);
    cr_assert_eq(support_copies(events, 2, "amir@desk.example.com/INBOX"), 1);
    cr_assert(!support_header_has(events, 2, "amir@desk.example.com/INBOX", "Bcc", 1, "amir"));
    stop();
}

Test(console, ss_shows_who_listens_and_who_is_connected)
{
    start("t04-be-the-mta");
    support_type(world, "out", "telnet mx1 25");
    support_type(world, "mx1", "ss");
    cr_assert(shows("mx1", "tcp  LISTEN       *:25 "));
    cr_assert(shows("mx1", "tcp  ESTABLISHED  203.0.113.25:25 - 198.51.100.26:"));
    stop();
}

/* ---- the server's part ---- */

/* You are mx1: a real MTA connects, hears what you type, and believes it. */
Test(console, the_server_is_played_by_hand_and_nothing_is_lost)
{
    start("t01-one-message");
    support_do(world, 0, "fault agent-down mta-mx1 on");
    world_run_quiet(world, VTIME_S);
    support_type(world, "mx1", "listen 25");
    support_do(world, world_now(world),
               "send from=alice@example.com to=bob@example.org subject=Hi body=.dot");
    world_run_until(world, world_now(world) + 10 * VTIME_S);
    cr_assert(shows("mx1", "connects. You speak first.\n"));
    dialogue("mx1", (const char *const[]){"220 mx1.example.org by hand", "250 hello", "250 ok",
                                          "250 ok", "354 go on", "250 mine now", "221 bye", NULL});
    cr_assert(support_exists(events, "smtp.cmd from=out to=mx1 verb=EHLO"));
    cr_assert(support_exists(events, "smtp.cmd from=out to=mx1 verb=RCPT arg~bob@example.org"));
    cr_assert(support_exists(events, "smtp.reply from=mx1 verb=DOT code=250"));
    cr_assert(shows("mx1", "[you took it over: /root/received-1]"));
    cr_assert(support_exists(events, "relay at=out msg=1"));
    cr_assert(support_exists(events, "deliver at=mx1 msg=1"));
    support_type(world, "mx1", "cat /root/received-1");
    cr_assert(shows("mx1", "\r\n\r\n.dot\r\n"));
    stop();
}

Test(console, what_the_person_refuses_comes_back_to_the_author)
{
    start("t01-one-message");
    support_do(world, 0, "fault agent-down mta-mx1 on");
    world_run_quiet(world, VTIME_S);
    support_type(world, "mx1", "listen 25");
    support_do(world, world_now(world),
               "send from=alice@example.com to=bob@example.org subject=Hi body=Hello");
    world_run_until(world, world_now(world) + 10 * VTIME_S);
    dialogue("mx1", (const char *const[]){"220 mx1.example.org", "250 hello", "250 ok",
                                          "550 5.1.1 who is that?", "221 bye", NULL});
    cr_assert(support_exists(events, "dsn about=1 action=failed status=5.1.1"));
    stop();
}

/* ---- what nobody should type ---- */

Test(console, a_megabyte_is_sent_and_control_characters_harm_nobody)
{
    enum { OCTETS = 1000 * 1000 };
    start("t04-be-the-mta");
    char *line = memory_take(OCTETS + 1);
    for (size_t i = 0; i < OCTETS; i++)
        line[i] = i % 70 == 69 ? '\n' : (char)('a' + i % 26);
    dialogue("out", (const char *const[]){"telnet mx1 25", "HELO a", "MAIL FROM:<a@example.com>",
                                          "RCPT TO:<bob@example.org>", "DATA", line, ".", NULL});
    cr_assert(support_exists(events, "smtp.reply from=mx1 verb=DOT code=250"));
    cr_assert_eq(support_count(events, EVENT_DELIVER), 1);
    support_type(world, "out", "\x01\x02\x1b[2J\xff\xfe \x7f");
    cr_assert(support_exists(events, "smtp.reply from=mx1 verb~\x01 code=500") ||
              support_matches(events, "smtp.reply from=mx1 code=500") == 1);
    support_type(world, "mx1", "\x1b[2J\x07");
    cr_assert(shows("mx1", "?[2J?: no such command; try help\n"));
    support_type(world, "mx1", line); /* each line is a command that there is not */
    for (size_t i = 0; i < OCTETS; i++)
        line[i] = 'x';
    support_type(world, "mx1", line);
    cr_assert(shows("mx1", "no such command"));
    free(line);
    stop();
}

Test(console, unknown_commands_and_wrong_words_get_one_line)
{
    start("t04-be-the-mta");
    dialogue("out", (const char *const[]){"tellnet mx1 25", "telnet mx1", "telnet mx1 99999",
                                          "cat /nothing", "mail", "ping mx1", "", NULL});
    cr_assert(shows("out", "tellnet: no such command; did you mean telnet\n"));
    cr_assert(shows("out", "usage: telnet HOST PORT\n"));
    cr_assert(shows("out", "\"99999\" is no port"));
    cr_assert(shows("out", "/nothing: no such file"));
    cr_assert(shows("out", "this network carries TCP and UDP"));
    cr_assert(refuses("type nowhere text=x", "no host"));
    cr_assert(refuses("type out", "text= or key="));
    cr_assert(refuses("type out key=f1", "escape, interrupt or end"));
    stop();
}

Test(console, a_world_where_nobody_types_has_no_console_but_those_of_its_topology)
{
    start("t01-one-message");
    cr_assert_eq(log_find_place(events, SLICE("console-out")), 0);
    support_type(world, "out", "date");
    cr_assert_neq(log_find_place(events, SLICE("console-out")), 0);
    stop();
}
