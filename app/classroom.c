#include "app/classroom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/check_lesson.h"
#include "app/proof.h"
#include "app/round.h"
#include "app/stage.h"
#include "render/view/tr.h"
#include "render/view/view.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"

/* Frames from one look at what was watched to the next: a check is judged soon, not at once. */
enum { WATCH_FRAMES = 12 };

struct classroom {
    struct course course;
    struct classroom_ways ways;
    struct live *live;        /* the window's */
    bool is_solved;           /* lecture: what the step says was done */
    uint32_t frames, watched; /* so many events were judged */
    struct round round;
    struct proof proof;
    bool has_round, has_proof;
    int64_t left_t; /* when it was left for the proof */
};

/* ---- the world of a scene ---- */

/* The deeds of an attempt, to be done all at once. */
static bool take_up(struct live *live, const struct workbook_attempt *attempt,
                    struct problem *problem)
{
    struct live_step done;
    VECTOR(struct live_step) steps = {0};
    for (size_t i = 0; i < attempt->deeds.count; i++) {
        const struct workbook_deed *deed = &attempt->deeds.items[i];
        if (deed->kind == WORKBOOK_DO)
            *vector_add(&steps) =
                (struct live_step){.t = deed->t, .text = deed->text, .tag = deed->step};
    }
    live_offer(live, steps.items, steps.count);
    vector_finish(&steps);
    return live->returned == 0 || live_redo(live, &done, problem);
}

static bool enter(void *context, const struct lesson_scene *scene,
                  const struct workbook_attempt *attempt, struct problem *problem)
{
    struct classroom *room = context;
    struct live *live = memory_take(sizeof *live);
    struct source_options options = {.seed = room->course.book.seed, .has_no_demo = true};
    char name[SOURCE_NAME];
    struct arena arena;
    arena_init(&arena);
    snprintf(name, sizeof name, "%.*s", SLICE_ARG(slice_part(scene->id, 0, SOURCE_NAME - 1)));
    bool ok = stage_topology(scene, &arena, &options.text, problem) &&
              live_open(live, name, &options, NULL, problem);
    arena_finish(&arena);
    if (!ok) {
        free(live);
        return false;
    }
    live->options.text = SLICE("");
    if (!take_up(live, attempt, problem)) {
        live_close(live);
        free(live);
        return false;
    }
    live_reach(live, room->course.now);
    room->live = live;
    room->ways.take_live(room->ways.context, live);
    return true;
}

static bool act(void *context, int64_t t, struct slice step, struct slice line,
                struct problem *problem)
{
    struct classroom *room = context;
    room->live->tag = step;
    return live_do(room->live, t, line, problem);
}

static bool run(void *context, int64_t *t, struct problem *problem)
{
    struct classroom *room = context;
    (void)problem;
    if (*t == VTIME_NEVER)
        *t = log_end(live_log(room->live, 0));
    else
        live_reach(room->live, *t);
    return true;
}

static const struct log *log_of(void *context)
{
    const struct classroom *room = context;
    return live_log(room->live, 0);
}

/* ---- opening ---- */

struct classroom *classroom_open(const char *word, const struct course_options *options,
                                 const struct classroom_ways *ways, struct problem *problem)
{
    struct classroom *room = memory_take(sizeof *room);
    *room = (struct classroom){.ways = *ways};
    if (!course_open(&room->course, word, options, problem)) {
        free(room);
        return NULL;
    }
    const struct course_world world = {enter, act, run, log_of, room};
    if (!course_enter(&room->course, &world, problem)) {
        course_close(&room->course);
        free(room);
        return NULL;
    }
    return room;
}

void classroom_close(struct classroom *room)
{
    if (!room)
        return;
    if (room->has_proof)
        proof_close(&room->proof);
    if (room->has_round)
        round_close(&room->round);
    course_close(&room->course);
    free(room);
}

void classroom_move(struct classroom *room, const struct classroom_ways *ways)
{
    room->ways = *ways;
}

const struct view_course *classroom_view(const struct classroom *room)
{
    return &room->course.view;
}

int64_t classroom_t(const struct classroom *room)
{
    return room->course.now;
}

bool classroom_shows_proof(const struct classroom *room)
{
    return room->has_proof;
}

/* ---- while it is shown ---- */

void classroom_tag(struct classroom *room)
{
    const struct lesson_step *step = course_step(&room->course);
    room->live->tag = step ? step->id : SLICE("");
}

void classroom_follow(struct classroom *room, int64_t t)
{
    room->course.now = t;
    room->watched = 0;
    course_adopt(&room->course, &room->live->runs[0].plan, t);
}

void classroom_watch(struct classroom *room, const struct view *view)
{
    int64_t t = view_t(view);
    if (room->has_proof)
        return;
    if (t > room->course.seen)
        room->course.seen = t;
    uint32_t count = log_count_until(live_log(room->live, 0), room->course.seen);
    if (count == room->watched || (view_is_playing(view) && ++room->frames < WATCH_FRAMES))
        return;
    room->frames = 0;
    room->watched = count;
    course_judge(&room->course);
}

/* ---- lines ---- */

/* What the step says is done before the class, and seen as it happens. */
static bool perform(struct classroom *room, struct view *view, struct problem *problem)
{
    int64_t from = room->course.now;
    room->is_solved = true;
    if (!course_line(&room->course, SLICE("solve"), problem))
        return false;
    room->ways.show(room->ways.context, view, from);
    view_set_playing(view, room->course.now > from);
    return true;
}

/* On: the rest of what is being shown, then the answer, then what is to be done, then the next
   step. */
