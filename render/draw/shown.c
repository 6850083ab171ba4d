#include "render/draw/shown.h"

#include <stdio.h>
#include <string.h>

static uint32_t octet_at(struct slice s, size_t i)
{
    return (unsigned char)s.data[i];
}

/* The length that a first octet promises and the smallest code it may carry (RFC 3629, section 3:
   longer forms than needed are not UTF-8); 0 for an octet that starts nothing. */
static size_t promised_size(uint32_t first, uint32_t *smallest)
{
    *smallest = first < 0xE0 ? 0x80 : first < 0xF0 ? 0x800 : 0x10000;
    if (first < 0x80)
        return 1;
    if (first < 0xC2 || first > 0xF4)
        return 0;
    return first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
}

/* Reads one character; its size, or 0 when the octets at the front are not UTF-8. */
static size_t decode(struct slice s, uint32_t *code)
{
    uint32_t smallest, first = octet_at(s, 0);
    size_t size = promised_size(first, &smallest);
    if (size == 0 || size > s.size)
        return 0;
    if (size == 1) {
        *code = first;
        return 1;
    }
    *code = first & (0xFFu >> (size + 1));
    for (size_t i = 1; i < size; i++) {
        if ((octet_at(s, i) & 0xC0) != 0x80)
            return 0;
        *code = *code << 6 | (octet_at(s, i) & 0x3F);
    }
    bool is_surrogate = *code >= 0xD800 && *code <= 0xDFFF;
    return *code < smallest || *code > 0x10FFFF || is_surrogate ? 0 : size;
}

/* Characters that hide, reorder or end a line, and those that XML does not allow. */
static bool is_hidden(uint32_t code)
{
    static const uint32_t ranges[][2] = {
        {0x7F, 0x9F},     {0xAD, 0xAD},     {0x61C, 0x61C},     {0x180E, 0x180E},
        {0x200B, 0x200B}, {0x200E, 0x200F}, {0x2028, 0x202E},   {0x2060, 0x206F},
        {0xFEFF, 0xFEFF}, {0xFFF0, 0xFFFB}, {0xE0000, 0xE0FFF},
    };
    for (size_t i = 0; i < sizeof ranges / sizeof ranges[0]; i++)
        if (code >= ranges[i][0] && code <= ranges[i][1])
            return true;
    return (code & 0xFFFE) == 0xFFFE; /* the last two of each plane are no characters */
}

size_t shown_step(struct slice rest)
{
    uint32_t code;
    if (rest.size == 0)
        return 0;
    size_t size = decode(rest, &code);
    return size > 0 ? size : 1;
}

size_t shown_next(struct slice *rest, char text[SHOWN_OCTETS], uint32_t *code)
{
    if (rest->size == 0)
        return 0;
    struct slice s = *rest;
    size_t size = decode(s, code);
    *rest = slice_part(s, size > 0 ? size : 1, s.size);
    if (size == 1 && *code == '\t') {
        *code = ' ';
        memcpy(text, "    ", 4);
        return 4;
    }
    int written = 0;
    if (size == 0 || *code < 0x20 || *code == 0x7F)
        written = snprintf(text, SHOWN_OCTETS, "\\x%02x", octet_at(s, 0));
    else if (is_hidden(*code))
        written = snprintf(text, SHOWN_OCTETS, "\\u%04x", *code);
    if (written > 0) {
        *code = '\\';
        return (size_t)written;
    }
    memcpy(text, s.data, size);
    return size;
}
