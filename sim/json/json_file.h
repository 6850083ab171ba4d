/*
 * The text of a file, for those who read JSON.
 *
 *     struct bytes text;
 *     if (json_file_read(path, LESSON_FILE_MAX, &text, &problem)) ... bytes_finish(&text);
 */
#ifndef SIM_JSON_JSON_FILE_H
#define SIM_JSON_JSON_FILE_H

#include "sim/base/bytes.h"
#include "sim/base/problem.h"

/* One octet more than `most` is read of a larger file, so that it shows. False: the problem says
   why it can't be read, and there is nothing to finish. */
bool json_file_read(const char *path, size_t most, struct bytes *text, struct problem *problem);

#endif
