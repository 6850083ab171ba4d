/*
 * What a lesson's checks ask of a trace, in words close to theirs:
 *
 *     support_exists(log, "smtp.reply from=submit verb=MAIL code=550")
 *     support_before(log, "deliver msg=1", "fetch by=pc-bob msg=1")
 *
 * A pattern is an event's name and what its fields must be, between blanks: key=value, or key~part
 * for a text that has the part within. `from`, `to`, `at`, `by` take a host or an agent. Numbers of
 * messages count from 1, in the order in which they were written.
 */
#ifndef TESTS_TOPOLOGIES_SUPPORT_MATCH_H
#define TESTS_TOPOLOGIES_SUPPORT_MATCH_H

#include "support_world.h"

/* The first such event with an id of at least `from`, or NULL. */
const struct event *support_match(const struct log *log, uint32_t from, const char *pattern);
bool support_exists(const struct log *log, const char *pattern);
uint32_t support_matches(const struct log *log, const char *pattern);
/* Both occur, and the first one first. */
bool support_before(const struct log *log, const char *first, const char *second);
/* Seconds from the first of one to the first of the other; ends the test when one is missing. */
int64_t support_between(const struct log *log, const char *first, const char *second);

/* ---- stored copies, by message and box: "bob@example.org/INBOX" ---- */

uint32_t support_copies(const struct log *log, uint32_t msg, const char *box);
/* Number of Received fields of the first copy; the hosts that wrote them, oldest first, in one
   text: "submit out mx1". */
unsigned support_received(const struct log *log, uint32_t msg, const char *box);
const char *support_path(const struct log *log, uint32_t msg, const char *box);
/* Does its n-th field of this name (from the top, from 1) have this part? */
bool support_header_has(const struct log *log, uint32_t msg, const char *box, const char *name,
                        unsigned n, const char *part);
/* The number of the message with this subject; ends the test when there is none. */
uint32_t support_message(const struct log *log, const char *subject);

#endif
