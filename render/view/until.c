/*
 * Run until something happens: over what the log has, and then on in the world, piece by piece,
 * until it happens, nothing more does, or the person has waited enough.
 */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/draw/mark.h"
#include "render/view/doing.h"
#include "render/view/time_panels.h"
#include "render/view/words.h"

enum { ASKED_MAX = 20000, IDLE_TICKS = 4 };

/* ---- running ---- */

static const char *const titles[UNTIL_KIND_COUNT] = {
    [UNTIL_DELIVERED] = TR("A message is delivered"),
    [UNTIL_BOUNCED] = TR("A server gives up: a bounce"),
    [UNTIL_REFUSED] = TR("A refusal: a 5xx reply, -ERR or NO"),
    [UNTIL_LATER] = TR("\xE2\x80\x9CTry later\xE2\x80\x9D: a 4xx reply"),
    [UNTIL_HOST] = TR("This host is reached"),
    [UNTIL_MESSAGE] = TR("This message moves"),
    [UNTIL_FAULT] = TR("A fault begins or ends"),
    [UNTIL_EVENT] = TR("An event of this kind"),
    [UNTIL_TIME] = TR("This time"),
};

/* It is looked for in the run whose panels are shown. */
static void stop_at(struct view *view, uint32_t id)
{
    const struct until_goal *goal = &view->time->until.goal;
    struct view *shown = compare_shown(view);
    view->time->until.is_running = false;
    view->is_playing = false;
    play_seek(view, goal->kind == UNTIL_TIME ? goal->t : log_at(shown->log, id)->t);
    compare_follow(view);
    if (goal->kind != UNTIL_TIME)
        shown->chosen_event = id;
    view_refresh(view);
}

static void say_not(struct view *view, bool is_back)
{
    struct arena arena;
    arena_init(&arena);
    const char *title = tr(titles[view->time->until.goal.kind]);
    view_notify(view, is_back ? arena_printf(&arena, tr("Not before this moment: %s"), title)
                              : arena_printf(&arena, tr("It does not happen any more: %s"), title));
    arena_finish(&arena);
}

void until_start(struct view *view, const struct until_goal *goal, bool is_back)
{
    struct until *until = &view->time->until;
    view->is_playing = view->is_gliding = false;
    until->goal = *goal;
    until->is_running = false;
    if (goal->kind == UNTIL_TIME && goal->t <= compare_end(view)) {
        play_seek(view, goal->t);
        return;
    }
    const struct log *log = compare_shown(view)->log;
    uint32_t id = until_find(log, view->t, goal, is_back);
    if (id != INDEX_NO_EVENT) {
        stop_at(view, id);
    } else if (is_back) {
        say_not(view, true);
    } else {
        until->is_running = true;
        until->seen = log_count(log);
        until->asked = until->idle = 0;
        request_add(view, VIEW_REQUEST_MORE, SLICE(""));
    }
}

static void give_up(struct view *view)
{
    struct until *until = &view->time->until;
    until->is_running = false;
    /* In a world at rest time goes by and nothing happens: a person may wait for ten o'clock. */
    if (until->goal.kind == UNTIL_TIME && until->idle >= IDLE_TICKS) {
        view_set_reach(view, until->goal.t);
        play_seek(view, until->goal.t);
        return;
    }
    play_seek(view, compare_end(view));
    say_not(view, false);
}

/* The program answers a request for more before the next tick; when the log stays as it was a few
   times, the world has come to rest. */
void until_tick(struct view *view)
{
    struct until *until = &view->time->until;
    if (!until->is_running || view->request_count > 0)
        return;
    const struct log *log = compare_shown(view)->log;
    uint32_t count = log_count(log);
    until->idle = count > until->seen ? 0 : until->idle + 1;
    for (; until->seen < count; until->seen++)
        if (until_is_met(log, log_at(log, until->seen), &until->goal)) {
            stop_at(view, until->seen);
            return;
        }
    if (until->idle >= IDLE_TICKS || until->asked >= ASKED_MAX) {
        give_up(view);
        return;
    }
    until->asked++;
    request_add(view, VIEW_REQUEST_MORE, SLICE(""));
}

