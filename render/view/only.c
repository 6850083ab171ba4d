/* One panel in place of the window: for pictures and films of the map, the ladder, a header. */
#include <math.h>
#include <string.h>

#include "render/view/docks.h"
#include "render/view/ladder.h"
#include "render/view/words.h"
#include "render/view/words_say.h"

enum { ONLY_ALL, ONLY_MAP, ONLY_TABS, EDGE = 16 }; /* from ONLY_TABS on a tab of docks.c */

const char *view_panel_name(size_t i)
{
    static const char *const firsts[] = {[ONLY_ALL] = "window", [ONLY_MAP] = "map"};
    if (i < ONLY_TABS)
        return firsts[i];
    return i - ONLY_TABS < (size_t)tab_count ? tabs[i - ONLY_TABS].name : NULL;
}

bool view_show_only(struct view *view, const char *panel)
{
    const char *name;
    for (int i = 0; (name = view_panel_name((size_t)i)); i++)
        if (strcmp(name, panel) == 0) {
            view->only = i;
            return true;
        }
    return false;
}

bool only_is_on(const struct view *view)
{
    return view->only != ONLY_ALL;
}

const struct tab *only_tab(const struct view *view)
{
    return view->only >= ONLY_TABS ? &tabs[view->only - ONLY_TABS] : NULL;
}

static const char *label_of(const struct view *view)
{
    return only_tab(view) ? tr(only_tab(view)->label) : tr("Map");
}

/* "Two towns: Ladder, 09:00:00.300" */
struct slice only_title(const struct view *view, struct arena *arena, struct slice title)
{
    struct slice clock = words_clock(view->log, arena, view->t);
    return arena_printf(arena, "%.*s: %s, %.*s", SLICE_ARG(title), label_of(view),
                        SLICE_ARG(clock));
}

static float head_height(const struct theme *theme)
{
    return draw_line_height(theme->size_title) + 8;
}

static float foot_height(const struct theme *theme)
{
    return draw_line_height(theme->size_text) + 8;
}

/* Which rows these are, and that there are more hosts, when not all is shown. */
static void draw_foot(struct view *view, struct draw_box box)
{
    const struct ladder *ladder = ladder_of(view);
    struct arena *arena = &view->ui.list->arena;
    size_t count = ladder->rows.shown_count;
    struct slice rows = SLICE(""), hosts = SLICE("");
    if (only_tab(view)->draw != ladder_draw)
        return;
    if (ladder->end - ladder->first < count)
        rows = WORDS_SAY(arena, tr("Rows {from} to {to} of {count}"),
                         {"from", words_number(arena, (uint32_t)ladder->first + 1)},
                         {"to", words_number(arena, (uint32_t)ladder->end)},
                         {"count", words_number(arena, (uint32_t)count)});
    if (ladder->most_x > 0)
        hosts = WORDS_SAY(arena, tr("{count} columns, not all of them in sight"),
                          {"count", words_number(arena, (uint32_t)ladder->columns.count)});
    ui_label(&view->ui, box, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, view->ui.theme->size_text,
             view->ui.theme->ink,
             arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(rows), rows.size && hosts.size ? "; " : "",
                          SLICE_ARG(hosts)));
}

void only_draw(struct view *view, struct draw_box all)
{
    const struct theme *theme = view->ui.theme;
    struct draw_box box = ui_inset(all, EDGE);
    struct draw_box head = ui_cut_top(&box, head_height(theme)), none = {0};
    ui_label(&view->ui, head, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, theme->size_title, theme->ink,
             view->ui.list->title);
    if (!only_tab(view)) {
        docks_draw_map(view, box);
        return;
    }
    struct draw_box foot = ui_cut_bottom(&box, foot_height(theme));
    only_tab(view)->draw(view, box, &none);
    draw_foot(view, foot);
}

float view_height_wanted(struct view *view)
{
    const struct theme *theme = view->ui.theme;
    if (!only_tab(view) || only_tab(view)->draw != ladder_draw || !theme)
        return 0;
    float rows = (float)(ladder_of(view)->rows.shown_count + 1) * ladder_row_height(view);
    return ceilf(
        (rows + head_height(theme) + foot_height(theme) + ladder_head_height(view) + 2 * EDGE) *
        view->zoom);
}
