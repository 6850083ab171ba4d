/* The JSON Schema of lesson files, lessons/schema.json, printed from the rows that they are read
 * by. */
#ifndef LESSONS_LESSON_SCHEMA_H
#define LESSONS_LESSON_SCHEMA_H

#include "sim/base/bytes.h"

/* False when `out` has no room for it. */
bool lesson_schema_print(struct bytes *out);

#endif
