#include "sim/net/net_inner.h"

#include "sim/base/check.h"

enum { HEADER_OCTETS = 40 }; /* IPv4 and TCP without options */

static void arrive(void *context, uint64_t slot, uint64_t unused);

/* ---- sending ---- */

static const struct route *route_to_peer(struct net *net, struct wire_conn *c, unsigned side)
{
    struct wire_end *end = &c->end[side];
    if (end->route_version != net->route_version) {
        end->route = route_find(net, end->host, c->end[!side].host);
        end->route_version = net->route_version;
    }
    return route_at(net, end->route);
}

static uint32_t keep_segment(struct net *net, const struct segment *s)
{
    if (net->free_segments.count == 0) {
        (void)vector_add(&net->segments);
        *vector_add(&net->free_segments) = (uint32_t)net->segments.count - 1;
    }
    uint32_t slot = net->free_segments.items[--net->free_segments.count];
    net->segments.items[slot] = *s;
    return slot;
}

/* Its way over the links: a firewall may stop the first SYN, a cut everything, at the first link.
 */
static struct link_transit carry(struct net *net, struct wire_conn *c, struct segment *s,
                                 uint32_t octets)
{
    const struct route *route = route_to_peer(net, c, s->from);
    const struct wire_end *end = &c->end[s->from];
    s->stop = (struct guard_stop){.hops = GUARD_NO_STOP};
    if (net->guards.count > 0 && s->from == 0 && (s->flags & EVENT_SEGMENT_SYN)) {
        const struct guard_packet packet = {net_host(net, end->host)->address, c->address,
                                            c->local_port, c->port, .is_datagram = false};
        (void)guard_find_stop(net, route, end->host, &packet, &s->stop);
    }
    struct link_load load = {.octets = HEADER_OCTETS + octets,
                             .source = end->host,
                             .stop = s->stop.hops,
                             .is_shown = net->is_watched};
    bool is_cut = halt_is_cut(c, s, octets);
    if (is_cut && load.stop > 1)
        load.stop = route->count > 0 ? 1 : 0;
    struct link_transit transit = link_carry(net, route, &load);
    if (transit.link || is_cut) /* it never came so far */
        s->stop.at = 0;
    if (is_cut && !transit.link && route->count > 0)
        transit.link = net->hops.items[route->first] >> 1;
    return transit;
}

/* Puts a segment on its way; its event is the cause of its arrival and of nothing else here. */
static void launch(struct net *net, struct wire_conn *c, struct segment *s, struct slice data,
                   uint32_t msg)
{
    struct sim *sim = net->sim;
    if (!net_host(net, c->end[s->from].host)->is_up)
        return; /* it has stopped in the middle of what it was doing */
    struct link_transit transit = carry(net, c, s, (uint32_t)data.size);
    s->conn = c->index;
    s->flags |= s->from ? EVENT_SEGMENT_BACK : 0;
    s->is_lost = transit.is_lost;
    s->link = transit.link;
    s->sent_at = sim->now;
    struct event_tcp_segment fields = {.conn = c->number,
                                       .seq = s->seq,
                                       .ack = s->ack,
                                       .data = sim_text(sim, data),
                                       .travel = transit.travel_us,
                                       .msg = msg};
    uint32_t before = sim->cause;
    sim->cause = log_add(&sim->log, sim->now, before, EVENT_TCP_SEGMENT, s->flags, &fields);
    if (net->passes.count > 0)
        watch_launch(net, c, s, &fields);
    sim_after(sim, transit.at - sim->now, arrive, net, keep_segment(net, s), 0);
    sim->cause = before;
    c->on_the_way++;
    /* an answer that cannot come in time is not waited for: even the attempt's limit is a timer */
    if ((s->flags & EVENT_SEGMENT_SYN) && transit.travel_us > RETRY_SLOW_US)
        retry_limit(net, c, s->from);
}

