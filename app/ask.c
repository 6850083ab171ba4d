#include "app/ask.h"

#include "app/lesson.h"
#include "lessons/question_part.h"

enum { SHOWN_MAX = 2 * QUESTION_CHOICES_MAX };

/* What letters stand for, in the order in which it is shown: right sides, or choices. */
struct shown {
    size_t order[SHOWN_MAX]; /* the index in the file of the first that is shown, ... */
    size_t count;
};

static void show_order(const struct question *q, uint64_t seed, struct shown *shown)
{
    struct slice sides[SHOWN_MAX];
    shown->count = q->type == QUESTION_MATCH ? question_right_sides(q, sides) : q->choice_count;
    question_shuffle(q, seed, shown->count, shown->order);
}

static bool has_letters(const struct question *q)
{
    return q->type != QUESTION_TF && q->type != QUESTION_NUM && q->type != QUESTION_SHORT;
}

/* ---- showing ---- */

static void put_item(FILE *out, const char *mark, char letter, struct slice text)
{
    fprintf(out, "  %s %c) ", mark, letter);
    lesson_print(out, text, ASK_COLUMNS - 8, 0);
}

static void put_choices(FILE *out, const struct question *q, const struct shown *shown)
{
    struct slice sides[SHOWN_MAX];
    if (q->type == QUESTION_MATCH) {
        question_right_sides(q, sides);
        for (size_t i = 0; i < q->choice_count; i++) {
            fprintf(out, "    %zu. ", i + 1);
            lesson_print(out, q->choices[i].text, ASK_COLUMNS - 8, 0);
        }
        fputs("  belongs to\n", out);
    }
    for (size_t i = 0; i < shown->count; i++)
        put_item(out, " ", (char)('a' + i),
                 q->type == QUESTION_MATCH ? sides[shown->order[i]]
                                           : q->choices[shown->order[i]].text);
}

static void put_how(FILE *out, const struct question *q)
{
    static const char *const how[QUESTION_TYPES] = {
        [QUESTION_TF] = "true or false",
        [QUESTION_SINGLE] = "a letter",
        [QUESTION_MULTI] = "all letters that are right, as in a,c; - for none",
        [QUESTION_MATCH] = "a letter for 1, 2, 3 ... in this order, as in b,a,c",
        [QUESTION_ORDER] = "the letters in the right order, as in b,a,c",
        [QUESTION_SHORT] = "a sentence or two, on one line",
        [QUESTION_NUM] = "a number",
        [QUESTION_CLICK] = "a letter",
    };
    fprintf(out, "  (%s", how[q->type]);
    if (q->type == QUESTION_NUM && q->unit.size > 0)
        fprintf(out, " of %.*s", SLICE_ARG(q->unit));
    fputs(q->id.size ? "; ? skip quit)\n" : ")\n", out);
}

void ask_print(FILE *out, const struct question *question, uint64_t seed)
{
    struct shown shown;
    show_order(question, seed, &shown);
    lesson_print(out, question->prompt, ASK_COLUMNS, 2);
    if (has_letters(question))
        put_choices(out, question, &shown);
    put_how(out, question);
}

/* ---- what was typed ---- */

static bool has_id(const struct question *q, struct slice typed)
{
    for (size_t i = 0; i < q->choice_count; i++)
        if (slice_equal(q->choices[i].id, typed))
            return true;
    return false;
}

/* Each letter made into that of the file; blanks and commas stay. */
static struct slice map_letters(const struct shown *shown, struct slice typed, struct arena *arena)
{
    struct slice mapped = arena_copy(arena, typed);
    char *letters = (char *)mapped.data;
    for (size_t i = 0; i < mapped.size; i++) {
        char c = slice_lower(letters[i]);
        if (c >= 'a' && (size_t)(c - 'a') < shown->count)
            letters[i] = (char)('a' + shown->order[c - 'a']);
        else if (c != ',' && c != ' ' && c != '-')
            return typed;
    }
    return mapped;
}

