#include "sim/trace/step.h"

#include "sim/trace/turn.h"

static uint32_t field_of(const struct event *e, enum event_type type)
{
    const struct event_kind_row *row = &event_kinds[e->kind];
    for (int i = 0; i < row->field_count; i++)
        if (row->fields[i].type == type)
            return e->v[i];
    return 0;
}

uint32_t step_msg(const struct event *e)
{
    return field_of(e, EVENT_TYPE_MSG);
}

uint32_t step_conn(const struct event *e)
{
    return field_of(e, EVENT_TYPE_CONN);
}

static bool is_declaration(unsigned kind)
{
    return kind == EVENT_RUN || kind == EVENT_TOPOLOGY || kind == EVENT_ADMD ||
           kind == EVENT_HOST || kind == EVENT_AGENT || kind == EVENT_LINK || kind == EVENT_NAT ||
           kind == EVENT_PALETTE;
}

static bool is_packet(unsigned kind)
{
    return kind == EVENT_TCP_SEGMENT || kind == EVENT_UDP_DATAGRAM || kind == EVENT_FILE ||
           kind == EVENT_TLS_DATA || kind == EVENT_TLS_KEY;
}

static bool is_hop(unsigned kind)
{
    return kind == EVENT_MESSAGE || kind == EVENT_ACCEPT || kind == EVENT_DELIVER ||
           kind == EVENT_FETCH || kind == EVENT_QUEUE_DEFER || kind == EVENT_QUEUE_GIVEUP;
}

static bool is_trouble(const struct log *log, const struct event *e)
{
    const struct event_tcp_open *open = event_as_tcp_open(e);
    const struct event_tcp_close *close = event_as_tcp_close(e);
    if (open)
        return !slice_equal(log_text(log, open->result), SLICE("ok"));
    if (close)
        return !slice_equal(log_text(log, close->how), SLICE("closed"));
    return e->kind == EVENT_QUEUE_DEFER || e->kind == EVENT_QUEUE_GIVEUP ||
           e->kind == EVENT_REJECT || e->kind == EVENT_TLS_FAIL || e->kind == EVENT_CRASH;
}

unsigned step_flags(const struct log *log, const struct event *e)
{
    struct turn turn;
    if (is_declaration(e->kind))
        return STEP_DECLARES;
    return (is_packet(e->kind) ? STEP_PACKET : 0u) | (turn_read(log, e, &turn) ? STEP_TURN : 0u) |
           (is_hop(e->kind) ? STEP_HOP : 0u) | (is_trouble(log, e) ? STEP_TROUBLE : 0u);
}
