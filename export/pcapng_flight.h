/*
 * Packets in flight that somebody will see, in the order in which they will be seen. Where one is
 * seen on its later links is only known when it was not lost before, so each sight waits until
 * then. There are never more than packets on their way at one time, however long the trace is.
 *
 *     struct pcapng_flights flights;
 *     pcapng_flights_init(&flights);
 *     uint32_t slot = pcapng_flight_add(&flights, event);
 *     pcapng_sight_add(&flights, &(struct pcapng_sight){.at = t, .flight = slot, ...});
 *     pcapng_flight_drop(&flights, slot);                      no more sights of it are added
 *     while (pcapng_sight_take(&flights, now, &sight)) use(&flights.flights.items[sight.flight]);
 *     pcapng_flights_finish(&flights);
 */
#ifndef EXPORT_PCAPNG_FLIGHT_H
#define EXPORT_PCAPNG_FLIGHT_H

#include <stdbool.h>
#include <stdint.h>

#include "sim/base/vector.h"

enum { PCAPNG_BUCKETS = 4096, PCAPNG_NEVER = 255 };

/* Lost: it does not go into the link with number `entries` on its way, and does not come out of
   that with number `exits`. PCAPNG_NEVER: it was not lost. */
struct pcapng_flight {
    uint32_t event, next; /* next: of its bucket, slot + 1 */
    uint32_t sights;      /* that wait, and 1 until it is dropped */
    uint8_t entries, exits;
};

struct pcapng_sight {
    int64_t at, known_at; /* when it is seen; from when on it is known whether it is */
    uint64_t order;       /* of those at one time */
    uint32_t flight;
    uint8_t hop; /* its link */
    bool is_exit, has_direction;
};

struct pcapng_flights {
    VECTOR(struct pcapng_flight) flights;
    VECTOR(uint32_t) free;
    VECTOR(struct pcapng_sight) heap;
    uint32_t buckets[PCAPNG_BUCKETS]; /* by event: slot + 1 */
    uint64_t order;
};

void pcapng_flights_init(struct pcapng_flights *f);
void pcapng_flights_finish(struct pcapng_flights *f);

uint32_t pcapng_flight_add(struct pcapng_flights *f, uint32_t event);
void pcapng_flight_drop(struct pcapng_flights *f, uint32_t slot);
/* NULL when no sight of it waits. Borrowed until the next one is added. */
struct pcapng_flight *pcapng_flight_find(struct pcapng_flights *f, uint32_t event);

/* Its order is given here. */
void pcapng_sight_add(struct pcapng_flights *f, const struct pcapng_sight *sight);
/* The first one, when it is known before `now` whether it is one. Its flight stays until
   pcapng_flight_drop is called once for it. */
bool pcapng_sight_take(struct pcapng_flights *f, int64_t now, struct pcapng_sight *sight);

#endif