bool until_break(struct view *view)
{
    struct until *until = &view->time->until;
    if (!until->is_running)
        return false;
    until->is_running = false;
    view_notify(view, slice_of(tr("Broken off")));
    return true;
}

/* ---- the form ---- */

static bool find_kind(struct slice name, enum event_kind *kind)
{
    for (int i = 0; i < EVENT_KIND_COUNT; i++)
        if (slice_equal(name, slice_of(event_kinds[i].name))) {
            *kind = (enum event_kind)i;
            return true;
        }
    return false;
}

static struct slice typed(const struct ui_edit *edit)
{
    return slice_trim((struct slice){edit->text, edit->size});
}

/* False, and it is said, when something is missing. */
static bool make_goal(struct view *view, enum until_kind kind, struct until_goal *goal)
{
    const struct until *until = &view->time->until;
    bool is_of_message = until->of_message || kind == UNTIL_MESSAGE;
    *goal = (struct until_goal){
        .kind = kind, .host = view->chosen_host, .msg = is_of_message ? view->msg : 0};
    if (kind == UNTIL_HOST && !goal->host)
        return asking_say(view, slice_of(tr("Choose a host on the map first"))), false;
    if (kind == UNTIL_MESSAGE && !goal->msg)
        return asking_say(view, slice_of(tr("There is no message yet"))), false;
    if (kind == UNTIL_EVENT && !find_kind(typed(&until->event), &goal->event))
        return asking_say(view, slice_of(tr("No such kind of event: they are called as in the "
                                            "list, like queue.defer"))),
               false;
    if (kind == UNTIL_TIME && !until_parse_time(view->log, view->t, typed(&until->time), &goal->t))
        return asking_say(view, slice_of(tr("A time is like 09:03:00, +5m or 2h"))), false;
    return true;
}

/* arg: the kind, times two, plus one for back. */
static void start(struct view *view, uint32_t arg)
{
    struct until_goal goal;
    if (!make_goal(view, (enum until_kind)(arg / 2), &goal))
        return;
    if (view->overlay == &until_overlay)
        overlay_close(view);
    until_start(view, &goal, arg % 2);
}

void until_goal_act(struct view *view, uint32_t kind)
{
    start(view, 2 * kind);
}

static void switch_scope(struct view *view, uint32_t arg)
{
    (void)arg;
    view->time->until.of_message = !view->time->until.of_message;
}

static struct slice label_of(const struct view *view, enum until_kind kind)
{
    struct arena *arena = &view->ui.list->arena;
    const char *title = tr(titles[kind]);
    if (kind == UNTIL_HOST && view->chosen_host)
        return arena_printf(arena, tr("%.*s is reached"),
                            SLICE_ARG(words_host(view->log, view->chosen_host)));
    if (kind == UNTIL_MESSAGE && view->msg)
        return arena_printf(arena, tr("\xE2\x80\x9C%.*s\xE2\x80\x9D moves"),
                            SLICE_ARG(words_subject(view->log, arena, view->msg)));
    return slice_of(title);
}

static const char *const names[UNTIL_KIND_COUNT] = {
    "delivered", "bounced", "refused", "later", "host", "message", "fault", "event", "time"};

