/*
 * Where everything stands where all of the map is shown: as the trace, the layout or a person puts
 * it, moved apart until no card covers another, with as much on the cards as there is room for.
 */
#include <math.h>

#include "render/view/map_path.h"

enum { PUSHED_HOSTS_MAX = 250, CLEAR_HOSTS_MAX = 40 };

/* The largest extent in each direction: all hosts get the same room around their point. */
static struct map_extent widest_of(const struct view *view, enum map_detail detail)
{
    struct map_extent most = {0};
    for (size_t i = 0; i < view->map.hosts.count; i++) {
        struct map_extent x = view->map.hosts.items[i].sizes[detail];
        most.w = fmaxf(most.w, x.w);
        most.h = fmaxf(most.h, x.above + x.h + x.below);
    }
    return most;
}

static int left_to_right(const void *a, const void *b)
{
    const struct map_host *p = a, *q = b;
    float x = p->all.x + p->all.w / 2 - q->all.x - q->all.w / 2;
    return x != 0 ? (x < 0 ? -1 : 1) : p->place < q->place ? -1 : 1;
}

/* Hosts in a row that is too long go up and down by turns, so that the links between them are seen.
 */
static void stagger(struct view *view, float height)
{
    struct map *map = &view->map;
    qsort(map->hosts.items, map->hosts.count, sizeof map->hosts.items[0], left_to_right);
    float row_y = -1e9f, way = 1;
    for (size_t i = 0; i < map->hosts.count; i++) {
        struct draw_box *box = &map->hosts.items[i].all;
        if (fabsf(box->y - row_y) > height / 2 && row_y > -1e8f)
            continue; /* it stands above or below the row already */
        row_y = box->y;
        box->y += way * (height / 2 + 8);
        way = -way;
    }
}

/* ---- the points on the grid ---- */

static struct layout_point group_middle(const struct view *view, const struct map_group *group)
{
    struct layout_point sum = {0, 0};
    for (uint32_t i = 0; i < group->host_count; i++) {
        struct layout_point p = map_host_point(view, view->map.members.items[group->member + i]);
        sum.x += p.x / (float)group->host_count;
        sum.y += p.y / (float)group->host_count;
    }
    return sum;
}

/* Of an open group among folded ones the hosts stand in a square, so that they find room. */
static struct layout_point opened_point(const struct view *view, const struct map_host *host)
{
    const struct map_group *group = &view->map.groups.items[host->group];
    const float step = 40;
    struct layout_point p = group_middle(view, group);
    uint32_t side = 1, at = 0;
    while (side * side < group->host_count)
        side++;
    while (view->map.members.items[group->member + at] != host->place)
        at++;
    p.x += step * ((float)(at % side) - (float)(side - 1) / 2);
    p.y += step * ((float)(at / side) - (float)(side - 1) / 2);
    return p;
}

static bool is_any_folded(const struct map *map)
{
    for (size_t i = 0; i < map->groups.count; i++)
        if (map->groups.items[i].is_folded)
            return true;
    return false;
}

static struct layout_point point_of(const struct view *view, const struct map_host *host,
                                    bool has_folds)
{
    const struct map_group *group = &view->map.groups.items[host->group];
    if (host->is_fold)
        return group_middle(view, group);
    return has_folds && group->host_count > 1 ? opened_point(view, host)
                                              : map_host_point(view, host->place);
}

/* ---- tries ---- */

/* One way to arrange the hosts. */
struct
try {
    enum map_detail detail;
    float gap;
    enum { TRY_AS_IS, TRY_PLAIN, TRY_STAGGERED, TRY_TALL, TRY_WIDE } shape;
};

static void put_at_points(struct view *view, struct draw_box room, struct map_extent most,
                          enum map_detail detail)
{
    struct map *map = &view->map;
    bool has_folds = is_any_folded(map);
    map->room = room;
    map->room_x = room.x + most.w / 2;
    map->room_y = room.y + most.h / 2;
    map->room_w = room.w - most.w;
    map->room_h = room.h - most.h;
    for (size_t i = 0; i < map->hosts.count; i++) {
        struct map_host *host = &map->hosts.items[i];
        struct map_extent x = host->sizes[detail];
        struct layout_point p = point_of(view, host, has_folds);
        float cx = map->room_x + p.x / LAYOUT_GRID * map->room_w;
        float cy = map->room_y + p.y / LAYOUT_GRID * map->room_h;
        float h = x.above + x.h + x.below;
        host->all = (struct draw_box){cx - x.w / 2, cy - h / 2, x.w, h};
    }
}

