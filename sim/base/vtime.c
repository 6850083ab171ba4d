#include "sim/base/vtime.h"

#include <inttypes.h>
#include <stdio.h>

/* Division that rounds towards minus infinity, so that moments before the epoch work too. */
static int64_t floor_div(int64_t a, int64_t b)
{
    int64_t q = a / b;
    return a % b < 0 ? q - 1 : q;
}

/* Days since 1970-01-01 of a civil date; the year is counted from March, so leap days come last. */
static int64_t days_of(int64_t year, int month, int day)
{
    year -= month <= 2;
    int64_t era = floor_div(year, 400);
    int64_t year_of_era = year - era * 400;
    int64_t day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
    int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return era * 146097 + day_of_era - 719468;
}

int64_t vtime_unix_s(int64_t year, int month, int day, int hour, int minute, int second)
{
    return days_of(year, month, day) * 86400 + hour * 3600 + minute * 60 + second;
}

struct vtime_calendar vtime_calendar(int64_t epoch_s, int64_t t_ns)
{
    int64_t unix_s = epoch_s + floor_div(t_ns, VTIME_S);
    int64_t days = floor_div(unix_s, 86400);
    int64_t second_of_day = unix_s - days * 86400;
    int64_t shifted = days + 719468;
    int64_t era = floor_div(shifted, 146097);
    int64_t day_of_era = shifted - era * 146097;
    int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36524 - day_of_era / 146096) / 365;
    int64_t day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    int64_t march_month = (5 * day_of_year + 2) / 153;
    int month = (int)(march_month < 10 ? march_month + 3 : march_month - 9);
    return (struct vtime_calendar){
        .year = year_of_era + era * 400 + (month <= 2),
        .month = month,
        .day = (int)(day_of_year - (153 * march_month + 2) / 5 + 1),
        .hour = (int)(second_of_day / 3600),
        .minute = (int)(second_of_day / 60 % 60),
        .second = (int)(second_of_day % 60),
        .weekday = (int)(((days + 4) % 7 + 7) % 7),
        .nanosecond = (int)(t_ns - floor_div(t_ns, VTIME_S) * VTIME_S),
    };
}

static int64_t unit_ns(struct slice unit)
{
    static const struct {
        const char *name;
        int64_t ns;
    } units[] = {{"", VTIME_S},  {"ns", 1},        {"us", VTIME_US},   {"ms", VTIME_MS},
                 {"s", VTIME_S}, {"sec", VTIME_S}, {"min", VTIME_MIN}, {"m", VTIME_MIN},
                 {"h", VTIME_H}, {"d", VTIME_DAY}};
    for (size_t i = 0; i < sizeof units / sizeof *units; i++)
        if (slice_equal(unit, slice_of(units[i].name)))
            return units[i].ns;
    return 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* One "12.5 min" off the front of *text, added to *sum. */
static bool take_part(struct slice *text, int64_t *sum)
{
    size_t i = 0;
    int64_t whole = 0, fraction = 0, scale = 1;
    for (; i < text->size && is_digit(text->data[i]); i++)
        if (__builtin_mul_overflow(whole, 10, &whole) ||
            __builtin_add_overflow(whole, text->data[i] - '0', &whole))
            return false;
    if (i == 0)
        return false;
    if (i < text->size && text->data[i] == '.')
        for (i++; i < text->size && is_digit(text->data[i]); i++)
            if (scale < 1000000000) {
                fraction = fraction * 10 + (text->data[i] - '0');
                scale *= 10;
            }
    size_t unit_at = i;
    while (unit_at < text->size && text->data[unit_at] == ' ')
        unit_at++;
    size_t end = unit_at;
    while (end < text->size && !is_digit(text->data[end]) && text->data[end] != ' ')
        end++;
    int64_t unit = unit_ns(slice_part(*text, unit_at, end));
    int64_t ns;
    if (unit == 0 || __builtin_mul_overflow(whole, unit, &ns))
        return false;
    int64_t part = (int64_t)((__int128)fraction * unit / scale);
    *text = slice_trim(slice_part(*text, end, text->size));
    return !__builtin_add_overflow(ns, part, &ns) && !__builtin_add_overflow(*sum, ns, sum);
}

bool vtime_parse(struct slice text, int64_t *duration_ns)
{
    int64_t sum = 0;
    text = slice_trim(text);
    do {
        if (!take_part(&text, &sum))
            return false;
    } while (text.size > 0);
    *duration_ns = sum;
    return true;
}

/* "1.5" of 1500000 at scale 1000000: at most six places, no trailing zeros. */
static int print_decimal(char *out, size_t size, int64_t value, int64_t scale, const char *unit)
{
    int n = snprintf(out, size, "%" PRId64, value / scale);
    int64_t rest = value % scale;
    if (rest) {
        n += snprintf(out + n, size - (size_t)n, ".");
        for (int64_t place = scale / 10; rest && place > 0; place /= 10) {
            n += snprintf(out + n, size - (size_t)n, "%d", (int)(rest / place));
            rest %= place;
        }
    }
    return n + snprintf(out + n, size - (size_t)n, "%s", unit);
}

struct slice vtime_print(int64_t duration_ns, char text[VTIME_TEXT])
{
    int n = 0;
    uint64_t magnitude = duration_ns < 0 ? 0 - (uint64_t)duration_ns : (uint64_t)duration_ns;
    int64_t us = (int64_t)(magnitude / 1000);
    if (duration_ns < 0)
        text[n++] = '-';
    if (us < 1000) {
        n += snprintf(text + n, VTIME_TEXT - (size_t)n, "%" PRId64 "us", us);
    } else if (us < 1000000) {
        n += print_decimal(text + n, VTIME_TEXT - (size_t)n, us, 1000, "ms");
    } else {
        int64_t minutes = us / 60000000;
        int64_t rest_us = us % 60000000;
        if (minutes >= 24 * 60)
            n += snprintf(text + n, VTIME_TEXT - (size_t)n, "%" PRId64 "d", minutes / (24 * 60));
        if (minutes / 60 % 24)
            n += snprintf(text + n, VTIME_TEXT - (size_t)n, "%" PRId64 "h", minutes / 60 % 24);
        if (minutes % 60)
            n += snprintf(text + n, VTIME_TEXT - (size_t)n, "%" PRId64 "min", minutes % 60);
        if (rest_us || minutes == 0)
            n += print_decimal(text + n, VTIME_TEXT - (size_t)n, rest_us, 1000000, "s");
    }
    return (struct slice){text, (size_t)n};
}

struct slice vtime_print_clock(int64_t epoch_s, int64_t t_ns, char text[VTIME_TEXT])
{
    struct vtime_calendar c = vtime_calendar(epoch_s, t_ns);
    int64_t days = floor_div(epoch_s + floor_div(t_ns, VTIME_S), 86400) - floor_div(epoch_s, 86400);
    int n = 0;
    if (days)
        n = snprintf(text, VTIME_TEXT, "%+" PRId64 "d ", days);
    n += snprintf(text + n, VTIME_TEXT - (size_t)n, "%02d:%02d:%02d.%03d", c.hour, c.minute,
                  c.second, c.nanosecond / 1000000);
    return (struct slice){text, (size_t)n};
}

struct slice vtime_print_iso(int64_t epoch_s, int64_t t_ns, char text[VTIME_TEXT])
{
    struct vtime_calendar c = vtime_calendar(epoch_s, t_ns);
    int n = snprintf(text, VTIME_TEXT, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", (int)c.year, c.month,
                     c.day, c.hour, c.minute, c.second, c.nanosecond / 1000);
    return (struct slice){text, (size_t)n};
}
