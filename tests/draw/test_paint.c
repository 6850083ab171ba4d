#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "render/draw/paint.h"
#include "sim/base/random.h"
#include "tests/draw/support_sheet.h"

enum { W = 200, H = 120 };

static struct glyphs *glyphs;
static struct painter *painter;
static struct draw_list list;
static uint32_t pixels[W * H];

static void start(void)
{
    glyphs = glyphs_create();
    painter = paint_create(glyphs);
    draw_init(&list, glyphs_measure, glyphs);
    draw_rect(&list, (struct draw_box){0, 0, W, H}, 0, 0xFFFFFFFF, 0, 0);
}

static void finish(void)
{
    draw_finish(&list);
    paint_destroy(painter);
    glyphs_destroy(glyphs);
}

TestSuite(paint, .init = start, .fini = finish);

static void paint(float scale)
{
    paint_list(painter, &list, pixels, W, H, W * 4, scale);
}

static void expect_pixel(int x, int y, uint32_t expected)
{
    cr_expect_eq(pixels[y * W + x], expected, "at %d,%d: %08x, expected %08x", x, y,
                 pixels[y * W + x], expected);
}

Test(paint, a_rectangle_has_sharp_edges_and_its_stroke_inside)
{
    draw_rect(&list, (struct draw_box){10, 20, 30, 40}, 0, 0x0072B2FF, 0xD55E00FF, 2);
    paint(1);
    expect_pixel(9, 30, 0xFFFFFFFF);
    expect_pixel(10, 30, 0xFFD55E00);
    expect_pixel(11, 30, 0xFFD55E00);
    expect_pixel(12, 30, 0xFF0072B2);
    expect_pixel(39, 59, 0xFFD55E00);
    expect_pixel(40, 30, 0xFFFFFFFF);
}

Test(paint, boxes_fall_on_whole_pixels_at_any_scale)
{
    draw_rect(&list, (struct draw_box){10.3f, 20, 30, 20}, 0, 0x0072B2FF, 0, 0);
    draw_line(&list, 60, 10, 60, 30, 0x000000FF, 1, 0);
    paint(1.5f);
    expect_pixel(14, 40, 0xFFFFFFFF);
    expect_pixel(15, 40, 0xFF0072B2);
    expect_pixel(59, 40, 0xFF0072B2);
    expect_pixel(60, 40, 0xFFFFFFFF);
    cr_expect_neq(pixels[30 * W + 90], 0xFFFFFFFF);
}

Test(paint, a_thin_line_is_one_dark_row_of_pixels)
{
    draw_line(&list, 10, 50, 40, 50, 0x000000FF, 1, 0);
    paint(1);
    expect_pixel(20, 49, 0xFFFFFFFF);
    expect_pixel(20, 50, 0xFF000000);
    expect_pixel(20, 51, 0xFFFFFFFF);
}

Test(paint, clips_nest_and_end)
{
    draw_clip(&list, (struct draw_box){10, 10, 50, 50});
    draw_clip(&list, (struct draw_box){40, 0, 100, 100});
    draw_rect(&list, (struct draw_box){0, 0, W, H}, 0, 0x000000FF, 0, 0);
    draw_unclip(&list);
    draw_unclip(&list);
    draw_unclip(&list);
    draw_rect(&list, (struct draw_box){100, 100, 10, 10}, 0, 0x000000FF, 0, 0);
    paint(1);
    expect_pixel(39, 30, 0xFFFFFFFF);
    expect_pixel(40, 30, 0xFF000000);
    expect_pixel(59, 30, 0xFF000000);
    expect_pixel(60, 30, 0xFFFFFFFF);
    expect_pixel(50, 9, 0xFFFFFFFF);
    expect_pixel(105, 105, 0xFF000000);
}

Test(paint, clips_deeper_than_the_table_still_end)
{
    for (int i = 0; i < 100; i++)
        draw_clip(&list, (struct draw_box){0, 0, 50, 50});
    draw_rect(&list, (struct draw_box){0, 0, W, H}, 0, 0x000000FF, 0, 0);
    for (int i = 0; i < 100; i++)
        draw_unclip(&list);
    draw_rect(&list, (struct draw_box){100, 100, 10, 10}, 0, 0x000000FF, 0, 0);
    paint(1);
    expect_pixel(49, 49, 0xFF000000);
    expect_pixel(50, 49, 0xFFFFFFFF);
    expect_pixel(105, 105, 0xFF000000);
}

