/*
 * Private to this folder: what the panels about a connection share (dialogue, states, bytes): its
 * turns and segments, what is shown of them, and how far they are scrolled.
 */
#ifndef RENDER_VIEW_DIALOGUE_PANEL_H
#define RENDER_VIEW_DIALOGUE_PANEL_H

#include "render/view/bytes_index.h"
#include "render/view/dialogue_lines.h"
#include "render/view/state.h"

/* A segment or datagram as a block of rows: a head and its octets, 16 a row. */
struct bytes_block {
    uint32_t event;
    uint32_t row; /* of its head */
};

struct dialogue_panel {
    struct bytes_index segments;
    struct dialogue_turns turns;
    struct dialogue_lines lines;
    unsigned shows; /* enum dialogue_show */
    /* bytes.c: */
    VECTOR(struct bytes_block) blocks;
    uint32_t block_conn; /* of this connection; 0: datagrams between these hosts */
    uint32_t block_a, block_b;
    uint32_t block_next;   /* place in the list that they come from */
    uint32_t block_last;   /* of a connection: the segment taken last, plus 1 */
    uint32_t rows, octets; /* of all blocks; octets in a row */
    bool shows_clear;      /* within TLS what was said, instead of what is on the wire */
    bool block_clear;      /* so they were counted */
    float scroll;          /* rows away from the end */
    uint32_t lit_event;    /* the turn that was last brought into sight */
    float hex_x, hex_w;    /* where the first octet of a row is drawn, and how far to the next */
};

/* Up to the log and to the connection that is shown. Never NULL. */
struct dialogue_panel *dialogue_panel(struct view *view);
/* The turn that is told about: the chosen one, or the last by the moment shown;
 * DIALOGUE_TURNS_NONE. */
int64_t dialogue_chosen_turn(struct view *view);
/* "TLS is on" for this event of the shown connection. */
bool dialogue_is_secure(const struct view *view, uint32_t event);

/* ---- dialogue_talk.c ---- */

/* The columns of a line: time, side, mark, text, and where there is room the two states. */
struct dialogue_columns {
    float clock, side, mark, text, state;
};
struct dialogue_columns dialogue_columns(const struct view *view,
                                         const struct dialogue_panel *panel, float w);
/* The first `count` lines, at least one; what the wheel has not moved shows the last ones. */
void dialogue_talk_draw(struct view *view, struct draw_box box, const struct dialogue_columns *c,
                        size_t count);

/* ---- what the panels draw alike ---- */

/* Who is connected to whom, and the way to the other connections; gives the height used. */
float dialogue_title_draw(struct view *view, struct draw_box *inside);
/* A small button that stays pressed in. */
void dialogue_switch_draw(struct view *view, struct draw_box box, const char *name,
                          const char *label, const char *tip, ui_act *act, uint32_t arg,
                          bool is_on);
float dialogue_switch_width(const struct view *view, const char *label);

#endif
