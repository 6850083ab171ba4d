#include "render/view/lesson_panel.h"

#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "render/draw/mark.h"
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

/* Another step starts at its top. */
static void note_step(struct lesson_panel *panel)
{
    const struct view_course *course = panel->course;
    const struct lesson_step *step = lesson_step_shown(course);
    uint64_t stamp = course->step * 31 + course->scene_number;
    struct slice id = step ? step->id : course->scene->id;
    for (size_t i = 0; i < id.size; i++)
        stamp = stamp * 31 + (unsigned char)id.data[i];
    if (stamp != panel->stamp) {
        panel->scroll = 0;
        panel->has_seen = false;
    }
    panel->stamp = stamp;
}

/* The clock has come to the last thing that has happened. */
static void note_time(const struct view *view, struct lesson_panel *panel)
{
    const struct view_course *course = panel->course;
    uint32_t count = log_count(view->log);
    const struct lesson_step *step = lesson_step_shown(course);
    bool is_done = step && (step->kind == LESSON_RUN ||
                            lesson_step_verdict(course, course->step)->is_done);
    if (!is_done || count == 0)
        panel->has_seen = false;
    else if (view->t >= log_at(view->log, count - 1)->t)
        panel->has_seen = true;
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
    note_step(panel);
    note_time(view, panel);
    const struct lesson_step *step = lesson_step_shown(course);
    struct quiz_ask ask = lesson_ask(course);
    if (step && step->ask)
        quiz_form_set(&panel->forms[QUIZ_FORM_STEP], &ask);
    else
        quiz_form_forget(&panel->forms[QUIZ_FORM_STEP]);
}

/* ---- what is done ---- */

