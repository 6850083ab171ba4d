/* Texts of lessons as a terminal shows them. */
#include <string.h>

#include "app/lesson.h"

/* `code` and *emphasis* are told by their marks on a picture; here the backquotes stay, and the
   stars go where they are marks: not within code. Gives the columns that it takes; `out` NULL: to
   find out. */
static int put_word(FILE *out, struct slice word, bool *is_code)
{
    int width = 0;
    for (size_t i = 0; i < word.size; i++) {
        char c = word.data[i];
        if (c == '`')
            *is_code = !*is_code;
        if (c == '*' && !*is_code)
            continue;
        width += ((unsigned char)c & 0xC0) != 0x80; /* of UTF-8 each first octet */
        if (out)
            fputc((unsigned char)c < 0x20 ? ' ' : c, out);
    }
    return width;
}

static void print_line(FILE *out, struct slice text, int columns, int indent)
{
    struct slice word;
    int at = 0;
    bool is_code = false;
    while (slice_cut(&text, ' ', &word)) {
        if (word.size == 0)
            continue;
        bool then = is_code;
        int width = put_word(NULL, word, &then);
        if (at > 0 && at + 1 + width > columns) {
            fputc('\n', out);
            at = 0;
        }
        fprintf(out, "%*s", at == 0 ? indent : 1, "");
        at += (at == 0 ? indent : 1) + width;
        put_word(out, word, &is_code);
    }
    fputc('\n', out);
}

void lesson_print(FILE *out, struct slice text, int columns, int indent)
{
    struct slice line;
    while (slice_cut(&text, '\n', &line))
        print_line(out, line, columns, indent);
}

bool lesson_guess(struct slice line, struct problem *problem)
{
    static const char *const words[] = {"next", "back", "goto",   "answer", "run",  "look",
                                        "hint", "help", "status", "retry",  "show", "quit"};
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
