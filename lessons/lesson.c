#include "lessons/lesson.h"

#include <string.h>

#include "lessons/lesson_part.h"
#include "lessons/style.h"
#include "sim/base/memory.h"
#include "sim/base/random.h"
#include "sim/json/json_file.h"

const char *const lesson_step_kind_names[LESSON_STEP_KINDS] = {
    [LESSON_PREDICT] = "PREDICT", [LESSON_SEND] = "SEND",     [LESSON_RUN] = "RUN",
    [LESSON_FAULT] = "FAULT",     [LESSON_CONFIG] = "CONFIG", [LESSON_READ] = "READ",
    [LESSON_TYPE] = "TYPE",       [LESSON_CLICK] = "CLICK",   [LESSON_ACT] = "ACT",
};

/* ---- compiling ---- */

static size_t count_variables(const struct lesson_scene *scene)
{
    size_t count = 0;
    for (size_t i = 0; i < scene->step_count; i++)
        count += scene->steps[i].bind.count;
    return count;
}

static cJSON *read_topology(const struct log *log)
{
    cJSON *topology = NULL;
    for (uint32_t id = 0; id < log_count(log) && !topology; id++) {
        const struct event_topology *e = event_as_topology(log_at(log, id));
        struct slice text = e ? log_text(log, e->json) : SLICE("");
        topology = e ? cJSON_ParseWithLength(text.data, text.size) : NULL;
    }
    return topology;
}

/* Its faults, its steps, and what comes behind a step: verdict.c makes phases of these. */
static struct predicate_names find_phases(struct arena *arena, const struct log *log,
                                          const struct predicate_names *steps)
{
    const cJSON *fault;
    cJSON *topology = read_topology(log);
    const cJSON *faults = cJSON_GetObjectItemCaseSensitive(topology, "faults");
    size_t count = 0, room = (size_t)cJSON_GetArraySize(faults) + 2 * steps->count + 1;
    struct slice *names = arena_take(arena, room * sizeof *names);
    cJSON_ArrayForEach(fault, faults)
    {
        const cJSON *id = cJSON_GetObjectItemCaseSensitive(fault, "id");
        if (cJSON_IsString(id))
            names[count++] = arena_copy(arena, slice_of(id->valuestring));
    }
    for (size_t i = 0; i < steps->count; i++) {
        names[count++] = steps->items[i];
        names[count++] = arena_printf(arena, "after-%.*s", SLICE_ARG(steps->items[i]));
    }
    cJSON_Delete(topology);
    return (struct predicate_names){names, count, true};
}

void lesson_scope(const struct lesson_scene *scene, const struct log *log, struct arena *arena,
                  struct predicate_scope *scope)
{
    size_t step_count = 0, asking_count = 0, variable_count = 0;
    struct slice *steps = arena_take(arena, (scene->step_count + 1) * sizeof *steps);
    struct slice *asking = arena_take(arena, (scene->step_count + 1) * sizeof *asking);
    struct slice *variables = arena_take(arena, (count_variables(scene) + 1) * sizeof *variables);
    for (size_t i = 0; i < scene->step_count; i++) {
        const struct lesson_step *step = &scene->steps[i];
        steps[step_count++] = step->id;
        if (step->ask)
            asking[asking_count++] = step->id;
        for (size_t k = 0; k < step->bind.count; k++)
            variables[variable_count++] = step->bind.items[k];
    }
    *scope = (struct predicate_scope){.log = log,
                                      .steps = {steps, step_count, true},
                                      .asking = {asking, asking_count, true},
                                      .variables = {variables, variable_count, true}};
    if (log)
        scope->phases = find_phases(arena, log, &scope->steps);
}

static bool compile(struct lesson *l, const cJSON *node, struct slice text,
                    const struct predicate_scope *scope, struct predicate **p)
{
    struct problem problem = {0};
    struct predicate *compiled = predicate_compile(text, scope, &problem);
    if (!compiled)
        return json_reader_reject_in(&l->reader, node, (size_t)problem.column - 1, "%s",
                                     problem.what);
    if (p)
        *p = compiled;
    else
        predicate_destroy(compiled);
    return true;
}

