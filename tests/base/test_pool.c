#include "sim/base/pool.h"

#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

Test(pool, the_empty_text_is_number_0)
{
    struct pool p;
    uint32_t number = 99;
    pool_init(&p);
    cr_assert_eq(pool_intern(&p, SLICE("")), 0);
    cr_assert_eq(pool_at(&p, 0).size, 0);
    cr_assert(pool_find(&p, SLICE(""), &number));
    cr_assert_eq(number, 0);
    pool_finish(&p);
}

Test(pool, equal_texts_have_one_number_and_others_another)
{
    struct pool p;
    uint32_t number;
    pool_init(&p);
    uint32_t a = pool_intern(&p, SLICE("mx1")), b = pool_intern(&p, SLICE("mx2"));
    cr_assert_neq(a, b);
    cr_assert_eq(pool_intern(&p, SLICE("mx1")), a);
    cr_assert(pool_find(&p, SLICE("mx2"), &number));
    cr_assert_eq(number, b);
    cr_assert_not(pool_find(&p, SLICE("mx3"), &number));
    cr_assert_eq(p.count, 2);
    cr_assert_eq(p.octets, 6);
    cr_assert_str_eq(pool_at(&p, a).data, "mx1", "there is a NUL behind it");
    cr_assert_neq(pool_intern(&p, SLICE("mx1\0")), a, "a NUL is content like any octet");
    pool_finish(&p);
}

Test(pool, a_hundred_thousand_texts_stay_where_they_are)
{
    enum { COUNT = 100000 };
    struct pool p;
    uint32_t *numbers = calloc(COUNT, sizeof *numbers);
    char text[64];
    pool_init(&p);
    const char *first = pool_at(&p, pool_intern(&p, SLICE("first"))).data;
    for (int i = 0; i < COUNT; i++) {
        int size = snprintf(text, sizeof text, "%d-%*d", i, i % 40, i);
        numbers[i] = pool_intern(&p, (struct slice){text, (size_t)size});
    }
    for (int i = 0; i < COUNT; i++) {
        int size = snprintf(text, sizeof text, "%d-%*d", i, i % 40, i);
        struct slice s = {text, (size_t)size};
        cr_assert(slice_equal(pool_at(&p, numbers[i]), s));
        cr_assert_eq(pool_intern(&p, s), numbers[i]);
    }
    cr_assert_eq(pool_at(&p, pool_intern(&p, SLICE("first"))).data, first);
    cr_assert_gt(p.chunk_count, 1);
    pool_finish(&p);
    free(numbers);
}

Test(pool, texts_around_the_size_of_a_chunk_and_larger_are_kept_whole)
{
    struct pool p;
    const size_t mib = 1 << 20;
    const size_t sizes[] = {mib - 16, mib - 6, mib - 5, mib - 4, mib - 3, mib, mib + 1, 3 * mib};
    uint32_t numbers[8];
    char *text = malloc(3 * mib);
    pool_init(&p);
    for (size_t i = 0; i < 8; i++) {
        memset(text, (int)('a' + i), sizes[i]);
        numbers[i] = pool_intern(&p, (struct slice){text, sizes[i]});
        cr_assert_neq(pool_intern(&p, SLICE("small")), 0);
    }
    for (size_t i = 0; i < 8; i++) {
        memset(text, (int)('a' + i), sizes[i]);
        cr_assert(slice_equal(pool_at(&p, numbers[i]), (struct slice){text, sizes[i]}));
        cr_assert_eq(pool_at(&p, numbers[i]).data[sizes[i]], '\0');
    }
    cr_assert_eq(p.count, 9);
    free(text);
    pool_finish(&p);
}
