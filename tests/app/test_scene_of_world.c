/* What is seen at a moment does not depend on the way there: by scrubbing, or by running to it. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "render/scene/scene.h"
#include "sim/base/random.h"
#include "topologies/world.h"

enum { MOMENTS = 1000 };

static const char *const files[] = {"two-towns", "one-host", "three-relays", "backup-mx"};

/* A world with its demonstration planned, and a server that is down for the first half hour. */
static struct world *make(const char *file)
{
    char path[512];
    struct topology topology;
    struct problem problem = {0};
    snprintf(path, sizeof path, "%s/topologies/%s.json", SOURCE_DIR, file);
    cr_assert(topology_load(&topology, path, &problem), "%s", problem.what);
    struct world *world = world_create(&topology, &(struct world_options){.seed = 5});
    topology_finish(&topology);
    cr_assert(world_demo(world, &problem), "%s", problem.what);
    if (file == files[3]) { /* edited while it runs */
        static const char *const edits[] = {"host add new name=new.example.org addr=10.0.0.1",
                                            "link add new:pc-bob latency=3",
                                            "agent add new mta-new role=mta local=new.test",
                                            "host move new x=1 y=2",
                                            "host rename pc-bob desk",
                                            "link set new:desk latency=9",
                                            "host remove mx1",
                                            "agent remove mta-new"};
        for (size_t i = 0; i < sizeof edits / sizeof *edits; i++)
            cr_assert(
                world_do(world, (int64_t)(300 + 200 * i) * VTIME_MS, slice_of(edits[i]), &problem),
                "%s: %s", edits[i], problem.what);
    }
    if (file == files[0]) {
        cr_assert(world_do(world, 900 * VTIME_MS, SLICE("fault mx1-down on"), &problem));
        cr_assert(world_do(world, 20 * VTIME_MIN, SLICE("fault mx1-down off"), &problem));
    }
    return world;
}

static void print_scene(struct scene *scene, int64_t t, struct bytes *out)
{
    scene_seek(scene, t);
    bytes_clear(out);
    cr_assert(scene_text(scene, out));
}

/* Half of the moments anywhere, half exactly at an event. */
static int64_t draw_moment(struct random *random, const struct log *log)
{
    if (random_below(random, 2))
        return (int64_t)random_below(random, (uint64_t)log_end(log) + VTIME_S);
    return log_at(log, (uint32_t)random_below(random, log_count(log)))->t;
}

static void check_file(const char *file)
{
    struct world *whole = make(file);
    world_run_quiet(whole, VTIME_NEVER);
    const struct log *log = world_log(whole);
    struct scene scrubbed;
    struct bytes seen, straight;
    struct random random;
    scene_init(&scrubbed, log);
    bytes_init(&seen, 16 * 1024 * 1024);
    bytes_init(&straight, 16 * 1024 * 1024);
    random_init(&random, 1, slice_of(file));
    for (int i = 0; i < MOMENTS / 4; i++) {
        int64_t t = draw_moment(&random, log);
        struct world *part = make(file);
        struct scene scene;
        world_run_until(part, t);
        scene_init(&scene, world_log(part));
        print_scene(&scrubbed, t, &seen);
        print_scene(&scene, t, &straight);
        cr_assert(slice_equal(bytes_slice(&seen), bytes_slice(&straight)),
                  "%s at %lld ns:\n%.*s\nstraight:\n%.*s", file, (long long)t,
                  SLICE_ARG(bytes_slice(&seen)), SLICE_ARG(bytes_slice(&straight)));
        scene_finish(&scene);
        world_destroy(part);
    }
    scene_finish(&scrubbed);
    bytes_finish(&seen);
    bytes_finish(&straight);
    world_destroy(whole);
}

Test(scene_of_world, scrubbing_to_a_moment_and_running_to_it_show_the_same)
{
    for (size_t i = 0; i < sizeof files / sizeof *files; i++)
        check_file(files[i]);
}
