/*
 * The map as a person handles it: closer and further, aside, along with the message, organisations
 * folded and opened, queues and mailboxes opened.
 */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/view/map_path.h"
#include "sim/base/vtime.h"
#include "tests/view/support_list.h"
#include "tests/view/support_map.h"

static int64_t time_of(const struct log *log, enum event_kind kind, int nth)
{
    for (uint32_t id = 0; id < log_count(log); id++)
        if (log_at(log, id)->kind == kind && nth-- == 0)
            return log_at(log, id)->t;
    cr_assert(false, "no such event");
    return 0;
}

/* ---- the camera ---- */

Test(map, wheel_keeps_the_point_under_the_mouse_where_it_is)
{
    struct support_map f;
    support_map_begin(&f);
    struct draw_box at = support_map_middle(support_map_host(&f, f.story.out)->all);
    for (int i = 0; i < 4; i++) {
        support_map_mouse(f.view, INPUT_MOVE, at.x, at.y, 0);
        support_map_mouse(f.view, INPUT_WHEEL, at.x, at.y, 1);
        support_map_draw(&f);
        struct draw_box now = support_map_middle(support_map_host(&f, f.story.out)->all);
        cr_expect(fabsf(now.x - at.x) < 3 && fabsf(now.y - at.y) < 3, "turn %d: %g %g, was %g %g",
                  i, now.x, now.y, at.x, at.y);
    }
    cr_expect(f.view->map.camera.zoom > 2);
    for (int i = 0; i < 8; i++)
        map_zoom_act(f.view, 0);
    map_fit_act(f.view, 0);
    cr_expect_eq(f.view->map.camera.zoom, 1);
    support_map_end(&f);
}

Test(map, what_is_drawn_on_the_screen_is_found_there_again)
{
    struct support_map f;
    support_map_begin(&f);
    map_zoom_act(f.view, 1);
    map_zoom_act(f.view, 1);
    support_map_draw(&f);
    for (size_t i = 0; i < f.view->map.hosts.count; i++) {
        const struct map_host *h = &f.view->map.hosts.items[i];
        float x, y;
        map_from_screen(f.view, h->all.x + h->all.w / 2, h->all.y + h->all.h / 2, &x, &y);
        cr_expect(fabsf(x - h->x) < 1.5f && fabsf(y - h->y) < 1.5f, "%g %g for %g %g", x, y, h->x,
                  h->y);
    }
    support_map_end(&f);
}

/* A point of the map on which nothing stands. */
static void find_ground(const struct support_map *f, float *x, float *y)
{
    const struct draw_box map = f->view->map.box;
    for (*y = map.y + 10; *y < map.y + map.h; *y += 10)
        for (*x = map.x + 10; *x < map.x + map.w; *x += 10) {
            const struct ui_widget *w = ui_find_at(&f->view->ui, *x, *y, false);
            if (w && strcmp(w->name, "map") == 0)
                return;
        }
    cr_assert(false, "there is no ground");
}

Test(map, dragging_the_ground_moves_all_and_a_press_finds_cards_where_they_are_now)
{
    struct support_map f;
    support_map_begin(&f);
    map_zoom_act(f.view, 1);
    map_zoom_act(f.view, 1);
    support_map_draw(&f);
    struct draw_box before = support_map_host(&f, f.story.out)->card;
    float x, y;
    find_ground(&f, &x, &y);
    support_map_drag(&f, x, y, x + 60, y + 30);
    struct draw_box after = support_map_host(&f, f.story.out)->card;
    cr_expect(fabsf(after.x - before.x - 60) < 3, "%g", after.x - before.x);
    cr_expect(fabsf(after.y - before.y - 30) < 3, "%g", after.y - before.y);
    cr_expect(view_press_widget(f.view, "host-out"));
    cr_expect_eq(f.view->chosen_host, f.story.out);
    struct view_request request;
    cr_expect(!view_take_request(f.view, &request), "looking asks for nothing");
    support_map_end(&f);
}

Test(map, closer_shows_more_of_each_host_and_no_card_covers_another)
{
    struct support_map f;
    support_map_begin(&f);
    enum map_detail last = support_map_host(&f, f.story.mx1)->detail;
    for (int i = 0; i < 12; i++) {
        map_zoom_act(f.view, 1);
        support_map_draw(&f);
        enum map_detail now = support_map_host(&f, f.story.mx1)->detail;
        cr_expect(now <= last, "never less when one comes closer");
        last = now;
    }
    cr_expect_eq(last, MAP_FULL);
    support_map_end(&f);
}

