#include "export/repeats.h"

#include <stdlib.h>

#include "sim/base/memory.h"

void repeats_init(struct repeats *repeats)
{
    *repeats = (struct repeats){0};
    arena_init(&repeats->arena);
}

void repeats_finish(struct repeats *repeats)
{
    vector_finish(&repeats->rows);
    arena_finish(&repeats->arena);
}

void repeats_add(struct repeats *repeats, int64_t t, struct slice text, struct slice shape)
{
    struct slice kept = arena_copy(&repeats->arena, text);
    *vector_add(&repeats->rows) = (struct repeats_row){
        .t = t,
        .text = kept,
        .shape = slice_equal(text, shape) ? kept : arena_copy(&repeats->arena, shape),
        .times = 1,
    };
}

/* ---- what is alike ---- */

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

/* "10:", "1h59min30s" and "+5d" begin with a digit, "A2D6922C97" is an id of a queue; "mx1" is a
   name. */
static bool differs(struct slice word)
{
    size_t i = word.size > 1 && word.data[0] == '+';
    if (word.size > i && is_digit(word.data[i]))
        return true;
    word.size -= slice_ends(word, SLICE(";")) || slice_ends(word, SLICE(","));
    for (i = 0; i < word.size; i++)
        if (!is_digit(word.data[i]) && (word.data[i] < 'A' || word.data[i] > 'F'))
            return false;
    return word.size >= 8;
}

struct slice repeats_shape(struct slice text, struct arena *arena)
{
    char *shape = arena_take(arena, text.size + 1);
    size_t size = 0;
    struct slice word;
    while (slice_cut(&text, ' ', &word)) {
        if (differs(word))
            word = SLICE("#");
        memcpy(shape + size, word.data, word.size);
        size += word.size;
        shape[size++] = ' ';
    }
    return (struct slice){shape, size};
}

/* ---- which are told ---- */

static int by_shape(const void *a, const void *b)
{
    const struct repeats_row *x = *(struct repeats_row *const *)a,
                             *y = *(struct repeats_row *const *)b;
    int order = slice_order(x->shape, y->shape);
    return order ? order : (x > y) - (x < y);
}

static void leave_out(struct repeats_row **alike, size_t count)
{
    for (size_t i = 2; i + 1 < count; i++)
        alike[i]->times = 0;
    alike[count - 1]->times = (uint32_t)count;
    alike[count - 1]->since = alike[0]->t;
}

void repeats_settle(struct repeats *repeats)
{
    size_t count = repeats->rows.count;
    struct repeats_row **sorted = memory_take((count + 1) * sizeof *sorted);
    for (size_t i = 0; i < count; i++)
        sorted[i] = &repeats->rows.items[i];
    qsort(sorted, count, sizeof *sorted, by_shape);
    for (size_t i = 0, end; i < count; i = end) {
        for (end = i; end < count && slice_equal(sorted[end]->shape, sorted[i]->shape);)
            end++;
        if (end - i > REPEATS_ALIKE)
            leave_out(sorted + i, end - i);
    }
    free(sorted);
}
