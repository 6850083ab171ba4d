#include "sim/base/vtime.h"

#include <criterion/criterion.h>
#include <time.h>

#include "sim/base/random.h"

Test(vtime, the_default_epoch_is_the_monday_of_the_lessons)
{
    struct vtime_calendar c = vtime_calendar(VTIME_DEFAULT_EPOCH_S, 120 * VTIME_MS);
    cr_assert_eq(c.year, 2025);
    cr_assert_eq(c.month, 3);
    cr_assert_eq(c.day, 3);
    cr_assert_eq(c.hour, 9);
    cr_assert_eq(c.minute, 0);
    cr_assert_eq(c.second, 0);
    cr_assert_eq(c.weekday, 1);
    cr_assert_eq(c.nanosecond, 120000000);
}

Test(vtime, calendar_and_unix_seconds_agree_with_the_c_library)
{
    struct random r;
    random_init(&r, 1, SLICE("calendar"));
    for (int round = 0; round < 20000; round++) {
        /* from the year -200 to 4000 or so, and the days around the turn of 1970 */
        int64_t unix_s = (int64_t)random_below(&r, INT64_C(130000000000)) - INT64_C(68000000000);
        if (round % 4 == 0)
            unix_s = (int64_t)random_below(&r, 400000) - 200000;
        time_t t = (time_t)unix_s;
        struct tm tm;
        cr_assert_not_null(gmtime_r(&t, &tm));
        struct vtime_calendar c = vtime_calendar(unix_s, 0);
        cr_assert(c.year == tm.tm_year + 1900 && c.month == tm.tm_mon + 1 && c.day == tm.tm_mday &&
                      c.hour == tm.tm_hour && c.minute == tm.tm_min && c.second == tm.tm_sec &&
                      c.weekday == tm.tm_wday,
                  "%lld", (long long)unix_s);
        cr_assert_eq(vtime_unix_s(c.year, c.month, c.day, c.hour, c.minute, c.second), unix_s);
    }
}

Test(vtime, moments_before_the_start_round_down)
{
    struct vtime_calendar c = vtime_calendar(0, -1);
    cr_assert_eq(c.year, 1969);
    cr_assert_eq(c.second, 59);
    cr_assert_eq(c.nanosecond, 999999999);
    cr_assert_eq(c.weekday, 3);
}

Test(vtime, durations_are_read_as_people_write_them)
{
    static const struct {
        const char *text;
        bool is_good;
        int64_t ns;
    } rows[] = {
        {"20ms", true, 20 * VTIME_MS},
        {"1h30min", true, 90 * VTIME_MIN},
        {"2 h 30 min", true, 150 * VTIME_MIN},
        {" 0.5s ", true, VTIME_S / 2},
        {"1.000000001s", true, VTIME_S + 1},
        {"0.1234567899s", true, 123456789},
        {"5", true, 5 * VTIME_S},
        {"5d", true, 5 * VTIME_DAY},
        {"1.5d", true, 36 * VTIME_H},
        {"7ns", true, 7},
        {"3us", true, 3000},
        {"2m", true, 2 * VTIME_MIN},
        {"2sec", true, 2 * VTIME_S},
        {"0", true, 0},
        {"106751d", true, 106751 * VTIME_DAY},
        {"106752d", false, 0},
        {"106751d 106751d", false, 0},
        {"9223372036854775808ns", false, 0},
        {"99999999999999999999", false, 0},
        {"", false, 0},
        {"  ", false, 0},
        {"-1s", false, 0},
        {"1 parsec", false, 0},
        {"1S", false, 0},
        {"s", false, 0},
        {".5s", false, 0},
        {"1..5s", false, 0},
        {"1,5s", false, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t ns = 0;
        cr_expect_eq(vtime_parse(slice_of(rows[i].text), &ns), rows[i].is_good, "'%s'",
                     rows[i].text);
        cr_expect_eq(ns, rows[i].ns, "'%s' gave %lld", rows[i].text, (long long)ns);
    }
}

Test(vtime, durations_are_printed_short)
{
    static const struct {
        int64_t ns;
        const char *text;
    } rows[] = {
        {0, "0us"},
        {999, "0us"},
        {20 * VTIME_MS, "20ms"},
        {1500 * VTIME_US, "1.5ms"},
        {1500 * VTIME_MS, "1.5s"},
        {VTIME_S + VTIME_US, "1.000001s"},
        {150 * VTIME_MIN, "2h30min"},
        {VTIME_DAY, "1d"},
        {VTIME_DAY + VTIME_S, "1d1s"},
        {-90 * VTIME_S, "-1min30s"},
        {INT64_MIN, "-106751d23h47min16.854775s"},
        {INT64_MAX, "106751d23h47min16.854775s"},
    };
    char text[VTIME_TEXT];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        cr_expect(slice_equal(vtime_print(rows[i].ns, text), slice_of(rows[i].text)),
                  "%s expected, but: %.*s", rows[i].text, SLICE_ARG(vtime_print(rows[i].ns, text)));
}

Test(vtime, what_is_printed_is_read_back_to_the_microsecond)
{
    struct random r;
    char text[VTIME_TEXT];
    random_init(&r, 2, SLICE("print"));
    for (int round = 0; round < 20000; round++) {
        int64_t ns = (int64_t)(random_u64(&r) >> (1 + random_below(&r, 62))), back;
        cr_assert(vtime_parse(vtime_print(ns, text), &back));
        cr_assert_eq(back, ns / 1000 * 1000, "%lld", (long long)ns);
    }
}

Test(vtime, the_clock_counts_days_from_midnight_of_the_first_day)
{
    char text[VTIME_TEXT];
    const int64_t epoch = VTIME_DEFAULT_EPOCH_S;
    cr_assert(slice_equal(vtime_print_clock(epoch, 120 * VTIME_MS, text), SLICE("09:00:00.120")));
    cr_assert(slice_equal(vtime_print_clock(epoch, 15 * VTIME_H, text), SLICE("+1d 00:00:00.000")));
    cr_assert(
        slice_equal(vtime_print_clock(epoch, -10 * VTIME_H, text), SLICE("-1d 23:00:00.000")));
}

Test(vtime, iso_times_have_microseconds)
{
    char text[VTIME_TEXT];
    cr_assert(slice_equal(vtime_print_iso(VTIME_DEFAULT_EPOCH_S, 120 * VTIME_MS, text),
                          SLICE("2025-03-03T09:00:00.120000Z")));
}
