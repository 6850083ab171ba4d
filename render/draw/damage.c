#include "render/draw/damage.h"

#include <math.h>

/* How far ahead an item of the last frame is looked for; beyond that it counts as changed. */
enum { DAMAGE_LOOK_AHEAD = 256 };

struct areas {
    struct paint_area *items;
    int count;
};

struct paint_area damage_common(struct paint_area a, struct paint_area b)
{
    return (struct paint_area){
        a.left > b.left ? a.left : b.left,
        a.top > b.top ? a.top : b.top,
        a.right < b.right ? a.right : b.right,
        a.bottom < b.bottom ? a.bottom : b.bottom,
    };
}

bool damage_is_empty(struct paint_area a)
{
    return a.right <= a.left || a.bottom <= a.top;
}

static struct paint_area around_both(struct paint_area a, struct paint_area b)
{
    return (struct paint_area){
        a.left < b.left ? a.left : b.left,
        a.top < b.top ? a.top : b.top,
        a.right > b.right ? a.right : b.right,
        a.bottom > b.bottom ? a.bottom : b.bottom,
    };
}

static int64_t pixels(struct paint_area a)
{
    return (int64_t)(a.right - a.left) * (a.bottom - a.top);
}

/* The pixels that would be painted for nothing if both became one. */
static int64_t waste(struct paint_area a, struct paint_area b)
{
    return pixels(around_both(a, b)) - pixels(a) - pixels(b);
}

static int cheapest_partner(const struct areas *areas, struct paint_area area, int64_t *least)
{
    int best = -1;
    for (int i = 0; i < areas->count; i++) {
        int64_t cost = waste(areas->items[i], area);
        if (best < 0 || cost < *least) {
            best = i;
            *least = cost;
        }
    }
    return best;
}

/* Areas that overlap or nearly touch become one, and any two when there are too many. */
static void add_area(struct areas *areas, struct paint_area area)
{
    while (!damage_is_empty(area)) {
        int64_t cost = 0;
        int partner = cheapest_partner(areas, area, &cost);
        if (partner < 0 || (cost > 2048 && areas->count < PAINT_AREAS)) {
            areas->items[areas->count++] = area;
            return;
        }
        struct paint_area both = around_both(areas->items[partner], area);
        areas->items[partner] = areas->items[--areas->count];
        area = both;
    }
}

/* The next mark of the last frame that is the same, or SLICE_NONE. */
static size_t find_ahead(const struct damage_frame *before, size_t from, uint64_t hash)
{
    size_t end = before->marks.count - from < DAMAGE_LOOK_AHEAD ? before->marks.count
                                                                : from + DAMAGE_LOOK_AHEAD;
    for (size_t i = from; i < end; i++)
        if (before->marks.items[i].hash == hash)
            return i;
    return SLICE_NONE;
}

int damage_find(const struct damage_frame *before, const struct damage_frame *now,
                struct paint_area areas[PAINT_AREAS])
{
    struct areas found = {areas, 0};
    size_t next = 0;
    for (size_t i = 0; i < now->marks.count; i++) {
        size_t same = find_ahead(before, next, now->marks.items[i].hash);
        if (same == SLICE_NONE) {
            add_area(&found, now->marks.items[i].area);
            continue;
        }
        for (; next < same; next++)
            add_area(&found, before->marks.items[next].area);
        next = same + 1;
    }
    for (; next < before->marks.count; next++)
        add_area(&found, before->marks.items[next].area);
    return found.count;
}

/* Seen along x, along y, and along the line: with a gap in one of these they do not meet. */
bool damage_meets_line(struct paint_area area, const float *a, const float *b, float scale,
                       float reach)
{
    float middle_x = (float)(area.left + area.right) / 2;
    float middle_y = (float)(area.top + area.bottom) / 2;
    float half_w = (float)(area.right - area.left) / 2 + reach;
    float half_h = (float)(area.bottom - area.top) / 2 + reach;
    float x = a[0] * scale - middle_x, y = a[1] * scale - middle_y;
    float dx = (b[0] - a[0]) * scale, dy = (b[1] - a[1]) * scale;
    return fabsf(2 * x + dx) <= 2 * half_w + fabsf(dx) &&
           fabsf(2 * y + dy) <= 2 * half_h + fabsf(dy) &&
           fabsf(x * dy - y * dx) <= half_w * fabsf(dy) + half_h * fabsf(dx);
}

static uint64_t mix(uint64_t hash, const void *data, size_t size)
{
    return (hash ^ slice_hash((struct slice){data, size})) * 0x9E3779B97F4A7C15u;
}

/* Fields one by one: the gaps between them in the struct hold no particular octets. */
uint64_t damage_hash(const struct draw_item *item, struct paint_area clip)
{
    const float sizes[] = {item->box.x, item->box.y, item->box.w, item->box.h, item->radius,
                           item->width, item->dash,  item->size,  item->gap};
    const uint32_t looks[] = {item->fill,           item->stroke,          (uint32_t)item->kind,
                              (uint32_t)item->font, (uint32_t)item->align, item->is_closed,
                              item->is_curve};
    uint64_t hash = mix(0, sizes, sizeof sizes);
    hash = mix(hash, looks, sizeof looks);
    hash = mix(hash, &clip, sizeof clip);
    if (item->point_count > 0)
        hash = mix(hash, item->points, 2 * item->point_count * sizeof *item->points);
    return item->text.size > 0 ? mix(hash, item->text.data, item->text.size) : hash;
}
