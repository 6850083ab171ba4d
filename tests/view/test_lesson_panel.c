/* A lesson beside the map: what it shows of a step, and the lines that come of what a learner does.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "render/view/console.h"
#include "render/view/lesson_panel.h"
#include "render/view/state.h"
#include "sim/base/vtime.h"
#include "support_course.h"
#include "support_doing.h"

static struct doer d;
static struct support_course c;

static void start(void)
{
    doer_begin(&d);
    support_course_begin(&c, d.view, &d.story.log, SOURCE_DIR "/tests/view/lesson_kinds.json");
    doer_draw(&d);
}

static void stop(void)
{
    support_course_end(&c);
    doer_end(&d);
}

static void at(const char *step)
{
    char line[100];
    snprintf(line, sizeof line, "goto %s", step);
    support_course_line(&c, line);
    doer_draw(&d);
}

/* What was asked for is this one line, and is done. */
static void sent(const char *line)
{
    int lines = support_course_serve(&c);
    cr_expect_eq(lines, 1, "%d lines were sent; the last one: %s", lines, c.line);
    cr_expect_str_eq(c.line, line);
    doer_draw(&d);
}

static void sent_nothing(void)
{
    cr_expect_eq(support_course_serve(&c), 0, "%s was sent", c.line);
    doer_draw(&d);
}

Test(lesson_panel, it_shows_the_step_with_its_kind_and_how_far_one_has_come)
{
    start();
    cr_expect(doer_shows(&d, "L07 Every kind of question"));
    cr_expect(doer_shows(&d, "You can answer."));
    cr_expect(doer_shows(&d, "Step 1 of 9"));
    cr_expect(doer_shows(&d, "Predict"));
    cr_expect(doer_shows(&d, "Two hosts take mail."));
    cr_expect(doer_shows(&d, "Which is tried first?"));
    cr_expect(doer_shows(&d, "The finger moves down the list."),
              "what to watch, on the first page");
    at("s1");
    cr_expect(!doer_shows(&d, "You can answer."));
    cr_expect(doer_shows(&d, "Send"));
    stop();
}

Test(lesson_panel, code_stands_apart_without_its_marks)
{
    start();
    at("s1");
    cr_expect(doer_shows(&d, "bob@example.org"));
    cr_expect(!doer_shows(&d, "`"));
    stop();
}

Test(lesson_panel, next_waits_for_the_prediction_and_says_so)
{
    start();
    cr_expect(doer_shows(&d, "Step 1: first say what you expect."));
    doer_key(&d, 's');
    sent_nothing();
    doer_press(&d, "answer-b");
    sent("answer p1 b");
    cr_expect(doer_shows(&d, "You have committed yourself."));
    cr_expect(!doer_shows(&d, "Twenty is more than ten."), "what comes of it is to be seen first");
    doer_key(&d, 's');
    sent("next");
    cr_expect(doer_shows(&d, "Step 2 of 9"));
    stop();
}

Test(lesson_panel, a_prediction_is_compared_when_its_step_was_done)
{
    start();
    doer_press(&d, "answer-b");
    sent("answer p1 b");
    at("s1");
    cr_expect(!doer_shows(&d, "You predicted:"));
    support_course_deed(&c, 0, "send from=alice@example.com to=bob@example.org");
    doer_draw(&d);
    cr_expect(doer_shows(&d, "You predicted:"));
    cr_expect(doer_shows(&d, "Twenty is more than ten."));
    at("p1");
    cr_expect(doer_shows(&d, "The lowest number"), "the right one is told, too");
    stop();
}

Test(lesson_panel, next_is_locked_until_what_the_step_asks_for_has_happened)
{
    start();
    at("f1");
    cr_expect(doer_shows(&d, "Step 3: switch it"));
    float x, y;
    cr_assert(view_find_widget(d.view, "lesson-next", &x, &y));
    doer_press(&d, "lesson-next");
    sent_nothing();
    stop();
}

/* What is to be done is said before it was tried; that it is not there yet only then. */
Test(lesson_panel, a_step_says_what_to_do_and_then_that_it_waits)
{
    start();
    at("f1");
    cr_expect(doer_shows(&d, "Step 3: switch it"));
    support_course_deed(&c, 0, "fault mx2-off on");
    doer_draw(&d);
    cr_expect(!doer_shows(&d, "Step 3: switch it"));
    cr_expect(doer_shows(&d, "Step 3: not all that"));
    stop();
}

/* Nothing locks it, but who goes on without the message has missed what the step is for. */
Test(lesson_panel, a_step_that_is_not_locked_says_what_to_do_all_the_same)
{
    start();
    at("s1");
    cr_expect(doer_shows(&d, "Step 2: write the"));
    support_course_deed(&c, 0, "send from=alice@example.com to=bob@example.org");
    doer_draw(&d);
    cr_expect(!doer_shows(&d, "Step 2: write the"));
    stop();
}

