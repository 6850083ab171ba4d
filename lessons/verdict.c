#include "lessons/verdict.h"

#include "sim/base/check.h"

/* ---- one attempt ---- */

struct judging {
    struct verdict *verdict;
    const struct lesson_scene *scene;
    const struct workbook_attempt *attempt;
    const struct log *log;
    struct facts facts;
    struct arena arena; /* of this judging */
    uint32_t *inputs;   /* by deed: the event of the input that it became; 0 none */
    uint32_t *roots;    /* by event: the input that it goes back to; 0 none */
    uint32_t *first_of; /* by event of an input: the first message that goes back to it; 0 none */
    bool *is_notice;    /* by message, from 1: a notice about another one */
};

void verdict_init(struct verdict *v, const struct lesson_scene *scene)
{
    *v = (struct verdict){.scene = scene};
    arena_init(&v->arena);
    arena_init(&v->rows);
    v->checks = arena_take(&v->rows, (scene->check_count + 1) * sizeof *v->checks);
    v->steps = arena_take(&v->rows, (scene->step_count + 1) * sizeof *v->steps);
    for (size_t i = 0; i < scene->check_count; i++) {
        v->checks[i] = (struct verdict_check){
            .check = &scene->checks[i], .says = scene->checks[i].fail, .event = PREDICATE_NO_EVENT};
        v->points_max += scene->checks[i].points;
    }
    for (size_t i = 0; i < scene->step_count; i++)
        v->steps[i] = (struct verdict_step){.step = &scene->steps[i]};
}

void verdict_finish(struct verdict *v)
{
    vector_finish(&v->variables);
    vector_finish(&v->phases);
    arena_finish(&v->rows);
    arena_finish(&v->arena);
}

uint32_t verdict_percent(const struct verdict *v)
{
    return v->points_max ? v->points * 100 / v->points_max : 0;
}

uint32_t verdict_points_kept(const struct verdict *v)
{
    uint32_t points = 0;
    for (size_t i = 0; i < v->scene->check_count; i++)
        points += v->checks[i].is_kept ? v->checks[i].check->points : 0;
    return points;
}

/* ---- which message a step is about ---- */

/* Deeds become inputs in order of time, and in their own order where times are equal. */
static void find_inputs(struct judging *j)
{
    const struct workbook_attempt *a = j->attempt;
    for (uint32_t id = 1; id < j->facts.count; id++) {
        const struct event *e = log_at(j->log, id);
        const struct event_input *input = event_as_input(e);
        for (size_t i = 0; input && i < a->deeds.count; i++) {
            const struct workbook_deed *deed = &a->deeds.items[i];
            if (j->inputs[i] == 0 && deed->kind == WORKBOOK_DO && deed->t == e->t &&
                slice_equal(log_text(j->log, input->text), deed->text)) {
                j->inputs[i] = id;
                break;
            }
        }
    }
}

static bool is_empty_path(struct slice path)
{
    return path.size == 0 || slice_equal(path, SLICE("<>"));
}

/* A message belongs to the input that its beginning goes back to. */
static void find_messages(struct judging *j)
{
    for (uint32_t id = 1; id < j->facts.count; id++) {
        const struct event *e = log_at(j->log, id);
        const struct event_message *message = event_as_message(e);
        const struct event_dsn *dsn = event_as_dsn(e);
        j->roots[id] = event_as_input(e) ? id : j->roots[e->cause];
        if (dsn && dsn->msg <= j->log->msgs.count)
            j->is_notice[dsn->msg] = true;
        if (message && j->roots[id] && !j->first_of[j->roots[id]] &&
            !is_empty_path(log_text(j->log, message->from)))
            j->first_of[j->roots[id]] = message->msg;
    }
}

static bool belongs(const struct judging *j, uint32_t root, struct slice step)
{
    for (size_t i = 0; root && i < j->attempt->deeds.count; i++)
        if (j->inputs[i] == root)
            return slice_equal(j->attempt->deeds.items[i].step, step);
    return false;
}

static void bind(struct judging *j, struct slice name, uint32_t msg)
{
    *vector_add(&j->verdict->variables) = (struct verdict_variable){name, msg};
}

/* One variable: the last deed that brought a message into being counts, so that a step that went
   wrong can be done again. */
static void bind_last(struct judging *j, const struct lesson_step *step)
{
    uint32_t msg = 0;
    for (size_t i = 0; i < j->attempt->deeds.count; i++)
        if (j->inputs[i] && j->first_of[j->inputs[i]] &&
            slice_equal(j->attempt->deeds.items[i].step, step->id))
            msg = j->first_of[j->inputs[i]];
    bind(j, step->bind.items[0], msg);
}

static void bind_each(struct judging *j, const struct lesson_step *step)
{
    size_t bound = 0;
    for (size_t i = 0; i < j->log->msgs.count && bound < step->bind.count; i++) {
        uint32_t id = j->log->msgs.items[i], msg = (uint32_t)i + 1;
        if (id < j->facts.count && !j->is_notice[msg] && belongs(j, j->roots[id], step->id))
            bind(j, step->bind.items[bound++], msg);
    }
    while (bound < step->bind.count)
        bind(j, step->bind.items[bound++], 0);
}

