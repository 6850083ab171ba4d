#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <sys/socket.h>

#include "bridge/bridge_inner.h"
#include "sim/base/memory.h"

/*
 * Octets that may wait: read from the socket and on their way through the network, and arrived from
 * the network and not taken by the socket yet. Beyond the first the socket is not read, beyond the
 * second the receive window closes.
 */
enum {
    UNACKNOWLEDGED_MAX = 128 * 1024,
    UNWRITTEN_MAX = 256 * 1024,
    UNWRITTEN_AGAIN = 64 * 1024 /* the window opens again below this */
};

struct splice {
    uv_tcp_t socket;
    uv_shutdown_t shutdown;
    struct bridge *bridge;
    struct splice *next, *before;
    uint32_t wire;     /* 0: the virtual connection is gone */
    uint32_t cause;    /* the event that the real side answers to */
    uint64_t moved_ms; /* when an octet moved last */
    bool is_paused;    /* what was read waits to be acknowledged */
    bool is_held;      /* what was sent waits to be written */
    bool is_read_out;  /* the real side has said all */
    bool is_shutting, is_shut;
};

/* ---- the end ---- */

static void closed(uv_handle_t *handle)
{
    free(handle->data);
}

/* The socket closes; a real peer sees a reset where the network broke the connection off. */
static void close_socket(struct splice *s, bool is_reset)
{
    struct bridge *bridge = s->bridge;
    if (uv_is_closing((uv_handle_t *)&s->socket))
        return;
    if (s->before)
        s->before->next = s->next;
    else
        bridge->splices = s->next;
    if (s->next)
        s->next->before = s->before;
    bridge->paused_count -= s->is_paused;
    if (!is_reset || uv_tcp_close_reset(&s->socket, closed) != 0)
        uv_close((uv_handle_t *)&s->socket, closed);
}

static void break_off(struct splice *s)
{
    uint32_t wire = s->wire;
    s->wire = 0;
    net_abort(bridge_net(s->bridge), wire);
    close_socket(s, true);
}

/* ---- from the network to the socket ---- */

struct writing {
    uv_write_t request;
    struct splice *splice;
    char octets[];
};

static void touch(struct splice *s)
{
    s->moved_ms = uv_now(&s->bridge->loop);
}

static void let_go_on(struct splice *s)
{
    if (!s->is_held || uv_stream_get_write_queue_size((uv_stream_t *)&s->socket) > UNWRITTEN_AGAIN)
        return;
    s->is_held = false;
    bridge_advance(s->bridge, s->cause);
    net_release(bridge_net(s->bridge), s->wire);
}

static void written(uv_write_t *request, int status)
{
    struct writing *writing = request->data;
    struct splice *s = writing->splice;
    free(writing);
    if (uv_is_closing((uv_handle_t *)&s->socket))
        return;
    touch(s);
    if (status == 0) {
        let_go_on(s);
        return;
    }
    bridge_advance(s->bridge, s->cause);
    break_off(s);
}

/* What the socket does not take at once is kept until it does. */
static void on_received(void *context, uint32_t wire, struct slice bytes, uint32_t msg)
{
    struct splice *s = context;
    uv_stream_t *stream = (uv_stream_t *)&s->socket;
    uv_buf_t buffer = uv_buf_init((char *)(size_t)bytes.data, (unsigned)bytes.size);
    (void)msg;
    s->cause = bridge_cause(s->bridge);
    touch(s);
    int taken = uv_try_write(stream, &buffer, 1);
    size_t done = taken > 0 ? (size_t)taken : 0;
    if (done == bytes.size)
        return;
    struct writing *writing = memory_take(sizeof *writing + bytes.size - done);
    writing->splice = s;
    writing->request.data = writing;
    memcpy(writing->octets, bytes.data + done, bytes.size - done);
    buffer = uv_buf_init(writing->octets, (unsigned)(bytes.size - done));
    if (uv_write(&writing->request, stream, &buffer, 1, written) != 0) {
        free(writing);
        break_off(s);
        return;
    }
    if (uv_stream_get_write_queue_size(stream) > UNWRITTEN_MAX) {
        s->is_held = true;
        net_hold(bridge_net(s->bridge), wire);
    }
}

static void shut(uv_shutdown_t *request, int status)
{
    struct splice *s = request->data;
    (void)status;
    s->is_shut = true;
    if (s->wire == 0)
        close_socket(s, false);
}

/* The real peer reads the end of file behind all that was said. */
static void shut_down(struct splice *s)
{
    if (s->is_shutting)
        return;
    s->is_shutting = true;
    s->shutdown.data = s;
    if (uv_shutdown(&s->shutdown, (uv_stream_t *)&s->socket, shut) != 0)
        s->is_shut = true;
}

static void on_opened(void *context, uint32_t wire)
{
    struct splice *s = context;
    (void)wire;
    s->cause = bridge_cause(s->bridge);
}

static void on_finished(void *context, uint32_t wire)
{
    struct splice *s = context;
    (void)wire;
    s->cause = bridge_cause(s->bridge);
    touch(s);
    shut_down(s);
}

static void on_ended(void *context, uint32_t wire, enum net_end why)
{
    struct splice *s = context;
    (void)wire;
    s->wire = 0;
    if (why != NET_END_CLOSED)
        close_socket(s, true);
    else if (s->is_shut)
        close_socket(s, false);
    else
        shut_down(s); /* `shut` closes it when all is written */
}

static struct net_user user_of(struct splice *s)
{
    return (struct net_user){on_opened, on_received, on_finished, on_ended, s};
}

