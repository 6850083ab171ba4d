/* The choices of a question, one a row. */
#include <math.h>
#include <stdio.h>

#include "render/draw/mark.h"
#include "render/view/quiz_form.h"

/* ---- what is to be said ---- */

static bool is_answer_letter(const struct quiz_form *form, size_t choice)
{
    struct slice answer = slice_trim(form->answer);
    return answer.size == 1 && (answer.data[0] | 0x20) == (char)('a' + choice);
}

bool quiz_form_is_chosen(const struct quiz_form *form, size_t choice)
{
    const struct question *q = form->ask.question;
    struct slice answer = form->answer;
    if (form->ask.is_final && form->ask.is_open)
        return form->chosen >> choice & 1;
    switch (q->type) {
    case QUESTION_TF:
        return slice_equal_fold(answer, choice == 0 ? SLICE("true") : SLICE("false"));
    case QUESTION_SINGLE:
        return is_answer_letter(form, choice);
    case QUESTION_MULTI:
        return form->chosen >> choice & 1;
    case QUESTION_CLICK:
        return slice_equal(answer, q->choices[choice].id);
    case QUESTION_MATCH:
        return form->match[choice] > 0;
    case QUESTION_ORDER:
    case QUESTION_SHORT:
    case QUESTION_NUM:
    case QUESTION_TYPES:
        return false;
    }
    return false;
}

/* Where in its list the item is shown that belongs in this place. */
static size_t place_of(const struct quiz_form *form, size_t choice)
{
    size_t place = 0;
    while (place < form->ask.question->choice_count && form->order[place] != choice)
        place++;
    return place;
}

static bool is_matched(const struct quiz_form *form, size_t choice)
{
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    size_t count = question_right_sides(form->ask.question, sides), n = form->match[choice];
    return n > 0 && n <= count &&
           slice_equal(sides[n - 1], form->ask.question->choices[choice].right);
}

/* Without the key being told only what was chosen is spoken of. */
enum quiz_sign quiz_form_sign(const struct quiz_form *form, size_t choice)
{
    const struct question *q = form->ask.question;
    if (form->ask.told < QUIZ_TRIED || form->answer.size == 0 || q->is_sealed)
        return QUIZ_NO_SIGN;
    if (q->type == QUESTION_MATCH)
        return is_matched(form, choice) ? QUIZ_RIGHT : QUIZ_WRONG;
    if (q->type == QUESTION_ORDER)
        return place_of(form, choice) == choice ? QUIZ_RIGHT : QUIZ_WRONG;
    bool is_chosen = quiz_form_is_chosen(form, choice);
    if (is_chosen)
        return q->choices[choice].is_right ? QUIZ_RIGHT : QUIZ_WRONG;
    bool is_one_enough = q->type == QUESTION_CLICK && form->verdict.is_right;
    bool is_told = q->choices[choice].is_right && form->ask.told == QUIZ_TOLD;
    return is_told && !is_one_enough ? QUIZ_MISSED : QUIZ_NO_SIGN;
}

void quiz_place_name(const struct quiz_form *form, size_t place, char name[4])
{
    if (form->ask.question->type == QUESTION_ORDER)
        snprintf(name, 4, "%u", (unsigned)(place + 1) % 100);
    else
        snprintf(name, 4, "%c", (char)('A' + place % 26));
}

/* Of what is put in order the right place, too. */
static struct slice feedback_of(const struct quiz_form *form, size_t choice, struct arena *arena)
{
    const struct question *q = form->ask.question;
    enum quiz_sign sign = quiz_form_sign(form, choice);
    if (q->type == QUESTION_ORDER && sign == QUIZ_WRONG && form->ask.told == QUIZ_TOLD)
        return arena_printf(arena, tr("*Place %zu.* %.*s"), choice + 1,
                            SLICE_ARG(q->choices[choice].feedback));
    bool is_part = q->type == QUESTION_MATCH || q->type == QUESTION_ORDER;
    bool is_said =
        is_part ? sign == QUIZ_WRONG
                : sign != QUIZ_NO_SIGN ||
                      (form->ask.says_all && form->ask.told == QUIZ_TOLD && form->answer.size > 0);
    return is_said ? q->choices[choice].feedback : SLICE("");
}

void quiz_sign_draw(struct ui *ui, enum quiz_sign sign, float x, float y, float size)
{
    const struct theme *theme = ui->theme;
    if (sign == QUIZ_RIGHT)
        mark_sign(ui->list, theme, MARK_TICK, x, y, size, theme->good);
    else if (sign == QUIZ_WRONG)
        mark_sign(ui->list, theme, MARK_CROSS, x, y, size, theme->bad);
    else if (sign == QUIZ_MISSED) {
        float half = size / 2;
        draw_line(ui->list, x - half, y, x + half * 0.7f, y, theme->good, theme->line, 0);
        mark_arrow(ui->list, x + half, y, 1, 0, size * 0.6f, true, theme->good, theme->line);
    }
}