void lesson_next_act(struct view *view, uint32_t arg)
{
    const struct view_course *course = lesson_course(view);
    (void)arg;
    if (!course)
        return;
    const char *locked = course->is_lecture ? NULL : lesson_locked(course);
    if (locked)
        view_notify(view, slice_of(locked));
    else
        lesson_send(view, "next");
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
    lesson_send(view, "quiz %.*s", SLICE_ARG(course->lesson->id));
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

static bool choose_place(struct view *view, uint32_t place)
{
    if (quiz_form_choose(view, QUIZ_FORM_STEP, log_place_name(view->log, place)))
        return true;
    uint32_t host = log_host_of(view->log, place);
    if (host && host != place)
        return quiz_form_choose(view, QUIZ_FORM_STEP, log_place_name(view->log, host));
    for (uint32_t agent = 1; agent <= log_place_count(view->log); agent++)
        if (agent != place && log_host_of(view->log, agent) == place &&
            quiz_form_choose(view, QUIZ_FORM_STEP, log_place_name(view->log, agent)))
            return true;
    return false;
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
    if (w && w->act == select_host)
        (void)choose_place(view, w->arg);
    else if (!w || !w->act)
        (void)choose_link(view, menu_link_under_mouse(view));
}

/* ---- the column ---- */

/* With fewer letters than this beside it the panels at the right make room. */
#define ROOM_BESIDE 84.0f
#define WIDTH 23.0f

bool lesson_hides_docks(const struct view *view)
{
    return view->lesson && view->lesson->hides_docks;
}

void lesson_give_way(struct view *view)
{
    if (lesson_hides_docks(view))
        view->lesson->is_folded = true;
}

static void drag_edge(struct view *view, uint32_t arg, enum ui_drag_phase phase, float x, float y)
{
    (void)arg;
    (void)y;
    const struct ui_widget *room = ui_find(&view->ui, "lesson-room");
    if (room && phase != UI_DRAG_BEGIN)
        lesson_panel_of(view)->split =
            fminf(fmaxf((x - room->box.x) / room->box.w, 0.15f), 0.6f);
}

static void press_edge(struct view *view, uint32_t arg)
{
    (void)view;
    (void)arg;
}

static void draw_edge(struct view *view, struct draw_box box)
{
    struct ui_state state = ui_region(&view->ui, "split-lesson", box, press_edge, 0);
    view->ui.widgets.items[view->ui.widgets.count - 1].can_focus = false;
    ui_on_drag(&view->ui, drag_edge);
    if (state.is_hover)
        draw_rect(view->ui.list, ui_inset(box, 2), 2, ui_fade(view->ui.theme->accent, 0.6f), 0, 0);
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    lesson_panel_of(view)->scroll -= 3 * lines * row_height(view->ui.theme);
}

/* ---- its head: which lesson, how far ---- */

/* Two arrow heads: to the left it folds, to the right it opens. */
static void draw_fold(struct view *view, struct draw_box box, bool is_folded)
{
    struct ui *ui = &view->ui;
    ui_button(ui, "lesson-fold", box, "", lesson_fold_act, 0, 0);
    ui_tip(ui, slice_of(is_folded ? tr("Open the lesson") : tr("Fold the lesson")));
    float s = box.h * 0.16f, dx = is_folded ? s : -s;
    for (int i = 0; i < 2; i++) {
        float x = box.x + box.w / 2 + (float)(i * 2 - 1) * s, y = box.y + box.h / 2;
        draw_line(ui->list, x - dx / 2, y - s * 1.4f, x + dx / 2, y, ui->theme->ink, 2, 0);
        draw_line(ui->list, x + dx / 2, y, x - dx / 2, y + s * 1.4f, ui->theme->ink, 2, 0);
    }
}

static struct slice title_of(struct view *view, const struct view_course *course)
{
    struct arena *arena = &view->ui.list->arena;
    const struct lesson *lesson = course->lesson;
    if (course->scene_count > 1)
        return arena_printf(arena, tr("%.*s, part %zu of %zu: %.*s"), SLICE_ARG(lesson->id),
                            course->scene_number, course->scene_count,
                            SLICE_ARG(course->scene->title));
    return arena_printf(arena, "%.*s %.*s", SLICE_ARG(lesson->id), SLICE_ARG(lesson->title));
}

/* Done: a tick on a full disc; shown: a frame around it; to do: a number in a ring. */
static void draw_mark(struct view *view, struct draw_box box, size_t i)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct view_course *course = lesson_course(view);
    bool is_shown = i == course->step, is_done = lesson_step_verdict(course, i)->is_done;
    char name[UI_NAME], number[24];
    snprintf(name, sizeof name, "lesson-goto-%zu", i + 1);
    snprintf(number, sizeof number, "%zu", i + 1);
    struct ui_state state = ui_region(ui, name, box, lesson_goto_act, (uint32_t)i);
    const struct lesson_step *step = &course->scene->steps[i];
    ui_tip(ui, arena_printf(&ui->list->arena, "%zu  %s%s", i + 1, lesson_kind_word(step->kind),
                            is_done ? tr(", done") : ""));
    struct draw_box disc = ui_inset(box, 3);
    if (is_shown || state.is_focus || state.is_hover)
        draw_rect(ui->list, ui_inset(box, 0.5f), 6,
                  is_shown ? theme->accent_soft : theme->panel, theme->accent, is_shown ? 2 : 1);
    if (!is_shown)
        draw_oval(ui->list, disc, is_done ? theme->good : theme->card,
                  is_done ? theme->good : theme->ink_faint, 1);
    if (is_done)
        mark_sign(ui->list, theme, MARK_TICK, box.x + box.w / 2, box.y + box.h / 2, box.w * 0.5f,
                  is_shown ? theme->good : theme->panel);
    else
        ui_label(ui, box, DRAW_ALIGN_CENTER, is_shown ? DRAW_FONT_BOLD : DRAW_FONT_SANS,
                 theme->size_small, theme->ink, slice_of(number));
}

