#include "sim/base/bytes.h"

#include <criterion/criterion.h>
#include <string.h>

#include "sim/base/random.h"

Test(bytes, takes_no_memory_until_the_first_append)
{
    struct bytes b;
    bytes_init(&b, 10);
    cr_assert_null(b.data);
    cr_assert_eq(bytes_slice(&b).size, 0);
    cr_assert(bytes_append(&b, SLICE("")));
    cr_assert_null(b.data);
    bytes_finish(&b);
}

Test(bytes, the_ceiling_is_met_exactly_and_refusing_changes_nothing)
{
    struct bytes b;
    bytes_init(&b, 5);
    cr_assert(bytes_append(&b, SLICE("abc")));
    cr_assert_not(bytes_append(&b, SLICE("def")));
    cr_assert_not(bytes_printf(&b, "%d", 123));
    cr_assert(slice_equal(bytes_slice(&b), SLICE("abc")));
    cr_assert(bytes_printf(&b, "%d", 12), "two more are the ceiling");
    cr_assert_not(bytes_append_octet(&b, 'x'));
    cr_assert(slice_equal(bytes_slice(&b), SLICE("abc12")));
    bytes_consume(&b, 1);
    cr_assert(bytes_append_octet(&b, 'x'), "what was taken off makes room");
    cr_assert(slice_equal(bytes_slice(&b), SLICE("bc12x")));
    bytes_finish(&b);
}

Test(bytes, a_size_near_the_largest_number_is_refused_not_wrapped)
{
    struct bytes b;
    bytes_init(&b, 100);
    bytes_append(&b, SLICE("ab"));
    cr_assert_not(bytes_append(&b, (struct slice){"x", SIZE_MAX}));
    cr_assert_not(bytes_append(&b, (struct slice){"x", SIZE_MAX - 1}));
    bytes_finish(&b);
}

Test(bytes, consuming_and_truncating_too_much_just_empties)
{
    struct bytes b;
    bytes_init(&b, 100);
    bytes_append(&b, SLICE("hello"));
    bytes_truncate(&b, 50);
    cr_assert_eq(bytes_size(&b), 5);
    bytes_consume(&b, 2);
    bytes_truncate(&b, 2);
    cr_assert(slice_equal(bytes_slice(&b), SLICE("ll")));
    bytes_consume(&b, 99);
    cr_assert_eq(bytes_size(&b), 0);
    bytes_append(&b, SLICE("x"));
    bytes_clear(&b);
    cr_assert_eq(bytes_size(&b), 0);
    bytes_release(&b);
    cr_assert_null(b.data);
    cr_assert(bytes_append(&b, SLICE("again")), "the ceiling stays after a release");
    bytes_finish(&b);
}

Test(bytes, keeps_nul_octets)
{
    struct bytes b;
    bytes_init(&b, 10);
    bytes_append(&b, SLICE("a\0b"));
    bytes_printf(&b, "%c", '\0');
    cr_assert(slice_equal(bytes_slice(&b), SLICE("a\0b\0")));
    bytes_finish(&b);
}

/* One random change of a buffer and of a plain array beside it, that holds what must be there. */
static void change_both(struct random *r, struct bytes *b, char model[64], size_t *size)
{
    char chunk[40];
    size_t n = random_below(r, sizeof chunk + 1);
    for (size_t i = 0; i < n; i++)
        chunk[i] = (char)('a' + random_below(r, 26));
    switch (random_below(r, 3)) {
    case 0:
        bytes_consume(b, n);
        n = n < *size ? n : *size;
        memmove(model, model + n, *size - n);
        *size -= n;
        break;
    case 1:
        bytes_truncate(b, n);
        *size = n < *size ? n : *size;
        break;
    case 2: {
        bool fits = bytes_append(b, (struct slice){chunk, n});
        cr_assert_eq(fits, *size + n <= 64);
        if (fits) {
            memcpy(model + *size, chunk, n);
            *size += n;
        }
    }
    }
}

Test(bytes, behaves_as_a_queue_under_random_use)
{
    struct random r;
    struct bytes b;
    char model[64];
    size_t size = 0;
    random_init(&r, 1, SLICE("bytes"));
    bytes_init(&b, sizeof model);
    for (int round = 0; round < 20000; round++) {
        change_both(&r, &b, model, &size);
        cr_assert(slice_equal(bytes_slice(&b), (struct slice){model, size}), "round %d", round);
    }
    cr_assert_leq(b.capacity, 4 * sizeof model);
    bytes_finish(&b);
}

Test(bytes, a_queue_that_stays_nearly_full_is_not_copied_for_each_octet)
{
    struct bytes b;
    static char block[65536 - 1];
    size_t moves = 0;
    bytes_init(&b, sizeof block + 1);
    bytes_append(&b, (struct slice){block, sizeof block});
    for (int i = 0; i < 1000000; i++) {
        size_t start = b.start;
        bytes_append_octet(&b, 'x');
        moves += b.start < start;
        bytes_consume(&b, 1);
    }
    cr_assert_lt(moves, 40, "moved %zu times", moves);
    bytes_finish(&b);
}
