/*
 * Results as CSV (RFC 4180): three files, a header line each, a row a fact. What comes from a
 * learner's file is text that a spreadsheet must not run: where it begins like a formula, a '
 * stands in front.
 */
#ifndef APP_GRADE_CSV_H
#define APP_GRADE_CSV_H

#include "sim/base/bytes.h"
#include "sim/base/problem.h"

struct grade_csv {
    struct bytes steps, checks, quiz;
};

/* Rows only: what is saved has a header line before them. */
void grade_csv_init(struct grade_csv *csv);
void grade_csv_clear(struct grade_csv *csv);
void grade_csv_finish(struct grade_csv *csv);
/* Writes results-steps.csv, results-checks.csv and results-quiz.csv for "results.csv". */
bool grade_csv_save(const struct grade_csv *csv, const char *path, struct problem *problem);

/* One field; `is_first` of a row. A row ends with grade_csv_end. */
void grade_csv_text(struct bytes *out, bool is_first, struct slice text);
void grade_csv_number(struct bytes *out, int64_t number);
/* Thousandths as 0.666. */
void grade_csv_share(struct bytes *out, uint32_t thousandths);
/* Seconds with milliseconds of virtual nanoseconds; ISO 8601 UTC of Unix seconds, 0 empty. */
void grade_csv_virtual(struct bytes *out, int64_t ns);
void grade_csv_wall(struct bytes *out, int64_t seconds);
void grade_csv_end(struct bytes *out);

#endif
