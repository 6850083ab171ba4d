#include "render/view/time_panels.h"

#include "render/view/console.h"
#include "render/view/doing.h"
#include "sim/base/vtime.h"

/*
 * Screen time: a 20 ms hop is seen for half a second; what follows at once still gets a glance;
 * silence is leapt over in 0.8 s, however long it was (tokens slide at most 1.5 s: curriculum 5.3).
 */
#define MS_PER_VIRTUAL_MS 25.0f
#define GLANCE_MS 50.0f
#define LEAP_MS 800.0f
#define LEAP_NOTE_MS 1800
#define LEAP_FROM (500 * VTIME_MS)
#define TALK_PATIENCE VTIME_MIN
/* Longer than a connection is tried: what comes next is another try. */
#define DEED_PATIENCE (31 * VTIME_S)
#define TINY_NS (10 * VTIME_US)
/* A step forward is shown as a glide of at most this. */
#define GLIDE_MS 700.0f

static const float paces[VIEW_PACE_STEPS] = {0.125f, 0.25f, 0.5f, 1, 2, 4, 8, 16, 32};

float play_speed(const struct view *view)
{
    return paces[view->pace];
}

void play_pace(struct view *view, int steps)
{
    int pace = view->pace + steps;
    view->pace = pace < 0 ? 0 : pace >= VIEW_PACE_STEPS ? VIEW_PACE_STEPS - 1 : pace;
}

const struct index_list *play_rows(const struct view *view)
{
    return view->show_packets ? &view->index.packets : &view->index.rows;
}

static float screen_ms(int64_t gap)
{
    float ms = (float)gap / (float)VTIME_MS * MS_PER_VIRTUAL_MS;
    return ms < GLANCE_MS ? GLANCE_MS : ms > LEAP_MS ? LEAP_MS : ms;
}

int64_t view_play_ms(const struct view *view)
{
    double ms = 0;
    int64_t t = view->t;
    for (uint32_t id = log_count_until(view->log, t); id < log_count(view->log); id++) {
        int64_t next = log_at(view->log, id)->t;
        ms += next > t ? (double)screen_ms(next - t) : 0;
        t = next;
    }
    return (int64_t)(ms / (double)play_speed(view));
}

void play_seek(struct view *view, int64_t t)
{
    int64_t end = compare_end(view);
    view->t = t < 0 ? 0 : t > end ? end : t;
    view->is_gliding = false;
    view->carry_ms = 0;
    view->leap_ms = 0;
    view->chosen_event = INDEX_NO_EVENT;
    view->scroll_events = view->scroll_dialogue = 0;
    view_refresh(view);
}

void play_toggle(struct view *view)
{
    view->is_gliding = false;
    view->is_playing = !view->is_playing;
    view->plays_a_while = false;
    if (view->is_playing && view->t >= compare_end(view))
        request_add(view, VIEW_REQUEST_MORE, SLICE(""));
}

/* ---- steps ---- */

static uint32_t next_of_message(const struct view *view)
{
    const struct index_list *rows = &view->index.rows;
    for (size_t i = index_below(rows, log_count_until(view->log, view->t)); i < rows->ids.count;
         i++)
        if (view->msg && index_msg_of(log_at(view->log, rows->ids.items[i])) == view->msg)
            return rows->ids.items[i];
    return INDEX_NO_EVENT;
}

/* Of the run whose panels are shown. */
static uint32_t step_target(const struct view *shown, enum play_step step)
{
    const struct index *index = &shown->index;
    const struct log *log = shown->log;
    if (step == STEP_EVENT_NEXT)
        return index_after(play_rows(shown), log, shown->t);
    if (step == STEP_EVENT_BACK)
        return index_before(play_rows(shown), log, shown->t);
    if (step == STEP_TURN_NEXT)
        return index_after(&index->turns, log, shown->t);
    if (step == STEP_TURN_BACK)
        return index_before(&index->turns, log, shown->t);
    if (step == STEP_HOP_NEXT)
        return index_after(&index->hops, log, shown->t);
    if (step == STEP_HOP_BACK)
        return index_before(&index->hops, log, shown->t);
    return next_of_message(shown);
}

static bool is_forward(enum play_step step)
{
    return step == STEP_EVENT_NEXT || step == STEP_TURN_NEXT || step == STEP_HOP_NEXT ||
           step == STEP_MESSAGE_NEXT;
}

/* The screen time from t to the target at plain pace; counting stops when it is long anyway. */
static float plain_ms(const struct view *view, int64_t target)
{
    enum { GAPS_MAX = 2000 };
    float ms = 0;
    int64_t t = view->t;
    uint32_t id = log_count_until(view->log, t);
    for (int i = 0; i < GAPS_MAX && t < target; i++) {
        int64_t next = id < log_count(view->log) ? log_at(view->log, id)->t : target;
        ms += screen_ms((next < target ? next : target) - t);
        t = next;
        id = log_count_until(view->log, t);
    }
    return ms;
}

