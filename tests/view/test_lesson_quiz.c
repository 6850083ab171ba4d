/* A round of questions over the window, and what is said to each answer. */
#include <criterion/criterion.h>
#include <string.h>

#include "render/view/lesson_panel.h"
#include "render/view/palette.h"
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

/* More sides than find room beside each other, so that each is chosen from a menu. */
static const char match_json[] = JSON({
    "format" : 1,
    "bank" : "L16",
    "questions" : [ {
        "id" : "Q1601",
        "rev" : 1,
        "lesson" : "L16",
        "type" : "match",
        "level" : 1,
        "topics" : ["imap"],
        "sources" : [],
        "prompt" : "Match the flag with its meaning.",
        "pairs" : [
            {"l" : "`Seen`", "r" : "has been read, says `FETCH`", "fb" : "1"},
            {"l" : "`Answered`", "r" : "has been replied to", "fb" : "2"},
            {"l" : "`Flagged`", "r" : "marked for attention", "fb" : "3"},
            {"l" : "`Deleted`", "r" : "marked for removal", "fb" : "4"},
            {"l" : "`Draft`", "r" : "still being written", "fb" : "5"}
        ]
    } ]
});

static const char order_json[] = JSON({
    "format" : 1,
    "bank" : "L16",
    "questions" : [ {
        "id" : "Q1603",
        "rev" : 1,
        "lesson" : "L16",
        "type" : "order",
        "level" : 1,
        "topics" : ["imap"],
        "sources" : [],
        "prompt" : "Put them in order.",
        "items" : [
            {"t" : "the flag", "fb" : "Still reversible."},
            {"t" : "the news of it", "fb" : "They may strike it through."},
            {"t" : "expunge", "fb" : "No return."}
        ]
    } ]
});

static struct doer d;
static struct support_course c;

static void start_with(const char *json)
{
    struct problem problem = {0};
    doer_begin(&d);
    support_course_begin(&c, d.view, &d.story.log, LESSON);
    cr_assert(bank_read(&c.bank, slice_of(json), "bank", &problem), "%s", problem.what);
    c.has_bank = true;
    support_course_line(&c, "quiz");
    doer_draw(&d);
}

static void start(void)
{
    start_with(bank_json);
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

Test(lesson_quiz, tab_comes_to_the_first_answer_first)
{
    start();
    doer_key(&d, INPUT_KEY_TAB);
    cr_expect_str_eq(d.view->ui.focus, "quiz-a");
    for (int i = 0; i < 4 && strcmp(d.view->ui.focus, "close") != 0; i++)
        doer_key(&d, INPUT_KEY_TAB);
    cr_expect_str_eq(d.view->ui.focus, "close");
    stop();
}

Test(lesson_quiz, the_result_is_saved_by_a_button)
{
    start();
    support_course_line(&c, "reply a");
    support_course_line(&c, "reply next");
    support_course_line(&c, "reply true");
    support_course_line(&c, "reply next");
    doer_draw(&d);
    doer_press(&d, "quiz-save");
    sent("reply save");
    doer_draw(&d);
    cr_expect(doer_shows(&d, "Saved mailflow-quiz-1.txt"));
    stop();
}

Test(lesson_quiz, the_picker_begins_a_round)
{
    static const struct view_choice rows[] = {
        {"Lessons", "One message", "20 min", "L01", NULL},
        {"Quiz", "Questions about dsn", "6 questions", "L09", "quiz dsn"},
    };
    struct view_request request;
    start();
    doer_key(&d, INPUT_KEY_ESCAPE);
    sent("quiz end");
    view_set_picker(d.view, rows, 2);
    doer_draw(&d);
    doer_fill(&d, "about dsn");
    doer_key(&d, INPUT_KEY_ENTER);
    cr_assert(view_take_request(d.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_OPEN);
    cr_expect_str_eq(request.text, "L09");
    cr_assert(view_take_request(d.view, &request));
    cr_expect_eq(request.kind, VIEW_REQUEST_COURSE);
    cr_expect_str_eq(request.text, "quiz dsn");
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

static const struct quiz_form *round_form(void)
{
    return &d.view->lesson->forms[QUIZ_FORM_ROUND];
}

/* The place in the menu where the side that belongs to this choice is shown. */
static char side_key(size_t choice)
{
    const struct quiz_form *form = round_form();
    for (size_t i = 0; i < form->side_count; i++)
        if (form->side_order[i] == choice)
            return (char)('a' + i);
    return '?';
}

/* Left sides are shuffled, too: what is chosen for a row is that row's, by mouse and by letter. */
Test(lesson_quiz, a_side_is_given_to_the_row_that_was_pressed)
{
    for (int by_letter = 0; by_letter < 2; by_letter++) {
        bool is_moved = false;
        start_with(match_json);
        for (size_t place = 0; place < 5; place++) {
            size_t choice = round_form()->order[place];
            char row[] = {'q', 'u', 'i', 'z', '-', (char)('a' + place), '\0'};
            char item[] = {'m', 'e', 'n', 'u', '-', side_key(choice), '\0'};
            is_moved |= choice != place;
            if (by_letter) {
                strcpy(d.view->ui.focus, row);
                doer_key(&d, side_key(choice));
                continue;
            }
            doer_press(&d, row);
            cr_expect(!doer_shows(&d, "`"), "a menu has no marks of code");
            doer_press(&d, item);
        }
        cr_assert(is_moved, "the order of the file would hide it");
        doer_press(&d, "quiz-send");
        sent("reply a,b,c,d,e");
        stop();
    }
}

/* A cross alone would leave one guessing. */
Test(lesson_quiz, what_was_put_in_a_wrong_place_is_told_the_right_one)
{
    start_with(order_json);
    support_course_line(&c, "reply a,c,b");
    doer_draw(&d);
    cr_expect(doer_shows(&d, "Place 3."));
    cr_expect(doer_shows(&d, "Place 2."));
    cr_expect(!doer_shows(&d, "Place 1."), "that one is right");
    stop();
}

Test(lesson_quiz, the_palette_begins_a_round_about_a_topic)
{
    start();
    doer_key(&d, INPUT_KEY_ESCAPE);
    sent("quiz end");
    palette_act(d.view, 0);
    doer_draw(&d);
    doer_fill(&d, "quiz push");
    doer_draw(&d);
    cr_expect(doer_has(&d, "palette-quiz-push-pull"));
    doer_key(&d, INPUT_KEY_ENTER);
    sent("quiz push-pull");
    cr_assert_eq(d.view->overlay, &quiz_overlay);
    support_course_line(&c, "reply next");
    support_course_line(&c, "reply next");
    doer_draw(&d);
    doer_press(&d, "quiz-again");
    sent("quiz push-pull");
    stop();
}
