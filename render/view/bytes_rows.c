#include "render/view/bytes_rows.h"

#include "render/view/explain.h"

/* ---- blocks ---- */

struct slice bytes_octets(const struct dialogue_panel *panel, const struct log *log, uint32_t event)
{
    const struct event *e = log_at(log, event);
    const struct event_udp_datagram *datagram = event_as_udp_datagram(e);
    bool is_hidden;
    if (datagram)
        return log_text(log, datagram->data);
    if (panel->shows_clear && log_at(log, e->cause)->kind == EVENT_TLS_DATA)
        return turn_said(log, e, &is_hidden);
    return log_text(log, event_as_tcp_segment(e)->data);
}

bool bytes_is_record(struct slice data)
{
    return data.size >= 5 && explain_record((unsigned char)data.data[0]) && data.data[1] == 3;
}

bool bytes_has_info(const struct log *log, uint32_t event, struct slice octets)
{
    return log_at(log, event)->kind == EVENT_UDP_DATAGRAM || bytes_is_record(octets);
}

static void add_block(struct dialogue_panel *panel, const struct log *log, uint32_t event)
{
    struct slice octets = bytes_octets(panel, log, event);
    *vector_add(&panel->blocks) = (struct bytes_block){.event = event, .row = panel->rows};
    panel->rows += 1 + bytes_has_info(log, event, octets) +
                   ((uint32_t)octets.size + panel->octets - 1) / panel->octets;
}

static void add_segments(struct dialogue_panel *panel, const struct log *log)
{
    const struct bytes_index *index = &panel->segments;
    uint32_t conn = panel->block_conn;
    uint32_t next = panel->block_last               ? index->next.items[panel->block_last - 1]
                    : conn - 1 < index->first.count ? index->first.items[conn - 1]
                                                    : 0;
    while (next) {
        add_block(panel, log, index->ids.items[next - 1]);
        panel->block_last = next;
        next = index->next.items[next - 1];
    }
}

static void add_datagrams(struct dialogue_panel *panel, const struct log *log)
{
    const struct bytes_index *index = &panel->segments;
    for (; panel->block_next < index->datagrams.count; panel->block_next++) {
        uint32_t id = index->datagrams.items[panel->block_next];
        const struct event_udp_datagram *d = event_as_udp_datagram(log_at(log, id));
        uint32_t from = log_host_of(log, d->from), to = log_host_of(log, d->to);
        if ((from == panel->block_a && to == panel->block_b) ||
            (from == panel->block_b && to == panel->block_a))
            add_block(panel, log, id);
    }
}

/* A datagram or a question that was chosen: between which hosts. */
static bool find_pair(const struct view *view, uint32_t *a, uint32_t *b)
{
    const struct log *log = view->log;
    if (view->chosen_event == INDEX_NO_EVENT)
        return false;
    const struct event *e = log_at(log, view->chosen_event);
    bool is_datagram = e->kind == EVENT_UDP_DATAGRAM || e->kind == EVENT_UDP_LOST ||
                       e->kind == EVENT_DNS_QUERY || e->kind == EVENT_DNS_ANSWER;
    *a = is_datagram ? log_host_of(log, e->v[0]) : 0; /* all of them begin with from and to */
    *b = is_datagram ? log_host_of(log, e->v[1]) : 0;
    return is_datagram;
}

void bytes_gather(struct view *view, struct dialogue_panel *panel, uint32_t octets)
{
    uint32_t a = 0, b = 0, conn = find_pair(view, &a, &b) ? 0 : view->conn;
    bool is_same = panel->block_conn == conn && panel->block_a == a && panel->block_b == b &&
                   panel->octets == octets && panel->block_clear == panel->shows_clear;
    if (!is_same) {
        vector_clear(&panel->blocks);
        panel->block_conn = conn;
        panel->block_a = a;
        panel->block_b = b;
        panel->octets = octets;
        panel->block_clear = panel->shows_clear;
        panel->rows = panel->block_next = panel->block_last = 0;
        panel->scroll = 0;
        panel->lit_event = INDEX_NO_EVENT;
    }
    if (conn)
        add_segments(panel, view->log);
    else if (a)
        add_datagrams(panel, view->log);
}

size_t bytes_blocks_by(const struct dialogue_panel *panel, uint32_t events)
{
    size_t low = 0, high = panel->blocks.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (panel->blocks.items[middle].event < events)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

size_t bytes_block_at(const struct dialogue_panel *panel, size_t count, uint32_t row)
{
    size_t low = 0, high = count;
    while (high - low > 1) {
        size_t middle = low + (high - low) / 2;
        if (panel->blocks.items[middle].row <= row)
            low = middle;
        else
            high = middle;
    }
    return low;
}

/* ---- octets and turns ---- */

int bytes_side(const struct log *log, uint32_t event)
{
    return log_at(log, event)->flags & EVENT_SEGMENT_BACK ? STREAM_SERVER : STREAM_CLIENT;
}

bool bytes_is_sealed(const struct dialogue_panel *panel, const struct log *log, uint32_t event)
{
    return !panel->shows_clear && log_at(log, log_at(log, event)->cause)->kind == EVENT_TLS_DATA;
}

static bool meet(struct stream_range a, struct stream_range b, uint32_t *from, uint32_t *to)
{
    *from = a.from > b.from ? a.from : b.from;
    uint32_t a_end = a.from + a.size, b_end = b.from + b.size;
    *to = a_end < b_end ? a_end : b_end;
    return *from < *to;
}

bool bytes_lit(const struct view *view, uint32_t event, int64_t place, uint32_t *from, uint32_t *to)
{
    const struct dialogue_panel *panel = view->dialogue;
    if (place == DIALOGUE_TURNS_NONE || !panel->block_conn)
        return false;
    const struct dialogue_turn *turn = &panel->turns.turns.items[place];
    int side = bytes_side(view->log, event);
    const struct stream_piece *piece = stream_piece_of(&panel->turns.stream, side, event);
    bool is_line = piece && side == (turn->is_reply ? STREAM_SERVER : STREAM_CLIENT) &&
                   meet(piece->said, turn->line, from, to);
    bool is_content = piece && !is_line &&
                      side == dialogue_turns_content_side(&panel->turns, turn) &&
                      meet(piece->said, turn->content, from, to);
    if (!is_line && !is_content)
        return false;
    *from -= piece->said.from;
    *to -= piece->said.from;
    if (bytes_is_sealed(panel, view->log, event)) {
        *from = 0;
        *to = UINT32_MAX;
    }
    return true;
}

int64_t bytes_turn(const struct dialogue_turns *turns, int side, uint32_t octet)
{
    for (size_t i = 0; i < turns->turns.count; i++) {
        const struct dialogue_turn *t = &turns->turns.items[i];
        bool is_line = side == (t->is_reply ? STREAM_SERVER : STREAM_CLIENT) &&
                       octet - t->line.from < t->line.size;
        bool is_content = side == dialogue_turns_content_side(turns, t) &&
                          octet - t->content.from < t->content.size;
        if (is_line || is_content)
            return (int64_t)i;
    }
    return DIALOGUE_TURNS_NONE;
}
