/* A learner's work as a file: what is written is read as the same, and nothing else is believed. */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "lessons/workbook.h"

static void fill(struct workbook *book)
{
    workbook_init(book);
    book->lesson = SLICE("L07");
    book->learner = SLICE("A17");
    book->session = SLICE("monday");
    book->seed = 18446744073709551615u;
    struct workbook_attempt *a = workbook_begin(book, SLICE("L07"));
    const struct workbook_deed deeds[] = {
        {.kind = WORKBOOK_ANSWER,
         .step = SLICE("p1"),
         .text = SLICE("mx\"1\\"),
         .wall_s = 1763800000},
        {.kind = WORKBOOK_DO, .t = 1500, .step = SLICE("s1"), .text = SLICE("send to=\"a\\nb\"")},
        {.kind = WORKBOOK_RUN, .t = INT64_C(9007199254740993) / 2, .step = SLICE("s1")},
    };
    for (size_t i = 0; i < sizeof deeds / sizeof *deeds; i++)
        workbook_add(book, a, &deeds[i]);
    *vector_add(&book->replies) = (struct workbook_reply){
        .question = SLICE("Q0701"), .answer = SLICE("mx2"), .rev = 3, .seconds = 12};
}

Test(workbook, what_is_written_is_read_as_the_same)
{
    struct workbook book, again;
    struct arena arena;
    struct problem problem;
    arena_init(&arena);
    fill(&book);
    struct slice text = workbook_write(&book, &arena);
    cr_assert(workbook_read(&again, text, "work.json", &problem), "%s", problem.what);
    cr_assert_eq(again.seed, 18446744073709551615u);
    cr_assert_eq(again.attempts.items[0].deeds.count, 3);
    cr_assert(slice_equal(again.attempts.items[0].deeds.items[0].text, SLICE("mx\"1\\")));
    cr_assert_eq(again.attempts.items[0].deeds.items[0].wall_s, 1763800000);
    cr_assert_eq(again.attempts.items[0].deeds.items[2].t, INT64_C(9007199254740993) / 2);
    cr_assert_eq(again.replies.items[0].rev, 3);
    struct slice once_more = workbook_write(&again, &arena);
    cr_assert(slice_equal(text, once_more));
    workbook_finish(&again);
    workbook_finish(&book);
    arena_finish(&arena);
}

Test(workbook, a_damaged_file_is_refused_with_its_place)
{
    static const struct {
        const char *json, *says;
    } rows[] = {
        {"", "expected"},
        {"[]", "an object"},
        {"{\"format\": 2, \"mailflow\": \"work\"}", "format"},
        {"{\"format\": 1}", "missing key \"mailflow\""},
        {"{\"format\": 1, \"mailflow\": \"work\", \"score\": 100}", "unknown key \"score\""},
        {"{\"format\": 1, \"mailflow\": \"work\", \"seed\": \"x\"}", "digits in quotes"},
        {"{\"format\": 1, \"mailflow\": \"work\", \"attempts\": [{\"scene\": \"a\", \"deeds\": "
         "[{\"t\": 1}]}]}",
         "do, run or answer"},
        {"{\"format\": 1, \"mailflow\": \"work\", \"attempts\": [{\"scene\": \"a\", \"deeds\": "
         "[{\"t\": 1, \"run\": true, \"do\": \"x\"}]}]}",
         "do, run or answer"},
        {"{\"format\": 1, \"mailflow\": \"work\", \"attempts\": [{\"scene\": \"a\", \"deeds\": "
         "[{\"t\": -1, \"run\": true}]}]}",
         "out of range: -1 (attempts[0].deeds[0].t)"},
        {"{\"format\": 1, \"mailflow\": \"work\", \"attempts\": [{\"scene\": \"a\", \"deeds\": "
         "[{\"t\": 99999999999999999, \"run\": true}]}]}",
         "t"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct workbook book;
        struct problem problem = {0};
        char line[PROBLEM_LINE];
        cr_assert(!workbook_read(&book, slice_of(rows[i].json), "w.json", &problem), "%s",
                  rows[i].json);
        cr_expect(strstr(problem_line(&problem, line), rows[i].says), "%s\n%s", rows[i].json, line);
    }
}

/* Hostile, but short: wherever a good file is cut off, nothing crashes and nothing is believed. */
Test(workbook, a_cut_file_is_refused_wherever_it_was_cut)
{
    struct workbook book, again;
    struct arena arena;
    arena_init(&arena);
    fill(&book);
    struct slice text = workbook_write(&book, &arena);
    for (size_t size = 0; size + 2 < text.size; size++) {
        struct problem problem;
        cr_assert(!workbook_read(&again, slice_part(text, 0, size), "w.json", &problem), "%zu",
                  size);
    }
    workbook_finish(&book);
    arena_finish(&arena);
}
