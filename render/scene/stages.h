/*
 * The stages of a message, that is, the moments at which the trace has its content: written by its
 * author, accepted by a server, put into a store, fetched by a reader. What each agent changed is
 * the difference of a stage and the one that it came from.
 */
#ifndef RENDER_SCENE_STAGES_H
#define RENDER_SCENE_STAGES_H

#include "sim/base/vector.h"
#include "sim/trace/log.h"

struct stage {
    uint32_t event;
    uint32_t place; /* who: an agent */
    uint32_t conn;  /* over which it came; 0 none */
    struct slice header, body;
};

/* The stages of all messages, kept up as the log grows; and those of one of them in a row. */
struct stages {
    uint32_t seen;               /* events */
    VECTOR(uint32_t) hops, next; /* events, and their place plus 1 of the message's next one */
    VECTOR(uint32_t) first, last, count; /* [msg - 1] */
    uint32_t msg;
    size_t listed;        /* so many of it are in ids */
    uint32_t tail;        /* place plus 1 of the last of them */
    VECTOR(uint32_t) ids; /* of msg, ascending */
};

void stages_finish(struct stages *stages);
void stages_update(struct stages *stages, const struct log *log);
/* How many stages the message has had by t; from now on stages_at is about it. */
size_t stages_count(struct stages *stages, const struct log *log, uint32_t msg, int64_t t);
/* Of any event: false when it is no stage. Slices are the log's. */
bool stages_read(const struct log *log, uint32_t event, struct stage *stage);
/* i must be below that count. */
struct stage stages_at(const struct stages *stages, const struct log *log, size_t i);
/* The stage that stage i came from: the last one at the host that handed it on, or the one before.
   i itself for the first. */
size_t stages_before(const struct stages *stages, const struct log *log, size_t i);

#endif
