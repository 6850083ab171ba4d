/*
 * Private to this folder: the rows of the ladder, one a turn or a thing that happened at a host,
 * kept up as the log grows, and which of them are shown: a connection can be folded into its first
 * row. From the n-th shown row to its number and back takes a time that hardly grows with the log.
 *
 *     ladder_rows_update(&rows, log);
 *     for (size_t n = first; n < last; n++)
 *         ... rows.rows.items[ladder_rows_at(&rows, n)] ...
 */
#ifndef RENDER_VIEW_LADDER_ROWS_H
#define RENDER_VIEW_LADDER_ROWS_H

#include "sim/base/arena.h"
#include "sim/base/vector.h"
#include "sim/trace/log.h"

enum ladder_kind {
    LADDER_ARROW,   /* a turn, a datagram, a connection that is asked for */
    LADDER_CONTENT, /* the message itself, once its last octet is there */
    LADDER_NOTE,    /* something at one place */
    LADDER_BAR,     /* something about all */
    LADDER_GAP      /* silence before `event` */
};

struct ladder_row {
    uint32_t event;
    uint32_t conn;   /* with which it is folded; 0 none */
    uint32_t octets; /* of CONTENT */
    uint32_t next;   /* row plus 1 of the same connection */
    enum ladder_kind kind;
};

struct ladder_conn {
    uint32_t first, last; /* rows plus 1; 0 none */
    uint32_t turns, messages;
    bool is_folded, has_failed, is_content;
    uint32_t octets;
};

struct ladder_rows {
    uint32_t seen;                  /* events looked at */
    VECTOR(struct ladder_row) rows; /* by event, ascending */
    VECTOR(struct ladder_conn) conns;
    VECTOR(uint8_t) took_part;  /* [place - 1]: a host or agent with a row */
    VECTOR(uint8_t) has_spoken; /* beside it: it is itself an end of an arrow, or has a note */
    uint32_t part_count;
    bool folds_new;              /* connections that begin are folded */
    int64_t t;                   /* of the last row */
    VECTOR(uint64_t) shown;      /* a bit a row */
    VECTOR(uint32_t) shown_sums; /* a binary indexed tree over the words of `shown` */
    size_t shown_count;
};

void ladder_rows_finish(struct ladder_rows *rows);
/* The same log as before, or an empty `rows`. */
void ladder_rows_update(struct ladder_rows *rows, const struct log *log);

/* The n-th row that is shown; n is below shown_count. */
size_t ladder_rows_at(const struct ladder_rows *rows, size_t n);
/* How many rows before this one are shown. */
size_t ladder_rows_before(const struct ladder_rows *rows, size_t row);
/* How many rows are about events up to and with this one. */
size_t ladder_rows_until(const struct ladder_rows *rows, uint32_t event);

void ladder_rows_fold(struct ladder_rows *rows, uint32_t conn, bool is_folded);
void ladder_rows_fold_all(struct ladder_rows *rows, bool is_folded);
bool ladder_rows_is_folded(const struct ladder_rows *rows, uint32_t conn);

/* ---- ladder_words.c: what a row says, in the words of the exported ladder ---- */

enum ladder_style {
    LADDER_PLAIN,
    LADDER_DIM,
    LADDER_STRONG,
    LADDER_GOOD,
    LADDER_WAITING,
    LADDER_BAD
};

struct ladder_line {
    enum ladder_kind kind;
    enum ladder_style style;
    uint32_t from, to;    /* places; of a note the same; 0 of a bar */
    bool is_pull;         /* message octets that the receiving side asked for */
    bool is_lost;         /* it does not arrive */
    bool is_folded;       /* stands for a whole connection */
    const char *protocol; /* "" none */
    struct slice text;
};
/* In `arena`. */
struct ladder_line ladder_line_of(const struct ladder_rows *rows, const struct log *log,
                                  struct arena *arena, size_t row);
/* Is there a row for such an event? `conn`: of the event's connection, NULL without one. */
bool ladder_is_row(const struct log *log, const struct event *e, const struct ladder_conn *conn,
                   enum ladder_kind *kind);
/* The places between which it happens; a note has the same twice, a bar has none. */
void ladder_sides(const struct log *log, const struct event *e, enum ladder_kind kind,
                  uint32_t *from, uint32_t *to);

#endif
