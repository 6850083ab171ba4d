#include "export/pcapng_flight.h"

void pcapng_flights_init(struct pcapng_flights *f)
{
    *f = (struct pcapng_flights){0};
}

void pcapng_flights_finish(struct pcapng_flights *f)
{
    vector_finish(&f->flights);
    vector_finish(&f->free);
    vector_finish(&f->heap);
}

/* ---- flights ---- */

uint32_t pcapng_flight_add(struct pcapng_flights *f, uint32_t event)
{
    if (f->free.count == 0) {
        (void)vector_add(&f->flights);
        *vector_add(&f->free) = (uint32_t)f->flights.count - 1;
    }
    uint32_t slot = f->free.items[--f->free.count];
    uint32_t *bucket = &f->buckets[event % PCAPNG_BUCKETS];
    f->flights.items[slot] = (struct pcapng_flight){.event = event,
                                                    .next = *bucket,
                                                    .sights = 1,
                                                    .entries = PCAPNG_NEVER,
                                                    .exits = PCAPNG_NEVER};
    *bucket = slot + 1;
    return slot;
}

void pcapng_flight_drop(struct pcapng_flights *f, uint32_t slot)
{
    struct pcapng_flight *flight = &f->flights.items[slot];
    if (--flight->sights > 0)
        return;
    uint32_t *at = &f->buckets[flight->event % PCAPNG_BUCKETS];
    while (*at != slot + 1)
        at = &f->flights.items[*at - 1].next;
    *at = flight->next;
    *vector_add(&f->free) = slot;
}

struct pcapng_flight *pcapng_flight_find(struct pcapng_flights *f, uint32_t event)
{
    for (uint32_t i = f->buckets[event % PCAPNG_BUCKETS]; i != 0; i = f->flights.items[i - 1].next)
        if (f->flights.items[i - 1].event == event)
            return &f->flights.items[i - 1];
    return NULL;
}

/* ---- sights: a heap ---- */

static bool is_before(const struct pcapng_sight *a, const struct pcapng_sight *b)
{
    return a->at != b->at ? a->at < b->at : a->order < b->order;
}

void pcapng_sight_add(struct pcapng_flights *f, const struct pcapng_sight *sight)
{
    (void)vector_add(&f->heap);
    struct pcapng_sight added = *sight;
    added.order = f->order++;
    f->flights.items[sight->flight].sights++;
    size_t i = f->heap.count - 1;
    for (; i > 0 && is_before(&added, &f->heap.items[(i - 1) / 2]); i = (i - 1) / 2)
        f->heap.items[i] = f->heap.items[(i - 1) / 2];
    f->heap.items[i] = added;
}

bool pcapng_sight_take(struct pcapng_flights *f, int64_t now, struct pcapng_sight *sight)
{
    if (f->heap.count == 0 || f->heap.items[0].known_at >= now)
        return false;
    *sight = f->heap.items[0];
    const struct pcapng_sight last = f->heap.items[--f->heap.count];
    size_t i = 0, count = f->heap.count;
    for (size_t child = 1; child < count; child = 2 * i + 1) {
        if (child + 1 < count && is_before(&f->heap.items[child + 1], &f->heap.items[child]))
            child++;
        if (!is_before(&f->heap.items[child], &last))
            break;
        f->heap.items[i] = f->heap.items[child];
        i = child;
    }
    if (count > 0)
        f->heap.items[i] = last;
    return true;
}
