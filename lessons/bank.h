/*
 * Banks of questions: files of lessons/quiz, and all of them together, to be asked by topic or
 * lesson and found by id.
 *
 *     struct banks banks = {0};
 *     if (!banks_add(&banks, "lessons/quiz/L07.json", &problem)) ...      each file
 *     const struct question *q = banks_find(&banks, SLICE("Q0702"));
 *     banks_finish(&banks);
 *
 * The shape of a file is published in lessons/quiz/schema.json; docs/quiz.md describes it. An id
 * belongs to one question in all the banks that are together.
 */
#ifndef LESSONS_BANK_H
#define LESSONS_BANK_H

#include "lessons/question.h"
#include "sim/base/bytes.h"
#include "sim/base/vector.h"

struct bank {
    struct arena arena;
    struct json_reader reader; /* for problems found later; its own problem is set anew by then */
    struct slice id;           /* "L07" */
    struct question *questions;
    size_t count;
};

enum { BANK_FILE_MAX = 4 * 1024 * 1024, BANK_QUESTIONS_MAX = 1000 };

/* On success to be given back with bank_finish. */
bool bank_load(struct bank *bank, const char *path, struct problem *problem);
bool bank_read(struct bank *bank, struct slice json, const char *name, struct problem *problem);
void bank_finish(struct bank *bank);

struct banks {
    VECTOR(struct bank *) list;
    VECTOR(const struct question *) questions; /* in the order of their ids */
};

/* False: this file is not added; the others stay. */
bool banks_add(struct banks *banks, const char *path, struct problem *problem);
void banks_finish(struct banks *banks);
/* NULL when there is none. */
const struct question *banks_find(const struct banks *banks, struct slice id);

/* The first that has no key, as in a pack for students; NULL when all have one. */
const struct question *banks_find_sealed(const struct banks *banks);

bool question_is_about(const struct question *question, struct slice topic);

/* The JSON Schema of bank files; $defs/in-step is that of a question within a lesson's step. False
   when out is full. */
bool bank_schema_print(struct bytes *out);

#endif
