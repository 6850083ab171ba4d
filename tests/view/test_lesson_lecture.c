/* A lesson before a class: two keys, large letters, nothing beside. */
#include <criterion/criterion.h>
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/view/docks.h"
#include "render/view/lesson_panel.h"
#include "support_course.h"
#include "support_doing.h"

#define LESSON SOURCE_DIR "/lessons/L07.json"

static struct doer d;
static struct support_course c;

static void start_with(const char *path)
{
    doer_begin(&d);
    support_course_begin(&c, d.view, &d.story.log, path);
    support_course_line(&c, "lecture");
    doer_draw(&d);
}

static void start(void)
{
    start_with(LESSON);
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
    support_course_line(&c, "goto p2");
    doer_draw(&d);
    cr_expect_geq(smallest_text(), BACK_ROW);
    cr_expect(!ui_find(&d.view->ui, "dock-0"));
    cr_expect(!ui_find(&d.view->ui, "lesson-next"));
    cr_expect(!ui_find(&d.view->ui, "play"));
    stop();
}

/* The class points at the map; the choices come with what is said of them. */
Test(lecture, what_is_pointed_at_is_seen_on_the_map)
{
    start();
    const struct question *q = c.lesson.scenes[0].steps[0].ask;
    char prompt[200];
    snprintf(prompt, sizeof prompt, "%.*s", SLICE_ARG(q->prompt));
    cr_assert_eq(q->type, QUESTION_CLICK);
    cr_expect(ui_find(&d.view->ui, "host-mx1"));
    cr_expect(doer_shows(&d, "Which host does"), "%s", prompt);
    cr_expect(!ui_find(&d.view->ui, "lecture-b"));
    sends(INPUT_KEY_PAGE_DOWN, "next");
    cr_expect(!ui_find(&d.view->ui, "host-mx1"));
    cr_expect(ui_find(&d.view->ui, "lecture-b"));
    stop();
}

/* One step's words may be of one line and the next one's of three: hosts must not jump. */
Test(lecture, the_map_stays_where_it_is_from_step_to_step)
{
    start();
    float h = 0;
    for (size_t i = 0; i < c.lesson.scenes[0].step_count; i++) {
        char line[80];
        snprintf(line, sizeof line, "goto %.*s", SLICE_ARG(c.lesson.scenes[0].steps[i].id));
        if (c.lesson.scenes[0].steps[i].ask)
            continue;
        support_course_line(&c, line);
        doer_draw(&d);
        h = h > 0 ? h : d.view->map.box.h;
        cr_expect_float_eq(d.view->map.box.h, h, 0.5f, "%s", line);
    }
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

/* What is to be read stands open, whoever it is about, and the map gives way to it. */
Test(lecture, the_panel_that_a_step_speaks_of_stands_open)
{
    start_with(SOURCE_DIR "/lessons/L09.json");
    const struct lesson_scene *scene = &c.lesson.scenes[0];
    support_course_line(&c, "goto s2");
    doer_draw(&d);
    cr_expect(ui_find(&d.view->ui, "lecture-look"));
    cr_expect(doer_shows(&d, "Host: out"));
    cr_expect(ui_find(&d.view->ui, "host-mx1"), "beside the map");
    cr_expect(slice_equal(lesson_find_step(scene, SLICE("r3"))->look, SLICE("mail")),
              "found from what it does");
    sends('f', NULL);
    cr_expect(!ui_find(&d.view->ui, "lecture-look"), "the map alone");
    stop();
}

Test(lecture, every_panel_of_lessons_is_one_of_the_window)
{
    for (size_t i = 0; lesson_looks[i]; i++) {
        bool is_there = strcmp(lesson_looks[i], "mail") == 0;
        for (int k = 0; k < tab_count; k++)
            is_there |= strcmp(lesson_looks[i], tabs[k].name) == 0;
        cr_expect(is_there, "%s", lesson_looks[i]);
    }
}

/* Nobody before the class has typed anything. */
Test(lecture, an_answer_in_words_is_told_as_such)
{
    start_with(SOURCE_DIR "/lessons/L20.json");
    const struct lesson_scene *scene = &c.lesson.scenes[0];
    size_t i = 0;
    while (!scene->steps[i].ask || scene->steps[i].ask->type != QUESTION_SHORT)
        cr_assert_lt(++i, scene->step_count);
    char line[80];
    snprintf(line, sizeof line, "goto %.*s", SLICE_ARG(scene->steps[i].id));
    support_course_line(&c, line);
    doer_draw(&d);
    sends(INPUT_KEY_PAGE_DOWN, "next");
    cr_expect(doer_shows(&d, "A full answer: "));
    cr_expect(!doer_shows(&d, "You answered"));
    stop();
}

/* On is not "one event on" here. */
Test(lecture, the_question_mark_tells_the_keys_of_a_class)
{
    start();
    sends('?', NULL);
    cr_expect(doer_shows(&d, "Back to the page before"));
    cr_expect(!doer_shows(&d, "One event on"));
    sends(INPUT_KEY_ESCAPE, NULL);
    cr_expect(!doer_shows(&d, "Back to the page before"));
    cr_expect(lecture_is_on(d.view));
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
