/* The window on a world that is served: it follows what happens now. */
#include "app/screen.h"
#include "app/serve.h"
#include "render/view/tr.h"

/* How far behind the present what is shown may be while it plays, and where it then leaps to. */
#define BEHIND_MOST (4 * VTIME_S)
#define BEHIND_AGAIN (VTIME_S / 2)
enum { FRAME_MS = 16, STILL_MS = 32 };

static const struct log *log_of(void *context)
{
    return world_log(((struct serve *)context)->world);
}

/* Real programs don't wait: whatever moment is shown, it is done now, and can't be undone. */
static bool carry_out(void *context, struct view *view, const struct view_request *request,
                      struct slice *said, struct problem *problem)
{
    struct serve *s = context;
    (void)said;
    if (request->kind == VIEW_REQUEST_MORE)
        return true; /* there is always more to come */
    if (request->kind != VIEW_REQUEST_DO)
        return problem_set(problem, "%s",
                           tr("This network is being served to real programs: close it first"));
    int64_t t = world_now(s->world);
    if (!world_do(s->world, t, slice_of(request->text), problem))
        return false;
    bridge_turn(s->bridge, 0);
    view_seek(view, t);
    view_set_playing(view, true);
    return true;
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
    struct settings settings;
    struct problem unread;
    struct screen_ways ways = {
        .log = log_of, .carry_out = carry_out, .wait = wait, .context = s, .is_live = true};
    if (!picture_read_options(s->line, &options, &s->problem))
        return false;
    (void)settings_find(&settings, &unread);
    struct screen *screen = screen_create(&options, &ways, &settings);
    bool ok = screen_open_window(screen, &s->problem);
    if (ok)
        screen_loop(screen);
    screen_destroy(screen);
    settings_finish(&settings);
    return ok;
}
