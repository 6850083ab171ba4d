/* Hosts that a person puts elsewhere on the map, with the mouse or with keys alone. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/view/doing.h"
#include "sim/base/vtime.h"
#include "tests/view/support_list.h"
#include "tests/view/support_map.h"

/* Does what was asked for, as the program would; how many hosts that moved. */
static size_t obey(struct support_map *f)
{
    struct log *log = &f->story.log;
    struct view_request request;
    size_t count = 0;
    cr_assert(view_take_request(f->view, &request));
    struct slice rest = slice_of(request.text), line;
    while (slice_cut(&rest, '\n', &line)) {
        char id[32] = "";
        unsigned x = 0, y = 0;
        cr_assert_eq(sscanf(line.data, "host move %31s x=%u y=%u", id, &x, &y), 3, "%s",
                     request.text);
        uint32_t host = 1;
        while (!slice_equal(scene_place_id(&f->view->scene, host), slice_of(id)))
            host++;
        log_add(log, log_end(log), 0, EVENT_POSITION, 0, &(struct event_position){host, x, y});
        count++;
    }
    cr_expect(!view_take_request(f->view, &request), "all of it is one deed, undone at once");
    view_seek(f->view, log_end(log));
    support_map_draw(f);
    return count;
}

Test(map_move, dragging_a_host_moves_it_and_asks_for_that_in_action_words)
{
    struct support_map f;
    struct view_request request;
    int x = -1, y = -1;
    support_map_begin(&f);
    struct draw_box from = support_map_middle(support_map_host(&f, f.story.dns)->card);
    support_map_drag(&f, from.x, from.y, from.x + 60, from.y + 30);
    cr_assert(view_take_request(f.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_DO);
    cr_expect_eq(sscanf(request.text, "host move dns x=%d y=%d", &x, &y), 2, "%s", request.text);
    cr_expect(x > 500 && x <= 1000, "the story has it at 500: %d", x);
    cr_expect(y > 100 && y <= 1000, "and at 100: %d", y);
    cr_expect_eq(f.view->chosen_host, f.story.dns);
    cr_expect(!view_take_request(f.view, &request), "once");
    support_map_end(&f);
}

Test(map_move, a_host_stands_where_it_was_put_from_that_moment_on)
{
    struct support_map f;
    support_map_begin(&f);
    struct log *log = &f.story.log;
    int64_t t = log_end(log) + VTIME_S;
    struct draw_box before = support_map_host(&f, f.story.dns)->card;
    log_add(log, t, 0, EVENT_POSITION, 0, &(struct event_position){f.story.dns, 950, 100});
    view_seek(f.view, t);
    support_map_draw(&f);
    cr_expect(support_map_host(&f, f.story.dns)->card.x > before.x + 50);
    view_seek(f.view, 0);
    support_map_draw(&f);
    cr_expect_eq(support_map_host(&f, f.story.dns)->card.x, before.x);
    support_map_end(&f);
}

static bool is_near(struct draw_box a, struct draw_box b)
{
    return fabsf(a.x - b.x) < 3 && fabsf(a.y - b.y) < 3;
}

/* The middles of all hosts, by their places. */
static void note_middles(const struct support_map *f, struct draw_box *middles)
{
    for (uint32_t host = 1; host < 16 && host <= log_place_count(&f->story.log); host++)
        if (log_host_of(&f->story.log, host) == host)
            middles[host] = support_map_middle(support_map_host(f, host)->all);
}

static void expect_middles(const struct support_map *f, const struct draw_box *middles)
{
    struct draw_box now[16];
    note_middles(f, now);
    for (uint32_t host = 1; host < 16 && host <= log_place_count(&f->story.log); host++)
        if (log_host_of(&f->story.log, host) == host)
            cr_expect(is_near(now[host], middles[host]), "%.*s",
                      SLICE_ARG(scene_place_id(&f->view->scene, host)));
}

Test(map_move, it_lands_where_it_was_let_go_and_the_others_stay_where_they_are)
{
    struct support_map f;
    struct draw_box middles[16];
    support_map_begin(&f);
    note_middles(&f, middles);
    struct draw_box from = middles[f.story.dns], to = {from.x, from.y + 60, 0, 0};
    middles[f.story.dns] = to;
    support_map_drag(&f, from.x, from.y, to.x, to.y);
    cr_expect_gt(obey(&f), 1u, "others were pushed aside; they keep the place they have now");
    expect_middles(&f, middles);
    support_map_drag(&f, to.x, to.y, to.x, to.y - 20);
    cr_expect_eq(obey(&f), 1u, "now all have their places: one line is enough");
    support_map_end(&f);
}

/* The mouse moves more often than pictures are drawn. */
Test(map_move, it_follows_the_mouse_where_the_map_is_looked_at_closely)
{
    struct support_map f;
    support_map_begin(&f);
    uint32_t host = f.story.dns;
    struct draw_box from = support_map_middle(support_map_host(&f, host)->card);
    support_map_mouse(f.view, INPUT_MOVE, from.x, from.y, 0);
    for (int i = 0; i < 3; i++)
        support_map_mouse(f.view, INPUT_WHEEL, from.x, from.y, 1);
    support_map_draw(&f);
    from = support_map_middle(support_map_host(&f, host)->card);
    support_map_mouse(f.view, INPUT_MOVE, from.x, from.y, 0);
    support_map_mouse(f.view, INPUT_PRESS, from.x, from.y, 0);
    for (int i = 1; i <= 10; i++)
        support_map_mouse(f.view, INPUT_MOVE, from.x + 4 * (float)i, from.y, 0);
    support_map_draw(&f);
    struct draw_box now = support_map_middle(support_map_host(&f, host)->card);
    cr_expect(fabsf(now.x - from.x - 40) < 3 && fabsf(now.y - from.y) < 3, "%g %g", now.x - from.x,
              now.y - from.y);
    support_map_end(&f);
}

Test(map_move, on_another_one_it_makes_way_not_the_other)
{
    struct support_map f;
    struct draw_box middles[16];
    support_map_begin(&f);
    note_middles(&f, middles);
    struct draw_box from = middles[f.story.pc_bob], onto = middles[f.story.mx1];
    support_map_drag(&f, from.x, from.y, onto.x, onto.y + 20);
    (void)obey(&f);
    struct draw_box bob = support_map_middle(support_map_host(&f, f.story.pc_bob)->all);
    cr_expect(fabsf(bob.y - from.y) > 20 || fabsf(bob.x - from.x) > 20, "it has moved");
    middles[f.story.pc_bob] = bob;
    expect_middles(&f, middles);
    cr_expect(fabsf(bob.y - onto.y) > 50 || fabsf(bob.x - onto.x) > 50, "beside it");
    support_map_end(&f);
}

/* ---- with keys alone ---- */

static void begin_with_keys(struct support_map *f)
{
    support_map_begin(f);
    f->view->chosen_host = f->story.dns;
    view_input(f->view,
               &(struct input_event){.kind = INPUT_KEY, .key = INPUT_KEY_F2, .shift = true});
    support_map_draw(f);
    cr_expect(support_shows(f->view, &f->list, "Arrow keys move it"));
}

Test(map_move, arrows_move_the_chosen_host_and_enter_puts_it_down)
{
    struct support_map f;
    begin_with_keys(&f);
    int64_t t = f.view->t;
    struct draw_box before = support_map_middle(support_map_host(&f, f.story.dns)->all);
    for (int i = 0; i < 4; i++)
        support_key(f.view, INPUT_KEY_DOWN);
    support_key(f.view, INPUT_KEY_UP);
    support_key(f.view, INPUT_KEY_RIGHT);
    support_key(f.view, INPUT_KEY_LEFT);
    support_map_draw(&f);
    struct draw_box seen = support_map_middle(support_map_host(&f, f.story.dns)->all);
    cr_expect(fabsf(seen.x - before.x) < 2 && seen.y > before.y + 20, "it is seen on its way");
    cr_expect_eq(f.view->t, t, "and the keys do nothing else");
    support_key(f.view, INPUT_KEY_ENTER);
    (void)obey(&f);
    cr_expect(is_near(support_map_middle(support_map_host(&f, f.story.dns)->all), seen));
    cr_expect(!support_shows(f.view, &f.list, "Arrow keys move it"));
    support_map_end(&f);
}

Test(map_move, escape_leaves_it_where_it_was)
{
    struct support_map f;
    struct view_request request;
    begin_with_keys(&f);
    struct draw_box before = support_map_host(&f, f.story.dns)->all;
    support_key(f.view, INPUT_KEY_LEFT);
    support_key(f.view, INPUT_KEY_ESCAPE);
    support_map_draw(&f);
    cr_expect_eq(support_map_host(&f, f.story.dns)->all.x, before.x);
    cr_expect(!view_take_request(f.view, &request));
    cr_expect_eq(f.view->chosen_host, f.story.dns, "it is still the chosen one");
    support_map_end(&f);
}

Test(map_move, another_tool_gives_it_up)
{
    struct support_map f;
    begin_with_keys(&f);
    support_key(f.view, INPUT_KEY_LEFT);
    support_key(f.view, 'i'); /* the row of tools opens */
    support_map_draw(&f);
    cr_expect_eq(f.view->map.drag.place, 0u);
    cr_expect_not(support_shows(f.view, &f.list, "Arrow keys move it"));
    support_map_end(&f);
}

Test(map_move, the_menu_of_a_host_begins_it_too)
{
    struct support_map f;
    support_map_begin(&f);
    f.view->chosen_host = f.story.dns;
    support_key(f.view, '.');
    support_map_draw(&f);
    cr_assert(view_press_widget(f.view, "menu-move"));
    support_map_draw(&f);
    cr_expect(support_shows(f.view, &f.list, "Arrow keys move it"));
    support_key(f.view, INPUT_KEY_RIGHT);
    support_key(f.view, INPUT_KEY_ENTER);
    cr_expect_geq(obey(&f), 1u);
    support_map_end(&f);
}
