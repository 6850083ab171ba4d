#include "render/draw/paint.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "render/draw/damage.h"
#include "render/draw/hairline.h"
#include "render/draw/shade.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"

enum {
    PAINT_CLIPS_MOST = 32,
    PAINT_FAR = 30000, /* pixels; Cairo's fixed-point numbers end soon after */
};
#define PAINT_QUARTER 1.57079632679489662
#define PAINT_BLUR 14.0f    /* units; how far a shadow reaches out of its box */
#define PAINT_SHADOW_Y 4.0f /* and how far it lies below it */

struct painter {
    struct glyphs *glyphs;
    struct shade shade;
    struct damage_frame before, now;
    const void *pixels; /* of the last paint_changes; NULL: nothing can be kept */
    int w, h, stride;
    float scale;
};

/* One painting of one list. */
struct brush {
    struct painter *painter;
    cairo_t *cairo;
    float scale;
    struct paint_area clips[PAINT_CLIPS_MOST];
    int depth; /* may be larger than the table: what is too deep clips no further */
};

struct painter *paint_create(struct glyphs *glyphs)
{
    struct painter *p = memory_take(sizeof *p);
    p->glyphs = glyphs;
    shade_init(&p->shade);
    return p;
}

void paint_destroy(struct painter *p)
{
    if (!p)
        return;
    shade_finish(&p->shade);
    vector_finish(&p->before.marks);
    vector_finish(&p->now.marks);
    free(p);
}

static int to_pixels(float units, float scale)
{
    float v = roundf(units * scale);
    return v < -PAINT_FAR ? -PAINT_FAR : v > PAINT_FAR ? PAINT_FAR : (int)v;
}

/* A box on whole pixels; one with any size keeps at least a pixel of it. */
static struct paint_area snapped(struct draw_box box, float scale)
{
    struct paint_area a = {to_pixels(box.x, scale), to_pixels(box.y, scale),
                           to_pixels(box.x + box.w, scale), to_pixels(box.y + box.h, scale)};
    if (box.w > 0 && a.right == a.left)
        a.right++;
    if (box.h > 0 && a.bottom == a.top)
        a.bottom++;
    return a;
}

static bool is_near(float value, float scale)
{
    return isfinite(value) && fabsf(value * scale) < PAINT_FAR;
}

static bool is_paintable(const struct draw_item *item, float scale)
{
    const struct draw_box *b = &item->box;
    const float values[] = {b->x,        b->y,       b->w,       b->h,     item->radius,
                            item->width, item->dash, item->size, item->gap};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++)
        if (!is_near(values[i], scale))
            return false;
    for (size_t i = 0; i < 2 * item->point_count; i++)
        if (!is_near(item->points[i], scale))
            return false;
    return true;
}

static bool is_seen(uint32_t colour)
{
    return (colour & 0xFF) != 0;
}

static void set_colour(cairo_t *cairo, uint32_t colour)
{
    cairo_set_source_rgba(cairo, (colour >> 24) / 255.0, (colour >> 16 & 0xFF) / 255.0,
                          (colour >> 8 & 0xFF) / 255.0, (colour & 0xFF) / 255.0);
}

/* Where a text's mask goes. */
struct text_place {
    struct glyphs_mask mask;
    int x, y;
};

static struct text_place text_place(struct painter *p, const struct draw_item *item, float scale)
{
    struct text_place place;
    place.mask = glyphs_mask(p->glyphs, item->font, item->size * scale, item->text);
    float room =
        item->box.w > 0 ? item->box.w * scale - (float)place.mask.width : -(float)place.mask.width;
    float x = item->box.x * scale;
    if (item->align == DRAW_ALIGN_CENTER)
        x += room / 2;
    else if (item->align == DRAW_ALIGN_RIGHT)
        x += room;
    place.x = to_pixels(x, 1);
    place.y = to_pixels(item->box.y + draw_baseline(item->size), scale) - place.mask.ascent;
    return place;
}

static struct paint_area grown(struct paint_area a, int by)
{
    return (struct paint_area){a.left - by, a.top - by, a.right + by, a.bottom + by};
}

/* No pixel outside of it is touched. */
static struct paint_area item_area(struct painter *p, const struct draw_item *item, float scale)
{
    struct paint_area area = snapped(item->box, scale);
    if (item->kind == DRAW_TEXT) {
        struct text_place place = text_place(p, item, scale);
        if (!place.mask.image)
            return (struct paint_area){0};
        int h = cairo_image_surface_get_height(place.mask.image);
        return (struct paint_area){place.x, place.y, place.x + place.mask.width, place.y + h};
    }
    if (item->kind == DRAW_SHADOW)
        return grown(area, to_pixels(PAINT_BLUR + PAINT_SHADOW_Y, scale) + 1);
    if (item->kind == DRAW_PATH || item->kind == DRAW_OVAL)
        return grown(area, to_pixels(item->width / 2, scale) + 2);
    return grown(area, 1);
}

