/*
 * What an exported page says of the lesson in which its run was made: what a person who takes the
 * lesson has been shown so far, and no more. Keys, hints and what is kept for a teacher stay out.
 */
#ifndef APP_LESSON_PAGE_H
#define APP_LESSON_PAGE_H

#include "export/export.h"
#include "render/view/course.h"

/* In the arena, with texts borrowed from the course. */
const struct export_lesson *lesson_page(const struct view_course *course, struct arena *arena);

#endif
