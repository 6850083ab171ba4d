#include "render/view/state.h"

#include <math.h>

#include "render/draw/mark.h"
#include "render/view/words.h"

#define SCRUB_HEIGHT 28.0f

float timeline_height(const struct view *view)
{
    const struct theme *theme = theme_get(view->theme);
    return button_height(theme) + SCRUB_HEIGHT + 32;
}

struct step_button {
    const char *name, *label;
    enum view_action back, next;
};

static const struct step_button steps[] = {
    {"event", "event", ACTION_EVENT_BACK, ACTION_EVENT_NEXT},
    {"turn", "turn", ACTION_TURN_BACK, ACTION_TURN_NEXT},
    {"hop", "hop", ACTION_HOP_BACK, ACTION_HOP_NEXT},
};

static void sign_button(struct view *view, const char *name, struct draw_box box,
                        enum mark_sign sign, enum view_action action, unsigned flags)
{
    struct ui *ui = &view->ui;
    ui_button(ui, name, box, "", action, 0, flags);
    mark_sign(ui->list, ui->theme, sign, box.x + box.w / 2, box.y + box.h / 2, box.h * 0.45f,
              flags & UI_PRIMARY ? ui->theme->panel : ui->theme->ink);
}

/* "< hop >": a word between the two directions. */
static void draw_step(struct view *view, struct draw_box *row, const struct step_button *step)
{
    static const char *const back[] = {"event-back", "turn-back", "hop-back"};
    static const char *const next[] = {"event-next", "turn-next", "hop-next"};
    struct ui *ui = &view->ui;
    size_t i = (size_t)(step - steps);
    float h = row->h,
          word = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(step->label)) +
                 12;
    sign_button(view, back[i], ui_cut_left(row, h), MARK_PREVIOUS, step->back, 0);
    ui_label(ui, ui_cut_left(row, word), DRAW_ALIGN_CENTER, DRAW_FONT_SANS, ui->theme->size_text,
             ui->theme->ink, slice_of(step->label));
    sign_button(view, next[i], ui_cut_left(row, h), MARK_NEXT, step->next, 0);
    ui_cut_left(row, 14);
}

static void draw_pace(struct view *view, struct draw_box *row)
{
    struct ui *ui = &view->ui;
    float h = row->h, speed = play_speed(view), word = ui->theme->size_text * 4.5f;
    struct draw_box all = {row->x, row->y, 2 * h + word, h};
    ui_button(ui, "slower", ui_cut_left(row, h), "\xE2\x88\x92", ACTION_SLOWER, 0, 0);
    struct slice text = speed < 1 ? arena_printf(&ui->list->arena, "pace 1/%d", (int)(1 / speed))
                                  : arena_printf(&ui->list->arena, "pace %d", (int)speed);
    ui_label(ui, ui_cut_left(row, word), DRAW_ALIGN_CENTER, DRAW_FONT_SANS, ui->theme->size_text,
             ui->theme->ink, text);
    ui_button(ui, "faster", ui_cut_left(row, h), "+", ACTION_FASTER, 0, 0);
    ui_wheel(ui, "wheel-pace", all, ACTION_WHEEL_PACE);
}

static void draw_clock(struct view *view, struct draw_box *row)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct slice clock = words_clock(view->log, &ui->list->arena, view->t);
    float size = theme->size_title * 1.35f,
          width = draw_width(ui->list, DRAW_FONT_MONO, size, clock);
    ui_label(ui, ui_cut_right(row, width + 2), DRAW_ALIGN_RIGHT, DRAW_FONT_MONO, size, theme->ink,
             clock);
    ui_cut_right(row, 16);
}