static void bind_variables(struct judging *j)
{
    find_inputs(j);
    find_messages(j);
    vector_clear(&j->verdict->variables);
    for (size_t i = 0; i < j->scene->step_count; i++) {
        const struct lesson_step *step = &j->scene->steps[i];
        if (step->bind.count == 1)
            bind_last(j, step);
        else if (step->bind.count > 1)
            bind_each(j, step);
    }
}

/* ---- steps ---- */

static size_t step_index(const struct lesson_scene *scene, struct slice id)
{
    size_t i = 0;
    while (i < scene->step_count && !slice_equal(scene->steps[i].id, id))
        i++;
    return i;
}

static bool is_better(const struct question_verdict *a, const struct question_verdict *b)
{
    return a->is_right > b->is_right || (a->is_right == b->is_right && a->score > b->score);
}

/* Of several answers the best counts; in an exam the first. */
static void take_answer(struct judging *j, struct verdict_step *s, struct slice answer)
{
    struct question_verdict judged;
    struct problem problem;
    if (!s->step->ask ||
        !question_judge(s->step->ask, answer, &j->verdict->arena, &judged, &problem))
        return;
    bool is_first = s->answer.size == 0;
    if (is_first || !j->scene->is_exam)
        s->answer = arena_copy(&j->verdict->arena, answer);
    if (is_first || (!j->scene->is_exam && is_better(&judged, &s->answered)))
        s->answered = judged;
    s->is_correct = s->answered.is_right;
}

/* A prediction counts when nothing of a later step had been done. */
static void judge_steps(struct judging *j)
{
    size_t reached = 0;
    for (size_t i = 0; i < j->scene->step_count; i++)
        j->verdict->steps[i] = (struct verdict_step){.step = &j->scene->steps[i]};
    for (size_t i = 0; i < j->attempt->deeds.count; i++) {
        const struct workbook_deed *deed = &j->attempt->deeds.items[i];
        size_t at = step_index(j->scene, deed->step);
        if (at == j->scene->step_count)
            continue;
        struct verdict_step *s = &j->verdict->steps[at];
        s->is_done = true;
        s->deeds++;
        if (deed->kind == WORKBOOK_ANSWER)
            take_answer(j, s, deed->text);
        if (deed->kind == WORKBOOK_ANSWER && s->answer.size > 0 && at >= reached)
            s->is_predicted = true;
        if (deed->kind == WORKBOOK_DO && at > reached)
            reached = at;
    }
}

static struct verdict_step *find_step(struct verdict *v, struct slice id)
{
    size_t i = step_index(v->scene, id);
    return i < v->scene->step_count ? &v->steps[i] : NULL;
}

/* ---- what checks ask of the learner ---- */

static uint32_t learner_message(void *context, struct slice variable)
{
    const struct verdict *v = context;
    for (size_t i = 0; i < v->variables.count; i++)
        if (slice_equal(v->variables.items[i].name, variable))
            return v->variables.items[i].msg;
    return 0;
}

static bool learner_did(void *context, struct slice step)
{
    const struct verdict_step *s = find_step(context, step);
    return s && s->is_done;
}

static bool learner_predicted(void *context, struct slice step)
{
    const struct verdict_step *s = find_step(context, step);
    return s && s->is_predicted;
}

static bool learner_correct(void *context, struct slice step)
{
    struct verdict *v = context;
    const struct verdict_step *s = find_step(v, step);
    return s && (s->is_correct || (v->trusts_kept && s->answered.is_kept));
}

static bool learner_answer(void *context, struct slice step, struct slice *text)
{
    struct verdict *v = context;
    const struct verdict_step *s = find_step(v, step);
    if (!s || s->answer.size == 0 || !s->step->ask)
        return false;
    *text = question_answer_text(s->step->ask, s->answer, &v->arena);
    return true;
}

static bool learner_number(void *context, struct slice step, int64_t *number)
{
    const struct verdict_step *s = find_step(context, step);
    return s && s->answer.size > 0 && s->step->ask &&
           question_number(s->step->ask, s->answer, number);
}

/* ---- phases ---- */

static void add_phase(struct judging *j, struct slice name, uint32_t from, uint32_t to)
{
    *vector_add(&j->verdict->phases) =
        (struct fact_phase){arena_copy(&j->verdict->arena, name), from, to};
    facts_add_phase(&j->facts, name, from, to);
}

