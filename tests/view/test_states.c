/* The state that is lit is the state that the session is in: both are told the same dialogue. And
   the arrows of the diagram are the rules'. */
#include "render/view/states_fold.h"

#include <criterion/criterion.h>

#include "agents/proto/imap_server.h"
#include "agents/proto/pop3_server.h"
#include "agents/proto/smtp_server.h"
#include "render/view/states_diagram.h"

/* ---- SMTP and LMTP ---- */

static const struct slice secret = {"secret", 6};

static const char *verb_text(enum smtp_verb verb)
{
    return verb == SMTP_VERB_COUNT ? "DOT" : smtp_verb_name(verb);
}

static void judge(struct smtp_server *s, const struct states_fold *fold,
                  const struct smtp_server_event *e)
{
    /* with LMTP the message is judged once for each recipient, and answered as often */
    if (e->kind == SMTP_SERVER_MESSAGE)
        cr_expect_eq(fold->state, (int)s->state, "%s, and the session is in %s",
                     states_name(fold->protocol, fold->state), smtp_state_name(s->state));
    bool is_no = slice_find(e->path, SLICE("no"), 0) != SLICE_NONE;
    if (e->kind == SMTP_SERVER_AUTH)
        smtp_server_password(s, &secret);
    else
        smtp_server_answer(s, &(struct smtp_reply){is_no                             ? 550
                                                   : e->kind == SMTP_SERVER_STARTTLS ? 220
                                                                                     : 250,
                                                   SLICE("2.0.0"), SLICE("Ok")});
}

static void hear(struct smtp_server *s, struct states_fold *fold, const struct smtp_server_event *e)
{
    struct turn turn = {.protocol = fold->protocol,
                        .verb = slice_of(verb_text(e->verb)),
                        .arg = e->argument,
                        .code = (uint32_t)e->code,
                        .outcome = e->code < 400 ? TURN_OUTCOME_GOOD : TURN_OUTCOME_BAD};
    if (e->kind == SMTP_SERVER_COMMAND)
        states_command(fold, &turn);
    else if (e->kind == SMTP_SERVER_REPLIED)
        states_reply(fold, &turn);
    else if (e->kind == SMTP_SERVER_SECURED)
        states_secured(fold);
    else if (e->kind != SMTP_SERVER_RESET && e->kind != SMTP_SERVER_AUTH_DONE &&
             e->kind != SMTP_SERVER_QUIT)
        judge(s, fold, e);
}

static void expect_smtp(enum turn_protocol protocol, const char *const *says, size_t count)
{
    struct smtp_server s;
    struct smtp_server_event e;
    struct states_fold fold;
    struct smtp_server_options options = {.hostname = SLICE("mx.example"),
                                          .is_lmtp = protocol == TURN_LMTP,
                                          .offers_auth = true,
                                          .offers_esc = true,
                                          .offers_starttls = true,
                                          .offers_chunking = true,
                                          .offers_pipelining = true};
    smtp_server_init(&s, &options);
    states_begin(&fold, protocol);
    cr_expect_eq(fold.state, (int)s.state);
    smtp_server_answer(&s, &(struct smtp_reply){220, SLICE(""), SLICE("ready")});
    for (size_t i = 0; i <= count; i++) {
        while (smtp_server_next(&s, &e))
            hear(&s, &fold, &e);
        cr_expect_eq(fold.state, (int)s.state, "behind \"%s\": %s, and the session is in %s",
                     i ? says[i - 1] : "the greeting", states_name(protocol, fold.state),
                     smtp_state_name(s.state));
        if (s.state == SMTP_STATE_TLS)
            s.base.tls = SESSION_TLS_ON;
        while (smtp_server_next(&s, &e))
            hear(&s, &fold, &e);
        if (i < count && s.state != SMTP_STATE_CLOSED)
            cr_assert(session_feed(&s.base, slice_of(says[i])));
    }
    smtp_server_finish(&s);
}

#define EXPECT_SMTP(protocol, ...)                                                                 \
    do {                                                                                           \
        static const char *const says[] = {__VA_ARGS__};                                           \
        expect_smtp(protocol, says, sizeof says / sizeof *says);                                   \
    } while (0)

Test(states, a_mail_goes_through_the_states_of_smtp)
{
    EXPECT_SMTP(TURN_SMTP, "EHLO a\r\n", "MAIL FROM:<a@b>\r\n", "RCPT TO:<c@d>\r\n", "DATA\r\n",
                "Subject: x\r\n\r\n..hello\r\n", ".\r\n", "QUIT\r\n");
}

