/*
 * What the files of the network share; nobody outside sim/net includes it.
 *
 *     net.c       hosts, links, agents, ports and faults
 *     route.c     which links lead from one host to another
 *     link.c      how long a packet takes over them, and whether it is lost
 *     wire.c      connections: their slots, and what their users may do
 *     stream.c    one direction of a connection: octets cut into pieces, until acknowledged
 *     segment.c   pieces, acknowledgements and resets on their way
 *     retry.c     the retransmission timer
 *     datagram.c  UDP
 *     guard.c     firewalls
 *     watch.c     taps, and octets that are overwritten in flight
 *     box.c       boxes that take connections for themselves
 *     halt.c      agents that are stopped, and connections that are cut
 *     change.c    what is renamed, changed and taken away while it runs
 *
 * Hosts have numbers of their own here, from 1 in order of declaration ("host"); "place" is their
 * number in the trace. Sides of a connection: 0 opened it, 1 was connected to.
 */
#ifndef SIM_NET_NET_INNER_H
#define SIM_NET_NET_INNER_H

#include "sim/base/bytes.h"
#include "sim/base/vector.h"
#include "sim/net/middle.h"
#include "sim/net/net.h"
#include "sim/net/table.h"

/* ---- the map ---- */

struct net_host {
    struct slice id, name; /* kept by the trace's pool, which outlives the net */
    uint32_t place, address;
    uint32_t degree, link; /* how many links it has; its last one, so the only one of degree 1 */
    uint32_t outside;      /* host whose address others see; 0: its own */
    uint32_t first_core;   /* chain of links to other hosts of degree > 1, in order of number */
    uint32_t lives;        /* counts crashes: what an earlier life knew is forgotten */
    uint32_t next_tcp_port, next_udp_port;
    uint32_t guard, watch, box; /* the first of each that stands here: index + 1 */
    bool is_up, is_frozen;      /* frozen: not up any more, but its crash is still to come */
    bool is_gone;
    struct random random;
};

/* Direction 0 is from end[0] to end[1]. */
struct net_link {
    uint32_t end[2];       /* hosts */
    uint32_t next_core[2]; /* in the chain of end[i] */
    uint32_t latency_us, extra_us, jitter_us, kbps, loss_ppm;
    uint32_t guard, watch; /* likewise */
    bool is_up, is_cut, is_closed, is_gone;
    int64_t busy_until[2];   /* its sender is occupied so long */
    int64_t last_arrival[2]; /* nothing arrives before what went in earlier */
    struct random random;
};

/* A listener, or a bound UDP port. */
struct net_port {
    uint32_t agent; /* 0: a free slot */
    net_accept *accept;
    net_datagram *received;
    void *context;
    bool is_stopped; /* its agent is */
    bool is_gone;    /* likewise, for good: another one may have the port */
};

struct net_ports {
    struct table table; /* (host, port) to index + 1 */
    VECTOR(struct net_port) items;
    VECTOR(uint32_t) free;
};

struct net_port *net_port_find(struct net_ports *ports, uint32_t host, uint32_t port);
/* Borrowed until the next one is added; NULL when the port is taken. */
struct net_port *net_port_add(struct net_ports *ports, uint32_t host, uint32_t port);
void net_port_remove(struct net_ports *ports, uint32_t host, uint32_t port);

/* The next of the dynamic ports 49152 to 65535 (RFC 6335 6). */
uint32_t net_port_next(uint32_t *next);

/* ---- routes ---- */

struct route {
    uint32_t path;         /* text: the ids of its hosts */
    uint32_t first, count; /* in net->hops */
    bool is_found;
};

struct route_node {
    uint64_t distance_us;
    uint32_t hops, link, parent; /* the way back */
    uint32_t stamp;              /* the search that wrote the above */
    bool is_done;
};

struct route_entry {
    uint64_t distance_us;
    uint32_t hops, host;
};

/* The index of the route, for route_at until net->route_version changes. `target` 0 has none. */
uint32_t route_find(struct net *net, uint32_t source, uint32_t target);
const struct route *route_at(const struct net *net, uint32_t index);
/* The map has changed: all routes are to be found anew. */
void route_forget(struct net *net);

/* ---- transit ---- */

/* Somebody listens on its way. */
struct link_pass {
    uint32_t watch; /* index */
    int64_t at;     /* when it passes there */
};

