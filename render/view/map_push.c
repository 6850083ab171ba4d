#include "render/view/map_path.h"

#include <math.h>

/* Room between hosts of one organisation, where a link must be seen, and between organisations. */
#define GAP_NEAR 12.0f
#define GAP_LINK 64.0f
#define GAP_LINK_DOWN 40.0f
#define GAP_GROUPS 14.0f
#define SQUEEZE 0.04f
/* Less than this is no overlap: the last pixel takes long to give way. */
#define TOUCHES 1.5f
enum { PUSHES_LEAST = 150, PUSHES_MOST = 1500, PAIRS_MOST = 600000 };

float map_area_title(const struct view *view)
{
    return draw_line_height(theme_get(view->theme)->size_text) + 5;
}

/* Which pairs of hosts have a link, once for all pushes. */
static void find_linked(struct view *view)
{
    struct map *map = &view->map;
    size_t count = map->hosts.count;
    map_index_places(view);
    vector_clear(&map->linked);
    for (size_t i = 0; i < count * count; i++)
        *vector_add(&map->linked) = 0;
    for (uint32_t n = 1; n <= view->scene.now.links.count; n++) {
        const struct event_link *link = log_link(view->log, n);
        const struct map_host *a = map_find(view, link->a), *b = map_find(view, link->b);
        if (!a || !b || !scene_has_link(&view->scene, n))
            continue;
        size_t i = (size_t)(a - map->hosts.items), k = (size_t)(b - map->hosts.items);
        map->linked.items[i * count + k] = map->linked.items[k * count + i] = 1;
    }
}

/* How far a and b overlap in each direction, the gaps counted in; false when they do not. */
static bool overlap(struct draw_box a, struct draw_box b, float gap_x, float gap_y, float *over_x,
                    float *over_y)
{
    *over_x = (a.w + b.w) / 2 + gap_x - fabsf((a.x + a.w / 2) - (b.x + b.w / 2));
    *over_y = (a.h + b.h) / 2 + gap_y - fabsf((a.y + a.h / 2) - (b.y + b.h / 2));
    return *over_x > TOUCHES && *over_y > TOUCHES;
}

struct push {
    float x, y;
};

/* Half of the way out for a; the other half is b's, in the other direction. The shorter way out is
   taken, a way to the side counting `across` times its length. */
static struct push push_of(struct draw_box a, struct draw_box b, float over_x, float over_y,
                           float across)
{
    if (over_x * across < over_y)
        return (struct push){over_x / 2 * (a.x + a.w / 2 < b.x + b.w / 2 ? -1 : 1), 0};
    return (struct push){0, over_y / 2 * (a.y + a.h / 2 < b.y + b.h / 2 ? -1 : 1)};
}

static void move(struct map_host *host, struct push push, float share)
{
    host->all.x += push.x * share;
    host->all.y += push.y * share;
}

static bool push_pairs(struct view *view, float gap, float across)
{
    struct map_host *hosts = view->map.hosts.items;
    bool is_clear = true;
    for (size_t i = 0; i < view->map.hosts.count; i++)
        for (size_t k = 0; k < i; k++) {
            float x, y, gap_x = GAP_NEAR, gap_y = GAP_NEAR;
            if (!overlap(hosts[i].all, hosts[k].all, GAP_LINK * 2, GAP_LINK * 2, &x, &y))
                continue; /* far apart: whether they are linked need not be asked */
            if (gap > 0 && view->map.linked.items[i * view->map.hosts.count + k])
                gap_x = fmaxf(GAP_LINK * gap, GAP_NEAR),
                gap_y = fmaxf(GAP_LINK_DOWN * gap, GAP_NEAR);
            if (!overlap(hosts[i].all, hosts[k].all, gap_x, gap_y, &x, &y))
                continue;
            struct push push = push_of(hosts[i].all, hosts[k].all, x, y, across);
            move(&hosts[i], push, 1);
            move(&hosts[k], push, -1);
            is_clear = false;
        }
    return is_clear;
}

/* ---- groups ---- */

void map_box_groups(struct view *view)
{
    struct map *map = &view->map;
    for (size_t i = 0; i < map->groups.count; i++)
        map->groups.items[i].box =
            (struct draw_box){1e9f, 1e9f, -1e9f, -1e9f}; /* right and bottom for now */
    for (size_t i = 0; i < map->hosts.count; i++) {
        const struct draw_box *host = &map->hosts.items[i].all;
        struct draw_box *box = &map->groups.items[map->hosts.items[i].group].box;
        box->x = fminf(box->x, host->x);
        box->y = fminf(box->y, host->y);
        box->w = fmaxf(box->w, host->x + host->w);
        box->h = fmaxf(box->h, host->y + host->h);
    }
    for (size_t i = 0; i < map->groups.count; i++) {
        struct draw_box *box = &map->groups.items[i].box;
        float pad = map_has_area(&map->groups.items[i]) ? MAP_AREA_PADDING : 0, foot = pad / 2;
        float title = map_has_area(&map->groups.items[i]) ? map_area_title(view) : 0;
        *box = (struct draw_box){box->x - pad, box->y - title, box->w - box->x + 2 * pad,
                                 box->h - box->y + title + foot};
    }
}

