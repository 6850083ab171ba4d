#include "support_world.h"

#include <criterion/criterion.h>
#include <stdio.h>

static struct world *start(struct topology *topology, uint64_t seed)
{
    struct world *world = world_create(topology, &(struct world_options){.seed = seed});
    topology_finish(topology);
    return world;
}

struct world *support_world_shipped(const char *name, uint64_t seed)
{
    char path[512], line[PROBLEM_LINE];
    struct topology topology;
    struct problem problem = {0};
    snprintf(path, sizeof path, "%s/topologies/%s.json", SOURCE_DIR, name);
    cr_assert(topology_load(&topology, path, &problem), "%s", problem_line(&problem, line));
    return start(&topology, seed);
}

struct world *support_world_of(struct slice json, uint64_t seed)
{
    char line[PROBLEM_LINE];
    struct topology topology;
    struct problem problem = {0};
    cr_assert(topology_read(&topology, json, "test", &problem), "%s\n%.*s",
              problem_line(&problem, line), SLICE_ARG(json));
    return start(&topology, seed);
}

void support_do(struct world *world, int64_t t, const char *action)
{
    struct problem problem = {0};
    cr_assert(world_do(world, t, slice_of(action), &problem), "%s: %s", action, problem.what);
}

uint32_t support_count(const struct log *log, enum event_kind kind)
{
    uint32_t count = 0;
    for (uint32_t id = 0; id < log_count(log); id++)
        count += log_at(log, id)->kind == kind;
    return count;
}

const struct event *support_find(const struct log *log, enum event_kind kind, uint32_t from)
{
    for (uint32_t id = from; id < log_count(log); id++)
        if (log_at(log, id)->kind == kind)
            return log_at(log, id);
    return NULL;
}

uint64_t support_hash(const struct log *log)
{
    uint64_t hash = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        uint64_t parts[4 + EVENT_FIELDS_MAX] = {hash, (uint64_t)e->t, e->cause,
                                                (uint64_t)e->kind << 16 | e->flags};
        for (int i = 0; i < event_kinds[e->kind].field_count; i++)
            parts[4 + i] = event_kinds[e->kind].fields[i].type == EVENT_TYPE_TEXT
                               ? slice_hash(log_text(log, e->v[i]))
                               : e->v[i];
        hash = slice_hash((struct slice){(const char *)parts, sizeof parts});
    }
    return hash;
}

void support_check_conservation(const struct log *log)
{
    struct conservation counts;
    struct problem problem = {0};
    cr_assert(conservation_check(log, &counts, &problem), "%s", problem.what);
}
