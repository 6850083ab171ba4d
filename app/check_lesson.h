/*
 * What mailflow check finds in the files of a course: lessons, banks of questions, learners' work.
 * Each: a line on `out` when all is well, else the problem with file, line and column.
 */
#ifndef APP_CHECK_LESSON_H
#define APP_CHECK_LESSON_H

#include <stdio.h>

#include "sim/base/problem.h"

enum check_kind { CHECK_TOPOLOGY, CHECK_LESSON, CHECK_BANK, CHECK_WORK };

/* By the first key that only one kind of file has; a topology when there is none. */
enum check_kind check_kind_of(const char *path);

bool check_lesson(FILE *out, const char *path, struct problem *problem);
bool check_bank(FILE *out, const char *path, struct problem *problem);
bool check_work(FILE *out, const char *path, struct problem *problem);

#endif
