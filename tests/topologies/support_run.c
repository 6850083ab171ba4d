#include "tests/topologies/support_run.h"

#include <criterion/criterion.h>

const struct log *support_run(struct world *world)
{
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(world_log(world));
    return world_log(world);
}

struct world *support_run_demo(const char *name)
{
    uint64_t hash = 0;
    struct world *world = NULL;
    for (int run = 0; run < 2; run++) {
        struct problem problem = {0};
        world_destroy(world);
        world = support_world_shipped(name, 1);
        cr_assert(world_demo(world, &problem), "%s", problem.what);
        (void)support_run(world);
        cr_assert(run == 0 || support_hash(world_log(world)) == hash);
        hash = support_hash(world_log(world));
    }
    return world;
}

const char *support_refusal(struct world *world, const char *action, struct problem *problem)
{
    *problem = (struct problem){0};
    return world_do(world, world_now(world), slice_of(action), problem) ? "" : problem->what;
}