struct link_transit {
    int64_t at;         /* when it arrives, or is lost */
    uint32_t travel_us; /* the whole way, also of one that is lost before its end */
    uint32_t link;      /* where it is lost; 0 when there is no way at all */
    bool is_lost;
};

struct link_load {
    uint32_t octets; /* headers included */
    uint32_t source; /* host */
    uint32_t stop;   /* it is lost behind so many links; GUARD_NO_STOP: it is not */
    bool is_shown;   /* to who listens: net->passes says when it passes whom */
};
/* A packet leaves now. */
struct link_transit link_carry(struct net *net, const struct route *route,
                               const struct link_load *load);

/* ---- firewalls ---- */

#define GUARD_NO_STOP UINT32_MAX

struct guard {
    uint32_t agent, host, link, next; /* next: of the same host or link, index + 1 */
    struct net_rule *rules;
    struct net_range *inside;
    size_t rule_count, inside_count;
};

/* A datagram that passed; ports: the sender's times 65536 plus the receiver's. */
struct guard_flow {
    uint32_t from_address, to_address, ports;
};

struct guard_packet {
    uint32_t from_address, to_address, from_port, to_port;
    bool is_datagram;
};

/* Who stops it: after how many links, at which place. */
struct guard_stop {
    uint32_t hops, at;
    bool is_reject;
};

/* False, with hops GUARD_NO_STOP, when all let it pass. */
bool guard_find_stop(struct net *net, const struct route *route, uint32_t source,
                     const struct guard_packet *packet, struct guard_stop *stop);
void guard_emit(struct net *net, const struct guard_stop *stop, uint32_t from, uint32_t to,
                uint32_t port);
void guard_finish(struct net *net);

/* ---- connections ---- */

enum {
    NET_SEGMENT_OCTETS = 1460,
    NET_WINDOW_OCTETS = 65535,
    NET_KEEP_OCTETS = 65536,
    /* A server whose answers wait for an acknowledgement beyond this reads no more questions: who
       asks and asks and never reads does not fill its memory. */
    NET_UNREAD_OCTETS = 1024 * 1024
};

/* What one segment carries: octets, or the SYN or FIN, which take a sequence number too. */
struct stream_piece {
    uint32_t seq, msg;
    uint16_t size;
    uint8_t flags; /* of the TCP header */
    bool is_lost, is_received;
};

/* Octets of a piece that were overwritten on their way. */
struct stream_patch {
    uint32_t piece, offset, text;
};

struct stream {
    struct bytes octets; /* of all pieces from `base` on */
    struct bytes lent;   /* the buffer that a receiver looks at while octets had to move */
    bool is_lending;
    VECTOR(struct stream_piece) pieces; /* items[head] is piece `base` */
    VECTOR(struct stream_patch) patches;
    size_t head;
    uint32_t base, sent, delivered;       /* first piece not acknowledged, not sent, not received */
    size_t sent_octets, delivered_octets; /* of `octets`, counted from its front */
    uint32_t isn;                         /* the SYN's */
    uint32_t seq;                         /* of the piece that is added next */
    uint32_t sent_seq;                    /* SND.NXT of RFC 9293 3.3.1 */
    uint32_t delivered_seq;               /* RCV.NXT of the other side */
};

void stream_start(struct stream *s, uint32_t isn);
/* Empties it; large buffers are given back, small ones kept. */
void stream_clear(struct stream *s);
void stream_finish(struct stream *s);
/* Copies the octets, cut into pieces. */
void stream_add(struct stream *s, struct slice octets, uint32_t msg);
/* The SYN or the FIN. */
void stream_add_mark(struct stream *s, uint8_t flag);
/* Borrowed until pieces are added; `number` must not be acknowledged yet. */
struct stream_piece *stream_piece(const struct stream *s, uint32_t number);
/* In sequence numbers: a SYN and a FIN take one (RFC 9293 3.4). */
uint32_t stream_length(const struct stream_piece *piece);
bool stream_has_outstanding(const struct stream *s);
/* True when the next unsent piece is there and the window has room for it. */
bool stream_may_send(const struct stream *s);
/* Counts that piece as sent, and gives its number. */
uint32_t stream_take_next(struct stream *s);
/* All that was added has been acknowledged. */
bool stream_is_done(const struct stream *s);
/* All pieces before `number` have arrived. True when some of them were outstanding. */
bool stream_acknowledge(struct stream *s, uint32_t number);
/* The next piece is handed over: its octets, which stay where they are until stream_take_back. */
struct slice stream_lend(struct stream *s, size_t size);
void stream_take_back(struct stream *s);

