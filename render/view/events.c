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
    struct ui_state state = ui_region(ui, name, row, select_event, id);
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
    ui_label_any(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text, ink,
                 words_event(view->log, &ui->list->arena, id));
}

static void packets_button(struct view *view, struct draw_box *tools)
{
    struct ui *ui = &view->ui;
    const char *label = tr(view->show_packets ? TR("Packets shown  P") : TR("Packets hidden  P"));
    float width = draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(label)) + 20;
    if (tools->w < width)
        return;
    struct draw_box toggle = ui_inset(ui_cut_right(tools, width), 1);
    ui_button(ui, "packets", toggle, label, play_packets_act, 0, view->show_packets ? UI_ON : 0);
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    view->scroll_events -= 3 * lines;
}

/* The row of the current event stands at two thirds of the height, unless the wheel moved the list.
 */
void events_draw(struct view *view, struct draw_box inside, struct draw_box *tools)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct index_list *list = play_rows(view);
    packets_button(view, tools);
    ui_wheel(ui, "wheel-events", inside, turn, 0);
    float step = draw_line_height(theme->size_text) + 4;
    int room = (int)(inside.h / step), count = (int)list->ids.count;
    if (count == 0)
        ui_label(ui, ui_cut_top(&inside, step), DRAW_ALIGN_LEFT, DRAW_FONT_SANS, theme->size_text,
                 theme->ink_soft, slice_of(tr("Nothing yet.")));
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

void events_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    enum { TOLD = 40 };
    const struct index_list *list = play_rows(view);
    size_t last = index_below(list, log_count_until(view->log, view->t));
    bool has_room = true;
    for (size_t i = last > TOLD ? last - TOLD : 0; has_room && i < last; i++) {
        uint32_t id = list->ids.items[i];
        struct slice clock = words_clock(view->log, arena, log_at(view->log, id)->t);
        struct slice words = words_event(view->log, arena, id);
        has_room = bytes_printf(out, "%.*s %.*s\n", SLICE_ARG(clock), SLICE_ARG(words));
    }
}
