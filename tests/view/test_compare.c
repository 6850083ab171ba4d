/* A fork: two runs side by side, of which one thing was changed. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "render/view/time_panels.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

struct fixture {
    struct story here, there;
    struct draw_list list;
    struct view *view;
};

static void draw(struct fixture *f)
{
    view_draw(f->view, &f->list, 1280, 800);
}

/* The first mail arrives; in the other run mx1 is switched off before. */
static void begin(struct fixture *f)
{
    story_world(&f->here, true);
    story_first_mail(&f->here);
    story_world(&f->there, true);
    struct event_input input = {story_text(&f->there, "fault mx1-off on")};
    log_add(&f->there.log, 0, 0, EVENT_INPUT, 0, &input);
    story_dead_host(&f->there);
    support_list_init(&f->list);
    f->view = view_create(&f->here.log);
    view_set_other(f->view, &f->there.log, 0);
    view_seek(f->view, 0);
    draw(f);
}

static void end(struct fixture *f)
{
    view_destroy(f->view);
    draw_finish(&f->list);
    story_finish(&f->here);
    story_finish(&f->there);
}

static void press(struct fixture *f, const char *name)
{
    draw(f);
    cr_assert(view_press_widget(f->view, name), "no widget %s", name);
    draw(f);
}

static bool take(struct fixture *f, enum view_request_kind kind, struct view_request *request)
{
    while (view_take_request(f->view, request))
        if (request->kind == kind)
            return true;
    return false;
}

Test(compare, what_happens_in_both_is_paired_and_what_does_not_stands_alone)
{
    struct fixture f;
    begin(&f);
    const struct compare *compare = &f.view->time->compare;
    int same = 0, delivered_here = 0, deferred_there = 0;
    size_t here = 0, there = 0;
    for (size_t i = 0; i < compare->hops.rows.count; i++) {
        const struct pairing_row *row = &compare->hops.rows.items[i];
        const struct event *a = row->here ? log_at(&f.here.log, row->here - 1) : NULL;
        const struct event *b = row->there ? log_at(&f.there.log, row->there - 1) : NULL;
        here += a != NULL;
        there += b != NULL;
        same += a && b;
        if (a && b)
            cr_expect_eq(a->kind, b->kind);
        delivered_here += a && !b && a->kind == EVENT_DELIVER;
        deferred_there += b && !a && b->kind == EVENT_QUEUE_DEFER;
    }
    cr_expect_eq(here, f.view->index.hops.ids.count, "every hop has its place, once");
    cr_expect_eq(there, f.view->other->index.hops.ids.count);
    cr_expect_geq(same, 2, "written, and taken by out");
    cr_expect_eq(delivered_here, 1);
    cr_expect_eq(deferred_there, 1);
    end(&f);
}

Test(compare, both_maps_are_drawn_under_their_names)
{
    struct fixture f;
    float x1, x2, y;
    begin(&f);
    cr_expect(support_shows(f.view, &f.list, "First run"));
    cr_expect(support_shows(f.view, &f.list, "What if: mx1 is switched off"));
    draw(&f);
    cr_assert(view_find_widget(f.view, "host-mx1", &x1, &y));
    cr_assert(view_find_widget(f.view, "other-host-mx1", &x2, &y));
    cr_expect_gt(x2, x1);
    view_set_other(f.view, NULL, 0);
    draw(&f);
    cr_expect(!view_find_widget(f.view, "other-host-mx1", &x2, &y));
    cr_expect(!support_shows(f.view, &f.list, "First run"));
    end(&f);
}

Test(compare, a_host_that_is_chosen_in_one_is_chosen_in_both)
{
    struct fixture f;
    begin(&f);
    press(&f, "other-host-mx1");
    cr_expect_eq(f.view->chosen_host, f.here.mx1);
    cr_expect_eq(f.view->other->chosen_host, f.here.mx1);
    press(&f, "host-out");
    cr_expect_eq(f.view->chosen_host, f.here.out);
    cr_expect_eq(f.view->other->chosen_host, f.here.out);
    end(&f);
}

