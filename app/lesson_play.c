/*
 * mailflow lesson play: a lesson as a dialogue in the terminal. The world is a stage, on which time
 * goes on when it is asked to; what happens is told in the words of the window's caption.
 */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/ask.h"
#include "app/course.h"
#include "app/course_file.h"
#include "app/lesson.h"
#include "app/lesson_page.h"
#include "app/output.h"
#include "app/stage.h"
#include "export/export.h"
#include "export/phrase.h"
#include "export/printable.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"

enum { COLUMNS = 80, LINE_MAX_OCTETS = 65536 };

struct play {
    struct command_line *line;
    FILE *out;
    struct course course;
    struct stage stage;
    struct output output; /* only its exports */
    bool has_stage, is_over;
    uint32_t told; /* events */
};

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

/* ---- telling ---- */

/* What became of mail, and what went wrong; the dialogues are there for who looks. */
static bool is_told(const struct log *log, const struct event *e)
{
    static const enum event_kind told[] = {
        EVENT_FAULT,       EVENT_CONF,         EVENT_RECORD,  EVENT_CRASH,  EVENT_BOOT,
        EVENT_BLOCK,       EVENT_TAP,          EVENT_TAMPER,  EVENT_TLS_UP, EVENT_TLS_FAIL,
        EVENT_AUTH,        EVENT_MESSAGE,      EVENT_ACCEPT,  EVENT_REJECT, EVENT_COMPLETE,
        EVENT_QUEUE_DEFER, EVENT_QUEUE_GIVEUP, EVENT_EXPAND,  EVENT_FILTER, EVENT_SPF,
        EVENT_DKIM,        EVENT_DMARC,        EVENT_DELIVER, EVENT_DSN,    EVENT_DISCARD,
        EVENT_FETCH,       EVENT_REMOVE,       EVENT_FLAG,    EVENT_UI,
    };
    const struct event_tcp_open *open = event_as_tcp_open(e);
    if (open)
        return !slice_equal(log_text(log, open->result), SLICE("ok"));
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (e->kind == told[i])
            return true;
    return false;
}

/* What a console showed, as it came; everything else as a sentence with its time. */
static void tell(struct play *p)
{
    const struct log *log = stage_log(&p->stage);
    struct bytes said;
    bytes_init(&said, SIZE_MAX);
    for (; p->told < log_count(log); p->told++) {
        const struct event *e = log_at(log, p->told);
        const struct event_console *console = event_as_console(e);
        char clock[VTIME_TEXT];
        if (console && !console->typed) {
            fprintf(p->out, "%.*s", SLICE_ARG(log_text(log, console->text)));
            continue;
        }
        bool is_secret = e->kind == EVENT_FAULT && p->stage.scene->is_exam;
        if (!is_told(log, e) || is_secret)
            continue;
        struct slice at = vtime_print_clock(log_epoch_s(log), e->t, clock);
        bytes_clear(&said);
        phrase_event(log, e, 0, &said);
        fprintf(p->out, "  %.*s  %.*s\n", SLICE_ARG(at), SLICE_ARG(bytes_slice(&said)));
    }
    bytes_finish(&said);
}

static void show_step(struct play *p)
{
    const struct course *c = &p->course;
    const struct lesson_step *step = course_step(c);
    const struct verdict *v = c->view.verdict;
    if (!step) {
        fprintf(p->out, "\nThat was the last step: %u of %u points. \"status\" shows the checks, ",
                v->points, v->points_max);
        fprintf(p->out, c->scene + 1 < c->scene_count ? "\"next\" goes on.\n" : "\"quit\" ends.\n");
        return;
    }
    fprintf(p->out, "\n[%zu of %zu] %s %.*s\n", c->view.step + 1, c->view.scene->step_count,
            lesson_step_kind_names[step->kind], SLICE_ARG(step->id));
    lesson_print(p->out, step->text, COLUMNS, 2);
    if (step->ask)
        ask_print(p->out, step->ask, c->book.seed);
}

static void show_scene(struct play *p)
{
    const struct view_course *view = &p->course.view;
    if (view->scene_count > 1)
        fprintf(p->out, "\n== %zu of %zu: %.*s\n", view->scene_number, view->scene_count,
                SLICE_ARG(view->scene->title));
    if (view->scene->complaint.size)
        lesson_print(p->out, view->scene->complaint, COLUMNS, 2);
}

