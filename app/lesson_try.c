/* Does a lesson do what it says? Its solution, its other ways, its mistakes and nothing at all. */
#include <string.h>

#include "app/lesson.h"
#include "app/stage.h"
#include "sim/base/vtime.h"
#include "agents/roles/registry.h"
#include "topologies/format.h"

struct trying {
    struct lesson *lesson;
    const struct lesson_scene *scene;
    uint64_t seed;
    FILE *out;
    struct problem *problem;
    struct stage_cache cache;
};

/* At the node's place in the file. */
static bool reject(struct trying *t, const cJSON *node, const char *what, struct slice detail)
{
    t->lesson->reader.problem = t->problem;
    return json_reader_reject(&t->lesson->reader, node, (struct json_hint){0}, "%s%s%.*s", what,
                              detail.size ? ": " : "", SLICE_ARG(slice_part(detail, 0, 300)));
}

/* The node of the lesson's own line that the stage came to; `otherwise` when it is none. A step
   that does things by itself does them also where a way comes to it. */
static const cJSON *node_among(const struct slice *line, const struct lesson_texts *texts,
                               const cJSON *object, const char *key)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(object, key);
    size_t i = 0;
    while (i < texts->count && &texts->items[i] != line)
        i++;
    if (i == texts->count)
        return NULL;
    return cJSON_IsString(list) ? list : cJSON_GetArrayItem(list, (int)i);
}

static const cJSON *node_of_line(const struct stage *stage, const struct lesson_way *way,
                                 const cJSON *otherwise)
{
    const struct lesson_scene *scene = stage->scene;
    const cJSON *node = node_among(stage->line, &scene->setup, scene->node, "setup");
    if (!node && way)
        node = node_among(stage->line, &way->lines, way->node, "lines");
    for (size_t i = 0; !node && i < scene->step_count; i++) {
        const struct lesson_step *step = &scene->steps[i];
        node = node_among(stage->line, &step->setup, step->node, "do");
        if (!node)
            node = node_among(stage->line, &step->solve, step->node, "solve");
    }
    return node ? node : otherwise;
}

/* An inline topology is read once more as it stands: its lines and columns are the file's. */
static bool reject_topology(struct trying *t, const struct problem *why)
{
    const cJSON *node = cJSON_GetObjectItemCaseSensitive(t->scene->node, "topology");
    struct slice text = t->scene->inline_json;
    struct topology topology;
    if (text.size > 0 && !topology_read(&topology, text, t->lesson->reader.name, t->problem))
        return false;
    if (text.size > 0)
        topology_finish(&topology);
    return reject(t, node, "the topology can't be made", slice_of(why->what));
}

static const struct verdict_check *first_failed(const struct verdict *v)
{
    for (size_t i = 0; i < v->scene->check_count; i++)
        if (!v->checks[i].has_passed)
            return &v->checks[i];
    return NULL;
}

static bool holds(const struct lesson_texts *texts, struct slice text)
{
    for (size_t i = 0; i < texts->count; i++)
        if (slice_equal(texts->items[i], text))
            return true;
    return false;
}

/* "C0702 (what is missing)" */
static struct slice describe(struct verdict *v, const struct verdict_check *c)
{
    return arena_printf(&v->arena, "%.*s (%.*s)", SLICE_ARG(c->check->id), SLICE_ARG(c->reason));
}

static bool find_moment(struct trying *t, struct verdict *v, const struct log *log,
                        const struct lesson_step *step, size_t i)
{
    uint32_t event = PREDICATE_NO_EVENT;
    struct slice why;
    bool is_there = verdict_look(v, step->moments[i], log, log_count(log), &event, &why);
    return (is_there && event != PREDICATE_NO_EVENT) ||
           reject(t, lesson_moment_node(step, i), "the lesson's own solution has no such moment",
                  is_there ? SLICE("no event is named") : why);
}

/* The moments that steps speak of are to be found in the run. */
static bool find_moments(struct trying *t, struct verdict *v, const struct log *log)
{
    for (size_t i = 0; i < t->scene->step_count; i++) {
        const struct lesson_step *step = &t->scene->steps[i];
        for (size_t k = 0; k < step->at.count; k++)
            if (!find_moment(t, v, log, step, k))
                return false;
    }
    return true;
}

static bool judge_solution(struct trying *t, struct verdict *v)
{
    const struct verdict_check *failed = first_failed(v);
    return !failed || reject(t, failed->check->node, "the lesson's own solution does not pass this",
                             describe(v, failed));
}

static bool is_said(struct verdict *v, const struct lesson_way *way)
{
    if (way->says.size == 0)
        return true;
    for (size_t i = 0; i < v->scene->check_count; i++)
        if (!v->checks[i].has_passed &&
            (slice_find(v->checks[i].says, way->says, 0) != SLICE_NONE ||
             slice_find(v->checks[i].reason, way->says, 0) != SLICE_NONE))
            return true;
    for (size_t i = 0; i < v->scene->step_count; i++)
        for (size_t k = 0; k < v->steps[i].answered.feedback_count; k++)
            if (slice_find(v->steps[i].answered.feedback[k], way->says, 0) != SLICE_NONE)
                return true;
    return false;
}

static bool judge_way(struct trying *t, struct verdict *v, const struct lesson_way *way)
{
    for (size_t i = 0; i < v->scene->check_count; i++) {
        const struct verdict_check *c = &v->checks[i];
        bool should_fail = holds(&way->fails, c->check->id);
        if (!c->has_passed && !should_fail)
            return reject(t, way->node, "this way does not pass", describe(v, c));
        if (c->has_passed && should_fail)
            return reject(t, way->node, "this way passes what it should fail", c->check->id);
    }
    return is_said(v, way) ||
           reject(t, way->node, "nobody tells the learner on this way", way->says);
}