Test(compare, they_show_the_same_moment_also_behind_the_end_of_the_shorter_one)
{
    struct fixture f;
    begin(&f);
    int64_t last = log_end(&f.there.log);
    cr_assert_gt(last, log_end(&f.here.log));
    support_key(f.view, INPUT_KEY_END);
    draw(&f);
    cr_expect_eq(view_t(f.view), last);
    cr_expect_eq(f.view->other->t, last);
    end(&f);
}

Test(compare, steps_go_by_the_run_that_is_chosen)
{
    struct fixture f;
    struct view_request request;
    begin(&f);
    cr_expect_eq(compare_shown(f.view), f.view->other, "the fork, until the person says otherwise");
    press(&f, "run-first");
    cr_assert(take(&f, VIEW_REQUEST_CHOOSE, &request));
    cr_expect_str_eq(request.text, "0");
    cr_expect_eq(compare_shown(f.view), f.view);
    for (int i = 0; i < 20; i++) {
        play_step(f.view, STEP_HOP_NEXT);
        support_settle(f.view);
    }
    cr_expect_eq(
        view_t(f.view),
        log_at(&f.here.log, f.view->index.hops.ids.items[f.view->index.hops.ids.count - 1])->t);
    end(&f);
}

Test(compare, what_differs_now_is_said)
{
    struct fixture f;
    begin(&f);
    view_seek(f.view, log_end(&f.here.log));
    draw(&f);
    struct slice words = compare_caption(f.view, &f.list.arena);
    cr_expect_neq(slice_find(words, SLICE("First run: "), 0), SLICE_NONE, "%.*s", SLICE_ARG(words));
    cr_expect_neq(slice_find(words, SLICE("What if: "), 0), SLICE_NONE);
    end(&f);
}

Test(compare, the_time_line_marks_what_the_shown_run_has_alone)
{
    struct fixture f;
    begin(&f);
    int marked = 0;
    for (size_t i = 0; i < f.view->time->strip.cells.count; i++)
        marked += f.view->time->strip.cells.items[i].differs;
    cr_expect_geq(marked, 1);
    view_set_other(f.view, NULL, 0);
    draw(&f);
    for (size_t i = 0; i < f.view->time->strip.cells.count; i++)
        cr_assert(!f.view->time->strip.cells.items[i].differs);
    end(&f);
}

Test(compare, one_is_kept_or_the_second_dropped)
{
    struct fixture f;
    struct view_request request;
    begin(&f);
    press(&f, "fork-keep");
    cr_expect(take(&f, VIEW_REQUEST_KEEP, &request));
    press(&f, "fork-drop");
    cr_expect(take(&f, VIEW_REQUEST_DROP, &request));
    end(&f);
}

Test(compare, an_event_that_is_chosen_in_the_list_of_both_moves_both)
{
    struct fixture f;
    begin(&f);
    docks_show(f.view, "compare");
    docks_big_act(f.view, DOCK_RUN + 1);
    size_t row = 0;
    const struct compare *compare = &f.view->time->compare;
    while (!compare->hops.rows.items[row].there || compare->hops.rows.items[row].here)
        row++;
    char name[UI_NAME];
    snprintf(name, sizeof name, "there-%zu", row);
    press(&f, name);
    int64_t t = log_at(&f.there.log, compare->hops.rows.items[row].there - 1)->t;
    cr_expect_eq(view_t(f.view), t);
    cr_expect_eq(f.view->other->t, t);
    end(&f);
}

