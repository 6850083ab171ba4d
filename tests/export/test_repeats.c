/* Lines that repeat are told once: the first two, and the last with how many there were. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "export/repeats.h"

static size_t told(const struct repeats *repeats)
{
    size_t count = 0;
    for (size_t i = 0; i < repeats->rows.count; i++)
        count += repeats->rows.items[i].times > 0;
    return count;
}

static void add(struct repeats *repeats, int64_t t, const char *text)
{
    repeats_add(repeats, t, slice_of(text), repeats_shape(slice_of(text), &repeats->arena));
}

Test(repeats, a_few_lines_are_all_told)
{
    struct repeats repeats;
    repeats_init(&repeats);
    for (int i = 0; i < REPEATS_ALIKE; i++)
        add(&repeats, i, "out -> mx1 port 25: timeout");
    repeats_settle(&repeats);
    cr_expect_eq(told(&repeats), REPEATS_ALIKE);
    repeats_finish(&repeats);
}

/* "mx1" and "mx2" are not alike, "attempt 1" and "attempt 60" are. */
Test(repeats, many_become_three_and_names_count)
{
    struct repeats repeats;
    char text[80];
    repeats_init(&repeats);
    for (int i = 1; i <= 60; i++) {
        snprintf(text, sizeof text, "mx2 keeps it after attempt %d: as A%09X; next in %dh", i,
                 0xABCDEF + i, i);
        add(&repeats, i, text);
        if (i == 30)
            add(&repeats, i, "mx1 keeps it after attempt 1: as A00ABCDEF0; next in 1h");
    }
    repeats_settle(&repeats);
    cr_expect_eq(told(&repeats), 4);
    const struct repeats_row *last = &repeats.rows.items[60], *other = &repeats.rows.items[30];
    cr_expect_eq(last->times, 60);
    cr_expect_eq(last->since, 1);
    cr_expect_eq(other->times, 1);
    repeats_finish(&repeats);
}

Test(repeats, nothing_is_nothing)
{
    struct repeats repeats;
    repeats_init(&repeats);
    repeats_settle(&repeats);
    add(&repeats, 0, "");
    repeats_settle(&repeats);
    cr_expect_eq(told(&repeats), 1);
    repeats_finish(&repeats);
}
