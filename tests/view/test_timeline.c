/* The strip above the time line: lanes by the pixel, faults, clock times, zoom, and bookmarks. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>

#include "render/view/time_panels.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

struct fixture {
    struct story story;
    struct draw_list list;
    struct view *view;
};

static void draw(struct fixture *f)
{
    view_draw(f->view, &f->list, 1920, 1080);
}

static void begin(struct fixture *f, uint32_t mails)
{
    story_world(&f->story, true);
    if (mails == 0)
        story_dead_host(&f->story);
    else if (mails == 1)
        story_first_mail(&f->story);
    else
        story_many_mails(&f->story, mails);
    support_list_init(&f->list);
    f->view = view_create(&f->story.log);
    view_seek(f->view, 0);
    draw(f);
}

static void end(struct fixture *f)
{
    view_destroy(f->view);
    draw_finish(&f->list);
    story_finish(&f->story);
}

static struct draw_box bar_of(struct fixture *f)
{
    const struct ui_widget *bar = ui_find(&f->view->ui, "scrub");
    cr_assert_not_null(bar);
    return bar->box;
}

/* The cell that stands for an event of this kind, or NULL. */
static const struct strip_cell *cell_of(struct fixture *f, enum event_kind kind, bool is_trouble)
{
    const struct strip *strip = &f->view->time->strip;
    for (size_t i = 0; i < strip->cells.count; i++) {
        uint32_t id = is_trouble ? strip->cells.items[i].trouble : strip->cells.items[i].hop;
        if (id && log_at(&f->story.log, id - 1)->kind == kind)
            return &strip->cells.items[i];
    }
    return NULL;
}

Test(timeline, an_event_stands_in_the_cell_of_its_time)
{
    static const enum event_kind hops[] = {EVENT_MESSAGE, EVENT_ACCEPT, EVENT_DELIVER, EVENT_FETCH};
    struct fixture f;
    begin(&f, 1);
    for (size_t i = 0; i < sizeof hops / sizeof hops[0]; i++) {
        const struct strip_cell *cell = cell_of(&f, hops[i], false);
        cr_assert_not_null(cell, "%s", event_kinds[hops[i]].name);
        float at = (float)(cell - f.view->time->strip.cells.items);
        float x = strip_x(f.view, bar_of(&f), log_at(&f.story.log, cell->hop - 1)->t);
        cr_expect_float_eq(x - bar_of(&f).x, at, 2, "%s", event_kinds[hops[i]].name);
    }
    cr_expect_null(cell_of(&f, EVENT_QUEUE_DEFER, true));
    end(&f);
}

Test(timeline, troubles_have_a_lane_of_their_own)
{
    struct fixture f;
    begin(&f, 0);
    cr_expect_not_null(cell_of(&f, EVENT_QUEUE_DEFER, true));
    cr_expect_not_null(cell_of(&f, EVENT_QUEUE_GIVEUP, true));
    const struct index_list *troubles = &f.view->index.troubles;
    cr_assert_eq(troubles->ids.count, 4u);
    cr_expect_eq(log_at(&f.story.log, troubles->ids.items[0])->kind, EVENT_CRASH);
    cr_expect_eq(log_at(&f.story.log, troubles->ids.items[1])->kind, EVENT_TCP_OPEN,
                 "the attempt that timed out");
    end(&f);
}

Test(timeline, silence_and_open_connections_are_known)
{
    struct fixture f;
    size_t leaps = 0;
    begin(&f, 1);
    const struct strip *strip = &f.view->time->strip;
    for (size_t i = 0; i < strip->cells.count; i++)
        leaps += strip->cells.items[i].leap != 0;
    cr_expect_eq(leaps, 1u, "ten minutes before Bob fetches");
    cr_expect_eq(strip->open_most, 1u);
    const struct index *index = &f.view->index;
    cr_assert_eq(index->conns.ids.count, 8u, "four connections open, and close");
    cr_expect_eq(index->conns_open.items[7], 0u);
    end(&f);
}

