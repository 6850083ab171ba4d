#include "lessons/lesson.h"

#include <criterion/criterion.h>

#include <stdio.h>
#include <stdlib.h>

#include "lessons/bank.h"
#include "lessons/lesson_part.h"
#include "lessons/lesson_schema.h"
#include "lessons/predicate_part.h"
#include "lessons/style.h"
#include "tests/lessons/support_lesson.h"

static struct lesson lesson;
static struct problem problem;

static void begin(void)
{
    problem = (struct problem){0};
    cr_assert(lesson_read(&lesson, slice_of(support_lesson), "l.json", &problem), "%s",
              problem.what);
}

static void end(void)
{
    lesson_finish(&lesson);
}

#define EXPECT_TEXT(slice_, text_)                                                                 \
    cr_expect(slice_equal(slice_, slice_of(text_)), "%.*s", SLICE_ARG(slice_))

Test(lesson, is_what_its_file_says, .init = begin, .fini = end)
{
    EXPECT_TEXT(lesson.id, "L90");
    EXPECT_TEXT(lesson.objective, "You can send.");
    EXPECT_TEXT(lesson.needs.items[0], "L01");
    EXPECT_TEXT(lesson.sources.items[0], "RFC 5321");
    cr_expect_eq(lesson.minutes, 5);
    cr_expect_eq(lesson.pass_percent, 70);
    cr_assert_eq(lesson.scene_count, 1);
    const struct lesson_scene *scene = lesson.scenes;
    EXPECT_TEXT(scene->id, "L90");
    EXPECT_TEXT(scene->use, "two-towns");
    EXPECT_TEXT(scene->patch.items[0], "set mx1 quota=5");
    cr_assert_eq(scene->step_count, 3);
    const struct lesson_step *step = lesson_find_step(scene, SLICE("r1"));
    cr_assert_not_null(step);
    cr_expect_eq(step->kind, LESSON_RUN);
    cr_expect_eq(step->bind.count, 2);
    EXPECT_TEXT(step->bind.items[1], "M3");
    EXPECT_TEXT(step->setup.items[0], "fault down on");
    cr_expect_not_null(step->unlocked);
    cr_expect_not_null(scene->steps[0].ask);
    cr_assert_eq(scene->check_count, 2);
    cr_expect_eq(scene->checks[0].points, 2);
    cr_expect_eq(scene->checks[1].points, 1);
    EXPECT_TEXT(scene->ways[0].fails.items[1], "C2");
    EXPECT_TEXT(scene->ways[0].says, "Send it");
    cr_expect_null(lesson_find_step(scene, SLICE("r2")));
}

/* Names of kinds in the order of the enum: a word of the file becomes its kind by its place. */
Test(lesson, knows_every_kind_of_step)
{
    for (int kind = LESSON_SEND; kind < LESSON_STEP_KINDS; kind++) {
        struct arena arena;
        arena_init(&arena);
        const char *to =
            arena_printf(&arena, "\"kind\": \"%s\"", lesson_step_kind_names[kind]).data;
        struct slice json = support_lesson_with(&arena, "\"kind\": \"SEND\"", to);
        cr_assert(lesson_read(&lesson, json, "l.json", &problem), "%s", problem.what);
        cr_expect_eq((int)lesson.scenes[0].steps[1].kind, kind, "%s", to);
        lesson_finish(&lesson);
        arena_finish(&arena);
    }
}

/* ---- topologies ---- */

/* A topology inside of a lesson keeps its lines and columns, also behind letters of two octets. */
Test(lesson, an_inline_topology_stands_where_it_stood)
{
    static const char inside[] = "{\"hosts\": [],\n \"x\": 1}";
    struct arena arena;
    arena_init(&arena);
    struct slice json = support_lesson_with(
        &arena, "\"topology\": {\"use\": \"two-towns\", \"patch\": [\"set mx1 quota=5\"]}",
        "\"notes\": \"\303\251\", \"topology\": {\"hosts\": [],\n \"x\": 1}");
    cr_assert(lesson_read(&lesson, json, "l.json", &problem), "%s", problem.what);
    struct slice found = lesson.scenes[0].inline_json, blank = SLICE("\n\n\n");
    cr_expect_eq(lesson.scenes[0].use.size, 0);
    cr_assert(slice_ends(found, slice_of(inside)), "%.*s", SLICE_ARG(found));
    struct slice before = slice_part(found, 0, found.size - strlen(inside));
    size_t last = slice_find(before, SLICE("\n"), 70) + 1;
    cr_expect_eq(before.size - last, strlen("  \"notes\": \"e\", \"topology\": "));
    for (size_t i = 0, lines = 0; i < before.size; i++) {
        lines += before.data[i] == '\n';
        cr_expect(before.data[i] == ' ' || (before.data[i] == '\n' && lines <= blank.size));
    }
    lesson_finish(&lesson);
    arena_finish(&arena);
}