/* The step itself is whole, and what the lesson is about can be had. */
Test(lesson_panel, what_it_is_about_is_folded_behind_the_first_step)
{
    start();
    cr_expect(doer_shows(&d, "What to watch"));
    at("s1");
    cr_expect(!doer_shows(&d, "The finger moves down the list."));
    doer_press(&d, "lesson-about");
    doer_draw(&d);
    cr_expect(doer_shows(&d, "You can answer.") &&
              doer_shows(&d, "The finger moves down the list."));
    at("f1");
    cr_expect(!doer_shows(&d, "You can answer."), "with another step it is folded again");
    stop();
}

/* Where it does not fit below the first step it is folded rather than cut. */
Test(lesson_panel, what_to_watch_is_whole_or_folded)
{
    struct slice lines[6];
    start();
    for (size_t i = 0; i < 6; i++)
        lines[i] = SLICE("Each arrow has a flag at the end that opened the connection, and a dot.");
    c.lesson.watch = (struct lesson_texts){lines, 6};
    for (int h = 560; h <= 1400; h += 40) {
        view_draw(d.view, &d.list, 1280, h);
        const struct lesson_panel *panel = d.view->lesson;
        const struct ui_widget *body = ui_find(&d.view->ui, "lesson-wheel");
        cr_assert(body);
        cr_expect(!panel->shows_about || panel->whole <= body->box.h, "%d high", h);
        cr_expect(panel->shows_about || h < 1400, "there is room enough");
    }
    stop();
}

Test(lesson_panel, what_can_be_turned_shows_it_within_the_frame)
{
    start();
    doer_press(&d, "lesson-checks");
    view_draw(d.view, &d.list, 1280, 640);
    const struct lesson_panel *panel = d.view->lesson;
    const struct ui_widget *body = ui_find(&d.view->ui, "lesson-wheel");
    const struct ui_widget *fold = ui_find(&d.view->ui, "lesson-fold");
    cr_assert(body && fold && panel->whole > body->box.h);
    float frame = fold->box.x + fold->box.w + 12, most = 0;
    for (size_t i = 0; i < d.list.items.count; i++) {
        const struct draw_item *item = &d.list.items.items[i];
        if (item->kind == DRAW_RECT && item->box.w == 5)
            most = item->box.x + item->box.w > most && item->box.x < frame ? item->box.x + 5 : most;
    }
    cr_expect(most > body->box.x && most < frame, "%f, frame %f", (double)most, (double)frame);
    stop();
}

/* One of several programs that may be meant: the learner says which. */
Test(lesson_panel, a_host_with_several_programs_to_choose_from_asks_which)
{
    start();
    at("c1");
    struct question ask = *lesson_step_shown(&c.course)->ask;
    ask.choices[0].id = SLICE("mta-mx1");
    ask.choices[2].id = SLICE("mda-mx1");
    c.lesson.scenes[0].steps[c.course.step].ask = &ask;
    doer_draw(&d);
    doer_press(&d, "host-mx1");
    sent_nothing();
    cr_assert(doer_has(&d, "menu-mta-mx1") && doer_has(&d, "menu-mda-mx1"));
    doer_press(&d, "menu-mda-mx1");
    sent("answer c1 mda-mx1");
    stop();
}

Test(lesson_panel, what_a_step_is_about_can_be_done_from_it)
{
    start();
    at("s1");
    doer_press(&d, "do-write-pc-alice");
    cr_expect(doer_has(&d, "compose-send"));
    doer_key(&d, INPUT_KEY_ESCAPE);
    at("f1");
    doer_press(&d, "do-fault-mx1-off");
    doer_expect(&d, "fault mx1-off on");
    stop();
}

Test(lesson_panel, hints_come_one_at_a_time)
{
    start();
    at("s1");
    cr_expect(!doer_shows(&d, "Open the mail program."));
    doer_press(&d, "lesson-hint");
    sent("hint");
    cr_expect(doer_shows(&d, "Open the mail program."));
    cr_expect(!doer_shows(&d, "Press Send."));
    doer_key(&d, 'h');
    sent("hint");
    cr_expect(doer_shows(&d, "Press Send."));
    doer_key(&d, 'h');
    sent_nothing();
    stop();
}

Test(lesson_panel, a_press_on_the_map_answers_a_question_about_it)
{
    start();
    at("c1");
    doer_press(&d, "host-out");
    sent("answer c1 mta-out");
    cr_expect(doer_shows(&d, "It has handed it on."));
    cr_expect(doer_shows(&d, "Not yet. Try another answer."));
    cr_expect(!doer_shows(&d, "It said 250."), "the key is not told to who can still find it");
    doer_press(&d, "host-mx1");
    sent("answer c1 mx1");
    cr_expect(doer_shows(&d, "It said 250."));
    doer_press(&d, "host-out");
    sent_nothing();
    stop();
}

