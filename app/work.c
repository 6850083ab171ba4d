#include "app/work.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "agents/mail/trail.h"
#include "app/beside.h"
#include "app/classroom.h"
#include "app/course_file.h"
#include "app/folder.h"
#include "app/journal.h"
#include "app/picker.h"
#include "app/recent.h"
#include "app/save_topology.h"
#include "render/view/tr.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "topologies/edit.h"

/* ---- opening ---- */

static void begin_journal(struct work *work, bool takes_up)
{
    struct journal_source source = {.seed = work->live->options.seed};
    const struct campaign_profile *faults = work->live->options.faults;
    if (!work->keeps || work->live->source.is_trace ||
        !folder_real(work->live->source.path, source.path))
        return;
    snprintf(source.faults, sizeof source.faults, "%s", faults ? faults->name : "");
    work->live->journal = journal_create(&source);
    if (work->live->journal && takes_up)
        journal_return(work->live->journal, work->live);
}

void work_keep(struct work *work)
{
    work->keeps = true;
    begin_journal(work, false);
}

/* A scene of the lesson begins: its world takes the place of the one that is shown. */
static void take_live(void *context, struct live *live)
{
    struct work *work = context;
    struct live *before = work->live;
    struct forms *forms = work->forms;
    beside_drop(work);
    work->live = live;
    work->forms = forms_create(&live->source.topology);
    work->shown[0] = live_number(live, 0);
    if (work->view && before) {
        view_set_other(work->view, NULL, 0);
        view_set_log(work->view, live_log(live, 0));
        view_set_forms(work->view, forms_data(work->forms));
        work->shown[1] = 0;
    }
    forms_destroy(forms);
    if (before) {
        live_close(before);
        free(before);
    }
}

static void show(struct work *work, struct view *view, int64_t t);

static void show_lesson(void *context, struct view *view, int64_t t)
{
    show(context, view, t);
}

static struct classroom_ways ways_of(struct work *work)
{
    return (struct classroom_ways){take_live, show_lesson, work};
}

/* The work on a lesson is kept where nobody has to say, unless it is a script's or for a class. */
static bool find_place(const char *word, char kept[SOURCE_PATH])
{
    char path[SOURCE_PATH];
    struct problem problem;
    if (!course_find(word, path, &problem))
        return false;
    const char *slash = strrchr(path, '/');
    struct slice id = slice_of(slash ? slash + 1 : path);
    return course_file_default(slice_part(id, 0, slice_find_octet(id, '.', 0)), kept, SOURCE_PATH);
}

bool work_open_lesson(struct work *work, const char *word, const struct course_options *options,
                      bool keeps, struct problem *problem)
{
    char kept[SOURCE_PATH];
    struct course_options course = *options;
    *work = (struct work){.keeps = keeps};
    struct classroom_ways ways = ways_of(work);
    if (!course.work_path && !course.is_lecture && keeps && find_place(word, kept))
        course.work_path = kept;
    bytes_init(&work->said, VIEW_REQUEST_MAX);
    work->room = classroom_open(word, &course, &ways, problem);
    if (work->room)
        return true;
    if (work->live) {
        live_close(work->live);
        free(work->live);
    }
    forms_destroy(work->forms);
    bytes_finish(&work->said);
    return false;
}

bool work_open(struct work *work, const char *word, const struct source_options *options, FILE *in,
               bool keeps, struct problem *problem)
{
    if (!options->faults && course_is_lesson(word))
        return work_open_lesson(work, word, &(struct course_options){.seed = options->seed}, keeps,
                                problem);
    *work = (struct work){.keeps = keeps, .live = memory_take(sizeof *work->live)};
    if (!live_open(work->live, word, options, in, problem)) {
        free(work->live);
        return false;
    }
    bytes_init(&work->said, VIEW_REQUEST_MAX);
    work->shown[0] = live_number(work->live, 0);
    if (keeps && !options->text.size)
        recent_add(work->live->source.path);
    begin_journal(work, true);
    const struct source *source = &work->live->source;
    work->forms = forms_create(source->is_trace ? NULL : &source->topology);
    return true;
}

void work_close(struct work *work)
{
    classroom_close(work->room);
    beside_close(work);
    if (work->live->journal && save_topology_is_due(work->live))
        journal_leave(work->live->journal); /* the picker has it under what is unfinished */
    else
        journal_destroy(work->live->journal);
    live_close(work->live);
    free(work->live);
    bytes_finish(&work->said);
    forms_destroy(work->forms);
}

