#include "app/stage.h"

#include <cjson/cJSON.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/source.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"
#include "topologies/edit.h"

/* ---- the topology ---- */

static bool read_shipped(struct slice name, struct arena *arena, struct slice *text,
                         struct problem *problem)
{
    char word[SOURCE_NAME];
    struct topology topology;
    snprintf(word, sizeof word, "%.*s", SLICE_ARG(slice_part(name, 0, SOURCE_NAME - 1)));
    if (!source_load_topology(&topology, word, NULL, problem))
        return false;
    *text = arena_copy(arena, topology.json);
    topology_finish(&topology);
    return true;
}

static bool patch(const struct lesson_scene *scene, struct arena *arena, struct slice *text,
                  struct problem *problem)
{
    struct edit_document doc;
    if (scene->patch.count == 0)
        return true;
    if (!edit_open(&doc, *text, "topology", problem))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < scene->patch.count; i++) {
        struct slice line = scene->patch.items[i];
        struct problem what = {0};
        ok = edit_apply(&doc, line, &what) ||
             problem_set(problem, "\"%.*s\": %s", SLICE_ARG(slice_part(line, 0, 80)), what.what);
    }
    if (ok)
        *text = arena_copy(arena, edit_text(&doc));
    edit_close(&doc);
    return ok;
}

/* In an exam nobody is shown what can be made to go wrong: it is what is to be found out. */
static struct slice without_palette(struct slice text, struct arena *arena)
{
    cJSON *json = cJSON_ParseWithLength(text.data, text.size);
    if (!json)
        return text; /* its problem is found by who reads it as a topology */
    cJSON_DeleteItemFromObjectCaseSensitive(json, "faults");
    char *printed = cJSON_PrintUnformatted(json);
    check(printed);
    struct slice rest = arena_copy(arena, slice_of(printed));
    cJSON_free(printed);
    cJSON_Delete(json);
    return rest;
}

bool stage_topology(const struct lesson_scene *scene, struct arena *arena, struct slice *text,
                    struct problem *problem)
{
    *text = scene->inline_json;
    if (scene->use.size && !read_shipped(scene->use, arena, text, problem))
        return false;
    if (!patch(scene, arena, text, problem))
        return false;
    if (scene->is_exam)
        *text = without_palette(*text, arena);
    return true;
}

/* ---- a stage ---- */

struct stage_topology {
    const struct lesson_scene *scene;
    struct topology topology;
};

static void drop_topology(struct stage_topology *t)
{
    if (!t)
        return;
    topology_finish(&t->topology);
    free(t);
}

void stage_cache_finish(struct stage_cache *cache)
{
    for (size_t i = 0; i < cache->topologies.count; i++)
        drop_topology(cache->topologies.items[i]);
    vector_finish(&cache->topologies);
    world_memory_finish(&cache->memory);
}

static struct stage_topology *read_topology(const struct lesson_scene *scene,
                                            struct problem *problem)
{
    struct stage_topology *t = memory_take(sizeof *t);
    struct slice text;
    struct arena arena;
    arena_init(&arena);
    bool ok = stage_topology(scene, &arena, &text, problem) &&
              topology_read(&t->topology, text, "topology", problem);
    arena_finish(&arena);
    if (!ok) {
        free(t);
        return NULL;
    }
    t->scene = scene;
    return t;
}

static struct stage_topology *
find_topology(struct stage_cache *cache, const struct lesson_scene *scene, struct problem *problem)
{
    for (size_t i = 0; i < cache->topologies.count; i++)
        if (cache->topologies.items[i]->scene == scene)
            return cache->topologies.items[i];
    struct stage_topology *t = read_topology(scene, problem);
    if (t)
        *vector_add(&cache->topologies) = t;
    return t;
}

bool stage_open(struct stage *s, const struct lesson_scene *scene, uint64_t seed,
                struct stage_cache *cache, struct problem *problem)
{
    struct world_options options = {.seed = seed, .memory = cache ? &cache->memory : NULL};
    *s = (struct stage){.scene = scene, .seed = seed};
    struct stage_topology *t =
        cache ? find_topology(cache, scene, problem) : read_topology(scene, problem);
    if (!t)
        return false;
    s->own = cache ? NULL : t;
    s->topology = &t->topology;
    arena_init(&s->arena);
    s->world = world_create(&t->topology, &options);
    return true;
}

void stage_close(struct stage *s)
{
    world_destroy(s->world);
    drop_topology(s->own);
    arena_finish(&s->arena);
}

