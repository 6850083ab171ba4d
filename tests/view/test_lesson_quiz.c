/* A round of questions over the window, and what is said to each answer. */
#include <criterion/criterion.h>
#include <string.h>

#include "render/view/lesson_panel.h"
#include "support_course.h"
#include "support_doing.h"

#define LESSON SOURCE_DIR "/lessons/L07.json"
#define JSON(...) #__VA_ARGS__

static const char bank_json[] = JSON({
    "format" : 1,
    "bank" : "L07",
    "questions" : [
        {
            "id" : "Q0702",
            "rev" : 1,
            "lesson" : "L07",
            "type" : "single",
            "level" : 1,
            "topics" : ["dns-mx"],
            "sources" : [ "A06", "RFC 5321 5.1" ],
            "prompt" : "A 550 from the first host. And now?",
            "options" : [
                {"t" : "It bounces", "right" : true, "fb" : "A no is an answer."},
                {"t" : "The next host is tried", "fb" : "That is for silence."},
                {"t" : "It waits", "fb" : "That is for 4xx."}
            ]
        },
        {
            "id" : "Q0703",
            "rev" : 1,
            "lesson" : "L07",
            "type" : "tf",
            "level" : 1,
            "topics" : ["push-pull"],
            "sources" : [],
            "prompt" : "SMTP pushes.",
            "right" : true,
            "fb" : {"true" : "Who holds the mail begins.", "false" : "Who holds the mail begins."}
        }
    ]
});

static struct doer d;
static struct support_course c;

static void start(void)
{
    struct problem problem = {0};
    doer_begin(&d);
    support_course_begin(&c, d.view, &d.story.log, LESSON);
    cr_assert(bank_read(&c.bank, slice_of(bank_json), "bank", &problem), "%s", problem.what);
    c.has_bank = true;
    support_course_line(&c, "quiz");
    doer_draw(&d);
}

static void stop(void)
{
    support_course_end(&c);
    doer_end(&d);
}

static void sent(const char *line)
{
    cr_expect_eq(support_course_serve(&c), 1);
    cr_expect_str_eq(c.line, line);
    doer_draw(&d);
}

/* Where the choice with this letter of the file is shown. */
static int key_of(char letter)
{
    const struct quiz_form *form = &d.view->lesson->forms[QUIZ_FORM_ROUND];
    for (int place = 0; place < 3; place++)
        if (form->order[place] == (size_t)(letter - 'a'))
            return 'a' + place;
    return 0;
}

Test(lesson_quiz, a_letter_answers_and_each_choice_gets_its_word)
{
    start();
    cr_assert_eq(d.view->overlay, &quiz_overlay);
    cr_expect(doer_shows(&d, "Question 1 of 2"));
    cr_expect(!doer_shows(&d, "That is for silence."));
    doer_key(&d, key_of('b'));
    sent("reply b");
    cr_expect(doer_shows(&d, "A no is an answer."));
    cr_expect(doer_shows(&d, "That is for silence."));
    cr_expect(doer_shows(&d, "That is for 4xx."));
    cr_expect(doer_shows(&d, "0 of 1 right so far"));
    cr_expect(doer_shows(&d, "Where it stands: RFC 5321 5.1"), "without the notes' own numbers");
    doer_key(&d, key_of('a'));
    cr_expect_eq(support_course_serve(&c), 0, "it is answered");
    stop();
}

Test(lesson_quiz, enter_goes_on_to_the_result)
{
    start();
    doer_key(&d, key_of('b'));
    sent("reply b");
    doer_key(&d, INPUT_KEY_ENTER);
    sent("reply next");
    cr_expect(doer_shows(&d, "SMTP pushes."));
    doer_key(&d, '1');
    sent("reply true");
    doer_key(&d, INPUT_KEY_ENTER);
    sent("reply next");
    cr_expect(doer_shows(&d, "1 of 2 right"));
    cr_expect(doer_shows(&d, "dns-mx"), "what to look at again");
    cr_expect(doer_shows(&d, "It is: It bounces"));
    doer_key(&d, INPUT_KEY_ENTER);
    sent("quiz end");
    cr_expect_null(d.view->overlay);
    stop();
}

Test(lesson_quiz, the_run_that_proves_it_is_looked_at_without_the_question_over_it)
{
    start();
    doer_key(&d, key_of('a'));
    sent("reply a");
    doer_press(&d, "quiz-show");
    sent("show");
    cr_expect_null(d.view->overlay);
    cr_expect(doer_shows(&d, "Back to the question"));
    doer_press(&d, "quiz-back");
    doer_draw(&d);
    cr_expect_eq(d.view->overlay, &quiz_overlay);
    cr_expect(doer_shows(&d, "A no is an answer."), "as it was left");
    stop();
}

Test(lesson_quiz, it_outlives_another_run_under_it)
{
    start();
    view_set_log(d.view, &d.story.log);
    doer_draw(&d);
    cr_expect_eq(d.view->overlay, &quiz_overlay);
    stop();
}

Test(lesson_quiz, escape_ends_the_round)
{
    start();
    doer_key(&d, INPUT_KEY_ESCAPE);
    sent("quiz end");
    cr_expect_null(d.view->overlay);
    stop();
}

Test(lesson_quiz, it_is_told_in_words)
{
    struct arena arena = {0};
    start();
    doer_key(&d, key_of('b'));
    sent("reply b");
    struct slice told = view_told(d.view, &arena);
    cr_expect(slice_find(told, SLICE("The next host is tried (chosen) (not right)"), 0) !=
                  SLICE_NONE,
              "%.*s", SLICE_ARG(told));
    cr_expect(slice_find(told, SLICE("It bounces (would have been right)"), 0) != SLICE_NONE);
    arena_finish(&arena);
    stop();
}
