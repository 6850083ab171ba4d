/* Dates as IMAP has them (RFC 9051 9): date and date-time. */
#include "agents/proto/imap_args.h"

#include "sim/base/vtime.h"

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};

struct day {
    int year, month, day;
};

/* Exactly so many digits. */
static bool take_digits(struct imap_args *a, int count, int *value)
{
    *value = 0;
    for (int i = 0; i < count; i++) {
        char digit = imap_args_peek(a);
        if (digit < '0' || digit > '9')
            return imap_args_fail(a, "a malformed date");
        *value = *value * 10 + (digit - '0');
        a->at++;
    }
    return true;
}

static bool expect(struct imap_args *a, char octet)
{
    return imap_args_skip(a, octet) || imap_args_fail(a, "a malformed date");
}

/* date-month = "Jan" / "Feb" / ...; letters in any case */
static bool take_month(struct imap_args *a, int *month)
{
    struct slice word = slice_part(a->text, a->at, a->at + 3);
    for (int i = 0; i < 12 && !a->problem; i++) {
        if (slice_equal_fold(word, slice_of(months[i]))) {
            *month = i + 1;
            a->at += 3;
            return true;
        }
    }
    return imap_args_fail(a, "a malformed date");
}

static bool is_day(const struct day *d)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    bool is_leap = (d->year % 4 == 0 && d->year % 100 != 0) || d->year % 400 == 0;
    return d->day >= 1 && d->day <= days[d->month - 1] + (d->month == 2 && is_leap);
}

/* "-" date-month "-" date-year, behind the day */
static bool take_month_and_year(struct imap_args *a, struct day *d)
{
    return expect(a, '-') && take_month(a, &d->month) && expect(a, '-') &&
           take_digits(a, 4, &d->year) && (is_day(d) || imap_args_fail(a, "no such day"));
}

/* date = date-text / DQUOTE date-text DQUOTE; date-day = 1*2DIGIT */
bool imap_args_date(struct imap_args *a, int64_t *day)
{
    struct day d = {0};
    int second;
    bool is_quoted = imap_args_skip(a, '"');
    if (!take_digits(a, 1, &d.day))
        return false;
    if (imap_args_peek(a) != '-') {
        if (!take_digits(a, 1, &second))
            return false;
        d.day = d.day * 10 + second;
    }
    if (!take_month_and_year(a, &d) || (is_quoted && !expect(a, '"')))
        return false;
    int64_t unix_s = vtime_unix_s(d.year, d.month, d.day, 0, 0, 0);
    *day = unix_s / 86400; /* whole days, before 1970 too */
    return true;
}

/* zone = ("+" / "-") 4DIGIT */
static bool take_zone(struct imap_args *a, int *zone_min)
{
    int value;
    bool is_west = imap_args_skip(a, '-');
    if ((!is_west && !expect(a, '+')) || !take_digits(a, 4, &value))
        return false;
    if (value % 100 > 59)
        return imap_args_fail(a, "a malformed zone");
    *zone_min = (value / 100 * 60 + value % 100) * (is_west ? -1 : 1);
    return true;
}

/* time = 2DIGIT ":" 2DIGIT ":" 2DIGIT, where 60 is a leap second */
static bool take_time(struct imap_args *a, int *hour, int *minute, int *second)
{
    return take_digits(a, 2, hour) && expect(a, ':') && take_digits(a, 2, minute) &&
           expect(a, ':') && take_digits(a, 2, second) &&
           ((*hour < 24 && *minute < 60 && *second <= 60) || imap_args_fail(a, "no such time"));
}

/* date-time = DQUOTE date-day-fixed "-" date-month "-" date-year SP time SP zone DQUOTE, where
   date-day-fixed = (SP DIGIT) / 2DIGIT */
bool imap_args_date_time(struct imap_args *a, int64_t *unix_s, int *zone_min)
{
    struct day d = {0};
    int hour, minute, second;
    if (!expect(a, '"'))
        return false;
    bool is_short = imap_args_skip(a, ' ');
    if (!take_digits(a, is_short ? 1 : 2, &d.day) || !take_month_and_year(a, &d) ||
        !expect(a, ' ') || !take_time(a, &hour, &minute, &second) || !expect(a, ' ') ||
        !take_zone(a, zone_min) || !expect(a, '"'))
        return false;
    *unix_s = vtime_unix_s(d.year, d.month, d.day, hour, minute, second) - (int64_t)*zone_min * 60;
    return true;
}
