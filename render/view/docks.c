#include "render/view/docks.h"

#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/draw/mark.h"
#include "render/view/console.h"
#include "render/view/inspector.h"
#include "render/view/lesson_panel.h"
#include "render/view/menu.h"
#include "render/view/time_panels.h"

const struct tab tabs[] = {
    {"dialogue", TR("Dialogue"), DOCK_TALK, dialogue_draw, dialogue_tell},
    {"states", TR("State"), DOCK_TALK, states_draw, states_tell},
    {"bytes", TR("Bytes"), DOCK_TALK, bytes_draw, bytes_tell},
    {"dns", TR("DNS"), DOCK_TALK, dns_panel_draw, dns_panel_tell},
    {"header", TR("Header"), DOCK_MESSAGE, header_draw, header_tell},
    {"layers", TR("Layers"), DOCK_MESSAGE, layers_draw, layers_tell},
    {"parts", TR("Parts"), DOCK_MESSAGE, parts_draw, parts_tell},
    {"changes", TR("Changes"), DOCK_MESSAGE, changes_draw, changes_tell},
    {"host", TR("Host"), DOCK_MESSAGE, host_panel_draw, host_panel_tell},
    {"events", TR("What happened"), DOCK_RUN, events_draw, events_tell},
    {"ladder", TR("Ladder"), DOCK_RUN, ladder_draw, ladder_tell},
    {"console", TR("Console"), DOCK_RUN, console_panel_draw, console_panel_tell},
    {"compare", TR("Two runs"), DOCK_RUN, compare_draw, compare_tell},
};
const int tab_count = sizeof tabs / sizeof tabs[0];

enum { BIG_MAP = -1, BIG_NONE = -2, GAP = 8 };

/* In a compact view two docks share a place, in a tight one all do. */
static enum view_dock place_of(const struct view *view, enum view_dock dock)
{
    if (view->is_tight)
        return DOCK_TALK;
    return dock == DOCK_RUN && view->is_compact ? DOCK_MESSAGE : dock;
}

void docks_tab_act(struct view *view, uint32_t tab)
{
    if (tab < (uint32_t)tab_count)
        view->tabs[place_of(view, tabs[tab].dock)] = (int)tab;
}

void docks_show(struct view *view, const char *name)
{
    for (int i = 0; i < tab_count; i++) {
        if (strcmp(tabs[i].name, name) != 0)
            continue;
        docks_tab_act(view, (uint32_t)i);
        if (tabs[i].dock != DOCK_RUN || view->is_compact)
            lesson_give_way(view);
    }
}

/* The tab of a dock that is shown: the chosen one, or its first. */
static int shown_tab(const struct view *view, enum view_dock dock)
{
    int chosen = view->tabs[dock];
    if (place_of(view, tabs[chosen].dock) == dock)
        return chosen;
    for (int i = 0; i < tab_count; i++)
        if (place_of(view, tabs[i].dock) == dock)
            return i;
    return 0;
}

void docks_swap_act(struct view *view, uint32_t arg)
{
    (void)arg;
    enum view_dock place = view->is_tight ? DOCK_TALK : DOCK_MESSAGE;
    enum view_dock now = tabs[shown_tab(view, place)].dock;
    if (!view->is_compact)
        return;
    enum view_dock next = now == DOCK_RUN ? place : now + 1;
    for (int i = 0; i < tab_count; i++)
        if (tabs[i].dock == next) {
            view->tabs[place] = i;
            return;
        }
}

void docks_big_act(struct view *view, uint32_t arg)
{
    int big = (int)arg - 1;
    view->big = view->big == big ? BIG_NONE : big;
}

/* ---- a dock ---- */

static float tab_width(const struct view *view, int i, bool is_shown)
{
    enum draw_font font = is_shown ? DRAW_FONT_BOLD : DRAW_FONT_SANS;
    float size = view->ui.theme->size_text;
    return draw_width(view->ui.list, font, size, slice_of(tr(tabs[i].label))) + 20;
}

