/* From the tree of a lesson file to the lesson: every object through its rows, and then whether its
   parts fit each other. */
#include "lessons/lesson_part.h"

#include "sim/json/json_scan.h"

/* Each text of a list, or the text that stands alone in its place. */
static bool read_texts(struct lesson *l, const struct shape_values *v, const char *name,
                       struct lesson_texts *texts)
{
    static const struct shape_key row = {"text", SHAPE_TEXT, .min = 1, .max = LESSON_LINE_MAX,
                                         .expected = "a line of text"};
    const struct shape_value *list = shape_get(v, name);
    struct shape_value value;
    const cJSON *item;
    if (!list->node)
        return true;
    bool is_alone = cJSON_IsString(list->node);
    texts->items =
        arena_take(&l->arena, ((size_t)cJSON_GetArraySize(list->node) + 1) * sizeof *texts->items);
    for (item = is_alone ? list->node : list->node->child; item;
         item = is_alone ? NULL : item->next) {
        if (!shape_read_value(&l->reader, item, &row, &value))
            return false;
        texts->items[texts->count++] = value.text;
    }
    return true;
}

/* The n-th of a list of texts that has been read. */
static const cJSON *text_node(const struct shape_values *v, const char *name, size_t n)
{
    const cJSON *list = shape_get(v, name)->node;
    return cJSON_IsString(list) ? list : cJSON_GetArrayItem(list, (int)n);
}

static bool reject_twice(struct lesson *l, const cJSON *node, const char *what, struct slice word)
{
    return json_reader_reject(&l->reader, node, (struct json_hint){.expected = "one of its own"},
                              "%s %s twice", what, json_reader_quote(&l->reader, word));
}

/* ---- steps ---- */

/* What a check can call $NAME. */
static bool is_variable(struct slice name)
{
    for (size_t i = 0; i < name.size; i++) {
        char c = slice_lower(name.data[i]);
        bool is_letter = (c >= 'a' && c <= 'z') || c == '_';
        if (!is_letter && (i == 0 || !((c >= '0' && c <= '9') || c == '-')))
            return false;
    }
    return name.size > 0;
}

static bool has_variable(const struct lesson_scene *scene, size_t steps, struct slice name)
{
    for (size_t i = 0; i < steps; i++)
        for (size_t k = 0; k < scene->steps[i].bind.count; k++)
            if (slice_equal(scene->steps[i].bind.items[k], name))
                return true;
    return false;
}

static bool read_bind(struct lesson *l, const struct shape_values *v,
                      const struct lesson_scene *scene, struct lesson_step *step)
{
    if (!read_texts(l, v, "bind", &step->bind))
        return false;
    for (size_t i = 0; i < step->bind.count; i++) {
        struct slice name = step->bind.items[i];
        const cJSON *node = text_node(v, "bind", i);
        bool is_again = has_variable(scene, (size_t)(step - scene->steps), name);
        for (size_t k = 0; k < i; k++)
            is_again |= slice_equal(step->bind.items[k], name);
        if (is_again)
            return reject_twice(l, node, "variable", name);
        if (!is_variable(name))
            return json_reader_reject(&l->reader, node,
                                      (struct json_hint){.expected = "a name such as M2"},
                                      "bad name %s", json_reader_quote(&l->reader, name));
    }
    return true;
}

static bool read_ask(struct lesson *l, const struct shape_values *v, struct lesson_step *step)
{
    const cJSON *predict = shape_get(v, "predict")->node, *ask = shape_get(v, "ask")->node;
    struct json_hint hint = {.expected = "one of predict and ask"};
    if (predict && ask)
        return json_reader_reject(&l->reader, ask, hint, "two questions in one step");
    if (!predict && !ask && step->kind == LESSON_PREDICT)
        return json_reader_reject(&l->reader, v->node,
                                  (struct json_hint){.expected = "a question in \"predict\""},
                                  "nothing to predict");
    if (!predict && !ask)
        return true;
    step->ask = arena_take(&l->arena, sizeof *step->ask);
    return question_read(&l->reader, predict ? predict : ask, QUESTION_IN_STEP, &l->arena,
                         step->ask);
}

const char *const lesson_looks[] = {"dialogue", "states",  "bytes",   "dns",  "header",
                                    "layers",   "parts",   "changes", "host", "events",
                                    "ladder",   "console", "mail",    NULL};

/* Panels of a run as a whole can't be somebody's. */
static bool has_owner(struct slice panel)
{
    return slice_equal(panel, SLICE("host")) || slice_equal(panel, SLICE("console")) ||
           slice_equal(panel, SLICE("mail"));
}

