#include "lessons/practice.h"

#include <criterion/criterion.h>

#define DAY INT64_C(86400)

static struct practice practice;
static struct question pool[4] = {{.id = {"Q1", 2}, .rev = 1},
                                  {.id = {"Q2", 2}, .rev = 1},
                                  {.id = {"Q3", 2}, .rev = 1},
                                  {.id = {"Q4", 2}, .rev = 1}};
static const struct question *const all[4] = {&pool[0], &pool[1], &pool[2], &pool[3]};

static const char *first(int64_t now)
{
    const struct question *chosen[4];
    cr_assert_eq(practice_pick(&practice, all, 4, now, 1, 4, chosen), 4);
    return chosen[0]->id.data;
}

Test(practice, what_was_wrong_comes_back_first)
{
    practice_init(&practice);
    practice_note(&practice, &pool[2], true, 1000);
    practice_note(&practice, &pool[1], false, 1000);
    cr_expect_str_eq(first(1000), "Q2");
    const struct question *chosen[4];
    cr_expect_eq(practice_pick(&practice, all, 4, 1000, 1, 3, chosen), 3);
    cr_expect(chosen[1] != &pool[2] && chosen[2] != &pool[2], "known: not due yet, the new first");
    practice_finish(&practice);
}

Test(practice, what_is_known_comes_back_after_ever_longer_times)
{
    static const int64_t days[] = {1, 3, 7, 21, 60, 60};
    practice_init(&practice);
    for (size_t i = 0; i < sizeof days / sizeof *days; i++) {
        practice_note(&practice, &pool[0], true, 5000);
        cr_expect_eq(practice_find(&practice, &pool[0])->due_s, 5000 + days[i] * DAY);
    }
    cr_expect_str_neq(first(5000 + 60 * DAY - 1), "Q1");
    cr_expect_str_eq(first(5000 + 60 * DAY), "Q1");
    practice_note(&practice, &pool[0], false, 9000);
    cr_expect_eq(practice_find(&practice, &pool[0])->box, 0);
    practice_finish(&practice);
}

Test(practice, a_new_revision_is_a_new_question)
{
    struct question changed = pool[0];
    practice_init(&practice);
    practice_note(&practice, &pool[0], true, 1);
    practice_note(&practice, &pool[0], true, 1);
    changed.rev = 2;
    cr_expect(practice_find(&practice, &changed) == NULL);
    practice_note(&practice, &changed, true, 1);
    cr_expect_eq(practice_find(&practice, &changed)->box, 1);
    practice_finish(&practice);
}

Test(practice, its_file_read_back_is_the_same)
{
    struct arena arena;
    struct practice again;
    struct problem problem = {0};
    arena_init(&arena);
    practice_init(&practice);
    practice_init(&again);
    practice_note(&practice, &pool[3], true, 77);
    practice_note(&practice, &pool[0], false, 78);
    struct slice text = practice_write(&practice, &arena);
    cr_assert(practice_read(&again, text, "p.json", &problem), "%s", problem.what);
    cr_expect(slice_equal(practice_write(&again, &arena), text));
    cr_expect_eq(again.cards.count, 2);
    practice_finish(&again);
    practice_finish(&practice);
    arena_finish(&arena);
}

Test(practice, a_broken_file_adds_nothing)
{
    static const char *const files[] = {
        "", "[]", "{\"format\": 2, \"mailflow\": \"practice\"}",
        "{\"format\": 1, \"mailflow\": \"practice\", \"questions\": [{\"question\": \"Q1\", "
        "\"rev\": 1, \"box\": 1, \"due\": 0, \"seen\": 1, \"right\": 1}, {\"question\": \"Q2\", "
        "\"rev\": 1, \"box\": 6, \"due\": 0, \"seen\": 1, \"right\": 1}]}"};
    for (size_t i = 0; i < sizeof files / sizeof *files; i++) {
        struct problem problem = {0};
        practice_init(&practice);
        cr_expect_not(practice_read(&practice, slice_of(files[i]), "p.json", &problem));
        cr_expect_eq(practice.cards.count, 0, "%zu", i);
        cr_expect(problem.what[0] != '\0');
        practice_finish(&practice);
    }
}
