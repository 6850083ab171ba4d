#include "bridge/pace.h"

enum { DECIMALS = 3 };

bool pace_read(struct slice text, int64_t *per_mille)
{
    struct slice rest = text, whole;
    uint64_t units = 0, part = 0;
    if (!slice_cut(&rest, '.', &whole) || !slice_to_u64(whole, &units) || units > PACE_MOST)
        return false;
    bool has_point = whole.size < text.size;
    if (has_point && (rest.size > DECIMALS || !slice_to_u64(rest, &part)))
        return false;
    for (size_t i = rest.size; has_point && i < DECIMALS; i++)
        part *= 10;
    *per_mille = (int64_t)(units * PACE_NORMAL + part);
    return *per_mille >= PACE_LEAST && *per_mille <= PACE_MOST;
}

int64_t pace_virtual(const struct pace *pace, int64_t wall_ns)
{
    int64_t passed = wall_ns - pace->start_ns, whole;
    if (passed <= 0)
        return 0;
    int64_t rest = passed % PACE_NORMAL * pace->per_mille / PACE_NORMAL;
    if (__builtin_mul_overflow(passed / PACE_NORMAL, pace->per_mille, &whole) ||
        __builtin_add_overflow(whole, rest, &whole))
        return VTIME_NEVER - 1;
    return whole;
}

int64_t pace_wait_ms(const struct pace *pace, int64_t wall_ns, int64_t t, int64_t most)
{
    int64_t now = pace_virtual(pace, wall_ns);
    if (t <= now)
        return 0;
    /* the quotient first, so that nothing overflows however far away t is */
    int64_t gap = t - now;
    int64_t step = VTIME_MS / PACE_NORMAL * pace->per_mille; /* virtual time in a millisecond */
    int64_t ms = gap / step + (gap % step != 0);
    return ms < most ? ms : most;
}