/* "header", "mail pc-bob" */
static bool read_look(struct lesson *l, const struct shape_values *v, struct lesson_step *step)
{
    struct slice rest = shape_text(v, "look");
    const cJSON *node = shape_get(v, "look")->node;
    size_t count = 0, same = 0;
    if (rest.size == 0)
        return true;
    (void)slice_cut(&rest, ' ', &step->look);
    step->look_host = slice_trim(rest);
    for (; lesson_looks[count]; count++)
        same += slice_equal(step->look, slice_of(lesson_looks[count]));
    if (same == 0) {
        struct json_hint hint = {.expected = "a panel such as header, ladder, dns or mail",
                                 .nearest = problem_nearest(step->look, lesson_looks, count)};
        return json_reader_reject(&l->reader, node, hint, "unknown panel %s",
                                  json_reader_quote(&l->reader, step->look));
    }
    return step->look_host.size == 0 || has_owner(step->look) ||
           json_reader_reject(
               &l->reader, node,
               (struct json_hint){.expected = "a host behind host, console and mail"},
               "nobody's panel: %s", json_reader_quote(&l->reader, step->look));
}

/* "type out text=...": "out"; "" another line */
static struct slice party(struct slice line, struct slice verb)
{
    struct slice rest = line, word;
    (void)slice_cut(&rest, ' ', &word);
    if (!slice_equal(word, verb))
        return SLICE("");
    (void)slice_cut(&rest, ' ', &word);
    return slice_starts(word, SLICE("by=")) ? slice_part(word, 3, word.size) : word;
}

/* A console is looked at where one types; a mail program where one reads what it has got. */
static void look_by_deeds(struct lesson_step *step)
{
    for (size_t i = 0; i < step->solve.count && step->look.size == 0; i++) {
        struct slice line = step->solve.items[i], console = party(line, SLICE("type"));
        struct slice reader = step->kind == LESSON_READ ? party(line, SLICE("fetch")) : SLICE("");
        step->look_host = console.size ? console : reader;
        step->look = console.size ? SLICE("console") : reader.size ? SLICE("mail") : SLICE("");
    }
}

static bool read_step(struct lesson *l, const cJSON *node, const struct lesson_scene *scene,
                      struct lesson_step *step)
{
    struct shape_values v;
    if (!shape_read(&l->reader, node, &lesson_step_shape, &v))
        return false;
    step->node = node;
    step->id = shape_text(&v, "id");
    step->kind = (enum lesson_step_kind)shape_number(&v, "kind");
    step->text = shape_text(&v, "text");
    step->reveal = shape_text(&v, "reveal");
    step->unlock = shape_text(&v, "unlock");
    step->seen = shape_text(&v, "seen");
    if (lesson_find_step(scene, step->id) != step)
        return reject_twice(l, shape_get(&v, "id")->node, "step", step->id);
    if (!read_bind(l, &v, scene, step) || !read_texts(l, &v, "allow", &step->allow) ||
        !read_texts(l, &v, "do", &step->setup) || !read_texts(l, &v, "solve", &step->solve) ||
        !read_texts(l, &v, "hint", &step->hints) || !read_texts(l, &v, "at", &step->at) ||
        !read_look(l, &v, step))
        return false;
    look_by_deeds(step);
    return read_ask(l, &v, step);
}

/* What comes of a prediction is seen later. */
static bool check_seen(struct lesson *l, const struct lesson_scene *scene)
{
    for (size_t i = 0; i < scene->step_count; i++) {
        const struct lesson_step *step = &scene->steps[i];
        const struct lesson_step *seen = lesson_find_step(scene, step->seen);
        struct json_hint hint = {.expected = "the id of a later step"};
        if (step->seen.size > 0 && (step->kind != LESSON_PREDICT || !seen || seen <= step))
            return json_reader_reject(
                &l->reader, cJSON_GetObjectItemCaseSensitive(step->node, "seen"), hint,
                "%s shows nothing of it", json_reader_quote(&l->reader, step->seen));
    }
    return true;
}

static bool read_steps(struct lesson *l, const cJSON *list, struct lesson_scene *scene)
{
    const cJSON *node;
    scene->steps =
        arena_take(&l->arena, ((size_t)cJSON_GetArraySize(list) + 1) * sizeof *scene->steps);
    cJSON_ArrayForEach(node, list) if (!read_step(l, node, scene,
                                                  &scene->steps[scene->step_count++])) return false;
    return check_seen(l, scene);
}

/* ---- checks and ways ---- */

static bool has_check(const struct lesson_scene *scene, struct slice id)
{
    for (size_t i = 0; i < scene->check_count; i++)
        if (slice_equal(scene->checks[i].id, id))
            return true;
    return false;
}

