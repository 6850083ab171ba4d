/*
 * What a class or a learner is asked, measured with real letters: question and answers are seen
 * whole on the smallest projector of use, and where a list is too long for that, it says that there
 * is more.
 */
#include <criterion/criterion.h>
#include <glob.h>
#include <stdio.h>
#include <string.h>

#include "render/draw/glyphs.h"
#include "render/view/lesson_panel.h"
#include "tests/view/support_course.h"
#include "topologies/world.h"

struct room {
    struct world *world;
    struct view *view;
    struct draw_list list;
    struct glyphs *glyphs;
    struct support_course course;
    float w, h;
};

static void draw(struct room *r)
{
    view_draw(r->view, &r->list, r->w, r->h);
    view_draw(r->view, &r->list, r->w, r->h);
}

static void set_theme(struct room *r, enum theme_id theme)
{
    struct view_settings settings = *view_settings(r->view);
    settings.theme = theme;
    view_set_settings(r->view, &settings);
}

static void begin_in(struct room *r, const char *topology_path, const char *path, float w, float h)
{
    struct topology topology;
    struct problem problem = {0};
    *r = (struct room){.glyphs = glyphs_create(), .w = w, .h = h};
    cr_assert(topology_load(&topology, topology_path, &problem));
    r->world = world_create(&topology, &(struct world_options){.seed = 1});
    topology_finish(&topology);
    r->view = view_create(world_log(r->world));
    draw_init(&r->list, glyphs_measure, r->glyphs);
    set_theme(r, THEME_PROJECTOR);
    support_course_begin(&r->course, r->view, world_log(r->world), path);
    support_course_line(&r->course, "lecture");
}

static void begin(struct room *r, const char *path, float w, float h)
{
    begin_in(r, SOURCE_DIR "/topologies/two-towns.json", path, w, h);
}

static void end(struct room *r)
{
    support_course_end(&r->course);
    view_destroy(r->view);
    draw_finish(&r->list);
    world_destroy(r->world);
    glyphs_destroy(r->glyphs);
}

static void go_to(struct room *r, struct slice step)
{
    char line[80];
    snprintf(line, sizeof line, "goto %.*s", SLICE_ARG(slice_part(step, 0, 60)));
    support_course_line(&r->course, line);
    draw(r);
}

static bool has(const struct room *r, const char *widget)
{
    return ui_find(&r->view->ui, widget) != NULL;
}

/* Of a long list a part may be seen, and it says so. */
static bool is_whole(const struct room *r, const struct question *q)
{
    enum { ROWS_MOST = 10 };
    return !has(r, "lecture-wheel") || (q->choice_count > ROWS_MOST && has(r, "lecture-more"));
}

static void check_lesson(const char *path, enum theme_id theme)
{
    struct room r;
    begin(&r, path, 1280, 800);
    set_theme(&r, theme);
    for (size_t i = 0; i < r.course.course.scene->step_count; i++) {
        const struct lesson_step *step = &r.course.course.scene->steps[i];
        if (!step->ask)
            continue;
        go_to(&r, step->id);
        cr_expect(is_whole(&r, step->ask), "%s, %.*s: its question", strrchr(path, '/') + 1,
                  SLICE_ARG(step->id));
        support_course_line(&r.course, "next");
        draw(&r);
        cr_expect(is_whole(&r, step->ask), "%s, %.*s: its answer", strrchr(path, '/') + 1,
                  SLICE_ARG(step->id));
    }
    end(&r);
}

Test(lecture_fits, every_question_and_every_answer_is_seen_whole)
{
    glob_t found;
    cr_assert_eq(glob(SOURCE_DIR "/lessons/L*.json", 0, NULL, &found), 0);
    cr_assert_gt(found.gl_pathc, 20);
    for (size_t i = 0; i < found.gl_pathc; i++)
        for (int theme = 0; theme < THEME_COUNT; theme++)
            check_lesson(found.gl_pathv[i], (enum theme_id)theme);
    globfree(&found);
}

static bool press(struct room *r, int key)
{
    view_input(r->view, &(struct input_event){.kind = INPUT_KEY, .key = key});
    bool is_sent = support_course_serve(&r->course) > 0;
    draw(r);
    return is_sent;
}