Test(lesson_panel, the_list_beside_it_does_the_same_by_key)
{
    start();
    at("c1");
    doer_key(&d, 'a');
    doer_key(&d, INPUT_KEY_DOWN);
    doer_key(&d, INPUT_KEY_ENTER);
    sent("answer c1 mta-out");
    stop();
}

Test(lesson_panel, a_press_on_a_host_answers_nothing_else)
{
    start();
    at("q1");
    doer_press(&d, "host-mx1");
    sent_nothing();
    stop();
}

Test(lesson_panel, several_are_chosen_and_then_sent)
{
    start();
    at("q1");
    doer_press(&d, "answer-a");
    sent_nothing();
    doer_key(&d, 'b');
    doer_key(&d, 'c');
    doer_key(&d, 'c');
    doer_press(&d, "answer-send");
    sent("answer q1 a,b");
    cr_expect(doer_shows(&d, "That is so."));
    stop();
}

Test(lesson_panel, none_of_them_can_be_an_answer)
{
    start();
    at("q1");
    doer_press(&d, "answer-send");
    sent("answer q1 -");
    stop();
}

/* The letters are those of the file, wherever an item is shown. */
Test(lesson_panel, items_are_moved_by_arrows_and_keys)
{
    start();
    at("q2");
    doer_press(&d, "answer-send");
    cr_expect_eq(support_course_serve(&c), 1);
    char first[sizeof c.line];
    memcpy(first, c.line, sizeof first);
    cr_assert_eq(strlen(first), strlen("answer q2 x,y,z"));
    doer_draw(&d);
    doer_press(&d, "answer-down-a");
    doer_press(&d, "answer-send");
    cr_expect_eq(support_course_serve(&c), 1);
    cr_expect_eq(c.line[10], first[12]);
    cr_expect_eq(c.line[12], first[10]);
    cr_expect_eq(c.line[14], first[14]);
    doer_draw(&d);
    doer_press(&d, "answer-b");
    doer_key(&d, INPUT_KEY_UP);
    cr_expect_str_eq(d.view->ui.focus, "answer-a", "the focus goes with the item");
    doer_key(&d, INPUT_KEY_ENTER);
    cr_expect_eq(support_course_serve(&c), 1);
    cr_expect_str_eq(c.line, first);
    stop();
}

Test(lesson_panel, sides_are_matched_from_a_menu_or_by_letter)
{
    start();
    at("q3");
    doer_key(&d, 'a');
    doer_key(&d, INPUT_KEY_ENTER);
    cr_assert(doer_has(&d, "menu-a") && doer_has(&d, "menu-b"));
    doer_press(&d, "menu-a");
    doer_press(&d, "answer-send");
    sent_nothing();
    doer_press(&d, "answer-b-a"); /* a few that are short can be pressed where they are */
    doer_key(&d, 'a');
    doer_key(&d, INPUT_KEY_DOWN);
    doer_key(&d, 'b');
    doer_press(&d, "answer-send");
    cr_expect_eq(support_course_serve(&c), 1);
    bool is_straight = strcmp(c.line, "answer q3 a,b") == 0;
    cr_expect(is_straight || strcmp(c.line, "answer q3 b,a") == 0, "%s", c.line);
    doer_draw(&d);
    cr_expect(doer_shows(&d, is_straight ? "That is so." : "Not yet. Try another answer."));
    stop();
}

Test(lesson_panel, a_number_and_words_are_typed)
{
    start();
    at("q4");
    doer_press(&d, "answer-text");
    doer_key(&d, INPUT_KEY_ENTER);
    sent_nothing();
    support_type(d.view, "3");
    doer_key(&d, INPUT_KEY_ENTER);
    sent("answer q4 3");
    cr_expect(doer_shows(&d, "That is so."));
    at("q5");
    doer_press(&d, "answer-text");
    support_type(d.view, "who holds it");
    doer_press(&d, "answer-send");
    sent("answer q5 who holds it");
    cr_expect(doer_shows(&d, "A full answer: Who holds the mail"));
    stop();
}

Test(lesson_panel, checks_say_what_is_missing_and_the_end_what_it_is_worth)
{
    start();
    cr_expect(!doer_shows(&d, "Switch mx1 off."));
    doer_press(&d, "lesson-checks");
    cr_expect(doer_shows(&d, "Checks: 0 of 2, points: 0 of 3"));
    cr_expect(doer_shows(&d, "Switch mx1 off."));
    doer_press(&d, "answer-a");
    sent("answer p1 a");
    at("q5");
    doer_press(&d, "lesson-next");
    sent("next");
    cr_expect(doer_shows(&d, "1 of 3 points"));
    cr_expect(doer_shows(&d, "You committed yourself."));
    cr_expect(doer_shows(&d, "Switch mx1 off."));
    doer_press(&d, "lesson-quiz");
    sent("quiz L07");
    stop();
}

