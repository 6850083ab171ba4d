#include "sim/base/check.h"

#include <stdio.h>
#include <stdlib.h>

_Noreturn void check_failed(const char *cond, const char *file, int line)
{
    fprintf(stderr, "mailflow: fault of ours: %s, %s:%d\n", cond, file, line);
    exit(3);
}
