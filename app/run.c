/* mailflow run: makes a world, does what is asked in it, gives out its trace. */
#include <string.h>

#include "app/commands.h"
#include "app/output.h"
#include "app/script.h"
#include "app/source.h"
#include "sim/base/vtime.h"

struct run {
    struct command_line *line;
    struct world *world;
    struct problem problem;
    struct topology topology;
    struct source_options how;
    int64_t until; /* VTIME_NEVER: until all is quiet */
};

/* ---- actions ---- */

/* An action without a time waits until all before it have come to rest. */
static bool do_action(struct run *r, const char *text)
{
    struct slice action = slice_of(text);
    int64_t t;
    bool is_timed = script_cut_time(&action, &t);
    if (!is_timed) {
        world_run_quiet(r->world, r->until);
        t = world_now(r->world);
    }
    if (t < world_now(r->world))
        return problem_set(&r->problem, "--do \"%s\": that time is over already", text);
    return world_do(r->world, t, action, &r->problem);
}

static bool plan_campaign(struct run *r)
{
    struct campaign campaign;
    campaign_init(&campaign, &r->topology, r->how.faults, r->how.seed);
    campaign_plan(&campaign, r->world);
    int64_t mended_t = campaign.mended_t < r->until ? campaign.mended_t : r->until;
    campaign_finish(&campaign);
    world_run_until(r->world, mended_t);
    return true;
}

static bool plan(struct run *r)
{
    const struct command_line *line = r->line;
    if (r->how.faults && !command_has(line, "do") && !command_has(line, "script"))
        return plan_campaign(r);
    if (!command_has(line, "do") && !command_has(line, "script"))
        return world_demo(r->world, &r->problem);
    if (!script_plan(line, r->world, r->until, &r->problem))
        return false;
    for (size_t i = 0; i < line->given.count; i++)
        if (strcmp(line->given.items[i].option->name, "do") == 0 &&
            !do_action(r, line->given.items[i].value))
            return false;
    return true;
}

static bool read_until(struct run *r)
{
    const char *text = command_value(r->line, "until");
    r->until = VTIME_NEVER;
    if (!text || vtime_parse(slice_of(text), &r->until))
        return true;
    return problem_set(&r->problem, "--until: expected a time like 90s or 2h30min, not \"%s\"",
                       text);
}

static bool run_world(struct run *r, struct output *output)
{
    if (!plan(r))
        return false;
    if (r->until == VTIME_NEVER)
        world_run_quiet(r->world, VTIME_NEVER);
    else
        world_run_until(r->world, r->until);
    output->topology = world_topology(r->world);
    return output_write(r->line, output, world_log(r->world), &r->problem);
}

int run_command(struct command_line *line)
{
    struct run r = {.line = line};
    struct output output;
    if (!output_read_options(line, &output, &r.problem) || !read_until(&r) ||
        !source_read_options(line, &r.how, &r.problem) ||
        !source_load_topology(&r.topology, line->operands[0], line->in, &r.problem))
        return command_fail(line, &r.problem);
    r.world = world_create(&r.topology, &(struct world_options){.seed = r.how.seed});
    bool ok = run_world(&r, &output);
    world_destroy(r.world);
    topology_finish(&r.topology);
    return ok ? APP_DONE : command_fail(line, &r.problem);
}
