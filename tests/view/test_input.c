#include <criterion/criterion.h>

#include <string.h>

#include "render/view/state.h"
#include "sim/base/vtime.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

struct fixture {
    struct story story;
    struct draw_list list;
    struct view *view;
};

static void begin(struct fixture *f)
{
    story_world(&f->story, true);
    story_first_mail(&f->story);
    support_list_init(&f->list);
    f->view = view_create(&f->story.log);
    view_draw(f->view, &f->list, 1920, 1080);
}

static void end(struct fixture *f)
{
    view_destroy(f->view);
    draw_finish(&f->list);
    story_finish(&f->story);
}

static void press(struct fixture *f, const char *name)
{
    view_draw(f->view, &f->list, 1920, 1080);
    cr_assert(view_press_widget(f->view, name), "no widget %s", name);
    view_draw(f->view, &f->list, 1920, 1080);
}

static int kind_at(const struct view *view)
{
    uint32_t count = log_count_until(view->log, view->t);
    for (uint32_t id = count; id-- > 0 && log_at(view->log, id)->t == view->t;)
        if (index_below(&view->index.hops, id) < view->index.hops.ids.count &&
            view->index.hops.ids.items[index_below(&view->index.hops, id)] == id)
            return log_at(view->log, id)->kind;
    return -1;
}

Test(input, hops_go_from_hand_to_hand_and_back)
{
    struct fixture f;
    begin(&f);
    const int hops[] = {EVENT_ACCEPT, EVENT_ACCEPT, EVENT_ACCEPT, EVENT_DELIVER, EVENT_FETCH};
    struct input_event right = {.kind = INPUT_KEY, .key = INPUT_KEY_RIGHT, .shift = true};
    struct input_event left = {.kind = INPUT_KEY, .key = INPUT_KEY_LEFT, .shift = true};
    for (size_t i = 0; i < 5; i++) {
        view_input(f.view, &right);
        support_settle(f.view);
        cr_expect_eq(kind_at(f.view), hops[i], "hop %zu", i);
    }
    for (size_t i = 4; i-- > 0;) {
        view_input(f.view, &left);
        cr_expect_eq(kind_at(f.view), hops[i], "back to hop %zu", i);
    }
    end(&f);
}

Test(input, turns_and_events_step_both_ways)
{
    struct fixture f;
    begin(&f);
    support_key(f.view, ']');
    support_settle(f.view);
    int64_t first = view_t(f.view);
    cr_expect_eq(log_at(&f.story.log, f.view->index.turns.ids.items[0])->t, first);
    support_key(f.view, INPUT_KEY_DOWN);
    support_settle(f.view);
    cr_expect_gt(view_t(f.view), first);
    support_key(f.view, '[');
    cr_expect_eq(view_t(f.view), first);
    press(&f, "event-back");
    cr_expect_lt(view_t(f.view), first);
    end(&f);
}

/* Curriculum 5.3: what slides takes at most 1.5 s. */
Test(input, a_step_forward_glides_for_less_than_a_second)
{
    struct fixture f;
    begin(&f);
    view_input(f.view,
               &(struct input_event){.kind = INPUT_KEY, .key = INPUT_KEY_RIGHT, .shift = true});
    int ms = 0;
    for (; view_is_moving(f.view) && ms < 5000; ms += 16)
        view_tick(f.view, 16);
    cr_expect_lt(ms, 1000);
    cr_expect_gt(ms, 100, "it is seen");
    end(&f);
}

