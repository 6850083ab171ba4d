/*
 * mailflow lesson play: a lesson as a dialogue in the terminal. The world is a stage, on which time
 * goes on when it is asked to; what happens is told in the words of the window's caption.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/ask.h"
#include "app/course_file.h"
#include "app/lesson.h"
#include "app/lesson_page.h"
#include "app/lesson_play_part.h"
#include "app/typing.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"
#include "topologies/action.h"

enum { LINE_MAX_OCTETS = 65536 };

/* ---- the world ---- */

static bool enter(void *context, const struct lesson_scene *scene,
                  const struct workbook_attempt *attempt, struct problem *problem)
{
    struct play *p = context;
    struct stage stage;
    if (!stage_open(&stage, scene, p->course.book.seed, NULL, problem))
        return false;
    if (p->has_stage)
        stage_close(&p->stage);
    p->stage = stage;
    p->has_stage = true;
    (void)stage_replay(&p->stage, attempt, false);
    p->told = log_count(stage_log(&p->stage));
    return true;
}

static bool act(void *context, int64_t t, struct slice step, struct slice line,
                struct problem *problem)
{
    struct play *p = context;
    (void)step;
    return stage_act(&p->stage, t, line, problem);
}

static bool run(void *context, int64_t *t, struct problem *problem)
{
    struct play *p = context;
    return stage_run(&p->stage, t, problem);
}

static const struct log *log_of(void *context)
{
    const struct play *p = context;
    return stage_log(&p->stage);
}

/* ---- lines ---- */

/* "> EHLO me": typed at the console of the host that the step is about. */
static struct slice typed(struct play *p, struct slice text, struct arena *arena)
{
    const struct lesson_step *step = course_step(&p->course);
    struct bytes quoted;
    bytes_init(&quoted, 4 * LINE_MAX_OCTETS);
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"' || text.data[i] == '\\')
            bytes_append(&quoted, SLICE("\\"));
        bytes_append(&quoted, slice_part(text, i, i + 1));
    }
    struct slice host = step && step->allow.count ? step->allow.items[0] : SLICE("you");
    struct slice line = arena_printf(arena, "type %.*s text=\"%.*s\\n\"", SLICE_ARG(host),
                                     SLICE_ARG(bytes_slice(&quoted)));
    bytes_finish(&quoted);
    return line;
}

/* Who has run on without an end may have lost sight of the moment that the step is about. */
static void tell_leap(struct play *p, int64_t from)
{
    int64_t hours = (p->course.now - from) / (3600 * VTIME_S);
    const struct lesson_step *step = course_step(&p->course);
    if (hours >= 24 && step)
        play_say(p,
                 "The clock has gone on by %" PRId64 " h, until nothing was on its way any more. "
                 "\"retry %.*s\" takes it back; \"run 1h\" goes on by an hour.",
                 hours, SLICE_ARG(step->id));
}

/* Nothing locks such a step, but what it is for has not happened: who is led past it by mistake
   does everything behind it in the wrong step. "next" once more means it. */
static bool holds_back(struct play *p, struct problem *problem)
{
    const struct lesson_step *step = course_step(&p->course);
    size_t at = p->course.view.step + 1;
    if (!step || p->stage.scene->is_exam || p->warned == at ||
        !p->course.view.verdict->steps[at - 1].is_unlocked ||
        p->course.view.verdict->steps[at - 1].is_done)
        return false;
    if (step->kind == LESSON_PREDICT || step->kind == LESSON_READ || step->kind == LESSON_CLICK)
        return false;
    p->warned = at;
    problem_set(problem,
                "nothing is done yet in step %zu (%.*s): \"hint\" says how, \"next\" once more "
                "leaves it out",
                at, SLICE_ARG(step->id));
    return true;
}

static bool is_action(struct slice word)
{
    for (size_t i = 0; i < ACTION_COUNT; i++)
        if (slice_equal(word, slice_of(action_forms[i].name)))
            return true;
    return false;
}

