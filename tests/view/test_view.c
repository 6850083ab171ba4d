#include <criterion/criterion.h>

#include <stdio.h>
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

static int64_t time_of(const struct log *log, enum event_kind kind, int nth)
{
    for (uint32_t id = 0; id < log_count(log); id++)
        if (log_at(log, id)->kind == kind && nth-- == 0)
            return log_at(log, id)->t;
    cr_assert(false, "no such event");
    return 0;
}

Test(view, shows_every_host_with_its_roles_and_each_organisation)
{
    struct fixture f;
    begin(&f);
    const char *const texts[] = {"pc-alice",
                                 "submit",
                                 "out",
                                 "dns",
                                 "mx1",
                                 "pc-bob",
                                 "mx1.example.org",
                                 "203.0.113.25",
                                 "MUA",
                                 "MSA",
                                 "MTA",
                                 "MDA",
                                 "Store",
                                 "Access",
                                 "Aster College",
                                 "Birch Institute",
                                 "Two towns",
                                 "09:00:00.000"};
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++)
        cr_expect(support_shows(f.view, &f.list, texts[i]), "%s is not shown", texts[i]);
    end(&f);
}

Test(view, shows_who_holds_the_message_and_the_slips_it_has)
{
    struct fixture f;
    begin(&f);
    view_seek(f.view, time_of(&f.story.log, EVENT_ACCEPT, 1));
    cr_expect(support_shows(f.view, &f.list, "holds"));
    cr_expect(support_shows(f.view, &f.list, "2 Received"));
    cr_expect(support_shows(f.view, &f.list, "1 waiting"));
    view_seek(f.view, time_of(&f.story.log, EVENT_DELIVER, 0));
    cr_expect(support_shows(f.view, &f.list, "stored"));
    cr_expect(support_shows(f.view, &f.list, "3 Received"));
    cr_expect(support_shows(f.view, &f.list, "1 in store"));
    cr_expect(!support_shows(f.view, &f.list, "holds"), "nobody has to fear for it any more");
    end(&f);
}

/* RFC 5321 4.2.1: the reply's code says how it went; a sign says it beside the colour. */
Test(view, dialogue_shows_what_was_said_by_now_and_not_what_comes)
{
    struct fixture f;
    begin(&f);
    view_seek(f.view, time_of(&f.story.log, EVENT_SMTP_REPLY, 3)); /* to RCPT */
    cr_expect(support_shows(f.view, &f.list, "pc-alice \xE2\x86\x92 submit   587 SMTP"));
    cr_expect(support_shows(f.view, &f.list, "RCPT TO:<bob@example.org>"));
    cr_expect(support_shows(f.view, &f.list, "250 2.1.5 recipient ok"));
    cr_expect(!support_shows(f.view, &f.list, "354 go ahead"));
    cr_expect(support_shows(f.view, &f.list, "5 turns to come: what is said next?"));
    end(&f);
}

Test(view, caption_says_in_words_what_happens)
{
    struct fixture f;
    begin(&f);
    view_seek(f.view, time_of(&f.story.log, EVENT_DNS_QUERY, 0) - 5 * VTIME_MS);
    cr_expect(support_shows(f.view, &f.list, "out asks dns: who takes mail for example.org?"));
    view_seek(f.view, time_of(&f.story.log, EVENT_ACCEPT, 2) - 5 * VTIME_MS);
    cr_expect(
        support_shows(f.view, &f.list, "out pushes \xE2\x80\x9CHello\xE2\x80\x9D to mx1, port 25"));
    view_seek(f.view, time_of(&f.story.log, EVENT_FETCH, 0) - 5 * VTIME_MS);
    cr_expect(support_shows(f.view, &f.list,
                            "pc-bob pulls \xE2\x80\x9CHello\xE2\x80\x9D out of mx1, port 110"));
    cr_expect(slice_equal(f.list.description, view_caption(f.view)),
              "the text twin goes with the picture");
    end(&f);
}

