/* What stands on a card beside the marks of its programs. */
#include <criterion/criterion.h>

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
