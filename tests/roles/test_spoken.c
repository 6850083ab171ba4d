/* Who reads along at a dialogue by hand: which reply answers which command. Each dialogue again in
   every split of its octets. */
#include <criterion/criterion.h>

#include "agents/roles/spoken.h"

/* ">" is said by who connected, "<" by the other side, up to the next of these. */
struct dialogue {
    const char *clause, *said, *expected;
    uint32_t port;
    bool is_server;
};

static void tell(const struct log *log, struct bytes *out)
{
    struct turn turn;
    for (uint32_t id = 0; id < log_count(log); id++) {
        if (!turn_read(log, log_at(log, id), &turn))
            continue;
        cr_assert(bytes_append(out, turn.verb));
        if (turn.code)
            cr_assert(bytes_printf(out, ":%u", turn.code));
        else if (turn.is_reply && !turn.is_data)
            cr_assert(
                bytes_append(out, turn.outcome == TURN_OUTCOME_GOOD ? SLICE(":ok") : SLICE(":no")));
        cr_assert(bytes_append_octet(out, ' '));
    }
}

static void say(struct spoken *s, struct slice said, size_t piece)
{
    while (said.size > 0) {
        bool asks = said.data[0] == '>';
        size_t end = slice_find_either(said, '>', '<', 1);
        struct slice part = slice_part(said, 1, end);
        said = slice_part(said, end, said.size);
        for (size_t at = 0; at < part.size; at += piece) {
            if (asks)
                spoken_asked(s, slice_part(part, at, at + piece), 7);
            else
                spoken_answered(s, slice_part(part, at, at + piece), 7);
        }
    }
}

static void check_dialogue(const struct dialogue *d, size_t piece)
{
    struct sim sim;
    struct spoken s;
    struct bytes told;
    sim_init(&sim, 1, 0);
    bytes_init(&told, 65536);
    sim_emit(&sim, EVENT_RUN, &(struct event_run){0});
    spoken_start(&s, &sim, 1, d->port, d->is_server);
    say(&s, slice_of(d->said), piece);
    tell(&sim.log, &told);
    cr_assert(slice_equal(bytes_slice(&told), slice_of(d->expected)),
              "%s in pieces of %zu: expected %s, told %.*s", d->clause, piece, d->expected,
              SLICE_ARG(bytes_slice(&told)));
    spoken_finish(&s);
    bytes_finish(&told);
    sim_finish(&sim);
}

