#include "render/view/lesson_panel.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/view/menu.h"
#include "sim/base/memory.h"

/* ---- what is open ---- */

struct lesson_panel *lesson_panel_of(struct view *view)
{
    if (!view->lesson)
        view->lesson = memory_take(sizeof *view->lesson);
    return view->lesson;
}

void lesson_finish_panel(struct view *view)
{
    if (!view->lesson)
        return;
    for (int i = 0; i < QUIZ_FORMS; i++)
        quiz_form_finish(&view->lesson->forms[i]);
    free(view->lesson);
    view->lesson = NULL;
}

void view_set_course(struct view *view, const struct view_course *course)
{
    if (!course && !view->lesson)
        return;
    struct lesson_panel *panel = lesson_panel_of(view);
    panel->course = course;
    for (int i = 0; i < QUIZ_FORMS; i++)
        quiz_form_forget(&panel->forms[i]);
}

const struct view_course *lesson_course(const struct view *view)
{
    return view->lesson ? view->lesson->course : NULL;
}

const struct lesson_step *lesson_step_shown(const struct view_course *course)
{
    return course->step < course->scene->step_count ? &course->scene->steps[course->step] : NULL;
}

const struct verdict_step *lesson_step_verdict(const struct view_course *course, size_t step)
{
    return &course->verdict->steps[step];
}

bool lesson_is_begun(const struct view_course *course, size_t step)
{
    return lesson_step_verdict(course, step)->deeds > course->scene->steps[step].setup.count;
}

bool lesson_is_done(const struct view_course *course, size_t step)
{
    const struct verdict_step *v = lesson_step_verdict(course, step);
    return course->scene->steps[step].ask ? v->answer.size > 0 : lesson_is_begun(course, step);
}

void lesson_send(struct view *view, const char *format, ...)
{
    char line[VIEW_REQUEST_MAX];
    va_list args;
    va_start(args, format);
    int size = vsnprintf(line, sizeof line, format, args);
    va_end(args);
    if (size > 0 && (size_t)size < sizeof line)
        request_add(view, VIEW_REQUEST_COURSE, slice_of(line));
}

/* Another step starts at its top, and so does the answer that a class is shown. */
static void note_step(const struct view *view, struct lesson_panel *panel)
{
    const struct view_course *course = panel->course;
    const struct lesson_step *step = lesson_step_shown(course);
    uint64_t stamp = (course->step * 31 + course->scene_number) * 2 + course->is_revealed;
    struct slice id = step ? step->id : course->scene->id;
    for (size_t i = 0; i < id.size; i++)
        stamp = stamp * 31 + (unsigned char)id.data[i];
    if (stamp != panel->stamp) {
        panel->was_told = panel->has_told;
        panel->has_told = panel->has_come_in = panel->is_tight = false;
        panel->scroll = 0;
        panel->has_seen = false;
        panel->about = ABOUT_IF_IT_FITS;
        panel->begun_t = view->t;
    }
    panel->stamp = stamp;
}

/* The clock has come to the last thing that has happened, or stands before a long silence. */
static void note_time(const struct view *view, struct lesson_panel *panel)
{
    const struct view_course *course = panel->course;
    uint32_t count = log_count(view->log);
    const struct lesson_step *step = lesson_step_shown(course);
    bool is_done = step && (lesson_step_verdict(course, course->step)->is_done ||
                            (step->kind == LESSON_RUN && view->t > panel->begun_t));
    if (course->is_lecture) /* page by page */
        panel->has_seen = view->t >= course->seen_at;
    else if (!is_done || count == 0)
        panel->has_seen = false;
    else if (view->t >= log_at(view->log, count - 1)->t || (!view->is_playing && play_rests(view)))
        panel->has_seen = true;
}

/* What had the focus is no longer there when no other answer is taken: the way on has it then. */
static void follow_answer(struct view *view, const struct quiz_form *form)
{
    char *focus = view->ui.focus;
    if (form->is_new && !form->ask.is_open && strncmp(focus, "answer-", 7) == 0)
        snprintf(focus, UI_NAME, "lesson-next");
}