/* The columns with dark pixels in the rows of one line of text. */
static void dark_columns(int top, int bottom, int *first, int *last)
{
    *first = W;
    *last = -1;
    for (int y = top; y < bottom; y++) {
        for (int x = 0; x < W; x++) {
            if ((pixels[y * W + x] & 0xFF) > 0xA0)
                continue;
            *first = x < *first ? x : *first;
            *last = x > *last ? x : *last;
        }
    }
}

Test(paint, text_is_aligned_in_its_box)
{
    static const enum draw_align aligns[] = {DRAW_ALIGN_LEFT, DRAW_ALIGN_CENTER, DRAW_ALIGN_RIGHT};
    for (int i = 0; i < 3; i++)
        draw_string(&list, 20, 10 + 30 * (float)i, 160, aligns[i], DRAW_FONT_SANS, 16, 0x000000FF,
                    SLICE("HNH"));
    paint(1);
    int first[3], last[3];
    for (int i = 0; i < 3; i++)
        dark_columns(10 + 30 * i, 32 + 30 * i, &first[i], &last[i]);
    cr_expect(first[0] >= 20 && first[0] <= 24, "%d", first[0]);
    cr_expect(abs(first[1] + last[1] - 200) <= 3, "%d to %d", first[1], last[1]);
    cr_expect(last[2] < 180 && last[2] >= 175, "%d", last[2]);
}

Test(paint, text_stands_on_the_baseline_in_the_middle_of_its_line)
{
    for (int font = DRAW_FONT_SANS; font <= DRAW_FONT_MONO; font++) {
        draw_clear(&list);
        draw_rect(&list, (struct draw_box){0, 0, W, H}, 0, 0xFFFFFFFF, 0, 0);
        draw_string(&list, 10, 30, 0, DRAW_ALIGN_LEFT, (enum draw_font)font, 30, 0x000000FF,
                    SLICE("H"));
        paint(1);
        int top = H, bottom = 0;
        for (int i = 0; i < W * H; i++) {
            if ((pixels[i] & 0xFF) > 0x80)
                continue;
            top = i / W < top ? i / W : top;
            bottom = i / W + 1;
        }
        cr_expect_eq(bottom, 30 + (int)draw_baseline(30));
        cr_expect(abs(top + bottom - 2 * 30 - (int)draw_line_height(30)) <= 2, "%d to %d", top,
                  bottom);
    }
}

Test(paint, a_cut_text_stays_in_its_box)
{
    draw_string(&list, 10, 10, 60, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, 14, 0x000000FF,
                SLICE("a subject that is far too long for its box"));
    paint(1);
    int first, last;
    dark_columns(10, 30, &first, &last);
    cr_expect(last < 70 && last > 50, "%d", last);
}

Test(paint, a_shadow_fades_evenly_and_leaves_its_middle_out)
{
    draw_shadow(&list, (struct draw_box){60, 30, 80, 50}, 8, 0x000000FF);
    paint(1);
    uint32_t last = pixels[80 * W + 100] & 0xFF;
    cr_expect_lt(last, 0xC0);
    for (int y = 81; y < 100; y++) {
        uint32_t grey = pixels[y * W + 100] & 0xFF;
        cr_expect_geq(grey, last);
        cr_expect_leq(grey - last, 24, "a step of %u at row %d", grey - last, y);
        last = grey;
    }
    cr_expect_eq(last, 0xFF);
    for (int x = 0; x < 60; x++)
        expect_pixel(x, 59, pixels[59 * W + (199 - x)]);
    expect_pixel(100, 59, 0xFFFFFFFF);
}

