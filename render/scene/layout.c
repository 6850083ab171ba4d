#include "render/scene/layout.h"

#include <math.h>

#include "render/scene/place.h"

static bool is_given(const struct event_host *host)
{
    return host->x != EVENT_UNSET && host->y != EVENT_UNSET;
}

static size_t count_hosts(const struct log *log, bool *all_given)
{
    size_t count = 0;
    *all_given = true;
    for (uint32_t place = 1; place <= log_place_count(log); place++) {
        const struct event_host *host = event_as_host(log_place(log, place));
        if (!host)
            continue;
        count++;
        *all_given = *all_given && is_given(host);
    }
    return count;
}

static void take_given(struct layout *layout, const struct log *log)
{
    for (uint32_t place = 1; place <= log_place_count(log); place++) {
        const struct event_host *host = event_as_host(log_place(log, place));
        if (host && is_given(host))
            layout->points.items[place - 1] = (struct layout_point){(float)host->x, (float)host->y};
    }
}

/* Stretches what was worked out to the grid, each direction by itself; a flat one goes to the
 * middle. */
static void stretch(struct layout *layout, const struct log *log)
{
    float low[2] = {1e9f, 1e9f}, high[2] = {-1e9f, -1e9f};
    for (uint32_t place = 1; place <= log_place_count(log); place++) {
        if (!event_as_host(log_place(log, place)))
            continue;
        const float at[2] = {layout->points.items[place - 1].x, layout->points.items[place - 1].y};
        for (int axis = 0; axis < 2; axis++) {
            low[axis] = at[axis] < low[axis] ? at[axis] : low[axis];
            high[axis] = at[axis] > high[axis] ? at[axis] : high[axis];
        }
    }
    for (size_t i = 0; i < layout->points.count; i++) {
        struct layout_point *p = &layout->points.items[i];
        float width = high[0] - low[0], height = high[1] - low[1];
        p->x = width > 1 ? fminf((p->x - low[0]) / width, 1) * LAYOUT_GRID : LAYOUT_GRID / 2;
        p->y = height > 1 ? fminf((p->y - low[1]) / height, 1) * LAYOUT_GRID : LAYOUT_GRID / 2;
    }
}

void layout_init(struct layout *layout, const struct log *log)
{
    *layout = (struct layout){0};
    for (uint32_t place = 1; place <= log_place_count(log); place++)
        *vector_add(&layout->points) = (struct layout_point){0};
    bool all_given;
    size_t hosts = count_hosts(log, &all_given);
    if (hosts == 0)
        return;
    if (all_given) {
        take_given(layout, log);
    } else {
        if (hosts > LAYOUT_DOT_MAX || !place_by_dot(log, layout->points.items))
            place_in_rings(log, layout->points.items);
        stretch(layout, log);
        take_given(layout, log);
    }
    for (uint32_t place = 1; place <= log_place_count(log); place++) {
        uint32_t host = log_host_of(log, place);
        if (host != place && host - 1 < layout->points.count)
            layout->points.items[place - 1] = layout->points.items[host - 1];
    }
}

void layout_finish(struct layout *layout)
{
    vector_finish(&layout->points);
}

struct layout_point layout_at(const struct layout *layout, uint32_t place)
{
    if (place - 1 < layout->points.count)
        return layout->points.items[place - 1];
    return (struct layout_point){LAYOUT_GRID / 2, LAYOUT_GRID / 2};
}
