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
/* How to answer: "(a letter; ? skip quit)". */
void ask_how(FILE *out, const struct question *question);
/* The answer that is meant by what was typed, in the arena; what can't be one stays as it is. */
struct slice ask_answer(const struct question *question, uint64_t seed, struct slice typed,
                        struct arena *arena);
/* What is to be typed for an answer: ask_answer gives the answer back. In the arena. */
struct slice ask_typed(const struct question *question, uint64_t seed, struct slice answer,
                       struct arena *arena);
/* Has this the form of letters, of whatever question? "b,b", "a c", "b)". */
bool ask_is_letters(struct slice typed);
/* Like question_judge of what ask_answer gave; a problem is in the letters that are shown. */
bool ask_judge(const struct question *question, struct slice answer, struct arena *arena,
               struct question_verdict *verdict, struct problem *problem);
/* Why, for who may try again: each word behind the choice that it is about; a right choice that is
   missing stays unsaid. */
void ask_reasons(FILE *out, const struct question *question, uint64_t seed, struct slice answer,
                 const struct question_verdict *verdict);
/* What was right of an answer and what was not: each choice with its mark and its word. */
void ask_feedback(FILE *out, const struct question *question, uint64_t seed, struct slice answer,
                  const struct question_verdict *verdict);

#endif
