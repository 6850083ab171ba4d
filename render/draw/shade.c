#include "render/draw/shade.h"

#include <math.h>
#include <stdbool.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"

enum { SHADE_KEPT = 64, SHADE_PERIOD_MOST = 256, SHADE_SIDE_MOST = 8192, SHADE_OCTETS = 32 << 20 };
#define SHADE_QUARTER 1.57079632679489662

void shade_init(struct shade *s)
{
    *s = (struct shade){0};
}

static void clear_shadows(struct shade *s)
{
    for (size_t i = 0; i < s->shadows.count; i++)
        cairo_surface_destroy(s->shadows.items[i].mask);
    vector_clear(&s->shadows);
    s->shadow_octets = 0;
}

static void clear_hatches(struct shade *s)
{
    for (size_t i = 0; i < s->hatches.count; i++)
        cairo_pattern_destroy(s->hatches.items[i].tile);
    vector_clear(&s->hatches);
}

void shade_finish(struct shade *s)
{
    clear_shadows(s);
    clear_hatches(s);
    vector_finish(&s->shadows);
    vector_finish(&s->hatches);
}

/* One line of octets, each the mean of its neighbours up to `reach` away. */
static void blur_line(unsigned char *line, size_t step, int count, int reach, unsigned char *copy)
{
    for (int i = 0; i < count; i++)
        copy[i] = line[(size_t)i * step];
    int sum = 0;
    for (int i = 0; i < reach && i < count; i++)
        sum += copy[i];
    for (int i = 0; i < count; i++) {
        if (i + reach < count)
            sum += copy[i + reach];
        line[(size_t)i * step] = (unsigned char)(sum / (2 * reach + 1));
        if (i >= reach)
            sum -= copy[i - reach];
    }
}

/* Three means one after another are as good as a Gaussian to the eye. */
static void blur_image(cairo_surface_t *image, int blur)
{
    cairo_surface_flush(image);
    unsigned char *pixels = cairo_image_surface_get_data(image);
    int stride = cairo_image_surface_get_stride(image);
    int w = cairo_image_surface_get_width(image), h = cairo_image_surface_get_height(image);
    unsigned char *copy = memory_take((size_t)(w > h ? w : h));
    for (int pass = 0; pass < 3; pass++) {
        int reach = (blur + pass) / 3;
        for (int y = 0; reach > 0 && y < h; y++)
            blur_line(pixels + (size_t)y * (size_t)stride, 1, w, reach, copy);
        for (int x = 0; reach > 0 && x < w; x++)
            blur_line(pixels + x, (size_t)stride, h, reach, copy);
    }
    free(copy);
    cairo_surface_mark_dirty(image);
}

static void rounded_path(cairo_t *cairo, double x, double y, double w, double h, double radius)
{
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x + w - radius, y + radius, radius, -SHADE_QUARTER, 0);
    cairo_arc(cairo, x + w - radius, y + h - radius, radius, 0, SHADE_QUARTER);
    cairo_arc(cairo, x + radius, y + h - radius, radius, SHADE_QUARTER, 2 * SHADE_QUARTER);
    cairo_arc(cairo, x + radius, y + radius, radius, 2 * SHADE_QUARTER, 3 * SHADE_QUARTER);
    cairo_close_path(cairo);
}

static cairo_surface_t *make_mask(int w, int h)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_A8, w, h);
    check(cairo_surface_status(image) == CAIRO_STATUS_SUCCESS);
    return image;
}

static cairo_surface_t *make_small_shadow(int w, int h, int radius, int blur)
{
    cairo_surface_t *image = make_mask(w + 2 * blur, h + 2 * blur);
    cairo_t *cairo = cairo_create(image);
    rounded_path(cairo, blur, blur, w, h, radius);
    cairo_fill(cairo);
    cairo_destroy(cairo);
    blur_image(image, blur);
    return image;
}

/* One row, with the middle pixel repeated until it is as wide as wanted. */
static void stretch_row(unsigned char *to, int wanted, const unsigned char *from, int size)
{
    int first = (size - 1) / 2, last = size - 1 - first;
    memcpy(to, from, (size_t)first);
    memset(to + first, from[first], (size_t)(wanted - first - last));
    memcpy(to + wanted - last, from + size - last, (size_t)last);
}

/* The same with rows and columns: its middle row and column are repeated. */
static cairo_surface_t *stretched(cairo_surface_t *from, int w, int h)
{
    cairo_surface_t *to = make_mask(w, h);
    cairo_surface_flush(to);
    const unsigned char *rows = cairo_image_surface_get_data(from);
    unsigned char *out = cairo_image_surface_get_data(to);
    int small_w = cairo_image_surface_get_width(from),
        small_h = cairo_image_surface_get_height(from);
    int first = (small_h - 1) / 2, added = h - small_h;
    for (int y = 0; y < h; y++) {
        int row = y < first ? y : y <= first + added ? first : y - added;
        stretch_row(out + (ptrdiff_t)y * cairo_image_surface_get_stride(to), w,
                    rows + (ptrdiff_t)row * cairo_image_surface_get_stride(from), small_w);
    }
    cairo_surface_mark_dirty(to);
    return to;
}

