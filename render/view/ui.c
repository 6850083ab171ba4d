#include "render/view/ui.h"

#include <stdio.h>
#include <string.h>

#include "sim/base/check.h"

void ui_init(struct ui *ui)
{
    *ui = (struct ui){.mouse_x = -1, .mouse_y = -1};
}

void ui_finish(struct ui *ui)
{
    vector_finish(&ui->widgets);
    ui_past_forget(ui);
}

void ui_begin(struct ui *ui, struct draw_list *list, const struct theme *theme)
{
    const struct ui_widget *hover = ui_find_at(ui, ui->mouse_x, ui->mouse_y, false);
    snprintf(ui->hover, sizeof ui->hover, "%s", hover ? hover->name : "");
    ui->list = list;
    ui->theme = theme;
    ui->modal_from = ui->modal_item = 0;
    ui->clip_count = 0;
    vector_clear(&ui->widgets);
}

void ui_end(struct ui *ui)
{
    ui->measure = ui->list->measure;
    ui->measure_context = ui->list->measure_context;
    ui->list = NULL;
}

bool ui_is_inside(struct draw_box box, float x, float y)
{
    return x >= box.x && y >= box.y && x < box.x + box.w && y < box.y + box.h;
}

const struct ui_widget *ui_find_at(const struct ui *ui, float x, float y, bool is_wheel)
{
    for (size_t i = ui->widgets.count; i-- > ui->modal_from;) {
        const struct ui_widget *w = &ui->widgets.items[i];
        bool is_for_wheel = w->turn != NULL;
        if ((is_wheel ? is_for_wheel : !is_for_wheel || w->act) && ui_is_inside(w->box, x, y))
            return w;
    }
    return NULL;
}

const struct ui_widget *ui_find(const struct ui *ui, const char *name)
{
    for (size_t i = ui->modal_from; i < ui->widgets.count; i++)
        if (strcmp(ui->widgets.items[i].name, name) == 0)
            return &ui->widgets.items[i];
    return NULL;
}

void ui_move_focus(struct ui *ui, int step)
{
    size_t count = ui->widgets.count - ui->modal_from;
    if (count == 0)
        return;
    const struct ui_widget *first = &ui->widgets.items[ui->modal_from];
    size_t at = step > 0 ? count - 1 : 0;
    const struct ui_widget *now = ui_find(ui, ui->focus);
    if (now && ui->focus[0])
        at = (size_t)(now - first);
    for (size_t i = 0; i < count; i++) {
        at = (at + (step > 0 ? 1 : count - 1)) % count;
        if (first[at].can_focus) {
            memcpy(ui->focus, first[at].name, sizeof ui->focus);
            if (first[at].edit && !first[at].is_lines) /* typing replaces what is there */
                ui_edit_select_all(first[at].edit);
            return;
        }
    }
}

void ui_move_last(struct ui *ui, const char *name)
{
    const struct ui_widget *found = ui_find(ui, name);
    if (!found)
        return;
    struct ui_widget *items = ui->widgets.items, moved = *found;
    for (size_t i = (size_t)(found - items); i + 1 < ui->widgets.count; i++)
        items[i] = items[i + 1];
    items[ui->widgets.count - 1] = moved;
}

/* ---- boxes ---- */

struct draw_box ui_inset(struct draw_box box, float by)
{
    return (struct draw_box){box.x + by, box.y + by, box.w - 2 * by, box.h - 2 * by};
}

struct draw_box ui_cut_top(struct draw_box *box, float h)
{
    struct draw_box part = {box->x, box->y, box->w, h};
    box->y += h;
    box->h -= h;
    return part;
}

struct draw_box ui_cut_bottom(struct draw_box *box, float h)
{
    box->h -= h;
    return (struct draw_box){box->x, box->y + box->h, box->w, h};
}

struct draw_box ui_cut_left(struct draw_box *box, float w)
{
    struct draw_box part = {box->x, box->y, w, box->h};
    box->x += w;
    box->w -= w;
    return part;
}

struct draw_box ui_cut_right(struct draw_box *box, float w)
{
    box->w -= w;
    return (struct draw_box){box->x + box->w, box->y, w, box->h};
}

uint32_t ui_fade(uint32_t colour, float share)
{
    return (colour & 0xFFFFFF00u) | (uint32_t)((float)(colour & 0xFF) * share);
}

static struct draw_box intersect(struct draw_box a, struct draw_box b)
{
    float left = a.x > b.x ? a.x : b.x, top = a.y > b.y ? a.y : b.y;
    float right = a.x + a.w < b.x + b.w ? a.x + a.w : b.x + b.w;
    float bottom = a.y + a.h < b.y + b.h ? a.y + a.h : b.y + b.h;
    return (struct draw_box){left, top, right > left ? right - left : 0,
                             bottom > top ? bottom - top : 0};
}

