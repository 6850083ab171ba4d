/*
 * Writes a display list as SVG. Text stays text (it can be searched, copied and read aloud), in the
 * fonts of the program with others behind them for readers who lack those. The list's title and
 * description become <title> and <desc>. What comes out is well-formed whatever octets went in.
 */
#ifndef RENDER_DRAW_SVG_H
#define RENDER_DRAW_SVG_H

#include "render/draw/draw.h"

/* w, h in the list's units; appended to out. False when out is full: then it is cut somewhere. */
bool svg_write(const struct draw_list *list, float w, float h, struct bytes *out);
/* The items alone, to stand within an <svg> of somebody else's, whose style sheet has the classes b
   and m; for marks and signs, which have neither clips nor hatches. */
bool svg_write_items(const struct draw_list *list, struct bytes *out);

#endif