Test(paint, a_hatch_repeats_and_stays_in_its_box)
{
    draw_hatch(&list, (struct draw_box){20, 20, 100, 80}, 0, 0x000000FF, 8);
    paint(1);
    int first, last, period = 11; /* 8 pixels apart across the lines, 8 * sqrt(2) along a row */
    dark_columns(0, H, &first, &last);
    cr_expect(first >= 20 && last < 120);
    for (int x = 20; x < 120 - period; x++)
        expect_pixel(x, 50, pixels[50 * W + x + period]);
    for (int x = 20; x < 119; x++)
        expect_pixel(x, 51, pixels[50 * W + x + 1]);
}

Test(paint, absurd_items_are_left_out_and_spoil_nothing)
{
    const float odd[] = {NAN, 1, 2, INFINITY, 3, 3, 1e9f, 5};
    static const float values[] = {NAN, INFINITY, -INFINITY, 1e9f, -1e9f, 0, -7};
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        float v = values[i];
        draw_rect(&list, (struct draw_box){0, v, 10, v}, v, 0xFF, 0xFF, v);
        draw_oval(&list, (struct draw_box){v, 0, v, 10}, 0xFF, 0xFF, v);
        draw_hatch(&list, (struct draw_box){0, 0, 5, v}, v, 0xFF, v);
        draw_shadow(&list, (struct draw_box){v, v, v, v}, v, 0xFF);
        draw_line(&list, v, v, v, 0, 0xFF, v, v);
        draw_string(&list, v, 0, v, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, v, 0xFF, SLICE("text"));
        draw_clip(&list, (struct draw_box){v, v, v, v});
        draw_unclip(&list);
    }
    draw_polygon(&list, odd, 4, 0xFF, 0xFF, 1);
    draw_curve(&list, odd, 4, 0xFF, 1, 0);
    draw_rect(&list, (struct draw_box){100, 100, 10, 10}, 0, 0x0072B2FF, 0, 0);
    paint(1);
    expect_pixel(105, 105, 0xFF0072B2);
}

static void draw_random(struct random *random)
{
    struct draw_box box = {(float)random_below(random, W), (float)random_below(random, H),
                           (float)random_below(random, 60), (float)random_below(random, 40)};
    uint32_t colour = (uint32_t)random_u64(random);
    const float points[] = {box.x, box.y, box.x + box.w, box.y, box.x, box.y + box.h, box.w, box.h};
    switch (random_below(random, 8)) {
    case 0:
        draw_oval(&list, box, colour, colour << 1, 2);
        break;
    case 1:
        draw_curve(&list, points, 4, colour, 3, 5);
        break;
    case 2:
        draw_string(&list, box.x, box.y, box.w, DRAW_ALIGN_CENTER, DRAW_FONT_SANS, 14, colour,
                    SLICE("some words"));
        break;
    case 3:
        draw_hatch(&list, box, 4, colour, 7);
        break;
    case 4:
        draw_shadow(&list, box, 6, colour);
        break;
    case 5:
        draw_clip(&list, box);
        break;
    case 6:
        draw_unclip(&list);
        break;
    default:
        draw_rect(&list, box, 5, colour, colour >> 1, 1);
    }
}

/* A frame that differs from the last in a few items, as a token that moves does. */
static void draw_frame(uint64_t frame)
{
    draw_clear(&list);
    draw_rect(&list, (struct draw_box){0, 0, W, H}, 0, 0xFFFFFFFF, 0, 0);
    for (uint64_t i = 0; i < 40; i++) {
        struct random random;
        uint64_t seed = (i * 7 + frame) % 40 < 3 ? frame * 64 + i : i;
        random_init(&random, seed, SLICE("paint"));
        if ((i + frame) % 11)
            draw_random(&random);
    }
}

static int differing_pixels(const uint32_t *kept, int *worst)
{
    int count = 0;
    for (int i = 0; i < W * H; i++) {
        for (int shift = 0; shift < 32; shift += 8) {
            int apart = abs((int)(kept[i] >> shift & 0xFF) - (int)(pixels[i] >> shift & 0xFF));
            *worst = apart > *worst ? apart : *worst;
        }
        count += kept[i] != pixels[i];
    }
    return count;
}

