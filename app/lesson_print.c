/* Texts of lessons as a terminal shows them. */
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
