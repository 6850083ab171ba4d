/*
 * Private to mailflow lesson play (lesson_play*.c): the dialogue about one lesson. lesson_play.c
 * reads what is typed, lesson_play_tell.c tells what happens, lesson_play_look.c looks at it, and
 * lesson_play_help.c says what can be typed.
 */
#ifndef APP_LESSON_PLAY_PART_H
#define APP_LESSON_PLAY_PART_H

#include "app/course.h"
#include "app/output.h"
#include "app/stage.h"

enum { PLAY_COLUMNS = 80 };

struct play {
    struct command_line *line;
    FILE *out;
    struct course course;
    struct stage stage;
    struct output output; /* only its exports */
    bool has_stage, is_over;
    bool is_inside;     /* the last line that a console showed has no end yet */
    uint32_t told;      /* events */
    uint32_t begun;     /* so many there were when this step began, */
    uint32_t begun_at;  /* and when the one did in which something happened last */
    uint32_t looked[2]; /* when the ladder and the dialogue were looked at */
    size_t warned;      /* the step that "next" was held at, + 1; 0 none */
    size_t words_given; /* the step whose words "hint" has said, + 1; 0 none */
};

/* ---- lesson_play_tell.c ---- */

/* What has happened since it was told last; false: nothing that is told. */
bool play_tell(struct play *p);
void play_show_scene(struct play *p);
void play_show_step(struct play *p);
void play_show_answer(struct play *p, const struct lesson_step *step);
/* Predictions are compared when the learner goes on from what they were about: `from`. */
void play_look_back(struct play *p, size_t from);
void play_show_status(struct play *p);
/* A sentence, below the one before it. */
void play_say(struct play *p, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* ---- lesson_play_look.c ---- */

/* Another step is shown: what happens from here on is new. */
void play_note_step(struct play *p);
/* What stands behind "look". */
bool play_look(struct play *p, struct slice what, struct problem *problem);

/* ---- lesson_play_help.c ---- */

/* What stands behind "help": nothing, a word, or "actions". */
bool play_help(struct play *p, struct slice word, struct problem *problem);
/* What Tab completes: typing_names, of a struct play. */
void play_name(void *context, bool is_first, size_t i, struct slice *name);
bool play_hint(struct play *p, struct problem *problem);

#endif
