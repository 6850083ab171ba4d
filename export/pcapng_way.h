/*
 * The ways that packets take: hosts and links, from the paths that the trace names, and the moment
 * at which a packet comes to each host of its way. The trace says when it leaves and when it
 * arrives; in between each link takes its share by latency and bandwidth, which is exact unless
 * the packet waited for its turn somewhere or a link was slower than it is declared.
 *
 *     struct pcapng_ways ways;
 *     pcapng_ways_init(&ways, log);
 *     pcapng_ways_see(&ways, id);                          each event, in their order
 *     if (pcapng_way_find(&ways, path, id, false, &way)) pcapng_way_times(&ways, &way, ...);
 *     pcapng_ways_finish(&ways);
 */
#ifndef EXPORT_PCAPNG_WAY_H
#define EXPORT_PCAPNG_WAY_H

#include "sim/trace/log.h"

enum { PCAPNG_LINKS_MOST = 64 };

struct pcapng_way {
    uint32_t hosts[PCAPNG_LINKS_MOST + 1]; /* places, the sender's first */
    uint32_t links[PCAPNG_LINKS_MOST];     /* links[i] leads from hosts[i] to hosts[i + 1] */
    size_t count;                          /* links; 0: within one host */
};

struct pcapng_pair {
    uint32_t low, high, link; /* its two hosts */
};

struct pcapng_known;

struct pcapng_ways {
    const struct log *log;
    VECTOR(struct pcapng_pair) pairs; /* sorted */
    VECTOR(uint32_t) gateways;        /* by place: whose address others see; 0: its own */
    VECTOR(int64_t) last;             /* by link and direction: when the last one came out of it */
    struct pcapng_known *known;       /* ways that were found before */
    uint32_t changed;                 /* the event that last changed who is where */
};

void pcapng_ways_init(struct pcapng_ways *ways, const struct log *log);
void pcapng_ways_finish(struct pcapng_ways *ways);
void pcapng_ways_see(struct pcapng_ways *ways, uint32_t event);

/* The way that the text `path` names, with what things were called at that event; back: the other
   way round. False when the trace does not know it whole. */
bool pcapng_way_find(struct pcapng_ways *ways, uint32_t path, uint32_t event, bool is_back,
                     struct pcapng_way *way);
/* The index of the host in it, or SLICE_NONE. */
size_t pcapng_way_index(const struct pcapng_way *way, uint32_t host);
/* The gateway that gives this host its own address towards the outside; 0: none. */
uint32_t pcapng_way_gateway(const struct pcapng_ways *ways, uint32_t host);

/* A packet of so many octets leaves at `t`. times[i] is when it comes to hosts[i]. False when the
   links do not add up to `travel_us`, so that the times in between are shares. */
bool pcapng_way_times(const struct pcapng_ways *ways, const struct pcapng_way *way, int64_t t,
                      uint32_t travel_us, uint32_t octets, int64_t times[PCAPNG_LINKS_MOST + 1]);
/* Nothing overtakes on a link: moves the times of shares behind those that went before, and keeps
   them for those to come. */
void pcapng_way_queue(struct pcapng_ways *ways, const struct pcapng_way *way, bool is_exact,
                      int64_t times[PCAPNG_LINKS_MOST + 1]);

#endif
