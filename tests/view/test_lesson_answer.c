/* A question of a lesson's step: each kind of it, answered with the mouse and by key. */
#include <criterion/criterion.h>
#include <string.h>

#include "render/view/lesson_panel.h"
#include "render/view/state.h"
#include "support_lesson.h"

/* One of several programs that may be meant: the learner says which. */
Test(lesson_answer, a_host_with_several_programs_to_choose_from_asks_which)
{
    stage_start();
    stage_at("c1");
    struct question ask = *lesson_step_shown(&stage.c.course)->ask;
    ask.choices[0].id = SLICE("mta-mx1");
    ask.choices[2].id = SLICE("mda-mx1");
    stage.c.lesson.scenes[0].steps[stage.c.course.step].ask = &ask;
    doer_draw(&stage.d);
    doer_press(&stage.d, "host-mx1");
    stage_sent_nothing();
    cr_assert(doer_has(&stage.d, "menu-mta-mx1") && doer_has(&stage.d, "menu-mda-mx1"));
    doer_press(&stage.d, "menu-mda-mx1");
    stage_sent("answer c1 mda-mx1");
    stage_stop();
}

Test(lesson_answer, a_press_on_the_map_answers_a_question_about_it)
{
    stage_start();
    stage_at("c1");
    doer_press(&stage.d, "host-out");
    stage_sent("answer c1 mta-out");
    cr_expect(doer_shows(&stage.d, "It has handed it on."));
    cr_expect(doer_shows(&stage.d, "Not yet. Try another answer."));
    cr_expect(!doer_shows(&stage.d, "It said 250."),
              "the key is not told to who can still find it");
    doer_press(&stage.d, "host-mx1");
    stage_sent("answer c1 mx1");
    cr_expect(doer_shows(&stage.d, "It said 250."));
    doer_press(&stage.d, "host-out");
    stage_sent_nothing();
    stage_stop();
}

Test(lesson_answer, the_list_beside_it_does_the_same_by_key)
{
    stage_start();
    stage_at("c1");
    doer_key(&stage.d, 'a');
    doer_key(&stage.d, INPUT_KEY_DOWN);
    doer_key(&stage.d, INPUT_KEY_ENTER);
    stage_sent("answer c1 mta-out");
    stage_stop();
}

Test(lesson_answer, a_press_on_a_host_answers_nothing_else)
{
    stage_start();
    stage_at("q1");
    doer_press(&stage.d, "host-mx1");
    stage_sent_nothing();
    stage_stop();
}

Test(lesson_answer, several_are_chosen_and_then_sent)
{
    stage_start();
    stage_at("q1");
    doer_press(&stage.d, "answer-a");
    stage_sent_nothing();
    doer_key(&stage.d, 'b');
    doer_key(&stage.d, 'c');
    doer_key(&stage.d, 'c');
    doer_press(&stage.d, "answer-send");
    stage_sent("answer q1 a,b");
    cr_expect(doer_shows(&stage.d, "That is so."));
    stage_stop();
}

Test(lesson_answer, none_of_them_can_be_an_answer)
{
    stage_start();
    stage_at("q1");
    doer_press(&stage.d, "answer-send");
    stage_sent("answer q1 -");
    stage_stop();
}

/* The letters are those of the file, wherever an item is shown. */
Test(lesson_answer, items_are_moved_by_arrows_and_keys)
{
    stage_start();
    stage_at("q2");
    doer_press(&stage.d, "answer-send");
    cr_expect_eq(support_course_serve(&stage.c), 1);
    char first[sizeof stage.c.line];
    memcpy(first, stage.c.line, sizeof first);
    cr_assert_eq(strlen(first), strlen("answer q2 x,y,z"));
    doer_draw(&stage.d);
    doer_press(&stage.d, "answer-down-a");
    doer_press(&stage.d, "answer-send");
    cr_expect_eq(support_course_serve(&stage.c), 1);
    cr_expect_eq(stage.c.line[10], first[12]);
    cr_expect_eq(stage.c.line[12], first[10]);
    cr_expect_eq(stage.c.line[14], first[14]);
    doer_draw(&stage.d);
    doer_press(&stage.d, "answer-b");
    doer_key(&stage.d, INPUT_KEY_UP);
    cr_expect_str_eq(stage.d.view->ui.focus, "answer-a", "the focus goes with the item");
    doer_key(&stage.d, INPUT_KEY_ENTER);
    cr_expect_eq(support_course_serve(&stage.c), 1);
    cr_expect_str_eq(stage.c.line, first);
    stage_stop();
}

Test(lesson_answer, sides_are_matched_from_a_menu_or_by_letter)
{
    stage_start();
    stage_at("q3");
    doer_key(&stage.d, 'a');
    doer_key(&stage.d, INPUT_KEY_ENTER);
    cr_assert(doer_has(&stage.d, "menu-a") && doer_has(&stage.d, "menu-b"));
    doer_press(&stage.d, "menu-a");
    doer_press(&stage.d, "answer-send");
    stage_sent_nothing();
    doer_press(&stage.d, "answer-b-a"); /* a few that are short can be pressed where they are */
    doer_key(&stage.d, 'a');
    doer_key(&stage.d, INPUT_KEY_DOWN);
    doer_key(&stage.d, 'b');
    doer_press(&stage.d, "answer-send");
    cr_expect_eq(support_course_serve(&stage.c), 1);
    bool is_straight = strcmp(stage.c.line, "answer q3 a,b") == 0;
    cr_expect(is_straight || strcmp(stage.c.line, "answer q3 b,a") == 0, "%s", stage.c.line);
    doer_draw(&stage.d);
    cr_expect(doer_shows(&stage.d, is_straight ? "That is so." : "Not yet. Try another answer."));
    stage_stop();
}

Test(lesson_answer, a_number_and_words_are_typed)
{
    stage_start();
    stage_at("q4");
    doer_press(&stage.d, "answer-text");
    doer_key(&stage.d, INPUT_KEY_ENTER);
    stage_sent_nothing();
    support_type(stage.d.view, "3");
    doer_key(&stage.d, INPUT_KEY_ENTER);
    stage_sent("answer q4 3");
    cr_expect(doer_shows(&stage.d, "That is so."));
    stage_at("q5");
    doer_press(&stage.d, "answer-text");
    support_type(stage.d.view, "who holds it");
    doer_press(&stage.d, "answer-send");
    stage_sent("answer q5 who holds it");
    cr_expect(doer_shows(&stage.d, "A full answer: Who holds the mail"));
    stage_stop();
}

/* The first answer counts there: it is chosen, looked at once more, and sent. */
Test(lesson_answer, in_an_exam_an_answer_is_chosen_before_it_is_sent)
{
    stage_start();
    stage.c.lesson.scenes[0].is_exam = true;
    stage_at("c1");
    doer_press(&stage.d, "host-mx1");
    stage_sent_nothing();
    doer_press(&stage.d, "answer-send");
    stage_sent_nothing();
    doer_press(&stage.d, "answer-b");
    stage_sent_nothing();
    doer_press(&stage.d, "answer-a");
    doer_press(&stage.d, "answer-send");
    stage_sent("answer c1 mx1");
    doer_press(&stage.d, "answer-b");
    stage_sent_nothing();
    cr_expect(!doer_shows(&stage.d, "Try this step again"));
    stage_stop();
}
