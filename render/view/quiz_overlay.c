/* A round of questions over everything else: one at a time, and what came of all. */
#include <math.h>
#include <stdio.h>
#include <string.h>

#include "render/draw/mark.h"
#include "render/view/lesson_panel.h"

enum { TOPICS_MAX = 24 };

static const struct view_quiz *quiz_of(const struct view *view)
{
    const struct view_course *course = lesson_course(view);
    return course ? course->quiz : NULL;
}

static struct quiz_form *form_of(const struct view *view)
{
    return &view->lesson->forms[QUIZ_FORM_ROUND];
}

static struct quiz_ask ask_of(const struct view_quiz *quiz)
{
    bool is_answered = quiz->answer.size > 0;
    return (struct quiz_ask){.question = quiz->question,
                             .answer = quiz->answer,
                             .seed = quiz->seed,
                             .told = is_answered ? QUIZ_TOLD : QUIZ_ASKED,
                             .is_shuffled = true,
                             .says_all = true,
                             .is_open = !is_answered};
}

/* ---- what is done ---- */

static void next_act(struct view *view, uint32_t arg)
{
    (void)arg;
    lesson_panel_of(view)->scroll_quiz = 0;
    lesson_send(view, "reply next");
}

/* The run is looked at without the question lying over it. */
static void show_act(struct view *view, uint32_t arg)
{
    (void)arg;
    lesson_panel_of(view)->is_aside = true;
    lesson_panel_of(view)->is_folded = false;
    lesson_send(view, "show");
}

static void save_act(struct view *view, uint32_t arg)
{
    (void)arg;
    lesson_send(view, "reply save");
}

static void end_act(struct view *view, uint32_t arg)
{
    (void)arg;
    overlay_close(view);
}

static void begin_topic(struct view *view, const char *topic)
{
    lesson_panel_of(view)->is_aside = false;
    lesson_panel_of(view)->topic = topic;
    lesson_send(view, "quiz %s", topic);
}

void quiz_topic_act(struct view *view, uint32_t arg)
{
    if (arg < question_topic_count)
        begin_topic(view, question_topics[arg]);
}

static void again_act(struct view *view, uint32_t arg)
{
    const char *topic = lesson_panel_of(view)->topic;
    if (topic)
        begin_topic(view, topic);
    else
        lesson_quiz_act(view, arg);
}

void quiz_closed(struct view *view)
{
    lesson_panel_of(view)->is_aside = true; /* until the program has ended it */
    lesson_send(view, "quiz end");
}

void quiz_back_act(struct view *view, uint32_t arg)
{
    (void)arg;
    lesson_panel_of(view)->is_aside = false;
}

bool quiz_key(struct view *view, int key)
{
    const struct view_quiz *quiz = quiz_of(view);
    if (!quiz)
        return false;
    if (key == INPUT_KEY_PAGE_UP || key == INPUT_KEY_PAGE_DOWN) {
        lesson_panel_of(view)->scroll_quiz +=
            (key == INPUT_KEY_PAGE_UP ? -8 : 8) * row_height(theme_get(view->theme));
        return true;
    }
    if (key != INPUT_KEY_ENTER)
        return quiz->question && quiz_form_key(view, QUIZ_FORM_ROUND, key);
    if (!quiz->question)
        end_act(view, 0);
    else if (quiz->answer.size > 0)
        next_act(view, 0);
    else
        quiz_form_submit(view, QUIZ_FORM_ROUND);
    return true;
}

static void turn(struct view *view, uint32_t arg, float lines)
{
    (void)arg;
    lesson_panel_of(view)->scroll_quiz -= 3 * lines * row_height(view->ui.theme);
}

/* ---- the question ---- */

/* Points of the notes that a lesson goes back to ("B63") are for teachers. */
static bool is_for_all(struct slice source)
{
    return slice_find_octet(source, ' ', 0) != SLICE_NONE;
}

