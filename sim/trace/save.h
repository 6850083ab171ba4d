/*
 * Saving a file so that a reader sees the old one or the new one, never a half: the content goes to
 * a new file beside it, which takes the old one's name when all is written.
 *
 *     struct save save;
 *     if (!save_open(&save, path, problem))
 *         return false;
 *     fprintf(save.out, ...);
 *     return save_commit(&save, problem);
 */
#ifndef SIM_TRACE_SAVE_H
#define SIM_TRACE_SAVE_H

#include <stdio.h>

#include "sim/base/problem.h"

struct save {
    FILE *out;
    char *path, *temporary; /* temporary NULL: a pipe or a device, written as it goes */
};

bool save_open(struct save *save, const char *path, struct problem *problem);
/* False when something could not be written: the old file is then as it was. */
bool save_commit(struct save *save, struct problem *problem);
/* Gives up; the old file is as it was. */
void save_abandon(struct save *save);

#endif
