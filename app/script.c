#include "app/script.h"

#include <errno.h>
#include <string.h>

#include "sim/base/bytes.h"
#include "sim/base/vtime.h"

enum { SCRIPT_LINES_MAX = 1000000, SCRIPT_OCTETS_MAX = 64 * 1024 * 1024 };

struct reading {
    const struct command_line *line;
    struct world *world;
    struct problem *problem;
};

bool script_cut_time(struct slice *action, int64_t *t)
{
    struct slice rest = slice_trim(*action), word;
    if (!slice_cut(&rest, ' ', &word) || !vtime_parse(word, t))
        return false;
    *action = slice_trim(rest);
    return true;
}

static bool plan_line(struct reading *r, const char *name, int number, struct slice line)
{
    int64_t t;
    line = slice_trim(line);
    if (line.size == 0 || line.data[0] == '#')
        return true;
    problem_at(r->problem, name, number, 1);
    if (!script_cut_time(&line, &t))
        return problem_set(r->problem, "expected TIME ACTION, like \"10s fetch by=pc-bob\"");
    return world_do(r->world, t, line, r->problem);
}

static bool plan_script(struct reading *r, const char *name, struct slice script)
{
    struct slice line;
    for (int number = 1; slice_cut(&script, '\n', &line); number++) {
        if (number > SCRIPT_LINES_MAX)
            return problem_set(r->problem, "a script of more than %d lines", SCRIPT_LINES_MAX);
        if (!plan_line(r, name, number, line))
            return false;
    }
    *r->problem = (struct problem){0};
    return true;
}

static bool read_script(struct reading *r, const char *path)
{
    bool is_standard = strcmp(path, "-") == 0;
    FILE *in = is_standard ? r->line->in : fopen(path, "rb");
    char chunk[16384];
    struct bytes script;
    bool ok = true;
    if (!in) {
        problem_at(r->problem, path, 0, 0);
        return problem_set(r->problem, "can't be opened: %s", strerror(errno));
    }
    bytes_init(&script, SCRIPT_OCTETS_MAX);
    for (size_t n; ok && (n = fread(chunk, 1, sizeof chunk, in)) > 0;)
        ok = bytes_append(&script, (struct slice){chunk, n}) ||
             problem_set(r->problem, "a script of more than %d MiB", SCRIPT_OCTETS_MAX >> 20);
    ok = ok && plan_script(r, is_standard ? "standard input" : path, bytes_slice(&script));
    bytes_finish(&script);
    if (!is_standard)
        fclose(in);
    return ok;
}

bool script_plan(const struct command_line *line, struct world *world, struct problem *problem)
{
    struct reading r = {line, world, problem};
    for (size_t i = 0; i < line->given.count; i++)
        if (strcmp(line->given.items[i].option->name, "script") == 0 &&
            !read_script(&r, line->given.items[i].value))
            return false;
    return true;
}
