/*
 * What mailflow check finds in the files of a course: lessons, banks of questions, learners' work.
 * Each: a line on `out` when all is well, else the problem with file, line and column.
 */
#ifndef APP_CHECK_LESSON_H
#define APP_CHECK_LESSON_H

#include <stdio.h>

#include "app/source.h"

enum check_kind { CHECK_TOPOLOGY, CHECK_LESSON, CHECK_BANK, CHECK_WORK };

/* By the first key that only one kind of file has; a topology when there is none. */
enum check_kind check_kind_of(const char *path);

/* The file FOLDER/ID.json beside the one that speaks of it, or the one of that kind that comes with
   mailflow. False: there is none. */
bool check_find_beside(const char *path, const char *folder, const char *kind, struct slice id,
                       char found[SOURCE_PATH]);

bool check_lesson(FILE *out, const char *path, struct problem *problem);
bool check_bank(FILE *out, const char *path, struct problem *problem);
bool check_work(FILE *out, const char *path, struct problem *problem);

#endif