/* ---- a row ---- */

/* Where things are in it, for letters of this size. */
struct row {
    struct flow *flow;
    const struct quiz_form *form;
    size_t place, choice;
    float pad, badge, right, text_w;
    float text_h, extra_h, feedback_h;
    struct slice text, feedback, extra; /* extra: the right side that is chosen, or was right */
    bool has_sides;                     /* a few that are short stand beside each other instead */
    bool is_beside;                     /* before a class the extra stands beside the text */
    float extra_w;
    struct draw_box box;
};

/* A finger finds it at any zoom. */
static float mover_side(const struct flow *flow)
{
    return fmaxf(ceilf(flow->size * 1.7f), ceilf(25 / flow->view->zoom));
}

static bool is_square(enum question_type type)
{
    return type == QUESTION_MULTI || type == QUESTION_ORDER || type == QUESTION_MATCH;
}

static struct slice extra_of(const struct quiz_form *form, size_t choice, struct arena *arena)
{
    const struct question *q = form->ask.question;
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    if (q->type != QUESTION_MATCH)
        return SLICE("");
    (void)question_right_sides(q, sides);
    if (form->match[choice] == 0)
        return form->ask.is_open ? slice_of(tr("Choose \xE2\x80\xA6")) : SLICE("");
    if (quiz_form_sign(form, choice) == QUIZ_WRONG && form->ask.told == QUIZ_TOLD)
        return arena_printf(arena, "%.*s \xE2\x86\x92 %.*s",
                            SLICE_ARG(sides[form->match[choice] - 1]),
                            SLICE_ARG(q->choices[choice].right));
    return sides[form->match[choice] - 1];
}

/* "B  pull" */
static struct slice side_label(const struct row *r, size_t place)
{
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    struct arena *arena = &r->flow->view->ui.list->arena;
    (void)question_right_sides(r->form->ask.question, sides);
    return arena_printf(arena, "%c  %.*s", (char)('A' + place),
                        SLICE_ARG(rich_plain(arena, sides[r->form->side_order[place]])));
}

static float side_width(const struct row *r, struct slice label)
{
    struct ui *ui = &r->flow->view->ui;
    return ceilf(draw_width(ui->list, DRAW_FONT_SANS, ui->theme->size_text, label)) + 24;
}

static bool fits_sides(const struct row *r)
{
    enum { SIDES_MOST = 4 };
    float w = 0;
    if (!r->form->ask.is_open || r->form->side_count > SIDES_MOST)
        return false;
    for (size_t i = 0; i < r->form->side_count; i++)
        w += side_width(r, side_label(r, i)) + 6;
    return r->form->side_count > 0 && w <= r->text_w;
}

float quiz_sides_share(const struct flow *flow, const struct quiz_form *form)
{
    const struct question *q = form->ask.question;
    struct ui *ui = &flow->view->ui;
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    size_t count = question_right_sides(q, sides);
    float left = 1, right = 1;
    for (size_t i = 0; i < q->choice_count; i++) {
        struct slice text = rich_plain(&ui->list->arena, q->choices[i].text);
        left = fmaxf(left, draw_width(ui->list, DRAW_FONT_SANS, flow->size, text));
    }
    for (size_t i = 0; i < count; i++) {
        struct slice text = rich_plain(&ui->list->arena, sides[i]);
        right = fmaxf(right, draw_width(ui->list, DRAW_FONT_SANS, flow->size, text));
    }
    return fminf(fmaxf(right / (left + right), 0.25f), 0.6f);
}

/* A class sees all pairs at once. */
static void measure_beside(struct row *r)
{
    r->is_beside = quiz_form_is_before_class(r->form) && r->extra.size > 0;
    r->extra_w = r->text_w;
    if (!r->is_beside)
        return;
    r->extra_w = floorf(r->text_w * quiz_sides_share(r->flow, r->form));
    r->text_w -= r->extra_w + r->pad;
}

