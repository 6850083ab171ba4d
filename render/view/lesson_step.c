/* A step of a lesson: what to do, what is asked, what was predicted and came of it. */
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/lesson_panel.h"
#include "render/view/words_say.h"

/* ---- its kind ---- */

static const char *const kind_words[LESSON_STEP_KINDS] = {
    [LESSON_PREDICT] = TR("Predict"), [LESSON_SEND] = TR("Send"),       [LESSON_RUN] = TR("Run"),
    [LESSON_FAULT] = TR("Fault"),     [LESSON_CONFIG] = TR("Settings"), [LESSON_READ] = TR("Read"),
    [LESSON_TYPE] = TR("Type"),       [LESSON_CLICK] = TR("Point"),     [LESSON_ACT] = TR("Act"),
};

const char *lesson_kind_word(enum lesson_step_kind kind)
{
    return kind < LESSON_STEP_KINDS ? tr(kind_words[kind]) : "";
}

/* Two sliders. */
static void draw_sliders(struct ui *ui, float x, float y, float s, uint32_t ink)
{
    for (int i = 0; i < 2; i++) {
        float at = y + (float)(i * 2 - 1) * s * 0.24f, knob = x + (i ? -0.2f : 0.2f) * s;
        draw_line(ui->list, x - s / 2, at, x + s / 2, at, ink, 1.5f, 0);
        draw_oval(ui->list, (struct draw_box){knob - s * 0.15f, at - s * 0.15f, s * 0.3f, s * 0.3f},
                  ink, 0, 0);
    }
}

/* Where a finger points: a ring with a dot. */
static void draw_target(struct ui *ui, float x, float y, float s, uint32_t ink)
{
    draw_oval(ui->list, (struct draw_box){x - s / 2, y - s / 2, s, s}, 0, ink, 1.5f);
    draw_oval(ui->list, (struct draw_box){x - s * 0.16f, y - s * 0.16f, s * 0.32f, s * 0.32f}, ink,
              0, 0);
}

static void draw_letter(struct ui *ui, float x, float y, float s, const char *letter)
{
    struct draw_box box = {x - s, y - s, 2 * s, 2 * s};
    ui_label(ui, box, DRAW_ALIGN_CENTER, DRAW_FONT_BOLD, s, ui->theme->ink, slice_of(letter));
}

static void draw_kind_sign(struct ui *ui, enum lesson_step_kind kind, float x, float y, float s)
{
    uint32_t ink = ui->theme->ink;
    static const enum mark_sign signs[LESSON_STEP_KINDS] = {[LESSON_SEND] = MARK_ENVELOPE,
                                                            [LESSON_RUN] = MARK_PLAY,
                                                            [LESSON_FAULT] = MARK_WARNING,
                                                            [LESSON_READ] = MARK_EYE};
    switch (kind) {
    case LESSON_SEND:
    case LESSON_RUN:
    case LESSON_FAULT:
    case LESSON_READ:
        mark_sign(ui->list, ui->theme, signs[kind], x, y, s, ink);
        return;
    case LESSON_PREDICT:
        draw_letter(ui, x, y, s * 1.15f, "?");
        return;
    case LESSON_CONFIG:
        draw_sliders(ui, x, y, s, ink);
        return;
    case LESSON_TYPE:
        draw_letter(ui, x, y, s * 1.15f, ">_");
        return;
    case LESSON_CLICK:
        draw_target(ui, x, y, s, ink);
        return;
    case LESSON_ACT:
        draw_letter(ui, x, y, s * 1.15f, "\xE2\x87\x84");
        return;
    case LESSON_STEP_KINDS:
        return;
    }
}

/* What is thought is round, what is done is square, what is looked at has cut corners. */
static void draw_shape(struct ui *ui, struct draw_box box, enum lesson_step_kind kind)
{
    const struct theme *theme = ui->theme;
    bool is_look = kind == LESSON_READ || kind == LESSON_CLICK;
    float c = box.h * 0.3f, r = box.x + box.w, b = box.y + box.h;
    const float points[] = {box.x + c, box.y, r - c,     box.y, r,     box.y + c, r,     b - c,
                            r - c,     b,     box.x + c, b,     box.x, b - c,     box.x, box.y + c};
    if (is_look)
        draw_polygon(ui->list, points, 8, theme->accent_soft, theme->accent, 1.5f);
    else
        draw_rect(ui->list, box, kind == LESSON_PREDICT ? box.h / 2 : 3, theme->accent_soft,
                  theme->accent, 1.5f);
}

