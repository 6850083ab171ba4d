#include "app/course.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/course_file.h"
#include "app/live.h"
#include "app/stage.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"

static int64_t wall_s(void)
{
    return (int64_t)time(NULL);
}

static struct workbook_attempt *attempt_of(struct course *c)
{
    return &c->book.attempts.items[c->attempts[c->scene]];
}

static const struct lesson_scene *scene_of(const struct course *c)
{
    return c->scenes[c->scene];
}

const struct lesson_step *course_step(const struct course *c)
{
    return c->view.step < scene_of(c)->step_count ? &scene_of(c)->steps[c->view.step] : NULL;
}

uint32_t course_points(const struct course *c, uint32_t *points_max)
{
    uint32_t points = 0;
    *points_max = 0;
    for (size_t i = 0; i < c->scene_count; i++) {
        points += c->verdicts[i].points;
        *points_max += c->verdicts[i].points_max;
    }
    return points;
}

uint32_t course_points_kept(const struct course *c)
{
    uint32_t points = 0;
    for (size_t i = 0; i < c->scene_count; i++)
        points += verdict_points_kept(&c->verdicts[i]);
    return points;
}

/* ---- opening ---- */

/* The present attempt of each scene is its last one in the work. */
static void find_attempts(struct course *c)
{
    for (size_t i = 0; i < c->scene_count; i++) {
        c->attempts[i] = SLICE_NONE;
        for (size_t k = 0; k < c->book.attempts.count; k++)
            if (slice_equal(c->book.attempts.items[k].scene, c->scenes[i]->id))
                c->attempts[i] = k;
    }
}

static bool open_work(struct course *c, const struct course_options *options,
                      struct problem *problem)
{
    bool is_there = false;
    if (options->work_path)
        snprintf(c->work_path, sizeof c->work_path, "%s", options->work_path);
    if (c->work_path[0] && !course_file_read(c->work_path, &c->book, &is_there, problem))
        return false;
    if (is_there && !slice_equal(c->book.lesson, c->lesson.id)) {
        problem_set(problem, "%s is the work on lesson %.*s, not on %.*s", c->work_path,
                    SLICE_ARG(c->book.lesson), SLICE_ARG(c->lesson.id));
        workbook_finish(&c->book);
        return false;
    }
    if (is_there)
        return true;
    workbook_init(&c->book);
    c->book.lesson = arena_copy(&c->book.arena, c->lesson.id);
    c->book.seed = options->seed;
    c->book.learner = arena_copy(&c->book.arena, slice_of(options->learner));
    c->book.session = arena_printf(&c->book.arena, "%" PRId64, wall_s());
    return true;
}

/* The lesson that comes after this one among those that come with mailflow. */
static void find_next(struct course *c)
{
    char folder[SOURCE_PATH], path[SOURCE_PATH];
    char(*names)[SOURCE_NAME] = memory_take(SOURCE_NAMES * sizeof *names);
    size_t count = course_list(folder, names), i = 0;
    struct lesson lesson;
    struct problem problem;
    while (i < count && !slice_equal(slice_of(names[i]), c->lesson.id))
        i++;
    if (i + 1 < count && snprintf(path, sizeof path, "%.3500s/%s.json", folder, names[i + 1]) > 0 &&
        lesson_load(&lesson, path, &problem)) {
        c->view.next_id = arena_copy(&c->book.arena, lesson.id);
        c->view.next_title = arena_copy(&c->book.arena, lesson.title);
        lesson_finish(&lesson);
    }
    free(names);
}

bool course_open(struct course *c, const char *word, const struct course_options *options,
                 struct problem *problem)
{
    *c = (struct course){0};
    if (!course_find(word, c->path, problem) || !lesson_load(&c->lesson, c->path, problem))
        return false;
    if (!open_work(c, options, problem)) {
        lesson_finish(&c->lesson);
        return false;
    }
    arena_init(&c->arena);
    c->scene_count = lesson_scenes(&c->lesson, c->book.seed, c->scenes);
    for (size_t i = 0; i < c->scene_count; i++)
        verdict_init(&c->verdicts[i], c->scenes[i]);
    find_attempts(c);
    c->view = (struct view_course){
        .lesson = &c->lesson, .is_lecture = options->is_lecture, .scene_count = c->scene_count};
    find_next(c);
    return true;
}

