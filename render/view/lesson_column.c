/* The column in which a lesson is shown: which one and how far, the step, and the way on. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/draw/mark.h"
#include "render/view/commands.h"
#include "render/view/lesson_panel.h"

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
        lesson_panel_of(view)->split = fminf(fmaxf((x - room->box.x) / room->box.w, 0.15f), 0.6f);
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
    bool is_shown = i == course->step, is_done = lesson_is_done(course, i);
    char name[UI_NAME], number[24];
    snprintf(name, sizeof name, "lesson-goto-%zu", i + 1);
    snprintf(number, sizeof number, "%zu", i + 1);
    struct ui_state state = ui_region(ui, name, box, lesson_goto_act, (uint32_t)i);
    const struct lesson_step *step = &course->scene->steps[i];
    ui_tip(ui, arena_printf(&ui->list->arena, "%zu  %s%s", i + 1, lesson_kind_word(step->kind),
                            is_done ? tr(", done") : ""));
    struct draw_box disc = ui_inset(box, 3);
    if (is_shown || state.is_focus || state.is_hover)
        draw_rect(ui->list, ui_inset(box, 0.5f), 6, is_shown ? theme->accent_soft : theme->panel,
                  theme->accent, is_shown ? 2 : 1);
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
    float side = fmaxf(ceilf(view->ui.theme->size_small * 2.1f), ceilf(25 / view->zoom)),
          step = side + 2;
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

/* "Next  S"; where the bar above leaves its keys out for want of room, so does this. */
static struct slice with_key(struct view *view, struct slice label, const char *command)
{
    struct arena *arena = &view->ui.list->arena;
    for (int i = 0; i < commands_count && !lesson_hides_docks(view); i++)
        if (strcmp(commands[i].name, command) == 0)
            return arena_printf(arena, "%.*s  %.*s", SLICE_ARG(label),
                                SLICE_ARG(command_keys(&commands[i], arena)));
    return label;
}

/* "" when the step has none. */
static struct slice hint_label(struct view *view)
{
    const struct view_course *course = lesson_course(view);
    const struct lesson_step *step = lesson_step_shown(course);
    size_t hints = step ? step->hints.count : 0;
    if (hints == 0)
        return SLICE("");
    struct arena *arena = &view->ui.list->arena;
    struct slice far =
        arena_printf(arena, tr("Hint %zu of %zu"),
                     course->hints_shown < hints ? course->hints_shown + 1 : hints, hints);
    return with_key(view, far, "lesson-hint");
}

static const char *next_label(struct view *view)
{
    const struct view_course *course = lesson_course(view);
    const char *word = course->step + 1 == course->scene->step_count ? tr("Result") : tr("Next");
    return with_key(view, slice_of(word), "lesson-next").data;
}

/* In two rows where the words are long. */
static float foot_height(struct view *view, float w)
{
    struct slice hint = hint_label(view);
    float whole = label_width(view, tr("Back")) + label_width(view, next_label(view));
    float row = button_height(view->ui.theme);
    bool is_one = hint.size == 0 || whole + label_width(view, hint.data) + 16 <= w;
    return is_one ? row : 2 * row + 8;
}

static void draw_foot(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct view_course *course = lesson_course(view);
    const struct lesson_step *step = lesson_step_shown(course);
    struct slice locked = lesson_locked(view, &ui->list->arena);
    const char *next = next_label(view);
    bool is_over = !step && course->scene_number >= course->scene_count;
    float h = button_height(ui->theme);
    struct draw_box row = ui_cut_bottom(&box, h);
    struct slice hint = hint_label(view);
    if (hint.size > 0) {
        struct draw_box at = {row.x, box.h > 0 ? box.y : row.y, label_width(view, hint.data), h};
        ui_button(ui, "lesson-hint", at, hint.data, lesson_hint_act, 0,
                  course->hints_shown < step->hints.count ? 0 : UI_DISABLED);
    }
    if (!is_over) {
        ui_button(ui, "lesson-next", ui_cut_right(&row, label_width(view, next)), next,
                  lesson_next_act, 0,
                  locked.size > 0                                 ? UI_DISABLED
                  : lesson_to_do(view, &ui->list->arena).size > 0 ? 0
                                                                  : UI_PRIMARY);
        ui_tip(ui, locked.size > 0 ? locked : slice_of(tr("The next step")));
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
    struct slice locked = lesson_to_do(view, &ui->list->arena);
    if (locked.size == 0)
        return;
    float room = theme->size_text * 1.6f;
    float h = rich_height(ui, box->w - room, DRAW_FONT_SANS, theme->size_text, locked);
    struct draw_box line = ui_cut_bottom(box, h + 6);
    mark_sign(ui->list, theme, MARK_CLOCK, line.x + theme->size_text * 0.6f,
              line.y + draw_line_height(theme->size_text) / 2, theme->size_text, theme->waiting);
    line.x += room;
    line.w -= room;
    rich_text(ui, line, DRAW_FONT_SANS, theme->size_text, theme->ink_soft, locked, true);
}

/* ---- as a whole ---- */

static void draw_aside(struct flow *flow)
{
    const struct theme *theme = flow->view->ui.theme;
    const struct view_quiz *quiz = lesson_course(flow->view)->quiz;
    if (quiz && quiz->question) {
        struct arena *arena = &flow->view->ui.list->arena;
        struct slice key = question_solution(quiz->question, arena);
        flow_text(flow, DRAW_FONT_BOLD, theme->ink, quiz->question->prompt);
        flow_gap(flow, 8);
        flow_text(flow, DRAW_FONT_SANS, theme->ink,
                  arena_printf(arena, tr("It is: %.*s"),
                               SLICE_ARG(question_answer_text(quiz->question, key, arena))));
        flow_line(flow);
    }
    flow_text(flow, DRAW_FONT_SANS, theme->ink,
              slice_of(tr("This is the run that proves the answer. Look around in it.")));
    flow_gap(flow, 10);
    flow_button(flow, "quiz-back", tr("Back to the question"), quiz_back_act, 0, UI_PRIMARY);
    flow_gap(flow, 0);
}

/* Nobody looks for a thin bar. */
void lesson_more_draw(struct view *view, struct draw_box row, const char *name, ui_act *act)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct slice word = slice_of(tr("More below"));
    float size = theme->size_text, s = row.h * 0.16f;
    float w = draw_width(ui->list, DRAW_FONT_BOLD, size, word);
    struct ui_state state = ui_region(ui, name, row, act, 0);
    ui->widgets.items[ui->widgets.count - 1].can_focus = false;
    draw_rect(ui->list, row, 6, theme->accent_soft, state.is_hover ? theme->accent : 0, 1);
    float x = row.x + row.w / 2 + w / 2 + 8, y = row.y + row.h / 2;
    ui_label(ui, (struct draw_box){x - 8 - w - 10, row.y, w + 10, row.h}, DRAW_ALIGN_LEFT,
             DRAW_FONT_BOLD, size, theme->accent, word);
    const float down[] = {x - 1.4f * s, y - s, x + 1.4f * s, y - s, x, y + s};
    draw_polygon(ui->list, down, 3, theme->accent, 0, 0);
}

