/*
 * Paced time: how virtual time follows the clock on the wall. The only place where the two meet;
 * pure arithmetic, the caller reads the clock.
 */
#ifndef BRIDGE_PACE_H
#define BRIDGE_PACE_H

#include "sim/base/vtime.h"

struct pace {
    int64_t start_ns;  /* the wall clock's reading when virtual time was 0 */
    int64_t per_mille; /* 1000: one virtual second a second; 10000: ten */
};

enum { PACE_NORMAL = 1000, PACE_LEAST = 1, PACE_MOST = 100000000 };

/* "1", "10", "0.5": at least 0.001, at most 100000. False on anything else. */
bool pace_read(struct slice text, int64_t *per_mille);
/* The virtual time at this reading of the wall clock; 0 before the start. Cannot overflow. */
int64_t pace_virtual(const struct pace *pace, int64_t wall_ns);
/* Milliseconds from this reading until virtual time is t, rounded up: 0 when it is past already,
   at most `most`. */
int64_t pace_wait_ms(const struct pace *pace, int64_t wall_ns, int64_t t, int64_t most);

#endif