/* STEP: from its first input up to the first of a later step; after-STEP: all behind its last. */
static void add_phases(struct judging *j)
{
    for (size_t i = 0; i < j->scene->step_count; i++) {
        struct slice id = j->scene->steps[i].id;
        uint32_t first = 0, last = 0, next = j->facts.count;
        for (size_t k = 0; k < j->attempt->deeds.count; k++) {
            uint32_t input = j->inputs[k];
            size_t at = step_index(j->scene, j->attempt->deeds.items[k].step);
            if (input && at == i) {
                first = first && first < input ? first : input;
                last = last > input ? last : input;
            }
        }
        for (size_t k = 0; first && k < j->attempt->deeds.count; k++) {
            uint32_t input = j->inputs[k];
            if (input > first && input < next &&
                step_index(j->scene, j->attempt->deeds.items[k].step) > i)
                next = input;
        }
        if (!first)
            continue;
        add_phase(j, id, first, next);
        add_phase(j, arena_printf(&j->arena, "after-%.*s", SLICE_ARG(id)), last, j->facts.count);
    }
}

/* ---- checks ---- */

/* Does it hold if the answers that only the teacher can judge are right? */
static bool holds_on_trust(struct judging *j, const struct predicate *p,
                           const struct predicate_learner *learner)
{
    struct predicate_reason reason;
    j->verdict->trusts_kept = true;
    bool holds = predicate_holds(p, &j->facts, learner, &j->arena, &reason);
    j->verdict->trusts_kept = false;
    return holds;
}

static void judge_check(struct judging *j, const struct predicate_learner *learner,
                        struct verdict_check *c)
{
    struct verdict *v = j->verdict;
    const struct predicate *p = c->check->predicate;
    struct predicate_reason reason = {.event = PREDICATE_NO_EVENT};
    bool holds = predicate_holds(p, &j->facts, learner, &v->arena, &reason);
    if (holds && !c->has_passed) {
        v->points += c->check->points;
        c->has_passed = true;
    }
    c->is_kept = !c->has_passed && (c->is_kept || holds_on_trust(j, p, learner));
    bool is_open = !c->has_passed && !c->is_kept;
    c->says = c->has_passed ? c->check->pass
              : c->is_kept  ? SLICE("Kept for your teacher.")
                            : c->check->fail;
    c->reason = is_open ? reason.text : SLICE("");
    c->event = is_open ? reason.event : PREDICATE_NO_EVENT;
}

static void judge_checks(struct judging *j, const struct predicate_learner *learner)
{
    for (size_t i = 0; i < j->scene->check_count; i++)
        judge_check(j, learner, &j->verdict->checks[i]);
}

/* Nobody is locked out for want of a key. */
static void judge_unlocks(struct judging *j, const struct predicate_learner *learner)
{
    for (size_t i = 0; i < j->scene->step_count; i++) {
        const struct predicate *unlocked = j->scene->steps[i].unlocked;
        j->verdict->steps[i].is_unlocked = !unlocked || holds_on_trust(j, unlocked, learner);
    }
}

static uint32_t *take_numbers(struct arena *arena, size_t count)
{
    uint32_t *numbers = arena_take(arena, (count + 1) * sizeof *numbers);
    memset(numbers, 0, (count + 1) * sizeof *numbers);
    return numbers;
}

static struct predicate_learner learner_of(struct verdict *v)
{
    return (struct predicate_learner){
        .message = learner_message,
        .did = learner_did,
        .predicted = learner_predicted,
        .correct = learner_correct,
        .answer = learner_answer,
        .number = learner_number,
        .context = v,
    };
}

void verdict_judge(struct verdict *v, const struct workbook_attempt *attempt, const struct log *log,
                   uint32_t count)
{
    struct judging j = {.verdict = v, .scene = v->scene, .attempt = attempt, .log = log};
    check(count <= log_count(log));
    arena_init(&j.arena);
    arena_reset(&v->arena);
    vector_clear(&v->phases);
    facts_init(&j.facts, log, count);
    j.inputs = take_numbers(&j.arena, attempt->deeds.count);
    j.roots = take_numbers(&j.arena, count);
    j.first_of = take_numbers(&j.arena, count);
    j.is_notice = arena_take(&j.arena, log->msgs.count + 1);
    memset(j.is_notice, 0, log->msgs.count + 1);
    bind_variables(&j);
    judge_steps(&j);
    add_phases(&j);
    const struct predicate_learner learner = learner_of(v);
    judge_checks(&j, &learner);
    judge_unlocks(&j, &learner);
    facts_finish(&j.facts);
    arena_finish(&j.arena);
}

bool verdict_look(struct verdict *v, const struct predicate *predicate, const struct log *log,
                  uint32_t count, uint32_t *event, struct slice *why)
{
    struct facts facts;
    struct predicate_reason reason = {.text = SLICE("")};
    const struct predicate_learner learner = learner_of(v);
    facts_init(&facts, log, count);
    for (size_t i = 0; i < v->phases.count; i++)
        facts_add_phase(&facts, v->phases.items[i].name, v->phases.items[i].from,
                        v->phases.items[i].to);
    bool holds = predicate_holds(predicate, &facts, &learner, &v->arena, &reason);
    *event = holds ? predicate_event(predicate, &facts, &learner, &v->arena) : reason.event;
    if (why)
        *why = reason.text;
    facts_finish(&facts);
    return holds;
}
