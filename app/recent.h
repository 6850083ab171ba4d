/*
 * The files that were opened last, newest first, kept in the state folder: a path a line.
 */
#ifndef APP_RECENT_H
#define APP_RECENT_H

#include <stddef.h>

enum { RECENT_MAX = 12, RECENT_PATH = 4096 };

/* Those that are still there. */
size_t recent_list(char paths[RECENT_MAX][RECENT_PATH]);
/* Puts it first. That it can't be kept is nothing to stop for. */
void recent_add(const char *path);

#endif
