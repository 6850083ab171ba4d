#include "render/view/menu.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/draw/mark.h"
#include "render/view/commands.h"
#include "render/view/doing.h"

static const struct overlay menu_overlay;

/* ---- making one ---- */

/* Beside what has the focus, when the menu was asked for with a key. */
static void place_menu(struct view *view, struct menu *menu)
{
    const struct ui_widget *w = view->ui.focus[0] ? ui_find(&view->ui, view->ui.focus) : NULL;
    menu->x = view->ui.mouse_x;
    menu->y = view->ui.mouse_y;
    if (w && !ui_is_inside(w->box, menu->x, menu->y)) {
        menu->x = w->box.x + w->box.w / 2;
        menu->y = w->box.y + w->box.h / 2;
    }
}

struct menu *menu_begin(struct view *view, struct slice title)
{
    struct menu *menu = &doing_of(view)->menu;
    bool is_within = menu->is_placed;
    float x = menu->x, y = menu->y;
    struct arena arena = menu->arena;
    arena_reset(&arena);
    *menu = (struct menu){.arena = arena, .x = x, .y = y};
    if (!is_within)
        place_menu(view, menu);
    menu->title = arena_copy(&menu->arena, title);
    return menu;
}

struct menu_row *menu_act(struct menu *menu, const char *name, const char *label, ui_act *act,
                          uint32_t arg)
{
    struct menu_row *row = &menu->rows[menu->count]; /* the last one is written to, and not shown */
    menu->count += menu->count < MENU_ROWS;
    *row = (struct menu_row){
        .label = arena_copy(&menu->arena, slice_of(label)), .act = act, .arg = arg};
    snprintf(row->name, sizeof row->name, "menu-%s", name);
    return row;
}

struct menu_row *menu_line(struct menu *menu, const char *name, const char *label,
                           struct slice line, bool is_on)
{
    struct menu_row *row = menu_act(menu, name, label, NULL, 0);
    row->line = arena_copy(&menu->arena, line);
    row->is_on = is_on;
    return row;
}

void menu_more(struct menu *menu, const char *name, const char *label, ui_act *act, uint32_t arg)
{
    menu_act(menu, name, label, act, arg)->goes_on = true;
}

void menu_head(struct menu *menu, const char *label)
{
    menu_act(menu, "head", label, NULL, 0)->is_head = true;
}

void menu_command(struct menu *menu, const char *name)
{
    for (int i = 0; i < commands_count; i++)
        if (commands[i].title && strcmp(commands[i].name, name) == 0) {
            struct menu_row *row =
                menu_act(menu, name, tr(commands[i].title), commands[i].act, commands[i].arg);
            row->keys = command_keys(&commands[i], &menu->arena);
            return;
        }
}

void menu_show(struct view *view)
{
    struct menu *menu = &doing_of(view)->menu;
    view->notice_ms = 0; /* it may lie where the menu is to be read */
    if (view->overlay == &menu_overlay)
        view->ui.focus[0] = '\0';
    else
        overlay_open(view, &menu_overlay);
    for (size_t i = 0; i < menu->count; i++)
        if (!menu->rows[i].is_head) {
            memcpy(view->ui.focus, menu->rows[i].name, sizeof view->ui.focus);
            return;
        }
}

void menu_finish(struct menu *menu)
{
    arena_finish(&menu->arena);
}

/* ---- using it ---- */

static void press_row(struct view *view, uint32_t i)
{
    struct menu *menu = &doing_of(view)->menu;
    if (i >= menu->count)
        return;
    struct menu_row row = menu->rows[i];
    menu->is_placed = row.goes_on;
    if (!row.goes_on)
        overlay_close(view);
    if (row.act)
        row.act(view, row.arg);
    else
        doing_do(view, row.line);
    doing_of(view)->menu.is_placed = false;
}

static bool row_key(struct view *view, uint32_t i, int key)
{
    (void)i;
    if (key == INPUT_KEY_DOWN || key == INPUT_KEY_UP)
        ui_move_focus(&view->ui, key == INPUT_KEY_DOWN ? 1 : -1);
    return key == INPUT_KEY_DOWN || key == INPUT_KEY_UP;
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    doing_of(view)->menu.scroll -= lines;
}

/* ---- drawing it ---- */

static float row_step(const struct view *view)
{
    return draw_line_height(view->ui.theme->size_text) + 10;
}

static float menu_width(struct view *view, const struct menu *menu)
{
    const struct theme *theme = view->ui.theme;
    float width = draw_width(view->ui.list, DRAW_FONT_BOLD, theme->size_text, menu->title);
    for (size_t i = 0; i < menu->count; i++) {
        const struct menu_row *row = &menu->rows[i];
        float label = draw_width(view->ui.list, DRAW_FONT_SANS, theme->size_text, row->label) +
                      draw_width(view->ui.list, DRAW_FONT_SANS, theme->size_text, row->keys);
        width = fmaxf(width, label + theme->size_text * 4);
        if (row->note.size)
            width = fmaxf(width, theme->size_text * 24);
    }
    return fminf(width + 32, theme->size_text * 44);
}

