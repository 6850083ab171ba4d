/*
 * A round of quiz questions in the window: which are asked, what was answered, and what came of it.
 *
 *     struct round round;
 *     round_open(&round, SLICE("push-pull"), NULL, seed, &problem);     a topic, a lesson or ""
 *     round_reply(&round, SLICE("b"), &book, &problem);                 or "next"
 *     ... round.view is what the view is told ...
 *     round_close(&round);
 */
#ifndef APP_ROUND_H
#define APP_ROUND_H

#include "lessons/bank.h"
#include "lessons/practice.h"
#include "lessons/workbook.h"
#include "render/view/course.h"

enum { ROUND_MOST = 12 };

struct round {
    struct banks banks;
    struct practice practice;
    struct arena arena; /* the present answer and what is said to it */
    const struct question *chosen[ROUND_MOST], *missed[ROUND_MOST];
    struct arena kept_arena; /* of what is below, until the round is closed */
    struct slice given[ROUND_MOST];
    struct question_verdict verdicts[ROUND_MOST]; /* without their feedback */
    char saved[64];
    struct view_quiz view;
    int64_t began_s;
};

/* From a bank's file, or with NULL from all that come with mailflow. False with a problem: there is
   no such topic or lesson, or no question about it. */
bool round_open(struct round *round, struct slice about, const char *bank, uint64_t seed,
                struct problem *problem);
void round_close(struct round *round);
/* What came of it, to the first of mailflow-quiz-1.txt, mailflow-quiz-2.txt, ... that is not there
   yet (app/round_save.c). */
bool round_save(struct round *round, struct problem *problem);
/* The reply is also noted in the book, and in what has been practised. */
bool round_reply(struct round *round, struct slice reply, struct workbook *book,
                 struct problem *problem);

#endif
