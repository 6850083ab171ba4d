#include "render/view/map_path.h"

#include <math.h>

enum { PUSHED_HOSTS_MAX = 250 };

struct extent {
    float w, h, above, below;
};

static float text_width(const struct view *view, enum draw_font font, float size, struct slice text)
{
    return draw_width(view->ui.list, font, size, text);
}

float map_mark_size(const struct view *view, enum map_detail detail)
{
    return detail < MAP_MINI ? theme_get(view->theme)->size_text * 1.7f
                             : theme_get(view->theme)->size_small * 1.6f;
}

float map_id_size(const struct view *view, enum map_detail detail)
{
    const struct theme *theme = theme_get(view->theme);
    return detail < MAP_DOT ? theme->size_text : theme->size_small;
}

/* The width of the row of role marks of a host. */
static float marks_width(const struct view *view, uint32_t host, enum map_detail detail)
{
    const struct theme *theme = view->ui.theme;
    float width = 0;
    for (uint32_t place = 1; place <= log_place_count(view->log); place++) {
        const struct event_agent *agent = event_as_agent(log_place(view->log, place));
        if (!agent || agent->at != host)
            continue;
        const struct theme_mark *mark = theme_mark(log_text(view->log, agent->role));
        float cell = map_mark_size(view, detail);
        if (detail < MAP_MINI)
            cell = fmaxf(
                cell, text_width(view, DRAW_FONT_SANS, theme->size_small, slice_of(mark->label)));
        width += cell + (detail < MAP_MINI ? 8 : 4);
    }
    return width;
}

/* The letter and its tag sit on the upper edge; the counts on the lower one. */
static struct extent extent_of(const struct view *view, uint32_t host, enum map_detail detail)
{
    const struct theme *theme = view->ui.theme;
    const struct event_host *e = event_as_host(log_place(view->log, host));
    if (detail == MAP_DOT)
        return (struct extent){14, 14, 2, 2};
    float small = draw_line_height(theme->size_small), id_size = map_id_size(view, detail);
    float id = text_width(view, DRAW_FONT_BOLD, id_size, log_text(view->log, e->id));
    float marks = marks_width(view, host, detail) - 8, letter = map_letter_size(view);
    float tag = text_width(view, DRAW_FONT_BOLD, theme->size_small, SLICE("fetched")) + 14;
    float w = fmaxf(fmaxf(id, tag) + 1.5f * letter, marks);
    float h = draw_line_height(id_size) + map_mark_size(view, detail) + 24;
    if (detail < MAP_MINI)
        h += small + 5;
    if (detail == MAP_FULL) {
        float name =
            text_width(view, DRAW_FONT_SANS, theme->size_small, log_text(view->log, e->name));
        w = fmaxf(w, fminf(name, theme->size_small * 14));
        h += 2 * small;
    }
    return (struct extent){.w = ceilf(w + 24),
                           .h = ceilf(h),
                           .above = ceilf(fmaxf(0.9f * letter, small + 3)),
                           .below = ceilf(small / 2 + 4)};
}

