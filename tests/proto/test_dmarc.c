#include "agents/proto/dmarc.h"

#include <criterion/criterion.h>
#include <string.h>

/* A zone: "_dmarc.example.com" has this text; a name that is not there does not exist. */
struct zone_row {
    const char *name, *text;
};

static bool is_named(struct slice name, const char *row)
{
    return slice_equal_fold(name, slice_of(row));
}

/* "-": the name server says nothing about it. */
static void answer(struct dmarc *d, const struct dmarc_question *q, const struct zone_row *zone)
{
    struct dns_record records[4];
    size_t count = 0;
    enum dmarc_answered how = DMARC_NO_NAME;
    for (; zone->name; zone++) {
        if (!is_named(q->name, zone->name))
            continue;
        how = strcmp(zone->text, "-") == 0 ? DMARC_NO_ANSWER : DMARC_ANSWERED;
        if (how == DMARC_ANSWERED && q->type == DNS_TYPE_TXT)
            records[count++] =
                (struct dns_record){.type = DNS_TYPE_TXT, .data = slice_of(zone->text)};
    }
    dmarc_answer(d, how, records, count);
}

static size_t run(struct dmarc *d, const struct zone_row *zone)
{
    struct dmarc_question q;
    size_t asked = 0;
    while (dmarc_next(d, &q)) {
        answer(d, &q, zone);
        cr_assert_lt(++asked, 40);
    }
    return asked;
}

/* ---- alignment (RFC 9989 4.4) ---- */