enum wire_state { WIRE_NONE, WIRE_SYN_SENT, WIRE_SYN_RECEIVED, WIRE_OPEN, WIRE_GONE };
enum wire_how { WIRE_HOW_CLOSED, WIRE_HOW_RESET, WIRE_HOW_TIMEOUT };

struct wire_end {
    enum wire_state state;
    enum net_end why; /* when gone */
    uint32_t host, place, lives;
    uint32_t route, route_version; /* to the other end */
    bool is_closing;               /* its FIN is in the stream */
    bool has_finished;             /* the other end's FIN has come */
    bool is_ack_due;
    bool is_orphan; /* nothing will come for it any more */
    bool is_held;   /* its user takes nothing for the time being */
    struct net_user user;
    /* retransmission: times are VTIME_NEVER when there is none */
    int64_t rto, deadline, timer_at, progress_at, opening_until;
};

struct wire_conn {
    uint32_t index, uses; /* its slot, and how often the slot was given out */
    uint32_t number;      /* in the trace */
    uint32_t address, port, local_port;
    uint32_t on_the_way; /* segments that still hold the slot */
    uint32_t busy;       /* callbacks that still hold the slot */
    enum wire_how how;
    bool is_used, is_over;
    bool is_real; /* a real program speaks at one end */
    bool is_cut;  /* nothing arrives any more */
    bool has_limit[2];
    uint32_t limit[2]; /* it is cut when side i sends more octets than that */
    uint32_t box;      /* who has taken it: index + 1; 0: it goes where it was meant to go */
    struct wire_end end[2];
    struct stream stream[2]; /* stream[i] is what side i sends */
};

uint32_t wire_number(const struct wire_conn *c, unsigned side);
bool wire_is_alive(const struct wire_end *end);
void wire_start_end(struct net *net, struct wire_conn *c, unsigned side, enum wire_state state);
/* The end is gone; its user is told unless `is_silent`. */
void wire_leave(struct net *net, struct wire_conn *c, unsigned side, enum net_end why,
                bool is_silent);
/* What tcp.open says of an attempt. It becomes the cause of what follows. */
void wire_emit_open(struct net *net, const struct wire_conn *c, struct slice result);
/* Gives the slot back once nothing needs it any more. */
void wire_release(struct net *net, struct wire_conn *c);
void wire_crash_host(struct net *net, uint32_t host);
/* Resets all of the agent's connections; it is told as of a crash. */
void wire_stop_agent(struct net *net, uint32_t agent);
void wire_finish(struct net *net);

/* ---- segments on their way ---- */

#define SEGMENT_NO_PIECE UINT32_MAX

struct segment {
    uint32_t conn;
    uint8_t from; /* side */
    bool is_lost;
    uint16_t flags; /* enum event_segment_flag */
    uint32_t seq, ack;
    uint32_t piece, ack_piece; /* the same as numbers of pieces */
    uint32_t link;             /* where it is lost */
    struct guard_stop stop;    /* who stops it */
    int64_t sent_at;
};

/* Sends what the window allows. */
void segment_flush(struct net *net, struct wire_conn *c, unsigned side);
/* Sends the first unacknowledged piece once more. */
void segment_again(struct net *net, struct wire_conn *c, unsigned side);
void segment_reset(struct net *net, struct wire_conn *c, unsigned side);
/* Hands over what has come while its user took nothing, and acknowledges it. */
void segment_resume(struct net *net, struct wire_conn *c, unsigned side);

/* ---- taps and boxes ---- */

struct watch {
    uint32_t agent, host, link, next;
    net_watch *watch; /* NULL: it does not listen */
    void *context;
};

/* A segment that will pass somebody. */
struct passage {
    uint32_t watch, conn, piece, text;
    struct net_passage passage;
};

/* The one that passes now. */
struct passing {
    struct stream *stream; /* NULL: none */
    uint32_t piece;
    struct bytes octets;
};

