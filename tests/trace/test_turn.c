/*
 * A turn is what readers know of a dialogue, whichever protocol it is in.
 */
#include <criterion/criterion.h>

#include "sim/trace/turn.h"

static struct log log_with_connection(uint32_t port)
{
    struct log log;
    log_init(&log);
    log_add(&log, 0, 0, EVENT_RUN, 0, &(struct event_run){0});
    for (uint32_t i = 0; i < 2; i++)
        log_add(&log, 0, 0, EVENT_HOST, 0,
                &(struct event_host){.id = log_intern(&log, i ? SLICE("mx1") : SLICE("pc"))});
    log_add(&log, 1, 0, EVENT_TCP_CONNECT, 0,
            &(struct event_tcp_connect){.conn = 1, .from = 1, .to = 2, .port = port});
    return log;
}

static struct turn turn_at(const struct log *log, uint32_t id)
{
    struct turn turn;
    cr_assert(turn_read(log, log_at(log, id), &turn));
    return turn;
}

Test(turn, commands_and_replies_of_every_protocol_read_alike)
{
    struct log log = log_with_connection(143);
    uint32_t verb = log_intern(&log, SLICE("FETCH")), text = log_intern(&log, SLICE("done"));
    uint32_t first =
        log_add(&log, 2, 1, EVENT_SMTP_CMD, 0, &(struct event_smtp_cmd){1, verb, 0, 7});
    log_add(&log, 2, 1, EVENT_LMTP_REPLY, 0, &(struct event_lmtp_reply){1, verb, 451, 0, text, 7});
    log_add(&log, 2, 1, EVENT_POP_REPLY, 0, &(struct event_pop_reply){1, verb, 0, text, 7});
    log_add(&log, 2, 1, EVENT_IMAP_DATA, 0, &(struct event_imap_data){1, verb, text, 7});
    log_add(&log, 2, 1, EVENT_IMAP_REPLY, 0, &(struct event_imap_reply){1, verb, 1, text, 7});
    static const struct {
        enum turn_protocol protocol;
        bool is_reply;
        enum turn_outcome outcome;
        const char *status;
    } expected[] = {{TURN_SMTP, false, TURN_OUTCOME_NONE, ""},
                    {TURN_LMTP, true, TURN_OUTCOME_LATER, ""},
                    {TURN_POP3, true, TURN_OUTCOME_BAD, "-ERR"},
                    {TURN_IMAP, true, TURN_OUTCOME_NONE, "*"},
                    {TURN_IMAP, true, TURN_OUTCOME_GOOD, "OK"}};
    for (uint32_t i = 0; i < 5; i++) {
        struct turn turn = turn_at(&log, first + i);
        cr_expect_eq(turn.protocol, expected[i].protocol);
        cr_expect_eq(turn.is_reply, expected[i].is_reply);
        cr_expect_eq(turn.outcome, expected[i].outcome);
        cr_expect_str_eq(turn_status(&turn), expected[i].status);
        cr_expect_eq(turn.conn, 1);
        cr_expect_eq(turn.msg, 7);
        cr_expect(slice_equal(turn.verb, SLICE("FETCH")));
    }
    uint32_t exists = log_intern(&log, SLICE("EXISTS")), one = log_intern(&log, SLICE("1"));
    uint32_t data = log_intern(&log, SLICE("3 (UID 7)")),
             search = log_intern(&log, SLICE("SEARCH"));
    uint32_t id =
        log_add(&log, 2, 1, EVENT_IMAP_DATA, 0, &(struct event_imap_data){1, exists, one, 0});
    log_add(&log, 2, 1, EVENT_IMAP_DATA, 0, &(struct event_imap_data){1, verb, data, 0});
    log_add(&log, 2, 1, EVENT_IMAP_DATA, 0, &(struct event_imap_data){1, search, one, 0});
    cr_expect(slice_equal(turn_at(&log, id).number, SLICE("1")));
    cr_expect_eq(turn_at(&log, id).text.size, 0);
    cr_expect(slice_equal(turn_at(&log, id + 1).number, SLICE("3")));
    cr_expect(slice_equal(turn_at(&log, id + 1).text, SLICE("(UID 7)")));
    cr_expect_eq(turn_at(&log, id + 2).number.size, 0, "what SEARCH found is no message's number");
    struct turn none;
    cr_expect(!turn_read(&log, log_at(&log, 0), &none), "a run is no turn");
    log_finish(&log);
}

