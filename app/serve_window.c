/* The window on a world that is served: it follows what happens now. */
#include "app/live.h"
#include "app/screen.h"
#include "app/serve.h"

/* How far behind the present what is shown may be while it plays, and where it then leaps to. */
#define BEHIND_MOST (4 * VTIME_S)
#define BEHIND_AGAIN (VTIME_S / 2)
enum { FRAME_MS = 16, STILL_MS = 32 };

static const struct log *log_of(void *context)
{
    return world_log(((struct serve *)context)->world);
}

/* Real programs don't wait: whatever moment is shown, it is done now. */
static bool act(void *context, const struct view_request *request, struct screen_change *change,
                struct problem *problem)
{
    struct serve *s = context;
    struct bytes words;
    bytes_init(&words, SIZE_MAX);
    live_put_action(&words, request);
    change->t = world_now(s->world);
    bool ok = world_do(s->world, change->t, bytes_slice(&words), problem);
    bytes_finish(&words);
    if (ok)
        bridge_turn(s->bridge, 0);
    return ok;
}

/* There is always more to come. */
static bool run_on(void *context, struct problem *problem)
{
    (void)context;
    (void)problem;
    return true;
}

static bool open_other(void *context, const char *path, struct view *view, struct problem *problem)
{
    (void)context;
    (void)path;
    (void)view;
    return problem_set(problem, "This network is being served; end it first");
}

/* Who watches the present is not left behind by it. */
static void keep_up(struct view *view, int64_t end, int64_t per_mille)
{
    int64_t most = BEHIND_MOST / PACE_NORMAL * per_mille;
    if (!view_is_playing(view) || end - view_t(view) <= most)
        return;
    view_seek(view, end - BEHIND_AGAIN / PACE_NORMAL * per_mille);
    view_set_playing(view, true);
}

static bool wait(void *context, struct window *window, struct view *view, int most_ms)
{
    struct serve *s = context;
    const struct log *log = world_log(s->world);
    uint32_t count = log_count(log);
    int64_t start = window_time_ms(window), passed = 0;
    most_ms = most_ms < FRAME_MS ? FRAME_MS : STILL_MS; /* what the person does is looked at */
    do {
        bridge_turn(s->bridge, most_ms - passed);
        if (bridge_is_over(s->bridge))
            return false;
        passed = window_time_ms(window) - start;
    } while (passed < FRAME_MS || (passed < most_ms && log_count(log) == count));
    serve_tell_news(s);
    keep_up(view, log_end(log), s->pace_per_mille);
    return true;
}

bool serve_in_window(struct serve *s)
{
    struct picture_options options;
    struct screen_ways ways = {log_of, act, run_on, open_other, wait, s, true};
    return picture_read_options(s->line, &options, &s->problem) &&
           screen_run(&options, &ways, &s->problem);
}