static void show_answer(struct play *p, const struct lesson_step *step)
{
    const struct verdict *v = p->course.view.verdict;
    const struct verdict_step *s = &v->steps[step - v->scene->steps];
    if (step->kind == LESSON_PREDICT) {
        fputs("  You have committed yourself. Go on and see.\n", p->out);
        return;
    }
    if (s->answered.is_kept) {
        fputs("  Kept for your teacher.\n", p->out);
        return;
    }
    fprintf(p->out, "  %s\n", s->answered.is_right ? "Right." : "Not yet.");
    for (size_t i = 0; i < s->answered.feedback_count; i++)
        lesson_print(p->out, s->answered.feedback[i], COLUMNS, 2);
}

static void compare_prediction(struct play *p, const struct verdict_step *s)
{
    struct arena arena;
    arena_init(&arena);
    struct slice said = question_answer_text(s->step->ask, s->answer, &arena);
    fprintf(p->out, "\n  You predicted (%.*s)%s: %.*s\n", SLICE_ARG(s->step->id),
            s->is_correct         ? ", and so it was"
            : s->answered.is_kept ? ", kept for your teacher"
                                  : "",
            SLICE_ARG(said));
    for (size_t i = 0; i < s->answered.feedback_count; i++)
        lesson_print(p->out, s->answered.feedback[i], COLUMNS, 2);
    arena_finish(&arena);
}

/* Predictions are compared when the learner goes on from what they were about: the step behind
   them. */
static void look_back(struct play *p, size_t from)
{
    const struct verdict *v = p->course.view.verdict;
    if (p->course.view.step <= from || from >= v->scene->step_count ||
        v->steps[from].step->kind == LESSON_PREDICT)
        return;
    size_t first = from;
    while (first > 0 && v->steps[first - 1].step->kind == LESSON_PREDICT)
        first--;
    for (size_t i = first; i < from; i++)
        if (v->steps[i].answer.size)
            compare_prediction(p, &v->steps[i]);
    if (v->steps[from].step->reveal.size)
        lesson_print(p->out, v->steps[from].step->reveal, COLUMNS, 2);
}

static void show_status(struct play *p)
{
    const struct verdict *v = p->course.view.verdict;
    uint32_t most, points = course_points(&p->course, &most);
    for (size_t i = 0; i < v->scene->check_count; i++) {
        const struct verdict_check *c = &v->checks[i];
        fprintf(p->out, "  [%c] ", c->has_passed ? 'x' : c->is_kept ? '?' : ' ');
        lesson_print(p->out, c->says, 1000, 0);
    }
    fprintf(p->out, "  %u of %u points\n", points, most);
}

static void show_help(struct play *p)
{
    fputs("  next, back, goto STEP      another step\n"
          "  answer ANSWER              to what is asked; LETTER or words alone will do\n"
          "  send from=A to=B ...       and the other action words: mailflow help run\n"
          "  run | run 30min            on until nothing is on its way; on by so much\n"
          "  > TEXT                     a line at the console that this step is about\n"
          "  look [FORMAT]              what happened: summary, ladder, dialogue, events\n"
          "  look message [N]           a message as it lies in the store; N as in the summary\n"
          "  hint, status, retry STEP   help; what is reached; this step once more\n"
          "  show, quit                 the step again; leave (the work is kept)\n",
          p->out);
}

/* ---- lines ---- */

/* "look message", "look message 3": as it lies in the store. What peers sent is made fit to be
   shown. */
static bool look_message(struct play *p, struct slice number, struct problem *problem)
{
    char *text = NULL;
    size_t size = 0;
    uint64_t message = 0;
    struct bytes shown;
    if (number.size && (!slice_to_u64(number, &message) || message > UINT32_MAX))
        return problem_set(problem, "look message needs a number, as in: look message 2");
    FILE *stream = open_memstream(&text, &size);
    check(stream != NULL);
    bool ok = eml_write(stage_log(&p->stage), stream,
                        &(struct export_options){.message = (uint32_t)message}, problem);
    check(fclose(stream) == 0);
    bytes_init(&shown, SIZE_MAX);
    for (struct slice line, rest = {text, size}; ok && slice_cut(&rest, '\n', &line);) {
        bytes_clear(&shown);
        line.size -= slice_ends(line, SLICE("\r"));
        printable_append(&shown, line, PRINTABLE_ALL, 0);
        fprintf(p->out, "  %.*s\n", SLICE_ARG(bytes_slice(&shown)));
    }
    bytes_finish(&shown);
    free(text);
    return ok;
}

static bool look(struct play *p, struct slice name, struct problem *problem)
{
    struct slice word, rest = name;
    slice_cut(&rest, ' ', &word);
    if (slice_equal(word, SLICE("message")))
        return look_message(p, slice_trim(rest), problem);
    const struct export_row *row = export_find_format(name.size ? name : SLICE("summary"));
    if (!row || !row->write)
        return problem_set(problem, "look at message, summary, ladder, dialogue or events");
    return row->write(stage_log(&p->stage), p->out, &(struct export_options){.width = COLUMNS},
                      problem);
}

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
        fprintf(p->out,
                "  The clock has gone on by %" PRId64 " h, until nothing was on its way any more. "
                "\"retry %.*s\"\n  takes it back; \"run 1h\" goes on by an hour.\n",
                hours, SLICE_ARG(step->id));
}

