/* What came of a round of questions is handed in as a text. */
#include "app/round.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static void read_text(const char *path, char *text, size_t room)
{
    FILE *in = fopen(path, "rb");
    cr_assert(in, "%s", path);
    text[fread(text, 1, room - 1, in)] = '\0';
    fclose(in);
}

/* The first one is answered rightly, the second wrongly, the others not at all. */
static void answer_two(struct round *r, struct workbook *book)
{
    struct problem problem;
    struct arena arena;
    arena_init(&arena);
    cr_assert(round_reply(r, question_solution(r->view.question, &arena), book, &problem));
    cr_assert(round_reply(r, SLICE("next"), book, &problem));
    const struct question *q = r->view.question;
    struct slice wrong = q->type == QUESTION_TF
                             ? q->choices[0].is_right ? SLICE("false") : SLICE("true")
                         : q->type == QUESTION_NUM   ? SLICE("-7")
                         : q->type == QUESTION_SHORT ? SLICE("no idea")
                                                     : SLICE("");
    for (size_t i = 0; i < q->choice_count && wrong.size == 0; i++)
        if (!q->choices[i].is_right)
            wrong = q->type == QUESTION_CLICK ? q->choices[i].id
                                              : arena_printf(&arena, "%c", (char)('a' + i));
    if (!round_reply(r, wrong, book, &problem)) /* pairs and orders */
        cr_assert(round_reply(r, question_solution(q, &arena), book, &problem));
    while (r->view.question)
        cr_assert(round_reply(r, SLICE("next"), book, &problem));
    arena_finish(&arena);
}

Test(round, what_came_of_it_is_saved_as_a_text)
{
    struct round r;
    struct problem problem = {0};
    struct workbook book;
    char folder[] = "/tmp/mailflow-round-XXXXXX", text[20000], wanted[200];
    cr_assert(mkdtemp(folder));
    cr_assert_eq(chdir(SOURCE_DIR), 0);
    setenv("XDG_DATA_HOME", folder, 1);
    setenv("XDG_STATE_HOME", folder, 1);
    workbook_init(&book);
    cr_assert(round_open(&r, SLICE("pop3"), NULL, 1, &problem), "%s", problem.what);
    answer_two(&r, &book);
    cr_assert_eq(chdir(folder), 0);
    cr_assert(round_reply(&r, SLICE("save"), &book, &problem), "%s", problem.what);
    cr_expect(slice_equal(r.view.saved, SLICE("mailflow-quiz-1.txt")));
    read_text("mailflow-quiz-1.txt", text, sizeof text);
    snprintf(wanted, sizeof wanted, "%zu of %zu right", r.view.right, r.view.answered);
    cr_expect(strstr(text, wanted), "%s", text);
    for (size_t i = 0; i < r.view.count; i++)
        cr_expect(strstr(text, r.chosen[i]->id.data), "%s", r.chosen[i]->id.data);
    cr_expect(strstr(text, ": right\n"));
    cr_expect(strstr(text, "Answered: "));
    cr_expect(strstr(text, ": not answered\n"));
    cr_assert(round_reply(&r, SLICE("save"), &book, &problem));
    cr_expect(slice_equal(r.view.saved, SLICE("mailflow-quiz-2.txt")), "nothing is written over");
    round_close(&r);
    workbook_finish(&book);
}
