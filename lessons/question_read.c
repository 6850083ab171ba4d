/* A question's object made into a question, with whatever is wrong in it said where it stands. */
#include <string.h>

#include "lessons/predicate.h"
#include "lessons/question_part.h"

struct reading {
    struct json_reader *r;
    struct arena *arena;
    enum question_place place;
    struct question *q;
};

static struct slice keep(struct reading *g, const struct shape_values *v, const char *key)
{
    return arena_copy(g->arena, shape_text(v, key));
}

/* Problems at the value of a key, or at the object that should have it. */
static bool reject(struct reading *g, const cJSON *node, const char *what, const char *expected)
{
    return json_reader_reject(g->r, node, (struct json_hint){.expected = expected}, "%s", what);
}

static bool read_texts(struct reading *g, const cJSON *list, struct slice **texts, size_t *count)
{
    const cJSON *node;
    *texts = arena_take(g->arena, (size_t)cJSON_GetArraySize(list) * sizeof **texts);
    cJSON_ArrayForEach(node, list)
    {
        if (!node->valuestring[0])
            return reject(g, node, "empty text", NULL);
        (*texts)[(*count)++] = arena_copy(g->arena, slice_of(node->valuestring));
    }
    return true;
}

/* A check must at least be one; whose names it uses is seen when it is run. */
static bool read_check(struct reading *g, const struct shape_value *value, struct slice *text)
{
    const struct predicate_scope scope = {0};
    struct problem wrong = {0};
    if (!value->node)
        return true;
    *text = arena_copy(g->arena, value->text);
    struct predicate *p = predicate_compile(*text, &scope, &wrong);
    if (!p)
        return json_reader_reject_in(g->r, value->node, (size_t)(wrong.column - 1), "%s",
                                     wrong.what);
    predicate_destroy(p);
    return true;
}

/* ---- choices ---- */

static bool read_feedback(struct reading *g, const struct shape_values *v,
                          struct question_choice *choice)
{
    choice->feedback = keep(g, v, "fb");
    if (g->place == QUESTION_IN_STEP || choice->feedback.size > 0)
        return true;
    return reject(g, v->node, "missing key \"fb\"", "a sentence of feedback for this answer");
}

/* What of it belongs to the key. */
static bool read_choice_key(struct reading *g, const struct shape_values *v,
                            enum question_object object, struct question_choice *choice)
{
    if (g->q->is_sealed)
        return true;
    choice->is_right = object == QUESTION_PAIR || object == QUESTION_ITEM;
    if (object == QUESTION_PAIR)
        choice->right = keep(g, v, "r");
    if (object == QUESTION_OPTION || object == QUESTION_TARGET)
        choice->is_right = shape_number(v, "right") != 0;
    return read_feedback(g, v, choice) &&
           (object == QUESTION_ITEM || read_check(g, shape_get(v, "when"), &choice->when));
}

static bool read_choice(struct reading *g, const cJSON *node, enum question_object object,
                        struct question_choice *choice)
{
    struct shape_values v;
    enum question_object shape = g->q->is_sealed ? question_sealed_object(object) : object;
    if (!shape_read(g->r, node, &question_objects[shape], &v))
        return false;
    choice->node = node;
    choice->text = keep(g, &v, object == QUESTION_PAIR ? "l" : "t");
    if (object == QUESTION_TARGET)
        choice->id = keep(g, &v, "id");
    if (choice->id.size > 0 && slice_find_octet(choice->id, ' ', 0) != SLICE_NONE)
        return reject(g, shape_get(&v, "id")->node, "blank in an id", "an id without blanks");
    return read_choice_key(g, &v, object, choice);
}

/* Two that look alike can't be told apart by who answers. */
static bool is_new(struct reading *g, size_t i)
{
    const struct question_choice *c = g->q->choices;
    for (size_t j = 0; j < i; j++)
        if (slice_equal(c[i].text, c[j].text) ||
            (c[i].id.size > 0 && slice_equal(c[i].id, c[j].id)))
            return reject(g, c[i].node, "the same answer twice", "another text");
    return true;
}

