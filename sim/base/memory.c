#include "sim/base/memory.h"

#include <stdio.h>
#include <stdlib.h>

static _Noreturn void out_of_memory(size_t size)
{
    fprintf(stderr, "mailflow: out of memory (%zu octets wanted)\n", size);
    exit(3);
}

void *memory_take(size_t size)
{
    void *block = calloc(1, size ? size : 1);
    if (!block)
        out_of_memory(size);
    return block;
}

void *memory_resize(void *block, size_t size)
{
    void *moved = realloc(block, size ? size : 1);
    if (!moved)
        out_of_memory(size);
    return moved;
}
