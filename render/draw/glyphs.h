/*
 * Text as pictures: renders a string once with SDL_ttf into a mask of coverage (Cairo's A8) and
 * keeps it, so that painting a frame is only placing masks. The fonts are in the program (fonts.h);
 * what Inter or Hack lack comes from DejaVu Sans. No SDL_Init and no display are needed.
 *
 *     struct glyphs *glyphs = glyphs_create();
 *     draw_init(&list, glyphs_measure, glyphs);
 *     struct glyphs_mask mask = glyphs_mask(glyphs, DRAW_FONT_MONO, 13, text);
 *     if (mask.image) cairo_mask_surface(cairo, mask.image, x, baseline - mask.ascent);
 *     glyphs_destroy(glyphs);      painters that borrow it first
 *
 * Any octets may come in (shown.h says how they look). The memory for kept masks is bounded: what
 * was not asked for in a while is dropped. Mono text stands in cells of whole pixels, wide
 * fallback characters taking two.
 */
#ifndef RENDER_DRAW_GLYPHS_H
#define RENDER_DRAW_GLYPHS_H

#include <cairo.h>

#include "render/draw/draw.h"

struct glyphs;

/* Cannot fail. The caller destroys. */
struct glyphs *glyphs_create(void);
/* Accepts NULL. */
void glyphs_destroy(struct glyphs *g);

/* The width in whole pixels; `glyphs` is a struct glyphs. It has the type draw_measure. */
float glyphs_measure(void *glyphs, enum draw_font font, float size, struct slice text);

struct glyphs_mask {
    cairo_surface_t *image; /* borrowed until the next call; NULL when there is nothing to paint */
    int width;              /* pixels; what glyphs_measure gives for the same font and size */
    int ascent;             /* pixels from the top of the image to the baseline */
};
/* Sizes are rounded to whole pixels and kept within 4 to 400. A mask ends at 32000 pixels. */
struct glyphs_mask glyphs_mask(struct glyphs *g, enum draw_font font, float size,
                               struct slice text);

#endif
