/*
 * Where a label of the map stands: beside the thing that it tells of, off the cards and off other
 * labels. For a thing that moves the side is chosen for its whole way, so that the label does not
 * jump from one side to the other.
 */
#include <math.h>

#include "render/view/map_path.h"

#define BESIDE 6.0f
#define FURTHER 34.0f
/* What a label should not cover, as shares of its own area: a card, the room around one, another
   label, the thing itself; and a little for each place that comes later in the list. */
#define COST_CARD 4.0f
#define COST_ROOM 0.6f
#define COST_LABEL 3.0f
#define COST_SELF 4.0f
#define COST_LATER 0.04f
#define COST_FAR 0.15f
#define TOO_DEAR 0.7f
enum { POINTS = 5, PLACES = 12, HOSTS_LOOKED_AT = 60 };

bool map_crosses(struct draw_box box, float x1, float y1, float x2, float y2)
{
    const float low[2] = {box.x, box.y}, high[2] = {box.x + box.w, box.y + box.h};
    const float start[2] = {x1, y1}, way[2] = {x2 - x1, y2 - y1};
    float from = 0, to = 1;
    for (int axis = 0; axis < 2; axis++) {
        if (fabsf(way[axis]) < 0.001f) {
            if (start[axis] < low[axis] || start[axis] > high[axis])
                return false;
            continue;
        }
        float a = (low[axis] - start[axis]) / way[axis], b = (high[axis] - start[axis]) / way[axis];
        from = fmaxf(from, fminf(a, b));
        to = fminf(to, fmaxf(a, b));
    }
    return from < to;
}

static float shared(struct draw_box a, struct draw_box b)
{
    float w = fminf(a.x + a.w, b.x + b.w) - fmaxf(a.x, b.x);
    float h = fminf(a.y + a.h, b.y + b.h) - fmaxf(a.y, b.y);
    return w > 0 && h > 0 ? w * h : 0;
}

struct draw_box map_kept(const struct view *view, struct draw_box box)
{
    struct draw_box map = ui_inset(view->map.box, 4);
    box.x = floorf(fmaxf(fminf(box.x, map.x + map.w - box.w), map.x));
    box.y = floorf(fmaxf(fminf(box.y, map.y + map.h - box.h), map.y));
    return box;
}

/* The middle of the label from that of its thing. The first are the best; for a steep way those
   beside it come before those above and below. */
static void place_of(const struct map_label *label, int place, float *dx, float *dy)
{
    static const signed char flat[PLACES][3] = {{0, -1, 0}, {0, 1, 0},   {0, -1, 1}, {0, 1, 1},
                                                {1, -1, 0}, {-1, -1, 0}, {1, 1, 0},  {-1, 1, 0},
                                                {1, 0, 0},  {-1, 0, 0},  {0, -1, 2}, {0, 1, 2}};
    static const signed char steep[PLACES][3] = {{1, 0, 0},  {-1, 0, 0},  {1, 0, 1},  {-1, 0, 1},
                                                 {1, -1, 0}, {-1, -1, 0}, {1, 1, 0},  {-1, 1, 0},
                                                 {0, -1, 0}, {0, 1, 0},   {0, -1, 1}, {0, 1, 1}};
    const signed char *p = label->is_steep ? steep[place] : flat[place];
    int side = label->is_low ? -1 : 1; /* the other side first */
    float far = FURTHER * (float)p[2];
    *dx = (float)(p[0] * (label->is_steep ? side : 1)) *
          (label->reach_x + BESIDE + label->w / 2 + (label->is_steep ? far : 0));
    *dy = (float)(p[1] * (label->is_steep ? 1 : side)) *
          (label->reach_y + BESIDE + label->h / 2 + (p[1] ? far : 0));
}

static float cost_at(const struct view *view, const struct map_label *label, float x, float y,
                     float dx, float dy)
{
    struct draw_box box = {x + dx - label->w / 2, y + dy - label->h / 2, label->w, label->h};
    struct draw_box kept = map_kept(view, box);
    struct draw_box self = {x - label->reach_x, y - label->reach_y, 2 * label->reach_x,
                            2 * label->reach_y};
    float cost = COST_SELF * shared(kept, self);
    for (size_t i = 0; i < view->map.hosts.count && i < HOSTS_LOOKED_AT; i++) {
        const struct map_host *host = &view->map.hosts.items[i];
        cost += COST_CARD * shared(kept, host->card) + COST_ROOM * shared(kept, host->all);
    }
    return cost / fmaxf(box.w * box.h, 1);
}

/* Along its way, and off the labels that stand where it is now. */
static float cost_of(const struct view *view, const struct map_label *label, int place)
{
    float dx, dy, cost = COST_LATER * (float)place;
    place_of(label, place, &dx, &dy);
    cost += COST_FAR * fmaxf(fabsf(dx) - label->w, 0) / 100;
    for (int i = 0; label->leg && i < POINTS; i++) {
        float share = (float)i / (POINTS - 1);
        cost += cost_at(view, label, label->leg->x1 + (label->leg->x2 - label->leg->x1) * share,
                        label->leg->y1 + (label->leg->y2 - label->leg->y1) * share, dx, dy) /
                POINTS;
    }
    if (!label->leg)
        cost += cost_at(view, label, label->x, label->y, dx, dy);
    struct draw_box here =
        map_kept(view, (struct draw_box){label->x + dx - label->w / 2, label->y + dy - label->h / 2,
                                         label->w, label->h});
    for (size_t i = 0; i < view->map.taken.count; i++)
        cost += COST_LABEL * shared(here, view->map.taken.items[i]) / (here.w * here.h);
    return cost;
}

/* The best place, and what it costs. */
static int best_place(const struct view *view, const struct map_label *label, float *least)
{
    int best = 0;
    *least = 1e9f;
    for (int place = 0; place < PLACES; place++) {
        float cost = cost_of(view, label, place);
        if (cost < *least)
            *least = cost, best = place;
    }
    return best;
}

struct draw_box map_label_place(struct view *view, const struct map_label *wide, float narrow)
{
    struct map_label label = *wide;
    float cost, dx, dy;
    int best = best_place(view, &label, &cost);
    if (cost > TOO_DEAR && label.w > narrow) {
        label.w = narrow;
        best = best_place(view, &label, &cost);
    }
    place_of(&label, best, &dx, &dy);
    struct draw_box box =
        map_kept(view, (struct draw_box){label.x + dx - label.w / 2, label.y + dy - label.h / 2,
                                         label.w, label.h});
    *vector_add(&view->map.taken) = box;
    return box;
}
