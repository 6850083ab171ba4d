#include "render/scene/fold.h"

#include <string.h>

/* How long what was lost is still seen. */
#define LOST_SHOWN_NS (20 * INT64_C(1000000))
/* Moves are swept when their number passes a multiple of this, so that they stay few. */
#define SWEEP 64

static struct scene_conn *conn_at(struct scene_now *now, uint32_t conn)
{
    size_t low = 0, high = now->conns.count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (now->conns.items[middle].conn < conn)
            low = middle + 1;
        else
            high = middle;
    }
    bool found = low < now->conns.count && now->conns.items[low].conn == conn;
    return found ? &now->conns.items[low] : NULL;
}

static void conn_drop(struct scene_now *now, uint32_t conn)
{
    struct scene_conn *c = conn_at(now, conn);
    if (c)
        vector_remove(&now->conns, (size_t)(c - now->conns.items));
}

static void connect_asked(struct scene_now *now, const struct event_tcp_connect *e)
{
    size_t count = now->conns.count;
    if (count && now->conns.items[count - 1].conn >= e->conn)
        return; /* numbers rise in every trace of ours */
    *vector_add(&now->conns) =
        (struct scene_conn){.conn = e->conn, .protocol = turn_protocol_of_port(e->port)};
}

static void said(struct scene_now *now, const struct turn *turn, uint32_t id)
{
    struct scene_conn *c = conn_at(now, turn->conn);
    if (!c)
        return;
    c->protocol = turn->protocol;
    *(turn->is_reply ? &c->last_reply : &c->last_command) = id;
    if (turn->msg)
        c->msg = turn->msg;
}

/* ---- what moves ---- */

/* What arrives before t is of no more use; what arrives at t may still be told to be lost. */
static void sweep_before(struct scene_now *now, int64_t t)
{
    size_t kept = 0;
    for (size_t i = 0; i < now->moves.count; i++)
        if (now->moves.items[i].arrives >= t)
            now->moves.items[kept++] = now->moves.items[i];
    now->moves.count = kept;
}

void fold_arrivals(struct scene_now *now, int64_t t)
{
    sweep_before(now, t + 1);
}

static void departs(struct scene_now *now, const struct event *e, uint32_t id, uint32_t travel_us)
{
    if (now->moves.count && now->moves.count % SWEEP == 0)
        sweep_before(now, e->t);
    *vector_add(&now->moves) = (struct scene_move){
        .event = id, .departs = e->t, .arrives = e->t + (int64_t)travel_us * 1000};
}

static bool is_lost_segment(const struct log *log, const struct event *move,
                            const struct event_tcp_lost *lost)
{
    const struct event_tcp_segment *segment = event_as_tcp_segment(move);
    if (!segment || segment->conn != lost->conn || segment->seq != lost->seq)
        return false;
    struct log_parties parties;
    return log_parties(log, move, &parties) &&
           log_host_of(log, parties.from) == log_host_of(log, lost->from);
}

static bool is_lost_datagram(const struct event *move, const struct event_udp_lost *lost)
{
    const struct event_udp_datagram *datagram = event_as_udp_datagram(move);
    return datagram && datagram->from == lost->from && datagram->to == lost->to;
}

/* The host of the firewall that has stopped it; 0: none has. */
static uint32_t stopped_at(const struct log *log, const struct event *lost)
{
    const struct event_block *block = lost->cause ? event_as_block(log_at(log, lost->cause)) : NULL;
    return block ? log_host_of(log, block->at) : 0;
}

/* The newest that fits was lost: an older copy has been given up by then. */
static void is_lost(struct scene_now *now, const struct log *log, const struct event *e)
{
    const struct event_tcp_lost *segment = event_as_tcp_lost(e);
    const struct event_udp_lost *datagram = event_as_udp_lost(e);
    for (size_t i = now->moves.count; i-- > 0;) {
        struct scene_move *move = &now->moves.items[i];
        if (move->is_lost || move->arrives < e->t)
            continue;
        const struct event *departure = log_at(log, move->event);
        if (segment ? !is_lost_segment(log, departure, segment)
                    : !is_lost_datagram(departure, datagram))
            continue;
        move->is_lost = true;
        move->lost_at = e->t;
        move->lost_link = segment ? segment->link : datagram->link;
        move->lost_host = stopped_at(log, e);
        if (move->arrives < e->t + LOST_SHOWN_NS)
            move->arrives = e->t + LOST_SHOWN_NS;
        return;
    }
}

/* ---- the world ---- */

