#include "app/live.h"

#include "app/journal.h"
#include "sim/base/check.h"
#include "sim/base/vtime.h"

/* Steps without any event before it is said that nothing more will happen. */
enum { IDLE_STEPS_MAX = 100000 };
/* What was done may have been done after much patience: to do it again more is allowed. */
enum { CATCH_UP_BUDGETS = 16 };

/* Up to t or until it is quiet, while it has not spent more than `pieces`. False: there is more. */
static bool run_some(struct live_run *run, int64_t t, bool until_quiet, uint32_t pieces)
{
    bool is_done = false;
    while (!is_done && run->spent < pieces) {
        is_done = world_run_some(run->world, t, until_quiet, LIVE_PIECE);
        run->spent += !is_done;
    }
    run->is_cut = !is_done;
    return is_done;
}

bool live_open(struct live *live, const char *word, const struct source_options *options, FILE *in,
               struct problem *problem)
{
    *live = (struct live){
        .options = *options, .made = 1, .patience = LIVE_BUDGET, .budget = LIVE_BUDGET};
    live->options.tasks_max = (uint64_t)LIVE_BUDGET * LIVE_PIECE;
    if (!source_open(&live->source, word, &live->options, in, problem))
        return false;
    arena_init(&live->arena);
    live->runs[0] = (struct live_run){.world = live->source.world, .number = 1};
    live->source.world = NULL;
    if (live->runs[0].world && !run_some(&live->runs[0], VTIME_NEVER, true, 1))
        live->runs[0].spent = LIVE_BUDGET;
    return true;
}

static void settle(struct live *live)
{
    for (size_t i = 0; i < live->retired.count; i++)
        world_destroy(live->retired.items[i]);
    vector_clear(&live->retired);
}

void live_close(struct live *live)
{
    settle(live);
    vector_finish(&live->retired);
    for (size_t i = 0; i < LIVE_RUNS; i++) {
        world_destroy(live->runs[i].world);
        vector_finish(&live->runs[i].plan);
    }
    source_close(&live->source);
    vector_finish(&live->steps);
    arena_finish(&live->arena);
}

const struct log *live_log(const struct live *live, uint32_t run)
{
    check(run == 0 || (run < LIVE_RUNS && live->has_fork));
    return live->source.is_trace ? &live->source.trace : world_log(live->runs[run].world);
}

uint64_t live_number(const struct live *live, uint32_t run)
{
    return live->runs[run].number;
}

/* ---- from steps to what each run is to do ---- */

/* Behind all others of the same time or earlier. */
static void plan_add(struct live_plan *plan, const struct live_step *step, struct slice text)
{
    size_t i = plan->count;
    (void)vector_add(plan);
    for (; i > 0 && plan->items[i - 1].t > step->t; i--)
        plan->items[i] = plan->items[i - 1];
    plan->items[i] = (struct live_action){step->t, text, step->tag};
}

static void plan_copy(struct live_plan *to, const struct live_plan *from)
{
    vector_clear(to);
    for (size_t i = 0; i < from->count; i++)
        *vector_add(to) = from->items[i];
}

/* Each line of a step is an action of its own. */
static void plan_add_lines(struct live_plan *plan, const struct live_step *step)
{
    struct slice rest = step->text, line;
    while (slice_cut(&rest, '\n', &line))
        if (slice_trim(line).size)
            plan_add(plan, step, slice_trim(line));
}

struct wanted {
    struct live_plan plans[LIVE_RUNS];
    bool has_fork;
    int64_t fork_t;
};

/* The run becomes the only one. */
static void want_only(struct wanted *w, uint32_t run)
{
    if (run == 1)
        plan_copy(&w->plans[0], &w->plans[1]);
    vector_clear(&w->plans[1]);
    w->has_fork = false;
}

/* Who forks while there is a fork goes on from the run that is forked. */
static void want_fork(struct wanted *w, const struct live_step *step)
{
    want_only(w, step->run);
    plan_copy(&w->plans[1], &w->plans[0]);
    plan_add_lines(&w->plans[1], step);
    w->has_fork = true;
    w->fork_t = step->t;
}