/* ---- scenes ---- */

static const char exam[] =
    "{\"format\": 1, \"id\": \"L91\", \"title\": \"E\", \"objective\": \"O\", \"minutes\": 9,"
    "\"pass_percent\": 60, \"draw\": 2, \"scenes\": [SCENES]}";
static const char ticket[] =
    "{\"id\": \"X%d\", \"title\": \"T\", \"complaint\": \"It is slow.\", \"topology\": \"t24\","
    "\"steps\": [{\"id\": \"s\", \"kind\": \"CONFIG\", \"text\": \"Mend.\", \"bind\": \"M\"}],"
    "\"checks\": [{\"id\": \"C%d\", \"expr\": \"did(\\\"s\\\")\", \"pass\": \"P\", \"fail\": "
    "\"F\"}]}";

static struct slice exam_of(struct arena *arena, int tickets)
{
    struct slice all = slice_of(exam), scenes = SLICE("");
    size_t at = slice_find(all, SLICE("SCENES"), 0);
    for (int i = 0; i < tickets; i++) {
        struct slice text = slice_of(ticket);
        size_t id = slice_find(text, SLICE("%d"), 0), check = slice_find(text, SLICE("%d"), id + 1);
        scenes = arena_printf(arena, "%.*s%s%.*s%d%.*s%d%.*s", SLICE_ARG(scenes), i ? "," : "",
                              SLICE_ARG(slice_part(text, 0, id)), i,
                              SLICE_ARG(slice_part(text, id + 2, check)), i,
                              SLICE_ARG(slice_part(text, check + 2, text.size)));
    }
    return arena_printf(arena, "%.*s%.*s%.*s", SLICE_ARG(slice_part(all, 0, at)), SLICE_ARG(scenes),
                        SLICE_ARG(slice_part(all, at + 6, all.size)));
}

/* A class shares a seed and so an exam; another seed is another one. */
Test(lesson, an_exam_draws_tickets_by_its_seed)
{
    const struct lesson_scene *first[LESSON_SCENES_MAX], *again[LESSON_SCENES_MAX];
    unsigned drawn_at_all = 0;
    struct arena arena;
    arena_init(&arena);
    cr_assert(lesson_read(&lesson, exam_of(&arena, 6), "e.json", &problem), "%s", problem.what);
    cr_expect_eq(lesson.scene_count, 6);
    EXPECT_TEXT(lesson.scenes[3].complaint, "It is slow.");
    for (uint64_t seed = 0; seed < 100; seed++) {
        cr_assert_eq(lesson_scenes(&lesson, seed, first), 2);
        cr_assert_eq(lesson_scenes(&lesson, seed, again), 2);
        cr_expect(first[0] == again[0] && first[1] == again[1]);
        cr_expect_neq(first[0], first[1]);
        drawn_at_all |= 1u << (first[0] - lesson.scenes) | 1u << (first[1] - lesson.scenes);
    }
    cr_expect_eq(drawn_at_all, 0x3F, "each ticket comes now and then");
    lesson.draw = 0;
    cr_assert_eq(lesson_scenes(&lesson, 7, first), 6);
    for (size_t i = 0; i < 6; i++)
        cr_expect_eq(first[i], &lesson.scenes[i]);
    lesson_finish(&lesson);
    arena_finish(&arena);
}

Test(lesson, has_at_least_one_scene)
{
    struct arena arena;
    char line[PROBLEM_LINE];
    arena_init(&arena);
    support_lesson_problem(exam_of(&arena, 0), line);
    cr_expect_str_eq(line, "l.json:1:114: an empty list (scenes), expected at least one scene");
    arena_finish(&arena);
}

Test(lesson, scenes_have_what_the_lesson_then_has_not)
{
    static const struct {
        const char *from, *to, *line;
    } rows[] = {
        {"\"draw\": 2", "\"draw\": 2, \"setup\": \"fault x on\"",
         "key \"setup\" beside \"scenes\" (setup), expected it in the scenes"},
        {"\"draw\": 2", "\"draw\": 4",
         "more drawn than there are (draw), expected at most as many"},
        {"\"X1\"", "\"X0\"", "scene \"X0\" twice (scenes[1].id), expected one of its own"},
        {"\"C1\"", "\"C0\"",
         "check \"C0\" twice (scenes[1].checks[0].id), expected one of its own"},
        {"\"topology\": \"t24\",", "", "missing key \"topology\" (scenes[0])"},
    };
    struct arena arena;
    arena_init(&arena);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char line[PROBLEM_LINE];
        struct slice all = exam_of(&arena, 3);
        size_t at = slice_find(all, slice_of(rows[i].from), 0);
        cr_assert_neq(at, SLICE_NONE);
        struct slice parts[] = {slice_part(all, 0, at), slice_of(rows[i].to),
                                slice_part(all, at + strlen(rows[i].from), all.size)};
        support_lesson_problem(arena_join(&arena, parts, 3), line);
        cr_expect_neq(slice_find(slice_of(line), slice_of(rows[i].line), 0), SLICE_NONE, "%s",
                      line);
    }
    arena_finish(&arena);
}

