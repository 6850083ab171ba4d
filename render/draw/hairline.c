#include "render/draw/hairline.h"

#include <math.h>

#define HAIRLINE_MOST 1.25f /* pixels */

bool hairline_is(const struct draw_item *item, float scale)
{
    const float *p = item->points;
    return item->kind == DRAW_PATH && item->point_count == 2 && !item->is_curve &&
           item->dash <= 0 && item->width > 0 && item->width * scale <= HAIRLINE_MOST &&
           p[0] != p[2] && p[1] != p[3];
}

static float least(float a, float b)
{
    return a < b ? a : b;
}

static float most(float a, float b)
{
    return a > b ? a : b;
}

/* Two octets of a pixel at once, in 0x00FF00FF: `part` of 255 of one colour, the rest of the other.
 */
static uint32_t mix_pair(uint32_t colour, uint32_t under, uint32_t part)
{
    uint32_t sum = (colour & 0xFF00FF) * part + (under & 0xFF00FF) * (255 - part) + 0x800080;
    return (sum + (sum >> 8 & 0xFF00FF)) >> 8 & 0xFF00FF; /* divided by 255, to the nearest */
}

static void blend(uint32_t *pixel, uint32_t colour, float cover)
{
    uint32_t part = (uint32_t)((float)(colour & 0xFF) * cover + 0.5f);
    uint32_t argb = 0xFF000000 | colour >> 8;
    *pixel = mix_pair(argb, *pixel, part) | mix_pair(argb >> 8, *pixel >> 8, part) << 8;
}

/* The line as it goes along its longer direction: from, to; and across it at 0, and how much
   further at each pixel. */
struct course {
    float from, to, at, slope, half;
    size_t along, across;         /* pixels from one step to the next */
    int across_first, across_end; /* of the clip */
};

static void paint_step(uint32_t *pixels, const struct course *c, uint32_t colour, int i)
{
    float middle = c->at + c->slope * ((float)i + 0.5f);
    float there = least(c->to, (float)i + 1) - most(c->from, (float)i);
    float top = most(middle - c->half, (float)c->across_first);
    float bottom = least(middle + c->half, (float)c->across_end);
    for (int j = (int)top; (float)j < bottom; j++) {
        float cover = least(bottom, (float)j + 1) - most(top, (float)j);
        blend(pixels + (size_t)i * c->along + (size_t)j * c->across, colour, cover * there);
    }
}

static struct course course_of(const struct draw_item *item, float scale, bool is_steep)
{
    const float *p = item->points;
    float a1 = p[is_steep] * scale, b1 = p[!is_steep] * scale;
    float a2 = p[2 + is_steep] * scale, b2 = p[2 + !is_steep] * scale;
    struct course c = {.from = least(a1, a2), .to = most(a1, a2), .slope = (b2 - b1) / (a2 - a1)};
    c.at = b1 - c.slope * a1;
    c.half = most(item->width * scale, 0.5f) / 2 * sqrtf(1 + c.slope * c.slope);
    return c;
}

void hairline_paint(cairo_t *cairo, struct paint_area clip, const struct draw_item *item,
                    float scale)
{
    cairo_surface_t *sheet = cairo_get_target(cairo);
    uint32_t *pixels = (uint32_t *)(void *)cairo_image_surface_get_data(sheet);
    size_t stride = (size_t)cairo_image_surface_get_stride(sheet) / sizeof *pixels;
    const float *p = item->points;
    bool is_steep = fabsf(p[3] - p[1]) > fabsf(p[2] - p[0]);
    struct course c = course_of(item, scale, is_steep);
    c.along = is_steep ? stride : 1;
    c.across = is_steep ? 1 : stride;
    c.across_first = is_steep ? clip.left : clip.top;
    c.across_end = is_steep ? clip.right : clip.bottom;
    int first = is_steep ? clip.top : clip.left, end = is_steep ? clip.bottom : clip.right;
    cairo_surface_flush(sheet);
    for (int i = (int)most(c.from, (float)first); i < end && (float)i < c.to; i++)
        paint_step(pixels, &c, item->stroke, i);
    cairo_surface_mark_dirty(sheet);
}