static void glide(struct view *view, int64_t target)
{
    float ms = plain_ms(view, target);
    view->is_gliding = true;
    view->glide_to = target;
    view->glide_speed = ms > GLIDE_MS ? ms / GLIDE_MS : 1;
}

void play_step(struct view *view, enum play_step step)
{
    if (view->is_gliding) /* a second step starts where the first one would have ended */
        play_seek(view, view->glide_to);
    view->is_playing = false;
    compare_follow(view);
    const struct view *shown = compare_shown(view);
    uint32_t id = step_target(shown, step);
    if (id == INDEX_NO_EVENT) {
        if (is_forward(step) && view->waiting_step == STEP_NONE) {
            view->waiting_step = step;
            request_add(view, VIEW_REQUEST_MORE, SLICE(""));
        }
        return;
    }
    int64_t target = log_at(shown->log, id)->t;
    if (is_forward(step) && !view->settings.is_calm)
        glide(view, target);
    else
        play_seek(view, target);
}

/* ---- ticking ---- */

static int64_t next_in(const struct log *log, int64_t t)
{
    uint32_t id = log_count_until(log, t);
    return id < log_count(log) ? log_at(log, id)->t : VTIME_NEVER;
}

/* The next moment at which something happens in any of the runs, or t when they end here. */
static int64_t next_moment(const struct view *view)
{
    int64_t next = next_in(view->log, view->t);
    int64_t other = view->other ? next_in(view->other->log, view->t) : VTIME_NEVER;
    next = other < next ? other : next;
    return next == VTIME_NEVER ? view->t : next;
}

static int64_t last_in(const struct log *log, int64_t t)
{
    uint32_t count = log_count_until(log, t);
    return count ? log_at(log, count - 1)->t : 0;
}

static int64_t last_moment(const struct view *view)
{
    int64_t last = last_in(view->log, view->t);
    int64_t other = view->other ? last_in(view->other->log, view->t) : 0;
    return other > last ? other : last;
}

static void note_leap(struct view *view, int64_t gap)
{
    if (gap < LEAP_FROM)
        return;
    view->leap_ns = gap;
    view->leap_ms = LEAP_NOTE_MS;
}

/* Is somebody connected at a console, whose turn it may be? */
static bool has_talker(struct view *view)
{
    view_refresh(view);
    for (size_t i = 0; i < view->scene.now.conns.count; i++) {
        const struct scene_conn *c = &view->scene.now.conns.items[i];
        const struct event_tcp_connect *e = c->is_open ? log_conn(view->log, c->conn) : NULL;
        if (e &&
            (doing_has_role(view, e->from, "console") || doing_has_role(view, e->to, "console")))
            return true;
    }
    return false;
}

/* Who types at a console thinks in another time than the server that would hang up: a long silence
   is not leapt over there, until the person wants to go on. */
static bool stands_still(struct view *view)
{
    int64_t next = next_moment(view);
    if (!view->is_playing || view->stood_t == view->t || next - view->t < TALK_PATIENCE ||
        !console_was_used(view) || !has_talker(view))
        return false;
    view->is_playing = false;
    if (view->stood_t < 0) /* said once: it would lie over what happens */
        view_notify(view,
                    slice_of(tr("The console waits for what you type; Play lets time go on")));
    view->stood_t = view->t;
    return true;
}

bool play_rests(const struct view *view)
{
    int64_t next = next_moment(view);
    return next <= view->t || next - view->t >= DEED_PATIENCE;
}

/* Who has done something sees what comes of it; what is tried again much later is left until the
   person lets the clock run. */
static bool has_rested(struct view *view)
{
    if (!view->is_playing || !view->plays_a_while || !play_rests(view))
        return false;
    view->is_playing = view->plays_a_while = false;
    return true;
}

/* Spends screen time from here to the next moment at most; gives what is left. */
static float run_gap(struct view *view, float ms, int64_t limit)
{
    int64_t from = last_moment(view), to = next_moment(view);
    int64_t span = to - from;
    float whole = screen_ms(span);
    float left = whole * (float)((double)(to - view->t) / (double)(span > 0 ? span : 1));
    note_leap(view, span);
    int64_t stop = to < limit ? to : limit;
    ms += view->carry_ms;
    view->carry_ms = 0;
    if (ms >= left) {
        view->t = stop;
        return ms - left;
    }
    /* Less than a nanosecond a frame would never get there; and who wants no motion goes from one
       event to the next. */
    if (span < TINY_NS || view->settings.is_calm) {
        view->carry_ms = ms;
        return 0;
    }
    int64_t t = view->t + (int64_t)((double)span * (double)ms / (double)whole);
    view->t = t < stop ? t : stop;
    return 0;
}