static struct slice say(struct work *work, const char *format, ...)
    __attribute__((format(printf, 2, 3)));
static struct slice say(struct work *work, const char *format, ...)
{
    char text[1024];
    va_list args;
    va_start(args, format);
    vsnprintf(text, sizeof text, format, args);
    va_end(args);
    bytes_clear(&work->said);
    check(bytes_append(&work->said, slice_of(text)));
    return bytes_slice(&work->said);
}

/* Why the run ends although something is still on its way; "" when it does not. */
static struct slice restless(const struct work *work)
{
    if (!live_is_cut(work->live, work->live->chosen))
        return SLICE("");
    return slice_of(
        tr("This does not come to rest: its beginning was run. Go on at the end for more"));
}

static struct slice greeting(struct work *work)
{
    unsigned long steps = (unsigned long)work->live->returned;
    if (steps == 0)
        return restless(work);
    return say(work,
               trn("There is unfinished work on this: redo (Ctrl + Y) brings back its %lu step",
                   "There is unfinished work on this: redo (Ctrl + Y) brings back its %lu steps",
                   steps),
               steps);
}

void work_greet(struct work *work, struct view *view)
{
    char lost[PROBLEM_LINE];
    struct slice text = work->live->source.lost.what[0]
                            ? slice_of(problem_line(&work->live->source.lost, lost))
                            : greeting(work);
    if (text.size > 0)
        view_notify(view, text);
    if (work->room)
        view_seek(view, classroom_t(work->room));
}

/* ---- showing what came of it ---- */

/* The fork is shown beside the first run, as long as there is one; a trace that was beside it goes.
 */
static void show_other(struct work *work, struct view *view)
{
    uint64_t number = work->live->has_fork ? live_number(work->live, 1) : 0;
    if (work->beside && !number) {
        beside_show(work, view, false);
        return;
    }
    if (number != work->shown[1])
        view_set_other(view, number ? live_log(work->live, 1) : NULL, work->live->fork_t);
    beside_close(work);
    work->shown[1] = number;
    view_choose_run(view, work->live->chosen);
}

/* The log as it is now; `t` is the moment up to which it is what it was. */
static void show(struct work *work, struct view *view, int64_t t)
{
    uint64_t number = live_number(work->live, 0);
    if (number != work->shown[0]) {
        view_follow_log(view, live_log(work->live, 0), t);
        work->shown[1] = 0; /* the other run has gone with the log before */
    } else {
        view_seek(view, t);
    }
    work->shown[0] = number;
    show_other(work, view);
}

/* What was written just now is what the person wants to see. */
static void choose_new(const struct work *work, struct view *view, int64_t t)
{
    const struct log *log = live_log(work->live, 0);
    for (uint32_t msg = (uint32_t)log->msgs.count; msg > 0; msg--)
        if (log_at(log, log->msgs.items[msg - 1])->t == t) {
            view_choose_message(view, msg);
            return;
        }
}

/* ---- what is asked for ---- */

static bool do_line(struct work *work, struct view *view, const struct view_request *request,
                    struct problem *problem)
{
    struct slice line = slice_trim(slice_of(request->text));
    bool was_playing = view_is_playing(view) && !view_plays_a_while(view);
    if (!live_do(work->live, request->t, line, problem))
        return false;
    show(work, view, request->t);
    if (work->room && !was_playing && !edit_is_line(line))
        view_play_a_while(view); /* the learner reads what the step says of it */
    else
        view_set_playing(view, was_playing || !edit_is_line(line));
    if (slice_starts(line, SLICE("send ")) && work->live->chosen == 0)
        choose_new(work, view, request->t);
    return true;
}

static bool fork_run(struct work *work, struct view *view, const struct view_request *request,
                     struct slice *said, struct problem *problem)
{
    if (!live_fork(work->live, request->t, slice_of(request->text), problem))
        return false;
    show(work, view, request->t);
    *said = slice_of(tr("A second run from here on: what you do now happens there"));
    return true;
}

