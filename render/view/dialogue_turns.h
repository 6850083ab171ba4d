/*
 * Private to this folder: the turns of one connection, each with the states of both ends and with
 * the segment that carried it. Worked out once a turn, as the log grows; dialogue, state diagram
 * and bytes read the same.
 */
#ifndef RENDER_VIEW_DIALOGUE_TURNS_H
#define RENDER_VIEW_DIALOGUE_TURNS_H

#include "render/view/dialogue_stream.h"
#include "render/view/index.h"
#include "render/view/states_fold.h"

enum { DIALOGUE_TURNS_NONE = -1 };

struct dialogue_turn {
    uint32_t event;
    uint32_t segment; /* event of the segment that brought it; 0 unknown */
    /* of the server: of a command when it was read, of a reply once it was sent */
    int state;
    uint32_t answer;  /* of a command: place of its reply plus 1; of a reply: of its command */
    uint32_t waiting; /* behind this turn: place plus 1 of the oldest command that has no reply */
    struct stream_range line,
        content;               /* see dialogue_stream_take; of its side, the message client's */
    bool is_reply, is_illegal; /* illegal: the rules don't have this command in this state */
};

struct dialogue_turns {
    uint32_t conn; /* 0: none */
    enum turn_protocol protocol;
    VECTOR(struct dialogue_turn) turns;
    struct dialogue_stream stream;
    /* private */
    const struct log *log;
    uint32_t next;       /* place in the index's turns plus 1 of the one that comes next */
    uint32_t last_known; /* the same of the last one that was taken */
    uint32_t oldest;     /* place of the oldest command without a reply */
    struct states_fold fold;
    bool is_secured;
};

/* Zeroed memory is good to begin with. */
void dialogue_turns_finish(struct dialogue_turns *turns);
/* Those of this connection, as far as the index has them. Starts anew for another connection. */
void dialogue_turns_update(struct dialogue_turns *turns, const struct log *log,
                           const struct index *index, const struct bytes_index *segments,
                           uint32_t conn);
/* Of a turn: what was said, and the content of it; "" when the segments don't show it. */
struct slice dialogue_turns_line(const struct dialogue_turns *turns,
                                 const struct dialogue_turn *turn);
struct slice dialogue_turns_content(const struct dialogue_turns *turns,
                                    const struct dialogue_turn *turn);
/* The side of the stream that the content is on: a message that was sent is the client's. */
int dialogue_turns_content_side(const struct dialogue_turns *turns,
                                const struct dialogue_turn *turn);
/* How many are below this event. */
size_t dialogue_turns_below(const struct dialogue_turns *turns, uint32_t event);
/* The place of the turn of this event, or DIALOGUE_TURNS_NONE. */
int64_t dialogue_turns_find(const struct dialogue_turns *turns, uint32_t event);

/* The state of the server at t, from the replies that it has sent by then. */
int dialogue_turns_server_at(const struct dialogue_turns *turns, int64_t t);
/* What the client waits for the reply to at t, from the commands that it has sent by then: a verb,
   "CONNECT", "DOT", or "" for nothing. */
struct slice dialogue_turns_client_at(const struct dialogue_turns *turns, int64_t t);
/* The same behind the turn at this place: it has been read by who it is for. */
struct slice dialogue_turns_client_behind(const struct dialogue_turns *turns, size_t place);

#endif
