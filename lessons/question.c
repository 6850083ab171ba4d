#include "lessons/question.h"

#include "lessons/question_part.h"
#include "sim/base/bytes.h"
#include "sim/base/check.h"
#include "sim/base/random.h"

const char *const question_type_names[QUESTION_TYPES] = {"tf",    "single", "multi", "match",
                                                         "order", "short",  "num",   "click"};

const char *const question_topics[] = {
    "push-pull",        "responsibility", "roles",     "ports",
    "submission",       "smtp",           "envelope",  "mime",
    "dns-mx",           "received",       "queues",    "bounces",
    "duplicates-loops", "unix",           "stores",    "smart-host",
    "offline",          "pop3",           "imap",      "mra",
    "webmail",          "relaying",       "tls",       "mediators",
    "sender-auth",      "filters",        "diagnosis",
};
const size_t question_topic_count = sizeof question_topics / sizeof *question_topics;

/* ---- right sides ---- */

static size_t find_side(const struct slice *sides, size_t count, struct slice side)
{
    size_t i = 0;
    while (i < count && !slice_equal(sides[i], side))
        i++;
    return i;
}

size_t question_right_sides(const struct question *question,
                            struct slice sides[2 * QUESTION_CHOICES_MAX])
{
    size_t count = 0;
    for (size_t i = 0; !question->is_sealed && i < question->choice_count; i++)
        if (find_side(sides, count, question->choices[i].right) == count)
            sides[count++] = question->choices[i].right;
    for (size_t i = 0; i < question->extra_count; i++)
        if (find_side(sides, count, question->extras[i]) == count)
            sides[count++] = question->extras[i];
    return count;
}

size_t question_right_side_of(const struct question *question, size_t left)
{
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    return find_side(sides, question_right_sides(question, sides), question->choices[left].right);
}

/* ---- answers as text ---- */

static struct slice join(struct arena *arena, struct slice all, struct slice more,
                         const char *between)
{
    if (all.size == 0)
        return more;
    return arena_printf(arena, "%.*s%s%.*s", SLICE_ARG(all), between, SLICE_ARG(more));
}

static struct slice letter(struct arena *arena, size_t i)
{
    return arena_printf(arena, "%c", (char)('a' + i));
}

/* "78000" or "0.25" of thousandths. */
static struct slice number_text(struct arena *arena, int64_t thousandths)
{
    uint64_t size = (uint64_t)(thousandths < 0 ? -thousandths : thousandths);
    struct slice text =
        arena_printf(arena, "%s%llu.%03llu", thousandths < 0 ? "-" : "",
                     (unsigned long long)(size / 1000), (unsigned long long)(size % 1000));
    while (text.data[text.size - 1] == '0')
        text.size--;
    if (text.data[text.size - 1] == '.')
        text.size--;
    return arena_copy(arena, text);
}

static struct slice letters_of_right(const struct question *question, struct arena *arena)
{
    struct slice all = SLICE("");
    for (size_t i = 0; i < question->choice_count; i++)
        if (question->choices[i].is_right)
            all = join(arena, all,
                       letter(arena, question->type == QUESTION_MATCH
                                         ? question_right_side_of(question, i)
                                         : i),
                       ",");
    return all;
}

struct slice question_solution(const struct question *question, struct arena *arena)
{
    size_t right = 0;
    if (question->is_sealed)
        return SLICE("");
    while (right < question->choice_count && !question->choices[right].is_right)
        right++;
    switch (question->type) {
    case QUESTION_TF:
        return question->choices[right].text;
    case QUESTION_CLICK:
        return question->choices[right].id;
    case QUESTION_SINGLE:
    case QUESTION_MULTI:
    case QUESTION_MATCH:
    case QUESTION_ORDER:
        return letters_of_right(question, arena);
    case QUESTION_NUM:
        return number_text(arena, question->number);
    case QUESTION_SHORT:
        return question->model;
    case QUESTION_TYPES:
        break;
    }
    return SLICE("");
}

