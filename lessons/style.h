/*
 * How lessons and questions are written: short texts, plain words, no markup but `code`, *emphasis*
 * and links. docs/write-a-lesson.md says why.
 *
 *     if (!style_check(&reader, reader.root)) ... the reader's problem says where and what ...
 */
#ifndef LESSONS_STYLE_H
#define LESSONS_STYLE_H

#include "sim/json/json_reader.h"

/* Texts of a lesson's or bank's file, wherever they are under the node. False with the first that
   is too long or says what is not to be said. */
bool style_check(struct json_reader *r, const cJSON *node);

#endif