static void want(struct wanted *w, const struct live *live)
{
    *w = (struct wanted){0};
    for (size_t i = 0; i < live->done; i++) {
        const struct live_step *step = &live->steps.items[i];
        switch (step->kind) {
        case LIVE_DO:
            plan_add_lines(&w->plans[step->run], step);
            break;
        case LIVE_FORK:
            want_fork(w, step);
            break;
        case LIVE_KEEP:
            want_only(w, step->run);
            break;
        }
    }
}

/* ---- worlds ---- */

static bool is_same(const struct live_action *a, const struct live_action *b)
{
    return a->t == b->t && a->text.data == b->text.data;
}

/* How a world that is there can become what is wanted: by one action more at its end, or as it is.
 */
enum fit { FIT_NOT, FIT_BY_ONE, FIT_AS_IT_IS };

static enum fit fit(const struct live_run *run, const struct live_plan *plan)
{
    if (!run->world || run->plan.count > plan->count)
        return FIT_NOT;
    for (size_t i = 0; i < run->plan.count; i++)
        if (!is_same(&run->plan.items[i], &plan->items[i]))
            return FIT_NOT;
    if (run->plan.count == plan->count)
        return FIT_AS_IT_IS;
    return run->plan.count + 1 == plan->count &&
                   plan->items[run->plan.count].t >= world_now(run->world)
               ? FIT_BY_ONE
               : FIT_NOT;
}

/* What is refused then is what was just asked for. */
static bool is_of_last_step(const struct live *live, const struct live_action *action)
{
    struct slice text = live->done ? live->steps.items[live->done - 1].text : SLICE("");
    return action->text.data >= text.data && action->text.data < text.data + text.size;
}

/* Carries out what the run has not done yet. Each line is read when its moment has come: it may be
   about something that an earlier one has made. */
static bool catch_up(const struct live *live, struct live_run *run, const struct live_plan *plan,
                     struct problem *problem)
{
    while (run->plan.count < plan->count) {
        const struct live_action *action = &plan->items[run->plan.count];
        struct problem why = {0};
        if (!run_some(run, action->t, false, CATCH_UP_BUDGETS * live->budget))
            return problem_set(problem, "Too much would happen before \"%.*s\" is done",
                               SLICE_ARG(slice_part(action->text, 0, 80)));
        if (!world_do(run->world, action->t, action->text, &why))
            return is_of_last_step(live, action)
                       ? problem_set(problem, "%s", why.what)
                       : problem_set(problem, "\"%.*s\" could not be done any more: %s",
                                     SLICE_ARG(slice_part(action->text, 0, 80)), why.what);
        *vector_add(&run->plan) = *action;
    }
    return true;
}

static void run_ahead(struct live_run *run, int64_t reach, uint32_t budget)
{
    if (reach <= world_now(run->world) || run_some(run, reach, false, budget))
        run_some(run, VTIME_NEVER, true, budget);
}

static void drop_run(struct live_run *run)
{
    world_destroy(run->world);
    vector_finish(&run->plan);
    *run = (struct live_run){0};
}

static bool make(struct live *live, struct live_run *run, const struct live_plan *plan,
                 struct problem *problem)
{
    *run = (struct live_run){.world = source_make_world(&live->source, &live->options)};
    if (!catch_up(live, run, plan, problem)) {
        drop_run(run);
        return false;
    }
    run->number = ++live->made;
    return true;
}

struct change {
    struct wanted wanted;
    struct live_run runs[LIVE_RUNS]; /* those that will be there */
    int from[LIVE_RUNS];             /* the run that is now at work for it; -1: it was made */
};

/* Takes runs that are there for what is wanted and fit at least so well, at most so many. */
static void take_over(const struct live *live, struct change *c, enum fit least, int most)
{
    for (int i = 0; i < 1 + c->wanted.has_fork; i++)
        for (int j = 0; j < LIVE_RUNS && c->from[i] < 0 && most > 0; j++)
            if (c->from[1 - i] != j && fit(&live->runs[j], &c->wanted.plans[i]) >= least) {
                c->from[i] = j;
                most--;
            }
}

/* What can fail in a run that is at work comes last, so that nothing has happened when it does. */
static bool build(struct live *live, struct change *c, struct problem *problem)
{
    bool ok = true;
    int count = 1 + c->wanted.has_fork;
    for (int i = 0; ok && i < count; i++)
        ok = c->from[i] >= 0 || make(live, &c->runs[i], &c->wanted.plans[i], problem);
    for (int i = 0; ok && i < count; i++)
        ok =
            c->from[i] < 0 || catch_up(live, &live->runs[c->from[i]], &c->wanted.plans[i], problem);
    for (int i = 0; !ok && i < LIVE_RUNS; i++)
        drop_run(&c->runs[i]);
    return ok;
}

