#include "export/pcapng_way.h"

#include <cjson/cJSON.h>

#include "sim/base/memory.h"
#include "sim/base/vtime.h"

enum { KNOWN = 512, MILLION = 1000000 };

/* A way that was found before; `path` 0 is a free slot. */
struct pcapng_known {
    uint32_t path;
    bool is_back, is_found;
    struct pcapng_way way;
};

/* ---- what there is ---- */

static int order(const void *a, const void *b)
{
    const struct pcapng_pair *x = a, *y = b;
    if (x->low != y->low)
        return x->low < y->low ? -1 : 1;
    if (x->high != y->high)
        return x->high < y->high ? -1 : 1;
    return x->link < y->link ? -1 : x->link > y->link;
}

static void collect_links(struct pcapng_ways *ways)
{
    for (uint32_t number = 1; number <= ways->log->links.count; number++) {
        const struct event_link *l = log_link(ways->log, number);
        *vector_add(&ways->pairs) = (struct pcapng_pair){
            .low = l->a < l->b ? l->a : l->b, .high = l->a < l->b ? l->b : l->a, .link = number};
        *vector_add(&ways->last) = 0;
        *vector_add(&ways->last) = 0;
    }
    if (ways->pairs.count > 0)
        qsort(ways->pairs.items, ways->pairs.count, sizeof *ways->pairs.items, order);
}

/* Which hosts are behind a gateway is only said in the topology. */
static void read_gateways(struct pcapng_ways *ways, struct slice json)
{
    cJSON *root = cJSON_ParseWithLength(json.data ? json.data : "", json.size);
    const cJSON *host;
    cJSON_ArrayForEach(host, cJSON_GetObjectItemCaseSensitive(root, "hosts"))
    {
        const char *id = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(host, "id"));
        const char *behind = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(host, "behind"));
        uint32_t place = id && behind ? log_find_place(ways->log, slice_of(id)) : 0;
        uint32_t gateway = place ? log_find_place(ways->log, slice_of(behind)) : 0;
        if (gateway && log_host_of(ways->log, gateway) == gateway)
            ways->gateways.items[place] = gateway;
    }
    cJSON_Delete(root);
}

void pcapng_ways_init(struct pcapng_ways *ways, const struct log *log)
{
    *ways = (struct pcapng_ways){.log = log};
    ways->known = memory_take(KNOWN * sizeof *ways->known);
    for (uint32_t place = 0; place <= log_place_count(log); place++)
        *vector_add(&ways->gateways) = 0;
    collect_links(ways);
}

void pcapng_ways_finish(struct pcapng_ways *ways)
{
    vector_finish(&ways->pairs);
    vector_finish(&ways->gateways);
    vector_finish(&ways->last);
    free(ways->known);
}

void pcapng_ways_see(struct pcapng_ways *ways, uint32_t event)
{
    const struct event *e = log_at(ways->log, event);
    if (e->kind == EVENT_TOPOLOGY)
        read_gateways(ways, log_text(ways->log, event_as_topology(e)->json));
    if (e->kind != EVENT_HOST && e->kind != EVENT_LINK && e->kind != EVENT_GONE &&
        e->kind != EVENT_RENAME)
        return;
    ways->changed = event;
    for (size_t i = 0; i < KNOWN; i++)
        ways->known[i].path = 0;
}

uint32_t pcapng_way_gateway(const struct pcapng_ways *ways, uint32_t host)
{
    return host < ways->gateways.count ? ways->gateways.items[host] : 0;
}

size_t pcapng_way_index(const struct pcapng_way *way, uint32_t host)
{
    for (size_t i = 0; i <= way->count; i++)
        if (way->hosts[i] == host)
            return i;
    return SLICE_NONE;
}

/* ---- finding a way ---- */

