/*
 * Every topology that is shipped: its file is whole, its demonstration can be played, loses no mail
 * and is the same to the last octet when it is played again, and so it is with each fault of its
 * palette.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "support_match.h"

/* Longer than any retry plan keeps a mail. */
enum { DAYS = 10 };

static void load(struct topology *topology, const char *path)
{
    char line[PROBLEM_LINE];
    struct problem problem = {0};
    cr_assert(topology_load(topology, path, &problem), "%s", problem_line(&problem, line));
}

static struct world *start(const char *path, uint64_t seed)
{
    struct topology topology;
    struct problem problem = {0};
    load(&topology, path);
    struct world *world = world_create(&topology, &(struct world_options){.seed = seed});
    topology_finish(&topology);
    cr_assert(world_demo(world, &problem), "%s: %s", path, problem.what);
    return world;
}

/* Runs it to its end; what must be so of its trace. */
static void run(struct world *world, const char *path, const char *how)
{
    struct conservation counts;
    struct problem problem = {0};
    world_run_quiet(world, DAYS * 24 * VTIME_H);
    cr_expect(conservation_check(world_log(world), &counts, &problem), "%s %s: %s", path, how,
              problem.what);
    cr_expect_eq(counts.waiting, 0, "%s %s: %u recipients wait for ever", path, how,
                 (unsigned)counts.waiting);
}

/* The same, and gives the hash of the trace. */
static uint64_t finish(struct world *world, const char *path, const char *how)
{
    run(world, path, how);
    uint64_t hash = support_hash(world_log(world));
    world_destroy(world);
    return hash;
}

/* ---- what is done with each ---- */

/* Where nobody has a program to write with, a person is to speak SMTP. */
static bool has_writer(const struct topology *t)
{
    for (size_t h = 0; h < t->host_count; h++)
        for (size_t a = 0; a < t->hosts[h].agent_count; a++)
            if (strcmp(t->hosts[h].agents[a].role->name, "mua") == 0)
                return true;
    return false;
}

static void check_file(const char *path)
{
    const char *const schema = "{\n  \"$schema\": \"schema.json\",\n";
    const char *name = strrchr(path, '/') + 1;
    struct topology t;
    load(&t, path);
    cr_expect(slice_starts(t.json, slice_of(schema)), "%s names its schema", path);
    cr_expect(slice_equal(t.id, slice_part(slice_of(name), 0, strlen(name) - strlen(".json"))),
              "%s: the id is the file's name", path);
    cr_expect(t.title.size > 0 && !slice_equal(t.title, t.id), "%s has a title", path);
    cr_expect(t.look.size > 0, "%s says what to look at", path);
    cr_expect(t.host_count > 0 && (t.user_count > 0 || !has_writer(&t)), "%s", path);
    cr_expect_eq(t.demo_count > 0, has_writer(&t), "%s has a demonstration", path);
    topology_finish(&t);
}

static void play_twice(const char *path)
{
    uint64_t hash = finish(start(path, 7), path, "once");
    cr_expect_eq(finish(start(path, 7), path, "again"), hash, "%s", path);
}

static void play_otherwise(const char *path)
{
    (void)finish(start(path, 8), path, "with another seed");
}

/* From the first step of the demonstration to its last, whatever it does itself with the fault. */
static void play_with(const char *path, const struct topology *t, const struct fault *f)
{
    char on[80], off[80], event[80];
    struct world *world = start(path, 7);
    snprintf(on, sizeof on, "fault %.*s on", SLICE_ARG(f->id));
    snprintf(off, sizeof off, "fault %.*s off", SLICE_ARG(f->id));
    support_do(world, t->demo[0].t, on);
    support_do(world, t->demo[t->demo_count - 1].t + VTIME_MIN, off);
    run(world, path, on);
    snprintf(event, sizeof event, "fault id=%.*s state=on", SLICE_ARG(f->id));
    cr_expect(support_exists(world_log(world), event), "%s: %s", path, event);
    snprintf(event, sizeof event, "fault id=%.*s state=off", SLICE_ARG(f->id));
    cr_expect(support_exists(world_log(world), event), "%s: %s", path, event);
    world_destroy(world);
}

static void play_with_each(const char *path)
{
    struct topology t;
    load(&t, path);
    for (size_t i = 0; t.demo_count > 0 && i < t.fault_count; i++)
        play_with(path, &t, &t.faults[i]);
    topology_finish(&t);
}

/* ---- all of them ---- */

static bool is_big(const char *path)
{
    return strstr(path, "/internet-") != NULL;
}

static void for_each(void (*check_one)(const char *path), bool with_big)
{
    glob_t found;
    cr_assert_eq(glob(SOURCE_DIR "/topologies/*.json", 0, NULL, &found), 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        if (!strstr(found.gl_pathv[i], "/schema.json") && (with_big || !is_big(found.gl_pathv[i])))
            check_one(found.gl_pathv[i]);
    globfree(&found);
}

Test(shipped, each_file_is_whole)
{
    for_each(check_file, true);
}

Test(shipped, each_demonstration_loses_nothing_and_plays_twice_alike)
{
    for_each(play_twice, true);
}

Test(shipped, each_demonstration_loses_nothing_whatever_the_seed)
{
    for_each(play_otherwise, false);
}

Test(shipped, each_fault_of_a_palette_loses_nothing)
{
    for_each(play_with_each, true);
}
