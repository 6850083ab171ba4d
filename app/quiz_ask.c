/* mailflow quiz ask: a round of questions as a dialogue. */
#include "app/quiz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/ask.h"
#include "app/course_file.h"
#include "app/lesson.h"
#include "app/practice_file.h"
#include "lessons/practice.h"
#include "sim/base/memory.h"

enum { ROUND_MOST = 1000, ROUND_DEFAULT = 10 };

enum outcome { OUTCOME_SKIPPED, OUTCOME_RIGHT, OUTCOME_WRONG, OUTCOME_KEPT };

struct round {
    struct command_line *line;
    struct banks banks;
    struct practice practice;
    struct workbook book;
    const char *work_path; /* NULL: none */
    uint64_t seed;
    const struct question **chosen;
    enum outcome *outcomes; /* of each that was chosen */
    size_t count, asked, right, skipped, kept;
};

/* ---- what is kept ---- */

/* The work so far, or a new one. */
static bool load_work(struct round *r, struct problem *problem)
{
    const char *learner = command_value(r->line, "learner");
    bool is_there = false;
    r->work_path = command_value(r->line, "work");
    if (r->work_path && !course_file_read(r->work_path, &r->book, &is_there, problem))
        return false;
    if (is_there)
        return true;
    workbook_init(&r->book);
    r->book.seed = r->seed;
    if (learner)
        r->book.learner = arena_copy(&r->book.arena, slice_of(learner));
    return true;
}

/* What was answered is kept before the next question is asked. */
static bool keep(struct round *r, const struct question *q, struct slice answer, bool is_right,
                 time_t began)
{
    struct problem problem = {0};
    time_t now = time(NULL);
    practice_note(&r->practice, q, is_right, now);
    if (!practice_file_save(&r->practice, &problem))
        return (void)command_fail(r->line, &problem), false;
    if (!r->work_path)
        return true;
    const struct workbook_reply reply = {
        .question = q->id,
        .answer = question_answer_kept(q, answer, &r->book.arena),
        .rev = q->rev,
        .seconds = now > began ? (uint32_t)(now - began) : 0,
        .wall_s = now,
    };
    workbook_add_reply(&r->book, &reply);
    return course_file_write(r->work_path, &r->book, &problem) ||
           ((void)command_fail(r->line, &problem), false);
}

/* ---- which are asked ---- */

/* Those of the files that are named, or all that come with mailflow. */
static bool load_banks(struct round *r, struct problem *problem)
{
    bool ok = r->line->operand_count > 1 || quiz_load(&r->banks, problem);
    for (int i = 1; i < r->line->operand_count && ok; i++)
        ok = banks_add(&r->banks, r->line->operands[i], problem);
    return ok;
}

static void choose(struct round *r, size_t most)
{
    const char *topic = command_value(r->line, "topic"), *lesson = command_value(r->line, "lesson");
    size_t count = 0;
    const struct question **fit = memory_take(r->banks.questions.count * sizeof *fit);
    for (size_t i = 0; i < r->banks.questions.count; i++) {
        const struct question *q = r->banks.questions.items[i];
        if ((!topic || question_is_about(q, slice_of(topic))) &&
            (!lesson || slice_equal_fold(q->lesson, slice_of(lesson))))
            fit[count++] = q;
    }
    r->chosen = memory_take(most * sizeof *r->chosen);
    r->outcomes = memory_take(most * sizeof *r->outcomes);
    r->count = practice_pick(&r->practice, fit, count, time(NULL), r->seed, most, r->chosen);
    free(fit);
}

/* ---- one question ---- */

enum heard { HEARD_ANSWER, HEARD_SKIP, HEARD_QUIT };

static void help(FILE *out, const struct question *q)
{
    fputs("  Answer on one line. skip: leave this one out; quit: see how it went so far.\n"
          "  What was wrong comes back first next time; what was right, after some days.\n",
          out);
    ask_how(out, q);
}

/* Reads lines until one is an answer. */
static enum heard listen(struct round *r, const struct question *q, struct arena *arena,
                         struct slice *answer, struct question_verdict *verdict)
{
    static const size_t room = QUESTION_ANSWER_MAX + 2;
    char *typed = arena_take(arena, room);
    for (;;) {
        struct problem problem = {0};
        fputs("> ", r->line->out);
        fflush(r->line->out);
        if (!fgets(typed, (int)room, r->line->in)) {
            fputc('\n', r->line->out);
            return HEARD_QUIT;
        }
        struct slice text = slice_trim(slice_of(typed));
        if (slice_equal_fold(text, SLICE("quit")))
            return HEARD_QUIT;
        if (slice_equal_fold(text, SLICE("skip")))
            return HEARD_SKIP;
        *answer = ask_answer(q, r->seed, text, arena);
        if (text.size == 0)
            continue;
        if (slice_equal(text, SLICE("?")) || slice_equal_fold(text, SLICE("help")))
            help(r->line->out, q);
        else if (ask_judge(q, *answer, arena, verdict, &problem))
            return HEARD_ANSWER;
        else
            fprintf(r->line->out, "  %s\n", problem.what);
    }
}

