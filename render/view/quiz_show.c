/* A question as a whole: what is asked, how it is answered, what is said to the answer. */
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/quiz_form.h"

static bool is_typed(const struct question *q)
{
    return q->type == QUESTION_NUM || q->type == QUESTION_SHORT;
}

/* ---- how it is to be done ---- */

/* NULL: that goes without saying. */
static const char *way_of(const struct quiz_form *form)
{
    switch (form->ask.question->type) {
    case QUESTION_MULTI:
        return tr("Choose all that are right.");
    case QUESTION_MATCH:
        return tr("Give each one what belongs to it.");
    case QUESTION_ORDER:
        return tr("Put them in order: the arrows, or the keys \xE2\x86\x91 and \xE2\x86\x93, move "
                  "a row.");
    case QUESTION_CLICK:
        return form->ask.step.size && !form->ask.is_final
                   ? tr("Press it on the picture, or choose it here.")
                   : tr("Choose one.");
    case QUESTION_TF:
    case QUESTION_SINGLE:
    case QUESTION_SHORT:
    case QUESTION_NUM:
    case QUESTION_TYPES:
        return NULL;
    }
    return NULL;
}

/* ---- what is typed ---- */

static bool field_key(struct view *view, uint32_t arg, int key)
{
    if (key != INPUT_KEY_ENTER)
        return false;
    quiz_form_submit(view, arg);
    return true;
}

static void draw_field(struct flow *flow, struct quiz_form *form, enum quiz_form_id id,
                       const char *prefix)
{
    struct ui *ui = &flow->view->ui;
    const struct question *q = form->ask.question;
    bool is_short = q->type == QUESTION_SHORT;
    float h = is_short ? 4 * draw_line_height(ui->theme->size_text) + 12 : button_height(ui->theme);
    char name[UI_NAME];
    snprintf(name, sizeof name, "%s-text", prefix);
    flow_gap(flow, 0);
    struct draw_box box = {flow->x, flow->y, flow->w, h};
    if (!is_short)
        box.w = fminf(box.w, ui->theme->size_text * 10);
    ui_field(ui, name, box, &form->edit,
             &(struct ui_field_ways){.is_lines = is_short,
                                     .key = field_key,
                                     .arg = (uint32_t)id,
                                     .hint = is_short ? tr("In your own words; Enter sends it")
                                                      : tr("A number")});
    flow_keep_focus(flow, box);
    struct draw_box unit = {box.x + box.w + 10, box.y, flow->x + flow->w - box.x - box.w - 10, h};
    if (!is_short)
        ui_label_any(ui, unit, DRAW_ALIGN_LEFT, DRAW_FONT_SANS, ui->theme->size_text,
                     ui->theme->ink, q->unit);
    flow_gap(flow, h + 8);
}

/* ---- what is said to the answer ---- */

static struct slice word_of(const struct quiz_form *form, struct arena *arena)
{
    if (form->ask.told == QUIZ_COMMITTED)
        return slice_of(tr("You have committed yourself. Now see what happens."));
    if (form->verdict.is_kept)
        return slice_of(tr("Kept for your teacher."));
    if (form->verdict.is_right)
        return slice_of(tr("That is so."));
    if (form->verdict.score > 0)
        return arena_printf(arena, tr("Partly so: %u %%"), (unsigned)(form->verdict.score / 10));
    return slice_of(form->ask.told == QUIZ_TOLD ? tr("It is otherwise.")
                                                : tr("Not yet. Try another answer."));
}

