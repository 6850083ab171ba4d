/*
 * A lesson that somebody takes: which scene and step are at hand, the work so far, what it is
 * worth. The world in which it is done is somebody else's: a stage (app/stage.h) on the terminal,
 * the live world of the window (app/work.h). Both send it the same lines:
 *
 *     next | back | goto STEP | hint | retry STEP | answer [STEP] ANSWER | solve
 *     run ... and action words
 *
 *     struct course course;
 *     if (!course_open(&course, "L07", &options, &problem)) ...
 *     course_enter(&course, &world, &problem);          the first scene, or where the work left off
 *     course_line(&course, SLICE("answer b"), &problem);
 *     ... course.view is what a view is told ...
 *     course_close(&course);
 *
 * The work is saved after each line, if there is a file for it.
 */
#ifndef APP_COURSE_H
#define APP_COURSE_H

#include "app/source.h"
#include "lessons/verdict.h"
#include "render/view/course.h"

/* The world of the scene at hand. Each: false with a problem, and nothing has changed. */
struct course_world {
    /* A scene begins in a world of its own, with these deeds done in it. */
    bool (*enter)(void *context, const struct lesson_scene *scene,
                  const struct workbook_attempt *attempt, struct problem *problem);
    bool (*act)(void *context, int64_t t, struct slice step, struct slice line,
                struct problem *problem);
    /* On to t, or with VTIME_NEVER until all is quiet; *t is then where it came to. */
    bool (*run)(void *context, int64_t *t, struct problem *problem);
    const struct log *(*log)(void *context);
    void *context;
};

struct course_options {
    uint64_t seed;
    const char *work_path; /* NULL: nothing is kept */
    const char *learner;   /* the code that the teacher gave out; NULL none */
    bool is_lecture;
};

enum { COURSE_ID = 64 };

struct course {
    struct lesson lesson;
    char path[SOURCE_PATH];
    struct workbook book;
    char work_path[SOURCE_PATH];                          /* "" none */
    const struct lesson_scene *scenes[LESSON_SCENES_MAX]; /* those that were drawn */
    struct verdict verdicts[LESSON_SCENES_MAX];
    size_t attempts[LESSON_SCENES_MAX]; /* of each scene the present one's index in the book;
                                           SLICE_NONE */
    size_t scene_count, scene;
    struct course_world world;
    int64_t now;  /* the moment at which things are done */
    int64_t seen; /* up to here the run has been watched: what is behind is not judged yet */
    struct view_course view;
    struct arena arena; /* of what was said last */
};

/* The file of a lesson: "L07", "l07" or a path. False with the nearest one there is. */
bool course_find(const char *word, char path[SOURCE_PATH], struct problem *problem);
/* Is this word a lesson, and not a topology or a trace? */
bool course_is_lesson(const char *word);
/* The ids of the lessons that come with mailflow, sorted, and the folder that they are in. */
size_t course_list(char folder[SOURCE_PATH], char names[SOURCE_NAMES][SOURCE_NAME]);

/* Loads the lesson, and the work so far when there is a file of it. */
bool course_open(struct course *course, const char *word, const struct course_options *options,
                 struct problem *problem);
void course_close(struct course *course);

/* Makes the scene at hand: the first, or where the work left off. */
bool course_enter(struct course *course, const struct course_world *world, struct problem *problem);
/* Carries out one line at `now`. False with a problem: nothing was done. */
bool course_line(struct course *course, struct slice line, struct problem *problem);
/* The action deeds of the present attempt are these now, as after an undo; their steps are tags.
   The run is as it was up to t. */
struct live_plan;
void course_adopt(struct course *course, const struct live_plan *plan, int64_t t);
/* What the work is worth up to the moment `seen`. */
void course_judge(struct course *course);
/* To its file, if there is one. */
void course_save(struct course *course);
/* Of all scenes: what is kept for the teacher, of a sealed lesson. */
uint32_t course_points_kept(const struct course *course);
/* Of all scenes. */
uint32_t course_points(const struct course *course, uint32_t *points_max);

const struct lesson_step *course_step(const struct course *course); /* NULL behind the last */

#endif
