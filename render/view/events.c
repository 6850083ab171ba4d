#include "render/view/state.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#include "render/view/words.h"

static void draw_event(struct view *view, struct draw_box row, uint32_t id)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct event *e = log_at(view->log, id);
    bool is_now = id == view->event, is_later = e->t > view->t;
    char name[UI_NAME];
    snprintf(name, sizeof name, "event-%" PRIu32, id);
    struct ui_state state = ui_region(ui, name, row, ACTION_CHOOSE_EVENT, id);
    if (is_now)
        draw_rect(ui->list, row, 4, theme->accent_soft, 0, 0);
    if (state.is_hover || state.is_focus || is_now)
        draw_rect(ui->list, row, 4, 0, theme->accent, 1);
    bool is_mine = view->msg && index_msg_of(e) == view->msg;
    if (is_mine) /* a bar at the left: it is about the chosen message */
        draw_rect(ui->list, (struct draw_box){row.x + 2, row.y + 4, 3, row.h - 8}, 1, theme->accent,
                  0, 0);
    uint32_t ink = is_later ? theme->ink_faint : theme->ink;
    ui_cut_left(&row, 12);
    struct slice clock = words_clock(view->log, &ui->list->arena, e->t);
    float width = draw_width(ui->list, DRAW_FONT_MONO, theme->size_mono, clock);
    ui_label(ui, ui_cut_left(&row, width), DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_mono,
             is_later ? theme->ink_faint : theme->ink_soft, clock);
    ui_cut_left(&row, 10);
    width = draw_width(ui->list, DRAW_FONT_MONO, theme->size_small, SLICE("queue.giveup"));
    if (!view->is_compact) {
        ui_label(ui, ui_cut_left(&row, width), DRAW_ALIGN_LEFT, DRAW_FONT_MONO, theme->size_small,
                 theme->ink_faint, slice_of(event_kinds[e->kind].name));
        ui_cut_left(&row, 10);
    }
    ui_cut_right(&row, 4);
    ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, ink,
             words_event(view->log, &ui->list->arena, id));
}

static void packets_button(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const char *label = view->show_packets ? "Packets shown  P" : "Packets hidden  P";
    float width = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(label)) + 20;
    struct draw_box toggle = {box.x + box.w - width - 8, box.y + 6, width,
                              draw_line_height(ui->theme->size_text) + 6};
    ui_button(ui, "packets", toggle, label, ACTION_PACKETS, 0, view->show_packets ? UI_ON : 0);
}

struct draw_box tabs_panel(struct view *view, struct draw_box box, struct slice title)
{
    static const struct {
        const char *name, *label;
    } tabs[] = {{"tab-header", "Header"}, {"tab-events", "What happened"}};
    struct ui *ui = &view->ui;
    if (!view->is_compact)
        return ui_panel(ui, box, title);
    struct draw_box inside = ui_panel(ui, box, SLICE(""));
    struct draw_box row = ui_cut_top(&inside, draw_line_height(ui->theme->size_text) + 8);
    for (uint32_t i = 0; i < 2; i++) {
        float width =
            draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(tabs[i].label)) +
            24;
        ui_button(ui, tabs[i].name, ui_cut_left(&row, width), tabs[i].label, ACTION_TAB, i,
                  view->shows_events == (i == 1) ? UI_ON : 0);
        ui_cut_left(&row, 8);
    }
    ui_cut_top(&inside, 8);
    return inside;
}

/* The row of the current event stands at two thirds of the height, unless the wheel moved the list.
 */
void events_draw(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct index_list *list = play_rows(view);
    struct draw_box inside = tabs_panel(view, box, SLICE("What happened"));
    if (!view->is_compact)
        packets_button(view, box);
    ui_cut_top(&inside, 2);
    ui_wheel(ui, "wheel-events", box, ACTION_WHEEL_EVENTS);
    float step = draw_line_height(theme->size_text) + 4;
    int room = (int)(inside.h / step), count = (int)list->ids.count;
    if (count == 0)
        ui_label(ui, ui_cut_top(&inside, step), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text,
                 theme->ink_soft, SLICE("Nothing yet."));
    int now = view->event == INDEX_NO_EVENT ? 0 : (int)index_below(list, view->event);
    float first = (float)(now - room * 2 / 3);
    float most = (float)(count > room ? count - room : 0);
    float shown = fminf(fmaxf(first + view->scroll_events, 0), most);
    if (view->scroll_events != 0)
        view->scroll_events = shown - first;
    ui_clip(ui, inside);
    for (int i = (int)shown; i < count && i < (int)shown + room; i++)
        draw_event(
            view,
            (struct draw_box){inside.x, inside.y + step * (float)(i - (int)shown), inside.w, step},
            list->ids.items[i]);
    ui_unclip(ui);
}
