#include "agents/mail/date.h"

#include <criterion/criterion.h>
#include <stdlib.h>

#include "sim/base/vtime.h"
#include "tests/mail/support_mail.h"

Test(date, is_written_as_rfc5322_3_3)
{
    static const struct {
        int64_t unix_s;
        int zone_min;
        const char *text;
    } rows[] = {
        {VTIME_DEFAULT_EPOCH_S, 0, "Mon, 3 Mar 2025 09:00:00 +0000"},
        {VTIME_DEFAULT_EPOCH_S, 60, "Mon, 3 Mar 2025 10:00:00 +0100"},
        {VTIME_DEFAULT_EPOCH_S, -570, "Sun, 2 Mar 2025 23:30:00 -0930"},
        {0, 0, "Thu, 1 Jan 1970 00:00:00 +0000"},
        {-1, 0, "Wed, 31 Dec 1969 23:59:59 +0000"},
        {951782400, 0, "Tue, 29 Feb 2000 00:00:00 +0000"},
        /* four digits of year are all there is room for */
        {INT64_MAX, 0, "Fri, 31 Dec 9999 23:59:59 +0000"},
        {INT64_MIN, 0, "Sat, 1 Jan 0000 00:00:00 +0000"},
        {0, 100000, "Mon, 5 Jan 1970 03:59:00 +9959"},
        {0, -100000, "Sat, 27 Dec 1969 20:01:00 -9959"},
    };
    char text[DATE_TEXT];
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        expect_text(date_write(rows[i].unix_s, rows[i].zone_min, text), rows[i].text);
}

#define NINE VTIME_DEFAULT_EPOCH_S

static const struct {
    const char *text;
    bool is_date;
    int64_t unix_s;
    int zone_min;
} rows[] = {
    {"Mon, 3 Mar 2025 09:00:00 +0000", true, NINE, 0},
    {"Mon, 03 Mar 2025 10:00:00 +0100 (CET)", true, NINE, 60},
    {"3 Mar 2025 09:00:00 -0000", true, NINE, 0},   /* 3.3: the weekday is optional */
    {"Mon, 3 Mar 2025 09:00 +0000", true, NINE, 0}, /* and so are the seconds */
    {"Mon,  3 Mar 2025 01:00:00 -0800", true, NINE, -480},
    {"Sat, 31 Dec 2016 23:59:60 +0000", true, 1483228800, 0}, /* a leap second */
    {"mON, 3 mAR 2025 09:00:00 +0000", true, NINE, 0},
    {"\r\n Mon,\r\n\t3 Mar 2025\r\n 09:00:00\r\n +0000\r\n", true, NINE, 0},
    /* 4.3: comments anywhere */
    {"(a(b)\\()Mon(day),(x)3(rd)Mar(ch)2025(AD)09(h):(m)00:00(s)+0000(UTC)", true, NINE, 0},
    /* 4.3: years of two and three digits */
    {"3 Mar 25 09:00:00 +0000", true, NINE, 0},
    {"1 Jan 70 00:00:00 +0000", true, 0, 0},
    {"1 Jan 49 00:00:00 +0000", true, 2493072000, 0},
    {"1 Jan 50 00:00:00 +0000", true, -631152000, 0},
    {"3 Mar 125 09:00:00 +0000", true, NINE, 0},
    /* 4.3: names of zones */
    {"3 Mar 2025 09:00:00 UT", true, NINE, 0},
    {"3 Mar 2025 09:00:00 GMT", true, NINE, 0},
    {"3 Mar 2025 04:00:00 EST", true, NINE, -300},
    {"3 Mar 2025 05:00:00 EDT", true, NINE, -240},
    {"3 Mar 2025 04:00:00 CDT", true, NINE, -300},
    {"3 Mar 2025 03:00:00 CST", true, NINE, -360},
    {"3 Mar 2025 03:00:00 MDT", true, NINE, -360},
    {"3 Mar 2025 02:00:00 MST", true, NINE, -420},
    {"3 Mar 2025 02:00:00 PDT", true, NINE, -420},
    {"3 Mar 2025 01:00:00 PST", true, NINE, -480},
    {"3 Mar 2025 09:00:00 Z", true, NINE, 0},
    {"3 Mar 2025 09:00:00 A", true, NINE, 0},    /* military: as if -0000 */
    {"3 Mar 2025 09:00:00 CEST", true, NINE, 0}, /* unknown: the same */
    {"3 Mar 2025 09:00:00", true, NINE, 0},
    {"Mon 3 Mar 2025 09:00:00 +0000", true, NINE, 0},
    {"Tue, 3 Mar 2025 09:00:00 +0000", true, NINE, 0}, /* the wrong weekday is nobody's harm */
    {"29 Feb 2024 00:00:00 +0000", true, 1709164800, 0},
    {"29 Feb 2025 00:00:00 +0000", false, 0, 0},
    {"29 Feb 1900 00:00:00 +0000", false, 0, 0},
    {"29 Feb 2000 00:00:00 +0000", true, 951782400, 0},
    {"31 Apr 2025 00:00:00 +0000", false, 0, 0},
    {"0 Mar 2025 00:00:00 +0000", false, 0, 0},
    {"3 Mrz 2025 09:00:00 +0000", false, 0, 0},
    {"3 March 2025 09:00:00 +0000", false, 0, 0},
    {"3 Mar 2025 24:00:00 +0000", false, 0, 0},
    {"3 Mar 2025 09:60:00 +0000", false, 0, 0},
    {"3 Mar 2025 09:00:61 +0000", false, 0, 0},
    {"3 Mar 2025 09:0:00 +0000", false, 0, 0},
    {"3 Mar 2025 09:00:00 +000", false, 0, 0},
    {"3 Mar 2025 09:00:00 +00000", false, 0, 0},
    {"3 Mar 2025 09:00:00 +0060", false, 0, 0},
    {"3 Mar 2025 09:00:00 +0000 and more", false, 0, 0},
    {"3 Mar 20255 09:00:00 +0000", false, 0, 0},
    {"Xyz, 3 Mar 2025 09:00:00 +0000", false, 0, 0},
    {"2025-03-03T09:00:00Z", false, 0, 0},
    {"3 Mar 2025", false, 0, 0},
    {"Mon,", false, 0, 0},
    {"(", false, 0, 0},
    {"", false, 0, 0},
};

