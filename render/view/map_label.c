/*
 * Where a label of the map stands. It stands still beside its leg while what it tells of moves
 * along, with a thin line between them: it can be read, it never jumps, and the place depends on
 * this moment alone, not on the frames before.
 */
#include <math.h>

#include "render/view/map_path.h"

#define BESIDE 6.0f
/* What a label should not cover, as shares of its own area: a card or another label not at all,
   the room around a card and a line rather not; and it stands rather near than far. */
#define COST_CARD 30.0f
#define COST_LABEL 30.0f
#define COST_ROOM 3.0f
#define COST_LINE 1.0f
#define COST_LEADER 0.8f
#define COST_FAR 0.01f
#define COST_LATER 0.03f
#define TOO_DEAR 0.9f
#define COVERS 0.001f

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

static bool is_apart(struct draw_box a, struct draw_box b)
{
    return a.x > b.x + b.w || b.x > a.x + a.w || a.y > b.y + b.h || b.y > a.y + a.h;
}

/* What it would cover there; what must not be covered is also in *covered. Among a thousand hosts
   nearly all are far from it: that is asked first. */
static float cost_of_covering(const struct view *view, struct draw_box box, float *covered)
{
    const struct map *map = &view->map;
    float cost = 0, area = fmaxf(box.w * box.h, 1);
    *covered = 0;
    for (size_t i = 0; i < map->seen.count; i++) {
        const struct map_host *host = &map->hosts.items[map->seen.items[i]];
        if (is_apart(box, host->all) && is_apart(box, host->card))
            continue;
        *covered += shared(box, host->card) / area;
        cost += COST_ROOM * shared(box, host->all) / area;
    }
    for (size_t i = 0; i < map->taken.count; i++)
        *covered += shared(ui_inset(box, -2), map->taken.items[i]) / area;
    return cost + COST_CARD * *covered;
}

/* Its own line is one of them, so that it stands beside it. */
static float cost_of_lines(const struct view *view, struct draw_box box)
{
    enum { LINES_LOOKED_AT = 120 };
    struct map_leg leg;
    float cost = 0;
    for (size_t i = 0; i < view->map.lines.count && i < LINES_LOOKED_AT; i++) {
        const struct map_line *line = &view->map.lines.items[i];
        if (map_leg(view, view->map.hosts.items[line->a].place,
                    view->map.hosts.items[line->b].place, &leg))
            cost += map_crosses(box, leg.x1, leg.y1, leg.x2, leg.y2) ? COST_LINE : 0;
    }
    return cost;
}

/* A place: how far along the leg from where it stands best, on which side, how far off. */
struct spot {
    float along, side, off;
};

static struct draw_box box_at(const struct view *view, const struct map_label *label,
                              const struct spot *spot)
{
    const struct map_leg *leg = &label->leg;
    float dx = leg->x2 - leg->x1, dy = leg->y2 - leg->y1, length = fmaxf(hypotf(dx, dy), 1);
    float share = fminf(fmaxf(label->share + spot->along, 0.08f), 0.92f);
    float nx = dy / length, ny = -dx / length; /* to its upper or right side */
    if (ny > 0.2f || (fabsf(ny) <= 0.2f && nx < 0))
        nx = -nx, ny = -ny;
    float side = label->side * spot->side;
    float off =
        label->reach + BESIDE + spot->off + fabsf(nx) * label->w / 2 + fabsf(ny) * label->h / 2;
    struct draw_box box = {leg->x1 + dx * share + nx * side * off - label->w / 2,
                           leg->y1 + dy * share + ny * side * off - label->h / 2, label->w,
                           label->h};
    return map_kept(view, box);
}

static const struct spot spots[] = {
    {0, 1, 0},      {0, -1, 0},     {.16f, 1, 0},  {-.16f, 1, 0},  {.16f, -1, 0}, {-.16f, -1, 0},
    {0, 1, 26},     {0, -1, 26},    {.3f, 1, 0},   {-.3f, 1, 0},   {.3f, -1, 0},  {-.3f, -1, 0},
    {.2f, 1, 26},   {-.2f, 1, 26},  {.2f, -1, 26}, {-.2f, -1, 26}, {.42f, 1, 0},  {-.42f, 1, 0},
    {.42f, -1, 0},  {-.42f, -1, 0}, {0, 1, 54},    {0, -1, 54},    {.3f, 1, 54},  {-.3f, 1, 54},
    {.3f, -1, 54},  {-.3f, -1, 54}, {0, 1, 90},    {0, -1, 90},    {.3f, 1, 90},  {-.3f, 1, 90},
    {.3f, -1, 90},  {-.3f, -1, 90}, {0, 1, 130},   {0, -1, 130},   {.4f, 1, 130}, {-.4f, 1, 130},
    {.4f, -1, 130}, {-.4f, -1, 130}};

/* The thin line to what it tells of should not go through other labels. */
static float cost_of_leader(const struct view *view, const struct map_label *label,
                            struct draw_box box)
{
    const struct map_leg *leg = &label->leg;
    float x = leg->x1 + (leg->x2 - leg->x1) * label->share;
    float y = leg->y1 + (leg->y2 - leg->y1) * label->share;
    float to_x = fminf(fmaxf(x, box.x), box.x + box.w);
    float to_y = fminf(fmaxf(y, box.y), box.y + box.h), cost = 0;
    for (size_t i = 0; i < view->map.taken.count; i++)
        cost += map_crosses(view->map.taken.items[i], x, y, to_x, to_y) ? COST_LEADER : 0;
    return cost;
}

/* The best place; gives what it costs. */
static float find_place(const struct view *view, const struct map_label *label,
                        struct draw_box *best, float *best_covers)
{
    float least = 1e9f;
    for (size_t i = 0; i < sizeof spots / sizeof spots[0] && least > COST_LATER * (float)i; i++) {
        float covers, cost = COST_LATER * (float)i + COST_FAR * spots[i].off;
        struct draw_box box = box_at(view, label, &spots[i]);
        cost += cost_of_covering(view, box, &covers);
        if (cost < least)
            cost += cost_of_lines(view, box) + cost_of_leader(view, label, box);
        if (cost >= least)
            continue;
        least = cost;
        *best = box;
        *best_covers = covers;
    }
    return least;
}

bool map_label_place(struct view *view, const struct map_label *wide, float narrow,
                     struct draw_box *box)
{
    struct map_label label = *wide;
    float covers = 1, cost = find_place(view, &label, box, &covers);
    if (cost > TOO_DEAR && label.w > narrow) {
        label.w = narrow;
        find_place(view, &label, box, &covers);
    }
    if (covers > COVERS)
        return false;
    *vector_add(&view->map.taken) = *box;
    return true;
}

void map_leader_draw(struct view *view, struct draw_box box, float x, float y, float reach,
                     uint32_t colour)
{
    float to_x = fminf(fmaxf(x, box.x), box.x + box.w);
    float to_y = fminf(fmaxf(y, box.y), box.y + box.h);
    float dx = to_x - x, dy = to_y - y, length = hypotf(dx, dy);
    if (length < reach + 16)
        return;
    draw_line(view->ui.list, x + dx / length * reach, y + dy / length * reach, to_x, to_y, colour,
              1, 0);
}
