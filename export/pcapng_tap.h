/*
 * Where packets are captured, and the interface that each is seen on: a link, or the inside of a
 * host that speaks to itself.
 *
 *     struct pcapng_taps taps;
 *     if (!pcapng_taps_init(&taps, log, names, name_count, &problem)) ...
 *     pcapng_taps_declare(&taps, &blocks);                 the links' interfaces
 *     if (pcapng_tap_is_link(&taps, link)) number = pcapng_tap_link(&taps, link);
 *     pcapng_taps_finish(&taps);                           also after a failure
 */
#ifndef EXPORT_PCAPNG_TAP_H
#define EXPORT_PCAPNG_TAP_H

#include "export/pcapng_block.h"
#include "sim/base/problem.h"
#include "sim/trace/log.h"

struct pcapng_taps {
    const struct log *log;
    bool is_default;         /* nothing was asked for: each packet once */
    bool is_all;             /* every link, and the inside of every host */
    VECTOR(uint8_t) links;   /* by number: 1 when it was asked for */
    VECTOR(uint8_t) hosts;   /* by place likewise */
    VECTOR(uint32_t) on;     /* by link: the number of its interface + 1; 0: none */
    VECTOR(uint32_t) within; /* by place likewise, of the inside of a host */
};

/* A name is a link ("out:mx1", in either order), a host, an agent for its host, or "all". No names:
   each packet once. */
bool pcapng_taps_init(struct pcapng_taps *taps, const struct log *log, const struct slice *names,
                      size_t name_count, struct problem *problem);
void pcapng_taps_finish(struct pcapng_taps *taps);
void pcapng_taps_declare(struct pcapng_taps *taps, struct pcapng_blocks *blocks);

bool pcapng_tap_is_link(const struct pcapng_taps *taps, uint32_t link);
bool pcapng_tap_is_host(const struct pcapng_taps *taps, uint32_t host);
/* Is seen what a host says to itself? */
bool pcapng_tap_is_within(const struct pcapng_taps *taps, uint32_t host);
uint32_t pcapng_tap_link(const struct pcapng_taps *taps, uint32_t link);
/* Declared when it is first asked for: few hosts speak to themselves. */
uint32_t pcapng_tap_within(struct pcapng_taps *taps, struct pcapng_blocks *blocks, uint32_t host);

#endif