/* Their areas alone leave no room: no need to push. */
static bool is_too_full(const struct view *view, struct draw_box room, enum map_detail detail)
{
    float area = 0;
    for (size_t i = 0; i < view->map.hosts.count; i++) {
        struct map_extent x = view->map.hosts.items[i].sizes[detail];
        area += (x.w + 12) * (x.above + x.h + x.below + 12);
    }
    return area > room.w * room.h;
}

/* Puts all hosts where the layout has them, at this detail; false when they do not fit apart. */
static bool try_detail(struct view *view, struct draw_box room, const struct try *try)
{
    struct map *map = &view->map;
    struct map_extent most = widest_of(view, try->detail);
    map->detail = try->detail;
    if (try->detail != MAP_DOT &&
        (most.w > room.w || most.h > room.h || map->hosts.count > PUSHED_HOSTS_MAX ||
         is_too_full(view, room, try->detail)))
        return false;
    put_at_points(view, room, most, try->detail);
    if (try->detail == MAP_DOT)
        return true; /* not pushed: a crowd keeps the shape that the layout gave it */
    if (try->shape == TRY_AS_IS)
        return map_is_apart(view, room);
    if (try->shape == TRY_STAGGERED)
        stagger(view, most.h);
    return map_push_apart(view, room, try->gap,
                          try->shape == TRY_TALL   ? 2.5f
                          : try->shape == TRY_WIDE ? 0.4f
                                                   : 1);
}

void map_index_places(struct view *view)
{
    struct map *map = &view->map;
    vector_clear(&map->by_place);
    for (size_t i = 0; i < map->group_of.count; i++)
        *vector_add(&map->by_place) = 0;
    for (size_t i = 0; i < map->hosts.count; i++) {
        const struct map_host *host = &map->hosts.items[i];
        const struct map_group *group = &map->groups.items[host->group];
        map->by_place.items[host->place - 1] = (uint32_t)i + 1;
        for (uint32_t k = 0; host->is_fold && k < group->host_count; k++)
            map->by_place.items[map->members.items[group->member + k] - 1] = (uint32_t)i + 1;
    }
}

/* No link goes behind a card that is not one of its ends. */
static bool is_clear(struct view *view)
{
    const struct map *map = &view->map;
    map_index_places(view);
    for (uint32_t n = 1; n <= view->scene.now.links.count; n++) {
        const struct event_link *link = log_link(view->log, n);
        const struct map_host *a = map_find(view, link->a), *b = map_find(view, link->b);
        for (size_t i = 0; a && b && scene_has_link(&view->scene, n) && i < map->hosts.count; i++) {
            const struct map_host *host = &map->hosts.items[i];
            if (host != a && host != b &&
                map_crosses(host->all, a->all.x + a->all.w / 2, a->all.y + a->all.h / 2,
                            b->all.x + b->all.w / 2, b->all.y + b->all.h / 2))
                return false;
        }
    }
    return true;
}

/* Room in which dots and their names do not run into the edge. */
static struct draw_box dots_room(const struct view *view, struct draw_box box)
{
    struct draw_box dots = ui_inset(box, 16 + MAP_AREA_PADDING);
    ui_cut_top(&dots, map_area_title(view));
    return dots;
}

/*
 * Cards do not fit: they are put apart in a larger room, which is then drawn together. Dots are
 * shown, and who looks closer finds the cards.
 */
