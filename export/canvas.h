/*
 * One line of a terminal as a row of cells that can be written over each other: life lines first,
 * then arrows, then text.
 */
#ifndef EXPORT_CANVAS_H
#define EXPORT_CANVAS_H

#include <stdio.h>

#include "sim/base/bytes.h"

enum canvas_style {
    CANVAS_PLAIN,
    CANVAS_DIM,
    CANVAS_STRONG,
    CANVAS_GOOD,
    CANVAS_WAITING,
    CANVAS_BAD
};

struct canvas_cell {
    uint32_t code; /* 0: the right half of a wide character */
    enum canvas_style style;
};

struct canvas {
    struct canvas_cell *cells;
    size_t width;
    bool has_colour;
};

void canvas_init(struct canvas *c, size_t width, bool has_colour);
void canvas_finish(struct canvas *c);
void canvas_clear(struct canvas *c);

/* What falls outside is left out. */
void canvas_put(struct canvas *c, size_t x, uint32_t code, enum canvas_style style);
/* `text` is safe already (export/printable.h). Gives the column behind it. */
size_t canvas_text(struct canvas *c, size_t x, struct slice text, enum canvas_style style);
/* Writes the line without blanks at its end, and a newline. */
void canvas_print(const struct canvas *c, FILE *out);

#endif