static void run(struct view *view, float ms, int64_t limit)
{
    enum { GAPS_MAX = 5000 }; /* a frame's share, however fast */
    for (int i = 0; i < GAPS_MAX && ms > 0 && view->t < limit && next_moment(view) > view->t &&
                    !has_rested(view) && !stands_still(view);
         i++)
        ms = run_gap(view, ms, limit);
    view->scroll_events = view->scroll_dialogue = 0;
    view->chosen_event = INDEX_NO_EVENT;
}

static void tick_playing(struct view *view, int milliseconds)
{
    int64_t end = compare_end(view);
    if (view->t < end)
        run(view, (float)milliseconds * play_speed(view), end);
    if (!has_rested(view) && view->is_playing && (view->t >= end || next_moment(view) <= view->t) &&
        view->request_count == 0)
        request_add(view, VIEW_REQUEST_MORE, SLICE(""));
}

static void tick_gliding(struct view *view, int milliseconds)
{
    run(view, (float)milliseconds * view->glide_speed, view->glide_to);
    if (view->t >= view->glide_to || next_moment(view) <= view->t)
        view->is_gliding = false;
}

static void count_down(int *ms, int by)
{
    *ms = *ms > by ? *ms - by : 0;
}

void view_tick(struct view *view, int milliseconds)
{
    int ms = milliseconds < 0 ? 0 : milliseconds > 10000 ? 10000 : milliseconds;
    count_down(&view->notice_ms, ms);
    count_down(&view->leap_ms, ms);
    view->ui.press_age_ms = view->ui.press_age_ms > 10000 ? 10000 : view->ui.press_age_ms + ms;
    view_refresh(view);
    compare_follow(view);
    until_tick(view);
    enum play_step step = view->waiting_step;
    view->waiting_step = STEP_NONE;
    if (step != STEP_NONE && step_target(compare_shown(view), step) != INDEX_NO_EVENT)
        play_step(view, step);
    if (view->is_gliding)
        tick_gliding(view, ms);
    else if (view->is_playing)
        tick_playing(view, ms);
    view_refresh(view);
}

bool view_is_moving(const struct view *view)
{
    return view->is_playing || view->is_gliding || view->notice_ms > 0 || view->leap_ms > 0 ||
           view->waiting_step != STEP_NONE || view->time->until.is_running;
}

/* ---- the time line's scale: an equal share for each thing that happened ---- */

double play_rank_share(const struct view *view, int64_t t)
{
    const struct index_list *list = &view->index.packets;
    size_t count = list->ids.count;
    if (count == 0)
        return 0;
    size_t before = index_below(list, log_count_until(view->log, t));
    if (before == 0)
        return 0;
    double rank = (double)before;
    if (before < count) {
        int64_t from = log_at(view->log, list->ids.items[before - 1])->t;
        int64_t to = log_at(view->log, list->ids.items[before])->t;
        rank += to > from ? (double)(t - from) / (double)(to - from) : 0;
    }
    return rank / (double)count;
}

int64_t play_at_rank_share(const struct view *view, double share)
{
    const struct index_list *list = &view->index.packets;
    size_t count = list->ids.count;
    if (count == 0 || share <= 0)
        return 0;
    double rank = share * (double)count;
    size_t before = (size_t)rank;
    if (before >= count)
        return log_end(view->log);
    if (before == 0)
        return 0;
    int64_t from = log_at(view->log, list->ids.items[before - 1])->t;
    int64_t to = log_at(view->log, list->ids.items[before])->t;
    return from + (int64_t)((double)(to - from) * (rank - (double)before));
}

float play_share(const struct view *view, int64_t t)
{
    return (float)play_rank_share(view, t);
}

int64_t play_at_share(const struct view *view, float share)
{
    return play_at_rank_share(view, (double)share);
}

/* ---- what widgets and keys do ---- */

void play_step_act(struct view *view, uint32_t step)
{
    play_step(view, (enum play_step)step);
}

void play_toggle_act(struct view *view, uint32_t arg)
{
    (void)arg;
    play_toggle(view);
}

void play_home_act(struct view *view, uint32_t arg)
{
    (void)arg;
    view->is_playing = false;
    play_seek(view, 0);
}

void play_end_act(struct view *view, uint32_t arg)
{
    (void)arg;
    view->is_playing = false;
    play_seek(view, compare_end(view));
}

void play_faster_act(struct view *view, uint32_t arg)
{
    (void)arg;
    play_pace(view, 1);
}

void play_slower_act(struct view *view, uint32_t arg)
{
    (void)arg;
    play_pace(view, -1);
}

void play_packets_act(struct view *view, uint32_t arg)
{
    (void)arg;
    view->show_packets = !view->show_packets;
}

void play_pace_turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    play_pace(view, lines > 0 ? 1 : -1);
}
