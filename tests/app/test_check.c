/*
 * mailflow check on a course's files: what is wrong is found before a class finds it, at its place
 * in the file. A lesson is tried, not only read.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/arena.h"
#include "support_app.h"

static char folder[64];

static void begin(void)
{
    cr_assert_eq(chdir(SOURCE_DIR), 0);
    snprintf(folder, sizeof folder, "/tmp/mailflow-check-XXXXXX");
    cr_assert_not_null(mkdtemp(folder));
}

static void end(void)
{
    static const char *const left[] = {"N1.json", "quiz/N1.json", "quiz", "w.json", "one.json"};
    char path[128];
    for (size_t i = 0; i < sizeof left / sizeof *left; i++) {
        snprintf(path, sizeof path, "%s/%s", folder, left[i]);
        remove(path);
    }
    rmdir(folder);
}

/* The file's text; an empty one when it is not there. */
static struct slice read_all(struct arena *arena, const char *path)
{
    FILE *in = fopen(path, "rb");
    char *text = arena_take(arena, 1 << 16);
    size_t size = in ? fread(text, 1, (1 << 16) - 1, in) : 0;
    if (in)
        fclose(in);
    return (struct slice){text, size};
}

static void write_all(const char *path, struct slice text)
{
    FILE *out = fopen(path, "wb");
    cr_assert_not_null(out, "%s", path);
    fwrite(text.data, 1, text.size, out);
    fclose(out);
}

static const char *in_folder(struct arena *arena, const char *name)
{
    return arena_printf(arena, "%s/%s", folder, name).data;
}

static struct slice changed(struct arena *arena, struct slice text, const char *from,
                            const char *to)
{
    size_t at = slice_find(text, slice_of(from), 0);
    cr_assert_neq(at, SLICE_NONE, "%s", from);
    const struct slice parts[] = {slice_part(text, 0, at), slice_of(to),
                                  slice_part(text, at + strlen(from), text.size)};
    return arena_join(arena, parts, 3);
}

/* What check says of the file, without the folder. */
static const char *complaint(struct arena *arena, const char *path)
{
    struct support_result r = SUPPORT_RUN("check", path);
    bool has_folder = slice_starts(slice_of(r.err), slice_of(folder));
    const char *said =
        arena_printf(arena, "%s", r.err + (has_folder ? strlen(folder) + 1 : 0)).data;
    cr_expect_eq(r.status, r.err[0] ? 2 : 0);
    support_free(&r);
    return said;
}

struct change {
    const char *from, *to, *says;
};

static void expect_changes(const char *path, const struct change *changes, size_t count)
{
    struct arena arena;
    arena_init(&arena);
    struct slice good = read_all(&arena, path);
    for (size_t i = 0; i < count; i++) {
        write_all(path, changed(&arena, good, changes[i].from, changes[i].to));
        const char *said = complaint(&arena, path);
        struct slice wanted = slice_of(changes[i].says);
        cr_expect(wanted.size ? slice_starts(slice_of(said), wanted) : !said[0],
                  "%s\n  %snot\n  %s", changes[i].to, said, changes[i].says);
    }
    write_all(path, good);
    arena_finish(&arena);
}

#define EXPECT_CHANGES(path, changes)                                                              \
    expect_changes(path, changes, sizeof changes / sizeof *changes)

static const char *new_lesson(struct arena *arena)
{
    const char *path = in_folder(arena, "N1.json");
    struct support_result r = SUPPORT_RUN("lesson", "new", "N1", "-o", path);
    cr_assert_eq(r.status, 0, "%s", r.err);
    support_free(&r);
    return path;
}

Test(check, a_new_lesson_is_good, .init = begin, .fini = end)
{
    struct arena arena;
    arena_init(&arena);
    const char *path = new_lesson(&arena);
    struct support_result r = SUPPORT_RUN("check", path);
    cr_expect_eq(r.status, 0, "%s", r.err);
    cr_expect(
        strstr(r.out, "N1.json: ok, lesson N1: 4 steps, 3 checks, solved in 2 ways, 3 mistakes"),
        "%s", r.out);
    support_free(&r);
    r = SUPPORT_RUN("lesson", "new", "N1", "-o", path);
    cr_expect_eq(r.status, 2, "what is there is not written over");
    support_free(&r);
    r = SUPPORT_RUN("lesson", "new", "../N1");
    cr_expect_eq(r.status, 2);
    cr_expect(strstr(r.err, "is no id"), "%s", r.err);
    support_free(&r);
    r = SUPPORT_RUN("lesson", "new", "N2", "-o", "-");
    cr_expect(r.status == 0 && strstr(r.out, "\"id\": \"N2\""));
    support_free(&r);
    arena_finish(&arena);
}