void lesson_frame(struct view *view)
{
    const struct view_course *course = lesson_course(view);
    struct lesson_panel *panel = view->lesson;
    bool is_asked = course && course->quiz && !panel->is_aside;
    if (panel) {
        panel->hides_docks = false;
        panel->edge = 0;
    }
    if (is_asked && !view->overlay)
        overlay_open(view, &quiz_overlay);
    else if (!is_asked && view->overlay == &quiz_overlay) {
        view->overlay = NULL;
        memcpy(view->ui.focus, view->focus_before, sizeof view->ui.focus);
    }
    if (panel && (!course || !course->quiz))
        panel->is_aside = false;
    quiz_frame(view);
    if (!course)
        return;
    note_step(view, panel);
    note_time(view, panel);
    const struct lesson_step *step = lesson_step_shown(course);
    struct quiz_ask ask = lesson_ask(course);
    if (step && step->ask) {
        quiz_form_set(&panel->forms[QUIZ_FORM_STEP], &ask);
        follow_answer(view, &panel->forms[QUIZ_FORM_STEP]);
    } else
        quiz_form_forget(&panel->forms[QUIZ_FORM_STEP]);
}

/* ---- what is done ---- */

void lesson_next_act(struct view *view, uint32_t arg)
{
    const struct view_course *course = lesson_course(view);
    (void)arg;
    if (!course)
        return;
    struct arena arena;
    arena_init(&arena);
    struct slice locked = lesson_locked(view, &arena);
    if (locked.size > 0)
        view_notify(view, locked);
    else
        lesson_send(view, "next");
    arena_finish(&arena);
}

void lesson_back_act(struct view *view, uint32_t arg)
{
    (void)arg;
    if (lesson_course(view))
        lesson_send(view, "back");
}

void lesson_hint_act(struct view *view, uint32_t arg)
{
    const struct view_course *course = lesson_course(view);
    const struct lesson_step *step = course ? lesson_step_shown(course) : NULL;
    (void)arg;
    if (step && course->hints_shown < step->hints.count)
        lesson_send(view, "hint");
    else if (step)
        view_notify(view, slice_of(tr("There is no further hint here")));
}

void lesson_goto_act(struct view *view, uint32_t step)
{
    const struct view_course *course = lesson_course(view);
    if (course && step < course->scene->step_count)
        lesson_send(view, "goto %.*s", SLICE_ARG(course->scene->steps[step].id));
}

void lesson_retry_act(struct view *view, uint32_t arg)
{
    const struct view_course *course = lesson_course(view);
    (void)arg;
    if (!course || course->scene->step_count == 0)
        return;
    size_t step = course->step < course->scene->step_count ? course->step : 0;
    lesson_send(view, "retry %.*s", SLICE_ARG(course->scene->steps[step].id));
}

void lesson_quiz_act(struct view *view, uint32_t arg)
{
    const struct view_course *course = lesson_course(view);
    (void)arg;
    if (!course)
        return;
    lesson_panel_of(view)->is_aside = false;
    lesson_panel_of(view)->topic = NULL;
    lesson_send(view, "quiz %.*s", SLICE_ARG(course->lesson->id));
}

void lesson_following_act(struct view *view, uint32_t arg)
{
    const struct view_course *course = lesson_course(view);
    (void)arg;
    if (course && course->next_id.size > 0)
        request_add(view, VIEW_REQUEST_OPEN, course->next_id);
}

void lesson_leave_act(struct view *view, uint32_t arg)
{
    (void)arg;
    if (lesson_course(view))
        lesson_send(view, "leave");
}

void lesson_fold_act(struct view *view, uint32_t arg)
{
    (void)arg;
    if (lesson_course(view))
        lesson_panel_of(view)->is_folded = !lesson_panel_of(view)->is_folded;
}

void lesson_checks_act(struct view *view, uint32_t arg)
{
    (void)arg;
    if (lesson_course(view))
        lesson_panel_of(view)->shows_checks = !lesson_panel_of(view)->shows_checks;
}

void lesson_about_act(struct view *view, uint32_t arg)
{
    (void)arg;
    if (lesson_course(view))
        lesson_panel_of(view)->about =
            lesson_panel_of(view)->shows_about ? ABOUT_FOLDED : ABOUT_OPEN;
}

