/*
 * The strip above and below the scrub line: clock times, faults as hatched bars, what happened to
 * mail, troubles, and behind them how many connections are open. All go by the pixels.
 */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/time_panels.h"
#include "render/view/words.h"

#define KNOB 18.0f

static float lane_height(const struct theme *theme, bool is_thin)
{
    return is_thin ? ceilf(theme->size_small * 0.75f) : draw_line_height(theme->size_small);
}

float strip_height(const struct view *view, bool is_thin)
{
    const struct theme *theme = theme_get(view->theme);
    return draw_line_height(theme->size_small) + 3 * lane_height(theme, is_thin) + 8;
}

static float gutter_width(const struct view *view, float w, bool is_thin)
{
    const struct theme *theme = view->ui.theme;
    const struct draw_list *list = view->ui.list;
    float wide = 0;
    const char *const names[] = {tr("Faults"), tr("Mail"), tr("Troubles")};
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
        wide = fmaxf(wide,
                     draw_width(list, DRAW_FONT_SANS, theme->size_small, slice_of(names[i])) + 10);
    return is_thin || w < 8 * wide ? 0 : ceilf(wide);
}

static struct strip_lanes lanes_of(const struct view *view, struct draw_box box, bool is_thin)
{
    const struct theme *theme = view->ui.theme;
    float lane = lane_height(theme, is_thin);
    struct strip_lanes lanes = {.gutter = gutter_width(view, box.w, is_thin)};
    ui_cut_left(&box, lanes.gutter + KNOB / 2);
    ui_cut_right(&box, KNOB / 2);
    lanes.ruler = ui_cut_top(&box, draw_line_height(theme->size_small));
    lanes.faults = ui_cut_top(&box, lane);
    lanes.mail = ui_cut_top(&box, lane);
    lanes.line = ui_cut_top(&box, 8);
    lanes.trouble = ui_cut_top(&box, lane);
    return lanes;
}

static void name_lane(struct view *view, const struct strip_lanes *lanes, struct draw_box lane,
                      const char *name)
{
    const struct theme *theme = view->ui.theme;
    struct draw_box box = {lane.x - lanes->gutter - KNOB / 2, lane.y, lanes->gutter - 4, lane.h};
    if (lanes->gutter > 0)
        ui_label(&view->ui, box, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small,
                 theme->ink_soft, slice_of(name));
}

/* ---- lanes ---- */

/* A share of silence that was cut out: the line is broken. */
static void draw_leap(struct view *view, const struct strip_lanes *lanes, float x)
{
    const struct theme *theme = view->ui.theme;
    float y = lanes->line.y + lanes->line.h / 2, h = 5;
    draw_rect(view->ui.list, (struct draw_box){x - 3, y - h, 6, 2 * h}, 0, theme->panel, 0, 0);
    for (int side = -1; side <= 1; side += 2) {
        float at = x + 2 * (float)side;
        draw_line(view->ui.list, at - 1.5f, y + h, at + 1.5f, y - h, theme->ink_soft, 1.5f, 0);
    }
}

static uint32_t hop_colour(const struct theme *theme, const struct event *e)
{
    if (e->kind == EVENT_QUEUE_DEFER)
        return theme->waiting;
    if (e->kind == EVENT_QUEUE_GIVEUP)
        return theme->bad;
    return e->kind == EVENT_DELIVER || e->kind == EVENT_FETCH ? theme->good : theme->accent;
}

/* Mail stands on the line: what is delivered or fetched on a foot, all else is a stroke. */
static void draw_hop(struct view *view, const struct strip_lanes *lanes, float x,
                     const struct strip_cell *cell)
{
    struct draw_list *list = view->ui.list;
    const struct event *e = log_at(compare_shown(view)->log, cell->hop - 1);
    uint32_t colour = hop_colour(view->ui.theme, e);
    float h = lanes->mail.h * (cell->is_mine ? 0.9f : 0.5f), y = lanes->mail.y + lanes->mail.h;
    draw_rect(list, (struct draw_box){x - 1, y - h, 3, h}, 0, colour, 0, 0);
    if (e->kind == EVENT_DELIVER || e->kind == EVENT_FETCH)
        draw_oval(list, (struct draw_box){x - 2.5f, y - h - 3, 6, 6}, colour, 0, 0);
}

/* Troubles hang below it: what waits as a hollow square, what failed as a full one. */
static void draw_trouble(struct view *view, const struct strip_lanes *lanes, float x, uint32_t id)
{
    const struct theme *theme = view->ui.theme;
    const struct event *e = log_at(compare_shown(view)->log, id);
    float y = lanes->trouble.y, side = fminf(lanes->trouble.h - 1, 8);
    struct draw_box box = {x - side / 2, y + 2, side, side - 2};
    if (e->kind == EVENT_QUEUE_DEFER)
        draw_rect(view->ui.list, box, 0, theme->panel, theme->waiting, 2);
    else
        draw_rect(view->ui.list, box, 0, theme->bad, 0, 0);
}

