/* A lesson beside the map: what it shows of a step, and the lines that come of what a learner does.
 */
#include <criterion/criterion.h>

#include "render/view/lesson_panel.h"
#include "render/view/state.h"
#include "sim/base/vtime.h"
#include "support_lesson.h"

Test(lesson_panel, it_shows_the_step_with_its_kind_and_how_far_one_has_come)
{
    stage_start();
    cr_expect(doer_shows(&stage.d, "L07 Every kind of question"));
    cr_expect(doer_shows(&stage.d, "You can answer."));
    cr_expect(doer_shows(&stage.d, "Step 1 of 9"));
    cr_expect(doer_shows(&stage.d, "Next  S"));
    cr_expect(doer_shows(&stage.d, "Predict"));
    cr_expect(doer_shows(&stage.d, "Two hosts take mail."));
    cr_expect(doer_shows(&stage.d, "Which is tried first?"));
    cr_expect(doer_shows(&stage.d, "The finger moves down the list."),
              "what to watch, on the first page");
    stage_at("s1");
    cr_expect(!doer_shows(&stage.d, "You can answer."));
    cr_expect(doer_shows(&stage.d, "Send"));
    stage_stop();
}

Test(lesson_panel, code_stands_apart_without_its_marks)
{
    stage_start();
    stage_at("s1");
    cr_expect(doer_shows(&stage.d, "bob@example.org"));
    cr_expect(!doer_shows(&stage.d, "`"));
    stage_stop();
}

Test(lesson_panel, next_waits_for_the_prediction_and_says_so)
{
    stage_start();
    cr_expect(doer_shows(&stage.d, "Step 1: first say what you expect."));
    doer_key(&stage.d, 's');
    stage_sent_nothing();
    doer_press(&stage.d, "answer-b");
    stage_sent("answer p1 b");
    cr_expect(doer_shows(&stage.d, "You have committed yourself."));
    cr_expect(!doer_shows(&stage.d, "Twenty is more than ten."),
              "what comes of it is to be seen first");
    doer_key(&stage.d, 's');
    stage_sent("next");
    cr_expect(doer_shows(&stage.d, "Step 2 of 9"));
    stage_stop();
}

Test(lesson_panel, a_prediction_is_compared_when_its_step_was_done)
{
    stage_start();
    doer_press(&stage.d, "answer-b");
    stage_sent("answer p1 b");
    stage_at("s1");
    cr_expect(!doer_shows(&stage.d, "You predicted:"));
    support_course_deed(&stage.c, 0, "send from=alice@example.com to=bob@example.org");
    doer_draw(&stage.d);
    cr_expect(doer_shows(&stage.d, "You predicted:"));
    cr_expect(doer_shows(&stage.d, "Twenty is more than ten."));
    stage_at("p1");
    cr_expect(doer_shows(&stage.d, "The lowest number"), "the right one is told, too");
    stage_stop();
}

Test(lesson_panel, next_is_locked_until_what_the_step_asks_for_has_happened)
{
    stage_start();
    stage_at("f1");
    cr_expect(doer_shows(&stage.d, "Step 3: switch it"));
    float x, y;
    cr_assert(view_find_widget(stage.d.view, "lesson-next", &x, &y));
    doer_press(&stage.d, "lesson-next");
    stage_sent_nothing();
    stage_stop();
}

/* What is to be done is said before it was tried; that it is not there yet only then. */
Test(lesson_panel, a_step_says_what_to_do_and_then_that_it_waits)
{
    stage_start();
    stage_at("f1");
    cr_expect(doer_shows(&stage.d, "Step 3: switch it"));
    support_course_deed(&stage.c, 0, "fault mx2-off on");
    doer_draw(&stage.d);
    cr_expect(!doer_shows(&stage.d, "Step 3: switch it"));
    cr_expect(doer_shows(&stage.d, "Step 3: not all that"));
    stage_stop();
}

