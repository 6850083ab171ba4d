/* mailflow run: makes a world, does what is asked in it, gives out its trace. */
#include <errno.h>
#include <string.h>

#include "app/commands.h"
#include "app/output.h"
#include "app/source.h"
#include "sim/base/vtime.h"

enum { SCRIPT_LINES_MAX = 1000000, SCRIPT_OCTETS_MAX = 64 * 1024 * 1024 };

struct run {
    struct command_line *line;
    struct world *world;
    struct problem problem;
    int64_t until; /* VTIME_NEVER: until all is quiet */
};

/* ---- scripts ---- */

/* "10s fetch by=pc-bob": the time off the front of *action. False when there is none. */
static bool cut_time(struct slice *action, int64_t *t)
{
    struct slice rest = slice_trim(*action), word;
    if (!slice_cut(&rest, ' ', &word) || !vtime_parse(word, t))
        return false;
    *action = slice_trim(rest);
    return true;
}

static bool plan_line(struct run *r, const char *name, int number, struct slice line)
{
    int64_t t;
    line = slice_trim(line);
    if (line.size == 0 || line.data[0] == '#')
        return true;
    problem_at(&r->problem, name, number, 1);
    if (!cut_time(&line, &t))
        return problem_set(&r->problem, "expected TIME ACTION, like \"10s fetch by=pc-bob\"");
    return world_do(r->world, t, line, &r->problem);
}

static bool plan_script(struct run *r, const char *name, struct slice script)
{
    struct slice line;
    for (int number = 1; slice_cut(&script, '\n', &line); number++) {
        if (number > SCRIPT_LINES_MAX)
            return problem_set(&r->problem, "a script of more than %d lines", SCRIPT_LINES_MAX);
        if (!plan_line(r, name, number, line))
            return false;
    }
    r->problem = (struct problem){0};
    return true;
}

static bool read_script(struct run *r, const char *path)
{
    bool is_standard = strcmp(path, "-") == 0;
    FILE *in = is_standard ? r->line->in : fopen(path, "rb");
    char chunk[16384];
    struct bytes script;
    bool ok = true;
    if (!in) {
        problem_at(&r->problem, path, 0, 0);
        return problem_set(&r->problem, "can't be opened: %s", strerror(errno));
    }
    bytes_init(&script, SCRIPT_OCTETS_MAX);
    for (size_t n; ok && (n = fread(chunk, 1, sizeof chunk, in)) > 0;)
        ok = bytes_append(&script, (struct slice){chunk, n}) ||
             problem_set(&r->problem, "a script of more than %d MiB", SCRIPT_OCTETS_MAX >> 20);
    ok = ok && plan_script(r, is_standard ? "standard input" : path, bytes_slice(&script));
    bytes_finish(&script);
    if (!is_standard)
        fclose(in);
    return ok;
}

/* ---- actions ---- */

/* An action without a time waits until all before it have come to rest. */
static bool do_action(struct run *r, const char *text)
{
    struct slice action = slice_of(text);
    int64_t t;
    bool is_timed = cut_time(&action, &t);
    if (!is_timed) {
        world_run_quiet(r->world, r->until);
        t = world_now(r->world);
    }
    if (t < world_now(r->world))
        return problem_set(&r->problem, "--do \"%s\": that time is over already", text);
    return world_do(r->world, t, action, &r->problem);
}

static bool plan(struct run *r)
{
    const struct command_line *line = r->line;
    if (!command_has(line, "do") && !command_has(line, "script"))
        return world_demo(r->world, &r->problem);
    for (size_t i = 0; i < line->given.count; i++)
        if (strcmp(line->given.items[i].option->name, "script") == 0 &&
            !read_script(r, line->given.items[i].value))
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

static bool run_world(struct run *r, const struct output *output)
{
    if (!plan(r))
        return false;
    if (r->until == VTIME_NEVER)
        world_run_quiet(r->world, VTIME_NEVER);
    else
        world_run_until(r->world, r->until);
    return output_write(r->line, output, world_log(r->world), &r->problem);
}

int run_command(struct command_line *line)
{
    struct run r = {.line = line};
    struct output output;
    struct topology topology;
    uint64_t seed;
    if (!output_read_options(line, &output, &r.problem) || !read_until(&r) ||
        !command_number(line, "seed", 1, UINT64_MAX, 1, &seed, &r.problem) ||
        !source_load_topology(&topology, line->operands[0], line->in, &r.problem))
        return command_fail(line, &r.problem);
    r.world = world_create(&topology, &(struct world_options){.seed = seed});
    bool ok = run_world(&r, &output);
    world_destroy(r.world);
    topology_finish(&topology);
    return ok ? APP_DONE : command_fail(line, &r.problem);
}