/* How many connections are open, as ground behind the mail. */
static void draw_open(struct view *view, const struct strip_lanes *lanes)
{
    const struct strip *strip = &view->time->strip;
    struct draw_list *list = view->ui.list;
    enum { STEP = 3 };
    size_t count = strip->cells.count / STEP;
    if (!strip->open_most || count < 2)
        return;
    float *points = arena_take(&list->arena, (4 * count + 4) * sizeof *points);
    float base = lanes->mail.y + lanes->mail.h;
    size_t n = 0;
    points[n++] = lanes->mail.x;
    points[n++] = base;
    for (size_t i = 0; i < count; i++) {
        uint32_t open = strip->cells.items[i * STEP].open;
        float y = base - lanes->mail.h * 0.8f * (float)open / (float)strip->open_most;
        points[n++] = lanes->mail.x + (float)(i * STEP);
        points[n++] = y;
        points[n++] = lanes->mail.x + (float)((i + 1) * STEP);
        points[n++] = y;
    }
    points[n++] = lanes->mail.x + (float)(count * STEP);
    points[n++] = base;
    draw_polygon(list, points, n / 2, ui_fade(view->ui.theme->ink_faint, 0.28f), 0, 0);
}

/* What happens here alone happens otherwise, or not, in the other run. */
static void draw_difference(struct view *view, const struct strip_lanes *lanes, float x)
{
    float y = lanes->trouble.y + lanes->trouble.h - 3;
    float points[] = {x - 4, y + 3, x, y - 4, x + 4, y + 3};
    draw_polygon(view->ui.list, points, 3, view->ui.theme->panel, view->ui.theme->ink, 1.5f);
}

/* Marks that lie on each other can't be told apart: so many pixels are one mark's. */
enum { MARK_ROOM = 8, SQUARE_ROOM = 10, LEAP_ROOM = 12 };

/* The cell of the next few that stands for them all: of the chosen message, else what ends
   something. The first of those that are alike. */
static size_t strongest(const struct view *shown, const struct strip *strip, size_t from,
                        size_t room, bool is_trouble)
{
    size_t best = from;
    int most = -1;
    for (size_t i = from; i < from + room && i < strip->cells.count; i++) {
        const struct strip_cell *cell = &strip->cells.items[i];
        uint32_t id = is_trouble ? cell->trouble : cell->hop;
        int worth = id ? strip_weight(log_at(shown->log, id - 1)) : -1;
        worth += id && !is_trouble && cell->is_mine ? 10 : 0;
        if (worth <= most)
            continue;
        most = worth;
        best = i;
    }
    return best;
}

static void draw_marks(struct view *view, const struct strip_lanes *lanes, bool is_trouble)
{
    const struct view *shown = compare_shown(view);
    const struct strip *strip = &view->time->strip;
    const size_t room = is_trouble ? SQUARE_ROOM : MARK_ROOM;
    for (size_t i = 0; i < strip->cells.count; i++) {
        if (!(is_trouble ? strip->cells.items[i].trouble : strip->cells.items[i].hop))
            continue;
        i = strongest(shown, strip, i, room, is_trouble);
        const struct strip_cell *cell = &strip->cells.items[i];
        if (is_trouble)
            draw_trouble(view, lanes, lanes->line.x + (float)i, cell->trouble - 1);
        else
            draw_hop(view, lanes, lanes->line.x + (float)i, cell);
        i += room - 1;
    }
}

static void draw_cells(struct view *view, const struct strip_lanes *lanes)
{
    const struct strip *strip = &view->time->strip;
    float leap = -100, differs = -100;
    for (size_t i = 0; i < strip->cells.count; i++) {
        const struct strip_cell *cell = &strip->cells.items[i];
        float x = lanes->line.x + (float)i;
        if (cell->leap && x - leap >= LEAP_ROOM)
            draw_leap(view, lanes, (leap = x) + 5);
        if (cell->differs && x - differs >= MARK_ROOM)
            draw_difference(view, lanes, differs = x);
    }
    draw_marks(view, lanes, false);
    draw_marks(view, lanes, true);
}

/* ---- hands on it ---- */

static struct draw_box line_box(const struct view *view)
{
    const struct ui_widget *bar = ui_find(&view->ui, "scrub");
    return bar ? bar->box : (struct draw_box){0};
}

static void scrub(struct view *view, uint32_t arg)
{
    struct draw_box bar = line_box(view);
    (void)arg;
    if (bar.w <= 0)
        return;
    view->is_playing = false;
    play_seek(view, strip_at_x(view, bar, view->ui.mouse_x));
}