static const struct dialogue dialogues[] = {
    {"RFC 5321 4.3.1, a reply a command, the greeting first",
     "<220 hi\r\n>EHLO a\r\n<250-hi\r\n250 HELP\r\n>noop\r\n<250 ok\r\n>QUIT\r\n<221 bye\r\n",
     "CONNECT:220 EHLO:250 NOOP:250 QUIT:221 ", 25, false},
    {"RFC 5321 4.5.2, content is no command, and ends with the dot",
     "<220 hi\r\n>DATA\r\n<354 go\r\n>QUIT\r\n..\r\n.x\r\n.\r\n<250 ok\r\n>RSET\r\n<250 ok\r\n",
     "CONNECT:220 DATA:354 DOT:250 RSET:250 ", 25, false},
    {"RFC 2920 3.1, several commands and then their replies",
     "<220 hi\r\n>MAIL FROM:a\r\nRCPT TO:b\r\nRCPT TO:c\r\nDATA\r\n<250 1\r\n250 2\r\n550 3\r\n354 "
     "4\r\n>x\r\n.\r\nQUIT\r\n<250 5\r\n221 6\r\n",
     "CONNECT:220 MAIL:250 RCPT:250 RCPT:550 DATA:354 DOT:250 QUIT:221 ", 25, false},
    {"a person who does not wait for the greeting, nor for the 354",
     ">HELO a\r\nDATA\r\nQUIT\r\n.\r\n<220 hi\r\n250 ok\r\n354 go\r\n250 ok\r\n",
     "CONNECT:220 HELO:250 DATA:354 DOT:250 ", 25, false},
    {"RFC 5321 3.8, what nobody asked for", "<220 hi\r\n421 too late\r\n", "CONNECT:220 :421 ", 25,
     false},
    {"RFC 4954 4, an answer to a challenge is no command",
     "<220 hi\r\n>AUTH LOGIN\r\n<334 VXNlcg==\r\n>Ym9i\r\n<334 UGFzcw==\r\n>eA==\r\n<235 "
     "ok\r\n>NOOP\r\n<250 ok\r\n",
     "CONNECT:220 AUTH:334 AUTH:334 AUTH:235 NOOP:250 ", 587, false},
    {"RFC 3030 2, octets of a chunk are no commands",
     "<220 hi\r\n>BDAT 6\r\nQUIT\r\nBDAT 2 LAST\r\n\r\nQUIT\r\n<250 ok\r\n250 ok\r\n221 "
     "bye\r\n",
     "CONNECT:220 BDAT:250 BDAT:250 QUIT:221 ", 25, false},
    {"RFC 2033 4.2, a reply for each recipient that was taken",
     "<220 hi\r\n>LHLO a\r\n<250 ok\r\n>MAIL FROM:a\r\n<250 ok\r\n>RCPT TO:b\r\n<250 ok\r\n>RCPT "
     "TO:c\r\n<550 no\r\n>RCPT TO:d\r\n<250 ok\r\n>DATA\r\n<354 go\r\n>.\r\n<250 b\r\n452 "
     "d\r\n>QUIT\r\n<221 bye\r\n",
     "CONNECT:220 LHLO:250 MAIL:250 RCPT:250 RCPT:550 RCPT:250 DATA:354 DOT:250 DOT:452 QUIT:221 ",
     24, false},
    {"nonsense: no events rather than wrong ones", "<220 hi\r\nwhat?\r\n250 ok\r\n", "CONNECT:220 ",
     25, false},
    {"RFC 1939 3, the lines of a listing are no replies",
     "<+OK hi\r\n>LIST\r\n<+OK 1\r\n1 20\r\n.\r\n>LIST 1\r\n<+OK 1 20\r\n>RETR 1\r\n<+OK "
     "20\r\n+OK no\r\n..\r\n.\r\n>DELE 9\r\n<-ERR no\r\n",
     "CONNECT:ok LIST:ok LIST:ok RETR:ok DELE:no ", 110, false},
    {"RFC 5034 4, a challenge by POP3",
     "<+OK hi\r\n>AUTH PLAIN\r\n<+ \r\n>AGE=\r\n<+OK in\r\n>STAT\r\n<+OK 0 0\r\n",
     "CONNECT:ok AUTH:ok STAT:ok ", 110, false},
    {"the greeting corrects the port", ">QUIT\r\n<+OK hi\r\n+OK bye\r\n", "CONNECT:ok QUIT:ok ",
     2525, false},
    {"RFC 9051 2.2.1, tags in any order; 4.3, literals",
     "<* OK hi\r\n>a NOOP\r\nb UID fetch 1 BODY[]\r\nc APPEND x {7+}\r\nd NOOP)\r\n<* 1 FETCH "
     "(BODY[] {8}\r\na OK no\n)\r\nb OK\r\na NO\r\nc BAD\r\n* BYE\r\n",
     "CONNECT:ok FETCH UID FETCH:ok NOOP:no APPEND:no BYE ", 143, false},
    {"the person is the server: commands as they come",
     "<220 hi\r\n>ehlo a\r\n<250 ok\r\n>MAIL FROM:a\r\n<250 ok\r\n>DATA\r\n<354 "
     "go\r\n>QUIT\r\n.\r\n<250 ok\r\n>QUIT\r\n<221 bye\r\n",
     "EHLO MAIL DATA QUIT ", 25, true},
    {"and an answer to a challenge is none",
     "<220 hi\r\n>AUTH LOGIN\r\n<334 eA==\r\n>Ym9i\r\n<235 in\r\n>NOOP\r\n", "AUTH NOOP ", 25,
     true},
};