static bool read_choices(struct reading *g, const cJSON *list, enum question_object object)
{
    struct question *q = g->q;
    const cJSON *node;
    cJSON_ArrayForEach(node, list)
    {
        if (!read_choice(g, node, object, &q->choices[q->choice_count]) ||
            !is_new(g, q->choice_count))
            return false;
        q->choice_count++;
    }
    if (q->choice_count < 2)
        return reject(g, list, "too few to choose from", "at least 2");
    return true;
}

static bool check_right(struct reading *g, const cJSON *list)
{
    size_t right = 0;
    if (g->q->is_sealed)
        return true;
    for (size_t i = 0; i < g->q->choice_count; i++)
        right += g->q->choices[i].is_right;
    if (right == 0)
        return reject(g, list, "no right answer", "\"right\": true in one of them");
    bool takes_any = g->q->type == QUESTION_CLICK && g->place == QUESTION_IN_STEP;
    if (right > 1 && (g->q->type == QUESTION_SINGLE || g->q->type == QUESTION_CLICK) && !takes_any)
        return reject(g, list, "more than one right answer", "one, or the type \"multi\"");
    return true;
}

static bool read_list(struct reading *g, const struct shape_values *v, const char *key,
                      enum question_object object)
{
    const cJSON *list = shape_get(v, key)->node;
    return read_choices(g, list, object) && check_right(g, list);
}

/* ---- by type ---- */

static bool read_tf(struct reading *g, const struct shape_values *v)
{
    struct shape_values words;
    g->q->choices[0].text = SLICE("true");
    g->q->choices[1].text = SLICE("false");
    g->q->choice_count = 2;
    if (g->q->is_sealed)
        return true;
    const cJSON *node = shape_get(v, "fb")->node;
    bool is_true = shape_number(v, "right") != 0;
    if (!shape_read(g->r, node, &question_objects[QUESTION_FEEDBACK], &words))
        return false;
    g->q->choices[0] = (struct question_choice){.text = SLICE("true"),
                                                .feedback = keep(g, &words, "true"),
                                                .node = node,
                                                .is_right = is_true};
    g->q->choices[1] = (struct question_choice){.text = SLICE("false"),
                                                .feedback = keep(g, &words, "false"),
                                                .node = node,
                                                .is_right = !is_true};
    return true;
}

/* Right sides are known by letters: there are no more than letters. */
static bool read_match(struct reading *g, const struct shape_values *v)
{
    struct slice *extras, sides[2 * QUESTION_CHOICES_MAX];
    const cJSON *extra = shape_get(v, "extra")->node;
    size_t count = 0;
    if (!read_list(g, v, "pairs", QUESTION_PAIR) || !read_texts(g, extra, &extras, &count))
        return false;
    memcpy(g->q->extras, extras, count * sizeof *extras);
    g->q->extra_count = count;
    if (question_right_sides(g->q, sides) > QUESTION_CHOICES_MAX)
        return reject(g, extra ? extra : v->node, "too many right sides", "at most 26");
    return true;
}

static bool read_number_slip(struct reading *g, const cJSON *node, struct question_slip *slip)
{
    struct shape_values v;
    if (!shape_read(g->r, node, &question_objects[QUESTION_SLIP_NUMBER], &v))
        return false;
    slip->value = shape_number(&v, "value");
    slip->tolerance = shape_number(&v, "tol");
    slip->feedback = keep(g, &v, "fb");
    int64_t off = slip->value - g->q->number;
    if ((off < 0 ? -off : off) > g->q->tolerance)
        return true;
    return reject(g, shape_get(&v, "value")->node, "a slip that is right",
                  "a number outside of the tolerance");
}

static bool read_slip(struct reading *g, const cJSON *node, struct question_slip *slip)
{
    struct shape_values v;
    if (!shape_read(g->r, node, &question_objects[QUESTION_SLIP], &v))
        return false;
    slip->feedback = keep(g, &v, "fb");
    return read_texts(g, shape_get(&v, "any")->node, &slip->any, &slip->any_count);
}

static bool read_slips(struct reading *g, const struct shape_values *v)
{
    const cJSON *node;
    g->q->slips = arena_take(g->arena, QUESTION_LIST_MAX * sizeof *g->q->slips);
    cJSON_ArrayForEach(node, shape_get(v, "slips")->node)
    {
        struct question_slip *slip = &g->q->slips[g->q->slip_count++];
        if (!(g->q->type == QUESTION_NUM ? read_number_slip(g, node, slip)
                                         : read_slip(g, node, slip)))
            return false;
    }
    return true;
}