static bool keep_run(struct work *work, struct view *view, uint32_t run, struct problem *problem)
{
    int64_t t = view_t(view), fork_t = work->live->fork_t;
    if (!live_keep(work->live, run, problem))
        return false;
    show(work, view, run == 1 ? fork_t : t);
    if (run == 1)
        view_seek(view, t);
    return true;
}

static struct slice describe(struct work *work, const struct view *view, const char *what,
                             const struct live_step *step)
{
    struct arena arena;
    arena_init(&arena);
    struct slice words = step->kind == LIVE_FORK   ? slice_of(tr("the second run"))
                         : step->kind == LIVE_KEEP ? slice_of(tr("keeping one of two runs"))
                                                   : view_deed(view, &arena, step->text);
    struct slice said = say(work, "%s: %.*s", what, SLICE_ARG(words));
    arena_finish(&arena);
    return said;
}

/* An edit is looked at from where the person is; other steps where they were made. */
static bool undo_or_redo(struct work *work, struct view *view, bool is_redo, struct slice *said,
                         struct problem *problem)
{
    struct live_step step;
    int64_t t = view_t(view);
    if (is_redo ? !live_redo(work->live, &step, problem) : !live_undo(work->live, &step, problem))
        return false;
    show(work, view, step.t);
    if (step.kind != LIVE_DO || edit_is_line(step.text))
        view_seek(view, t);
    *said = describe(work, view, is_redo ? tr("Done again") : tr("Undone"), &step);
    return true;
}

/* The world has nothing more to do: playing ends with it. */
static bool run_on(struct work *work, struct view *view, struct problem *problem)
{
    if (classroom_rests(work->room, view, false) || live_run_on(work->live, problem))
        return true;
    view_set_playing(view, false);
    return false;
}

/* What was opened is a lesson, or not. */
static void begin_lesson(struct work *work, struct view *view)
{
    struct classroom_ways ways = ways_of(work);
    work->view = view;
    view_set_course(view, work->room ? classroom_view(work->room) : NULL);
    if (work->room) {
        classroom_move(work->room, &ways);
        view_seek(view, classroom_t(work->room));
    }
}

bool work_open_other(struct work *work, struct view *view, const char *word, struct slice text,
                     struct problem *problem)
{
    struct work other;
    bool is_return = strncmp(word, PICKER_WORK, strlen(PICKER_WORK)) == 0;
    const struct source_options options = {.seed = work->live->options.seed, .text = text};
    if (!work_open(&other, is_return ? word + strlen(PICKER_WORK) : word, &options, NULL,
                   work->keeps, problem))
        return false;
    view_set_course(view, NULL);
    if (work->shown[1])
        view_set_other(view, NULL, 0);
    view_set_log(view, live_log(other.live, 0));
    view_set_forms(view, forms_data(other.forms));
    journal_leave(work->live->journal); /* who opened the wrong one finds the work again */
    work->live->journal = NULL;
    work_close(work);
    *work = other;
    begin_lesson(work, view);
    view_show_hint(view);
    struct live_step step;
    if (is_return && work->live->returned && live_redo(work->live, &step, problem))
        show(work, view, step.t);
    return true;
}

static bool open_word(struct work *work, struct view *view, const char *word, struct slice *said,
                      struct problem *problem)
{
    if (word[0] == '\0') {
        picker_show(view, work->keeps);
        return true;
    }
    if (!work_open_other(work, view, word, SLICE(""), problem))
        return false;
    *said = greeting(work);
    return true;
}

static bool save(struct work *work, const char *path, struct slice *said, struct problem *problem)
{
    struct problem left_out;
    if (!save_topology(work->live, path, &left_out, problem))
        return false;
    if (work->keeps)
        recent_add(work->live->saved);
    *said = left_out.what[0]
                ? say(work, tr("Saved %s; left out: %s"), work->live->saved, left_out.what)
                : say(work, "%s %s", tr("Saved"), work->live->saved);
    return true;
}

static const struct log *log_of(void *context)
{
    const struct work *work = context;
    return live_log(work->live, 0);
}

static const struct view_forms *forms_of(void *context)
{
    const struct work *work = context;
    return forms_data(work->forms);
}

/* The lesson is closed; its network stays open. */
static void leave_lesson(struct work *work, struct view *view)
{
    view_set_course(view, NULL);
    classroom_close(work->room);
    work->room = NULL;
}

