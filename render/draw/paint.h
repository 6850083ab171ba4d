/*
 * Paints display lists with Cairo: into the window's pixels, or as PNG. A painter keeps what can be
 * used again (soft shadows, hatches), so that painting the same view again allocates nothing.
 *
 *     struct painter *painter = paint_create(glyphs);
 *     paint_list(painter, &list, pixels, 1920, 1080, 4 * 1920, 1.0f);
 *     paint_png(painter, &list, 1280, 720, 2.0f, "out/first-mail.png", &problem);
 *     paint_destroy(painter);
 *
 * Boxes are rounded to whole pixels, so that edges are crisp at any scale. Nothing is cleared
 * first: a list begins with its ground. Items with coordinates that are no numbers or absurdly far
 * away are left out.
 */
#ifndef RENDER_DRAW_PAINT_H
#define RENDER_DRAW_PAINT_H

#include "render/draw/draw.h"
#include "render/draw/glyphs.h"
#include "sim/base/problem.h"

struct painter;

/* Glyphs are borrowed until paint_destroy. Cannot fail. */
struct painter *paint_create(struct glyphs *glyphs);
/* Accepts NULL. */
void paint_destroy(struct painter *p);

/* Into rows of native 32-bit pixels, 0xAARRGGBB with alpha multiplied in; w, h in pixels, stride in
   octets (a multiple of 4). `scale` is pixels in a unit of the list. */
void paint_list(struct painter *p, const struct draw_list *list, void *pixels, int w, int h,
                int stride, float scale);

/* A rectangle of pixels, ends excluded. */
struct paint_area {
    int left, top, right, bottom;
};
#define PAINT_AREAS 8

/*
 * As paint_list, for pixels that still hold what the last call of this function painted: only what
 * differs is painted again. Gives the number of areas that changed, 0 to PAINT_AREAS. The first
 * call, one with another size, scale or address, and one after paint_forget paint everything.
 */
int paint_changes(struct painter *p, const struct draw_list *list, void *pixels, int w, int h,
                  int stride, float scale, struct paint_area areas[PAINT_AREAS]);
void paint_forget(struct painter *p);

/* w, h are units of the list; the picture has w * scale by h * scale pixels. The file is written
   beside its place and then renamed, so a failure leaves an older one as it was. */
bool paint_png(struct painter *p, const struct draw_list *list, float w, float h, float scale,
               const char *path, struct problem *problem);
/* The same into memory; appended. */
bool paint_png_bytes(struct painter *p, const struct draw_list *list, float w, float h, float scale,
                     struct bytes *out, struct problem *problem);

#endif