void course_close(struct course *c)
{
    for (size_t i = 0; i < c->scene_count; i++)
        verdict_finish(&c->verdicts[i]);
    workbook_finish(&c->book);
    lesson_finish(&c->lesson);
    arena_finish(&c->arena);
}

/* ---- worth ---- */

void course_judge(struct course *c)
{
    const struct log *log = c->world.log(c->world.context);
    verdict_judge(&c->verdicts[c->scene], attempt_of(c), log, log_count_until(log, c->seen));
}

void course_save(struct course *c)
{
    struct problem problem;
    if (c->work_path[0])
        (void)course_file_write(c->work_path, &c->book, &problem);
}

/* ---- scenes and steps ---- */

static void add_deed(struct course *c, enum workbook_kind kind, struct slice text)
{
    const struct lesson_step *step = course_step(c);
    workbook_add(&c->book, attempt_of(c),
                 &(struct workbook_deed){.kind = kind,
                                         .t = c->now,
                                         .wall_s = wall_s(),
                                         .step = step ? step->id : SLICE(""),
                                         .text = text});
}

static bool act(struct course *c, struct slice line, struct problem *problem)
{
    const struct lesson_step *step = course_step(c);
    if (attempt_of(c)->deeds.count >= WORKBOOK_DEEDS_MAX)
        return problem_set(problem, "an attempt has at most %d deeds: try the step again",
                           WORKBOOK_DEEDS_MAX);
    if (!c->world.act(c->world.context, c->now, step ? step->id : SLICE(""), line, problem))
        return false;
    add_deed(c, WORKBOOK_DO, line);
    return true;
}

/* What the step does by itself happens once an attempt. */
static bool show_step(struct course *c, size_t index, struct problem *problem)
{
    size_t before = c->view.step;
    c->view.step = index;
    c->view.hints_shown = 0;
    c->view.is_revealed = false;
    const struct lesson_step *step = course_step(c);
    for (size_t i = 0; step && i < step->setup.count; i++)
        if (!workbook_has(attempt_of(c), step->id, step->setup.items[i]) &&
            !act(c, step->setup.items[i], problem)) {
            c->view.step = before;
            return false;
        }
    return true;
}

static bool set_up(struct course *c, struct problem *problem)
{
    for (size_t i = 0; i < scene_of(c)->setup.count; i++)
        if (!c->world.act(c->world.context, 0, SLICE(""), scene_of(c)->setup.items[i], problem))
            return false;
        else
            workbook_add(&c->book, attempt_of(c),
                         &(struct workbook_deed){.kind = WORKBOOK_DO,
                                                 .step = SLICE(""),
                                                 .text = scene_of(c)->setup.items[i]});
    return true;
}

/* The step of the last deed, and the moment to which the attempt has come. */
static size_t left_off(struct course *c)
{
    const struct workbook_attempt *a = attempt_of(c);
    size_t step = 0;
    for (size_t i = 0; i < a->deeds.count; i++) {
        const struct lesson_step *found = lesson_find_step(scene_of(c), a->deeds.items[i].step);
        if (found)
            step = (size_t)(found - scene_of(c)->steps);
        if (a->deeds.items[i].t > c->now)
            c->now = a->deeds.items[i].t;
    }
    return step;
}

/* Attempts that were given up before count, too: the work of an earlier session. */
static void judge_before(struct course *c)
{
    for (size_t i = 0; i < c->attempts[c->scene]; i++) {
        struct problem problem;
        if (slice_equal(c->book.attempts.items[i].scene, scene_of(c)->id))
            (void)course_file_judge(&c->verdicts[c->scene], scene_of(c), c->book.seed,
                                    &c->book.attempts.items[i], NULL, &problem);
    }
}