/* The link between them that was the newest then; 0: none. */
static uint32_t find_link(const struct pcapng_ways *ways, uint32_t a, uint32_t b, uint32_t event)
{
    const struct pcapng_pair wanted = {a < b ? a : b, a < b ? b : a, 0};
    size_t low = 0, high = ways->pairs.count;
    while (low < high) {
        size_t middle = (low + high) / 2;
        if (order(&ways->pairs.items[middle], &wanted) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    uint32_t found = 0;
    for (; low < ways->pairs.count; low++) {
        const struct pcapng_pair *p = &ways->pairs.items[low];
        if (p->low != wanted.low || p->high != wanted.high ||
            ways->log->links.items[p->link - 1] > event)
            break;
        found = p->link;
    }
    return found;
}

static void reverse(uint32_t *items, size_t count)
{
    for (size_t i = 0; i < count / 2; i++) {
        uint32_t item = items[i];
        items[i] = items[count - 1 - i];
        items[count - 1 - i] = item;
    }
}

static bool read_way(const struct pcapng_ways *ways, uint32_t path, uint32_t event, bool is_back,
                     struct pcapng_way *way)
{
    struct slice text = log_text(ways->log, path), word;
    size_t hosts = 0;
    while (slice_cut(&text, ' ', &word)) {
        uint32_t host = log_find_place_at(ways->log, word, event);
        if (hosts > PCAPNG_LINKS_MOST || !host || log_host_of(ways->log, host) != host)
            return false;
        way->hosts[hosts++] = host;
        if (hosts == 1)
            continue;
        way->links[hosts - 2] = find_link(ways, way->hosts[hosts - 2], host, event);
        if (!way->links[hosts - 2])
            return false;
    }
    if (hosts == 0)
        return false;
    way->count = hosts - 1;
    if (is_back) {
        reverse(way->hosts, hosts);
        reverse(way->links, way->count);
    }
    return true;
}

bool pcapng_way_find(struct pcapng_ways *ways, uint32_t path, uint32_t event, bool is_back,
                     struct pcapng_way *way)
{
    struct pcapng_known *known = &ways->known[(path * 2 + is_back) % KNOWN];
    if (event < ways->changed || path == 0)
        return read_way(ways, path, event, is_back, way);
    if (known->path != path || known->is_back != is_back) {
        known->path = path;
        known->is_back = is_back;
        known->is_found = read_way(ways, path, event, is_back, &known->way);
    }
    if (known->is_found)
        *way = known->way;
    return known->is_found;
}

/* ---- times ---- */

/* How long a packet takes over a link that is free (as declared), in microseconds. */
static uint64_t duration_us(const struct event_link *l, uint32_t octets)
{
    uint64_t bits_ms = (uint64_t)octets * 8 * 1000;
    uint64_t us = (uint64_t)l->latency + (l->kbps ? (bits_ms + l->kbps - 1) / l->kbps : 0);
    return us < UINT32_MAX ? us : UINT32_MAX;
}

bool pcapng_way_times(const struct pcapng_ways *ways, const struct pcapng_way *way, int64_t t,
                      uint32_t travel_us, uint32_t octets, int64_t times[PCAPNG_LINKS_MOST + 1])
{
    uint64_t sum = 0, all = 0;
    for (size_t i = 0; i < way->count; i++)
        all += duration_us(log_link(ways->log, way->links[i]), octets);
    times[0] = t;
    for (size_t i = 0; i < way->count; i++) {
        sum += duration_us(log_link(ways->log, way->links[i]), octets);
        /* in millionths, which is fine enough: 64 links of 32 bits can't overflow */
        uint64_t share = sum * MILLION / (all + !all);
        times[i + 1] =
            t + (int64_t)(all == travel_us ? sum : travel_us * share / MILLION) * VTIME_US;
    }
    /* arrivals lie on whole microseconds, and the trace rounds what led there upwards */
    times[way->count] = (t + (int64_t)travel_us * VTIME_US) / VTIME_US * VTIME_US;
    return all == travel_us;
}

void pcapng_way_queue(struct pcapng_ways *ways, const struct pcapng_way *way, bool is_exact,
                      int64_t times[PCAPNG_LINKS_MOST + 1])
{
    int64_t arrival = times[way->count];
    for (size_t i = 0; i < way->count; i++) {
        bool is_forth = log_link(ways->log, way->links[i])->a == way->hosts[i];
        int64_t *last = &ways->last.items[(way->links[i] - 1) * 2 + is_forth];
        int64_t *out = &times[i + 1];
        if (!is_exact && *out < *last)
            *out = *last;
        if (*out < times[i])
            *out = times[i];
        if (*out > arrival)
            *out = arrival;
        *last = *out > *last ? *out : *last;
    }
}
