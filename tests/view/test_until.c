/* Run until something happens: what counts, how a time is read, and how the world is asked for
 * more. */
#include <criterion/criterion.h>

#include "render/view/time_panels.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

struct fixture {
    struct story story;
    struct draw_list list;
    struct view *view;
};

static void begin(struct fixture *f, bool is_dead)
{
    story_world(&f->story, true);
    if (is_dead)
        story_dead_host(&f->story);
    else
        story_first_mail(&f->story);
    support_list_init(&f->list);
    f->view = view_create(&f->story.log);
    view_seek(f->view, 0);
    view_draw(f->view, &f->list, 1280, 800);
}

static void end(struct fixture *f)
{
    view_destroy(f->view);
    draw_finish(&f->list);
    story_finish(&f->story);
}

static enum event_kind kind_at(const struct fixture *f, uint32_t id)
{
    return id == INDEX_NO_EVENT ? EVENT_KIND_COUNT
                                : (enum event_kind)log_at(&f->story.log, id)->kind;
}

Test(until, each_goal_finds_its_event)
{
    static const struct {
        bool is_dead;
        enum until_kind kind;
        enum event_kind found; /* EVENT_KIND_COUNT: it does not happen */
    } rows[] = {
        {false, UNTIL_DELIVERED, EVENT_DELIVER},   {false, UNTIL_BOUNCED, EVENT_KIND_COUNT},
        {false, UNTIL_REFUSED, EVENT_KIND_COUNT},  {false, UNTIL_LATER, EVENT_KIND_COUNT},
        {false, UNTIL_FAULT, EVENT_KIND_COUNT},    {false, UNTIL_MESSAGE, EVENT_ACCEPT},
        {true, UNTIL_DELIVERED, EVENT_KIND_COUNT}, {true, UNTIL_BOUNCED, EVENT_QUEUE_GIVEUP},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        struct fixture f;
        begin(&f, rows[i].is_dead);
        struct until_goal goal = {.kind = rows[i].kind, .msg = rows[i].kind == UNTIL_MESSAGE};
        uint32_t id = until_find(&f.story.log, 0, &goal, false);
        cr_expect_eq(kind_at(&f, id), rows[i].found, "row %zu", i);
        end(&f);
    }
}

Test(until, a_host_is_reached_when_mail_or_a_connection_has_come_there)
{
    struct fixture f;
    begin(&f, false);
    struct until_goal goal = {.kind = UNTIL_HOST, .host = f.story.mx1};
    uint32_t any = until_find(&f.story.log, 0, &goal, false);
    cr_expect_eq(kind_at(&f, any), EVENT_TCP_OPEN);
    goal.msg = 1;
    uint32_t mail = until_find(&f.story.log, 0, &goal, false);
    cr_expect_eq(kind_at(&f, mail), EVENT_ACCEPT);
    cr_expect_gt(mail, any);
    goal = (struct until_goal){.kind = UNTIL_HOST, .host = f.story.dns};
    cr_expect_eq(kind_at(&f, until_find(&f.story.log, 0, &goal, false)), EVENT_DNS_QUERY);
    end(&f);
}

Test(until, what_is_of_another_message_does_not_count)
{
    struct fixture f;
    begin(&f, false);
    story_first_mail(&f.story);
    struct until_goal goal = {.kind = UNTIL_DELIVERED, .msg = 2};
    uint32_t id = until_find(&f.story.log, 0, &goal, false);
    cr_assert_neq(id, INDEX_NO_EVENT);
    cr_expect_eq(index_msg_of(log_at(&f.story.log, id)), 2u);
    end(&f);
}

Test(until, back_finds_the_last_time_before)
{
    struct fixture f;
    begin(&f, false);
    struct until_goal goal = {.kind = UNTIL_EVENT, .event = EVENT_ACCEPT};
    int64_t t = log_end(&f.story.log);
    uint32_t last = until_find(&f.story.log, t, &goal, true);
    uint32_t before = until_find(&f.story.log, log_at(&f.story.log, last)->t, &goal, true);
    cr_assert_neq(before, INDEX_NO_EVENT);
    cr_expect_lt(log_at(&f.story.log, before)->t, log_at(&f.story.log, last)->t);
    cr_expect_eq(until_find(&f.story.log, 0, &goal, true), INDEX_NO_EVENT);
    end(&f);
}

/* The run starts at 09:00:00. */
Test(until, a_time_is_read_as_a_person_types_it)
{
    static const struct {
        const char *text;
        int64_t t; /* -1: no time */
    } rows[] = {
        {"09:03:00", 3 * VTIME_MIN},
        {"09:03", 3 * VTIME_MIN},
        {"09:00:01.5", 1500 * VTIME_MS},
        {"10:00", VTIME_H},
        {"+5m", 6 * VTIME_MIN},
        {"+5min", 6 * VTIME_MIN},
        {"-30s", 30 * VTIME_S},
        {"-2h", 0},
        {"2h", 2 * VTIME_H},
        {"250ms", 250 * VTIME_MS},
        {"", -1},
        {":", -1},
        {"25:00", -1},
        {"09:61", -1},
        {"09:00:99", -1},
        {"09:00:00:00", -1},
        {"9", 9 * VTIME_S},
        {"later", -1},
        {"+", -1},
        {"08:00", 0},
    };
    struct fixture f;
    begin(&f, false);
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        int64_t t = -1;
        bool ok = until_parse_time(&f.story.log, VTIME_MIN, slice_of(rows[i].text), &t);
        cr_expect_eq(ok, rows[i].t >= 0, "\"%s\"", rows[i].text);
        if (ok)
            cr_expect_eq(t, rows[i].t, "\"%s\" is %lld", rows[i].text, (long long)t);
    }
    end(&f);
}

