/*
 * A student's copy of a lesson or a bank of questions: the file's text without what gives its keys
 * away, and otherwise octet for octet as it was.
 *
 *     struct slice copy = seal_lesson(text, &arena);        the text of a file that loads
 *
 * Of a question go right, fb, answer, tol, slips, model, keys, pass, when and proof; what it is
 * chosen from is put in the order of its octets, since the order of a file betrays a key, too (the
 * items of an order, the right ones among options that come first); the right sides of pairs all go
 * to "extra". Of a lesson go the solutions, the moments of steps that ask, the other ways and the
 * notes for teachers. What checks look for in the run stays: it is what the learner is told about.
 */
#ifndef LESSONS_SEAL_H
#define LESSONS_SEAL_H

#include "sim/base/arena.h"

/* The copy is in the arena. Texts that do not load give copies that don't. */
struct slice seal_lesson(struct slice text, struct arena *arena);
struct slice seal_bank(struct slice text, struct arena *arena);

#endif
