/* Virtual time by the wall clock. */
#include "bridge/pace.h"

#include <criterion/criterion.h>

Test(pace, a_pace_is_a_number_with_at_most_three_decimals)
{
    static const struct {
        const char *text;
        int64_t per_mille; /* 0: refused */
    } rows[] = {
        {"1", 1000},        {"10", 10000},   {"0.5", 500},
        {"2.25", 2250},     {"0.001", 1},    {"100000", 100000000},
        {"1.5", 1500},      {"007", 7000},   {"0", 0},
        {"0.0", 0},         {"", 0},         {"-1", 0},
        {"1.", 0},          {".5", 0},       {"0.0001", 0},
        {"1e3", 0},         {"100000.1", 0}, {"100001", 0},
        {"99999999999", 0}, {"1.2.3", 0},    {" 1", 0},
        {"x", 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t per_mille = 0;
        bool ok = pace_read(slice_of(rows[i].text), &per_mille);
        cr_expect_eq(ok, rows[i].per_mille != 0, "\"%s\"", rows[i].text);
        if (ok)
            cr_expect_eq(per_mille, rows[i].per_mille, "\"%s\"", rows[i].text);
    }
}

Test(pace, virtual_time_is_the_wall_clocks_times_the_pace)
{
    struct pace once = {500, PACE_NORMAL}, tenfold = {500, 10000}, half = {500, 500};
    cr_expect_eq(pace_virtual(&once, 500), 0);
    cr_expect_eq(pace_virtual(&once, 400), 0, "never before the start");
    cr_expect_eq(pace_virtual(&once, 500 + 1234567), 1234567);
    cr_expect_eq(pace_virtual(&tenfold, 500 + 1234567), 12345670);
    cr_expect_eq(pace_virtual(&half, 500 + 1234567), 617283);
}

Test(pace, it_never_goes_back_and_never_overflows)
{
    struct pace fast = {0, PACE_MOST}, slow = {0, PACE_LEAST};
    int64_t before_fast = 0, before_slow = 0;
    for (int64_t wall = 1; wall < INT64_MAX / 3; wall *= 2) {
        int64_t t = pace_virtual(&fast, wall), u = pace_virtual(&slow, wall + 1);
        cr_expect(t >= before_fast && t < VTIME_NEVER);
        cr_expect(u >= before_slow && u <= wall);
        before_fast = t;
        before_slow = u;
    }
}

Test(pace, a_wait_is_rounded_up_so_that_what_is_due_is_due_then)
{
    static const int64_t paces[] = {1, 7, 500, 1000, 1001, 10000, PACE_MOST};
    for (size_t i = 0; i < sizeof paces / sizeof *paces; i++) {
        struct pace pace = {1000, paces[i]};
        for (int64_t t = 1; t < 100 * VTIME_S; t = t * 3 + 1) {
            int64_t wait = pace_wait_ms(&pace, 1000, t, INT64_MAX / VTIME_MS / 2);
            cr_expect(wait > 0);
            cr_expect(pace_virtual(&pace, 1000 + wait * VTIME_MS) >= t, "pace %lld, %lld",
                      (long long)paces[i], (long long)t);
            cr_expect(pace_virtual(&pace, 1000 + (wait - 1) * VTIME_MS) <= t);
        }
    }
}

Test(pace, a_wait_has_a_ceiling_and_is_nothing_for_the_past)
{
    struct pace pace = {0, PACE_NORMAL};
    cr_expect_eq(pace_wait_ms(&pace, 0, VTIME_NEVER, 1000), 1000);
    cr_expect_eq(pace_wait_ms(&pace, VTIME_S, VTIME_S, 1000), 0);
    cr_expect_eq(pace_wait_ms(&pace, 2 * VTIME_S, VTIME_S, 1000), 0);
    cr_expect_eq(pace_wait_ms(&pace, 0, 20 * VTIME_MS, 1000), 20);
}
