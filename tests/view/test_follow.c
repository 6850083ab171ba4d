/* What a person has chosen outlasts an action in the past, which makes the world anew. */
#include <criterion/criterion.h>

#include "render/view/state.h"
#include "sim/base/vtime.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

struct fixture {
    struct story old, new;
    struct draw_list list;
    struct view *view;
};

static void begin(struct fixture *f)
{
    story_world(&f->old, true);
    story_many_mails(&f->old, 2);
    story_world(&f->new, true);
    story_many_mails(&f->new, 2);
    support_list_init(&f->list);
    f->view = view_create(&f->old.log);
    view_draw(f->view, &f->list, 1280, 800);
}

static void end(struct fixture *f)
{
    view_destroy(f->view);
    draw_finish(&f->list);
    story_finish(&f->new);
    story_finish(&f->old);
}

Test(follow, keeps_what_was_there_by_then_and_drops_what_came_later)
{
    struct fixture f;
    begin(&f);
    int64_t t = log_at(&f.old.log, f.old.log.conns.items[1])->t;
    view_choose_message(f.view, 1);
    view_choose_conn(f.view, 2);
    cr_assert(view_press_widget(f.view, "host-mx1"));
    view_follow_log(f.view, &f.new.log, t);
    cr_expect_eq(view_t(f.view), t);
    cr_expect_eq(f.view->chosen_msg, 1u);
    cr_expect_eq(f.view->chosen_conn, 2u);
    cr_expect_eq(f.view->chosen_host, f.old.mx1);
    view_choose_message(f.view, 2);
    view_follow_log(f.view, &f.old.log, t - 1);
    cr_expect_eq(f.view->chosen_msg, 0u, "that one is not written yet");
    cr_expect_eq(f.view->chosen_conn, 0u, "nor is that connection asked for");
    end(&f);
}

Test(follow, the_dialogue_is_that_of_the_chosen_message)
{
    struct fixture f;
    begin(&f);
    view_choose_message(f.view, 1);
    view_seek(f.view, log_end(&f.old.log));
    view_draw(f.view, &f.list, 1280, 800);
    const struct event *birth = log_at(&f.old.log, f.old.log.msgs.items[1]);
    const struct event *asked = log_at(&f.old.log, f.old.log.conns.items[f.view->conn - 1]);
    cr_expect_lt(asked->t, birth->t, "the last connection that spoke of the first message");
    end(&f);
}

Test(follow, what_to_press_is_said_until_something_is_pressed)
{
    struct fixture f;
    begin(&f);
    cr_expect(!support_shows(f.view, &f.list, "Space plays"), "a picture says no such thing");
    view_show_hint(f.view);
    cr_expect(support_shows(f.view, &f.list, "Space plays"));
    support_key(f.view, INPUT_KEY_RIGHT);
    cr_expect(!support_shows(f.view, &f.list, "Space plays"));
    end(&f);
}

Test(follow, a_list_that_opens_has_the_focus_on_its_first_row)
{
    struct fixture f;
    struct view_request request;
    begin(&f);
    support_key(f.view, 'g');
    view_draw(f.view, &f.list, 1280, 800);
    support_key(f.view, INPUT_KEY_ENTER);
    cr_assert(view_take_request(f.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_DO);
    cr_expect_str_eq(request.text, "fetch by=mua-alice");
    end(&f);
}

Test(follow, page_keys_scroll_a_long_header_and_stop_at_its_end)
{
    struct fixture f;
    begin(&f);
    view_choose_message(f.view, 1);
    view_seek(f.view, log_end(&f.old.log));
    for (int i = 0; i < 30; i++) {
        support_key(f.view, INPUT_KEY_PAGE_DOWN);
        view_draw(f.view, &f.list, 800, 600);
    }
    float end_of_it = f.view->scroll_header;
    cr_expect_gt(end_of_it, 0);
    cr_expect_lt(end_of_it, 30);
    support_key(f.view, INPUT_KEY_PAGE_UP);
    cr_expect_lt(f.view->scroll_header, end_of_it);
    end(&f);
}