static void move_group(struct view *view, uint32_t group, struct push push, float share)
{
    for (size_t i = 0; i < view->map.hosts.count; i++)
        if (view->map.hosts.items[i].group == group)
            move(&view->map.hosts.items[i], push, share);
    view->map.groups.items[group].box.x += push.x * share;
    view->map.groups.items[group].box.y += push.y * share;
}

/* Draws its hosts nearer to its middle in the direction of the push: groups in the way get denser.
 */
static void squeeze(struct view *view, uint32_t group, struct push push)
{
    struct draw_box box = view->map.groups.items[group].box;
    float cx = box.x + box.w / 2, cy = box.y + box.h / 2;
    for (size_t i = 0; i < view->map.hosts.count; i++) {
        struct map_host *host = &view->map.hosts.items[i];
        if (host->group != group)
            continue;
        if (push.x != 0)
            host->all.x += SQUEEZE * (cx - host->all.x - host->all.w / 2);
        else
            host->all.y += SQUEEZE * (cy - host->all.y - host->all.h / 2);
    }
}

static bool push_two_groups(struct view *view, uint32_t a, uint32_t b)
{
    struct draw_box box_a = view->map.groups.items[a].box, box_b = view->map.groups.items[b].box;
    float x, y;
    if (!overlap(box_a, box_b, GAP_GROUPS, GAP_GROUPS, &x, &y))
        return true;
    struct push push = push_of(box_a, box_b, x, y, 1);
    move_group(view, a, push, 1);
    move_group(view, b, push, -1);
    squeeze(view, a, push);
    squeeze(view, b, push);
    return false;
}

/* Back into the room as a whole. */
static bool keep_group(struct view *view, uint32_t group, struct draw_box room)
{
    struct draw_box box = view->map.groups.items[group].box;
    struct push in = {fmaxf(room.x - box.x, 0) - fmaxf(box.x + box.w - room.x - room.w, 0),
                      fmaxf(room.y - box.y, 0) - fmaxf(box.y + box.h - room.y - room.h, 0)};
    move_group(view, group, in, 1);
    if (box.w > room.w)
        squeeze(view, group, (struct push){1, 0});
    if (box.h > room.h)
        squeeze(view, group, (struct push){0, 1});
    return fabsf(in.x) < TOUCHES && fabsf(in.y) < TOUCHES;
}

static bool push_groups(struct view *view, struct draw_box room)
{
    bool is_clear = true;
    map_box_groups(view);
    for (uint32_t a = 0; a < view->map.groups.count; a++) {
        for (uint32_t b = 0; b < a; b++)
            is_clear = push_two_groups(view, a, b) && is_clear;
        is_clear = keep_group(view, a, room) && is_clear;
    }
    return is_clear;
}

bool map_push_apart(struct view *view, struct draw_box room, float gap, float across)
{
    size_t pairs = view->map.hosts.count * view->map.hosts.count;
    find_linked(view);
    size_t most = pairs ? PAIRS_MOST / pairs : 0; /* a crowd gets fewer pushes */
    most = most < PUSHES_LEAST ? PUSHES_LEAST : most > PUSHES_MOST ? PUSHES_MOST : most;
    for (size_t i = 0; i < most; i++) {
        bool is_clear = push_pairs(view, gap, across);
        if (push_groups(view, room) && is_clear)
            return true;
    }
    return false;
}

bool map_is_apart(struct view *view, struct draw_box room)
{
    const float gap = GAP_NEAR - 4; /* what was pushed apart and put on the grid since still is */
    const struct map *map = &view->map;
    float x, y;
    for (size_t i = 0; i < map->hosts.count; i++)
        for (size_t k = 0; k < i; k++)
            if (overlap(map->hosts.items[i].all, map->hosts.items[k].all, gap, gap, &x, &y))
                return false;
    map_box_groups(view);
    for (size_t i = 0; i < map->groups.count; i++) {
        struct draw_box box = map->groups.items[i].box, kept = ui_inset(room, -4);
        if (box.x < kept.x || box.y < kept.y || box.x + box.w > kept.x + kept.w ||
            box.y + box.h > kept.y + kept.h)
            return false;
        for (size_t k = 0; k < i; k++)
            if (overlap(box, map->groups.items[k].box, gap, gap, &x, &y))
                return false;
    }
    return true;
}