/* Notes that a packet passes all of this chain at that time. */
void watch_pass(struct net *net, uint32_t chain_first, int64_t at);
/* The segment that was noted is on its way. */
void watch_launch(struct net *net, const struct wire_conn *c, const struct segment *s,
                  const struct event_tcp_segment *fields);
/* The octets of a piece as they are once they have passed everybody. Borrowed until the next. */
struct slice watch_put_over(struct net *net, const struct stream *s, uint32_t piece,
                            struct slice octets);
void watch_finish(struct net *net);

struct box {
    uint32_t agent, next;
    VECTOR(uint32_t) ports;
    net_taken *taken;
    void *context;
};

/* Who takes a connection from source to target: index + 1, or 0. */
uint32_t box_find(struct net *net, uint32_t source, uint32_t target, uint32_t port);
/* Asks it; as a net_accept answers. */
bool box_take(struct net *net, const struct wire_conn *c, struct net_user *user);
void box_finish(struct net *net);

/* Is the connection cut? It is from now on when this segment goes beyond its limit. */
bool halt_is_cut(struct wire_conn *c, const struct segment *s, size_t octets);

/* ---- the retransmission timer ---- */

/* A SYN that travels longer than this may be answered after the attempt's limit. */
#define RETRY_SLOW_US 10000000u

void retry_start(const struct net *net, struct wire_end *end);
/* Sees to it that the attempt ends at its limit. */
void retry_limit(struct net *net, struct wire_conn *c, unsigned side);

/* A segment that left at `sent_at` was lost; whoever still waits for an acknowledgement waits
   longer in vain than its time-out. */
void retry_arm(struct net *net, struct wire_conn *c, unsigned side, int64_t sent_at);
/* Nothing is on the way: an end that only waits for the FIN of one who is gone gives up in a while.
 */
void retry_watch_orphan(struct net *net, struct wire_conn *c, unsigned side);
/* Something was acknowledged. */
void retry_progress(struct net *net, struct wire_conn *c, unsigned side);

/* ---- datagrams ---- */

struct datagram {
    uint32_t from, to; /* hosts */
    uint32_t from_place, to_place;
    uint32_t from_port, to_port;
    uint32_t link;
    struct guard_stop stop;
    bool is_lost;
    struct bytes octets;
};

void datagram_finish(struct net *net);

/* ---- the whole ---- */

enum { STOPPED_FOR_GOOD = 2 };

struct net {
    struct sim *sim;
    VECTOR(struct net_host) hosts; /* items[host - 1] */
    VECTOR(struct net_link) links; /* items[link - 1] */
    VECTOR(uint32_t) places;       /* the host of place items[place - 1] */
    struct table by_address, by_ends;
    struct net_ports tcp, udp;

    VECTOR(struct route) routes;
    VECTOR(uint32_t) hops; /* link << 1 | direction */
    struct table route_table;
    uint32_t route_version;
    bool is_core_stale;
    VECTOR(struct route_node) nodes; /* items[host - 1] */
    VECTOR(struct route_entry) heap;
    uint32_t search;
    struct bytes text;

    VECTOR(struct wire_conn *) conns;
    VECTOR(uint32_t) free_conns;
    uint32_t conn_count; /* in the trace */
    VECTOR(struct segment) segments;
    VECTOR(uint32_t) free_segments;
    VECTOR(struct datagram) datagrams;
    VECTOR(uint32_t) free_datagrams;

    VECTOR(struct guard) guards;
    struct guard_flow *flows;
    VECTOR(struct watch) watches;
    bool is_watched; /* by one of them */
    VECTOR(struct link_pass) passes;
    VECTOR(struct passage) passages;
    VECTOR(uint32_t) free_passages;
    struct passing passing;
    struct bytes patched;
    VECTOR(struct box) boxes;
    struct table stopped; /* agents: 1, or STOPPED_FOR_GOOD */
};

struct net_host *net_host(const struct net *net, uint32_t host);
struct net_link *net_link(const struct net *net, uint32_t link);
/* The host of a place that must exist. */
uint32_t net_inner_host(const struct net *net, uint32_t place);
/* A text that lives as long as the run. */
struct slice net_keep(struct net *net, struct slice text);
/* In net->by_ends, whichever comes first. */
uint64_t net_ends_key(uint32_t a, uint32_t b);
/* It carries when nothing speaks against it. */
void net_judge_link(struct net *net, struct net_link *link);

#endif
