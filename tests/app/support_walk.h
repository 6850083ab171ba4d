/*
 * A person who does anything: lines of a UI script made at random from a seed, from what is on the
 * screen and in the network at that moment. The same seed makes the same walk.
 */
#ifndef TESTS_APP_SUPPORT_WALK_H
#define TESTS_APP_SUPPORT_WALK_H

#include "app/work.h"
#include "sim/base/random.h"

enum { SUPPORT_WALK_LINE = 512 };

/* The next line. */
void support_walk_line(struct random *random, const struct work *work, struct screen *screen,
                       char line[SUPPORT_WALK_LINE]);

#endif