Test(lesson_panel, behind_the_end_comes_the_next_lesson)
{
    struct view_request request;
    start();
    at("q5");
    doer_press(&d, "lesson-next");
    sent("next");
    cr_expect(!doer_has(&d, "lesson-following"), "there is none");
    c.course.next_id = SLICE("L08");
    c.course.next_title = SLICE("Store and forward");
    doer_draw(&d);
    cr_expect(doer_shows(&d, "Next lesson: Store and forward"));
    doer_press(&d, "lesson-following");
    cr_assert(view_take_request(d.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_OPEN);
    cr_expect_str_eq(request.text, "L08");
    stop();
}

Test(lesson_panel, it_folds_and_is_remembered_beside_another_run)
{
    start();
    doer_key(&d, 'y');
    cr_expect(!doer_shows(&d, "Two hosts take mail."));
    cr_expect(doer_shows(&d, "1/9"));
    view_set_log(d.view, &d.story.log);
    doer_draw(&d);
    cr_expect(doer_shows(&d, "1/9"));
    doer_press(&d, "lesson-fold");
    cr_expect(doer_shows(&d, "Two hosts take mail."));
    stop();
}

/* Where there is no room for both, a panel that is asked for takes the place of the lesson. */
Test(lesson_panel, in_a_narrow_window_it_gives_way)
{
    start();
    view_draw(d.view, &d.list, 1024, 768);
    cr_expect(!ui_find(&d.view->ui, "dock-0"));
    docks_show(d.view, "dialogue");
    view_draw(d.view, &d.list, 1024, 768);
    cr_expect(ui_find(&d.view->ui, "dock-0"));
    cr_expect(!ui_find(&d.view->ui, "lesson-next"));
    stop();
}

Test(lesson_panel, it_is_told_in_words)
{
    struct arena arena = {0};
    start();
    doer_press(&d, "answer-b");
    sent("answer p1 b");
    const char *const parts[] = {"Lesson L07: Every kind of question",
                                 "Step 1 of 9, Predict:",
                                 "A  the first",
                                 "B  the second (chosen)",
                                 "1 of 3 points",
                                 "not yet: Switch mx1 off."};
    struct slice told = view_told(d.view, &arena);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        cr_expect(slice_find(told, slice_of(parts[i]), 0) != SLICE_NONE, "%s is not in:\n%.*s",
                  parts[i], SLICE_ARG(told));
    arena_finish(&arena);
    stop();
}

Test(lesson_panel, when_it_is_closed_nothing_of_it_is_left)
{
    start();
    doer_press(&d, "answer-b");
    support_course_serve(&c);
    view_set_course(d.view, NULL);
    doer_key(&d, 'b'); /* a letter for a row that was there in the last frame */
    doer_draw(&d);
    cr_expect(!doer_shows(&d, "L07"));
    cr_expect_eq(support_course_serve(&c), 0);
    support_course_line(&c, "back");
    stop();
}

/* The first answer counts there: it is chosen, looked at once more, and sent. */
Test(lesson_panel, in_an_exam_an_answer_is_chosen_before_it_is_sent)
{
    start();
    c.lesson.scenes[0].is_exam = true;
    at("c1");
    doer_press(&d, "host-mx1");
    sent_nothing();
    doer_press(&d, "answer-send");
    sent_nothing();
    doer_press(&d, "answer-b");
    sent_nothing();
    doer_press(&d, "answer-a");
    doer_press(&d, "answer-send");
    sent("answer c1 mx1");
    doer_press(&d, "answer-b");
    sent_nothing();
    cr_expect(!doer_shows(&d, "Try this step again"));
    stop();
}

/* "Wait half an hour" is a deed of many steps, also when nothing happens meanwhile. */
Test(lesson_panel, who_has_waited_stands_behind_the_last_event)
{
    struct view_request request;
    int64_t t = 3600 * VTIME_S;
    start();
    cr_assert_lt(log_end(&d.story.log), t);
    at("s1");
    doer_press(&d, "do-hour");
    sent("run 1h");
    view_seek(d.view, t);
    cr_expect_lt(view_t(d.view), t);
    view_set_reach(d.view, t);
    view_seek(d.view, t);
    cr_expect_eq(view_t(d.view), t);
    view_seek(d.view, t - VTIME_S);
    view_set_playing(d.view, true);
    view_tick(d.view, 16);
    cr_assert(view_take_request(d.view, &request), "nothing is left to be played");
    cr_expect_eq(request.kind, VIEW_REQUEST_MORE);
    stop();
}
