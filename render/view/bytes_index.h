/*
 * Private to this folder: the segments of each connection, and the datagrams, in order. Kept up as
 * the log grows, and only from when somebody looks at them; then one connection's are gathered so
 * that the n-th is found at once.
 */
#ifndef RENDER_VIEW_BYTES_INDEX_H
#define RENDER_VIEW_BYTES_INDEX_H

#include "sim/base/vector.h"
#include "sim/trace/log.h"

struct bytes_index {
    uint32_t seen;
    VECTOR(uint32_t) ids;         /* all segments */
    VECTOR(uint32_t) next;        /* beside them: place plus 1 of the connection's next one */
    VECTOR(uint32_t) first, last; /* [conn - 1]: place plus 1 */
    VECTOR(uint32_t) datagrams;
    VECTOR(uint32_t) lost; /* tcp.lost and udp.lost, ascending */
};

void bytes_index_finish(struct bytes_index *index);
/* Empties it, for another log; its memory stays. */
void bytes_index_clear(struct bytes_index *index);
void bytes_index_update(struct bytes_index *index, const struct log *log);
/* Was this segment or datagram lost on its way? Its loss is caused by it. */
bool bytes_index_is_lost(const struct bytes_index *index, const struct log *log, uint32_t id);

/* How many of ascending numbers are below `limit`. */
size_t bytes_count_below(const uint32_t *ids, size_t count, uint32_t limit);

#endif
