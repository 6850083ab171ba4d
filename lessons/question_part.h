/* Private to question*.c and to who prints the schema. */
#ifndef LESSONS_QUESTION_PART_H
#define LESSONS_QUESTION_PART_H

#include "lessons/question.h"
#include "sim/json/shape.h"

/* The objects of a question, each with a name of its own for the schema. */
enum question_object {
    QUESTION_FEEDBACK, /* TF */
    QUESTION_OPTION,
    QUESTION_TARGET,
    QUESTION_PAIR,
    QUESTION_ITEM,
    QUESTION_KEY,
    QUESTION_SLIP,
    QUESTION_SLIP_NUMBER,
    QUESTION_SCENE,
    QUESTION_SEALED_OPTION, /* those of a sealed question, in the order of the whole ones */
    QUESTION_SEALED_TARGET,
    QUESTION_SEALED_PAIR,
    QUESTION_SEALED_ITEM,
    QUESTION_OBJECTS
};
extern const struct shape question_objects[QUESTION_OBJECTS];

enum { QUESTION_LIST_MAX = 32 };

extern const struct shape_key question_type_key, question_sealed_key;

/* The object without what belongs to the key. */
enum question_object question_sealed_object(enum question_object object);
/* Is this key of a question (of none of its lists) a part of the key, which a sealed one lacks? */
bool question_is_key(struct slice name);

/* The rows of a question of this type: the keys that all have, then its own. */
struct question_rows {
    struct shape_key keys[SHAPE_KEYS_MAX];
    struct shape shape; /* of `keys`: not to be copied */
};
void question_rows_init(struct question_rows *rows, enum question_type type,
                        enum question_place place, bool is_sealed);

/* ---- one answer taken apart: question_answer.c ---- */

struct question_answer {
    bool is_chosen[QUESTION_CHOICES_MAX]; /* TF, SINGLE, MULTI, CLICK */
    size_t places[QUESTION_CHOICES_MAX];  /* MATCH: of each left side the right one; ORDER: items */
    int64_t number;                       /* NUM, in thousandths */
};

/* False with a problem when it has not the form of an answer. SHORT: any text will do. */
bool question_read_answer(const struct question *question, struct slice text,
                          struct question_answer *answer, struct problem *problem);
/* What may be chosen, for problems: "a letter from a to d". */
enum { QUESTION_WORDS = 256 };
void question_expected(const struct question *question, char words[QUESTION_WORDS]);
/* MATCH: the index among the right sides of the one that belongs to this left side. */
size_t question_right_side_of(const struct question *question, size_t left);

/* ---- a text judged by its words: question_short.c ---- */

void question_judge_short(const struct question *question, struct slice answer, struct arena *arena,
                          struct question_verdict *verdict);
/* A text in lower case with one blank around each word, and without punctuation; in the arena. */
struct slice question_words(struct slice text, struct arena *arena);
/* Is it in the words? "pull*" any word that begins so, "part of" words in a row. */
bool question_has_words(struct slice words, struct slice wanted, struct arena *arena);

#endif
