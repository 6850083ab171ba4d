#include "render/view/lesson_flow.h"

#include <math.h>
#include <string.h>

struct flow flow_begin(struct view *view, struct draw_box box, float scroll, float size)
{
    float y = box.y - floorf(scroll);
    return (struct flow){
        .view = view, .box = box, .x = box.x, .w = box.w, .y = y, .top = y, .size = size};
}

/* What has got the focus comes into sight once: who turns the wheel then may look elsewhere. */
static void follow_focus(const struct flow *flow, float *scroll, char followed[UI_NAME])
{
    const char *focus = flow->view->ui.focus;
    if (!flow->must_show && (!flow->has_focus || strcmp(followed, focus) == 0))
        return;
    memcpy(followed, focus, UI_NAME);
    float above = flow->focus_y - 8 - flow->box.y;
    float below = flow->focus_y + flow->focus_h + 8 - (flow->box.y + flow->box.h);
    if (above < 0)
        *scroll += above;
    else if (below > 0)
        *scroll += fminf(below, above);
}

float flow_end(struct flow *flow, float *scroll, char followed[UI_NAME])
{
    flow_gap(flow, 0);
    float whole = flow->y - flow->top;
    follow_focus(flow, scroll, followed);
    *scroll = fmaxf(fminf(*scroll, whole - flow->box.h), 0);
    return whole;
}

static void end_row(struct flow *flow)
{
    flow->y += flow->row_h;
    flow->row_h = 0;
}

void flow_gap(struct flow *flow, float h)
{
    end_row(flow);
    flow->y += h;
}

void flow_text(struct flow *flow, enum draw_font font, uint32_t colour, struct slice text)
{
    end_row(flow);
    struct draw_box box = {flow->x, flow->y, flow->w, 0};
    flow->y += rich_text(&flow->view->ui, box, font, flow->size, colour, text, true);
}

void flow_line(struct flow *flow)
{
    flow_gap(flow, 10);
    draw_line(flow->view->ui.list, flow->x, flow->y, flow->x + flow->w, flow->y,
              flow->view->ui.theme->panel_edge, 1, 0);
    flow->y += 10;
}

void flow_keep_focus(struct flow *flow, struct draw_box box)
{
    struct ui *ui = &flow->view->ui;
    struct ui_widget *w = &ui->widgets.items[ui->widgets.count - 1];
    w->can_focus = w->act != NULL;
    if (!ui->focus[0] || strcmp(ui->focus, w->name) != 0)
        return;
    flow->has_focus = true;
    if (flow->must_show)
        return;
    flow->focus_y = box.y;
    flow->focus_h = box.h;
}

void flow_show(struct flow *flow, float h)
{
    flow->must_show = true;
    flow->focus_y = flow->y;
    flow->focus_h = h;
}

struct draw_box flow_item(struct flow *flow, const char *name, float h, ui_act *act, uint32_t arg,
                          struct ui_state *state)
{
    end_row(flow);
    struct draw_box box = {flow->x, flow->y, flow->w, h};
    flow->y += h;
    *state = ui_region(&flow->view->ui, name, box, act, arg);
    flow_keep_focus(flow, box);
    return box;
}

float flow_button_width(const struct flow *flow, const char *label)
{
    struct ui *ui = &flow->view->ui;
    return ceilf(draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, slice_of(label)) + 28);
}

void flow_button(struct flow *flow, const char *name, const char *label, ui_act *act, uint32_t arg,
                 unsigned flags)
{
    enum { GAP = 8 };
    struct ui *ui = &flow->view->ui;
    float h = button_height(ui->theme);
    float w = fminf(flow_button_width(flow, label), flow->w);
    if (flow->row_h == 0)
        flow->row_x = flow->x;
    else if (flow->row_x + w > flow->x + flow->w) {
        flow->y += h + GAP;
        flow->row_x = flow->x;
    }
    struct draw_box box = {flow->row_x, flow->y, w, h};
    ui_button(ui, name, box, label, act, arg, flags);
    flow_keep_focus(flow, box);
    flow->row_x += w + GAP;
    flow->row_h = h;
}

/* ---- what can be folded ---- */

static float fold_room(const struct flow *flow)
{
    return flow->size * 1.9f;
}

float flow_fold_height(struct flow *flow, struct slice text)
{
    struct ui *ui = &flow->view->ui;
    float whole = rich_height(ui, flow->w - fold_room(flow), DRAW_FONT_BOLD, flow->size, text);
    return button_height(ui->theme) + whole - draw_line_height(flow->size) + 4;
}

void flow_fold(struct flow *flow, const char *name, struct slice text, bool is_open, ui_act *act)
{
    struct ui *ui = &flow->view->ui;
    const struct theme *theme = ui->theme;
    struct ui_state state;
    float room = fold_room(flow), s = flow->size * 0.28f, h = flow_fold_height(flow, text) - 4;
    struct draw_box box = flow_item(flow, name, h, act, 0, &state);
    flow_gap(flow, 4);
    if (box.y + h > flow->box.y + flow->box.h + 2)
        return; /* whole or not at all: the half of a line is no invitation to look further */
    if (state.is_hover || state.is_focus)
        draw_rect(ui->list, box, 4, theme->accent_soft, state.is_focus ? theme->accent : 0, 2);
    float x = box.x + flow->size * 0.7f, y = box.y + h / 2;
    const float open[] = {x - 1.4f * s, y - s, x + 1.4f * s, y - s, x, y + s};
    const float folded[] = {x - s, y - 1.4f * s, x + s, y, x - s, y + 1.4f * s};
    draw_polygon(ui->list, is_open ? open : folded, 3, theme->ink_soft, 0, 0);
    float whole = h - button_height(theme) + draw_line_height(flow->size);
    struct draw_box words = {box.x + room, box.y + (h - whole) / 2, box.w - room, whole};
    rich_text(ui, words, DRAW_FONT_BOLD, flow->size, theme->ink, text, true);
}