static void draw_word(struct flow *flow, struct quiz_form *form)
{
    struct ui *ui = &flow->view->ui;
    const struct theme *theme = ui->theme;
    bool is_committed = form->ask.told == QUIZ_COMMITTED || form->verdict.is_kept;
    bool is_right = form->verdict.is_right;
    struct slice text = word_of(form, &ui->list->arena);
    float room = flow->size * 1.9f, w = flow->w - room;
    float h = rich_height(ui, w, DRAW_FONT_BOLD, flow->size, text);
    flow_gap(flow, 4);
    mark_sign(ui->list, theme,
              is_committed ? MARK_CLOCK
              : is_right   ? MARK_TICK
                           : MARK_CROSS,
              flow->x + flow->size * 0.7f, flow->y + draw_line_height(flow->size) / 2,
              flow->size * 1.3f,
              is_committed ? theme->waiting
              : is_right   ? theme->good
                           : theme->bad);
    rich_text(ui, (struct draw_box){flow->x + room, flow->y, w, h}, DRAW_FONT_BOLD, flow->size,
              theme->ink, text, true);
    if (form->is_new)
        flow_show(flow, h + 4);
    form->is_new = false;
    flow_gap(flow, h + 6);
}

/* What rows do not say. */
static void draw_feedback(struct flow *flow, const struct quiz_form *form)
{
    const struct theme *theme = flow->view->ui.theme;
    const struct question *q = form->ask.question;
    struct arena *arena = &flow->view->ui.list->arena;
    for (size_t i = 0; is_typed(q) && i < form->verdict.feedback_count; i++) {
        flow_text(flow, DRAW_FONT_SANS, theme->ink, form->verdict.feedback[i]);
        flow_gap(flow, 4);
    }
    if (!is_typed(q) && q->note.size > 0)
        flow_text(flow, DRAW_FONT_SANS, theme->ink, q->note);
    if (form->ask.told == QUIZ_TOLD && q->type == QUESTION_SHORT && q->model.size > 0)
        flow_text(flow, DRAW_FONT_SANS, theme->ink_soft,
                  arena_printf(arena, tr("A full answer: %.*s"), SLICE_ARG(q->model)));
    if (form->ask.told == QUIZ_TOLD && q->type == QUESTION_NUM && !form->verdict.is_right &&
        !q->is_sealed)
        flow_text(
            flow, DRAW_FONT_SANS, theme->ink,
            arena_printf(arena, tr("The answer: %.*s"),
                         SLICE_ARG(question_answer_text(q, question_solution(q, arena), arena))));
    flow_gap(flow, 8);
}

/* What was typed; a class has typed nothing, and a text of words is told as a full answer below. */
static void draw_typed(struct flow *flow, const struct quiz_form *form)
{
    bool is_key = form->ask.shows_key;
    if (is_key && form->ask.question->type == QUESTION_SHORT)
        return;
    flow_text(flow, is_key ? DRAW_FONT_BOLD : DRAW_FONT_SANS, flow->view->ui.theme->ink,
              arena_printf(&flow->view->ui.list->arena,
                           is_key ? tr("The answer: %.*s") : tr("You answered: %.*s"),
                           SLICE_ARG(form->answer)));
}

static void draw_sides(struct flow *flow, const struct quiz_form *form)
{
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    (void)question_right_sides(form->ask.question, sides);
    for (size_t i = 0; i < form->side_count; i++) {
        flow_gap(flow, 4);
        flow_text(flow, DRAW_FONT_SANS, flow->view->ui.theme->ink,
                  arena_printf(&flow->view->ui.list->arena, "\xE2\x86\x92 %.*s",
                               SLICE_ARG(sides[form->side_order[i]])));
    }
}

/* A class sees what there is to choose from, beside what it is for. */
static void draw_choices(struct flow *flow, const struct quiz_form *form, enum quiz_form_id id,
                         const char *prefix)
{
    float x = flow->x, w = flow->w, gap = flow->size, top = flow->y;
    bool has_sides = form->ask.question->type == QUESTION_MATCH &&
                     quiz_form_is_before_class(form) && form->ask.told == QUIZ_ASKED;
    if (has_sides)
        flow->w = floorf((w - gap) * (1 - quiz_sides_share(flow, form)));
    quiz_choices_draw(flow, form, id, prefix);
    if (!has_sides)
        return;
    float end = flow->y;
    flow->y = fmaxf(top, flow->box.y); /* seen with each part of a long list */
    flow->x += flow->w + gap;
    flow->w = x + w - flow->x;
    draw_sides(flow, form);
    flow->y = fmaxf(flow->y, end);
    flow->x = x;
    flow->w = w;
}

