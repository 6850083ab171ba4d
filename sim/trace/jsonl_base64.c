#include "sim/trace/jsonl_base64.h"

bool jsonl_base64_write(struct slice s, struct bytes *out)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    for (size_t i = 0; i < s.size; i += 3) {
        size_t have = s.size - i < 3 ? s.size - i : 3;
        uint32_t group = 0;
        for (size_t j = 0; j < 3; j++)
            group = group << 8 | (j < have ? (unsigned char)s.data[i + j] : 0);
        char four[4];
        for (size_t j = 0; j < 4; j++)
            four[j] = j <= have ? digits[group >> (18 - 6 * j) & 63] : '=';
        if (!bytes_append(out, (struct slice){four, 4}))
            return false;
    }
    return true;
}

static int digit_of(char c)
{
    if (c >= 'A' && c <= 'Z')
        return c - 'A';
    if (c >= 'a' && c <= 'z')
        return c - 'a' + 26;
    if (c >= '0' && c <= '9')
        return c - '0' + 52;
    return c == '+' ? 62 : c == '/' ? 63 : -1;
}

/* Four digits, of which the last two may be padding when they are the text's last. */
static bool read_group(const char *four, bool is_last, struct bytes *out)
{
    size_t digits = 4;
    while (digits > 2 && is_last && four[digits - 1] == '=')
        digits--;
    uint32_t group = 0;
    for (size_t i = 0; i < 4; i++) {
        int digit = i < digits ? digit_of(four[i]) : 0;
        if (digit < 0)
            return false;
        group = group << 6 | (uint32_t)digit;
    }
    char three[3] = {(char)(group >> 16), (char)(group >> 8), (char)group};
    if (group & ((1u << 8 * (4 - digits)) - 1))
        return false;
    return bytes_append(out, (struct slice){three, digits - 1});
}

bool jsonl_base64_read(struct slice text, struct bytes *out)
{
    if (text.size % 4)
        return false;
    for (size_t i = 0; i < text.size; i += 4)
        if (!read_group(text.data + i, i + 4 == text.size, out))
            return false;
    return true;
}
