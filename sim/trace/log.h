/*
 * The trace: an append-only log of events and the texts they name. Writers add to it through
 * sim/kernel/sim.h; readers hold it const. What a reader shows is in it, the topology too.
 *
 *     for (uint32_t id = 0; id < log_count(log); id++) {
 *         const struct event *e = log_at(log, id);
 *         const struct event_smtp_cmd *cmd = event_as_smtp_cmd(e);
 *         if (cmd) printf("%.*s\n", SLICE_ARG(log_text(log, cmd->verb)));
 *     }
 *
 * Declarations (host, agent, link, tcp.connect, message) are indexed as they are added, so the
 * numbers in PLACE, LINK, CONN and MSG fields lead to the event that declared them.
 */
#ifndef SIM_TRACE_LOG_H
#define SIM_TRACE_LOG_H

#include "sim/base/pool.h"
#include "sim/base/vector.h"
#include "sim/trace/event.h"

/* The side of a connection that an event's `from` is on. */
struct log_parties {
    uint32_t from, to; /* places; 0 when unknown */
    uint32_t port;     /* the port that was connected to */
    bool tls;
};

/* From an event on a place has this id, and a host this DNS name: texts. */
struct log_name {
    uint32_t event, place, id, name;
};

struct log {
    struct pool pool;
    struct event **chunks; /* LOG_CHUNK_EVENTS each, so events never move */
    size_t chunk_count, chunk_capacity;
    uint32_t count;
    VECTOR(uint32_t)
    places, links, conns, msgs; /* event id of each declaration; [0] stands for 1 */
    uint32_t *place_table;      /* places by their ids' texts, open addressing; 0 is free */
    size_t place_table_size;
    VECTOR(uint32_t) tls;          /* by connection: the id of its tls.up, or 0; may be shorter */
    VECTOR(struct log_name) names; /* that places got after others, or after they were declared */
    VECTOR(uint8_t) gone;          /* [0] stands for place 1; may be shorter */
};

enum { LOG_CHUNK_BITS = 14, LOG_CHUNK_EVENTS = 1 << LOG_CHUNK_BITS };

void log_init(struct log *log);
void log_finish(struct log *log);

/*
 * Appends one event and gives its id. `fields` points to the struct of that kind. Times must not
 * go back, and a cause must be there already. Cannot fail.
 */
uint32_t log_add(struct log *log, int64_t t, uint32_t cause, enum event_kind kind, uint16_t flags,
                 const void *fields);
uint32_t log_intern(struct log *log, struct slice text);

uint32_t log_count(const struct log *log);
/* id must be below log_count; borrowed, valid as long as the log. */
const struct event *log_at(const struct log *log, uint32_t id);
struct slice log_text(const struct log *log, uint32_t text);

/* How many events have a time <= t: the events that a reader at time t knows. */
uint32_t log_count_until(const struct log *log, int64_t t);
/* Time of the last event, 0 of an empty log. */
int64_t log_end(const struct log *log);
/* The Unix second that the run's start stands for. */
int64_t log_epoch_s(const struct log *log);

/* ---- what the numbers in fields stand for ---- */

uint32_t log_place_count(const struct log *log);
/* The event that declared it (a host or an agent), or NULL for 0 and unknown numbers. */
const struct event *log_place(const struct log *log, uint32_t place);
/* Its id, the last one if it was renamed; "" for nobody. */
struct slice log_place_name(const struct log *log, uint32_t place);
/* The id that it had when this event was said. */
struct slice log_place_name_at(const struct log *log, uint32_t place, uint32_t event);
/* The DNS name of the host that it is or is on, the last one; "" for nobody. */
struct slice log_host_name(const struct log *log, uint32_t place);
/* Has it been taken out of the network, or the host that it is on? */
bool log_is_gone(const struct log *log, uint32_t place);
/* The host that it is or is on; 0 for nobody. */
uint32_t log_host_of(const struct log *log, uint32_t place);
/* The place with this id (hosts and agents share one namespace), or that had it last; or 0. */
uint32_t log_find_place(const struct log *log, struct slice id);
/* The same for what an event says: who had it then. */
uint32_t log_find_place_at(const struct log *log, struct slice id, uint32_t event);
/* True when `place` is `wanted`, or an agent of the host `wanted`: "out" also means its agents. */
bool log_place_is(const struct log *log, uint32_t place, uint32_t wanted);
const struct event_link *log_link(const struct log *log, uint32_t link); /* NULL when unknown */
const struct event_tcp_connect *log_conn(const struct log *log, uint32_t conn); /* NULL likewise */
const struct event_message *log_msg(const struct log *log, uint32_t msg);       /* NULL likewise */

/* ---- fields by name ---- */

/* Who speaks to whom in this event of a connection; false for other kinds. */
bool log_parties(const struct log *log, const struct event *e, struct log_parties *parties);
/*
 * The value and type of a field, stored or derived (from, to, port, tls of an event of a
 * connection; from of a dsn, which is always the text "<>" and needs no pool number: value 0).
 * False when this kind has no such field.
 */
bool log_field(const struct log *log, const struct event *e, struct slice name,
               enum event_type *type, uint32_t *value);

#endif