/* A way, the solution (way NULL), or nothing at all. */
enum attempt { ATTEMPT_SOLUTION, ATTEMPT_WAY, ATTEMPT_EMPTY };

static bool play(struct trying *t, struct stage *stage, struct workbook *book, enum attempt kind,
                 const struct lesson_way *way)
{
    struct workbook_attempt *attempt = workbook_begin(book, t->scene->id);
    struct problem why;
    if (kind == ATTEMPT_SOLUTION && !stage_solve(stage, book, attempt, SLICE(""), &why))
        return reject(t, node_of_line(stage, NULL, t->scene->node),
                      "the lesson's own solution can't be done", slice_of(why.what));
    if (kind == ATTEMPT_WAY && !stage_way(stage, book, attempt, way, &why))
        return reject(t, node_of_line(stage, way, way->node), "this way can't be done",
                      slice_of(why.what));
    world_run_some(stage->world, VTIME_NEVER, true, STAGE_TASKS_MAX);
    return true;
}

static void report(struct trying *t, const struct verdict *v, enum attempt kind,
                   const struct lesson_way *way)
{
    if (!t->out)
        return;
    fprintf(t->out, "%.*s: %.*s: %u of %u points\n", SLICE_ARG(t->scene->id),
            SLICE_ARG(kind == ATTEMPT_SOLUTION ? SLICE("its own solution")
                      : kind == ATTEMPT_EMPTY  ? SLICE("nothing done")
                                               : way->title),
            v->points, v->points_max);
    for (size_t i = 0; i < v->scene->check_count && kind != ATTEMPT_EMPTY; i++) {
        const struct verdict_check *c = &v->checks[i];
        fprintf(t->out, "  %s %.*s %.*s\n", c->has_passed ? "passed" : "FAILED",
                SLICE_ARG(c->check->id), SLICE_ARG(c->has_passed ? SLICE("") : c->says));
        if (!c->has_passed)
            fprintf(t->out, "         %.*s\n", SLICE_ARG(c->reason));
    }
}

static bool judge(struct trying *t, struct verdict *v, enum attempt kind,
                  const struct lesson_way *way)
{
    switch (kind) {
    case ATTEMPT_SOLUTION:
        return judge_solution(t, v);
    case ATTEMPT_WAY:
        return judge_way(t, v, way);
    case ATTEMPT_EMPTY:
        return v->points == 0 ||
               reject(t, t->scene->node, "who does nothing gets points", SLICE(""));
    }
    return false;
}

/* What a check may ask of an agent, a host or a link. */
static struct predicate_names find_settings(struct arena *arena)
{
    static const struct shape *const shapes[] = {&format_host, &format_agent, &format_link};
    size_t count = 0, room = 0;
    for (size_t i = 0; i < registry_role_count; i++)
        room += registry_roles[i]->key_count;
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        room += shapes[i]->key_count;
    struct slice *names = arena_take(arena, room * sizeof *names);
    for (size_t i = 0; i < registry_role_count; i++)
        for (size_t k = 0; k < registry_roles[i]->key_count; k++)
            names[count++] = slice_of(registry_roles[i]->keys[k].name);
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (size_t k = 0; k < shapes[i]->key_count; k++)
            names[count++] = slice_of(shapes[i]->keys[k].name);
    return (struct predicate_names){names, count, true};
}

static bool check_names(struct trying *t, struct stage *stage)
{
    const struct predicate_names settings = find_settings(&stage->arena);
    return lesson_check_names(t->lesson, t->scene, stage_log(stage), &settings, t->problem);
}

static bool try_once(struct trying *t, enum attempt kind, const struct lesson_way *way)
{
    struct stage stage;
    struct workbook book;
    struct verdict v;
    struct problem why = {0};
    if (!stage_open(&stage, t->scene, t->seed, &t->cache, &why))
        return reject_topology(t, &why);
    workbook_init(&book);
    verdict_init(&v, t->scene);
    bool ok = play(t, &stage, &book, kind, way);
    if (ok && kind == ATTEMPT_SOLUTION)
        ok = check_names(t, &stage);
    if (ok || t->out) {
        verdict_judge(&v, &book.attempts.items[0], stage_log(&stage), log_count(stage_log(&stage)));
        report(t, &v, kind, way);
        ok = ok && judge(t, &v, kind, way);
        if (ok && kind == ATTEMPT_SOLUTION)
            ok = find_moments(t, &v, stage_log(&stage));
    }
    verdict_finish(&v);
    workbook_finish(&book);
    stage_close(&stage);
    return ok;
}

/* A student's copy has nothing but the empty attempt. */
static bool try_scene(struct trying *t)
{
    if (t->lesson->is_sealed)
        return try_once(t, ATTEMPT_EMPTY, NULL);
    if (!try_once(t, ATTEMPT_SOLUTION, NULL) || !try_once(t, ATTEMPT_EMPTY, NULL))
        return false;
    for (size_t i = 0; i < t->scene->way_count; i++)
        if (!try_once(t, ATTEMPT_WAY, &t->scene->ways[i]))
            return false;
    return true;
}

bool lesson_try(struct lesson *lesson, uint64_t seed, FILE *out, struct problem *problem)
{
    struct trying t = {.lesson = lesson, .seed = seed, .out = out, .problem = problem};
    if (!lesson_check_style(lesson, problem))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < lesson->scene_count; i++) {
        t.scene = &lesson->scenes[i];
        ok = try_scene(&t);
    }
    stage_cache_finish(&t.cache);
    return ok;
}
