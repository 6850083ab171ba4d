/*
 * What a check may ask of a run beside its events: which copies of which message lie in which
 * mailbox, what waits where, which faults were on, how agents are set. Folded from the trace once,
 * up to a number of events; the trace is borrowed.
 *
 *     struct facts facts;
 *     facts_init(&facts, log, log_count(log));
 *     ... facts_copy(&facts, msg, SLICE("bob@example.org/INBOX"), 0) ...
 *     facts_finish(&facts);
 *
 * A mailbox is written user@domain/FOLDER; a mail program's own store is HOST:Local, and holds what
 * the program has fetched by POP3.
 */
#ifndef LESSONS_FACTS_H
#define LESSONS_FACTS_H

#include "sim/base/arena.h"
#include "sim/base/vector.h"
#include "sim/trace/log.h"

struct cJSON;

struct fact_copy {
    uint32_t msg, box;     /* box: a text, or of a mail program's own store UINT32_MAX */
    uint32_t header, body; /* texts */
    uint32_t event;        /* that put it there */
};

struct fact_flag {
    uint32_t msg, box, name;
};

/* A message that waits in the queue of an agent. */
struct fact_waiting {
    uint32_t agent, id, msg;
};

/* Events from..to, the latter not included, belong to it. */
struct fact_phase {
    struct slice name; /* a fault's id, or what a lesson calls it */
    uint32_t from, to;
};

struct facts {
    const struct log *log;
    uint32_t count; /* so many events are looked at */
    VECTOR(struct fact_copy) copies;
    VECTOR(struct fact_flag) flags;
    VECTOR(struct fact_waiting) waiting;
    VECTOR(struct fact_phase) phases;
    struct arena arena;
    struct cJSON *topology; /* NULL when the trace has none */
};

void facts_init(struct facts *facts, const struct log *log, uint32_t count);
void facts_finish(struct facts *facts);
/* A phase of the lesson's own, such as "after-repair"; the name is copied. */
void facts_add_phase(struct facts *facts, struct slice name, uint32_t from, uint32_t to);

/* The n-th copy, from 0, oldest first; NULL when there are fewer. msg 0: of any message. */
const struct fact_copy *facts_copy(const struct facts *facts, uint32_t msg, struct slice box,
                                   uint32_t n);
uint32_t facts_copies(const struct facts *facts, uint32_t msg, struct slice box);
/* Messages that wait at a host or agent; in outboxes of mail programs, or in all other queues. */
uint32_t facts_waiting(const struct facts *facts, struct slice place, bool is_outbox);
bool facts_has_flag(const struct facts *facts, uint32_t msg, struct slice box, struct slice name);
/* Was this fault on, or this phase there, when the event happened? */
bool facts_is_during(const struct facts *facts, struct slice phase, uint32_t event);
/*
 * A setting of a host's or an agent's as text, "true" and "false" for switches: the last change, or
 * what the topology says; a list's items are separated by ", ". False when neither says it.
 */
bool facts_setting(const struct facts *facts, struct slice place, struct slice key,
                   struct arena *arena, struct slice *value);

#endif
