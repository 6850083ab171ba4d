#include "sim/base/utf8.h"

static const uint32_t replacement = 0xFFFD;

static bool is_tail(struct slice text, size_t at)
{
    return at < text.size && ((unsigned char)text.data[at] & 0xC0) == 0x80;
}

/* The table of RFC 3629 4. */
size_t utf8_size(struct slice text)
{
    unsigned char first = text.size ? (unsigned char)text.data[0] : 0xFF;
    unsigned char second = text.size > 1 ? (unsigned char)text.data[1] : 0;
    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4 || !is_tail(text, 1))
        return 0;
    if (first < 0xE0)
        return 2;
    bool is_odd = (first == 0xE0 && second < 0xA0) || (first == 0xED && second > 0x9F) ||
                  (first == 0xF0 && second < 0x90) || (first == 0xF4 && second > 0x8F);
    if (is_odd || !is_tail(text, 2))
        return 0;
    if (first < 0xF0)
        return 3;
    return is_tail(text, 3) ? 4 : 0;
}

uint32_t utf8_read(struct slice text, size_t *size)
{
    static const unsigned char masks[] = {0, 0x7F, 0x1F, 0x0F, 0x07};
    *size = utf8_size(text);
    if (*size == 0) {
        *size = 1;
        return UINT32_MAX;
    }
    uint32_t letter = (unsigned char)text.data[0] & masks[*size];
    for (size_t i = 1; i < *size; i++)
        letter = letter << 6 | ((unsigned char)text.data[i] & 0x3F);
    return letter;
}

size_t utf8_next(struct slice text, size_t at, uint32_t *letter)
{
    size_t size = utf8_size(slice_part(text, at, text.size));
    if (size)
        *letter = utf8_read(slice_part(text, at, text.size), &size);
    return size;
}

/* Behind the run of well-formed characters that starts at `at`. */
static size_t valid_run(struct slice text, size_t at)
{
    while (at < text.size) {
        if (at + 8 <= text.size && !(slice_word(text.data + at) & 0x8080808080808080u)) {
            at += 8;
            continue;
        }
        size_t size = utf8_size(slice_part(text, at, text.size));
        if (size == 0)
            break;
        at += size;
    }
    return at;
}

bool utf8_is_valid(struct slice text)
{
    return valid_run(text, 0) == text.size;
}

bool utf8_append(uint32_t letter, struct bytes *out)
{
    if (letter > 0x10FFFF || (letter >= 0xD800 && letter <= 0xDFFF))
        letter = replacement;
    if (letter < 0x80)
        return bytes_append_octet(out, (char)letter);
    size_t size = letter < 0x800 ? 2 : letter < 0x10000 ? 3 : 4;
    static const unsigned char heads[] = {0, 0, 0xC0, 0xE0, 0xF0};
    char octets[4];
    for (size_t i = size; i-- > 1; letter >>= 6)
        octets[i] = (char)(0x80 | (letter & 0x3F));
    octets[0] = (char)(heads[size] | letter);
    return bytes_append(out, (struct slice){octets, size});
}

bool utf8_append_repaired(struct slice text, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool fits = true;
    for (size_t i = 0; i < text.size && fits;) {
        size_t end = valid_run(text, i);
        fits = bytes_append(out, slice_part(text, i, end));
        if (fits && end < text.size)
            fits = utf8_append(replacement, out);
        i = end + 1;
    }
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
