#include "app/round.h"

#include <stdlib.h>
#include <time.h>

#include "app/practice_file.h"
#include "app/quiz.h"
#include "sim/base/memory.h"

static int64_t wall_s(void)
{
    return (int64_t)time(NULL);
}

/* ---- which are asked ---- */

static size_t choose(struct round *r, struct slice about, uint64_t seed)
{
    size_t count = 0, all = r->banks.questions.count;
    const struct question **fit = memory_take((all + 1) * sizeof *fit);
    for (size_t i = 0; i < all; i++) {
        const struct question *q = r->banks.questions.items[i];
        if (about.size == 0 || question_is_about(q, about) || slice_equal_fold(q->lesson, about))
            fit[count++] = q;
    }
    count = practice_pick(&r->practice, fit, count, wall_s(), seed, ROUND_MOST, r->chosen);
    free(fit);
    return count;
}

static void ask(struct round *r, size_t number)
{
    bool is_over = number > r->view.count;
    arena_reset(&r->arena);
    r->began_s = wall_s();
    r->view.number = number;
    r->view.question = is_over ? NULL : r->chosen[number - 1];
    r->view.answer = SLICE("");
    r->view.verdict = (struct question_verdict){0};
    r->view.can_show = !is_over && question_is_shown(r->view.question);
}

bool round_open(struct round *r, struct slice about, const char *bank, uint64_t seed,
                struct problem *problem)
{
    *r = (struct round){0};
    arena_init(&r->arena);
    arena_init(&r->kept_arena);
    if (!practice_file_load(&r->practice, problem) ||
        !(bank ? banks_add(&r->banks, bank, problem) : quiz_load(&r->banks, problem))) {
        round_close(r);
        return false;
    }
    r->view = (struct view_quiz){.seed = seed, .missed = r->missed};
    r->view.count = choose(r, about, seed);
    if (r->view.count > 0) {
        ask(r, 1);
        return true;
    }
    round_close(r);
    return problem_set(problem, "there are no questions about \"%.*s\"",
                       SLICE_ARG(slice_part(about, 0, 40)));
}

void round_close(struct round *r)
{
    banks_finish(&r->banks);
    practice_finish(&r->practice);
    arena_finish(&r->arena);
    arena_finish(&r->kept_arena);
}

/* ---- replies ---- */

static void note(struct round *r, struct workbook *book)
{
    const struct question *q = r->view.question;
    int64_t now = wall_s();
    struct problem problem; /* what can't be kept is no reason to stop a person */
    practice_note(&r->practice, q, r->view.verdict.is_right, now);
    (void)practice_file_save(&r->practice, &problem);
    const struct workbook_reply reply = {
        .question = q->id,
        .answer = r->view.answer,
        .rev = q->rev,
        .seconds = (uint32_t)(now > r->began_s ? now - r->began_s : 0),
        .wall_s = now,
    };
    workbook_add_reply(book, &reply);
}

static bool answer(struct round *r, struct slice text, struct workbook *book,
                   struct problem *problem)
{
    struct view_quiz *v = &r->view;
    if (v->answer.size > 0)
        return problem_set(problem, "this question is answered");
    if (!question_judge(v->question, text, &r->arena, &v->verdict, problem))
        return false;
    v->answer = question_answer_kept(v->question, text, &r->arena);
    v->answered += !v->verdict.is_kept;
    v->kept += v->verdict.is_kept;
    v->right += v->verdict.is_right;
    if (!v->verdict.is_right && !v->verdict.is_kept)
        r->missed[v->missed_count++] = v->question;
    r->given[v->number - 1] = arena_copy(&r->kept_arena, v->answer);
    r->verdicts[v->number - 1] = v->verdict;
    r->verdicts[v->number - 1].feedback_count = 0;
    note(r, book);
    return true;
}

bool round_reply(struct round *r, struct slice reply, struct workbook *book,
                 struct problem *problem)
{
    if (slice_equal(reply, SLICE("save")))
        return round_save(r, problem);
    if (!r->view.question)
        return problem_set(problem, "the round is over");
    if (!slice_equal(reply, SLICE("next")))
        return answer(r, reply, book, problem);
    ask(r, r->view.number + 1);
    return true;
}
