#include "agents/mail/date.h"

#include <inttypes.h>
#include <stdio.h>

#include "agents/mail/token.h"
#include "sim/base/digits.h"
#include "sim/base/vtime.h"

/* The years 0000 to 9999, which four digits can say; a moment outside is written as the nearest. */
#define FIRST_UNIX_S INT64_C(-62167219200)
#define LAST_UNIX_S INT64_C(253402300799)
enum { ZONE_MIN_MAX = 99 * 60 + 59 };

static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                     "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
static const char *const weekdays[] = {"Sun", "Mon", "Tue", "Wed", "Thu", "Fri", "Sat"};

static int64_t clamp(int64_t value, int64_t least, int64_t most)
{
    return value < least ? least : value > most ? most : value;
}

static void put_word(char *text, size_t *size, const char *word)
{
    while (*word)
        text[(*size)++] = *word++;
}

struct slice date_write(int64_t unix_s, int zone_min, char text[DATE_TEXT])
{
    int zone = (int)clamp(zone_min, -ZONE_MIN_MAX, ZONE_MIN_MAX);
    int64_t local_s = clamp(clamp(unix_s, FIRST_UNIX_S, LAST_UNIX_S) + (int64_t)zone * 60,
                            FIRST_UNIX_S, LAST_UNIX_S);
    struct vtime_calendar c = vtime_calendar(local_s, 0);
    unsigned east = (unsigned)(zone < 0 ? -zone : zone);
    size_t size = 0;
    put_word(text, &size, weekdays[c.weekday]);
    put_word(text, &size, ", ");
    size += digits_put(text + size, (uint64_t)c.day, 10, 0);
    text[size++] = ' ';
    put_word(text, &size, months[c.month - 1]);
    text[size++] = ' ';
    size += digits_put(text + size, (uint64_t)c.year, 10, 4);
    text[size++] = ' ';
    size += digits_put(text + size, (uint64_t)c.hour, 10, 2);
    text[size++] = ':';
    size += digits_put(text + size, (uint64_t)c.minute, 10, 2);
    text[size++] = ':';
    size += digits_put(text + size, (uint64_t)c.second, 10, 2);
    put_word(text, &size, zone < 0 ? " -" : " +");
    size += digits_put(text + size, east / 60 * 100 + east % 60, 10, 4);
    text[size] = '\0';
    return (struct slice){text, size};
}

/* A text being read from front to end. */
struct reader {
    struct slice text;
    size_t at;
};

/* CFWS may stand between any two tokens (RFC 5322 4.3). */
static void skip_space(struct reader *r)
{
    r->at = token_space(r->text, r->at);
}

/* least..most digits; the places they filled are in *digits. */
static bool take_number(struct reader *r, int least, int most, int *value, int *digits)
{
    *value = *digits = 0;
    skip_space(r);
    while (*digits < most && r->at < r->text.size && token_is_digit(r->text.data[r->at])) {
        *value = *value * 10 + (r->text.data[r->at++] - '0');
        (*digits)++;
    }
    bool goes_on = r->at < r->text.size && token_is_digit(r->text.data[r->at]);
    return *digits >= least && !goes_on;
}

static struct slice take_letters(struct reader *r)
{
    skip_space(r);
    size_t from = r->at;
    while (r->at < r->text.size) {
        char lower = slice_lower(r->text.data[r->at]);
        if (lower < 'a' || lower > 'z')
            break;
        r->at++;
    }
    return slice_part(r->text, from, r->at);
}

static bool take_octet(struct reader *r, char octet)
{
    skip_space(r);
    if (r->at >= r->text.size || r->text.data[r->at] != octet)
        return false;
    r->at++;
    return true;
}

/* The place of a word in a list of names, from 0; -1 when it is not there. */
static int index_of(struct slice word, const char *const *names, int count)
{
    for (int i = 0; i < count; i++)
        if (slice_equal_fold(word, slice_of(names[i])))
            return i;
    return -1;
}

/* Two and three digits mean a year of our time (RFC 5322 4.3). */
static int full_year(int year, int digits)
{
    if (digits >= 4)
        return year;
    return digits == 2 && year < 50 ? year + 2000 : year + 1900;
}

static bool take_day(struct reader *r, int *year, int *month, int *day)
{
    static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    int digits;
    struct slice weekday = take_letters(r);
    if (weekday.size && index_of(weekday, weekdays, 7) < 0)
        return false;
    if (weekday.size)
        take_octet(r, ','); /* some leave it out */
    if (!take_number(r, 1, 2, day, &digits))
        return false;
    *month = index_of(take_letters(r), months, 12) + 1;
    if (*month == 0 || !take_number(r, 2, 4, year, &digits))
        return false;
    *year = full_year(*year, digits);
    bool is_leap = (*year % 4 == 0 && *year % 100 != 0) || *year % 400 == 0;
    return *day >= 1 && *day <= days[*month - 1] + (*month == 2 && is_leap);
}

/* hour ":" minute [ ":" second ], where second 60 is a leap second. */
static bool take_clock(struct reader *r, int *hour, int *minute, int *second)
{
    int digits;
    *second = 0;
    if (!take_number(r, 1, 2, hour, &digits) || !take_octet(r, ':') ||
        !take_number(r, 2, 2, minute, &digits))
        return false;
    if (take_octet(r, ':') && !take_number(r, 2, 2, second, &digits))
        return false;
    return *hour <= 23 && *minute <= 59 && *second <= 60;
}

/*
 * obs-zone: names of North America, and letters of the military that nobody used with one meaning,
 * so that they and all other names say nothing about the zone (RFC 5322 4.3).
 */
static int named_zone_min(struct slice name)
{
    static const char *const names[] = {"EDT", "EST", "CDT", "CST", "MDT", "MST", "PDT", "PST"};
    static const int hours[] = {-4, -5, -5, -6, -6, -7, -7, -8};
    int i = index_of(name, names, 8);
    return i < 0 ? 0 : hours[i] * 60;
}

static bool take_zone(struct reader *r, int *zone_min)
{
    int digits, value;
    skip_space(r);
    *zone_min = 0;
    if (r->at == r->text.size)
        return true; /* no zone at all: taken as UTC, like an unknown one */
    bool is_west = take_octet(r, '-');
    if (is_west || take_octet(r, '+')) {
        if (!take_number(r, 4, 4, &value, &digits) || value % 100 > 59)
            return false;
        *zone_min = (value / 100 * 60 + value % 100) * (is_west ? -1 : 1);
        return true;
    }
    struct slice name = take_letters(r);
    *zone_min = named_zone_min(name);
    return name.size > 0;
}

bool date_read(struct slice text, int64_t *unix_s, int *zone_min)
{
    struct reader r = {.text = text};
    int year, month, day, hour, minute, second, zone;
    if (!take_day(&r, &year, &month, &day) || !take_clock(&r, &hour, &minute, &second) ||
        !take_zone(&r, &zone))
        return false;
    skip_space(&r);
    if (r.at < text.size)
        return false;
    *unix_s = vtime_unix_s(year, month, day, hour, minute, second) - (int64_t)zone * 60;
    *zone_min = zone;
    return true;
}