static void fit_dots(struct view *view, struct draw_box box)
{
    const struct try dots = {MAP_DOT, 0, TRY_PLAIN}, cards = {MAP_NAME, 0, TRY_PLAIN};
    const struct draw_box room = dots_room(view, box);
    static const float sizes[] = {1.5f, 2.25f, 3.375f, 5.0625f};
    for (size_t step = 0; step < sizeof sizes / sizeof *sizes; step++) {
        float larger = sizes[step];
        struct draw_box large = {0, 0, room.w * larger, room.h * larger};
        if (!try_detail(view, large, &cards))
            continue;
        for (size_t i = 0; i < view->map.hosts.count; i++) {
            struct draw_box *all = &view->map.hosts.items[i].all;
            all->x = room.x + (all->x + all->w / 2) / larger - all->w / 2;
            all->y = room.y + (all->y + all->h / 2) / larger - all->h / 2;
        }
        view->map.detail = MAP_DOT;
        return;
    }
    (void)try_detail(view, room, &dots);
}

/* Who has put hosts so that a link goes behind one of them is left in peace, unless the cards are
   so small that nobody can have meant it. */
static bool is_put(const struct try *try)
{
    return try->shape == TRY_AS_IS && try->detail < MAP_MINI;
}

/* As much of each host as there is room for; where links have no room to be seen, less. A link
   behind a card looks like one to it: that is taken only when there are no cards otherwise. */
static void fit_hosts(struct view *view, struct draw_box box)
{
    static const struct try tries[] = {
        {MAP_FULL, 0, TRY_AS_IS},     {MAP_FULL, 1.6f, TRY_PLAIN}, {MAP_FULL, 1.6f, TRY_STAGGERED},
        {MAP_SHORT, 0, TRY_AS_IS},    {MAP_SHORT, 1, TRY_PLAIN},   {MAP_SHORT, 1, TRY_STAGGERED},
        {MAP_MINI, 0, TRY_AS_IS},     {MAP_MINI, 1, TRY_PLAIN},    {MAP_MINI, 1, TRY_STAGGERED},
        {MAP_MINI, 1, TRY_TALL},      {MAP_MINI, 0.6f, TRY_PLAIN}, {MAP_MINI, 0.6f, TRY_STAGGERED},
        {MAP_MINI, 0.6f, TRY_TALL},   {MAP_MINI, 0.3f, TRY_PLAIN}, {MAP_MINI, 0.3f, TRY_STAGGERED},
        {MAP_MINI, 0.3f, TRY_TALL},   {MAP_MINI, 0.3f, TRY_WIDE},  {MAP_MINI, 0, TRY_PLAIN},
        {MAP_MINI, 0, TRY_STAGGERED}, {MAP_MINI, 0, TRY_TALL},     {MAP_MINI, 0, TRY_WIDE},
        {MAP_NAME, 0.3f, TRY_PLAIN},  {MAP_NAME, 0.3f, TRY_WIDE},  {MAP_NAME, 0, TRY_PLAIN},
        {MAP_NAME, 0, TRY_WIDE},
    };
    bool is_crowd = view->map.hosts.count > CLEAR_HOSTS_MAX;
    const struct try *second = NULL;
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        if (second && tries[i].detail == MAP_NAME)
            break;
        if ((is_crowd && tries[i].shape > TRY_PLAIN && tries[i].shape != TRY_WIDE) ||
            !try_detail(view, ui_inset(box, 5), &tries[i]))
            continue;
        if (is_crowd || is_put(&tries[i]) || is_clear(view))
            return;
        if (!second)
            second = &tries[i];
    }
    if (second)
        (void)try_detail(view, ui_inset(box, 5), second);
    else
        fit_dots(view, box);
}

/* At the right is the column of the map's own buttons. */
static struct draw_box cards_room(const struct view *view, struct draw_box box)
{
    box.w -= button_height(view->ui.theme) + 8;
    return box;
}

/* ---- what follows from it ---- */

static void list_hosts(struct view *view)
{
    struct map *map = &view->map;
    vector_clear(&map->hosts);
    for (uint32_t g = 0; g < map->groups.count; g++) {
        const struct map_group *group = &map->groups.items[g];
        uint32_t count = group->is_folded ? 1 : group->host_count;
        for (uint32_t i = 0; i < count; i++) {
            struct map_host *host = vector_add(&map->hosts);
            host->place = map->members.items[group->member + i];
            host->group = g;
            host->is_fold = group->is_folded;
            map_measure_host(view, host);
        }
    }
}