Test(check, what_a_lesson_says_is_tried, .init = begin, .fini = end)
{
    static const struct change changes[] = {
        {"\"two-towns\"", "\"two-town\"",
         "N1.json:9:15: the topology can't be made: there is no file and no topology \"two-town\"; "
         "did you mean two-towns?"},
        {"\"two-towns\"", "{\"format\": 1,\n \"hosts\": [{\"id\": \"a b\"}]}",
         "N1.json:10:19: bad id \"a b\" (hosts[0].id), expected an id"},
        {"\"two-towns\"", "{\"use\": \"two-towns\", \"patch\": [\"host add x\"]}",
         "N1.json:9:15: the topology can't be made: \"host add x\": missing key \"name\""},
        {"[\"fault pc-bob-off on\"]", "[\"fault pc-bob-of on\"]",
         "N1.json:22:41: the lesson's own solution can't be done: step f1: "},
        {"[\"fault pc-bob-off on\"]", "[\"wait\"]",
         "N1.json:22:41: the lesson's own solution can't be done: step f1: unknown action "
         "\"wait\""},
        {"[\"fault pc-bob-off on\"]", "[]",
         "N1.json:39:5: the lesson's own solution does not pass this: C2 (there is no deliver{"},
        {"during=\\\"pc-bob-off\\\"", "at=\\\"mx3\\\"",
         "N1.json:39:55: unknown host or agent \"mx3\"; did you mean \"mx1\"? (checks[1].expr)"},
        {"during=\\\"pc-bob-off\\\"", "during=\\\"bob-off\\\"",
         "N1.json:39:59: unknown fault or phase \"bob-off\"; did you mean \"pc-bob-off\"?"},
        {"[\"pc-bob-off\"]", "[\"pc-bob-on\"]",
         "N1.json:22:16: unknown name \"pc-bob-on\" (steps[1].allow[0])"},
        {"exists(deliver{msg=$M, during=\\\"pc-bob-off\\\"})", "never(crash{at=\\\"mx1\\\"})",
         "N1.json:1:1: who does nothing gets points"},
        {"\"fails\": [\"C2\"]", "\"fails\": [\"C1\", \"C2\"]",
         "N1.json:51:5: this way passes what it should fail: C1 (ways[1])"},
        {"\"fails\": [\"C2\"]", "\"fails\": [\"C1\"]",
         "N1.json:51:5: this way passes what it should fail: C1 (ways[1])"},
        {"\"says\": \"Switch Bob's computer off\"", "\"says\": \"Switch it off\"",
         "N1.json:51:5: nobody tells the learner on this way: Switch it off (ways[1])"},
        {"\"run 1min\",", "\"run one minute\",",
         "N1.json:49:58: this way can't be done: step s1: \"run one minute\""},
        {"\"needs\": [\"L01\"]", "\"needs\": [\"L01\", \"L99\"]",
         "N1.json:8:20: unknown lesson \"L99\" (needs[1])"},
        {"\"sources\"", "\"quiz\": [\"Q1\"], \"sources\"",
         "N1.json:65:12: unknown question \"Q1\" (quiz[0]), expected a bank of this lesson"},
        {"Nobody has refused it.", "One. Two. Three.", "N1.json:20:50: more than 2 sentences"},
    };
    struct arena arena;
    arena_init(&arena);
    EXPECT_CHANGES(new_lesson(&arena), changes);
    arena_finish(&arena);
}

static const char bank[] =
    "{\"format\": 1, \"bank\": \"N1\", \"questions\": [\n"
    " {\"id\": \"Q1\", \"rev\": 1, \"lesson\": \"N1\", \"type\": \"tf\", \"level\": 1,\n"
    "  \"topics\": [\"stores\"], \"sources\": [\"RFC 5598 4.2.2\"],\n"
    "  \"scene\": {\"lesson\": \"L01\", \"at\": \"end\"},\n"
    "  \"proof\": \"exists(deliver{at=\\\"mx1\\\"})\",\n"
    "  \"prompt\": \"It is delivered.\", \"right\": true,\n"
    "  \"fb\": {\"true\": \"It is.\", \"false\": \"Look at `mx1`.\"}}]}\n";

