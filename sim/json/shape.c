#include "sim/json/shape.h"

#include <string.h>

#include "sim/base/check.h"

/* A key is also meant by something near to its first part: "latncy" is latency_ms. */
static const char *nearest_key(struct json_reader *r, struct slice word, const char *const *names,
                               size_t count)
{
    const char *nearest = problem_nearest(word, names, count);
    const char **stems = arena_take(r->arena, count * sizeof *stems);
    for (size_t i = 0; i < count; i++) {
        struct slice name = slice_of(names[i]);
        stems[i] = arena_copy(r->arena, slice_part(name, 0, slice_find_octet(name, '_', 0))).data;
    }
    const char *stem = nearest ? NULL : problem_nearest(word, stems, count);
    for (size_t i = 0; stem && !nearest; i++)
        nearest = stems[i] == stem ? names[i] : NULL;
    return nearest;
}

bool shape_reject_key(struct json_reader *r, const cJSON *node, const char *const *names,
                      size_t count)
{
    struct slice word = slice_of(node->string);
    struct json_hint hint = {.expected = "no keys here",
                             .nearest = nearest_key(r, word, names, count),
                             .is_at_key = true};
    if (count > 0)
        hint.expected =
            arena_printf(r->arena, "%s%s", count > 1 ? "one of " : "", shape_join(r, names, count))
                .data;
    return json_reader_reject(r, node, hint, "unknown key %s", json_reader_quote(r, word));
}

bool shape_reject_twice(struct json_reader *r, const cJSON *node)
{
    return json_reader_reject(r, node, (struct json_hint){.is_at_key = true},
                              "key %s twice in one object",
                              json_reader_quote(r, slice_of(node->string)));
}

static bool reject_unknown(struct json_reader *r, const cJSON *node, const struct shape *shape)
{
    const char *names[SHAPE_KEYS_MAX];
    for (size_t i = 0; i < shape->key_count; i++)
        names[i] = shape->keys[i].name;
    return shape_reject_key(r, node, names, shape->key_count);
}

static size_t find_key(const struct shape *shape, const char *name)
{
    size_t i = 0;
    while (i < shape->key_count && strcmp(shape->keys[i].name, name) != 0)
        i++;
    return i;
}

static bool read_given(struct json_reader *r, struct shape_values *v)
{
    const cJSON *child;
    cJSON_ArrayForEach(child, v->node)
    {
        size_t i = find_key(v->shape, child->string);
        if (i == v->shape->key_count)
            return reject_unknown(r, child, v->shape);
        if (v->values[i].node)
            return shape_reject_twice(r, child);
        if (!shape_read_value(r, child, &v->shape->keys[i], &v->values[i]))
            return false;
    }
    return true;
}

bool shape_read(struct json_reader *r, const cJSON *node, const struct shape *shape,
                struct shape_values *v)
{
    check(shape->key_count <= SHAPE_KEYS_MAX);
    *v = (struct shape_values){.shape = shape, .node = node};
    if (node && !cJSON_IsObject(node))
        return shape_reject_type(r, node, "an object { ... }");
    if (!read_given(r, v))
        return false;
    for (size_t i = 0; i < shape->key_count; i++) {
        const struct shape_key *key = &shape->keys[i];
        if (v->values[i].node)
            continue;
        check(node || !key->is_required);
        if (key->is_required)
            return json_reader_reject(r, node,
                                      (struct json_hint){.expected = shape_expected(r, key)},
                                      "missing key \"%s\"", key->name);
        shape_read_fallback(key, &v->values[i]);
    }
    return true;
}

const struct shape_value *shape_get(const struct shape_values *v, const char *name)
{
    size_t i = find_key(v->shape, name);
    check(i < v->shape->key_count);
    return &v->values[i];
}

int64_t shape_number(const struct shape_values *v, const char *name)
{
    return shape_get(v, name)->number;
}

struct slice shape_text(const struct shape_values *v, const char *name)
{
    return shape_get(v, name)->text;
}

bool shape_has(const struct shape_values *v, const char *name)
{
    return shape_get(v, name)->node != NULL;
}
