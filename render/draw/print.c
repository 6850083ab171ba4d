#include "render/draw/print.h"

#include <math.h>

bool print_number(struct bytes *out, float value)
{
    if (isnan(value))
        value = 0;
    double clamped = fmin(fmax((double)value, -1e9), 1e9);
    long long hundredths = llround(clamped * 100);
    const char *sign = hundredths < 0 ? "-" : "";
    if (hundredths < 0)
        hundredths = -hundredths;
    long long whole = hundredths / 100, part = hundredths % 100;
    if (part == 0)
        return bytes_printf(out, "%s%lld", sign, whole);
    if (part % 10 == 0)
        return bytes_printf(out, "%s%lld.%lld", sign, whole, part / 10);
    return bytes_printf(out, "%s%lld.%02lld", sign, whole, part);
}

bool print_colour(struct bytes *out, uint32_t colour)
{
    return bytes_printf(out, "#%06x", (unsigned)(colour >> 8));
}
