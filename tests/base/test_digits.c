#include <criterion/criterion.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/digits.h"

Test(digits, are_those_of_printf_in_both_bases_and_every_width)
{
    static const uint64_t values[] = {0,         1, 9, 10, 15, 16, 255, 1740992400, UINT64_MAX - 1,
                                      UINT64_MAX};
    for (size_t i = 0; i < sizeof values / sizeof *values; i++)
        for (int width = 0; width <= 24; width++) {
            char wanted[64], got[64];
            size_t size = (size_t)snprintf(wanted, sizeof wanted, "%0*" PRIu64, width, values[i]);
            cr_assert_eq(digits_put(got, values[i], 10, (unsigned)width), size);
            cr_assert_arr_eq(got, wanted, size);
            size = (size_t)snprintf(wanted, sizeof wanted, "%0*" PRIX64, width, values[i]);
            cr_assert_eq(digits_put(got, values[i], 16, (unsigned)width), size);
            cr_assert_arr_eq(got, wanted, size);
        }
}