Test(turn, who_opens_the_connection_pulls_with_pop3_imap_and_http)
{
    static const struct {
        uint32_t port;
        bool is_pull;
    } ports[] = {{25, false}, {24, false}, {465, false}, {587, false}, {80, true},
                 {443, true}, {110, true}, {995, true},  {143, true},  {993, true}};
    for (size_t i = 0; i < sizeof ports / sizeof *ports; i++)
        cr_expect_eq(turn_is_pull(turn_protocol_of_port(ports[i].port)), ports[i].is_pull, "%u",
                     ports[i].port);
}

Test(turn, a_message_follows_354_and_bdat_and_what_fetches_or_appends_one)
{
    struct turn data = {.protocol = TURN_SMTP, .verb = SLICE("DATA")};
    struct turn go = {.protocol = TURN_SMTP, .is_reply = true, .code = 354, .verb = SLICE("DATA")};
    struct turn no = {.protocol = TURN_SMTP, .is_reply = true, .code = 503, .verb = SLICE("DATA")};
    struct turn bdat = {.protocol = TURN_SMTP, .verb = SLICE("BDAT")};
    struct turn retr = {.protocol = TURN_POP3, .verb = SLICE("RETR")};
    struct turn list = {.protocol = TURN_POP3, .verb = SLICE("LIST")};
    struct turn flags = {
        .protocol = TURN_IMAP, .verb = SLICE("UID FETCH"), .arg = SLICE("1 FLAGS")};
    struct turn body = {
        .protocol = TURN_IMAP, .verb = SLICE("UID FETCH"), .arg = SLICE("1 (UID BODY.PEEK[])")};
    struct turn append = {.protocol = TURN_IMAP, .verb = SLICE("APPEND")};
    cr_expect(turn_carries_message(&data, &go));
    cr_expect(!turn_carries_message(&data, &no));
    cr_expect(!turn_carries_message(&data, NULL));
    cr_expect(turn_carries_message(&bdat, NULL));
    cr_expect(turn_carries_message(&retr, NULL));
    cr_expect(!turn_carries_message(&list, NULL));
    cr_expect(!turn_carries_message(&flags, NULL));
    cr_expect(turn_carries_message(&body, NULL));
    cr_expect(turn_carries_message(&append, NULL));
    cr_expect(!turn_carries_message(NULL, NULL));
}

static uint32_t add_segment(struct log *log, uint32_t cause, const char *data, size_t size)
{
    return log_add(log, log_end(log) + 1, cause, EVENT_TCP_SEGMENT, 0,
                   &(struct event_tcp_segment){
                       .conn = 1, .data = log_intern(log, (struct slice){data, size})});
}

Test(turn, a_segment_says_its_octets_or_what_was_encrypted_into_it)
{
    struct log log = log_with_connection(587);
    bool hidden;
    uint32_t clear = add_segment(&log, 1, "STARTTLS\r\n", 10);
    uint32_t hello = add_segment(&log, 1, "\x16\x03\x01\x02", 4);
    uint32_t up =
        log_add(&log, log_end(&log) + 1, hello, EVENT_TLS_UP, 0, &(struct event_tls_up){.conn = 1});
    uint32_t said =
        log_add(&log, log_end(&log), up, EVENT_TLS_DATA, 0,
                &(struct event_tls_data){1, log_intern(&log, SLICE("EHLO pc\r\n")), 0, 0});
    uint32_t within = add_segment(&log, said, "\x17\x03\x03\x01\x02", 5);
    uint32_t rest = add_segment(&log, within, "abc\r\n", 5);
    cr_expect(slice_equal(turn_said(&log, log_at(&log, clear), &hidden), SLICE("STARTTLS\r\n")));
    cr_expect(!hidden);
    cr_expect_eq(turn_said(&log, log_at(&log, hello), &hidden).size, 0);
    cr_expect(hidden, "a handshake is no text");
    cr_expect(slice_equal(turn_said(&log, log_at(&log, within), &hidden), SLICE("EHLO pc\r\n")));
    cr_expect(!hidden);
    cr_expect_eq(turn_said(&log, log_at(&log, rest), &hidden).size, 0);
    cr_expect(hidden, "whatever it looks like: after the handshake nothing is clear");
    log_finish(&log);
}