static void draw_row(struct view *view, struct draw_box box, const struct menu_row *row, size_t i)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    float size = theme->size_text;
    struct draw_box inside = {box.x + 8, box.y, box.w - 16, box.h};
    if (row->is_head) {
        ui_label(ui, inside, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_small, theme->ink_soft,
                 row->label);
        return;
    }
    struct ui_state state = ui_region(ui, row->name, box, press_row, (uint32_t)i);
    ui_on_key(ui, row_key);
    if (state.is_hover || state.is_focus)
        draw_rect(ui->list, box, 4, theme->accent_soft, state.is_focus ? theme->accent : 0, 2);
    struct draw_box tick = ui_cut_left(&inside, size * 1.6f);
    if (row->is_on)
        mark_sign(ui->list, theme, MARK_TICK, tick.x + size * 0.6f, tick.y + tick.h / 2, size,
                  theme->accent);
    struct draw_box right = ui_cut_right(
        &inside, row->goes_on ? size : draw_width(ui->list, DRAW_FONT_SANS, size, row->keys));
    ui_label(ui, right, DRAW_ALIGN_RIGHT, DRAW_FONT_SANS, size, theme->ink_soft,
             row->goes_on ? SLICE("\xE2\x80\xBA") : row->keys);
    ui_cut_right(&inside, 8);
    ui_label(ui, inside, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, size, theme->ink, row->label);
}

/* The row with the focus, and one beside it so that the next can be reached. */
static void keep_in_sight(const struct ui *ui, struct menu *menu, float shown)
{
    for (size_t i = 0; ui->focus[0] && i < menu->count; i++)
        if (strcmp(ui->focus, menu->rows[i].name) == 0) {
            menu->scroll = fminf(menu->scroll, fmaxf((float)i - 1, 0));
            menu->scroll = fmaxf(menu->scroll, (float)i + 2 - shown);
        }
    menu->scroll = fmaxf(fminf(menu->scroll, (float)menu->count - shown), 0);
}

static void draw_rows(struct view *view, struct menu *menu, struct draw_box inside)
{
    float step = row_step(view), shown = floorf(inside.h / step);
    if (shown < (float)menu->count)
        keep_in_sight(&view->ui, menu, shown);
    else
        menu->scroll = 0;
    ui_clip(&view->ui, inside);
    for (size_t i = 0; i < menu->count; i++) {
        struct draw_box row = {inside.x, inside.y + ((float)i - menu->scroll) * step, inside.w,
                               step};
        if (row.y + step > inside.y && row.y < inside.y + inside.h)
            draw_row(view, row, &menu->rows[i], i);
    }
    ui_unclip(&view->ui);
    scroll_bar_draw(view, inside, (float)menu->count * step, menu->scroll * step);
    ui_wheel(&view->ui, "menu-wheel", inside, turn, 0);
}

enum { NOTE_LINES = 3 };

static bool has_notes(const struct menu *menu)
{
    for (size_t i = 0; i < menu->count; i++)
        if (menu->rows[i].note.size)
            return true;
    return false;
}

/* Of the row under the mouse, or else of the one with the focus. */
static void draw_note(struct view *view, struct draw_box box, const struct menu *menu)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct slice note = SLICE("");
    for (size_t i = 0; i < menu->count; i++)
        if (strcmp(menu->rows[i].name, ui->focus) == 0)
            note = menu->rows[i].note;
    for (size_t i = 0; i < menu->count; i++)
        if (menu->rows[i].note.size && strcmp(menu->rows[i].name, ui->hover) == 0)
            note = menu->rows[i].note;
    draw_line(ui->list, box.x, box.y + 3, box.x + box.w, box.y + 3, theme->card_edge, 1, 0);
    struct draw_box inside = {box.x + 8, box.y + 8, box.w - 16, box.h - 8};
    ui_paragraph(ui, inside, DRAW_FONT_SANS, theme->size_small, theme->ink_soft, note, NOTE_LINES);
}

static void draw_menu(struct view *view, struct draw_box all)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct menu *menu = &doing_of(view)->menu;
    float step = row_step(view), w = fminf(menu_width(view, menu), all.w - 16);
    float note = has_notes(menu) ? NOTE_LINES * draw_line_height(theme->size_small) + 10 : 0;
    float h = fminf((float)(menu->count + 1) * step + 20 + note, all.h - 16);
    struct draw_box box = {floorf(fmaxf(fminf(menu->x, all.w - w - 8), 8)),
                           floorf(fmaxf(fminf(menu->y, all.h - h - 8), 8)), w, h};
    ui_region(ui, "menu-away", all, overlay_close_act, 0);
    ui->widgets.items[ui->widgets.count - 1].can_focus = false;
    draw_shadow(ui->list, box, 8, theme->shadow);
    draw_rect(ui->list, box, 8, theme->panel, theme->card_edge, 1);
    ui_region(ui, "menu-ground", box, NULL, 0);
    struct draw_box inside = ui_inset(box, 8);
    struct draw_box title = ui_cut_top(&inside, step);
    title.x += 8;
    title.w -= 16;
    ui_label(ui, title, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_text, theme->ink, menu->title);
    draw_line(ui->list, inside.x, inside.y, inside.x + inside.w, inside.y, theme->card_edge, 1, 0);
    ui_cut_top(&inside, 4);
    if (note > 0)
        draw_note(view, ui_cut_bottom(&inside, note), menu);
    draw_rows(view, menu, inside);
}

static const struct overlay menu_overlay = {.name = "menu", .draw = draw_menu};

bool menu_is_open(const struct view *view)
{
    return view->overlay == &menu_overlay;
}