/* The sign alone has the shape: a word in a frame would look like something to press. */
float lesson_kind_draw(struct ui *ui, float x, float y, float size, enum lesson_step_kind kind)
{
    struct slice word = slice_of(lesson_kind_word(kind));
    float h = draw_line_height(size) + 6, gap = ceilf(size * 0.5f);
    float w = ceilf(draw_width(ui->list, DRAW_FONT_BOLD, size, word)) + 2;
    draw_shape(ui, (struct draw_box){x, y, h, h}, kind);
    draw_kind_sign(ui, kind, x + h / 2, y + h / 2, size);
    ui_label(ui, (struct draw_box){x + h + gap, y, w, h}, DRAW_ALIGN_LEFT, DRAW_FONT_BOLD, size,
             ui->theme->ink_soft, word);
    return h + gap + w;
}

/* ---- its question ---- */

bool lesson_is_seen(const struct view_course *course, size_t step)
{
    if (course->is_lecture)
        return step != course->step || course->is_revealed;
    if (course->step >= course->scene->step_count)
        return true;
    for (size_t i = lesson_seen_by(course->scene, step); i > step && i < course->scene->step_count;
         i++)
        if (lesson_is_begun(course, i))
            return true;
    return false;
}

struct quiz_ask lesson_ask(const struct view_course *course)
{
    const struct lesson_step *step = lesson_step_shown(course);
    if (!step || !step->ask)
        return (struct quiz_ask){0};
    const struct verdict_step *v = lesson_step_verdict(course, course->step);
    if (course->is_lecture)
        return (struct quiz_ask){.question = step->ask,
                                 .step = step->id,
                                 .seed = 7 * course->step + 1,
                                 .told = course->is_revealed ? QUIZ_TOLD : QUIZ_ASKED,
                                 .says_all = true,
                                 .shows_key = course->is_revealed};
    bool is_prediction = step->kind == LESSON_PREDICT, has_answer = v->answer.size > 0;
    bool is_seen = is_prediction && lesson_is_seen(course, course->step);
    enum quiz_told told = !has_answer                               ? QUIZ_ASKED
                          : is_seen                                 ? QUIZ_TOLD
                          : is_prediction                           ? QUIZ_COMMITTED
                          : v->is_correct || course->scene->is_exam ? QUIZ_TOLD
                                                                    : QUIZ_TRIED;
    return (struct quiz_ask){
        .question = step->ask,
        .answer = v->answer,
        .step = step->id,
        .seed = 7 * course->step + 1,
        .told = told,
        .is_final = course->scene->is_exam,
        .is_open = !(has_answer && (is_seen || v->is_correct || course->scene->is_exam))};
}

static const char *const ask_first = TR("Step {step}: first answer what is asked.");

/* What is to be done first, and what is said when something of it was. */
struct locked_words {
    const char *first, *then;
};

static struct locked_words locked_words(const struct view *view)
{
    static const char *const watch = TR("Step {step}: not there yet. Let it run on.");
    static const char *const half =
        TR("Step {step}: not all that it asks for has happened yet. Take a hint, or try it again.");
    static const char *const first_words[] = {
        [LESSON_FIRST_PLAY] = TR("Step {step}: press Play, or To the end."),
        [LESSON_FIRST_FETCH] = TR("Step {step}: get the mail, then let it run."),
        [LESSON_FIRST_MAIL] = TR("Step {step}: open a mail program above, then let it run."),
    };
    const struct lesson_step *step = lesson_step_shown(lesson_course(view));
    switch (step->kind) {
    case LESSON_RUN:
        return (struct locked_words){first_words[lesson_first_deed(view)], watch};
    case LESSON_SEND:
        return (struct locked_words){TR("Step {step}: write the message, send it, and let it run."),
                                     watch};
    case LESSON_FAULT:
        return (struct locked_words){TR("Step {step}: switch it with the button above."), half};
    case LESSON_CONFIG:
        return (struct locked_words){TR("Step {step}: open the settings above and change them."),
                                     half};
    case LESSON_TYPE:
    case LESSON_ACT:
        if (step->kind == LESSON_ACT && step->ask) /* the part is played by answering */
            break;
        return (struct locked_words){TR("Step {step}: open the console above and type."), half};
    case LESSON_PREDICT:
    case LESSON_READ:
    case LESSON_CLICK:
    case LESSON_STEP_KINDS:
        break;
    }
    if (!step->ask)
        return (struct locked_words){watch, watch};
    return (struct locked_words){ask_first, half};
}

