/*
 * A turn of a dialogue, whichever protocol it is in: a command that a server has read, or a reply
 * that a client has read. Readers of the trace that show who said what need to know no protocol.
 *
 *     struct turn turn;
 *     if (turn_read(log, event, &turn))
 *         ... turn.is_reply ? turn.text : turn.verb, turn.arg ...
 */
#ifndef SIM_TRACE_TURN_H
#define SIM_TRACE_TURN_H

#include "sim/trace/log.h"

enum turn_protocol {
    TURN_NONE,
    TURN_SMTP,
    TURN_LMTP,
    TURN_POP3,
    TURN_IMAP,
    TURN_HTTP,
    TURN_PROTOCOL_COUNT
};

/* What a reply means to who asked. */
enum turn_outcome {
    TURN_OUTCOME_NONE,  /* a command, or data that comes before the end of a reply */
    TURN_OUTCOME_GOOD,  /* 2xx, 3xx, +OK, OK */
    TURN_OUTCOME_LATER, /* 4xx: try again */
    TURN_OUTCOME_BAD    /* 5xx, -ERR, NO, BAD */
};

struct turn {
    enum turn_protocol protocol;
    uint32_t conn, msg;
    bool is_reply;          /* the side that was connected to speaks */
    bool is_data;           /* IMAP: an untagged response */
    struct slice number;    /* of data that begins with one: "1 EXISTS"; else "" */
    struct slice verb, arg; /* of a reply: the verb that it answers, and nothing */
    uint32_t code;          /* of a reply with a number, else 0 */
    struct slice esc, text; /* of a reply; text may have several lines, and in POP3 and IMAP what
                               follows the first is the message itself */
    enum turn_outcome outcome;
};
/* All slices are borrowed from the log. */

/* False when the event is no turn. */
bool turn_read(const struct log *log, const struct event *e, struct turn *turn);

/* "SMTP", "IMAP"; "TCP" for none. */
const char *turn_protocol_name(enum turn_protocol protocol);
/* By the port that is connected to, before anything was said. */
enum turn_protocol turn_protocol_of_port(uint32_t port);
/* True when who opens the connection wants what the other side has (RFC 5598 4.4). */
bool turn_is_pull(enum turn_protocol protocol);
/* What leads a reply on the wire: "+OK", "-ERR", "OK"; "" where the code does. */
const char *turn_status(const struct turn *turn);
/*
 * Do the octets that follow this turn belong to a message? After 354 and BDAT, RETR, TOP, FETCH of
 * a body, APPEND and POST they do; all else is talk about it. `command` is the last command of the
 * connection, `reply` the last reply, either NULL before the first.
 */
bool turn_carries_message(const struct turn *command, const struct turn *reply);

/*
 * What a segment says in clear: its octets, or within TLS what was encrypted into it. *is_hidden
 * when only ciphertext is known: a handshake, or a later piece of something large.
 */
struct slice turn_said(const struct log *log, const struct event *segment, bool *is_hidden);

#endif
