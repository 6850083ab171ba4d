/* mailflow lesson: the subcommands that read a lesson and print. */
#include "app/lesson.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/commands.h"
#include "app/course.h"
#include "app/course_file.h"
#include "app/stage.h"
#include "sim/base/memory.h"

enum { COLUMNS = 80 };

/* ---- list ---- */

int lesson_list(struct command_line *line)
{
    char folder[SOURCE_PATH], path[SOURCE_PATH + SOURCE_NAME + 8];
    char(*names)[SOURCE_NAME] = memory_take(SOURCE_NAMES * sizeof *names);
    size_t count = course_list(folder, names);
    int status = APP_DONE;
    for (size_t i = 0; i < count; i++) {
        struct lesson lesson;
        struct problem problem = {0};
        snprintf(path, sizeof path, "%s/%s.json", folder, names[i]);
        if (!lesson_load(&lesson, path, &problem)) {
            status = command_fail(line, &problem);
            continue;
        }
        fprintf(line->out, "%.*s  %3u min  %.*s\n", SLICE_ARG(lesson.id), lesson.minutes,
                SLICE_ARG(lesson.title));
        lesson_finish(&lesson);
    }
    free(names);
    return status;
}

/* ---- show ---- */

static void show_texts(FILE *out, const char *title, const struct lesson_texts *texts)
{
    if (texts->count == 0)
        return;
    fprintf(out, "%s\n", title);
    for (size_t i = 0; i < texts->count; i++)
        lesson_print(out, texts->items[i], COLUMNS, 2);
    fputc('\n', out);
}

static void show_step(FILE *out, size_t number, const struct lesson_step *step)
{
    fprintf(out, "%zu. %s %.*s\n", number, lesson_step_kind_names[step->kind], SLICE_ARG(step->id));
    lesson_print(out, step->text, COLUMNS, 2);
    if (step->ask)
        ask_print(out, step->ask, 1);
    fputc('\n', out);
}

static void show_scene(FILE *out, const struct lesson *lesson, const struct lesson_scene *scene)
{
    if (lesson->scene_count > 1)
        fprintf(out, "== %.*s: %.*s\n\n", SLICE_ARG(scene->id), SLICE_ARG(scene->title));
    if (scene->complaint.size)
        lesson_print(out, scene->complaint, COLUMNS, 2);
    for (size_t i = 0; i < scene->step_count; i++)
        show_step(out, i + 1, &scene->steps[i]);
    fputs("It is reached when\n", out);
    for (size_t i = 0; i < scene->check_count; i++)
        fprintf(out, "  %.*s (%u)  %.*s\n", SLICE_ARG(scene->checks[i].id), scene->checks[i].points,
                SLICE_ARG(scene->checks[i].text));
    fputc('\n', out);
}

static bool load(const char *word, struct lesson *lesson, struct problem *problem)
{
    char path[SOURCE_PATH];
    return course_find(word, path, problem) && lesson_load(lesson, path, problem);
}

int lesson_show(struct command_line *line, const char *word)
{
    struct lesson lesson;
    struct problem problem = {0};
    if (!load(word, &lesson, &problem))
        return command_fail(line, &problem);
    fprintf(line->out, "%.*s  %.*s (%u minutes)\n\n", SLICE_ARG(lesson.id), SLICE_ARG(lesson.title),
            lesson.minutes);
    lesson_print(line->out, lesson.objective, COLUMNS, 0);
    fputc('\n', line->out);
    show_texts(line->out, "Look at", &lesson.watch);
    for (size_t i = 0; i < lesson.scene_count; i++)
        show_scene(line->out, &lesson, &lesson.scenes[i]);
    show_texts(line->out, "Questions", &lesson.quiz);
    show_texts(line->out, "Sources", &lesson.sources);
    if (lesson.notes.size) {
        fputs("For the teacher\n", line->out);
        lesson_print(line->out, lesson.notes, COLUMNS, 2);
    }
    lesson_finish(&lesson);
    return APP_DONE;
}

/* ---- solve ---- */

/* The lines as they are typed at `lesson play`. */
static void show_answer(FILE *out, const struct lesson_step *step, struct slice answer,
                        uint64_t seed, struct arena *arena)
{
    struct slice typed = ask_typed(step->ask, seed, slice_trim(answer), arena);
    fprintf(out, "answer %.*s\n", SLICE_ARG(typed));
}

static void show_solution(FILE *out, const struct lesson_scene *scene, uint64_t seed)
{
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < scene->step_count; i++) {
        const struct lesson_step *step = &scene->steps[i];
        bool answers = false;
        fprintf(out, "goto %.*s\n", SLICE_ARG(step->id));
        for (size_t k = 0; k < step->solve.count; k++) {
            struct slice line = step->solve.items[k];
            bool is_answer = step->ask && slice_starts(line, SLICE("answer "));
            answers |= is_answer;
            if (is_answer)
                show_answer(out, step, slice_part(line, 7, line.size), seed, &arena);
            else
                fprintf(out, "%.*s\n", SLICE_ARG(line));
        }
        if (step->ask && !answers)
            show_answer(out, step, question_solution(step->ask, &arena), seed, &arena);
    }
    arena_finish(&arena);
}

