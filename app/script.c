#include "app/script.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/bytes.h"
#include "sim/base/vector.h"
#include "sim/base/vtime.h"
#include "topologies/edit.h"

enum { SCRIPT_LINES_MAX = 1000000, SCRIPT_OCTETS_MAX = 64 * 1024 * 1024 };

struct line {
    int64_t t;
    struct slice action;
    int number;
};

struct reading {
    const struct command_line *line;
    struct world *world;
    int64_t until; /* SCRIPT_IN_ADVANCE, or how far the world may be run */
    struct problem *problem;
    VECTOR(struct line) lines;
    bool has_edits; /* one of them changes the network itself */
};

bool script_cut_time(struct slice *action, int64_t *t)
{
    struct slice rest = slice_trim(*action), word;
    if (!slice_cut(&rest, ' ', &word) || !vtime_parse(word, t))
        return false;
    *action = slice_trim(rest);
    return true;
}

static bool read_line(struct reading *r, const char *name, int number, struct slice line)
{
    struct arena arena;
    struct action action;
    int64_t t;
    line = slice_trim(line);
    if (line.size == 0 || line.data[0] == '#')
        return true;
    problem_at(r->problem, name, number, 1);
    if (!script_cut_time(&line, &t))
        return problem_set(r->problem, "expected TIME ACTION, like \"10s fetch by=pc-bob\"");
    arena_init(&arena);
    bool ok = action_read(line, &arena, &action, r->problem);
    arena_finish(&arena);
    r->has_edits |= ok && edit_is_map(&action);
    *vector_add(&r->lines) = (struct line){t, line, number};
    return ok;
}

static bool read_lines(struct reading *r, const char *name, struct slice script)
{
    struct slice line;
    for (int number = 1; slice_cut(&script, '\n', &line); number++) {
        if (number > SCRIPT_LINES_MAX)
            return problem_set(r->problem, "a script of more than %d lines", SCRIPT_LINES_MAX);
        if (!read_line(r, name, number, line))
            return false;
    }
    return true;
}

/* By time, and in the order of the file where times are equal. */
static int by_time(const void *a, const void *b)
{
    const struct line *x = a, *y = b;
    return x->t != y->t ? (x->t < y->t ? -1 : 1) : x->number < y->number ? -1 : 1;
}

/* A line about a host that an earlier one adds can only be understood once that one was done. */
static bool plan_lines(struct reading *r, const char *name)
{
    bool is_run = r->has_edits && r->until != SCRIPT_IN_ADVANCE;
    if (is_run)
        qsort(r->lines.items, r->lines.count, sizeof *r->lines.items, by_time);
    for (size_t i = 0; i < r->lines.count; i++) {
        const struct line *line = &r->lines.items[i];
        if (is_run && line->t > r->until)
            break; /* it comes after the end */
        if (is_run)
            world_run_until(r->world, line->t);
        problem_at(r->problem, name, line->number, 1);
        if (!world_do(r->world, line->t, line->action, r->problem))
            return false;
    }
    *r->problem = (struct problem){0};
    return true;
}

static bool plan_script(struct reading *r, const char *name, struct slice script)
{
    r->has_edits = false;
    vector_clear(&r->lines);
    return read_lines(r, name, script) && plan_lines(r, name);
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

bool script_plan(const struct command_line *line, struct world *world, int64_t until,
                 struct problem *problem)
{
    struct reading r = {.line = line, .world = world, .until = until, .problem = problem};
    bool ok = true;
    for (size_t i = 0; ok && i < line->given.count; i++)
        ok = strcmp(line->given.items[i].option->name, "script") != 0 ||
             read_script(&r, line->given.items[i].value);
    vector_finish(&r.lines);
    return ok;
}