static struct slice say_locked(const struct view_course *course, struct arena *arena,
                               const char *words)
{
    return WORDS_SAY(arena, tr(words), {"step", arena_printf(arena, "%zu", course->step + 1)});
}

static bool is_tried(const struct view *view, const struct lesson_step *step)
{
    const struct view_course *course = lesson_course(view);
    return lesson_is_begun(course, course->step) ||
           (step->kind == LESSON_RUN && view->t > view->lesson->begun_t);
}

struct slice lesson_locked(const struct view *view, struct arena *arena)
{
    const struct view_course *course = lesson_course(view);
    const struct lesson_step *step = lesson_step_shown(course);
    if (!step || course->is_lecture)
        return SLICE("");
    const struct verdict_step *v = lesson_step_verdict(course, course->step);
    if (step->kind == LESSON_PREDICT && step->ask && v->answer.size == 0)
        return say_locked(course, arena, TR("Step {step}: first say what you expect."));
    if (v->is_unlocked)
        return SLICE("");
    struct locked_words words = locked_words(view);
    return say_locked(course, arena, is_tried(view, step) ? words.then : words.first);
}

struct slice lesson_to_do(const struct view *view, struct arena *arena)
{
    const struct view_course *course = lesson_course(view);
    const struct lesson_step *step = lesson_step_shown(course);
    struct slice locked = lesson_locked(view, arena);
    if (locked.size > 0 || !step || course->is_lecture)
        return locked;
    bool is_thought = step->kind == LESSON_PREDICT || step->kind == LESSON_READ;
    bool is_asked = step->ask && lesson_step_verdict(course, course->step)->answer.size == 0;
    if (is_thought && !is_asked)
        return SLICE("");
    if (is_asked && (is_thought || step->kind == LESSON_CLICK || is_tried(view, step)))
        return say_locked(course, arena, ask_first);
    return is_tried(view, step) ? SLICE("") : say_locked(course, arena, locked_words(view).first);
}

/* ---- what goes before it ---- */

static bool has_opening(const struct view *view)
{
    return !view->is_compact && !view->lesson->is_tight;
}

static void draw_opening(struct flow *flow, const struct view_course *course)
{
    flow_text(flow, DRAW_FONT_SANS, flow->view->ui.theme->ink_soft, course->lesson->objective);
    flow_line(flow);
}

/* What the user says who has called. */
static void draw_complaint(struct flow *flow, struct slice complaint)
{
    struct ui *ui = &flow->view->ui;
    float w = flow->w - 24;
    float h = rich_height(ui, w, DRAW_FONT_SANS, flow->size, complaint);
    draw_rect(ui->list, (struct draw_box){flow->x, flow->y, flow->w, h + 16}, 6, ui->theme->card,
              ui->theme->card_edge, 1);
    draw_rect(ui->list, (struct draw_box){flow->x, flow->y, 5, h + 16}, 2, ui->theme->waiting, 0,
              0);
    rich_text(ui, (struct draw_box){flow->x + 14, flow->y + 8, w, h}, DRAW_FONT_SANS, flow->size,
              ui->theme->ink, complaint, true);
    flow_gap(flow, h + 26);
}

static void draw_tag(struct flow *flow, const struct view_course *course,
                     const struct lesson_step *step)
{
    struct ui *ui = &flow->view->ui;
    const struct theme *theme = ui->theme;
    float size = theme->size_text, h = draw_line_height(size) + 6;
    float w = lesson_kind_draw(ui, flow->x, flow->y, size, step->kind);
    struct slice far = arena_printf(&ui->list->arena, tr("Step %zu of %zu"), course->step + 1,
                                    course->scene->step_count);
    ui_label(ui, (struct draw_box){flow->x + w + 10, flow->y, flow->w - w - 10, h}, DRAW_ALIGN_LEFT,
             DRAW_FONT_SANS, size, theme->ink_soft, far);
    flow_gap(flow, h + 8);
}

