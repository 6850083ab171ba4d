/* Lessons and questions as a terminal shows them. */
#include <string.h>

#include "app/lesson.h"

/* `code` and *emphasis* are told by their marks on a picture; here the backquotes stay, the stars
   go. */
static bool is_mark(char c)
{
    return c == '*';
}

/* How many columns a text takes: of UTF-8 each first octet one. */
static int width_of(struct slice text)
{
    int width = 0;
    for (size_t i = 0; i < text.size; i++)
        width += ((unsigned char)text.data[i] & 0xC0) != 0x80 && !is_mark(text.data[i]);
    return width;
}

static void put_word(FILE *out, struct slice word)
{
    for (size_t i = 0; i < word.size; i++)
        if (!is_mark(word.data[i]))
            fputc((unsigned char)word.data[i] < 0x20 ? ' ' : word.data[i], out);
}

static void print_line(FILE *out, struct slice text, int columns, int indent)
{
    struct slice word;
    int at = 0;
    while (slice_cut(&text, ' ', &word)) {
        if (word.size == 0)
            continue;
        int width = width_of(word);
        if (at > 0 && at + 1 + width > columns) {
            fputc('\n', out);
            at = 0;
        }
        fprintf(out, "%*s", at == 0 ? indent : 1, "");
        at += (at == 0 ? indent : 1) + width;
        put_word(out, word);
    }
    fputc('\n', out);
}

void lesson_print(FILE *out, struct slice text, int columns, int indent)
{
    struct slice line;
    while (slice_cut(&text, '\n', &line))
        print_line(out, line, columns, indent);
}

static void put_choice(FILE *out, char letter, struct slice text, int columns)
{
    fprintf(out, "    %c) ", letter);
    lesson_print(out, text, columns - 7, 0);
}

static void print_sides(FILE *out, const struct question *q, uint64_t seed, int columns)
{
    struct slice sides[2 * QUESTION_CHOICES_MAX];
    size_t order[2 * QUESTION_CHOICES_MAX], count = question_right_sides(q, sides);
    for (size_t i = 0; i < q->choice_count; i++) {
        fprintf(out, "    %zu. ", i + 1);
        lesson_print(out, q->choices[i].text, columns - 7, 0);
    }
    fputs("  with\n", out);
    question_shuffle(q, seed, count, order);
    for (size_t i = 0; i < count; i++)
        put_choice(out, (char)('a' + order[i]), sides[order[i]], columns);
}

/* How to answer, in a few words. */
static const char *const how[QUESTION_TYPES] = {
    [QUESTION_TF] = "answer true or false",
    [QUESTION_SINGLE] = "answer with a letter",
    [QUESTION_MULTI] = "answer with all right letters, as in a,c",
    [QUESTION_MATCH] = "answer with a letter for 1, 2, 3 ... in this order, as in b,a,c",
    [QUESTION_ORDER] = "answer with the letters in the right order, as in b,a,c",
    [QUESTION_SHORT] = "answer in a sentence or two",
    [QUESTION_NUM] = "answer with a number",
    [QUESTION_CLICK] = "answer with one of these words",
};

void lesson_print_question(FILE *out, const struct question *q, uint64_t seed, int columns)
{
    size_t order[2 * QUESTION_CHOICES_MAX];
    if (q->prompt.size)
        lesson_print(out, q->prompt, columns, 2);
    if (q->type == QUESTION_MATCH)
        print_sides(out, q, seed, columns);
    else if (q->type != QUESTION_TF && q->type != QUESTION_SHORT && q->type != QUESTION_NUM)
        question_shuffle(q, seed, q->choice_count, order);
    for (size_t i = 0; i < q->choice_count; i++) {
        if (q->type == QUESTION_SINGLE || q->type == QUESTION_MULTI || q->type == QUESTION_ORDER)
            put_choice(out, (char)('a' + order[i]), q->choices[order[i]].text, columns);
        if (q->type == QUESTION_CLICK)
            fprintf(out, "    %.*s\t%.*s\n", SLICE_ARG(q->choices[order[i]].id),
                    SLICE_ARG(q->choices[order[i]].text));
    }
    fprintf(out, "  (%s", how[q->type]);
    if (q->type == QUESTION_NUM && q->unit.size)
        fprintf(out, " of %.*s", SLICE_ARG(q->unit));
    fputs(")\n", out);
}
