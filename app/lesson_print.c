/* Texts of lessons as a terminal shows them. */
#include <string.h>

#include "app/lesson.h"

enum { WORD_CODE = 1, WORD_AS_IT_IS = 2 };

/* `code` and *emphasis* are told by their marks on a picture; here the backquotes stay, and the
   stars go where they are marks: not within code. Gives the columns that it takes; `out` NULL: to
   find out. */
static int put_word(FILE *out, struct slice word, unsigned *state)
{
    int width = 0;
    for (size_t i = 0; i < word.size; i++) {
        char c = word.data[i];
        if (c == '`')
            *state ^= WORD_CODE;
        if (c == '*' && *state == 0)
            continue;
        width += ((unsigned char)c & 0xC0) != 0x80; /* of UTF-8 each first octet */
        if (out)
            fputc((unsigned char)c < 0x20 ? ' ' : c, out);
    }
    return width;
}

/* `at`: the column that the line has reached; the lines below begin behind `indent` blanks. Blanks
   between words stay as many where all is to stay as it is. */
static void print_line(FILE *out, struct slice text, int columns, int indent, int at,
                       unsigned state)
{
    struct slice word;
    bool is_first = true;
    int gap = 1;
    while (slice_cut(&text, ' ', &word)) {
        if (word.size == 0) {
            gap += (state & WORD_AS_IT_IS) != 0;
            continue;
        }
        unsigned then = state;
        int width = put_word(NULL, word, &then), blanks = is_first ? indent - at : gap;
        if (!is_first && at + blanks + width > columns) {
            fputc('\n', out);
            at = 0;
            blanks = indent;
        }
        fprintf(out, "%*s", blanks > 0 ? blanks : 0, "");
        at += (blanks > 0 ? blanks : 0) + width;
        put_word(out, word, &state);
        is_first = false;
        gap = 1;
    }
    fputc('\n', out);
}

void lesson_print(FILE *out, struct slice text, int columns, int indent)
{
    struct slice line;
    while (slice_cut(&text, '\n', &line))
        print_line(out, line, columns, indent, 0, 0);
}

void lesson_print_behind(FILE *out, const char *head, struct slice text, int columns)
{
    unsigned state = WORD_AS_IT_IS;
    int width = put_word(NULL, slice_of(head), &state);
    fputs(head, out);
    print_line(out, text, columns, width, width, WORD_AS_IT_IS);
}

bool lesson_guess(struct slice line, struct problem *problem)
{
    static const char *const words[] = {"next", "back",   "goto",  "answer", "run",  "look", "hint",
                                        "help", "status", "steps", "retry",  "show", "quit"};
    struct slice word, rest = line;
    slice_cut(&rest, ' ', &word);
    if (!slice_starts(slice_of(problem->what), SLICE("unknown action")) ||
        slice_find(slice_of(problem->what), SLICE("did you mean"), 0) != SLICE_NONE)
        return false;
    const char *nearest = problem_nearest(word, words, sizeof words / sizeof *words);
    if (nearest)
        return problem_set(problem, "unknown word \"%.*s\"; did you mean %s?",
                           SLICE_ARG(slice_part(word, 0, 40)), nearest);
    return problem_set(problem, "unknown word \"%.*s\"; \"help\" says what can be typed here",
                       SLICE_ARG(slice_part(word, 0, 40)));
}