static bool read_checks(struct lesson *l, const cJSON *list, struct lesson_scene *scene)
{
    struct shape_values v;
    const cJSON *node;
    scene->checks =
        arena_take(&l->arena, ((size_t)cJSON_GetArraySize(list) + 1) * sizeof *scene->checks);
    cJSON_ArrayForEach(node, list)
    {
        if (!shape_read(&l->reader, node, &lesson_check_shape, &v))
            return false;
        struct slice id = shape_text(&v, "id");
        for (const struct lesson_scene *s = l->scenes; s <= scene; s++)
            if (has_check(s, id))
                return reject_twice(l, shape_get(&v, "id")->node, "check", id);
        scene->checks[scene->check_count++] =
            (struct lesson_check){.id = id,
                                  .text = shape_text(&v, "expr"),
                                  .pass = shape_text(&v, "pass"),
                                  .fail = shape_text(&v, "fail"),
                                  .points = (uint32_t)shape_number(&v, "points"),
                                  .node = node};
    }
    return true;
}

static bool reject_check(struct lesson *l, const cJSON *node, const struct lesson_scene *scene,
                         struct slice id)
{
    const char *names[LESSON_CHECKS_MAX];
    for (size_t i = 0; i < scene->check_count; i++)
        names[i] = scene->checks[i].id.data;
    struct json_hint hint = {.expected = "the id of a check of this scene",
                             .nearest = problem_nearest(id, names, scene->check_count)};
    return json_reader_reject(&l->reader, node, hint, "unknown check %s",
                              json_reader_quote(&l->reader, id));
}

static bool read_way(struct lesson *l, const cJSON *node, const struct lesson_scene *scene,
                     struct lesson_way *way)
{
    struct shape_values v;
    if (!shape_read(&l->reader, node, &lesson_way_shape, &v))
        return false;
    *way = (struct lesson_way){
        .title = shape_text(&v, "title"), .says = shape_text(&v, "says"), .node = node};
    if (!read_texts(l, &v, "lines", &way->lines) || !read_texts(l, &v, "fails", &way->fails))
        return false;
    for (size_t i = 0; i < way->fails.count; i++)
        if (!has_check(scene, way->fails.items[i]))
            return reject_check(l, text_node(&v, "fails", i), scene, way->fails.items[i]);
    if (way->fails.count > 0 && way->says.size == 0)
        return json_reader_reject(
            &l->reader, node, (struct json_hint){.expected = "\"says\": what the learner is told"},
            "a mistake without a word about it");
    return true;
}

static bool read_ways(struct lesson *l, const cJSON *list, struct lesson_scene *scene)
{
    const cJSON *node;
    scene->ways =
        arena_take(&l->arena, ((size_t)cJSON_GetArraySize(list) + 1) * sizeof *scene->ways);
    cJSON_ArrayForEach(
        node, list) if (!read_way(l, node, scene, &scene->ways[scene->way_count++])) return false;
    return true;
}

/* ---- scenes ---- */

/* The topology's text behind as many lines and columns of blanks as stand before it in the file, so
   that a problem with it is found where it is. */
static struct slice inline_topology(struct lesson *l, const cJSON *node)
{
    struct slice source = json_reader_source(&l->reader, node), all = l->reader.text;
    size_t before = (size_t)(source.data - all.data), size = 0;
    char *text = arena_take(&l->arena, before + source.size + 1);
    for (size_t i = 0; i < before; i++) {
        bool is_inside_character = ((unsigned char)all.data[i] & 0xC0) == 0x80;
        if (!is_inside_character)
            text[size++] = all.data[i] == '\n' ? '\n' : ' ';
    }
    memcpy(text + size, source.data, source.size);
    return (struct slice){text, size + source.size};
}

static bool read_topology(struct lesson *l, const struct shape_values *v,
                          struct lesson_scene *scene)
{
    const struct shape_value *topology = shape_get(v, "topology");
    struct shape_values use;
    struct json_hint hint = {.expected = "a topology's name, {\"use\": ...} or a whole topology"};
    if (!topology->node)
        return json_reader_reject(&l->reader, v->node, hint, "missing key \"topology\"");
    scene->use = topology->text;
    if (cJSON_IsString(topology->node))
        return scene->use.size > 0 ||
               json_reader_reject(&l->reader, topology->node, hint, "empty text");
    if (!cJSON_GetObjectItemCaseSensitive(topology->node, "use")) {
        scene->inline_json = inline_topology(l, topology->node);
        return true;
    }
    if (!shape_read(&l->reader, topology->node, &lesson_use_shape, &use))
        return false;
    scene->use = shape_text(&use, "use");
    return read_texts(l, &use, "patch", &scene->patch);
}