Test(map, following_keeps_the_message_in_sight)
{
    struct support_map f;
    support_map_begin(&f);
    view_choose_message(f.view, 1);
    for (int i = 0; i < 5; i++)
        map_zoom_act(f.view, 1);
    map_follow_act(f.view, 0);
    for (int n = 0; n < 3; n++) {
        view_seek(f.view, time_of(&f.story.log, EVENT_ACCEPT, n));
        view_choose_message(f.view, 1);
        support_map_draw(&f);
        const struct map_host *holder = map_find(f.view, map_message_place(f.view));
        cr_assert(holder);
        cr_expect(holder->is_seen, "accept %d", n);
    }
    float x = f.view->map.shown.x;
    view_seek(f.view, time_of(&f.story.log, EVENT_ACCEPT, 0));
    support_map_draw(&f);
    cr_expect_neq(f.view->map.shown.x, x, "and it moved for that");
    support_map_end(&f);
}

Test(map, the_picture_at_a_moment_is_the_same_whichever_way_it_was_reached)
{
    struct support_map f;
    struct bytes one, two;
    support_map_begin(&f);
    bytes_init(&one, SIZE_MAX);
    bytes_init(&two, SIZE_MAX);
    map_follow_act(f.view, 0);
    int64_t t = time_of(&f.story.log, EVENT_ACCEPT, 1) - 5 * VTIME_MS;
    view_seek(f.view, t);
    support_picture(f.view, &f.list, &one);
    for (int64_t at = 0; at < t; at += t / 40) {
        view_seek(f.view, at);
        support_map_draw(&f);
    }
    view_seek(f.view, log_end(&f.story.log));
    support_map_draw(&f);
    view_seek(f.view, t);
    support_picture(f.view, &f.list, &two);
    cr_expect(slice_equal(bytes_slice(&one), bytes_slice(&two)));
    bytes_finish(&one);
    bytes_finish(&two);
    support_map_end(&f);
}

/* ---- what comes and goes ---- */

Test(map, what_is_gone_is_drawn_no_more_and_what_came_is_drawn_from_then_on)
{
    struct support_map f;
    support_map_begin(&f);
    struct log *log = &f.story.log;
    int64_t t = log_end(log) + VTIME_S;
    uint32_t id = log_intern(log, SLICE("mx9"));
    log_add(log, t, 0, EVENT_HOST, 0,
            &(struct event_host){id, id, log_intern(log, SLICE("203.0.113.9")), 0, 300, 300});
    log_add(log, t + VTIME_S, 0, EVENT_GONE, 0, &(struct event_gone){f.story.dns, 0, 0});
    float x, y;
    support_map_draw(&f);
    cr_expect(!view_find_widget(f.view, "host-mx9", &x, &y));
    view_seek(f.view, t);
    support_map_draw(&f);
    cr_expect(view_find_widget(f.view, "host-mx9", &x, &y));
    cr_expect(view_find_widget(f.view, "host-dns", &x, &y));
    view_seek(f.view, t + VTIME_S);
    support_map_draw(&f);
    cr_expect(!view_find_widget(f.view, "host-dns", &x, &y));
    support_map_end(&f);
}

/* ---- queues and mailboxes ---- */

Test(map, a_queue_opens_beside_its_card_and_its_rows_choose_the_message)
{
    struct support_map f;
    story_world(&f.story, true);
    story_dead_host(&f.story);
    support_map_start(&f);
    view_seek(f.view, time_of(&f.story.log, EVENT_QUEUE_DEFER, 0));
    support_map_draw(&f);
    cr_expect(view_press_widget(f.view, "queue-out"));
    cr_expect(support_shows(f.view, &f.list, "1 waits at out"));
    cr_expect(support_shows(f.view, &f.list, "try 1 failed"));
    support_map_draw(&f);
    cr_expect(view_press_widget(f.view, "stack-1"));
    cr_expect_eq(f.view->chosen_msg, 1);
    support_key(f.view, INPUT_KEY_ESCAPE);
    support_map_draw(&f);
    float x, y;
    cr_expect(!view_find_widget(f.view, "stack-1", &x, &y), "Escape closes the list first");
    cr_expect_eq(f.view->chosen_msg, 1, "and leaves what is chosen");
    support_map_end(&f);
}