static bool read_num(struct reading *g, const struct shape_values *v)
{
    g->q->unit = keep(g, v, "unit");
    if (g->q->is_sealed)
        return true;
    g->q->number = shape_number(v, "answer");
    g->q->tolerance = shape_number(v, "tol");
    g->q->note = keep(g, v, "fb");
    if (g->place == QUESTION_IN_BANK && g->q->note.size == 0)
        return reject(g, v->node, "missing key \"fb\"", "a sentence that says why");
    return read_slips(g, v);
}

static bool read_key(struct reading *g, const cJSON *node, struct question_key *key)
{
    struct shape_values v;
    if (!shape_read(g->r, node, &question_objects[QUESTION_KEY], &v))
        return false;
    key->points = (uint32_t)shape_number(&v, "points");
    key->shows = keep(g, &v, "shows");
    if (!read_texts(g, shape_get(&v, "any")->node, &key->any, &key->any_count))
        return false;
    return key->any_count > 0 || reject(g, node, "a key without words", "at least one");
}

/* A model that would not get full marks, or would be told of a slip, shows that words are missing
   or too common. */
static bool check_model(struct reading *g, const cJSON *node)
{
    struct question_verdict verdict;
    question_judge_short(g->q, g->q->model, g->arena, &verdict);
    if (verdict.score < QUESTION_FULL_SCORE)
        return reject(g, node, "the model answer lacks a key", "words of every key in it");
    if (verdict.slip != SLICE_NONE)
        return reject(g, node, "the model answer has the words of a slip", "none of them in it");
    return true;
}

static bool read_short(struct reading *g, const struct shape_values *v)
{
    struct question *q = g->q;
    uint32_t points = 0;
    const cJSON *node;
    if (q->is_sealed)
        return true;
    q->model = keep(g, v, "model");
    q->keys = arena_take(g->arena, QUESTION_LIST_MAX * sizeof *q->keys);
    cJSON_ArrayForEach(node, shape_get(v, "keys")->node)
    {
        if (!read_key(g, node, &q->keys[q->key_count]))
            return false;
        points += q->keys[q->key_count++].points;
    }
    if (q->key_count == 0)
        return reject(g, shape_get(v, "keys")->node, "no key", "at least one");
    q->pass_points = shape_has(v, "pass") ? (uint32_t)shape_number(v, "pass") : points;
    if (q->pass_points > points)
        return reject(g, shape_get(v, "pass")->node, "more points than the keys give", NULL);
    return read_slips(g, v) && check_model(g, shape_get(v, "model")->node);
}

static bool read_by_type(struct reading *g, const struct shape_values *v)
{
    struct question *q = g->q;
    if (q->type == QUESTION_MULTI || q->type == QUESTION_ORDER)
        q->scores_parts = shape_number(v, "scoring") == 1 ||
                          (q->type == QUESTION_ORDER && !shape_has(v, "scoring"));
    switch (q->type) {
    case QUESTION_TF:
        return read_tf(g, v);
    case QUESTION_SINGLE:
    case QUESTION_MULTI:
        return read_list(g, v, "options", QUESTION_OPTION);
    case QUESTION_CLICK:
        return read_list(g, v, "targets", QUESTION_TARGET);
    case QUESTION_MATCH:
        return read_match(g, v);
    case QUESTION_ORDER:
        return read_list(g, v, "items", QUESTION_ITEM);
    case QUESTION_NUM:
        return read_num(g, v);
    case QUESTION_SHORT:
        return read_short(g, v);
    case QUESTION_TYPES:
        break;
    }
    return false;
}

/* ---- what all have ---- */

static bool read_scene(struct reading *g, const struct shape_value *value)
{
    struct shape_values v;
    if (!value->node)
        return true;
    if (!shape_read(g->r, value->node, &question_objects[QUESTION_SCENE], &v))
        return false;
    struct slice at = shape_text(&v, "at");
    if (!slice_equal(at, SLICE("end")) && !(slice_starts(at, SLICE("after:")) && at.size > 6))
        return reject(g, shape_get(&v, "at")->node, "bad place in a run",
                      "\"after:STEP\" or \"end\"");
    g->q->scene_at = arena_copy(g->arena, at);
    g->q->scene_lesson = shape_has(&v, "lesson") ? keep(g, &v, "lesson") : g->q->lesson;
    if (g->q->scene_lesson.size == 0 && g->place == QUESTION_IN_BANK)
        return reject(g, value->node, "missing key \"lesson\"", "a lesson's id");
    return true;
}