Test(check, a_key_is_held_to_the_run_that_it_points_at, .init = begin, .fini = end)
{
    static const struct change changes[] = {
        {"exists(", "never(", "N1.json:5:12: the run contradicts the key: there is deliver{"},
        {"mx1\\\"})", "mx3\\\"})", "N1.json:5:33: unknown host or agent \"mx3\""},
        {"exists(", "exist(", "N1.json:5:13: unknown function \"exist\"; did you mean \"exists\"?"},
        {"at=\\\"mx1\\\"", "during=\\\"s2\\\"", ""},
        {"at=\\\"mx1\\\"", "during=\\\"p1\\\"",
         "N1.json:5:12: the run contradicts the key: there is no deliver{during=\"p1\"}; the one "
         "that "
         "comes nearest is not during \"p1\""},
        {"at=\\\"mx1\\\"", "during=\\\"s9\\\"", "N1.json:5:37: unknown fault or phase \"s9\""},
        {"\"at\": \"end\"", "\"at\": \"after:x9\"", "N1.json:4:12: no such run: "},
        {", \"right\": true", "", "N1.json:2:2: missing key \"right\""},
        {"Look at", "Simply look at", "N1.json:7:38: \"simply\", which is not to be said here"},
    };
    struct arena arena;
    arena_init(&arena);
    const char *path = in_folder(&arena, "N1.json");
    write_all(path, slice_of(bank));
    cr_expect_str_eq(complaint(&arena, path), "");
    EXPECT_CHANGES(path, changes);
    arena_finish(&arena);
}

/* A bank beside the lesson has its questions. */
Test(check, a_lesson_s_questions_are_in_its_bank, .init = begin, .fini = end)
{
    static const struct change changes[] = {
        {"\"sources\"", "\"quiz\": [\"Q1\"], \"sources\"", ""},
        {"\"sources\"", "\"quiz\": [\"Q1\", \"Q2\"], \"sources\"",
         "N1.json:65:18: unknown question \"Q2\" (quiz[1]), expected the id of a question of its "
         "bank"},
    };
    struct arena arena;
    arena_init(&arena);
    cr_assert_eq(mkdir(in_folder(&arena, "quiz"), 0700), 0);
    write_all(in_folder(&arena, "quiz/N1.json"), slice_of(bank));
    EXPECT_CHANGES(new_lesson(&arena), changes);
    /* and the bank's questions may ask for the run of the lesson beside it */
    struct slice beside = changed(&arena, slice_of(bank), "\"lesson\": \"L01\", ", "");
    write_all(in_folder(&arena, "quiz/N1.json"), beside);
    cr_expect_str_eq(complaint(&arena, in_folder(&arena, "quiz/N1.json")), "");
    arena_finish(&arena);
}

Test(check, a_file_is_known_by_what_is_in_it, .init = begin, .fini = end)
{
    static const struct {
        const char *json, *says;
    } rows[] = {
        {"{\"format\": 1, \"mailflow\": \"work\", \"lesson\": \"L07\", \"seed\": \"1\", "
         "\"attempts\": "
         "[]}",
         "ok, work on L07: 0 attempts, 0 replies"},
        {"{\"format\": 1, \"mailflow\": \"work\", \"lesson\": 7}", "one.json:1:"},
        {"{\"format\": 1, \"steps\": []}", "missing key \"id\""},
        {"{\"format\": 1, \"questions\": []}", "missing key \"bank\""},
        {"{\"format\": 1, \"hosts\": {\"steps\": []}}", "wrong type: object (hosts)"},
        {"{\"format\": 1,", "broken JSON"},
        {"[]", "wrong type: list"},
        {"", "broken JSON"},
    };
    struct arena arena;
    arena_init(&arena);
    const char *path = in_folder(&arena, "one.json");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        write_all(path, slice_of(rows[i].json));
        struct support_result r = SUPPORT_RUN("check", path);
        cr_expect(strstr(r.status ? r.err : r.out, rows[i].says), "%s: %s%s", rows[i].json, r.out,
                  r.err);
        support_free(&r);
    }
    arena_finish(&arena);
}
