/*
 * What was shown to a class, page by page: a step, what came of it, its question, its answer. So
 * "back" brings back the very page before with its picture, and "on" the one behind it again,
 * without anything being done twice.
 *
 *     lecture_begin(&lecture, &page);          the first one
 *     lecture_add(&lecture, &page);            another one behind it, which is shown now
 *     lecture_back(&lecture)                   false: it is the first
 *     lecture_on(&lecture)                     false: it is the last
 */
#ifndef APP_LECTURE_H
#define APP_LECTURE_H

#include "app/course.h"

struct lecture_page {
    size_t step;
    int64_t t;        /* the moment of its picture, */
    uint32_t look;    /* unless it looks back at this event; PREDICATE_NO_EVENT: it does not */
    bool is_solved;   /* what the step says was done */
    bool is_asked;    /* its question is shown, */
    bool is_revealed; /* with the answer */
    bool is_recalled; /* what was done is over: the moment that the step speaks of is shown again */
    size_t moment;    /* which of those that it speaks of */
};

enum { LECTURE_PAGES_MAX = 4 * (LESSON_STEPS_MAX + 1) };

struct lecture {
    struct lecture_page pages[LECTURE_PAGES_MAX];
    size_t count, shown;
};

void lecture_begin(struct lecture *lecture, const struct lecture_page *page);
/* The one that is shown. */
struct lecture_page *lecture_page(struct lecture *lecture);
/* What was behind the one shown is forgotten. */
void lecture_add(struct lecture *lecture, const struct lecture_page *page);
void lecture_cut(struct lecture *lecture);
bool lecture_on(struct lecture *lecture);
bool lecture_back(struct lecture *lecture);

/* How a step is shown at first: what is to be done or looked at before it is asked about comes
   first. */
struct lecture_page lecture_first(const struct lesson_step *step, size_t index, int64_t t);
/* The event that the step speaks of, for the page's `look`; PREDICATE_NO_EVENT: it does not say, it
   has not come, or the step is just being done. */
uint32_t lecture_moment(struct course *course, const struct log *log,
                        const struct lecture_page *page);
/* Puts into *page how it goes on within its step; false: with the next step. The page after one
   that was not solved is what comes of doing it; where nothing is asked, its moments come behind.
 */
bool lecture_next(const struct lesson_step *step, struct lecture_page *page);
/* Its picture stands where it belongs. */
void lecture_show(const struct lecture_page *page, struct view *view);

#endif