Test(until, it_stops_where_it_happens_and_chooses_that_event)
{
    struct fixture f;
    begin(&f, false);
    until_act(f.view, 0);
    view_draw(f.view, &f.list, 1280, 800);
    cr_assert(view_press_widget(f.view, "until-delivered"));
    cr_expect_null(f.view->overlay);
    cr_assert_neq(f.view->chosen_event, INDEX_NO_EVENT);
    cr_expect_eq(kind_at(&f, f.view->chosen_event), EVENT_DELIVER);
    cr_expect_eq(view_t(f.view), log_at(&f.story.log, f.view->chosen_event)->t);
    end(&f);
}

static int take_more(struct view *view)
{
    struct view_request request;
    int count = 0;
    while (view_take_request(view, &request))
        count += request.kind == VIEW_REQUEST_MORE;
    return count;
}

Test(until, the_world_is_asked_for_more_until_it_happens)
{
    struct fixture f;
    begin(&f, true);
    uint32_t known = log_count(&f.story.log);
    until_start(f.view, &(struct until_goal){.kind = UNTIL_DELIVERED}, false);
    cr_expect(view_is_moving(f.view));
    cr_expect_eq(take_more(f.view), 1);
    view_tick(f.view, 16);
    cr_expect_eq(take_more(f.view), 1, "it is not there yet: more");
    story_first_mail(&f.story);
    view_tick(f.view, 16);
    cr_expect_eq(take_more(f.view), 0);
    cr_expect(!view_is_moving(f.view));
    cr_expect_geq(f.view->chosen_event, known);
    cr_expect_eq(kind_at(&f, f.view->chosen_event), EVENT_DELIVER);
    end(&f);
}

Test(until, it_is_said_when_it_does_not_happen_any_more)
{
    struct fixture f;
    int asked = 0;
    begin(&f, true);
    until_start(f.view, &(struct until_goal){.kind = UNTIL_DELIVERED}, false);
    for (int i = 0; i < 100 && f.view->time->until.is_running; i++) {
        asked += take_more(f.view);
        view_tick(f.view, 16);
    }
    cr_expect(!f.view->time->until.is_running);
    cr_expect_lt(asked, 10, "a world at rest is not asked for ever");
    cr_expect_eq(view_t(f.view), log_end(&f.story.log));
    cr_expect(support_shows(f.view, &f.list, "It does not happen any more"));
    end(&f);
}

Test(until, who_waits_for_a_time_gets_there_though_nothing_happens_any_more)
{
    struct fixture f;
    begin(&f, false);
    int64_t late = log_end(&f.story.log) + 3600 * VTIME_S;
    until_start(f.view, &(struct until_goal){.kind = UNTIL_TIME, .t = late}, false);
    for (int i = 0; i < 100 && f.view->time->until.is_running; i++) {
        (void)take_more(f.view);
        view_tick(f.view, 16);
    }
    cr_expect_eq(view_t(f.view), late);
    cr_expect(!support_shows(f.view, &f.list, "It does not happen any more"));
    end(&f);
}

Test(until, escape_breaks_it_off)
{
    struct fixture f;
    begin(&f, true);
    until_start(f.view, &(struct until_goal){.kind = UNTIL_DELIVERED}, false);
    support_key(f.view, INPUT_KEY_ESCAPE);
    cr_expect(!f.view->time->until.is_running);
    (void)take_more(f.view);
    view_tick(f.view, 16);
    cr_expect_eq(take_more(f.view), 0);
    end(&f);
}

Test(until, a_time_that_is_typed_is_gone_to)
{
    struct fixture f;
    begin(&f, false);
    until_act(f.view, 0);
    view_draw(f.view, &f.list, 1280, 800);
    cr_assert(view_press_widget(f.view, "until-time-text"));
    support_type(f.view, "+250ms");
    support_key(f.view, INPUT_KEY_ENTER);
    cr_expect_eq(view_t(f.view), 250 * VTIME_MS);
    end(&f);
}

Test(until, an_unknown_kind_of_event_is_said_and_nothing_is_done)
{
    struct fixture f;
    begin(&f, false);
    until_act(f.view, 0);
    view_draw(f.view, &f.list, 1280, 800);
    cr_assert(view_press_widget(f.view, "until-event-text"));
    support_type(f.view, "queue.lost");
    support_key(f.view, INPUT_KEY_ENTER);
    cr_expect_eq(f.view->overlay, &until_overlay, "the form stays");
    cr_expect(support_shows(f.view, &f.list, "No such kind of event"));
    end(&f);
}
