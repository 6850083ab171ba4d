#include "sim/base/slice.h"

#include <string.h>

bool slice_equal_fold(struct slice a, struct slice b)
{
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (a.data[i] != b.data[i] && slice_lower(a.data[i]) != slice_lower(b.data[i]))
            return false;
    return true;
}

bool slice_starts(struct slice s, struct slice prefix)
{
    return s.size >= prefix.size && slice_equal(slice_part(s, 0, prefix.size), prefix);
}

bool slice_starts_fold(struct slice s, struct slice prefix)
{
    return s.size >= prefix.size && slice_equal_fold(slice_part(s, 0, prefix.size), prefix);
}

bool slice_ends(struct slice s, struct slice suffix)
{
    return s.size >= suffix.size &&
           slice_equal(slice_part(s, s.size - suffix.size, s.size), suffix);
}

bool slice_ends_fold(struct slice s, struct slice suffix)
{
    return s.size >= suffix.size &&
           slice_equal_fold(slice_part(s, s.size - suffix.size, s.size), suffix);
}

int slice_order(struct slice a, struct slice b)
{
    size_t shared = a.size < b.size ? a.size : b.size;
    int order = shared ? memcmp(a.data, b.data, shared) : 0;
    if (order != 0)
        return order < 0 ? -1 : 1;
    return a.size == b.size ? 0 : a.size < b.size ? -1 : 1;
}

/* By its last octet: of <CR><LF>"." the dot is what a text has least of. Then by its first, for
   which no function is called: most hits end there. */
size_t slice_find(struct slice s, struct slice what, size_t from)
{
    if (what.size == 0)
        return from <= s.size ? from : SLICE_NONE;
    if (what.size > s.size || from > s.size - what.size)
        return SLICE_NONE;
    size_t rest = what.size - 1;
    size_t at = from + rest;
    while ((at = slice_find_octet(s, what.data[rest], at)) != SLICE_NONE) {
        const char *hit = s.data + at - rest;
        if (hit[0] == what.data[0] && (rest < 2 || memcmp(hit, what.data, rest) == 0))
            return at - rest;
        at++;
    }
    return SLICE_NONE;
}

static bool is_blank(char octet)
{
    return octet == ' ' || octet == '\t' || octet == '\r' || octet == '\n';
}

struct slice slice_trim(struct slice s)
{
    while (s.size && is_blank(s.data[0]))
        s = slice_part(s, 1, s.size);
    while (s.size && is_blank(s.data[s.size - 1]))
        s.size--;
    return s;
}

bool slice_cut(struct slice *s, char octet, struct slice *part)
{
    if (s->size == 0)
        return false;
    size_t end = slice_find_octet(*s, octet, 0);
    if (end == SLICE_NONE) {
        *part = *s;
        *s = slice_part(*s, s->size, s->size);
        return true;
    }
    *part = slice_part(*s, 0, end);
    *s = slice_part(*s, end + 1, s->size);
    return true;
}

bool slice_to_u64(struct slice s, uint64_t *value)
{
    uint64_t n = 0;
    if (s.size == 0)
        return false;
    for (size_t i = 0; i < s.size; i++) {
        unsigned digit = (unsigned char)s.data[i] - (unsigned)'0';
        if (digit > 9 || n > (UINT64_MAX - digit) / 10)
            return false;
        n = n * 10 + digit;
    }
    *value = n;
    return true;
}

/* Stirs: every bit of the result depends on every bit of h. */
static uint64_t mix(uint64_t h)
{
    h ^= h >> 32;
    h *= 0x9E3779B97F4A7C15u;
    h ^= h >> 29;
    return h;
}

/* In windows, so that many of one octet and none of the other cost no more than both. */
size_t slice_find_either(struct slice s, char one, char other, size_t from)
{
    enum { WINDOW = 1024 };
    for (; from < s.size; from += WINDOW) {
        struct slice window = slice_part(s, 0, from + WINDOW);
        size_t first = slice_find_octet(window, one, from);
        size_t before = slice_find_octet(slice_part(window, 0, first), other, from);
        if (before != SLICE_NONE || first != SLICE_NONE)
            return before != SLICE_NONE ? before : first;
    }
    return s.size;
}

bool slice_is_8bit(struct slice s)
{
    uint64_t seen = 0;
    size_t i = 0;
    for (; i + 8 <= s.size; i += 8)
        seen |= slice_word(s.data + i);
    for (; i < s.size; i++)
        seen |= (unsigned char)s.data[i];
    return seen & 0x8080808080808080u;
}

/* The last octets, fewer than eight, as a number. */
static uint64_t load_tail(struct slice s, size_t from)
{
    uint64_t tail = 0;
    for (unsigned shift = 0; from < s.size; from++, shift += 8)
        tail |= (uint64_t)(unsigned char)s.data[from] << shift;
    return tail;
}

uint64_t slice_hash(struct slice s)
{
    uint64_t h = 0x243F6A8885A308D3u ^ s.size;
    size_t i = 0;
    for (; i + 8 <= s.size; i += 8) {
        h = (h ^ slice_word(s.data + i)) * 0x9E3779B97F4A7C15u;
        h ^= h >> 32;
    }
    return mix(h ^ load_tail(s, i));
}
