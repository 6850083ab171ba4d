#include <criterion/criterion.h>
#include <math.h>

#include "render/draw/glyphs.h"
#include "render/draw/mark.h"

static void expect_within(const struct draw_list *list, float x, float y, float reach,
                          const char *what)
{
    for (size_t i = 0; i < list->items.count; i++) {
        const struct draw_item *item = &list->items.items[i];
        float half = item->width / 2;
        if (item->kind == DRAW_TEXT || item->kind == DRAW_RECT)
            half = 0; /* a rectangle's stroke lies inside */
        if (item->kind == DRAW_TEXT)
            continue;
        cr_expect(item->box.x - half >= x - reach && item->box.y - half >= y - reach &&
                      item->box.x + item->box.w + half <= x + reach &&
                      item->box.y + item->box.h + half <= y + reach,
                  "%s leaves its square", what);
    }
}

Test(mark, every_mark_stays_in_its_square)
{
    struct draw_list list;
    draw_init(&list, NULL, NULL);
    for (size_t m = 0; m < theme_mark_count(); m++) {
        for (int t = 0; t < THEME_COUNT; t++) {
            draw_clear(&list);
            mark_draw(&list, theme_get((enum theme_id)t), theme_mark_at(m), 100, 50, 40);
            cr_expect_gt(list.items.count, 0);
            expect_within(&list, 100, 50, 21, theme_mark_at(m)->role);
        }
    }
    draw_finish(&list);
}

Test(mark, a_letter_is_smaller_than_its_shape)
{
    struct glyphs *glyphs = glyphs_create();
    struct draw_list list;
    draw_init(&list, glyphs_measure, glyphs);
    for (size_t m = 0; m < theme_mark_count(); m++) {
        draw_clear(&list);
        mark_draw(&list, theme_get(THEME_LIGHT), theme_mark_at(m), 100, 50, 40);
        const struct draw_item *last = &list.items.items[list.items.count - 1];
        if (last->kind == DRAW_TEXT)
            cr_expect_lt(draw_width(&list, last->font, last->size, last->text), 26, "%s",
                         theme_mark_at(m)->role);
        else
            cr_expect_str_eq(theme_mark_at(m)->letter, "");
    }
    draw_finish(&list);
    glyphs_destroy(glyphs);
}

Test(mark, every_sign_stays_in_its_square)
{
    struct draw_list list;
    draw_init(&list, NULL, NULL);
    for (int sign = MARK_TICK; sign <= MARK_PREVIOUS; sign++) {
        draw_clear(&list);
        mark_sign(&list, theme_get(THEME_LIGHT), (enum mark_sign)sign, 10, 10, 24, 0xFF);
        cr_expect_gt(list.items.count, 0);
        expect_within(&list, 10, 10, 15, "a sign");
    }
    draw_finish(&list);
}

Test(mark, an_arrow_ends_at_its_point_and_push_differs_from_pull)
{
    struct draw_list list;
    draw_init(&list, NULL, NULL);
    mark_arrow(&list, 50, 20, 3, 0, 10, true, 0xFF, 2);
    cr_expect_eq(list.items.count, 1);
    cr_expect_float_eq(list.items.items[0].box.x, 40, 0.01);
    cr_expect_float_eq(list.items.items[0].box.x + list.items.items[0].box.w, 50, 0.01);
    mark_arrow(&list, 50, 20, 0, -8, 10, false, 0xFF, 2);
    cr_expect_eq(list.items.count, 3);
    cr_expect_eq(list.items.items[1].fill, 0);
    cr_expect_float_eq(list.items.items[1].box.y, 20, 0.01);
    mark_arrow(&list, 50, 20, 0, 0, 10, false, 0xFF, 2);
    mark_arrow(&list, 50, 20, NAN, 0, 10, true, 0xFF, 2);
    cr_expect_eq(list.items.count, 3);
    draw_finish(&list);
}
