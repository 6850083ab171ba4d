/*
 * Dates as header fields have them: "Mon, 3 Mar 2025 09:00:00 +0000" (RFC 5322 3.3).
 */
#ifndef AGENTS_MAIL_DATE_H
#define AGENTS_MAIL_DATE_H

#include "sim/base/slice.h"

enum { DATE_TEXT = 48 };

/* Zone in minutes east of UTC. */
struct slice date_write(int64_t unix_s, int zone_min, char text[DATE_TEXT]);
/* Also the obsolete forms (two-digit years, zone names, no weekday, comments; RFC 5322 4.3).
   False when it is no date. */
bool date_read(struct slice text, int64_t *unix_s, int *zone_min);
/*
 * What looks like a date at the front of a text, in whatever order programs have ever written one:
 * "Mon Mar  3 09:00:00 CET 2025", "2025-03-03T09:00:00Z", "March 3, 2025 9:00 PM". Gives how many
 * octets it takes, 0 when there is none. A zone whose name nobody knows, or none, is taken as UTC.
 */
size_t date_find(struct slice text, int64_t *unix_s, int *zone_min);

#endif
