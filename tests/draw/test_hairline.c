/* Thin slanted lines: as Cairo would have them, whatever part of the picture is painted. */
#include "render/draw/hairline.h"

#include <criterion/criterion.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/random.h"

enum { W = 120, H = 80 };

static uint32_t ours[W * H], theirs[W * H];

static cairo_t *sheet_on(uint32_t *pixels)
{
    cairo_surface_t *surface = cairo_image_surface_create_for_data(
        (unsigned char *)pixels, CAIRO_FORMAT_ARGB32, W, H, W * 4);
    cairo_t *cairo = cairo_create(surface);
    cairo_surface_destroy(surface);
    for (int i = 0; i < W * H; i++)
        pixels[i] = 0xFFFFFFFF;
    return cairo;
}

static void paint_ours(float points[4], float width, uint32_t colour, struct paint_area clip)
{
    struct draw_item item = {
        .kind = DRAW_PATH, .points = points, .point_count = 2, .stroke = colour, .width = width};
    cr_assert(hairline_is(&item, 1));
    cairo_t *cairo = sheet_on(ours);
    hairline_paint(cairo, clip, &item, 1);
    cairo_destroy(cairo);
}

static void paint_theirs(const float points[4], float width)
{
    cairo_t *cairo = sheet_on(theirs);
    cairo_set_line_width(cairo, width);
    cairo_move_to(cairo, points[0], points[1]);
    cairo_line_to(cairo, points[2], points[3]);
    cairo_stroke(cairo);
    cairo_destroy(cairo);
}

static const struct paint_area all = {0, 0, W, H};

Test(hairline, is_what_cairo_draws_but_for_a_shade)
{
    struct random random;
    random_init(&random, 1, SLICE("hairline"));
    for (int round = 0; round < 200; round++) {
        float points[4];
        long ink = 0, other = 0;
        int worst = 0;
        for (int i = 0; i < 4; i++)
            points[i] = 5 + (float)random_below(&random, (i % 2 ? H - 10 : W - 10) * 16) / 16;
        if (fabsf(points[0] - points[2]) < 1 || fabsf(points[1] - points[3]) < 1)
            continue;
        paint_ours(points, 1, 0x000000FF, all);
        paint_theirs(points, 1);
        for (int i = 0; i < W * H; i++) {
            int a = 255 - (int)(ours[i] & 0xFF), b = 255 - (int)(theirs[i] & 0xFF);
            ink += a;
            other += b;
            worst = abs(a - b) > worst ? abs(a - b) : worst;
        }
        cr_expect_lt(labs(ink - other), other / 20 + 300, "round %d: %ld, Cairo %ld", round, ink,
                     other);
        cr_expect_lt(worst, 130, "round %d: %d", round, worst);
    }
}

Test(hairline, a_part_of_the_picture_is_the_same_as_in_the_whole)
{
    float points[4] = {3.3f, 70.2f, 110.9f, 4.7f};
    uint32_t whole[W * H];
    paint_ours(points, 1.2f, 0x20406080, all);
    memcpy(whole, ours, sizeof whole);
    struct paint_area part = {31, 17, 64, 59};
    paint_ours(points, 1.2f, 0x20406080, part);
    for (int y = 0; y < H; y++)
        for (int x = 0; x < W; x++) {
            bool is_in = x >= part.left && x < part.right && y >= part.top && y < part.bottom;
            cr_assert_eq(ours[y * W + x], is_in ? whole[y * W + x] : 0xFFFFFFFF, "%d,%d", x, y);
        }
}

Test(hairline, what_leaves_the_picture_is_cut_off)
{
    struct random random;
    random_init(&random, 2, SLICE("hairline"));
    for (int round = 0; round < 3000; round++) {
        float points[4];
        for (int i = 0; i < 4; i++)
            points[i] = (float)random_below(&random, 60000) - 30000 + 0.25f * (float)(i + 1);
        paint_ours(points, 1, 0xFF, all);
    }
}

Test(hairline, what_stands_or_lies_or_is_broad_or_dashed_is_left_to_cairo)
{
    float up[4] = {5, 5, 5, 50}, level[4] = {5, 5, 50, 5}, slanted[4] = {5, 5, 50, 50};
    struct draw_item item = {.kind = DRAW_PATH, .points = up, .point_count = 2, .width = 1};
    cr_expect_not(hairline_is(&item, 1));
    item.points = level;
    cr_expect_not(hairline_is(&item, 1));
    item.points = slanted;
    cr_expect(hairline_is(&item, 1));
    cr_expect_not(hairline_is(&item, 2), "two pixels at this scale");
    item.dash = 3;
    cr_expect_not(hairline_is(&item, 1));
}
