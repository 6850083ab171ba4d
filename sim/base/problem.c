#include "sim/base/problem.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

bool problem_set(struct problem *p, const char *format, ...)
{
    va_list args;
    va_start(args, format);
    vsnprintf(p->what, sizeof p->what, format, args);
    va_end(args);
    for (char *c = p->what; *c; c++)
        if ((unsigned char)*c < ' ' || *c == 127)
            *c = '?';
    return false;
}

void problem_at(struct problem *p, const char *file, int line, int column)
{
    snprintf(p->file, sizeof p->file, "%s", file ? file : "");
    p->line = line;
    p->column = column;
}

const char *problem_line(const struct problem *p, char text[PROBLEM_LINE])
{
    if (p->file[0] && p->line && !p->column)
        snprintf(text, PROBLEM_LINE, "%s:%d: %s", p->file, p->line, p->what);
    else if (p->file[0] && p->line)
        snprintf(text, PROBLEM_LINE, "%s:%d:%d: %s", p->file, p->line, p->column, p->what);
    else if (p->file[0])
        snprintf(text, PROBLEM_LINE, "%s: %s", p->file, p->what);
    else
        snprintf(text, PROBLEM_LINE, "%s", p->what);
    return text;
}

enum { NEAREST_WORD = 48 };

/* Edits (insert, drop, change) that turn a into b, ASCII case ignored. */
static size_t distance(struct slice a, struct slice b)
{
    size_t row[NEAREST_WORD + 1];
    for (size_t j = 0; j <= b.size; j++)
        row[j] = j;
    for (size_t i = 1; i <= a.size; i++) {
        size_t diagonal = row[0];
        row[0] = i;
        for (size_t j = 1; j <= b.size; j++) {
            bool same = slice_lower(a.data[i - 1]) == slice_lower(b.data[j - 1]);
            size_t best = diagonal + !same;
            best = row[j] + 1 < best ? row[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            diagonal = row[j];
            row[j] = best;
        }
    }
    return row[b.size];
}

const char *problem_nearest(struct slice word, const char *const *candidates, size_t count)
{
    const char *nearest = NULL;
    size_t least = word.size / 2 + 1; /* more than half of the word changed is another word */
    for (size_t i = 0; i < count; i++) {
        struct slice candidate = slice_of(candidates[i]);
        if (candidate.size > NEAREST_WORD || word.size > NEAREST_WORD)
            continue;
        size_t edits = distance(word, candidate);
        if (slice_starts_fold(candidate, word) && word.size >= 3 && edits > 1)
            edits = 1;
        if (edits < least) {
            least = edits;
            nearest = candidates[i];
        }
    }
    return nearest;
}
