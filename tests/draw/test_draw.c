#include <criterion/criterion.h>
#include <string.h>

#include "render/draw/draw.h"

static struct draw_list list;

/* Ten pixels an octet, whatever the font. */
static float ten_each(void *context, enum draw_font font, float size, struct slice text)
{
    (void)context;
    (void)font;
    (void)size;
    return 10 * (float)text.size;
}

static void start(void)
{
    draw_init(&list, ten_each, NULL);
}

static void finish(void)
{
    draw_finish(&list);
}

TestSuite(draw, .init = start, .fini = finish);

static void expect_text(const char *expected)
{
    struct bytes out;
    bytes_init(&out, 1 << 16);
    cr_assert(draw_text(&list, &out));
    cr_expect(slice_equal(bytes_slice(&out), slice_of(expected)), "got:\n%.*s",
              SLICE_ARG(bytes_slice(&out)));
    bytes_finish(&out);
}

static struct slice last_text(void)
{
    return list.items.items[list.items.count - 1].text;
}

Test(draw, every_item_is_a_line_of_text)
{
    const float bend[] = {0, 0, 1, 2, 3, 4, 5.5f, 6};
    draw_rect(&list, (struct draw_box){1, 2, 30, 40}, 4, 0x112233FF, 0x445566FF, 2);
    draw_oval(&list, (struct draw_box){1, 2, 3, 4}, 0, 0x00000080, 1.5f);
    draw_line(&list, 0, 0, 10, 5, 0x0000FFFF, 1, 6);
    draw_polygon(&list, bend, 3, 0xFF0000FF, 0, 0);
    draw_curve(&list, bend, 4, 0x0000FFFF, 2, 0);
    draw_string(&list, 5, 6, 90, DRAW_ALIGN_CENTER, DRAW_FONT_BOLD, 14, 0x000000FF,
                SLICE("say \"hi\"\r"));
    draw_clip(&list, (struct draw_box){0, 0, 50, 50});
    draw_hatch(&list, (struct draw_box){0, 0, 9, 9}, 2, 0x00000020, -8);
    draw_shadow(&list, (struct draw_box){0, 0, 9, 9}, 2, 0x00000040);
    draw_unclip(&list);
    expect_text("rect 1,2 30x40 fill #112233ff stroke #445566ff radius 4 width 2\n"
                "oval 1,2 3x4 stroke #00000080 width 1.5\n"
                "path straight 0,0 10,5 stroke #0000ffff width 1 dash 6\n"
                "path straight closed 0,0 1,2 3,4 fill #ff0000ff\n"
                "path curve 0,0 1,2 3,4 5.5,6 stroke #0000ffff width 2\n"
                "text 5,6 90x20 center bold size 14 fill #000000ff \"say \\\"hi\\\"\\x0d\"\n"
                "clip 0,0 50x50\n"
                "hatch 0,0 9x9 stroke #00000020 radius 2 width 1 gap -8\n"
                "shadow 0,0 9x9 fill #00000040 radius 2\n"
                "unclip\n");
}

Test(draw, a_list_that_does_not_fit_into_the_text_is_told)
{
    struct bytes out;
    bytes_init(&out, 20);
    draw_rect(&list, (struct draw_box){1, 2, 30, 40}, 4, 0x112233FF, 0, 0);
    cr_expect_not(draw_text(&list, &out));
    bytes_finish(&out);
}

Test(draw, points_and_texts_are_copied)
{
    float points[] = {1, 2, 3, 4, 5, 6};
    char word[] = "one";
    draw_polygon(&list, points, 3, 1, 0, 0);
    draw_string(&list, 0, 0, 0, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, 14, 0xFF, SLICE(word));
    memset(points, 0, sizeof points);
    memset(word, 'x', 3);
    cr_expect_float_eq(list.items.items[0].points[5], 6, 0);
    cr_expect(slice_equal(last_text(), SLICE("one")));
    cr_expect_float_eq(list.items.items[0].box.w, 4, 0);
}

Test(draw, a_text_wider_than_its_box_ends_in_an_ellipsis)
{
    float width = draw_string(&list, 0, 0, 100, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, 14, 0xFF,
                              SLICE("elevenchars"));
    cr_expect(slice_equal(last_text(), SLICE("elevenc\xE2\x80\xA6")), "%.*s",
              SLICE_ARG(last_text()));
    cr_expect_float_eq(width, 100, 0);
    width = draw_string(&list, 0, 0, 110, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, 14, 0xFF,
                        SLICE("elevenchars"));
    cr_expect(slice_equal(last_text(), SLICE("elevenchars")));
    cr_expect_float_eq(width, 110, 0);
}

Test(draw, a_cut_leaves_no_half_character_and_no_space_before_the_ellipsis)
{
    draw_string(&list, 0, 0, 60, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, 14, 0xFF,
                SLICE("a\xE4\xBD\xA0\xE5\xA5\xBD"));
    cr_expect(slice_equal(last_text(), SLICE("a\xE2\x80\xA6")), "%.*s", SLICE_ARG(last_text()));
    draw_string(&list, 0, 0, 60, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, 14, 0xFF, SLICE("ab cdefgh"));
    cr_expect(slice_equal(last_text(), SLICE("ab\xE2\x80\xA6")), "%.*s", SLICE_ARG(last_text()));
    draw_string(&list, 0, 0, 1, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, 14, 0xFF, SLICE("\xBD\xBD\xBD"));
    cr_expect(slice_equal(last_text(), SLICE("\xE2\x80\xA6")));
}

Test(draw, no_text_is_longer_than_a_line_of_protocol)
{
    static char text[100000];
    memset(text, 'm', sizeof text);
    draw_string(&list, 0, 0, 0, DRAW_ALIGN_LEFT, DRAW_FONT_MONO, 13, 0xFF, SLICE(text));
    cr_expect_leq(last_text().size, 1024);
    cr_expect(slice_ends(last_text(), SLICE("\xE2\x80\xA6")));
}

Test(draw, drawing_the_same_again_takes_no_memory)
{
    const struct draw_item *items = NULL;
    const char *text = NULL;
    for (int frame = 0; frame < 3; frame++) {
        draw_clear(&list);
        for (int i = 0; i < 3000; i++)
            draw_string(&list, 0, (float)i, 0, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, 14, 0xFF,
                        SLICE("the same text"));
        cr_expect(frame == 0 || (items == list.items.items && text == last_text().data));
        items = list.items.items;
        text = last_text().data;
    }
}

Test(draw, without_a_measure_every_character_is_as_wide)
{
    draw_finish(&list);
    draw_init(&list, NULL, NULL);
    cr_expect_float_eq(draw_width(&list, DRAW_FONT_SANS, 10, SLICE("\xC3\xBC.")), 12, 0.001f);
}

Test(draw, the_baseline_lies_within_its_line)
{
    for (float size = 6; size < 80; size++) {
        cr_expect_lt(draw_baseline(size), draw_line_height(size));
        cr_expect_gt(draw_baseline(size), 0.9f * size);
    }
}
