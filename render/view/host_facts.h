/*
 * Private to this folder: what the trace has told of one host up to a moment, as far as the scene
 * does not know it: settings changed while it ran, the files on its disk, and how far its clock is
 * off. Going on continues the fold; another host, or an earlier moment, starts it again.
 */
#ifndef RENDER_VIEW_HOST_FACTS_H
#define RENDER_VIEW_HOST_FACTS_H

#include "sim/base/vector.h"
#include "sim/trace/log.h"

struct host_setting {
    uint32_t at, key, value; /* an agent; texts */
};

struct host_file {
    uint32_t path, size; /* path: a text */
    bool is_there, is_corrupt;
    uint32_t event; /* that changed it last */
};

struct host_facts {
    uint32_t host, seen; /* events folded */
    VECTOR(struct host_setting) settings;
    VECTOR(struct host_file) files; /* in the order in which they came */
    VECTOR(uint32_t) table;         /* by path: place in files plus 1; a power of two */
    size_t file_count;              /* of those that are there */
    uint64_t octets;
    bool has_stamp;            /* it has written a Received field with a date */
    int64_t stamp_off_s;       /* how far the last one was ahead of the time; below 0: behind */
    VECTOR(uint32_t) defers;   /* events: attempts that failed for now */
    uint32_t crashes, blocked; /* blocked: segments and datagrams that it stopped as a firewall */
};

void host_facts_finish(struct host_facts *facts);
/* The state before event number `until`. */
void host_facts_at(struct host_facts *facts, const struct log *log, uint32_t host, uint32_t until);

#endif
