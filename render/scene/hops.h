/*
 * The hops that a header tells of. Each Received field is the word of the server that wrote it:
 * from whom it came, and when by its own clock (RFC 5321 4.4).
 */
#ifndef RENDER_SCENE_HOPS_H
#define RENDER_SCENE_HOPS_H

#include "agents/mail/header.h"
#include "agents/mail/received.h"
#include "sim/trace/log.h"

/* The host with this DNS name, or this id; 0 when there is none. */
uint32_t hops_host(const struct log *log, struct slice name);
/* The hosts that the field is about; false when its `by` names none of them. */
bool hops_hosts(const struct log *log, const struct header_field *field, uint32_t *from,
                uint32_t *by);

/* How long a message took, by the dates that a header has. */
struct hop_delay {
    bool has_date, has_delay;
    int64_t unix_s;
    int64_t delay_s; /* since the Received field below, or for the lowest since Date; below 0: the
                        clocks disagree */
};

enum { HOPS_MAX = 200 };

struct hops {
    size_t count;                      /* Received fields; of more than HOPS_MAX the newest */
    struct hop_delay delays[HOPS_MAX]; /* [0] of the topmost */
    bool has_written;
    int64_t written_s; /* Date */
    int64_t longest_s; /* of the delays that are not below 0 */
    bool has_total;
    int64_t total_s; /* from the lowest date that can be read to the topmost */
};
void hops_read(struct slice header, struct hops *hops);

#endif
