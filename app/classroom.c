#include "app/classroom.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/check_lesson.h"
#include "app/lecture.h"
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
    struct lecture lecture;   /* what was shown to a class */
    uint32_t frames, watched; /* so many events were judged */
    struct round round;
    struct proof proof;
    bool has_round, has_proof;
    int64_t left_t;   /* when it was left for the proof */
    int64_t stops_at; /* what a class is shown is played until then; VTIME_NEVER: nothing is */
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

/* ---- what a class is shown ---- */

static void show_page(struct classroom *room)
{
    const struct lecture_page *page = lecture_page(&room->lecture);
    struct view_course *v = &room->course.view;
    v->is_asked = page->is_asked;
    v->is_revealed = page->is_revealed;
    v->seen_at = page->is_recalled ? 0 : page->is_solved ? page->t : VTIME_NEVER;
}

static void begin_lecture(struct classroom *room)
{
    struct course *c = &room->course;
    struct lecture_page page = lecture_first(course_step(c), c->view.step, c->now);
    lecture_begin(&room->lecture, &page);
    show_page(room);
}

/* A class sees what the step speaks of, or what came last. */
static void settle(struct classroom *room, struct view *view, bool looked_back)
{
    struct lecture_page *page = lecture_page(&room->lecture);
    page->look = lecture_moment(&room->course, live_log(room->live, 0), page);
    if (page->look != PREDICATE_NO_EVENT || (looked_back && !view_is_playing(view)))
        lecture_show(page, view);
}

/* ---- opening ---- */

struct classroom *classroom_open(const char *word, const struct course_options *options,
                                 const struct classroom_ways *ways, struct problem *problem)
{
    struct classroom *room = memory_take(sizeof *room);
    *room = (struct classroom){.ways = *ways, .stops_at = VTIME_NEVER};
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
    begin_lecture(room);
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
    room->stops_at = VTIME_NEVER;
    lecture_cut(&room->lecture);
    lecture_page(&room->lecture)->t = t;
    course_adopt(&room->course, &room->live->runs[0].plan, t);
}

bool classroom_rests(struct classroom *room, struct view *view, bool has_more)
{
    if (!room || room->stops_at == VTIME_NEVER || (has_more && view_t(view) < room->stops_at))
        return false;
    if (view_is_playing(view))
        view_seek(view, room->stops_at);
    room->stops_at = VTIME_NEVER;
    return true;
}

void classroom_watch(struct classroom *room, struct view *view)
{
    if (room->has_proof)
        return;
    (void)classroom_rests(room, view, true);
    int64_t t = view_t(view);
    if (t > room->course.seen)
        room->course.seen = t;
    uint32_t count = log_count_until(live_log(room->live, 0), room->course.seen);
    if (count == room->watched || (view_is_playing(view) && ++room->frames < WATCH_FRAMES))
        return;
    room->frames = 0;
    room->watched = count;
    course_judge(&room->course);
}

/* ---- before a class ---- */

/* To a page that was shown before. */
static bool turn_to(struct classroom *room, struct view *view, struct problem *problem)
{
    struct course *c = &room->course;
    const struct lecture_page *page = lecture_page(&room->lecture);
    const struct lesson_scene *scene = c->view.scene;
    char line[COURSE_ID + 8] = "next"; /* behind the last step, and from it */
    if (page->step < scene->step_count)
        snprintf(line, sizeof line, "goto %.*s",
                 SLICE_ARG(slice_part(scene->steps[page->step].id, 0, COURSE_ID)));
    c->now = page->t;
    if (page->step != c->view.step && !course_line(c, slice_of(line), problem))
        return false;
    lecture_show(page, view);
    show_page(room);
    return true;
}

/* What the step says is done before the class, and seen as it happens. */
static bool perform(struct classroom *room, struct view *view, struct lecture_page *page,
                    struct problem *problem)
{
    int64_t from = room->course.now;
    if (!course_line(&room->course, SLICE("solve"), problem)) {
        page->is_asked = page->is_revealed = true;
        *lecture_page(&room->lecture) = *page; /* on leads on, all the same */
        return false;
    }
    page->t = room->course.now;
    room->ways.show(room->ways.context, view, from);
    view_set_reach(view, page->t); /* waited for, whether anything happens or not */
    view_set_playing(view, page->t > from);
    room->stops_at = page->t;
    return true;
}

