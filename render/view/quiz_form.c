#include "render/view/quiz_form.h"

#include <string.h>

#include "render/view/lesson_panel.h"
#include "render/view/menu.h"

/* ---- what is asked ---- */

static uint64_t mix(uint64_t stamp, struct slice text)
{
    for (size_t i = 0; i < text.size; i++)
        stamp = (stamp ^ (unsigned char)text.data[i]) * UINT64_C(0x100000001b3);
    return (stamp ^ text.size) * UINT64_C(0x100000001b3);
}

static uint64_t question_stamp(const struct quiz_ask *ask)
{
    const struct question *q = ask->question;
    uint64_t stamp = mix(mix(mix(ask->seed + 1, q->id), ask->step), q->prompt);
    stamp ^= (uint64_t)q->type ^ q->choice_count << 8;
    return q->choice_count ? mix(stamp, q->choices[0].text) : stamp;
}

/* "c" or "C" -> 2; SLICE_NONE: no letter of so many. */
static size_t letter_number(struct slice letter, size_t count)
{
    letter = slice_trim(letter);
    size_t n = letter.size == 1 ? (size_t)((letter.data[0] | 0x20) - 'a') : count;
    return n < count ? n : SLICE_NONE;
}

static size_t position(const size_t *order, size_t count, size_t value)
{
    for (size_t i = 0; i < count; i++)
        if (order[i] == value)
            return i;
    return 0;
}

/* An answer that was given is shown as it was given. */
static void take_answer(struct quiz_form *form)
{
    const struct question *q = form->ask.question;
    struct slice rest = question_answer_letters(q, form->answer), part;
    if (q->type == QUESTION_NUM || q->type == QUESTION_SHORT) {
        ui_edit_set(&form->edit, rest);
        return;
    }
    bool has_letters =
        q->type == QUESTION_MULTI || q->type == QUESTION_MATCH || q->type == QUESTION_ORDER;
    for (size_t i = 0; has_letters && i < q->choice_count && slice_cut(&rest, ',', &part); i++) {
        size_t n = letter_number(part, QUESTION_CHOICES_MAX);
        if (n == SLICE_NONE)
            continue;
        if (q->type == QUESTION_MULTI)
            form->chosen |= 1u << n;
        else if (q->type == QUESTION_MATCH)
            form->match[i] = n < form->side_count ? n + 1 : 0;
        else if (n < q->choice_count) { /* each item once, whatever the answer says */
            size_t at = position(form->order, q->choice_count, n), other = form->order[i];
            form->order[i] = n;
            form->order[at] = other;
        }
    }
}

static void judge(struct quiz_form *form)
{
    struct problem problem;
    form->verdict = (struct question_verdict){.slip = SLICE_NONE};
    if (form->answer.size > 0)
        (void)question_judge(form->ask.question, form->answer, &form->arena, &form->verdict,
                             &problem);
}

void quiz_form_set(struct quiz_form *form, const struct quiz_ask *ask)
{
    const struct question *q = ask->question;
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    uint64_t asked = question_stamp(ask), stamp = mix(asked ^ ask->shows_key, ask->answer);
    form->ask = *ask;
    if (form->stamp == stamp)
        return;
    form->is_new = form->question_stamp == asked && ask->answer.size > 0;
    form->question_stamp = asked;
    form->stamp = stamp;
    form->chosen = 0;
    arena_reset(&form->arena);
    form->answer =
        ask->shows_key ? question_solution(q, &form->arena) : arena_copy(&form->arena, ask->answer);
    memset(form->match, 0, sizeof form->match);
    ui_edit_set(&form->edit, SLICE(""));
    for (size_t i = 0; i < QUESTION_CHOICES_MAX; i++)
        form->order[i] = i;
    if (ask->is_shuffled || q->type == QUESTION_ORDER)
        question_shuffle(q, ask->seed, q->choice_count, form->order);
    form->side_count = q->type == QUESTION_MATCH ? question_right_sides(q, sides) : 0;
    question_shuffle(q, ask->seed + 1, form->side_count, form->side_order);
    take_answer(form);
    judge(form);
}

void quiz_form_finish(struct quiz_form *form)
{
    arena_finish(&form->arena);
}

struct quiz_form *quiz_form_of(struct view *view, uint32_t arg)
{
    return &lesson_panel_of(view)->forms[arg >> 16 < QUIZ_FORMS ? arg >> 16 : 0];
}

struct slice quiz_choice_text(const struct question *q, size_t choice)
{
    if (q->type == QUESTION_TF)
        return slice_of(choice == 0 ? tr("True") : tr("False"));
    return q->choices[choice].text;
}

/* ---- answering ---- */

/* What is borrowed of a lesson may be gone. */
void quiz_form_forget(struct quiz_form *form)
{
    form->ask = (struct quiz_ask){0};
}

