/* A small lesson that is right in every way, and ways to spoil it. */
#ifndef TESTS_LESSONS_SUPPORT_LESSON_H
#define TESTS_LESSONS_SUPPORT_LESSON_H

#include "lessons/lesson.h"

extern const char support_lesson[];

/* The small one with the first `from` in it made into `to`; in the arena. It must be there. */
struct slice support_lesson_with(struct arena *arena, const char *from, const char *to);
/* The problem's line for this text as "l.json", or "" when it loads. */
const char *support_lesson_problem(struct slice json, char line[PROBLEM_LINE]);
/* A whole file of the tree, by its path from the root; in the arena. */
struct slice support_lesson_file(struct arena *arena, const char *path);

#endif
