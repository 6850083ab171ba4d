#include <string.h>

#include "bridge/bridge_inner.h"

/*
 * A program that asks over UDP has no connection that could end: each address and port that asks
 * gets a port of the visitor's host for a while, so that the answer finds back.
 */
enum { FLOW_IDLE_MS = 30000, DATAGRAM_MAX = 65507 };

static bool is_same_peer(const struct sockaddr_storage *a, const struct sockaddr *b)
{
    if (a->ss_family != b->sa_family)
        return false;
    size_t size =
        b->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6);
    return memcmp(a, b, size) == 0;
}

static void end_flow(struct flow *flow)
{
    net_udp_unbind(bridge_net(flow->bridge), flow->place, flow->port);
    flow->socket = NULL;
}

/* The answer. One that the socket does not take is lost, as datagrams are. */
static void answered(void *context, uint32_t from_address, uint32_t from_port, struct slice bytes)
{
    struct flow *flow = context;
    if (from_address != flow->to_address || from_port != flow->to_port)
        return;
    uv_buf_t buffer = uv_buf_init((char *)(size_t)bytes.data, (unsigned)bytes.size);
    (void)uv_udp_try_send(flow->socket, &buffer, 1, (const struct sockaddr *)&flow->peer);
}

/* That of this peer; or a free one, or the one that was not used for longest, for it. */
static struct flow *find_flow(struct listener *listener, uv_udp_t *socket,
                              const struct sockaddr *peer, bool *is_new)
{
    struct bridge *b = listener->bridge;
    struct flow *oldest = &b->flows[0];
    *is_new = false;
    for (size_t i = 0; i < BRIDGE_FLOWS_MAX; i++) {
        struct flow *flow = &b->flows[i];
        if (flow->socket == socket && is_same_peer(&flow->peer, peer))
            return flow;
        if (oldest->socket && (!flow->socket || flow->turn < oldest->turn))
            oldest = flow;
    }
    if (oldest->socket)
        end_flow(oldest);
    *is_new = true;
    return oldest;
}

static bool start_flow(struct listener *listener, uv_udp_t *socket, const struct sockaddr *peer,
                       struct flow *flow)
{
    struct bridge *b = listener->bridge;
    const struct topology *t = b->options.topology;
    const struct port_row *row = listener->row;
    *flow = (struct flow){.bridge = b,
                          .place = world_place(b->options.world, &t->hosts[row->as]),
                          .to_address = t->hosts[row->host].address,
                          .to_port = row->port};
    memcpy(&flow->peer, peer,
           peer->sa_family == AF_INET ? sizeof(struct sockaddr_in) : sizeof(struct sockaddr_in6));
    flow->port = net_udp_bind(bridge_net(b), flow->place, 0, answered, flow);
    if (flow->port != 0)
        flow->socket = socket;
    return flow->port != 0;
}

void flow_received(uv_udp_t *socket, ssize_t size, const uv_buf_t *buffer,
                   const struct sockaddr *peer, unsigned flags)
{
    struct listener *listener = socket->data;
    struct bridge *b = listener->bridge;
    bool is_new;
    if (size < 0 || !peer || (flags & UV_UDP_PARTIAL) || size > DATAGRAM_MAX)
        return;
    struct flow *flow = find_flow(listener, socket, peer, &is_new);
    if (is_new && !start_flow(listener, socket, peer, flow))
        return;
    flow->used_ms = uv_now(&b->loop);
    flow->turn = ++b->flow_turns;
    bridge_advance_for(b, "a program sends a datagram to", listener->row);
    net_udp_send(bridge_net(b), flow->place, flow->port, flow->to_address, flow->to_port,
                 (struct slice){buffer->base, (size_t)size});
}

void flow_end_idle(struct bridge *b)
{
    for (size_t i = 0; i < BRIDGE_FLOWS_MAX; i++)
        if (b->flows[i].socket && uv_now(&b->loop) - b->flows[i].used_ms > FLOW_IDLE_MS)
            end_flow(&b->flows[i]);
}
