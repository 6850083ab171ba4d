/*
 * What a learner's attempt is worth: the checks of a scene, evaluated over the trace of the run
 * that the attempt's deeds made. Everything said here follows from the trace and the answers.
 *
 *     struct verdict verdict;
 *     verdict_init(&verdict, scene);
 *     verdict_judge(&verdict, attempt, log);        once an attempt: what it does better is kept
 *     ... verdict.points of verdict.points_max, verdict.checks[i].reason ...
 *     verdict_finish(&verdict);
 *
 * A variable of a step is bound to the message that the step's last deed with a message brought
 * into being; a step with several variables binds its messages one after the other.
 */
#ifndef LESSONS_VERDICT_H
#define LESSONS_VERDICT_H

#include "lessons/lesson.h"
#include "lessons/workbook.h"

struct verdict_check {
    const struct lesson_check *check;
    bool has_passed;
    bool is_kept;        /* of a sealed lesson: it holds if what is kept for the teacher is right */
    struct slice says;   /* the check's own word for it */
    struct slice reason; /* what is missing, of the latest attempt; "" when passed */
    uint32_t event;      /* of the latest attempt's log, to look at; PREDICATE_NO_EVENT */
};

struct verdict_step {
    const struct lesson_step *step;
    bool is_done, is_predicted, is_correct, is_unlocked;
    uint32_t deeds;                   /* recorded in it, with those that happen by themselves */
    struct slice answer;              /* the latest; "" none */
    struct question_verdict answered; /* what it is worth; of no answer all 0 */
};

struct verdict_variable {
    struct slice name;
    uint32_t msg; /* 0: not bound */
};

struct verdict {
    struct arena arena, rows; /* texts, of the latest judging; what is below */
    const struct lesson_scene *scene;
    struct verdict_check *checks;              /* scene->check_count */
    struct verdict_step *steps;                /* scene->step_count, of the latest attempt */
    VECTOR(struct verdict_variable) variables; /* of the latest attempt */
    VECTOR(struct fact_phase) phases;          /* likewise: its steps, for `during` */
    uint32_t points, points_max;               /* over all attempts */
    bool trusts_kept; /* while judging: an answer that is kept counts as right */
};

void verdict_init(struct verdict *verdict, const struct lesson_scene *scene);
void verdict_finish(struct verdict *verdict);
/* `count` events of the log are looked at (log_count for all). */
void verdict_judge(struct verdict *verdict, const struct workbook_attempt *attempt,
                   const struct log *log, uint32_t count);
/* Any other check over the same run, with the variables and answers of the attempt that was judged
   last. *event: what it points at (predicate.h), PREDICATE_NO_EVENT; *why (or NULL): in the
   verdict's arena, where it does not hold. */
bool verdict_look(struct verdict *verdict, const struct predicate *predicate, const struct log *log,
                  uint32_t count, uint32_t *event, struct slice *why);
/* What is kept for the teacher to decide, over all attempts. */
uint32_t verdict_points_kept(const struct verdict *verdict);
/* 0 to 100, rounded down. */
uint32_t verdict_percent(const struct verdict *verdict);

#endif
