/* An answer's line taken apart. It may come from a file that was handed in: nothing in it is
   believed. */
#include <inttypes.h>
#include <stdio.h>

#include "lessons/question_part.h"
#include "sim/json/json_reader.h"

static bool fail(const struct question *q, struct problem *problem)
{
    char words[QUESTION_WORDS];
    question_expected(q, words);
    return problem_set(problem, "expected %s", words);
}

static void expected_target(const struct question *q, char words[QUESTION_WORDS])
{
    size_t used = (size_t)snprintf(words, QUESTION_WORDS, "one of");
    for (size_t i = 0; i < q->choice_count && used < QUESTION_WORDS; i++)
        used += (size_t)snprintf(words + used, QUESTION_WORDS - used, "%s %.*s", i ? "," : "",
                                 SLICE_ARG(q->choices[i].id));
}

void question_expected(const struct question *question, char words[QUESTION_WORDS])
{
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    size_t count = question->choice_count;
    char last = (char)('a' + (count ? count : 1) - 1);
    switch (question->type) {
    case QUESTION_TF:
        snprintf(words, QUESTION_WORDS, "true or false");
        break;
    case QUESTION_SINGLE:
        snprintf(words, QUESTION_WORDS, "a letter from a to %c", last);
        break;
    case QUESTION_MULTI:
        snprintf(words, QUESTION_WORDS, "letters from a to %c such as \"a,%c\", or \"-\"", last,
                 last);
        break;
    case QUESTION_CLICK:
        expected_target(question, words);
        break;
    case QUESTION_MATCH:
        last = (char)('a' + question_right_sides(question, sides) - 1);
        snprintf(words, QUESTION_WORDS, "%zu letters from a to %c, one for each line", count, last);
        break;
    case QUESTION_ORDER:
        snprintf(words, QUESTION_WORDS, "the letters a to %c, each once, in the right order", last);
        break;
    case QUESTION_NUM:
        snprintf(words, QUESTION_WORDS, "a number%s%.*s", question->unit.size ? " of " : "",
                 SLICE_ARG(question->unit));
        break;
    case QUESTION_SHORT:
    case QUESTION_TYPES:
        snprintf(words, QUESTION_WORDS, "some words");
        break;
    }
}

/* ---- letters of a sealed question ---- */

#define SORTED SLICE("sorted:")

static bool has_letters(const struct question *q)
{
    return q->type == QUESTION_SINGLE || q->type == QUESTION_MULTI || q->type == QUESTION_MATCH ||
           q->type == QUESTION_ORDER;
}

struct slice question_answer_letters(const struct question *question, struct slice answer)
{
    answer = slice_trim(answer);
    return has_letters(question) && slice_starts(answer, SORTED)
               ? slice_part(answer, SORTED.size, answer.size)
               : answer;
}

struct slice question_answer_kept(const struct question *question, struct slice answer,
                                  struct arena *arena)
{
    if (!question->is_sealed || !has_letters(question))
        return arena_copy(arena, answer);
    return arena_printf(arena, "sorted:%.*s", SLICE_ARG(question_answer_letters(question, answer)));
}

/* What letters stand for, in the order of octets: order[0] is the index of the first. */
static size_t sort_texts(const struct question *q, size_t order[2 * QUESTION_CHOICES_MAX])
{
    struct slice texts[2 * QUESTION_CHOICES_MAX];
    size_t count = q->choice_count;
    if (q->type == QUESTION_MATCH)
        count = question_right_sides(q, texts);
    else
        for (size_t i = 0; i < count; i++)
            texts[i] = q->choices[i].text;
    for (size_t i = 0; i < count; i++) {
        size_t at = i;
        for (; at > 0 && slice_order(texts[order[at - 1]], texts[i]) > 0; at--)
            order[at] = order[at - 1];
        order[at] = i;
    }
    return count;
}

/* Letters out of a sealed question as this whole one has them; others stay. */
static void from_sorted(const struct question *q, size_t *letters, size_t count)
{
    size_t order[2 * QUESTION_CHOICES_MAX], texts = sort_texts(q, order);
    for (size_t i = 0; i < count; i++)
        letters[i] = letters[i] < texts ? order[letters[i]] : letters[i];
}

/* ---- letters ---- */

/* "a,c", "a c" and "ac" are the same. False: something else is in it, or too many. */
static bool read_letters(const struct question *q, struct slice text, size_t limit,
                         size_t letters[QUESTION_CHOICES_MAX], size_t *count)
{
    bool is_sorted = slice_starts(text, SORTED) && !q->is_sealed;
    *count = 0;
    text = question_answer_letters(q, text);
    for (size_t i = 0; i < text.size; i++) {
        char c = slice_lower(text.data[i]);
        if (c == ',' || c == ' ')
            continue;
        if (c < 'a' || (size_t)(c - 'a') >= limit || *count == QUESTION_CHOICES_MAX)
            return false;
        letters[(*count)++] = (size_t)(c - 'a');
    }
    if (is_sorted)
        from_sorted(q, letters, *count);
    return true;
}