/* ---- names ---- */

static struct log trace;

static uint32_t text(const char *s)
{
    return log_intern(&trace, slice_of(s));
}

#define ADD(KIND, kind, ...)                                                                       \
    log_add(&trace, 0, 0, EVENT_##KIND, 0, &(struct event_##kind){__VA_ARGS__})

static void write_run(void)
{
    log_init(&trace);
    ADD(RUN, run, text("test"), text("1"), 0, text(""));
    ADD(TOPOLOGY, topology, text("{\"hosts\":[],\"faults\":[{\"id\":\"down\"}]}"));
    ADD(HOST, host, text("out"), text("out.example.com"), text("192.0.2.1"), 0, 0, 0);
    ADD(HOST, host, text("mx1"), text("mx1.example.org"), text("192.0.2.2"), 0, 0, 0);
    ADD(HOST, host, text("pc"), text("pc.example.com"), text("192.0.2.3"), 0, 0, 0);
}

static const struct slice keys[] = {{"retry", 5}, {"policy", 6}};
static const struct predicate_names settings = {keys, 2, true};

/* A name that a run does not have shows at its very character, behind all escapes before it. */
Test(lesson, names_are_looked_up_in_a_run)
{
    static const struct {
        const char *from, *to, *line;
    } rows[] = {
        {"queue(\\\"mx1\\\")", "queue(\\\"mx11\\\")",
         "l.json:13:48: unknown host or agent \"mx11\"; did you mean \"mx1\"? (steps[2].unlock)"},
        {"did(\\\"s1\\\")", "\\\"\\u00e9\\\" == \\\"\\\" or exists(accept{at=\\\"outt\\\"})",
         "l.json:17:68: unknown host or agent \"outt\"; did you mean \"out\"? (checks[1].expr)"},
        {"did(\\\"s1\\\")", "exists(deliver{during=\\\"dwn\\\"})",
         "l.json:17:51: unknown fault or phase \"dwn\"; did you mean \"down\"? (checks[1].expr)"},
        {"did(\\\"s1\\\")", "exists(deliver{during=\\\"after-s2\\\"})",
         "l.json:17:51: unknown fault or phase \"after-s2\"; did you mean \"after-s1\"? "
         "(checks[1].expr)"},
        {"did(\\\"s1\\\")", "conf(\\\"out\\\", \\\"polcy\\\") == true",
         "l.json:17:43: unknown setting \"polcy\"; did you mean \"policy\"? (checks[1].expr)"},
        {"\"kind\": \"SEND\"",
         "\"at\": [\"exists(accept{})\", \"exists(accept{at=\\\"outt\\\"})\"], \"kind\": \"SEND\"",
         "l.json:10:65: unknown host or agent \"outt\"; did you mean \"out\"? (steps[1].at[1])"},
        {"\"out:mx1\"", "\"out:mx9\"",
         "l.json:11:22: unknown name \"out:mx9\" (steps[1].allow[1]), expected the id of a host, "
         "an agent, a fault or a link"},
    };
    write_run();
    begin();
    cr_expect(lesson_check_names(&lesson, lesson.scenes, &trace, &settings, &problem), "%s",
              problem.what);
    end();
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct arena arena;
        char line[PROBLEM_LINE];
        arena_init(&arena);
        struct slice json = support_lesson_with(&arena, rows[i].from, rows[i].to);
        cr_assert(lesson_read(&lesson, json, "l.json", &problem), "%s", problem.what);
        cr_expect_not(lesson_check_names(&lesson, lesson.scenes, &trace, &settings, &problem));
        cr_expect_str_eq(problem_line(&problem, line), rows[i].line, "%s\nnot\n%s", line,
                         rows[i].line);
        lesson_finish(&lesson);
        arena_finish(&arena);
    }
    log_finish(&trace);
}

/* ---- what is published about it ---- */

static bool says(struct slice doc, const char *before, const char *word, const char *behind)
{
    struct arena arena;
    arena_init(&arena);
    struct slice text = arena_printf(&arena, "%s%s%s", before, word, behind);
    bool is_there = slice_find(doc, text, 0) != SLICE_NONE;
    arena_finish(&arena);
    return is_there;
}

