#include "app/grade_csv.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "app/output.h"
#include "app/source.h"

static void put(struct bytes *out, struct slice text)
{
    (void)bytes_append(out, text); /* it has no ceiling */
}

void grade_csv_init(struct grade_csv *csv)
{
    bytes_init(&csv->steps, SIZE_MAX);
    bytes_init(&csv->checks, SIZE_MAX);
    bytes_init(&csv->quiz, SIZE_MAX);
}

void grade_csv_clear(struct grade_csv *csv)
{
    bytes_clear(&csv->steps);
    bytes_clear(&csv->checks);
    bytes_clear(&csv->quiz);
}

void grade_csv_finish(struct grade_csv *csv)
{
    bytes_finish(&csv->steps);
    bytes_finish(&csv->checks);
    bytes_finish(&csv->quiz);
}

static bool save_one(const char *path, const char *part, const char *head, const struct bytes *rows,
                     struct problem *problem)
{
    char name[SOURCE_PATH];
    struct bytes all;
    struct slice stem = slice_of(path);
    if (slice_ends_fold(stem, SLICE(".csv")))
        stem.size -= 4;
    int size = snprintf(name, sizeof name, "%.*s-%s.csv", SLICE_ARG(stem), part);
    if (size < 0 || (size_t)size >= sizeof name)
        return problem_set(problem, "%s: the path is too long", path);
    bytes_init(&all, SIZE_MAX);
    put(&all, slice_of(head));
    put(&all, bytes_slice(rows));
    bool ok = output_save(name, stdout, bytes_slice(&all), problem);
    bytes_finish(&all);
    return ok;
}

bool grade_csv_save(const struct grade_csv *csv, const char *path, struct problem *problem)
{
    return save_one(path, "steps",
                    "session,learner,lesson,run,step,kind,virtual_time,wall_time,value,correct\r\n",
                    &csv->steps, problem) &&
           save_one(path, "checks",
                    "session,learner,lesson,run,check,passed,points,max,at_virtual\r\n",
                    &csv->checks, problem) &&
           save_one(path, "quiz",
                    "session,learner,question,rev,attempt,answer,right,score,max,seconds,slip\r\n",
                    &csv->quiz, problem);
}

/* ---- fields ---- */

/* A spreadsheet takes what begins so for a formula; a tab or line end before it is passed over. */
static bool is_formula(struct slice text)
{
    return text.size > 0 && strchr("=+-@\t\r\n", text.data[0]);
}

void grade_csv_text(struct bytes *out, bool is_first, struct slice text)
{
    bool is_quoted = slice_find_octet(text, ',', 0) != SLICE_NONE ||
                     slice_find_octet(text, '"', 0) != SLICE_NONE ||
                     slice_find_line_end(text, 0) < text.size;
    if (!is_first)
        put(out, SLICE(","));
    if (is_quoted)
        put(out, SLICE("\""));
    if (is_formula(text))
        put(out, SLICE("'"));
    for (size_t i = 0; i < text.size; i++) {
        if (text.data[i] == '"')
            put(out, SLICE("\""));
        put(out, text.data[i] ? slice_part(text, i, i + 1) : SLICE("?"));
    }
    if (is_quoted)
        put(out, SLICE("\""));
}

void grade_csv_number(struct bytes *out, int64_t number)
{
    (void)bytes_printf(out, ",%" PRId64, number);
}

void grade_csv_share(struct bytes *out, uint32_t thousandths)
{
    (void)bytes_printf(out, ",%u.%03u", thousandths / 1000, thousandths % 1000);
}

void grade_csv_virtual(struct bytes *out, int64_t ns)
{
    (void)bytes_printf(out, ",%" PRId64 ".%03" PRId64, ns / 1000000000, ns / 1000000 % 1000);
}

void grade_csv_wall(struct bytes *out, int64_t seconds)
{
    struct tm utc;
    char text[32] = "";
    time_t moment = (time_t)seconds;
    if (seconds > 0 && gmtime_r(&moment, &utc))
        (void)strftime(text, sizeof text, "%Y-%m-%dT%H:%M:%SZ", &utc);
    (void)bytes_printf(out, ",%s", text);
}

void grade_csv_end(struct bytes *out)
{
    put(out, SLICE("\r\n"));
}