static void measure(struct row *r)
{
    struct ui *ui = &r->flow->view->ui;
    float size = r->flow->size;
    r->pad = floorf(size * 0.55f);
    r->badge = ceilf(size * 1.65f);
    if (!quiz_form_is_before_class(r->form)) /* a finger finds it */
        r->badge = fmaxf(r->badge, 24);
    r->right = floorf(r->form->ask.told >= QUIZ_TRIED ? size * 1.7f : 0);
    if (r->form->ask.question->type == QUESTION_ORDER && r->form->ask.is_open)
        r->right += 2 * mover_side(r->flow) + 4;
    r->text_w = r->flow->w - 3 * r->pad - r->badge - r->right;
    r->text = quiz_choice_text(r->form->ask.question, r->choice);
    r->extra = extra_of(r->form, r->choice, &ui->list->arena);
    measure_beside(r);
    r->feedback = feedback_of(r->form, r->choice, &ui->list->arena);
    r->text_h = rich_height(ui, r->text_w, DRAW_FONT_SANS, size, r->text);
    r->has_sides = fits_sides(r);
    if (r->has_sides)
        r->extra_h = fmaxf(button_height(ui->theme), ceilf(25 / r->flow->view->zoom));
    else if (r->extra.size > 0)
        r->extra_h = rich_height(ui, r->extra_w - 2 * r->pad, DRAW_FONT_SANS, size, r->extra) +
                     (r->is_beside ? 4 : 8);
    if (r->feedback.size > 0)
        r->feedback_h = rich_height(ui, r->text_w, DRAW_FONT_SANS, size, r->feedback) + 4;
}

static float row_h(const struct row *r)
{
    float text = fmaxf(r->text_h, r->badge) + (r->extra_h > 0 ? r->extra_h + 6 : 0);
    if (r->is_beside)
        text = fmaxf(fmaxf(r->text_h, r->badge), r->extra_h);
    return text + (r->feedback_h > 0 ? r->feedback_h + 4 : 0) + 2 * floorf(r->pad * 0.8f);
}

static void draw_badge(const struct row *r, bool is_chosen)
{
    struct ui *ui = &r->flow->view->ui;
    const struct theme *theme = ui->theme;
    enum question_type type = r->form->ask.question->type;
    float top = floorf(r->pad * 0.8f), size = r->flow->size;
    struct draw_box box = {r->box.x + r->pad, r->box.y + top, r->badge, r->badge};
    char letter[4];
    quiz_place_name(r->form, r->place, letter);
    draw_rect(ui->list, box, is_square(type) ? 4 : r->badge / 2,
              is_chosen ? theme->accent : theme->panel,
              is_chosen ? theme->accent : theme->ink_faint, theme->line * 0.7f);
    ui_label(ui, box, DRAW_ALIGN_CENTER, DRAW_FONT_BOLD, size,
             is_chosen ? theme->panel : theme->ink, slice_of(letter));
}

static void draw_extra(const struct row *r, float x, float y)
{
    struct ui *ui = &r->flow->view->ui;
    const struct theme *theme = ui->theme;
    bool is_set = r->form->match[r->choice] > 0;
    struct draw_box box = {x, y, r->extra_w, r->extra_h};
    draw_rect(ui->list, box, 4, is_set ? theme->accent_soft : theme->panel,
              is_set ? theme->accent : theme->ink_faint, 1);
    rich_text(ui,
              (struct draw_box){x + r->pad, y + (r->is_beside ? 2 : 4), r->extra_w - 2 * r->pad, 0},
              DRAW_FONT_SANS, r->flow->size, is_set ? theme->ink : theme->ink_soft, r->extra, true);
}

static void draw_sides(const struct row *r, float x, float y, const char *prefix,
                       enum quiz_form_id id)
{
    struct ui *ui = &r->flow->view->ui;
    for (size_t i = 0; i < r->form->side_count; i++) {
        struct slice label = side_label(r, i);
        struct draw_box box = {x, y, side_width(r, label), r->extra_h};
        bool is_on = r->form->match[r->choice] == r->form->side_order[i] + 1;
        char name[UI_NAME];
        snprintf(name, sizeof name, "%s-%c-%c", prefix, (char)('a' + r->place), (char)('a' + i));
        ui_button(ui, name, box, label.data, quiz_side, quiz_arg(id, r->choice << 8 | i),
                  is_on ? UI_ON : 0);
        ui->widgets.items[ui->widgets.count - 1].can_focus = false; /* the row has keys for it */
        x += box.w + 6;
    }
}

static void draw_texts(const struct row *r, const char *prefix, enum quiz_form_id id)
{
    struct ui *ui = &r->flow->view->ui;
    float x = r->box.x + 2 * r->pad + r->badge, size = r->flow->size;
    float line = draw_line_height(size), y = r->box.y + floorf(r->pad * 0.8f);
    float above = r->text_h <= line ? fmaxf(floorf((r->badge - line) / 2), 0) : 1;
    rich_text(ui, (struct draw_box){x, y + above, r->text_w, 0}, DRAW_FONT_SANS, size,
              ui->theme->ink, r->text, true);
    if (r->is_beside)
        draw_extra(r, x + r->text_w + r->pad, y);
    y += r->is_beside ? fmaxf(fmaxf(r->text_h, r->badge), r->extra_h) : fmaxf(r->text_h, r->badge);
    if (r->extra_h > 0 && !r->is_beside) {
        if (r->has_sides)
            draw_sides(r, x, y + 4, prefix, id);
        else
            draw_extra(r, x, y + 4);
        y += r->extra_h + 6;
    }
    if (r->feedback_h > 0)
        rich_text(ui, (struct draw_box){x, y + 4, r->text_w, 0}, DRAW_FONT_SANS, size,
                  ui->theme->ink_soft, r->feedback, true);
}

