#include "sim/base/arena.h"

#include <criterion/criterion.h>
#include <stdalign.h>
#include <string.h>

#include "sim/base/random.h"

Test(arena, what_it_gives_is_zeroed_and_aligned_also_after_a_reset)
{
    struct arena a;
    arena_init(&a);
    for (int round = 0; round < 3; round++) {
        for (size_t size = 0; size < 200; size += 7) {
            char *taken = arena_take(&a, size);
            cr_assert_eq((uintptr_t)taken % alignof(max_align_t), 0);
            for (size_t i = 0; i < size; i++)
                cr_assert_eq(taken[i], 0);
            memset(taken, 0xAA, size);
        }
        arena_reset(&a);
    }
    arena_finish(&a);
}

Test(arena, what_it_gives_does_not_overlap)
{
    struct arena a;
    struct random r;
    unsigned char *taken[300];
    size_t sizes[300];
    arena_init(&a);
    random_init(&r, 3, SLICE("arena"));
    for (int round = 0; round < 3; round++) {
        for (size_t i = 0; i < 300; i++) {
            sizes[i] = random_below(&r, i % 50 == 0 ? 40000 : 200);
            taken[i] = arena_take(&a, sizes[i]);
            memset(taken[i], (int)(i % 251), sizes[i]);
        }
        for (size_t i = 0; i < 300; i++)
            for (size_t j = 0; j < sizes[i]; j++)
                cr_assert_eq(taken[i][j], i % 251);
        arena_reset(&a);
    }
    arena_finish(&a);
}

Test(arena, a_reset_keeps_the_memory)
{
    struct arena a;
    arena_init(&a);
    void *first = arena_take(&a, 100);
    arena_take(&a, 100000);
    arena_reset(&a);
    cr_assert_eq(arena_take(&a, 100), first);
    arena_finish(&a);
    cr_assert_null(a.first);
    arena_reset(&a);
    arena_finish(&a);
}

Test(arena, copies_have_a_nul_behind_them)
{
    struct arena a;
    arena_init(&a);
    struct slice copy = arena_copy(&a, slice_part(SLICE("mx1.example.org"), 0, 3));
    cr_assert_str_eq(copy.data, "mx1");
    cr_assert_eq(copy.size, 3);
    cr_assert_eq(arena_copy(&a, (struct slice){0}).size, 0);
    struct slice text = arena_printf(&a, "%s-%d", "q", 42);
    cr_assert_str_eq(text.data, "q-42");
    cr_assert_eq(text.size, 4);
    arena_finish(&a);
}
