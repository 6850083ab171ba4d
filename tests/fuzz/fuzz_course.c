/*
 * Any octets as a lesson, as a bank of questions and as a learner's work. What is read can be used:
 * there is something to do and to check, the key of each question is its right answer, and its copy
 * for students can be used as well.
 */
#include <stddef.h>
#include <stdint.h>

#include "lessons/bank.h"
#include "lessons/lesson.h"
#include "lessons/seal.h"
#include "lessons/style.h"
#include "lessons/workbook.h"
#include "sim/base/check.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_key(const struct question *q, struct arena *arena)
{
    struct question_verdict verdict;
    struct problem problem = {0};
    struct slice key = question_solution(q, arena);
    check((key.size == 0) == q->is_sealed);
    if (q->is_sealed)
        return;
    check(question_judge(q, key, arena, &verdict, &problem));
    check(q->type == QUESTION_SHORT || verdict.is_right);
    (void)question_answer_text(q, key, arena);
}

static bool has_sealed_step(const struct lesson *l)
{
    for (size_t i = 0; i < l->scene_count; i++)
        for (size_t k = 0; k < l->scenes[i].step_count; k++)
            if (l->scenes[i].steps[k].ask && l->scenes[i].steps[k].ask->is_sealed)
                return true;
    return false;
}

static void try_lesson_copy(struct lesson *whole, struct slice json)
{
    struct lesson l;
    struct problem problem = {0};
    check(lesson_read(&l, seal_lesson(json, &whole->arena), "copy.json", &problem));
    check(l.is_sealed && l.scene_count == whole->scene_count);
    for (size_t i = 0; i < l.scene_count; i++)
        for (size_t k = 0; k < l.scenes[i].step_count; k++)
            check(!l.scenes[i].steps[k].ask || l.scenes[i].steps[k].ask->is_sealed);
    lesson_finish(&l);
}

static void try_bank_copy(struct bank *whole, struct slice json)
{
    struct bank bank;
    struct problem problem = {0};
    for (size_t i = 0; i < whole->count; i++)
        if (whole->questions[i].is_sealed)
            return;
    check(bank_read(&bank, seal_bank(json, &whole->arena), "copy.json", &problem));
    check(bank.count == whole->count);
    for (size_t i = 0; i < bank.count; i++)
        check(bank.questions[i].is_sealed);
    bank_finish(&bank);
}

static void try_lesson(struct slice json)
{
    struct lesson l;
    struct problem problem = {0};
    const struct lesson_scene *drawn[LESSON_SCENES_MAX];
    if (!lesson_read(&l, json, "fuzz.json", &problem)) {
        check(problem.what[0]);
        return;
    }
    check(lesson_scenes(&l, json.size, drawn) > 0);
    for (size_t i = 0; i < l.scene_count; i++) {
        check(l.scenes[i].step_count > 0 && l.scenes[i].check_count > 0);
        for (size_t k = 0; k < l.scenes[i].step_count; k++)
            if (l.scenes[i].steps[k].ask)
                check_key(l.scenes[i].steps[k].ask, &l.arena);
    }
    check(lesson_check_style(&l, &problem) || problem.what[0]);
    if (!l.is_sealed && !has_sealed_step(&l))
        try_lesson_copy(&l, json);
    lesson_finish(&l);
}

static void try_bank(struct slice json)
{
    struct bank bank;
    struct problem problem = {0};
    if (!bank_read(&bank, json, "fuzz.json", &problem)) {
        check(problem.what[0]);
        return;
    }
    for (size_t i = 0; i < bank.count; i++)
        check_key(&bank.questions[i], &bank.arena);
    bank.reader.problem = &problem;
    check(style_check(&bank.reader, bank.reader.root) || problem.what[0]);
    try_bank_copy(&bank, json);
    bank_finish(&bank);
}

/* What is written is read as the same. */
static void try_work(struct slice json)
{
    struct workbook book, again;
    struct problem problem = {0};
    if (!workbook_read(&book, json, "fuzz.json", &problem)) {
        check(problem.what[0]);
        return;
    }
    struct slice first = workbook_write(&book, &book.arena);
    check(workbook_read(&again, first, "again.json", &problem));
    check(slice_equal(first, workbook_write(&again, &again.arena)));
    workbook_finish(&again);
    workbook_finish(&book);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice json = {(const char *)data, size};
    try_lesson(json);
    try_bank(json);
    try_work(json);
    return 0;
}
