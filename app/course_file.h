/*
 * Work files on disk, lessons by their names, and attempts run anew to be judged.
 */
#ifndef APP_COURSE_FILE_H
#define APP_COURSE_FILE_H

#include "lessons/verdict.h"

/* False with a problem when there is one that can't be used; without a file is_there is false and
   the book not begun. */
bool course_file_read(const char *path, struct workbook *book, bool *is_there,
                      struct problem *problem);
/* As a whole or not at all: written beside it and renamed. */
bool course_file_write(const char *path, const struct workbook *book, struct problem *problem);
/* Where a lesson's work is kept when nobody says where. False when there is no place for it. */
bool course_file_default(struct slice lesson, char path[], size_t room);

/* Runs the attempt in a world of its own and judges what happened. `cache`: as for stage_open. */
struct stage_cache;
bool course_file_judge(struct verdict *verdict, const struct lesson_scene *scene, uint64_t seed,
                       const struct workbook_attempt *attempt, struct stage_cache *cache,
                       struct problem *problem);

#endif