Test(paint, painting_only_the_changes_gives_the_same_picture)
{
    static uint32_t kept[W * H];
    struct paint_area areas[PAINT_AREAS];
    int64_t painted = 0;
    for (uint64_t frame = 0; frame < 200; frame++) {
        int worst = 0;
        draw_frame(frame);
        int count = paint_changes(painter, &list, kept, W, H, W * 4, 1, areas);
        for (int i = 0; i < count; i++)
            painted += (areas[i].right - areas[i].left) * (areas[i].bottom - areas[i].top);
        paint(1);
        int differing = differing_pixels(kept, &worst);
        cr_expect(worst <= 2, "frame %d: %d pixels differ, by up to %d", (int)frame, differing,
                  worst);
    }
    cr_expect_lt(painted, 200 * W * H * 9 / 10);
}

Test(paint, a_frame_like_the_last_paints_nothing)
{
    static uint32_t kept[W * H];
    struct paint_area areas[PAINT_AREAS];
    draw_frame(1);
    cr_expect_eq(paint_changes(painter, &list, kept, W, H, W * 4, 1, areas), 1);
    draw_frame(1);
    cr_expect_eq(paint_changes(painter, &list, kept, W, H, W * 4, 1, areas), 0);
    cr_expect_eq(paint_changes(painter, &list, kept, W, H, W * 4, 2, areas), 1);
    paint_forget(painter);
    cr_expect_eq(paint_changes(painter, &list, kept, W, H, W * 4, 2, areas), 1);
    cr_expect_eq(areas[0].right, W);
}

Test(paint, a_png_holds_the_picture)
{
    char path[] = "/tmp/test_paint_XXXXXX";
    struct problem problem = {0};
    int file = mkstemp(path);
    cr_assert_geq(file, 0);
    close(file);
    draw_rect(&list, (struct draw_box){10, 20, 30, 40}, 0, 0x0072B2FF, 0, 0);
    cr_assert(paint_png(painter, &list, W, H, 2, path, &problem), "%s", problem.what);
    cairo_surface_t *image = cairo_image_surface_create_from_png(path);
    cr_assert_eq(cairo_surface_status(image), CAIRO_STATUS_SUCCESS);
    cr_expect_eq(cairo_image_surface_get_width(image), 2 * W);
    cr_expect_eq(cairo_image_surface_get_height(image), 2 * H);
    const unsigned char *row =
        cairo_image_surface_get_data(image) + 60 * cairo_image_surface_get_stride(image);
    uint32_t inside, outside;
    memcpy(&inside, row + (size_t)4 * 40, 4);
    memcpy(&outside, row + (size_t)4 * 90, 4);
    cr_expect_eq(inside & 0xFFFFFF, 0x0072B2);
    cr_expect_eq(outside & 0xFFFFFF, 0xFFFFFF);
    cairo_surface_destroy(image);
    unlink(path);
}

Test(paint, a_picture_that_cannot_be_saved_says_why_and_leaves_nothing)
{
    struct problem problem = {0};
    struct stat status;
    cr_expect_not(paint_png(painter, &list, W, H, 1, "/nowhere/at/all.png", &problem));
    cr_expect_str_eq(problem.file, "/nowhere/at/all.png");
    cr_expect_not_null(strstr(problem.what, "No such file"));
    cr_expect_not(paint_png(painter, &list, W, H, 1, "/tmp", &problem));
    cr_expect_neq(stat("/tmp.new", &status), 0);
}

Test(paint, a_picture_of_no_or_absurd_size_is_refused)
{
    static const float sizes[] = {0, -5, 1e6f, NAN, INFINITY};
    struct problem problem = {0};
    struct bytes out;
    bytes_init(&out, 1 << 20);
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
        cr_expect_not(paint_png_bytes(painter, &list, sizes[i], 10, 1, &out, &problem));
    cr_expect_eq(bytes_size(&out), 0);
    bytes_finish(&out);
}

Test(paint, everything_is_painted_in_every_theme)
{
    for (int i = 0; i < THEME_COUNT; i++) {
        struct problem problem = {0};
        struct bytes out;
        bytes_init(&out, 1 << 24);
        draw_clear(&list);
        sheet_draw(&list, theme_get((enum theme_id)i));
        cr_expect(paint_png_bytes(painter, &list, SHEET_W, SHEET_H, 1, &out, &problem));
        cr_expect_gt(bytes_size(&out), 40000);
        bytes_finish(&out);
    }
}