Test(lesson, the_documentation_names_every_key_function_and_kind)
{
    static const struct shape *const shapes[] = {&lesson_shape,      &lesson_scene_shape,
                                                 &lesson_step_shape, &lesson_check_shape,
                                                 &lesson_way_shape,  &lesson_use_shape};
    struct arena arena;
    arena_init(&arena);
    struct slice doc = support_lesson_file(&arena, "docs/write-a-lesson.md");
    for (size_t i = 0; i < sizeof shapes / sizeof *shapes; i++)
        for (size_t k = 0; k < shapes[i]->key_count; k++) {
            const char *key = shapes[i]->keys[k].name;
            cr_expect(says(doc, "`", key, "`") || says(doc, "\"", key, "\""), "%s", key);
        }
    for (size_t i = 0; i < predicate_function_count; i++)
        cr_expect(says(doc, "`", predicate_functions[i].name, "("), "%s",
                  predicate_functions[i].name);
    for (int i = 0; i < LESSON_STEP_KINDS; i++)
        cr_expect(says(doc, "", lesson_step_kind_names[i], " ("), "%s", lesson_step_kind_names[i]);
    arena_finish(&arena);
}

/* Who copies them has a lesson and a bank. */
Test(lesson, the_examples_of_the_documentation_are_good)
{
    static const struct slice begin_mark = {"```json\n", 8}, end_mark = {"```\n", 4};
    struct bank bank;
    struct arena arena;
    arena_init(&arena);
    struct slice doc = support_lesson_file(&arena, "docs/write-a-lesson.md");
    size_t from = slice_find(doc, begin_mark, 0) + begin_mark.size;
    size_t to = slice_find(doc, end_mark, from);
    cr_assert(to != SLICE_NONE);
    cr_assert(lesson_read(&lesson, slice_part(doc, from, to), "doc", &problem), "%s", problem.what);
    cr_expect(lesson_check_style(&lesson, &problem), "%s", problem.what);
    lesson_finish(&lesson);
    from = slice_find(doc, begin_mark, to) + begin_mark.size;
    to = slice_find(doc, end_mark, from);
    cr_assert(to != SLICE_NONE);
    cr_assert(bank_read(&bank, slice_part(doc, from, to), "doc", &problem), "%s", problem.what);
    bank.reader.problem = &problem;
    cr_expect(style_check(&bank.reader, bank.reader.root), "%s", problem.what);
    bank_finish(&bank);
    arena_finish(&arena);
}

enum { SCHEMA_MAX = 1024 * 1024 };

/* With MAILFLOW_WRITE set in the environment the file is written anew instead of compared. */
Test(lesson, the_published_schema_is_fresh)
{
    struct arena arena;
    struct bytes printed;
    arena_init(&arena);
    bytes_init(&printed, SCHEMA_MAX);
    cr_assert(lesson_schema_print(&printed));
    if (getenv("MAILFLOW_WRITE")) {
        FILE *file = fopen(SOURCE_DIR "/lessons/schema.json", "wb");
        cr_assert_not_null(file);
        fwrite(bytes_slice(&printed).data, 1, bytes_size(&printed), file);
        fclose(file);
    }
    cr_expect(
        slice_equal(bytes_slice(&printed), support_lesson_file(&arena, "lessons/schema.json")),
        "lessons/schema.json is out of date: run this test once with MAILFLOW_WRITE=1");
    bytes_finish(&printed);
    bytes_init(&printed, 100);
    cr_expect_not(lesson_schema_print(&printed), "there is no room");
    bytes_finish(&printed);
    arena_finish(&arena);
}

/* What comes of a prediction is told when it has been seen, and that may be said. */
Test(lesson, a_prediction_is_seen_by_the_first_run_or_where_it_says)
{
    struct arena arena;
    arena_init(&arena);
    begin();
    cr_expect_eq(lesson_block_end(lesson.scenes, 0), 3);
    cr_expect_eq(lesson_seen_by(lesson.scenes, 0), 2, "the run");
    end();
    const char kind[] = "\"kind\": \"PREDICT\"";
    static const struct {
        const char *seen, *line;
    } rows[] = {
        {"s1", NULL}, {"p1", "\"p1\" shows nothing of it"}, {"s9", "\"s9\" shows nothing of it"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char to[80], line[PROBLEM_LINE];
        snprintf(to, sizeof to, "%s, \"seen\": \"%s\"", kind, rows[i].seen);
        bool ok = lesson_read(&lesson, support_lesson_with(&arena, kind, to), "l.json", &problem);
        cr_expect_eq(ok, !rows[i].line);
        if (!ok)
            cr_expect(strstr(problem_line(&problem, line), rows[i].line), "%s", line);
        else
            cr_expect_eq(lesson_seen_by(lesson.scenes, 0), 1);
        if (ok)
            lesson_finish(&lesson);
    }
    arena_finish(&arena);
}
