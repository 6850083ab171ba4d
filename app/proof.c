#include "app/proof.h"

#include <string.h>

#include "app/check_lesson.h"
#include "app/course.h"

/* ---- the run ---- */

/* "after:s2" and "after:x6/s2" name a step, of the only or a named scene; "end" the last one of the
   first scene. */
static bool find_place(const struct lesson *lesson, struct slice at,
                       const struct lesson_scene **scene, struct slice *step,
                       struct problem *problem)
{
    struct slice name = SLICE("");
    *scene = &lesson->scenes[0];
    *step = SLICE("");
    if (slice_starts(at, SLICE("after:")))
        *step = slice_part(at, 6, at.size);
    size_t slash = slice_find_octet(*step, '/', 0);
    if (slash != SLICE_NONE) {
        name = slice_part(*step, 0, slash);
        *step = slice_part(*step, slash + 1, step->size);
    }
    for (size_t i = 0; i < lesson->scene_count && name.size > 0; i++)
        if (slice_equal(lesson->scenes[i].id, name)) {
            *scene = &lesson->scenes[i];
            name = SLICE("");
        }
    bool is_there = name.size == 0 && (step->size == 0 || lesson_find_step(*scene, *step));
    return is_there || problem_set(problem, "lesson %.*s has no step \"%.*s\"",
                                   SLICE_ARG(lesson->id), SLICE_ARG(at));
}

static bool load_lesson(struct lesson *lesson, struct slice id, const char *bank,
                        struct problem *problem)
{
    char word[COURSE_ID + 1], path[SOURCE_PATH];
    struct slice cut = slice_part(id, 0, COURSE_ID);
    memcpy(word, cut.data, cut.size);
    word[cut.size] = '\0';
    if (bank && check_find_beside(bank, "../", SOURCE_LESSONS, id, path))
        return lesson_load(lesson, path, problem);
    return course_find(word, path, problem) && lesson_load(lesson, path, problem);
}

static bool play(struct proof *proof, const struct lesson_scene *scene, struct slice last,
                 struct problem *problem)
{
    if (!stage_open(&proof->stage, scene, 1, NULL, problem))
        return false;
    workbook_init(&proof->book);
    verdict_init(&proof->verdict, scene);
    struct workbook_attempt *attempt = workbook_begin(&proof->book, scene->id);
    bool ok = stage_solve(&proof->stage, &proof->book, attempt, last, problem);
    const struct log *log = stage_log(&proof->stage);
    verdict_judge(&proof->verdict, &proof->book.attempts.items[0], log, log_count(log));
    if (ok)
        return true;
    verdict_finish(&proof->verdict);
    workbook_finish(&proof->book);
    stage_close(&proof->stage);
    return false;
}

bool proof_open(struct proof *proof, const struct question *question, const char *bank,
                struct problem *problem)
{
    const struct lesson_scene *scene;
    struct slice last;
    if (question->scene_lesson.size == 0)
        return problem_set(problem, "question %.*s does not say where its answer can be seen",
                           SLICE_ARG(question->id));
    if (!load_lesson(&proof->lesson, question->scene_lesson, bank, problem))
        return false;
    if (find_place(&proof->lesson, question->scene_at, &scene, &last, problem) &&
        play(proof, scene, last, problem))
        return true;
    lesson_finish(&proof->lesson);
    return false;
}

void proof_close(struct proof *proof)
{
    verdict_finish(&proof->verdict);
    workbook_finish(&proof->book);
    stage_close(&proof->stage);
    lesson_finish(&proof->lesson);
}

const struct log *proof_log(const struct proof *proof)
{
    return stage_log(&proof->stage);
}

/* ---- looking ---- */

/* A check was compiled when the question was read: here with the names of the run, too. */
static bool look(struct proof *proof, struct slice check, bool *holds, uint32_t *event,
                 struct slice *why, struct problem *problem)
{
    const struct log *log = proof_log(proof);
    struct predicate_scope scope;
    lesson_scope(proof->stage.scene, log, &proof->stage.arena, &scope);
    struct predicate *p = predicate_compile(check, &scope, problem);
    if (!p)
        return false;
    *holds = verdict_look(&proof->verdict, p, log, log_count(log), event, why);
    predicate_destroy(p);
    return true;
}

/* A check of what lies in a store names no event: the message that it is about was delivered then.
 */