static void drag(struct view *view, uint32_t arg, enum ui_drag_phase phase, float x, float y)
{
    (void)phase;
    (void)x;
    (void)y;
    scrub(view, arg);
}

static void pan(struct view *view, uint32_t arg, enum ui_drag_phase phase, float x, float y)
{
    struct strip *strip = &view->time->strip;
    struct draw_box bar = line_box(view);
    (void)arg;
    (void)y;
    if (phase == UI_DRAG_BEGIN) {
        strip->pan_from = strip_from(view);
        strip->pan_x = x;
    }
    double width = strip_to(view) - strip_from(view);
    if (bar.w > 0)
        strip_move(view, strip->pan_from - width * (double)((x - strip->pan_x) / bar.w));
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    struct draw_box bar = line_box(view);
    (void)arg;
    if (bar.w > 0)
        strip_zoom(view, lines, (double)((view->ui.mouse_x - bar.x) / bar.w));
}

void strip_whole_act(struct view *view, uint32_t arg)
{
    (void)arg;
    view->time->strip.from = view->time->strip.to = 0;
}

void strip_zoom_act(struct view *view, uint32_t arg)
{
    double from = strip_from(view), width = strip_to(view) - from;
    double share = (play_rank_share(compare_shown(view), view->t) - from) / width;
    strip_zoom(view, arg ? 3 : -3, fmin(fmax(share, 0), 1));
}

static float whole_width(const struct view *view)
{
    return draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_small,
                      slice_of(tr("All of it"))) +
           16;
}

static void draw_whole(struct view *view, const struct strip_lanes *lanes)
{
    struct ui *ui = &view->ui;
    const struct strip *strip = &view->time->strip;
    if (strip->to <= strip->from)
        return;
    const struct theme *theme = ui->theme;
    float w = whole_width(view);
    struct draw_box box = {lanes->ruler.x + lanes->ruler.w - w, lanes->ruler.y - 4, w,
                           lanes->ruler.h + 6};
    struct ui_state state = ui_region(ui, "time-whole", box, strip_whole_act, 0);
    draw_rect(ui->list, box, 5, state.is_hover ? theme->accent_soft : theme->card,
              state.is_focus ? theme->accent : theme->card_edge, state.is_focus ? 2 : 1);
    ui_label(ui, box, DRAW_ALIGN_CENTER, DRAW_FONT_SANS, theme->size_small, theme->ink,
             slice_of(tr("All of it")));
    /* which part it is: a thin bar at the upper edge */
    struct draw_box all = {lanes->line.x, lanes->ruler.y - 5, lanes->line.w - w - 8, 3};
    draw_rect(ui->list, all, 1, theme->card_edge, 0, 0);
    draw_rect(ui->list,
              (struct draw_box){all.x + all.w * (float)strip->from, all.y,
                                fmaxf(all.w * (float)(strip->to - strip->from), 4), 3},
              1, theme->accent, 0, 0);
}

static void draw_line_and_knob(struct view *view, const struct strip_lanes *lanes,
                               struct ui_state state)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct draw_box bar = lanes->line;
    float y = bar.y + bar.h / 2, x = strip_x(view, bar, view->t), right = bar.x + bar.w;
    float to = fminf(fmaxf(x, bar.x), right);
    draw_rect(ui->list, (struct draw_box){bar.x, y - 2, bar.w, 4}, 2, theme->card_edge, 0, 0);
    draw_rect(ui->list, (struct draw_box){bar.x, y - 2, to - bar.x, 4}, 2, theme->accent, 0, 0);
    draw_cells(view, lanes);
    if (x < bar.x - KNOB || x > right + KNOB)
        return;
    draw_line(ui->list, x, lanes->faults.y, x, lanes->trouble.y + lanes->trouble.h,
              ui_fade(theme->accent, 0.6f), 1.5f, 0);
    draw_oval(ui->list, (struct draw_box){x - KNOB / 2, y - KNOB / 2, KNOB, KNOB}, theme->panel,
              theme->accent, state.is_focus ? 5 : 3);
}