/* Thirteen pairs. */
Test(lecture_fits, what_is_longer_says_so_and_is_reached_by_key_and_wheel)
{
    struct room r;
    begin(&r, SOURCE_DIR "/lessons/L02.json", 1280, 800);
    go_to(&r, SLICE("p1"));
    cr_assert(has(&r, "lecture-more"), "it says that there is more");
    cr_expect(press(&r, INPUT_KEY_PAGE_UP) && has(&r, "lecture-more"), "back is back");
    go_to(&r, SLICE("p1"));
    press(&r, INPUT_KEY_DOWN);
    float moved = r.view->lesson->scroll;
    cr_expect_gt(moved, 0);
    press(&r, INPUT_KEY_UP);
    cr_expect_lt(r.view->lesson->scroll, moved);
    int presses = 0;
    while (has(&r, "lecture-more") && presses++ < 10)
        cr_expect(!press(&r, INPUT_KEY_PAGE_DOWN), "on shows the rest before it goes on");
    cr_expect(!has(&r, "lecture-more"));
    cr_expect(press(&r, INPUT_KEY_PAGE_DOWN), "and then it goes on");
    cr_expect_eq(r.view->lesson->scroll, 0, "the answer starts at its top");
    const struct ui_widget *wheel = ui_find(&r.view->ui, "lecture-wheel");
    cr_assert(wheel && wheel->turn);
    wheel->turn(r.view, 0, -2);
    draw(&r);
    cr_expect_gt(r.view->lesson->scroll, 0);
    end(&r);
}

/* Two dozen hosts are cards only with small letters; a console that takes their place is read. */
Test(lecture_fits, letters_of_a_panel_alone_are_not_made_smaller_for_the_sake_of_a_map)
{
    struct room r;
    begin_in(&r, SOURCE_DIR "/topologies/t24-outage.json", SOURCE_DIR "/lessons/L24.json", 1280,
             800);
    go_to(&r, SLICE("story"));
    float map = r.view->zoom;
    cr_assert(!lecture_looked_at(r.view));
    go_to(&r, SLICE("probe"));
    cr_assert(has(&r, "lecture-look"));
    cr_expect_gt(r.view->zoom, map * 1.5f);
    go_to(&r, SLICE("story"));
    cr_expect_float_eq(r.view->zoom, map, 0.001f, "and the map is as before");
    end(&r);
}

static void show_column(struct room *r, enum theme_id theme, const char *step)
{
    set_theme(r, theme);
    support_course_line(&r->course, "lecture off");
    go_to(r, slice_of(step));
}

/* What the lesson is about gives way to its first question. */
Test(lecture_fits, beside_the_map_all_answers_of_a_first_question_are_seen)
{
    struct room r;
    begin(&r, SOURCE_DIR "/lessons/L17.json", 1280, 800);
    show_column(&r, THEME_LIGHT, "p1");
    const struct ui_widget *last = ui_find(&r.view->ui, "answer-d");
    const struct ui_widget *room = ui_find(&r.view->ui, "lesson-wheel");
    cr_assert(last && room);
    cr_expect_gt(last->box.h, 20);
    cr_expect_leq(last->box.y + last->box.h, room->box.y + room->box.h - 4);
    cr_expect(!has(&r, "lesson-more"));
    end(&r);
}

Test(lecture_fits, beside_the_map_answers_that_are_below_are_told_of)
{
    struct room r;
    begin(&r, SOURCE_DIR "/lessons/L06.json", 1280, 800);
    show_column(&r, THEME_PROJECTOR, "step1");
    cr_assert(has(&r, "lesson-more"));
    cr_expect(view_press_widget(r.view, "lesson-more"));
    draw(&r);
    cr_expect_gt(r.view->lesson->scroll, 0);
    for (int i = 0; i < 10 && has(&r, "lesson-more"); i++) {
        view_press_widget(r.view, "lesson-more");
        draw(&r);
    }
    cr_expect(!has(&r, "lesson-more"));
    cr_expect(has(&r, "answer-h"));
    end(&r);
}
