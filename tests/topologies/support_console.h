/*
 * What a console's screen shows, for tests: the texts of its events one behind the other.
 */
#ifndef TESTS_TOPOLOGIES_SUPPORT_CONSOLE_H
#define TESTS_TOPOLOGIES_SUPPORT_CONSOLE_H

#include "sim/base/bytes.h"
#include "topologies/world.h"

/* Types a line at the console of a host now, and runs until all is quiet, 40 s at
   most: longer than an attempt to connect, and less than a client's patience for DATA. */
void support_type(struct world *world, const char *host, const char *line);
/* Appends the screen of the console on that host. */
void support_screen(const struct log *log, const char *host, struct bytes *out);
/* Does that screen show this text? Prints the screen when not. */
bool support_shows(const struct log *log, const char *host, const char *text);

#endif
