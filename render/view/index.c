#include "render/view/index.h"

#include "sim/trace/step.h"

int64_t index_round(int64_t ns)
{
    int64_t unit = ns >= VTIME_MIN ? VTIME_S : VTIME_MS;
    return (ns + unit / 2) / unit * unit;
}

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
    vector_finish(&index->troubles.ids);
    vector_finish(&index->leaps.ids);
    vector_finish(&index->conns.ids);
    vector_finish(&index->conns_open);
    vector_finish(&index->spans);
    vector_finish(&index->turn_next);
    vector_finish(&index->conn_first);
    vector_finish(&index->conn_last);
}

uint32_t index_msg_of(const struct event *e)
{
    return step_msg(e);
}

uint32_t index_conn_of(const struct event *e)
{
    return step_conn(e);
}

/* How many connections are open from this event on. */
static void count_open(struct index *index, const struct log *log, const struct event *e,
                       uint32_t id)
{
    const struct event_tcp_open *open = event_as_tcp_open(e);
    bool is_opened = open && slice_equal(log_text(log, open->result), SLICE("ok"));
    uint32_t before =
        index->conns_open.count ? index->conns_open.items[index->conns_open.count - 1] : 0;
    if (!is_opened && (e->kind != EVENT_TCP_CLOSE || before == 0))
        return;
    *vector_add(&index->conns.ids) = id;
    *vector_add(&index->conns_open) = is_opened ? before + 1 : before - 1;
}

/* Does the event end what began with `on`? */
static bool is_end_of(const struct log *log, const struct event *e, const struct event *on)
{
    const struct event_fault *off = event_as_fault(e), *fault = event_as_fault(on);
    const struct event_boot *boot = event_as_boot(e);
    const struct event_crash *crash = event_as_crash(on);
    if (off && fault)
        return off->id ? off->id == fault->id
                       : off->fault == fault->fault && off->target == fault->target;
    return boot && crash && boot->at == crash->at && log_at(log, on->cause)->kind != EVENT_FAULT;
}

/* A host that is switched off by a fault is that fault's span. */
static void add_span(struct index *index, const struct log *log, const struct event *e, uint32_t id)
{
    enum { OPEN_LOOKED_AT = 400 };
    const struct event_fault *fault = event_as_fault(e);
    bool is_on = fault && slice_equal(log_text(log, fault->state), SLICE("on"));
    if (is_on || (e->kind == EVENT_CRASH && log_at(log, e->cause)->kind != EVENT_FAULT)) {
        vector_add(&index->spans)->on = id;
        return;
    }
    if (!fault && e->kind != EVENT_BOOT)
        return;
    for (size_t i = index->spans.count, n = 0; i-- > 0 && n < OPEN_LOOKED_AT; n++) {
        struct index_span *span = &index->spans.items[i];
        if (!span->off && is_end_of(log, e, log_at(log, span->on))) {
            span->off = id;
            return;
        }
    }
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
        unsigned flags = step_flags(log, e);
        if (flags & STEP_DECLARES)
            continue;
        size_t count = index->packets.ids.count;
        uint32_t before = count ? index->packets.ids.items[count - 1] : id;
        if (e->t - log_at(log, before)->t >= INDEX_LEAP_NS)
            *vector_add(&index->leaps.ids) = before;
        *vector_add(&index->packets.ids) = id;
        if (!(flags & STEP_PACKET))
            *vector_add(&index->rows.ids) = id;
        if (flags & STEP_TURN)
            add_turn(index, e, id, log->conns.count);
        if (flags & STEP_HOP)
            *vector_add(&index->hops.ids) = id;
        if (flags & STEP_TROUBLE)
            *vector_add(&index->troubles.ids) = id;
        count_open(index, log, e, id);
        add_span(index, log, e, id);
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
