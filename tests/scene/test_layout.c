#include <criterion/criterion.h>

#include <math.h>

#include "render/scene/layout.h"
#include "tests/scene/support_log.h"

Test(layout, positions_of_the_trace_are_used)
{
    struct story s;
    story_world(&s, true);
    struct layout layout;
    layout_init(&layout, &s.log);
    cr_expect_eq(layout_at(&layout, s.out).x, 430);
    cr_expect_eq(layout_at(&layout, s.out).y, 600);
    cr_expect_eq(layout_at(&layout, s.mta_out).x, 430, "an agent stands where its host does");
    cr_expect_eq(layout_at(&layout, 0).x, 500);
    layout_finish(&layout);
    story_finish(&s);
}

static void expect_on_grid_and_apart(const struct layout *layout, const struct log *log,
                                     float apart)
{
    for (uint32_t a = 1; a <= log_place_count(log); a++) {
        if (!event_as_host(log_place(log, a)))
            continue;
        struct layout_point p = layout_at(layout, a);
        cr_expect(p.x >= 0 && p.x <= 1000 && p.y >= 0 && p.y <= 1000);
        for (uint32_t b = 1; b < a; b++) {
            struct layout_point q = layout_at(layout, b);
            if (event_as_host(log_place(log, b)))
                cr_expect(hypotf(p.x - q.x, p.y - q.y) >= apart, "hosts %u and %u", a, b);
        }
    }
}

Test(layout, without_positions_hosts_stand_apart_from_left_to_right)
{
    struct story s;
    story_world(&s, false);
    struct layout layout, again;
    layout_init(&layout, &s.log);
    expect_on_grid_and_apart(&layout, &s.log, 50);
    cr_expect(layout_at(&layout, s.pc_alice).x < layout_at(&layout, s.submit).x);
    cr_expect(layout_at(&layout, s.submit).x < layout_at(&layout, s.out).x);
    cr_expect(layout_at(&layout, s.out).x < layout_at(&layout, s.mx1).x);
    cr_expect_eq(layout_at(&layout, s.pc_alice).x, 0, "the whole grid is used");
    cr_expect_eq(layout_at(&layout, s.pc_bob).x, 1000);
    layout_init(&again, &s.log);
    for (uint32_t place = 1; place <= log_place_count(&s.log); place++) {
        cr_expect_eq(layout_at(&layout, place).x, layout_at(&again, place).x);
        cr_expect_eq(layout_at(&layout, place).y, layout_at(&again, place).y);
    }
    layout_finish(&layout);
    layout_finish(&again);
    story_finish(&s);
}

Test(layout, a_crowd_stands_in_rings_around_its_hub)
{
    struct story s;
    story_crowd(&s, 600);
    struct layout layout;
    layout_init(&layout, &s.log);
    expect_on_grid_and_apart(&layout, &s.log, 5);
    cr_expect_float_eq(layout_at(&layout, s.out).x, 500, 5);
    layout_finish(&layout);
    story_finish(&s);
}

Test(layout, a_single_host_and_an_empty_log_are_no_trouble)
{
    struct story s;
    story_crowd(&s, 0);
    struct layout layout;
    layout_init(&layout, &s.log);
    cr_expect_eq(layout_at(&layout, s.out).x, 500);
    layout_finish(&layout);
    story_finish(&s);
    struct log log;
    log_init(&log);
    layout_init(&layout, &log);
    cr_expect_eq(layout.points.count, 0);
    layout_finish(&layout);
    log_finish(&log);
}