const struct log *stage_log(const struct stage *s)
{
    return world_log(s->world);
}

/* ---- lines ---- */

/* What the world only found out at its moment: the event that the input led to. */
static bool was_refused(const struct stage *s, struct problem *problem)
{
    const struct log *log = stage_log(s);
    uint32_t count = log_count(log);
    const struct event_ui *said = count ? event_as_ui(log_at(log, count - 1)) : NULL;
    if (!said || !slice_equal(log_text(log, said->step), SLICE("refused")))
        return false;
    problem_set(problem, "%.*s", SLICE_ARG(log_text(log, said->what)));
    return true;
}

bool stage_act(struct stage *s, int64_t t, struct slice line, struct problem *problem)
{
    s->now = t;
    if (!world_run_some(s->world, t, false, STAGE_TASKS_MAX))
        return problem_set(problem, "this does not come to rest");
    if (!world_do(s->world, t, line, problem))
        return false;
    world_run_some(s->world, t, false, STAGE_TASKS_MAX);
    return !was_refused(s, problem);
}

static bool act(struct stage *s, struct workbook *book, struct workbook_attempt *attempt,
                struct slice line, struct problem *problem)
{
    if (!stage_act(s, s->now, line, problem))
        return false;
    workbook_add(
        book, attempt,
        &(struct workbook_deed){.kind = WORKBOOK_DO, .t = s->now, .step = s->step, .text = line});
    return true;
}

bool stage_read_run(struct slice text, int64_t now, int64_t *t, struct problem *problem)
{
    struct slice word, rest = text;
    slice_cut(&rest, ' ', &word);
    bool is_to = slice_equal(word, SLICE("to"));
    *t = VTIME_NEVER;
    if (text.size == 0)
        return true;
    if (!vtime_parse(slice_trim(is_to ? rest : text), t))
        return problem_set(problem, "\"run %.*s\": expected run, run 30min or run to 3h10min",
                           SLICE_ARG(slice_part(text, 0, 40)));
    if (*t > WORKBOOK_T_MAX - (is_to ? 0 : now))
        return problem_set(problem, "no lesson is longer than 90 days");
    *t += is_to ? 0 : now;
    return *t >= now || problem_set(problem, "it is later than that already");
}

bool stage_run(struct stage *s, int64_t *t, struct problem *problem)
{
    if (!world_run_some(s->world, *t, *t == VTIME_NEVER, STAGE_TASKS_MAX))
        return problem_set(problem, "this does not come to rest");
    s->now = world_now(s->world) > s->now ? world_now(s->world) : s->now;
    *t = s->now;
    return true;
}

static bool run(struct stage *s, struct workbook *book, struct workbook_attempt *attempt,
                struct slice text, struct problem *problem)
{
    int64_t t;
    if (!stage_read_run(text, s->now, &t, problem) || !stage_run(s, &t, problem))
        return false;
    workbook_add(book, attempt,
                 &(struct workbook_deed){.kind = WORKBOOK_RUN, .t = s->now, .step = s->step});
    return true;
}

static bool answer(struct stage *s, struct workbook *book, struct workbook_attempt *attempt,
                   struct slice text, struct problem *problem)
{
    struct question_verdict verdict;
    const struct lesson_step *step = lesson_find_step(s->scene, s->step);
    if (!step || !step->ask)
        return problem_set(problem, "nothing is asked in this step");
    if (!question_judge(step->ask, text, &s->arena, &verdict, problem))
        return false;
    workbook_add(book, attempt,
                 &(struct workbook_deed){
                     .kind = WORKBOOK_ANSWER, .t = s->now, .step = s->step, .text = text});
    return true;
}

bool stage_step(struct stage *s, struct workbook *book, struct workbook_attempt *attempt,
                struct slice id, struct problem *problem)
{
    const struct lesson_step *step = lesson_find_step(s->scene, id);
    if (!step)
        return problem_set(problem, "there is no step \"%.*s\"", SLICE_ARG(slice_part(id, 0, 40)));
    s->step = step->id;
    for (size_t i = 0; i < step->setup.count; i++) {
        s->line = &step->setup.items[i];
        if (!workbook_has(attempt, step->id, *s->line) && !act(s, book, attempt, *s->line, problem))
            return false;
    }
    return true;
}