/* How far, as a bar, with what was right in words beside it. */
static void draw_progress(struct view *view, struct draw_box box, const struct view_quiz *quiz)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct slice text = SLICE("");
    if (quiz->answered > 0)
        text = arena_printf(&ui->list->arena, tr("%zu of %zu right so far"), quiz->right,
                            quiz->answered);
    float w = ceilf(draw_width(ui->list, DRAW_FONT_SANS, theme->size_text, text)) + 2;
    ui_label(ui, ui_cut_right(&box, w), DRAW_ALIGN_RIGHT, DRAW_FONT_SANS, theme->size_text,
             theme->ink_soft, text);
    ui_cut_right(&box, text.size ? 14 : 0);
    struct draw_box bar = {box.x, box.y + box.h / 2 - 4, box.w, 8};
    draw_rect(ui->list, bar, 4, theme->card, theme->card_edge, 1);
    size_t done = quiz->question ? quiz->number - 1 + (quiz->answer.size > 0) : quiz->count;
    if (quiz->count > 0 && done > 0)
        draw_rect(ui->list,
                  (struct draw_box){bar.x, bar.y, bar.w * (float)done / (float)quiz->count, bar.h},
                  4, theme->accent, 0, 0);
}

static void draw_sources(struct flow *flow, const struct question *q)
{
    struct slice text = SLICE("");
    struct arena *arena = &flow->view->ui.list->arena;
    for (size_t i = 0; i < q->source_count; i++)
        if (is_for_all(q->sources[i]))
            text = arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(text), text.size ? ", " : "",
                                SLICE_ARG(q->sources[i]));
    if (text.size == 0)
        return;
    flow_gap(flow, 4);
    flow_text(flow, DRAW_FONT_SANS, flow->view->ui.theme->ink_soft,
              arena_printf(arena, tr("Where it stands: %.*s"), SLICE_ARG(text)));
}

static void draw_question(struct flow *flow, const struct view_quiz *quiz)
{
    quiz_form_draw(flow, QUIZ_FORM_ROUND, "quiz");
    if (quiz->answer.size > 0)
        draw_sources(flow, quiz->question);
}

/* ---- the result ---- */

static void add_topic(struct slice *topics, size_t *count, struct slice topic)
{
    for (size_t i = 0; i < *count; i++)
        if (slice_equal(topics[i], topic))
            return;
    if (*count < TOPICS_MAX)
        topics[(*count)++] = topic;
}

static void draw_topics(struct flow *flow, const struct view_quiz *quiz)
{
    struct slice topics[TOPICS_MAX], text = SLICE("");
    struct arena *arena = &flow->view->ui.list->arena;
    size_t count = 0;
    for (size_t i = 0; i < quiz->missed_count; i++)
        for (size_t k = 0; k < quiz->missed[i]->topic_count; k++)
            add_topic(topics, &count, quiz->missed[i]->topics[k]);
    for (size_t i = 0; i < count; i++)
        text =
            arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(text), i ? ", " : "", SLICE_ARG(topics[i]));
    if (count == 0)
        return;
    flow_text(flow, DRAW_FONT_SANS, flow->view->ui.theme->ink,
              arena_printf(arena, tr("Look again at: *%.*s*"), SLICE_ARG(text)));
    flow_gap(flow, 12);
}

static void draw_missed(struct flow *flow, const struct question *q)
{
    struct ui *ui = &flow->view->ui;
    const struct theme *theme = ui->theme;
    struct arena *arena = &ui->list->arena;
    float room = flow->size * 1.9f;
    struct slice key = question_answer_text(q, question_solution(q, arena), arena);
    quiz_sign_draw(ui, QUIZ_WRONG, flow->x + flow->size * 0.7f,
                   flow->y + draw_line_height(flow->size) / 2, flow->size * 1.2f);
    flow->x += room;
    flow->w -= room;
    flow_text(flow, DRAW_FONT_SANS, theme->ink,
              arena_printf(arena, "*%.*s*  %.*s", SLICE_ARG(q->id), SLICE_ARG(q->prompt)));
    flow_text(flow, DRAW_FONT_SANS, theme->ink_soft,
              arena_printf(arena, tr("It is: %.*s"), SLICE_ARG(key)));
    flow->x -= room;
    flow->w += room;
    flow_gap(flow, 10);
}