static void draw_progress(struct view *view, struct draw_box *box)
{
    const struct view_course *course = lesson_course(view);
    float side = fmaxf(ceilf(view->ui.theme->size_small * 2.1f), ceilf(25 / view->zoom)), step = side + 2;
    size_t a_row = (size_t)fmaxf(floorf((box->w + 2) / step), 1), count = course->scene->step_count;
    for (size_t i = 0; i < count; i++)
        draw_mark(view,
                  (struct draw_box){box->x + (float)(i % a_row) * step,
                                    box->y + (float)(i / a_row) * step, side, side},
                  i);
    ui_cut_top(box, (float)((count + a_row - 1) / a_row) * step + 2);
}

static void draw_head(struct view *view, struct draw_box *box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct view_course *course = lesson_course(view);
    float side = button_height(theme);
    struct draw_box fold = {box->x + box->w - side, box->y, side, side};
    struct draw_box text = {box->x, box->y + 3, box->w - side - 8, 0};
    float h = rich_text(ui, text, DRAW_FONT_BOLD, theme->size_text * 1.1f, theme->ink,
                        title_of(view, course), true);
    draw_fold(view, fold, false);
    ui_cut_top(box, fmaxf(h + 6, side) + 6);
    if (box->h > 24 * draw_line_height(theme->size_text)) /* else its number says it */
        draw_progress(view, box);
    ui_cut_top(box, 6);
    draw_line(ui->list, box->x, box->y, box->x + box->w, box->y, theme->panel_edge, 1, 0);
    ui_cut_top(box, 1);
}

/* ---- its foot: hints, back and on ---- */

static float label_width(struct view *view, const char *label)
{
    return ceilf(draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_text,
                            slice_of(label))) +
           26;
}

static void draw_foot(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct view_course *course = lesson_course(view);
    const struct lesson_step *step = lesson_step_shown(course);
    const char *locked = lesson_locked(course);
    bool is_last = course->step + 1 == course->scene->step_count;
    bool is_over = !step && course->scene_number >= course->scene_count;
    const char *next = is_last ? tr("Result") : tr("Next");
    struct draw_box row = {box.x, box.y, box.w, button_height(ui->theme)};
    size_t hints = step ? step->hints.count : 0;
    if (hints > 0) {
        struct slice label =
            arena_printf(&ui->list->arena, tr("Hint %zu of %zu"),
                         course->hints_shown < hints ? course->hints_shown + 1 : hints, hints);
        ui_button(ui, "lesson-hint", ui_cut_left(&row, label_width(view, label.data)), label.data,
                  lesson_hint_act, 0, course->hints_shown < hints ? 0 : UI_DISABLED);
    }
    if (!is_over) {
        ui_button(ui, "lesson-next", ui_cut_right(&row, label_width(view, next)), next,
                  lesson_next_act, 0, locked ? UI_DISABLED : UI_PRIMARY);
        ui_tip(ui, slice_of(locked ? locked : tr("The next step")));
        ui_cut_right(&row, 8);
    }
    ui_button(ui, "lesson-back", ui_cut_right(&row, label_width(view, tr("Back"))), tr("Back"),
              lesson_back_act, 0, course->step > 0 ? 0 : UI_DISABLED);
}

/* The reason stands there: who reads the screen need not try. */
static void draw_locked(struct view *view, struct draw_box *box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const char *locked = lesson_locked(lesson_course(view));
    if (!locked)
        return;
    float room = theme->size_text * 1.6f;
    float h = rich_height(ui, box->w - room, DRAW_FONT_SANS, theme->size_text, slice_of(locked));
    struct draw_box line = ui_cut_bottom(box, h + 6);
    mark_sign(ui->list, theme, MARK_CLOCK, line.x + theme->size_text * 0.6f,
              line.y + draw_line_height(theme->size_text) / 2, theme->size_text, theme->waiting);
    line.x += room;
    line.w -= room;
    rich_text(ui, line, DRAW_FONT_SANS, theme->size_text, theme->ink_soft, slice_of(locked), true);
}

/* ---- as a whole ---- */