static void add_box(cairo_t *cairo, double x, double y, double w, double h, double radius)
{
    if (radius <= 0 || w <= 0 || h <= 0) {
        cairo_rectangle(cairo, x, y, w, h);
        return;
    }
    radius = fmin(radius, fmin(w, h) / 2);
    cairo_new_sub_path(cairo);
    cairo_arc(cairo, x + w - radius, y + radius, radius, -PAINT_QUARTER, 0);
    cairo_arc(cairo, x + w - radius, y + h - radius, radius, 0, PAINT_QUARTER);
    cairo_arc(cairo, x + radius, y + h - radius, radius, PAINT_QUARTER, 2 * PAINT_QUARTER);
    cairo_arc(cairo, x + radius, y + radius, radius, 2 * PAINT_QUARTER, 3 * PAINT_QUARTER);
    cairo_close_path(cairo);
}

/* The stroke lies inside of the box, in whole pixels: so it is crisp and never outgrows it. */
static void paint_rect(struct brush *brush, const struct draw_item *item)
{
    struct paint_area a = snapped(item->box, brush->scale);
    double x = a.left, y = a.top, w = a.right - a.left, h = a.bottom - a.top;
    double radius = item->radius * brush->scale;
    if (is_seen(item->fill)) {
        set_colour(brush->cairo, item->fill);
        add_box(brush->cairo, x, y, w, h, radius);
        cairo_fill(brush->cairo);
    }
    if (!is_seen(item->stroke) || item->width <= 0)
        return;
    double width = fmax(1, to_pixels(item->width, brush->scale));
    set_colour(brush->cairo, item->stroke);
    cairo_set_line_width(brush->cairo, width);
    add_box(brush->cairo, x + width / 2, y + width / 2, fmax(0, w - width), fmax(0, h - width),
            fmax(0, radius - width / 2));
    cairo_set_line_join(brush->cairo, CAIRO_LINE_JOIN_MITER);
    cairo_stroke(brush->cairo);
    cairo_set_line_join(brush->cairo, CAIRO_LINE_JOIN_ROUND);
}

static void stroke(struct brush *brush, const struct draw_item *item)
{
    if (!is_seen(item->stroke) || item->width <= 0) {
        cairo_new_path(brush->cairo);
        return;
    }
    double dash = item->dash * brush->scale;
    set_colour(brush->cairo, item->stroke);
    cairo_set_line_width(brush->cairo, fmax(item->width * brush->scale, 0.5));
    if (dash > 0.5)
        cairo_set_dash(brush->cairo, &dash, 1, 0);
    cairo_stroke(brush->cairo);
    if (dash > 0.5)
        cairo_set_dash(brush->cairo, NULL, 0, 0);
}

static void fill_and_stroke(struct brush *brush, const struct draw_item *item)
{
    if (is_seen(item->fill)) {
        set_colour(brush->cairo, item->fill);
        cairo_fill_preserve(brush->cairo);
    }
    stroke(brush, item);
}

static void paint_oval(struct brush *brush, const struct draw_item *item)
{
    double s = brush->scale, w = item->box.w * s / 2, h = item->box.h * s / 2;
    if (w <= 0 || h <= 0)
        return;
    cairo_save(brush->cairo);
    cairo_translate(brush->cairo, item->box.x * s + w, item->box.y * s + h);
    cairo_scale(brush->cairo, w, h);
    cairo_new_sub_path(brush->cairo);
    cairo_arc(brush->cairo, 0, 0, 1, 0, 4 * PAINT_QUARTER);
    cairo_close_path(brush->cairo);
    cairo_restore(brush->cairo);
    fill_and_stroke(brush, item);
}

/* An upright or level line of an odd width goes through the middle of its pixels. */
static void add_straight(struct brush *brush, const struct draw_item *item)
{
    const float *p = item->points;
    double s = brush->scale, x1 = p[0] * s, y1 = p[1] * s, x2 = p[2] * s, y2 = p[3] * s;
    double middle = (int)fmax(1, round(item->width * s)) % 2 ? 0.5 : 0;
    if (x1 == x2)
        x1 = x2 = floor(x1) + middle;
    if (y1 == y2)
        y1 = y2 = floor(y1) + middle;
    cairo_move_to(brush->cairo, x1, y1);
    cairo_line_to(brush->cairo, x2, y2);
}

static struct paint_area *current_clip(struct brush *brush)
{
    int top = brush->depth < PAINT_CLIPS_MOST ? brush->depth : PAINT_CLIPS_MOST - 1;
    return &brush->clips[top];
}

