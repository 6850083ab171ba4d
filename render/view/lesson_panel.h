/*
 * Private to this folder: a lesson beside the map, a round of questions over it, and the lesson
 * before a class. What is shown is course.h's; what is kept here is how it is looked at.
 */
#ifndef RENDER_VIEW_LESSON_PANEL_H
#define RENDER_VIEW_LESSON_PANEL_H

#include "render/view/course.h"
#include "render/view/quiz_form.h"

/* What the lesson is about: with its first step as far as there is room, then when asked for. */
enum lesson_about { ABOUT_IF_IT_FITS, ABOUT_OPEN, ABOUT_FOLDED };

/* What a class sees: the text of the step below the map, or one of them alone. */
enum lecture_part { LECTURE_BOTH, LECTURE_MAP, LECTURE_TALK, LECTURE_MESSAGE, LECTURE_PARTS };

struct lesson_panel {
    const struct view_course *course; /* NULL: none is open */
    uint64_t stamp;                   /* of the step that was shown last */
    int64_t begun_t;                  /* when it began to be shown */
    enum lesson_about about;
    bool is_folded, shows_checks, shows_about;
    bool hides_docks; /* in this frame: there is no room for the panels at the right */
    bool has_seen;    /* what came of the step that is shown: its run was watched to its end */
    bool has_told;    /* what came of a prediction was told in it; in the step before: was_told */
    bool was_told;
    bool has_come_in;  /* and that, or what is said when the step is over, was brought into sight */
    bool is_aside;     /* the round of questions is: a run is looked at */
    const char *topic; /* that the last round was about; NULL: the lesson */
    float split;       /* share of the room, drawn with the mouse; 0 plain */
    float edge;        /* where the column ends, in this frame */
    float scroll, whole, room;
    float own;     /* so far down goes what belongs to the step; below are checks and the like */
    bool is_tight; /* it has no room for what goes before the first step */
    float scroll_quiz, whole_quiz;
    char followed[UI_NAME], followed_quiz[UI_NAME];
    struct quiz_form forms[QUIZ_FORMS];
    enum lecture_part part; /* of lecture mode: */
    uint32_t look_host;     /* chosen because the step speaks of it; 0 none */
    uint32_t look_mails;    /* so many were in the mail program that stands open */
    bool is_blank;
};

/* Made when it is first asked for. */
struct lesson_panel *lesson_panel_of(struct view *view);
void lesson_finish_panel(struct view *view); /* of a view that ends */
/* The step that is shown, NULL behind the last one; and what became of it. */
const struct lesson_step *lesson_step_shown(const struct view_course *course);
const struct verdict_step *lesson_step_verdict(const struct view_course *course, size_t step);

/* Has the learner done something in it, and answered what is asked? */
bool lesson_is_done(const struct view_course *course, size_t step);
/* Has the learner done something in it? What happens by itself when it begins does not count. */
bool lesson_is_begun(const struct view_course *course, size_t step);

/* Once a frame, before it is drawn: the round of questions opens and closes. */
void lesson_frame(struct view *view);
/* Cuts the lesson's column off `all`. */
void lesson_draw(struct view *view, struct draw_box *all);
/* A sign below what is longer than its room, in a row so high: a press moves on. */
float lesson_more_height(const struct view *view);
void lesson_more_draw(struct view *view, struct draw_box row, const char *name, ui_act *act);
/* Where what lies over the picture may begin without covering it. */
float lesson_edge(const struct view *view);
/* Are the panels at the right left out for it? */
bool lesson_hides_docks(const struct view *view);
/* They are asked for: it gives way. */
void lesson_give_way(struct view *view);
/* What was pressed may be the answer to a question about the picture. */
void lesson_press(struct view *view, const struct ui_widget *w);
void lesson_tell(const struct view *view, struct arena *arena, struct bytes *out);

/* A line of course.h to the program. */
void lesson_send(struct view *view, const char *format, ...) __attribute__((format(printf, 2, 3)));

