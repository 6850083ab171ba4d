#include "agents/mail/date.h"

#include "agents/mail/token.h"
#include "sim/base/vtime.h"

/*
 * A date in no fixed order: each piece says by its form what it is. Enough for asctime's
 * "Mon Mar  3 09:00:00 2025", for ISO 8601, for "03-Mar-25 9:00 PM" and "March 3, 2025".
 */
struct pieces {
    int year, month, day, hour, minute, second, zone_min;
    bool has_year, has_day, has_clock, has_zone, is_afternoon, is_morning;
    size_t end; /* behind the last piece that was understood */
};

enum { PIECES_MAX = 24, WORD_MAX = 12 };

static const char *const month_names[] = {"january",   "february", "march",    "april",
                                          "may",       "june",     "july",     "august",
                                          "september", "october",  "november", "december"};
static const char *const weekday_names[] = {"sunday",   "monday", "tuesday", "wednesday",
                                            "thursday", "friday", "saturday"};

/* A name that programs write and that has one meaning, as far as that can be said. */
struct zone_name {
    const char *name;
    int zone_min;
};
static const struct zone_name zones[] = {
    {"UT", 0},     {"UTC", 0},    {"GMT", 0},    {"Z", 0},       {"WET", 0},     {"WEST", 60},
    {"BST", 60},   {"CET", 60},   {"MET", 60},   {"MEZ", 60},    {"CEST", 120},  {"MEST", 120},
    {"MESZ", 120}, {"EET", 120},  {"EEST", 180}, {"MSK", 180},   {"MSD", 240},   {"JST", 540},
    {"KST", 540},  {"AEST", 600}, {"AEDT", 660}, {"NZST", 720},  {"NZDT", 780},  {"AST", -240},
    {"ADT", -180}, {"EST", -300}, {"EDT", -240}, {"CST", -360},  {"CDT", -300},  {"MST", -420},
    {"MDT", -360}, {"PST", -480}, {"PDT", -420}, {"AKST", -540}, {"AKDT", -480}, {"HST", -600},
};

/* The place of the name that a word of at least three letters begins, or -1. */
static int begins_name(struct slice word, const char *const *names, int count)
{
    for (int i = 0; i < count && word.size >= 3; i++)
        if (slice_starts_fold(slice_of(names[i]), word))
            return i;
    return -1;
}

static size_t run_of_digits(struct slice text, size_t at, int *value)
{
    size_t from = at;
    *value = 0;
    while (at < text.size && at - from < 5 && token_is_digit(text.data[at]))
        *value = *value * 10 + (text.data[at++] - '0');
    return at - from;
}

static size_t run_of_letters(struct slice text, size_t at)
{
    size_t from = at;
    while (at < text.size && at - from <= WORD_MAX && token_is_letter(text.data[at]))
        at++;
    return at - from;
}

/* ":MM[:SS[.fraction]]" behind the hour; some write dots. 0: it is no clock. */
static size_t take_clock(struct slice text, size_t at, int hour, struct pieces *p)
{
    char colon = at < text.size ? text.data[at] : ' ';
    int minute, second = 0, fraction;
    if ((colon != ':' && colon != '.') || p->has_clock || hour > 23 ||
        run_of_digits(text, at + 1, &minute) != 2 || minute > 59)
        return 0;
    size_t end = at + 3;
    if (end < text.size && text.data[end] == colon) {
        if (run_of_digits(text, end + 1, &second) != 2 || second > 60)
            return 0;
        end += 3;
        if (end < text.size && text.data[end] == '.' && colon == ':')
            end += 1 + run_of_digits(text, end + 1, &fraction);
    }
    p->has_clock = true;
    p->hour = hour;
    p->minute = minute;
    p->second = second;
    return end;
}

/* "-03-03" behind the year, also with slashes. 0: it is not that. */
static size_t take_iso(struct slice text, size_t at, int year, struct pieces *p)
{
    char dash = at < text.size ? text.data[at] : ' ';
    int month, day;
    if ((dash != '-' && dash != '/') || p->has_day || p->month ||
        run_of_digits(text, at + 1, &month) != 2 || at + 3 >= text.size ||
        text.data[at + 3] != dash || run_of_digits(text, at + 4, &day) != 2 || month > 12)
        return 0;
    p->has_year = p->has_day = true;
    p->year = year;
    p->month = month;
    p->day = day;
    return at + 6;
}

