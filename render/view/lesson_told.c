/* The lesson in words (curriculum 5.3): the step, its question, what helps, and the checks. */
#include "render/view/lesson_panel.h"

static bool tell_steps(const struct view_course *course, struct bytes *out)
{
    const struct lesson *lesson = course->lesson;
    const struct lesson_step *step = lesson_step_shown(course);
    if (!bytes_printf(out, tr("Lesson %.*s: %.*s"), SLICE_ARG(lesson->id),
                      SLICE_ARG(lesson->title)) ||
        !bytes_append_octet(out, '\n'))
        return false;
    if (course->scene->complaint.size > 0 &&
        !bytes_printf(out, "%.*s\n", SLICE_ARG(course->scene->complaint)))
        return false;
    return !step ||
           (bytes_printf(out, tr("Step %zu of %zu"), course->step + 1, course->scene->step_count) &&
            bytes_printf(out, ", %s: %.*s\n", lesson_kind_word(step->kind),
                         SLICE_ARG(step->text)));
}

static bool tell_helps(const struct view_course *course, struct bytes *out)
{
    const struct lesson_step *step = lesson_step_shown(course);
    bool ok = true;
    for (size_t i = 0; ok && step && i < course->hints_shown && i < step->hints.count; i++)
        ok = bytes_printf(out, tr("Hint: %.*s"), SLICE_ARG(step->hints.items[i])) &&
             bytes_append_octet(out, '\n');
    const char *locked = lesson_locked(course);
    return ok && (!locked || bytes_printf(out, "%s\n", locked));
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
    }
    return "";
}

static bool tell_checks(const struct view_course *course, struct bytes *out)
{
    bool ok = bytes_printf(out, tr("%u of %u points"), course->verdict->points,
                           course->verdict->points_max) &&
              bytes_append_octet(out, '\n');
    for (size_t i = 0; ok && !course->scene->is_exam && i < course->scene->check_count; i++) {
        const struct verdict_check *c = &course->verdict->checks[i];
        ok = bytes_printf(out, "  %s: %.*s\n", state_word(lesson_check_state(course, i)),
                          SLICE_ARG(c->says));
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
    if (!tell_steps(course, out))
        return;
    if (form->ask.question && lesson_step_shown(course))
        quiz_form_tell(form, arena, out);
    (void)(tell_helps(course, out) && tell_checks(course, out) && bytes_append_octet(out, '\n'));
}
