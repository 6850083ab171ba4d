/* What an answer is worth, and what is to be said to it. */
#include <string.h>

#include "lessons/question_part.h"

static void say(struct question_verdict *verdict, struct slice feedback)
{
    size_t room = sizeof verdict->feedback / sizeof *verdict->feedback;
    if (feedback.size > 0 && verdict->feedback_count < room)
        verdict->feedback[verdict->feedback_count++] = feedback;
}

static uint32_t share(size_t part, size_t whole)
{
    return whole ? (uint32_t)(QUESTION_FULL_SCORE * part / whole) : 0;
}

/* One of several, or several: "all" wants just the right ones; "minus" takes a right one away for
   each wrong one. Of places to click one that is right is enough. */
static void judge_chosen(const struct question *q, const struct question_answer *answer,
                         struct question_verdict *verdict)
{
    size_t right = 0, hit = 0, wrong = 0;
    for (size_t i = 0; i < q->choice_count; i++) {
        const struct question_choice *c = &q->choices[i];
        right += c->is_right;
        hit += c->is_right && answer->is_chosen[i];
        wrong += !c->is_right && answer->is_chosen[i];
        if (answer->is_chosen[i] || (c->is_right && q->type == QUESTION_MULTI))
            say(verdict, c->feedback);
    }
    if (q->scores_parts)
        verdict->score = share(hit > wrong ? hit - wrong : 0, right);
    else if ((hit == right || q->type == QUESTION_CLICK) && wrong == 0)
        verdict->score = QUESTION_FULL_SCORE;
}

static void judge_match(const struct question *q, const struct question_answer *answer,
                        struct question_verdict *verdict)
{
    size_t hit = 0;
    for (size_t i = 0; i < q->choice_count; i++) {
        bool is_right = answer->places[i] == question_right_side_of(q, i);
        hit += is_right;
        if (!is_right)
            say(verdict, q->choices[i].feedback);
    }
    verdict->score = share(hit, q->choice_count);
}

/*
 * Which items were moved: all but the longest run of items that are in the right order one behind
 * another, so that one item at the wrong place is one mistake and not a shift of all behind it.
 */
static void find_moved(const size_t *places, size_t count, bool is_moved[QUESTION_CHOICES_MAX])
{
    size_t length[QUESTION_CHOICES_MAX], before[QUESTION_CHOICES_MAX], best = SLICE_NONE;
    for (size_t i = 0; i < count; i++) {
        length[i] = 1;
        before[i] = SLICE_NONE;
        is_moved[i] = true;
        for (size_t j = 0; j < i; j++)
            if (places[j] < places[i] && length[j] + 1 > length[i]) {
                length[i] = length[j] + 1;
                before[i] = j;
            }
        if (best == SLICE_NONE || length[i] > length[best])
            best = i;
    }
    for (size_t i = best; i != SLICE_NONE; i = before[i])
        is_moved[places[i]] = false;
}

static void judge_order(const struct question *q, const struct question_answer *answer,
                        struct question_verdict *verdict)
{
    bool is_moved[QUESTION_CHOICES_MAX];
    size_t neighbours = 0;
    for (size_t i = 0; i + 1 < q->choice_count; i++)
        neighbours += answer->places[i] + 1 == answer->places[i + 1];
    find_moved(answer->places, q->choice_count, is_moved);
    for (size_t i = 0; i < q->choice_count; i++)
        if (is_moved[i])
            say(verdict, q->choices[i].feedback);
    if (neighbours + 1 == q->choice_count)
        verdict->score = QUESTION_FULL_SCORE;
    else if (q->scores_parts)
        verdict->score = share(neighbours, q->choice_count - 1);
}

static bool is_near(int64_t a, int64_t b, int64_t tolerance)
{
    return (a > b ? a - b : b - a) <= tolerance;
}

static void judge_number(const struct question *q, const struct question_answer *answer,
                         struct question_verdict *verdict)
{
    if (is_near(answer->number, q->number, q->tolerance))
        verdict->score = QUESTION_FULL_SCORE;
    for (size_t i = 0; i < q->slip_count && verdict->score == 0 && verdict->slip == SLICE_NONE; i++)
        if (is_near(answer->number, q->slips[i].value, q->slips[i].tolerance)) {
            verdict->slip = i;
            say(verdict, q->slips[i].feedback);
        }
    say(verdict, q->note);
}

bool question_judge(const struct question *question, struct slice answer, struct arena *arena,
                    struct question_verdict *verdict, struct problem *problem)
{
    struct question_answer parts;
    *verdict = (struct question_verdict){.slip = SLICE_NONE};
    if (!question_read_answer(question, answer, &parts, problem))
        return false;
    verdict->is_kept = question->is_sealed;
    if (verdict->is_kept)
        return true;
    switch (question->type) {
    case QUESTION_TF:
    case QUESTION_SINGLE:
    case QUESTION_MULTI:
    case QUESTION_CLICK:
        judge_chosen(question, &parts, verdict);
        break;
    case QUESTION_MATCH:
        judge_match(question, &parts, verdict);
        break;
    case QUESTION_ORDER:
        judge_order(question, &parts, verdict);
        break;
    case QUESTION_NUM:
        judge_number(question, &parts, verdict);
        break;
    case QUESTION_SHORT:
        question_judge_short(question, answer, arena, verdict);
        return true;
    case QUESTION_TYPES:
        break;
    }
    verdict->is_right = verdict->score == QUESTION_FULL_SCORE;
    return true;
}