/* A later segment with other words does not take the caption from the message before it. */
Test(view, caption_tells_of_the_message_that_flies_and_not_of_what_follows_it)
{
    struct story s;
    struct draw_list list;
    const int64_t ms = VTIME_MS;
    story_world(&s, true);
    uint32_t data = story_text(&s, "DATA");
    struct event_tcp_connect to_mx1 = {1,  s.mta_out, s.mta_mx1,
                                       25, 50000,     story_text(&s, "out mx1")},
                             to_submit = {2,   s.alice, s.msa,
                                          587, 50001,   story_text(&s, "pc-alice submit")};
    struct event_smtp_cmd command = {1, data, 0, 1};
    struct event_smtp_reply go = {1, data, 354, 0, 0, 1};
    struct event_tcp_segment mail = {1, 0, 0, story_text(&s, "Subject: x\r\n"), 20000, 1},
                             talk = {2, 0, 0, story_text(&s, "NOOP\r\n"), 20000, 0};
    struct event_message message = {s.alice, 1, 0, 0, story_text(&s, "Slip"), 0};
    log_add(&s.log, 0, 0, EVENT_MESSAGE, 0, &message);
    log_add(&s.log, 0, 0, EVENT_TCP_CONNECT, 0, &to_mx1);
    log_add(&s.log, 0, 0, EVENT_TCP_CONNECT, 0, &to_submit);
    log_add(&s.log, 10 * ms, 0, EVENT_SMTP_CMD, 0, &command);
    log_add(&s.log, 20 * ms, 0, EVENT_SMTP_REPLY, 0, &go);
    log_add(&s.log, 30 * ms, 0, EVENT_TCP_SEGMENT, 0, &mail);
    log_add(&s.log, 35 * ms, 0, EVENT_TCP_SEGMENT, 0, &talk);
    support_list_init(&list);
    struct view *view = view_create(&s.log);
    view_seek(view, 40 * ms);
    view_draw(view, &list, 1280, 800);
    cr_expect(slice_equal(view_caption(view),
                          SLICE("out pushes \xE2\x80\x9CSlip\xE2\x80\x9D to mx1, port 25")),
              "%.*s", SLICE_ARG(view_caption(view)));
    view_destroy(view);
    draw_finish(&list);
    story_finish(&s);
}

Test(view, a_received_line_lights_its_hop_and_a_host_its_received_line)
{
    struct fixture f;
    begin(&f);
    view_seek(f.view, time_of(&f.story.log, EVENT_DELIVER, 0));
    view_draw(f.view, &f.list, 1920, 1080);
    cr_assert(view_press_widget(f.view, "hop-2"));
    cr_expect_eq(f.view->chosen_host, f.story.out, "the second slip was written by out");
    view_draw(f.view, &f.list, 1920, 1080);
    cr_assert(view_press_widget(f.view, "host-mx1"));
    cr_expect_eq(f.view->chosen_hop, 3u);
    uint32_t from, by;
    cr_assert(header_hop(f.view, 1, &from, &by));
    cr_expect_eq(from, f.story.pc_alice);
    cr_expect_eq(by, f.story.submit);
    cr_expect(!header_hop(f.view, 4, &from, &by));
    end(&f);
}

Test(view, a_press_on_an_event_goes_there_and_chooses_what_it_is_about)
{
    struct fixture f;
    begin(&f);
    uint32_t id = f.view->index.rows.ids.items[2];
    char name[UI_NAME];
    snprintf(name, sizeof name, "event-%u", (unsigned)id);
    view_draw(f.view, &f.list, 1920, 1080);
    cr_assert(view_press_widget(f.view, name));
    cr_expect_eq(view_t(f.view), log_at(&f.story.log, id)->t);
    cr_expect_eq(f.view->event, id);
    cr_expect_eq(f.view->chosen_conn, 1u);
    end(&f);
}

