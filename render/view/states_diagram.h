/*
 * Private to this folder: the state diagram of a session as boxes and arrows, made from the rules
 * that agents/proto exports, with the way that one session has taken. Where the boxes stand is only
 * a column and a row here.
 */
#ifndef RENDER_VIEW_STATES_DIAGRAM_H
#define RENDER_VIEW_STATES_DIAGRAM_H

#include "render/draw/draw.h"
#include "render/view/dialogue_turns.h"

enum { STATES_MAX = 16, EDGES_MAX = 64, EDGE_LABEL = 64 };

/* Verbs that lead from one state to another one, together in one arrow. */
struct edge {
    int from, to;
    char label[EDGE_LABEL];
    uint32_t passed; /* so often */
    bool is_last;    /* the last step was this one */
    bool is_rule;    /* drawn also where it was not passed */
};

struct diagram {
    enum turn_protocol protocol;
    struct edge edges[EDGES_MAX];
    int edge_count;
    struct draw_box boxes[STATES_MAX];
    bool is_seen[STATES_MAX]; /* passed by now */
    int now, before;
};

/* The arrows of a protocol. */
void states_diagram_read(struct diagram *d, enum turn_protocol protocol);
/* The way that the session of these turns has taken by t. */
void states_diagram_follow(struct diagram *d, const struct dialogue_turns *turns,
                           const struct log *log, int64_t t);
/* Adds a word; what has no room is left out. */
void states_diagram_label(struct edge *edge, const char *label);
/* Gives the number of columns: how many steps it is from the start; the end stands last. */
int states_diagram_columns(const struct diagram *d, int column[STATES_MAX]);
/* Gives the number of rows. The main line is the upper one: states from which it goes on for two
   steps and more come first in their column, then the others in their order. */
int states_diagram_rows(const struct diagram *d, const int column[STATES_MAX], int row[STATES_MAX]);

#endif
