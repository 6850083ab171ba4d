/* The lesson in words (curriculum 5.3): the step, its question, what helps, and the checks. */
#include "render/view/lesson_panel.h"

static bool tell_rich(struct arena *arena, struct bytes *out, struct slice text)
{
    return bytes_printf(out, "%.*s\n", SLICE_ARG(rich_plain(arena, text)));
}

static bool tell_steps(const struct view_course *course, struct arena *arena, struct bytes *out)
{
    const struct lesson *lesson = course->lesson;
    const struct lesson_step *step = lesson_step_shown(course);
    if (!bytes_printf(out, tr("Lesson %.*s: %.*s"), SLICE_ARG(lesson->id),
                      SLICE_ARG(lesson->title)) ||
        !bytes_append_octet(out, '\n'))
        return false;
    if (course->scene->complaint.size > 0 && !tell_rich(arena, out, course->scene->complaint))
        return false;
    return !step ||
           (bytes_printf(out, tr("Step %zu of %zu"), course->step + 1, course->scene->step_count) &&
            bytes_printf(out, ", %s: ", lesson_kind_word(step->kind)) &&
            tell_rich(arena, out, step->text));
}

/* What came of the prediction. */
static bool tell_prediction(const struct view *view, struct arena *arena, struct bytes *out)
{
    const struct view_course *course = lesson_course(view);
    size_t i = lesson_prediction(view);
    if (i == course->scene->step_count)
        return true;
    const struct verdict_step *v = lesson_step_verdict(course, i);
    struct slice said = question_answer_text(course->scene->steps[i].ask, v->answer, arena);
    bool ok =
        tell_rich(arena, out, arena_printf(arena, tr("You predicted: *%.*s*"), SLICE_ARG(said)));
    for (size_t k = 0; ok && k < v->answered.feedback_count; k++)
        ok = tell_rich(arena, out, v->answered.feedback[k]);
    if (ok && v->answered.is_kept)
        ok = bytes_printf(out, "%s\n", tr("Kept for your teacher."));
    return ok;
}

static bool tell_helps(const struct view *view, struct arena *arena, struct bytes *out)
{
    const struct view_course *course = lesson_course(view);
    const struct lesson_step *step = lesson_step_shown(course);
    struct slice reveal = lesson_reveal(view, arena);
    bool ok = reveal.size == 0 || tell_rich(arena, out, reveal);
    for (size_t i = 0; ok && step && i < course->hints_shown && i < step->hints.count; i++)
        ok = bytes_printf(out, tr("Hint: %.*s"),
                          SLICE_ARG(rich_plain(arena, step->hints.items[i]))) &&
             bytes_append_octet(out, '\n');
    struct slice locked = lesson_to_do(view, arena);
    return ok && (locked.size == 0 || bytes_printf(out, "%.*s\n", SLICE_ARG(locked)));
}

static const char *state_word(enum lesson_check_state state)
{
    switch (state) {
    case CHECK_PASSED:
        return tr("reached");
    case CHECK_OPEN:
        return tr("not yet");
    case CHECK_FAILED:
        return tr("missing");
    case CHECK_KEPT:
        return tr("kept");
    }
    return "";
}

static bool tell_checks(const struct view_course *course, struct arena *arena, struct bytes *out)
{
    bool ok = bytes_printf(out, tr("%u of %u points"), course->verdict->points,
                           course->verdict->points_max) &&
              bytes_append_octet(out, '\n');
    for (size_t i = 0; ok && !course->scene->is_exam && i < course->scene->check_count; i++) {
        const struct verdict_check *c = &course->verdict->checks[i];
        ok = bytes_printf(out, "  %s: ", state_word(lesson_check_state(course, i))) &&
             tell_rich(arena, out, c->is_kept ? slice_of(tr("Kept for your teacher.")) : c->says);
    }
    return ok;
}

void lesson_tell(const struct view *view, struct arena *arena, struct bytes *out)
{
    const struct view_course *course = lesson_course(view);
    if (!course)
        return;
    if (course->quiz) {
        quiz_tell(view, arena, out);
        return;
    }
    const struct quiz_form *form = &view->lesson->forms[QUIZ_FORM_STEP];
    if (!tell_steps(course, arena, out))
        return;
    if (form->ask.question && lesson_step_shown(course))
        quiz_form_tell(form, arena, out);
    (void)(tell_prediction(view, arena, out) && tell_helps(view, arena, out) &&
           tell_checks(course, arena, out) && bytes_append_octet(out, '\n'));
}
