/*
 * A growing buffer of octets with a ceiling. Taking from the front is cheap, so it also serves as
 * a queue between a wire and a session. Refusing to grow past the ceiling is an outcome that the
 * caller turns into a protocol reply; running out of memory ends the program.
 *
 *     struct bytes b;
 *     bytes_init(&b, 4096);
 *     if (!bytes_append(&b, SLICE("EHLO a\r\n"))) ... full: b is unchanged
 *     struct slice all = bytes_slice(&b);   borrowed until the next change of b
 *     bytes_consume(&b, all.size);
 *     bytes_finish(&b);
 */
#ifndef SIM_BASE_BYTES_H
#define SIM_BASE_BYTES_H

#include "sim/base/slice.h"

struct bytes {
    char *data;
    size_t start, end; /* content is data[start..end) */
    size_t capacity;
    size_t ceiling; /* most octets it may hold at a time */
};

/* No memory is taken until the first append. */
void bytes_init(struct bytes *b, size_t ceiling);
void bytes_finish(struct bytes *b);

static inline size_t bytes_size(const struct bytes *b)
{
    return b->end - b->start;
}

static inline struct slice bytes_slice(const struct bytes *b)
{
    return (struct slice){b->data ? b->data + b->start : NULL, bytes_size(b)};
}

/* Makes n octets free behind the content. False when the ceiling would be passed. */
bool bytes_reserve(struct bytes *b, size_t n);
/* False, and no change, when the ceiling would be passed. `s` must not point into b. */
bool bytes_append(struct bytes *b, struct slice s);
/* The same with several texts after each other: all of them or none. */
bool bytes_append_all(struct bytes *b, const struct slice *texts, size_t count);
static inline bool bytes_append_octet(struct bytes *b, char octet)
{
    if ((b->end == b->capacity || bytes_size(b) >= b->ceiling) && !bytes_reserve(b, 1))
        return false;
    b->data[b->end++] = octet;
    return true;
}
bool bytes_printf(struct bytes *b, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The last n octets, to be changed in place. */
static inline char *bytes_tail(struct bytes *b, size_t n)
{
    return b->data + b->end - n;
}

/* Takes n octets (at most all) off the front. Cannot fail. */
void bytes_consume(struct bytes *b, size_t n);
/* Keeps the first n octets. Cannot fail. */
void bytes_truncate(struct bytes *b, size_t n);
void bytes_clear(struct bytes *b);
/* Empties b and gives its memory back. */
void bytes_release(struct bytes *b);
/* Empties b and keeps its memory if it is small: for buffers that are used again and again. */
void bytes_reuse(struct bytes *b);
/* The same, with another ceiling: like bytes_init for a buffer that was used, or is zeroed. */
void bytes_renew(struct bytes *b, size_t ceiling);

#endif
