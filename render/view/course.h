/*
 * A lesson in the window: what the program tells the view of it, as plain data, and how the view
 * asks. The view shows the step, takes answers and clicks, and sends lines to the program
 * (VIEW_REQUEST_COURSE), the same that a person types at `mailflow lesson play`:
 *
 *     next | back | goto STEP           another step is shown
 *     answer [STEP] ANSWER              an answer in the form of lessons/question.h
 *     hint [STEP]                       one more hint
 *     retry STEP                        begins this step again, in a new attempt
 *     solve [STEP]                      does it as the lesson says (lecture mode's "next")
 *     quiz [TOPIC|LESSON]               begins a round of questions; quiz end: back to the lesson
 *     reply ANSWER                      to the question that is shown; reply next: the next one;
 *                                       reply save: what came of the round, to a file
 *     show [CHECK]                      the event that proves the shown question, or that a check
 *                                       stumbled over
 *     lecture | lecture off             before a class, or as before
 *     leave                             the lesson is closed; the topology stays open
 *
 * All is borrowed until the next view_set_course; NULL ends it.
 */
#ifndef RENDER_VIEW_COURSE_H
#define RENDER_VIEW_COURSE_H

#include "lessons/verdict.h"

struct view;

struct view_quiz {
    const struct question *question;      /* NULL: the round is over, its result is shown */
    uint64_t seed;                        /* the order of its choices: question_shuffle */
    size_t number, count;                 /* from 1 */
    size_t right, answered;               /* so far in this round, of those that are judged here */
    size_t kept;                          /* answered, and for the teacher to judge */
    struct slice answer;                  /* "" not answered yet */
    struct question_verdict verdict;      /* once answered */
    const struct question *const *missed; /* answered wrong in this round, for the result page */
    size_t missed_count;
    bool can_show;      /* the run that proves it can be shown */
    struct slice saved; /* the file with the result; "" none yet */
};

struct view_course {
    const struct lesson *lesson;
    const struct lesson_scene *scene;
    const struct verdict *verdict; /* of the present attempt and those before */
    size_t step;                   /* the index of the step that is shown; step_count: the end */
    size_t hints_shown;            /* of this step */
    bool is_lecture;               /* the instructor's way: `next` does, predictions are revealed */
    bool is_asked;                 /* lecture: this step's question is shown, */
    bool is_revealed;              /* and its answer */
    int64_t seen_at; /* lecture: what the step does is over at this moment, once it is done;
                        VTIME_NEVER: it is still to be done */
    size_t scene_number, scene_count;
    struct slice next_id, next_title; /* the lesson that comes after this one; "" none */
    const struct view_quiz *quiz;     /* NULL: no round of questions */
};

void view_set_course(struct view *view, const struct view_course *course);
/* NULL: none is open. */
const struct view_course *lesson_course(const struct view *view);

#endif
