/*
 * Private to this folder: the ladder's panel. ladder.c has columns and scrolling, ladder_row.c
 * draws a row.
 */
#ifndef RENDER_VIEW_LADDER_H
#define RENDER_VIEW_LADDER_H

#include "render/view/time_panels.h"

struct ladder_column {
    uint32_t place; /* a host, or an agent */
    float map_x;
};

struct ladder {
    struct ladder_rows rows;
    bool by_agents;
    VECTOR(struct ladder_column) columns; /* from left to right */
    VECTOR(uint32_t) column_of;           /* [place - 1]: index plus 1 */
    uint32_t parts_seen;                  /* for which the columns are right */
    bool seen_agents;
    const void *seen_layout;
    float scroll; /* rows away from where it would be */
    int64_t scroll_t;
    uint32_t scroll_event;
    float scroll_x, most_x, pan_from, pan_x;
    size_t columns_for; /* the row plus 1 for which the columns were moved into sight */
    float columns_w;
    /* of this frame: */
    struct draw_box area; /* of the columns, below their heads */
    float step;           /* from column to column */
    size_t first, end;    /* the rows in it */
};

/* Up to date with the log; made when it is first needed. */
struct ladder *ladder_of(struct view *view);
void ladder_finish(struct ladder *ladder); /* accepts NULL */
int ladder_column_of(const struct view *view, const struct ladder *ladder, uint32_t place);
float ladder_x(const struct ladder *ladder, int column);
ui_drag ladder_pan;

/* ---- ladder_row.c ---- */
float ladder_row_height(const struct view *view);
float ladder_head_height(const struct view *view); /* of the names above the columns */
/* Of the clock, the handles and the protocols at the left. */
float ladder_left_width(const struct view *view);
/* `before`: the time of the row above, which need not be said again. */
void ladder_row_draw(struct view *view, struct ladder *ladder, struct draw_box box, size_t row,
                     bool is_now, int64_t before);

#endif