/* Who opens a console wants to type: letters that follow are no commands (Q would leave). */
static void press_tab(struct view *view, uint32_t tab)
{
    if (tab < (uint32_t)tab_count && tabs[tab].draw == console_panel_draw)
        console_act(view, 0);
    else
        docks_tab_act(view, tab);
}

static void draw_tab(struct view *view, struct draw_box *row, int i, bool is_shown)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct slice label = slice_of(tr(tabs[i].label));
    enum draw_font font = is_shown ? DRAW_FONT_BOLD : DRAW_FONT_SANS;
    struct draw_box box = ui_cut_left(row, fminf(tab_width(view, i, is_shown), fmaxf(row->w, 0)));
    char name[UI_NAME];
    snprintf(name, sizeof name, "tab-%s", tabs[i].name);
    struct ui_state state = ui_region(ui, name, box, press_tab, (uint32_t)i);
    if (state.is_hover || state.is_focus)
        draw_rect(ui->list, box, 4, theme->accent_soft, state.is_focus ? theme->accent : 0, 2);
    ui_label(ui, box, DRAW_ALIGN_CENTER, font, theme->size_text,
             is_shown ? theme->ink : theme->ink_soft, label);
    if (is_shown)
        draw_rect(ui->list, (struct draw_box){box.x + 6, box.y + box.h - 3, box.w - 12, 3}, 1.5f,
                  theme->accent, 0, 0);
}

/* The tabs of a dock for which its row has no room. */
static void more_tabs(struct view *view, uint32_t hidden)
{
    struct menu *menu = menu_begin(view, slice_of(tr("More")));
    for (int i = 0; i < tab_count; i++)
        if (hidden >> i & 1)
            menu_act(menu, tabs[i].name, tr(tabs[i].label), press_tab, (uint32_t)i);
    menu_show(view);
}

static float row_width(const struct view *view, enum view_dock dock, int shown)
{
    float width = 0;
    for (int i = 0; i < tab_count; i++)
        if (place_of(view, tabs[i].dock) == dock)
            width += tab_width(view, i, i == shown);
    return width;
}

/* Those that fit, always with the shown one; behind them a button for the others. */
static void draw_tabs(struct view *view, struct draw_box *row, enum view_dock dock, int shown)
{
    char name[UI_NAME];
    float more = row->h * 1.3f;
    bool fits = row_width(view, dock, shown) <= row->w;
    float room = fits ? row->w : row->w - more - tab_width(view, shown, true);
    uint32_t hidden = 0;
    for (int i = 0; i < tab_count; i++) {
        if (place_of(view, tabs[i].dock) != dock)
            continue;
        float width = tab_width(view, i, false);
        if (!fits && i != shown && width > room) {
            hidden |= 1u << i;
            continue;
        }
        room -= fits || i == shown ? 0 : width;
        draw_tab(view, row, i, i == shown);
    }
    if (!hidden)
        return;
    snprintf(name, sizeof name, "tabs-more-%d", (int)dock);
    ui_button(&view->ui, name, ui_inset(ui_cut_left(row, more), 1), "\xE2\x80\xA6", more_tabs,
              hidden, 0);
    ui_tip(&view->ui, slice_of(tr("More")));
}

/* All the room for this dock, or as before. */
static void draw_big(struct view *view, struct draw_box box, enum view_dock dock)
{
    struct ui *ui = &view->ui;
    bool is_big = view->big == (int)dock;
    char name[UI_NAME];
    snprintf(name, sizeof name, "big-%d", (int)dock);
    struct ui_state state = ui_region(ui, name, box, docks_big_act, (uint32_t)dock + 1);
    ui_tip(ui, slice_of(is_big ? tr("As before") : tr("All the room for this")));
    uint32_t ink = state.is_hover || state.is_focus ? ui->theme->accent : ui->theme->ink_soft;
    struct draw_box outer = ui_inset(box, box.h * 0.28f);
    draw_rect(ui->list, outer, 1, 0, ink, 1.5f);
    struct draw_box inner = is_big ? (struct draw_box){outer.x, outer.y + outer.h * 0.5f,
                                                       outer.w * 0.5f, outer.h * 0.5f}
                                   : (struct draw_box){outer.x, outer.y, outer.w, 3};
    draw_rect(ui->list, inner, 1, ink, 0, 0);
}