/* The largest extent in each direction: all hosts get the same room around their point. */
static struct extent widest_of(const struct view *view, enum map_detail detail)
{
    struct extent most = {0};
    for (size_t i = 0; i < view->map.hosts.count; i++) {
        struct extent x = extent_of(view, view->map.hosts.items[i].place, detail);
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

/* One way to arrange the hosts. */
struct
try {
    enum map_detail detail;
    float gap;
    enum { TRY_PLAIN, TRY_STAGGERED, TRY_TALL } shape;
};

/* Puts all hosts where the layout has them, at this detail; false when they do not fit apart. */
static bool try_detail(struct view *view, struct draw_box room, const struct try *try)
{
    struct map *map = &view->map;
    enum map_detail detail = try->detail;
    struct extent most = widest_of(view, detail);
    map->detail = detail;
    if (detail != MAP_DOT &&
        (most.w > room.w || most.h > room.h || map->hosts.count > PUSHED_HOSTS_MAX))
        return false;
    for (size_t i = 0; i < map->hosts.count; i++) {
        struct map_host *host = &map->hosts.items[i];
        struct extent x = extent_of(view, host->place, detail);
        struct layout_point p = layout_at(&view->layout, host->place);
        float cx = room.x + most.w / 2 + p.x / LAYOUT_GRID * (room.w - most.w);
        float cy = room.y + most.h / 2 + p.y / LAYOUT_GRID * (room.h - most.h);
        host->all = (struct draw_box){cx - x.w / 2, cy - most.h / 2, x.w, x.above + x.h + x.below};
    }
    if (detail == MAP_DOT)
        return true; /* not pushed: a crowd keeps the shape that the layout gave it */
    if (try->shape == TRY_STAGGERED)
        stagger(view, most.h);
    return map_push_apart(view, room, try->gap, try->shape == TRY_TALL ? 2.5f : 1);
}

static void place_cards(struct view *view)
{
    for (size_t i = 0; i < view->map.hosts.count; i++) {
        struct map_host *host = &view->map.hosts.items[i];
        struct extent x = extent_of(view, host->place, view->map.detail);
        host->all.x = floorf(host->all.x);
        host->all.y = floorf(host->all.y);
        host->card = (struct draw_box){host->all.x, floorf(host->all.y + x.above), x.w, x.h};
    }
}

/* Reading order for Tab: from left to right, then from top to bottom (curriculum 5.3). */
static int reading_order(const void *a, const void *b)
{
    const struct map_host *p = a, *q = b;
    if (p->card.x != q->card.x)
        return p->card.x < q->card.x ? -1 : 1;
    if (p->card.y != q->card.y)
        return p->card.y < q->card.y ? -1 : 1;
    return p->place < q->place ? -1 : 1;
}

static void index_places(struct view *view)
{
    struct map *map = &view->map;
    vector_clear(&map->by_place);
    for (uint32_t place = 1; place <= log_place_count(view->log); place++)
        *vector_add(&map->by_place) = 0;
    for (size_t i = 0; i < map->hosts.count; i++)
        map->by_place.items[map->hosts.items[i].place - 1] = (uint32_t)i + 1;
}

static const struct draw_box *box_of(const struct view *view, uint32_t place)
{
    for (size_t i = 0; i < view->map.hosts.count; i++)
        if (view->map.hosts.items[i].place == place)
            return &view->map.hosts.items[i].all;
    return NULL;
}

/* No link goes behind a card that is not one of its ends. */
static bool is_clear(const struct view *view)
{
    const struct map *map = &view->map;
    const struct event_link *link;
    for (uint32_t n = 1; (link = log_link(view->log, n)) != NULL; n++) {
        const struct draw_box *a = box_of(view, link->a), *b = box_of(view, link->b);
        for (size_t i = 0; a && b && i < map->hosts.count; i++) {
            const struct draw_box *box = &map->hosts.items[i].all;
            if (box != a && box != b &&
                map_crosses(*box, a->x + a->w / 2, a->y + a->h / 2, b->x + b->w / 2,
                            b->y + b->h / 2))
                return false;
        }
    }
    return true;
}

static bool run_try(struct view *view, struct draw_box box, const struct try *try)
{
    struct draw_box room = ui_inset(box, 5), dots = ui_inset(box, 16 + MAP_AREA_PADDING);
    ui_cut_top(&dots, map_area_title(view));
    return try_detail(view, try->detail == MAP_DOT ? dots : room, try);
}

/* As much of each host as there is room for; where links have no room to be seen, less. A link
   behind a card looks like one to it: that is taken only when there are no cards otherwise. */
static void fit_hosts(struct view *view, struct draw_box box)
{
    enum { CLEAR_HOSTS_MAX = 40 };
    static const struct try tries[] = {
        {MAP_FULL, 1.6f, TRY_PLAIN},     {MAP_FULL, 1.6f, TRY_STAGGERED},
        {MAP_SHORT, 1, TRY_PLAIN},       {MAP_SHORT, 1, TRY_STAGGERED},
        {MAP_MINI, 1, TRY_PLAIN},        {MAP_MINI, 1, TRY_STAGGERED},
        {MAP_MINI, 1, TRY_TALL},         {MAP_MINI, 0.6f, TRY_PLAIN},
        {MAP_MINI, 0.6f, TRY_STAGGERED}, {MAP_MINI, 0.6f, TRY_TALL},
        {MAP_MINI, 0.3f, TRY_PLAIN},     {MAP_MINI, 0.3f, TRY_STAGGERED},
        {MAP_MINI, 0.3f, TRY_TALL},      {MAP_MINI, 0, TRY_PLAIN},
        {MAP_MINI, 0, TRY_STAGGERED},    {MAP_MINI, 0, TRY_TALL},
        {MAP_DOT, 0, TRY_PLAIN},
    };
    bool is_crowd = view->map.hosts.count > CLEAR_HOSTS_MAX;
    const struct try *second = NULL;
    for (size_t i = 0; i < sizeof tries / sizeof tries[0]; i++) {
        if (second && tries[i].detail == MAP_DOT)
            break;
        if ((is_crowd && tries[i].shape == TRY_TALL) || !run_try(view, box, &tries[i]))
            continue;
        if (is_crowd || tries[i].detail == MAP_DOT || is_clear(view))
            return;
        if (!second)
            second = &tries[i];
    }
    if (second)
        (void)run_try(view, box, second);
}

static bool is_same_box(struct draw_box a, struct draw_box b)
{
    return a.x == b.x && a.y == b.y && a.w == b.w && a.h == b.h;
}

void map_arrange(struct view *view, struct draw_box box)
{
    struct map *map = &view->map;
    if (map->is_ready && is_same_box(map->box, box) && map->theme == view->theme &&
        map->place_count == log_place_count(view->log))
        return;
    map->box = box;
    map->theme = view->theme;
    map->place_count = log_place_count(view->log);
    map->is_ready = true;
    vector_clear(&map->hosts);
    for (uint32_t place = 1; place <= map->place_count; place++)
        if (event_as_host(log_place(view->log, place)))
            vector_add(&map->hosts)->place = place;
    map_find_groups(view);
    fit_hosts(view, box);
    place_cards(view);
    if (map->hosts.count)
        qsort(map->hosts.items, map->hosts.count, sizeof map->hosts.items[0], reading_order);
    index_places(view);
}

const struct map_host *map_find(const struct view *view, uint32_t place)
{
    uint32_t host = log_host_of(view->log, place);
    if (host - 1 >= view->map.by_place.count || !view->map.by_place.items[host - 1])
        return NULL;
    return &view->map.hosts.items[view->map.by_place.items[host - 1] - 1];
}
