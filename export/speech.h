/*
 * What the two sides of a connection said, line by line, put together from the segments' octets as
 * the agents did it; within TLS from what was encrypted. Lines of the two sides stand in the order
 * in which they ended.
 *
 *     struct speech speech;
 *     speech_init(&speech, log, take, context);
 *     speech_connection(&speech, conn);             calls take for each line
 *     speech_finish(&speech);
 */
#ifndef EXPORT_SPEECH_H
#define EXPORT_SPEECH_H

#include "sim/base/bytes.h"
#include "sim/trace/log.h"

enum speech_speaker {
    SPEECH_CLIENT, /* who connected */
    SPEECH_SERVER, /* who was connected to */
    SPEECH_NOTE    /* nobody: something happened to the connection */
};

struct speech_line {
    enum speech_speaker speaker;
    int64_t t;         /* when its first octet left */
    struct slice text; /* without its line end, as it was sent: any octets; "" of a note */
    const struct event *event;
    uint32_t id;          /* of the event */
    const char *template; /* of a note: for phrase_fill with the event; else NULL */
};
typedef void speech_take(void *context, const struct speech_line *line);

struct speech_side {
    struct bytes waiting; /* a line that has not ended yet */
    int64_t t;
};

struct speech {
    const struct log *log;
    speech_take *take;
    void *context;
    struct speech_side sides[2];
    bool ends_by_turn; /* content may end without a line end: HTTP's does (RFC 9112 6) */
    uint32_t at;       /* the event that is being taken */
    uint32_t *first, *last, *next; /* the events of each connection, chained; plus 1 */
};

/* The log is borrowed and must not grow. */
void speech_init(struct speech *speech, const struct log *log, speech_take *take, void *context);
void speech_finish(struct speech *speech);
/* conn must be one of the log's. A connection that is still open ends with what is there. */
void speech_connection(struct speech *speech, uint32_t conn);

#endif
