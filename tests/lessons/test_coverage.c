/* Every point of the notes that the course grew from is taught by a lesson, and asked where
   docs/coverage.md says so; and every question has its lesson. */
#include <criterion/criterion.h>

#include <stdio.h>

#include "lessons/bank.h"
#include "lessons/lesson.h"
#include "tests/lessons/support_lesson.h"

enum { LESSONS = 25, SHIPPED_QUESTIONS = 155, POINTS = 36 + 75 + 17 };

static struct lesson lessons[LESSONS];
static struct banks banks;
static struct arena arena;

static void begin(void)
{
    arena_init(&arena);
    for (int i = 0; i < LESSONS; i++) {
        char path[512];
        struct problem problem = {0};
        snprintf(path, sizeof path, "%s/lessons/L%02d.json", SOURCE_DIR, i + 1);
        cr_assert(lesson_load(&lessons[i], path, &problem), "%s: %s", path, problem.what);
        snprintf(path, sizeof path, "%s/lessons/quiz/L%02d.json", SOURCE_DIR, i + 1);
        cr_assert(banks_add(&banks, path, &problem), "%s: %s", path, problem.what);
    }
}

static void end(void)
{
    for (int i = 0; i < LESSONS; i++)
        lesson_finish(&lessons[i]);
    banks_finish(&banks);
    arena_finish(&arena);
}

static bool has(const struct lesson_texts *texts, struct slice text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (slice_equal(texts->items[i], text))
            return true;
    return false;
}

static const struct lesson *find_lesson(struct slice id)
{
    for (int i = 0; i < LESSONS; i++)
        if (slice_equal(lessons[i].id, id))
            return &lessons[i];
    return NULL;
}

/* A row of the table: point, words, lessons, questions. */
struct row {
    struct slice id, lessons, questions;
};

static bool next_row(struct slice *doc, struct row *row)
{
    struct slice line, cell;
    while (slice_cut(doc, '\n', &line)) {
        bool is_row = slice_starts(line, SLICE("| A")) || slice_starts(line, SLICE("| B")) ||
                      slice_starts(line, SLICE("| SQ"));
        if (!is_row)
            continue;
        struct slice *cells[] = {&cell, &row->id, &cell, &row->lessons, &row->questions};
        for (size_t i = 0; i < sizeof cells / sizeof *cells; i++) {
            cr_assert(slice_cut(&line, '|', cells[i]), "a row of less than four cells");
            *cells[i] = slice_trim(*cells[i]);
        }
        return true;
    }
    return false;
}

/* The next id of "L01, L05". */
static bool next_id(struct slice *list, struct slice *id)
{
    bool is_there = slice_cut(list, ',', id);
    *id = slice_trim(*id);
    return is_there && !slice_equal(*id, SLICE("-"));
}

Test(coverage, every_point_is_taught_and_asked, .init = begin, .fini = end)
{
    struct slice doc = support_lesson_file(&arena, "docs/coverage.md"), id;
    struct row row;
    size_t count = 0;
    for (; next_row(&doc, &row); count++) {
        cr_expect_gt(row.lessons.size, 0, "%.*s", SLICE_ARG(row.id));
        while (next_id(&row.lessons, &id)) {
            const struct lesson *l = find_lesson(id);
            cr_assert_not_null(l, "%.*s names %.*s", SLICE_ARG(row.id), SLICE_ARG(id));
            cr_expect(has(&l->covers, row.id), "%.*s does not cover %.*s", SLICE_ARG(id),
                      SLICE_ARG(row.id));
        }
        while (next_id(&row.questions, &id))
            cr_expect_not_null(banks_find(&banks, id), "%.*s names %.*s", SLICE_ARG(row.id),
                               SLICE_ARG(id));
    }
    cr_expect_eq(count, POINTS);
}

/* A range without a hole, so that no row was lost. */
Test(coverage, the_table_has_every_point_once, .init = begin, .fini = end)
{
    static const struct {
        const char *prefix;
        int count;
    } parts[] = {{"A", 36}, {"B", 75}, {"SQ", 17}};
    struct slice doc = support_lesson_file(&arena, "docs/coverage.md");
    struct row row;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        for (int n = 1; n <= parts[i].count; n++) {
            struct slice wanted = arena_printf(&arena, "%s%02d", parts[i].prefix, n);
            cr_assert(next_row(&doc, &row), "%.*s", SLICE_ARG(wanted));
            cr_assert(slice_equal(row.id, wanted), "%.*s, not %.*s", SLICE_ARG(row.id),
                      SLICE_ARG(wanted));
        }
    cr_expect_not(next_row(&doc, &row));
}

Test(coverage, what_a_lesson_covers_is_in_the_table, .init = begin, .fini = end)
{
    for (int i = 0; i < LESSONS; i++)
        for (size_t k = 0; k < lessons[i].covers.count; k++) {
            struct slice doc = support_lesson_file(&arena, "docs/coverage.md"), id;
            struct row row = {0};
            bool is_there = false;
            while (!slice_equal(row.id, lessons[i].covers.items[k]) && next_row(&doc, &row))
                continue;
            while (next_id(&row.lessons, &id))
                is_there |= slice_equal(id, lessons[i].id);
            cr_expect(is_there, "%.*s covers %.*s", SLICE_ARG(lessons[i].id),
                      SLICE_ARG(lessons[i].covers.items[k]));
        }
}

Test(coverage, every_question_is_asked_by_its_lesson, .init = begin, .fini = end)
{
    size_t shipped = 0;
    for (size_t i = 0; i < banks.questions.count; i++) {
        const struct question *q = banks.questions.items[i];
        const struct lesson *l = find_lesson(q->lesson);
        cr_assert_not_null(l, "%.*s is of %.*s", SLICE_ARG(q->id), SLICE_ARG(q->lesson));
        cr_expect(has(&l->quiz, q->id), "%.*s does not ask %.*s", SLICE_ARG(l->id),
                  SLICE_ARG(q->id));
        shipped += !slice_equal(l->id, SLICE("L25"));
    }
    cr_expect_eq(shipped, SHIPPED_QUESTIONS);
    for (int i = 0; i < LESSONS; i++)
        for (size_t k = 0; k < lessons[i].quiz.count; k++)
            cr_expect_not_null(banks_find(&banks, lessons[i].quiz.items[k]), "%.*s",
                               SLICE_ARG(lessons[i].quiz.items[k]));
}

/* Who may be taught what: a lesson that others need comes before them. */
Test(coverage, lessons_need_only_those_before_them, .init = begin, .fini = end)
{
    for (int i = 0; i < LESSONS; i++)
        for (size_t k = 0; k < lessons[i].needs.count; k++) {
            const struct lesson *needed = find_lesson(lessons[i].needs.items[k]);
            cr_assert_not_null(needed, "%.*s", SLICE_ARG(lessons[i].needs.items[k]));
            cr_expect_lt(needed - lessons, i, "%.*s needs %.*s", SLICE_ARG(lessons[i].id),
                         SLICE_ARG(needed->id));
        }
}
