/* Which menu belongs to what was pressed, or to what is chosen; and the menu of all commands. */
#include <math.h>
#include <stdio.h>

#include "render/view/doing.h"
#include "render/view/map_path.h"
#include "render/view/time_panels.h"

static const struct {
    ui_act *act, *menu;
} menus[] = {
    {select_host, menu_host},   {select_message, menu_message}, {select_conn, menu_conn},
    {select_event, menu_event}, {map_fold_act, menu_area},
};

static ui_act *menu_of(const struct ui_widget *w)
{
    for (size_t i = 0; w && !w->menu && i < sizeof menus / sizeof *menus; i++)
        if (w->act == menus[i].act)
            return menus[i].menu;
    return w ? w->menu : NULL;
}

/* With two runs there is each host twice: the one of the run that is chosen. */
static bool host_middle(const struct view *view, uint32_t host, float *x, float *y)
{
    bool of_other = view->other && view->time->compare.chosen == 1;
    for (size_t i = 0; i < view->ui.widgets.count; i++) {
        const struct ui_widget *w = &view->ui.widgets.items[i];
        if (w->act != select_host || w->arg != host || w->of_other != of_other || w->box.w <= 0)
            continue;
        *x = w->box.x + w->box.w / 2;
        *y = w->box.y + w->box.h / 2;
        return true;
    }
    return false;
}

/* How far x, y is from the line between the middles of its ends' cards. */
static float distance(const struct view *view, const struct event_link *l, float x, float y)
{
    float ax, ay, bx, by;
    if (!host_middle(view, l->a, &ax, &ay) || !host_middle(view, l->b, &bx, &by))
        return INFINITY;
    float dx = bx - ax, dy = by - ay, whole = dx * dx + dy * dy;
    float along = whole > 0 ? ((x - ax) * dx + (y - ay) * dy) / whole : 0;
    along = fminf(fmaxf(along, 0), 1);
    return hypotf(ax + along * dx - x, ay + along * dy - y);
}

static uint32_t link_under(const struct view *view, float x, float y)
{
    const struct event_link *l;
    uint32_t found = 0;
    float nearest = 10;
    for (uint32_t link = 1; (l = log_link(view->log, link)); link++) {
        if (!scene_has_link(&view->scene, link))
            continue;
        float d = distance(view, l, x, y);
        if (d < nearest) {
            nearest = d;
            found = link;
        }
    }
    return found;
}

static bool is_on_map(const struct view *view)
{
    bool is_other = view->other && view->time->compare.chosen == 1;
    const struct map *map = is_other ? &view->other->map : &view->map;
    return ui_is_inside(map->box, view->ui.mouse_x, view->ui.mouse_y);
}

uint32_t menu_link_under_mouse(const struct view *view)
{
    enum { LINKS_MAX = 2000 };
    bool is_there = is_on_map(view) && view->log->links.count < LINKS_MAX;
    return is_there ? link_under(view, view->ui.mouse_x, view->ui.mouse_y) : 0;
}

void menu_at(struct view *view, const struct ui_widget *w)
{
    ui_act *menu = menu_of(w);
    view->ui.focus[0] = '\0';
    compare_choose_at_mouse(view);
    if (menu) {
        menu(view, w->arg);
        return;
    }
    if (view->overlay || !is_on_map(view))
        return;
    uint32_t link = menu_link_under_mouse(view);
    if (link)
        menu_link(view, link);
    else
        menu_ground(view, 0);
}

/* By key: of what has the focus, else of the chosen host, else of the map. */
void menu_key_act(struct view *view, uint32_t arg)
{
    const struct ui_widget *w = view->ui.focus[0] ? ui_find(&view->ui, view->ui.focus) : NULL;
    ui_act *menu = menu_of(w);
    (void)arg;
    if (menu) {
        menu(view, w->arg);
        return;
    }
    if (view->chosen_host)
        menu_host(view, view->chosen_host);
    else
        menu_ground(view, 0);
    struct menu *shown = &view->doing->menu; /* where the host is, not where the mouse was left */
    (void)host_middle(view, view->chosen_host, &shown->x, &shown->y);
}

/* ---- all commands, by what they are about ---- */

static const struct {
    const char *title, *names; /* of commands, separated by blanks */
} sections[] = {
    {TR("Mail"), "compose get-mail mail"},
    {TR("What goes wrong"), "faults what-if fork-keep fork-drop undo redo"},
    {TR("The network"), "menu settings console edit rename remove people records admds"},
    {TR("Files"), "new-network open read-header compare save picture export record copy quit"},
    {TR("Time"), "play until home end faster slower bookmark bookmarks"},
    {TR("The picture"), "preferences theme larger smaller ladder packets big-map fit zoom-in "
                        "zoom-out follow swap told help palette"},
};
enum { SECTION_COUNT = sizeof sections / sizeof sections[0] };

static void open_section(struct view *view, uint32_t i)
{
    struct menu *menu = menu_begin(view, slice_of(tr(sections[i].title)));
    struct slice rest = slice_of(sections[i].names), name;
    while (slice_cut(&rest, ' ', &name))
        menu_command(menu, arena_copy(&menu->arena, name).data);
    menu_show(view);
}

void menu_main_act(struct view *view, uint32_t arg)
{
    (void)arg;
    struct menu *menu = menu_begin(view, slice_of(tr("All commands")));
    for (uint32_t i = 0; i < SECTION_COUNT; i++) {
        char name[UI_NAME];
        snprintf(name, sizeof name, "section-%u", i + 1);
        menu_more(menu, name, tr(sections[i].title), open_section, i);
    }
    const struct ui_widget *button = ui_find(&view->ui, "main-menu");
    if (button) {
        menu->x = button->box.x;
        menu->y = button->box.y + button->box.h;
    }
    menu_show(view);
}
