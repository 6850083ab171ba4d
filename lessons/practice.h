/*
 * Spaced repetition: which questions somebody has met, how well, and which are due. A question is
 * in a box from 0 to 5 (Leitner's way): a right answer moves it one up, and it comes back after a
 * day, 3, 7, 21 and 60 days; a wrong one puts it back into box 0, and it is the first in the next
 * round. A new revision of a question is a new question. A sealed question, of which nobody here
 * knows what is right, is never in a box.
 *
 *     struct practice practice;
 *     practice_init(&practice);
 *     practice_read(&practice, json, "practice.json", &problem);
 *     size_t n = practice_pick(&practice, candidates, count, now_s, seed, 10, chosen);
 *     practice_note(&practice, chosen[0], true, now_s);
 *     struct slice json = practice_write(&practice, &arena);
 *     practice_finish(&practice);
 *
 * Times are Unix seconds from the caller; nothing here reads a clock.
 */
#ifndef LESSONS_PRACTICE_H
#define LESSONS_PRACTICE_H

#include "lessons/question.h"
#include "sim/base/vector.h"

enum { PRACTICE_BOXES = 6, PRACTICE_CARDS_MAX = 5000, PRACTICE_FILE_MAX = 2 * 1024 * 1024 };

struct practice_card {
    struct slice question;
    uint32_t rev, box, seen, right;
    int64_t due_s;
};

struct practice {
    struct arena arena;
    VECTOR(struct practice_card) cards; /* in the order of the questions' ids */
};

void practice_init(struct practice *practice);
void practice_finish(struct practice *practice);
/* Adds what a file says. It lies where others can write: hostile. False: nothing is added. */
bool practice_read(struct practice *practice, struct slice json, const char *name,
                   struct problem *problem);
/* The file's text, in the arena. */
struct slice practice_write(const struct practice *practice, struct arena *arena);

/* NULL when it was never answered in this revision. */
const struct practice_card *practice_find(const struct practice *practice,
                                          const struct question *question);
void practice_note(struct practice *practice, const struct question *question, bool is_right,
                   int64_t now_s);
/* At most `most` of the candidates: those that are due, the lowest boxes first; then those never
   met, in an order by the seed; then the others, the next to be due first. Gives how many. */
size_t practice_pick(const struct practice *practice, const struct question *const *candidates,
                     size_t count, int64_t now_s, uint64_t seed, size_t most,
                     const struct question **chosen);

#endif
