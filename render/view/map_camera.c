/*
 * Looking at a part of the map: panning, zooming, following the message. The map spreads as one
 * looks closer, letters stay as large as they are, and so there is room for more on the cards.
 */
#include <math.h>
#include <stdio.h>

#include "render/view/map_path.h"

#define ZOOM_STEP 1.25f
#define ZOOM_LEAST 0.5f
#define ZOOM_MOST 60.0f
/* More on a card than where all is shown only when one has come visibly closer. */
#define CLOSER 1.15f
/* Between cards of one group, and between those of two with the titles of their areas. */
#define GAP 8.0f
#define GAP_STRANGERS 24.0f

/* ---- which detail has room from which zoom on ---- */

static float height_of(struct map_extent x)
{
    return x.above + x.h + x.below;
}

static float pair_zoom(const struct map_host *a, const struct map_host *b, int detail)
{
    float gap = a->group == b->group ? GAP : GAP_STRANGERS;
    float w = (a->sizes[detail].w + b->sizes[detail].w) / 2 + gap;
    float h = (height_of(a->sizes[detail]) + height_of(b->sizes[detail])) / 2 + gap;
    float dx = fabsf(a->x - b->x), dy = fabsf(a->y - b->y);
    return fminf(dx > 0.01f ? w / dx : ZOOM_MOST, dy > 0.01f ? h / dy : ZOOM_MOST);
}

static void need(struct map *map, const struct map_host *a, const struct map_host *b)
{
    for (int detail = 0; detail < MAP_DOT; detail++) {
        float zoom = fminf(pair_zoom(a, b, detail), ZOOM_MOST);
        float *of_a = &map->groups.items[a->group].least_zoom[detail];
        float *of_b = &map->groups.items[b->group].least_zoom[detail];
        *of_a = fmaxf(*of_a, zoom);
        *of_b = fmaxf(*of_b, zoom);
    }
}

/* What no group needs less of. */
static float least_of_all(const struct map *map)
{
    float least = ZOOM_MOST;
    for (size_t i = 0; i < map->groups.count; i++)
        for (int detail = 0; detail < MAP_DOT; detail++)
            least = fminf(least, map->groups.items[i].least_zoom[detail]);
    return least;
}

/* Hosts are in order of x: only those near enough to be in each other's way are looked at, and of
   them only those that are nearer than what is needed anyhow. */
static void need_apart(struct map *map)
{
    float widest = 0;
    for (size_t i = 0; i < map->hosts.count; i++)
        widest = fmaxf(widest, map->hosts.items[i].sizes[MAP_FULL].w + GAP_STRANGERS);
    for (size_t i = 0; i < map->hosts.count; i++) {
        float near = widest / fmaxf(least_of_all(map), 1);
        for (size_t k = i + 1; k < map->hosts.count; k++) {
            if (map->hosts.items[k].x - map->hosts.items[i].x > near)
                break;
            need(map, &map->hosts.items[i], &map->hosts.items[k]);
        }
    }
}

void map_find_zooms(struct view *view)
{
    struct map *map = &view->map;
    for (size_t i = 0; i < map->groups.count; i++)
        for (int detail = 0; detail < MAP_DOT; detail++)
            map->groups.items[i].least_zoom[detail] = ZOOM_LEAST;
    need_apart(map);
    for (size_t i = 0; i < map->groups.count; i++)
        for (int detail = 0; detail < MAP_DOT; detail++) {
            float *least = &map->groups.items[i].least_zoom[detail];
            if (detail == (int)map->detail)
                *least = fminf(*least, 1);
            else if (detail < (int)map->detail)
                *least = fmaxf(*least, CLOSER);
        }
    map->is_stale = true;
}

static enum map_detail detail_at(const struct map_group *group, float zoom)
{
    enum map_detail detail = MAP_FULL;
    while (detail < MAP_DOT && zoom < group->least_zoom[detail])
        detail++;
    return detail;
}

/* ---- the camera ---- */

/* The middle may go as far as the edge of the map comes to the middle of the box. */
static struct map_camera kept_camera(struct map_camera camera)
{
    if (!(camera.zoom > 0))
        return (struct map_camera){0.5f, 0.5f, 1, camera.is_following};
    camera.zoom = fminf(fmaxf(camera.zoom, ZOOM_LEAST), ZOOM_MOST);
    camera.x = fminf(fmaxf(camera.x, 0), 1);
    camera.y = fminf(fmaxf(camera.y, 0), 1);
    return camera;
}

/* Where the chosen message is, in units of the arranged map: on its way, or with who has it. */
static bool message_at(const struct view *view, float *x, float *y)
{
    struct scene_flight flight;
    for (size_t i = 0; view->msg && scene_flight(&view->scene, i, &flight); i++)
        if (flight.msg == view->msg && flight.cargo == SCENE_CARGO_MESSAGE &&
            map_middle_at(view, flight.path, flight.path_count,
                          view->settings.is_calm ? 0.5 : flight.position, x, y))
            return true;
    const struct map_host *host = map_find(view, map_message_place(view));
    if (!host)
        return false;
    *x = host->x;
    *y = host->y;
    return true;
}

struct map_camera map_look(const struct view *view)
{
    struct map_camera camera = kept_camera(view->map.camera);
    float x, y;
    if (!camera.is_following || camera.zoom <= 1 || !message_at(view, &x, &y))
        return camera;
    camera.x = (x - view->map.box.x) / view->map.box.w;
    camera.y = (y - view->map.box.y) / view->map.box.h;
    return kept_camera(camera);
}