Test(date, is_read_as_rfc5322_3_3_and_4_3_have_it)
{
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t unix_s = 0;
        int zone_min = 0;
        cr_expect_eq(date_read(slice_of(rows[i].text), &unix_s, &zone_min), rows[i].is_date, "'%s'",
                     rows[i].text);
        cr_expect_eq(unix_s, rows[i].unix_s, "'%s' gave %lld", rows[i].text, (long long)unix_s);
        cr_expect_eq(zone_min, rows[i].zone_min, "'%s' gave %d", rows[i].text, zone_min);
    }
}

Test(date, what_is_written_is_read_back)
{
    struct random r;
    char text[DATE_TEXT];
    random_init(&r, 1, SLICE("date"));
    for (int round = 0; round < 20000; round++) {
        /* from 1900, since years before it were never written with four digits */
        int64_t unix_s = (int64_t)random_below(&r, INT64_C(250000000000)) - 2208902400, back;
        int zone = (int)random_below(&r, 2 * 14 * 60) - 14 * 60, zone_back;
        cr_assert(date_read(date_write(unix_s, zone, text), &back, &zone_back));
        cr_assert_eq(back, unix_s);
        cr_assert_eq(zone_back, zone);
    }
}

Test(date, never_reads_outside)
{
    struct random r;
    random_init(&r, 2, SLICE("date"));
    for (int round = 0; round < 50000; round++) {
        struct slice text =
            support_mutate(&r, SLICE("Mon (day), 3 Mar 2025 09:00:00 +0000 (a \\(b))"));
        int64_t unix_s;
        int zone_min;
        date_read(text, &unix_s, &zone_min);
        free((char *)text.data);
    }
}
