#include "sim/base/slice.h"

#include <string.h>

bool slice_equal_fold(struct slice a, struct slice b)
{
    if (a.size != b.size)
        return false;
    for (size_t i = 0; i < a.size; i++)
        if (slice_lower(a.data[i]) != slice_lower(b.data[i]))
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

size_t slice_find(struct slice s, struct slice what, size_t from)
{
    if (what.size == 0)
        return from <= s.size ? from : SLICE_NONE;
    if (what.size > s.size)
        return SLICE_NONE;
    for (size_t i = from; i <= s.size - what.size; i++) {
        const char *hit = memchr(s.data + i, what.data[0], s.size - what.size + 1 - i);
        if (!hit)
            return SLICE_NONE;
        i = (size_t)(hit - s.data);
        if (memcmp(hit, what.data, what.size) == 0)
            return i;
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

/* Eight octets as a number, the first one lowest, on every machine. */
static uint64_t load(const char *octets)
{
    const unsigned char *o = (const unsigned char *)octets;
    return (uint64_t)o[0] | (uint64_t)o[1] << 8 | (uint64_t)o[2] << 16 | (uint64_t)o[3] << 24 |
           (uint64_t)o[4] << 32 | (uint64_t)o[5] << 40 | (uint64_t)o[6] << 48 |
           (uint64_t)o[7] << 56;
}

/* Octets of a word that are zero have their upper bit set in the result (and some behind them). */
static uint64_t zero_octets(uint64_t word)
{
    return (word - 0x0101010101010101u) & ~word & 0x8080808080808080u;
}

size_t slice_find_line_end(struct slice s, size_t from)
{
    size_t i = from;
    for (; i + 8 <= s.size; i += 8) {
        uint64_t word = load(s.data + i);
        if (zero_octets(word ^ 0x0D0D0D0D0D0D0D0Du) | zero_octets(word ^ 0x0A0A0A0A0A0A0A0Au))
            break;
    }
    while (i < s.size && s.data[i] != '\r' && s.data[i] != '\n')
        i++;
    return i < s.size ? i : s.size;
}

bool slice_is_8bit(struct slice s)
{
    uint64_t seen = 0;
    size_t i = 0;
    for (; i + 8 <= s.size; i += 8)
        seen |= load(s.data + i);
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

static uint64_t turn(uint64_t h)
{
    return h << 29 | h >> 35;
}

/* Four sums that do not wait for each other go over a long text; a short one has but one. */
uint64_t slice_hash(struct slice s)
{
    enum { LANES = 4, STRIDE = LANES * 8 };
    const uint64_t factor = 0x9E3779B97F4A7C15u;
    uint64_t h = 0x243F6A8885A308D3u ^ s.size;
    size_t i = 0;
    if (s.size >= STRIDE) {
        uint64_t lanes[LANES] = {h, ~h, h << 1, ~h << 1};
        for (; i + STRIDE <= s.size; i += STRIDE)
            for (size_t k = 0; k < LANES; k++)
                lanes[k] = turn((lanes[k] ^ load(s.data + i + 8 * k)) * factor);
        for (size_t k = 0; k < LANES; k++)
            h = mix(h ^ lanes[k]);
    }
    for (; i + 8 <= s.size; i += 8)
        h = mix(h ^ load(s.data + i));
    return mix(h ^ load_tail(s, i));
}