static bool enter_scene(struct course *c, size_t scene, struct problem *problem)
{
    c->scene = scene;
    c->now = 0;
    c->view.scene = scene_of(c);
    c->view.verdict = &c->verdicts[scene];
    c->view.scene_number = scene + 1;
    bool is_new = c->attempts[scene] == SLICE_NONE;
    if (is_new) {
        c->attempts[scene] = c->book.attempts.count;
        workbook_begin(&c->book, scene_of(c)->id);
    }
    judge_before(c);
    if (!c->world.enter(c->world.context, scene_of(c), attempt_of(c), problem) ||
        (is_new && !set_up(c, problem)) || !show_step(c, left_off(c), problem))
        return false;
    c->seen = c->now;
    course_judge(c);
    course_save(c);
    return true;
}

bool course_enter(struct course *c, const struct course_world *world, struct problem *problem)
{
    size_t scene = 0;
    c->world = *world;
    for (size_t i = 0; i < c->scene_count; i++)
        if (c->attempts[i] != SLICE_NONE)
            scene = i;
    return enter_scene(c, scene, problem);
}

/* ---- lines ---- */

/* Who grades runs it at least so far as the learner has looked. */
static void note_watched(struct course *c)
{
    const struct workbook_attempt *a = attempt_of(c);
    int64_t last = 0, now = c->now;
    for (size_t i = 0; i < a->deeds.count; i++)
        if (a->deeds.items[i].t > last)
            last = a->deeds.items[i].t;
    if (c->seen <= last || a->deeds.count >= WORKBOOK_DEEDS_MAX)
        return;
    c->now = c->seen;
    add_deed(c, WORKBOOK_RUN, SLICE(""));
    c->now = now;
}

static bool next(struct course *c, struct problem *problem)
{
    const struct lesson_step *step = course_step(c);
    const struct verdict_step *s = step ? &c->view.verdict->steps[c->view.step] : NULL;
    if (step && step->kind == LESSON_PREDICT && s->answer.size == 0)
        return problem_set(problem, "predict first: what do you expect? Type its letter");
    if (step && !s->is_unlocked)
        return problem_set(
            problem, "not yet: what step %zu (%.*s) asks for is still to happen; \"hint\" helps",
            c->view.step + 1, SLICE_ARG(step->id));
    if (step) {
        note_watched(c);
        return show_step(c, c->view.step + 1, problem);
    }
    if (c->scene + 1 < c->scene_count)
        return enter_scene(c, c->scene + 1, problem);
    return problem_set(problem, "this was the last step");
}

static bool back(struct course *c, struct problem *problem)
{
    if (c->view.step == 0)
        return problem_set(problem, "this is the first step");
    return show_step(c, c->view.step - 1, problem);
}

static bool find_step(const struct course *c, struct slice id, size_t *index,
                      struct problem *problem)
{
    const struct lesson_step *step = lesson_find_step(scene_of(c), id);
    if (!step && id.size == 0)
        step = course_step(c);
    if (!step)
        return problem_set(problem, "there is no step \"%.*s\"", SLICE_ARG(slice_part(id, 0, 40)));
    *index = (size_t)(step - scene_of(c)->steps);
    return true;
}

static bool go_to(struct course *c, struct slice id, struct problem *problem)
{
    size_t index = 0;
    return find_step(c, id, &index, problem) && show_step(c, index, problem);
}

static bool hint(struct course *c, struct problem *problem)
{
    const struct lesson_step *step = course_step(c);
    if (!step || c->view.hints_shown == step->hints.count)
        return problem_set(problem, step && step->hints.count ? "there is no further hint"
                                                              : "there is no hint to this step");
    c->view.hints_shown++;
    return true;
}

