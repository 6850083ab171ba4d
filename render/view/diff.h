/*
 * Private to this folder: what two lists of lines have in common, and what was added, removed or
 * changed from one to the other. The lists are the fields of two headers or the lines of two
 * bodies. Bounded: what is very long and very different is shown as removed and added as a whole.
 */
#ifndef RENDER_VIEW_DIFF_H
#define RENDER_VIEW_DIFF_H

#include "sim/base/slice.h"
#include "sim/base/vector.h"

enum diff_kind { DIFF_SAME, DIFF_ADDED, DIFF_REMOVED };

struct diff_line {
    enum diff_kind kind;
    struct slice text; /* without the line end; borrowed from the text that it is in */
};

struct diff_list {
    VECTOR(struct slice) items;
};

struct diff {
    VECTOR(struct diff_line) lines;
    size_t added, removed;
    struct diff_list before, after;
    VECTOR(uint16_t) table;
};

void diff_finish(struct diff *diff);
/* The fields of headers: folded lines are one (whole, with their line ends but the last). */
void diff_headers(struct diff *diff, struct slice before, struct slice after);
/* Lines. Both borrowed as long as the result is read. */
void diff_bodies(struct diff *diff, struct slice before, struct slice after);

#endif