Test(timeline, a_fault_is_a_bar_from_its_start_to_its_end)
{
    struct fixture f;
    char name[UI_NAME];
    begin(&f, 0);
    cr_assert_eq(f.view->index.spans.count, 1u, "the crash is the fault's own");
    uint32_t on = f.view->index.spans.items[0].on;
    cr_expect_eq(f.view->index.spans.items[0].off, 0u, "it lasts");
    struct event_fault off = {story_text(&f.story, "mx1-off"), story_text(&f.story, "off"),
                              story_text(&f.story, "host-down"), story_text(&f.story, "mx1"), 0};
    uint32_t ended = log_add(&f.story.log, f.story.t, 0, EVENT_FAULT, 0, &off);
    view_seek(f.view, log_end(&f.story.log));
    draw(&f);
    cr_expect_eq(f.view->index.spans.items[0].off, ended);
    snprintf(name, sizeof name, "span-%u", (unsigned)on);
    const struct ui_widget *bar = ui_find(&f.view->ui, name);
    cr_assert_not_null(bar);
    cr_expect(slice_equal(bar->tip, SLICE("mx1 is switched off")), "%.*s", SLICE_ARG(bar->tip));
    cr_assert(view_press_widget(f.view, name));
    cr_expect_eq(view_t(f.view), log_at(&f.story.log, on)->t);
    end(&f);
}

Test(timeline, a_host_that_stops_by_itself_is_a_bar_until_it_starts)
{
    struct fixture f;
    begin(&f, 1);
    struct event_crash crash = {f.story.mx1};
    struct event_boot boot = {f.story.mx1};
    uint32_t on = log_add(&f.story.log, f.story.t, 1, EVENT_CRASH, 0, &crash);
    uint32_t off = log_add(&f.story.log, f.story.t + VTIME_MIN, on, EVENT_BOOT, 0, &boot);
    draw(&f);
    cr_assert_eq(f.view->index.spans.count, 1u);
    cr_expect_eq(f.view->index.spans.items[0].on, on);
    cr_expect_eq(f.view->index.spans.items[0].off, off);
    end(&f);
}

static void turn_wheel(struct fixture *f, float share, float lines)
{
    struct draw_box bar = bar_of(f);
    struct input_event event = {.kind = INPUT_MOVE};
    event.x = (bar.x + bar.w * share) * f->view->zoom;
    event.y = (bar.y + bar.h / 2) * f->view->zoom;
    view_input(f->view, &event);
    event.kind = INPUT_WHEEL;
    event.wheel = lines;
    view_input(f->view, &event);
    draw(f);
}

Test(timeline, the_wheel_looks_closer_around_the_mouse_and_back_again)
{
    struct fixture f;
    begin(&f, 30);
    int64_t t = strip_at_x(f.view, bar_of(&f), bar_of(&f).x + bar_of(&f).w * 0.25f);
    for (int i = 0; i < 8; i++)
        turn_wheel(&f, 0.25f, 1);
    double width = strip_to(f.view) - strip_from(f.view);
    cr_expect_lt(width, 0.2);
    cr_expect_geq(strip_from(f.view), 0);
    cr_expect_float_eq(strip_x(f.view, bar_of(&f), t), bar_of(&f).x + bar_of(&f).w * 0.25f, 2,
                       "what was under the mouse stays there");
    for (int64_t at = t; at < t + VTIME_S; at += 100 * VTIME_MS) {
        int64_t again = strip_at_x(f.view, bar_of(&f), strip_x(f.view, bar_of(&f), at));
        cr_expect_leq(llabs(again - at), 60 * VTIME_MS);
    }
    for (int i = 0; i < 30; i++)
        turn_wheel(&f, 0.5f, -1);
    cr_expect_eq(strip_from(f.view), 0);
    cr_expect_eq(strip_to(f.view), 1);
    end(&f);
}

