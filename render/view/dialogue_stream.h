/*
 * Private to this folder: what each side of a connection has said, as one text, with the segments
 * that carried it; and which octets of it are which turn. Within TLS it is what was said before it
 * was encrypted. A segment that was sent again counts once.
 */
#ifndef RENDER_VIEW_DIALOGUE_STREAM_H
#define RENDER_VIEW_DIALOGUE_STREAM_H

#include "render/view/bytes_index.h"
#include "sim/base/bytes.h"
#include "sim/trace/turn.h"

/* Octets of one side; size 0: not known. */
struct stream_range {
    uint32_t from, size;
};

struct stream_piece {
    uint32_t segment;         /* event */
    struct stream_range said; /* of the side's text */
};

struct stream_side {
    struct bytes text;
    VECTOR(struct stream_piece) pieces;
    uint32_t next_seq;
    bool has_seq;
    uint32_t read; /* up to there it belongs to turns */
};

enum { STREAM_CLIENT, STREAM_SERVER };
enum { STREAM_OCTETS_MAX = 8 * 1024 * 1024 }; /* of a side; what comes behind is not told apart */

struct dialogue_stream {
    struct stream_side sides[2];
    uint32_t next, last; /* in the index of segments: place plus 1 */
    uint32_t dots_from;  /* 354 was said: the message begins there, plus 1; 0 no */
};

void dialogue_stream_finish(struct dialogue_stream *stream);
void dialogue_stream_clear(struct dialogue_stream *stream);
void dialogue_stream_update(struct dialogue_stream *stream, const struct log *log,
                            const struct bytes_index *index, uint32_t conn);

struct slice stream_text(const struct dialogue_stream *stream, int side, struct stream_range range);
/* Which piece a segment carried; NULL for one that said nothing, or was sent again. */
const struct stream_piece *stream_piece_of(const struct dialogue_stream *stream, int side,
                                           uint32_t segment);

/*
 * The octets of the next turn: its line or lines in `line`, and in `content` what follows and is no
 * talk: a message, a list, a page. `command` is what a reply answers, NULL if nothing. The message
 * behind 354 is the content of the reply to its end, on the client's side.
 */
void dialogue_stream_take(struct dialogue_stream *stream, const struct turn *turn,
                          const struct turn *command, struct stream_range *line,
                          struct stream_range *content);

#endif
