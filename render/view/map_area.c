/* The areas of organisations: tint, hatch and name. */
#include <math.h>
#include <stdio.h>

#include "render/view/map_path.h"
#include "render/view/menu.h"

static bool is_shown(const struct view *view, const struct map_group *group)
{
    const struct draw_box box = view->map.box;
    return map_has_area(group) && group->box.x < box.x + box.w && group->box.y < box.y + box.h &&
           group->box.x + group->box.w > box.x && group->box.y + group->box.h > box.y;
}

void map_areas_draw(struct view *view)
{
    const struct theme *theme = view->ui.theme;
    for (size_t i = 0; i < view->map.groups.count; i++) {
        const struct map_group *group = &view->map.groups.items[i];
        if (!is_shown(view, group))
            continue;
        draw_rect(view->ui.list, group->box, 12, theme->tints[group->tint % 6], theme->card_edge,
                  1);
        draw_hatch(view->ui.list, group->box, 12, ui_fade(theme->ink_faint, 0.14f),
                   10 + 5 * (float)(group->tint % 4));
    }
}

/* ---- names ---- */

/* How many of the lines go through the box. */
static int crossings(const struct view *view, struct draw_box box)
{
    enum { LINES_LOOKED_AT = 300 };
    int count = 0;
    struct map_leg leg;
    for (size_t i = 0; i < view->map.lines.count && i < LINES_LOOKED_AT; i++) {
        const struct map_line *line = &view->map.lines.items[i];
        if (map_leg(view, view->map.hosts.items[line->a].place,
                    view->map.hosts.items[line->b].place, &leg))
            count += map_crosses(box, leg.x1, leg.y1, leg.x2, leg.y2);
    }
    return count;
}

/* At the left of the upper edge, or where no line goes through it. */
static struct draw_box title_box(const struct view *view, struct draw_box area, float w, float h)
{
    struct draw_box best = {area.x + 10, area.y + 3, w, h};
    int least = crossings(view, best);
    for (int i = 1; i <= 6 && least > 0; i++) {
        struct draw_box box = best;
        box.x = area.x + 10 + (area.w - 20 - w) * (float)i / 6;
        int count = crossings(view, box);
        if (count < least)
            least = count, best = box;
    }
    return best;
}

/* Of an area that is only partly in sight the name stands in that part. */
static struct draw_box visible_part(const struct view *view, struct draw_box area)
{
    const struct draw_box map = ui_inset(view->map.box, 2);
    float left = fmaxf(area.x, map.x), right = fminf(area.x + area.w, map.x + map.w);
    return (struct draw_box){left, area.y, right - left, area.h};
}

void map_place_titles(struct view *view)
{
    const struct theme *theme = view->ui.theme;
    vector_clear(&view->map.titled);
    for (size_t i = 0; i < view->map.groups.count; i++) {
        struct map_group *group = &view->map.groups.items[i];
        if (!is_shown(view, group))
            continue;
        struct draw_box area = visible_part(view, group->box);
        float w = draw_width(view->ui.list, DRAW_FONT_BOLD, theme->size_text, group->name) + 12;
        w = fminf(w, area.w - 16);
        if (w < theme->size_text * 2)
            continue;
        *vector_add(&view->map.titled) = (uint32_t)i;
        group->title = title_box(view, area, floorf(w), draw_line_height(theme->size_text) + 2);
    }
}

/* Over the links and the hatch, on ground of its own. */
void map_titles_draw(struct view *view)
{
    const struct theme *theme = view->ui.theme;
    for (size_t i = 0; i < view->map.titled.count; i++) {
        const struct map_group *group = &view->map.groups.items[view->map.titled.items[i]];
        struct draw_box box = group->title;
        draw_rect(view->ui.list, box, 4, theme->tints[group->tint % 6], 0, 0);
        ui_label(&view->ui, (struct draw_box){box.x + 4, box.y, box.w - 4, box.h}, DRAW_ALIGN_LEFT,
                 DRAW_FONT_BOLD, theme->size_text, theme->ink_soft, group->name);
    }
}

/* A press on the name folds the organisation; where one host is all of it, it has its menu only. */
void map_title_regions(struct view *view)
{
    struct ui *ui = &view->ui;
    for (size_t i = 0; i < view->map.titled.count; i++) {
        const struct map_group *group = &view->map.groups.items[view->map.titled.items[i]];
        char name[UI_NAME];
        *vector_add(&view->map.taken) = group->title;
        bool can_fold = group->host_count > 1;
        snprintf(name, sizeof name, "admd-%.*s",
                 SLICE_ARG(slice_part(group->name, 0, UI_NAME - 6)));
        struct ui_state state =
            ui_region(ui, name, group->title, can_fold ? map_fold_act : menu_area, group->first);
        ui_on_menu(ui, menu_area);
        if (can_fold)
            ui_tip(ui, slice_of(tr("Fold into one card")));
        if (state.is_hover || state.is_focus)
            draw_rect(ui->list, group->title, 4, 0, ui->theme->accent, 1.5f);
    }
}
