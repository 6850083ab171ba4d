#include "app/lesson_page.h"

static struct slice joined(struct slice before, struct slice text, struct arena *arena)
{
    if (before.size == 0 || text.size == 0)
        return before.size ? before : text;
    return arena_printf(arena, "%.*s\n%.*s", SLICE_ARG(before), SLICE_ARG(text));
}

/* What was said to an answer; to a prediction only once the step behind it was reached. */
static struct slice said(const struct view_course *course, size_t i, struct arena *arena)
{
    const struct verdict_step *v = &course->verdict->steps[i];
    struct slice text = SLICE("");
    bool is_behind = course->step > i, is_prediction = v->step->kind == LESSON_PREDICT;
    if (v->answer.size && v->answered.is_kept)
        return SLICE("Kept for the teacher.");
    for (size_t k = 0; k < v->answered.feedback_count && (is_behind || !is_prediction); k++)
        text = joined(text, v->answered.feedback[k], arena);
    if (is_behind && !course->scene->is_exam)
        text = joined(text, v->step->reveal, arena);
    return text;
}

static void write_steps(const struct view_course *course, struct export_lesson *page,
                        struct arena *arena)
{
    const struct lesson_scene *scene = course->scene;
    struct export_step *steps = arena_take(arena, (scene->step_count + 1) * sizeof *steps);
    for (size_t i = 0; i < scene->step_count; i++) {
        const struct lesson_step *step = &scene->steps[i];
        const struct verdict_step *v = &course->verdict->steps[i];
        steps[i].kind = slice_of(lesson_step_kind_names[step->kind]);
        steps[i].text = step->text;
        if (step->ask)
            steps[i].asked = step->ask->prompt;
        if (step->ask && v->answer.size)
            steps[i].given = question_answer_text(step->ask, v->answer, arena);
        steps[i].said = said(course, i, arena);
    }
    page->steps = steps;
    page->step_count = scene->step_count;
}

/* In an exam what is checked is a secret. */
static void write_checks(const struct view_course *course, struct export_lesson *page,
                         struct arena *arena)
{
    const struct lesson_scene *scene = course->scene;
    struct export_check *checks = arena_take(arena, (scene->check_count + 1) * sizeof *checks);
    if (scene->is_exam)
        return;
    for (size_t i = 0; i < scene->check_count; i++) {
        const struct verdict_check *v = &course->verdict->checks[i];
        checks[i] = (struct export_check){v->check->text, v->has_passed, v->is_kept};
    }
    page->checks = checks;
    page->check_count = scene->check_count;
}

const struct export_lesson *lesson_page(const struct view_course *course, struct arena *arena)
{
    const struct lesson *lesson = course->lesson;
    struct export_lesson *page = arena_take(arena, sizeof *page);
    struct slice *watch = arena_take(arena, (lesson->watch.count + 1) * sizeof *watch);
    for (size_t i = 0; i < lesson->watch.count; i++)
        watch[i] = lesson->watch.items[i];
    *page = (struct export_lesson){.id = lesson->id,
                                   .title = lesson->title,
                                   .objective = lesson->objective,
                                   .complaint = course->scene->complaint,
                                   .watch = watch,
                                   .watch_count = lesson->watch.count};
    write_steps(course, page, arena);
    write_checks(course, page, arena);
    uint32_t kept = verdict_points_kept(course->verdict);
    page->outcome = arena_printf(arena, "%u of %u points", course->verdict->points,
                                 course->verdict->points_max);
    if (kept)
        page->outcome = arena_printf(arena, "%.*s, and %u that the teacher decides about",
                                     SLICE_ARG(page->outcome), kept);
    return page;
}