/* Forward is the row itself; back is the small button before it. */
static void draw_goal(struct view *view, struct draw_box row, enum until_kind kind)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    bool is_off =
        (kind == UNTIL_HOST && !view->chosen_host) || (kind == UNTIL_MESSAGE && !view->msg);
    char name[UI_NAME];
    snprintf(name, sizeof name, "until-%s-back", names[kind]);
    ui_button(ui, name, ui_cut_left(&row, row.h), "\xE2\x97\x82", start, 2 * (uint32_t)kind + 1,
              is_off ? UI_DISABLED : 0);
    ui_tip(ui, slice_of(tr("Back to the last time it happened")));
    ui_cut_left(&row, 8);
    struct ui_edit *edit = kind == UNTIL_EVENT  ? &view->time->until.event
                           : kind == UNTIL_TIME ? &view->time->until.time
                                                : NULL;
    snprintf(name, sizeof name, "until-%s", names[kind]);
    struct draw_box button = edit ? ui_cut_right(&row, row.h * 1.4f) : row;
    if (edit) {
        char field[UI_NAME];
        snprintf(field, sizeof field, "until-%s-text", names[kind]);
        ui_cut_right(&row, 8);
        float w = theme->size_text * 12;
        ui_label(ui, ui_cut_left(&row, w), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text,
                 theme->ink, label_of(view, kind));
        ui_field(ui, field, row, edit,
                 &(struct ui_field_ways){.submit = until_goal_act,
                                         .arg = kind,
                                         .hint = kind == UNTIL_TIME ? tr("09:03:00, +5m, 2h")
                                                                    : "queue.defer"});
    }
    ui_button(ui, name, button, "", start, 2 * (uint32_t)kind, is_off ? UI_DISABLED : 0);
    struct draw_box text = ui_inset(button, 10);
    ui_label(ui, ui_cut_right(&text, edit ? text.w : 14), DRAW_ALIGN_CENTER, DRAW_FONT_SANS,
             theme->size_text, is_off ? theme->ink_faint : theme->accent, SLICE("\xE2\x96\xB8"));
    if (!edit)
        ui_label(ui, text, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text,
                 is_off ? theme->ink_faint : theme->ink, label_of(view, kind));
}

static void draw_scope(struct view *view, struct draw_box row)
{
    struct ui *ui = &view->ui;
    const struct until *until = &view->time->until;
    struct slice text =
        view->msg ? arena_printf(&ui->list->arena, tr("Only for \xE2\x80\x9C%.*s\xE2\x80\x9D"),
                                 SLICE_ARG(words_subject(view->log, &ui->list->arena, view->msg)))
                  : slice_of(tr("Only for the chosen message"));
    bool is_on = until->of_message && view->msg;
    float w = fminf(draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, text) + 52, row.w);
    struct draw_box box = ui_cut_left(&row, w);
    ui_button(ui, "until-scope", box, "", switch_scope, 0,
              (is_on ? UI_ON : 0) | (view->msg ? 0 : UI_DISABLED));
    struct draw_box tick = ui_cut_left(&box, box.h);
    draw_rect(ui->list, ui_inset(tick, tick.h * 0.28f), 2, ui->theme->panel, ui->theme->ink_soft,
              1);
    if (is_on)
        mark_sign(ui->list, ui->theme, MARK_TICK, tick.x + tick.w / 2, tick.y + tick.h / 2,
                  tick.h * 0.6f, ui->theme->accent);
    ui_label(ui, box, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, ui->theme->size_text,
             view->msg ? ui->theme->ink : ui->theme->ink_faint, text);
}

static void draw_form(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    float h = button_height(theme), wanted = (float)(UNTIL_KIND_COUNT + 2) * (h + 8) + 100;
    float gap = wanted > all.h - 32 ? 3 : 8;
    struct draw_box inside =
        overlay_frame(view, all, theme->size_text * 38,
                      (float)(UNTIL_KIND_COUNT + 2) * (h + gap) + 58, tr("Run until"));
    draw_scope(view, ui_cut_top(&inside, h));
    ui_cut_top(&inside, gap);
    for (int kind = 0; kind < UNTIL_KIND_COUNT; kind++) {
        draw_goal(view, ui_cut_top(&inside, h), (enum until_kind)kind);
        ui_cut_top(&inside, gap);
    }
    if (!view->ui.focus[0])
        snprintf(view->ui.focus, sizeof view->ui.focus, "until-delivered");
}

const struct overlay until_overlay = {.name = "until", .draw = draw_form};

void until_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_open(view, &until_overlay);
}