const cJSON *lesson_moment_node(const struct lesson_step *step, size_t moment)
{
    const cJSON *at = cJSON_GetObjectItemCaseSensitive(step->node, "at");
    return cJSON_IsArray(at) ? cJSON_GetArrayItem(at, (int)moment) : at;
}

static bool compile_step(struct lesson *l, struct lesson_step *step, bool has_log,
                         const struct predicate_scope *scope)
{
    bool ok =
        step->unlock.size == 0 || compile(l, cJSON_GetObjectItemCaseSensitive(step->node, "unlock"),
                                          step->unlock, scope, has_log ? NULL : &step->unlocked);
    for (size_t i = 0; ok && i < step->at.count; i++)
        ok = compile(l, lesson_moment_node(step, i), step->at.items[i], scope,
                     has_log ? NULL : &step->moments[i]);
    return ok;
}

bool lesson_compile(struct lesson *l, struct lesson_scene *scene, const struct log *log,
                    const struct predicate_names *settings)
{
    struct arena arena;
    struct predicate_scope scope;
    bool ok = true;
    arena_init(&arena);
    lesson_scope(scene, log, &arena, &scope);
    if (settings)
        scope.settings = *settings;
    for (size_t i = 0; ok && i < scene->step_count; i++)
        ok = compile_step(l, &scene->steps[i], log != NULL, &scope);
    for (size_t i = 0; ok && i < scene->check_count; i++) {
        struct lesson_check *check = &scene->checks[i];
        ok = compile(l, cJSON_GetObjectItemCaseSensitive(check->node, "expr"), check->text, &scope,
                     log ? NULL : &check->predicate);
    }
    arena_finish(&arena);
    return ok;
}

/* Whom or what a step is about. */
static bool is_known(const struct predicate_scope *scope, struct slice name)
{
    const struct log *log = scope->log;
    size_t colon = slice_find_octet(name, ':', 0);
    for (size_t i = 0; i < scope->phases.count; i++)
        if (slice_equal(scope->phases.items[i], name))
            return true;
    if (colon == SLICE_NONE)
        return log_find_place(log, name) != 0;
    return log_find_place(log, slice_part(name, 0, colon)) &&
           log_find_place(log, slice_part(name, colon + 1, name.size));
}

static bool check_allow(struct lesson *l, const struct lesson_step *step,
                        const struct predicate_scope *scope)
{
    const cJSON *list = cJSON_GetObjectItemCaseSensitive(step->node, "allow");
    for (size_t i = 0; i < step->allow.count; i++)
        if (!is_known(scope, step->allow.items[i]))
            return json_reader_reject(
                &l->reader, cJSON_IsString(list) ? list : cJSON_GetArrayItem(list, (int)i),
                (struct json_hint){.expected = "the id of a host, an agent, a fault or a link"},
                "unknown name %s", json_reader_quote(&l->reader, step->allow.items[i]));
    return true;
}

static bool check_look(struct lesson *l, const struct lesson_step *step,
                       const struct predicate_scope *scope)
{
    return step->look_host.size == 0 || log_find_place(scope->log, step->look_host) ||
           json_reader_reject(&l->reader, cJSON_GetObjectItemCaseSensitive(step->node, "look"),
                              (struct json_hint){.expected = "the id of a host or an agent"},
                              "unknown name %s", json_reader_quote(&l->reader, step->look_host));
}

bool lesson_check_names(struct lesson *l, const struct lesson_scene *scene, const struct log *log,
                        const struct predicate_names *settings, struct problem *problem)
{
    struct arena arena;
    struct predicate_scope scope;
    l->reader.problem = problem;
    arena_init(&arena);
    lesson_scope(scene, log, &arena, &scope);
    bool ok = lesson_compile(l, &l->scenes[scene - l->scenes], log, settings);
    for (size_t i = 0; ok && i < scene->step_count; i++)
        ok = check_allow(l, &scene->steps[i], &scope) && check_look(l, &scene->steps[i], &scope);
    arena_finish(&arena);
    return ok;
}

bool lesson_check_style(struct lesson *l, struct problem *problem)
{
    l->reader.problem = problem;
    return style_check(&l->reader, l->reader.root);
}

