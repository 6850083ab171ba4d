#include "agents/mail/fold.h"

#include "sim/base/utf8.h"

/* Letters that stand in pairs, the capital first: it is the even or the odd one of the two. */
static uint32_t paired(uint32_t letter, bool is_odd)
{
    return (letter & 1) == (is_odd ? 1 : 0) ? letter + 1 : letter;
}

/* U+0080 to U+00FF */
static uint32_t fold_latin1(uint32_t letter)
{
    if (letter == 0xB5) /* the micro sign is a mu */
        return 0x3BC;
    return letter >= 0xC0 && letter <= 0xDE && letter != 0xD7 ? letter + 32 : letter;
}

/* U+0100 to U+017F */
static uint32_t fold_latin_extended(uint32_t letter)
{
    if (letter == 0x130 || letter == 0x131 || letter == 0x138 || letter == 0x149)
        return letter == 0x130 ? 'i' : letter;
    if (letter == 0x178)
        return 0xFF;
    if (letter == 0x17F) /* the long s */
        return 's';
    return paired(letter, (letter >= 0x139 && letter <= 0x148) || letter >= 0x179);
}

/* U+0370 to U+03FF */
static uint32_t fold_greek(uint32_t letter)
{
    if (letter == 0x386)
        return 0x3AC;
    if (letter >= 0x388 && letter <= 0x38A)
        return letter + 37;
    if (letter == 0x38C)
        return 0x3CC;
    if (letter == 0x38E || letter == 0x38F)
        return letter + 63;
    if (letter >= 0x391 && letter <= 0x3AB && letter != 0x3A2)
        return letter + 32;
    if (letter == 0x3C2) /* sigma at the end of a word */
        return 0x3C3;
    return letter >= 0x3D8 && letter <= 0x3EF ? paired(letter, false) : letter;
}

/* U+0400 to U+052F */
static uint32_t fold_cyrillic(uint32_t letter)
{
    if (letter <= 0x40F)
        return letter + 80;
    if (letter <= 0x42F)
        return letter + 32;
    if (letter == 0x4C0)
        return 0x4CF;
    if (letter >= 0x4C1 && letter <= 0x4CE)
        return paired(letter, true);
    bool is_letter = (letter >= 0x460 && letter <= 0x481) || (letter >= 0x48A && letter <= 0x4BF) ||
                     letter >= 0x4D0;
    return is_letter ? paired(letter, false) : letter;
}

uint32_t fold_letter(uint32_t letter)
{
    if (letter < 0x80)
        return letter >= 'A' && letter <= 'Z' ? letter + 32 : letter;
    if (letter < 0x100)
        return fold_latin1(letter);
    if (letter < 0x180)
        return fold_latin_extended(letter);
    if (letter >= 0x370 && letter < 0x400)
        return fold_greek(letter);
    return letter >= 0x400 && letter < 0x530 ? fold_cyrillic(letter) : letter;
}

bool fold_write(struct slice text, struct bytes *out)
{
    size_t before = bytes_size(out);
    bool fits = true;
    for (size_t i = 0; i < text.size && fits;) {
        size_t size = 1;
        if (!(text.data[i] & 0x80)) {
            fits = bytes_append_octet(out, slice_lower(text.data[i]));
        } else {
            uint32_t letter = utf8_read(slice_part(text, i, text.size), &size);
            fits = letter == UINT32_MAX ? bytes_append_octet(out, text.data[i])
                                        : utf8_append(fold_letter(letter), out);
        }
        i += size;
    }
    if (!fits)
        bytes_truncate(out, before);
    return fits;
}
