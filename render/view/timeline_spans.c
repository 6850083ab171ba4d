/* Faults as hatched bars, and moments that are marked: bookmarks, and the fork. */
#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/view/time_panels.h"
#include "render/view/words.h"

static void seek_event(struct view *view, uint32_t id)
{
    const struct log *log = compare_shown(view)->log;
    if (id < log_count(log))
        play_seek(view, log_at(log, id)->t);
    view->is_playing = false;
}

/* The label that the topology gave it, or what it is. */
static struct slice span_name(const struct view *view, const struct event *on)
{
    struct arena *arena = &view->ui.list->arena;
    const struct event_fault *fault = event_as_fault(on);
    if (!fault)
        return arena_printf(arena, tr("%.*s is down"), SLICE_ARG(words_host(view->log, on->v[0])));
    for (uint32_t id = 0; id < log_count(view->log) && log_at(view->log, id)->t == 0; id++) {
        const struct event_palette *p = event_as_palette(log_at(view->log, id));
        if (p && fault->id && p->id == fault->id && log_text(view->log, p->label).size)
            return log_text(view->log, p->label);
    }
    return arena_printf(arena, "%.*s %.*s", SLICE_ARG(log_text(view->log, fault->fault)),
                        SLICE_ARG(log_text(view->log, fault->target)));
}

static void draw_span(struct view *view, struct draw_box bar, uint32_t on)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct view *shown = compare_shown(view);
    struct slice name = span_name(view, log_at(shown->log, on));
    char id[UI_NAME];
    snprintf(id, sizeof id, "span-%" PRIu32, on);
    struct ui_state state = ui_region(ui, id, bar, seek_event, on);
    ui->widgets.items[ui->widgets.count - 1].can_focus = false;
    ui_tip(ui, name);
    draw_rect(ui->list, bar, 2, ui_fade(theme->bad, 0.16f), theme->bad, state.is_hover ? 2 : 1);
    draw_hatch(ui->list, bar, 2, ui_fade(theme->bad, 0.6f), 5);
    float size = theme->size_small;
    float w = draw_width(ui->list, DRAW_FONT_SANS, size, name) + 8;
    if (bar.h < draw_line_height(size) - 4 || bar.w < w + 8)
        return;
    struct draw_box ground = {bar.x + 4, bar.y + 1, w, bar.h - 2};
    draw_rect(ui->list, ground, 2, theme->panel, 0, 0);
    draw_string(ui->list, ground.x + 4, bar.y + (bar.h - draw_line_height(size)) / 2, 0,
                DRAW_ALIGN_LEFT, DRAW_FONT_SANS, size, theme->ink, name);
}

/* Where a span lies on the strip. */
static bool place_span(struct view *view, struct draw_box all, size_t i, float *left, float *right)
{
    const struct view *shown = compare_shown(view);
    if (i >= shown->index.spans.count)
        return false;
    const struct index_span *span = &shown->index.spans.items[i];
    int64_t off = span->off ? log_at(shown->log, span->off)->t : log_end(shown->log);
    *left = fmaxf(strip_x(view, all, log_at(shown->log, span->on)->t), all.x);
    *right = fmaxf(fminf(strip_x(view, all, off), all.x + all.w), *left + 5);
    return *left < all.x + all.w && strip_x(view, all, off) >= all.x;
}

/* Those at the same time share the height in two rows; what would lie within one that is drawn is
   left out. */
void strip_spans_draw(struct view *view, struct draw_box all)
{
    enum { ROWS = 2, SPANS_MAX = 2000 };
    const struct view *shown = compare_shown(view);
    float ends[ROWS] = {-1, -1}, left, right, next_left, next_right;
    size_t count = shown->index.spans.count;
    for (size_t i = count > SPANS_MAX ? count - SPANS_MAX : 0; i < count; i++) {
        if (!place_span(view, all, i, &left, &right))
            continue;
        bool is_shared =
            left < fmaxf(ends[0], ends[1]) ||
            (place_span(view, all, i + 1, &next_left, &next_right) && next_left < right);
        int row = left >= ends[0] ? 0 : 1;
        if (left < ends[row])
            continue;
        float h = is_shared ? floorf(all.h / 2) : all.h;
        struct draw_box bar = {left, all.y + (is_shared ? (float)row * h : 0), right - left, h - 1};
        draw_span(view, bar, shown->index.spans.items[i].on);
        ends[row] = right;
    }
}

/* ---- marks of moments ---- */

static void draw_flag(struct view *view, const struct strip_lanes *lanes, size_t number)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct bookmark *mark = &view->time->bookmarks.items[number];
    float x = floorf(strip_x(view, lanes->line, mark->t)), top = lanes->ruler.y + 1;
    if (x < lanes->line.x - 1 || x > lanes->line.x + lanes->line.w + 1)
        return;
    float w = 11, h = 9, points[] = {x, top, x + w, top + h / 2, x, top + h};
    char name[UI_NAME];
    snprintf(name, sizeof name, "flag-%zu", number + 1);
    struct ui_state state = ui_region(ui, name, (struct draw_box){x - 4, top - 2, w + 8, h + 6},
                                      bookmark_go_act, (uint32_t)number);
    ui_tip(ui, slice_of(mark->name));
    draw_line(ui->list, x, top, x, lanes->line.y + lanes->line.h, theme->accent, 1.5f, 0);
    draw_polygon(ui->list, points, 3, theme->accent, state.is_hover ? theme->ink : theme->panel,
                 1.5f);
}

static void draw_fork(struct view *view, const struct strip_lanes *lanes)
{
    const struct theme *theme = view->ui.theme;
    struct draw_list *list = view->ui.list;
    if (!view->other)
        return;
    float x = floorf(strip_x(view, lanes->line, view->fork_t)) + 0.5f;
    float bottom = lanes->trouble.y + lanes->trouble.h, y = lanes->faults.y;
    if (x < lanes->line.x - 1 || x > lanes->line.x + lanes->line.w + 1)
        return;
    draw_line(list, x, y, x, bottom - 7, theme->ink, 2, 4);
    draw_line(list, x, bottom - 8, x - 5, bottom, theme->ink, 2, 0);
    draw_line(list, x, bottom - 8, x + 5, bottom, theme->ink, 2, 0);
}

void strip_moments_draw(struct view *view, const struct strip_lanes *lanes)
{
    draw_fork(view, lanes);
    for (size_t i = 0; i < view->time->bookmarks.count; i++)
        draw_flag(view, lanes, i);
}