static void keep_middles(struct map *map)
{
    for (size_t i = 0; i < map->hosts.count; i++) {
        struct map_host *host = &map->hosts.items[i];
        host->x = host->all.x + host->all.w / 2;
        host->y = host->all.y + host->all.h / 2;
    }
}

/* Reading order for Tab: from left to right, then from top to bottom (curriculum 5.3). */
static int reading_order(const void *a, const void *b)
{
    const struct map_host *p = a, *q = b;
    if (p->x != q->x)
        return p->x < q->x ? -1 : 1;
    if (p->y != q->y)
        return p->y < q->y ? -1 : 1;
    return p->place < q->place ? -1 : 1;
}

static int line_order(const void *a, const void *b)
{
    const struct map_line *p = a, *q = b;
    if (p->a != q->a)
        return p->a < q->a ? -1 : 1;
    if (p->b != q->b)
        return p->b < q->b ? -1 : 1;
    return p->link < q->link ? -1 : 1;
}

/* All links between the same two things are one line. */
static void merge_lines(struct map *map)
{
    size_t kept = 0;
    if (map->lines.count)
        qsort(map->lines.items, map->lines.count, sizeof map->lines.items[0], line_order);
    for (size_t i = 0; i < map->lines.count; i++) {
        struct map_line *last = kept ? &map->lines.items[kept - 1] : NULL;
        if (last && last->a == map->lines.items[i].a && last->b == map->lines.items[i].b)
            last->count++;
        else
            map->lines.items[kept++] = map->lines.items[i];
    }
    map->lines.count = kept;
}

static void list_lines(struct view *view)
{
    struct map *map = &view->map;
    vector_clear(&map->lines);
    for (uint32_t n = 1; n <= view->scene.now.links.count; n++) {
        const struct event_link *link = log_link(view->log, n);
        const struct map_host *a = map_find(view, link->a), *b = map_find(view, link->b);
        if (!a || !b || a == b || !scene_has_link(&view->scene, n))
            continue;
        uint32_t first = (uint32_t)(a - map->hosts.items),
                 second = (uint32_t)(b - map->hosts.items);
        *vector_add(&map->lines) = (struct map_line){.a = first < second ? first : second,
                                                     .b = first < second ? second : first,
                                                     .link = n,
                                                     .count = 1};
    }
    merge_lines(map);
}

static bool is_same_box(struct draw_box a, struct draw_box b)
{
    return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

static bool is_arranged(const struct view *view, struct draw_box box)
{
    const struct map *map = &view->map;
    return map->is_ready && is_same_box(map->box, box) && map->theme == view->theme &&
           map->zoom == view->zoom && map->map_event == view->scene.now.map_event;
}

void map_arrange(struct view *view, struct draw_box box)
{
    struct map *map = &view->map;
    if (is_arranged(view, box))
        return;
    map->box = box;
    map->theme = view->theme;
    map->zoom = view->zoom;
    map->map_event = view->scene.now.map_event;
    map->is_ready = true;
    map->serial++;
    map->counted = UINT32_MAX;
    map_find_groups(view);
    list_hosts(view);
    fit_hosts(view, cards_room(view, box));
    keep_middles(map);
    if (map->hosts.count)
        qsort(map->hosts.items, map->hosts.count, sizeof map->hosts.items[0], reading_order);
    map_index_places(view);
    list_lines(view);
    map_find_zooms(view);
}

const struct map_host *map_find(const struct view *view, uint32_t place)
{
    uint32_t host = log_host_of(view->log, place);
    if (host - 1 >= view->map.by_place.count || !view->map.by_place.items[host - 1])
        return NULL;
    return &view->map.hosts.items[view->map.by_place.items[host - 1] - 1];
}

void map_finish(struct map *map)
{
    vector_finish(&map->groups);
    vector_finish(&map->hosts);
    vector_finish(&map->lines);
    vector_finish(&map->by_place);
    vector_finish(&map->group_of);
    vector_finish(&map->members);
    vector_finish(&map->agents);
    vector_finish(&map->admds);
    vector_finish(&map->toggled);
    vector_finish(&map->seen);
    vector_finish(&map->titled);
    vector_finish(&map->linked);
    vector_finish(&map->taken);
    draw_finish(&map->layer);
    *map = (struct map){0};
}
