#include <errno.h>
#include <fcntl.h>
#include <netinet/in.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bridge/bridge_inner.h"
#include "sim/base/memory.h"

enum {
    BACKLOG = 511,
    DATAGRAM_ROOM = 1024 * 1024,
    PORTS_TRIED = 64,         /* for one that is free on both addresses */
    DESCRIPTORS_BESIDE = 64,  /* what the rest of the program needs */
    DESCRIPTORS_WANTED = 8192 /* for connections, if the system lets us */
};

/* ---- one socket ---- */

union address {
    struct sockaddr any;
    struct sockaddr_in ipv4;
    struct sockaddr_in6 ipv6;
};

static socklen_t set_address(union address *address, bool is_ipv6, uint32_t port)
{
    memset(address, 0, sizeof *address);
    if (is_ipv6) {
        address->ipv6.sin6_family = AF_INET6;
        address->ipv6.sin6_addr = in6addr_loopback;
        address->ipv6.sin6_port = htons((uint16_t)port);
        return sizeof address->ipv6;
    }
    address->ipv4.sin_family = AF_INET;
    address->ipv4.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    address->ipv4.sin_port = htons((uint16_t)port);
    return sizeof address->ipv4;
}

static bool bind_socket(int fd, bool is_ipv6, bool is_udp, uint32_t port)
{
    union address address;
    int on = 1;
    socklen_t size = set_address(&address, is_ipv6, port);
    return fcntl(fd, F_SETFD, FD_CLOEXEC) == 0 &&
           (is_udp || setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &on, sizeof on) == 0) &&
           (!is_ipv6 || setsockopt(fd, IPPROTO_IPV6, IPV6_V6ONLY, &on, sizeof on) == 0) &&
           bind(fd, &address.any, size) == 0 && (is_udp || listen(fd, BACKLOG) == 0);
}

/* Port 0 takes any. Gives the socket, or -1 with errno. */
static int open_socket(bool is_ipv6, bool is_udp, uint32_t port)
{
    int fd = socket(is_ipv6 ? AF_INET6 : AF_INET, is_udp ? SOCK_DGRAM : SOCK_STREAM, 0);
    if (fd < 0 || bind_socket(fd, is_ipv6, is_udp, port))
        return fd;
    int why = errno;
    (void)close(fd);
    errno = why;
    return -1;
}

static uint32_t port_of(int fd)
{
    union address address;
    socklen_t size = sizeof address;
    return getsockname(fd, &address.any, &size) == 0 ? ntohs(address.ipv4.sin_port) : 0;
}

/* ---- both addresses ---- */

static bool is_without_ipv6(int why)
{
    return why == EAFNOSUPPORT || why == EADDRNOTAVAIL || why == EPROTONOSUPPORT;
}

/*
 * 127.0.0.1 and ::1 on the same port: with `port` 0 on one that is free on both, tried some times.
 * fds[1] is -1 where there is no ::1. False with errno.
 */
static bool open_pair(struct bridge *b, bool is_udp, uint32_t port, int fds[2])
{
    for (int i = 0; i < PORTS_TRIED; i++) {
        fds[1] = -1;
        fds[0] = open_socket(false, is_udp, port);
        if (fds[0] < 0)
            return false;
        if (!b->has_ipv6)
            return true;
        fds[1] = open_socket(true, is_udp, port_of(fds[0]));
        if (fds[1] >= 0)
            return true;
        if (is_without_ipv6(errno)) {
            b->has_ipv6 = false;
            bridge_tell(b, "this machine has no ::1; the ports are open on 127.0.0.1 only");
            return true;
        }
        int why = errno;
        (void)close(fds[0]);
        errno = why;
        if (port != 0 || why != EADDRINUSE)
            return false;
    }
    return false;
}

static void on_connection(uv_stream_t *server, int status)
{
    struct listener *listener = server->data;
    if (status == 0)
        splice_take(listener, server);
    else if (listener->bridge->untaken++ % 100 == 0)
        bridge_tell(listener->bridge, "a connection could not be taken: %s", uv_strerror(status));
}