/* Digits: a clock, a year, a day. The place behind them, or 0. */
static size_t take_number(struct slice text, size_t at, struct pieces *p)
{
    int value;
    size_t digits = run_of_digits(text, at, &value), end = at + digits, more;
    if (digits <= 2 && (more = take_clock(text, end, value, p)) != 0)
        return more;
    if (digits == 4 && (more = take_iso(text, end, value, p)) != 0)
        return more;
    if (digits <= 2 && !p->has_day) {
        p->has_day = true;
        p->day = value;
        return end;
    }
    if (digits > 4 || digits < 2 || p->has_year)
        return 0;
    p->has_year = true; /* two and three digits: RFC 5322 4.3 */
    p->year = digits == 4 ? value : digits == 2 && value < 50 ? value + 2000 : value + 1900;
    return end;
}

/* "+0100", "-5", "+05:30"; behind a name it is counted from that ("GMT+0100"). */
static size_t take_offset(struct slice text, size_t at, struct pieces *p)
{
    int value, minutes = 0;
    bool is_west = text.data[at] == '-';
    size_t digits = run_of_digits(text, at + 1, &value), end = at + 1 + digits;
    if (!p->has_clock || digits == 0 || digits > 4 || (p->has_zone && p->zone_min != 0))
        return 0;
    if (digits > 2) {
        minutes = value % 100;
        value /= 100;
    } else if (end < text.size && text.data[end] == ':' &&
               run_of_digits(text, end + 1, &minutes) == 2) {
        end += 3;
    }
    if (minutes > 59)
        return 0;
    p->has_zone = true;
    p->zone_min = (value * 60 + minutes) * (is_west ? -1 : 1);
    return end;
}

static bool take_zone_name(struct slice word, struct pieces *p)
{
    for (size_t i = 0; i < sizeof zones / sizeof *zones; i++) {
        if (p->has_zone || !slice_equal_fold(word, slice_of(zones[i].name)))
            continue;
        p->has_zone = true;
        p->zone_min = zones[i].zone_min;
        return true;
    }
    return false;
}

/* Is a word of capitals behind the clock, one that names a zone nobody knows? It counts as UTC. */
static bool is_strange_zone(struct slice word, const struct pieces *p)
{
    for (size_t i = 0; i < word.size; i++)
        if (word.data[i] < 'A' || word.data[i] > 'Z')
            return false;
    return p->has_clock && !p->has_zone && word.size >= 1 && word.size <= 5;
}

static size_t take_word(struct slice text, size_t at, struct pieces *p)
{
    size_t size = run_of_letters(text, at);
    struct slice word = slice_part(text, at, at + size);
    int month = begins_name(word, month_names, 12);
    bool is_noon = p->has_clock && slice_equal_fold(word, SLICE("PM"));
    bool is_morning = p->has_clock && slice_equal_fold(word, SLICE("AM"));
    bool is_t = slice_equal(word, SLICE("T")) && p->has_year && !p->has_clock;
    if (month >= 0 && p->month == 0) {
        p->month = month + 1;
    } else if (is_noon || is_morning) {
        p->is_afternoon = is_noon;
        p->is_morning = is_morning;
    } else if (!is_t && begins_name(word, weekday_names, 7) < 0 && !take_zone_name(word, p)) {
        if (!is_strange_zone(word, p))
            return 0;
        p->has_zone = true;
    }
    return at + size;
}

/* The place behind the piece at `at`; 0 when it is no part of a date. */
static size_t take_piece(struct slice text, size_t at, struct pieces *p)
{
    char octet = text.data[at];
    if (token_is_digit(octet))
        return take_number(text, at, p);
    if (token_is_letter(octet))
        return take_word(text, at, p);
    bool is_before_digit = at + 1 < text.size && token_is_digit(text.data[at + 1]);
    size_t end = (octet == '+' || octet == '-') && is_before_digit ? take_offset(text, at, p) : 0;
    if (end == 0 && (octet == ',' || octet == '-' || octet == '.' || octet == '"'))
        return at + 1;
    return end;
}

static bool is_possible(const struct pieces *p)
{
    static const int days[] = {31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    return p->has_year && p->has_day && p->has_clock && p->month > 0 && p->day > 0 &&
           p->day <= days[p->month - 1];
}

size_t date_find(struct slice text, int64_t *unix_s, int *zone_min)
{
    struct pieces p = {0};
    size_t at = token_space(text, 0);
    for (unsigned i = 0; i < PIECES_MAX && at < text.size; i++) {
        size_t end = take_piece(text, at, &p);
        if (end == 0)
            break;
        p.end = end;
        at = token_space(text, end);
    }
    if (!is_possible(&p))
        return 0;
    int hour = p.is_afternoon && p.hour < 12  ? p.hour + 12
               : p.is_morning && p.hour == 12 ? 0
                                              : p.hour;
    *unix_s =
        vtime_unix_s(p.year, p.month, p.day, hour, p.minute, p.second) - (int64_t)p.zone_min * 60;
    *zone_min = p.zone_min;
    return p.end;
}
