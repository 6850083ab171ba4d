#include <math.h>

#include "render/view/time_panels.h"

/* From the roundest down. */
static const int64_t units[] = {VTIME_DAY,     12 * VTIME_H,   6 * VTIME_H,    3 * VTIME_H,
                                VTIME_H,       30 * VTIME_MIN, 10 * VTIME_MIN, 5 * VTIME_MIN,
                                VTIME_MIN,     30 * VTIME_S,   10 * VTIME_S,   5 * VTIME_S,
                                VTIME_S,       500 * VTIME_MS, 200 * VTIME_MS, 100 * VTIME_MS,
                                50 * VTIME_MS, 20 * VTIME_MS,  10 * VTIME_MS,  VTIME_MS};

/* The roundest clock time in (from, to]; false when they are too near to each other. */
static bool roundest(int64_t epoch_s, int64_t from, int64_t to, int64_t *t, int64_t *unit)
{
    int64_t day = epoch_s % 86400 * VTIME_S; /* whole days do not matter */
    for (size_t i = 0; i < sizeof units / sizeof units[0]; i++) {
        int64_t last = (to + day) / units[i] * units[i] - day;
        if (last > from && last <= to) {
            *t = last;
            *unit = units[i];
            return true;
        }
    }
    return false;
}

/* "10:00", "09:00:05", "09:00:00.12"; a midnight says its day. */
static struct slice tick_text(const struct view *view, int64_t t, int64_t unit)
{
    static const char *const months[] = {TR("Jan"), TR("Feb"), TR("Mar"), TR("Apr"),
                                         TR("May"), TR("Jun"), TR("Jul"), TR("Aug"),
                                         TR("Sep"), TR("Oct"), TR("Nov"), TR("Dec")};
    struct arena *arena = &view->ui.list->arena;
    struct vtime_calendar c = vtime_calendar(log_epoch_s(view->log), t);
    if (unit >= VTIME_DAY)
        return arena_printf(arena, tr("%d %s"), c.day, tr(months[(c.month + 11) % 12]));
    if (unit >= VTIME_MIN)
        return arena_printf(arena, "%02d:%02d", c.hour, c.minute);
    if (unit >= VTIME_S)
        return arena_printf(arena, "%02d:%02d:%02d", c.hour, c.minute, c.second);
    struct slice text = arena_printf(arena, "%02d:%02d:%02d.%03d", c.hour, c.minute, c.second,
                                     c.nanosecond / 1000000);
    while (text.data[text.size - 1] == '0')
        text.size--;
    return text;
}

static bool has_flag(const struct view *view, struct draw_box bar, float from, float to)
{
    const struct bookmarks *marks = &view->time->bookmarks;
    for (size_t i = 0; i < marks->count; i++) {
        float x = strip_x(view, bar, marks->items[i].t);
        if (x > from - 14 && x < to)
            return true;
    }
    return false;
}

/* With its text at the right, or at the end of the line at the left; not without room for it.
 *free_from is where the text before it ends. */
static void draw_tick(struct view *view, const struct strip_lanes *lanes, int64_t t, int64_t unit,
                      float *free_from)
{
    const struct theme *theme = view->ui.theme;
    struct draw_list *list = view->ui.list;
    struct draw_box bar = lanes->line;
    struct slice text = tick_text(view, t, unit);
    float x = floorf(strip_x(view, bar, t)) + 0.5f;
    float w = draw_width(list, DRAW_FONT_SANS, theme->size_small, text);
    float end = bar.x + bar.w - lanes->whole;
    float left = x + w + 4 > end ? x - w - 4 : x + 4;
    if (left < *free_from || x > end || has_flag(view, bar, left - 4, left + w))
        return;
    draw_line(list, x, lanes->ruler.y + 4, x, lanes->trouble.y + lanes->trouble.h,
              ui_fade(theme->ink_faint, 0.35f), 1, 0);
    draw_string(list, left, lanes->ruler.y, 0, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_small,
                theme->ink_soft, text);
    *free_from = left + w + 10;
}

/* One in each stretch that has room for its text, at the roundest clock time in there. */
void strip_ticks_draw(struct view *view, const struct strip_lanes *lanes)
{
    struct draw_box bar = lanes->line;
    float wide =
        draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_small, SLICE("00:00:00.00"));
    int count = (int)(bar.w / (wide * 1.4f));
    float free_from = bar.x;
    for (int i = 0; i < count; i++) {
        float left = bar.x + bar.w * (float)i / (float)count;
        int64_t t, unit, from = strip_at_x(view, bar, left);
        int64_t to = strip_at_x(view, bar, left + bar.w / (float)count);
        if (roundest(log_epoch_s(view->log), i ? from : from - 1, to, &t, &unit))
            draw_tick(view, lanes, t, unit, &free_from);
    }
}
