#include "sim/base/problem.h"

#include <criterion/criterion.h>
#include <string.h>

Test(problem, setting_one_returns_false_and_keeps_the_place)
{
    struct problem p = {0};
    char line[PROBLEM_LINE];
    problem_at(&p, "two-towns.json", 12, 7);
    cr_assert_not(problem_set(&p, "unknown key \"%s\"", "latncy"));
    cr_assert_str_eq(problem_line(&p, line), "two-towns.json:12:7: unknown key \"latncy\"");
    problem_at(&p, "two-towns.json", 0, 0);
    cr_assert_str_eq(problem_line(&p, line), "two-towns.json: unknown key \"latncy\"");
    problem_at(&p, NULL, 0, 0);
    cr_assert_str_eq(problem_line(&p, line), "unknown key \"latncy\"");
}

Test(problem, stays_on_one_line_and_can_not_drive_the_terminal)
{
    struct problem p = {0};
    problem_set(&p, "a\nb\x1b[31m\x7f\tc");
    cr_assert_str_eq(p.what, "a?b?[31m??c");
}

Test(problem, a_long_text_is_cut)
{
    struct problem p = {0};
    char name[2000], line[PROBLEM_LINE];
    memset(name, 'x', sizeof name - 1);
    name[sizeof name - 1] = '\0';
    problem_set(&p, "%s", name);
    problem_at(&p, name, 2147483647, 2147483647);
    cr_assert_eq(strlen(p.what), sizeof p.what - 1);
    cr_assert_eq(strlen(p.file), sizeof p.file - 1);
    cr_assert_lt(strlen(problem_line(&p, line)), PROBLEM_LINE);
}

Test(problem, the_nearest_name_is_found_when_it_is_near_enough)
{
    static const char *const names[] = {"latency_ms", "portal", "port", "ports", "mx"};
    static const struct {
        const char *word, *nearest;
    } rows[] = {
        {"latncy_ms", "latency_ms"},
        {"LATENCY_MS", "latency_ms"},
        {"lat", "latency_ms"},
        {"prot", "port"},
        {"port", "port"},
        {"PORT", "port"},
        {"porta", "portal"},
        {"mx", "mx"},
        {"bandwidth", NULL},
        {"", NULL},
        {"x", NULL},
        {"an_extremely_long_word_that_no_key_of_ours_can_ever_be_near", NULL},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const char *found = problem_nearest(slice_of(rows[i].word), names, 5);
        cr_expect_str_eq(found ? found : "(none)", rows[i].nearest ? rows[i].nearest : "(none)",
                         "'%s'", rows[i].word);
    }
}
