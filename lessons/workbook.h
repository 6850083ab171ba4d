/*
 * A learner's work: which lesson, from which seed, what was done at which virtual time in which
 * step, and what was answered. One readable JSON file, which is saved as it goes and handed in.
 * Nothing in it is believed: who grades runs it again and judges what happens (lessons/verdict.h).
 *
 *     {"format": 1, "mailflow": "work", "lesson": "L07", "learner": "A17", "session": "s", "seed":
 * 1, "attempts": [
 *        {"scene": "L07", "deeds": [
 *          {"step": "p1", "t": 0, "answer": "mx1", "at": "2026-11-22T10:00:00Z"},
 *          {"step": "s1", "t": 0, "do": "send from=alice@example.com to=bob@example.org"},
 *          {"step": "r1", "t": 5000000000, "run": true}]}],
 *      "quiz": [{"question": "Q0702", "rev": 1, "answer": "a", "seconds": 12, "at": "..."}]}
 *
 * Times are virtual nanoseconds since the start; deeds stand in the order in which they were done,
 * which is not that of time for who went back. Who tries a step again begins a new attempt, which
 * starts with the deeds before that step; of all attempts the best counts, check by check.
 */
#ifndef LESSONS_WORKBOOK_H
#define LESSONS_WORKBOOK_H

#include "sim/base/arena.h"
#include "sim/base/problem.h"
#include "sim/base/vector.h"

enum workbook_kind {
    WORKBOOK_DO,     /* an action line */
    WORKBOOK_RUN,    /* the clock was run on to t */
    WORKBOOK_ANSWER, /* to the question of the step */
};

struct workbook_deed {
    enum workbook_kind kind;
    int64_t t;
    int64_t wall_s; /* Unix seconds; 0 nobody knows. Never judged */
    struct slice step, text;
};

struct workbook_attempt {
    struct slice scene;
    VECTOR(struct workbook_deed) deeds;
};

struct workbook_reply { /* to a question of a bank */
    struct slice question, answer;
    uint32_t rev, seconds;
    int64_t wall_s;
};

struct workbook {
    struct arena arena;  /* all texts */
    struct slice lesson; /* "" of a quiz alone */
    struct slice learner, session;
    uint64_t seed;
    VECTOR(struct workbook_attempt) attempts;
    VECTOR(struct workbook_reply) replies;
};

enum {
    WORKBOOK_FILE_MAX = 4 * 1024 * 1024,
    WORKBOOK_ATTEMPTS_MAX = 64,
    WORKBOOK_DEEDS_MAX = 2000, /* an attempt */
    WORKBOOK_REPLIES_MAX = 5000,
    WORKBOOK_TEXT_MAX = 65536
};
#define WORKBOOK_T_MAX (INT64_C(90) * 24 * 3600 * 1000000000)

void workbook_init(struct workbook *book);
void workbook_finish(struct workbook *book);
/* A file as it was handed in: hostile. On success to be finished.
 */
bool workbook_read(struct workbook *book, struct slice json, const char *name,
                   struct problem *problem);
/* The file's text, in the arena; reading it gives the same. */
struct slice workbook_write(const struct workbook *book, struct arena *arena);

/* Texts are copied. */
struct workbook_attempt *workbook_begin(struct workbook *book, struct slice scene);
void workbook_add(struct workbook *book, struct workbook_attempt *attempt,
                  const struct workbook_deed *deed);
/* Was this done, or answered, in the step? */
bool workbook_has(const struct workbook_attempt *attempt, struct slice step, struct slice text);
/* Beyond WORKBOOK_REPLIES_MAX none is kept. */
void workbook_add_reply(struct workbook *book, const struct workbook_reply *reply);
/* The last answer that was given in the step; NULL: none. */
const struct workbook_deed *workbook_answer(const struct workbook_attempt *attempt,
                                            struct slice step);

#endif