void quiz_form_draw(struct flow *flow, enum quiz_form_id id, const char *prefix)
{
    struct quiz_form *form = quiz_form_of(flow->view, quiz_arg(id, 0));
    const struct question *q = form->ask.question;
    const struct theme *theme = flow->view->ui.theme;
    const char *way = form->ask.is_open ? way_of(form) : NULL;
    char name[UI_NAME];
    if (q->prompt.size > 0)
        flow_text(flow, DRAW_FONT_BOLD, theme->ink, q->prompt);
    if (way)
        flow_text(flow, DRAW_FONT_SANS, theme->ink_soft, slice_of(way));
    flow_gap(flow, 8);
    if (is_typed(q) && form->ask.is_open)
        draw_field(flow, form, id, prefix);
    else if (is_typed(q) && form->answer.size > 0)
        draw_typed(flow, form);
    else
        draw_choices(flow, form, id, prefix);
    if (quiz_form_has_button(form) && form->ask.is_open) {
        snprintf(name, sizeof name, "%s-send", prefix);
        flow_button(flow, name, tr("Answer"), quiz_form_submit, (uint32_t)id,
                    quiz_form_is_ready(form) ? UI_PRIMARY : UI_DISABLED);
        flow_gap(flow, 8);
    }
    if (form->ask.told == QUIZ_ASKED || form->answer.size == 0)
        return;
    if (!form->ask.shows_key)
        draw_word(flow, form);
    if (form->ask.told >= QUIZ_TRIED)
        draw_feedback(flow, form);
}

/* ---- in words ---- */

static const char *sign_word(enum quiz_sign sign)
{
    switch (sign) {
    case QUIZ_RIGHT:
        return tr(" (right)");
    case QUIZ_WRONG:
        return tr(" (not right)");
    case QUIZ_MISSED:
        return tr(" (would have been right)");
    case QUIZ_NO_SIGN:
        return "";
    }
    return "";
}

static bool tell_choice(const struct quiz_form *form, size_t place, struct arena *arena,
                        struct bytes *out)
{
    const struct question *q = form->ask.question;
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    size_t choice = form->order[place], match = form->match[choice];
    char name[4];
    quiz_place_name(form, place, name);
    if (q->type == QUESTION_MATCH)
        (void)question_right_sides(q, sides);
    bool is_chosen = quiz_form_is_chosen(form, choice) && q->type != QUESTION_MATCH;
    return bytes_printf(out, "  %s  %.*s%s%.*s%s%s\n", name,
                        SLICE_ARG(rich_plain(arena, quiz_choice_text(q, choice))),
                        match ? ": " : "", match ? (int)sides[match - 1].size : 0,
                        match ? sides[match - 1].data : "", is_chosen ? tr(" (chosen)") : "",
                        sign_word(quiz_form_sign(form, choice)));
}

void quiz_form_tell(const struct quiz_form *form, struct arena *arena, struct bytes *out)
{
    const struct question *q = form->ask.question;
    bool ok =
        q->prompt.size == 0 || bytes_printf(out, "%.*s\n", SLICE_ARG(rich_plain(arena, q->prompt)));
    for (size_t place = 0; ok && !is_typed(q) && place < q->choice_count; place++)
        ok = tell_choice(form, place, arena, out);
    if (ok && is_typed(q) && form->answer.size > 0)
        ok = bytes_printf(out, tr("You answered: %.*s"), SLICE_ARG(form->answer)) &&
             bytes_append_octet(out, '\n');
    if (ok && form->ask.told > QUIZ_ASKED && form->answer.size > 0)
        ok = bytes_printf(out, "%.*s\n", SLICE_ARG(word_of(form, arena)));
    for (size_t i = 0; ok && form->ask.told >= QUIZ_TRIED && i < form->verdict.feedback_count; i++)
        ok = bytes_printf(out, "%.*s\n", SLICE_ARG(rich_plain(arena, form->verdict.feedback[i])));
}
