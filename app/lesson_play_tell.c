/* What the dialogue about a lesson says by itself: what happens, the step, what answers are worth.
 */
#include "app/lesson_play_part.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "app/ask.h"
#include "app/lesson.h"
#include "export/phrase.h"
#include "export/repeats.h"
#include "sim/base/vtime.h"

void play_say(struct play *p, const char *format, ...)
{
    char text[1024];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(text, sizeof text, format, arguments);
    va_end(arguments);
    lesson_print_behind(p->out, "  ", slice_of(text), PLAY_COLUMNS);
}

/* ---- what happens ---- */

/* What became of mail, and what went wrong; the dialogues are there for who looks. */
static bool is_told(const struct play *p, const struct log *log, const struct event *e)
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
    const struct event_ui *said = event_as_ui(e);
    if (open)
        return !slice_equal(log_text(log, open->result), SLICE("ok"));
    if (said) /* who was refused was told so at once */
        return !slice_equal(log_text(log, said->step), SLICE("refused"));
    if (e->kind == EVENT_FAULT && p->stage.scene->is_exam)
        return false;
    for (size_t i = 0; i < sizeof told / sizeof *told; i++)
        if (e->kind == told[i])
            return true;
    return false;
}

static void tell_rows(struct play *p, struct repeats *rows)
{
    const struct log *log = stage_log(&p->stage);
    char clock[VTIME_TEXT], head[VTIME_TEXT + 8];
    struct arena arena;
    arena_init(&arena);
    repeats_settle(rows);
    for (size_t i = 0; i < rows->rows.count; i++) {
        const struct repeats_row *row = &rows->rows.items[i];
        struct slice text = row->text;
        if (row->times > 1)
            text = arena_printf(&arena, "%.*s (the last of %" PRIu32 " like this since %.*s)",
                                SLICE_ARG(text), row->times,
                                SLICE_ARG(vtime_print_clock(log_epoch_s(log), row->since, clock)));
        struct slice at = vtime_print_clock(log_epoch_s(log), row->t, clock);
        snprintf(head, sizeof head, "  %.*s  ", SLICE_ARG(at));
        if (row->times > 0)
            lesson_print_behind(p->out, head, text, PLAY_COLUMNS);
    }
    arena_finish(&arena);
    repeats_finish(rows);
    repeats_init(rows);
}

/* As it came; a prompt has no end, and what comes next begins a line of its own. */
static void tell_console(struct play *p, struct slice text)
{
    fprintf(p->out, "%.*s", SLICE_ARG(text));
    if (text.size > 0)
        p->is_inside = !slice_ends(text, SLICE("\n"));
}

static void end_line(struct play *p)
{
    if (p->is_inside)
        fputc('\n', p->out);
    p->is_inside = false;
}

/* What a console showed, as it came; everything else as a sentence with its time. */
bool play_tell(struct play *p)
{
    const struct log *log = stage_log(&p->stage);
    bool is_any = false;
    struct repeats rows;
    struct arena arena;
    struct bytes said;
    arena_init(&arena);
    repeats_init(&rows);
    bytes_init(&said, SIZE_MAX);
    for (; p->told < log_count(log); p->told++) {
        const struct event *e = log_at(log, p->told);
        const struct event_console *console = event_as_console(e);
        const struct event_ui *ui = event_as_ui(e);
        if (console && !console->typed) {
            tell_rows(p, &rows);
            tell_console(p, log_text(log, console->text));
            is_any = true;
            continue;
        }
        if (!is_told(p, log, e))
            continue;
        is_any = true;
        end_line(p);
        bytes_clear(&said);
        if (ui)
            bytes_append(&said, log_text(log, ui->what));
        else
            phrase_event(log, e, 0, &said);
        struct slice text = bytes_slice(&said);
        repeats_add(&rows, e->t, text, repeats_shape(text, &arena));
    }
    tell_rows(p, &rows);
    end_line(p);
    repeats_finish(&rows);
    bytes_finish(&said);
    arena_finish(&arena);
    return is_any;
}

/* ---- scenes and steps ---- */

void play_show_scene(struct play *p)
{
    const struct view_course *view = &p->course.view;
    if (view->scene_count > 1)
        fprintf(p->out, "\n== %zu of %zu: %.*s\n", view->scene_number, view->scene_count,
                SLICE_ARG(view->scene->title));
    if (view->scene->complaint.size)
        lesson_print(p->out, view->scene->complaint, PLAY_COLUMNS, 2);
}

