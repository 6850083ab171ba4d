/* mailflow replay: a saved trace, given out as run gives out its own. */
#include "app/commands.h"
#include "app/output.h"
#include "app/source.h"

/* What a damaged trace has lost is said, but is no reason not to go on. */
static bool load(struct command_line *line, struct log *log, struct problem *problem)
{
    struct problem lost = {0};
    char text[PROBLEM_LINE];
    if (!source_salvage_trace(log, line->operands[0], line->in,
                              command_has(line, "salvage") ? &lost : NULL, problem))
        return false;
    if (lost.what[0])
        fprintf(line->err, "%s\n", problem_line(&lost, text));
    return true;
}

int replay_command(struct command_line *line)
{
    struct problem problem = {0};
    struct output output;
    struct log log;
    if (!output_read_options(line, &output, &problem) || !load(line, &log, &problem))
        return command_fail(line, &problem);
    bool ok = output_write(line, &output, &log, &problem);
    log_finish(&log);
    return ok ? APP_DONE : command_fail(line, &problem);
}
