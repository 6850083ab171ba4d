/* Private to lesson*.c: the rows that a lesson file is read by and that its schema is printed from.
 */
#ifndef LESSONS_LESSON_PART_H
#define LESSONS_LESSON_PART_H

#include "lessons/lesson.h"
#include "sim/json/shape.h"

extern const struct shape lesson_shape, lesson_scene_shape, lesson_step_shape, lesson_check_shape,
    lesson_way_shape, lesson_use_shape;

enum {
    LESSON_CHECKS_MAX = 64,
    LESSON_WAYS_MAX = 64,
    LESSON_TEXTS_MAX = 200,  /* in one list */
    LESSON_LINE_MAX = 65536, /* octets of an action line: a mail's whole text may be in it */
};

/* From the tree to the lesson; false with the reader's problem. */
bool lesson_read_file(struct lesson *lesson);
/* Compiles a scene's checks and what unlocks its steps. With a log its hosts, agents and faults are
   known, and nothing is kept: it is only looked at. */
bool lesson_compile(struct lesson *lesson, struct lesson_scene *scene, const struct log *log,
                    const struct predicate_names *settings);

#endif
