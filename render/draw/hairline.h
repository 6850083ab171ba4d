/*
 * Private to this folder: slanted lines about a pixel wide, painted straight into the pixels. Cairo
 * works out the outline of each; where a network has thousands of links that is nearly all of the
 * time of a frame.
 */
#ifndef RENDER_DRAW_HAIRLINE_H
#define RENDER_DRAW_HAIRLINE_H

#include <cairo.h>

#include "render/draw/draw.h"
#include "render/draw/paint.h"

/* A path of two points that neither stands nor lies, without dashes, and thin at this scale. */
bool hairline_is(const struct draw_item *item, float scale);
/* Onto an image in ARGB32. A pixel is covered as far as the line lies in it, whatever the clip,
   which is within the image. */
void hairline_paint(cairo_t *cairo, struct paint_area clip, const struct draw_item *item,
                    float scale);

#endif