Test(states, what_is_refused_leads_nowhere_in_smtp)
{
    EXPECT_SMTP(TURN_SMTP, "MAIL FROM:<a@b>\r\n", "EHLO a\r\n", "RCPT TO:<c@d>\r\n", "DATA\r\n",
                "MAIL FROM:<a@b>\r\n", "MAIL FROM:<a@b>\r\n", "RCPT TO:<no@d>\r\n", "DATA\r\n",
                "BOGUS\r\n", "RCPT TO:<c@d>\r\n", "RCPT TO:<no@d>\r\n", "RSET\r\n", "RSET\r\n",
                "QUIT\r\n");
}

Test(states, ehlo_again_rset_and_tls_begin_anew)
{
    EXPECT_SMTP(TURN_SMTP, "RSET\r\n", "NOOP\r\n", "EHLO a\r\n", "MAIL FROM:<a@b>\r\n",
                "EHLO a\r\n", "STARTTLS\r\n", "MAIL FROM:<a@b>\r\n", "EHLO a\r\n", "STARTTLS\r\n",
                "MAIL FROM:<a@b>\r\n", "RCPT TO:<c@d>\r\n", "EHLO a\r\n");
}

Test(states, a_login_is_a_state_of_its_own)
{
    EXPECT_SMTP(TURN_SMTP, "EHLO a\r\n", "AUTH LOGIN\r\n", "YWxpY2U=\r\n", "d3Jvbmc=\r\n",
                "AUTH PLAIN\r\n", "*\r\n", "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n",
                "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", "MAIL FROM:<a@b>\r\n");
}

/* RFC 3030 2: one chunk, several, and a refused one. */
Test(states, chunks_are_counted)
{
    EXPECT_SMTP(TURN_SMTP, "EHLO a\r\n", "MAIL FROM:<a@b>\r\n", "BDAT 3\r\nabc",
                "RCPT TO:<c@d>\r\n", "BDAT 5\r\n", "abc\r\n", "BDAT 0 LAST\r\n",
                "MAIL FROM:<a@b>\r\n", "RCPT TO:<c@d>\r\n", "BDAT 3 LATER\r\nabc",
                "BDAT 3 LAST\r\nx\r\n", "QUIT\r\n");
}

/* RFC 2033 4.2 */
Test(states, lmtp_answers_for_each_recipient)
{
    EXPECT_SMTP(TURN_LMTP, "LHLO a\r\n", "MAIL FROM:<a@b>\r\n", "RCPT TO:<c@d>\r\n",
                "RCPT TO:<no@d>\r\n", "RCPT TO:<e@d>\r\n", "DATA\r\n", "x\r\n.\r\n",
                "MAIL FROM:<a@b>\r\n", "QUIT\r\n");
}

Test(states, too_many_mistakes_end_a_session)
{
    EXPECT_SMTP(TURN_SMTP, "X\r\n", "X\r\nX\r\nX\r\nX\r\nX\r\nX\r\nX\r\nX\r\nX\r\nX\r\nX\r\n",
                "X\r\nX\r\nX\r\nX\r\nX\r\nX\r\nX\r\nX\r\nX\r\nX\r\nX\r\nX\r\n", "EHLO a\r\n");
}

/* ---- POP3 ---- */

static void answer_pop(struct pop3_server *s, const struct pop3_server_event *e)
{
    static const struct pop3_server_message message = {.size = 3, .uid = "a"};
    if (e->kind == POP3_SERVER_PASSWORD)
        pop3_server_password(s, &secret);
    else if (e->kind == POP3_SERVER_LOGIN)
        pop3_server_opened(s, &message, 1);
    else if (e->kind == POP3_SERVER_RETRIEVE)
        pop3_server_content(s, SLICE("A: b\r\n\r\n"), SLICE("c\r\n"));
    else if (e->kind == POP3_SERVER_UPDATE)
        pop3_server_updated(s, true);
}

static void hear_pop(struct pop3_server *s, struct states_fold *fold,
                     const struct pop3_server_event *e)
{
    bool is_greeting = e->verb == POP3_VERB_COUNT;
    struct turn turn = {.protocol = TURN_POP3,
                        .verb = slice_of(is_greeting ? "CONNECT" : pop3_verb_name(e->verb)),
                        .arg = e->argument,
                        .outcome = e->ok ? TURN_OUTCOME_GOOD : TURN_OUTCOME_BAD};
    if (e->kind == POP3_SERVER_COMMAND)
        states_command(fold, &turn);
    else if (e->kind == POP3_SERVER_REPLIED)
        states_reply(fold, &turn);
    else
        answer_pop(s, e);
}

