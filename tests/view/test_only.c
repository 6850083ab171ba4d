/* One panel as the whole picture: which there are, what is on it, and what its twin says. */
#include <criterion/criterion.h>
#include <string.h>

#include "render/view/view.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

struct fixture {
    struct story story;
    struct draw_list list;
    struct view *view;
};

static void begin(struct fixture *f, uint32_t mails)
{
    story_world(&f->story, true);
    if (mails == 1)
        story_first_mail(&f->story);
    else
        story_many_mails(&f->story, mails);
    support_list_init(&f->list);
    f->view = view_create(&f->story.log);
    view_seek(f->view, log_end(&f->story.log));
}

static void end(struct fixture *f)
{
    view_destroy(f->view);
    draw_finish(&f->list);
    story_finish(&f->story);
}

Test(only, each_panel_is_drawn_alone_with_its_name_and_moment_as_the_title)
{
    struct fixture f;
    const char *name;
    begin(&f, 1);
    cr_expect_not(view_show_only(f.view, "nothing"));
    for (size_t i = 1; (name = view_panel_name(i)); i++) {
        cr_assert(view_show_only(f.view, name), "%s", name);
        view_draw(f.view, &f.list, 1280, 800);
        cr_expect(slice_find(f.list.title, SLICE(": "), 0) != SLICE_NONE, "%s: %.*s", name,
                  SLICE_ARG(f.list.title));
        cr_expect(view_told(f.view, &f.list.arena).size > 0, "%s", name);
        float x, y;
        cr_expect_not(view_find_widget(f.view, "play", &x, &y), "%s: the bar is there", name);
    }
    cr_assert(view_show_only(f.view, "window"));
    view_draw(f.view, &f.list, 1280, 800);
    float x, y;
    cr_expect(view_find_widget(f.view, "play", &x, &y));
    end(&f);
}

Test(only, a_ladder_is_as_high_as_its_rows_or_says_which_they_are)
{
    struct fixture f;
    begin(&f, 40);
    view_show_only(f.view, "ladder");
    cr_expect(support_shows(f.view, &f.list, "Rows "), "there are more than fit");
    view_draw(f.view, &f.list, 1280, 800);
    float wanted = view_height_wanted(f.view);
    cr_assert_gt(wanted, 800.0f);
    view_draw(f.view, &f.list, 1280, wanted);
    for (size_t i = 0; i < f.list.items.count; i++)
        cr_expect_not(slice_starts(f.list.items.items[i].text, SLICE("Rows ")),
                      "nothing is left out");
    cr_expect_eq(view_height_wanted(f.view), wanted);
    view_show_only(f.view, "map");
    view_draw(f.view, &f.list, 1280, 800);
    cr_expect_eq(view_height_wanted(f.view), 0.0f, "a map has any height");
    end(&f);
}

Test(only, playing_takes_as_long_as_it_is_said_to)
{
    struct fixture f;
    begin(&f, 1);
    view_seek(f.view, 0);
    int64_t said = view_play_ms(f.view), took = 0;
    struct view_request request;
    view_set_playing(f.view, true);
    for (; view_t(f.view) < log_end(&f.story.log) && took < 10 * said; took += 20) {
        view_tick(f.view, 20);
        while (view_take_request(f.view, &request))
            ;
    }
    cr_expect(took >= said - said / 10 && took <= said + said / 10 + 40, "%lld ms, said %lld",
              (long long)took, (long long)said);
    end(&f);
}