bool stage_line(struct stage *s, struct workbook *book, struct workbook_attempt *attempt,
                struct slice line, struct problem *problem)
{
    struct slice word, rest = slice_trim(line);
    slice_cut(&rest, ' ', &word);
    rest = slice_trim(rest);
    if (attempt->deeds.count >= WORKBOOK_DEEDS_MAX)
        return problem_set(problem, "an attempt has at most %d deeds", WORKBOOK_DEEDS_MAX);
    if (slice_equal(word, SLICE("run")))
        return run(s, book, attempt, rest, problem);
    if (slice_equal(word, SLICE("answer")))
        return answer(s, book, attempt, rest, problem);
    if (slice_equal(word, SLICE("step")))
        return stage_step(s, book, attempt, rest, problem);
    return act(s, book, attempt, slice_trim(line), problem);
}

/* ---- the lesson's own ways ---- */

static bool begin(struct stage *s, struct workbook *book, struct workbook_attempt *attempt,
                  struct problem *problem)
{
    for (size_t i = 0; i < s->scene->setup.count; i++) {
        s->line = &s->scene->setup.items[i];
        if (!act(s, book, attempt, *s->line, problem))
            return false;
    }
    return true;
}

static bool solve_step(struct stage *s, struct workbook *book, struct workbook_attempt *attempt,
                       const struct lesson_step *step, struct problem *problem)
{
    bool answers = false;
    if (!stage_step(s, book, attempt, step->id, problem))
        return false;
    for (size_t i = 0; i < step->solve.count; i++) {
        s->line = &step->solve.items[i];
        answers |= slice_starts(*s->line, SLICE("answer "));
        if (!stage_line(s, book, attempt, *s->line, problem))
            return false;
    }
    if (!answers && step->ask && step->ask->is_sealed)
        return problem_set(problem, "the question is sealed: this copy has no key to it");
    return answers || !step->ask ||
           answer(s, book, attempt, question_solution(step->ask, &s->arena), problem);
}

/* "step s1: what": problems of lines say where they are. */
static bool in_step(const struct stage *s, struct problem *problem)
{
    struct problem what = *problem;
    return problem_set(problem, "step %.*s: %s", SLICE_ARG(s->step), what.what);
}

bool stage_solve(struct stage *s, struct workbook *book, struct workbook_attempt *attempt,
                 struct slice last, struct problem *problem)
{
    bool ok = begin(s, book, attempt, problem);
    for (size_t i = 0; ok && i < s->scene->step_count; i++) {
        ok = solve_step(s, book, attempt, &s->scene->steps[i], problem) || in_step(s, problem);
        if (last.size && slice_equal(s->scene->steps[i].id, last))
            break;
    }
    return ok;
}

bool stage_way(struct stage *s, struct workbook *book, struct workbook_attempt *attempt,
               const struct lesson_way *way, struct problem *problem)
{
    bool ok = begin(s, book, attempt, problem);
    for (size_t i = 0; ok && i < way->lines.count; i++) {
        s->line = &way->lines.items[i];
        ok = stage_line(s, book, attempt, *s->line, problem) || in_step(s, problem);
    }
    return ok;
}

/* ---- somebody's work ---- */

struct ordered {
    int64_t t;
    size_t index;
};

static int by_time(const void *a, const void *b)
{
    const struct ordered *x = a, *y = b;
    return x->t != y->t ? (x->t < y->t ? -1 : 1) : (x->index > y->index) - (x->index < y->index);
}

size_t stage_replay(struct stage *s, const struct workbook_attempt *attempt, bool is_whole)
{
    size_t count = attempt->deeds.count, left_out = 0;
    struct ordered *order = arena_take(&s->arena, (count + 1) * sizeof *order);
    for (size_t i = 0; i < count; i++)
        order[i] = (struct ordered){attempt->deeds.items[i].t, i};
    qsort(order, count, sizeof *order, by_time);
    for (size_t i = 0; i < count; i++) {
        const struct workbook_deed *deed = &attempt->deeds.items[order[i].index];
        struct problem problem;
        s->now = deed->t;
        if (!world_run_some(s->world, s->now, false, STAGE_TASKS_MAX) ||
            log_count(stage_log(s)) > STAGE_EVENTS_MAX)
            return left_out + count - i;
        if (deed->kind == WORKBOOK_DO && !world_do(s->world, s->now, deed->text, &problem))
            left_out++;
    }
    if (is_whole)
        world_run_some(s->world, VTIME_NEVER, true, STAGE_TASKS_MAX);
    return left_out;
}
