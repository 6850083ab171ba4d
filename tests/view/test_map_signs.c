/* What stands on a card beside the marks of its programs, and on a connection: its flag and dot. */
#include <criterion/criterion.h>
#include <math.h>

#include "render/view/state.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

/* Whose address others see is no program's doing, so that no mark of a role says it. */
Test(map_signs, a_host_that_others_are_behind_is_shown_as_a_nat_box)
{
    struct story s;
    struct draw_list list;
    story_world(&s, true);
    support_list_init(&list);
    struct view *view = view_create(&s.log);
    cr_expect(!support_shows(view, &list, "NAT"));
    const struct event_nat nats[] = {
        {s.pc_alice, s.out}, {s.submit, s.out}, {s.submit, s.submit}, {s.pc_alice, s.pc_alice}};
    for (int i = 0; i < 4; i++)
        log_add(&s.log, (i + 1) * 1000, 0, EVENT_NAT, 0, &nats[i]);
    static const bool is_shown[] = {false, true, true, true, false};
    for (int i = 0; i < 5; i++) {
        view_seek(view, i * 1000);
        cr_expect_eq(support_shows(view, &list, "NAT"), is_shown[i], "%d", i);
    }
    view_destroy(view);
    draw_finish(&list);
    story_finish(&s);
}

/* The foot of the flag, and the middle of the dot, of the one connection that is shown. */
static bool find_ends(const struct draw_list *list, uint32_t colour, float *between)
{
    float foot[2] = {0}, dot[2] = {0};
    bool has_flag = false, has_dot = false;
    for (size_t i = 1; i < list->items.count; i++) {
        const struct draw_item *pole = &list->items.items[i - 1], *item = &list->items.items[i];
        if (item->kind == DRAW_PATH && item->fill == colour && item->point_count == 3 &&
            item->points[0] == item->points[4] && pole->kind == DRAW_PATH &&
            pole->points[0] == item->points[0]) {
            has_flag = true;
            foot[0] = pole->points[0];
            foot[1] = pole->points[1];
        }
        if (item->kind == DRAW_OVAL && item->fill == colour) {
            has_dot = true;
            dot[0] = item->box.x + item->box.w / 2;
            dot[1] = item->box.y + item->box.h / 2;
        }
    }
    *between = hypotf(foot[0] - dot[0], foot[1] - dot[1]);
    return has_flag && has_dot;
}

/* RFC 5598 4.4: who starts decides. The flag stands where the connection was opened, the dot where
   the message was held. */
Test(map_signs, flag_and_dot_are_together_in_a_push_and_apart_in_a_pull)
{
    struct story s;
    struct draw_list list;
    float between;
    int opened = 0;
    story_world(&s, true);
    story_first_mail(&s);
    support_list_init(&list);
    struct view *view = view_create(&s.log);
    view_draw(view, &list, 1280, 800);
    const struct theme *theme = view->ui.theme;
    for (uint32_t id = 0; id < log_count(&s.log) && opened < 4; id++) {
        if (log_at(&s.log, id)->kind != EVENT_TCP_OPEN)
            continue;
        view_seek(view, log_at(&s.log, id)->t);
        view_draw(view, &list, 1280, 800);
        uint32_t conn = view->scene.now.conns.items[view->scene.now.conns.count - 1].conn;
        bool is_pull = scene_is_pull(&view->scene, conn);
        cr_assert(find_ends(&list, is_pull ? theme->pull : theme->push, &between), "%d", opened);
        if (is_pull)
            cr_expect_gt(between, 10);
        else
            cr_expect_lt(between, 1);
        opened++;
    }
    cr_expect_eq(opened, 4);
    view_destroy(view);
    draw_finish(&list);
    story_finish(&s);
}
