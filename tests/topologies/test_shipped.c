/*
 * Every topology that is shipped: its demonstration can be played, loses no mail, and is the same
 * to the last octet when it is played again.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <string.h>

#include "support_world.h"

static uint64_t play(const char *path)
{
    char line[PROBLEM_LINE];
    struct topology topology;
    struct problem problem = {0};
    cr_assert(topology_load(&topology, path, &problem), "%s", problem_line(&problem, line));
    struct world *world = world_create(&topology, &(struct world_options){.seed = 7});
    topology_finish(&topology);
    cr_assert(world_demo(world, &problem), "%s: %s", path, problem.what);
    world_run_quiet(world, 10 * 24 * VTIME_H);
    struct conservation counts;
    cr_expect(conservation_check(world_log(world), &counts, &problem), "%s: %s", path,
              problem.what);
    uint64_t hash = support_hash(world_log(world));
    world_destroy(world);
    return hash;
}

Test(shipped, each_demonstration_loses_nothing_and_plays_twice_alike)
{
    glob_t found;
    cr_assert_eq(glob(SOURCE_DIR "/topologies/*.json", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (!strstr(found.gl_pathv[i], "/schema.json"))
            cr_expect_eq(play(found.gl_pathv[i]), play(found.gl_pathv[i]), "%s", found.gl_pathv[i]);
    globfree(&found);
}
