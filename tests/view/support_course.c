#include "tests/view/support_course.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/vtime.h"

static void must(bool ok, const struct problem *problem)
{
    char text[PROBLEM_LINE];
    if (!ok) {
        fprintf(stderr, "%s\n", problem_line(problem, text));
        abort();
    }
}

static void judge(struct support_course *c)
{
    verdict_judge(&c->verdict, c->attempt, c->log, log_count(c->log));
    view_set_course(c->view, &c->course);
}

static void begin(struct support_course *c)
{
    workbook_init(&c->book);
    c->attempt = workbook_begin(&c->book, c->lesson.scenes[0].id);
    verdict_init(&c->verdict, &c->lesson.scenes[0]);
    c->course = (struct view_course){.lesson = &c->lesson,
                                     .scene = &c->lesson.scenes[0],
                                     .verdict = &c->verdict,
                                     .scene_number = 1,
                                     .scene_count = c->lesson.scene_count};
    judge(c);
}

void support_course_begin(struct support_course *c, struct view *view, const struct log *log,
                          const char *path)
{
    struct problem problem = {0};
    *c = (struct support_course){.view = view, .log = log};
    must(lesson_load(&c->lesson, path, &problem), &problem);
    begin(c);
}

void support_course_bank(struct support_course *c, const char *path)
{
    struct problem problem = {0};
    must(bank_load(&c->bank, path, &problem), &problem);
    c->has_bank = true;
}

void support_course_end(struct support_course *c)
{
    view_set_course(c->view, NULL);
    verdict_finish(&c->verdict);
    workbook_finish(&c->book);
    if (c->has_bank)
        bank_finish(&c->bank);
    lesson_finish(&c->lesson);
    arena_finish(&c->arena);
}

static void add(struct support_course *c, enum workbook_kind kind, int64_t t, struct slice text)
{
    const struct lesson_scene *scene = c->course.scene;
    if (c->course.step < scene->step_count)
        workbook_add(
            &c->book, c->attempt,
            &(struct workbook_deed){
                .kind = kind, .t = t, .step = scene->steps[c->course.step].id, .text = text});
}

void support_course_deed(struct support_course *c, int64_t t, const char *line)
{
    add(c, line ? WORKBOOK_DO : WORKBOOK_RUN, t, slice_of(line ? line : ""));
    judge(c);
}

static void go_to(struct support_course *c, size_t step)
{
    c->course.step = step <= c->course.scene->step_count ? step : c->course.scene->step_count;
    c->course.hints_shown = 0;
    c->course.is_revealed = false;
    c->course.is_asked = step < c->course.scene->step_count && c->course.scene->steps[step].ask;
    c->course.seen_at = VTIME_NEVER;
}

/* With a class: a question's answer first, then on. */
static void next(struct support_course *c)
{
    const struct lesson_scene *scene = c->course.scene;
    bool is_asked = c->course.step < scene->step_count && scene->steps[c->course.step].ask;
    if (c->course.is_lecture && is_asked && !c->course.is_revealed)
        c->course.is_revealed = true;
    else
        go_to(c, c->course.step + 1);
}

/* "[STEP] ANSWER" */
static void answer(struct support_course *c, struct slice rest)
{
    struct slice word, text = rest;
    if (slice_cut(&rest, ' ', &word) && lesson_find_step(c->course.scene, word))
        text = rest;
    add(c, WORKBOOK_ANSWER, view_t(c->view), text);
}

static void ask(struct support_course *c, size_t number)
{
    c->quiz.number = number;
    c->quiz.count = c->bank.count;
    c->quiz.question = number <= c->bank.count ? &c->bank.questions[number - 1] : NULL;
    c->quiz.answer = SLICE("");
    c->quiz.can_show = true;
    c->quiz.missed = c->missed;
}

static void reply(struct support_course *c, struct slice text)
{
    struct problem problem;
    if (slice_equal(text, SLICE("next"))) {
        ask(c, c->quiz.number + 1);
        return;
    }
    if (slice_equal(text, SLICE("save"))) {
        c->quiz.saved = SLICE("mailflow-quiz-1.txt");
        return;
    }
    c->quiz.answer = arena_copy(&c->arena, text);
    if (!question_judge(c->quiz.question, text, &c->arena, &c->quiz.verdict, &problem))
        return;
    c->quiz.answered++;
    c->quiz.right += c->quiz.verdict.is_right;
    if (!c->quiz.verdict.is_right)
        c->missed[c->quiz.missed_count++] = c->quiz.question;
}

static void quiz(struct support_course *c, struct slice text)
{
    c->course.quiz = slice_equal(text, SLICE("end")) ? NULL : &c->quiz;
    c->quiz = (struct view_quiz){.seed = 3};
    ask(c, 1);
}

void support_course_line(struct support_course *c, const char *line)
{
    struct slice rest = slice_of(line), word;
    const struct lesson_step *step;
    (void)slice_cut(&rest, ' ', &word);
    if (slice_equal(word, SLICE("next")))
        next(c);
    else if (slice_equal(word, SLICE("back")) && c->course.step > 0)
        go_to(c, c->course.step - 1);
    else if (slice_equal(word, SLICE("goto")) && (step = lesson_find_step(c->course.scene, rest)))
        go_to(c, (size_t)(step - c->course.scene->steps));
    else if (slice_equal(word, SLICE("hint")))
        c->course.hints_shown++;
    else if (slice_equal(word, SLICE("answer")))
        answer(c, rest);
    else if (slice_equal(word, SLICE("lecture"))) {
        c->course.is_lecture = !slice_equal(rest, SLICE("off"));
        go_to(c, c->course.step);
    } else if (slice_equal(word, SLICE("quiz")))
        quiz(c, rest);
    else if (slice_equal(word, SLICE("reply")))
        reply(c, rest);
    judge(c);
}

int support_course_serve(struct support_course *c)
{
    struct view_request request;
    int lines = 0;
    while (view_take_request(c->view, &request))
        if (request.kind == VIEW_REQUEST_COURSE) {
            memcpy(c->line, request.text, sizeof c->line);
            support_course_line(c, request.text);
            lines++;
        }
    return lines;
}