static void draw_aside(struct flow *flow)
{
    const struct theme *theme = flow->view->ui.theme;
    flow_text(flow, DRAW_FONT_SANS, theme->ink,
              slice_of(tr("This is the run that proves the answer. Look around in it.")));
    flow_gap(flow, 10);
    flow_button(flow, "quiz-back", tr("Back to the question"), quiz_back_act, 0, UI_PRIMARY);
    flow_gap(flow, 0);
}

static void draw_body(struct view *view, struct draw_box box)
{
    struct lesson_panel *panel = lesson_panel_of(view);
    const struct view_course *course = panel->course;
    ui_clip(&view->ui, box);
    ui_wheel(&view->ui, "lesson-wheel", box, turn, 0);
    struct flow flow =
        flow_begin(view, ui_inset(box, 4), panel->scroll, view->ui.theme->size_text);
    flow_gap(&flow, 6);
    if (panel->is_aside)
        draw_aside(&flow);
    else if (lesson_step_shown(course))
        lesson_step_draw(&flow, course);
    else
        lesson_result_draw(&flow, course);
    flow_gap(&flow, 8);
    panel->whole = flow_end(&flow, &panel->scroll, panel->followed);
    ui_unclip(&view->ui);
    box.w += 8;
    scroll_bar_draw(view, box, panel->whole, panel->scroll);
}

static void draw_open(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    draw_rect(ui->list, box, 8, theme->panel, theme->panel_edge, 1);
    struct draw_box inside = ui_inset(box, 12);
    draw_head(view, &inside);
    struct draw_box foot = ui_cut_bottom(&inside, button_height(theme));
    ui_cut_bottom(&inside, 8);
    draw_locked(view, &inside);
    draw_line(ui->list, inside.x, inside.y + inside.h, inside.x + inside.w, inside.y + inside.h,
              theme->panel_edge, 1, 0);
    draw_body(view, (struct draw_box){inside.x - 4, inside.y, inside.w + 8, inside.h - 1});
    draw_foot(view, foot);
}

/* How far, from the top down. */
static void draw_folded(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    const struct view_course *course = lesson_course(view);
    draw_rect(ui->list, box, 8, theme->panel, theme->panel_edge, 1);
    struct draw_box inside = ui_inset(box, 5);
    draw_fold(view, ui_cut_top(&inside, inside.w), true);
    ui_cut_top(&inside, 6);
    struct slice far = arena_printf(&ui->list->arena, "%zu/%zu",
                                    course->step < course->scene->step_count
                                        ? course->step + 1
                                        : course->scene->step_count,
                                    course->scene->step_count);
    ui_label_any(ui, ui_cut_top(&inside, draw_line_height(theme->size_small)), DRAW_ALIGN_CENTER,
                 DRAW_FONT_BOLD, theme->size_small, theme->ink, far);
}

void lesson_draw(struct view *view, struct draw_box *all)
{
    enum { GAP = 8 };
    const struct theme *theme = view->ui.theme;
    struct lesson_panel *panel = view->lesson;
    if (!lesson_course(view))
        return;
    float right = all->x + all->w;
    ui_region(&view->ui, "lesson-room", *all, NULL, 0);
    if (panel->is_folded) {
        float w = fmaxf(button_height(theme), theme->size_small * 3.2f) + 10;
        draw_folded(view, ui_cut_left(all, ceilf(w)));
        ui_cut_left(all, GAP);
        panel->edge = right - all->w;
        return;
    }
    float w = panel->split > 0 ? panel->split * all->w : theme->size_text * WIDTH;
    w = floorf(fminf(fmaxf(w, theme->size_text * 18), all->w * 0.6f));
    panel->hides_docks = all->w - w < theme->size_text * (ROOM_BESIDE - WIDTH);
    struct draw_box box = ui_cut_left(all, w);
    draw_open(view, box);
    draw_edge(view, ui_cut_left(all, GAP));
    panel->edge = right - all->w;
}

float lesson_edge(const struct view *view)
{
    return view->lesson ? view->lesson->edge : 0;
}
