/* The rules that a person gives the delivery agent (agents/mail/rules.h). */
#include <criterion/criterion.h>

#include "agents/mail/rules.h"
#include "sim/base/bytes.h"

static const char header[] = "From: Mallory <mallory@mallory.test>\r\n"
                             "To: bob@example.org, Bea <bea@example.org>\r\n"
                             "Subject: =?utf-8?q?Urgent=3A?= send money\r\n"
                             "X-Spam-Flag: YES\r\n"
                             "\r\n";

static struct rules_mail mail(void)
{
    return (struct rules_mail){slice_of(header), SLICE("bulk@mallory.test"), 5000};
}

Test(rules, a_condition_looks_at_what_people_read)
{
    static const struct {
        const char *rule;
        bool matches;
    } rows[] = {
        {"-> keep", true},
        {"from contains mallory -> discard", true},
        {"from contains MALLORY -> discard", true},
        {"from is mallory@mallory.test -> discard", true}, /* the address alone */
        {"from is mallory -> discard", false},
        {"to is bea@example.org -> keep", true}, /* any of them */
        {"cc is bea@example.org -> keep", false},
        {"subject starts urgent -> keep", true}, /* the encoded word is decoded */
        {"subject is \"urgent: send money\" -> keep", true},
        {"subject ends money -> keep", true},
        {"subject ends send -> keep", false},
        {"not subject contains money -> keep", false},
        {"header X-Spam-Flag exists -> fileinto Junk", true},
        {"header X-Other exists -> fileinto Junk", false},
        {"not header X-Other exists -> fileinto Junk", true},
        {"header x-spam-flag is yes -> fileinto Junk", true},
        {"sender is bulk@mallory.test -> keep", true}, /* the envelope's */
        {"size over 4999 -> keep", true},
        {"size over 5000 -> keep", false},
        {"size under 5001 -> keep", true},
        {"from contains mallory and subject contains money -> keep", true},
        {"from contains mallory and subject contains lunch -> keep", false},
        {"from contains mallory and not subject contains lunch -> keep", true},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rules_rule rule;
        struct problem problem = {0};
        struct rules_mail m = mail();
        cr_assert(rules_read(slice_of(rows[i].rule), &arena, &rule, &problem), "%s: %s",
                  rows[i].rule, problem.what);
        cr_expect_eq(rules_match(&rule, &m), rows[i].matches, "%s", rows[i].rule);
    }
    arena_finish(&arena);
}

Test(rules, actions_say_what_becomes_of_the_copy)
{
    struct arena arena;
    struct rules_rule rule;
    struct problem problem;
    arena_init(&arena);
    cr_assert(rules_read(SLICE("subject contains urgent -> forward bea@example.org, "
                               "forward carol@example.net, keep"),
                         &arena, &rule, &problem));
    cr_expect(rule.is_kept && !rule.is_discarded && rule.forward_count == 2);
    cr_expect(slice_equal(rule.folder, SLICE("INBOX")));
    cr_expect(slice_equal(rule.forwards[1], SLICE("carol@example.net")));
    cr_assert(rules_read(SLICE("-> forward bea@example.org"), &arena, &rule, &problem));
    cr_expect(!rule.is_kept && rule.forward_count == 1, "forwarded, and no copy stays");
    cr_assert(rules_read(SLICE("->fileinto \"Big \\\"ones\\\"\""), &arena, &rule, &problem));
    cr_expect(rule.is_kept && slice_equal(rule.folder, SLICE("Big \"ones\"")));
    cr_assert(rules_read(SLICE("-> fileinto inbox"), &arena, &rule, &problem));
    cr_expect(slice_equal(rule.folder, SLICE("INBOX")), "in capitals (RFC 9051 5.1)");
    arena_finish(&arena);
}

Test(rules, a_slip_is_named)
{
    static const struct {
        const char *rule, *what;
    } rows[] = {
        {"", "expected \"->\" and what is to be done at the end"},
        {"keep", "expected from, to, cc, subject, sender, header NAME or size, not \"keep\""},
        {"from contains mallory", "expected \"->\" and what is to be done at the end"},
        {"from contains -> discard", "expected a text, not \"->\""},
        {"from matches x -> discard", "expected contains, is, starts or ends, not \"matches\""},
        {"from exists -> discard", "expected contains, is, starts or ends, not \"exists\""},
        {"from is a subject is b -> keep", "expected \"and\" or \"->\", not \"subject\""},
        {"size over big -> keep", "expected a number of octets, not \"big\""},
        {"size is 3 -> keep", "expected over or under, not \"is\""},
        {"-> delete", "expected keep, discard, fileinto FOLDER or forward ADDRESS, not \"delete\""},
        {"->", "expected keep, discard, fileinto FOLDER or forward ADDRESS at the end"},
        {"-> forward bea", "expected a mail address, not \"bea\""},
        {"-> fileinto", "expected the name of a folder at the end"},
        {"-> keep, fileinto Junk", "keep and fileinto: one of them, and once"},
        {"-> keep discard", "expected \",\" and what else is to be done, not \"discard\""},
        {"-> keep, discard", "discard goes with nothing else"},
        {"-> discard, forward bea@example.org", "discard goes with nothing else"},
        {"-> fileinto \"Junk", "a quote \" is opened and not closed"},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct rules_rule rule;
        struct problem problem = {0};
        cr_expect(!rules_read(slice_of(rows[i].rule), &arena, &rule, &problem), "%s", rows[i].rule);
        cr_expect_str_eq(problem.what, rows[i].what, "%s", rows[i].rule);
    }
    arena_finish(&arena);
}

Test(rules, the_first_that_matches_decides_and_what_is_no_rule_is_passed_over)
{
    static const char file[] = "# what mallory writes\n"
                               "from contaims mallory -> discard\n"
                               "subject contains lunch -> fileinto Food\r\n"
                               "  from contains mallory -> fileinto Junk\n"
                               "-> discard\n";
    struct rules_mail m = mail();
    struct rules_rule rule;
    struct slice line;
    struct arena arena;
    arena_init(&arena);
    cr_assert(rules_decide(slice_of(file), &m, &arena, &rule, &line));
    cr_expect(slice_equal(rule.folder, SLICE("Junk")));
    cr_expect(slice_equal(line, SLICE("from contains mallory -> fileinto Junk")));
    cr_expect(!rules_decide(SLICE("subject contains lunch -> discard"), &m, &arena, &rule, &line));
    arena_finish(&arena);
}

Test(rules, more_than_a_rule_can_hold_is_refused)
{
    struct arena arena;
    struct bytes text;
    struct rules_rule rule;
    struct problem problem;
    arena_init(&arena);
    bytes_init(&text, 1 << 20);
    for (int i = 0; i <= RULES_TESTS_MAX; i++)
        (void)bytes_printf(&text, "%sfrom is a", i ? " and " : "");
    (void)bytes_append(&text, SLICE(" -> keep"));
    cr_expect(!rules_read(bytes_slice(&text), &arena, &rule, &problem));
    bytes_clear(&text);
    (void)bytes_append(&text, SLICE("-> forward a@b.test"));
    for (int i = 0; i < RULES_FORWARDS_MAX; i++)
        (void)bytes_append(&text, SLICE(", forward a@b.test"));
    cr_expect(!rules_read(bytes_slice(&text), &arena, &rule, &problem));
    bytes_clear(&text);
    for (int i = 0; i < RULES_LINE_MAX; i++)
        (void)bytes_append(&text, SLICE(" x"));
    cr_expect(!rules_read(bytes_slice(&text), &arena, &rule, &problem));
    bytes_finish(&text);
    arena_finish(&arena);
}