static void judge_out_loud(struct round *r, const struct question *q, struct slice answer,
                           const struct question_verdict *v)
{
    FILE *out = r->line->out;
    if (v->is_kept) {
        fputs("Kept for your teacher.\n\n", out);
        return;
    }
    if (v->is_right)
        fputs("Right.\n", out);
    else if (v->score > 0)
        fprintf(out, "Partly right: %u of 100.\n", v->score / 10);
    else
        fputs("Not yet.\n", out);
    ask_feedback(out, q, r->seed, answer, v);
    if (q->source_count > 0)
        fprintf(out, "    (%.*s)\n", SLICE_ARG(q->sources[q->source_count - 1]));
    fputc('\n', out);
}

static bool ask_one(struct round *r, size_t i)
{
    const struct question *q = r->chosen[i];
    struct question_verdict verdict;
    struct slice answer;
    struct arena arena;
    bool goes_on = true;
    time_t began = time(NULL);
    fprintf(r->line->out, "Question %zu of %zu (%.*s, %.*s)\n", i + 1, r->count, SLICE_ARG(q->id),
            SLICE_ARG(q->topics[0]));
    ask_print(r->line->out, q, r->seed);
    arena_init(&arena);
    enum heard heard = listen(r, q, &arena, &answer, &verdict);
    if (heard == HEARD_ANSWER) {
        judge_out_loud(r, q, answer, &verdict);
        r->outcomes[i] = verdict.is_kept    ? OUTCOME_KEPT
                         : verdict.is_right ? OUTCOME_RIGHT
                                            : OUTCOME_WRONG;
        r->asked++;
        r->right += verdict.is_right;
        r->kept += verdict.is_kept;
        goes_on = keep(r, q, answer, verdict.is_right, began);
    }
    r->skipped += heard == HEARD_SKIP;
    arena_finish(&arena);
    return goes_on && heard != HEARD_QUIT;
}

/* ---- the result ---- */

static void put_topics(struct round *r, size_t seen)
{
    for (size_t t = 0; t < question_topic_count; t++) {
        size_t of = 0, right = 0;
        for (size_t i = 0; i < seen; i++)
            if (r->outcomes[i] != OUTCOME_SKIPPED && r->outcomes[i] != OUTCOME_KEPT &&
                question_is_about(r->chosen[i], slice_of(question_topics[t]))) {
                of++;
                right += r->outcomes[i] == OUTCOME_RIGHT;
            }
        if (of > 0)
            fprintf(r->line->out, "  %-16s %zu of %zu\n", question_topics[t], right, of);
    }
}

static void put_result(struct round *r, size_t seen)
{
    FILE *out = r->line->out;
    if (r->asked + r->skipped == 0) {
        fputs("Nothing was answered.\n", out);
        return;
    }
    fprintf(out, "%zu of %zu right", r->right, r->asked - r->kept);
    if (r->kept > 0)
        fprintf(out, ", %zu kept for your teacher", r->kept);
    if (r->skipped > 0)
        fprintf(out, ", %zu left out", r->skipped);
    fputs(".\n", out);
    put_topics(r, seen);
    for (size_t i = 0, listed = 0; i < seen; i++) {
        const struct question *q = r->chosen[i];
        if (r->outcomes[i] != OUTCOME_WRONG)
            continue;
        if (listed++ == 0)
            fputs("These come back first:\n", out);
        struct slice see = q->scene_lesson.size ? q->scene_lesson : q->lesson;
        fprintf(out, "  %.*s, lesson %.*s\n", SLICE_ARG(q->id), SLICE_ARG(see));
    }
}

static void play(struct round *r)
{
    size_t i = 0;
    while (i < r->count && ask_one(r, i))
        i++;
    put_result(r, r->asked + r->skipped);
}

int quiz_ask(struct command_line *line)
{
    struct round r = {.line = line};
    struct problem problem = {0};
    uint64_t most;
    bool ok = command_number(line, "count", 1, ROUND_MOST, ROUND_DEFAULT, &most, &problem) &&
              command_number(line, "seed", 0, UINT64_MAX, (uint64_t)time(NULL), &r.seed, &problem);
    if (!ok)
        return command_fail(line, &problem);
    workbook_init(&r.book);
    ok = practice_file_load(&r.practice, &problem) && load_banks(&r, &problem) &&
         load_work(&r, &problem);
    if (ok)
        choose(&r, (size_t)most);
    if (ok && r.count == 0)
        ok = problem_set(&problem, "there is no such question; mailflow quiz list names them");
    else if (ok)
        play(&r);
    free(r.chosen);
    free(r.outcomes);
    workbook_finish(&r.book);
    practice_finish(&r.practice);
    banks_finish(&r.banks);
    return ok ? APP_DONE : command_fail(line, &problem);
}
