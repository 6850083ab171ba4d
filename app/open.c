/* mailflow open: the window on a topology or a saved trace. */
#include "app/commands.h"
#include "app/live.h"
#include "app/picture.h"
#include "app/screen.h"

static const struct log *log_of(void *context)
{
    return live_log(context);
}

static bool act(void *context, const struct view_request *request, struct screen_change *change,
                struct problem *problem)
{
    struct live *live = context;
    if (!live_do(live, request, problem))
        return false;
    *change = (struct screen_change){request->t, live->is_new_log};
    live->is_new_log = false;
    return true;
}

static bool run_on(void *context, struct problem *problem)
{
    return live_run_on(context, problem);
}

static bool open_other(void *context, const char *path, struct view *view, struct problem *problem)
{
    struct live *live = context, other;
    if (!live_open(&other, path, &(struct source_options){.seed = live->options.seed}, NULL,
                   problem))
        return false;
    view_set_log(view, live_log(&other));
    live_close(live);
    *live = other;
    live->is_new_log = false;
    return true;
}

static bool wait(void *context, struct window *window, struct view *view, int most_ms)
{
    (void)context;
    (void)view;
    window_wait(window, most_ms);
    return true;
}

int open_command(struct command_line *line)
{
    struct problem problem = {0};
    struct picture_options options;
    struct live live = {0};
    struct source_options source = {0};
    const char *word = line->operand_count ? line->operands[0] : "two-towns";
    if (!picture_read_options(line, &options, &problem) ||
        !source_read_options(line, &source, &problem) ||
        !live_open(&live, word, &source, line->in, &problem))
        return command_fail(line, &problem);
    live.is_new_log = false;
    struct screen_ways ways = {log_of, act, run_on, open_other, wait, &live, false};
    bool ok = screen_run(&options, &ways, &problem);
    live_close(&live);
    return ok ? APP_DONE : command_fail(line, &problem);
}
