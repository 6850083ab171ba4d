/* Each command and each reply has a sentence and a clause. */
#include "render/view/explain.h"

#include <criterion/criterion.h>
#include <string.h>

#include "agents/proto/imap.h"
#include "agents/proto/pop3_server.h"
#include "agents/proto/smtp.h"

static void expect_clause(enum turn_protocol protocol, const char *verb, const char *clause)
{
    struct turn turn = {.protocol = protocol, .verb = slice_of(verb)};
    struct explain why;
    cr_assert(explain_turn(&turn, &why), "%s %s", turn_protocol_name(protocol), verb);
    cr_expect_str_eq(why.clause, clause, "%s %s: %s, and the rules say %s",
                     turn_protocol_name(protocol), verb, why.clause, clause);
    cr_expect(strlen(why.says) > 10);
}

/* The rules that the sessions obey name the same clauses. */
Test(explain, every_command_is_explained_by_the_clause_of_its_rule)
{
    for (int i = 0; i < SMTP_VERB_UNKNOWN; i++)
        expect_clause(TURN_SMTP, smtp_rules[i].verb, smtp_rules[i].clause);
    for (int i = 0; i < POP3_VERB_UNKNOWN; i++)
        if (i != POP3_VERB_QUIT) /* whose rule names both states that it ends */
            expect_clause(TURN_POP3, pop3_rules[i].verb, pop3_rules[i].clause);
    for (int i = 0; i < IMAP_VERB_UNKNOWN; i++)
        expect_clause(TURN_IMAP, imap_rules[i].verb, imap_rules[i].clause);
}

static struct turn reply_of(enum turn_protocol protocol, const char *verb, uint32_t code,
                            const char *esc, const char *text, bool is_good)
{
    return (struct turn){.protocol = protocol,
                         .is_reply = true,
                         .verb = slice_of(verb),
                         .code = code,
                         .esc = slice_of(esc),
                         .text = slice_of(text),
                         .outcome = is_good ? TURN_OUTCOME_GOOD : TURN_OUTCOME_BAD};
}

Test(explain, every_code_that_a_server_may_say_is_explained)
{
    static const uint32_t codes[] = {211, 214, 220, 221, 235, 250, 251, 252, 253, 334,
                                     354, 421, 432, 450, 451, 452, 454, 455, 458, 459,
                                     500, 501, 502, 503, 504, 521, 523, 530, 534, 535,
                                     538, 550, 551, 552, 553, 554, 555, 556};
    struct explain why;
    for (size_t i = 0; i < sizeof codes / sizeof *codes; i++)
        for (int verb = 0; verb <= SMTP_VERB_COUNT; verb++) {
            const char *name = verb == SMTP_VERB_COUNT ? "DOT" : smtp_rules[verb].verb;
            struct turn turn = reply_of(TURN_SMTP, name, codes[i], "", "", codes[i] < 400);
            cr_expect(explain_turn(&turn, &why) && why.clause[0], "%u to %s", (unsigned)codes[i],
                      name);
        }
    for (int verb = 0; verb < POP3_VERB_UNKNOWN; verb++)
        for (int good = 0; good < 2; good++) {
            struct turn turn = reply_of(TURN_POP3, pop3_rules[verb].verb, 0, "", "", good);
            cr_expect(explain_turn(&turn, &why) && why.clause[0], "%s", pop3_rules[verb].verb);
        }
    for (int verb = 0; verb < IMAP_VERB_UNKNOWN; verb++)
        for (int good = 0; good < 2; good++) {
            struct turn turn = reply_of(TURN_IMAP, imap_rules[verb].verb, 0, "", "", good);
            cr_expect(explain_turn(&turn, &why) && why.clause[0], "%s", imap_rules[verb].verb);
        }
}

