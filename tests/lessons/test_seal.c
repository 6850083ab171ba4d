/*
 * A student's copy of a file: what gives keys away is gone, and all else is octet for octet as it
 * was. An answer to a sealed question says nothing here, and keeps nobody from going on.
 */
#include <criterion/criterion.h>
#include <string.h>

#include "lessons/bank.h"
#include "lessons/practice.h"
#include "lessons/seal.h"
#include "lessons/verdict.h"
#include "support_lesson.h"
#include "support_question.h"

/* In rows ' stands for ". */
static struct slice json(struct arena *arena, const char *text)
{
    struct slice copy = arena_copy(arena, slice_of(text));
    for (char *c = (char *)copy.data; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    return copy;
}

#define BANK(question) "{'format': 1, 'bank': 'L07',\n 'questions': [\n  " question "]}\n"

Test(seal, each_type_of_question_loses_its_key_and_the_order_that_tells_it)
{
    static const struct {
        const char *type, *whole, *sealed;
    } rows[] = {
        {"tf", BANK("{'type': 'tf', 'right': true, 'fb': {'true': 'A.', 'false': 'B.'}}"),
         BANK("{'type': 'tf', 'sealed': true}")},
        {"single, in lines as they were",
         BANK("{'id': 'Q1', 'type': 'single',\n   'proof': 'x',\n   'prompt': 'p',\n   'options': "
              "[\n"
              "    {'t': 'b', 'right': true, 'when': 'x', 'fb': 'B.'},\n    {'t': 'a', 'fb': "
              "'A.'}]}"),
         BANK("{'id': 'Q1', 'type': 'single',\n   'sealed': true,\n   'prompt': 'p',\n   "
              "'options': [\n    {'t': 'a'},\n    {'t': 'b'}]}")},
        {"multi",
         BANK("{'scoring': 'minus', 'type': 'multi', 'options': [{'right': true, 't': "
              "'b'}, {'t': 'a'}]}"),
         BANK("{'scoring': 'minus', 'type': 'multi', 'sealed': true, 'options': [{'t': 'a'}, "
              "{'t': 'b'}]}")},
        {"click",
         BANK("{'type': 'click', 'targets': [{'id': 'x', 't': 'mx', 'right': true}, "
              "{'id': 'y', 't': 'dns'}]}"),
         BANK("{'type': 'click', 'sealed': true, 'targets': [{'id': 'y', 't': 'dns'}, {'id': "
              "'x', 't': 'mx'}]}")},
        {"match",
         BANK("{'type': 'match', 'pairs': [{'l': '2', 'r': 'y', 'fb': 'F.'}, {'l': '1', "
              "'r': 'x'}, {'l': '3', 'r': 'y'}]}"),
         BANK("{'type': 'match', 'sealed': true, 'pairs': [{'l': '2'}, {'l': '1'}, {'l': '3'}], "
              "'extra': ['x', 'y']}")},
        {"match with an extra",
         BANK("{'type': 'match', 'pairs': [{'l': '2', 'r': 'y'}, {'l': '1', 'r': 'x'}], 'extra': "
              "['w', 'x']}"),
         BANK("{'type': 'match', 'sealed': true, 'pairs': [{'l': '2'}, {'l': '1'}], 'extra': "
              "['w', 'x', 'y']}")},
        {"order",
         BANK("{'type': 'order', 'scoring': 'exact', 'items': [{'t': 'c', 'fb': 'F.'}, "
              "{'t': 'a'}, {'t': 'b'}]}"),
         BANK("{'type': 'order', 'sealed': true, 'scoring': 'exact', 'items': [{'t': 'a'}, {'t': "
              "'b'}, {'t': 'c'}]}")},
        {"num, its key in front",
         BANK("{'answer': 7, 'tol': 1, 'type': 'num', 'unit': 'minutes', 'fb': 'F.', 'slips': []}"),
         BANK("{'type': 'num', 'sealed': true, 'unit': 'minutes'}")},
        {"short",
         BANK("{'type': 'short', 'prompt': 'p', 'model': 'm', 'keys': [], 'slips': [], "
              "'pass': 1}"),
         BANK("{'type': 'short', 'sealed': true, 'prompt': 'p'}")},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct slice sealed = seal_bank(json(&arena, rows[i].whole), &arena);
        cr_expect(slice_equal(sealed, json(&arena, rows[i].sealed)), "%s: %.*s", rows[i].type,
                  SLICE_ARG(sealed));
    }
    arena_finish(&arena);
}

Test(seal, a_lesson_loses_solutions_ways_and_notes_and_nothing_else)
{
    struct arena arena;
    arena_init(&arena);
    struct slice whole =
        json(&arena,
             "{\n  'id': 'L26',\n  'objective': 'o',\n  'scenes': [\n    {'id': 'X1', 'steps': [\n"
             "      {'id': 's0', 'at': 'a'},\n"
             "      {'id': 's1', 'solve': ['run'], 'at': 'a',\n       'hint': 'h', 'ask': {'type': "
             "'tf', "
             "'right': true}}],\n     'ways': [1, 2]}\n  ],\n  'notes': 'n'\n}\n");
    struct slice sealed = seal_lesson(whole, &arena);
    cr_expect(
        slice_equal(sealed,
                    json(&arena, "{\n  'id': 'L26',\n  'objective': 'o',\n  'sealed': true,\n  "
                                 "'scenes': [\n    {'id': 'X1', 'steps': [\n      {'id': 's0', "
                                 "'at': 'a'},\n      {'id': 's1',\n"
                                 "       'hint': 'h', 'ask': {'type': 'tf', 'sealed': true}}]}\n"
                                 "  ]\n}\n")),
        "%.*s", SLICE_ARG(sealed));
    arena_finish(&arena);
}

/* Hostile, or by a slip: a key in a sealed question would be given away. */
Test(seal, a_sealed_question_with_a_key_is_refused)
{
    static const struct {
        const char *json, *problem;
    } rows[] = {
        {"{'type':'tf','sealed':true,'prompt':'p','right':true}", "unknown key \"right\""},
        {"{'type':'single','sealed':true,'prompt':'p','options':[{'t':'a','fb':'F.'},{'t':'b'}]}",
         "unknown key \"fb\""},
        {"{'type':'match','sealed':true,'prompt':'p','pairs':[{'l':'1','r':'x'},{'l':'2'}]}",
         "unknown key \"r\""},
        {"{'type':'num','sealed':true,'prompt':'p','answer':3}", "unknown key \"answer\""},
        {"{'type':'num','sealed':false,'prompt':'p','answer':3}", "is not sealed"},
        {"{'type':'num','sealed':1,'prompt':'p'}", "expected true, or nothing at all"},
        {"{'type':'num','prompt':'p'}", "missing key \"answer\""},
        {"{'type':'num','sealed':true,'prompt':'p'}", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asked asked;
        support_ask(&asked, rows[i].json, QUESTION_IN_STEP);
        const char *problem = support_problem(&asked);
        cr_expect(rows[i].problem[0] ? strstr(problem, rows[i].problem) != NULL : !problem[0],
                  "%s: %s", rows[i].json, problem);
        support_finish(&asked);
    }
}

/* Each answer in the copy's letters, and what the whole question gives for it. */
Test(seal, letters_of_the_copy_are_put_back)
{
    static const struct {
        const char *whole, *answer;
        bool is_right;
    } rows[] = {
        {"{'type':'single','prompt':'p','options':[{'t':'z','right':true},{'t':'a'},{'t':'M'}]}",
         "c", true},
        {"{'type':'single','prompt':'p','options':[{'t':'z','right':true},{'t':'a'},{'t':'M'}]}",
         "a", false},
        {"{'type':'multi','prompt':'p','options':[{'t':'z','right':true},{'t':'a'},{'t':'M','right'"
         ":true}]}",
         "a,c", true},
        {"{'type':'multi','prompt':'p','options':[{'t':'z','right':true},{'t':'a'}]}", "-", false},
        {"{'type':'order','prompt':'p','items':[{'t':'write'},{'t':'send'},{'t':'read'}]}", "c,b,a",
         true},
        {"{'type':'order','prompt':'p','items':[{'t':'write'},{'t':'send'},{'t':'read'}]}", "a,b,c",
         false},
        {"{'type':'match','prompt':'p','pairs':[{'l':'1','r':'push'},{'l':'2','r':'pull'},{'l':'3'"
         ",'r':'push'}],'extra':['both']}",
         "c,b,c", true},
        {"{'type':'match','prompt':'p','pairs':[{'l':'1','r':'push'},{'l':'2','r':'pull'}]}", "a,b",
         false},
        {"{'type':'click','prompt':'p','targets':[{'id':'mx','t':'m','right':true},{'id':'a','t':"
         "'a'}]}",
         "mx", true},
        {"{'type':'short','prompt':'p','model':'sorted','keys':[{'any':['sorted'],'shows':'s'}]}",
         "sorted: a", true},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct asked whole, sealed;
        struct question_verdict v;
        struct arena arena;
        arena_init(&arena);
        struct slice bank = arena_printf(&arena, "{'questions': [%s]}", rows[i].whole);
        struct slice copy = seal_bank(json(&arena, bank.data), &arena);
        copy = slice_part(copy, strlen("{'questions': ["), copy.size - 2);
        support_ask(&whole, rows[i].whole, QUESTION_IN_STEP);
        support_ask(&sealed, arena_copy(&arena, copy).data, QUESTION_IN_STEP);
        cr_assert(whole.is_good && sealed.is_good, "%s%s", support_problem(&whole),
                  support_problem(&sealed));
        struct question *q = &sealed.question;
        struct slice kept = question_answer_kept(q, slice_of(rows[i].answer), &arena);
        cr_expect(slice_equal(question_answer_kept(q, kept, &arena), kept), "it is kept once");
        cr_expect(question_judge(q, kept, &arena, &v, &sealed.problem), "%s", sealed.problem.what);
        cr_expect(v.is_kept && !v.is_right && v.score == 0 && v.feedback_count == 0);
        cr_expect(q->type == QUESTION_MULTI || /* named in the order of its own file */
                  slice_equal(question_answer_text(q, kept, &arena),
                              question_answer_text(&whole.question, kept, &arena)));
        cr_expect(question_judge(&whole.question, kept, &arena, &v, &whole.problem), "%.*s: %s",
                  SLICE_ARG(kept), whole.problem.what);
        cr_expect(v.is_right == rows[i].is_right && !v.is_kept, "%s: %.*s", rows[i].whole,
                  SLICE_ARG(kept));
        support_finish(&whole);
        support_finish(&sealed);
        arena_finish(&arena);
    }
}

Test(seal, practice_leaves_what_nobody_can_judge_alone)
{
    struct asked asked;
    struct practice practice;
    const struct question *chosen[1];
    support_ask(&asked, "{'type':'num','sealed':true,'prompt':'p'}", QUESTION_IN_STEP);
    asked.question.id = SLICE("Q0701");
    const struct question *all[] = {&asked.question};
    practice_init(&practice);
    practice_note(&practice, &asked.question, false, 1000);
    cr_expect_eq(practice.cards.count, 0);
    cr_expect_eq(practice_pick(&practice, all, 1, 1000, 1, 1, chosen), 1,
                 "it is asked all the "
                 "same");
    practice_finish(&practice);
    support_finish(&asked);
}

/* The check waits for the teacher, who has the key; the learner goes on. */
Test(seal, an_answer_for_the_teacher_holds_nobody_up)
{
    struct lesson lesson;
    struct verdict v;
    struct workbook book;
    struct log log;
    struct problem problem = {0};
    struct arena arena;
    arena_init(&arena);
    struct slice whole =
        support_lesson_with(&arena, "\"unlock\": \"queue(\\\"mx1\\\") == 0\"",
                            "\"unlock\": \"correct(\\\"p1\\\") and predicted(\\\"p1\\\")\"");
    const char *in = "in($M, \\\"b@example.org/INBOX\\\") and ";
    size_t at = slice_find(whole, slice_of(in), 0);
    cr_assert_neq(at, SLICE_NONE);
    whole = arena_join(
        &arena,
        (struct slice[]){slice_part(whole, 0, at), slice_part(whole, at + strlen(in), whole.size)},
        2);
    cr_assert(lesson_read(&lesson, seal_lesson(whole, &arena), "l.json", &problem), "%s",
              problem.what);
    cr_expect(lesson.is_sealed && lesson.scenes[0].way_count == 0);
    log_init(&log);
    workbook_init(&book);
    verdict_init(&v, &lesson.scenes[0]);
    struct workbook_attempt *a = workbook_begin(&book, SLICE("L90"));
    verdict_judge(&v, a, &log, 0);
    cr_expect(!v.checks[0].is_kept && !v.steps[2].is_unlocked, "nothing is answered yet");
    workbook_add(&book, a,
                 &(struct workbook_deed){
                     .kind = WORKBOOK_ANSWER, .step = SLICE("p1"), .text = SLICE("false")});
    verdict_judge(&v, a, &log, 0);
    cr_expect(v.checks[0].is_kept && !v.checks[0].has_passed && v.steps[2].is_unlocked);
    cr_expect(v.steps[0].is_predicted && !v.steps[0].is_correct);
    cr_expect_eq(v.points, 0);
    cr_expect_eq(verdict_points_kept(&v), 2);
    cr_expect(slice_equal(v.checks[0].says, SLICE("Kept for your teacher.")));
    verdict_finish(&v);
    workbook_finish(&book);
    log_finish(&log);
    lesson_finish(&lesson);
    arena_finish(&arena);
}
