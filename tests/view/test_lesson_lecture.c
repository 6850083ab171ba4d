/* A lesson before a class: two keys, large letters, nothing beside. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/view/lesson_panel.h"
#include "support_course.h"
#include "support_doing.h"

#define LESSON SOURCE_DIR "/lessons/L07.json"

static struct doer d;
static struct support_course c;

static void start(void)
{
    doer_begin(&d);
    support_course_begin(&c, d.view, &d.story.log, LESSON);
    support_course_line(&c, "lecture");
    doer_draw(&d);
}

static void stop(void)
{
    support_course_end(&c);
    doer_end(&d);
}

static void sends(int key, const char *line)
{
    doer_key(&d, key);
    int lines = support_course_serve(&c);
    cr_expect_eq(lines, line ? 1 : 0, "key %d sends %s", key, lines ? c.line : "nothing");
    if (line)
        cr_expect_str_eq(c.line, line);
    doer_draw(&d);
}

Test(lecture, the_keys_of_a_remote_control_go_on_and_back)
{
    start();
    sends(INPUT_KEY_PAGE_DOWN, "next");
    sends(INPUT_KEY_RIGHT, "next");
    sends(' ', "next");
    sends(INPUT_KEY_PAGE_UP, "back");
    sends(INPUT_KEY_LEFT, "back");
    stop();
}

/* The class says what it expects before the answer is told. */
Test(lecture, a_question_is_asked_before_it_is_answered)
{
    start();
    const struct question *q = c.lesson.scenes[0].steps[0].ask;
    char feedback[200];
    snprintf(feedback, sizeof feedback, "%.*s", SLICE_ARG(q->choices[0].feedback));
    cr_expect(!doer_shows(&d, feedback));
    sends(INPUT_KEY_PAGE_DOWN, "next");
    cr_expect(doer_shows(&d, feedback));
    sends(INPUT_KEY_PAGE_DOWN, "next");
    cr_expect(!doer_shows(&d, feedback));
    cr_expect_eq(c.course.step, 1);
    stop();
}

/* Letters of the text that are at least so large, in pixels of a window of 800. */
static float smallest_text(void)
{
    float smallest = 1000;
    for (size_t i = 0; i < d.list.items.count; i++)
        if (d.list.items.items[i].kind == DRAW_TEXT)
            smallest = fminf(smallest, d.list.items.items[i].size);
    return smallest;
}

Test(lecture, a_question_has_no_small_letters_and_no_panels)
{
    enum { BACK_ROW = 20 };
    start();
    cr_expect_geq(smallest_text(), BACK_ROW);
    cr_expect(!ui_find(&d.view->ui, "dock-0"));
    cr_expect(!ui_find(&d.view->ui, "lesson-next"));
    cr_expect(!ui_find(&d.view->ui, "play"));
    stop();
}

Test(lecture, b_and_the_point_blank_the_picture)
{
    start();
    cr_expect(doer_shows(&d, "Finding the next hop"));
    sends('b', NULL);
    cr_expect(!doer_shows(&d, "Finding the next hop"));
    sends(INPUT_KEY_PAGE_DOWN, NULL);
    cr_expect(doer_shows(&d, "Finding the next hop"), "the next key brings it back, and no more");
    sends('.', NULL);
    cr_expect(!doer_shows(&d, "Finding the next hop"));
    sends('.', NULL);
    stop();
}

Test(lecture, one_part_alone_gets_the_room)
{
    start();
    support_course_line(&c, "goto s1");
    doer_draw(&d);
    float h = d.view->map.box.h;
    sends('f', NULL);
    cr_expect_gt(d.view->map.box.h, h, "the map without the text");
    sends('f', NULL);
    cr_expect(ui_find(&d.view->ui, "dock-0"), "the dialogue");
    sends('f', NULL);
    cr_expect(ui_find(&d.view->ui, "dock-1"), "the message");
    sends('f', NULL);
    cr_expect(!ui_find(&d.view->ui, "dock-1"));
    stop();
}

Test(lecture, escape_ends_it_and_shift_l_begins_it)
{
    start();
    sends(INPUT_KEY_ESCAPE, "lecture off");
    cr_expect(ui_find(&d.view->ui, "lesson-next"));
    view_input(d.view, &(struct input_event){.kind = INPUT_KEY, .key = 'l', .shift = true});
    cr_expect_eq(support_course_serve(&c), 1);
    cr_expect_str_eq(c.line, "lecture");
    stop();
}

Test(lecture, without_a_lesson_it_says_so)
{
    doer_begin(&d);
    view_input(d.view, &(struct input_event){.kind = INPUT_KEY, .key = 'l', .shift = true});
    doer_draw(&d);
    cr_expect(doer_shows(&d, "Open a lesson first"));
    doer_end(&d);
}
