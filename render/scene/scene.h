/*
 * The scene: what the world looks like at a moment, folded from all events of the trace up to then.
 *
 *     struct scene scene;
 *     scene_init(&scene, log);
 *     scene_seek(&scene, t);                 any t, in any order; the log may have grown
 *     scene.now.places[place - 1].is_up ...
 *     for (size_t i = 0; scene_flight(&scene, i, &flight); i++) ...
 *     scene_finish(&scene);
 *
 * A scene at t is the same whichever way it was reached: going on continues the fold, going back
 * starts again from the last checkpoint before t. Everything in it comes from the trace. Places,
 * links, connections and messages carry the numbers of the trace; texts are numbers of its pool.
 */
#ifndef RENDER_SCENE_SCENE_H
#define RENDER_SCENE_SCENE_H

#include "sim/base/bytes.h"
#include "sim/base/vector.h"
#include "sim/trace/turn.h"

enum { SCENE_NONE = 0 };

/* A host or an agent. Of an agent, is_up is that of its host (see scene_is_up). */
struct scene_place {
    bool is_up, is_there;    /* not there: taken out of the network, with all that it had */
    bool is_claimed;         /* only what may have been made up speaks of it */
    uint32_t id, name, admd; /* texts, as it is called now; of an agent only id */
    uint32_t behind;         /* the host whose address others see when this one connects; 0 none */
    uint32_t insides;        /* so many hosts are behind this one: it is a NAT box */
    uint32_t x, y;           /* as the topology or a person says; EVENT_UNSET: nobody does */
    uint32_t queued;         /* messages that wait in its queue */
    uint32_t stored;         /* copies that lie in its store */
    uint32_t fetched;        /* copies that it has read */
    uint32_t written;        /* messages that came into being here */
};

struct scene_link {
    bool is_there;
    bool is_claimed;                     /* nobody is known to have seen mail go over it */
    uint32_t latency_us, kbps, loss_ppm; /* as it is now, faults aside */
};

/* A connection that is asked for or open; one that is over is dropped. */
struct scene_conn {
    uint32_t conn;
    bool is_open, has_tls;             /* the handshake is done; that of TLS, too */
    enum turn_protocol protocol;       /* by what was said, before that by the port */
    uint32_t last_command, last_reply; /* event ids, SCENE_NONE before the first */
    uint32_t msg;                      /* the message that was last spoken of */
};

enum scene_state {
    SCENE_STATE_WRITTEN,   /* at its author's, not taken by a server */
    SCENE_STATE_ACCEPTED,  /* a server is responsible */
    SCENE_STATE_QUEUED,    /* it waits in a queue for its turn */
    SCENE_STATE_TRYING,    /* a server tries to hand it on */
    SCENE_STATE_DEFERRED,  /* an attempt failed; it waits for the next */
    SCENE_STATE_DELIVERED, /* a copy lies in a store */
    SCENE_STATE_FETCHED,   /* a reader has a copy */
    SCENE_STATE_REJECTED,  /* a server refused it */
    SCENE_STATE_BOUNCED,   /* a server gave up; a notice says so */
    SCENE_STATE_DISCARDED,
    SCENE_STATE_COUNT
};

struct scene_message {
    enum scene_state state; /* by the last event of the message */
    uint32_t last_event;    /* 0 before it came into being */
    uint32_t first_hold;    /* index into holds plus 1; 0 none */
    uint32_t header, body;  /* texts as they stand at the last server or reader; 0 unknown */
    uint32_t received_count;
    uint32_t copies; /* that lie in stores */
    uint32_t store;  /* the place with the last of them; 0 none, or they were removed */
    uint32_t reader; /* the place that fetched it last, or 0 */
};

/* Who must not lose the message now: one entry a place. */
struct scene_hold {
    uint32_t next;       /* index plus 1; also links free entries */
    uint32_t place;      /* host or agent that took it */
    uint32_t recipients; /* for which it is still responsible, as far as the trace counts them */
    uint32_t first_wait; /* index into waits plus 1; 0 none */
    bool is_queued;
};

/* A recipient under a queue id, until that id leaves the queue. */
struct scene_wait {
    uint32_t next;     /* index plus 1; also links free entries */
    uint32_t id, rcpt; /* texts */
    uint32_t tried;    /* event of the last attempt */
    bool is_settled;   /* it has had its outcome */
};

/* A segment or datagram on its way. */
struct scene_move {
    uint32_t event;
    int64_t departs, arrives; /* arrives: also when it is lost before */
    bool is_lost;
    int64_t lost_at;
    uint32_t lost_link; /* 0: at a host */
    uint32_t lost_host; /* whose firewall has stopped it; 0: the far one */
};

struct scene_box {
    uint32_t box, place, count; /* box: text; place: of the last delivery */
};

