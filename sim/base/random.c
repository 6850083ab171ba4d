#include "sim/base/random.h"

static uint64_t splitmix64(uint64_t *state)
{
    uint64_t z = (*state += 0x9E3779B97F4A7C15u);
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9u;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBu;
    return z ^ (z >> 31);
}

static uint64_t rotate(uint64_t x, int by)
{
    return (x << by) | (x >> (64 - by));
}

void random_init(struct random *r, uint64_t seed, struct slice name)
{
    uint64_t state = seed ^ slice_hash(name);
    for (int i = 0; i < 4; i++)
        r->state[i] = splitmix64(&state);
}

uint64_t random_u64(struct random *r)
{
    uint64_t *s = r->state;
    uint64_t result = rotate(s[1] * 5, 7) * 9;
    uint64_t shifted = s[1] << 17;
    s[2] ^= s[0];
    s[3] ^= s[1];
    s[1] ^= s[2];
    s[0] ^= s[3];
    s[2] ^= shifted;
    s[3] = rotate(s[3], 45);
    return result;
}

uint64_t random_below(struct random *r, uint64_t limit)
{
    if (limit < 2)
        return 0;
    /* 2^64 mod limit values at the bottom would be drawn once too often: draw again */
    uint64_t surplus = (0 - limit) % limit;
    uint64_t draw;
    do
        draw = random_u64(r);
    while (draw < surplus);
    return draw % limit;
}

bool random_chance(struct random *r, uint32_t ppm)
{
    return ppm > 0 && random_below(r, 1000000) < ppm;
}
