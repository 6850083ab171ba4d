/*
 * The one place where memory is taken from the system. Running out of it ends the program with a
 * line on standard error, so no caller has a half-written error path.
 */
#ifndef SIM_BASE_MEMORY_H
#define SIM_BASE_MEMORY_H

#include <stddef.h>

/* Zeroed; never NULL (size 0 counts as 1). Give back with free(). */
void *memory_take(size_t size);
/* Like realloc; the new part is not zeroed. */
void *memory_resize(void *block, size_t size);

#endif