static void paint_path(struct brush *brush, const struct draw_item *item)
{
    const float *p = item->points;
    if (hairline_is(item, brush->scale)) {
        hairline_paint(brush->cairo, *current_clip(brush), item, brush->scale);
        return;
    }
    double s = brush->scale;
    size_t count = item->point_count, i = 1;
    if (count < 2)
        return;
    if (count == 2) {
        add_straight(brush, item);
    } else {
        cairo_move_to(brush->cairo, p[0] * s, p[1] * s);
        for (; item->is_curve && i + 2 < count; i += 3)
            cairo_curve_to(brush->cairo, p[2 * i] * s, p[2 * i + 1] * s, p[2 * i + 2] * s,
                           p[2 * i + 3] * s, p[2 * i + 4] * s, p[2 * i + 5] * s);
        for (; !item->is_curve && i < count; i++)
            cairo_line_to(brush->cairo, p[2 * i] * s, p[2 * i + 1] * s);
    }
    if (item->is_closed)
        cairo_close_path(brush->cairo);
    fill_and_stroke(brush, item);
}

static void paint_text(struct brush *brush, const struct draw_item *item)
{
    struct text_place place = text_place(brush->painter, item, brush->scale);
    if (!place.mask.image || !is_seen(item->fill))
        return;
    set_colour(brush->cairo, item->fill);
    cairo_mask_surface(brush->cairo, place.mask.image, place.x, place.y);
}

static void paint_hatch(struct brush *brush, const struct draw_item *item)
{
    struct paint_area a = snapped(item->box, brush->scale);
    /* Lines `gap` apart that rise at 45 degrees meet a level line every sqrt(2) gaps. */
    int period = to_pixels(item->gap * 1.41421356f, brush->scale);
    int width = to_pixels(item->width, brush->scale);
    if (period == 0 || !is_seen(item->stroke))
        return;
    cairo_pattern_t *tile =
        shade_get_hatch(&brush->painter->shade, period, width > 1 ? width : 1, item->stroke);
    cairo_matrix_t matrix;
    cairo_matrix_init_translate(&matrix, -a.left, -a.top);
    cairo_pattern_set_matrix(tile, &matrix);
    cairo_set_source(brush->cairo, tile);
    add_box(brush->cairo, a.left, a.top, a.right - a.left, a.bottom - a.top,
            item->radius * brush->scale);
    cairo_fill(brush->cairo);
}

static void paint_shadow(struct brush *brush, const struct draw_item *item)
{
    struct draw_box box = item->box;
    box.y += PAINT_SHADOW_Y;
    struct paint_area a = snapped(box, brush->scale);
    set_colour(brush->cairo, item->fill);
    shade_paint_shadow(&brush->painter->shade, brush->cairo, a.left, a.top, a.right - a.left,
                       a.bottom - a.top, to_pixels(item->radius, brush->scale),
                       to_pixels(PAINT_BLUR, brush->scale));
}

static void push_clip(struct brush *brush, struct draw_box box)
{
    struct paint_area clip = *current_clip(brush);
    struct draw_item probe = {.kind = DRAW_CLIP, .box = box};
    brush->depth++;
    if (brush->depth >= PAINT_CLIPS_MOST || !is_paintable(&probe, brush->scale))
        box = (struct draw_box){-PAINT_FAR, -PAINT_FAR, 2 * PAINT_FAR, 2 * PAINT_FAR};
    clip = damage_common(clip, snapped(box, brush->scale));
    *current_clip(brush) = clip;
    if (!brush->cairo)
        return;
    cairo_save(brush->cairo);
    cairo_rectangle(brush->cairo, clip.left, clip.top, clip.right - clip.left,
                    clip.bottom - clip.top);
    cairo_clip(brush->cairo);
}

static void pop_clip(struct brush *brush)
{
    if (brush->depth == 0)
        return; /* one too many: the list's first clip is the picture */
    brush->depth--;
    if (brush->cairo)
        cairo_restore(brush->cairo);
}

static void paint_item(struct brush *brush, const struct draw_item *item)
{
    switch (item->kind) {
    case DRAW_RECT:
        paint_rect(brush, item);
        break;
    case DRAW_OVAL:
        paint_oval(brush, item);
        break;
    case DRAW_PATH:
        paint_path(brush, item);
        break;
    case DRAW_TEXT:
        paint_text(brush, item);
        break;
    case DRAW_HATCH:
        paint_hatch(brush, item);
        break;
    case DRAW_SHADOW:
        paint_shadow(brush, item);
        break;
    case DRAW_CLIP:
        push_clip(brush, item->box);
        break;
    case DRAW_UNCLIP:
        pop_clip(brush);
        break;
    }
}

static bool is_clipping(const struct draw_item *item)
{
    return item->kind == DRAW_CLIP || item->kind == DRAW_UNCLIP;
}

