#include <criterion/criterion.h>
#include <locale.h>
#include <math.h>
#include <string.h>

#include "render/draw/svg.h"
#include "sim/base/random.h"
#include "tests/draw/support_sheet.h"
#include "tests/draw/support_xml.h"

static struct draw_list list;
static struct bytes out;

static void start(void)
{
    draw_init(&list, NULL, NULL);
    bytes_init(&out, 1 << 24);
}

static void finish(void)
{
    draw_finish(&list);
    bytes_finish(&out);
}

TestSuite(svg, .init = start, .fini = finish);

static struct slice written(void)
{
    bytes_clear(&out);
    cr_assert(svg_write(&list, 640, 480, &out));
    const char *fault = xml_fault(bytes_slice(&out));
    cr_assert_null(fault, "%s in:\n%.*s", fault, SLICE_ARG(bytes_slice(&out)));
    return bytes_slice(&out);
}

static void expect_part(const char *part)
{
    struct slice all = written();
    cr_expect_neq(slice_find(all, slice_of(part), 0), SLICE_NONE, "no %s in:\n%.*s", part,
                  SLICE_ARG(all));
}

static void draw_words(struct slice text)
{
    draw_string(&list, 10, 20, 0, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, 14, 0x000000FF, text);
}

/* The judge must know its trade: each of these is not well-formed. */
Test(svg, the_checker_of_these_tests_finds_faults)
{
    static const char *const bad[] = {
        "<a><b></a></b>",
        "<a>&</a>",
        "<a x=\"1\" x=\"2\"/>",
        "<a>\x01</a>",
        "<a",
        "<a/><b/>",
        "<a x=1/>",
        "<a>\xC0\x80</a>",
        "<a>&nbsp;</a>",
        "",
        "<a x=\"<\"/>",
        "text<a/>",
        "<a>\xEF\xBF\xBF</a>",
        "<a>",
        "<a x=\"1\"y=\"2\"/>",
    };
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        cr_expect_not_null(xml_fault(slice_of(bad[i])), "%s", bad[i]);
    cr_expect_null(xml_fault(SLICE("<a x=\"&lt;\">t&amp;\xC3\xBC<b/></a>\n")));
}

Test(svg, everything_that_can_be_drawn_is_well_formed)
{
    for (int i = 0; i < THEME_COUNT; i++) {
        draw_clear(&list);
        sheet_draw(&list, theme_get((enum theme_id)i));
        cr_expect_gt(written().size, 10000);
    }
}

Test(svg, text_stays_text_and_its_marks_are_escaped)
{
    draw_words(SLICE("<script>alert('\"&amp;\"')</script>]]>"));
    expect_part(
        ">&lt;script&gt;alert(&#39;&quot;&amp;amp;&quot;&#39;)&lt;/script&gt;]]&gt;</text>");
}

Test(svg, the_text_twin_comes_first)
{
    list.title = SLICE("Mail <1>");
    list.description = SLICE("09:00:02 out \xE2\x86\x92 mx1");
    expect_part("role=\"img\" width=\"640\" height=\"480\" viewBox=\"0 0 640 480\">\n"
                "<title>Mail &lt;1&gt;</title>\n"
                "<desc>09:00:02 out \xE2\x86\x92 mx1</desc>\n");
}

Test(svg, hostile_octets_anywhere_leave_it_well_formed)
{
    struct random random;
    random_init(&random, 3, SLICE("svg"));
    for (int round = 0; round < 500; round++) {
        char octets[80];
        static const char marks[] = "<>&\"'\xE2\xED\xEF\xBF\xBE";
        for (size_t i = 0; i < sizeof octets; i++)
            octets[i] = random_u64(&random) % 2 ? (char)random_u64(&random)
                                                : marks[random_below(&random, sizeof marks - 1)];
        struct slice all = {octets, sizeof octets};
        draw_clear(&list);
        list.title = list.description = all;
        draw_words(all);
        written();
    }
}

Test(svg, clips_that_do_not_match_still_nest)
{
    const struct draw_box box = {1, 2, 30, 40};
    draw_unclip(&list);
    draw_clip(&list, box);
    draw_clip(&list, box);
    draw_words(SLICE("in"));
    draw_unclip(&list);
    draw_unclip(&list);
    draw_unclip(&list);
    draw_clip(&list, box);
    draw_words(SLICE("open"));
    written();
}

Test(svg, odd_numbers_and_paths_are_harmless)
{
    const float odd[] = {NAN, INFINITY, -INFINITY, 1e30f, 0, -5, 2, 2, 3, 3};
    for (size_t count = 0; count <= 5; count++) {
        draw_polygon(&list, odd, count, 0xFF, 0xFF, 1);
        draw_curve(&list, odd, count, 0xFF, 1, 3);
    }
    draw_rect(&list, (struct draw_box){NAN, 0, -4, INFINITY}, NAN, 0xFF, 0xFF, 20);
    draw_hatch(&list, (struct draw_box){0, 0, 9, 9}, 0, 0xFF, NAN);
    draw_hatch(&list, (struct draw_box){0, 0, 9, 9}, 0, 0xFF, 0);
    cr_expect_eq(slice_find(written(), SLICE("nan"), 0), SLICE_NONE);
    cr_expect_eq(slice_find(written(), SLICE("inf"), 0), SLICE_NONE);
}

Test(svg, shapes_have_their_places_and_colours)
{
    draw_rect(&list, (struct draw_box){10, 20, 30, 40}, 6, 0x0072B2FF, 0x00000080, 2);
    draw_line(&list, 1, 2, 3.5f, 4, 0x112233FF, 1.5f, 6);
    expect_part("<rect x=\"11\" y=\"21\" width=\"28\" height=\"38\" rx=\"5\" fill=\"#0072b2\" "
                "stroke=\"#000000\" stroke-opacity=\"0.5\" stroke-width=\"2\"/>");
    expect_part("<path d=\"M1 2L3.5 4\" fill=\"none\" stroke=\"#112233\" stroke-width=\"1.5\" "
                "stroke-dasharray=\"6\"/>");
}

Test(svg, a_full_buffer_is_told)
{
    struct bytes small;
    bytes_init(&small, 900);
    sheet_draw(&list, theme_get(THEME_LIGHT));
    cr_expect_not(svg_write(&list, 640, 480, &small));
    bytes_finish(&small);
}
