#include "agents/roles/filter_grey.h"

#include <criterion/criterion.h>
#include <stdio.h>

enum { DELAY = 300, FORGET = 86400 };

static enum filter_grey_state see(struct filter_grey *grey, const char *from, int64_t now)
{
    struct filter_grey_times times = {now, DELAY, FORGET};
    return filter_grey_see(grey, SLICE("192.0.2.1"), slice_of(from), SLICE("bob@example.org"),
                           &times);
}

/* RFC 6647 2.3, 5 */
Test(filter_grey, a_triple_is_new_then_early_then_known_and_forgotten_when_it_stays_away)
{
    struct filter_grey grey;
    filter_grey_init(&grey);
    cr_assert_eq(see(&grey, "a@x", 0), FILTER_GREY_NEW);
    cr_assert_eq(see(&grey, "a@x", 100), FILTER_GREY_EARLY);
    cr_assert_eq(see(&grey, "a@x", 299), FILTER_GREY_EARLY, "counted from the first");
    cr_assert_eq(see(&grey, "b@x", 299), FILTER_GREY_NEW);
    cr_assert_eq(see(&grey, "A@X", 300), FILTER_GREY_KNOWN);
    cr_assert_eq(see(&grey, "a@x", 300 + FORGET), FILTER_GREY_KNOWN, "each use renews it");
    cr_assert_eq(see(&grey, "a@x", 301 + 2 * FORGET), FILTER_GREY_NEW);
    cr_assert_eq(see(&grey, "a@x", 302 + 2 * FORGET), FILTER_GREY_EARLY);
    filter_grey_clear(&grey);
    cr_assert_eq(see(&grey, "a@x", 303 + 2 * FORGET), FILTER_GREY_NEW);
    filter_grey_finish(&grey);
}

Test(filter_grey, parts_do_not_run_into_each_other)
{
    struct filter_grey grey;
    struct filter_grey_times times = {0, DELAY, FORGET};
    filter_grey_init(&grey);
    filter_grey_see(&grey, SLICE("1"), SLICE("ab"), SLICE("c"), &times);
    cr_assert_eq(filter_grey_see(&grey, SLICE("1"), SLICE("a"), SLICE("bc"), &times),
                 FILTER_GREY_NEW);
    cr_assert_eq(filter_grey_see(&grey, SLICE("1"), SLICE(""), SLICE("abc"), &times),
                 FILTER_GREY_NEW);
    filter_grey_finish(&grey);
}

Test(filter_grey, it_holds_no_more_than_twice_what_is_young_enough)
{
    struct filter_grey grey;
    char from[32];
    filter_grey_init(&grey);
    for (int i = 0; i < 20000; i++) {
        snprintf(from, sizeof from, "a%d@x", i);
        cr_assert_eq(see(&grey, from, (int64_t)i * 100), FILTER_GREY_NEW);
    }
    cr_assert_leq(grey.entries.count, 2 * (FORGET / 100 + 2), "%zu", grey.entries.count);
    for (int i = 19999 - FORGET / 100 + 1; i < 20000; i++) {
        snprintf(from, sizeof from, "a%d@x", i);
        cr_assert_neq(see(&grey, from, (int64_t)19999 * 100), FILTER_GREY_NEW, "%d", i);
    }
    filter_grey_finish(&grey);
}
