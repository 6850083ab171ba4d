/* The tools over the map: where a new host goes, and links drawn from card to card. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/view/doing.h"
#include "render/view/map_path.h"

static struct tools *tools_of(struct view *view)
{
    return &doing_of(view)->tools;
}

static struct slice host_id(const struct view *view, uint32_t host)
{
    return scene_place_id(&view->scene, host);
}

/* ---- new hosts ---- */

/* Where on the topology's grid a point of the screen is. */
static struct layout_point grid_at(const struct view *view, float x, float y)
{
    map_from_screen(view, x, y, &x, &y);
    return map_grid_at(&view->map, x, y);
}

static void place_armed(struct view *view, uint32_t arg)
{
    struct tools *t = tools_of(view);
    uint32_t kind = t->armed - 1;
    struct layout_point at = grid_at(view, view->ui.mouse_x, view->ui.mouse_y);
    (void)arg;
    t->armed = 0;
    tools_add_form(view, kind, (uint32_t)at.x, (uint32_t)at.y);
}

void tools_add_here(struct view *view, uint32_t kind)
{
    const struct menu *menu = &doing_of(view)->menu;
    struct layout_point at = grid_at(view, menu->x, menu->y);
    tools_add_form(view, kind, (uint32_t)at.x, (uint32_t)at.y);
}

/* ---- a host that the keys move ---- */

static void put_down(struct view *view)
{
    tools_of(view)->is_moving = false;
    map_move_end(view, true);
}

static bool move_key(struct view *view, uint32_t arg, int key)
{
    float step = button_height(view->ui.theme) / 2;
    (void)arg;
    switch (key) {
    case INPUT_KEY_LEFT:
        map_move_by(view, -step, 0);
        return true;
    case INPUT_KEY_RIGHT:
        map_move_by(view, step, 0);
        return true;
    case INPUT_KEY_UP:
        map_move_by(view, 0, -step);
        return true;
    case INPUT_KEY_DOWN:
        map_move_by(view, 0, step);
        return true;
    case INPUT_KEY_ENTER:
        put_down(view);
        return true;
    default:
        return false;
    }
}

static void press_moved(struct view *view, uint32_t arg)
{
    (void)arg;
    map_move_to(view, view->ui.mouse_x, view->ui.mouse_y);
    put_down(view);
}

void tools_move(struct view *view, uint32_t host)
{
    host = host ? host : view->chosen_host;
    (void)tools_escape(view);
    if (!host || !map_move_begin(view, host)) {
        view_notify(view, slice_of(tr("Choose a host on the map first")));
        return;
    }
    tools_of(view)->is_moving = true;
    snprintf(view->ui.focus, sizeof view->ui.focus, "tool-place");
}

/* ---- links ---- */

static void connect(struct view *view, uint32_t from, uint32_t to)
{
    struct arena arena;
    arena_init(&arena);
    doing_do(view, arena_printf(&arena, "link add %.*s:%.*s", SLICE_ARG(host_id(view, from)),
                                SLICE_ARG(host_id(view, to))));
    arena_finish(&arena);
}

/* The host whose card is there; 0 none. */
static uint32_t host_under(const struct view *view, float x, float y)
{
    for (size_t i = view->ui.widgets.count; i-- > 0;) {
        const struct ui_widget *w = &view->ui.widgets.items[i];
        if (w->act == select_host && ui_is_inside(w->box, x, y))
            return w->arg;
    }
    return 0;
}

static void end_link(struct view *view, uint32_t to)
{
    uint32_t from = tools_of(view)->link_from;
    tools_of(view)->link_from = 0;
    if (from && to && from != to)
        connect(view, from, to);
}

static void press_end(struct view *view, uint32_t arg)
{
    (void)arg;
    end_link(view, host_under(view, view->ui.mouse_x, view->ui.mouse_y));
}

static void drag_handle(struct view *view, uint32_t host, enum ui_drag_phase phase, float x,
                        float y)
{
    struct tools *t = tools_of(view);
    t->link_from = host;
    t->is_drawing = phase != UI_DRAG_END;
    if (phase == UI_DRAG_END)
        end_link(view, host_under(view, x, y));
}