/* What is more particular comes before what is general. */
Test(explain, a_reply_means_what_its_command_asked)
{
    static const struct {
        const char *verb;
        uint32_t code;
        const char *esc, *word, *clause, *more;
    } rows[] = {
        {"RCPT", 550, "5.1.1", "no such mailbox", "RFC 5321 3.3", "RFC 3463 3.2"},
        {"DOT", 250, "2.0.0", "responsible", "RFC 5321 4.2.5", NULL},
        {"DOT", 451, "4.3.0", "tries again", "RFC 5321 4.2.1, 4.2.5", "RFC 3463 3.4"},
        {"AUTH", 535, "5.7.8", "password", "RFC 4954 6", "RFC 4954 6"},
        {"STARTTLS", 220, "2.0.0", "handshake", "RFC 3207 4", NULL},
        {"MAIL", 503, "5.5.1", "order", "RFC 5321 4.1.4", "RFC 3463 3.6"},
        {"RCPT", 450, "4.7.1", "later", "RFC 5321 4.2.2", "RFC 3463 3.8"},
        {"RCPT", 556, "5.1.10", "takes no mail", "RFC 7504", "RFC 7505 4.2"},
        {"NOOP", 421, "4.3.2", "closes", "RFC 5321 3.8", "RFC 3463 3.4"},
        {"CONNECT", 554, "", "QUIT", "RFC 5321 3.1", NULL},
        {"RCPT", 599, "", "for good", "RFC 5321 4.2.1", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct explain why;
        struct turn turn = reply_of(TURN_SMTP, rows[i].verb, rows[i].code, rows[i].esc, "", true);
        cr_assert(explain_turn(&turn, &why));
        cr_expect(strstr(why.says, rows[i].word), "%s %u: %s", rows[i].verb, (unsigned)rows[i].code,
                  why.says);
        cr_expect_str_eq(why.clause, rows[i].clause);
        cr_expect_eq(!why.more_clause, !rows[i].more, "%s %u", rows[i].verb,
                     (unsigned)rows[i].code);
        if (why.more_clause && rows[i].more)
            cr_expect_str_eq(why.more_clause, rows[i].more);
    }
}

Test(explain, a_code_in_brackets_says_more)
{
    struct explain why;
    struct turn turn = reply_of(TURN_POP3, "PASS", 0, "", "[IN-USE] busy", false);
    cr_assert(explain_turn(&turn, &why));
    cr_expect_str_eq(why.more_clause, "RFC 2449 8.1.2");
    turn = reply_of(TURN_IMAP, "APPEND", 0, "", "[TRYCREATE] there is no such mailbox", false);
    cr_assert(explain_turn(&turn, &why));
    cr_expect(strstr(why.more, "made"));
    turn = reply_of(TURN_IMAP, "OK", 0, "", "[UIDVALIDITY 7] UIDs last", true);
    turn.is_data = true;
    cr_assert(explain_turn(&turn, &why));
    cr_expect_str_eq(why.clause, "RFC 9051 7.1.1");
    cr_expect(strstr(why.more, "UIDs"));
}

Test(explain, hostile_replies_do_no_harm)
{
    static const char *const escs[] = {"", "5", "5.", "5.1", "5.1.", "....", "5.99.99", "x.y.z"};
    static const char *const texts[] = {"", "[", "[]", "[ ]", "[[[[", "[IN-USE", "]", "[\xFF"};
    struct explain why;
    for (size_t i = 0; i < sizeof escs / sizeof *escs; i++) {
        struct turn turn = reply_of(TURN_SMTP, "RCPT", 550, escs[i], texts[i], false);
        cr_expect(explain_turn(&turn, &why));
        turn = reply_of(TURN_IMAP, "\xFF", 0, "", texts[i], false);
        cr_expect(explain_turn(&turn, &why));
        turn = reply_of(TURN_SMTP, "RCPT", 999, escs[i], "", false);
        cr_expect_not(explain_turn(&turn, &why));
    }
}

Test(explain, answers_of_the_dns_and_records_of_tls_have_words_too)
{
    struct explain why;
    cr_expect(explain_rcode(SLICE("NXDOMAIN"), &why));
    cr_expect_str_eq(why.clause, "RFC 2308 2.1");
    cr_expect(explain_rcode(SLICE("TIMEOUT"), &why));
    cr_expect_not(explain_rcode(SLICE("RCODE?"), &why));
    cr_expect_str_eq(explain_record(23), "application data");
    cr_expect_null(explain_record(0));
}