/* ---- from the socket to the network ---- */

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer);

static void pause_reading(struct splice *s)
{
    (void)uv_read_stop((uv_stream_t *)&s->socket);
    s->is_paused = true;
    s->bridge->paused_count++;
}

static void on_end_of_file(struct splice *s)
{
    (void)uv_read_stop((uv_stream_t *)&s->socket);
    s->is_read_out = true;
    bridge_advance(s->bridge, s->cause);
    net_close(bridge_net(s->bridge), s->wire);
}

/*
 * A program that writes the last octets of a command on their own waits until those before are
 * acknowledged (RFC 9293 3.7.4), which this machine would put off for 40 ms in the hope of an
 * answer to send along (3.8.6.3): IMAP's APPEND from Python is such a one. Linux wants to be told
 * again each time.
 */
static void acknowledge_at_once(struct splice *s)
{
#ifdef TCP_QUICKACK
    const int on = 1;
    uv_os_fd_t socket;
    if (uv_fileno((uv_handle_t *)&s->socket, &socket) == 0)
        (void)setsockopt(socket, IPPROTO_TCP, TCP_QUICKACK, &on, sizeof on);
#else
    (void)s;
#endif
}

static void on_read(uv_stream_t *stream, ssize_t size, const uv_buf_t *buffer)
{
    struct splice *s = stream->data;
    struct bridge *bridge = s->bridge;
    if (size == 0)
        return;
    touch(s);
    if (size == UV_EOF) {
        on_end_of_file(s);
        return;
    }
    bridge_advance(bridge, s->cause);
    if (uv_is_closing((uv_handle_t *)stream))
        return; /* the world has ended it meanwhile */
    if (size < 0) {
        break_off(s);
        return;
    }
    acknowledge_at_once(s);
    net_send(bridge_net(bridge), s->wire, (struct slice){buffer->base, (size_t)size}, 0);
    if (net_unacknowledged(bridge_net(bridge), s->wire) > UNACKNOWLEDGED_MAX)
        pause_reading(s);
}

static void resume(struct splice *s)
{
    if (!s->is_paused || net_unacknowledged(bridge_net(s->bridge), s->wire) > UNACKNOWLEDGED_MAX)
        return;
    s->is_paused = false;
    s->bridge->paused_count--;
    if (!s->is_read_out)
        (void)uv_read_start((uv_stream_t *)&s->socket, bridge_lend_buffer, on_read);
}

void splice_resume_all(struct bridge *bridge)
{
    for (struct splice *s = bridge->splices; s && bridge->paused_count > 0; s = s->next)
        resume(s);
}

/* ---- the beginning ---- */

static struct splice *create(struct bridge *bridge)
{
    struct splice *s = memory_take(sizeof *s);
    s->bridge = bridge;
    (void)uv_tcp_init(&bridge->loop, &s->socket); /* takes no descriptor yet: cannot fail */
    s->socket.data = s;
    s->next = bridge->splices;
    if (s->next)
        s->next->before = s;
    bridge->splices = s;
    touch(s);
    return s;
}

static bool start_reading(struct splice *s)
{
    (void)uv_tcp_nodelay(&s->socket, 1);
    return uv_read_start((uv_stream_t *)&s->socket, bridge_lend_buffer, on_read) == 0;
}

static void tell_untaken(struct bridge *bridge, int status)
{
    if (bridge->untaken++ % 100 == 0)
        bridge_tell(bridge, "a connection could not be taken: %s%s", uv_strerror(status),
                    status == UV_EMFILE ? "; ulimit -n sets how many files may be open" : "");
}

void splice_take(struct listener *listener, uv_stream_t *server)
{
    struct bridge *bridge = listener->bridge;
    const struct port_row *row = listener->row;
    const struct topology *t = bridge->options.topology;
    struct splice *s = create(bridge);
    int status = uv_accept(server, (uv_stream_t *)&s->socket);
    if (status != 0) {
        tell_untaken(bridge, status);
        close_socket(s, false);
        return;
    }
    bridge_advance_for(bridge, "a program connects to", row);
    struct net_user user = user_of(s);
    s->cause = bridge_cause(bridge);
    s->wire =
        net_connect(bridge_net(bridge), world_place(bridge->options.world, &t->hosts[row->as]),
                    t->hosts[row->host].address, row->port, &user);
    net_mark_real(bridge_net(bridge), s->wire);
    if (!start_reading(s))
        break_off(s);
}

bool splice_give(struct bridge *bridge, uint32_t wire, uv_os_sock_t socket, struct net_user *user)
{
    struct splice *s = create(bridge);
    s->cause = bridge_cause(bridge);
    if (uv_tcp_open(&s->socket, socket) != 0 || !start_reading(s)) {
        close_socket(s, false);
        return false;
    }
    s->wire = wire;
    net_mark_real(bridge_net(bridge), wire);
    *user = user_of(s);
    return true;
}

void splice_end_idle(struct bridge *bridge)
{
    uint64_t now = uv_now(&bridge->loop), idle = (uint64_t)bridge->options.idle_ms;
    bridge_advance(bridge, 0);
    for (struct splice *s = bridge->splices, *next; s; s = next) {
        next = s->next;
        if (now - s->moved_ms < idle)
            continue;
        bridge_set_cause(bridge, s->cause);
        break_off(s);
    }
}

void splice_end_all(struct bridge *bridge)
{
    while (bridge->splices) {
        bridge_set_cause(bridge, bridge->splices->cause);
        break_off(bridge->splices);
    }
}
