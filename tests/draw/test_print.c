#include <criterion/criterion.h>
#include <math.h>

#include "render/draw/print.h"

static void expect_number(float value, const char *expected)
{
    struct bytes out;
    bytes_init(&out, 64);
    cr_assert(print_number(&out, value));
    cr_expect(slice_equal(bytes_slice(&out), slice_of(expected)), "expected %s, got %.*s", expected,
              SLICE_ARG(bytes_slice(&out)));
    bytes_finish(&out);
}

Test(print, numbers_are_short_and_exact_to_a_hundredth)
{
    expect_number(0, "0");
    expect_number(12.5f, "12.5");
    expect_number(-3, "-3");
    expect_number(-0.25f, "-0.25");
    expect_number(1.0f / 3, "0.33");
    expect_number(2.999f, "3");
    expect_number(7.06f, "7.06");
    expect_number(-0.001f, "0");
}

Test(print, what_is_no_number_is_still_written_as_one)
{
    expect_number(NAN, "0");
    expect_number(INFINITY, "1000000000");
    expect_number(-1e30f, "-1000000000");
}

Test(print, a_colour_is_six_digits_and_a_full_buffer_is_told)
{
    struct bytes out;
    bytes_init(&out, 8);
    cr_expect(print_colour(&out, 0x0072B2FF));
    cr_expect(slice_equal(bytes_slice(&out), SLICE("#0072b2")));
    cr_expect_not(print_colour(&out, 0));
    cr_expect_eq(bytes_size(&out), 7);
    bytes_finish(&out);
}
