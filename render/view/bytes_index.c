#include "render/view/bytes_index.h"

#include "sim/base/vtime.h"

void bytes_index_finish(struct bytes_index *index)
{
    vector_finish(&index->ids);
    vector_finish(&index->next);
    vector_finish(&index->first);
    vector_finish(&index->last);
    vector_finish(&index->datagrams);
    vector_finish(&index->lost);
    index->seen = 0;
}

void bytes_index_clear(struct bytes_index *index)
{
    vector_clear(&index->ids);
    vector_clear(&index->next);
    vector_clear(&index->first);
    vector_clear(&index->last);
    vector_clear(&index->datagrams);
    vector_clear(&index->lost);
    index->seen = 0;
}

static void add_segment(struct bytes_index *index, uint32_t conn, uint32_t id, size_t conn_count)
{
    if (conn - 1 >= conn_count)
        return;
    *vector_add(&index->ids) = id;
    *vector_add(&index->next) = 0;
    uint32_t place = (uint32_t)index->ids.count;
    while (index->first.count < conn) {
        *vector_add(&index->first) = 0;
        *vector_add(&index->last) = 0;
    }
    uint32_t last = index->last.items[conn - 1];
    if (last)
        index->next.items[last - 1] = place;
    else
        index->first.items[conn - 1] = place;
    index->last.items[conn - 1] = place;
}

void bytes_index_update(struct bytes_index *index, const struct log *log)
{
    for (; index->seen < log_count(log); index->seen++) {
        const struct event *e = log_at(log, index->seen);
        if (e->kind == EVENT_TCP_SEGMENT)
            add_segment(index, event_as_tcp_segment(e)->conn, index->seen, log->conns.count);
        else if (e->kind == EVENT_UDP_DATAGRAM)
            *vector_add(&index->datagrams) = index->seen;
        else if (e->kind == EVENT_TCP_LOST || e->kind == EVENT_UDP_LOST)
            *vector_add(&index->lost) = index->seen;
    }
}

size_t bytes_count_below(const uint32_t *ids, size_t count, uint32_t limit)
{
    size_t low = 0, high = count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (ids[middle] < limit)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_loss_of(const struct log *log, uint32_t id, const struct event *loss)
{
    const struct event *e = log_at(log, id);
    const struct event_tcp_segment *segment = event_as_tcp_segment(e);
    const struct event_tcp_lost *lost = event_as_tcp_lost(loss);
    const struct event_udp_datagram *datagram = event_as_udp_datagram(e);
    const struct event_udp_lost *gone = event_as_udp_lost(loss);
    struct log_parties parties = {0};
    if (datagram && gone)
        return datagram->from == gone->from && datagram->to == gone->to;
    return segment && lost && segment->conn == lost->conn && segment->seq == lost->seq &&
           log_parties(log, e, &parties) &&
           log_host_of(log, parties.from) == log_host_of(log, lost->from);
}

/* It is lost while it is on its way: later losses are of others. */
bool bytes_index_is_lost(const struct bytes_index *index, const struct log *log, uint32_t id)
{
    const struct event *e = log_at(log, id);
    uint32_t travel_us = e->kind == EVENT_TCP_SEGMENT ? event_as_tcp_segment(e)->travel
                                                      : event_as_udp_datagram(e)->travel;
    int64_t arrives = e->t + travel_us * VTIME_US;
    size_t at = bytes_count_below(index->lost.items, index->lost.count, id);
    for (size_t i = at; i < index->lost.count; i++) {
        const struct event *loss = log_at(log, index->lost.items[i]);
        if (loss->t > arrives)
            return false;
        if (is_loss_of(log, id, loss))
            return true;
    }
    return false;
}
