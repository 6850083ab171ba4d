/*
 * A slice is a borrowed run of octets: a pointer and a size, no terminator, no ownership. It is
 * valid as long as what it points into. NUL octets are ordinary content.
 */
#ifndef SIM_BASE_SLICE_H
#define SIM_BASE_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct slice {
    const char *data;
    size_t size;
};

/* For printf: printf("%.*s", SLICE_ARG(s)). */
#define SLICE_ARG(s) (int)(s).size, (s).data

/* A slice of a string literal or array, and of a C string (NULL gives the empty slice). */
#define SLICE(literal) ((struct slice){(literal), sizeof(literal) - 1})
static inline struct slice slice_of(const char *text)
{
    return (struct slice){text, text ? strlen(text) : 0};
}

/* Octets from..to (to excluded); both are clamped to the size. Cannot fail. */
static inline struct slice slice_part(struct slice s, size_t from, size_t to)
{
    to = to < s.size ? to : s.size;
    from = from < to ? from : to;
    return (struct slice){s.data ? s.data + from : NULL, to - from};
}

static inline bool slice_equal(struct slice a, struct slice b)
{
    return a.size == b.size && (a.size == 0 || memcmp(a.data, b.data, a.size) == 0);
}
/* ASCII letters compare without case; other octets exactly. */
bool slice_equal_fold(struct slice a, struct slice b);
bool slice_starts(struct slice s, struct slice prefix);
bool slice_starts_fold(struct slice s, struct slice prefix);
bool slice_ends(struct slice s, struct slice suffix);
bool slice_ends_fold(struct slice s, struct slice suffix);
/* -1, 0 or 1, by octets, shorter first. */
int slice_order(struct slice a, struct slice b);

/* Index of the first match at or after `from`, or SLICE_NONE. */
#define SLICE_NONE ((size_t)-1)
size_t slice_find(struct slice s, struct slice what, size_t from);
static inline size_t slice_find_octet(struct slice s, char octet, size_t from)
{
    const char *hit = from < s.size ? memchr(s.data + from, octet, s.size - from) : NULL;
    return hit ? (size_t)(hit - s.data) : SLICE_NONE;
}
/* Index of the first of two octets at or after `from`; the size when there is none. */
size_t slice_find_either(struct slice s, char one, char other, size_t from);
/* Index of the first CR or LF likewise. */
static inline size_t slice_find_line_end(struct slice s, size_t from)
{
    return slice_find_either(s, '\n', '\r', from);
}
/* True when it has an octet above 127. */
bool slice_is_8bit(struct slice s);

/* Without leading and trailing spaces, tabs, CR and LF. */
struct slice slice_trim(struct slice s);

/*
 * Takes the part of *s before `octet` off its front, and the octet too. With no such octet the
 * whole of *s is taken. False when *s was empty already. A loop over it sees each part once.
 */
bool slice_cut(struct slice *s, char octet, struct slice *part);

/* A whole slice of decimal digits (at least one, no sign) up to UINT64_MAX; false otherwise. */
bool slice_to_u64(struct slice s, uint64_t *value);

/* Eight octets as a number, the first one lowest, on every machine. */
static inline uint64_t slice_word(const char *octets)
{
    uint64_t word;
    memcpy(&word, octets, sizeof word);
#if __BYTE_ORDER__ == __ORDER_BIG_ENDIAN__
    word = __builtin_bswap64(word);
#endif
    return word;
}

/* A hash for tables inside one run; the same on every machine. */
uint64_t slice_hash(struct slice s);

static inline char slice_lower(char octet)
{
    return octet >= 'A' && octet <= 'Z' ? (char)(octet + ('a' - 'A')) : octet;
}

#endif
