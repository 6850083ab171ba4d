#include "sim/base/bytes.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"

void bytes_init(struct bytes *b, size_t ceiling)
{
    *b = (struct bytes){.ceiling = ceiling};
}

void bytes_finish(struct bytes *b)
{
    free(b->data);
    *b = (struct bytes){0};
}

enum { FIRST_OCTETS = 64, PRINT_GUESS = 96, SMALL_OCTETS = 4096 };

/*
 * Makes n octets free behind the content. The content moves to the front only where as much was
 * taken off as has to move, and the buffer doubles otherwise: a queue that is always nearly full
 * must not be copied for each octet that passes through.
 */
static void make_room(struct bytes *b, size_t n)
{
    size_t size = bytes_size(b);
    if (b->start > 0 && b->capacity - size >= n && b->start >= size) {
        memcpy(b->data, b->data + b->start, size);
    } else {
        size_t capacity = b->capacity ? b->capacity : FIRST_OCTETS;
        while (capacity < size + n || capacity == b->capacity)
            capacity *= 2;
        char *data = memory_resize(NULL, capacity);
        if (size)
            memcpy(data, b->data + b->start, size);
        free(b->data);
        b->data = data;
        b->capacity = capacity;
    }
    b->start = 0;
    b->end = size;
}

bool bytes_reserve(struct bytes *b, size_t n)
{
    size_t size = bytes_size(b);
    if (n > b->ceiling || size > b->ceiling - n)
        return false;
    if (b->capacity - b->end < n)
        make_room(b, n);
    return true;
}

bool bytes_append(struct bytes *b, struct slice s)
{
    if (s.size == 0)
        return true;
    if (!bytes_reserve(b, s.size))
        return false;
    memcpy(b->data + b->end, s.data, s.size);
    b->end += s.size;
    return true;
}

bool bytes_append_all(struct bytes *b, const struct slice *texts, size_t count)
{
    size_t size = 0;
    for (size_t i = 0; i < count; i++)
        if (__builtin_add_overflow(size, texts[i].size, &size))
            return false;
    if (!bytes_reserve(b, size))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (texts[i].size)
            memcpy(b->data + b->end, texts[i].data, texts[i].size);
        b->end += texts[i].size;
    }
    return true;
}

/* Writes into the free place behind the content; gives the size that is needed. */
__attribute__((format(printf, 2, 0))) static size_t print_at_end(struct bytes *b,
                                                                 const char *format, va_list args)
{
    size_t room = b->capacity - b->end;
    int size = vsnprintf(room ? b->data + b->end : NULL, room, format, args);
    check(size >= 0);
    return (size_t)size;
}

bool bytes_printf(struct bytes *b, const char *format, ...)
{
    va_list args, again;
    va_start(args, format);
    va_copy(again, args);
    (void)bytes_reserve(b, PRINT_GUESS); /* mostly enough, so that the text is made only once */
    size_t size = print_at_end(b, format, args);
    va_end(args);
    bool fits = bytes_size(b) <= b->ceiling && size <= b->ceiling - bytes_size(b);
    if (fits && b->capacity - b->end <= size) { /* the terminator wants a place too */
        make_room(b, size + 1);
        (void)print_at_end(b, format, again);
    }
    va_end(again);
    if (fits)
        b->end += size;
    return fits;
}

void bytes_consume(struct bytes *b, size_t n)
{
    size_t size = bytes_size(b);
    b->start += n < size ? n : size;
    if (b->start == b->end)
        b->start = b->end = 0;
}

void bytes_truncate(struct bytes *b, size_t n)
{
    if (n < bytes_size(b))
        b->end = b->start + n;
}

void bytes_clear(struct bytes *b)
{
    b->start = b->end = 0;
}

void bytes_release(struct bytes *b)
{
    size_t ceiling = b->ceiling;
    bytes_finish(b);
    b->ceiling = ceiling;
}

void bytes_reuse(struct bytes *b)
{
    if (b->capacity > SMALL_OCTETS)
        bytes_release(b);
    else
        bytes_clear(b);
}

void bytes_renew(struct bytes *b, size_t ceiling)
{
    bytes_reuse(b);
    b->ceiling = ceiling;
}
