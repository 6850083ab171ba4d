/*
 * What a sequence chart of a trace shows: its turns, in order of time, chosen from the events.
 */
#ifndef EXPORT_LADDER_TURNS_H
#define EXPORT_LADDER_TURNS_H

#include "export/canvas.h"
#include "sim/base/arena.h"
#include "sim/base/vector.h"
#include "sim/trace/log.h"

enum ladder_kind {
    LADDER_PUSH, /* an arrow between hosts, or within one */
    LADDER_PULL, /* an arrow along which message octets are fetched by the side that wants them */
    LADDER_NOTE, /* something at one host */
    LADDER_BAR,  /* something about all */
    LADDER_CLOSE /* a connection is over: nothing of its own is drawn */
};

struct ladder_turn {
    int64_t t;
    uint32_t event; /* from which it comes */
    enum ladder_kind kind;
    enum canvas_style style;
    uint32_t from, to; /* hosts; a note has its host in both */
    bool is_lost;      /* the arrow does not arrive */
    bool opens;        /* the arrow opens the connection `conn` */
    uint32_t conn;     /* of an arrow that opens, and of a close */
    struct slice text;
};

struct ladder_turns {
    struct arena arena;
    VECTOR(struct ladder_turn) items;
};

/* Texts are safe for a terminal; `flags` are those of printable.h. */
void ladder_turns_collect(struct ladder_turns *turns, const struct log *log, unsigned flags);
void ladder_turns_finish(struct ladder_turns *turns);
/* What is said of the silence between two turns, "30min later, day 2": false when there is no need
   to. */
bool ladder_gap(const struct log *log, int64_t from, int64_t to, struct bytes *out);

#endif
