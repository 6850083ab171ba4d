/*
 * A window with the lesson of lesson_kinds.json beside the map, and its learner.
 *
 *     stage_start();
 *     stage_at("q1");                        the step that is shown
 *     doer_press(&stage.d, "answer-a");
 *     stage_sent("answer q1 a");             one line was asked for, and is carried out
 *     stage_stop();
 */
#ifndef TESTS_VIEW_SUPPORT_LESSON_H
#define TESTS_VIEW_SUPPORT_LESSON_H

#include "support_course.h"
#include "support_doing.h"

struct stage {
    struct doer d;
    struct support_course c;
};
extern struct stage stage;

void stage_start(void);
void stage_stop(void);
void stage_at(const char *step);
void stage_sent(const char *line);
void stage_sent_nothing(void);
/* Something was done in the step, at the start of the run. */
void stage_deed(const char *line);

#endif