float lesson_more_height(const struct view *view)
{
    return fmaxf(draw_line_height(view->ui.theme->size_text) + 4, ceilf(25 / view->zoom));
}

static void press_more(struct view *view, uint32_t arg)
{
    (void)arg;
    lesson_panel_of(view)->scroll += 0.8f * lesson_panel_of(view)->room;
}

/* What the lesson is about gives way to its first step, where there is no room for both. */
static void draw_step(struct flow *flow, const struct view_course *course)
{
    struct ui *ui = &flow->view->ui;
    struct lesson_panel *panel = flow->view->lesson;
    size_t items = ui->list->items.count, widgets = ui->widgets.count;
    struct flow begun = *flow;
    lesson_step_draw(flow, course);
    if (course->step > 0 || panel->is_tight || panel->own <= flow->box.h)
        return;
    panel->is_tight = true;
    ui->list->items.count = items;
    ui->widgets.count = widgets;
    *flow = begun;
    lesson_step_draw(flow, course);
}

/* True: some of the step itself is below. */
static bool draw_words(struct view *view, struct draw_box box)
{
    struct lesson_panel *panel = lesson_panel_of(view);
    const struct view_course *course = panel->course;
    bool is_step = !panel->is_aside && lesson_step_shown(course);
    ui_clip(&view->ui, box);
    ui_wheel(&view->ui, "lesson-wheel", box, turn, 0);
    struct flow flow = flow_begin(view, ui_inset(box, 4), panel->scroll, view->ui.theme->size_text);
    flow_gap(&flow, 6);
    if (panel->is_aside)
        draw_aside(&flow);
    else if (is_step)
        draw_step(&flow, course);
    else
        lesson_result_draw(&flow, course);
    flow_gap(&flow, 8);
    panel->whole = flow_end(&flow, &panel->scroll, panel->followed);
    panel->room = box.h;
    ui_unclip(&view->ui);
    box.w -= 2; /* between the words and the frame */
    scroll_bar_draw(view, box, panel->whole, panel->scroll);
    return is_step && panel->own - panel->scroll > box.h;
}

static void draw_body(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    size_t items = ui->list->items.count, widgets = ui->widgets.count;
    if (!draw_words(view, box))
        return;
    ui->list->items.count = items;
    ui->widgets.count = widgets;
    struct draw_box row = ui_cut_bottom(&box, lesson_more_height(view));
    (void)draw_words(view, box);
    lesson_more_draw(view, row, "lesson-more", press_more);
}

static void draw_open(struct view *view, struct draw_box box)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    draw_rect(ui->list, box, 8, theme->panel, theme->panel_edge, 1);
    struct draw_box inside = ui_inset(box, 12);
    draw_head(view, &inside);
    if (view->lesson->is_aside) { /* there is one way on: back */
        draw_body(view, (struct draw_box){inside.x - 4, inside.y, inside.w + 8, inside.h});
        return;
    }
    struct draw_box foot = ui_cut_bottom(&inside, foot_height(view, inside.w));
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
    struct slice far = arena_printf(
        &ui->list->arena, "%zu/%zu",
        course->step < course->scene->step_count ? course->step + 1 : course->scene->step_count,
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