/* By the names that its hosts have now. */
static bool is_named_link(const struct scene_now *now, const struct log *log,
                          const struct event_link *link, struct slice target)
{
    struct slice rest = target, a;
    if (slice_equal(log_text(log, link->id), target))
        return true;
    if (!slice_cut(&rest, ':', &a) || rest.size == 0 || link->a - 1 >= now->places.count ||
        link->b - 1 >= now->places.count)
        return false;
    struct slice name_a = log_text(log, now->places.items[link->a - 1].id);
    struct slice name_b = log_text(log, now->places.items[link->b - 1].id);
    return (slice_equal(a, name_a) && slice_equal(rest, name_b)) ||
           (slice_equal(a, name_b) && slice_equal(rest, name_a));
}

/* Several faults may cut one link; it is mended when the last of them is over. */
static void cut_link(struct scene_now *now, const struct log *log, const struct event_fault *e,
                     bool is_on)
{
    struct slice target = log_text(log, e->target);
    for (uint32_t link = 1; link <= now->link_cuts.count; link++) {
        uint8_t *cuts = &now->link_cuts.items[link - 1];
        if (!now->links.items[link - 1].is_there ||
            !is_named_link(now, log, log_link(log, link), target))
            continue;
        if (is_on)
            *cuts += *cuts < UINT8_MAX;
        else
            *cuts -= *cuts > 0;
    }
}

static struct scene_fault *find_fault(struct scene_now *now, const struct event_fault *e)
{
    for (size_t i = 0; i < now->faults.count; i++) {
        struct scene_fault *f = &now->faults.items[i];
        if (f->id == e->id && f->fault == e->fault && f->target == e->target && f->args == e->args)
            return f;
    }
    return NULL;
}

/* One that is on already, or off, changes nothing. */
static void fault_changes(struct scene_now *now, const struct log *log, const struct event_fault *e)
{
    bool is_on = slice_equal(log_text(log, e->state), SLICE("on"));
    struct scene_fault *known = find_fault(now, e);
    if (is_on == (known != NULL))
        return;
    if (is_on)
        *vector_add(&now->faults) = (struct scene_fault){e->id, e->fault, e->target, e->args};
    else
        vector_remove(&now->faults, (size_t)(known - now->faults.items));
    if (slice_equal(log_text(log, e->fault), SLICE("link-cut")))
        cut_link(now, log, e, is_on);
}

static void set_up(struct scene_now *now, uint32_t place, bool is_up)
{
    if (place - 1 < now->places.count)
        now->places.items[place - 1].is_up = is_up;
}

static void tcp_opened(struct scene_now *now, const struct log *log, const struct event_tcp_open *e)
{
    struct scene_conn *c = conn_at(now, e->conn);
    if (!slice_equal(log_text(log, e->result), SLICE("ok")))
        conn_drop(now, e->conn);
    else if (c)
        c->is_open = true;
}

static void fold_tcp(struct scene_now *now, const struct log *log, const struct event *e,
                     uint32_t id)
{
    if (e->kind == EVENT_TCP_CONNECT)
        connect_asked(now, event_as_tcp_connect(e));
    else if (e->kind == EVENT_TCP_OPEN)
        tcp_opened(now, log, event_as_tcp_open(e));
    else if (e->kind == EVENT_TCP_SEGMENT)
        departs(now, e, id, event_as_tcp_segment(e)->travel);
    else if (e->kind == EVENT_TCP_CLOSE)
        conn_drop(now, event_as_tcp_close(e)->conn);
    else if (e->kind == EVENT_UDP_DATAGRAM)
        departs(now, e, id, event_as_udp_datagram(e)->travel);
    else if (e->kind == EVENT_TCP_LOST || e->kind == EVENT_UDP_LOST)
        is_lost(now, log, e);
}

static void fold_talk(struct scene_now *now, const struct log *log, const struct event *e,
                      uint32_t id)
{
    struct turn turn;
    struct scene_conn *c = e->kind == EVENT_TLS_UP ? conn_at(now, event_as_tls_up(e)->conn) : NULL;
    if (c)
        c->has_tls = true;
    else if (turn_read(log, e, &turn))
        said(now, &turn, id);
}

void fold_net(struct scene_now *now, const struct log *log, const struct event *e, uint32_t id)
{
    if (e->kind == EVENT_CRASH)
        set_up(now, event_as_crash(e)->at, false);
    else if (e->kind == EVENT_BOOT)
        set_up(now, event_as_boot(e)->at, true);
    else if (e->kind == EVENT_STOP)
        set_up(now, event_as_stop(e)->at, false);
    else if (e->kind == EVENT_START)
        set_up(now, event_as_start(e)->at, true);
    else if (e->kind == EVENT_FAULT)
        fault_changes(now, log, event_as_fault(e));
    else {
        fold_tcp(now, log, e, id);
        fold_talk(now, log, e, id);
    }
}
