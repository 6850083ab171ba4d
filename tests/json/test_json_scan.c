#include "sim/json/json_scan.h"

#include <criterion/criterion.h>

#include <string.h>

static size_t count_values(const char *text, struct json_scan *scan)
{
    size_t count = 0;
    json_scan_init(scan, slice_of(text));
    while (json_scan_next(scan))
        count++;
    return count;
}

Test(json_scan, meets_every_value_in_the_order_of_the_file)
{
    static const size_t expected[] = {0, 6, 7, 10, 14, 20, 27};
    struct json_scan scan;
    size_t i = 0;
    json_scan_init(&scan, SLICE("{\"a\": [1, [], {\"b\": true}, \"x\"]}"));
    while (json_scan_next(&scan)) {
        cr_assert_lt(i, sizeof expected / sizeof *expected);
        cr_expect_eq(scan.value_at, expected[i], "value %zu is at %zu", i, scan.value_at);
        i++;
    }
    cr_expect_null(scan.error);
    cr_expect_eq(i, sizeof expected / sizeof *expected);
}

Test(json_scan, takes_all_of_the_grammar_of_rfc_8259)
{
    static const char *const good[] = {"0",
                                       "-0",
                                       "-12.50e+3",
                                       "1E9",
                                       "null",
                                       " true ",
                                       "\"\"",
                                       "[]",
                                       "{}",
                                       "\t[\r\n1 , 2 ]\n",
                                       "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u00e9\"",
                                       "\"\\ud83d\\ude00\"",
                                       "\"\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80\"",
                                       "\xEF\xBB\xBF{}"};
    for (size_t i = 0; i < sizeof good / sizeof *good; i++) {
        struct json_scan scan;
        cr_expect_gt(count_values(good[i], &scan), 0, "%s", good[i]);
        cr_expect_null(scan.error, "%s: %s", good[i], scan.error);
    }
}

Test(json_scan, says_where_the_text_breaks_the_grammar)
{
    static const struct {
        const char *text;
        size_t at;
    } broken[] = {
        {"", 0},
        {"  ", 2},
        {"{", 1},
        {"[1,]", 3},
        {"{\"a\":1,}", 7},
        {"{a:1}", 1},
        {"{\"a\" 1}", 5},
        {"[1 2]", 3},
        {"[1}", 2},
        {"{\"a\":1]", 6},
        {"01", 1},
        {"+1", 0},
        {"1.", 2},
        {".5", 0},
        {"-", 1},
        {"1e", 2},
        {"tru", 0},
        {"[] []", 3},
        {"\"abc", 0},
        {"\"a\nb\"", 2},
        {"\"\\x\"", 1},
        {"\"\\u12g4\"", 1},
        {"\"\\u0000\"", 1},
        {"'a'", 0},
        {"\"\\ud800\"", 1},
        {"\"\\udc00\"", 1},
        {"\"\\ud800\\u0041\"", 1},
        /* UTF-8 (RFC 3629 4): stray and missing octets, overlong, surrogate, beyond U+10FFFF */
        {"\"a\x80\"", 2},
        {"\"\xC3\"", 1},
        {"\"\xC0\xAF\"", 1},
        {"\"\xE0\x80\x80\"", 1},
        {"\"\xED\xA0\x80\"", 1},
        {"\"\xF4\x90\x80\x80\"", 1},
        {"\xFF\xFE", 0},
        {"1111111111222222222233333333334444444444555555555566666666667", 0},
    };
    for (size_t i = 0; i < sizeof broken / sizeof *broken; i++) {
        struct json_scan scan;
        count_values(broken[i].text, &scan);
        cr_assert_not_null(scan.error, "%s", broken[i].text);
        cr_expect_eq(scan.error_at, broken[i].at, "%s: at %zu, expected %s", broken[i].text,
                     scan.error_at, scan.error);
    }
}

Test(json_scan, goes_down_64_levels_and_no_further)
{
    char text[2 * 65 + 1] = "";
    struct json_scan scan;
    memset(text, '[', 64);
    memset(text + 64, ']', 64);
    cr_expect_eq(count_values(text, &scan), 64);
    cr_expect_null(scan.error);
    memset(text, '[', 65);
    memset(text + 65, ']', 65);
    cr_expect_eq(count_values(text, &scan), 64);
    cr_assert_not_null(scan.error);
    cr_expect_eq(scan.error_at, 64);
}

Test(json_scan, stops_at_a_nul_octet)
{
    struct json_scan scan;
    json_scan_init(&scan, (struct slice){"[1,\0 2]", 7});
    while (json_scan_next(&scan))
        continue;
    cr_assert_not_null(scan.error);
    cr_expect_eq(scan.error_at, 3);
}

Test(json_scan, counts_columns_in_characters_as_an_editor_does)
{
    struct slice text = SLICE("\xEF\xBB\xBF{\n \"\xC3\xA9\xE2\x82\xAC\": 1}");
    int line, column;
    json_scan_position(text, 3, &line, &column);
    cr_expect(line == 1 && column == 1);
    json_scan_position(text, slice_find(text, SLICE("1"), 0), &line, &column);
    cr_expect(line == 2 && column == 8, "%d:%d", line, column);
    json_scan_position(text, 1000, &line, &column);
    cr_expect(line == 2 && column == 10, "an offset beyond the text is its end");
}