static void put_in_place(struct live *live, struct change *c)
{
    for (int i = 0; i < LIVE_RUNS; i++)
        if (c->from[i] >= 0) {
            c->runs[i] = live->runs[c->from[i]];
            live->runs[c->from[i]] = (struct live_run){0};
        }
    for (int i = 0; i < LIVE_RUNS; i++) {
        if (live->runs[i].world)
            *vector_add(&live->retired) = live->runs[i].world;
        live->runs[i].world = NULL;
        drop_run(&live->runs[i]);
        live->runs[i] = c->runs[i];
        if (live->runs[i].world)
            run_ahead(&live->runs[i], live->reach, live->budget);
    }
    /* Who has just forked works in the fork, until that is said otherwise. */
    if (live->has_fork != c->wanted.has_fork)
        live->chosen = c->wanted.has_fork;
    live->has_fork = c->wanted.has_fork;
    live->fork_t = c->wanted.fork_t;
}

/* Makes what runs into what the steps say. False: it is as it was. */
static bool carry_out(struct live *live, struct problem *problem)
{
    struct change c = {.from = {-1, -1}};
    want(&c.wanted, live);
    for (int i = 0; i < LIVE_RUNS; i++)
        if (live->runs[i].world && world_now(live->runs[i].world) > live->reach)
            live->reach = world_now(live->runs[i].world);
    take_over(live, &c, FIT_AS_IT_IS, LIVE_RUNS);
    take_over(live, &c, FIT_BY_ONE, 1);
    bool ok = build(live, &c, problem);
    if (ok)
        put_in_place(live, &c);
    for (int i = 0; i < LIVE_RUNS; i++)
        vector_finish(&c.wanted.plans[i]);
    return ok;
}

/* ---- steps ---- */

static bool can_change(const struct live *live, struct problem *problem)
{
    if (live->source.is_mail)
        return problem_set(problem, "This is the header of a message: it has happened");
    return !live->source.is_trace ||
           problem_set(problem, "This is a saved trace: it can be watched, not changed");
}

/* What the world said when the line's moment came and could not be done after all: the event that
   the input led to. NULL: it was done. */
static const struct event_ui *refusal(const struct live *live, uint32_t run, int64_t t,
                                      struct slice text)
{
    const struct log *log = live_log(live, run);
    for (uint32_t id = log_count_until(log, t); id-- > 1 && log_at(log, id)->t == t;) {
        const struct event_ui *said = event_as_ui(log_at(log, id));
        const struct event_input *input = event_as_input(log_at(log, id - 1));
        if (said && input && log_at(log, id)->cause == id - 1 &&
            slice_equal(log_text(log, input->text), text))
            return slice_equal(log_text(log, said->step), SLICE("refused")) ? said : NULL;
    }
    return NULL;
}

/* True also when a world only found at its moment that the line can't be done. */
static bool is_refused(const struct live *live, const struct live_step *step,
                       struct problem *problem)
{
    uint32_t run = step->kind == LIVE_FORK ? 1 : step->run;
    const struct event_ui *said = NULL;
    struct slice rest = step->text, line;
    while (step->kind != LIVE_KEEP && !said && slice_cut(&rest, '\n', &line))
        said = refusal(live, run, step->t, slice_trim(line));
    if (said)
        problem_set(problem, "%.*s", SLICE_ARG(log_text(live_log(live, run), said->what)));
    return said != NULL;
}

/* A new step takes the place of those that could have been redone, once it has succeeded. */
static bool take_step(struct live *live, struct live_step step, struct problem *problem)
{
    if (!can_change(live, problem))
        return false;
    settle(live);
    struct live_step before = {0};
    bool is_last = live->done == live->steps.count;
    if (is_last)
        (void)vector_add(&live->steps);
    else
        before = live->steps.items[live->done];
    step.text = arena_copy(&live->arena, step.text);
    step.tag = arena_copy(&live->arena, live->tag);
    live->steps.items[live->done++] = step;
    bool is_made = carry_out(live, problem);
    if (is_made && !is_refused(live, &step, problem)) {
        live->steps.count = live->done;
        live->returned = 0;
        journal_step(live->journal, &step);
        return true;
    }
    live->done--;
    if (is_last)
        live->steps.count--;
    else
        live->steps.items[live->done] = before;
    struct problem again;
    check(!is_made || carry_out(live, &again)); /* it could be made before */
    return false;
}