/* A segment of this side as it stands: it acknowledges all that has come (RFC 9293 3.10.7.4). */
static struct segment draft(struct wire_conn *c, unsigned side, uint16_t flags, uint32_t seq)
{
    const struct stream *in = &c->stream[!side];
    struct segment s = {.from = (uint8_t)side, .flags = flags, .seq = seq};
    s.piece = SEGMENT_NO_PIECE;
    if (in->delivered > 0) {
        s.flags |= EVENT_SEGMENT_ACK;
        s.ack = in->delivered_seq;
        s.ack_piece = in->delivered;
    }
    c->end[side].is_ack_due = false;
    return s;
}

static void send_piece(struct net *net, struct wire_conn *c, unsigned side, uint32_t number,
                       size_t offset, uint16_t again)
{
    struct stream *out = &c->stream[side];
    struct stream_piece *piece = stream_piece(out, number);
    piece->is_lost = false;
    struct segment s = draft(c, side, piece->flags | again, piece->seq);
    s.piece = number;
    struct slice data = slice_part(bytes_slice(&out->octets), offset, offset + piece->size);
    launch(net, c, &s, data, piece->msg);
}

void segment_flush(struct net *net, struct wire_conn *c, unsigned side)
{
    struct stream *out = &c->stream[side];
    struct wire_end *end = &c->end[side];
    /* before the handshake is done the SYN, piece 0, goes alone */
    while ((end->state == WIRE_OPEN || out->sent == 0) && stream_may_send(out)) {
        if (!stream_has_outstanding(out))
            end->progress_at = net->sim->now;
        size_t offset = out->sent_octets;
        send_piece(net, c, side, stream_take_next(out), offset, 0);
    }
}

void segment_again(struct net *net, struct wire_conn *c, unsigned side)
{
    send_piece(net, c, side, c->stream[side].base, 0, EVENT_SEGMENT_AGAIN);
}

static void send_ack(struct net *net, struct wire_conn *c, unsigned side)
{
    struct segment s = draft(c, side, 0, c->stream[side].sent_seq);
    launch(net, c, &s, SLICE(""), 0);
}

void segment_reset(struct net *net, struct wire_conn *c, unsigned side)
{
    struct segment s = draft(c, side, EVENT_SEGMENT_RST, c->stream[side].sent_seq);
    launch(net, c, &s, SLICE(""), 0);
}

/* Nobody has taken what it carries: it is to be sent again, should its sender still be there. */
static void mark_lost(struct wire_conn *c, const struct segment *s)
{
    const struct stream *out = &c->stream[s->from];
    if (s->piece != SEGMENT_NO_PIECE && s->piece >= out->base)
        stream_piece(out, s->piece)->is_lost = true;
}

/* The reset of who knows nothing of the connection (RFC 9293 3.10.7.1). */
static void refuse(struct net *net, struct wire_conn *c, const struct segment *to)
{
    mark_lost(c, to);
    struct segment s = {.from = !to->from, .flags = EVENT_SEGMENT_RST, .piece = SEGMENT_NO_PIECE};
    if (to->flags & EVENT_SEGMENT_ACK) {
        s.seq = to->ack;
    } else {
        s.flags |= EVENT_SEGMENT_ACK;
        s.ack = to->seq + 1; /* only a SYN comes without ACK */
    }
    launch(net, c, &s, SLICE(""), 0);
}

/* ---- arriving ---- */

static void lose(struct net *net, struct wire_conn *c, const struct segment *s)
{
    sim_note(net->sim, EVENT_TCP_LOST,
             &(struct event_tcp_lost){.conn = c->number,
                                      .from = c->end[s->from].place,
                                      .to = c->end[!s->from].place,
                                      .seq = s->seq,
                                      .link = s->is_lost ? s->link : 0});
    mark_lost(c, s);
    /* with it an acknowledgement is lost, for which the other side may be waiting */
    retry_arm(net, c, s->from, s->sent_at);
    retry_arm(net, c, !s->from, s->sent_at);
}

/* The firewall's word has come back to who asked. */
static void hear_of_block(void *context, uint64_t index, uint64_t uses)
{
    struct net *net = context;
    struct wire_conn *c = net->conns.items[index];
    if (c->uses != uses || c->end[0].state != WIRE_SYN_SENT)
        return;
    wire_emit_open(net, c, SLICE("blocked"));
    wire_leave(net, c, 0, NET_END_BLOCKED, false);
}