static void expect_pop(const char *const *says, size_t count)
{
    struct pop3_server s;
    struct pop3_server_event e;
    struct states_fold fold;
    struct pop3_server_options options = {.hostname = SLICE("pop.example"),
                                          .nonce = SLICE("1"),
                                          .has_pass = true,
                                          .mechanisms = SASL_ALL,
                                          .is_tls_available = true};
    pop3_server_init(&s, &options);
    states_begin(&fold, TURN_POP3);
    pop3_server_greet(&s, SLICE("ready"));
    for (size_t i = 0; i <= count; i++) {
        while (pop3_server_next(&s, &e))
            hear_pop(&s, &fold, &e);
        cr_expect_eq(fold.state, (int)s.state, "behind \"%s\": %s, and the session is in %s",
                     i ? says[i - 1] : "the greeting", states_name(TURN_POP3, fold.state),
                     pop3_state_name(s.state));
        if (s.state == POP3_STATE_STARTTLS) {
            s.base.tls = SESSION_TLS_ON;
            states_secured(&fold);
        }
        if (i < count && s.state != POP3_STATE_CLOSED)
            cr_assert(session_feed(&s.base, slice_of(says[i])));
    }
    pop3_server_finish(&s);
}

Test(states, pop3_has_its_three_states_and_those_in_between)
{
    static const char *const plain[] = {"STAT\r\n",       "USER alice\r\n",  "PASS wrong\r\n",
                                        "USER alice\r\n", "PASS secret\r\n", "STAT\r\n",
                                        "USER alice\r\n", "RETR 1\r\n",      "RETR 2\r\n",
                                        "DELE 1\r\n",     "QUIT\r\n"};
    static const char *const early[] = {"CAPA\r\n", "QUIT\r\n"};
    static const char *const sasl[] = {"AUTH CRAM-MD5\r\n", "*\r\n",
                                       "AUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n", "QUIT\r\n"};
    static const char *const tls[] = {"STLS\r\n", "STLS\r\n", "USER alice\r\n", "PASS secret\r\n"};
    expect_pop(plain, sizeof plain / sizeof *plain);
    expect_pop(early, sizeof early / sizeof *early);
    expect_pop(sasl, sizeof sasl / sizeof *sasl);
    expect_pop(tls, sizeof tls / sizeof *tls);
}

/* ---- IMAP ---- */

static void hear_imap(struct imap_server *s, struct states_fold *fold, struct account *account,
                      const struct imap_server_event *e)
{
    if (e->kind == IMAP_SERVER_PASSWORD)
        imap_server_password(s, &secret);
    if (e->kind == IMAP_SERVER_LOGIN)
        imap_server_welcome(s, account);
    if (e->kind != IMAP_SERVER_REPLIED)
        return;
    bool is_greeting = e->verb == IMAP_VERB_COUNT;
    struct turn turn = {.protocol = TURN_IMAP,
                        .verb = slice_of(is_greeting ? "CONNECT" : imap_verb_name(e->verb)),
                        .outcome = e->status == IMAP_OK ? TURN_OUTCOME_GOOD : TURN_OUTCOME_BAD};
    states_reply(fold, &turn);
}

Test(states, imap_opens_and_closes_mailboxes)
{
    static const char *const says[] = {"a SELECT INBOX\r\n",
                                       "a LOGIN alice wrong\r\n",
                                       "a LOGIN alice secret\r\n",
                                       "a FETCH 1 UID\r\n",
                                       "a SELECT none\r\n",
                                       "a SELECT INBOX\r\n",
                                       "a LOGIN a b\r\n",
                                       "a EXAMINE INBOX\r\n",
                                       "a CLOSE\r\n",
                                       "a SELECT INBOX\r\n",
                                       "a SELECT none\r\n",
                                       "a EXAMINE INBOX\r\n",
                                       "a UNSELECT\r\n",
                                       "a BOGUS\r\n",
                                       "a LOGOUT\r\n"};
    struct imap_server s = {0};
    struct imap_server_event e;
    struct states_fold fold;
    static const struct account_keeper keeper = {0};
    struct account account;
    account_init(&account, SLICE("alice"), 1, 0, &keeper);
    imap_server_restart(&s, &(struct imap_server_options){.host = SLICE("imap.example")});
    states_begin(&fold, TURN_IMAP);
    imap_server_greet(&s, SLICE("ready"));
    for (size_t i = 0; i <= sizeof says / sizeof *says; i++) {
        while (imap_server_next(&s, &e))
            hear_imap(&s, &fold, &account, &e);
        cr_expect_eq(fold.state, (int)s.state, "behind %s: %s, and the session is in %s",
                     i ? says[i - 1] : "the greeting", states_name(TURN_IMAP, fold.state),
                     imap_state_name(s.state));
        bytes_clear(&s.base.out);
        if (i < sizeof says / sizeof *says)
            cr_assert(session_feed(&s.base, slice_of(says[i])));
    }
    imap_server_finish(&s);
    account_finish(&account);
}

/* ---- the diagram ---- */