/* To the first choice, or to the field. */
void lesson_answer_act(struct view *view, uint32_t arg)
{
    (void)arg;
    if (!lesson_course(view))
        return;
    const struct quiz_form *form = &lesson_panel_of(view)->forms[QUIZ_FORM_STEP];
    lesson_panel_of(view)->is_folded = false;
    bool is_typed = form->ask.question && (form->ask.question->type == QUESTION_NUM ||
                                           form->ask.question->type == QUESTION_SHORT);
    snprintf(view->ui.focus, sizeof view->ui.focus, "%s",
             !form->ask.is_open ? "lesson-next"
             : is_typed         ? "answer-text"
                                : "answer-a");
}

/* ---- answering on the picture ---- */

static void choose_choice(struct view *view, uint32_t i)
{
    const struct question *q = view->lesson->forms[QUIZ_FORM_STEP].ask.question;
    if (q && i < q->choice_count)
        (void)quiz_form_choose(view, QUIZ_FORM_STEP, q->choices[i].id);
}

/* Where several programs of a host may be meant, the learner says which. */
static void choose_program(struct view *view, uint32_t host)
{
    const struct question *q = view->lesson->forms[QUIZ_FORM_STEP].ask.question;
    uint32_t found[QUESTION_CHOICES_MAX];
    size_t count = 0;
    for (uint32_t i = 0; q && i < q->choice_count; i++)
        if (log_host_of(view->log, log_find_place(view->log, q->choices[i].id)) == host)
            found[count++] = i;
    if (count == 1)
        choose_choice(view, found[0]);
    if (count < 2)
        return;
    struct menu *menu = menu_begin(view, slice_of(tr("Which of its programs?")));
    for (size_t i = 0; i < count; i++) {
        char name[UI_NAME];
        struct slice id = q->choices[found[i]].id;
        snprintf(name, sizeof name, "%.*s", SLICE_ARG(slice_part(id, 0, UI_NAME - 8)));
        menu_act(menu, name, rich_plain(&menu->arena, q->choices[found[i]].text).data,
                 choose_choice, found[i]);
    }
    menu_show(view);
}

static void choose_place(struct view *view, uint32_t place)
{
    uint32_t host = log_host_of(view->log, place);
    if (quiz_form_choose(view, QUIZ_FORM_STEP, log_place_name(view->log, place)))
        return;
    if (host && host != place)
        (void)quiz_form_choose(view, QUIZ_FORM_STEP, log_place_name(view->log, host));
    else if (view->lesson->forms[QUIZ_FORM_STEP].ask.is_open)
        choose_program(view, place);
}

static bool choose_link(struct view *view, uint32_t number)
{
    const struct event_link *link = log_link(view->log, number);
    char id[200];
    for (int i = 0; link && i < 2; i++) {
        struct slice a = log_place_name(view->log, i ? link->b : link->a);
        struct slice b = log_place_name(view->log, i ? link->a : link->b);
        int size = snprintf(id, sizeof id, "%.*s:%.*s", SLICE_ARG(a), SLICE_ARG(b));
        if (size > 0 && (size_t)size < sizeof id &&
            quiz_form_choose(view, QUIZ_FORM_STEP, slice_of(id)))
            return true;
    }
    return false;
}

void lesson_press(struct view *view, const struct ui_widget *w)
{
    const struct view_course *course = lesson_course(view);
    const struct lesson_step *step = course ? lesson_step_shown(course) : NULL;
    if (view->overlay || !step || !step->ask || step->ask->type != QUESTION_CLICK)
        return;
    if (course->scene->is_exam)
        return; /* who looks around on the map has not answered yet */
    bool has_deed = step->kind != LESSON_CLICK && step->kind != LESSON_PREDICT;
    if (has_deed && !lesson_is_begun(course, course->step))
        return; /* to choose a host is a part of what is to be done first */
    if (w && w->act == select_host)
        choose_place(view, w->arg);
    else if (!w || !w->act)
        (void)choose_link(view, menu_link_under_mouse(view));
}