static bool lecture_next(struct classroom *room, struct view *view, struct problem *problem)
{
    struct course *c = &room->course;
    const struct lesson_step *step = course_step(c);
    if (view_is_playing(view) && view_t(view) < c->now) {
        view_seek(view, c->now);
        return true;
    }
    if (step && !room->is_solved && (step->solve.count > 0 || step->ask))
        return perform(room, view, problem);
    room->is_solved = false;
    return course_line(c, SLICE("next"), problem);
}

static bool show_check(struct classroom *room, struct view *view, struct slice id,
                       struct problem *problem)
{
    const struct verdict *v = room->course.view.verdict;
    for (size_t i = 0; i < v->scene->check_count; i++)
        if (slice_equal(v->checks[i].check->id, id)) {
            if (v->checks[i].event == PREDICATE_NO_EVENT)
                return problem_set(problem, "%s", tr("There is no such event yet to look at"));
            view_seek(view, log_at(live_log(room->live, 0), v->checks[i].event)->t);
            return true;
        }
    return problem_set(problem, "there is no check \"%.*s\"", SLICE_ARG(slice_part(id, 0, 40)));
}

/* ---- rounds of questions ---- */

/* Back from the run that proves an answer to the lesson's own. */
static void put_proof_away(struct classroom *room, struct view *view)
{
    if (!room->has_proof)
        return;
    view_set_log(view, live_log(room->live, 0));
    view_seek(view, room->left_t);
    proof_close(&room->proof);
    room->has_proof = false;
}

static void end_round(struct classroom *room)
{
    room->course.view.quiz = NULL;
    if (room->has_round)
        round_close(&room->round);
    room->has_round = false;
}

/* A student's copy is asked about from the bank beside it, which has no keys either. */
static const char *bank_of(const struct course *c, char path[SOURCE_PATH])
{
    bool is_own = c->lesson.is_sealed &&
                  check_find_beside(c->path, "quiz/", SOURCE_BANKS, c->lesson.id, path);
    return is_own ? path : NULL;
}

static bool begin_round(struct classroom *room, struct slice about, struct problem *problem)
{
    struct round round;
    char bank[SOURCE_PATH];
    if (slice_equal(about, SLICE("end"))) {
        end_round(room);
        return true;
    }
    if (!round_open(&round, about, bank_of(&room->course, bank),
                    room->course.book.seed + room->course.book.replies.count, problem))
        return false;
    end_round(room);
    room->round = round;
    room->round.view.missed = room->round.missed; /* it has moved */
    room->has_round = true;
    room->course.view.quiz = &room->round.view;
    return true;
}

static bool show_proof(struct classroom *room, struct view *view, struct problem *problem)
{
    const struct question *q = room->round.view.question;
    struct proof proof;
    if (!q || q->proof.size == 0)
        return problem_set(problem, "%s", tr("No run shows the answer to this question"));
    if (!proof_open(&proof, q, NULL, problem))
        return false;
    put_proof_away(room, view);
    room->left_t = view_t(view);
    room->proof = proof;
    room->has_proof = true;
    uint32_t event = proof_event(&room->proof, q);
    const struct log *log = proof_log(&room->proof);
    view_set_other(view, NULL, 0);
    view_set_log(view, log);
    view_seek(view, event == PREDICATE_NO_EVENT ? log_end(log) : log_at(log, event)->t);
    return true;
}

/* *is_mine: the line is about a round. */
static bool round_line(struct classroom *room, struct view *view, struct slice word,
                       struct slice rest, bool *is_mine, struct problem *problem)
{
    *is_mine = true;
    if (slice_equal(word, SLICE("quiz")))
        return begin_round(room, rest, problem);
    if (room->has_round && slice_equal(word, SLICE("show")))
        return show_proof(room, view, problem);
    if (slice_equal(word, SLICE("reply"))) {
        bool ok = room->has_round ? round_reply(&room->round, rest, &room->course.book, problem)
                                  : problem_set(problem, "%s", tr("No question is asked"));
        course_save(&room->course);
        return ok;
    }
    *is_mine = false;
    return true;
}

static bool take_line(struct classroom *room, struct view *view, struct slice line,
                      struct problem *problem)
{
    struct course *c = &room->course;
    struct slice word, rest = line;
    const struct live *live = room->live;
    size_t deeds = live->done;
    slice_cut(&rest, ' ', &word);
    bool is_mine, ok = round_line(room, view, word, slice_trim(rest), &is_mine, problem);
    if (is_mine)
        return ok;
    if (!view_is_playing(view) || !c->view.is_lecture)
        c->now = view_t(view);
    if (slice_equal(word, SLICE("lecture"))) {
        c->view.is_lecture = !slice_equal(slice_trim(rest), SLICE("off"));
        return true;
    }
    if (slice_equal(word, SLICE("show")))
        return show_check(room, view, slice_trim(rest), problem);
    if (c->view.is_lecture && slice_equal(word, SLICE("next")))
        return lecture_next(room, view, problem);
    int64_t t = c->now;
    room->is_solved = false;
    if (!course_line(c, line, problem))
        return false;
    if (slice_equal(word, SLICE("run"))) { /* waited for, whether anything happens or not */
        view_set_reach(view, c->now);
        view_seek(view, c->now);
        return true;
    }
    bool is_new = room->live != live;
    if (is_new || live->done != deeds) {
        room->ways.show(room->ways.context, view, is_new ? c->now : t);
        view_set_playing(view, !is_new);
    }
    return true;
}

bool classroom_line(struct classroom *room, struct view *view, struct slice line,
                    struct slice *said, bool *leaves, struct problem *problem)
{
    (void)said;
    *leaves = slice_equal(line, SLICE("leave"));
    if (!slice_equal(line, SLICE("show")))
        put_proof_away(room, view);
    room->watched = 0;
    return *leaves || take_line(room, view, line, problem);
}
