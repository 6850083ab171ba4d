#include "agents/roles/filter_rule.h"

#include <criterion/criterion.h>

Test(filter_rule, a_rule_is_points_a_place_and_a_test)
{
    static const struct {
        const char *text;
        bool is_one;
        int score; /* hundredths */
        const char *field;
        enum filter_rule_test test;
        const char *what;
    } rows[] = {
        {"5.0 subject contains lottery", true, 500, "subject", FILTER_RULE_CONTAINS, "lottery"},
        {"  -0.25  body   contains click  here ", true, -25, "", FILTER_RULE_CONTAINS,
         "click  here"},
        {"2 header X-Mailer is bulk", true, 200, "X-Mailer", FILTER_RULE_IS, "bulk"},
        {"1 header Date missing", true, 100, "Date", FILTER_RULE_MISSING, ""},
        {"1.5 from contains @mallory.test", true, 150, "from", FILTER_RULE_CONTAINS,
         "@mallory.test"},
        {"1000 to is x", true, 100000, "to", FILTER_RULE_IS, "x"},
        {"", false, 0, "", 0, ""},
        {"subject contains lottery", false, 0, "", 0, ""},
        {"5.0", false, 0, "", 0, ""},
        {"5.0 subject", false, 0, "", 0, ""},
        {"5.0 subject contains", false, 0, "", 0, ""},
        {"5.0 body missing", false, 0, "", 0, ""},
        {"5.0 body is x", false, 0, "", 0, ""},
        {"5.0 subject missing x", false, 0, "", 0, ""},
        {"5.0 header contains x", false, 0, "", 0, ""},
        {"5.0 head contains x", false, 0, "", 0, ""},
        {"5.000 subject contains x", false, 0, "", 0, ""},
        {"5. subject contains x", false, 0, "", 0, ""},
        {"1001 subject contains x", false, 0, "", 0, ""},
        {"--1 subject contains x", false, 0, "", 0, ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct filter_rule r;
        cr_assert_eq(filter_rule_read(slice_of(rows[i].text), &r), rows[i].is_one, "row %zu", i);
        if (!rows[i].is_one)
            continue;
        cr_assert_eq(r.score, rows[i].score, "row %zu", i);
        cr_assert(slice_equal(r.field, slice_of(rows[i].field)), "row %zu", i);
        cr_assert_eq(r.test, rows[i].test, "row %zu", i);
        cr_assert(slice_equal(r.what, slice_of(rows[i].what)), "row %zu", i);
    }
}

Test(filter_rule, words_are_sought_as_a_reader_sees_them)
{
    static const char message[] = "From: Lottery <win@mallory.test>\r\n"
                                  "Subject: =?utf-8?q?You_win_the_LOTTERY?=\r\n"
                                  "X-Mailer: Bulk\r\n"
                                  "Content-Type: text/plain; charset=utf-8\r\n"
                                  "Content-Transfer-Encoding: quoted-printable\r\n"
                                  "\r\n"
                                  "Cl=69ck he=\r\nre, gr=C3=BC=C3=9Fe.\r\n";
    static const struct {
        const char *rule;
        bool matches;
    } rows[] = {
        {"1 subject contains lottery", true}, {"1 subject is you win the lottery", true},
        {"1 subject is lottery", false},      {"1 body contains click here", true},
        {"1 body contains GR\xC3\x9C", true}, {"1 body contains mallory", false},
        {"1 header X-Mailer is bulk", true},  {"1 header x-mailer missing", false},
        {"1 header List-Id missing", true},   {"1 from contains win@mallory.test", true},
        {"1 to contains bob", false},
    };
    struct mime mime;
    mime_read(&mime, SLICE(message));
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct filter_rule r;
        cr_assert(filter_rule_read(slice_of(rows[i].rule), &r), "row %zu", i);
        cr_assert_eq(filter_rule_matches(&r, &mime), rows[i].matches, "row %zu: %s", i,
                     rows[i].rule);
    }
    mime_finish(&mime);
}

Test(filter_rule, points_are_written_as_people_do)
{
    static const struct {
        int64_t score;
        const char *text;
    } rows[] = {{500, "5.0"}, {750, "7.5"}, {-25, "-0.25"},
                {0, "0.0"},   {5, "0.05"},  {-500, "-5.0"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[32];
        cr_assert(slice_equal(filter_rule_print(rows[i].score, text), slice_of(rows[i].text)), "%s",
                  text);
    }
}