static bool next_step(struct classroom *room, struct view *view, struct problem *problem)
{
    struct course *c = &room->course;
    const struct live *live = room->live;
    size_t deeds = live->done;
    int64_t t = c->now;
    if (!course_line(c, SLICE("next"), problem))
        return false;
    bool is_new = room->live != live;
    if (is_new || live->done != deeds)
        room->ways.show(room->ways.context, view, is_new ? c->now : t);
    struct lecture_page page = lecture_first(course_step(c), c->view.step, c->now);
    if (is_new)
        lecture_begin(&room->lecture, &page);
    else
        lecture_add(&room->lecture, &page);
    return true;
}

/* On: the rest of what is being shown, then what comes of the step, its question, the answer, and
   the next step. */
static bool turn_on(struct classroom *room, struct view *view, struct problem *problem)
{
    struct course *c = &room->course;
    const struct lesson_step *step = course_step(c);
    struct lecture_page page = *lecture_page(&room->lecture);
    bool was_solved = page.is_solved, looked_back = page.look != PREDICATE_NO_EVENT, ok = true;
    if (view_is_playing(view) && view_t(view) < c->now) {
        view_seek(view, c->now);
        return true;
    }
    if (lecture_on(&room->lecture))
        return turn_to(room, view, problem);
    if (c->now < page.t)
        c->now = page.t;
    lecture_page(&room->lecture)->t = page.t = c->now; /* with what was done by hand and seen */
    if (!lecture_next(step, &page)) {
        ok = next_step(room, view, problem);
    } else {
        ok = page.is_solved == was_solved || perform(room, view, &page, problem);
        if (ok)
            lecture_add(&room->lecture, &page);
    }
    if (ok) {
        show_page(room);
        settle(room, view, looked_back);
    }
    return ok;
}

static bool turn_back(struct classroom *room, struct view *view, struct problem *problem)
{
    if (lecture_back(&room->lecture))
        return turn_to(room, view, problem);
    if (!course_line(&room->course, SLICE("back"), problem))
        return false;
    begin_lecture(room);
    settle(room, view, true);
    return true;
}

/* Something else was said or done: what was shown behind this page is no longer so. */
static void follow_line(struct classroom *room, size_t step)
{
    if (room->course.view.step != step)
        begin_lecture(room);
    lecture_cut(&room->lecture);
    lecture_page(&room->lecture)->t = room->course.now;
    show_page(room);
}

/* ---- lines ---- */

static bool show_check(struct classroom *room, struct view *view, struct slice id,
                       struct problem *problem)
{
    const struct verdict *v = room->course.view.verdict;
    for (size_t i = 0; i < v->scene->check_count; i++)
        if (slice_equal(v->checks[i].check->id, id)) {
            if (v->checks[i].event == PREDICATE_NO_EVENT)
                return problem_set(problem, "%s", tr("There is no such event yet to look at"));
            view_choose_event(view, v->checks[i].event);
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
    if (!q || !question_is_shown(q))
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
    if (event == PREDICATE_NO_EVENT)
        view_seek(view, log_end(log));
    else
        view_choose_event(view, event);
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
        begin_lecture(room);
        return true;
    }
    if (slice_equal(word, SLICE("show")))
        return show_check(room, view, slice_trim(rest), problem);
    if (c->view.is_lecture && slice_equal(word, SLICE("next")))
        return turn_on(room, view, problem);
    if (c->view.is_lecture && slice_equal(word, SLICE("back")))
        return turn_back(room, view, problem);
    int64_t t = c->now;
    size_t step = c->view.step;
    if (!course_line(c, line, problem))
        return false;
    follow_line(room, step);
    if (c->view.is_lecture && c->view.step != step)
        settle(room, view, false);
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
    room->stops_at = VTIME_NEVER;
    return *leaves || take_line(room, view, line, problem);
}
