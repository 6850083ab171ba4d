#include "lessons/bank.h"

#include <criterion/criterion.h>

#include <glob.h>
#include <stdio.h>
#include <stdlib.h>

#include "lessons/style.h"
#include "sim/json/json_file.h"

static void add_all(struct banks *banks)
{
    glob_t found;
    struct problem problem = {0};
    char line[PROBLEM_LINE];
    cr_assert(glob(SOURCE_DIR "/lessons/quiz/L*.json", 0, NULL, &found) == 0);
    for (size_t i = 0; i < found.gl_pathc; i++)
        cr_assert(banks_add(banks, found.gl_pathv[i], &problem), "%s",
                  problem_line(&problem, line));
    globfree(&found);
}

/* The 155 of the course; banks that somebody adds (L25 and on) come on top. */
Test(bank, all_the_questions_of_the_course_are_there)
{
    struct banks banks = {0};
    size_t of_type[QUESTION_TYPES] = {0}, of_course = 0;
    add_all(&banks);
    for (size_t i = 0; i < banks.questions.count; i++) {
        const struct question *q = banks.questions.items[i];
        if (slice_order(q->lesson, SLICE("L24")) > 0)
            continue;
        of_course++;
        of_type[q->type]++;
        cr_expect(slice_equal(slice_part(q->id, 1, 3), slice_part(q->lesson, 1, 3)), "%.*s",
                  SLICE_ARG(q->id));
    }
    cr_expect_eq(of_course, 155);
    cr_expect_eq(of_type[QUESTION_TF], 28);
    cr_expect_eq(of_type[QUESTION_CLICK], 8);
    cr_expect_eq(of_type[QUESTION_SHORT], 12);
    banks_finish(&banks);
}

Test(bank, every_key_gets_the_full_score_and_every_other_choice_does_not)
{
    struct banks banks = {0};
    struct arena arena;
    arena_init(&arena);
    add_all(&banks);
    for (size_t i = 0; i < banks.questions.count; i++) {
        const struct question *q = banks.questions.items[i];
        struct question_verdict v;
        struct problem problem = {0};
        struct slice key = question_solution(q, &arena);
        cr_expect(question_judge(q, key, &arena, &v, &problem), "%.*s: %s", SLICE_ARG(q->id),
                  problem.what);
        cr_expect(v.is_right && v.score == QUESTION_FULL_SCORE, "%.*s", SLICE_ARG(q->id));
        for (size_t c = 0; q->type == QUESTION_SINGLE && c < q->choice_count; c++) {
            char letter[2] = {(char)('a' + c), '\0'};
            cr_expect(question_judge(q, slice_of(letter), &arena, &v, &problem));
            cr_expect_eq(v.is_right, q->choices[c].is_right);
            cr_expect_eq(v.feedback_count, 1, "%.*s %s", SLICE_ARG(q->id), letter);
        }
    }
    arena_finish(&arena);
    banks_finish(&banks);
}

/* Each slip is found by its own words: else its feedback would never be seen. */
Test(bank, every_slip_can_be_fallen_for)
{
    struct banks banks = {0};
    struct arena arena;
    arena_init(&arena);
    add_all(&banks);
    for (size_t i = 0; i < banks.questions.count; i++) {
        const struct question *q = banks.questions.items[i];
        for (size_t s = 0; s < q->slip_count; s++) {
            struct question_verdict v;
            struct problem problem = {0};
            int64_t n = q->slips[s].value;
            struct slice answer = q->type == QUESTION_NUM
                                      ? arena_printf(&arena, "%s%lld.%03lld", n < 0 ? "-" : "",
                                                     (long long)(n < 0 ? -n : n) / 1000,
                                                     (long long)(n < 0 ? -n : n) % 1000)
                                      : q->slips[s].any[0];
            cr_expect(question_judge(q, answer, &arena, &v, &problem));
            cr_expect_eq(v.slip, s, "%.*s slip %zu", SLICE_ARG(q->id), s);
            cr_expect_not(v.is_right);
        }
    }
    arena_finish(&arena);
    banks_finish(&banks);
}

Test(bank, keeps_to_the_limits_of_style)
{
    struct banks banks = {0};
    char line[PROBLEM_LINE];
    struct problem problem = {0};
    add_all(&banks);
    for (size_t i = 0; i < banks.list.count; i++) {
        struct bank *bank = banks.list.items[i];
        bank->reader.problem = &problem;
        cr_expect(style_check(&bank->reader, bank->reader.root), "%s",
                  problem_line(&problem, line));
    }
    banks_finish(&banks);
}

Test(bank, true_and_false_are_in_balance)
{
    struct banks banks = {0};
    int difference = 0;
    add_all(&banks);
    for (size_t i = 0; i < banks.questions.count; i++)
        if (banks.questions.items[i]->type == QUESTION_TF)
            difference += banks.questions.items[i]->choices[0].is_right ? 1 : -1;
    cr_expect(abs(difference) <= 2, "%d", difference);
    banks_finish(&banks);
}

Test(bank, an_id_belongs_to_one_question)
{
    static const char twice[] =
        "{\"format\":1,\"bank\":\"X\",\"questions\":["
        "{\"id\":\"Q1\",\"rev\":1,\"lesson\":\"L01\",\"type\":\"tf\",\"level\":1,"
        "\"topics\":[\"smtp\"],\"prompt\":\"p\",\"right\":true,\"fb\":{\"true\":\"T.\","
        "\"false\":\"F.\"}},\n"
        "{\"id\":\"Q1\",\"rev\":1,\"lesson\":\"L01\",\"type\":\"tf\",\"level\":1,"
        "\"topics\":[\"smtp\"],\"prompt\":\"p\",\"right\":true,\"fb\":{\"true\":\"T.\","
        "\"false\":\"F.\"}}]}";
    struct bank bank;
    struct problem problem = {0};
    char line[PROBLEM_LINE];
    cr_expect_not(bank_read(&bank, slice_of(twice), "x.json", &problem));
    cr_expect_str_eq(problem_line(&problem, line), "x.json:2:7: question Q1 twice "
                                                   "(questions[1].id), expected an id of its own");

    struct banks banks = {0};
    const char *const path = SOURCE_DIR "/lessons/quiz/L01.json";
    cr_assert(banks_add(&banks, path, &problem));
    cr_expect_not(banks_add(&banks, path, &problem));
    cr_expect(strstr(problem.what, "question Q0101 twice"), "%s", problem.what);
    cr_expect_eq(banks.list.count, 1);
    cr_expect(banks_find(&banks, SLICE("Q0103")) != NULL);
    cr_expect(banks_find(&banks, SLICE("Q0199")) == NULL);
    banks_finish(&banks);
}

Test(bank, the_published_schema_is_the_one_that_the_rows_print)
{
    static const char path[] = SOURCE_DIR "/lessons/quiz/schema.json";
    struct bytes printed, published;
    struct problem problem = {0};
    bytes_init(&printed, 1 << 20);
    cr_assert(bank_schema_print(&printed));
    struct slice text = bytes_slice(&printed);
    if (getenv("MAILFLOW_WRITE")) {
        FILE *out = fopen(path, "wb");
        cr_assert(out && fwrite(text.data, 1, text.size, out) == text.size);
        fclose(out);
    }
    cr_assert(json_file_read(path, 1 << 20, &published, &problem), "%s", problem.what);
    cr_expect(slice_equal(text, bytes_slice(&published)),
              "print it anew with MAILFLOW_WRITE=1 and this test");
    bytes_finish(&published);
    bytes_finish(&printed);
}
