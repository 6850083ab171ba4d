/*
 * A question on the terminal: shown with letters in the order in which it is shown, and what was
 * typed at it made into an answer of lessons/question.h, whose letters are those of the file.
 */
#ifndef APP_ASK_H
#define APP_ASK_H

#include <stdio.h>

#include "lessons/question.h"

enum { ASK_COLUMNS = 80 };

/* Its prompt, its choices in the order that the seed gives, and how to answer. */
void ask_print(FILE *out, const struct question *question, uint64_t seed);
/* The answer that is meant by what was typed, in the arena; what can't be one stays as it is. */
struct slice ask_answer(const struct question *question, uint64_t seed, struct slice typed,
                        struct arena *arena);
/* What is to be typed for an answer: ask_answer gives the answer back. In the arena. */
struct slice ask_typed(const struct question *question, uint64_t seed, struct slice answer,
                       struct arena *arena);
/* What was right of an answer and what was not: each choice with its mark and its word. */
void ask_feedback(FILE *out, const struct question *question, uint64_t seed, struct slice answer,
                  const struct question_verdict *verdict);

#endif
