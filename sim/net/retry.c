#include "sim/net/net_inner.h"

/*
 * Retransmission after RFC 6298. The simulator knows what the ends can't: whether anything was
 * lost. Only then does a timer exist, so a run without loss has none. What the ends do is the
 * same: the timer of a real one would be stopped by the acknowledgement before it fires.
 */
#define RTO_FIRST VTIME_S              /* RFC 6298 2.1 */
#define RTO_MAX (60 * VTIME_S)         /* RFC 6298 2.5 */
#define GIVE_UP_AFTER (15 * VTIME_MIN) /* an open connection */
#define OPEN_WITHIN (30 * VTIME_S)     /* an attempt */
#define ORPHAN_AFTER (60 * VTIME_S)    /* one that has closed and hears no more of the other side */

void retry_start(const struct net *net, struct wire_end *end)
{
    end->rto = RTO_FIRST;
    end->deadline = end->timer_at = VTIME_NEVER;
    end->progress_at = net->sim->now;
    end->opening_until = net->sim->now + OPEN_WITHIN;
}

/* When this end stops trying: an attempt to connect has a limit of its own. */
static int64_t limit_of(const struct wire_end *end)
{
    return end->state == WIRE_OPEN ? end->progress_at + GIVE_UP_AFTER : end->opening_until;
}

static void expire(struct net *net, struct wire_conn *c, unsigned side)
{
    struct wire_end *end = &c->end[side];
    if (net->sim->now >= limit_of(end)) {
        if (end->state == WIRE_SYN_SENT)
            wire_emit_open(net, c, SLICE("timeout"));
        wire_leave(net, c, side, NET_END_TIMEOUT, false);
        return;
    }
    const struct stream_piece *first = stream_piece(&c->stream[side], c->stream[side].base);
    if (!first->is_lost && !first->is_received)
        return; /* it is still on its way, and so is an answer to come */
    end->rto = end->rto * 2 < RTO_MAX ? end->rto * 2 : RTO_MAX; /* RFC 6298 5.5 */
    segment_again(net, c, side);
}

/* A task can't be taken back; one whose time is not `timer_at` any more does nothing. */
static void tick(void *context, uint64_t where, uint64_t uses)
{
    struct net *net = context;
    struct wire_conn *c = net->conns.items[where >> 1];
    unsigned side = where & 1;
    struct wire_end *end = &c->end[side];
    if (c->uses != uses || !wire_is_alive(end) || end->timer_at != net->sim->now)
        return;
    end->timer_at = VTIME_NEVER;
    int64_t deadline = end->deadline;
    if (deadline == VTIME_NEVER)
        return;
    if (deadline > net->sim->now) {
        end->timer_at = deadline;
        sim_after(net->sim, deadline - net->sim->now, tick, net, where, uses);
        return;
    }
    end->deadline = VTIME_NEVER;
    if (stream_has_outstanding(&c->stream[side]))
        expire(net, c, side);
}

static void set_deadline(struct net *net, struct wire_conn *c, unsigned side, int64_t deadline)
{
    struct wire_end *end = &c->end[side];
    int64_t now = net->sim->now;
    int64_t limit = limit_of(end);
    deadline = deadline < limit ? deadline : limit;
    end->deadline = deadline > now ? deadline : now;
    if (end->deadline >= end->timer_at)
        return; /* the task that waits will see to it */
    end->timer_at = end->deadline;
    sim_after(net->sim, end->deadline - now, tick, net, (uint64_t)c->index << 1 | side, c->uses);
}

void retry_arm(struct net *net, struct wire_conn *c, unsigned side, int64_t sent_at)
{
    struct wire_end *end = &c->end[side];
    if (!wire_is_alive(end) || !stream_has_outstanding(&c->stream[side]))
        return;
    if (sent_at + end->rto < end->deadline)
        set_deadline(net, c, side, sent_at + end->rto);
}

void retry_limit(struct net *net, struct wire_conn *c, unsigned side)
{
    if (c->end[side].deadline == VTIME_NEVER)
        set_deadline(net, c, side, c->end[side].opening_until);
}

void retry_progress(struct net *net, struct wire_conn *c, unsigned side)
{
    struct wire_end *end = &c->end[side];
    end->progress_at = net->sim->now;
    end->rto = RTO_FIRST;
    if (end->deadline == VTIME_NEVER)
        return;
    end->deadline = VTIME_NEVER;
    if (stream_has_outstanding(&c->stream[side])) /* RFC 6298 5.3 */
        set_deadline(net, c, side, net->sim->now + end->rto);
}

static void give_up_orphan(void *context, uint64_t where, uint64_t uses)
{
    struct net *net = context;
    struct wire_conn *c = net->conns.items[where >> 1];
    if (c->uses == uses && wire_is_alive(&c->end[where & 1]))
        wire_leave(net, c, where & 1, NET_END_TIMEOUT, false);
}

/* In FIN-WAIT-2 (RFC 9293 3.6) there is nothing to send again, so no other timer ever ends it. */
void retry_watch_orphan(struct net *net, struct wire_conn *c, unsigned side)
{
    struct wire_end *end = &c->end[side];
    if (!wire_is_alive(end) || c->end[!side].state != WIRE_GONE || end->is_orphan)
        return;
    if (!end->is_closing || end->has_finished || !stream_is_done(&c->stream[side]))
        return;
    end->is_orphan = true;
    sim_after(net->sim, ORPHAN_AFTER, give_up_orphan, net, (uint64_t)c->index << 1 | side, c->uses);
}
