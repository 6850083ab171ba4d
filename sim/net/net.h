/*
 * The virtual network: hosts with addresses, links, shortest-path routes, TCP-like connections and
 * UDP datagrams in virtual time. As true as mail needs: a three-way handshake, segments with
 * sequence numbers and acknowledgements, queueing for a link's bandwidth, retransmission of what a
 * link lost, a reset when nobody listens, silence and a long time-out when a host is down or a
 * firewall drops (RFC 9293, 768). One task of the kernel a segment, however many links it crosses.
 *
 * Each connection has two ends. An end is named by a number, `wire`; its user is told what happens
 * through a struct net_user and acts through the functions below. Calls back happen in tasks of
 * the kernel, never within a call to one of these functions; only net_set_host_up and
 * net_set_agent_up, when a host or agent goes down, tell the users of its ends at once. In a call
 * back everything is allowed, also to abort the wire that it is about. A call with a wire whose end
 * is gone does nothing.
 *
 * None of them changes the cause of what its caller does next (sim/kernel/sim.h), but these two:
 * what follows in the same task follows from the crash, boot, stop or start.
 *
 * All durations are whole microseconds. Host and agent numbers are the PLACE numbers of the trace.
 */
#ifndef SIM_NET_NET_H
#define SIM_NET_NET_H

#include "sim/kernel/sim.h"

struct net;

/* Owns hosts, links, connections. `sim` must outlive it. */
struct net *net_create(struct sim *sim);
void net_destroy(struct net *net); /* accepts NULL */

/* ---- the map ---- */

struct net_host_options {
    struct slice id, name; /* "mx1", "mx1.example.org" */
    uint32_t address;      /* IPv4, host byte order; unique, 0 is not allowed */
    struct slice admd;
    uint32_t x, y; /* EVENT_UNSET when not given */
};
/* Declares the host in the trace; gives its place. Options are copied. */
uint32_t net_add_host(struct net *net, const struct net_host_options *options);

struct net_link_options {
    struct slice id;
    uint32_t a, b;       /* hosts */
    uint32_t latency_us; /* one way */
    uint32_t jitter_us;  /* 0 .. jitter_us more, by the link's own chance; order is kept */
    uint32_t kbps;       /* 0: unlimited */
    uint32_t loss_ppm;
};
/* Routes take the least latency, then the fewest links. Two hosts may share several links. */
uint32_t net_add_link(struct net *net, const struct net_link_options *options);

/* The map changes while it runs, from now on: what is on its way arrives as it left. A host is
   called otherwise: */
void net_rename_host(struct net *net, uint32_t host, struct slice id, struct slice name);
/* `options` has other figures for a link; ends and id stay, and the caller tells the trace. */
void net_set_link(struct net *net, uint32_t link, const struct net_link_options *options);
/* Out of the network for good: it never carries, runs or listens again. Its number stays. A host or
   agent must be down before; `waiting`: so many waited in its queues. A host has no links then. */
void net_remove_link(struct net *net, uint32_t link);
void net_remove_host(struct net *net, uint32_t host, uint32_t waiting);
void net_remove_agent(struct net *net, uint32_t agent, uint32_t waiting);
bool net_is_gone(const struct net *net, uint32_t place); /* also an agent of a host that is */
bool net_link_is_gone(const struct net *net, uint32_t link);

/* Declares an agent on a host in the trace; gives its place. `listen` is shown text: "25 587". */
uint32_t net_add_agent(struct net *net, uint32_t host, struct slice id, struct slice role,
                       struct slice user, struct slice listen);

uint32_t net_host_of(const struct net *net, uint32_t place);
uint32_t net_address(const struct net *net, uint32_t place);   /* of the host it is or is on */
uint32_t net_host_at(const struct net *net, uint32_t address); /* 0 when none */
/* What it connects to by TCP sees the address of another host (network address translation, RFC
   3022), as of a whole cafe that has one. Names it looks up as ever. Gateway 0: its own again. */
void net_set_outside(struct net *net, uint32_t host, uint32_t gateway);
/* The place of the host with this id, or 0. Looks at one after the other. Who is gone is not found
   here, nor by address. */
uint32_t net_find_host(const struct net *net, struct slice id);
/* Borrowed; both live as long as the net. */
struct slice net_host_id(const struct net *net, uint32_t place);
struct slice net_host_name(const struct net *net, uint32_t place);

/* ---- connections ---- */

enum net_end {
    NET_END_CLOSED,  /* both sides closed in order */
    NET_END_REFUSED, /* a reset answered the SYN: nobody listens */
    NET_END_TIMEOUT, /* no answer: 30 s for a connection attempt, longer for an open one */
    NET_END_BLOCKED, /* a firewall said so; without a route there is silence, so a time-out */
    NET_END_RESET,   /* the other side broke it off */
    NET_END_CRASHED, /* our own host went down */
    NET_END_TLS      /* a TLS handshake failed; the pump's word, never the network's */
};

/* Any of the functions may be NULL. */
struct net_user {
    /* The handshake is done. Not called for the accepting side. */
    void (*opened)(void *context, uint32_t wire);
    /* In order, each octet once. `msg` is the sender's tag of these bytes (for the trace only). */
    void (*received)(void *context, uint32_t wire, struct slice bytes, uint32_t msg);
    /* The peer will send no more (FIN). Usually answered by what is left to say and net_close. */
    void (*finished)(void *context, uint32_t wire);
    /* The end is gone, once, last; the wire number may be used again afterwards. */
    void (*ended)(void *context, uint32_t wire, enum net_end why);
    void *context;
};

