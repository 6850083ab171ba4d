/*
 * Private to this folder: a question as a person answers it, in a lesson's step, in a round of
 * questions, or shown to a class: its choices, what is chosen so far, and what is said about it.
 * What was answered becomes a line of view/course.h.
 */
#ifndef RENDER_VIEW_QUIZ_FORM_H
#define RENDER_VIEW_QUIZ_FORM_H

#include "render/view/lesson_flow.h"
#include "lessons/question.h"

enum quiz_form_id { QUIZ_FORM_STEP, QUIZ_FORM_ROUND, QUIZ_FORMS };

/* How much is said about an answer. */
enum quiz_told {
    QUIZ_ASKED,     /* nothing was answered yet */
    QUIZ_COMMITTED, /* a prediction: what comes of it is still to be seen */
    QUIZ_TRIED,     /* what was chosen, when it is not right: another answer may be given */
    QUIZ_TOLD       /* all of it */
};

struct quiz_ask {
    const struct question *question;
    struct slice answer; /* "" not answered yet */
    struct slice step;   /* of the step it is asked in; "" of a round */
    uint64_t seed;       /* the order of the choices */
    enum quiz_told told;
    bool is_shuffled; /* choices too, not only what must be */
    bool says_all;    /* when it is told: of each choice, not only of those that matter */
    bool is_open;     /* an answer is taken */
    bool is_final;    /* once: it is chosen first, and then sent */
    bool shows_key;   /* to a class: a full answer is shown as if it had been given */
};

struct quiz_form {
    uint64_t question_stamp, stamp; /* of what was asked; and answered: else nothing is kept */
    bool is_new;                    /* it has just been answered: what is said comes into sight */
    struct quiz_ask ask;            /* with no question: nothing is asked */
    struct slice answer;            /* of it, or the key; in the arena */
    size_t order[QUESTION_CHOICES_MAX]; /* which choice is shown in this place */
    size_t side_order[2 * QUESTION_CHOICES_MAX], side_count;
    uint32_t chosen;                    /* MULTI: bits, in the file's order */
    size_t match[QUESTION_CHOICES_MAX]; /* MATCH: which right side, plus 1; 0 none yet */
    struct ui_edit edit;                /* NUM, SHORT */
    struct arena arena;                 /* of answer and verdict */
    struct question_verdict verdict;    /* of the answer */
};

/* Brings it up to what is asked. */
void quiz_form_set(struct quiz_form *form, const struct quiz_ask *ask);
void quiz_form_forget(struct quiz_form *form);
void quiz_form_finish(struct quiz_form *form);
/* The question with its choices; their widgets are named PREFIX-a, PREFIX-b, ... */
void quiz_form_draw(struct flow *flow, enum quiz_form_id id, const char *prefix);
/* A letter or digit picks the choice in that place; Enter answers. False when it means nothing. */
bool quiz_form_key(struct view *view, enum quiz_form_id id, int key);
/* Is it sent with a button, since there is more to it than one press? */
bool quiz_form_has_button(const struct quiz_form *form);
/* Can it be sent as it is now? */
bool quiz_form_is_ready(const struct quiz_form *form);
/* Is it shown to a class, which answers aloud? */
bool quiz_form_is_before_class(const struct quiz_form *form);
ui_act quiz_form_submit; /* arg: enum quiz_form_id */
/* A choice, by its id, as when it is pressed on the map; false when it is none. */
bool quiz_form_choose(struct view *view, enum quiz_form_id id, struct slice target);
/* For the text twin: the question and where its answer stands. */
void quiz_form_tell(const struct quiz_form *form, struct arena *arena, struct bytes *out);

/* ---- quiz_row.c ---- */

enum quiz_sign { QUIZ_NO_SIGN, QUIZ_RIGHT, QUIZ_WRONG, QUIZ_MISSED };

/* What is to be said of the choice that is shown in this place. */
enum quiz_sign quiz_form_sign(const struct quiz_form *form, size_t choice);
bool quiz_form_is_chosen(const struct quiz_form *form, size_t choice);
/* TF has no texts of its own. */
struct slice quiz_choice_text(const struct question *question, size_t choice);
/* "B"; of what is put in order "2". */
void quiz_place_name(const struct quiz_form *form, size_t place, char name[4]);
void quiz_choices_draw(struct flow *flow, const struct quiz_form *form, enum quiz_form_id id,
                       const char *prefix);
/* Of a row: what both sides of a pair need, when they stand beside each other. */
float quiz_sides_share(const struct flow *flow, const struct quiz_form *form);
void quiz_sign_draw(struct ui *ui, enum quiz_sign sign, float x, float y, float size);

/* The argument of an act on the n-th place of a form. */
static inline uint32_t quiz_arg(enum quiz_form_id id, size_t place)
{
    return (uint32_t)id << 16 | (uint32_t)place;
}
struct quiz_form *quiz_form_of(struct view *view, uint32_t arg);
ui_act quiz_pick;          /* arg: quiz_arg */
ui_act quiz_up, quiz_down; /* ORDER */
ui_act quiz_side;       /* arg: quiz_arg(id, left << 8 | side): this right side for that left one */
ui_act quiz_sides_menu; /* MATCH: which right side? */
ui_key quiz_row_key;

#endif
