#include "sim/json/json_reader.h"

#include <criterion/criterion.h>

#include <inttypes.h>
#include <string.h>

Test(json_reader, reads_decimals_without_rounding)
{
    static const struct {
        const char *text;
        int decimals;
        enum json_decimal result;
        int64_t value;
    } rows[] = {
        {"20", 3, JSON_DECIMAL_EXACT, 20000},
        {"0.3", 3, JSON_DECIMAL_EXACT, 300},
        {"0.001", 3, JSON_DECIMAL_EXACT, 1},
        {"0.0010", 3, JSON_DECIMAL_EXACT, 1},
        {"0.0001", 3, JSON_DECIMAL_TOO_FINE, 0},
        {"1.5", 0, JSON_DECIMAL_TOO_FINE, 0},
        {"1.50e1", 0, JSON_DECIMAL_EXACT, 15},
        {"1e3", 0, JSON_DECIMAL_EXACT, 1000},
        {"2000e-3", 0, JSON_DECIMAL_EXACT, 2},
        {"-7", 0, JSON_DECIMAL_EXACT, -7},
        {"-0", 0, JSON_DECIMAL_EXACT, 0},
        {"0e999", 0, JSON_DECIMAL_EXACT, 0},
        {"1e999", 0, JSON_DECIMAL_TOO_LARGE, 0},
        {"1e99999999999999999999", 3, JSON_DECIMAL_TOO_LARGE, 0},
        {"1e-999", 3, JSON_DECIMAL_TOO_FINE, 0},
        {"999999999999999999", 0, JSON_DECIMAL_EXACT, INT64_C(999999999999999999)},
        {"1000000000000000000", 0, JSON_DECIMAL_TOO_LARGE, 0},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        int64_t value;
        enum json_decimal result =
            json_reader_decimal(slice_of(rows[i].text), rows[i].decimals, &value);
        cr_expect_eq(result, rows[i].result, "%s", rows[i].text);
        if (result == JSON_DECIMAL_EXACT)
            cr_expect_eq(value, rows[i].value, "%s gave %" PRId64, rows[i].text, value);
    }
}

Test(json_reader, names_a_value_by_line_column_and_path)
{
    struct arena arena;
    struct json_reader r;
    struct problem problem = {0};
    char line[PROBLEM_LINE];
    arena_init(&arena);
    struct slice text =
        arena_copy(&arena, SLICE("{\"a\": 1,\n \"b\": [{\"c\": 2}, {\"c\\n\": 3}]}"));
    cr_assert(json_reader_init(&r, text, "f.json", &arena, &problem));
    const cJSON *node = cJSON_GetArrayItem(cJSON_GetObjectItem(r.root, "b"), 1)->child;

    cr_expect_not(json_reader_reject(
        &r, node, (struct json_hint){.expected = "four", .nearest = "4"}, "bad %d", 3));
    cr_expect_str_eq(problem_line(&problem, line),
                     "f.json:2:26: bad 3 (b[1].c\\n), expected four; did you mean \"4\"?");
    json_reader_reject(&r, node, (struct json_hint){.is_at_key = true}, "bad key");
    cr_expect_str_eq(problem_line(&problem, line), "f.json:2:19: bad key (b[1].c\\n)");
    json_reader_reject(&r, r.root, (struct json_hint){0}, "bad");
    cr_expect_str_eq(problem_line(&problem, line), "f.json:1:1: bad (the top level)");

    json_reader_finish(&r);
    arena_finish(&arena);
}

Test(json_reader, cuts_long_texts_between_characters)
{
    struct arena arena;
    struct json_reader r = {.arena = &arena};
    char text[120] = "a";
    arena_init(&arena);
    cr_expect_str_eq(json_reader_quote(&r, SLICE("mx1")), "\"mx1\"");
    for (int i = 0; i < 50; i++)
        strcat(text, "\xC3\xA9");
    const char *quoted = json_reader_quote(&r, slice_of(text));
    cr_expect_eq(strlen(quoted), 1 + 47 + 3 + 1, "%s", quoted);
    arena_finish(&arena);
}

/* A text's octets and what writes them in a file are not the same number of characters. */
Test(json_reader, finds_a_character_behind_escapes)
{
    static const char text[] = "{\n \"k\": \"a\\n\\u00e9\\uD83D\\uDE00\303\251z\"}";
    static const struct {
        size_t octet;
        int column;
    } rows[] = {
        {0, 8},   /* a */
        {1, 9},   /* \n */
        {2, 11},  /* \u00e9: two octets */
        {3, 11},  /* its second one */
        {4, 17},  /* \uD83D\uDE00: four octets */
        {7, 17},  /* its last one */
        {8, 29},  /* an e with an accent as it is */
        {10, 30}, /* z */
        {11, 31}, /* the closing quote */
        {99, 31},
    };
    struct arena arena;
    struct json_reader r;
    struct problem problem = {0};
    arena_init(&arena);
    cr_assert(json_reader_init(&r, slice_of(text), "f", &arena, &problem), "%s", problem.what);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        cr_expect_not(json_reader_reject_in(&r, r.root->child, rows[i].octet, "no %s", "good"));
        cr_expect_eq(problem.line, 2);
        cr_expect_eq(problem.column, rows[i].column, "octet %zu is at %d", rows[i].octet,
                     problem.column);
        cr_expect_str_eq(problem.what, "no good (k)");
    }
    json_reader_finish(&r);
    arena_finish(&arena);
}

Test(json_reader, gives_the_source_of_a_value)
{
    static const char text[] = "{\"a\": [1, {\"b\": \"x\\n\"} ], \"c\": -1.50}";
    struct arena arena;
    struct json_reader r;
    struct problem problem = {0};
    arena_init(&arena);
    cr_assert(json_reader_init(&r, slice_of(text), "f", &arena, &problem), "%s", problem.what);
    const cJSON *list = r.root->child, *object = list->child->next;
    cr_expect(slice_equal(json_reader_source(&r, list), SLICE("[1, {\"b\": \"x\\n\"} ]")));
    cr_expect(slice_equal(json_reader_source(&r, object), SLICE("{\"b\": \"x\\n\"}")));
    cr_expect(slice_equal(json_reader_source(&r, object->child), SLICE("\"x\\n\"")));
    cr_expect(slice_equal(json_reader_source(&r, list->next), SLICE("-1.50")));
    cr_expect(slice_equal(json_reader_source(&r, r.root), slice_of(text)));
    json_reader_finish(&r);
    arena_finish(&arena);
}
