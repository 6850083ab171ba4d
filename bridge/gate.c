#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "bridge/bridge_inner.h"
#include "sim/base/memory.h"

/*
 * Who knocks at such a host is told at once whether the real server takes the connection: a server
 * on this machine answers within microseconds. One that does not even within this time is busy
 * beyond measure, and the connection is refused.
 */
enum { CONNECT_MOST_MS = 100 };

static bool start_connecting(int fd, const struct port_real *real)
{
    struct sockaddr_in ipv4 = {.sin_family = AF_INET, .sin_port = htons((uint16_t)real->real_port)};
    struct sockaddr_in6 ipv6 = {.sin6_family = AF_INET6,
                                .sin6_port = htons((uint16_t)real->real_port)};
    int result = -1;
    if (fcntl(fd, F_SETFD, FD_CLOEXEC) != 0 || fcntl(fd, F_SETFL, O_NONBLOCK) != 0)
        return false;
    if (real->is_ipv6 && inet_pton(AF_INET6, real->address, &ipv6.sin6_addr) == 1)
        result = connect(fd, (const struct sockaddr *)&ipv6, sizeof ipv6);
    else if (!real->is_ipv6 && inet_pton(AF_INET, real->address, &ipv4.sin_addr) == 1)
        result = connect(fd, (const struct sockaddr *)&ipv4, sizeof ipv4);
    return result == 0 || errno == EINPROGRESS;
}

static bool is_connected(int fd)
{
    struct pollfd watched = {.fd = fd, .events = POLLOUT};
    int why = 0;
    socklen_t size = sizeof why;
    return poll(&watched, 1, CONNECT_MOST_MS) == 1 &&
           getsockopt(fd, SOL_SOCKET, SO_ERROR, &why, &size) == 0 && why == 0;
}

static bool on_accept(void *context, uint32_t wire, uint32_t peer_address, struct net_user *user)
{
    const struct gate *gate = context;
    const struct port_real *real = gate->real;
    (void)peer_address;
    int fd = socket(real->is_ipv6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
    if (fd < 0 || !start_connecting(fd, real) || !is_connected(fd)) {
        bridge_tell(gate->bridge, "the real server at %s:%u does not answer: %s", real->address,
                    real->real_port, strerror(errno ? errno : ECONNREFUSED));
        if (fd >= 0)
            (void)close(fd);
        return false;
    }
    return splice_give(gate->bridge, wire, fd, user);
}

void gate_open_all(struct bridge *b)
{
    const struct ports *ports = b->options.ports;
    b->gates = memory_take(ports->reals.count * sizeof *b->gates);
    for (size_t i = 0; i < ports->reals.count; i++) {
        const struct port_real *real = &ports->reals.items[i];
        const struct topology_host *host = &b->options.topology->hosts[real->host];
        b->gates[i] = (struct gate){b, real};
        (void)net_listen(bridge_net(b), world_place(b->options.world, host), real->port, on_accept,
                         &b->gates[i]);
    }
}

void gate_close_all(struct bridge *b)
{
    const struct ports *ports = b->options.ports;
    for (size_t i = 0; i < ports->reals.count; i++)
        net_unlisten(
            bridge_net(b),
            world_place(b->options.world, &b->options.topology->hosts[ports->reals.items[i].host]),
            ports->reals.items[i].port);
}