/* Nothing locks it, but who goes on without the message has missed what the step is for. */
Test(lesson_panel, a_step_that_is_not_locked_says_what_to_do_all_the_same)
{
    stage_start();
    stage_at("s1");
    cr_expect(doer_shows(&stage.d, "Step 2: write the"));
    support_course_deed(&stage.c, 0, "send from=alice@example.com to=bob@example.org");
    doer_draw(&stage.d);
    cr_expect(!doer_shows(&stage.d, "Step 2: write the"));
    stage_stop();
}

/* The step itself is whole, and what the lesson is about can be had. */
Test(lesson_panel, what_it_is_about_is_folded_behind_the_first_step)
{
    stage_start();
    cr_expect(doer_shows(&stage.d, "What to watch"));
    stage_at("s1");
    cr_expect(!doer_shows(&stage.d, "The finger moves down the list."));
    doer_press(&stage.d, "lesson-about");
    doer_draw(&stage.d);
    cr_expect(doer_shows(&stage.d, "You can answer.") &&
              doer_shows(&stage.d, "The finger moves down the list."));
    stage_at("f1");
    cr_expect(!doer_shows(&stage.d, "You can answer."), "with another step it is folded again");
    stage_stop();
}

/* Where it does not fit below the first step it is folded rather than cut. */
Test(lesson_panel, what_to_watch_is_whole_or_folded)
{
    struct slice lines[6];
    stage_start();
    for (size_t i = 0; i < 6; i++)
        lines[i] = SLICE("Each arrow has a flag at the end that opened the connection, and a dot.");
    stage.c.lesson.watch = (struct lesson_texts){lines, 6};
    for (int h = 560; h <= 1400; h += 40) {
        view_draw(stage.d.view, &stage.d.list, 1280, h);
        const struct lesson_panel *panel = stage.d.view->lesson;
        const struct ui_widget *body = ui_find(&stage.d.view->ui, "lesson-wheel");
        cr_assert(body);
        cr_expect(!panel->shows_about || panel->whole <= body->box.h, "%d high", h);
        cr_expect(panel->shows_about || h < 1400, "there is room enough");
    }
    stage_stop();
}

Test(lesson_panel, what_can_be_turned_shows_it_within_the_frame)
{
    stage_start();
    doer_press(&stage.d, "lesson-checks");
    view_draw(stage.d.view, &stage.d.list, 1280, 640);
    const struct lesson_panel *panel = stage.d.view->lesson;
    const struct ui_widget *body = ui_find(&stage.d.view->ui, "lesson-wheel");
    const struct ui_widget *fold = ui_find(&stage.d.view->ui, "lesson-fold");
    cr_assert(body && fold && panel->whole > body->box.h);
    float frame = fold->box.x + fold->box.w + 12, most = 0;
    for (size_t i = 0; i < stage.d.list.items.count; i++) {
        const struct draw_item *item = &stage.d.list.items.items[i];
        if (item->kind == DRAW_RECT && item->box.w == 5)
            most = item->box.x + item->box.w > most && item->box.x < frame ? item->box.x + 5 : most;
    }
    cr_expect(most > body->box.x && most < frame, "%f, frame %f", (double)most, (double)frame);
    stage_stop();
}

Test(lesson_panel, what_a_step_is_about_can_be_done_from_it)
{
    stage_start();
    stage_at("s1");
    doer_press(&stage.d, "do-write-pc-alice");
    cr_expect(doer_has(&stage.d, "compose-send"));
    doer_key(&stage.d, INPUT_KEY_ESCAPE);
    stage_at("f1");
    doer_press(&stage.d, "do-fault-mx1-off");
    doer_expect(&stage.d, "fault mx1-off on");
    stage_stop();
}