/* A prediction comes before the run: who has seen it does not predict. */
static bool is_too_early(struct play *p, struct slice word)
{
    const struct lesson_step *step = course_step(&p->course);
    if (!step || step->kind != LESSON_PREDICT || !step->ask ||
        p->course.view.verdict->steps[p->course.view.step].answer.size > 0)
        return false;
    return is_action(word) || slice_equal(word, SLICE("run"));
}

/* "goto 7" is the step that is shown as [7 of 24]. */
static struct slice with_id(struct play *p, struct slice word, struct slice rest,
                            struct arena *arena)
{
    uint64_t number;
    const struct lesson_scene *scene = p->course.view.scene;
    bool is_number = slice_to_u64(rest, &number) && number >= 1 && number <= scene->step_count &&
                     !lesson_find_step(scene, rest);
    struct slice id = is_number ? scene->steps[number - 1].id : rest;
    return arena_printf(arena, "%.*s %.*s", SLICE_ARG(word), SLICE_ARG(id));
}

/* An unknown word may have been meant as an answer. */
static bool guess(struct play *p, struct slice line, struct problem *problem)
{
    struct question_verdict verdict;
    struct problem form;
    struct arena arena;
    const struct lesson_step *step = course_step(&p->course);
    if (!slice_starts(slice_of(problem->what), SLICE("unknown action")))
        return false;
    bool is_asked = step && step->ask && step->ask->type != QUESTION_SHORT;
    arena_init(&arena);
    struct slice meant = is_asked ? ask_answer(step->ask, p->course.book.seed, line, &arena) : line;
    bool is_form = is_asked && !ask_judge(step->ask, meant, &arena, &verdict, &form);
    (void)lesson_guess(line, problem);
    if (is_form && ask_is_letters(line))
        *problem = form;
    else if (is_form && slice_find(slice_of(problem->what), SLICE("did you mean"), 0) == SLICE_NONE)
        problem_set(problem, "unknown word \"%.*s\", and no answer: %s; see \"help\"",
                    SLICE_ARG(slice_part(line, 0, 40)), form.what);
    arena_finish(&arena);
    return false;
}

static void after(struct play *p, struct slice word, size_t step, size_t scene, int64_t from)
{
    if (!play_tell(p) && is_action(word))
        play_say(p, "Understood. It happens as time goes on: \"run\".");
    bool is_shown = step != p->course.view.step || scene != p->course.scene ||
                    slice_equal(word, SLICE("goto")) || slice_equal(word, SLICE("retry"));
    if (step == p->course.view.step && slice_equal(word, SLICE("run")))
        tell_leap(p, from);
    if (scene != p->course.scene)
        play_show_scene(p);
    else if (slice_equal(word, SLICE("next")))
        play_look_back(p, step);
    if (slice_equal(word, SLICE("retry")))
        play_say(p, "What was done from here on is taken back; its points stay.");
    if (is_shown) {
        play_note_step(p);
        play_show_step(p);
    }
}

static bool course_says(struct play *p, struct slice word, struct slice rest, struct slice line,
                        struct problem *problem)
{
    size_t step = p->course.view.step, scene = p->course.scene;
    int64_t from = p->course.now;
    struct arena arena;
    if (slice_equal(word, SLICE("next")) && p->course.view.verdict->steps && holds_back(p, problem))
        return false;
    if (is_too_early(p, word))
        return problem_set(problem, "predict first: what do you expect? Then \"next\" leads to the "
                                    "step in which it is tried");
    arena_init(&arena);
    if (slice_equal(word, SLICE("goto")) || slice_equal(word, SLICE("retry")))
        line = with_id(p, word, rest, &arena);
    bool ok = course_line(&p->course, line, problem);
    if (ok)
        after(p, word, step, scene, from);
    arena_finish(&arena);
    return ok || guess(p, line, problem);
}

/* Letters are those that are shown; the answer has those of the file. */
static struct slice meant(const struct play *p, const struct lesson_step *step, struct slice typed,
                          struct arena *arena)
{
    return ask_answer(step->ask, p->course.book.seed, typed, arena);
}

static bool is_answer(const struct play *p, struct slice line)
{
    struct question_verdict verdict;
    struct problem problem;
    struct arena arena;
    const struct lesson_step *step = course_step(&p->course);
    if (!step || !step->ask || step->ask->type == QUESTION_SHORT)
        return false;
    arena_init(&arena);
    bool is = question_judge(step->ask, meant(p, step, line, &arena), &arena, &verdict, &problem);
    arena_finish(&arena);
    return is;
}