static bool want_items(struct lesson *l, const struct shape_values *v, const char *name,
                       const char *expected)
{
    if (cJSON_GetArraySize(shape_get(v, name)->node) > 0)
        return true;
    const cJSON *node = shape_get(v, name)->node;
    return json_reader_reject(&l->reader, node ? node : v->node,
                              (struct json_hint){.expected = expected},
                              node ? "an empty list" : "missing key \"%s\"", name);
}

/* The part that a lesson of one scene has itself. */
static bool read_play(struct lesson *l, const struct shape_values *v, struct lesson_scene *scene)
{
    return want_items(l, v, "steps", "at least one step") &&
           want_items(l, v, "checks", "at least one check") && read_topology(l, v, scene) &&
           read_texts(l, v, "setup", &scene->setup) &&
           read_steps(l, shape_get(v, "steps")->node, scene) &&
           read_checks(l, shape_get(v, "checks")->node, scene) &&
           read_ways(l, shape_get(v, "ways")->node, scene) && lesson_compile(l, scene, NULL, NULL);
}

static bool read_scene(struct lesson *l, const cJSON *node, struct lesson_scene *scene)
{
    struct shape_values v;
    if (!shape_read(&l->reader, node, &lesson_scene_shape, &v))
        return false;
    *scene = (struct lesson_scene){.id = shape_text(&v, "id"),
                                   .title = shape_text(&v, "title"),
                                   .complaint = shape_text(&v, "complaint"),
                                   .is_exam = shape_has(&v, "complaint") || l->draw > 0,
                                   .node = node};
    for (const struct lesson_scene *s = l->scenes; s < scene; s++)
        if (slice_equal(s->id, scene->id))
            return reject_twice(l, shape_get(&v, "id")->node, "scene", scene->id);
    return read_play(l, &v, scene);
}

/* With scenes, what a scene has is not the lesson's. */
static bool read_scenes(struct lesson *l, const struct shape_values *v)
{
    static const char *const own[] = {"topology", "setup", "steps", "checks", "ways"};
    const cJSON *list = shape_get(v, "scenes")->node, *node;
    for (size_t i = 0; i < sizeof own / sizeof *own; i++)
        if (shape_has(v, own[i]))
            return json_reader_reject(
                &l->reader, shape_get(v, own[i])->node,
                (struct json_hint){.expected = "it in the scenes", .is_at_key = true},
                "key \"%s\" beside \"scenes\"", own[i]);
    if (!want_items(l, v, "scenes", "at least one scene"))
        return false;
    cJSON_ArrayForEach(node,
                       list) if (!read_scene(l, node, &l->scenes[l->scene_count++])) return false;
    if (l->draw <= l->scene_count)
        return true;
    return json_reader_reject(&l->reader, shape_get(v, "draw")->node,
                              (struct json_hint){.expected = "at most as many as there are scenes"},
                              "more drawn than there are");
}

static bool read_parts(struct lesson *l, const struct shape_values *v)
{
    l->scenes = arena_take(&l->arena, LESSON_SCENES_MAX * sizeof *l->scenes);
    if (shape_has(v, "scenes"))
        return read_scenes(l, v);
    if (l->draw > 0)
        return json_reader_reject(&l->reader, shape_get(v, "draw")->node,
                                  (struct json_hint){.expected = "\"scenes\"", .is_at_key = true},
                                  "nothing to draw from");
    l->scene_count = 1;
    l->scenes[0] = (struct lesson_scene){.id = l->id, .title = l->title, .node = v->node};
    return read_play(l, v, &l->scenes[0]);
}

bool lesson_read_file(struct lesson *l)
{
    struct shape_values v;
    if (!shape_read(&l->reader, l->reader.root, &lesson_shape, &v))
        return false;
    l->id = shape_text(&v, "id");
    l->title = shape_text(&v, "title");
    l->objective = shape_text(&v, "objective");
    l->notes = shape_text(&v, "notes");
    l->minutes = (uint32_t)shape_number(&v, "minutes");
    l->pass_percent = (uint32_t)shape_number(&v, "pass_percent");
    l->draw = (uint32_t)shape_number(&v, "draw");
    l->is_sealed = shape_number(&v, "sealed") != 0;
    return read_texts(l, &v, "needs", &l->needs) && read_texts(l, &v, "watch", &l->watch) &&
           read_texts(l, &v, "covers", &l->covers) && read_texts(l, &v, "quiz", &l->quiz) &&
           read_texts(l, &v, "sources", &l->sources) && read_parts(l, &v);
}