Test(lesson_panel, hints_come_one_at_a_time)
{
    stage_start();
    stage_at("s1");
    cr_expect(!doer_shows(&stage.d, "Open the mail program."));
    doer_press(&stage.d, "lesson-hint");
    stage_sent("hint");
    cr_expect(doer_shows(&stage.d, "Open the mail program."));
    cr_expect(!doer_shows(&stage.d, "Press Send."));
    doer_key(&stage.d, 'h');
    stage_sent("hint");
    cr_expect(doer_shows(&stage.d, "Press Send."));
    doer_key(&stage.d, 'h');
    stage_sent_nothing();
    stage_stop();
}

Test(lesson_panel, checks_say_what_is_missing_and_the_end_what_it_is_worth)
{
    stage_start();
    cr_expect(!doer_shows(&stage.d, "Switch mx1 off."));
    doer_press(&stage.d, "lesson-checks");
    cr_expect(doer_shows(&stage.d, "Checks: 0 of 2, points: 0 of 3"));
    cr_expect(doer_shows(&stage.d, "Switch mx1 off."));
    doer_press(&stage.d, "answer-a");
    stage_sent("answer p1 a");
    stage_at("q5");
    doer_press(&stage.d, "lesson-next");
    stage_sent("next");
    cr_expect(doer_shows(&stage.d, "1 of 3 points"));
    cr_expect(doer_shows(&stage.d, "You committed yourself."));
    cr_expect(doer_shows(&stage.d, "Switch mx1 off."));
    doer_press(&stage.d, "lesson-quiz");
    stage_sent("quiz L07");
    stage_stop();
}

