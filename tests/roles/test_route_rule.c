/* Rules of where mail goes: what they say, whom they are about, and what is none. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/roles/route.h"

static const struct {
    const char *text, *domain, *server;
    enum route_rule_kind kind;
    uint32_t port;
} rules[] = {
    {"example.org mx2", "example.org", "mx2", ROUTE_RULE_SERVER, 25},
    {"example.org mx2:2525", "example.org", "mx2", ROUTE_RULE_SERVER, 2525},
    {" example.org   mx2.example.net ", "example.org", "mx2.example.net", ROUTE_RULE_SERVER, 25},
    {"*.example.net lmtp:store", "*.example.net", "store", ROUTE_RULE_LMTP, 24},
    {"* lmtp:store:2424", "*", "store", ROUTE_RULE_LMTP, 2424},
    {"example.org local", "example.org", "", ROUTE_RULE_LOCAL, 0},
    {"example.org mx", "example.org", "", ROUTE_RULE_MX, 0},
    {"example.org error", "example.org", "", ROUTE_RULE_ERROR, 0},
};

Test(route_rule, says_where_mail_for_a_domain_goes)
{
    for (size_t i = 0; i < sizeof rules / sizeof *rules; i++) {
        struct route_rule rule;
        cr_assert(route_rule_read(slice_of(rules[i].text), &rule), "%s", rules[i].text);
        cr_expect_eq(rule.kind, rules[i].kind, "%s", rules[i].text);
        cr_expect(slice_equal(rule.domain, slice_of(rules[i].domain)), "%s", rules[i].text);
        cr_expect(slice_equal(rule.server, slice_of(rules[i].server)), "%s", rules[i].text);
        cr_expect_eq(rule.port, rules[i].port, "%s", rules[i].text);
    }
}

/* RFC 3463 2: the class of the enhanced code is that of the reply. */
Test(route_rule, an_error_has_a_code_and_a_text)
{
    static const struct {
        const char *text, *esc, *words;
        int code;
    } cases[] = {
        {"a.example error", "5.1.2", "No mail is taken for this domain", 550},
        {"a.example error 5.1.2 Closed down", "5.1.2", "Closed down", 550},
        {"a.example error 4.2.1 Next week", "4.2.1", "Next week", 450},
        {"a.example error Closed down", "5.1.2", "Closed down", 550},
        {"a.example error 2.0.0 Ok", "5.1.2", "2.0.0 Ok", 550},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct route_rule rule;
        cr_assert(route_rule_read(slice_of(cases[i].text), &rule));
        cr_expect_eq(rule.reply.code, cases[i].code, "%s", cases[i].text);
        cr_expect(slice_equal(rule.reply.esc, slice_of(cases[i].esc)), "%s", cases[i].text);
        cr_expect(slice_equal(rule.reply.text, slice_of(cases[i].words)), "%s", cases[i].text);
    }
}

Test(route_rule, what_names_no_way_is_none)
{
    static const char *const texts[] = {"",
                                        "example.org",
                                        "example.org mx2:0",
                                        "example.org mx2:65536",
                                        "exa!mple mx2",
                                        "*example.org mx2",
                                        "example.org mx2:",
                                        "example.org lmtp:",
                                        "example.org mx2 more",
                                        "example.org a@b",
                                        "example.org mx2:18446744073709551641"};
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct route_rule rule;
        cr_expect_not(route_rule_read(slice_of(texts[i]), &rule), "%s", texts[i]);
    }
}

Test(route_rule, is_about_its_domain_and_no_other)
{
    static const struct {
        const char *rule, *domain;
        bool is_its;
    } cases[] = {
        {"example.org mx", "example.org", true},
        {"example.org mx", "EXAMPLE.ORG", true},
        {"example.org mx", "www.example.org", false},
        {"*.example.org mx", "www.example.org", true},
        {"*.example.org mx", "a.b.example.org", true},
        {"*.example.org mx", "example.org", false},
        {"*.example.org mx", "badexample.org", false},
        {"* mx", "anything.test", true},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct route_rule rule;
        cr_assert(route_rule_read(slice_of(cases[i].rule), &rule));
        cr_expect_eq(route_rule_matches(&rule, slice_of(cases[i].domain)), cases[i].is_its,
                     "%s: %s", cases[i].rule, cases[i].domain);
    }
}