static bool read_chosen(const struct question *q, struct slice text, size_t most,
                        struct question_answer *answer)
{
    size_t letters[QUESTION_CHOICES_MAX], count;
    if (!read_letters(q, text, q->choice_count, letters, &count) || count == 0 || count > most)
        return false;
    for (size_t i = 0; i < count; i++) {
        if (answer->is_chosen[letters[i]])
            return false;
        answer->is_chosen[letters[i]] = true;
    }
    return true;
}

static bool read_places(const struct question *q, struct slice text, struct question_answer *answer)
{
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    bool is_match = q->type == QUESTION_MATCH, is_seen[QUESTION_CHOICES_MAX] = {false};
    size_t limit = is_match ? question_right_sides(q, sides) : q->choice_count, count;
    if (!read_letters(q, text, limit, answer->places, &count) || count != q->choice_count)
        return false;
    for (size_t i = 0; i < count && !is_match; i++) {
        if (is_seen[answer->places[i]])
            return false;
        is_seen[answer->places[i]] = true;
    }
    return true;
}

/* ---- one of what there is, by name ---- */

static bool read_name(const struct question *q, struct slice text, struct question_answer *answer)
{
    for (size_t i = 0; i < q->choice_count; i++) {
        struct slice name = q->type == QUESTION_CLICK ? q->choices[i].id : q->choices[i].text;
        answer->is_chosen[i] =
            q->type == QUESTION_CLICK ? slice_equal(name, text) : slice_equal_fold(name, text);
        if (answer->is_chosen[i])
            return true;
    }
    return false;
}

/* ---- numbers ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* A comma with three digits behind it groups thousands: "78,000". Any other is refused, as nobody
   knows what it means. Digits and point go to `plain`; the rest of the text is given back. */
static bool read_digits(struct slice *text, char plain[32])
{
    size_t i = 0, used = 0, digits = 0;
    struct slice t = *text;
    if (t.size > 0 && (t.data[0] == '-' || t.data[0] == '+')) {
        if (t.data[0] == '-')
            plain[used++] = '-';
        i++;
    }
    for (; i < t.size && used < 30; i++) {
        bool groups = t.data[i] == ',' && digits > 0 && i + 3 < t.size && is_digit(t.data[i + 1]) &&
                      is_digit(t.data[i + 2]) && is_digit(t.data[i + 3]) &&
                      (i + 4 == t.size || !is_digit(t.data[i + 4]));
        if (groups)
            continue;
        if (!is_digit(t.data[i]) && !(t.data[i] == '.' && digits > 0))
            break;
        digits += is_digit(t.data[i]);
        plain[used++] = t.data[i];
    }
    plain[used] = '\0';
    *text = slice_trim(slice_part(t, i, t.size));
    return digits > 0 && plain[used - 1] != '.';
}

static bool read_number(const struct question *q, struct slice text, struct question_answer *answer)
{
    char plain[32];
    if (!read_digits(&text, plain))
        return false;
    const char *point = strchr(plain, '.');
    if ((point && strchr(point + 1, '.')) ||
        json_reader_decimal(slice_of(plain), 3, &answer->number) != JSON_DECIMAL_EXACT)
        return false;
    /* "min" stands for minutes, "message" for messages */
    return text.size == 0 || slice_starts_fold(q->unit, text);
}

bool question_read_answer(const struct question *question, struct slice text,
                          struct question_answer *answer, struct problem *problem)
{
    bool is_good = true;
    *answer = (struct question_answer){0};
    text = slice_trim(text);
    if (text.size > QUESTION_ANSWER_MAX)
        return problem_set(problem, "an answer of more than %d octets", QUESTION_ANSWER_MAX);
    switch (question->type) {
    case QUESTION_TF:
    case QUESTION_CLICK:
        is_good = read_name(question, text, answer);
        break;
    case QUESTION_SINGLE:
        is_good = read_chosen(question, text, 1, answer);
        break;
    case QUESTION_MULTI:
        is_good = slice_equal(question_answer_letters(question, text), SLICE("-")) ||
                  read_chosen(question, text, question->choice_count, answer);
        break;
    case QUESTION_MATCH:
    case QUESTION_ORDER:
        is_good = read_places(question, text, answer);
        break;
    case QUESTION_NUM:
        is_good = read_number(question, text, answer);
        break;
    case QUESTION_SHORT:
        is_good = text.size > 0;
        break;
    case QUESTION_TYPES:
        break;
    }
    return is_good || fail(question, problem);
}

bool question_number(const struct question *question, struct slice answer, int64_t *number)
{
    struct question_answer read;
    struct problem problem;
    if (question->type != QUESTION_NUM || !question_read_answer(question, answer, &read, &problem))
        return false;
    *number = read.number / 1000;
    return true;
}