Test(spoken, each_reply_is_told_with_the_command_that_it_answers)
{
    for (size_t i = 0; i < sizeof dialogues / sizeof *dialogues; i++)
        for (size_t piece = 1; piece < 40; piece++)
            check_dialogue(&dialogues[i], piece);
}

static void note_mail(void *context, const struct spoken_mail *mail)
{
    struct bytes *out = context;
    for (size_t i = 0; i < mail->path_count; i++)
        cr_assert(bytes_printf(out, "%.*s ", SLICE_ARG(mail->paths[i])));
    cr_assert(bytes_printf(out, "%u [%.*s]", mail->msg, SLICE_ARG(mail->content)));
}

/* RFC 5321 4.1.1.4: with the 2xx behind the dot the message is the server's. */
Test(spoken, who_says_250_behind_the_dot_has_taken_the_message_for_those_who_were_not_refused)
{
    struct sim sim;
    struct spoken s;
    struct bytes taken;
    sim_init(&sim, 1, 0);
    bytes_init(&taken, 4096);
    sim_emit(&sim, EVENT_RUN, &(struct event_run){0});
    spoken_start(&s, &sim, 1, 25, true);
    s.taken = note_mail;
    s.context = &taken;
    say(&s, SLICE("<220 hi\r\n>MAIL FROM:a\r\n<250 ok\r\n"), 5);
    spoken_asked(&s, SLICE("RCPT TO:<b>\r\nRCPT TO:<c>\r\nDATA\r\n"), 7);
    say(&s, SLICE("<250 ok\r\n550 no\r\n354 go\r\n>S: x\r\n\r\n..\r\n.\r\n"), 5);
    cr_assert_eq(bytes_size(&taken), 0);
    say(&s, SLICE("<250 mine\r\n"), 5);
    cr_assert(slice_equal(bytes_slice(&taken), SLICE("b 7 [S: x\r\n\r\n.\r\n]")), "%.*s",
              SLICE_ARG(bytes_slice(&taken)));
    bytes_clear(&taken);
    say(&s,
        SLICE("<250 and again\r\n>MAIL FROM:a\r\n<250 ok\r\n>DATA\r\n<354 go\r\n>x\r\n.\r\n<550 "
              "no\r\n"),
        5);
    cr_assert_eq(bytes_size(&taken), 0, "what was refused is not taken");
    spoken_finish(&s);
    bytes_finish(&taken);
    sim_finish(&sim);
}

/* RFC 2033 4.2: of LMTP each recipient that was taken has its own reply behind the dot. */
Test(spoken, by_lmtp_it_is_taken_for_those_whose_own_reply_says_so)
{
    struct sim sim;
    struct spoken s;
    struct bytes taken;
    sim_init(&sim, 1, 0);
    bytes_init(&taken, 4096);
    sim_emit(&sim, EVENT_RUN, &(struct event_run){0});
    spoken_start(&s, &sim, 1, 24, true);
    s.taken = note_mail;
    s.context = &taken;
    say(&s, SLICE("<220 hi\r\n>LHLO a\r\n<250 ok\r\n>MAIL FROM:a\r\n<250 ok\r\n"), 5);
    spoken_asked(&s, SLICE("RCPT TO:<b>\r\nRCPT TO:<c>\r\nRCPT TO:<d>\r\nDATA\r\n"), 7);
    say(&s, SLICE("<250 ok\r\n250 ok\r\n250 ok\r\n354 go\r\n>x\r\n.\r\n<250 b\r\n550 c\r\n"), 5);
    cr_assert_eq(bytes_size(&taken), 0, "d waits for its reply");
    say(&s, SLICE("<250 d\r\n"), 5);
    cr_assert(slice_equal(bytes_slice(&taken), SLICE("b d 7 [x\r\n]")), "%.*s",
              SLICE_ARG(bytes_slice(&taken)));
    spoken_finish(&s);
    bytes_finish(&taken);
    sim_finish(&sim);
}
