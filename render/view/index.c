#include "render/view/index.h"

void index_init(struct index *index)
{
    *index = (struct index){0};
}

void index_finish(struct index *index)
{
    vector_finish(&index->rows.ids);
    vector_finish(&index->packets.ids);
    vector_finish(&index->turns.ids);
    vector_finish(&index->hops.ids);
    vector_finish(&index->turn_next);
    vector_finish(&index->conn_first);
    vector_finish(&index->conn_last);
}

static uint32_t field_of(const struct event *e, enum event_type type)
{
    const struct event_kind_row *row = &event_kinds[e->kind];
    for (int i = 0; i < row->field_count; i++)
        if (row->fields[i].type == type)
            return e->v[i];
    return 0;
}

uint32_t index_msg_of(const struct event *e)
{
    return field_of(e, EVENT_TYPE_MSG);
}

uint32_t index_conn_of(const struct event *e)
{
    return field_of(e, EVENT_TYPE_CONN);
}

static bool is_declaration(enum event_kind kind)
{
    return kind == EVENT_RUN || kind == EVENT_TOPOLOGY || kind == EVENT_ADMD ||
           kind == EVENT_HOST || kind == EVENT_AGENT || kind == EVENT_LINK || kind == EVENT_PALETTE;
}

static bool is_packet(enum event_kind kind)
{
    return kind == EVENT_TCP_SEGMENT || kind == EVENT_UDP_DATAGRAM || kind == EVENT_FILE ||
           kind == EVENT_TLS_DATA || kind == EVENT_TLS_KEY;
}

static bool is_hop(enum event_kind kind)
{
    return kind == EVENT_MESSAGE || kind == EVENT_ACCEPT || kind == EVENT_DELIVER ||
           kind == EVENT_FETCH || kind == EVENT_QUEUE_DEFER || kind == EVENT_QUEUE_GIVEUP;
}

/* Links the turn to the one before it on the same connection. */
static void add_turn(struct index *index, const struct event *e, uint32_t id, size_t conn_count)
{
    *vector_add(&index->turns.ids) = id;
    *vector_add(&index->turn_next) = 0;
    uint32_t conn = index_conn_of(e), place = (uint32_t)index->turns.ids.count;
    if (conn - 1 >= conn_count)
        return;
    while (index->conn_first.count < conn) {
        *vector_add(&index->conn_first) = 0;
        *vector_add(&index->conn_last) = 0;
    }
    uint32_t last = index->conn_last.items[conn - 1];
    if (last)
        index->turn_next.items[last - 1] = place;
    else
        index->conn_first.items[conn - 1] = place;
    index->conn_last.items[conn - 1] = place;
}

void index_update(struct index *index, const struct log *log)
{
    for (; index->seen < log_count(log); index->seen++) {
        uint32_t id = index->seen;
        const struct event *e = log_at(log, id);
        enum event_kind kind = (enum event_kind)e->kind;
        if (is_declaration(kind))
            continue;
        *vector_add(&index->packets.ids) = id;
        if (!is_packet(kind))
            *vector_add(&index->rows.ids) = id;
        struct turn turn;
        if (turn_read(log, e, &turn))
            add_turn(index, e, id, log->conns.count);
        if (is_hop(kind))
            *vector_add(&index->hops.ids) = id;
    }
}

size_t index_below(const struct index_list *list, uint32_t id)
{
    size_t low = 0, high = list->ids.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (list->ids.items[middle] < id)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

uint32_t index_after(const struct index_list *list, const struct log *log, int64_t t)
{
    size_t at = index_below(list, log_count_until(log, t));
    return at < list->ids.count ? list->ids.items[at] : INDEX_NO_EVENT;
}

uint32_t index_before(const struct index_list *list, const struct log *log, int64_t t)
{
    return index_at(list, log, t - 1);
}

uint32_t index_at(const struct index_list *list, const struct log *log, int64_t t)
{
    size_t at = index_below(list, log_count_until(log, t));
    return at > 0 ? list->ids.items[at - 1] : INDEX_NO_EVENT;
}
