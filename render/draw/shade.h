/*
 * The two patterns that are costly to make and cheap to keep: a soft shadow and the tile of a
 * hatch. Of a shadow only a small one is blurred; the corners and edges of that, set apart, make
 * one of any size. Sizes are pixels.
 */
#ifndef RENDER_DRAW_SHADE_H
#define RENDER_DRAW_SHADE_H

#include <cairo.h>
#include <stdint.h>

#include "sim/base/vector.h"

struct shade_shadow {
    int w, h, radius, blur; /* of the box that casts it */
    cairo_surface_t *mask;  /* A8; the box lies `blur` inside of it on each side */
};

struct shade_hatch {
    int period; /* of the tile; below 0 the lines fall */
    int width;
    uint32_t colour;
    cairo_pattern_t *tile;
};

struct shade {
    VECTOR(struct shade_shadow) shadows;
    size_t shadow_octets;
    VECTOR(struct shade_hatch) hatches;
};

void shade_init(struct shade *s);
void shade_finish(struct shade *s);

/* Paints the shadow of a box w by h at x, y in the source that is set. The middle is left out. */
void shade_paint_shadow(struct shade *s, cairo_t *cairo, int x, int y, int w, int h, int radius,
                        int blur);
/* Borrowed until the next call. */
cairo_pattern_t *shade_get_hatch(struct shade *s, int period, int width, uint32_t colour);

#endif
