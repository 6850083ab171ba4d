/*
 * Seeded random streams. Each user of chance (a host, a link) has a stream of its own, made from
 * the run's seed and its name, so that one more draw here changes nothing there.
 * The generator is xoshiro256** by Blackman and Vigna, seeded through splitmix64.
 */
#ifndef SIM_BASE_RANDOM_H
#define SIM_BASE_RANDOM_H

#include "sim/base/slice.h"

struct random {
    uint64_t state[4];
};

void random_init(struct random *r, uint64_t seed, struct slice name);
uint64_t random_u64(struct random *r);
/* 0 .. limit - 1, without bias; limit 0 gives 0. */
uint64_t random_below(struct random *r, uint64_t limit);
/* True in `ppm` of a million draws. Draws nothing for 0. */
bool random_chance(struct random *r, uint32_t ppm);

#endif