Test(map, a_mailbox_shows_what_lies_in_it_at_that_moment)
{
    struct support_map f;
    support_map_begin(&f);
    view_seek(f.view, time_of(&f.story.log, EVENT_DELIVER, 0));
    support_map_draw(&f);
    cr_expect(view_press_widget(f.view, "store-mx1"));
    cr_expect(support_shows(f.view, &f.list, "1 in the store of mx1"));
    view_seek(f.view, 0);
    cr_expect(support_shows(f.view, &f.list, "0 in the store of mx1"));
    support_map_end(&f);
}

/* ---- many hosts ---- */

enum { HUB = 1 };

/* Organisations of so many hosts each, a link from each host to the hub. With positions those of
   an organisation stand in one place, ten organisations in a row. */
static void crowd(struct support_map *f, uint32_t admds, uint32_t hosts, bool has_positions)
{
    struct log *log = &f->story.log;
    char id[64];
    f->story = (struct story){0};
    log_init(log);
    log_add(log, 0, 0, EVENT_RUN, 0, &(struct event_run){0});
    uint32_t text = log_intern(log, SLICE("hub"));
    log_add(log, 0, 0, EVENT_HOST, 0,
            &(struct event_host){text, text, 0, 0, has_positions ? 500 : EVENT_UNSET,
                                 has_positions ? 900 : EVENT_UNSET});
    const uint32_t unset = EVENT_UNSET;
    for (uint32_t a = 0; a < admds; a++) {
        snprintf(id, sizeof id, "org%u", (unsigned)a);
        uint32_t admd = log_intern(log, slice_of(id));
        log_add(log, 0, 0, EVENT_ADMD, 0, &(struct event_admd){admd, admd, 0});
        for (uint32_t h = 0; h < hosts; h++) {
            snprintf(id, sizeof id, "h%u-%u", (unsigned)a, (unsigned)h);
            text = log_intern(log, slice_of(id));
            log_add(log, 0, 0, EVENT_HOST, 0,
                    &(struct event_host){text, text, 0, admd, has_positions ? a % 10 * 100 : unset,
                                         has_positions ? a / 10 * 150 : unset});
            uint32_t place = log_place_count(log);
            log_add(log, 0, 0, EVENT_LINK, 0, &(struct event_link){text, HUB, place, 20000, 0, 0});
            uint32_t role = log_intern(log, SLICE("mta"));
            snprintf(id, sizeof id, "mta-%u", (unsigned)place);
            log_add(log, 0, 0, EVENT_AGENT, 0,
                    &(struct event_agent){log_intern(log, slice_of(id)), place, role, 0, 0});
        }
    }
    support_map_start(f);
}

Test(map, above_sixty_hosts_an_organisation_is_one_card_that_a_press_opens)
{
    struct support_map f;
    crowd(&f, 8, 10, false);
    cr_expect_eq(f.view->map.hosts.count, 9, "eight folds and the hub");
    cr_expect_eq(f.view->map.lines.count, 8, "a line to each");
    cr_expect(support_shows(f.view, &f.list, "10 hosts"));
    support_map_draw(&f);
    cr_expect(view_press_widget(f.view, "fold-org3"));
    support_map_draw(&f);
    cr_expect_eq(f.view->map.hosts.count, 18);
    float x, y;
    cr_expect(view_find_widget(f.view, "host-h3-7", &x, &y));
    cr_expect(view_press_widget(f.view, "admd-org3"), "its name closes it again");
    support_map_draw(&f);
    cr_expect_eq(f.view->map.hosts.count, 9);
    map_unfold_all_act(f.view, 0);
    support_map_draw(&f);
    cr_expect_eq(f.view->map.hosts.count, 81);
    support_map_end(&f);
}

Test(map, an_organisation_is_called_as_at_the_moment_shown_and_keeps_its_colour)
{
    struct support_map f;
    crowd(&f, 3, 2, false);
    uint32_t id = log_intern(&f.story.log, SLICE("org1"));
    struct event_admd renamed = {id, log_intern(&f.story.log, SLICE("Elm House")), 0};
    log_add(&f.story.log, VTIME_S, 0, EVENT_ADMD, 0, &renamed);
    for (int64_t t = 0; t <= VTIME_S; t += VTIME_S) {
        view_seek(f.view, t);
        support_map_draw(&f);
        cr_expect_eq(support_shows(f.view, &f.list, "Elm House"), t == VTIME_S);
        for (size_t i = 0; i < f.view->map.groups.count; i++)
            if (f.view->map.groups.items[i].admd == id)
                cr_expect_eq(f.view->map.groups.items[i].tint, 1);
    }
    support_map_end(&f);
}