/* Nothing locks such a step, but what it is for has not happened. */
static void tell_undone(struct play *p, size_t from)
{
    const struct verdict *v = p->course.view.verdict;
    if (from >= v->scene->step_count || p->course.view.step <= from || v->steps[from].is_done)
        return;
    enum lesson_step_kind kind = v->steps[from].step->kind;
    if (kind == LESSON_SEND || kind == LESSON_FAULT || kind == LESSON_CONFIG ||
        kind == LESSON_TYPE || kind == LESSON_ACT)
        fprintf(p->out, "  Nothing was done in step %.*s: \"back\" leads there again.\n",
                SLICE_ARG(v->steps[from].step->id));
}

static bool course_says(struct play *p, struct slice line, struct problem *problem)
{
    size_t step = p->course.view.step, scene = p->course.scene;
    int64_t from = p->course.now;
    if (!course_line(&p->course, line, problem))
        return lesson_guess(line, problem);
    tell(p);
    if (slice_equal(line, SLICE("next")) && scene == p->course.scene)
        tell_undone(p, step);
    if (step == p->course.view.step && slice_starts(line, SLICE("run")))
        tell_leap(p, from);
    if (scene != p->course.scene)
        show_scene(p);
    else
        look_back(p, step);
    if (step != p->course.view.step || scene != p->course.scene)
        show_step(p);
    return true;
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
    bool ok = course_line(&p->course, line, problem);
    arena_finish(&arena);
    if (ok)
        show_answer(p, step);
    return ok;
}

static bool hint(struct play *p, struct problem *problem)
{
    if (!course_line(&p->course, SLICE("hint"), problem))
        return false;
    const struct lesson_step *step = course_step(&p->course);
    lesson_print(p->out, step->hints.items[p->course.view.hints_shown - 1], COLUMNS, 2);
    return true;
}

/* Time enough for an answer, and not for a server that hangs up on silence. */
static bool console_line(struct play *p, struct slice text, struct problem *problem)
{
    struct arena arena;
    arena_init(&arena);
    bool ok = course_line(&p->course, typed(p, slice_trim(text), &arena), problem) &&
              course_line(&p->course, SLICE("run 2s"), problem);
    tell(p);
    arena_finish(&arena);
    return ok;
}

static bool take(struct play *p, struct slice line, struct problem *problem)
{
    struct slice word, rest = line;
    slice_cut(&rest, ' ', &word);
    if (slice_equal(word, SLICE("quit")) || slice_equal(word, SLICE("exit")))
        return p->is_over = true;
    if (slice_equal(word, SLICE("help")) || slice_equal(word, SLICE("?")))
        return show_help(p), true;
    if (slice_equal(word, SLICE("show")))
        return show_step(p), true;
    if (slice_equal(word, SLICE("status")))
        return show_status(p), true;
    if (slice_equal(word, SLICE("hint")))
        return hint(p, problem);
    if (slice_equal(word, SLICE("look")))
        return look(p, slice_trim(rest), problem);
    if (slice_starts(line, SLICE(">")))
        return console_line(p, slice_part(line, 1, line.size), problem);
    if (slice_equal(word, SLICE("answer")))
        return answer(p, slice_trim(rest), problem);
    return is_answer(p, line) ? answer(p, line, problem) : course_says(p, line, problem);
}

static void talk(struct play *p)
{
    char *text = memory_take(LINE_MAX_OCTETS);
    bool is_shown = isatty(fileno(p->out));
    while (!p->is_over) {
        char clock[VTIME_TEXT], problem_text[PROBLEM_LINE];
        struct problem problem = {0};
        const struct log *log = stage_log(&p->stage);
        struct slice at = vtime_print_clock(log_epoch_s(log), p->course.now, clock);
        if (is_shown)
            fprintf(p->out, "%.*s> ", (int)slice_part(at, 0, at.size - 4).size, at.data);
        fflush(p->out);
        if (!fgets(text, LINE_MAX_OCTETS, p->line->in))
            break;
        struct slice line = slice_trim(slice_of(text));
        if (line.size > 0 && line.data[0] != '#' && !take(p, line, &problem))
            fprintf(p->out, "  %s\n", problem_line(&problem, problem_text));
    }
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
        lesson_print(p->out, p->course.lesson.objective, COLUMNS, 0);
        fputs("\"help\" says what can be typed here.\n", p->out);
        show_scene(p);
        show_step(p);
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
