/*
 * The language of checks: predicates over a run's trace and its end, such as
 *
 *     in($M, "bob@example.org/INBOX") and count(dsn{about=$M, action="failed"}) == 0
 *
 * A text is compiled once, with its types checked, so that a slip is found when a lesson is loaded
 * and not in class; evaluating has no side effects and always ends. docs/write-a-lesson.md has the
 * grammar and the functions.
 *
 *     struct predicate *p = predicate_compile(text, &scope, &problem);   column and what is wrong
 *     struct predicate_reason reason;
 *     bool holds = predicate_holds(p, &facts, &learner, &arena, &reason);
 *     predicate_destroy(p);
 */
#ifndef LESSONS_PREDICATE_H
#define LESSONS_PREDICATE_H

#include "lessons/facts.h"
#include "sim/base/problem.h"

struct predicate;

enum { PREDICATE_TEXT_MAX = 8192 };

struct predicate_names {
    const struct slice *items;
    size_t count;
    bool is_known; /* false: nobody knows, and any name will do */
};

/* The names that a text may use. */
struct predicate_scope {
    const struct log *log; /* its hosts and agents; NULL: any */
    struct predicate_names steps, variables, phases;
    struct predicate_names asking;   /* of the steps those with a question */
    struct predicate_names settings; /* of any agent, host or link */
};

/* NULL with a problem whose column counts from 1 within the text. Texts are copied. */
struct predicate *predicate_compile(struct slice text, const struct predicate_scope *scope,
                                    struct problem *problem);
void predicate_destroy(struct predicate *p); /* accepts NULL */

/* What a learner has done beside acting in the run. Each may be asked for anything. */
struct predicate_learner {
    uint32_t (*message)(void *context, struct slice variable); /* $NAME; 0 when it is not bound */
    bool (*did)(void *context, struct slice step);
    bool (*predicted)(void *context, struct slice step);
    bool (*correct)(void *context, struct slice step);
    bool (*answer)(void *context, struct slice step, struct slice *text);
    bool (*number)(void *context, struct slice step, int64_t *number);
    void *context;
};

/* Why it does not hold: the first part that fails, in words, and where to look. */
struct predicate_reason {
    struct slice text; /* in the arena */
    uint32_t event;    /* the one that comes nearest; PREDICATE_NO_EVENT: there is none */
    uint32_t column;   /* of the part, from 1 */
};
#define PREDICATE_NO_EVENT UINT32_MAX

/* The learner may be NULL: has done nothing. The reason is set when it does not hold. */
bool predicate_holds(const struct predicate *p, const struct facts *facts,
                     const struct predicate_learner *learner, struct arena *arena,
                     struct predicate_reason *reason);
/* What to look at where it holds: the first event, in the order of the text, that it names and that
   is there; PREDICATE_NO_EVENT. */
uint32_t predicate_event(const struct predicate *p, const struct facts *facts,
                         const struct predicate_learner *learner, struct arena *arena);

#endif