struct slice ask_answer(const struct question *question, uint64_t seed, struct slice typed,
                        struct arena *arena)
{
    struct shown shown;
    typed = slice_trim(typed);
    if (question->type == QUESTION_TF)
        return slice_equal_fold(typed, SLICE("t"))   ? SLICE("true")
               : slice_equal_fold(typed, SLICE("f")) ? SLICE("false")
                                                     : typed;
    if (!has_letters(question) || has_id(question, typed))
        return typed;
    show_order(question, seed, &shown);
    struct slice mapped = map_letters(&shown, typed, arena);
    size_t chosen = mapped.size == 1 ? (size_t)(mapped.data[0] - 'a') : SLICE_NONE;
    if (question->type == QUESTION_CLICK && chosen < question->choice_count)
        return question->choices[chosen].id;
    return mapped;
}

/* The other way round. */
static struct slice letters_shown(const struct shown *shown, struct slice answer,
                                  struct arena *arena)
{
    struct slice typed = arena_copy(arena, answer);
    char *letters = (char *)typed.data;
    for (size_t i = 0; i < typed.size; i++)
        for (size_t k = 0; k < shown->count; k++)
            if (answer.data[i] == (char)('a' + shown->order[k]))
                letters[i] = (char)('a' + k);
    return typed;
}

struct slice ask_typed(const struct question *question, uint64_t seed, struct slice answer,
                       struct arena *arena)
{
    struct shown shown;
    if (!has_letters(question) || question->type == QUESTION_CLICK)
        return answer;
    show_order(question, seed, &shown);
    return letters_shown(&shown, answer, arena);
}

/* ---- what is said to it ---- */

static void put_marked(FILE *out, const struct question *q, const struct shown *shown,
                       const struct question_answer *answer)
{
    for (size_t i = 0; i < shown->count; i++) {
        const struct question_choice *c = &q->choices[shown->order[i]];
        bool is_chosen = answer->is_chosen[shown->order[i]];
        if (q->type == QUESTION_TF)
            fprintf(out, "  %s %.*s\n",
                    c->is_right ? "+"
                    : is_chosen ? "x"
                                : " ",
                    SLICE_ARG(c->text));
        else
            put_item(out, c->is_right ? "+" : is_chosen ? "x" : " ", (char)('a' + i), c->text);
        lesson_print(out, c->feedback, ASK_COLUMNS, 8);
    }
}

static void put_solution(FILE *out, const struct question *q, struct arena *arena)
{
    struct slice sides[SHOWN_MAX];
    question_right_sides(q, sides);
    for (size_t i = 0; i < q->choice_count; i++) {
        struct slice line =
            q->type == QUESTION_MATCH
                ? arena_printf(arena, "%.*s: %.*s", SLICE_ARG(q->choices[i].text),
                               SLICE_ARG(sides[question_right_side_of(q, i)]))
                : arena_printf(arena, "%zu. %.*s", i + 1, SLICE_ARG(q->choices[i].text));
        lesson_print(out, line, ASK_COLUMNS, 4);
    }
    if (q->choice_count == 0)
        lesson_print(out, question_answer_text(q, question_solution(q, arena), arena), ASK_COLUMNS,
                     4);
}

void ask_feedback(FILE *out, const struct question *question, uint64_t seed, struct slice answer,
                  const struct question_verdict *verdict)
{
    struct question_answer parts;
    struct problem ignored = {0};
    struct shown shown;
    struct arena arena;
    arena_init(&arena);
    bool by_choice = question->choice_count > 0 && question->type != QUESTION_MATCH &&
                     question->type != QUESTION_ORDER;
    if (by_choice && question_read_answer(question, answer, &parts, &ignored)) {
        show_order(question, seed, &shown);
        put_marked(out, question, &shown, &parts);
    } else {
        for (size_t i = 0; i < verdict->feedback_count; i++)
            lesson_print(out, verdict->feedback[i], ASK_COLUMNS, 4);
        if (verdict->score < QUESTION_FULL_SCORE) {
            fputs(question->type == QUESTION_SHORT ? "  A full answer:\n" : "  It is:\n", out);
            put_solution(out, question, &arena);
        }
    }
    arena_finish(&arena);
}