static void draw_buttons(struct view *view, struct draw_box row)
{
    struct ui *ui = &view->ui;
    float h = row.h;
    draw_clock(view, &row);
    sign_button(view, "play", ui_cut_left(&row, h * 1.6f),
                view->is_playing ? MARK_PAUSE : MARK_PLAY, ACTION_PLAY, UI_PRIMARY);
    ui_cut_left(&row, 14);
    for (size_t i = 0; i < sizeof steps / sizeof steps[0]; i++)
        draw_step(view, &row, &steps[i]);
    const char *label = "Next of message  N";
    float width = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(label)) + 20;
    float pace = 2 * h + ui->theme->size_text * 4.5f;
    if (row.w > width + pace + 14) { /* the key does the same where there is no room */
        ui_button(ui, "message-next", ui_cut_left(&row, width), label, ACTION_MESSAGE_NEXT, 0,
                  view->msg ? 0 : UI_DISABLED);
        ui_cut_left(&row, 14);
    }
    if (row.w >= pace)
        draw_pace(view, &row);
}

/* ---- the bar ---- */

/* What is worth a mark: above the line what the chosen message went through, below it troubles. */
static uint32_t mark_colour(const struct theme *theme, enum event_kind kind)
{
    if (kind == EVENT_QUEUE_DEFER)
        return theme->waiting;
    if (kind == EVENT_QUEUE_GIVEUP)
        return theme->bad;
    return kind == EVENT_DELIVER || kind == EVENT_FETCH ? theme->good : theme->accent;
}

/* The hop to be shown of those in hops[from..to): one of the chosen message before others. */
static const struct event *hop_shown(const struct view *view, size_t from, size_t to)
{
    enum { LOOKED_AT = 32 }; /* of a pixel's share of a long trace */
    const struct index_list *hops = &view->index.hops;
    for (size_t i = from; i < to && i < from + LOOKED_AT; i++) {
        const struct event *e = log_at(view->log, hops->ids.items[i]);
        if (view->msg && index_msg_of(e) == view->msg)
            return e;
    }
    return log_at(view->log, hops->ids.items[from]);
}

/* Pixel by pixel, so that the cost does not grow with the trace. */
static void draw_marks(struct view *view, struct draw_box bar)
{
    struct ui *ui = &view->ui;
    const struct index_list *hops = &view->index.hops, *all = &view->index.packets;
    size_t count = all->ids.count, pixels = (size_t)bar.w;
    float last = -10;
    for (size_t pixel = 0; pixel < pixels; pixel++) {
        size_t begin = pixel * count / pixels, end = (pixel + 1) * count / pixels;
        size_t from = begin < count ? index_below(hops, all->ids.items[begin]) : 0;
        size_t to = end < count ? index_below(hops, all->ids.items[end]) : hops->ids.count;
        if (begin == end || from >= to)
            continue;
        const struct event *e = hop_shown(view, from, to);
        float x = floorf(bar.x + bar.w * play_share(view, e->t));
        bool is_mine = view->msg && index_msg_of(e) == view->msg;
        if (x - last < 2 && !is_mine)
            continue;
        last = x;
        float height = is_mine ? 16 : 8;
        draw_rect(ui->list, (struct draw_box){x - 1, bar.y + bar.h / 2 - height / 2, 3, height}, 1,
                  mark_colour(ui->theme, (enum event_kind)e->kind), 0, 0);
    }
}

static void draw_scrub(struct view *view, struct draw_box bar)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct ui_state state = ui_region(ui, "scrub", bar, ACTION_SCRUB, 0);
    float y = bar.y + bar.h / 2, x = bar.x + bar.w * play_share(view, view->t);
    draw_rect(ui->list, (struct draw_box){bar.x, y - 2, bar.w, 4}, 2, theme->card_edge, 0, 0);
    draw_rect(ui->list, (struct draw_box){bar.x, y - 2, x - bar.x, 4}, 2, theme->accent, 0, 0);
    draw_marks(view, bar);
    draw_oval(ui->list, (struct draw_box){x - 9, y - 9, 18, 18}, theme->panel, theme->accent,
              state.is_focus ? 5 : 3);
}

void timeline_draw(struct view *view, struct draw_box box)
{
    struct draw_box inside = ui_panel(&view->ui, box, SLICE(""));
    inside = (struct draw_box){box.x + 14, box.y + 10, box.w - 28, box.h - 16};
    draw_scrub(view, ui_cut_top(&inside, SCRUB_HEIGHT));
    ui_cut_top(&inside, 6);
    draw_buttons(view, ui_cut_top(&inside, button_height(view->ui.theme)));
}
