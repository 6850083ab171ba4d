/* Ways between the cards of the map. */
#include <math.h>

#include "render/view/map_path.h"

/* Which share of the way from x1, y1 in `box` to 2 is within it. */
static float way_out(struct draw_box box, float x1, float y1, float x2, float y2)
{
    float dx = x2 - x1, dy = y2 - y1;
    float room_x = dx > 0 ? box.x + box.w - x1 : x1 - box.x;
    float room_y = dy > 0 ? box.y + box.h - y1 : y1 - box.y;
    float share_x = fabsf(dx) > 0.01f ? room_x / fabsf(dx) : 1e9f;
    float share_y = fabsf(dy) > 0.01f ? room_y / fabsf(dy) : 1e9f;
    return fminf(fminf(share_x, share_y), 1);
}

/* Where the line from the middle of `box` to x, y leaves the box. */
static void leave_box(struct draw_box box, float x, float y, float *out_x, float *out_y)
{
    float cx = box.x + box.w / 2, cy = box.y + box.h / 2, dx = x - cx, dy = y - cy;
    float share_x = fabsf(dx) > 0.01f ? box.w / 2 / fabsf(dx) : 1e9f;
    float share_y = fabsf(dy) > 0.01f ? box.h / 2 / fabsf(dy) : 1e9f;
    float share = fminf(fminf(share_x, share_y), 1);
    *out_x = cx + dx * share;
    *out_y = cy + dy * share;
}

static void leg_between(const struct map_host *a, const struct map_host *b, struct map_leg *leg)
{
    leave_box(a->card, b->card.x + b->card.w / 2, b->card.y + b->card.h / 2, &leg->x1, &leg->y1);
    leave_box(b->card, a->card.x + a->card.w / 2, a->card.y + a->card.h / 2, &leg->x2, &leg->y2);
}

bool map_leg(const struct view *view, uint32_t from, uint32_t to, struct map_leg *leg)
{
    const struct map_host *a = map_find(view, from), *b = map_find(view, to);
    if (!a || !b || a == b)
        return false;
    leg_between(a, b, leg);
    return true;
}

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

/* Which leg, and how far along it. */
static size_t leg_number(size_t count, double position, float *share)
{
    double along = fmin(fmax(position, 0), 1) * (double)(count - 1);
    size_t at = (size_t)along < count - 2 ? (size_t)along : count - 2;
    *share = (float)(along - (double)at);
    return at;
}

bool map_leg_at(const struct view *view, const uint32_t *hosts, size_t count, double position,
                struct map_leg *leg)
{
    float share;
    if (count < 2)
        return false;
    size_t at = leg_number(count, position, &share);
    return map_leg(view, hosts[at], hosts[at + 1], leg);
}

bool map_point(const struct view *view, const uint32_t *hosts, size_t count, double position,
               float *x, float *y)
{
    struct map_leg leg;
    float share;
    if (count < 2)
        return false;
    size_t at = leg_number(count, position, &share);
    if (map_leg(view, hosts[at], hosts[at + 1], &leg)) {
        *x = leg.x1 + (leg.x2 - leg.x1) * share;
        *y = leg.y1 + (leg.y2 - leg.y1) * share;
        return true;
    }
    const struct map_host *host = map_find(view, hosts[at]);
    if (!host) /* both ends on one host: it stays above the card */
        return false;
    *x = host->card.x + host->card.w / 2;
    *y = host->all.y - draw_line_height(view->ui.theme->size_text);
    return true;
}

/* The box with half of the thing's room around it. */
static struct draw_box widened(struct draw_box box, float w, float h)
{
    return (struct draw_box){box.x - w / 2, box.y - h / 2, box.w + w, box.h + h};
}

static bool is_apart(struct draw_box a, struct draw_box b)
{
    return a.x >= b.x + b.w || b.x >= a.x + a.w || a.y >= b.y + b.h || b.y >= a.y + a.h;
}

void map_thing_at(const struct map_host *a, const struct map_host *b, float share, float w, float h,
                  float *x, float *y)
{
    struct draw_box box_a = widened(a->all, w, h), box_b = widened(b->all, w, h);
    float ax = a->card.x + a->card.w / 2, ay = a->card.y + a->card.h / 2;
    float bx = b->card.x + b->card.w / 2, by = b->card.y + b->card.h / 2;
    float from = way_out(box_a, ax, ay, bx, by), to = 1 - way_out(box_b, bx, by, ax, ay);
    if (!is_apart(box_a, box_b) || from > to) /* as far from both as there is room */
        from = to = (from + to) / 2;
    float at = from + (to - from) * share;
    *x = ax + (bx - ax) * at;
    *y = ay + (by - ay) * at;
}

bool map_middle_at(const struct view *view, const uint32_t *hosts, size_t count, double position,
                   float *x, float *y)
{
    float share;
    if (count < 2)
        return false;
    size_t at = leg_number(count, position, &share);
    const struct map_host *a = map_find(view, hosts[at]), *b = map_find(view, hosts[at + 1]);
    if (!a || !b)
        return false;
    *x = a->x + (b->x - a->x) * share;
    *y = a->y + (b->y - a->y) * share;
    return true;
}

uint32_t map_message_place(const struct view *view)
{
    const struct scene_message *message = scene_find_message(&view->scene, view->msg);
    uint32_t holder = scene_holder(&view->scene, view->msg);
    if (!message || holder)
        return holder;
    return message->reader ? message->reader : message->store;
}
