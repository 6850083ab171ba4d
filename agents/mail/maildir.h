/*
 * Names of files in a Maildir, as D. J. Bernstein's page and the habit of servers have them:
 * tmp/NAME while it is written, new/NAME when it is whole, cur/NAME:2,FLAGS once a reader saw it.
 */
#ifndef AGENTS_MAIL_MAILDIR_H
#define AGENTS_MAIL_MAILDIR_H

#include "sim/base/slice.h"

enum { MAILDIR_NAME = 160 };

/* "1740992400.M120000P1Q7.mx1.example.org": the second, the microsecond, and a count that makes it
   unique. '/' and ':' in the host are written "\057" and "\072"; a long host is cut. */
struct slice maildir_name(int64_t unix_s, uint32_t microsecond, uint32_t count, struct slice host,
                          char text[MAILDIR_NAME]);
/* The part that stays the same while flags change: the file name, without folders, up to ":2,". */
struct slice maildir_unique(struct slice path);

#endif