Test(view, the_same_moment_gives_the_same_picture_whichever_way)
{
    struct fixture f;
    begin(&f);
    struct bytes there, back;
    bytes_init(&there, 1 << 22);
    bytes_init(&back, 1 << 22);
    for (int64_t t = 0; t < 2 * VTIME_S; t += 130 * VTIME_MS) {
        view_seek(f.view, t);
        support_picture(f.view, &f.list, &there);
        view_seek(f.view, log_end(&f.story.log));
        view_draw(f.view, &f.list, 1280, 800);
        view_seek(f.view, t);
        support_picture(f.view, &f.list, &back);
        cr_expect(slice_equal(bytes_slice(&there), bytes_slice(&back)), "at %lld ms",
                  (long long)(t / VTIME_MS));
    }
    bytes_finish(&there);
    bytes_finish(&back);
    end(&f);
}

Test(view, stepping_forward_and_back_returns_to_the_same_picture)
{
    struct fixture f;
    begin(&f);
    struct bytes before, after;
    bytes_init(&before, 1 << 22);
    bytes_init(&after, 1 << 22);
    view_seek(f.view, time_of(&f.story.log, EVENT_SMTP_CMD, 3));
    support_picture(f.view, &f.list, &before);
    support_key(f.view, INPUT_KEY_RIGHT);
    support_settle(f.view);
    cr_expect_gt(view_t(f.view), time_of(&f.story.log, EVENT_SMTP_CMD, 3));
    support_key(f.view, INPUT_KEY_LEFT);
    support_picture(f.view, &f.list, &after);
    cr_expect(slice_equal(bytes_slice(&before), bytes_slice(&after)));
    bytes_finish(&before);
    bytes_finish(&after);
    end(&f);
}

static const struct {
    float w, h;
} sizes[] = {{1024, 700}, {1280, 800}, {1920, 1080}, {3840, 2160}};

/* Cut off or off the picture: every text that says how wide it may be lies within the picture. */
Test(view, nothing_leaves_the_picture_at_any_size_and_theme)
{
    struct fixture f;
    begin(&f);
    const int64_t times[] = {0, time_of(&f.story.log, EVENT_ACCEPT, 1) - VTIME_MS,
                             log_end(&f.story.log)};
    for (size_t size = 0; size < 4; size++)
        for (int theme = 0; theme < THEME_COUNT; theme++)
            for (size_t t = 0; t < 3; t++) {
                view_set_theme(f.view, (enum theme_id)theme);
                view_seek(f.view, times[t]);
                view_draw(f.view, &f.list, sizes[size].w, sizes[size].h);
                int depth = 0;
                for (size_t i = 0; i < f.list.items.count; i++) {
                    const struct draw_item *item = &f.list.items.items[i];
                    depth += (item->kind == DRAW_CLIP) - (item->kind == DRAW_UNCLIP);
                    if (depth || item->kind == DRAW_UNCLIP)
                        continue;
                    cr_expect(item->box.x >= -0.5f && item->box.y >= -0.5f &&
                                  item->box.x + item->box.w <= sizes[size].w + 0.5f &&
                                  item->box.y + item->box.h <= sizes[size].h + 0.5f,
                              "%.0fx%.0f theme %d: kind %d at %.0f,%.0f %.0fx%.0f '%.*s'",
                              sizes[size].w, sizes[size].h, theme, (int)item->kind, item->box.x,
                              item->box.y, item->box.w, item->box.h, SLICE_ARG(item->text));
                }
                cr_expect_eq(depth, 0);
            }
    end(&f);
}