/* The words of a person on one line. */
static void send(struct view *view, const struct quiz_form *form, struct slice answer)
{
    char line[QUESTION_ANSWER_MAX];
    size_t size = answer.size < sizeof line ? answer.size : sizeof line - 1;
    memcpy(line, answer.data, size);
    for (size_t i = 0; i < size; i++)
        if (line[i] == '\n' || line[i] == '\r')
            line[i] = ' ';
    if (form->ask.step.size > 0)
        lesson_send(view, "answer %.*s %.*s", SLICE_ARG(form->ask.step), (int)size, line);
    else
        lesson_send(view, "reply %.*s", (int)size, line);
}

static void send_letter(struct view *view, const struct quiz_form *form, size_t n)
{
    char letter = (char)('a' + n);
    send(view, form, (struct slice){&letter, 1});
}

static void send_choice(struct view *view, const struct quiz_form *form, size_t choice)
{
    const struct question *q = form->ask.question;
    if (q->type == QUESTION_TF)
        send(view, form, choice == 0 ? SLICE("true") : SLICE("false"));
    else if (q->type == QUESTION_SINGLE)
        send_letter(view, form, choice);
    else if (q->type == QUESTION_CLICK)
        send(view, form, q->choices[choice].id);
}

static void choose(struct view *view, struct quiz_form *form, size_t choice)
{
    if (form->ask.question->type == QUESTION_MULTI)
        form->chosen ^= 1u << choice;
    else if (form->ask.is_final)
        form->chosen = 1u << choice;
    else
        send_choice(view, form, choice);
}

void quiz_pick(struct view *view, uint32_t arg)
{
    struct quiz_form *form = quiz_form_of(view, arg);
    size_t place = arg & 0xFFFF;
    if (form->ask.is_open && place < form->ask.question->choice_count)
        choose(view, form, form->order[place]);
}

bool quiz_form_choose(struct view *view, enum quiz_form_id id, struct slice target)
{
    struct quiz_form *form = &lesson_panel_of(view)->forms[id];
    const struct question *q = form->ask.question;
    for (size_t i = 0; form->ask.is_open && i < q->choice_count; i++)
        if (slice_equal(q->choices[i].id, target)) {
            choose(view, form, i);
            return true;
        }
    return false;
}

bool quiz_form_is_before_class(const struct quiz_form *form)
{
    return !form->ask.is_open && (form->ask.told == QUIZ_ASKED || form->ask.shows_key);
}

static bool is_one_of(const struct question *q)
{
    return q->type == QUESTION_TF || q->type == QUESTION_SINGLE || q->type == QUESTION_CLICK;
}

bool quiz_form_is_ready(const struct quiz_form *form)
{
    const struct question *q = form->ask.question;
    struct slice typed = {form->edit.text, form->edit.size};
    bool is_typed = q->type == QUESTION_NUM || q->type == QUESTION_SHORT;
    for (size_t i = 0; q->type == QUESTION_MATCH && i < q->choice_count; i++)
        if (form->match[i] == 0)
            return false;
    if (is_one_of(q) && form->chosen == 0)
        return false;
    return form->ask.is_open && (!is_typed || slice_trim(typed).size > 0);
}

bool quiz_form_has_button(const struct quiz_form *form)
{
    const struct question *q = form->ask.question;
    return (is_one_of(q) && form->ask.is_final) || q->type == QUESTION_MULTI ||
           q->type == QUESTION_MATCH || q->type == QUESTION_ORDER || q->type == QUESTION_NUM ||
           q->type == QUESTION_SHORT;
}

static bool is_letter_sent(const struct quiz_form *form, size_t i, size_t *n)
{
    const struct question *q = form->ask.question;
    *n = q->type == QUESTION_MATCH   ? form->match[i] - 1
         : q->type == QUESTION_ORDER ? form->order[i]
                                     : i;
    return q->type != QUESTION_MULTI || form->chosen >> i & 1;
}

/* Sent together, since one thing alone is not the whole answer. */
void quiz_form_submit(struct view *view, uint32_t arg)
{
    struct quiz_form *form = &lesson_panel_of(view)->forms[arg];
    const struct question *q = form->ask.question;
    char letters[2 * QUESTION_CHOICES_MAX];
    size_t size = 0, n;
    if (!form->ask.is_open || !quiz_form_has_button(form) || !quiz_form_is_ready(form))
        return;
    if (q->type == QUESTION_NUM || q->type == QUESTION_SHORT) {
        send(view, form, slice_trim((struct slice){form->edit.text, form->edit.size}));
        return;
    }
    for (size_t i = 0; is_one_of(q) && i < q->choice_count; i++)
        if (form->chosen >> i & 1) {
            send_choice(view, form, i);
            return;
        }
    for (size_t i = 0; i < q->choice_count; i++) {
        if (!is_letter_sent(form, i, &n))
            continue;
        if (size > 0)
            letters[size++] = ',';
        letters[size++] = (char)('a' + n);
    }
    send(view, form, size ? (struct slice){letters, size} : SLICE("-"));
}

/* ---- ORDER and MATCH ---- */

