#include "sim/base/digits.h"

#include "sim/base/check.h"

size_t digits_put(char *at, uint64_t value, unsigned base, unsigned width)
{
    char reversed[DIGITS_MAX];
    unsigned count = 0;
    check(base == 10 || base == 16);
    for (; value > 0 || count == 0; value /= base)
        reversed[count++] = "0123456789ABCDEF"[value % base];
    unsigned zeros = count < width ? width - count : 0;
    for (unsigned i = 0; i < zeros; i++)
        at[i] = '0';
    for (unsigned i = 0; i < count; i++)
        at[zeros + i] = reversed[count - 1 - i];
    return zeros + count;
}