Test(dmarc, a_domain_that_was_vouched_for_must_agree_with_from)
{
    static const struct zone_row zone[] = {
        {"_dmarc.example.com", "v=DMARC1; p=reject"},
        {"_dmarc.strict.example", "v=DMARC1; p=reject; adkim=s; aspf=s"},
        {"_dmarc.half.example", "v=DMARC1; p=reject; adkim=s"},
        {"_dmarc.none.example", "v=DMARC1; p=none"},
        {"_dmarc.self.example.com", "v=DMARC1; p=quarantine; psd=n"},
        {"_dmarc.two.example", "v=DMARC1; p=none"},
        {"_dmarc.two.example", "v=DMARC1; p=reject"},
        {"_dmarc.suffix.test", "v=DMARC1; p=none; psd=y"},
        {"_dmarc.silent.example", "-"},
        {"_dmarc.below.silent.example", "v=DMARC1; p=reject"},
        {NULL, NULL}};
    static const struct {
        const char *clause, *author, *spf, *dkim, *result;
    } rows[] = {
        {"4.4.2 same", "example.com", "example.com", "", "pass"},
        {"4.4.1 same", "example.com", "", "example.com", "pass"},
        {"4.4 letters", "Example.COM", "", "example.com", "pass"},
        {"4.4.2 relaxed, below", "example.com", "bounce.example.com", "", "pass"},
        {"4.4.1 relaxed, above", "news.example.com", "", "example.com", "pass"},
        {"4.4.1 relaxed, beside", "news.example.com", "", "mail.example.com", "pass"},
        {"4.4 another", "example.com", "mallory.test", "", "fail"},
        {"4.4 ends alike", "example.com", "", "badexample.com", "fail"},
        {"4.4 none vouched for", "example.com", "", "", "fail"},
        {"4.4 one is enough", "example.com", "mallory.test", "example.com", "pass"},
        {"4.4.1 strict, below", "strict.example", "", "a.strict.example", "fail"},
        {"4.4.2 strict, below", "strict.example", "a.strict.example", "", "fail"},
        {"4.4.1 strict, same", "strict.example", "", "strict.example", "pass"},
        {"4.7 adkim alone is strict", "half.example", "", "a.half.example", "fail"},
        {"4.7 aspf is not", "half.example", "a.half.example", "", "pass"},
        {"4.10.1 no record", "example.net", "example.net", "example.net", "none"},
        {"4.10 step 2, several records", "two.example", "two.example", "", "none"},
        {"4.10.2 psd=n is its own", "self.example.com", "", "example.com", "fail"},
        {"4.10.2 psd=n, within", "a.self.example.com", "", "b.self.example.com", "pass"},
        {"4.10.2 psd=y, same below it", "a.one.suffix.test", "b.one.suffix.test", "", "pass"},
        {"4.10.2 psd=y, others below it", "one.suffix.test", "two.suffix.test", "", "fail"},
        {"4.10.1 no answer", "silent.example", "", "", "temperror"},
        {"4.10.1 no answer above", "below.silent.example", "mallory.test", "", "temperror"},
        {"4.10.2 same needs no walk", "below.silent.example", "below.silent.example", "", "pass"},
        {"5.3.1 no author", "", "example.com", "example.com", "permerror"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice dkim = slice_of(rows[i].dkim);
        struct dmarc_options options = {.author = slice_of(rows[i].author),
                                        .spf_domain = slice_of(rows[i].spf),
                                        .dkim_domains = &dkim,
                                        .dkim_count = dkim.size > 0};
        struct dmarc *d = dmarc_create(&options);
        run(d, zone);
        cr_expect_str_eq(dmarc_result_name(dmarc_result(d)), rows[i].result, "row %zu (%s): %s", i,
                         rows[i].clause, dmarc_result_name(dmarc_result(d)));
        dmarc_destroy(d);
    }
}

/* ---- whose policy, and which (RFC 9989 4.7, 4.10.1) ---- */

Test(dmarc, the_owner_says_what_is_to_be_done)
{
    static const struct zone_row zone[] = {
        {"_dmarc.example.com", "v=DMARC1; p=reject; sp=quarantine; np=none"},
        {"there.example.com", "an address"},
        {"_dmarc.plain.example", "v=DMARC1;p=quarantine"},
        {"_dmarc.sp.example", "v=DMARC1; p=none; sp=reject"},
        {"_dmarc.own.sp.example", "v=DMARC1; p=quarantine"},
        {"_dmarc.unsaid.example", "v=DMARC1; rua=mailto:d@unsaid.example"},
        {"_dmarc.wrong.example", "v=DMARC1; p=bounce"},
        {"_dmarc.told.example", "v=DMARC1; p=bounce; rua=mailto:d@told.example"},
        {"_dmarc.version.example", "v=dmarc1; p=reject"},
        {"_dmarc.order.example", "p=reject; v=DMARC1"},
        {"_dmarc.pct.example", "v=DMARC1; p=reject; pct=0; xyz=1"},
        {"_dmarc.caps.example", "v = DMARC1 ; p = REJECT ; t=y ;"},
        {"_dmarc.test", "v=DMARC1; p=none; sp=reject; psd=y"},
        {NULL, NULL}};
    static const struct {
        const char *clause, *author, *result, *policy, *domain;
    } rows[] = {
        {"4.7 p", "example.com", "fail", "reject", "example.com"},
        {"4.7 sp", "there.example.com", "fail", "quarantine", "example.com"},
        {"4.7 np", "gone.example.com", "fail", "none", "example.com"},
        {"4.7 p for those below", "a.plain.example", "fail", "quarantine", "plain.example"},
        {"4.7 sp, no np", "gone.sp.example", "fail", "reject", "sp.example"},
        {"4.10.1 its own record first", "own.sp.example", "fail", "quarantine", "own.sp.example"},
        {"4.7 p not said", "unsaid.example", "fail", "none", "unsaid.example"},
        {"4.10.1 p wrong, nobody to tell", "wrong.example", "none", "none", "wrong.example"},
        {"4.10.1 p wrong, rua", "told.example", "fail", "none", "told.example"},
        {"4.7 v exactly", "version.example", "none", "none", ""},
        {"4.7 v first", "order.example", "none", "none", ""},
        {"9989 A, pct is no more", "pct.example", "fail", "reject", "pct.example"},
        {"4.8 blanks and letters", "caps.example", "fail", "reject", "caps.example"},
        {"4.10.1 the suffix's", "mallory.test", "fail", "reject", "test"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct dmarc *d = dmarc_create(&(struct dmarc_options){.author = slice_of(rows[i].author)});
        run(d, zone);
        cr_expect_str_eq(dmarc_result_name(dmarc_result(d)), rows[i].result, "row %zu (%s): %s", i,
                         rows[i].clause, dmarc_result_name(dmarc_result(d)));
        cr_expect_str_eq(dmarc_policy_name(dmarc_policy(d)), rows[i].policy, "row %zu (%s): %s", i,
                         rows[i].clause, dmarc_policy_name(dmarc_policy(d)));
        cr_expect(is_named(dmarc_domain(d), rows[i].domain), "row %zu (%s): %.*s", i,
                  rows[i].clause, SLICE_ARG(dmarc_domain(d)));
        dmarc_destroy(d);
    }
}

Test(dmarc, a_record_that_is_on_trial_says_so)
{
    static const struct zone_row zone[] = {{"_dmarc.example.com", "v=DMARC1; p=reject; t=y"},
                                           {NULL, NULL}};
    struct dmarc *d = dmarc_create(&(struct dmarc_options){.author = SLICE("example.com")});
    run(d, zone);
    cr_assert(dmarc_is_testing(d), "RFC 9989 4.7");
    dmarc_destroy(d);
}

/* RFC 9989 4.10: of a long name only eight are asked for. */
Test(dmarc, the_walk_is_short)
{
    static const char *const expected[] = {
        "_dmarc.a.b.c.d.e.f.g.h.i.j.mail.example.com",
        "_dmarc.g.h.i.j.mail.example.com",
        "_dmarc.h.i.j.mail.example.com",
        "_dmarc.i.j.mail.example.com",
        "_dmarc.j.mail.example.com",
        "_dmarc.mail.example.com",
        "_dmarc.example.com",
        "_dmarc.com",
    };
    struct dmarc_question q;
    size_t count = 0;
    struct dmarc *d = dmarc_create(
        &(struct dmarc_options){.author = SLICE("a.b.c.d.e.f.g.h.i.j.mail.example.com")});
    while (dmarc_next(d, &q)) {
        cr_assert_lt(count, 8);
        cr_assert(is_named(q.name, expected[count]), "%.*s", SLICE_ARG(q.name));
        cr_assert_eq(q.type, DNS_TYPE_TXT);
        dmarc_answer(d, DMARC_NO_NAME, NULL, 0);
        count++;
    }
    cr_assert_eq(count, 8);
    cr_assert_eq(dmarc_result(d), DMARC_NONE);
    dmarc_destroy(d);
}
