#include "sim/base/vector.h"

#include <string.h>

#include "sim/base/check.h"
#include "sim/base/memory.h"

void *vector_double(void *items, size_t *capacity, size_t item_size)
{
    *capacity = *capacity ? *capacity * 2 : 8;
    return memory_resize(items, *capacity * item_size);
}

void vector_close_gap(void *items, size_t *count, size_t i, size_t item_size)
{
    check(i < *count);
    (*count)--;
    char *gap = (char *)items + i * item_size;
    memmove(gap, gap + item_size, (*count - i) * item_size);
}