/* ---- what comes after it ---- */

static void draw_hints(struct flow *flow, const struct view_course *course,
                       const struct lesson_step *step)
{
    struct ui *ui = &flow->view->ui;
    for (size_t i = 0; i < course->hints_shown && i < step->hints.count; i++) {
        struct slice text = arena_printf(&ui->list->arena, tr("*Hint %zu:* %.*s"), i + 1,
                                         SLICE_ARG(step->hints.items[i]));
        float w = flow->w - 24, h = rich_height(ui, w, DRAW_FONT_SANS, flow->size, text);
        draw_rect(ui->list, (struct draw_box){flow->x, flow->y, flow->w, h + 14}, 6,
                  ui->theme->accent_soft, 0, 0);
        rich_text(ui, (struct draw_box){flow->x + 12, flow->y + 7, w, h}, DRAW_FONT_SANS,
                  flow->size, ui->theme->ink, text, true);
        flow_gap(flow, h + 22);
    }
}

size_t lesson_prediction(const struct view *view)
{
    const struct view_course *course = lesson_course(view);
    const struct lesson_scene *scene = course->scene;
    bool is_locked =
        lesson_step_shown(course) && !lesson_step_verdict(course, course->step)->is_unlocked;
    if (!view->lesson->has_seen || is_locked)
        return scene->step_count;
    for (size_t i = course->step; i-- > 0;) {
        if (scene->steps[i].kind != LESSON_PREDICT)
            continue;
        size_t seen =
            lesson_seen_by(scene, i); /* there, or behind it for who went on before that */
        bool is_late = course->step == seen + 1 && !view->lesson->was_told;
        bool is_due =
            (course->step == seen || is_late) && lesson_block_end(scene, i) > course->step;
        bool is_answered = lesson_step_verdict(course, i)->answer.size > 0;
        return is_due && is_answered && scene->steps[i].ask ? i : scene->step_count;
    }
    return scene->step_count;
}

static void draw_prediction(struct flow *flow, const struct view_course *course)
{
    struct ui *ui = &flow->view->ui;
    size_t i = lesson_prediction(flow->view);
    if (i == course->scene->step_count)
        return;
    flow->view->lesson->has_told = true;
    const struct verdict_step *v = lesson_step_verdict(course, i);
    struct arena *arena = &ui->list->arena;
    struct slice said = question_answer_text(course->scene->steps[i].ask, v->answer, arena);
    struct slice text = arena_printf(arena, tr("You predicted: *%.*s*"), SLICE_ARG(said));
    float room = flow->size * 1.9f;
    flow_line(flow);
    float h = rich_height(ui, flow->w - room, DRAW_FONT_SANS, flow->size, text);
    quiz_sign_draw(ui,
                   v->answered.is_kept    ? QUIZ_NO_SIGN
                   : v->answered.is_right ? QUIZ_RIGHT
                                          : QUIZ_WRONG,
                   flow->x + flow->size * 0.7f, flow->y + draw_line_height(flow->size) / 2,
                   flow->size * 1.2f);
    rich_text(ui, (struct draw_box){flow->x + room, flow->y, flow->w - room, h}, DRAW_FONT_SANS,
              flow->size, ui->theme->ink, text, true);
    flow_gap(flow, h + 4);
    for (size_t k = 0; k < v->answered.feedback_count; k++)
        flow_text(flow, DRAW_FONT_SANS, ui->theme->ink_soft, v->answered.feedback[k]);
    if (v->answered.is_kept)
        flow_text(flow, DRAW_FONT_SANS, ui->theme->ink_soft,
                  slice_of(tr("Kept for your teacher.")));
    flow_gap(flow, 6);
}

struct slice lesson_reveal(const struct view *view, struct arena *arena)
{
    const struct view_course *course = lesson_course(view);
    const struct lesson_step *step = lesson_step_shown(course);
    if (!step)
        return SLICE("");
    bool is_over = step->ask ? lesson_ask(course).told == QUIZ_TOLD : view->lesson->has_seen;
    return is_over && lesson_locked(view, arena).size == 0 ? step->reveal : SLICE("");
}

static void draw_reveal(struct flow *flow)
{
    struct slice text = lesson_reveal(flow->view, &flow->view->ui.list->arena);
    if (text.size == 0)
        return;
    flow_line(flow);
    flow_text(flow, DRAW_FONT_SANS, flow->view->ui.theme->ink, text);
    flow_gap(flow, 6);
}

