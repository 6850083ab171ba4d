/*
 * mailflow quiz grade: work files run anew and judged. Nothing that a file claims about itself is
 * read: its deeds are done again in the lesson's world, its answers are judged by the banks. Files
 * are shared out among processes, so one that should break ours down fails alone.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "app/course.h"
#include "app/course_file.h"
#include "app/grade_csv.h"
#include "app/jobs.h"
#include "app/quiz.h"
#include "app/stage.h"
#include "export/printable.h"
#include "sim/base/memory.h"

struct grading {
    struct command_line *line;
    struct banks banks;
    VECTOR(struct lesson *) lessons; /* each read once by each process */
    struct stage_cache cache;
    struct grade_csv csv;
    struct bytes shown;
    size_t failed;
};

/* One file. */
struct work {
    struct workbook book;
    const struct lesson *lesson;
    uint32_t points, points_max;
    size_t asked, right; /* questions of banks: the last answer to each counts */
};

static struct slice printable(struct grading *g, struct slice text)
{
    bytes_clear(&g->shown);
    printable_append(&g->shown, slice_part(text, 0, 60), PRINTABLE_ALL, 0);
    return bytes_slice(&g->shown);
}

/* ---- lessons ---- */

static const struct lesson *find_lesson(struct grading *g, struct slice id, struct problem *problem)
{
    char word[COURSE_ID + 1] = "", path[SOURCE_PATH];
    for (size_t i = 0; i < g->lessons.count; i++)
        if (slice_equal(g->lessons.items[i]->id, id))
            return g->lessons.items[i];
    /* a name, never a path that a file handed in could choose */
    if (id.size > COURSE_ID || slice_find_octet(id, '/', 0) != SLICE_NONE)
        return (void)problem_set(problem, "there is no such lesson"), NULL;
    memcpy(word, id.data, id.size);
    struct lesson *lesson = memory_take(sizeof *lesson);
    if (!course_find(word, path, problem) || !lesson_load(lesson, path, problem)) {
        free(lesson);
        return NULL;
    }
    *vector_add(&g->lessons) = lesson;
    return lesson;
}

/* ---- rows ---- */

static void begin_row(struct bytes *out, const struct workbook *book)
{
    grade_csv_text(out, true, book->session);
    grade_csv_text(out, false, book->learner);
}

static const struct workbook_deed *last_deed(const struct workbook_attempt *attempt,
                                             struct slice step)
{
    const struct workbook_deed *last = NULL;
    for (size_t i = 0; i < attempt->deeds.count; i++)
        if (slice_equal(attempt->deeds.items[i].step, step))
            last = &attempt->deeds.items[i];
    return last;
}

static void put_steps(struct grading *g, const struct work *w, size_t run, const struct verdict *v,
                      const struct workbook_attempt *attempt)
{
    struct bytes *out = &g->csv.steps;
    for (size_t i = 0; i < v->scene->step_count; i++) {
        const struct verdict_step *s = &v->steps[i];
        const struct workbook_deed *deed = last_deed(attempt, s->step->id);
        if (!deed)
            continue;
        begin_row(out, &w->book);
        grade_csv_text(out, false, v->scene->id);
        grade_csv_number(out, (int64_t)run);
        grade_csv_text(out, false, s->step->id);
        grade_csv_text(out, false, slice_of(lesson_step_kind_names[s->step->kind]));
        grade_csv_virtual(out, deed->t);
        grade_csv_wall(out, deed->wall_s);
        grade_csv_text(out, false, s->answer.size ? s->answer : deed->text);
        grade_csv_text(out, false,
                       !s->step->ask   ? SLICE("")
                       : s->is_correct ? SLICE("1")
                                       : SLICE("0"));
        grade_csv_end(out);
    }
}

static void put_checks(struct grading *g, const struct work *w, size_t run, const struct verdict *v,
                       const struct workbook_attempt *attempt)
{
    struct bytes *out = &g->csv.checks;
    size_t deeds = attempt->deeds.count;
    for (size_t i = 0; i < v->scene->check_count; i++) {
        const struct verdict_check *c = &v->checks[i];
        begin_row(out, &w->book);
        grade_csv_text(out, false, v->scene->id);
        grade_csv_number(out, (int64_t)run);
        grade_csv_text(out, false, c->check->id);
        grade_csv_number(out, c->has_passed);
        grade_csv_number(out, c->has_passed ? c->check->points : 0);
        grade_csv_number(out, c->check->points);
        grade_csv_virtual(out, deeds ? attempt->deeds.items[deeds - 1].t : 0);
        grade_csv_end(out);
    }
}

/* ---- a lesson's attempts ---- */

