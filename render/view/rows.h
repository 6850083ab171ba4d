/*
 * Private to this folder: rows of one height, in a box that may be too low for all of them. They
 * scroll by wheel and along with the focus, so that Tab comes to each; a bar says that there are
 * more.
 *
 *     struct rows_seen rows = rows_begin(view, box, step, count, &scroll, focused);
 *     while (rows_next(&rows, &i, &row))
 *         ... draw row i into the box `row` ...
 *     ui_wheel(&view->ui, "my-wheel", box, turn, 0);
 */
#ifndef RENDER_VIEW_ROWS_H
#define RENDER_VIEW_ROWS_H

#include <stddef.h>

#include "render/draw/draw.h"

struct view;

enum { ROWS_NO_FOCUS = -1 };

/* Kept by who draws them, from frame to frame; zero: at the top. */
struct rows_scroll {
    float above;    /* so many rows */
    ptrdiff_t seen; /* had the focus, and was brought into sight */
};

struct rows_seen {
    struct draw_box rest; /* below the row that was given last */
    float step;
    size_t next, count;
};

/* `scroll` is brought within bounds. `focused`: the row that has the focus, or ROWS_NO_FOCUS.
   Draws the bar. */
struct rows_seen rows_begin(struct view *view, struct draw_box box, float step, size_t count,
                            struct rows_scroll *scroll, ptrdiff_t focused);
/* The next row that is seen; false: no more. */
bool rows_next(struct rows_seen *rows, size_t *i, struct draw_box *row);

#endif