/* A triangle that points up or down, to move an item. */
static void draw_mover(const struct row *r, struct draw_box box, const char *name, ui_act *act,
                       uint32_t arg, bool is_up)
{
    struct ui *ui = &r->flow->view->ui;
    size_t last = r->form->ask.question->choice_count - 1;
    bool can = is_up ? r->place > 0 : r->place < last;
    ui_button(ui, name, box, "", act, arg, can ? 0 : UI_DISABLED);
    ui_tip(ui, slice_of(is_up ? tr("Up") : tr("Down")));
    ui->widgets.items[ui->widgets.count - 1].can_focus = false; /* the row has the keys for it */
    float x = box.x + box.w / 2, y = box.y + box.h / 2, s = box.h * 0.2f * (is_up ? 1 : -1);
    const float points[] = {x, y - s, x + s * 1.2f, y + s, x - s * 1.2f, y + s};
    draw_polygon(ui->list, points, 3, can ? ui->theme->ink : ui->theme->panel_edge, 0, 0);
}

static void draw_movers(const struct row *r, const char *prefix, uint32_t arg)
{
    float side = mover_side(r->flow);
    struct draw_box box = {r->box.x + r->box.w - r->pad - 2 * side - 4,
                           r->box.y + (r->box.h - side) / 2, side, side};
    char name[UI_NAME];
    snprintf(name, sizeof name, "%s-up-%c", prefix, (char)('a' + r->place));
    draw_mover(r, box, name, quiz_up, arg, true);
    box.x += side + 4;
    snprintf(name, sizeof name, "%s-down-%c", prefix, (char)('a' + r->place));
    draw_mover(r, box, name, quiz_down, arg, false);
}

static void press_row(struct view *view, uint32_t arg)
{
    (void)view;
    (void)arg;
}

static ui_act *act_of(const struct quiz_form *form)
{
    if (!form->ask.is_open)
        return NULL;
    return form->ask.question->type == QUESTION_MATCH   ? quiz_sides_menu
           : form->ask.question->type == QUESTION_ORDER ? press_row
                                                        : quiz_pick;
}

static void draw_row(struct row *r, enum quiz_form_id id, const char *prefix)
{
    struct ui *ui = &r->flow->view->ui;
    const struct theme *theme = ui->theme;
    enum quiz_sign sign = quiz_form_sign(r->form, r->choice);
    bool is_chosen = quiz_form_is_chosen(r->form, r->choice);
    bool is_lit = is_chosen && r->form->ask.question->type != QUESTION_MATCH;
    struct ui_state state;
    char name[UI_NAME];
    snprintf(name, sizeof name, "%s-%c", prefix, (char)('a' + r->place));
    r->box = flow_item(r->flow, name, row_h(r), act_of(r->form), quiz_arg(id, r->place), &state);
    if (r->form->ask.is_open)
        ui_on_key(ui, quiz_row_key);
    draw_rect(ui->list, r->box, 6, is_lit ? theme->accent_soft : theme->card,
              is_lit || (state.is_hover && r->form->ask.is_open) ? theme->accent : theme->card_edge,
              is_lit ? 2 : 1);
    if (state.is_focus)
        draw_rect(ui->list, ui_inset(r->box, -3), 9, 0, theme->accent, 2);
    draw_badge(r, is_lit);
    draw_texts(r, prefix, id);
    quiz_sign_draw(ui, sign, r->box.x + r->box.w - r->pad - r->flow->size * 0.6f,
                   r->box.y + floorf(r->pad * 0.8f) + r->badge / 2, r->flow->size * 1.2f);
    if (r->form->ask.question->type == QUESTION_ORDER && r->form->ask.is_open)
        draw_movers(r, prefix, quiz_arg(id, r->place));
}

void quiz_choices_draw(struct flow *flow, const struct quiz_form *form, enum quiz_form_id id,
                       const char *prefix)
{
    float gap = quiz_form_is_before_class(form) ? fminf(floorf(flow->size * 0.4f), 8) : 8;
    for (size_t place = 0; place < form->ask.question->choice_count; place++) {
        struct row row = {.flow = flow, .form = form, .place = place, .choice = form->order[place]};
        measure(&row);
        draw_row(&row, id, prefix);
        flow_gap(flow, gap);
    }
}