static bool answer(struct play *p, struct slice typed, struct problem *problem)
{
    struct arena arena;
    const struct lesson_step *step = course_step(&p->course);
    if (!step || !step->ask)
        return problem_set(problem, "nothing is asked in this step");
    arena_init(&arena);
    struct slice line = arena_printf(&arena, "answer %.*s %.*s", SLICE_ARG(step->id),
                                     SLICE_ARG(meant(p, step, typed, &arena)));
    struct question_verdict verdict;
    bool ok = ask_judge(step->ask, meant(p, step, typed, &arena), &arena, &verdict, problem) &&
              course_line(&p->course, line, problem);
    arena_finish(&arena);
    if (ok)
        play_show_answer(p, step);
    return ok;
}

/* Time enough for an answer, and not for a server that hangs up on silence. */
static bool console_line(struct play *p, struct slice text, struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    bool ok = course_line(&p->course, typed(p, slice_trim(text), &arena), problem) &&
              course_line(&p->course, SLICE("run 2s"), problem);
    play_tell(p);
    arena_finish(&arena);
    return ok;
}

static void list_steps(struct play *p)
{
    const struct verdict *v = p->course.view.verdict;
    for (size_t i = 0; i < v->scene->step_count; i++) {
        const struct lesson_step *step = v->steps[i].step;
        char head[96];
        snprintf(head, sizeof head,
                 " %c[%c] %2zu. %-7s %.*s: ", i == p->course.view.step ? '>' : ' ',
                 v->steps[i].is_done ? 'x' : ' ', i + 1, lesson_step_kind_names[step->kind],
                 SLICE_ARG(slice_part(step->id, 0, 20)));
        size_t end = slice_find(step->text, SLICE(". "), 0);
        lesson_print_behind(p->out, head, slice_part(step->text, 0, end), PLAY_COLUMNS);
    }
}

/* What only looks, or leaves; false: it is none of these words. */
static bool look_around(struct play *p, struct slice word, struct slice rest, bool *ok,
                        struct problem *problem)
{
    *ok = true;
    if (slice_equal(word, SLICE("quit")) || slice_equal(word, SLICE("exit")))
        p->is_over = true;
    else if (slice_equal(word, SLICE("help")) || slice_equal(word, SLICE("?")))
        *ok = play_help(p, rest, problem);
    else if (slice_equal(word, SLICE("show")))
        play_show_step(p);
    else if (slice_equal(word, SLICE("status")))
        play_show_status(p);
    else if (slice_equal(word, SLICE("steps")))
        list_steps(p);
    else if (slice_equal(word, SLICE("hint")))
        *ok = play_hint(p, problem);
    else if (slice_equal(word, SLICE("look")))
        *ok = play_look(p, rest, problem);
    else
        return false;
    return true;
}

/* The words of a dialogue, in whatever case; those of actions are the topology's own. */
static struct slice lower(struct slice word, struct arena *arena)
{
    struct slice copy = arena_copy(arena, word);
    for (size_t i = 0; i < copy.size; i++)
        ((char *)copy.data)[i] = slice_lower(copy.data[i]);
    return copy;
}

static bool take_word(struct play *p, struct slice line, struct arena *arena,
                      struct problem *problem)
{
    struct slice word, rest = line;
    bool ok;
    slice_cut(&rest, ' ', &word);
    rest = slice_trim(rest);
    word = lower(word, arena);
    if (look_around(p, word, rest, &ok, problem))
        return ok;
    if (slice_starts(line, SLICE(">")))
        return console_line(p, slice_part(line, 1, line.size), problem);
    if (slice_equal(word, SLICE("answer")))
        return answer(p, rest, problem);
    if (is_answer(p, line))
        return answer(p, line, problem);
    return course_says(
        p, word, rest,
        slice_trim(arena_printf(arena, "%.*s %.*s", SLICE_ARG(word), SLICE_ARG(rest))), problem);
}