/* Hands a socket over to the loop. */
static int start_socket(struct listener *listener, size_t which, int fd)
{
    uv_loop_t *loop = &listener->bridge->loop;
    listener->sockets[which].handle.data = listener;
    if (listener->row->is_udp) {
        uv_udp_t *udp = &listener->sockets[which].udp;
        (void)uv_udp_init(loop, udp);
        udp->data = listener;
        int status = uv_udp_open(udp, fd), room = DATAGRAM_ROOM;
        (void)uv_recv_buffer_size((uv_handle_t *)udp, &room); /* as much of it as there may be */
        return status ? status : uv_udp_recv_start(udp, bridge_lend_buffer, flow_received);
    }
    uv_tcp_t *tcp = &listener->sockets[which].tcp;
    (void)uv_tcp_init(loop, tcp);
    tcp->data = listener;
    int status = uv_tcp_open(tcp, fd);
    return status ? status : uv_listen((uv_stream_t *)tcp, BACKLOG, on_connection);
}

/* ---- all of them ---- */

static bool reject(const struct bridge *b, const struct port_row *row, struct problem *problem)
{
    struct slice host = b->options.topology->hosts[row->host].id;
    int why = errno;
    if (why == EADDRINUSE && row->is_fixed)
        return problem_set(problem,
                           "port %u of this machine is in use; give %.*s:%u another one: "
                           "--map %.*s:%u=PORT",
                           row->local_port, SLICE_ARG(host), row->port, SLICE_ARG(host), row->port);
    if (why == EACCES)
        return problem_set(problem,
                           "port %u of this machine is for administrators; give %.*s:%u one above "
                           "1023: --map %.*s:%u=PORT",
                           row->local_port, SLICE_ARG(host), row->port, SLICE_ARG(host), row->port);
    if (why == EMFILE || why == ENFILE)
        return problem_set(problem,
                           "there are not enough file descriptors for %zu ports; raise the limit "
                           "(ulimit -n), or open only those that you need: --only-mapped --map ...",
                           b->listener_count);
    return problem_set(problem, "no local port for %.*s:%u: %s", SLICE_ARG(host), row->port,
                       strerror(why));
}

/* A name server takes questions over UDP and TCP on one port, where that is free. */
static uint32_t wanted_port(const struct bridge *b, const struct port_row *row)
{
    const struct ports *ports = b->options.ports;
    for (size_t i = 0; row->local_port == 0 && row->is_udp && i < ports->rows.count; i++) {
        const struct port_row *other = &ports->rows.items[i];
        if (other->host == row->host && other->port == row->port && other->as == row->as &&
            !other->is_udp)
            return other->local_port;
    }
    return row->local_port;
}

static bool open_row(struct bridge *b, struct listener *listener, struct port_row *row,
                     struct problem *problem)
{
    int fds[2];
    uint32_t wanted = wanted_port(b, row);
    bool ok = open_pair(b, row->is_udp, wanted, fds) ||
              (!row->is_fixed && wanted && open_pair(b, row->is_udp, 0, fds));
    if (!ok)
        return reject(b, row, problem);
    row->local_port = port_of(fds[0]);
    listener->bridge = b;
    listener->row = row;
    for (size_t i = 0; i < 2 && ok; i++) {
        int status = fds[i] >= 0 ? start_socket(listener, i, fds[i]) : 0;
        if (status != 0)
            ok = problem_set(problem, "no local port for %.*s:%u: %s",
                             SLICE_ARG(b->options.topology->hosts[row->host].id), row->port,
                             uv_strerror(status));
    }
    return ok;
}

/* As many descriptors as we may have, up to what many connections need. */
static void raise_limit(size_t listeners)
{
    struct rlimit limit;
    rlim_t wanted = listeners * 2 + DESCRIPTORS_BESIDE + DESCRIPTORS_WANTED;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= wanted)
        return;
    limit.rlim_cur = limit.rlim_max < wanted ? limit.rlim_max : wanted;
    (void)setrlimit(RLIMIT_NOFILE, &limit);
}

/* Those that were asked for come first, lest one that is chosen takes their port. */
bool listen_open(struct bridge *b, struct problem *problem)
{
    struct ports *ports = b->options.ports;
    b->listener_count = ports->rows.count;
    b->listeners = memory_take(b->listener_count * sizeof *b->listeners);
    b->has_ipv6 = true;
    raise_limit(b->listener_count);
    for (int fixed = 1; fixed >= 0; fixed--)
        for (size_t i = 0; i < ports->rows.count; i++)
            if (ports->rows.items[i].is_fixed == fixed &&
                !open_row(b, &b->listeners[i], &ports->rows.items[i], problem))
                return false;
    return true;
}