/* ---- life ---- */

bool lesson_read(struct lesson *l, struct slice json, const char *name, struct problem *problem)
{
    *l = (struct lesson){0};
    if (json.size > LESSON_FILE_MAX) {
        problem_at(problem, name, 0, 0);
        return problem_set(problem, "too large, expected a lesson of at most %d octets",
                           LESSON_FILE_MAX);
    }
    arena_init(&l->arena);
    json = arena_copy(&l->arena, json);
    name = arena_copy(&l->arena, slice_of(name)).data;
    bool is_json = json_reader_init(&l->reader, json, name, &l->arena, problem);
    bool is_good = is_json && lesson_read_file(l);
    if (!is_good)
        lesson_finish(l);
    return is_good;
}

bool lesson_load(struct lesson *l, const char *path, struct problem *problem)
{
    struct bytes text;
    if (!json_file_read(path, LESSON_FILE_MAX, &text, problem))
        return false;
    bool is_good = lesson_read(l, bytes_slice(&text), path, problem);
    const char *slash = strrchr(path, '/');
    struct slice folder = {path, slash ? (size_t)(slash - path) : 0};
    for (size_t i = 0; is_good && i < l->scene_count; i++)
        l->scenes[i].folder = slash ? arena_copy(&l->arena, folder) : SLICE(".");
    bytes_finish(&text);
    return is_good;
}

void lesson_finish(struct lesson *l)
{
    for (size_t i = 0; i < l->scene_count; i++) {
        struct lesson_scene *scene = &l->scenes[i];
        for (size_t k = 0; k < scene->step_count; k++) {
            predicate_destroy(scene->steps[k].unlocked);
            for (size_t m = 0; m < scene->steps[k].at.count; m++)
                predicate_destroy(scene->steps[k].moments[m]);
        }
        for (size_t k = 0; k < scene->check_count; k++)
            predicate_destroy(scene->checks[k].predicate);
    }
    json_reader_finish(&l->reader);
    arena_finish(&l->arena);
    *l = (struct lesson){0};
}

/* ---- looking things up ---- */

const struct lesson_step *lesson_find_step(const struct lesson_scene *scene, struct slice id)
{
    for (size_t i = 0; i < scene->step_count; i++)
        if (slice_equal(scene->steps[i].id, id))
            return &scene->steps[i];
    return NULL;
}

size_t lesson_block_end(const struct lesson_scene *scene, size_t step)
{
    bool has_deed = false;
    for (step++; step < scene->step_count; step++) {
        if (scene->steps[step].kind == LESSON_PREDICT && has_deed)
            break;
        has_deed |= scene->steps[step].kind != LESSON_PREDICT;
    }
    return step;
}

size_t lesson_seen_by(const struct lesson_scene *scene, size_t step)
{
    size_t end = lesson_block_end(scene, step), found = end;
    const struct lesson_step *said = lesson_find_step(scene, scene->steps[step].seen);
    if (said && scene->steps[step].seen.size > 0)
        return (size_t)(said - scene->steps);
    for (size_t i = step + 1; i < end; i++) {
        enum lesson_step_kind kind = scene->steps[i].kind;
        bool is_doing = kind == LESSON_SEND || kind == LESSON_TYPE || kind == LESSON_ACT;
        if (kind == LESSON_RUN)
            return i;
        if (is_doing && found == end)
            found = i;
    }
    return found < end ? found : end - 1;
}

size_t lesson_scenes(const struct lesson *l, uint64_t seed,
                     const struct lesson_scene *drawn[LESSON_SCENES_MAX])
{
    struct random chance;
    for (size_t i = 0; i < l->scene_count; i++)
        drawn[i] = &l->scenes[i];
    if (l->draw == 0)
        return l->scene_count;
    random_init(&chance, seed, SLICE("draw"));
    for (size_t i = 0; i < l->draw; i++) {
        size_t other = i + (size_t)random_below(&chance, l->scene_count - i);
        const struct lesson_scene *chosen = drawn[other];
        drawn[other] = drawn[i];
        drawn[i] = chosen;
    }
    return l->draw;
}