Test(timeline, the_part_is_drawn_along_by_its_upper_lanes_and_never_leaves_the_line)
{
    struct fixture f;
    begin(&f, 30);
    for (int i = 0; i < 6; i++)
        turn_wheel(&f, 0.5f, 1);
    double from = strip_from(f.view), width = strip_to(f.view) - from;
    int64_t t = view_t(f.view);
    const struct ui_widget *ruler = ui_find(&f.view->ui, "time-ruler");
    cr_assert_not_null(ruler->drag);
    ruler->drag(f.view, 0, UI_DRAG_BEGIN, 900, 0);
    ruler->drag(f.view, 0, UI_DRAG_MOVE, 700, 0);
    cr_expect_gt(strip_from(f.view), from, "to the left: later times come into sight");
    ruler->drag(f.view, 0, UI_DRAG_MOVE, 100000, 0);
    cr_expect_eq(strip_from(f.view), 0);
    cr_expect_float_eq(strip_to(f.view), width, 1e-9);
    cr_expect_eq(view_t(f.view), t, "it does not move the moment");
    view_seek(f.view, log_end(&f.story.log));
    draw(&f);
    cr_expect_float_eq(strip_to(f.view), 1, 1e-6, "but the moment stays in sight");
    cr_assert(view_press_widget(f.view, "time-whole"));
    cr_expect_eq(strip_to(f.view) - strip_from(f.view), 1);
    end(&f);
}

Test(timeline, a_long_trace_draws_no_more_than_there_are_pixels)
{
    struct fixture small, large;
    begin(&small, 20);
    begin(&large, 1500);
    cr_expect_eq(small.view->time->strip.cells.count, large.view->time->strip.cells.count);
    cr_expect_lt(large.list.items.count, small.list.items.count + 1700);
    uint32_t count = large.view->time->strip.count;
    large.view->time->strip.cells.items[0].open = 12345;
    draw(&large);
    cr_expect_eq(large.view->time->strip.cells.items[0].open, 12345u, "not worked out again");
    story_many_mails(&large.story, 1);
    draw(&large);
    cr_expect_neq(large.view->time->strip.count, count);
    cr_expect_neq(large.view->time->strip.cells.items[0].open, 12345u);
    end(&small);
    end(&large);
}

/* Marks of one lane do not lie on each other, and what ends something is not the one that goes. */
Test(timeline, where_it_is_crowded_marks_keep_apart)
{
    struct fixture f;
    begin(&f, 400);
    struct draw_box bar = bar_of(&f);
    float before = -100;
    int feet = 0, close = 0;
    for (size_t i = 0; i < f.list.items.count; i++) {
        const struct draw_item *item = &f.list.items.items[i];
        bool is_foot = item->kind == DRAW_OVAL && item->box.w == 6 * f.view->zoom &&
                       item->box.y > (bar.y - 10) * f.view->zoom;
        if (!is_foot)
            continue;
        feet++;
        close += item->box.x - before < 7.9f * f.view->zoom;
        before = item->box.x;
    }
    cr_expect_gt(feet, 50);
    cr_expect_eq(close, 0, "%d of %d", close, feet);
    end(&f);
}

Test(timeline, days_and_hours_are_written_where_there_is_room)
{
    struct fixture f;
    begin(&f, 0);
    cr_expect(support_shows(f.view, &f.list, " Mar"), "five days on");
    end(&f);
    begin(&f, 1);
    cr_expect(support_shows(f.view, &f.list, "09:10") || support_shows(f.view, &f.list, "09:05"));
    end(&f);
}

Test(timeline, under_the_mouse_it_says_the_time_and_what_is_there)
{
    struct fixture f;
    begin(&f, 1);
    const struct strip_cell *cell = cell_of(&f, EVENT_DELIVER, false);
    struct draw_box bar = bar_of(&f);
    float x = bar.x + (float)(cell - f.view->time->strip.cells.items) + 0.5f;
    view_input(f.view, &(struct input_event){.kind = INPUT_MOVE,
                                             .x = x * f.view->zoom,
                                             .y = (bar.y + bar.h / 2) * f.view->zoom});
    draw(&f);
    cr_expect(support_shows(f.view, &f.list, "into bob@example.org/INBOX"));
    end(&f);
}

/* ---- bookmarks ---- */