static float dot_width(const struct support_map *f)
{
    const struct map_host *host = &f->view->map.hosts.items[0];
    cr_expect_eq(host->detail, MAP_DOT);
    return host->card.w;
}

Test(map, dots_leave_room_between_them_and_grow_with_who_comes_closer)
{
    struct support_map f;
    crowd(&f, 8, 300, false);
    map_unfold_all_act(f.view, 0);
    support_map_draw(&f);
    float few = dot_width(&f);
    map_zoom_act(f.view, 1);
    map_zoom_act(f.view, 1);
    support_map_draw(&f);
    cr_expect_lt(few, 8);
    cr_expect_gt(dot_width(&f), few);
    support_map_end(&f);
}

Test(map, sixty_hosts_are_not_folded_until_a_person_does_so)
{
    struct support_map f;
    crowd(&f, 5, 4, false);
    cr_expect_eq(f.view->map.hosts.count, 21);
    cr_expect(view_press_widget(f.view, "admd-org1"));
    support_map_draw(&f);
    cr_expect_eq(f.view->map.hosts.count, 18);
    support_map_end(&f);
}

Test(map, counts_of_a_fold_are_those_of_its_hosts_at_every_moment)
{
    struct support_map f;
    crowd(&f, 8, 10, false);
    struct log *log = &f.story.log;
    uint32_t host_place = log_find_place(log, SLICE("h2-4")), text = log_intern(log, SLICE("x"));
    log_add(log, VTIME_S, 0, EVENT_MESSAGE, 0,
            &(struct event_message){host_place, 1, 0, 0, text, 0});
    log_add(log, VTIME_S, 0, EVENT_ACCEPT, 0, &(struct event_accept){host_place, 1, 0, text, 0, 0});
    log_add(log, 2 * VTIME_S, 0, EVENT_QUEUE_ADD, 0,
            &(struct event_queue_add){host_place, 1, 1, text, text, 0});
    map_unfold_all_act(f.view, 0);
    map_unfold_all_act(f.view, 0);
    static const int64_t moments[] = {0, 2, 0, 2, 1, 2};
    for (size_t i = 0; i < sizeof moments / sizeof *moments; i++) {
        view_seek(f.view, moments[i] * VTIME_S);
        support_map_draw(&f);
        const struct map_host *fold = support_map_host(&f, host_place);
        cr_assert(fold->is_fold);
        cr_expect_eq(map_group_counts(f.view, &f.view->map.groups.items[fold->group])->queued,
                     moments[i] == 2, "at %d s", (int)moments[i]);
    }
    support_map_end(&f);
}

/* What a frame draws depends on what is shown, not on how many hosts there are behind it. */
Test(map, ten_thousand_hosts_in_folds_draw_no_more_than_a_thousand_do)
{
    struct support_map few, many;
    crowd(&few, 50, 20, true);
    crowd(&many, 50, 200, true);
    cr_expect_eq(few.view->map.hosts.count, many.view->map.hosts.count);
    support_map_draw(&few);
    support_map_draw(&many);
    cr_expect_eq(few.list.items.count, many.list.items.count, "%zu and %zu", few.list.items.count,
                 many.list.items.count);
    cr_expect_eq(few.view->ui.widgets.count, many.view->ui.widgets.count);
    uint32_t serial = many.view->map.serial;
    uint64_t stamp = many.view->map.layer_stamp;
    for (int i = 0; i < 100; i++)
        support_map_draw(&many);
    cr_expect_eq(many.view->map.serial, serial, "nothing is arranged anew");
    cr_expect_eq(many.view->map.layer_stamp, stamp, "and nothing of the ground is drawn anew");
    support_map_end(&few);
    support_map_end(&many);
}

Test(map, hosts_out_of_sight_are_not_drawn)
{
    struct support_map f;
    crowd(&f, 12, 12, false);
    map_unfold_all_act(f.view, 0);
    support_map_draw(&f);
    size_t all = f.list.items.count;
    for (int i = 0; i < 14; i++)
        map_zoom_act(f.view, 1);
    support_map_draw(&f);
    cr_expect(f.view->map.seen.count < f.view->map.hosts.count / 4);
    cr_expect(f.list.items.count < all);
    support_map_end(&f);
}