static void draw_result(struct flow *flow, const struct view_quiz *quiz)
{
    struct ui *ui = &flow->view->ui;
    const struct theme *theme = ui->theme;
    float size = flow->size;
    flow->size = theme->size_title * 1.5f;
    flow_text(flow, DRAW_FONT_BOLD, theme->ink,
              arena_printf(&ui->list->arena, tr("%zu of %zu right"), quiz->right, quiz->answered));
    flow->size = size;
    flow_gap(flow, 10);
    if (quiz->kept > 0)
        flow_text(flow, DRAW_FONT_SANS, theme->ink,
                  arena_printf(&ui->list->arena, tr("%zu kept for your teacher"), quiz->kept));
    else if (quiz->missed_count == 0)
        flow_text(flow, DRAW_FONT_SANS, theme->ink,
                  slice_of(tr("Nothing was missed. What was asked comes back later, less and less "
                              "often.")));
    else
        flow_text(flow, DRAW_FONT_SANS, theme->ink,
                  slice_of(tr("What was missed comes back soon, in this lesson or another.")));
    flow_gap(flow, 12);
    if (quiz->saved.size > 0) {
        flow_text(flow, DRAW_FONT_BOLD, theme->ink,
                  arena_printf(&ui->list->arena, "%s %.*s", tr("Saved"), SLICE_ARG(quiz->saved)));
        flow_gap(flow, 12);
    }
    draw_topics(flow, quiz);
    for (size_t i = 0; i < quiz->missed_count; i++)
        draw_missed(flow, quiz->missed[i]);
}

/* ---- as a whole ---- */

static float label_width(struct view *view, const char *label)
{
    return ceilf(draw_width(view->ui.list, DRAW_FONT_SANS, view->ui.theme->size_text,
                            slice_of(label))) +
           28;
}

static const char *keys_of(enum question_type type)
{
    switch (type) {
    case QUESTION_TF:
    case QUESTION_SINGLE:
    case QUESTION_CLICK:
        return tr("Its letter or number answers.");
    case QUESTION_MULTI:
        return tr("Letters choose, Enter answers.");
    case QUESTION_ORDER:
    case QUESTION_NUM:
    case QUESTION_SHORT:
        return tr("Enter answers.");
    case QUESTION_MATCH:
    case QUESTION_TYPES:
        return tr("Ctrl + Enter answers.");
    }
    return "";
}

static void draw_foot(struct view *view, struct draw_box row, const struct view_quiz *quiz)
{
    struct ui *ui = &view->ui;
    bool is_answered = quiz->question && quiz->answer.size > 0;
    const char *next = !quiz->question               ? tr("Back to the lesson  Enter")
                       : quiz->number == quiz->count ? tr("Result  Enter")
                                                     : tr("Next  Enter");
    bool has_next = is_answered || !quiz->question;
    struct draw_box right = ui_cut_right(&row, has_next ? label_width(view, next) : 0);
    if (quiz->question && quiz->can_show && is_answered)
        ui_button(ui, "quiz-show", ui_cut_left(&row, label_width(view, tr("Show me"))),
                  tr("Show me"), show_act, 0, 0);
    if (!quiz->question)
        ui_button(ui, "quiz-again", ui_cut_left(&row, label_width(view, tr("Once more"))),
                  tr("Once more"), again_act, 0, 0);
    if (!quiz->question && quiz->answered + quiz->kept > 0) {
        ui_cut_left(&row, 10);
        bool has_room = label_width(view, tr("Save the result")) + 10 <= row.w;
        const char *save = has_room ? tr("Save the result") : tr("Save");
        ui_button(ui, "quiz-save", ui_cut_left(&row, label_width(view, save)), save, save_act, 0,
                  0);
        ui_tip(ui, slice_of(tr("As a text file, to be handed in")));
    }
    if (has_next)
        ui_button(ui, "quiz-next", right, next, quiz->question ? next_act : end_act, 0, UI_PRIMARY);
    else
        ui_label(ui, row, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, ui->theme->size_text,
                 ui->theme->ink_soft, slice_of(keys_of(quiz->question->type)));
}