bool live_do(struct live *live, int64_t t, struct slice line, struct problem *problem)
{
    return take_step(
        live, (struct live_step){.run = live->chosen, .t = t > 0 ? t : 0, .text = line}, problem);
}

bool live_fork(struct live *live, int64_t t, struct slice line, struct problem *problem)
{
    struct live_step step = {
        .kind = LIVE_FORK, .run = live->chosen, .t = t > 0 ? t : 0, .text = slice_trim(line)};
    if (!take_step(live, step, problem))
        return false;
    live->chosen = 1; /* also when there was a fork before, and the first run was chosen */
    return true;
}

static bool needs_fork(const struct live *live, struct problem *problem)
{
    return live->has_fork || problem_set(problem, "There is only one run: fork it first");
}

bool live_keep(struct live *live, uint32_t run, struct problem *problem)
{
    struct live_step step = {.kind = LIVE_KEEP, .run = run, .t = live->fork_t, .text = SLICE("")};
    return needs_fork(live, problem) && take_step(live, step, problem);
}

bool live_choose(struct live *live, uint32_t run, struct problem *problem)
{
    if (!needs_fork(live, problem))
        return false;
    live->chosen = run;
    return true;
}

bool live_undo(struct live *live, struct live_step *step, struct problem *problem)
{
    if (live->done == 0)
        return problem_set(problem, "There is nothing to undo");
    settle(live);
    live->done--;
    if (!carry_out(live, problem)) {
        live->done++;
        return false;
    }
    *step = live->steps.items[live->done];
    journal_undo(live->journal);
    return true;
}

bool live_redo(struct live *live, struct live_step *step, struct problem *problem)
{
    size_t before = live->done;
    if (before == live->steps.count)
        return problem_set(problem, "There is nothing to redo");
    settle(live);
    live->done = live->returned > before ? live->returned : before + 1;
    if (!carry_out(live, problem)) {
        live->done = before;
        return false;
    }
    *step = live->steps.items[live->done - 1];
    for (size_t i = before; live->returned && i < live->done; i++)
        journal_step(live->journal, &live->steps.items[i]);
    if (!live->returned)
        journal_redo(live->journal);
    live->returned = 0;
    return true;
}

/* ---- more of it ---- */

void live_offer(struct live *live, const struct live_step *steps, size_t count)
{
    vector_clear(&live->steps);
    for (size_t i = 0; i < count; i++) {
        struct live_step *step = vector_add(&live->steps);
        *step = steps[i];
        step->text = arena_copy(&live->arena, step->text);
        step->tag = arena_copy(&live->arena, step->tag);
    }
    live->done = 0;
    live->returned = count;
}

void live_reach(struct live *live, int64_t t)
{
    live->reach = t > live->reach ? t : live->reach;
    for (int i = 0; i < LIVE_RUNS; i++)
        if (live->runs[i].world)
            run_ahead(&live->runs[i], live->reach, live->budget);
}

bool live_is_cut(const struct live *live, uint32_t run)
{
    return live->runs[run].is_cut;
}

bool live_run_on(struct live *live, struct problem *problem)
{
    if (live->source.is_trace)
        return problem_set(problem, "The trace ends here");
    struct live_run *run = &live->runs[live->chosen];
    struct world *world = run->world;
    if (run->is_cut)
        live->budget = run->spent + live->patience;
    uint32_t before = log_count(world_log(world));
    for (int i = 0; i < IDLE_STEPS_MAX && log_count(world_log(world)) == before; i++)
        if (!world_step(world))
            break;
    run_some(run, VTIME_NEVER, true, live->budget);
    if (live->has_fork)
        run_ahead(&live->runs[1 - live->chosen], world_now(world), live->budget);
    if (log_count(world_log(world)) > before)
        return true;
    return problem_set(problem, "Nothing more is going to happen");
}
