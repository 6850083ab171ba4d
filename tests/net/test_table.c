#include "sim/net/table.h"

#include <criterion/criterion.h>

#include "sim/base/random.h"

Test(table, keeps_one_value_a_key)
{
    struct table t = {0};
    cr_expect_eq(table_get(&t, 5), 0, "an empty table knows nothing");
    table_remove(&t, 5);
    table_set(&t, 5, 1);
    table_set(&t, 0, 2);
    table_set(&t, 5, 3);
    cr_expect(table_get(&t, 5) == 3 && table_get(&t, 0) == 2 && t.count == 2);
    table_remove(&t, 5);
    cr_expect(table_get(&t, 5) == 0 && table_get(&t, 0) == 2 && t.count == 1);
    table_clear(&t);
    cr_expect(table_get(&t, 0) == 0 && t.count == 0);
    table_finish(&t);
}

Test(table, agrees_with_a_plain_array_whatever_is_done_to_it)
{
    enum { KEYS = 300, STEPS = 100000 };
    struct table t = {0};
    uint32_t plain[KEYS] = {0};
    struct random r;
    random_init(&r, 1, SLICE("table"));
    for (int i = 0; i < STEPS; i++) {
        size_t key = random_below(&r, KEYS);
        uint32_t value = (uint32_t)random_below(&r, 3);
        if (value)
            table_set(&t, key << 32, value);
        else
            table_remove(&t, key << 32);
        plain[key] = value;
        size_t asked = random_below(&r, KEYS);
        cr_assert_eq(table_get(&t, (uint64_t)asked << 32), plain[asked], "step %d", i);
    }
    table_finish(&t);
}