void strip_draw(struct view *view, struct draw_box box, bool is_thin)
{
    struct ui *ui = &view->ui;
    struct strip_lanes lanes = lanes_of(view, box, is_thin);
    if (view->time->strip.to > view->time->strip.from)
        lanes.whole = whole_width(view) + 6;
    strip_update(view, lanes.line.w > 0 ? (size_t)lanes.line.w : 0);
    struct draw_box upper = {lanes.line.x, lanes.ruler.y, lanes.line.w,
                             lanes.ruler.h + lanes.faults.h};
    ui_region(ui, "time-ruler", upper, NULL, 0);
    ui_on_drag(ui, pan);
    struct draw_box lower = {lanes.line.x, lanes.mail.y, lanes.line.w,
                             lanes.mail.h + lanes.line.h + lanes.trouble.h};
    struct ui_state state = ui_region(ui, "scrub", lower, scrub, 0);
    ui_on_drag(ui, drag);
    ui_wheel(ui, "wheel-time", (struct draw_box){upper.x, upper.y, upper.w, upper.h + lower.h},
             turn, 0);
    name_lane(view, &lanes, lanes.faults, tr("Faults"));
    name_lane(view, &lanes, lanes.mail, tr("Mail"));
    name_lane(view, &lanes, lanes.trouble, tr("Troubles"));
    strip_ticks_draw(view, &lanes);
    draw_open(view, &lanes);
    strip_spans_draw(view, lanes.faults);
    draw_line_and_knob(view, &lanes, state);
    strip_moments_draw(view, &lanes);
    draw_whole(view, &lanes);
}

/* ---- what is under the mouse ---- */

enum { HOVER_LINES = 6 };

struct hover {
    struct slice lines[HOVER_LINES];
    size_t count;
};

static void say(struct hover *hover, struct slice line)
{
    if (line.size && hover->count < HOVER_LINES)
        hover->lines[hover->count++] = line;
}

static void say_cell(struct view *view, struct hover *hover, const struct strip_cell *cell)
{
    const struct log *log = compare_shown(view)->log;
    struct arena *arena = &view->ui.list->arena;
    char time[VTIME_TEXT];
    if (cell->leap && cell->leap < log_count(log)) {
        int64_t from = log_at(log, cell->leap - 1)->t;
        int64_t gap = log_at(log, log_count_until(log, from))->t - from;
        say(hover, arena_printf(arena, tr("then nothing for %.*s"),
                                SLICE_ARG(vtime_print(index_round(gap), time))));
    }
    if (cell->hop)
        say(hover, words_sentence(log, arena, words_event(log, arena, cell->hop - 1)));
    if (cell->trouble && cell->trouble != cell->hop)
        say(hover, words_sentence(log, arena, words_event(log, arena, cell->trouble - 1)));
    if (cell->open)
        say(hover, arena_printf(arena, trn("%u connection open", "%u connections open", cell->open),
                                cell->open));
}

static void draw_bubble(struct view *view, const struct hover *hover, float x, float bottom)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float step = draw_line_height(theme->size_small) + 2, w = 0;
    for (size_t i = 0; i < hover->count; i++)
        w = fmaxf(w, draw_width(ui->list, i ? DRAW_FONT_SANS : DRAW_FONT_BOLD, theme->size_small,
                                hover->lines[i]));
    w = fminf(w, theme->size_small * 40) + 16;
    struct draw_box all = line_box(view);
    float left = fminf(fmaxf(x - w / 2, all.x), fmaxf(all.x + all.w - w, all.x));
    float h = step * (float)hover->count + 10;
    struct draw_box box = {floorf(left), floorf(bottom - h), w, h};
    draw_shadow(ui->list, box, 6, theme->shadow);
    draw_rect(ui->list, box, 6, theme->panel, theme->ink_soft, 1);
    struct draw_box inside = {box.x + 8, box.y + 5, box.w - 16, box.h - 10};
    for (size_t i = 0; i < hover->count; i++)
        ui_label(ui, ui_cut_top(&inside, step), DRAW_ALIGN_LEFT,
                 i ? DRAW_FONT_SANS : DRAW_FONT_BOLD, theme->size_small, theme->ink,
                 hover->lines[i]);
}

void strip_hover_draw(struct view *view)
{
    const struct ui_widget *ruler = ui_find(&view->ui, "time-ruler");
    struct draw_box bar = line_box(view);
    const struct strip *strip = &view->time->strip;
    float x = view->ui.mouse_x, y = view->ui.mouse_y;
    if (view->overlay || !ruler || x < bar.x || x >= bar.x + bar.w || y < ruler->box.y ||
        y >= bar.y + bar.h || (size_t)(x - bar.x) >= strip->cells.count)
        return;
    struct hover hover = {.count = 0};
    const struct ui_widget *under = ui_find_at(&view->ui, x, y, false);
    say(&hover, words_clock(view->log, &view->ui.list->arena, strip_at_x(view, bar, x)));
    if (under && under->tip.size)
        say(&hover, under->tip);
    say_cell(view, &hover, &strip->cells.items[(size_t)(x - bar.x)]);
    draw_line(view->ui.list, floorf(x) + 0.5f, ruler->box.y, floorf(x) + 0.5f, bar.y + bar.h,
              view->ui.theme->ink_soft, 1, 3);
    draw_bubble(view, &hover, x, ruler->box.y - 10);
}