Test(states, each_arrow_without_a_command_is_what_the_rules_say)
{
    int from, to;
    const char *label;
    for (enum turn_protocol p = TURN_SMTP; p <= TURN_IMAP; p++)
        for (int i = 0; states_way(p, i, &from, &to, &label); i++) {
            struct states_fold fold;
            states_begin(&fold, p);
            fold.state = from;
            fold.smtp.state = (enum smtp_state)from;
            fold.smtp.is_last = to == SMTP_STATE_GREETED;
            fold.smtp.recipients = 1;
            bool is_tls = slice_equal(slice_of(label), SLICE("TLS"));
            bool is_auth = slice_equal(slice_of(label), SLICE("235"));
            struct turn turn = {.protocol = p,
                                .verb = is_auth ? SLICE("AUTH")
                                        : p == TURN_POP3 && from == POP3_STATE_UPDATE
                                            ? SLICE("QUIT")
                                            : SLICE("CONNECT"),
                                .code = is_auth ? 235 : 250,
                                .outcome = TURN_OUTCOME_GOOD};
            if (is_tls)
                states_secured(&fold);
            else
                states_reply(&fold, &turn);
            cr_expect_eq(fold.state, to, "%s: %s leads to %s, not to %s", turn_protocol_name(p),
                         label, states_name(p, fold.state), states_name(p, to));
        }
}

Test(states, the_diagram_has_an_arrow_for_what_leads_on)
{
    static const struct {
        enum turn_protocol protocol;
        int from, to;
        const char *label;
    } rows[] = {
        {TURN_SMTP, SMTP_STATE_READY, SMTP_STATE_GREETED, "EHLO HELO"},
        {TURN_LMTP, SMTP_STATE_READY, SMTP_STATE_GREETED, "LHLO"},
        {TURN_SMTP, SMTP_STATE_GREETED, SMTP_STATE_SENDER, "MAIL"},
        {TURN_SMTP, SMTP_STATE_SENDER, SMTP_STATE_RECIPIENTS, "RCPT"},
        {TURN_SMTP, SMTP_STATE_RECIPIENTS, SMTP_STATE_DATA, "DATA"},
        {TURN_SMTP, SMTP_STATE_DATA, SMTP_STATE_GREETED, "the dot"},
        {TURN_POP3, POP3_STATE_AUTHORIZATION, POP3_STATE_TRANSACTION, "PASS APOP"},
        {TURN_POP3, POP3_STATE_TRANSACTION, POP3_STATE_UPDATE, "QUIT"},
        {TURN_IMAP, IMAP_STATE_AUTHENTICATED, IMAP_STATE_SELECTED, "SELECT EXAMINE"},
        {TURN_IMAP, IMAP_STATE_SELECTED, IMAP_STATE_AUTHENTICATED, "CLOSE UNSELECT"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct diagram d = {0};
        bool is_there = false;
        states_diagram_read(&d, rows[i].protocol);
        for (int k = 0; k < d.edge_count; k++)
            is_there =
                is_there || (d.edges[k].from == rows[i].from && d.edges[k].to == rows[i].to &&
                             slice_equal(slice_of(d.edges[k].label), slice_of(rows[i].label)));
        cr_expect(is_there, "%s", rows[i].label);
    }
}

/* The main line is one row, and each step of it one column further. */
Test(states, boxes_stand_in_the_order_of_the_steps)
{
    struct diagram d = {0};
    int column[STATES_MAX], row[STATES_MAX];
    states_diagram_read(&d, TURN_SMTP);
    states_diagram_columns(&d, column);
    states_diagram_rows(&d, column, row);
    static const int main_line[] = {SMTP_STATE_CONNECTED, SMTP_STATE_READY,      SMTP_STATE_GREETED,
                                    SMTP_STATE_SENDER,    SMTP_STATE_RECIPIENTS, SMTP_STATE_DATA};
    for (int i = 0; i < 6; i++) {
        cr_expect_eq(column[main_line[i]], i);
        cr_expect_eq(row[main_line[i]], 0);
    }
}

Test(states, a_client_is_named_after_what_it_waits_for)
{
    cr_expect_str_eq(states_client(TURN_SMTP, SLICE("CONNECT")), "GREETING");
    cr_expect_str_eq(states_client(TURN_SMTP, SLICE("RCPT")), "RCPT");
    cr_expect_str_eq(states_client(TURN_SMTP, SLICE("VRFY")), "ASK");
    cr_expect_str_eq(states_client(TURN_SMTP, SLICE("")), "IDLE");
    cr_expect_str_eq(states_client(TURN_LMTP, SLICE("LHLO")), "EHLO");
    cr_expect_str_eq(states_client(TURN_POP3, SLICE("RETR")), "RETR");
    cr_expect_str_eq(states_client(TURN_IMAP, SLICE("UID FETCH")), "COMMAND");
    cr_expect_str_eq(states_client(TURN_IMAP, SLICE("DONE")), "IDLE");
    cr_expect_str_eq(states_client(TURN_HTTP, SLICE("GET")), "");
}
