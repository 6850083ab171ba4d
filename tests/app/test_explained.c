/*
 * Every reply that the demonstration of a shipped topology brings about is explained, with the
 * clause, in the words of the dialogue panel.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <string.h>

#include "render/view/explain.h"
#include "sim/base/vtime.h"
#include "topologies/world.h"

static uint32_t check_turns(const struct log *log, const char *path)
{
    uint32_t turns = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        struct turn turn;
        struct explain why;
        if (!turn_read(log, log_at(log, id), &turn))
            continue;
        bool is_explained = explain_turn(&turn, &why) && why.says[0] && why.clause[0];
        bool has_status = turn.esc.size == 0 || turn.esc.data[0] == '2' || why.more;
        cr_expect(is_explained && has_status, "%s, event %u: %u %.*s to %.*s", path, (unsigned)id,
                  (unsigned)turn.code, SLICE_ARG(turn.esc), SLICE_ARG(turn.verb));
        turns++;
    }
    return turns;
}

/* What one topology's demonstration says. */
static uint32_t check_demo(const char *path)
{
    enum { DAYS = 6 };
    struct topology topology;
    struct problem problem = {0};
    cr_assert(topology_load(&topology, path, &problem), "%s: %s", path, problem.what);
    struct world *world = world_create(&topology, &(struct world_options){.seed = 1});
    topology_finish(&topology);
    cr_assert(world_demo(world, &problem), "%s: %s", path, problem.what);
    world_run_quiet(world, DAYS * 24 * VTIME_H);
    uint32_t turns = check_turns(world_log(world), path);
    world_destroy(world);
    return turns;
}

Test(explained, every_turn_of_every_demonstration)
{
    glob_t found;
    uint32_t turns = 0;
    cr_assert_eq(glob(SOURCE_DIR "/topologies/*.json", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (!strstr(found.gl_pathv[i], "/schema.json"))
            turns += check_demo(found.gl_pathv[i]);
    globfree(&found);
    cr_expect_gt(turns, 5000, "%u turns in all", (unsigned)turns);
}