/* A long line that slants has much in its box that it never comes near: a picture of a large
   network is full of them, and Cairo would work out each as a whole. */
static bool is_elsewhere(const struct draw_item *item, float scale, struct paint_area area)
{
    if (item->kind != DRAW_PATH || item->is_curve || is_seen(item->fill) || item->point_count < 2)
        return false;
    const float *p = item->points;
    size_t last = item->point_count - 1;
    float reach = item->width * scale / 2 + 2;
    bool meets = item->is_closed && damage_meets_line(area, p + 2 * last, p, scale, reach);
    for (size_t i = 0; i < last && !meets; i++)
        meets = damage_meets_line(area, p + 2 * i, p + 2 * i + 2, scale, reach);
    return !meets;
}

/* Paints what of the list falls into one area. */
static void paint_area(struct painter *p, cairo_t *cairo, const struct draw_list *list, float scale,
                       struct paint_area area)
{
    struct brush brush = {.painter = p, .cairo = cairo, .scale = scale, .clips = {area}};
    cairo_set_line_join(cairo, CAIRO_LINE_JOIN_ROUND);
    for (size_t i = 0; i < list->items.count; i++) {
        const struct draw_item *item = &list->items.items[i];
        if (!is_clipping(item)) {
            if (!is_paintable(item, scale))
                continue;
            struct paint_area touched = item_area(p, item, scale);
            struct paint_area seen = damage_common(touched, *current_clip(&brush));
            if (damage_is_empty(seen) || is_elsewhere(item, scale, seen))
                continue;
        }
        paint_item(&brush, item);
    }
    while (brush.depth > 0)
        pop_clip(&brush);
}

static cairo_surface_t *surface_on(void *pixels, int w, int h, int stride)
{
    cairo_surface_t *surface =
        cairo_image_surface_create_for_data(pixels, CAIRO_FORMAT_ARGB32, w, h, stride);
    check(cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS);
    return surface;
}

void paint_list(struct painter *p, const struct draw_list *list, void *pixels, int w, int h,
                int stride, float scale)
{
    cairo_surface_t *surface = surface_on(pixels, w, h, stride);
    cairo_t *cairo = cairo_create(surface);
    paint_area(p, cairo, list, scale, (struct paint_area){0, 0, w, h});
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
}

static void mark_items(struct painter *p, const struct draw_list *list, float scale,
                       struct paint_area whole)
{
    struct brush brush = {.painter = p, .scale = scale, .clips = {whole}};
    vector_clear(&p->now.marks);
    for (size_t i = 0; i < list->items.count; i++) {
        const struct draw_item *item = &list->items.items[i];
        if (is_clipping(item)) {
            paint_item(&brush, item);
            continue;
        }
        if (!is_paintable(item, scale))
            continue;
        struct paint_area clip = *current_clip(&brush);
        struct paint_area area = damage_common(item_area(p, item, scale), clip);
        if (!damage_is_empty(area))
            *vector_add(&p->now.marks) = (struct damage_mark){damage_hash(item, clip), area};
    }
}

static void repaint(struct painter *p, cairo_t *cairo, const struct draw_list *list, float scale,
                    struct paint_area area)
{
    cairo_save(cairo);
    cairo_rectangle(cairo, area.left, area.top, area.right - area.left, area.bottom - area.top);
    cairo_clip(cairo);
    cairo_set_operator(cairo, CAIRO_OPERATOR_CLEAR);
    cairo_paint(cairo);
    cairo_set_operator(cairo, CAIRO_OPERATOR_OVER);
    paint_area(p, cairo, list, scale, area);
    cairo_restore(cairo);
}

int paint_changes(struct painter *p, const struct draw_list *list, void *pixels, int w, int h,
                  int stride, float scale, struct paint_area areas[PAINT_AREAS])
{
    struct paint_area whole = {0, 0, w, h};
    bool is_kept =
        p->pixels == pixels && p->w == w && p->h == h && p->stride == stride && p->scale == scale;
    mark_items(p, list, scale, whole);
    int count = 1;
    areas[0] = whole;
    if (is_kept)
        count = damage_find(&p->before, &p->now, areas);
    cairo_surface_t *surface = surface_on(pixels, w, h, stride);
    cairo_t *cairo = cairo_create(surface);
    for (int i = 0; i < count; i++)
        repaint(p, cairo, list, scale, areas[i]);
    cairo_destroy(cairo);
    cairo_surface_destroy(surface);
    struct damage_frame painted = p->now;
    p->now = p->before;
    p->before = painted;
    p->pixels = pixels;
    p->w = w;
    p->h = h;
    p->stride = stride;
    p->scale = scale;
    return count;
}

void paint_forget(struct painter *p)
{
    p->pixels = NULL;
}
