/*
 * Hosts that a person puts elsewhere, by drag or by keys. What is put down stays there, and so does
 * all the rest: hosts that stand apart from the places they have get the places where they are
 * seen.
 */
#include <math.h>

#include "render/view/map_path.h"

struct layout_point map_host_point(const struct view *view, uint32_t host)
{
    uint32_t x, y;
    if (scene_position(&view->scene, host, &x, &y))
        return (struct layout_point){(float)x, (float)y};
    return layout_at(&view->layout, host);
}

static float to_grid(float at, float from, float size)
{
    float share = size > 1 ? (at - from) / size : 0.5f;
    return roundf(fminf(fmaxf(share, 0), 1) * LAYOUT_GRID);
}

struct layout_point map_grid_at(const struct map *map, float x, float y)
{
    return (struct layout_point){to_grid(x, map->room_x, map->room_w),
                                 to_grid(y, map->room_y, map->room_h)};
}

static struct slice add_move(const struct view *view, struct arena *arena, struct slice lines,
                             uint32_t host, struct layout_point at)
{
    return arena_printf(arena, "%.*s%shost move %.*s x=%d y=%d", SLICE_ARG(lines),
                        lines.size ? "\n" : "", SLICE_ARG(scene_place_id(&view->scene, host)),
                        (int)at.x, (int)at.y);
}

/* A few hosts that all can be seen by themselves: of a crowd only those that are moved are kept. */
static bool keeps_others(const struct map *map)
{
    enum { HOSTS_MAX = 40 };
    bool keeps = map->hosts.count <= HOSTS_MAX && map->detail != MAP_DOT;
    for (size_t i = 0; keeps && i < map->hosts.count; i++)
        keeps = !map->hosts.items[i].is_fold;
    return keeps;
}

/* All hosts as they stand where all of the map is seen, the moved one at x, y. */
static bool is_free_at(struct view *view, uint32_t moved, float x, float y)
{
    struct map *map = &view->map;
    for (size_t i = 0; i < map->hosts.count; i++) {
        struct map_host *host = &map->hosts.items[i];
        struct map_extent size = host->sizes[map->detail];
        bool is_moved = host->place == moved;
        float h = size.above + size.h + size.below;
        host->all = (struct draw_box){(is_moved ? x : host->x) - size.w / 2,
                                      (is_moved ? y : host->y) - h / 2, size.w, h};
    }
    return map_is_apart(view, map->room);
}

/* As near to where it was let go as there is room for it: it makes way, not the others. */
static void find_room(struct view *view, uint32_t host)
{
    enum { TURNS = 24, RINGS = 50 };
    const float apart = 8, turn = 6.2831853f / TURNS;
    struct map_drag *drag = &view->map.drag;
    for (int ring = 0; ring < RINGS; ring++)
        for (int i = 0; i < (ring > 0 ? TURNS : 1); i++) {
            float r = (float)ring * apart;
            float x = drag->at_x + r * cosf((float)i * turn);
            float y = drag->at_y + r * sinf((float)i * turn);
            if (!is_free_at(view, host, x, y))
                continue;
            drag->at_x = x;
            drag->at_y = y;
            return;
        }
}

static void ask_move(struct view *view, uint32_t host)
{
    const struct map *map = &view->map;
    if (keeps_others(map))
        find_room(view, host);
    struct arena arena;
    arena_init(&arena);
    struct slice lines =
        add_move(view, &arena, SLICE(""), host, map_grid_at(map, map->drag.at_x, map->drag.at_y));
    for (size_t i = 0; keeps_others(map) && i < map->hosts.count; i++) {
        const struct map_host *other = &map->hosts.items[i];
        struct layout_point has = map_host_point(view, other->place);
        struct layout_point seen = map_grid_at(map, other->x, other->y);
        if (other->place != host && (fabsf(has.x - seen.x) > 1 || fabsf(has.y - seen.y) > 1))
            lines = add_move(view, &arena, lines, other->place, seen);
    }
    request_do(view, lines);
    arena_finish(&arena);
}

/* Its boxes are worked out anew. */
static void put_at(struct map *map, float x, float y)
{
    map->drag.at_x = x;
    map->drag.at_y = y;
    map->is_stale = true;
}

bool map_move_begin(struct view *view, uint32_t place)
{
    const struct map_host *host = map_find(view, place);
    if (!host || host->is_fold)
        return false;
    view->map.drag = (struct map_drag){host->place, 0, 0, host->x, host->y};
    return true;
}

void map_move_to(struct view *view, float x, float y)
{
    map_from_screen(view, x, y, &x, &y);
    put_at(&view->map, x, y);
}

void map_move_by(struct view *view, float x, float y)
{
    struct map *map = &view->map;
    float zoom = map_look(view).zoom;
    put_at(map, fminf(fmaxf(map->drag.at_x + x / zoom, map->room_x), map->room_x + map->room_w),
           fminf(fmaxf(map->drag.at_y + y / zoom, map->room_y), map->room_y + map->room_h));
}

void map_move_end(struct view *view, bool is_kept)
{
    uint32_t host = view->map.drag.place;
    if (host && is_kept && map_find(view, host)) {
        ask_move(view, host);
        view->chosen_host = host;
    }
    view->map.drag.place = 0;
    view->map.is_stale = true;
}

void map_host_drag(struct view *view, uint32_t place, enum ui_drag_phase phase, float x, float y)
{
    struct map *map = &view->map;
    const struct map_host *host = map_find(view, place);
    float at_x, at_y;
    map_from_screen(view, x, y, &at_x, &at_y);
    if (phase == UI_DRAG_BEGIN && map_move_begin(view, place)) {
        map->drag.x = map->drag.at_x - at_x;
        map->drag.y = map->drag.at_y - at_y;
    }
    if (!host || map->drag.place != host->place)
        return;
    put_at(map, at_x + map->drag.x, at_y + map->drag.y);
    if (phase == UI_DRAG_END)
        map_move_end(view, true);
}