int lesson_solve(struct command_line *line, const char *word)
{
    struct lesson lesson;
    struct problem problem = {0};
    uint64_t seed;
    if (!command_number(line, "seed", 1, UINT64_MAX, 1, &seed, &problem) ||
        !load(word, &lesson, &problem))
        return command_fail(line, &problem);
    const struct lesson_scene *scenes[LESSON_SCENES_MAX];
    size_t count = lesson.is_sealed ? 0 : lesson_scenes(&lesson, seed, scenes);
    for (size_t i = 0; i < count; i++) {
        if (count > 1)
            fprintf(line->out, "# %.*s\n", SLICE_ARG(scenes[i]->id));
        show_solution(line->out, scenes[i], seed);
        if (i + 1 < count)
            fputs("next\nnext\n", line->out); /* behind the last step, and into the next scene */
    }
    lesson_finish(&lesson);
    return count ? APP_DONE
                 : command_say(line, "%s is a student's copy: its solutions are with the teacher",
                               word);
}

/* ---- check ---- */

static void print_verdict(FILE *out, const struct verdict *v)
{
    for (size_t i = 0; i < v->scene->check_count; i++) {
        const struct verdict_check *c = &v->checks[i];
        fprintf(out, "%s %.*s (%u)  ",
                c->has_passed ? "passed"
                : c->is_kept  ? "kept  "
                              : "missed",
                SLICE_ARG(c->check->id), c->check->points);
        lesson_print(out, c->says, 1000, 0);
        if (!c->has_passed && c->reason.size)
            lesson_print(out, c->reason, COLUMNS, 8);
    }
}

/* Runs the work anew; gives points and what could be had. */
static bool judge_work(FILE *out, const struct lesson *lesson, const struct workbook *book,
                       uint32_t *points, uint32_t *most, struct problem *problem)
{
    const struct lesson_scene *scenes[LESSON_SCENES_MAX];
    size_t count = lesson_scenes(lesson, book->seed, scenes);
    struct stage_cache cache = {0};
    bool ok = true;
    *points = *most = 0;
    for (size_t i = 0; ok && i < count; i++) {
        struct verdict v;
        verdict_init(&v, scenes[i]);
        for (size_t k = 0; ok && k < book->attempts.count; k++)
            if (slice_equal(book->attempts.items[k].scene, scenes[i]->id))
                ok = course_file_judge(&v, scenes[i], book->seed, &book->attempts.items[k], &cache,
                                       problem);
        if (ok && count > 1)
            fprintf(out, "%.*s\n", SLICE_ARG(scenes[i]->id));
        if (ok)
            print_verdict(out, &v);
        *points += v.points;
        *most += v.points_max;
        verdict_finish(&v);
    }
    stage_cache_finish(&cache);
    return ok;
}

static int check_work(struct command_line *line, struct lesson *lesson, const char *path)
{
    struct workbook book;
    struct problem problem = {0};
    uint32_t points, most;
    bool is_there;
    if (!course_file_read(path, &book, &is_there, &problem))
        return command_fail(line, &problem);
    if (!is_there)
        return command_say(line, "there is no file %s", path);
    bool ok = slice_equal(book.lesson, lesson->id) ||
              problem_set(&problem, "%s is the work on lesson %.*s, not on %.*s", path,
                          SLICE_ARG(book.lesson), SLICE_ARG(lesson->id));
    ok = ok && judge_work(line->out, lesson, &book, &points, &most, &problem);
    workbook_finish(&book);
    if (!ok)
        return command_fail(line, &problem);
    uint32_t percent = most ? points * 100 / most : 0;
    fprintf(line->out, "%u of %u points, %u %%: %s\n", points, most, percent,
            percent >= lesson->pass_percent ? "passed" : "not passed yet");
    return percent >= lesson->pass_percent ? APP_DONE : APP_NO;
}

int lesson_check(struct command_line *line, const char *word)
{
    struct lesson lesson;
    struct problem problem = {0};
    const char *work = command_value(line, "work");
    if (command_value(line, "export"))
        return command_say(line,
                           "check writes no file; what was done in a work is written by: mailflow "
                           "lesson play %s --work %s --export page.html </dev/null",
                           word, work ? work : "FILE");
    if (!load(word, &lesson, &problem))
        return command_fail(line, &problem);
    int status = APP_DONE;
    if (work)
        status = check_work(line, &lesson, work);
    else if (!lesson_try(&lesson, 1, line->out, &problem))
        status = command_fail(line, &problem);
    lesson_finish(&lesson);
    return status;
}

/* ---- the command ---- */

static const struct {
    const char *name;
    int (*run)(struct command_line *line, const char *word);
} rows[] = {
    {"show", lesson_show},   {"play", lesson_play}, {"check", lesson_check},
    {"solve", lesson_solve}, {"new", lesson_new},
};

int lesson_command(struct command_line *line)
{
    const char *names[sizeof rows / sizeof *rows + 1] = {"list"}, *word = line->operands[0];
    if (strcmp(word, "list") == 0)
        return lesson_list(line);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        names[i + 1] = rows[i].name;
        if (strcmp(word, rows[i].name) != 0)
            continue;
        if (line->operand_count < 2)
            return command_say(line, "lesson %s needs a lesson, as in: mailflow lesson %s L01",
                               word, word);
        return rows[i].run(line, line->operands[1]);
    }
    const char *nearest = problem_nearest(slice_of(word), names, sizeof names / sizeof *names);
    return nearest ? command_say(line, "unknown word %s; did you mean lesson %s?", word, nearest)
                   : command_say(line,
                                 "unknown word %s; expected list, show, play, check, solve "
                                 "or new",
                                 word);
}