static cairo_surface_t *make_shadow(int w, int h, int radius, int blur)
{
    int most = 2 * (radius + blur) + 1;
    int small_w = w < most ? w : most, small_h = h < most ? h : most;
    int least = small_w < small_h ? small_w : small_h;
    cairo_surface_t *small =
        make_small_shadow(small_w, small_h, radius < least / 2 ? radius : least / 2, blur);
    cairo_surface_t *shadow = stretched(small, w + 2 * blur, h + 2 * blur);
    cairo_surface_destroy(small);
    return shadow;
}

static cairo_surface_t *get_shadow(struct shade *s, int w, int h, int radius, int blur)
{
    for (size_t i = 0; i < s->shadows.count; i++) {
        const struct shade_shadow *kept = &s->shadows.items[i];
        if (kept->w == w && kept->h == h && kept->radius == radius && kept->blur == blur)
            return kept->mask;
    }
    if (s->shadows.count == SHADE_KEPT || s->shadow_octets > SHADE_OCTETS)
        clear_shadows(s);
    s->shadow_octets += (size_t)(w + 2 * blur) * (size_t)(h + 2 * blur);
    struct shade_shadow *added = vector_add(&s->shadows);
    *added = (struct shade_shadow){w, h, radius, blur, make_shadow(w, h, radius, blur)};
    return added->mask;
}

/* All but the middle, where the card that casts the shadow hides it. */
static void clip_to_rim(cairo_t *cairo, int x, int y, int w, int h, int radius, int blur)
{
    int all_w = w + 2 * blur, all_h = h + 2 * blur;
    int rim = radius + 2 * blur, inner_w = all_w - 2 * rim, inner_h = all_h - 2 * rim;
    int left = x - blur, top = y - blur;
    if (inner_w <= 0 || inner_h <= 0) {
        cairo_rectangle(cairo, left, top, all_w, all_h);
    } else {
        cairo_rectangle(cairo, left, top, all_w, rim);
        cairo_rectangle(cairo, left, top + rim, rim, inner_h);
        cairo_rectangle(cairo, left + rim + inner_w, top + rim, rim, inner_h);
        cairo_rectangle(cairo, left, top + rim + inner_h, all_w, rim);
    }
    cairo_clip(cairo);
}

void shade_paint_shadow(struct shade *s, cairo_t *cairo, int x, int y, int w, int h, int radius,
                        int blur)
{
    if (w <= 0 || h <= 0 || w > SHADE_SIDE_MOST || h > SHADE_SIDE_MOST || radius < 0 ||
        radius > SHADE_SIDE_MOST || blur > SHADE_SIDE_MOST)
        return;
    cairo_save(cairo);
    clip_to_rim(cairo, x, y, w, h, radius, blur);
    cairo_mask_surface(cairo, get_shadow(s, w, h, radius, blur), x - blur, y - blur);
    cairo_restore(cairo);
}

static void set_colour(cairo_t *cairo, uint32_t colour)
{
    cairo_set_source_rgba(cairo, (colour >> 24) / 255.0, (colour >> 16 & 0xFF) / 255.0,
                          (colour >> 8 & 0xFF) / 255.0, (colour & 0xFF) / 255.0);
}

/* A line across, and again one period off to each side, so that the tiles join without a seam. */
static cairo_pattern_t *make_hatch(int period, int width, uint32_t colour)
{
    int side = period < 0 ? -period : period;
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_ARGB32, side, side);
    cairo_t *cairo = cairo_create(image);
    set_colour(cairo, colour);
    cairo_set_line_width(cairo, width);
    for (int i = -1; i <= 1; i++) {
        double from = period < 0 ? -1 : side + 1, to = period < 0 ? side + 1 : -1;
        cairo_move_to(cairo, -1 + i * side, from);
        cairo_line_to(cairo, side + 1 + i * side, to);
    }
    cairo_stroke(cairo);
    cairo_destroy(cairo);
    check(cairo_surface_status(image) == CAIRO_STATUS_SUCCESS);
    cairo_pattern_t *tile = cairo_pattern_create_for_surface(image);
    cairo_surface_destroy(image);
    cairo_pattern_set_filter(tile, CAIRO_FILTER_NEAREST);
    cairo_pattern_set_extend(tile, CAIRO_EXTEND_REPEAT);
    return tile;
}

cairo_pattern_t *shade_get_hatch(struct shade *s, int period, int width, uint32_t colour)
{
    int side = period < 0 ? -period : period;
    side = side < 3 ? 3 : side > SHADE_PERIOD_MOST ? SHADE_PERIOD_MOST : side;
    period = period < 0 ? -side : side;
    for (size_t i = 0; i < s->hatches.count; i++) {
        const struct shade_hatch *kept = &s->hatches.items[i];
        if (kept->period == period && kept->width == width && kept->colour == colour)
            return kept->tile;
    }
    if (s->hatches.count == SHADE_KEPT)
        clear_hatches(s);
    struct shade_hatch *added = vector_add(&s->hatches);
    *added = (struct shade_hatch){period, width, colour, make_hatch(period, width, colour)};
    return added->tile;
}