Test(timeline, a_bookmark_is_set_with_a_name_found_again_and_removed)
{
    struct fixture f;
    begin(&f, 1);
    view_seek(f.view, VTIME_S);
    support_key(f.view, 'd');
    draw(&f);
    support_type(f.view, "d"); /* the letter of the key itself is not for the field */
    f.view->swallows_text = false;
    support_type(f.view, "Who holds it?");
    support_key(f.view, INPUT_KEY_ENTER);
    cr_expect_null(f.view->overlay);
    cr_assert_eq(f.view->time->bookmarks.count, 1u);
    cr_expect_str_eq(f.view->time->bookmarks.items[0].name, "Who holds it?");
    view_seek(f.view, 0);
    support_key(f.view, 'j');
    cr_expect_eq(view_t(f.view), VTIME_S);
    view_seek(f.view, log_end(&f.story.log));
    support_key(f.view, 'k');
    cr_expect_eq(view_t(f.view), VTIME_S);
    view_seek(f.view, 0);
    draw(&f);
    cr_assert(view_press_widget(f.view, "flag-1"));
    cr_expect_eq(view_t(f.view), VTIME_S);
    support_key(f.view, 'd');
    draw(&f);
    cr_assert(view_press_widget(f.view, "bookmark-remove-1"));
    cr_expect_eq(f.view->time->bookmarks.count, 0u);
    end(&f);
}

Test(timeline, bookmarks_are_in_order_and_outlast_an_action_where_they_still_are)
{
    struct fixture f;
    struct story other;
    begin(&f, 1);
    int64_t end_t = log_end(&f.story.log);
    cr_expect(bookmark_add(f.view, end_t, SLICE("end")));
    cr_expect(bookmark_add(f.view, 0, SLICE("start")));
    cr_expect(bookmark_add(f.view, VTIME_S, SLICE("one")));
    cr_expect(bookmark_add(f.view, VTIME_S, SLICE("the same moment")));
    cr_assert_eq(f.view->time->bookmarks.count, 3u);
    cr_expect_str_eq(f.view->time->bookmarks.items[1].name, "the same moment");
    story_world(&other, true);
    story_many_mails(&other, 2);
    other.t = VTIME_S;
    view_follow_log(f.view, &other.log, 0);
    size_t kept = 2 + (log_end(&other.log) >= end_t);
    cr_expect_eq(f.view->time->bookmarks.count, kept);
    view_set_log(f.view, &f.story.log);
    cr_expect_eq(f.view->time->bookmarks.count, 0u, "another log");
    end(&f);
    story_finish(&other);
}

Test(timeline, there_are_so_many_bookmarks_and_no_more)
{
    struct fixture f;
    begin(&f, 1);
    for (int i = 0; i < BOOKMARKS_MAX; i++)
        cr_assert(bookmark_add(f.view, i * VTIME_MS, SLICE("x")));
    cr_expect(!bookmark_add(f.view, VTIME_H, SLICE("one too many")));
    cr_expect(bookmark_add(f.view, 0, SLICE("renamed")));
    end(&f);
}

/* ---- reduced motion ---- */

static bool is_moment_of_event(const struct fixture *f)
{
    uint32_t count = log_count_until(&f->story.log, view_t(f->view));
    return count && log_at(&f->story.log, count - 1)->t == view_t(f->view);
}

Test(timeline, with_reduced_motion_nothing_glides)
{
    struct fixture f;
    begin(&f, 1);
    struct view_settings settings = *view_settings(f.view);
    settings.is_calm = true;
    view_set_settings(f.view, &settings);
    int64_t t = view_t(f.view);
    support_key(f.view, INPUT_KEY_RIGHT);
    cr_expect(!view_is_moving(f.view), "a step is there at once");
    cr_expect_gt(view_t(f.view), t);
    view_seek(f.view, 0);
    view_set_playing(f.view, true);
    int moved = 0;
    for (int i = 0; i < 400; i++) {
        t = view_t(f.view);
        view_tick(f.view, 16);
        cr_assert(is_moment_of_event(&f), "between two events at %lld", (long long)view_t(f.view));
        moved += view_t(f.view) != t;
    }
    cr_expect_gt(moved, 5, "it plays all the same");
    cr_expect_lt(moved, 300);
    end(&f);
}