static bool is_touching(struct draw_box a, struct draw_box b)
{
    return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

static void expect_cards_apart(struct view *view, const char *what)
{
    for (size_t a = 0; a < view->map.hosts.count; a++)
        for (size_t b = 0; b < a; b++)
            cr_expect(!is_touching(view->map.hosts.items[a].all, view->map.hosts.items[b].all),
                      "%s: hosts %u and %u", what, view->map.hosts.items[a].place,
                      view->map.hosts.items[b].place);
}

Test(view, host_cards_never_overlap)
{
    for (int has_positions = 0; has_positions < 2; has_positions++) {
        struct story s;
        struct draw_list list;
        story_world(&s, has_positions);
        story_first_mail(&s);
        support_list_init(&list);
        struct view *view = view_create(&s.log);
        for (size_t size = 0; size < 4; size++)
            for (int theme = 0; theme < THEME_COUNT; theme++) {
                view_set_theme(view, (enum theme_id)theme);
                view_draw(view, &list, sizes[size].w, sizes[size].h);
                expect_cards_apart(view, "two towns");
                cr_expect_neq(view->map.detail, MAP_DOT,
                              "%.0fx%.0f, theme %d, %d: there is room for more than dots",
                              sizes[size].w, sizes[size].h, theme, has_positions);
            }
        view_destroy(view);
        draw_finish(&list);
        story_finish(&s);
    }
}

Test(view, a_crowd_is_drawn_too)
{
    struct story s;
    struct draw_list list;
    story_crowd(&s, 300);
    support_list_init(&list);
    struct view *view = view_create(&s.log);
    view_draw(view, &list, 1280, 800);
    cr_expect_eq(view->map.detail, MAP_DOT);
    float x, y;
    cr_expect(view_find_widget(view, "host-pc-299", &x, &y), "each can be pointed at");
    view_destroy(view);
    draw_finish(&list);
    story_finish(&s);
}

Test(view, a_host_that_is_down_says_so_and_what_waits_is_counted)
{
    struct story s;
    struct draw_list list;
    story_world(&s, true);
    story_dead_host(&s);
    support_list_init(&list);
    struct view *view = view_create(&s.log);
    view_seek(view, time_of(&s.log, EVENT_QUEUE_DEFER, 0));
    cr_expect(support_shows(view, &list, "down"));
    cr_expect(support_shows(view, &list, "1 waiting"));
    cr_expect(support_shows(view, &list, "next try in 30min"));
    view_destroy(view);
    draw_finish(&list);
    story_finish(&s);
}

Test(view, an_empty_log_is_shown_calmly)
{
    struct log log;
    struct draw_list list;
    log_init(&log);
    support_list_init(&list);
    struct view *view = view_create(&log);
    cr_expect(support_shows(view, &list, "Nothing has happened yet"));
    const int keys[] = {
        ' ', INPUT_KEY_RIGHT, INPUT_KEY_LEFT, 'n', INPUT_KEY_END, 'm', INPUT_KEY_ESCAPE,
        'g', INPUT_KEY_ENTER, INPUT_KEY_TAB,  'f', '?',           't', 'p',
        'e'};
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        support_key(view, keys[i]);
        view_tick(view, 100);
        view_draw(view, &list, 1024, 700);
    }
    view_destroy(view);
    draw_finish(&list);
    log_finish(&log);
}

Test(view, drawing_again_takes_no_more_memory)
{
    struct fixture f;
    begin(&f);
    view_seek(f.view, time_of(&f.story.log, EVENT_ACCEPT, 1) - VTIME_MS);
    view_draw(f.view, &f.list, 1280, 800);
    view_draw(f.view, &f.list, 1280, 800);
    size_t items = f.list.items.capacity, widgets = f.view->ui.widgets.capacity,
           groups = f.view->map.groups.capacity;
    for (int i = 0; i < 50; i++) {
        view_seek(f.view, time_of(&f.story.log, EVENT_ACCEPT, 1) - VTIME_MS - i * VTIME_US);
        view_draw(f.view, &f.list, 1280, 800);
    }
    cr_expect_eq(f.list.items.capacity, items);
    cr_expect_eq(f.view->ui.widgets.capacity, widgets);
    cr_expect_eq(f.view->map.groups.capacity, groups);
    end(&f);
}

/* The rows that tell of it stay to be read. */
Test(view, a_notice_stands_where_the_words_for_now_are)
{
    struct fixture f;
    begin(&f);
    view_notify(f.view, SLICE("Something was done"));
    cr_expect(support_shows(f.view, &f.list, "Something was done"));
    float y = f.view->caption_box.y * f.view->zoom, h = f.view->caption_box.h * f.view->zoom;
    cr_assert_gt(h, 0);
    for (size_t i = 0; i < f.list.items.count; i++) {
        const struct draw_item *item = &f.list.items.items[i];
        if (item->kind == DRAW_TEXT && slice_equal(item->text, SLICE("Something was done")))
            cr_expect(item->box.y >= y && item->box.y < y + h, "%f", (double)item->box.y);
    }
    end(&f);
}
