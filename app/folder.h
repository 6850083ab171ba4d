/*
 * Where the window keeps what lasts from one start to the next, as the XDG base directory
 * specification says: settings under $XDG_CONFIG_HOME/mailflow (or ~/.config), what was going on
 * under $XDG_STATE_HOME/mailflow (or ~/.local/state).
 */
#ifndef APP_FOLDER_H
#define APP_FOLDER_H

#include <stdbool.h>
#include <stddef.h>

#include "sim/base/problem.h"
#include "sim/base/slice.h"

enum folder { FOLDER_SETTINGS, FOLDER_STATE };
enum { FOLDER_PATH = 4096 };

/* The path of a file there ("" is the folder itself), the folder being made if it is not there yet.
   False when there is no home, or no right to make it. */
bool folder_path(enum folder folder, const char *name, char path[FOLDER_PATH]);

/* The absolute path of a file that is there, without links in it. False when there is none. */
bool folder_real(const char *path, char real[FOLDER_PATH]);

/* A name for a new file in the current folder: the first of STEM-1.png, STEM-2.png, ... that is not
   there yet, counted from `first`. False when a thousand of them are. */
bool folder_free_name(char *name, size_t room, struct slice stem, int first, const char *ending,
                      struct problem *problem);

#endif