/* Someone connects to a listening port. Fill in `user` (copied). False refuses with a reset. */
typedef bool net_accept(void *context, uint32_t wire, uint32_t peer_address, struct net_user *user);

/* False when the host has a listener on that port already. `agent` is the place shown as `to`. */
bool net_listen(struct net *net, uint32_t agent, uint32_t port, net_accept *accept, void *context);
void net_unlisten(struct net *net, uint32_t agent, uint32_t port);

/* Emits tcp.connect; `opened` or `ended` will follow. `user` is copied. */
uint32_t net_connect(struct net *net, uint32_t agent, uint32_t address, uint32_t port,
                     const struct net_user *user);
/*
 * Sends bytes as segments, the first of which starts here: two calls never share a segment. Bytes
 * are copied. `msg` tags them in the trace. May be called before `opened`.
 */
void net_send(struct net *net, uint32_t wire, struct slice bytes, uint32_t msg);
/* No more may be sent; what was sent still arrives, then a FIN. */
void net_close(struct net *net, uint32_t wire);
/* Breaks it off with a reset. `ended` is not called for this end. */
void net_abort(struct net *net, uint32_t wire);

/*
 * The receive window closes: what arrives stays unacknowledged and is not handed over, so that the
 * sender's window fills and its data waits there (RFC 9293 3.8.6). Also within `received`: what
 * follows waits. A reset or a crash still ends it. net_release hands over what has come.
 */
void net_hold(struct net *net, uint32_t wire);
void net_release(struct net *net, uint32_t wire);
/* Octets given to net_send that the other side has not acknowledged; 0 when the end is gone. */
size_t net_unacknowledged(const struct net *net, uint32_t wire);
/* Does somebody on that host listen (TCP), or have that port bound (UDP)? */
bool net_is_listening(struct net *net, uint32_t place, uint32_t port);
bool net_is_bound(struct net *net, uint32_t place, uint32_t port);

/* CONN number in the trace. Both also answer within `ended`; 0 for a wire of long ago. */
uint32_t net_conn(const struct net *net, uint32_t wire);
uint32_t net_peer_address(const struct net *net, uint32_t wire);
/* The place of the end's own agent, or of its host. */
uint32_t net_place(const struct net *net, uint32_t wire);
/*
 * A real program speaks at one end of this connection: whoever serves the other end can't count on
 * that one's word in the trace, nor on chance that it could guess (pump.h, tls.h). Both ends know.
 */
void net_mark_real(struct net *net, uint32_t wire);
bool net_is_real(const struct net *net, uint32_t wire);

/* ---- datagrams (in the trace, `ports` is the sender's times 65536 plus the receiver's) ---- */

typedef void net_datagram(void *context, uint32_t from_address, uint32_t from_port,
                          struct slice bytes);

/* Port 0 picks a free one above 49151. Gives the port, or 0 when it is taken. */
uint32_t net_udp_bind(struct net *net, uint32_t agent, uint32_t port, net_datagram *received,
                      void *context);
void net_udp_unbind(struct net *net, uint32_t agent, uint32_t port);
/* At most 65507 octets; a lost one is lost without a word to the sender. */
void net_udp_send(struct net *net, uint32_t agent, uint32_t from_port, uint32_t to_address,
                  uint32_t to_port, struct slice bytes);

/* ---- faults (emit nothing but crash, boot, stop, start and what is lost) ---- */

/* Down: its ends end with NET_END_CRASHED, what arrives is lost; listeners stay for its boot. */
void net_set_host_up(struct net *net, uint32_t host, bool is_up);
bool net_host_is_up(const struct net *net, uint32_t place);
/* It crashes in the middle of a task: nothing leaves it from now on, not even what is said in this
   task, and it is not up. net_set_host_up(..., false) is to follow, in a task of its own. */
void net_freeze_host(struct net *net, uint32_t place);
bool net_host_is_frozen(const struct net *net, uint32_t place);
/*
 * An agent of a running host is stopped: nobody listens on its ports, its connections are reset, it
 * is told of them as of a crash (NET_END_CRASHED) at once, and what it asks for meanwhile fails.
 * Emits stop and start. Listeners stay for its start; a host's crash or boot changes nothing in it.
 */
void net_set_agent_up(struct net *net, uint32_t agent, bool is_up);
bool net_agent_is_up(const struct net *net, uint32_t agent);
/*
 * One connection, by its number in the trace, is cut like a cable: from now on nothing of it
 * arrives on either side, neither what is on its way nor any repetition. Each side finds out by
 * waiting: its user's own patience, or else 15 minutes of repeating. A connection that is over
 * stays as it was.
 */
void net_cut_conn(struct net *net, uint32_t conn);
/* The same as soon as a segment leaves that reaches beyond so many octets, counted from the
   connection's start, of what this side says; is_back: the side that was connected to. */
void net_cut_conn_after(struct net *net, uint32_t conn, bool is_back, uint32_t octets);
/* A cut link is not routed over; what is on it arrives. A connection without a route waits. */
void net_set_link_up(struct net *net, uint32_t link, bool is_up);
/* The same for a line that is there at its hours only: it carries when it is open and not cut. */
void net_set_link_open(struct net *net, uint32_t link, bool is_open);
bool net_link_is_up(const struct net *net, uint32_t link);
/* Routes stay as they are: they go by the latency that the link was declared with. */
void net_set_link_slow(struct net *net, uint32_t link, uint32_t extra_latency_us);
void net_set_link_loss(struct net *net, uint32_t link, uint32_t loss_ppm);
/* The link between two hosts, or 0. */
uint32_t net_find_link(const struct net *net, uint32_t a, uint32_t b);

#endif