/* Each attempt alone for its rows; what was best in any of them counts, check by check. */
static bool grade_scene(struct grading *g, struct work *w, const struct lesson_scene *scene,
                        struct problem *problem)
{
    bool *has_passed = memory_take((scene->check_count + 1) * sizeof *has_passed), ok = true;
    for (size_t i = 0; i < w->book.attempts.count && ok; i++) {
        const struct workbook_attempt *attempt = &w->book.attempts.items[i];
        struct verdict v;
        if (!slice_equal(attempt->scene, scene->id))
            continue;
        verdict_init(&v, scene);
        ok = course_file_judge(&v, scene, w->book.seed, attempt, &g->cache, problem);
        for (size_t k = 0; k < scene->check_count && ok; k++)
            has_passed[k] |= v.checks[k].has_passed;
        if (ok) {
            put_steps(g, w, i + 1, &v, attempt);
            put_checks(g, w, i + 1, &v, attempt);
        }
        verdict_finish(&v);
    }
    for (size_t k = 0; k < scene->check_count; k++) {
        w->points_max += scene->checks[k].points;
        w->points += has_passed[k] ? scene->checks[k].points : 0;
    }
    free(has_passed);
    return ok;
}

static bool grade_lesson(struct grading *g, struct work *w, struct problem *problem)
{
    const struct lesson_scene *scenes[LESSON_SCENES_MAX];
    bool ok = true;
    if (w->book.lesson.size == 0)
        return true;
    w->lesson = find_lesson(g, w->book.lesson, problem);
    if (!w->lesson)
        return false;
    if (w->lesson->is_sealed)
        return problem_set(problem, "lesson %.*s is here a student's copy, without its keys",
                           SLICE_ARG(w->lesson->id));
    size_t count = lesson_scenes(w->lesson, w->book.seed, scenes);
    for (size_t i = 0; i < count && ok; i++)
        ok = grade_scene(g, w, scenes[i], problem);
    return ok;
}

/* ---- replies to questions ---- */

static void put_reply(struct grading *g, const struct work *w, const struct workbook_reply *reply,
                      size_t attempt, const struct question_verdict *v)
{
    struct bytes *out = &g->csv.quiz;
    begin_row(out, &w->book);
    grade_csv_text(out, false, reply->question);
    grade_csv_number(out, reply->rev);
    grade_csv_number(out, (int64_t)attempt);
    grade_csv_text(out, false, reply->answer);
    grade_csv_number(out, v->is_right);
    grade_csv_share(out, v->score);
    grade_csv_number(out, 1);
    grade_csv_number(out, reply->seconds);
    if (v->slip == SLICE_NONE)
        grade_csv_text(out, false, SLICE(""));
    else
        grade_csv_number(out, (int64_t)v->slip + 1);
    grade_csv_end(out);
}

/* Which attempt at its question this reply is, from 1; and is it the last? */
static size_t attempt_of(const struct workbook *book, size_t reply, bool *is_last)
{
    size_t attempt = 1;
    *is_last = true;
    for (size_t i = 0; i < book->replies.count; i++) {
        bool is_same =
            slice_equal(book->replies.items[i].question, book->replies.items[reply].question);
        attempt += is_same && i < reply;
        *is_last &= !is_same || i <= reply;
    }
    return attempt;
}

static void grade_replies(struct grading *g, struct work *w)
{
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < w->book.replies.count; i++) {
        const struct workbook_reply *reply = &w->book.replies.items[i];
        const struct question *q = banks_find(&g->banks, reply->question);
        struct question_verdict v = {.slip = SLICE_NONE};
        struct problem no_answer = {0};
        bool is_last;
        size_t attempt = attempt_of(&w->book, i, &is_last);
        if (q)
            (void)question_judge(q, reply->answer, &arena, &v, &no_answer);
        put_reply(g, w, reply, attempt, &v);
        w->asked += is_last;
        w->right += is_last && v.is_right;
        arena_reset(&arena);
    }
    arena_finish(&arena);
}

/* ---- files ---- */

static void put_line(struct grading *g, const char *path, const struct work *w, struct bytes *out)
{
    struct slice learner = printable(g, w->book.learner);
    bytes_printf(out, "%s: %.*s", path, SLICE_ARG(learner.size ? learner : SLICE("nobody's code")));
    if (w->lesson) {
        uint32_t percent = w->points_max ? 100 * w->points / w->points_max : 0;
        bytes_printf(out, ", %.*s %u of %u points, %u %%, %s", SLICE_ARG(w->lesson->id), w->points,
                     w->points_max, percent,
                     percent >= w->lesson->pass_percent ? "passed" : "not passed");
    }
    if (w->asked > 0)
        bytes_printf(out, ", quiz %zu of %zu right", w->right, w->asked);
    bytes_append_octet(out, '\n');
}

static bool grade_file(struct grading *g, const char *path, struct bytes *said,
                       struct problem *problem)
{
    struct work w = {0};
    bool is_there = false;
    if (!course_file_read(path, &w.book, &is_there, problem))
        return false;
    if (!is_there)
        return problem_set(problem, "%s: no such file", path);
    bool ok = grade_lesson(g, &w, problem);
    if (ok) {
        grade_replies(g, &w);
        put_line(g, path, &w, said);
    }
    workbook_finish(&w.book);
    return ok;
}

