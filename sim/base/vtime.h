/*
 * Virtual time: signed nanoseconds since the start of the run, never a floating-point number and
 * never the wall clock. A run also has an epoch: the Unix second that its start stands for.
 */
#ifndef SIM_BASE_VTIME_H
#define SIM_BASE_VTIME_H

#include <stdint.h>

#include "sim/base/slice.h"

#define VTIME_US INT64_C(1000)
#define VTIME_MS (1000 * VTIME_US)
#define VTIME_S (1000 * VTIME_MS)
#define VTIME_MIN (60 * VTIME_S)
#define VTIME_H (60 * VTIME_MIN)
#define VTIME_DAY (24 * VTIME_H)
#define VTIME_NEVER INT64_MAX

/* Monday 3 March 2025, 09:00:00 +0000, in Unix seconds: where every run starts by default. */
#define VTIME_DEFAULT_EPOCH_S INT64_C(1740992400)

/* A moment broken into calendar parts, UTC (proleptic Gregorian). */
struct vtime_calendar {
    int64_t year;
    int month, day; /* 1..12, 1..31 */
    int hour, minute, second;
    int weekday; /* 0 Sunday .. 6 Saturday */
    int nanosecond;
};
struct vtime_calendar vtime_calendar(int64_t epoch_s, int64_t t_ns);
/* Unix seconds of a UTC calendar time; parts are taken as they are. */
int64_t vtime_unix_s(int64_t year, int month, int day, int hour, int minute, int second);

/*
 * A duration as people write it: a number and a unit ns, us, ms, s, min, h, d, also strung together
 * ("1h30min", "2 h 30 min", "0.5s"); a bare number is seconds. False on anything else or on
 * overflow.
 */
bool vtime_parse(struct slice text, int64_t *duration_ns);

/* "20ms", "1.5s", "2h30min": short, exact to the microsecond. Writes at most VTIME_TEXT octets. */
#define VTIME_TEXT 40
struct slice vtime_print(int64_t duration_ns, char text[VTIME_TEXT]);
/* "09:00:00.120", with the day in front ("+1d 09:00:00.120") once the run is past its first day. */
struct slice vtime_print_clock(int64_t epoch_s, int64_t t_ns, char text[VTIME_TEXT]);
/* "2025-03-03T09:00:00.120000Z", always with microseconds. */
struct slice vtime_print_iso(int64_t epoch_s, int64_t t_ns, char text[VTIME_TEXT]);

#endif
