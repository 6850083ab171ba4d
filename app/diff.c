/* mailflow diff: where two saved traces part, and why. */
#include <string.h>

#include "app/commands.h"
#include "app/output.h"
#include "app/source.h"
#include "export/differences.h"

static bool read_format(const struct command_line *line, bool *is_json, struct problem *problem)
{
    const char *format = command_value(line, "format");
    *is_json = format && strcmp(format, "json") == 0;
    return !format || *is_json || strcmp(format, "text") == 0 ||
           problem_set(problem, "--format: unknown format \"%s\"; there are text and json", format);
}

/* Standard input can be one of the two. */
static bool load(const struct command_line *line, struct log logs[PARTING_RUNS],
                 struct problem *problem)
{
    if (strcmp(line->operands[0], "-") == 0 && strcmp(line->operands[1], "-") == 0)
        return problem_set(problem, "only one of the two can be standard input");
    if (!source_load_trace(&logs[0], line->operands[0], line->in, problem))
        return false;
    if (source_load_trace(&logs[1], line->operands[1], line->in, problem))
        return true;
    log_finish(&logs[0]);
    return false;
}

int diff_command(struct command_line *line)
{
    struct problem problem = {0};
    struct export_options options;
    struct log logs[PARTING_RUNS];
    struct parting parting;
    bool is_json;
    if (!output_read_terminal(line, &options, &problem) || !read_format(line, &is_json, &problem) ||
        !load(line, logs, &problem))
        return command_fail(line, &problem);
    const char *const names[] = {line->operands[0], line->operands[1]};
    parting_find(&parting, &logs[0], &logs[1]);
    if (is_json)
        differences_write_json(&parting, names, line->out);
    else
        differences_write(&parting, names, line->out, &options);
    bool is_same = parting_is_same(&parting);
    parting_finish(&parting);
    log_finish(&logs[0]);
    log_finish(&logs[1]);
    return is_same ? APP_DONE : APP_NO;
}
