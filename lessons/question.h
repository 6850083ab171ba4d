/*
 * One question, of a quiz bank or within a lesson's step: its text, its key with a word of feedback
 * for each answer, and how an answer is judged. Pure data; a key is never computed here, but where
 * a question says what proves it (`proof`, `when`), `mailflow check` and "show me" look it up in a
 * run.
 *
 *     struct question q;
 *     if (!question_read(&reader, node, QUESTION_IN_BANK, &arena, &q)) ...      the problem is set
 *     struct question_verdict v;
 *     if (question_judge(&q, SLICE("b"), &arena, &v, &problem)) ... v.score of 1000 ...
 *
 * An answer is one line of text, the same in work files, on the terminal and from the window:
 *
 *     TF            true | false
 *     SINGLE        a letter: the option in the file's order, from a
 *     MULTI         letters separated by commas, "a,c"; "-" none of them
 *     CLICK         the id of a target: "mx2"; within a step several may be right, each alone
 *     MATCH         for each left side in the file's order the letter of a right side, "b,a,c"
 *     ORDER         the letters of the items in the learner's order, "a,c,b"; the file has them in
 *                   the right one
 *     NUM           a number, with or without the unit
 *     SHORT         any text
 *
 * Letters never change with shuffling: what is shown elsewhere keeps its letter in the answer.
 *
 * A sealed question ("sealed": true, as `mailflow pack --student` writes it) has no key: who
 * answers is told that it is kept for the teacher. What it is chosen from stands in the order of
 * its octets, since the order of a whole question betrays its key, and the same text has another
 * letter there. So letters out of a sealed question are kept as "sorted:c,a,b"
 * (question_answer_kept), which a whole question reads by putting its own texts in that order.
 */
#ifndef LESSONS_QUESTION_H
#define LESSONS_QUESTION_H

#include "sim/json/json_reader.h"

enum question_type {
    QUESTION_TF,
    QUESTION_SINGLE,
    QUESTION_MULTI,
    QUESTION_MATCH,
    QUESTION_ORDER,
    QUESTION_SHORT,
    QUESTION_NUM,
    QUESTION_CLICK,
    QUESTION_TYPES
};
extern const char *const question_type_names[QUESTION_TYPES]; /* "tf", "single", ... */

enum { QUESTION_CHOICES_MAX = 26, QUESTION_ANSWER_MAX = 4096, QUESTION_FULL_SCORE = 1000 };

/* What a question of a bank can be about: "push-pull", "responsibility", ... */
extern const char *const question_topics[];
extern const size_t question_topic_count;

/* An option, a target, an item to be ordered, or a pair to be matched. */
struct question_choice {
    struct slice text;     /* a pair's left side; a target's name as shown */
    struct slice right;    /* MATCH: the right side */
    struct slice id;       /* CLICK: a host's, agent's or link's id ("mx1", "a:b"), or any word */
    struct slice feedback; /* said when this one is chosen, or misplaced */
    struct slice when; /* a check that holds in the scene's run just when this is right; "" none */
    const cJSON *node; /* for problems */
    bool is_right;
};

struct question_slip { /* a common wrong answer */
    struct slice *any; /* SHORT: stems, "pull*" a word's beginning, "part of" words in a row */
    size_t any_count;
    int64_t value, tolerance; /* NUM, in thousandths */
    struct slice feedback;
};

struct question_key { /* SHORT: one thing that a good answer has */
    struct slice *any;
    size_t any_count;
    uint32_t points;
    struct slice shows;
};

struct question {
    struct slice id; /* "Q0702"; "" within a step */
    struct slice lesson, prompt;
    struct slice note; /* feedback whatever was answered (NUM's fb); "" none */
    uint32_t rev;
    enum question_type type;
    uint32_t level; /* 1 to 3 */
    struct slice *topics, *sources;
    size_t topic_count, source_count;
    /* TF has two choices: true, false. */
    struct question_choice choices[QUESTION_CHOICES_MAX];
    size_t choice_count;
    struct slice extras[QUESTION_CHOICES_MAX]; /* MATCH: right sides that belong to nothing */
    size_t extra_count;
    int64_t number, tolerance; /* NUM, in thousandths */
    struct slice unit;
    struct slice model; /* SHORT: a full answer */
    struct question_key *keys;
    size_t key_count;
    struct question_slip *slips;
    size_t slip_count;
    uint32_t pass_points; /* SHORT: so many points are right; all of them when not said */
    bool scores_parts;    /* MULTI "minus", ORDER "pairs": part of the score for part of it */
    /* Where it can be looked up: a lesson's id (its own solution is run) and the step after which
       ("after:s1"), and a check that holds there and points at the event that proves it. */
    struct slice scene_lesson, scene_at, proof;
    bool is_sealed; /* it has no key; nothing of it is right or wrong here */
    const cJSON *node;
};

enum question_place { QUESTION_IN_BANK, QUESTION_IN_STEP };

/* Texts are kept in the arena. False: r's problem is set. Every right and wrong choice needs
   feedback in a bank; there is at least one right answer. A sealed one must have none of this. */
bool question_read(struct json_reader *r, const cJSON *node, enum question_place place,
                   struct arena *arena, struct question *question);

/* Does it say how its key can be seen, in a check or at one of its choices; and in which run? */
bool question_is_proved(const struct question *question);
bool question_is_shown(const struct question *question);

struct question_verdict {
    uint32_t score;                                  /* of QUESTION_FULL_SCORE */
    bool is_right;                                   /* the full score, or enough points */
    struct slice feedback[QUESTION_CHOICES_MAX + 2]; /* what is to be said, in this order */
    size_t feedback_count;
    size_t slip;  /* SHORT, NUM: the slip it fell for; SLICE_NONE */
    bool is_kept; /* the question is sealed: only who has the key can say, and the rest is 0 */
};

/* False with a problem when the answer has not the form of one: "expected a letter from a to d". */
bool question_judge(const struct question *question, struct slice answer, struct arena *arena,
                    struct question_verdict *verdict, struct problem *problem);
/* An answer that gets the full score, in the form of an answer; "" of a sealed question. In the
   arena. */
struct slice question_solution(const struct question *question, struct arena *arena);
/* The answer in words for a person: "in the queue of out". In the arena. */
struct slice question_answer_text(const struct question *question, struct slice answer,
                                  struct arena *arena);

/* The answer as it is written into a learner's work; it is read like any other. In the arena. */
struct slice question_answer_kept(const struct question *question, struct slice answer,
                                  struct arena *arena);
/* The letters of such an answer, for who looks at them one by one. */
struct slice question_answer_letters(const struct question *question, struct slice answer);

/* NUM: the whole part of what was answered; false when it is no number. */
bool question_number(const struct question *question, struct slice answer, int64_t *number);

/* MATCH: the different right sides, those of pairs in file order and then the extras; a sealed
   question has extras only. NULL-ended by count. */
size_t question_right_sides(const struct question *question,
                            struct slice sides[2 * QUESTION_CHOICES_MAX]);
/* The order in which to show `count` things (choices, or right sides): a permutation from the seed;
   TF, and lists that are numbers or times, stay as they are. */
void question_shuffle(const struct question *question, uint64_t seed, size_t count, size_t order[]);

#endif
