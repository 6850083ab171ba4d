/*
 * What is wrong with something a person or the machine gave us: where, what, and what was expected.
 * Shown as it is, on one line: "two-towns.json:12:7: unknown key "latncy" in links[2]; did you mean
 * "latency_ms"?". A function that can fail so returns false and has filled the problem in.
 */
#ifndef SIM_BASE_PROBLEM_H
#define SIM_BASE_PROBLEM_H

#include "sim/base/slice.h"

struct problem {
    char file[256];   /* "" when the problem is not in a file */
    int line, column; /* from 1; 0 when unknown */
    char what[512];
};

/* Sets `what`, with a ceiling: a longer text is cut. Keeps file, line and column. Returns false, so
   that a failing function can end with `return problem_set(...)`. Control characters become '?'. */
bool problem_set(struct problem *p, const char *format, ...) __attribute__((format(printf, 2, 3)));
void problem_at(struct problem *p, const char *file, int line, int column);

/* The whole line, without a newline. Cut to PROBLEM_LINE - 1 characters. */
#define PROBLEM_LINE 832
const char *problem_line(const struct problem *p, char text[PROBLEM_LINE]);

/* The candidate nearest to `word` by edit distance, when it is near enough to be meant; else NULL.
 */
const char *problem_nearest(struct slice word, const char *const *candidates, size_t count);

#endif
