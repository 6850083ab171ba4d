/*
 * What the files of the bridge share; nobody outside of it includes this.
 *
 *     bridge.c    the loop, paced time, local ports
 *     listen.c    opening local ports
 *     splice.c    one real connection and one virtual, spliced
 *     flow.c      questions over UDP and their answers
 *     gate.c      hosts that are real servers
 */
#ifndef BRIDGE_BRIDGE_INNER_H
#define BRIDGE_BRIDGE_INNER_H

#include <uv.h>

#include "bridge/bridge.h"

enum { BRIDGE_READ_OCTETS = 65536, BRIDGE_FLOWS_MAX = 1024 };

struct splice;

/* A local port on 127.0.0.1 [0] and ::1 [1]. */
struct listener {
    struct bridge *bridge;
    const struct port_row *row;
    union {
        uv_handle_t handle;
        uv_tcp_t tcp;
        uv_udp_t udp;
    } sockets[2];
};

/* A real socket that asks over UDP, and the virtual port that stands for it. */
struct flow {
    struct bridge *bridge;
    uv_udp_t *socket; /* NULL: free */
    struct sockaddr_storage peer;
    uint32_t place, port; /* the virtual end */
    uint32_t to_address, to_port;
    uint64_t used_ms, turn; /* when it was used last, and its place among all uses */
};

/* A port of a host in the world that a real server stands behind. */
struct gate {
    struct bridge *bridge;
    const struct port_real *real;
};

struct bridge {
    uv_loop_t loop;
    uv_timer_t timer, chores;
    uv_signal_t signals[3];
    struct bridge_options options;
    struct pace pace;
    struct listener *listeners;
    size_t listener_count;
    struct gate *gates; /* one a port_real */
    struct splice *splices;
    size_t paused_count;
    struct flow flows[BRIDGE_FLOWS_MAX];
    uint64_t flow_turns;
    uint64_t untaken; /* connections that could not be taken */
    bool is_over, has_ipv6;
    char buffer[BRIDGE_READ_OCTETS]; /* for whoever reads now */
};

struct net *bridge_net(struct bridge *bridge);
void bridge_tell(struct bridge *bridge, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
/* Runs the world up to now. What is done next happens now, caused by `cause`. */
void bridge_advance(struct bridge *bridge, uint32_t cause);
/* The event that what runs now follows from. */
uint32_t bridge_cause(struct bridge *bridge);
void bridge_set_cause(struct bridge *bridge, uint32_t cause);
/* The same as advance, with an input in the trace as the cause. */
void bridge_advance_for(struct bridge *bridge, const char *what, const struct port_row *row);
void bridge_lend_buffer(uv_handle_t *handle, size_t size, uv_buf_t *buffer);

/* ---- listen.c ---- */

bool listen_open(struct bridge *bridge, struct problem *problem);

/* ---- splice.c ---- */

/* Takes a connection that waits at a listener. */
void splice_take(struct listener *listener, uv_stream_t *server);
/* A virtual connection that was accepted goes on over this socket, which is connected; false when
   it can't. */
bool splice_give(struct bridge *bridge, uint32_t wire, uv_os_sock_t socket, struct net_user *user);
/* Reading goes on where what was read has been acknowledged. */
void splice_resume_all(struct bridge *bridge);
/* Ends those on which nothing has moved for too long. */
void splice_end_idle(struct bridge *bridge);
void splice_end_all(struct bridge *bridge);

/* ---- flow.c ---- */

void flow_received(uv_udp_t *socket, ssize_t size, const uv_buf_t *buffer,
                   const struct sockaddr *peer, unsigned flags);
/* Frees those that nobody has used for a while. */
void flow_end_idle(struct bridge *bridge);

/* ---- gate.c ---- */

void gate_open_all(struct bridge *bridge);
void gate_close_all(struct bridge *bridge);

#endif
