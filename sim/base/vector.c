#include "sim/base/vector.h"

#include <string.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"

void *vector_grow(void *items, size_t *count, size_t *capacity, size_t item_size)
{
    if (*count == *capacity) {
        *capacity = *capacity ? *capacity * 2 : 8;
        items = memory_resize(items, *capacity * item_size);
    }
    memset((char *)items + *count * item_size, 0, item_size);
    (*count)++;
    return items;
}

void vector_close_gap(void *items, size_t *count, size_t i, size_t item_size)
{
    check(i < *count);
    (*count)--;
    char *gap = (char *)items + i * item_size;
    memmove(gap, gap + item_size, (*count - i) * item_size);
}
