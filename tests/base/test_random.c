#include "sim/base/random.h"

#include <criterion/criterion.h>

Test(random, the_generator_gives_the_published_numbers_of_xoshiro256ss)
{
    struct random r = {{1, 2, 3, 4}};
    const uint64_t expected[] = {11520, 0, 1509978240, 1215971899390074240};
    for (int i = 0; i < 4; i++)
        cr_assert_eq(random_u64(&r), expected[i], "draw %d", i);
}

Test(random, the_seed_is_spread_by_splitmix64)
{
    struct random r;
    const uint64_t expected[] = {UINT64_C(6457827717110365317), UINT64_C(3203168211198807973),
                                 UINT64_C(9817491932198370423), UINT64_C(4593380528125082431)};
    random_init(&r, 1234567 ^ slice_hash(SLICE("any")), SLICE("any"));
    for (int i = 0; i < 4; i++)
        cr_assert_eq(r.state[i], expected[i], "word %d", i);
}

Test(random, equal_seeds_and_names_give_equal_streams_and_others_do_not)
{
    struct random a, b, other_name, other_seed;
    random_init(&a, 9, SLICE("mx1"));
    random_init(&b, 9, SLICE("mx1"));
    random_init(&other_name, 9, SLICE("mx2"));
    random_init(&other_seed, 10, SLICE("mx1"));
    for (int i = 0; i < 100; i++) {
        uint64_t draw = random_u64(&a);
        cr_assert_eq(draw, random_u64(&b));
        cr_assert_neq(draw, random_u64(&other_name));
        cr_assert_neq(draw, random_u64(&other_seed));
    }
}

Test(random, below_stays_below_and_reaches_every_value)
{
    struct random r;
    unsigned seen[7] = {0};
    random_init(&r, 5, SLICE("below"));
    for (int i = 0; i < 70000; i++) {
        uint64_t draw = random_below(&r, 7);
        cr_assert_lt(draw, 7);
        seen[draw]++;
    }
    for (int i = 0; i < 7; i++)
        cr_assert(seen[i] > 9500 && seen[i] < 10500, "%d came %u times of about 10000", i, seen[i]);
    cr_assert_eq(random_below(&r, 0), 0);
    cr_assert_eq(random_below(&r, 1), 0);
}

Test(random, below_has_no_bias_where_the_limit_does_not_divide_2_to_the_64)
{
    struct random r;
    const uint64_t third = UINT64_C(1)
                           << 62; /* a plain remainder would give the first half of all */
    unsigned low = 0;
    random_init(&r, 6, SLICE("bias"));
    for (int i = 0; i < 3000; i++) {
        uint64_t draw = random_below(&r, 3 * third);
        cr_assert_lt(draw, 3 * third);
        low += draw < third;
    }
    cr_assert(low > 900 && low < 1100, "%u of about 1000", low);
}

Test(random, a_chance_of_zero_draws_nothing_and_a_chance_of_one_is_certain)
{
    struct random r, before;
    random_init(&r, 5, SLICE("chance"));
    before = r;
    cr_assert_not(random_chance(&r, 0));
    for (int i = 0; i < 4; i++)
        cr_assert_eq(r.state[i], before.state[i]);
    unsigned hits = 0;
    for (int i = 0; i < 10000; i++) {
        cr_assert(random_chance(&r, 1000000));
        hits += random_chance(&r, 250000);
    }
    cr_assert(hits > 2300 && hits < 2700, "%u of about 2500", hits);
}
