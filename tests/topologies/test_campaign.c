/* A campaign's run is a matter of its seed; whatever happens in it, no mail is lost. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "sim/base/vtime.h"
#include "support_world.h"
#include "topologies/campaign.h"

static struct topology load(const char *name)
{
    struct topology topology;
    struct problem problem = {0};
    char path[512];
    snprintf(path, sizeof path, SOURCE_DIR "/topologies/%s.json", name);
    cr_assert(topology_load(&topology, path, &problem), "%s", problem.what);
    return topology;
}

static struct world *run(const struct topology *topology, const char *profile, uint64_t seed)
{
    struct campaign campaign;
    struct world *world = world_create(topology, &(struct world_options){.seed = seed});
    campaign_init(&campaign, topology, campaign_find_profile(slice_of(profile)), seed);
    campaign_plan(&campaign, world);
    world_run_until(world, campaign.mended_t);
    world_run_until(world, 8 * VTIME_DAY);
    campaign_finish(&campaign);
    return world;
}

Test(campaign, the_same_seed_gives_the_same_run)
{
    struct topology topology = load("two-towns");
    uint64_t hashes[3];
    static const uint64_t seeds[] = {5, 5, 6};
    for (int i = 0; i < 3; i++) {
        struct world *world = run(&topology, "harsh", seeds[i]);
        hashes[i] = support_hash(world_log(world));
        world_destroy(world);
    }
    cr_expect_eq(hashes[0], hashes[1]);
    cr_expect_neq(hashes[0], hashes[2]);
    topology_finish(&topology);
}

Test(campaign, profiles_do_what_they_say)
{
    struct topology topology = load("two-towns");
    struct world *calm = run(&topology, "none", 3);
    struct world *harsh = run(&topology, "harsh", 3);
    cr_expect_eq(support_count(world_log(calm), EVENT_FAULT), 0);
    cr_expect_geq(support_count(world_log(calm), EVENT_MESSAGE), 1);
    cr_expect_geq(support_count(world_log(harsh), EVENT_FAULT), 4);
    cr_expect_null(campaign_find_profile(SLICE("gentle")));
    world_destroy(calm);
    world_destroy(harsh);
    topology_finish(&topology);
}

/* Steps that a world can't do are dropped: were a kind or its arguments misspelt, none would be
   left. Two towns have everything that can go wrong. */
Test(campaign, every_trouble_is_one_that_the_world_knows)
{
    static const char *const kinds[] = {
        "host-down",  "host-crash",   "file-crash",   "disk-full",       "clock-skew",
        "agent-down", "link-cut",     "link-slow",    "link-lossy",      "dns-silent",
        "reject",     "dns-servfail", "mailbox-full", "reply",           "slow",
        "cut",        "cert-expired", "mailbox-gone", "cert-wrong-name", "user-gone"};
    enum { KINDS = sizeof kinds / sizeof *kinds };
    struct topology topology = load("two-towns");
    unsigned seen[KINDS] = {0}, drawn = 0, kept = 0;
    for (uint64_t seed = 1; seed <= 150; seed++) {
        struct campaign campaign;
        struct world *world = world_create(&topology, &(struct world_options){.seed = seed});
        campaign_init(&campaign, &topology, campaign_find_profile(SLICE("harsh")), seed);
        drawn += (unsigned)campaign.steps.count;
        campaign_plan(&campaign, world);
        kept += (unsigned)campaign.steps.count;
        for (size_t i = 0; i < campaign.steps.count; i++)
            for (size_t k = 0; k < KINDS; k++) {
                char start[64];
                snprintf(start, sizeof start, "fault %s ", kinds[k]);
                seen[k] += slice_starts(campaign.steps.items[i].action, slice_of(start));
            }
        campaign_finish(&campaign);
        world_destroy(world);
    }
    for (size_t k = 0; k < KINDS; k++)
        cr_expect_gt(seen[k], 0, "%s", kinds[k]);
    cr_expect_eq(kept, drawn, "%u of %u", kept, drawn);
    topology_finish(&topology);
}

/* In the end everybody who waited got an outcome: what went wrong was mended long before. */
Test(campaign, after_all_is_mended_nobody_waits)
{
    static const char *const names[] = {"two-towns", "one-host", "three-relays", "backup-mx"};
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct topology topology = load(names[i]);
        for (uint64_t seed = 1; seed <= 20; seed++) {
            struct world *world = run(&topology, "harsh", seed);
            struct conservation counts;
            struct problem problem = {0};
            cr_expect(conservation_check(world_log(world), &counts, &problem), "%s, seed %d: %s",
                      names[i], (int)seed, problem.what);
            cr_expect_eq(counts.waiting, 0, "%s, seed %d: %u wait", names[i], (int)seed,
                         counts.waiting);
            world_destroy(world);
        }
        topology_finish(&topology);
    }
}
