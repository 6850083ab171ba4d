#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "render/draw/glyphs.h"
#include "sim/base/random.h"

static struct glyphs *glyphs;

static void start(void)
{
    glyphs = glyphs_create();
}

static void finish(void)
{
    glyphs_destroy(glyphs);
}

TestSuite(glyphs, .init = start, .fini = finish);

/* The first and last columns with ink; first > last when there is none. */
static void ink_columns(struct glyphs_mask mask, int *first, int *last)
{
    *first = mask.width;
    *last = -1;
    if (!mask.image)
        return;
    const unsigned char *pixels = cairo_image_surface_get_data(mask.image);
    int stride = cairo_image_surface_get_stride(mask.image);
    for (int y = 0; y < cairo_image_surface_get_height(mask.image); y++) {
        for (int x = 0; x < cairo_image_surface_get_width(mask.image); x++) {
            if (pixels[y * stride + x] < 64)
                continue;
            *first = x < *first ? x : *first;
            *last = x > *last ? x : *last;
        }
    }
}

Test(glyphs, what_is_measured_is_what_is_painted)
{
    static const char *const texts[] = {"M", "Hello, world", "AVAVAV", "-> fi ffl",
                                        "gr\xC3\xBC\xC3\x9F \xE2\x9C\x93 \xE2\x86\x92"};
    for (size_t t = 0; t < sizeof texts / sizeof texts[0]; t++) {
        for (int font = DRAW_FONT_SANS; font <= DRAW_FONT_MONO; font++) {
            for (float size = 9; size < 40; size += 5) {
                struct slice text = slice_of(texts[t]);
                float width = glyphs_measure(glyphs, (enum draw_font)font, size, text);
                struct glyphs_mask mask = glyphs_mask(glyphs, (enum draw_font)font, size, text);
                int first, last;
                ink_columns(mask, &first, &last);
                cr_expect_eq((int)width, mask.width);
                cr_expect_eq(mask.width, cairo_image_surface_get_width(mask.image));
                cr_expect(first >= 0 && first <= size / 4, "%s in %d at %g: ink from %d", texts[t],
                          font, (double)size, first);
                cr_expect(last < mask.width && last >= mask.width - 1 - size / 2,
                          "%s in %d at %g: ink to %d of %d", texts[t], font, (double)size, last,
                          mask.width);
            }
        }
    }
}

Test(glyphs, mono_text_stands_in_cells_of_whole_pixels)
{
    for (float size = 8; size < 40; size++) {
        float cell = glyphs_measure(glyphs, DRAW_FONT_MONO, size, SLICE("M"));
        cr_expect_float_eq(cell, 0.602f * size, 0.6f, "size %g: %g", (double)size, (double)cell);
        cr_expect_float_eq(glyphs_measure(glyphs, DRAW_FONT_MONO, size, SLICE("i")), cell, 0);
        cr_expect_float_eq(glyphs_measure(glyphs, DRAW_FONT_MONO, size, SLICE("W@->x.l")), 7 * cell,
                           0);
        cr_expect_float_eq(glyphs_measure(glyphs, DRAW_FONT_MONO, size, SLICE("\xC3\xBC\xC3\x9F")),
                           2 * cell, 0);
    }
}

/* What mail says is not changed: Inter would draw "->" as an arrow, as wide as another sign. */
Test(glyphs, no_pair_of_characters_becomes_another_sign)
{
    static const char *const pairs[][2] = {{"-", ">"}, {"<", "="}, {"4", "x"}};
    for (size_t i = 0; i < sizeof pairs / sizeof pairs[0]; i++) {
        char both[8];
        snprintf(both, sizeof both, "%s%s", pairs[i][0], pairs[i][1]);
        float apart = glyphs_measure(glyphs, DRAW_FONT_SANS, 40, slice_of(pairs[i][0])) +
                      glyphs_measure(glyphs, DRAW_FONT_SANS, 40, slice_of(pairs[i][1]));
        cr_expect_float_eq(glyphs_measure(glyphs, DRAW_FONT_SANS, 40, slice_of(both)), apart, 0,
                           "%s", both);
    }
}

static int ink_of(enum draw_font font, struct slice text)
{
    struct glyphs_mask mask = glyphs_mask(glyphs, font, 20, text);
    const unsigned char *pixels = cairo_image_surface_get_data(mask.image);
    int sum = 0, octets = cairo_image_surface_get_stride(mask.image) *
                          cairo_image_surface_get_height(mask.image);
    for (int i = 0; i < octets; i++)
        sum += pixels[i];
    return sum;
}

/* The octagon of a chess king is in DejaVu Sans only; U+0378 is no character, so in no font. */
Test(glyphs, what_a_font_lacks_comes_from_the_fallback)
{
    struct slice king = SLICE("\xE2\x99\x94"), nothing = SLICE("\xCD\xB8");
    for (int font = DRAW_FONT_SANS; font <= DRAW_FONT_MONO; font++) {
        cr_expect_neq(ink_of((enum draw_font)font, king), ink_of((enum draw_font)font, nothing));
        cr_expect_gt(ink_of((enum draw_font)font, king), 0);
    }
}

Test(glyphs, bold_has_more_ink)
{
    cr_expect_gt(ink_of(DRAW_FONT_BOLD, SLICE("Hamburg")),
                 ink_of(DRAW_FONT_SANS, SLICE("Hamburg")) * 11 / 10);
}

Test(glyphs, any_octets_and_sizes_are_measured_and_painted)
{
    static char text[20000];
    struct random random;
    random_init(&random, 7, SLICE("glyphs"));
    static const float sizes[] = {-1e30f, 0, 4, 13.4f, 399, 1e30f};
    for (int round = 0; round < 60; round++) {
        size_t count = round % 10 == 0 ? sizeof text : random_below(&random, 200);
        for (size_t i = 0; i < count; i++)
            text[i] = (char)random_u64(&random);
        float size = sizes[round % 6];
        struct slice all = {text, size > 100 ? count % 200 : count};
        struct glyphs_mask mask = glyphs_mask(glyphs, (enum draw_font)(round % 3), size, all);
        cr_expect(mask.width >= 0 && mask.width <= 32000);
        cr_expect_float_eq(glyphs_measure(glyphs, (enum draw_font)(round % 3), size, all),
                           (float)mask.width, 0);
    }
}

Test(glyphs, nothing_takes_no_room)
{
    cr_expect_float_eq(glyphs_measure(glyphs, DRAW_FONT_SANS, 14, SLICE("")), 0, 0);
    cr_expect_null(glyphs_mask(glyphs, DRAW_FONT_SANS, 14, SLICE("")).image);
}

Test(glyphs, a_text_is_kept_as_long_as_it_is_asked_for)
{
    char text[16];
    cairo_surface_t *often = glyphs_mask(glyphs, DRAW_FONT_SANS, 14, SLICE("often")).image;
    for (int i = 0; i < 20000; i++) {
        snprintf(text, sizeof text, "%d", i);
        glyphs_measure(glyphs, DRAW_FONT_SANS, 14, slice_of(text));
        cr_expect_eq(glyphs_mask(glyphs, DRAW_FONT_SANS, 14, SLICE("often")).image, often);
    }
}

Test(glyphs, more_sizes_than_fonts_are_kept_open_do_no_harm)
{
    for (int round = 0; round < 2; round++)
        for (float size = 4; size < 100; size++)
            cr_expect_gt(glyphs_mask(glyphs, DRAW_FONT_SANS, size, SLICE("a\xE2\x99\x94")).width,
                         0);
}
