/*
 * The languages of the window: their catalogs lie in a folder `locale` beside the program, or in
 * ../share/locale where it was installed. Without them all is English.
 */
#ifndef APP_LANGUAGE_H
#define APP_LANGUAGE_H

#include <stdbool.h>

#include "sim/base/problem.h"

enum { LANGUAGE_NAME = 16 };

/* Once, before anything is drawn. */
void language_find_catalogs(void);
/* "de": kept in `language`. False when there is no such language; the problem names those there
 * are.
 */
bool language_read(const char *text, char language[LANGUAGE_NAME], struct problem *problem);

#endif
