/*
 * An action line in words that a person reads: "a fault: mx1-down on" for "fault mx1-down on".
 */
#ifndef APP_DEED_WORDS_H
#define APP_DEED_WORDS_H

#include "sim/base/slice.h"

enum { DEED_WORDS = 160 };

/* Of several lines, the first; long ones are cut. Translated; ends with a NUL. */
void deed_words(struct slice lines, char text[DEED_WORDS]);

/* Does the line, or the first of several, change the network itself? That is looked at as it
   stands; what makes mail move is played. */
bool deed_is_edit(struct slice line);

#endif
