/* What an object of a file may look like, and the JSON Schema of it. */
#include "sim/json/shape.h"

#include <criterion/criterion.h>

#include "sim/json/shape_schema.h"

static const struct shape_key inner_keys[] = {
    {"n", SHAPE_NUMBER, .is_required = true, .min = 1, .max = 5, .meaning = "a number"},
};
static const struct shape inner = {"inner", inner_keys, 1};

static const struct shape_key keys[] = {
    {"line", SHAPE_TEXT, .max = 20, .meaning = "one line"},
    {"prose", SHAPE_PROSE, .max = 20, .meaning = "lines"},
    {"names", SHAPE_TEXTS, .takes_text = true, .items_max = 2, .meaning = "one or two"},
    {"ports", SHAPE_NUMBERS, .min = 1, .max = 9, .items_max = 2, .meaning = "numbers"},
    {"thing", SHAPE_OBJECT, .takes_text = true, .references = "#/$defs/inner ./other.json",
     .meaning = "an object, or its name"},
    {"list", SHAPE_LIST, .max = 2, .of = &inner, .takes_text = true, .text_format = "email",
     .meaning = "some"},
};
static const struct shape shape = {"outer", keys, sizeof keys / sizeof *keys};

static struct arena arena;
static struct problem problem;

static void begin(void)
{
    arena_init(&arena);
}

static void end(void)
{
    arena_finish(&arena);
}

/* "" when the object is one of the shape. */
static const char *read(const char *text, struct json_reader *r, struct shape_values *v)
{
    struct slice json = arena_copy(&arena, slice_of(text));
    problem = (struct problem){0};
    cr_assert(json_reader_init(r, json, "f", &arena, &problem), "%s", problem.what);
    return shape_read(r, r->root, &shape, v) ? "" : problem.what;
}

Test(shape, a_text_alone_stands_for_a_list_or_an_object, .init = begin, .fini = end)
{
    static const struct {
        const char *json, *what;
    } rows[] = {
        {"{\"names\": \"a\", \"thing\": \"b\", \"list\": [\"c\", {\"n\": 1}]}", ""},
        {"{\"names\": [\"a\", \"b\"], \"thing\": {\"any\": 1}}", ""},
        {"{\"names\": 5}", "wrong type: number (names), expected a text or a list of texts"},
        {"{\"thing\": []}", "wrong type: list (thing), expected a text or an object { ... }"},
        {"{\"names\": [\"a\", \"b\", \"c\"]}", "too many items (names[2]), expected at most 2"},
        {"{\"ports\": [1, 2, 3]}", "too many items (ports[2]), expected at most 2"},
        {"{\"list\": [\"a\", \"b\", \"c\"]}",
         "too many items (list[2]), expected a list of at most 2 items"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json_reader r;
        struct shape_values v;
        cr_expect_str_eq(read(rows[i].json, &r, &v), rows[i].what, "%s: %s", rows[i].json,
                         problem.what);
        json_reader_finish(&r);
    }
}

Test(shape, prose_has_line_ends_and_a_line_has_none, .init = begin, .fini = end)
{
    static const struct {
        const char *json, *what;
    } rows[] = {
        {"{\"prose\": \"a\\nb\"}", ""},
        {"{\"prose\": \"a\\tb\"}", "bad text \"a?b\" (prose), expected a text of 0 to 20 octets "
                                   "without control characters"},
        {"{\"line\": \"a\\nb\"}", "bad text \"a?b\" (line), expected a text of 0 to 20 octets "
                                  "without control characters"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct json_reader r;
        struct shape_values v;
        cr_expect_str_eq(read(rows[i].json, &r, &v), rows[i].what, "%s: %s", rows[i].json,
                         problem.what);
        json_reader_finish(&r);
    }
}

#define TEXT_OR_LIST                                                                               \
    "\"anyOf\": [\n        {\n          \"type\": \"string\"\n        },\n        {\n          "   \
    "\"type\": \"array\",\n          \"maxItems\": 2"

/* An editor is told the same as the reader goes by. */
Test(shape, its_schema_says_what_it_takes, .init = begin, .fini = end)
{
    static const char *const parts[] = {
        "\"title\": \"things\"",
        "\"additionalProperties\": false",
        TEXT_OR_LIST,
        "\"$ref\": \"#/$defs/inner\"",
        "\"$ref\": \"./other.json\"",
        "\"format\": \"email\"",
        "\"required\": [\n        \"n\"\n      ]",
    };
    struct shape_schema w;
    struct bytes out;
    bytes_init(&out, 65536);
    shape_schema_begin(&w, &out, "things");
    shape_schema_members(&w, &shape);
    shape_schema_enter(&w, "$defs", "{");
    shape_schema_enter(&w, inner.name, "{");
    shape_schema_members(&w, &inner);
    shape_schema_leave(&w, "}");
    shape_schema_leave(&w, "}");
    cr_assert(shape_schema_end(&w));
    struct slice text = bytes_slice(&out);
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
        cr_expect_neq(slice_find(text, slice_of(parts[i]), 0), SLICE_NONE, "%s in\n%.*s", parts[i],
                      SLICE_ARG(text));
    cJSON *root = cJSON_ParseWithLength(text.data, text.size);
    cr_expect_not_null(root);
    cJSON_Delete(root);
    bytes_finish(&out);
}
