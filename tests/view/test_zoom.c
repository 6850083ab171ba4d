#include <criterion/criterion.h>

#include <math.h>

#include "render/view/state.h"
#include "tests/scene/support_log.h"
#include "tests/view/support_list.h"

static float size_of_text(const struct draw_list *list, const char *text)
{
    for (size_t i = 0; i < list->items.count; i++)
        if (list->items.items[i].kind == DRAW_TEXT &&
            slice_equal(list->items.items[i].text, slice_of(text)))
            return list->items.items[i].size;
    return 0;
}

Test(zoom, a_larger_window_has_larger_letters_and_the_mouse_finds_its_things)
{
    struct story s;
    struct draw_list list;
    story_world(&s, true);
    story_first_mail(&s);
    support_list_init(&list);
    struct view *view = view_create(&s.log);
    view_draw(view, &list, 1280, 800);
    float plain = size_of_text(&list, "Two towns");
    cr_assert_gt(plain, 0);
    view_draw(view, &list, 3840, 2160);
    cr_expect_gt(size_of_text(&list, "Two towns"), 2 * plain);
    cr_assert(view_press_widget(view, "host-mx1"));
    cr_expect_eq(view->chosen_host, s.mx1);
    view_destroy(view);
    draw_finish(&list);
    story_finish(&s);
}

/* Curriculum 5.3: readable from the back row; a small beamer shows cards, too. */
Test(zoom, the_projector_shows_cards_with_letters_that_stay_large)
{
    for (int has_positions = 0; has_positions < 2; has_positions++) {
        struct story s;
        struct draw_list list;
        story_world(&s, has_positions);
        support_list_init(&list);
        struct view *view = view_create(&s.log);
        view_set_theme(view, THEME_PROJECTOR);
        view_draw(view, &list, 1024, 700);
        cr_expect_neq(view->map.detail, MAP_DOT);
        cr_expect_geq(size_of_text(&list, "pc-alice"), 14);
        view_destroy(view);
        draw_finish(&list);
        story_finish(&s);
    }
}

/* Letters of whole pixels, as fonts have them: twice the size is not twice the width. */
static float measure_whole(void *context, enum draw_font font, float size, struct slice text)
{
    (void)context;
    (void)font;
    return roundf(0.6f * size) * (float)text.size;
}

/* What fits when it is laid out fits when it is painted: texts are measured at their last size. */
Test(zoom, texts_are_measured_as_they_will_be_painted)
{
    struct zoom zoom;
    struct draw_list list;
    draw_init(&list, measure_whole, NULL);
    zoom_begin(&zoom, &list, 1.3f);
    draw_string(&list, 10, 20, 0, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, 12, 0xFF, SLICE("abcd"));
    float width = draw_width(&list, DRAW_FONT_SANS, 12, SLICE("abcd"));
    draw_line(&list, 1, 2, 3, 4, 0xFF, 1, 0);
    zoom_end(&zoom, &list);
    float painted = draw_width(&list, DRAW_FONT_SANS, 1.3f * 12, SLICE("abcd"));
    cr_expect_float_eq(1.3f * width, painted, 0.01f);
    cr_expect_float_eq(list.items.items[0].box.x, 13, 0.01f);
    cr_expect_float_eq(list.items.items[0].size, 15.6f, 0.01f);
    cr_expect_float_eq(list.items.items[1].points[3], 5.2f, 0.01f);
    draw_finish(&list);
}

/* Who calls from a console is a program more, and the panel of it takes room from the map: letters
   do not change their size under the hands of who types. */
Test(zoom, a_program_more_leaves_letters_as_they_are)
{
    struct story s;
    struct draw_list list;
    story_world(&s, true);
    support_list_init(&list);
    struct view *view = view_create(&s.log);
    view_draw(view, &list, 1280, 800);
    float zoom = view->zoom;
    view->zoom *= 0.9f; /* as if it had been found for another room */
    struct event_agent caller = {story_text(&s, "caller"), s.pc_bob, story_text(&s, "console"),
                                 story_text(&s, ""), story_text(&s, "")};
    log_add(&s.log, 0, 0, EVENT_AGENT, 0, &caller);
    view_draw(view, &list, 1280, 800);
    cr_expect_float_eq(view->zoom, zoom * 0.9f, 0.001f);
    view_draw(view, &list, 1281, 800);
    cr_expect_float_eq(view->zoom, zoom, 0.001f, "another window is measured anew");
    view_destroy(view);
    draw_finish(&list);
    story_finish(&s);
}