/* Behind the last step: what is missing, and where it can be done. */
static void show_end(struct play *p)
{
    const struct course *c = &p->course;
    const struct verdict *v = c->view.verdict;
    fprintf(p->out, "\nThat was the last step: %u of %u points.\n", v->points, v->points_max);
    for (size_t i = 0; i < v->scene->check_count && !v->scene->is_exam; i++)
        if (!v->checks[i].has_passed)
            lesson_print_behind(p->out, "  [ ] ", v->checks[i].says, PLAY_COLUMNS);
    bool has_next = c->scene + 1 < c->scene_count;
    if (v->points < v->points_max && !v->scene->is_exam)
        play_say(p, "\"goto STEP\" leads to a step that is not done, \"retry STEP\" does one and "
                    "all behind it once more; \"steps\" lists them.");
    play_say(p, has_next ? "\"status\" shows the checks, \"next\" goes on."
                         : "\"status\" shows the checks, \"quit\" ends.");
}

void play_show_step(struct play *p)
{
    const struct course *c = &p->course;
    const struct lesson_step *step = course_step(c);
    if (!step) {
        show_end(p);
        return;
    }
    const struct verdict_step *s = &c->view.verdict->steps[c->view.step];
    fprintf(p->out, "\n[%zu of %zu] %s %.*s\n", c->view.step + 1, c->view.scene->step_count,
            lesson_step_kind_names[step->kind], SLICE_ARG(step->id));
    lesson_print(p->out, step->text, PLAY_COLUMNS, 2);
    if (!step->ask)
        return;
    ask_print(p->out, step->ask, c->book.seed);
    if (s->answer.size > 0) {
        struct arena arena;
        arena_init(&arena);
        struct slice said = question_answer_text(step->ask, s->answer, &arena);
        lesson_print_behind(p->out, "  You have answered: ", said, PLAY_COLUMNS);
        arena_finish(&arena);
    }
}

/* ---- answers ---- */

/* A choice says why by its letter; a wrong try at several does not give away the rest. */
void play_show_answer(struct play *p, const struct lesson_step *step)
{
    const struct verdict *v = p->course.view.verdict;
    const struct verdict_step *s = &v->steps[step - v->scene->steps];
    if (step->kind == LESSON_PREDICT) {
        play_say(p, "You have committed yourself. \"next\" leads on to see it.");
        return;
    }
    if (s->answered.is_kept) {
        play_say(p, "Kept for your teacher.");
        return;
    }
    struct question_verdict now;
    struct problem problem;
    struct arena arena;
    arena_init(&arena);
    if (question_judge(step->ask, s->answer, &arena, &now, &problem)) {
        play_say(p, now.is_right ? "Right." : "Not yet.");
        ask_reasons(p->out, step->ask, p->course.book.seed, s->answer, &now);
    }
    arena_finish(&arena);
}

static void compare_prediction(struct play *p, const struct verdict_step *s)
{
    struct arena arena;
    arena_init(&arena);
    char head[160];
    struct slice said = question_answer_text(s->step->ask, s->answer, &arena);
    snprintf(head, sizeof head, "  You predicted (%.40s)%s: ", arena_copy(&arena, s->step->id).data,
             s->is_correct         ? ", and so it is"
             : s->answered.is_kept ? ", kept for your teacher"
                                   : "");
    fputc('\n', p->out);
    lesson_print_behind(p->out, head, said, PLAY_COLUMNS);
    for (size_t i = 0; i < s->answered.feedback_count; i++)
        lesson_print(p->out, s->answered.feedback[i], PLAY_COLUMNS, 2);
    if (!s->is_correct && !s->answered.is_kept) {
        struct slice key = question_solution(s->step->ask, &arena);
        lesson_print_behind(p->out, "  It is: ", question_answer_text(s->step->ask, key, &arena),
                            PLAY_COLUMNS);
    }
    arena_finish(&arena);
}

void play_look_back(struct play *p, size_t from)
{
    const struct verdict *v = p->course.view.verdict;
    if (p->course.view.step <= from || from >= v->scene->step_count ||
        v->steps[from].step->kind == LESSON_PREDICT)
        return;
    for (size_t i = 0; i < from; i++)
        if (v->steps[i].step->kind == LESSON_PREDICT && v->steps[i].answer.size &&
            lesson_seen_by(v->scene, i) == from)
            compare_prediction(p, &v->steps[i]);
    if (v->steps[from].step->reveal.size)
        lesson_print(p->out, v->steps[from].step->reveal, PLAY_COLUMNS, 2);
}

void play_show_status(struct play *p)
{
    const struct verdict *v = p->course.view.verdict;
    uint32_t most, points = course_points(&p->course, &most);
    for (size_t i = 0; i < v->scene->check_count; i++) {
        const struct verdict_check *c = &v->checks[i];
        char head[] = "  [ ] ";
        head[3] = c->has_passed ? 'x' : c->is_kept ? '?' : ' ';
        lesson_print_behind(p->out, head, c->says, PLAY_COLUMNS);
    }
    fprintf(p->out, "  %u of %u points\n", points, most);
}
