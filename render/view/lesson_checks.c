/* What must be true in the end: the checks of a lesson, with what is missing; and the result. */
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/lesson_panel.h"

/* Before the end there is still time for it. */
enum lesson_check_state lesson_check_state(const struct view_course *course, size_t check)
{
    if (course->verdict->checks[check].has_passed)
        return CHECK_PASSED;
    if (course->verdict->checks[check].is_kept)
        return CHECK_KEPT;
    return course->step < course->scene->step_count ? CHECK_OPEN : CHECK_FAILED;
}

static void show_check(struct view *view, uint32_t check)
{
    const struct view_course *course = lesson_course(view);
    if (course && check < course->scene->check_count)
        lesson_send(view, "show %.*s", SLICE_ARG(course->scene->checks[check].id));
}

static void draw_state(struct ui *ui, enum lesson_check_state state, float x, float y, float size)
{
    const struct theme *theme = ui->theme;
    static const enum mark_sign signs[] = {MARK_TICK, MARK_CLOCK, MARK_CROSS, MARK_CLOCK};
    const uint32_t colours[] = {theme->good, theme->waiting, theme->bad, theme->waiting};
    mark_sign(ui->list, theme, signs[state], x, y, size, colours[state]);
}

static void draw_check(struct flow *flow, const struct view_course *course, size_t i)
{
    struct ui *ui = &flow->view->ui;
    const struct theme *theme = ui->theme;
    const struct verdict_check *c = &course->verdict->checks[i];
    enum lesson_check_state state = lesson_check_state(course, i);
    float room = flow->size * 1.9f, x = flow->x, w = flow->w;
    char name[UI_NAME];
    draw_state(ui, state, flow->x + flow->size * 0.7f, flow->y + draw_line_height(flow->size) / 2,
               flow->size * 1.2f);
    flow->x += room;
    flow->w -= room;
    flow_text(flow, DRAW_FONT_SANS, theme->ink,
              state == CHECK_KEPT ? slice_of(tr("Kept for your teacher.")) : c->says);
    if (state != CHECK_PASSED && c->event != PREDICATE_NO_EVENT) {
        flow_gap(flow, 4);
        snprintf(name, sizeof name, "check-show-%zu", i + 1);
        flow_button(flow, name, tr("Show"), show_check, (uint32_t)i, 0);
        ui_tip(ui, slice_of(tr("To the event that it stumbled over")));
    }
    flow->x = x;
    flow->w = w;
    flow_gap(flow, 8);
}

static size_t count_passed(const struct view_course *course)
{
    size_t passed = 0;
    for (size_t i = 0; i < course->scene->check_count; i++)
        passed += course->verdict->checks[i].has_passed;
    return passed;
}

/* A line that opens and folds them. */
static void draw_summary(struct flow *flow, const struct view_course *course)
{
    struct arena *arena = &flow->view->ui.list->arena;
    struct slice text = arena_printf(arena, tr("Checks: %zu of %zu, points: %u of %u"),
                                     count_passed(course), course->scene->check_count,
                                     course->verdict->points, course->verdict->points_max);
    flow_fold(flow, "lesson-checks", text, flow->view->lesson->shows_checks, lesson_checks_act);
}

void lesson_checks_draw(struct flow *flow, const struct view_course *course)
{
    if (course->scene->check_count == 0 || course->scene->is_exam)
        return;
    draw_summary(flow, course);
    for (size_t i = 0; flow->view->lesson->shows_checks && i < course->scene->check_count; i++)
        draw_check(flow, course, i);
}

/* ---- the end ---- */

static void draw_points(struct flow *flow, const struct view_course *course)
{
    struct ui *ui = &flow->view->ui;
    const struct theme *theme = ui->theme;
    uint32_t percent = verdict_percent(course->verdict),
             kept = verdict_points_kept(course->verdict);
    bool is_passed = percent >= course->lesson->pass_percent;
    float size = theme->size_title * 1.5f, h = draw_line_height(size), side = size * 0.9f;
    struct slice points = arena_printf(&ui->list->arena, tr("%u of %u points"),
                                       course->verdict->points, course->verdict->points_max);
    draw_state(ui, is_passed ? CHECK_PASSED : CHECK_OPEN, flow->x + side / 2, flow->y + h / 2,
               side);
    rich_text(ui, (struct draw_box){flow->x + side + 10, flow->y, flow->w - side - 10, h},
              DRAW_FONT_BOLD, size, theme->ink, points, true);
    flow_gap(flow, rich_height(ui, flow->w - side - 10, DRAW_FONT_BOLD, size, points) + 2);
    if (kept > 0)
        flow_text(flow, DRAW_FONT_SANS, theme->ink,
                  arena_printf(&ui->list->arena, tr("Your teacher decides about %u more."), kept));
    flow_text(flow, DRAW_FONT_SANS, theme->ink,
              arena_printf(&ui->list->arena,
                           is_passed ? tr("%u %%: passed, with %u %% or more.")
                                     : tr("%u %%: passed from %u %% on. Each check below says "
                                          "what is missing."),
                           percent, course->lesson->pass_percent));
    flow_gap(flow, 12);
}

void lesson_result_draw(struct flow *flow, const struct view_course *course)
{
    bool is_last = course->scene_number >= course->scene_count;
    draw_points(flow, course);
    if (is_last && course->lesson->quiz.count > 0) {
        struct slice label =
            arena_printf(&flow->view->ui.list->arena,
                         trn("Now %zu question about it", "Now %zu questions about it",
                             course->lesson->quiz.count),
                         course->lesson->quiz.count);
        flow_button(flow, "lesson-quiz", label.data, lesson_quiz_act, 0, UI_PRIMARY);
    }
    if (is_last && course->next_id.size > 0) {
        bool is_all = course->lesson->quiz.count == 0;
        struct slice label = arena_printf(
            &flow->view->ui.list->arena, tr("Next lesson: %.*s"),
            SLICE_ARG(course->next_title.size > 0 ? course->next_title : course->next_id));
        flow_button(flow, "lesson-following", label.data, lesson_following_act, 0,
                    is_all ? UI_PRIMARY : 0);
    }
    if (!course->scene->is_exam)
        flow_button(flow, "lesson-again", tr("Begin again"), lesson_retry_act, 0, 0);
    flow_button(flow, "lesson-others", tr("Another lesson"), request_act, VIEW_REQUEST_OPEN, 0);
    flow_line(flow);
    for (size_t i = 0; i < course->scene->check_count; i++)
        draw_check(flow, course, i);
}
