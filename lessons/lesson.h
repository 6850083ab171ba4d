/*
 * A lesson as its file says it, checked: where it plays, what the learner is to do step by step,
 * what must then be true, and how it can be solved. Pure data; lessons are files, and no C knows
 * one.
 *
 *     struct lesson lesson;
 *     if (!lesson_load(&lesson, "lessons/L07.json", &problem)) ...
 *     lesson_finish(&lesson);
 *
 * The file is JSON; its shape is published in lessons/schema.json and described in
 * docs/write-a-lesson.md. A lesson has one scene, or several, one after the other (an exam draws
 * some of them by the seed); each scene has a topology, steps and checks of its own.
 */
#ifndef LESSONS_LESSON_H
#define LESSONS_LESSON_H

#include "lessons/predicate.h"
#include "lessons/question.h"

enum lesson_step_kind {
    LESSON_PREDICT, /* an answer before the run */
    LESSON_SEND,    /* write mail in a mail program */
    LESSON_RUN,     /* play or step the clock */
    LESSON_FAULT,   /* switch a fault on or off */
    LESSON_CONFIG,  /* change a setting */
    LESSON_READ,    /* look into a header, a queue, a file */
    LESSON_TYPE,    /* speak a protocol at a console */
    LESSON_CLICK,   /* choose something on the picture */
    LESSON_ACT,     /* play the part of an agent */
    LESSON_STEP_KINDS
};
extern const char *const lesson_step_kind_names[LESSON_STEP_KINDS]; /* "PREDICT", ... */

enum { LESSON_MOMENTS_MAX = 8 }; /* that a step can speak of */

struct lesson_texts {
    struct slice *items;
    size_t count;
};

struct lesson_step {
    struct slice id;
    enum lesson_step_kind kind;
    struct slice text;
    struct lesson_texts bind;  /* the variables that its messages are bound to, "M" without the $ */
    struct lesson_texts allow; /* what it is about: hosts, agents, ids of faults */
    struct lesson_texts setup; /* action lines that happen by themselves when the step begins */
    struct lesson_texts solve; /* how it is done: lines of lessons/workbook.h; of a step with a
                                  question its answer, when not given, is the key */
    struct lesson_texts hints;
    struct slice reveal;        /* what to say when the step is over; "" nothing */
    struct slice unlock;        /* a check that must hold before the next step; "" none */
    struct predicate *unlocked; /* it, compiled; NULL none */
    struct slice seen;          /* the step that shows what comes of a prediction; "" not said */
    struct slice look;          /* the panel that stands open while a class is shown it, one of
                                   lesson_looks; "" none */
    struct slice look_host;     /* and whose: a host or agent; "" whatever is at hand */
    struct lesson_texts at;     /* checks that name the events it speaks of, */
    struct predicate *moments[LESSON_MOMENTS_MAX]; /* compiled */
    struct question *ask;                          /* NULL: nothing is asked */
    const cJSON *node;
};
/* The panels that a step may want open; NULL behind the last. */
extern const char *const lesson_looks[];

struct lesson_check {
    struct slice id, text, pass, fail;
    uint32_t points;
    struct predicate *predicate;
    const cJSON *node;
};

/* Another way through a scene: a second correct one, or a mistake that many make. */
struct lesson_way {
    struct slice title;
    struct lesson_texts lines; /* the whole of it, with "step ID" in front of each step's lines */
    struct lesson_texts fails; /* ids of the checks that fail; none: it is correct */
    struct slice says;         /* what the learner is told then, or a part of it */
    const cJSON *node;
};

struct lesson_scene {
    struct slice id, title;    /* a lesson's only scene has its id and title */
    struct slice use;          /* the name of a shipped topology; "" when it is inline */
    struct slice folder;       /* of the lesson's file, where it may lie, too; "" not known */
    struct slice inline_json;  /* the topology's own text */
    struct lesson_texts patch; /* lines of edits (topologies/edit.h) on top of it */
    struct lesson_texts setup; /* action lines at the very start */
    struct slice complaint;    /* of an exam's ticket: what the user says; "" none */
    bool is_exam;              /* of several answers the first counts */
    struct lesson_step *steps;
    struct lesson_check *checks;
    struct lesson_way *ways;
    size_t step_count, check_count, way_count;
    const cJSON *node;
};

struct lesson {
    struct arena arena;
    struct json_reader reader; /* of the file, for problems found later; its problem is set anew by
                                  whoever uses it */
    struct slice id, title, objective;
    uint32_t minutes, pass_percent; /* 70 when not said */
    bool is_sealed;                 /* a student's copy: no keys, no solutions, no ways */
    uint32_t draw;                  /* so many of the scenes, by seed; 0: all, in their order */
    struct lesson_texts needs, watch, covers, quiz, sources;
    struct slice notes; /* for teachers */
    struct lesson_scene *scenes;
    size_t scene_count;
};

/* The steps that a prediction is about end before the next one that comes behind a deed; and the
   index of the one among them after which it has been seen what comes of it. */
size_t lesson_block_end(const struct lesson_scene *scene, size_t step);
size_t lesson_seen_by(const struct lesson_scene *scene, size_t step);

enum { LESSON_FILE_MAX = 4 * 1024 * 1024, LESSON_STEPS_MAX = 64, LESSON_SCENES_MAX = 24 };

/* On success to be given back with lesson_finish. Checks are compiled: a slip in one is a problem
   with file, line and column. */
bool lesson_load(struct lesson *lesson, const char *path, struct problem *problem);
bool lesson_read(struct lesson *lesson, struct slice json, const char *name,
                 struct problem *problem);
void lesson_finish(struct lesson *lesson);

/* Where in the file the check of this moment stands. */
const cJSON *lesson_moment_node(const struct lesson_step *step, size_t moment);
/* NULL when there is none. */
const struct lesson_step *lesson_find_step(const struct lesson_scene *scene, struct slice id);
/* The scenes that this seed gives, in their order; gives how many. */
size_t lesson_scenes(const struct lesson *lesson, uint64_t seed,
                     const struct lesson_scene *drawn[LESSON_SCENES_MAX]);

/* The names that checks about this scene may use: its steps, its variables and, with a log of it,
   its hosts, agents and faults. In the arena. */
void lesson_scope(const struct lesson_scene *scene, const struct log *log, struct arena *arena,
                  struct predicate_scope *scope);
/* Compiles the scene's checks once more against a run of its topology: a host, agent or fault that
   it does not have is a problem with file, line and column; so is the name of a setting that
   nothing has (NULL: nobody knows them). */
bool lesson_check_names(struct lesson *lesson, const struct lesson_scene *scene,
                        const struct log *log, const struct predicate_names *settings,
                        struct problem *problem);
/* The limits of style (words a step, sentences a feedback, words a label; what is not to be said):
   false with the first that is broken. */
bool lesson_check_style(struct lesson *lesson, struct problem *problem);

#endif
