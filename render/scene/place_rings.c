#include "render/scene/place.h"

#include <math.h>

#include "sim/base/memory.h"

#define TURN 6.28318530718f

/* A host with one link is a leaf of the host at its other end; all others are hubs. */
struct ring_host {
    uint32_t degree, neighbour;
    uint32_t leaf_count, leaf_index;
    uint32_t hub_index;
};

static bool is_leaf(const struct ring_host *hosts, uint32_t place)
{
    const struct ring_host *h = &hosts[place - 1];
    if (h->degree != 1)
        return false;
    /* Of two that have only each other, the first is the hub. */
    return hosts[h->neighbour - 1].degree > 1 || h->neighbour < place;
}

static void count_links(const struct log *log, struct ring_host *hosts)
{
    const struct event_link *link;
    for (uint32_t i = 1; (link = log_link(log, i)) != NULL; i++) {
        uint32_t a = link->a, b = link->b;
        if (a == b || a - 1 >= log_place_count(log) || b - 1 >= log_place_count(log))
            continue;
        hosts[a - 1].degree++;
        hosts[b - 1].degree++;
        hosts[a - 1].neighbour = b;
        hosts[b - 1].neighbour = a;
    }
}

static uint32_t number_hubs(const struct log *log, struct ring_host *hosts)
{
    uint32_t hubs = 0;
    for (uint32_t place = 1; place <= log_place_count(log); place++) {
        if (!event_as_host(log_place(log, place)))
            continue;
        if (is_leaf(hosts, place)) {
            struct ring_host *hub = &hosts[hosts[place - 1].neighbour - 1];
            hosts[place - 1].leaf_index = hub->leaf_count++;
        } else {
            hosts[place - 1].hub_index = hubs++;
        }
    }
    return hubs;
}

/* Hubs stand on a square grid, rows from the left; each has a cell of side 1000. */
static struct layout_point hub_point(uint32_t index, uint32_t columns)
{
    return (struct layout_point){(float)(index % columns) * 1000.0f,
                                 (float)(index / columns) * 1000.0f};
}

/* Rings of 12, 24, 36 ... leaves, from the inside. */
static struct layout_point leaf_point(struct layout_point hub, uint32_t index, uint32_t count)
{
    uint32_t ring = 1, before = 0, rings = 1;
    for (uint32_t room = 12; room < count; rings++)
        room += 12 * (rings + 1);
    while (index - before >= 12 * ring)
        before += 12 * ring++;
    float radius = 440.0f * (float)ring / (float)rings;
    float angle = TURN * ((float)(index - before) + 0.5f * (float)(ring % 2)) / (float)(12 * ring);
    return (struct layout_point){hub.x + radius * cosf(angle), hub.y + radius * sinf(angle)};
}

void place_in_rings(const struct log *log, struct layout_point *points)
{
    struct ring_host *hosts = memory_take(log_place_count(log) * sizeof *hosts);
    count_links(log, hosts);
    uint32_t hubs = number_hubs(log, hosts), columns = 1;
    while (columns * columns < hubs)
        columns++;
    for (uint32_t place = 1; place <= log_place_count(log); place++) {
        if (!event_as_host(log_place(log, place)))
            continue;
        const struct ring_host *host = &hosts[place - 1];
        if (!is_leaf(hosts, place)) {
            points[place - 1] = hub_point(host->hub_index, columns);
            continue;
        }
        const struct ring_host *hub = &hosts[host->neighbour - 1];
        points[place - 1] =
            leaf_point(hub_point(hub->hub_index, columns), host->leaf_index, hub->leaf_count);
    }
    free(hosts);
}