ui_act lesson_next_act, lesson_back_act, lesson_hint_act, lesson_fold_act, lesson_answer_act,
    lesson_retry_act, lesson_checks_act, lesson_about_act, lesson_following_act, lesson_quiz_act,
    lesson_leave_act;
ui_act lesson_goto_act; /* arg: a step's index */

/* ---- lesson_step.c ---- */

const char *lesson_kind_word(enum lesson_step_kind kind);
/* "Send" with its sign in a shape of its own; gives the width. */
float lesson_kind_draw(struct ui *ui, float x, float y, float size, enum lesson_step_kind kind);
void lesson_step_draw(struct flow *flow, const struct view_course *course);
/* What was predicted, when this step has shown what comes of it; the step_count: nothing. */
size_t lesson_prediction(const struct view *view);
/* What is said when the step is over; "" it is not, or there is nothing. */
struct slice lesson_reveal(const struct view *view, struct arena *arena);
/* Which step keeps Next locked, and what is to be done; "": it goes on. */
struct slice lesson_locked(const struct view *view, struct arena *arena);
/* Likewise, but also where one may go on without having done anything. */
struct slice lesson_to_do(const struct view *view, struct arena *arena);
/* May what came of this prediction be told? */
bool lesson_is_seen(const struct view_course *course, size_t step);
struct quiz_ask lesson_ask(const struct view_course *course);

/* ---- lesson_deeds.c: what helps to do a step ---- */

/* What a run begins with, as long as nothing of it was done. */
enum lesson_first { LESSON_FIRST_PLAY, LESSON_FIRST_FETCH, LESSON_FIRST_MAIL };
enum lesson_first lesson_first_deed(const struct view *view);
void lesson_deeds_draw(struct flow *flow, const struct lesson_step *step);

/* ---- lesson_checks.c ---- */

enum lesson_check_state { CHECK_PASSED, CHECK_OPEN, CHECK_FAILED, CHECK_KEPT };
enum lesson_check_state lesson_check_state(const struct view_course *course, size_t check);
void lesson_checks_draw(struct flow *flow, const struct view_course *course);
void lesson_result_draw(struct flow *flow, const struct view_course *course);

/* ---- quiz_overlay.c ---- */

extern const struct overlay quiz_overlay;
void quiz_frame(struct view *view);        /* before one is drawn */
bool quiz_key(struct view *view, int key); /* pressed while no field has the focus */
void quiz_closed(struct view *view);       /* by the person: the round is over */
ui_act quiz_topic_act;                     /* arg: of question_topics */
ui_act quiz_back_act;                      /* back to the question from the run that proves it */
void quiz_tell(const struct view *view, struct arena *arena, struct bytes *out);

/* ---- lecture_look.c ---- */

/* Cuts off `all` the panel that the step speaks of, if it does. True: there is no room beside it.
 */
bool lecture_look_draw(struct view *view, struct draw_box *all);
/* Does it, or a question, take the map's place? */
bool lecture_look_is_alone(const struct view *view);
/* What is in it. */
void lecture_look_tell(const struct view *view, struct arena *arena, struct bytes *out);

/* ---- lecture.c ---- */

bool lecture_is_on(const struct view *view);
void lecture_draw(struct view *view, struct draw_box all);
/* True when that is all it means. */
bool lecture_key(struct view *view, const struct input_event *event);
ui_act lecture_act;                           /* begins or ends it */
ui_act lecture_blank_act;                     /* nothing is seen, or as before */
int lecture_percent(const struct view *view); /* how large letters are */
/* Letters are not made smaller for the map's sake. */
bool lecture_hides_map(const struct view *view);
/* Does a question fill the picture? */
bool lecture_is_asking(const struct view *view);
/* The step whose panel stands open; NULL: none does. */
const struct lesson_step *lecture_looked_at(const struct view *view);

#endif