static bool course_words(struct work *work, struct view *view, const struct view_request *request,
                         struct slice *said, struct problem *problem)
{
    bool leaves = false;
    if (!work->room)
        return problem_set(problem, "%s", tr("Open a lesson first"));
    bool ok = classroom_line(work->room, view, slice_trim(slice_of(request->text)), said, &leaves,
                             problem);
    if (leaves)
        leave_lesson(work, view);
    return ok;
}

static bool ask(struct work *work, struct view *view, const struct view_request *request,
                struct slice *said, struct problem *problem)
{
    enum view_request_kind kind = request->kind;
    if (kind == VIEW_REQUEST_COURSE)
        return course_words(work, view, request, said, problem);
    if (kind == VIEW_REQUEST_DO)
        return do_line(work, view, request, problem);
    if (kind == VIEW_REQUEST_FORK)
        return fork_run(work, view, request, said, problem);
    if (beside_is_meant(work, request))
        return beside_open(work, request->text, problem);
    if (work->beside && kind == VIEW_REQUEST_CHOOSE)
        return true; /* only the view has to know */
    if (work->beside && (kind == VIEW_REQUEST_KEEP || kind == VIEW_REQUEST_DROP))
        return beside_end(work, view, kind == VIEW_REQUEST_KEEP, problem);
    if (kind == VIEW_REQUEST_KEEP || kind == VIEW_REQUEST_DROP)
        return keep_run(work, view, kind == VIEW_REQUEST_KEEP, problem);
    if (kind == VIEW_REQUEST_CHOOSE)
        return live_choose(work->live, request->text[0] == '1', problem);
    if (kind == VIEW_REQUEST_UNDO || kind == VIEW_REQUEST_REDO)
        return undo_or_redo(work, view, kind == VIEW_REQUEST_REDO, said, problem);
    if (kind == VIEW_REQUEST_MORE)
        return run_on(work, view, problem);
    if (kind == VIEW_REQUEST_OPEN || kind == VIEW_REQUEST_BRING)
        return open_word(work, view, request->text, said, problem);
    return save(work, request->text, said, problem);
}

static bool carry_out(void *context, struct view *view, const struct view_request *request,
                      struct slice *said, struct problem *problem)
{
    struct work *work = context;
    size_t done = work->live->done;
    bool had_fork = work->live->has_fork, was_cut = live_is_cut(work->live, work->live->chosen);
    bool is_deed = request->kind <= VIEW_REQUEST_REDO; /* in the world that is shown */
    if (work->room && classroom_shows_proof(work->room) && request->kind <= VIEW_REQUEST_MORE)
        return problem_set(problem, "%s",
                           tr("This run shows an answer: go back to the question first"));
    if (work->room)
        classroom_tag(work->room);
    if (ask(work, view, request, said, problem)) {
        bool has_changed = work->live->done != done || work->live->has_fork != had_fork;
        if (work->room && is_deed && has_changed)
            classroom_follow(work->room, view_t(view));
        if (said->size == 0 && (!was_cut || request->kind == VIEW_REQUEST_MORE))
            *said = restless(work);
        return true;
    }
    /* What turned out to be impossible may have been tried: what runs is then the same anew. */
    if (live_number(work->live, 0) != work->shown[0] ||
        (work->live->has_fork && live_number(work->live, 1) != work->shown[1])) {
        bool was_playing = view_is_playing(view);
        show(work, view, view_t(view));
        view_set_playing(view, was_playing);
    }
    return false;
}

/* A message's header that was pasted is opened like one that lies in a file. */
static bool take_text(void *context, struct view *view, struct slice text, struct problem *problem)
{
    if (!trail_is_header(text))
        return problem_set(problem, "%s",
                           tr("What is on the clipboard is not the header of a message"));
    return work_open_other(context, view, tr("pasted"), text, problem);
}

/* The view is only known once there is a screen. */
static void before_frame(void *context, struct view *view)
{
    struct work *work = context;
    if (work->view != view) {
        begin_lesson(work, view);
        if (work->beside)
            beside_show(work, view, true);
    }
    if (work->room)
        classroom_watch(work->room, view);
}

struct screen_ways work_ways(struct work *work)
{
    return (struct screen_ways){.log = log_of,
                                .take_text = take_text,
                                .forms = forms_of,
                                .carry_out = carry_out,
                                .before_frame = before_frame,
                                .context = work};
}