static void block(struct net *net, struct wire_conn *c, const struct segment *s)
{
    guard_emit(net, &s->stop, c->end[0].place, c->end[1].place, c->port);
    lose(net, c, s);
    if (s->stop.is_reject)
        sim_after(net->sim, net->sim->now - s->sent_at, hear_of_block, net, c->index, c->uses);
}

/* Both SYNs have come and been acknowledged, as far as this end can know (RFC 9293 3.5). */
static void open_if_ready(struct net *net, struct wire_conn *c, unsigned side)
{
    struct wire_end *end = &c->end[side];
    bool is_opening = end->state == WIRE_SYN_SENT || end->state == WIRE_SYN_RECEIVED;
    if (!is_opening || c->stream[side].base == 0 || c->stream[!side].delivered == 0)
        return;
    end->state = WIRE_OPEN;
    end->progress_at = net->sim->now;
    if (side == 1)
        return;
    wire_emit_open(net, c, SLICE("ok"));
    if (end->user.opened)
        end->user.opened(end->user.context, wire_number(c, side));
}

/* Is the receive window open? */
static bool takes(const struct wire_conn *c, unsigned side)
{
    bool is_choked = side == 1 && bytes_size(&c->stream[side].octets) > NET_UNREAD_OCTETS;
    return !c->end[side].is_held && !is_choked;
}

/* The receiver's window is closed, and something waits before it: it is not acknowledged yet. */
static bool has_held(const struct wire_conn *c, unsigned side)
{
    const struct stream *in = &c->stream[!side];
    return !takes(c, side) && in->delivered != in->sent &&
           stream_piece(in, in->delivered)->is_received;
}

/* Hands the next piece over if it has come. */
static bool deliver_next(struct net *net, struct wire_conn *c, unsigned side)
{
    struct stream *in = &c->stream[!side];
    struct wire_end *end = &c->end[side];
    if (in->delivered == in->sent || !stream_piece(in, in->delivered)->is_received)
        return false;
    struct stream_piece piece = *stream_piece(in, in->delivered);
    if (!takes(c, side) && !(piece.flags & EVENT_SEGMENT_SYN))
        return false;
    in->delivered++;
    in->delivered_seq = piece.seq + stream_length(&piece);
    end->is_ack_due = true; /* one that has waited: what we said meanwhile did not acknowledge it */
    if (piece.flags & EVENT_SEGMENT_SYN)
        return true;
    if (piece.flags & EVENT_SEGMENT_FIN) {
        end->has_finished = true;
        if (end->user.finished)
            end->user.finished(end->user.context, wire_number(c, side));
        return true;
    }
    struct slice octets = stream_lend(in, piece.size);
    if (in->patches.count > 0)
        octets = watch_put_over(net, in, in->delivered - 1, octets);
    if (end->user.received)
        end->user.received(end->user.context, wire_number(c, side), octets, piece.msg);
    stream_take_back(in);
    return true;
}

static void deliver(struct net *net, struct wire_conn *c, unsigned side)
{
    uint32_t cause = net->sim->cause;
    for (;;) {
        open_if_ready(net, c, side);
        net->sim->cause = cause; /* what a user did with one piece does not lead to the next */
        if (!wire_is_alive(&c->end[side]) || !deliver_next(net, c, side))
            return;
    }
}

/* What an arrival leaves to be done when its user has acted. */
static void settle(struct net *net, struct wire_conn *c, unsigned side, bool has_progress)
{
    struct wire_end *end = &c->end[side];
    struct stream *out = &c->stream[side];
    /* a time-out showed one loss; the acknowledgement shows the next (RFC 5681 3.1, RFC 6582) */
    if (has_progress && stream_has_outstanding(out) && stream_piece(out, out->base)->is_lost)
        segment_again(net, c, side);
    segment_flush(net, c, side);
    if (end->is_ack_due && end->state == WIRE_SYN_RECEIVED)
        segment_again(net, c, side);
    else if (end->is_ack_due && !has_held(c, side))
        send_ack(net, c, side);
    if (end->is_closing && end->has_finished && stream_is_done(out))
        wire_leave(net, c, side, NET_END_CLOSED, false);
}

