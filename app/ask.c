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

void ask_how(FILE *out, const struct question *q)
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
    ask_how(out, question);
}

/* ---- what was typed ---- */

static bool has_id(const struct question *q, struct slice typed)
{
    for (size_t i = 0; i < q->choice_count; i++)
        if (slice_equal(q->choices[i].id, typed))
            return true;
    return false;
}

static bool is_between(char c)
{
    return c == ',' || c == ' ' || c == ';' || c == '>';
}

/* "b)", "b." and "(b)" are b. */
static struct slice bare_letter(struct slice typed)
{
    size_t from = slice_starts(typed, SLICE("("));
    struct slice rest = slice_part(typed, from, typed.size);
    if (rest.size == 2 && (rest.data[1] == ')' || rest.data[1] == '.'))
        return slice_part(rest, 0, 1);
    return typed;
}

/* Each letter made into that of the file; blanks and commas stay. */
static struct slice map_letters(const struct shown *shown, struct slice typed, struct arena *arena)
{
    struct slice mapped = arena_copy(arena, bare_letter(typed));
    char *letters = (char *)mapped.data;
    for (size_t i = 0; i < mapped.size; i++) {
        char c = slice_lower(letters[i]);
        if (c >= 'a' && (size_t)(c - 'a') < shown->count)
            letters[i] = (char)('a' + shown->order[c - 'a']);
        else if (is_between(c))
            letters[i] = ',';
        else if (c != '-')
            return typed;
    }
    return mapped;
}

bool ask_is_letters(struct slice typed)
{
    size_t run = 0;
    typed = bare_letter(slice_trim(typed));
    for (size_t i = 0; i < typed.size; i++) {
        char c = slice_lower(typed.data[i]);
        run = c >= 'a' && c <= 'z' ? run + 1 : 0;
        if (run > 1 || (run == 0 && !is_between(c)))
            return false;
    }
    return typed.size > 0;
}

/* Case, quotes and a final stop are not what an answer is about. */
static struct slice plain_text(struct slice text, struct arena *arena)
{
    char *plain = arena_take(arena, text.size + 1);
    size_t size = 0;
    for (size_t i = 0; i < text.size; i++)
        if (text.data[i] != '`' && text.data[i] != '*' && text.data[i] != '"')
            plain[size++] = slice_lower(text.data[i]);
    struct slice trimmed = slice_trim((struct slice){plain, size});
    return slice_part(trimmed, 0, trimmed.size - slice_ends(trimmed, SLICE(".")));
}

/* Who types a choice's text instead of its letter; SLICE_NONE: no choice has it. */
static size_t find_text(const struct question *q, struct slice typed, struct arena *arena)
{
    struct slice plain = plain_text(typed, arena);
    for (size_t i = 0; i < q->choice_count && plain.size > 0; i++)
        if (slice_equal(plain_text(q->choices[i].text, arena), plain))
            return i;
    return SLICE_NONE;
}

static struct slice truth(struct slice typed)
{
    static const char *const words[][2] = {{"t", "true"},   {"f", "false"}, {"yes", "true"},
                                           {"no", "false"}, {"y", "true"},  {"n", "false"}};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equal_fold(typed, slice_of(words[i][0])))
            return slice_of(words[i][1]);
    return typed;
}

struct slice ask_answer(const struct question *question, uint64_t seed, struct slice typed,
                        struct arena *arena)
{
    struct shown shown;
    typed = slice_trim(typed);
    if (question->type == QUESTION_TF)
        return truth(typed);
    if (!has_letters(question) || has_id(question, typed))
        return typed;
    show_order(question, seed, &shown);
    struct slice mapped = map_letters(&shown, typed, arena);
    size_t chosen = mapped.size == 1 ? (size_t)(mapped.data[0] - 'a') : SLICE_NONE;
    bool is_one = question->type == QUESTION_SINGLE || question->type == QUESTION_CLICK;
    if (is_one && chosen >= question->choice_count)
        chosen = find_text(question, typed, arena);
    if (!is_one || chosen >= question->choice_count)
        return mapped;
    char letter = (char)('a' + chosen);
    return question->type == QUESTION_CLICK ? question->choices[chosen].id
                                            : arena_copy(arena, (struct slice){&letter, 1});
}

bool ask_judge(const struct question *question, struct slice answer, struct arena *arena,
               struct question_verdict *verdict, struct problem *problem)
{
    if (question_judge(question, answer, arena, verdict, problem))
        return true;
    if (question->type == QUESTION_CLICK)
        problem_set(problem, "expected a letter from a to %c",
                    (char)('a' + question->choice_count - 1));
    return false;
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

/* The choice whose word this is; SLICE_NONE: it is about the whole. */
static size_t choice_of(const struct question *q, struct slice feedback)
{
    for (size_t i = 0; i < q->choice_count; i++)
        if (q->choices[i].feedback.size && q->choices[i].feedback.data == feedback.data)
            return i;
    return SLICE_NONE;
}

static void put_reason(FILE *out, const struct question *q, const struct shown *shown, size_t i,
                       struct slice feedback)
{
    struct arena arena;
    size_t place = 0;
    arena_init(&arena);
    while (place < shown->count && shown->order[place] != i)
        place++;
    struct slice head = q->type == QUESTION_MATCH ? arena_printf(&arena, "  %zu. ", i + 1)
                        : q->type == QUESTION_TF
                            ? arena_printf(&arena, "  ")
                            : arena_printf(&arena, "  %c) ", (char)('a' + place));
    lesson_print_behind(out, head.data, feedback, ASK_COLUMNS);
    arena_finish(&arena);
}

void ask_reasons(FILE *out, const struct question *question, uint64_t seed, struct slice answer,
                 const struct question_verdict *verdict)
{
    struct question_answer parts;
    struct problem ignored;
    struct shown shown;
    bool is_missing = false;
    if (!question_read_answer(question, answer, &parts, &ignored))
        return;
    show_order(question, seed, &shown);
    for (size_t i = 0; i < verdict->feedback_count; i++) {
        size_t choice = choice_of(question, verdict->feedback[i]);
        if (choice == SLICE_NONE)
            lesson_print(out, verdict->feedback[i], ASK_COLUMNS, 2);
        else if (question->type == QUESTION_MULTI && !verdict->is_right && !parts.is_chosen[choice])
            is_missing = true;
        else
            put_reason(out, question, &shown, choice, verdict->feedback[i]);
    }
    if (is_missing)
        fputs("  Something is missing.\n", out);
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
        ask_reasons(out, question, seed, answer, verdict);
        if (verdict->score < QUESTION_FULL_SCORE) {
            fputs(question->type == QUESTION_SHORT ? "  A full answer:\n" : "  It is:\n", out);
            put_solution(out, question, &arena);
        }
    }
    arena_finish(&arena);
}
