/*
 * What the program is to a lesson in the window, as far as tests of the window need it: takes the
 * view's lines (render/view/course.h) and tells it what came of them.
 *
 *     support_course_begin(&c, view, log, SOURCE_DIR "/lessons/L07.json");
 *     support_course_serve(&c);                 carries out what the view has asked for
 *     support_course_line(&c, "goto p2");
 *     support_course_end(&c);
 */
#ifndef TESTS_VIEW_SUPPORT_COURSE_H
#define TESTS_VIEW_SUPPORT_COURSE_H

#include "lessons/bank.h"
#include "render/view/course.h"
#include "render/view/view.h"

struct support_course {
    struct lesson lesson;
    struct bank bank;
    struct workbook book;
    struct workbook_attempt *attempt;
    struct verdict verdict;
    struct view_course course;
    struct view_quiz quiz;
    struct arena arena;
    const struct question *missed[200];
    struct view *view;
    const struct log *log;
    bool has_bank;
    char line[VIEW_REQUEST_MAX]; /* the last one that was asked for */
};

/* The view is the caller's, and outlives it. */
void support_course_begin(struct support_course *c, struct view *view, const struct log *log,
                          const char *path);
/* Questions for `quiz`. */
void support_course_bank(struct support_course *c, const char *path);
void support_course_end(struct support_course *c);

void support_course_line(struct support_course *c, const char *line);
/* A deed of the step that is shown, at t. */
void support_course_deed(struct support_course *c, int64_t t, const char *line);
/* All requests of the view; how many of them were lines. */
int support_course_serve(struct support_course *c);

#endif