/* ---- sharing out ---- */

/* What a process says of a file: its line, or what is wrong with it, and its rows. */
enum { SAID_LINE, SAID_PROBLEM, SAID_STEPS, SAID_CHECKS, SAID_QUIZ, SAID_COUNT };

static void pack(const struct slice parts[SAID_COUNT], struct bytes *result)
{
    for (size_t i = 0; i < SAID_COUNT; i++) {
        bytes_append(result, (struct slice){(const char *)&parts[i].size, sizeof parts[i].size});
        bytes_append(result, parts[i]);
    }
}

static void unpack(struct slice result, struct slice parts[SAID_COUNT])
{
    for (size_t i = 0; i < SAID_COUNT; i++) {
        size_t size;
        memcpy(&size, result.data, sizeof size);
        parts[i] = slice_part(result, sizeof size, sizeof size + size);
        result = slice_part(result, sizeof size + size, result.size);
    }
}

static void name_file(const char *path, struct problem *problem)
{
    if (!problem->file[0] && strncmp(problem->what, path, strlen(path)) != 0)
        problem_at(problem, path, 0, 0);
}

/* As a piece of work (app/jobs.h). */
static void grade_one(void *context, uint64_t item, struct bytes *result)
{
    struct grading *g = context;
    const char *path = g->line->operands[item + 1];
    struct problem problem = {0};
    char text[PROBLEM_LINE] = "";
    struct bytes said;
    bytes_init(&said, SIZE_MAX);
    grade_csv_clear(&g->csv);
    if (!grade_file(g, path, &said, &problem)) {
        name_file(path, &problem);
        (void)problem_line(&problem, text);
        grade_csv_clear(&g->csv);
    }
    const struct slice parts[SAID_COUNT] = {
        bytes_slice(&said),         slice_of(text),
        bytes_slice(&g->csv.steps), bytes_slice(&g->csv.checks),
        bytes_slice(&g->csv.quiz),
    };
    pack(parts, result);
    bytes_finish(&said);
}

/* On a terminal, how far it is; a bad file is one line, and the others are graded. */
static void take_one(void *context, uint64_t item, const struct slice *result)
{
    struct grading *g = context;
    const struct command_line *line = g->line;
    struct slice parts[SAID_COUNT] = {0};
    struct problem broken = {0};
    char text[PROBLEM_LINE];
    bool is_terminal = isatty(fileno(line->err)) && !isatty(fileno(line->out));
    problem_set(&broken, "%s: judging it broke down", line->operands[item + 1]);
    if (result)
        unpack(*result, parts);
    else
        parts[SAID_PROBLEM] = slice_of(problem_line(&broken, text));
    fprintf(line->out, "%.*s", SLICE_ARG(parts[SAID_LINE]));
    if (parts[SAID_PROBLEM].size) {
        g->failed++;
        fprintf(line->err, "%s%.*s\n", is_terminal ? "\r" : "", SLICE_ARG(parts[SAID_PROBLEM]));
    }
    bytes_append(&g->csv.steps, parts[SAID_STEPS]);
    bytes_append(&g->csv.checks, parts[SAID_CHECKS]);
    bytes_append(&g->csv.quiz, parts[SAID_QUIZ]);
    if (is_terminal && item + 2 == (uint64_t)line->operand_count)
        fputs("\r\033[K", line->err);
    else if (is_terminal)
        fprintf(line->err, "\r%" PRIu64 " of %d", item + 1, line->operand_count - 1);
}

static bool grade_files(struct grading *g, uint32_t processes, struct problem *problem)
{
    return jobs_run(&(struct jobs){.count = (uint64_t)(g->line->operand_count - 1),
                                   .processes = processes,
                                   .work = grade_one,
                                   .take = take_one,
                                   .context = g},
                    problem);
}

int quiz_grade(struct command_line *line)
{
    const char *csv = command_value(line, "csv");
    struct grading g = {.line = line};
    struct problem problem = {0};
    uint64_t processes;
    grade_csv_init(&g.csv);
    bytes_init(&g.shown, SIZE_MAX);
    bool ok = command_number(line, "jobs", 1, JOBS_PROCESSES_MAX, jobs_processors(), &processes,
                             &problem) &&
              quiz_load(&g.banks, &problem) && quiz_has_keys(&g.banks, &problem) &&
              grade_files(&g, (uint32_t)processes, &problem) &&
              (!csv || grade_csv_save(&g.csv, csv, &problem));
    stage_cache_finish(&g.cache);
    for (size_t i = 0; i < g.lessons.count; i++) {
        lesson_finish(g.lessons.items[i]);
        free(g.lessons.items[i]);
    }
    vector_finish(&g.lessons);
    bytes_finish(&g.shown);
    grade_csv_finish(&g.csv);
    banks_finish(&g.banks);
    if (!ok)
        return command_fail(line, &problem);
    return g.failed ? APP_NO : APP_DONE;
}