/* A new attempt with the deeds before the step's first one. */
static bool retry(struct course *c, struct slice id, struct problem *problem)
{
    size_t index = 0, count = 0, old = c->attempts[c->scene];
    if (!find_step(c, id, &index, problem))
        return false;
    if (c->book.attempts.count >= WORKBOOK_ATTEMPTS_MAX)
        return problem_set(problem, "%d attempts are enough", WORKBOOK_ATTEMPTS_MAX);
    struct workbook_attempt *a = workbook_begin(&c->book, scene_of(c)->id);
    const struct workbook_attempt *from = &c->book.attempts.items[old];
    for (; count < from->deeds.count; count++) {
        const struct lesson_step *step =
            lesson_find_step(scene_of(c), from->deeds.items[count].step);
        if (step && (size_t)(step - scene_of(c)->steps) >= index)
            break;
        workbook_add(&c->book, a, &from->deeds.items[count]);
    }
    c->attempts[c->scene] = c->book.attempts.count - 1;
    c->now = c->seen = 0;
    left_off(c);
    if (!c->world.enter(c->world.context, scene_of(c), attempt_of(c), problem))
        return false;
    return show_step(c, index, problem);
}

/* "[STEP] ANSWER": a first word that is a step's id is meant as that. */
static bool answer(struct course *c, struct slice text, struct problem *problem)
{
    struct question_verdict verdict;
    struct slice word, rest = text;
    slice_cut(&rest, ' ', &word);
    const struct lesson_step *step = lesson_find_step(scene_of(c), word);
    size_t before = c->view.step;
    if (step)
        text = slice_trim(rest);
    else
        step = course_step(c);
    if (!step || !step->ask)
        return problem_set(problem, "nothing is asked in this step");
    arena_reset(&c->arena);
    if (!question_judge(step->ask, text, &c->arena, &verdict, problem))
        return false;
    c->view.step = (size_t)(step - scene_of(c)->steps);
    add_deed(c, WORKBOOK_ANSWER, question_answer_kept(step->ask, text, &c->book.arena));
    c->view.step = before;
    return true;
}

static bool run(struct course *c, struct slice text, struct problem *problem)
{
    int64_t t;
    if (!stage_read_run(text, c->now, &t, problem) || !c->world.run(c->world.context, &t, problem))
        return false;
    if (t > c->now)
        c->now = t;
    add_deed(c, WORKBOOK_RUN, SLICE(""));
    return true;
}

static bool solve(struct course *c, struct problem *problem)
{
    const struct lesson_step *step = course_step(c);
    bool answers = false;
    if (!step)
        return problem_set(problem, "all steps are done");
    if (c->lesson.is_sealed)
        return problem_set(problem, "this is a student's copy: its solutions are with the teacher");
    for (size_t i = 0; i < step->solve.count; i++) {
        answers |= slice_starts(step->solve.items[i], SLICE("answer "));
        if (!course_line(c, step->solve.items[i], problem))
            return false;
    }
    c->view.is_revealed = true;
    return answers || !step->ask || answer(c, question_solution(step->ask, &c->arena), problem);
}

static bool carry_out(struct course *c, struct slice word, struct slice rest, struct slice line,
                      struct problem *problem)
{
    if (slice_equal(word, SLICE("next")))
        return next(c, problem);
    if (slice_equal(word, SLICE("back")))
        return back(c, problem);
    if (slice_equal(word, SLICE("goto")))
        return go_to(c, rest, problem);
    if (slice_equal(word, SLICE("hint")))
        return hint(c, problem);
    if (slice_equal(word, SLICE("retry")))
        return retry(c, rest, problem);
    if (slice_equal(word, SLICE("answer")))
        return answer(c, rest, problem);
    if (slice_equal(word, SLICE("run")))
        return run(c, rest, problem);
    if (slice_equal(word, SLICE("solve")))
        return solve(c, problem);
    return act(c, line, problem);
}

bool course_line(struct course *c, struct slice line, struct problem *problem)
{
    struct slice word, rest = slice_trim(line);
    slice_cut(&rest, ' ', &word);
    if (!carry_out(c, word, slice_trim(rest), slice_trim(line), problem))
        return false;
    if (c->seen < c->now)
        c->seen = c->now;
    course_judge(c);
    course_save(c);
    return true;
}
