/* Ids and words that nobody said before, the same in every run of the same seed. */
#include <inttypes.h>

#include "agents/roles/office.h"
#include "sim/base/digits.h"

/*
 * Looks like the ids of real queues, and is the same in every run of the same seed: a count that is
 * stirred by a multiplication that can be undone, so no two are alike.
 */
struct slice office_new_id(struct office *office, uint32_t agent, char text[OFFICE_ID])
{
    uint64_t stirred =
        (office->sim->seed * 0x9E3779B97F4A7C15u + ++office->id_count) * 0xD6E8FEB86659FD93u;
    size_t size = digits_put(text, agent & 15, 16, 0);
    size += digits_put(text + size, (uint32_t)(stirred >> 32), 16, 8);
    size += digits_put(text + size, office->id_count, 16, 0);
    text[size] = '\0';
    return (struct slice){text, size};
}

/* Named by host and place on it: agents added to other hosts do not change it. */
static struct random *chance_of(struct office *office, uint32_t agent)
{
    while (office->chances.count < agent)
        (void)vector_add(&office->chances);
    struct office_chance *chance = &office->chances.items[agent - 1];
    if (!chance->is_started) {
        uint32_t host = net_host_of(office->net, agent);
        struct arena arena;
        arena_init(&arena);
        const struct office_agent *a = office_agent_at(office, agent);
        struct slice name =
            arena_printf(&arena, "nonce %.*s %" PRIu32, SLICE_ARG(net_host_id(office->net, host)),
                         a ? a->ordinal : agent);
        sim_random(office->sim, name, &chance->random);
        arena_finish(&arena);
        chance->is_started = true;
    }
    return &chance->random;
}

struct slice office_new_nonce(struct office *office, uint32_t agent, char text[OFFICE_NONCE])
{
    struct random *random = chance_of(office, agent);
    size_t size = digits_put(text, random_u64(random), 16, 16);
    size += digits_put(text + size, random_u64(random), 16, 16);
    text[size] = '\0';
    return (struct slice){text, size};
}