void ui_clip(struct ui *ui, struct draw_box box)
{
    draw_clip(ui->list, box);
    if (ui->clip_count > 0)
        box = intersect(box, ui->clip[ui->clip_count - 1]);
    if (ui->clip_count < (int)(sizeof ui->clip / sizeof ui->clip[0]))
        ui->clip[ui->clip_count++] = box;
}

void ui_unclip(struct ui *ui)
{
    draw_unclip(ui->list);
    if (ui->clip_count > 0)
        ui->clip_count--;
}

/* ---- widgets ---- */

static struct ui_widget *add_widget(struct ui *ui, const char *name, struct draw_box box,
                                    ui_act *act, uint32_t arg)
{
    if (ui->clip_count > 0)
        box = intersect(box, ui->clip[ui->clip_count - 1]);
    struct ui_widget *w = vector_add(&ui->widgets);
    *w = (struct ui_widget){.box = box, .act = act, .arg = arg};
    snprintf(w->name, sizeof w->name, "%s", name);
    return w;
}

struct ui_state ui_region(struct ui *ui, const char *name, struct draw_box box, ui_act *act,
                          uint32_t arg)
{
    struct ui_widget *w = add_widget(ui, name, box, act, arg);
    w->can_focus = act && w->box.w > 0 && w->box.h > 0;
    return (struct ui_state){.is_hover = strcmp(ui->hover, w->name) == 0,
                             .is_focus = ui->focus[0] && strcmp(ui->focus, w->name) == 0};
}

void ui_wheel(struct ui *ui, const char *name, struct draw_box box, ui_turn *turn, uint32_t arg)
{
    add_widget(ui, name, box, NULL, arg)->turn = turn;
}

static struct ui_widget *last_widget(struct ui *ui)
{
    check(ui->widgets.count > 0);
    return &ui->widgets.items[ui->widgets.count - 1];
}

void ui_on_drag(struct ui *ui, ui_drag *drag)
{
    last_widget(ui)->drag = drag;
}

void ui_on_menu(struct ui *ui, ui_act *menu)
{
    last_widget(ui)->menu = menu;
}

void ui_on_key(struct ui *ui, ui_key *key)
{
    last_widget(ui)->key = key;
}

void ui_tip(struct ui *ui, struct slice text)
{
    last_widget(ui)->tip = arena_copy(&ui->list->arena, text);
}

static void focus_ring(struct ui *ui, struct draw_box box, float radius)
{
    draw_rect(ui->list, ui_inset(box, -3), radius + 3, 0, ui->theme->accent, 2);
}

struct ui_state ui_button(struct ui *ui, const char *name, struct draw_box box, const char *label,
                          ui_act *act, uint32_t arg, unsigned flags)
{
    const struct theme *theme = ui->theme;
    bool enabled = !(flags & UI_DISABLED);
    struct ui_state state = ui_region(ui, name, box, enabled ? act : NULL, arg);
    ui->widgets.items[ui->widgets.count - 1].is_button = true;
    uint32_t fill = theme->card, edge = theme->card_edge,
             ink = enabled ? theme->ink : theme->ink_faint;
    if (flags & UI_PRIMARY)
        fill = edge = theme->accent, ink = theme->panel;
    else if ((flags & UI_ON) || (state.is_hover && enabled))
        fill = theme->accent_soft, edge = theme->accent;
    draw_rect(ui->list, box, 6, fill, edge, 1);
    if (state.is_focus)
        focus_ring(ui, box, 6);
    if (label[0])
        ui_label(ui, ui_inset(box, 4), DRAW_ALIGN_CENTER, DRAW_FONT_SANS, theme->size_text, ink,
                 slice_of(label));
    return state;
}

struct draw_box ui_panel(struct ui *ui, struct draw_box box, struct slice title)
{
    const struct theme *theme = ui->theme;
    draw_rect(ui->list, box, 8, theme->panel, theme->panel_edge, 1);
    struct draw_box inside = ui_inset(box, 12);
    inside.y -= 4;
    inside.h += 4;
    if (title.size) {
        struct draw_box line = ui_cut_top(&inside, draw_line_height(theme->size_text) + 4);
        ui_label(ui, line, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->ink, title);
        ui_cut_top(&inside, 4);
    }
    return inside;
}

void ui_modal(struct ui *ui, struct draw_box all, bool dims)
{
    if (dims)
        draw_rect(ui->list, all, 0, 0x00000088, 0, 0);
    ui->modal_from = ui->widgets.count;
    ui->modal_item = ui->list->items.count;
}