/* Ten minutes without an event are leapt over, and it is said. */
Test(input, playing_gives_events_their_time_and_leaps_over_silence)
{
    struct fixture f;
    begin(&f);
    support_key(f.view, ' ');
    cr_assert(view_is_playing(f.view));
    int ms = 0;
    bool was_leap_told = false;
    for (; view_t(f.view) < log_end(&f.story.log) && ms < 200000; ms += 16) {
        int64_t before = view_t(f.view);
        view_tick(f.view, 16);
        cr_assert_geq(view_t(f.view), before);
        if (view_t(f.view) > 5 * VTIME_MIN && !was_leap_told)
            was_leap_told = support_shows(f.view, &f.list, "leapt over 10min");
    }
    cr_expect(was_leap_told);
    cr_expect(ms > 20000 && ms < 120000, "%d ms for about a hundred turns", ms);
    struct view_request request;
    view_tick(f.view, 16);
    cr_assert(view_take_request(f.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_MORE, "at the end of the log the world is to go on");
    end(&f);
}

Test(input, pace_keys_change_how_fast_it_plays)
{
    struct fixture f;
    begin(&f);
    support_key(f.view, ' ');
    view_tick(f.view, 1000);
    int64_t plain = view_t(f.view);
    view_seek(f.view, 0);
    press(&f, "faster");
    support_key(f.view, '+');
    support_key(f.view, ' ');
    view_tick(f.view, 1000);
    cr_expect_gt(view_t(f.view), 3 * plain);
    for (int i = 0; i < 20; i++)
        support_key(f.view, '-');
    cr_expect_float_eq(play_speed(f.view), 0.125f, 1e-6);
    end(&f);
}

Test(input, the_time_line_shows_microseconds_and_days_alike)
{
    struct fixture f;
    begin(&f);
    float last = -1;
    for (uint32_t id = 0; id < log_count(&f.story.log); id++) {
        float share = play_share(f.view, log_at(&f.story.log, id)->t);
        cr_assert(share >= last && share <= 1);
        last = share;
    }
    for (float share = 0.05f; share < 1; share += 0.07f) {
        float again = play_share(f.view, play_at_share(f.view, share));
        cr_expect_float_eq(again, share, 0.04, "%.2f became %.2f", share, again);
    }
    press(&f, "scrub");
    cr_expect_gt(view_t(f.view), 0);
    cr_expect_lt(view_t(f.view), log_end(&f.story.log));
    end(&f);
}

Test(input, a_form_sends_what_was_typed_and_not_the_key_that_opened_it)
{
    struct fixture f;
    begin(&f);
    support_key(f.view, 'm');
    view_draw(f.view, &f.list, 1920, 1080);
    support_type(f.view, "m"); /* the same press, as text */
    cr_expect(support_shows(f.view, &f.list, "alice@example.com"), "filled in from the trace");
    for (int i = 0; i < 5; i++)
        support_key(f.view, INPUT_KEY_BACKSPACE);
    support_type(f.view, "Gr\xC3\xBC\xC3\x9F"
                         "e");
    support_key(f.view, INPUT_KEY_TAB);
    support_type(f.view, "first");
    support_key(f.view, INPUT_KEY_ENTER);
    support_type(f.view, "second");
    press(&f, "compose-send");
    struct view_request request;
    cr_assert(view_take_request(f.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_DO);
    cr_expect_str_eq(request.text, "send from=\"alice@example.com\" to=\"bob@example.org\" "
                                   "subject=\"Gr\xC3\xBC\xC3\x9F"
                                   "e\" body=\"first\\nsecond\"");
    cr_expect(!view_take_request(f.view, &request));
    end(&f);
}

Test(input, faults_and_mail_are_asked_for_by_name)
{
    struct fixture f;
    begin(&f);
    struct view_request request;
    support_key(f.view, 'f');
    press(&f, "fault-mx1-off");
    cr_assert(view_take_request(f.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_DO);
    cr_expect_str_eq(request.text, "fault mx1-off on");
    support_key(f.view, INPUT_KEY_ESCAPE);
    press(&f, "get-mail");
    press(&f, "fetch-mua-bob");
    cr_assert(view_take_request(f.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_DO);
    cr_expect_str_eq(request.text, "fetch by=mua-bob");
    end(&f);
}

Test(input, what_lies_under_a_form_can_not_be_pressed)
{
    struct fixture f;
    begin(&f);
    float x, y;
    cr_assert(view_find_widget(f.view, "play", &x, &y));
    support_key(f.view, '?');
    view_draw(f.view, &f.list, 1920, 1080);
    cr_expect(!view_find_widget(f.view, "play", &x, &y));
    view_input(f.view, &(struct input_event){.kind = INPUT_PRESS, .x = 4, .y = 4, .button = 1});
    cr_expect(!view_is_playing(f.view));
    support_key(f.view, INPUT_KEY_ESCAPE);
    view_draw(f.view, &f.list, 1920, 1080);
    cr_expect(view_find_widget(f.view, "play", &x, &y));
    end(&f);
}

/* Curriculum 5.3: Tab goes through hosts from left to right; focus is always visible. */
Test(input, tab_reaches_every_widget_and_enter_presses_it)
{
    struct fixture f;
    begin(&f);
    bool seen_host = false, seen_play = false;
    for (int i = 0; i < 1000 && !(seen_host && seen_play); i++) {
        support_key(f.view, INPUT_KEY_TAB);
        view_draw(f.view, &f.list, 1920, 1080);
        seen_host = seen_host || strcmp(f.view->ui.focus, "host-mx1") == 0;
        seen_play = strcmp(f.view->ui.focus, "play") == 0;
        if (strcmp(f.view->ui.focus, "host-submit") == 0)
            cr_expect(!seen_host, "submit stands left of mx1");
    }
    cr_expect(seen_host);
    cr_assert(seen_play);
    support_key(f.view, INPUT_KEY_ENTER);
    cr_expect(view_is_playing(f.view));
    end(&f);
}

Test(input, a_log_that_grows_goes_on_where_a_step_waited)
{
    struct fixture f;
    begin(&f);
    view_seek(f.view, log_end(&f.story.log));
    support_key(f.view, INPUT_KEY_RIGHT);
    struct view_request request;
    cr_assert(view_take_request(f.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_MORE);
    int64_t before = view_t(f.view);
    f.story.t += VTIME_S;
    story_first_mail(&f.story);
    view_tick(f.view, 16);
    support_settle(f.view);
    cr_expect_gt(view_t(f.view), before);
    end(&f);
}

Test(input, any_key_anywhere_does_no_harm)
{
    struct fixture f;
    begin(&f);
    struct view_request request;
    for (int round = 0; round < 3; round++)
        for (int key = ' '; key <= INPUT_KEY_F1; key++) {
            view_input(f.view,
                       &(struct input_event){
                           .kind = INPUT_KEY, .key = key, .shift = round == 1, .ctrl = round == 2});
            support_type(f.view, "\xFF x");
            view_input(f.view, &(struct input_event){.kind = INPUT_MOVE,
                                                     .x = (float)(key * 7),
                                                     .y = (float)(key * 5)});
            view_input(f.view,
                       &(struct input_event){.kind = INPUT_WHEEL, .wheel = key % 2 ? 1 : -1});
            view_tick(f.view, 40);
            view_draw(f.view, &f.list, 1024, 700);
        }
    while (view_take_request(f.view, &request))
        ;
    end(&f);
}