/* A press alone begins a link, too, and the next one ends it. */
static void press_handle(struct view *view, uint32_t host)
{
    tools_of(view)->link_from = host;
}

static void draw_handle(struct view *view, const struct ui_widget *card)
{
    struct ui *ui = &view->ui;
    uint32_t host = card->arg;
    float r = 7, reach = 14; /* it is drawn smaller than what can be pressed */
    struct draw_box box = {card->box.x + card->box.w - r, card->box.y + card->box.h / 2 - r, 2 * r,
                           2 * r};
    char name[UI_NAME];
    snprintf(name, sizeof name, "link-from-%.*s",
             SLICE_ARG(slice_part(host_id(view, host), 0, 24)));
    struct ui_state state = ui_region(ui, name, ui_inset(box, r - reach), press_handle, host);
    ui_on_drag(ui, drag_handle);
    ui_tip(ui, slice_of(tr("Draw a link from here to another host")));
    draw_oval(ui->list, box, state.is_hover || state.is_focus ? ui->theme->accent : ui->theme->card,
              ui->theme->accent, 2);
    float x = box.x + r, y = box.y + r;
    uint32_t ink = state.is_hover || state.is_focus ? ui->theme->panel : ui->theme->accent;
    draw_line(ui->list, x - 4, y, x + 4, y, ink, 2, 0);
    draw_line(ui->list, x, y - 4, x, y + 4, ink, 2, 0);
}

static void draw_handles(struct view *view)
{
    enum { HANDLES_MAX = 200 };
    size_t count = view->ui.widgets.count;
    int drawn = 0;
    for (size_t i = 0; i < count && drawn < HANDLES_MAX; i++) {
        struct ui_widget card = view->ui.widgets.items[i]; /* the vector grows */
        if (strncmp(card.name, "host-", 5) != 0 || card.box.w < 30)
            continue;
        draw_handle(view, &card);
        drawn++;
    }
}

static void draw_rubber(struct view *view, uint32_t from)
{
    struct ui *ui = &view->ui;
    for (size_t i = 0; i < ui->widgets.count; i++) {
        const struct ui_widget *w = &ui->widgets.items[i];
        if (w->act != select_host || w->arg != from)
            continue;
        draw_line(ui->list, w->box.x + w->box.w, w->box.y + w->box.h / 2, ui->mouse_x, ui->mouse_y,
                  ui->theme->accent, ui->theme->line, 6);
        return;
    }
}

/* What the next press or drag will do. */
static const char *hint(const struct view *view)
{
    const struct tools *t = &view->doing->tools;
    if (t->armed)
        return TR("Press on the map where it goes. Esc: not.");
    if (t->link_from)
        return TR("Press on the host at the other end. Esc: not.");
    if (t->is_moving)
        return TR("Arrow keys move it. Enter, or a press on the map: here. Esc: not.");
    return NULL;
}

/* What is under way takes the whole map: the next press on it is meant for that. */
static bool draw_place(struct view *view)
{
    const struct tools *t = tools_of(view);
    ui_act *act = t->armed                         ? place_armed
                  : t->link_from && !t->is_drawing ? press_end
                  : t->is_moving                   ? press_moved
                                                   : NULL;
    if (!act)
        return false;
    ui_region(&view->ui, "tool-place", view->map.box, act, 0);
    if (t->is_moving)
        ui_on_key(&view->ui, move_key);
    draw_rect(view->ui.list, view->map.box, 8, 0, view->ui.theme->accent, 2);
    return true;
}

void tools_map_draw(struct view *view)
{
    struct ui *ui = &view->ui;
    const struct tools *t = view->doing ? &view->doing->tools : NULL;
    if (!t)
        return;
    if (!draw_place(view) && t->is_open)
        draw_handles(view);
    if (t->link_from)
        draw_rubber(view, t->link_from);
    const char *words = hint(view);
    if (words)
        ui_pill(ui, view->map.box.x + 12, view->map.box.y + 8, ui->theme->size_text, ui->theme->ink,
                ui->theme->ink, ui->theme->panel, slice_of(tr(words)));
}