static void move_item(struct view *view, uint32_t arg, int by)
{
    struct quiz_form *form = quiz_form_of(view, arg);
    size_t at = arg & 0xFFFF, to = at + (size_t)by;
    if (!form->ask.is_open || at >= form->ask.question->choice_count ||
        to >= form->ask.question->choice_count)
        return;
    size_t item = form->order[at];
    form->order[at] = form->order[to];
    form->order[to] = item;
}

void quiz_up(struct view *view, uint32_t arg)
{
    move_item(view, arg, -1);
}

void quiz_down(struct view *view, uint32_t arg)
{
    move_item(view, arg, 1);
}

void quiz_side(struct view *view, uint32_t arg)
{
    struct quiz_form *form = quiz_form_of(view, arg);
    size_t left = arg >> 8 & 0xFF, place = arg & 0xFF;
    if (form->ask.is_open && left < form->ask.question->choice_count && place < form->side_count)
        form->match[left] = form->side_order[place] + 1;
}

void quiz_sides_menu(struct view *view, uint32_t arg)
{
    struct quiz_form *form = quiz_form_of(view, arg);
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    size_t place = arg & 0xFFFF;
    if (!form->ask.is_open || place >= form->ask.question->choice_count)
        return;
    size_t left = form->order[place];
    struct arena arena = {0};
    (void)question_right_sides(form->ask.question, sides);
    struct menu *menu =
        menu_begin(view, rich_plain(&arena, form->ask.question->choices[left].text));
    arena_finish(&arena);
    for (size_t i = 0; i < form->side_count; i++) {
        char name[] = {(char)('a' + i % 26), i < 26 ? '\0' : '2', '\0'};
        struct slice side = rich_plain(&menu->arena, sides[form->side_order[i]]);
        struct slice label =
            arena_printf(&menu->arena, "%c  %.*s", (char)('A' + i % 26), SLICE_ARG(side));
        menu_act(menu, name, label.data, quiz_side,
                 quiz_arg((enum quiz_form_id)(arg >> 16), left << 8 | i))
            ->is_on = form->match[left] == form->side_order[i] + 1;
    }
    menu_show(view);
}

/* ---- keys ---- */

/* "a" or "1": the first place. */
static size_t place_of_key(int key, size_t count)
{
    size_t place = key >= 'a' && key <= 'z'   ? (size_t)(key - 'a')
                   : key >= '1' && key <= '9' ? (size_t)(key - '1')
                                              : count;
    return place < count ? place : SLICE_NONE;
}

bool quiz_form_key(struct view *view, enum quiz_form_id id, int key)
{
    struct quiz_form *form = &lesson_panel_of(view)->forms[id];
    const struct question *q = form->ask.question;
    if (!form->ask.is_open)
        return false;
    bool is_picked = q->type == QUESTION_TF || q->type == QUESTION_SINGLE ||
                     q->type == QUESTION_MULTI || q->type == QUESTION_CLICK;
    size_t place = is_picked ? place_of_key(key, q->choice_count) : SLICE_NONE;
    if (place == SLICE_NONE)
        return false;
    quiz_pick(view, quiz_arg(id, place));
    return true;
}

static void focus_place(struct view *view, size_t place)
{
    char *dash = strrchr(view->ui.focus, '-');
    if (dash && dash[1] && !dash[2])
        dash[1] = (char)('a' + place);
}

/* Up and down move an item that is to be put in order, with the focus; else the focus alone. */
static bool row_move(struct view *view, uint32_t arg, int by)
{
    const struct quiz_form *form = quiz_form_of(view, arg);
    size_t to = (arg & 0xFFFF) + (size_t)by;
    if (to >= form->ask.question->choice_count)
        return true;
    if (form->ask.question->type == QUESTION_ORDER)
        move_item(view, arg, by);
    focus_place(view, to);
    return true;
}

bool quiz_row_key(struct view *view, uint32_t arg, int key)
{
    struct quiz_form *form = quiz_form_of(view, arg);
    if (!form->ask.is_open)
        return false;
    size_t side = form->ask.question->type == QUESTION_MATCH ? place_of_key(key, form->side_count)
                                                             : SLICE_NONE;
    if (key == INPUT_KEY_ENTER && form->ask.question->type == QUESTION_ORDER) {
        quiz_form_submit(view, arg >> 16);
        return true;
    }
    if (key == INPUT_KEY_UP || key == INPUT_KEY_DOWN)
        return row_move(view, arg, key == INPUT_KEY_UP ? -1 : 1);
    if (side != SLICE_NONE) {
        size_t left = form->order[arg & 0xFFFF];
        quiz_side(view, quiz_arg((enum quiz_form_id)(arg >> 16), left << 8 | side));
        return row_move(view, arg, 1); /* the next letter is for the next one */
    }
    if (key == ' ' && form->ask.question->type != QUESTION_ORDER)
        quiz_pick(view, arg);
    else
        return quiz_form_key(view, (enum quiz_form_id)(arg >> 16), key);
    return true;
}