struct scene_fault {
    uint32_t id, fault, target, args; /* texts */
};

struct scene_now {
    VECTOR(struct scene_place) places; /* [0] stands for place 1 */
    VECTOR(struct scene_link) links;   /* [0] stands for link 1 */
    VECTOR(uint8_t) link_cuts;         /* likewise; how many faults cut it now */
    VECTOR(struct scene_conn) conns;   /* ascending by number */
    VECTOR(struct scene_message) messages;
    VECTOR(struct scene_hold) holds;
    VECTOR(struct scene_wait) waits;
    VECTOR(struct scene_move) moves;
    VECTOR(struct scene_box) boxes; /* ascending by text number */
    VECTOR(struct scene_fault) faults;
    uint32_t free_hold, free_wait;      /* index plus 1 */
    uint32_t expand_cause, expand_rcpt; /* of the last expansion */
    uint32_t event_count;               /* events folded */
    uint32_t title;                     /* of the network; a text */
    uint32_t map_event; /* the last that changed who is there, where, under what name; plus 1 */
};

struct scene {
    const struct log *log;
    int64_t t;
    struct scene_now now;
    VECTOR(struct scene_now) checkpoints; /* [i] after (i + 1) * SCENE_CHECKPOINT_EVENTS events */
};

enum { SCENE_CHECKPOINT_EVENTS = 1 << 16, SCENE_PATH_MAX = 32 };

/* The log is borrowed and may grow. The scene stands before the first event (t = -1). */
void scene_init(struct scene *scene, const struct log *log);
void scene_finish(struct scene *scene);
/* Cannot fail; a t behind the last event is the state after it, with nothing on its way. */
void scene_seek(struct scene *scene, int64_t t);

/* ---- questions ---- */

/* False when it, or the host that it is on, is down. */
bool scene_is_up(const struct scene *scene, uint32_t place);
/* Is it part of the network now: declared already, and not taken away? A place or a link. What is
   not there is not drawn. */
bool scene_is_there(const struct scene *scene, uint32_t place);
bool scene_has_link(const struct scene *scene, uint32_t link);
/* Where the host of this place stands now; false when the trace does not say (layout.h). */
bool scene_position(const struct scene *scene, uint32_t place, uint32_t *x, uint32_t *y);
/* What it is called now: its id; its host's DNS name. As long as it is not declared, and afterwards
   when it is gone, what it is called first or last. */
struct slice scene_place_id(const struct scene *scene, uint32_t place);
struct slice scene_host_name(const struct scene *scene, uint32_t place);
const struct scene_conn *scene_find_conn(const struct scene *scene,
                                         uint32_t conn); /* NULL: not open */
const struct scene_message *scene_find_message(const struct scene *scene, uint32_t msg);
/* The place that took it last of those that are responsible for it; 0 when nobody is any more. */
uint32_t scene_holder(const struct scene *scene, uint32_t msg);
bool scene_is_holder(const struct scene *scene, uint32_t msg, uint32_t host);
const char *scene_state_name(enum scene_state state);
/* Sums over a host and its agents. */
struct scene_place scene_host(const struct scene *scene, uint32_t host);

enum scene_cargo {
    SCENE_CARGO_CONTROL, /* handshake, acknowledgement, close */
    SCENE_CARGO_TALK,    /* commands and replies */
    SCENE_CARGO_MESSAGE, /* octets of a message */
    SCENE_CARGO_DATAGRAM
};

/* Something on its way, worked out for t. */
struct scene_flight {
    uint32_t event, conn, msg; /* conn and msg may be 0 */
    uint32_t from, to;         /* places */
    enum scene_cargo cargo;
    bool is_pull;    /* the opener of the connection asked for what the other side sends */
    bool is_back;    /* from the side that was connected to */
    bool is_lost;    /* it stands where it was lost */
    double position; /* 0 at from, 1 at to, along the path */
    uint32_t path[SCENE_PATH_MAX]; /* hosts from sender to receiver */
    size_t path_count;
};
/* The i-th thing on its way; false behind the last. */
bool scene_flight(const struct scene *scene, size_t i, struct scene_flight *flight);

/* True when the connection fetches mail: its opener pulls. */
bool scene_is_pull(const struct scene *scene, uint32_t conn);
/* The hosts of a path text ("a b c"), as they were called when this event was said; gives how many.
 */
size_t scene_path_at(const struct log *log, struct slice text, uint32_t event,
                     uint32_t hosts[SCENE_PATH_MAX]);
/* The same of the last event. */
size_t scene_path(const struct log *log, struct slice text, uint32_t hosts[SCENE_PATH_MAX]);

/* Everything, one thing a line, for tests. False: out is full. */
bool scene_text(const struct scene *scene, struct bytes *out);

#endif
