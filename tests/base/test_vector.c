#include "sim/base/vector.h"

#include <criterion/criterion.h>

struct item {
    int number;
    char rest[20];
};

Test(vector, new_items_come_zeroed_and_old_ones_stay)
{
    VECTOR(struct item) v = {0};
    for (int i = 0; i < 1000; i++) {
        struct item *item = vector_add(&v);
        cr_assert_eq(item->number, 0);
        *item = (struct item){.number = i + 1, .rest = "xxxxxxxxxxxxxxxxxxx"};
    }
    for (size_t i = 0; i < v.count; i++)
        cr_assert_eq(v.items[i].number, (int)i + 1);
    vector_clear(&v);
    cr_assert_eq(v.count, 0);
    cr_assert_eq(vector_add(&v)->rest[0], 0, "zeroed again after a clear");
    vector_finish(&v);
    cr_assert_null(v.items);
    cr_assert_eq(v.capacity, 0);
}

Test(vector, removing_closes_the_gap)
{
    VECTOR(int) v = {0};
    for (int i = 0; i < 5; i++)
        *vector_add(&v) = i;
    vector_remove(&v, 0);
    vector_remove(&v, 1);
    vector_remove(&v, 2);
    cr_assert_eq(v.count, 2);
    cr_assert_eq(v.items[0], 1);
    cr_assert_eq(v.items[1], 3);
    vector_finish(&v);
}

Test(vector, removing_what_is_not_there_is_a_fault_of_ours, .exit_code = 3)
{
    VECTOR(int) v = {0};
    *vector_add(&v) = 1;
    vector_remove(&v, 1);
    vector_finish(&v);
}