/* Both, and once all of it in sight: it comes while something else is looked at. */
static void draw_outcome(struct flow *flow, const struct view_course *course)
{
    bool *has_come_in = &flow->view->lesson->has_come_in;
    flow_gap(flow, 0);
    float top = flow->y;
    draw_prediction(flow, course);
    draw_reveal(flow);
    if (flow->y <= top || *has_come_in)
        return;
    float h = flow->y - top;
    flow->y = top;
    flow_show(flow, h);
    flow->y += h;
    *has_come_in = true;
}

/* ---- what it is all about ---- */

enum { BULLET = 16 };

static float about_height(struct flow *flow, const struct lesson *lesson)
{
    struct ui *ui = &flow->view->ui;
    float h = 6;
    for (size_t i = 0; i < lesson->watch.count; i++)
        h += 4 +
             rich_height(ui, flow->w - BULLET, DRAW_FONT_SANS, flow->size, lesson->watch.items[i]);
    return h;
}

static void draw_watch(struct flow *flow, const struct lesson_texts *watch)
{
    const struct theme *theme = flow->view->ui.theme;
    for (size_t i = 0; i < watch->count; i++) {
        flow_gap(flow, 4);
        draw_oval(
            flow->view->ui.list,
            (struct draw_box){flow->x + 3, flow->y + draw_line_height(flow->size) / 2 - 2, 5, 5},
            theme->ink_soft, 0, 0);
        flow->x += BULLET;
        flow->w -= BULLET;
        flow_text(flow, DRAW_FONT_SANS, theme->ink_soft, watch->items[i]);
        flow->x -= BULLET;
        flow->w += BULLET;
    }
    flow_gap(flow, 6);
}

/* With the first step what the picture will show, where it is not cut off below; with the others
   all of it when it is asked for, so that the step itself is whole. */
static void draw_about(struct flow *flow, const struct view_course *course)
{
    struct lesson_panel *panel = flow->view->lesson;
    const struct lesson *lesson = course->lesson;
    bool is_first = course->step == 0, has_all = !is_first || !has_opening(flow->view);
    flow_line(flow);
    if (!has_all && lesson->watch.count == 0)
        return;
    struct slice title = slice_of(has_all ? tr("About this lesson") : tr("What to watch"));
    float below = flow_fold_height(flow, title) * 2; /* its own line and the checks' */
    bool fits = flow->y - flow->top + below + about_height(flow, lesson) + 8 <= flow->box.h;
    panel->shows_about =
        panel->about == ABOUT_OPEN || (panel->about == ABOUT_IF_IT_FITS && !has_all && fits);
    flow_fold(flow, "lesson-about", title, panel->shows_about, lesson_about_act);
    if (panel->shows_about && has_all)
        flow_text(flow, DRAW_FONT_SANS, flow->view->ui.theme->ink_soft, lesson->objective);
    if (panel->shows_about)
        draw_watch(flow, &lesson->watch);
}

void lesson_step_draw(struct flow *flow, const struct view_course *course)
{
    const struct theme *theme = flow->view->ui.theme;
    const struct lesson_step *step = lesson_step_shown(course);
    bool is_done = lesson_is_done(course, course->step);
    if (course->step == 0 && has_opening(flow->view))
        draw_opening(flow, course);
    if (course->scene->complaint.size > 0)
        draw_complaint(flow, course->scene->complaint);
    draw_tag(flow, course, step);
    flow->size = theme->size_text * 1.1f;
    flow_text(flow, DRAW_FONT_SANS, theme->ink, step->text);
    flow->size = theme->size_text;
    flow_gap(flow, 10);
    lesson_deeds_draw(flow, step);
    if (step->ask)
        quiz_form_draw(flow, QUIZ_FORM_STEP, "answer");
    draw_outcome(flow, course);
    draw_hints(flow, course, step);
    if (is_done && !course->scene->is_exam) {
        flow_button(flow, "lesson-retry", tr("Try this step again"), lesson_retry_act, 0, 0);
        flow_gap(flow, 8);
    }
    flow_gap(flow, 0);
    flow->view->lesson->own = flow->y - flow->top;
    draw_about(flow, course);
    lesson_checks_draw(flow, course);
}
