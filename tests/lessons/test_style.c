#include "lessons/style.h"

#include <criterion/criterion.h>

#include <string.h>

/* The problem's line of a text behind a key; "" when it may be said. */
static const char *said(struct arena *arena, const char *key, const char *text,
                        char line[PROBLEM_LINE])
{
    struct json_reader r;
    struct problem problem = {0};
    struct slice json = arena_printf(arena, "{\"%s\": \"%s\"}", key, text);
    cr_assert(json_reader_init(&r, json, "s", arena, &problem), "%s", problem.what);
    bool ok = style_check(&r, r.root);
    json_reader_finish(&r);
    line[0] = '\0';
    return ok ? line : problem_line(&problem, line);
}

#define TEN "one two three four five six seven eight nine ten "

Test(style, texts_are_short_and_kind)
{
    static const struct {
        const char *key, *text, *line;
    } rows[] = {
        {"text", TEN TEN TEN TEN, ""},
        {"text", TEN TEN TEN TEN "more", "s:1:207: 41 words, expected at most 40 (text)"},
        {"t", TEN "eleven twelve", ""},
        {"t", TEN "eleven twelve  thirteen", "s:1:72: 13 words, expected at most 12 (t)"},
        {"prompt", TEN TEN TEN TEN TEN, ""},
        {"fb", "One. Two.", ""},
        {"fb", "One. Two. Three.", "s:1:17: more than 2 sentences (fb)"},
        {"fb", "RFC 5321 4.5.3 says so, see 6.1. It waits 4.5 h.", ""},
        {"fb", "Some hosts, e.g. mx1 and mx2, answer. Others do not.", ""},
        {"fb", "It said `250 Ok. Go. On.` and went. So we go.", ""},
        {"fb", "Why? Since it is off! And so on", "s:1:29: more than 2 sentences (fb)"},
        {"pass", "(One.) Two. Three", "s:1:21: more than 2 sentences (pass)"},
        {"hint", "Just do it.", "s:1:11: \"just\", which is not to be said here (hint)"},
        {"reveal", "It simply waits.", "s:1:16: \"simply\", which is not to be said here (reveal)"},
        {"fail", "OBVIOUSLY.", "s:1:11: \"obviously\", which is not to be said here (fail)"},
        {"text", "An adjustment is justified.", ""},
        {"text", "Type `just` there.", ""},
        {"fb", "Wrong! It waits.",
         "s:1:9: \"Wrong!\"; say why it is tempting, and then what is the case (fb)"},
        {"fb", "The wrong host! So it waits.", ""},
        {"text", "Look <b>here</b>.",
         "s:1:16: HTML, expected plain text with `code` and *emphasis* (text)"},
        {"text", "Tom &amp; Jerry",
         "s:1:15: HTML, expected plain text with `code` and *emphasis* (text)"},
        {"text", "Tom & Jerry < 3 <alice@example.com>; `<b>`", ""},
        {"solve", "simply <b>", ""}, /* no text for people */
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        char line[PROBLEM_LINE];
        arena_init(&arena);
        cr_expect_str_eq(said(&arena, rows[i].key, rows[i].text, line), rows[i].line,
                         "%s: %s\n  %s\nnot\n  %s", rows[i].key, rows[i].text, line, rows[i].line);
        arena_finish(&arena);
    }
}

/* Wherever it is: what stands in a list is what the list is, and a topology is nobody's text. */
Test(style, looks_into_lists_and_objects_but_not_into_topologies)
{
    static const struct {
        const char *json, *line;
    } rows[] = {
        {"{'steps': [{'text': 'Go.'}, {'hint': ['Go.', 'Just go.']}]}",
         "s:1:47: \"just\", which is not to be said here (steps[1].hint[1])"},
        {"{'ask': {'fb': {'true': 'A. B. C.'}}}", "s:1:30: more than 2 sentences (ask.fb.true)"},
        {"{'topology': {'title': 'simply'}}", ""},
        {"{'ask': {'right': true, 'answer': 5, 'fb': null}}", ""},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        struct json_reader r;
        struct problem problem = {0};
        char line[PROBLEM_LINE] = "";
        arena_init(&arena);
        struct slice json = arena_copy(&arena, slice_of(rows[i].json));
        for (char *at = (char *)json.data; *at; at++)
            *at = *at == '\'' ? '"' : *at;
        cr_assert(json_reader_init(&r, json, "s", &arena, &problem), "%s", problem.what);
        if (!style_check(&r, r.root))
            problem_line(&problem, line);
        cr_expect_str_eq(line, rows[i].line, "%s", line);
        json_reader_finish(&r);
        arena_finish(&arena);
    }
}