static bool take(struct play *p, struct slice line, struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    bool ok = take_word(p, line, &arena, problem);
    arena_finish(&arena);
    return ok;
}

static void talk(struct play *p)
{
    char *text = memory_take(LINE_MAX_OCTETS), prompt[VTIME_TEXT + 2];
    struct typing typing;
    typing_open(&typing, p->line->in, p->out, play_name, p);
    while (!p->is_over) {
        char clock[VTIME_TEXT], problem_text[PROBLEM_LINE];
        struct problem problem = {0};
        const struct log *log = stage_log(&p->stage);
        struct slice at = vtime_print_clock(log_epoch_s(log), p->course.now, clock);
        snprintf(prompt, sizeof prompt, "%.*s> ", SLICE_ARG(slice_part(at, 0, at.size - 4)));
        if (!typing_line(&typing, prompt, text, LINE_MAX_OCTETS))
            break;
        struct slice line = slice_trim(slice_of(text));
        if (line.size > 0 && line.data[0] != '#' && !take(p, line, &problem))
            lesson_print_behind(p->out, "  ", slice_of(problem_line(&problem, problem_text)),
                                PLAY_COLUMNS);
    }
    typing_close(&typing);
    free(text);
}

static int say_end(struct play *p)
{
    uint32_t most, points = course_points(&p->course, &most);
    uint32_t percent = most ? points * 100 / most : 0, kept = course_points_kept(&p->course);
    fprintf(p->out, "%u of %u points, %u %%", points, most, percent);
    if (kept > 0)
        fprintf(p->out, ", and %u that your teacher decides about", kept);
    if (p->course.work_path[0])
        fprintf(p->out, "; your work is in %s", p->course.work_path);
    fputc('\n', p->out);
    return percent >= p->course.lesson.pass_percent ? APP_DONE : APP_NO;
}

/* What was asked for by --export. */
static bool give_out(struct play *p, struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    p->output.file.lesson = lesson_page(&p->course.view, &arena);
    bool ok = output_write(p->line, &p->output, stage_log(&p->stage), problem);
    arena_finish(&arena);
    return ok;
}

static bool read_options(struct command_line *line, struct course_options *options,
                         struct output *output, struct problem *problem)
{
    if (!output_read_options(line, output, problem))
        return false;
    output->format = NULL;
    options->work_path = command_value(line, "work");
    options->learner = command_value(line, "learner");
    return command_number(line, "seed", 1, UINT64_MAX, 1, &options->seed, problem);
}

/* Whose work goes on is told so, and how far it has come. */
static void say_resumed(struct play *p)
{
    const struct workbook_attempt *last =
        &p->course.book.attempts.items[p->course.book.attempts.count - 1];
    uint32_t most, points = course_points(&p->course, &most);
    if (last->deeds.count > 0 && p->course.view.step > 0)
        fprintf(p->out, "Your work goes on: %u of %u points so far. \"steps\" lists the steps.\n",
                points, most);
}

int lesson_play(struct command_line *line, const char *word)
{
    struct play *p = memory_take(sizeof *p);
    struct course_options options = {0};
    struct problem problem = {0};
    *p = (struct play){.line = line, .out = line->out};
    if (!read_options(line, &options, &p->output, &problem) ||
        !course_open(&p->course, word, &options, &problem)) {
        free(p);
        return command_fail(line, &problem);
    }
    const struct course_world world = {enter, act, run, log_of, p};
    int status = APP_WRONG;
    if (course_enter(&p->course, &world, &problem)) {
        fprintf(p->out, "%.*s  %.*s\n", SLICE_ARG(p->course.lesson.id),
                SLICE_ARG(p->course.lesson.title));
        lesson_print(p->out, p->course.lesson.objective, PLAY_COLUMNS, 0);
        fputs("\"help\" says what can be typed here.\n", p->out);
        say_resumed(p);
        play_show_scene(p);
        play_note_step(p);
        play_show_step(p);
        talk(p);
        status = give_out(p, &problem) ? say_end(p) : command_fail(line, &problem);
    } else {
        status = command_fail(line, &problem);
    }
    if (p->has_stage)
        stage_close(&p->stage);
    course_close(&p->course);
    free(p);
    return status;
}
