/* A network that is edited while it runs, as the scene has it at each moment. */
#include <criterion/criterion.h>

#include "render/scene/layout.h"
#include "render/scene/scene.h"
#include "support_log.h"

/* One event a second, from second 10 on. */
static void add(struct story *s, int second, enum event_kind kind, const void *fields)
{
    (void)log_add(&s->log, second * INT64_C(1000000000), 0, kind, 0, fields);
}

/* mx2 comes at 10 s, with an agent and a link; mx1 moves at 13, is mx9 at 14, gone at 16. */
static void edit(struct story *s)
{
    story_world(s, true);
    uint32_t mx2 = log_place_count(&s->log) + 1, link = 0;
    while (log_link(&s->log, link + 1))
        link++;
    add(s, 10, EVENT_HOST,
        &(struct event_host){story_text(s, "mx2"), story_text(s, "mx2.example.org"),
                             story_text(s, "203.0.113.26"), 0, 700, 300});
    add(s, 11, EVENT_AGENT,
        &(struct event_agent){story_text(s, "mta-mx2"), mx2, story_text(s, "mta"), 0, 0});
    add(s, 12, EVENT_LINK,
        &(struct event_link){story_text(s, "mx1:mx2"), s->mx1, mx2, 20000, 0, 0});
    add(s, 13, EVENT_POSITION, &(struct event_position){s->mx1, 5, 6});
    add(s, 14, EVENT_RENAME,
        &(struct event_rename){s->mx1, story_text(s, "mx9"), story_text(s, "mx9.example.org")});
    add(s, 15, EVENT_CONF,
        &(struct event_conf){0, story_text(s, "latency_ms"), story_text(s, "2.5"), link + 1});
    add(s, 16, EVENT_GONE, &(struct event_gone){0, link + 1, 0});
    add(s, 17, EVENT_GONE, &(struct event_gone){s->mx1, 0, 3});
    add(s, 18, EVENT_HOST,
        &(struct event_host){story_text(s, "mx1"), story_text(s, "mx1.example.org"),
                             story_text(s, "203.0.113.25"), 0, EVENT_UNSET, EVENT_UNSET});
}

static void seek(struct scene *scene, int second)
{
    scene_seek(scene, second * INT64_C(1000000000));
}

Test(edited, who_is_there_depends_on_the_moment)
{
    struct story s = {0};
    struct scene scene;
    edit(&s);
    uint32_t mx2 = log_find_place(&s.log, SLICE("mx2")), link = 1, x, y;
    while (log_link(&s.log, link + 1))
        link++;
    scene_init(&scene, &s.log);
    for (int round = 0; round < 2; round++) { /* the second time going back */
        seek(&scene, 9);
        cr_expect(!scene_is_there(&scene, mx2) && !scene_has_link(&scene, link));
        cr_expect(scene_is_there(&scene, s.mx1) && scene_is_there(&scene, s.mta_mx1));
        seek(&scene, 12);
        cr_expect(scene_is_there(&scene, mx2) && scene_has_link(&scene, link));
        cr_expect(scene_position(&scene, mx2, &x, &y) && x == 700 && y == 300);
        seek(&scene, 13);
        cr_expect(scene_position(&scene, s.mta_mx1, &x, &y) && x == 5 && y == 6);
        cr_expect(slice_equal(scene_place_id(&scene, s.mx1), SLICE("mx1")));
        seek(&scene, 15);
        cr_expect(slice_equal(scene_place_id(&scene, s.mx1), SLICE("mx9")));
        cr_expect(slice_equal(scene_host_name(&scene, s.mta_mx1), SLICE("mx9.example.org")));
        cr_expect_eq(scene.now.links.items[link - 1].latency_us, 2500);
        seek(&scene, 18);
        cr_expect(!scene_is_there(&scene, s.mx1) && !scene_is_there(&scene, s.mta_mx1));
        cr_expect(!scene_is_up(&scene, s.mx1) && !scene_has_link(&scene, link));
        cr_expect(scene_is_there(&scene, mx2));
        cr_expect(!scene_position(&scene, log_find_place(&s.log, SLICE("mx1")), &x, &y));
    }
    scene_finish(&scene);
    story_finish(&s);
}

/* What an early event calls mx1 is the host that had that id then. */
Test(edited, a_path_means_who_had_the_id_when_it_was_said)
{
    struct story s = {0};
    uint32_t hosts[SCENE_PATH_MAX];
    edit(&s);
    cr_assert_eq(scene_path_at(&s.log, SLICE("out mx1"), 5, hosts), 2);
    cr_expect_eq(hosts[1], s.mx1);
    cr_assert_eq(scene_path(&s.log, SLICE("out mx1"), hosts), 2);
    cr_expect_neq(hosts[1], s.mx1);
    story_finish(&s);
}

Test(edited, what_waits_on_a_host_that_is_taken_away_is_nobodys_any_more)
{
    struct story s = {0};
    struct scene scene;
    story_world(&s, true);
    add(&s, 10, EVENT_MESSAGE,
        &(struct event_message){s.alice, 1, 0, story_text(&s, "b@c.test"), 0, 0});
    add(&s, 11, EVENT_QUEUE_ADD,
        &(struct event_queue_add){s.mta_out, 1, 0, story_text(&s, "Q1"), story_text(&s, "b@c.test"),
                                  0});
    add(&s, 12, EVENT_GONE, &(struct event_gone){s.pc_alice, 0, 0});
    add(&s, 13, EVENT_GONE, &(struct event_gone){s.out, 0, 1});
    scene_init(&scene, &s.log);
    seek(&scene, 12);
    cr_expect_eq(scene_holder(&scene, 1), s.mta_out);
    seek(&scene, 13);
    cr_expect_eq(scene_holder(&scene, 1), 0);
    cr_expect_eq(scene_find_message(&scene, 1)->state, SCENE_STATE_DISCARDED);
    cr_expect_eq(scene_host(&scene, s.out).queued, 0);
    seek(&scene, 11);
    cr_expect_eq(scene_host(&scene, s.out).queued, 1);
    scene_finish(&scene);
    story_finish(&s);
}

/* A new host without a place does not move those that have one. */
Test(edited, given_places_stay_when_others_are_worked_out)
{
    struct story s = {0};
    struct layout before, after;
    story_world(&s, true);
    layout_init(&before, &s.log);
    add(&s, 10, EVENT_HOST,
        &(struct event_host){story_text(&s, "new"), story_text(&s, "new.test"),
                             story_text(&s, "10.0.0.1"), 0, EVENT_UNSET, EVENT_UNSET});
    layout_init(&after, &s.log);
    for (uint32_t place = 1; place < log_place_count(&s.log); place++) {
        struct layout_point a = layout_at(&before, place), b = layout_at(&after, place);
        cr_expect(a.x == b.x && a.y == b.y, "%u", place);
    }
    layout_finish(&before);
    layout_finish(&after);
    story_finish(&s);
}