static uint32_t find_delivery(struct proof *proof, struct slice check)
{
    struct problem problem = {0};
    uint32_t event = PREDICATE_NO_EVENT;
    size_t from = slice_find_octet(check, '$', 0), to = from + 1;
    bool holds;
    if (from == SLICE_NONE)
        return PREDICATE_NO_EVENT;
    while (to < check.size && slice_find_octet(SLICE(" ,)}"), check.data[to], 0) == SLICE_NONE)
        to++;
    struct slice text = arena_printf(&proof->stage.arena, "exists(deliver{msg=%.*s})",
                                     SLICE_ARG(slice_part(check, from, to)));
    return look(proof, text, &holds, &event, NULL, &problem) && holds ? event : PREDICATE_NO_EVENT;
}

/* What a right choice, or a wrong one, says of itself. */
static uint32_t find_choice(struct proof *proof, const struct question *question, bool is_right)
{
    struct problem problem = {0};
    uint32_t event;
    bool holds;
    for (size_t i = 0; i < question->choice_count; i++) {
        const struct question_choice *c = &question->choices[i];
        if (c->is_right == is_right && c->when.size > 0 &&
            look(proof, c->when, &holds, &event, NULL, &problem) && event != PREDICATE_NO_EVENT)
            return event;
    }
    return PREDICATE_NO_EVENT;
}

uint32_t proof_event(struct proof *proof, const struct question *question)
{
    struct problem problem = {0};
    uint32_t event = PREDICATE_NO_EVENT;
    bool holds;
    if (question->proof.size > 0 && look(proof, question->proof, &holds, &event, NULL, &problem) &&
        event != PREDICATE_NO_EVENT)
        return event;
    event = find_choice(proof, question, true);
    if (event == PREDICATE_NO_EVENT)
        event = find_delivery(proof, question->proof);
    for (size_t i = 0; i < question->choice_count && event == PREDICATE_NO_EVENT; i++)
        if (question->choices[i].is_right)
            event = find_delivery(proof, question->choices[i].when);
    return event == PREDICATE_NO_EVENT ? find_choice(proof, question, false) : event;
}

/* ---- checking a bank ---- */

struct checking {
    struct bank *bank;
    struct proof proof;
    const struct question *opened; /* whose run it is; NULL none */
    struct problem *problem;
};

static bool reject(struct checking *c, const cJSON *node, const char *key, const char *what,
                   struct slice why)
{
    const cJSON *at = cJSON_GetObjectItemCaseSensitive(node, key);
    c->bank->reader.problem = c->problem;
    return json_reader_reject(&c->bank->reader, at ? at : node, (struct json_hint){0}, "%s%s%.*s",
                              what, why.size ? ": " : "", SLICE_ARG(slice_part(why, 0, 300)));
}

static bool check_one(struct checking *c, const cJSON *node, const char *key, struct slice check,
                      bool wanted)
{
    struct problem wrong = {0};
    struct slice why = SLICE("");
    uint32_t event;
    bool holds;
    const cJSON *at = cJSON_GetObjectItemCaseSensitive(node, key);
    if (check.size == 0)
        return true;
    if (!look(&c->proof, check, &holds, &event, &why, &wrong)) {
        c->bank->reader.problem = c->problem;
        return json_reader_reject_in(&c->bank->reader, at, (size_t)wrong.column - 1, "%s",
                                     wrong.what);
    }
    if (holds == wanted)
        return true;
    return reject(c, node, key,
                  wanted ? "the run contradicts the key" : "the run makes this wrong answer right",
                  why);
}

/* Questions of one lesson mostly ask for the same run: it is kept for the next. */
static bool run_for(struct checking *c, const struct question *q)
{
    struct problem wrong = {0};
    if (c->opened && slice_equal(c->opened->scene_lesson, q->scene_lesson) &&
        slice_equal(c->opened->scene_at, q->scene_at))
        return true;
    if (c->opened)
        proof_close(&c->proof);
    c->opened = proof_open(&c->proof, q, c->bank->reader.name, &wrong) ? q : NULL;
    return c->opened || reject(c, q->node, "scene", "no such run", slice_of(wrong.what));
}

static bool check_question(struct checking *c, const struct question *q, size_t *proved)
{
    *proved += question_is_proved(q);
    if (q->scene_lesson.size == 0 || q->is_sealed)
        return true;
    if (!run_for(c, q) || !check_one(c, q->node, "proof", q->proof, true))
        return false;
    for (size_t i = 0; i < q->choice_count; i++)
        if (!check_one(c, q->choices[i].node, "when", q->choices[i].when, q->choices[i].is_right))
            return false;
    return true;
}

bool proof_check(struct bank *bank, size_t *proved, struct problem *problem)
{
    struct checking c = {.bank = bank, .problem = problem};
    bool ok = true;
    *proved = 0;
    for (size_t i = 0; i < bank->count && ok; i++)
        ok = check_question(&c, &bank->questions[i], proved);
    if (c.opened)
        proof_close(&c.proof);
    return ok;
}