static void draw_dock(struct view *view, enum view_dock dock, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    char name[UI_NAME];
    snprintf(name, sizeof name, "dock-%d", (int)dock);
    ui_region(ui, name, box, NULL, 0);
    draw_rect(ui->list, box, 8, theme->panel, theme->panel_edge, 1);
    struct draw_box inside = {box.x + 12, box.y + 4, box.w - 24, box.h - 14};
    struct draw_box row = ui_cut_top(&inside, draw_line_height(theme->size_text) + 10);
    row.x -= 8;
    row.w += 12;
    draw_big(view, ui_cut_right(&row, row.h), dock);
    int shown = shown_tab(view, dock);
    draw_tabs(view, &row, dock, shown);
    ui_cut_top(&inside, 6);
    if (!compare_draw_tab(view, &tabs[shown], inside, &row))
        tabs[shown].draw(view, inside, &row);
}

/* The dock in which the widget with the focus lies; DOCK_COUNT: in none. */
static enum view_dock dock_with_focus(const struct view *view)
{
    const struct ui_widget *w = view->ui.focus[0] ? ui_find(&view->ui, view->ui.focus) : NULL;
    for (int dock = 0; w && dock < DOCK_COUNT; dock++) {
        char name[UI_NAME];
        snprintf(name, sizeof name, "dock-%d", dock);
        const struct ui_widget *room = ui_find(&view->ui, name);
        if (room && ui_is_inside(room->box, w->box.x + w->box.w / 2, w->box.y + w->box.h / 2))
            return (enum view_dock)dock;
    }
    return DOCK_COUNT;
}

void docks_copy_act(struct view *view, uint32_t arg)
{
    enum view_dock dock = dock_with_focus(view);
    const struct tab *tab = dock == DOCK_COUNT ? NULL : &tabs[shown_tab(view, dock)];
    struct arena arena;
    struct bytes text;
    (void)arg;
    arena_init(&arena);
    bytes_init(&text, VIEW_REQUEST_MAX - 1);
    if (tab && tab->tell && !view->overlay)
        tab->tell(view, &arena, &text);
    request_add(view, VIEW_REQUEST_COPY, bytes_slice(&text));
    bytes_finish(&text);
    arena_finish(&arena);
}

void docks_tell(struct view *view, struct arena *arena, struct bytes *out)
{
    const struct tab *only = only_tab(view);
    if (only && only->tell)
        only->tell(view, arena, out);
    for (int dock = 0; dock < DOCK_COUNT && !only_is_on(view); dock++) {
        const struct tab *tab = &tabs[shown_tab(view, (enum view_dock)dock)];
        bool is_past = tab->tell == events_tell; /* told is what is now */
        if (!tab->tell || is_past || tab->tell == states_tell ||
            place_of(view, tab->dock) != (enum view_dock)dock)
            continue;
        (void)bytes_printf(out, "\n%s:\n", tr(tab->label));
        tab->tell(view, arena, out);
    }
}

/* ---- the borders between them, drawn with the mouse ---- */

enum split { SPLIT_RIGHT, SPLIT_TALK, SPLIT_RUN };

static float *share_of(struct view *view, uint32_t split)
{
    return split == SPLIT_RIGHT  ? &view->split_right
           : split == SPLIT_TALK ? &view->split_talk
                                 : &view->split_run;
}

static void drag_split(struct view *view, uint32_t split, enum ui_drag_phase phase, float x,
                       float y)
{
    const struct ui_widget *room = ui_find(&view->ui, "docks");
    if (!room || phase == UI_DRAG_BEGIN)
        return;
    struct draw_box all = room->box;
    float share = split == SPLIT_RIGHT  ? (all.x + all.w - x) / all.w
                  : split == SPLIT_TALK ? (y - all.y) / all.h
                                        : (all.y + all.h - y) / all.h;
    *share_of(view, split) = fminf(fmaxf(share, 0.12f), 0.8f);
}