static void draw_quiz(struct view *view, struct draw_box all)
{
    struct ui *ui = &view->ui;
    const struct theme *theme = ui->theme;
    struct lesson_panel *panel = lesson_panel_of(view);
    const struct view_quiz *quiz = quiz_of(view);
    if (!quiz)
        return;
    struct slice title = quiz->question ? arena_printf(&ui->list->arena, tr("Question %zu of %zu"),
                                                       quiz->number, quiz->count)
                                        : slice_of(tr("The round is over"));
    struct draw_box inside = overlay_frame(view, all, theme->size_text * 50,
                                           fminf(all.h * 0.92f, theme->size_text * 52), title.data);
    draw_progress(view, ui_cut_top(&inside, draw_line_height(theme->size_text)), quiz);
    ui_cut_top(&inside, 8);
    draw_foot(view, ui_cut_bottom(&inside, button_height(theme)), quiz);
    ui_cut_bottom(&inside, 10);
    struct draw_box body = {inside.x - 4, inside.y, inside.w + 8, inside.h};
    ui_clip(ui, body);
    ui_wheel(ui, "quiz-wheel", body, turn, 0);
    struct flow flow =
        flow_begin(view, ui_inset(body, 4), panel->scroll_quiz, theme->size_text * 1.1f);
    if (quiz->question)
        draw_question(&flow, quiz);
    else
        draw_result(&flow, quiz);
    panel->whole_quiz = flow_end(&flow, &panel->scroll_quiz, panel->followed_quiz);
    ui_unclip(ui);
    body.w += 10;
    scroll_bar_draw(view, body, panel->whole_quiz, panel->scroll_quiz);
}

static void open_quiz(struct view *view)
{
    lesson_panel_of(view)->scroll_quiz = 0;
}

static void submit(struct view *view, uint32_t arg)
{
    (void)arg;
    (void)quiz_key(view, INPUT_KEY_ENTER);
}

const struct overlay quiz_overlay = {
    .name = "quiz", .open = open_quiz, .draw = draw_quiz, .submit = submit};

void quiz_frame(struct view *view)
{
    const struct view_quiz *quiz = quiz_of(view);
    if (quiz && quiz->question) {
        struct quiz_ask ask = ask_of(quiz);
        quiz_form_set(form_of(view), &ask);
    } else if (view->lesson)
        quiz_form_forget(form_of(view));
}

void quiz_tell(const struct view *view, struct arena *arena, struct bytes *out)
{
    const struct view_quiz *quiz = quiz_of(view);
    if (!quiz)
        return;
    if (!quiz->question) {
        (void)(bytes_printf(out, tr("%zu of %zu right"), quiz->right, quiz->answered) &&
               bytes_append_octet(out, '\n'));
        if (quiz->kept > 0)
            (void)(bytes_printf(out, tr("%zu kept for your teacher"), quiz->kept) &&
                   bytes_append_octet(out, '\n'));
        for (size_t i = 0; i < quiz->missed_count; i++)
            (void)bytes_printf(out, "%.*s  %.*s\n", SLICE_ARG(quiz->missed[i]->id),
                               SLICE_ARG(quiz->missed[i]->prompt));
        return;
    }
    (void)(bytes_printf(out, tr("Question %zu of %zu"), quiz->number, quiz->count) &&
           bytes_append_octet(out, '\n'));
    if (form_of(view)->ask.question)
        quiz_form_tell(form_of(view), arena, out);
}
