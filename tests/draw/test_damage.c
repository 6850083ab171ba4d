#include <criterion/criterion.h>

#include "render/draw/damage.h"

static struct damage_frame before, now;
static struct paint_area areas[PAINT_AREAS];

static void add(struct damage_frame *frame, uint64_t hash, int left, int top, int right, int bottom)
{
    *vector_add(&frame->marks) = (struct damage_mark){hash, {left, top, right, bottom}};
}

static void finish(void)
{
    vector_finish(&before.marks);
    vector_finish(&now.marks);
}

TestSuite(damage, .fini = finish);

static void expect_area(int i, int left, int top, int right, int bottom)
{
    cr_expect(areas[i].left == left && areas[i].top == top && areas[i].right == right &&
                  areas[i].bottom == bottom,
              "area %d is %d,%d to %d,%d", i, areas[i].left, areas[i].top, areas[i].right,
              areas[i].bottom);
}

Test(damage, equal_frames_have_none)
{
    for (int i = 0; i < 10; i++) {
        add(&before, (uint64_t)i, 0, 0, 9, 9);
        add(&now, (uint64_t)i, 0, 0, 9, 9);
    }
    cr_expect_eq(damage_find(&before, &now, areas), 0);
}

Test(damage, what_came_and_what_went_both_count)
{
    add(&before, 1, 0, 0, 900, 900);
    add(&before, 2, 10, 10, 20, 20);
    add(&before, 4, 0, 0, 5, 5);
    add(&now, 1, 0, 0, 900, 900);
    add(&now, 3, 500, 500, 510, 520);
    add(&now, 4, 0, 0, 5, 5);
    cr_expect_eq(damage_find(&before, &now, areas), 2);
    expect_area(0, 500, 500, 510, 520);
    expect_area(1, 10, 10, 20, 20);
}

Test(damage, what_lay_on_top_and_went_counts)
{
    add(&before, 1, 0, 0, 900, 900);
    add(&before, 2, 10, 10, 20, 20);
    add(&now, 1, 0, 0, 900, 900);
    cr_expect_eq(damage_find(&before, &now, areas), 1);
    expect_area(0, 10, 10, 20, 20);
}

Test(damage, another_order_is_a_change)
{
    add(&before, 1, 0, 0, 10, 10);
    add(&before, 2, 5, 5, 15, 15);
    add(&now, 2, 5, 5, 15, 15);
    add(&now, 1, 0, 0, 10, 10);
    cr_expect_eq(damage_find(&before, &now, areas), 1);
    expect_area(0, 0, 0, 10, 10);
}

Test(damage, many_small_changes_become_few_areas_that_cover_them)
{
    for (int i = 0; i < 400; i++)
        add(&now, (uint64_t)i + 1, i * 97 % 1900, i * 53 % 1000, i * 97 % 1900 + 10,
            i * 53 % 1000 + 10);
    int count = damage_find(&before, &now, areas);
    cr_assert(count > 0 && count <= PAINT_AREAS);
    for (size_t i = 0; i < now.marks.count; i++) {
        struct paint_area mark = now.marks.items[i].area;
        bool is_covered = false;
        for (int a = 0; a < count; a++) {
            struct paint_area both = damage_common(mark, areas[a]);
            is_covered = is_covered || (both.left == mark.left && both.top == mark.top &&
                                        both.right == mark.right && both.bottom == mark.bottom);
        }
        cr_expect(is_covered);
    }
}
