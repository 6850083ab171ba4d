#include "sim/trace/utf8.h"

size_t utf8_next(struct slice s, size_t at, uint32_t *code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    if (at >= s.size)
        return 0;
    unsigned char lead = (unsigned char)s.data[at];
    size_t size = lead < 0x80 ? 1 : lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;
    if (size > 1 && (lead < 0xc2 || lead > 0xf4 || size > s.size - at))
        return 0;
    uint32_t c = size == 1 ? lead : lead & (0x7fu >> size);
    for (size_t i = 1; i < size; i++) {
        unsigned char next = (unsigned char)s.data[at + i];
        if ((next & 0xc0) != 0x80)
            return 0;
        c = c << 6 | (next & 0x3f);
    }
    if (c < least[size] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
        return 0;
    *code = c;
    return size;
}

bool utf8_is_valid(struct slice s)
{
    uint32_t code;
    for (size_t at = 0, size; at < s.size; at += size) {
        size = utf8_next(s, at, &code);
        if (size == 0)
            return false;
    }
    return true;
}
