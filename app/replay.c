/* mailflow replay: a saved trace, given out as run gives out its own. */
#include "app/commands.h"
#include "app/output.h"
#include "app/source.h"

int replay_command(struct command_line *line)
{
    struct problem problem = {0};
    struct output output;
    struct log log;
    if (!output_read_options(line, &output, &problem) ||
        !source_load_trace(&log, line->operands[0], line->in, &problem))
        return command_fail(line, &problem);
    bool ok = output_write(line, &output, &log, &problem);
    log_finish(&log);
    return ok ? APP_DONE : command_fail(line, &problem);
}