static struct slice chosen_text(const struct question *q, const struct question_answer *answer,
                                struct arena *arena)
{
    struct slice all = SLICE("");
    for (size_t i = 0; i < q->choice_count; i++)
        if (answer->is_chosen[i])
            all = join(arena, all, q->choices[i].text, ", ");
    return all;
}

static struct slice ordered_text(const struct question *q, const struct question_answer *answer,
                                 struct arena *arena)
{
    struct slice all = SLICE("");
    for (size_t i = 0; i < q->choice_count; i++)
        all = join(arena, all, q->choices[answer->places[i]].text, ", ");
    return all;
}

/* "left: right; left: right": a right side alone does not say what it was given to. */
static struct slice matched_text(const struct question *q, const struct question_answer *answer,
                                 struct arena *arena)
{
    struct slice all = SLICE(""), sides[2 * QUESTION_CHOICES_MAX];
    question_right_sides(q, sides);
    for (size_t i = 0; i < q->choice_count; i++)
        all = join(arena, all,
                   arena_printf(arena, "%.*s: %.*s", SLICE_ARG(q->choices[i].text),
                                SLICE_ARG(sides[answer->places[i]])),
                   "; ");
    return all;
}

struct slice question_answer_text(const struct question *question, struct slice answer,
                                  struct arena *arena)
{
    struct question_answer parts;
    struct problem ignored = {0};
    struct slice text = answer;
    if (!question_read_answer(question, answer, &parts, &ignored))
        return arena_copy(arena, answer);
    if (question->type == QUESTION_MATCH)
        text = matched_text(question, &parts, arena);
    else if (question->type == QUESTION_ORDER)
        text = ordered_text(question, &parts, arena);
    else if (question->type == QUESTION_NUM && question->unit.size > 0)
        text = join(arena, number_text(arena, parts.number), question->unit, " ");
    else if (question->type != QUESTION_SHORT && question->type != QUESTION_NUM)
        text = chosen_text(question, &parts, arena);
    return arena_copy(arena, text);
}

/* ---- the order in which to show ---- */

static bool begins_with_digit(struct slice text)
{
    size_t at = text.size > 0 && text.data[0] == '`';
    return at < text.size && text.data[at] >= '0' && text.data[at] <= '9';
}

/* Numbers, codes and times are found quicker in their own order. */
static bool keeps_order(const struct question *question)
{
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    bool is_match = question->type == QUESTION_MATCH, are_numbers = true;
    size_t count = is_match ? question_right_sides(question, sides) : question->choice_count;
    for (size_t i = 0; i < count; i++)
        are_numbers &= begins_with_digit(is_match ? sides[i] : question->choices[i].text);
    return question->type == QUESTION_TF ||
           (are_numbers && question->type != QUESTION_ORDER && !is_match);
}

bool question_is_proved(const struct question *question)
{
    bool is_proved = question->proof.size > 0;
    for (size_t i = 0; i < question->choice_count; i++)
        is_proved |= question->choices[i].when.size > 0;
    return is_proved;
}

bool question_is_shown(const struct question *question)
{
    return question->scene_lesson.size > 0 && question_is_proved(question);
}

static bool is_sorted(const size_t order[], size_t count)
{
    size_t i = 0;
    while (i < count && order[i] == i)
        i++;
    return i == count;
}

void question_shuffle(const struct question *question, uint64_t seed, size_t count, size_t order[])
{
    enum { TRIES = 8 };
    struct random random;
    bool must_differ = question->type == QUESTION_ORDER || question->type == QUESTION_MATCH;
    for (size_t i = 0; i < count; i++)
        order[i] = i;
    if (keeps_order(question))
        return;
    random_init(&random, seed, question->id.size ? question->id : question->prompt);
    for (int tries = 0; tries < TRIES; tries++) {
        for (size_t i = count; i > 1; i--) {
            size_t j = (size_t)random_below(&random, i), kept = order[i - 1];
            order[i - 1] = order[j];
            order[j] = kept;
        }
        if (!must_differ || !is_sorted(order, count))
            return;
    }
}
