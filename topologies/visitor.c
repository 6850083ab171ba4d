#include "topologies/visitor.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

#include "sim/base/memory.h"
#include "sim/trace/event.h"

enum {
    LATENCY_US = 20000, /* what a link of a file has that says nothing */
    NAMES_TRIED = 1000,
    NAMES_LISTED = 12
};

/* ---- finding ---- */

static bool reject(const struct topology *t, struct slice word, struct problem *problem)
{
    const char **names = memory_take(2 * t->host_count * sizeof *names);
    char listed[400];
    int size = 0;
    for (size_t i = 0; i < t->host_count; i++) {
        names[2 * i] = t->hosts[i].id.data; /* texts of the arena end with NUL */
        names[2 * i + 1] = t->hosts[i].name.data;
        if (i < NAMES_LISTED && size < (int)sizeof listed - 80)
            size += snprintf(listed + size, sizeof listed - (size_t)size, "%s%.64s", i ? ", " : "",
                             t->hosts[i].id.data);
    }
    const char *nearest = problem_nearest(word, names, 2 * t->host_count);
    if (nearest)
        problem_set(problem, "there is no host \"%.*s\"; did you mean %s?",
                    SLICE_ARG(slice_part(word, 0, 80)), nearest);
    else
        problem_set(problem, "there is no host \"%.*s\"; there are %s%s",
                    SLICE_ARG(slice_part(word, 0, 80)), listed,
                    t->host_count > NAMES_LISTED ? ", ..." : "");
    free(names);
    return false;
}

bool visitor_find_host(const struct topology *t, struct slice word, size_t *host,
                       struct problem *problem)
{
    for (*host = 0; *host < t->host_count; ++*host)
        if (slice_equal(t->hosts[*host].id, word) || slice_equal_fold(t->hosts[*host].name, word))
            return true;
    return reject(t, word, problem);
}

size_t visitor_hub(const struct topology *t)
{
    size_t *degrees = memory_take(t->host_count * sizeof *degrees), hub = 0;
    for (size_t i = 0; i < t->link_count; i++) {
        degrees[t->links[i].a]++;
        degrees[t->links[i].b]++;
    }
    for (size_t i = 1; i < t->host_count; i++)
        if (degrees[i] > degrees[hub])
            hub = i;
    free(degrees);
    return hub;
}

/* ---- what nobody else has ---- */

static bool is_id_taken(const struct topology *t, struct slice id)
{
    for (size_t i = 0; i < t->host_count; i++) {
        if (slice_equal(t->hosts[i].id, id))
            return true;
        for (size_t j = 0; j < t->hosts[i].agent_count; j++)
            if (slice_equal(t->hosts[i].agents[j].id, id))
                return true;
    }
    return false;
}

static bool is_name_taken(const struct topology *t, struct slice name)
{
    for (size_t i = 0; i < t->host_count; i++)
        if (slice_equal_fold(t->hosts[i].name, name))
            return true;
    for (size_t i = 0; i < t->record_count; i++)
        if (slice_equal_fold(t->records[i].name, name))
            return true;
    return false;
}

/* "visitor", "visitor-2", ... with neither the id nor the name in use. */
static struct slice free_id(struct topology *t, struct slice *name)
{
    struct slice id = SLICE("visitor");
    for (int i = 2;; i++) {
        *name = arena_printf(&t->arena, "%.*s.example.net", SLICE_ARG(id));
        if (i > NAMES_TRIED || (!is_id_taken(t, id) && !is_name_taken(t, *name)))
            return id;
        id = arena_printf(&t->arena, "visitor-%d", i);
    }
}

static bool is_address_taken(const struct topology *t, uint32_t address)
{
    for (size_t i = 0; i < t->host_count; i++)
        if (t->hosts[i].address == address)
            return true;
    return false;
}

/* From 192.0.2.200 on (RFC 5737), and when that is full in the range for measurements (RFC 2544).
 */
static uint32_t free_address(const struct topology *t)
{
    for (uint32_t address = 0xC00002C8; address < 0xC00002FF; address++)
        if (!is_address_taken(t, address))
            return address;
    uint32_t address = 0xC6120001;
    while (is_address_taken(t, address))
        address++;
    return address;
}

/* ---- its place on the map ---- */

enum { MAP_SIZE = 1000, MAP_STEP = 20, MAP_ROOM = 150 };

static int64_t squared(const struct topology_host *host, int64_t x, int64_t y)
{
    int64_t dx = (int64_t)host->x - x, dy = (int64_t)host->y - y;
    return dx * dx + dy * dy;
}

static int64_t nearest_squared(const struct topology *t, int64_t x, int64_t y)
{
    int64_t nearest = INT64_MAX;
    for (size_t i = 0; i < t->host_count; i++) {
        int64_t distance = squared(&t->hosts[i], x, y);
        nearest = distance < nearest ? distance : nearest;
    }
    return nearest;
}

/*
 * The spot nearest to `at` with room around it; where there is none, the one with the most room.
 * Without places in the file all places are worked out, and this one with them.
 */
static void find_spot(const struct topology *t, size_t at, struct topology_host *host)
{
    enum { MANY = 500 };
    int64_t best = INT64_MIN;
    host->x = host->y = EVENT_UNSET;
    for (size_t i = 0; i < t->host_count; i++)
        if (t->hosts[i].x == EVENT_UNSET || t->host_count > MANY)
            return;
    for (int64_t y = 0; y <= MAP_SIZE; y += MAP_STEP)
        for (int64_t x = 0; x <= MAP_SIZE; x += MAP_STEP) {
            int64_t room = nearest_squared(t, x, y);
            int64_t worth = room < MAP_ROOM * MAP_ROOM ? room - 2 * MAP_SIZE * MAP_SIZE
                                                       : -squared(&t->hosts[at], x, y);
            if (worth <= best)
                continue;
            best = worth;
            host->x = (uint32_t)x;
            host->y = (uint32_t)y;
        }
}

/* ---- adding ---- */

static void *with_room(struct topology *t, const void *items, size_t count, size_t size)
{
    void *grown = arena_take(&t->arena, (count + 1) * size);
    if (count)
        memcpy(grown, items, count * size);
    return grown;
}

static void add_record(struct topology *t, const struct topology_host *host)
{
    uint32_t address = htonl(host->address);
    t->records = with_room(t, t->records, t->record_count, sizeof *t->records);
    t->records[t->record_count++] = (struct dns_record){
        .name = host->name,
        .type = DNS_TYPE_A,
        .data = arena_copy(&t->arena, (struct slice){(const char *)&address, 4})};
}

size_t visitor_add(struct topology *t, size_t at)
{
    for (size_t i = 0; i < t->host_count; i++)
        if (slice_equal(t->hosts[i].id, SLICE("visitor")))
            return i;
    struct topology_host host = {.address = free_address(t),
                                 .admd = SLICE(""),
                                 .resolver = SLICE_NONE,
                                 .behind = SLICE_NONE};
    host.id = free_id(t, &host.name);
    find_spot(t, at, &host);
    t->hosts = with_room(t, t->hosts, t->host_count, sizeof *t->hosts);
    t->hosts[t->host_count] = host;
    t->links = with_room(t, t->links, t->link_count, sizeof *t->links);
    t->links[t->link_count++] =
        (struct topology_link){.a = at, .b = t->host_count, .latency_us = LATENCY_US};
    add_record(t, &host);
    return t->host_count++;
}

void visitor_hasten(struct topology *t)
{
    for (size_t i = 0; i < t->link_count; i++)
        t->links[i].latency_us = t->links[i].jitter_us = 0;
}