Test(lesson_panel, behind_the_end_comes_the_next_lesson)
{
    struct view_request request;
    stage_start();
    stage_at("q5");
    doer_press(&stage.d, "lesson-next");
    stage_sent("next");
    cr_expect(!doer_has(&stage.d, "lesson-following"), "there is none");
    stage.c.course.next_id = SLICE("L08");
    stage.c.course.next_title = SLICE("Store and forward");
    doer_draw(&stage.d);
    cr_expect(doer_shows(&stage.d, "Next lesson: Store and forward"));
    doer_press(&stage.d, "lesson-following");
    cr_assert(view_take_request(stage.d.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_OPEN);
    cr_expect_str_eq(request.text, "L08");
    stage_stop();
}

Test(lesson_panel, it_folds_and_is_remembered_beside_another_run)
{
    stage_start();
    doer_key(&stage.d, 'y');
    cr_expect(!doer_shows(&stage.d, "Two hosts take mail."));
    cr_expect(doer_shows(&stage.d, "1/9"));
    view_set_log(stage.d.view, &stage.d.story.log);
    doer_draw(&stage.d);
    cr_expect(doer_shows(&stage.d, "1/9"));
    doer_press(&stage.d, "lesson-fold");
    cr_expect(doer_shows(&stage.d, "Two hosts take mail."));
    stage_stop();
}

/* Where there is no room for both, a panel that is asked for takes the place of the lesson. */
Test(lesson_panel, in_a_narrow_window_it_gives_way)
{
    stage_start();
    view_draw(stage.d.view, &stage.d.list, 1024, 768);
    cr_expect(!ui_find(&stage.d.view->ui, "dock-0"));
    docks_show(stage.d.view, "dialogue");
    view_draw(stage.d.view, &stage.d.list, 1024, 768);
    cr_expect(ui_find(&stage.d.view->ui, "dock-0"));
    cr_expect(!ui_find(&stage.d.view->ui, "lesson-next"));
    stage_stop();
}

Test(lesson_panel, it_is_told_in_words)
{
    struct arena arena = {0};
    stage_start();
    doer_press(&stage.d, "answer-b");
    stage_sent("answer p1 b");
    const char *const parts[] = {"Lesson L07: Every kind of question",
                                 "Step 1 of 9, Predict:",
                                 "A  the first",
                                 "B  the second (chosen)",
                                 "1 of 3 points",
                                 "not yet: Switch mx1 off."};
    struct slice told = view_told(stage.d.view, &arena);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        cr_expect(slice_find(told, slice_of(parts[i]), 0) != SLICE_NONE, "%s is not in:\n%.*s",
                  parts[i], SLICE_ARG(told));
    arena_finish(&arena);
    stage_stop();
}

Test(lesson_panel, when_it_is_closed_nothing_of_it_is_left)
{
    stage_start();
    doer_press(&stage.d, "answer-b");
    support_course_serve(&stage.c);
    view_set_course(stage.d.view, NULL);
    doer_key(&stage.d, 'b'); /* a letter for a row that was there in the last frame */
    doer_draw(&stage.d);
    cr_expect(!doer_shows(&stage.d, "L07"));
    cr_expect_eq(support_course_serve(&stage.c), 0);
    support_course_line(&stage.c, "back");
    stage_stop();
}

/* "Wait half an hour" is a deed of many steps, also when nothing happens meanwhile. */
Test(lesson_panel, who_has_waited_stands_behind_the_last_event)
{
    struct view_request request;
    int64_t t = 3600 * VTIME_S;
    stage_start();
    cr_assert_lt(log_end(&stage.d.story.log), t);
    stage_at("s1");
    doer_press(&stage.d, "do-hour");
    stage_sent("run 1h");
    view_seek(stage.d.view, t);
    cr_expect_lt(view_t(stage.d.view), t);
    view_set_reach(stage.d.view, t);
    view_seek(stage.d.view, t);
    cr_expect_eq(view_t(stage.d.view), t);
    view_seek(stage.d.view, t - VTIME_S);
    view_set_playing(stage.d.view, true);
    view_tick(stage.d.view, 16);
    cr_assert(view_take_request(stage.d.view, &request), "nothing is left to be played");
    cr_expect_eq(request.kind, VIEW_REQUEST_MORE);
    stage_stop();
}

/* The step whose place this is now asks for something else. */
static struct lesson_step *step_of(const char *id)
{
    struct lesson_scene *scene = &stage.c.lesson.scenes[0];
    for (size_t i = 0; i < scene->step_count; i++)
        if (slice_equal(scene->steps[i].id, slice_of(id)))
            return &scene->steps[i];
    cr_assert_fail("%s", id);
    return NULL;
}

Test(lesson_panel, nothing_is_judged_before_it_was_answered)
{
    stage_start();
    stage_at("q1");
    stage_deed("read by=mua-bob message=1");
    cr_expect(!doer_shows(&stage.d, "Try this step again"));
    cr_expect(!lesson_is_done(&stage.c.course, stage.c.course.step), "no tick");
    doer_press(&stage.d, "answer-send");
    stage_sent("answer q1 -");
    cr_expect(doer_shows(&stage.d, "Try this step again"));
    stage_stop();
}

/* What happens by itself when a step begins was not done by the learner. */
Test(lesson_panel, what_happens_by_itself_ticks_nothing)
{
    struct slice line = SLICE("idle by=mua-bob on");
    stage_start();
    step_of("f1")->setup = (struct lesson_texts){&line, 1};
    stage_at("f1");
    stage_deed("idle by=mua-bob on");
    cr_expect(!doer_shows(&stage.d, "Try this step again"));
    cr_expect(doer_shows(&stage.d, "Step 3: switch it"));
    stage_deed("fault mx1-off on");
    cr_expect(doer_shows(&stage.d, "Try this step again"));
    stage_stop();
}

Test(lesson_panel, a_switch_says_what_a_press_does)
{
    stage_start();
    stage_at("f1");
    cr_expect(doer_shows(&stage.d, "Take the power of mx1"));
    struct event_fault on = {story_text(&stage.d.story, "mx1-off"),
                             story_text(&stage.d.story, "on"),
                             story_text(&stage.d.story, "host-down"),
                             story_text(&stage.d.story, "mx1"), story_text(&stage.d.story, "")};
    log_add(&stage.d.story.log, stage.d.story.t, 0, EVENT_FAULT, 0, &on);
    doer_follow(&stage.d);
    view_set_course(stage.d.view, &stage.c.course);
    doer_draw(&stage.d);
    cr_expect(doer_shows(&stage.d, "Give mx1 its power back"));
    stage_stop();
}

/* A run that begins in a mail program without getting mail, as with IDLE. */
Test(lesson_panel, the_first_thing_to_do_is_what_the_step_is_solved_with)
{
    struct slice place = SLICE("pc-bob"), line = SLICE("idle by=pc-bob on");
    stage_start();
    struct lesson_step *step = step_of("f1");
    step->kind = LESSON_RUN;
    step->allow = (struct lesson_texts){&place, 1};
    step->solve = (struct lesson_texts){&line, 1};
    stage_at("f1");
    cr_expect(doer_shows(&stage.d, "Step 3: open a mail program"));
    cr_expect_eq(lesson_first_deed(stage.d.view), LESSON_FIRST_MAIL);
    line = SLICE("fetch by=pc-bob");
    doer_draw(&stage.d);
    cr_expect(doer_shows(&stage.d, "Step 3: get the mail"));
    step->solve.count = 0;
    doer_draw(&stage.d);
    cr_expect(doer_shows(&stage.d, "Step 3: get the mail"), "a student's copy does not say");
    stage_stop();
}

Test(lesson_panel, what_was_predicted_is_told_once)
{
    stage_start();
    doer_press(&stage.d, "answer-b");
    stage_sent("answer p1 b");
    stage_at("s1");
    stage_deed("send from=alice@example.com to=bob@example.org");
    cr_expect(doer_shows(&stage.d, "You predicted:"));
    cr_expect(doer_shows(&stage.d, "It has arrived."));
    struct arena arena = {0};
    struct slice told = view_told(stage.d.view, &arena);
    cr_expect(slice_find(told, SLICE("You predicted: the second"), 0) != SLICE_NONE);
    cr_expect(slice_find(told, SLICE("It has arrived."), 0) != SLICE_NONE);
    arena_finish(&arena);
    support_course_line(&stage.c, "next");
    doer_draw(&stage.d);
    stage_deed("fault mx2-off on");
    cr_expect(!doer_shows(&stage.d, "You predicted:"));
    stage_stop();
}

/* Else Tab would begin at the top of the window again. */
Test(lesson_panel, after_the_answer_the_focus_is_on_the_way_on)
{
    stage_start();
    stage_at("q1");
    doer_press(&stage.d, "answer-a");
    doer_press(&stage.d, "answer-b");
    doer_press(&stage.d, "answer-send");
    stage_sent("answer q1 a,b");
    cr_expect_str_eq(stage.d.view->ui.focus, "lesson-next");
    doer_key(&stage.d, INPUT_KEY_ENTER);
    stage_sent("next");
    stage_stop();
}

/* What is tried again in half an hour is not played while the answer to a deed is read. */
Test(lesson_panel, a_long_silence_ends_the_run_of_a_deed)
{
    struct view_request request;
    stage_start();
    struct event_ui said = {story_text(&stage.d.story, "later"), 0};
    int64_t t = log_end(&stage.d.story.log);
    log_add(&stage.d.story.log, t + 20 * VTIME_S, 0, EVENT_UI, 0, &said);
    log_add(&stage.d.story.log, t + 1800 * VTIME_S, 0, EVENT_UI, 0, &said);
    doer_follow(&stage.d);
    view_seek(stage.d.view, t);
    view_play_a_while(stage.d.view);
    for (int i = 0; i < 1000; i++)
        view_tick(stage.d.view, 16);
    cr_expect_eq(view_t(stage.d.view), t + 20 * VTIME_S);
    cr_expect(!view_is_playing(stage.d.view));
    cr_expect(!view_take_request(stage.d.view, &request), "no more is asked for");
    view_set_playing(stage.d.view, true);
    for (int i = 0; i < 1000; i++)
        view_tick(stage.d.view, 16);
    cr_expect_eq(view_t(stage.d.view), t + 1800 * VTIME_S, "who presses Play goes on");
    stage_stop();
}
