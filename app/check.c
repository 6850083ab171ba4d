/* mailflow check: whether files are what they should be. */
#include "app/check_lesson.h"
#include "app/commands.h"
#include "app/source.h"
#include "export/printable.h"

/* "FILE: ok, topology "two-towns", 6 hosts"; names are the file's and may hold anything. */
static void put_ok(FILE *out, const char *path, const char *what, struct slice name, size_t count,
                   const char *unit)
{
    struct bytes shown;
    bytes_init(&shown, SIZE_MAX);
    printable_append(&shown, name, PRINTABLE_ALL, 0);
    fprintf(out, "%s: ok, %s \"%.*s\", %zu %s%s\n", path, what, SLICE_ARG(bytes_slice(&shown)),
            count, unit, count == 1 ? "" : "s");
    bytes_finish(&shown);
}

static bool check_topology(struct command_line *line, const char *path, struct problem *problem)
{
    struct topology topology;
    if (!source_load_topology(&topology, path, line->in, problem))
        return false;
    put_ok(line->out, path, "topology", topology.id, topology.host_count, "host");
    topology_finish(&topology);
    return true;
}

static bool check_trace(struct command_line *line, const char *path, struct problem *problem)
{
    struct log log;
    if (!source_load_trace(&log, path, line->in, problem))
        return false;
    const struct event_run *run = event_as_run(log_at(&log, 0));
    put_ok(line->out, path, "trace", log_text(&log, run ? run->title : 0), log_count(&log),
           "event");
    log_finish(&log);
    return true;
}

static bool check_file(struct command_line *line, const char *path, struct problem *problem)
{
    if (source_is_schema(path)) {
        fprintf(line->out, "%s: a JSON Schema, nothing of mailflow's\n", path);
        return true;
    }
    if (source_is_trace(path))
        return check_trace(line, path, problem);
    switch (check_kind_of(path)) {
    case CHECK_LESSON:
        return check_lesson(line->out, path, problem);
    case CHECK_BANK:
        return check_bank(line->out, path, problem);
    case CHECK_WORK:
        return check_work(line->out, path, problem);
    case CHECK_TOPOLOGY:
        break;
    }
    return check_topology(line, path, problem);
}

/* A file, the name of a topology, or the id of a lesson. */
static bool find(const char *word, char path[SOURCE_PATH], struct problem *problem)
{
    struct problem unused;
    return source_find(word, path, problem) ||
           (source_find_file(SOURCE_LESSONS, word, path, &unused));
}

int check_command(struct command_line *line)
{
    int status = APP_DONE;
    for (int i = 0; i < line->operand_count; i++) {
        char path[SOURCE_PATH], text[PROBLEM_LINE];
        struct problem problem = {0};
        bool ok = find(line->operands[i], path, &problem) && check_file(line, path, &problem);
        if (ok)
            continue;
        /* the place comes first on the line, as editors expect it of a checker */
        fprintf(line->err, "%s\n", problem_line(&problem, text));
        status = APP_WRONG;
    }
    return status;
}