/* A double meaning would surprise: a press alone does nothing. */
static void press_split(struct view *view, uint32_t split)
{
    (void)view;
    (void)split;
}

static void draw_split(struct view *view, const char *name, struct draw_box box, enum split split)
{
    struct ui_state state = ui_region(&view->ui, name, box, press_split, split);
    view->ui.widgets.items[view->ui.widgets.count - 1].can_focus = false;
    ui_on_drag(&view->ui, drag_split);
    if (state.is_hover)
        draw_rect(view->ui.list, ui_inset(box, 2), 2, ui_fade(view->ui.theme->accent, 0.6f), 0, 0);
}

static float clamp(float value, float low, float high)
{
    return fminf(fmaxf(value, low), high);
}

static void draw_right(struct view *view, struct draw_box right)
{
    if (view->is_tight) {
        draw_dock(view, DOCK_TALK, right);
        return;
    }
    float plain = view->is_compact ? 0.46f : 0.5f;
    float share = view->split_talk > 0 ? view->split_talk : plain;
    draw_dock(view, DOCK_TALK, ui_cut_top(&right, floorf(right.h * share)));
    draw_split(view, "split-talk", ui_cut_top(&right, GAP), SPLIT_TALK);
    draw_dock(view, DOCK_MESSAGE, right);
}

/* So many rows that the list below the map is of use, and the map still has most of the room. */
static float run_height(const struct view *view, float h)
{
    const struct theme *theme = view->ui.theme;
    float line = draw_line_height(theme->size_text), step = line + 4;
    if (view->split_run > 0)
        return floorf(clamp(h * view->split_run, 3 * step, h - 8 * step));
    bool is_console = tabs[shown_tab(view, DOCK_RUN)].draw == console_panel_draw;
    float rows = clamp(floorf((h * 0.22f - 52) / step), is_console ? 8 : 3, 14);
    return rows * step + line + 30;
}

void docks_draw_map(struct view *view, struct draw_box box)
{
    caption_draw(view, ui_cut_bottom(&box, caption_height(view)));
    ui_cut_bottom(&box, GAP);
    if (!compare_draw_maps(view, box))
        map_draw(view, box);
}

void docks_draw(struct view *view, struct draw_box all)
{
    enum { COMPACT_LINES = 30, TIGHT_LINES = 20 };
    const struct theme *theme = view->ui.theme;
    view->is_compact = all.h < COMPACT_LINES * draw_line_height(theme->size_text);
    view->is_tight = all.h < TIGHT_LINES * draw_line_height(theme->size_text);
    ui_region(&view->ui, "docks", all, NULL, 0);
    if (view->big == BIG_MAP) {
        docks_draw_map(view, all);
        return;
    }
    if (view->big >= 0) {
        caption_draw(view, ui_cut_bottom(&all, caption_height(view)));
        ui_cut_bottom(&all, GAP);
        draw_dock(view, place_of(view, (enum view_dock)view->big), all);
        return;
    }
    float share = view->split_right > 0 ? view->split_right : view->is_compact ? 0.36f : 0.34f;
    float least = theme->size_text * 22, w = clamp(all.w * share, least, all.w - least);
    bool has_right = !lesson_hides_docks(view);
    struct draw_box right = {0}, right_edge = {0}, run = {0}, run_edge = {0};
    if (has_right) {
        right = ui_cut_right(&all, floorf(view->split_right > 0 ? w : fminf(w, 900)));
        right_edge = ui_cut_right(&all, GAP);
    }
    if (!view->is_compact) {
        run = ui_cut_bottom(&all, run_height(view, all.h));
        run_edge = ui_cut_bottom(&all, GAP);
    }
    docks_draw_map(view, all); /* in the order in which one reads: Tab follows it */
    if (has_right) {
        draw_right(view, right);
        draw_split(view, "split-right", right_edge, SPLIT_RIGHT);
    }
    if (!view->is_compact) {
        draw_dock(view, DOCK_RUN, run);
        draw_split(view, "split-run", run_edge, SPLIT_RUN);
    }
}