Test(compare, what_if_asks_for_a_second_run_with_one_line_more)
{
    struct fixture f;
    struct view_request request;
    begin(&f);
    view_set_other(f.view, NULL, 0);
    view_seek(f.view, VTIME_S);
    press(&f, "host-mx1");
    support_key(f.view, 'v');
    char name[UI_NAME];
    snprintf(name, sizeof name, "if-host-%u", (unsigned)f.here.mx1);
    press(&f, name);
    cr_assert(take(&f, VIEW_REQUEST_FORK, &request));
    cr_expect_str_eq(request.text, "fault host-down mx1 on");
    cr_expect_eq(request.t, VTIME_S);
    support_key(f.view, 'v');
    press(&f, "if-line");
    f.view->swallows_text = false; /* the letter of the key that opened the form is gone by now */
    support_type(f.view, "set mta-out retry=fast");
    support_key(f.view, INPUT_KEY_ENTER);
    cr_assert(take(&f, VIEW_REQUEST_FORK, &request));
    cr_expect_str_eq(request.text, "set mta-out retry=fast");
    end(&f);
}

Test(compare, the_right_button_on_a_map_is_about_the_run_that_it_shows)
{
    struct fixture f;
    struct view_request request;
    float x, y;
    begin(&f);
    static const char *const hosts[] = {"host-mx1", "other-host-mx1"};
    for (uint32_t i = 0; i < 4; i++) {
        uint32_t run = i % 2;
        cr_assert(view_find_widget(f.view, hosts[run], &x, &y), "%s", hosts[run]);
        struct input_event event = {.kind = INPUT_PRESS, .x = x, .y = y, .button = 3};
        view_input(f.view, &event);
        cr_expect_eq(f.view->time->compare.chosen, run);
        cr_expect(take(&f, VIEW_REQUEST_CHOOSE, &request), "%u: the program is told", i);
        cr_expect_str_eq(request.text, run ? "1" : "0");
        support_key(f.view, INPUT_KEY_ESCAPE);
        draw(&f);
    }
    view_choose_run(f.view, 0);
    draw(&f);
    cr_expect_eq(f.view->time->compare.chosen, 0);
    end(&f);
}

Test(compare, has_a_text_twin_that_can_be_copied)
{
    struct fixture f;
    struct arena arena;
    struct bytes out;
    arena_init(&arena);
    bytes_init(&out, SIZE_MAX);
    begin(&f);
    view_seek(f.view, log_end(&f.there.log));
    draw(&f);
    compare_tell(f.view, &arena, &out);
    struct slice told = bytes_slice(&out);
    cr_expect_neq(slice_find(told, SLICE("In both: 09:00:00"), 0), SLICE_NONE, "%.*s",
                  SLICE_ARG(told));
    cr_expect_neq(slice_find(told, SLICE("\nFirst run: 09:00:"), 0), SLICE_NONE);
    cr_expect_neq(slice_find(told, SLICE("\nWhat if: "), 0), SLICE_NONE);
    view_set_other(f.view, NULL, 0);
    bytes_clear(&out);
    compare_tell(f.view, &arena, &out);
    cr_expect_neq(slice_find(bytes_slice(&out), SLICE("one run only"), 0), SLICE_NONE);
    bytes_finish(&out);
    arena_finish(&arena);
    end(&f);
}

/* The run that bounces has a notice, which the other one has not: that is no state of the letter.
 */
Test(compare, both_runs_are_compared_by_a_message_that_both_have)
{
    struct fixture f;
    struct arena arena;
    arena_init(&arena);
    begin(&f);
    struct event_message notice = {f.there.out,
                                   2,
                                   0,
                                   story_text(&f.there, "alice@example.com"),
                                   story_text(&f.there, "It came back"),
                                   0};
    log_add(&f.there.log, log_end(&f.there.log) + 1, 0, EVENT_MESSAGE, 0, &notice);
    view_destroy(f.view);
    f.view = view_create(&f.there.log);
    view_set_other(f.view, &f.here.log, 0);
    view_seek(f.view, log_end(&f.there.log));
    draw(&f);
    cr_assert_eq(f.view->msg, 2, "the notice was last");
    struct slice caption = compare_caption(f.view, &arena);
    cr_expect(slice_starts(caption, SLICE("First run: bounced")), "%.*s", SLICE_ARG(caption));
    cr_expect_neq(slice_find(caption, SLICE("What if: pc-bob has fetched"), 0), SLICE_NONE, "%.*s",
                  SLICE_ARG(caption));
    arena_finish(&arena);
    end(&f);
}
