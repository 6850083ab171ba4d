/*
 * A whole run as a film, without a window: played as the window plays it, with leaps over silence,
 * and the faster the more would make it too long.
 */
#ifndef APP_FILM_RUN_H
#define APP_FILM_RUN_H

#include "app/picture.h"
#include "export/watched.h"

enum { FILM_MOST_S = 120 };

/* From options->t, or from the start; as large as options say, with that theme, panel and chosen
   message. `watch` may break it off, and may be NULL. The file is written whole or not at all. */
bool film_run(const struct log *log, const char *path, const struct picture_options *options,
              const struct export_watch *watch, struct problem *problem);

#endif