static bool read_topics(struct reading *g, const struct shape_value *value)
{
    const cJSON *node;
    if (!read_texts(g, value->node, &g->q->topics, &g->q->topic_count))
        return false;
    cJSON_ArrayForEach(node, value->node)
    {
        struct slice topic = slice_of(node->valuestring);
        size_t i = 0;
        while (i < question_topic_count && !slice_equal(topic, slice_of(question_topics[i])))
            i++;
        if (i == question_topic_count)
            return json_reader_reject(
                g->r, node,
                (struct json_hint){
                    .nearest = problem_nearest(topic, question_topics, question_topic_count)},
                "unknown topic %s", json_reader_quote(g->r, topic));
    }
    return g->q->topic_count > 0 || reject(g, value->node, "no topic", "one or two");
}

static bool read_head(struct reading *g, const struct shape_values *v)
{
    g->q->id = keep(g, v, "id");
    g->q->lesson = keep(g, v, "lesson");
    g->q->rev = (uint32_t)shape_number(v, "rev");
    g->q->level = (uint32_t)shape_number(v, "level");
    return read_topics(g, shape_get(v, "topics")) &&
           read_texts(g, shape_get(v, "sources")->node, &g->q->sources, &g->q->source_count);
}

/* A proof, or what is when, is of a run. */
static bool check_scene(struct reading *g)
{
    const struct question *q = g->q;
    bool needs = q->proof.size > 0;
    for (size_t i = 0; i < q->choice_count; i++)
        needs |= q->choices[i].when.size > 0;
    if (!needs || q->scene_at.size > 0 || g->place == QUESTION_IN_STEP)
        return true;
    return reject(g, q->node, "a check without a run", "a \"scene\" that says in which run");
}

/* Which keys an object may have depends on its type. */
static bool read_type(struct json_reader *r, const cJSON *node, enum question_type *type)
{
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(node, "type");
    struct shape_value value;
    if (!given)
        return json_reader_reject(
            r, node, (struct json_hint){.expected = shape_expected(r, &question_type_key)},
            "missing key \"type\"");
    if (!shape_read_value(r, given, &question_type_key, &value))
        return false;
    *type = (enum question_type)value.number;
    return true;
}

/* Which keys it must not have depends on whether it is sealed. */
static bool read_sealed(struct json_reader *r, const cJSON *node, bool *is_sealed)
{
    const cJSON *given = cJSON_GetObjectItemCaseSensitive(node, question_sealed_key.name);
    struct shape_value value;
    if (!given)
        return true;
    if (!shape_read_value(r, given, &question_sealed_key, &value))
        return false;
    *is_sealed = value.number != 0;
    return *is_sealed || json_reader_reject(
                             r, given, (struct json_hint){.expected = question_sealed_key.expected},
                             "a question that is not sealed");
}

bool question_read(struct json_reader *r, const cJSON *node, enum question_place place,
                   struct arena *arena, struct question *question)
{
    struct question_rows rows;
    struct shape_values v;
    struct reading g = {.r = r, .arena = arena, .place = place, .q = question};
    *question = (struct question){.node = node};
    if (!cJSON_IsObject(node))
        return shape_reject_type(r, node, "a question { ... }");
    if (!read_type(r, node, &question->type) || !read_sealed(r, node, &question->is_sealed))
        return false;
    question_rows_init(&rows, question->type, place, question->is_sealed);
    if (!shape_read(r, node, &rows.shape, &v))
        return false;
    question->prompt = keep(&g, &v, "prompt");
    return (place == QUESTION_IN_STEP || read_head(&g, &v)) &&
           read_scene(&g, shape_get(&v, "scene")) &&
           (question->is_sealed || read_check(&g, shape_get(&v, "proof"), &question->proof)) &&
           read_by_type(&g, &v) && check_scene(&g);
}
