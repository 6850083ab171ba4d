/* What somebody has practised, kept in the state folder from one round of questions to the next. */
#ifndef APP_PRACTICE_FILE_H
#define APP_PRACTICE_FILE_H

#include "lessons/practice.h"

/* Begins it with what was kept, or empty. False with a problem when what was kept can't be used; it
   is begun then, too. */
bool practice_file_load(struct practice *practice, struct problem *problem);
/* True also where there is no place to keep it. */
bool practice_file_save(const struct practice *practice, struct problem *problem);

#endif
