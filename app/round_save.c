/* What came of a round of questions as a text that is handed in. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/folder.h"
#include "app/lesson.h"
#include "app/output.h"
#include "app/round.h"
#include "render/view/tr.h"
#include "sim/base/check.h"

enum { COLUMNS = 80, ASIDE = 8 };

static void put_one(FILE *out, const struct round *r, size_t i, struct arena *arena)
{
    const struct question *q = r->chosen[i];
    const struct question_verdict *v = &r->verdicts[i];
    const char *word = r->given[i].size == 0 ? tr("not answered")
                       : v->is_kept          ? tr("kept for your teacher")
                       : v->is_right         ? tr("right")
                                             : tr("wrong");
    fprintf(out, "\n%zu. %.*s (%s): %s\n", i + 1, SLICE_ARG(q->id), q->lesson.data, word);
    lesson_print(out, q->prompt, COLUMNS, ASIDE);
    if (r->given[i].size > 0)
        lesson_print(out,
                     arena_printf(arena, tr("Answered: %.*s"),
                                  SLICE_ARG(question_answer_text(q, r->given[i], arena))),
                     COLUMNS, ASIDE);
    if (r->given[i].size > 0 && !v->is_kept && !v->is_right)
        lesson_print(
            out,
            arena_printf(arena, tr("It is: %.*s"),
                         SLICE_ARG(question_answer_text(q, question_solution(q, arena), arena))),
            COLUMNS, ASIDE);
}

static void put_all(FILE *out, const struct round *r, struct arena *arena)
{
    char date[32];
    time_t now = time(NULL);
    struct tm local;
    strftime(date, sizeof date, "%Y-%m-%d %H:%M", localtime_r(&now, &local));
    fprintf(out, "mailflow, %s, %s: ", tr("Quiz"), date);
    fprintf(out, tr("%zu of %zu right"), r->view.right, r->view.answered);
    if (r->view.kept > 0) {
        fputs(", ", out);
        fprintf(out, tr("%zu kept for your teacher"), r->view.kept);
    }
    fputc('\n', out);
    for (size_t i = 0; i < r->view.count; i++)
        put_one(out, r, i, arena);
}

bool round_save(struct round *r, struct problem *problem)
{
    char *text = NULL, name[sizeof r->saved];
    size_t size = 0;
    struct arena arena;
    if (!folder_free_name(name, sizeof name, SLICE("mailflow-quiz"), 1, ".txt", problem))
        return false;
    FILE *out = open_memstream(&text, &size);
    check(out != NULL);
    arena_init(&arena);
    put_all(out, r, &arena);
    check(fclose(out) == 0);
    bool ok = output_save(name, stdout, (struct slice){text, size}, problem);
    arena_finish(&arena);
    free(text);
    if (ok) {
        memcpy(r->saved, name, sizeof name);
        r->view.saved = slice_of(r->saved);
    }
    return ok;
}