static void to_screen(const struct map *map, float x, float y, float *out_x, float *out_y)
{
    const struct map_camera *c = &map->shown;
    *out_x = map->box.x + map->box.w / 2 + (x - map->box.x - c->x * map->box.w) * c->zoom;
    *out_y = map->box.y + map->box.h / 2 + (y - map->box.y - c->y * map->box.h) * c->zoom;
}

void map_from_screen(const struct view *view, float x, float y, float *out_x, float *out_y)
{
    const struct map *map = &view->map;
    const struct map_camera *c = &map->shown;
    float zoom = c->zoom > 0 ? c->zoom : 1;
    *out_x = map->box.x + c->x * map->box.w + (x - map->box.x - map->box.w / 2) / zoom;
    *out_y = map->box.y + c->y * map->box.h + (y - map->box.y - map->box.h / 2) / zoom;
}

/* ---- boxes on the screen ---- */

static bool is_in(struct draw_box a, struct draw_box box)
{
    return a.x < box.x + box.w && a.y < box.y + box.h && a.x + a.w > box.x && a.y + a.h > box.y;
}

/* A crowd of dots leaves room between them for the lines; who comes closer sees them grow. */
static struct map_extent extent_of(const struct map *map, const struct map_host *host)
{
    struct map_extent s = host->sizes[host->detail];
    if (host->detail != MAP_DOT)
        return s;
    float apart = sqrtf(map->box.w * map->box.h / 2 / (float)map->hosts.count) * map->shown.zoom;
    s.w = s.h = fminf(s.w, fmaxf(apart * 0.6f, 3));
    return s;
}

static void place_card(struct view *view, struct map_host *host)
{
    struct map *map = &view->map;
    float x, y;
    bool is_dragged = map->drag.place && host->place == map->drag.place && !host->is_fold;
    to_screen(map, is_dragged ? map->drag.at_x : host->x, is_dragged ? map->drag.at_y : host->y, &x,
              &y);
    host->detail = detail_at(&map->groups.items[host->group], map->shown.zoom);
    struct map_extent s = extent_of(map, host);
    host->all =
        (struct draw_box){floorf(x - s.w / 2), floorf(y - height_of(s) / 2), s.w, height_of(s)};
    host->card = (struct draw_box){host->all.x, floorf(host->all.y + s.above), s.w, s.h};
    host->is_seen = is_in(host->all, map->box);
}

void map_project(struct view *view)
{
    struct map *map = &view->map;
    struct map_camera camera = map_look(view);
    if (!map->is_stale && map->shown.zoom == camera.zoom && map->shown.x == camera.x &&
        map->shown.y == camera.y)
        return;
    map->is_stale = false;
    map->shown = camera;
    vector_clear(&map->seen);
    for (size_t i = 0; i < map->hosts.count; i++) {
        place_card(view, &map->hosts.items[i]);
        if (map->hosts.items[i].is_seen)
            *vector_add(&map->seen) = (uint32_t)i;
    }
    map_box_groups(view);
    map_place_titles(view);
}

/* ---- what a person does ---- */

/* The point of the map that is at x, y on the screen stays there. */
static void zoom_at(struct view *view, float factor, float x, float y)
{
    struct map *map = &view->map;
    struct map_camera camera = map_look(view);
    float world_x, world_y;
    map_from_screen(view, x, y, &world_x, &world_y);
    camera.zoom *= factor;
    camera = kept_camera(camera);
    camera.x =
        (world_x - map->box.x - (x - map->box.x - map->box.w / 2) / camera.zoom) / map->box.w;
    camera.y =
        (world_y - map->box.y - (y - map->box.y - map->box.h / 2) / camera.zoom) / map->box.h;
    if (fabsf(camera.zoom - 1) < 0.02f)
        camera.zoom = 1;
    if (camera.zoom <= 1) /* all of it: from the middle */
        camera.x = camera.y = 0.5f;
    map->camera = kept_camera(camera);
}

void map_wheel_turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    zoom_at(view, powf(ZOOM_STEP, fminf(fmaxf(lines, -4), 4)), view->ui.mouse_x, view->ui.mouse_y);
}

void map_zoom_act(struct view *view, uint32_t is_in)
{
    const struct draw_box box = view->map.box;
    zoom_at(view, is_in ? ZOOM_STEP : 1 / ZOOM_STEP, box.x + box.w / 2, box.y + box.h / 2);
}

void map_fit_act(struct view *view, uint32_t arg)
{
    (void)arg;
    view->map.camera = (struct map_camera){0.5f, 0.5f, 1, view->map.camera.is_following};
}

/* Where all is in sight already there is nothing to follow: then it is looked at more closely. */
void map_follow_act(struct view *view, uint32_t arg)
{
    struct map_camera camera = map_look(view);
    (void)arg;
    camera.is_following = !view->map.camera.is_following;
    if (camera.is_following && camera.zoom <= 1)
        camera.zoom = ZOOM_STEP * ZOOM_STEP;
    view->map.camera = camera;
}

void map_pan_drag(struct view *view, uint32_t arg, enum ui_drag_phase phase, float x, float y)
{
    struct map *map = &view->map;
    (void)arg;
    if (phase != UI_DRAG_BEGIN) {
        struct map_camera camera = map_look(view);
        camera.is_following = false;
        camera.x -= (x - map->drag.x) / camera.zoom / map->box.w;
        camera.y -= (y - map->drag.y) / camera.zoom / map->box.h;
        map->camera = kept_camera(camera);
    }
    map->drag.x = x;
    map->drag.y = y;
}

void map_take_look(struct map *map, struct map *from)
{
    map->camera = from->camera;
    vector_finish(&map->toggled);
    map->toggled.items = from->toggled.items;
    map->toggled.count = from->toggled.count;
    map->toggled.capacity = from->toggled.capacity;
    from->toggled.items = NULL;
    from->toggled.count = from->toggled.capacity = 0;
}