void segment_resume(struct net *net, struct wire_conn *c, unsigned side)
{
    c->busy++;
    deliver(net, c, side);
    if (wire_is_alive(&c->end[side]))
        settle(net, c, side, false);
    c->busy--;
    wire_release(net, c);
}

static void take(struct net *net, struct wire_conn *c, unsigned side, const struct segment *s)
{
    struct stream *in = &c->stream[!side];
    bool has_progress =
        (s->flags & EVENT_SEGMENT_ACK) && stream_acknowledge(&c->stream[side], s->ack_piece);
    if (has_progress)
        retry_progress(net, c, side);
    if (s->piece != SEGMENT_NO_PIECE) {
        c->end[side].is_ack_due = true; /* of a duplicate too: its acknowledgement was lost */
        if (s->piece >= in->delivered)
            stream_piece(in, s->piece)->is_received = true;
    }
    deliver(net, c, side);
    if (wire_is_alive(&c->end[side]))
        settle(net, c, side, has_progress);
}

/* A SYN at a host that has no such connection: is anybody listening (RFC 9293 3.10.7.2)? */
static void take_syn(struct net *net, struct wire_conn *c, const struct segment *s)
{
    struct wire_end *end = &c->end[1];
    const struct net_port *port = c->box ? NULL : net_port_find(&net->tcp, end->host, c->port);
    if ((!c->box && (!port || port->is_stopped)) || c->is_over) {
        refuse(net, c, s);
        return;
    }
    end->place = port ? port->agent : end->place;
    wire_start_end(net, c, 1, WIRE_SYN_RECEIVED);
    stream_piece(&c->stream[0], 0)->is_received = true;
    (void)deliver_next(net, c, 1);
    struct net_user user = {0};
    uint32_t cause = net->sim->cause;
    bool is_accepted = port ? port->accept(port->context, wire_number(c, 1),
                                           net_peer_address(net, wire_number(c, 1)), &user)
                            : box_take(net, c, &user);
    net->sim->cause = cause;
    if (!wire_is_alive(end))
        return; /* aborted by the one who was asked */
    if (is_accepted) {
        end->user = user;
        segment_flush(net, c, 1);
        return;
    }
    end->state = WIRE_NONE;
    refuse(net, c, s);
}

static void take_reset(struct net *net, struct wire_conn *c, unsigned side)
{
    struct wire_end *end = &c->end[side];
    if (!wire_is_alive(end))
        return;
    bool is_attempt = end->state == WIRE_SYN_SENT;
    if (is_attempt)
        wire_emit_open(net, c, SLICE("refused"));
    wire_leave(net, c, side, is_attempt ? NET_END_REFUSED : NET_END_RESET, false);
}

static void dispatch(struct net *net, struct wire_conn *c, const struct segment *s)
{
    unsigned side = !s->from;
    const struct wire_end *end = &c->end[side];
    if (s->is_lost && s->stop.at)
        block(net, c, s);
    else if (s->is_lost || c->is_cut || !net_host(net, end->host)->is_up)
        lose(net, c, s);
    else if (s->flags & EVENT_SEGMENT_RST)
        take_reset(net, c, side);
    else if (wire_is_alive(end))
        take(net, c, side, s);
    else if (side == 1 && end->state == WIRE_NONE && (s->flags & EVENT_SEGMENT_SYN))
        take_syn(net, c, s);
    else if (end->state == WIRE_GONE && end->why == NET_END_CLOSED &&
             end->lives == net_host(net, end->host)->lives)
        send_ack(net, c, side); /* the last one was lost: TIME-WAIT answers again */
    else
        refuse(net, c, s);
}

static void arrive(void *context, uint64_t slot, uint64_t unused)
{
    (void)unused;
    struct net *net = context;
    struct segment s = net->segments.items[slot];
    *vector_add(&net->free_segments) = (uint32_t)slot;
    struct wire_conn *c = net->conns.items[s.conn];
    sim_changed(net->sim); /* its arrival alone is no event */
    c->on_the_way--;
    c->busy++;
    dispatch(net, c, &s);
    c->busy--;
    wire_release(net, c);
}
