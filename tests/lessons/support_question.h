/* A question out of a line of JSON in which ' stands for ". */
#ifndef TESTS_LESSONS_SUPPORT_QUESTION_H
#define TESTS_LESSONS_SUPPORT_QUESTION_H

#include "lessons/question.h"

struct asked {
    struct arena arena;
    struct json_reader reader;
    struct question question;
    struct problem problem;
    bool is_good;
};

/* To be given back with support_finish, also when it is not good. */
void support_ask(struct asked *asked, const char *json, enum question_place place);
void support_finish(struct asked *asked);
/* "FILE:LINE:COLUMN: what"; "" when nothing was wrong. */
const char *support_problem(struct asked *asked);

#endif
