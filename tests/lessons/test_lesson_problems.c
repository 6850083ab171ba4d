/* What a person reads who has slipped in a lesson file: where, what, and what was expected. */
#include "lessons/lesson.h"

#include <criterion/criterion.h>

#include <stdlib.h>

#include "tests/lessons/support_lesson.h"

struct change {
    const char *from, *to, *line;
};

static void expect_problems(const struct change *changes, size_t count)
{
    struct arena arena;
    char line[PROBLEM_LINE];
    arena_init(&arena);
    cr_expect_str_eq(support_lesson_problem(slice_of(support_lesson), line), "", "%s", line);
    for (size_t i = 0; i < count; i++) {
        struct slice json = support_lesson_with(&arena, changes[i].from, changes[i].to);
        support_lesson_problem(json, line);
        cr_expect_str_eq(line, changes[i].line, "%s ->\n  %s\nnot\n  %s", changes[i].to, line,
                         changes[i].line);
    }
    arena_finish(&arena);
}

#define EXPECT_PROBLEMS(changes) expect_problems(changes, sizeof changes / sizeof *changes)

Test(lesson_problems, keys_and_values_are_those_of_the_format)
{
    static const struct change changes[] = {
        {"\"minutes\": 5,", "\"minuts\": 5,",
         "l.json:3:33: unknown key \"minuts\" (minuts), expected one of $schema, format, id, "
         "title, objective, sealed, minutes, needs, pass_percent, draw, topology, setup, watch, "
         "scenes, "
         "steps, checks, ways, quiz, covers, sources, notes; did you mean \"minutes\"?"},
        {"\"minutes\": 5", "\"minutes\": 0",
         "l.json:3:44: number out of range: 0 (minutes), expected a whole number from 1 to 600"},
        {"\"kind\": \"SEND\"", "\"kind\": \"SENT\"",
         "l.json:10:26: unknown kind \"SENT\" (steps[1].kind), expected one of PREDICT, SEND, "
         "RUN, FAULT, CONFIG, READ, TYPE, CLICK, ACT; did you mean \"SEND\"?"},
        {"\"text\": \"Write to Bob.\", ", "",
         "l.json:10:5: missing key \"text\" (steps[1]), expected a text of 1 to 2000 octets "
         "without "
         "control characters"},
        {"\"allow\": [\"pc\", \"out:mx1\"]", "\"allow\": [\"pc\", 1]",
         "l.json:11:22: wrong type: number (steps[1].allow[1]), expected a text"},
        {"\"allow\": [\"pc\", \"out:mx1\"]", "\"allow\": {}",
         "l.json:11:15: wrong type: object (steps[1].allow), expected a text or a list of texts"},
        {"\"solve\": [\"send", "\"solve\": [\"\", \"send",
         "l.json:11:44: empty text (steps[1].solve[0]), expected a line of text"},
        {"\"steps\": [", "\"steps\": [], \"watch\": [",
         "l.json:6:16: key \"watch\" twice in one object (watch)"},
    };
    EXPECT_PROBLEMS(changes);
}

Test(lesson_problems, parts_fit_each_other)
{
    static const struct change changes[] = {
        {"\"id\": \"s1\"", "\"id\": \"p1\"",
         "l.json:10:12: step \"p1\" twice (steps[1].id), expected one of its own"},
        {"[\"M2\", \"M3\"]", "[\"M2\", \"M2\"]",
         "l.json:12:65: variable \"M2\" twice (steps[2].bind[1]), expected one of its own"},
        {"[\"M2\", \"M3\"]", "\"M\"",
         "l.json:12:58: variable \"M\" twice (steps[2].bind), expected one of its own"},
        {"[\"M2\", \"M3\"]", "\"$M2\"",
         "l.json:12:58: bad name \"$M2\" (steps[2].bind), expected a name such as M2"},
        {"\"id\": \"C2\"", "\"id\": \"C1\"",
         "l.json:17:12: check \"C1\" twice (checks[1].id), expected one of its own"},
        {"\"fails\": [\"C1\", \"C2\"]", "\"fails\": [\"C1\", \"C3\"]",
         "l.json:19:22: unknown check \"C3\" (ways[0].fails[1]), expected the id of a check of "
         "this scene; did you mean \"C1\"?"},
        {", \"says\": \"Send it\"", "",
         "l.json:18:12: a mistake without a word about it (ways[0]), expected \"says\": what the "
         "learner is told"},
        {"\"kind\": \"SEND\"", "\"kind\": \"PREDICT\"",
         "l.json:10:5: nothing to predict (steps[1]), expected a question in \"predict\""},
        {"\"minutes\": 5", "\"minutes\": 5, \"draw\": 2",
         "l.json:3:47: nothing to draw from (draw), expected \"scenes\""},
        {"\"use\": \"two-towns\", ", "\"use\": \"two-towns\", \"add\": 1, ",
         "l.json:4:36: unknown key \"add\" (topology.add), expected one of use, patch"},
        {"\"topology\": {\"use\": \"two-towns\", \"patch\": [\"set mx1 quota=5\"]},", "",
         "l.json:1:1: missing key \"topology\" (the top level), expected a topology's name, "
         "{\"use\": ...} or a whole topology"},
    };
    EXPECT_PROBLEMS(changes);
}

Test(lesson_problems, what_a_class_looks_at_is_a_panel_and_a_moment)
{
    static const struct change changes[] = {
        {"\"text\": \"Write to Bob.\", ", "\"text\": \"Write.\", \"look\": \"heder\", ",
         "l.json:10:60: unknown panel \"heder\" (steps[1].look), expected a panel such as header, "
         "ladder, dns or mail; did you mean \"header\"?"},
        {"\"text\": \"Write to Bob.\", ", "\"text\": \"Write.\", \"look\": \"dns mx1\", ",
         "l.json:10:60: nobody's panel: \"dns\" (steps[1].look), expected a host behind host, "
         "console and mail"},
        {"\"text\": \"Write to Bob.\", ", "\"text\": \"Write.\", \"at\": \"exists(accpt{})\", ",
         "l.json:10:66: unknown event \"accpt\"; did you mean \"accept\"? (steps[1].at)"},
    };
    EXPECT_PROBLEMS(changes);
}

Test(lesson_problems, a_slip_in_a_check_is_shown_at_its_character)
{
    static const struct change changes[] = {
        {"did(\\\"s1\\\")", "dd(\\\"s1\\\")",
         "l.json:17:27: unknown function \"dd\"; did you mean \"did\"? (checks[1].expr)"},
        {"did(\\\"s1\\\")", "did(\\\"s2\\\")",
         "l.json:17:33: unknown step \"s2\"; did you mean \"s1\"? (checks[1].expr)"},
        {"correct(\\\"p1\\\")", "correct(\\\"s1\\\")",
         "l.json:15:73: step \"s1\" asks nothing (checks[0].expr)"},
        {"did(\\\"s1\\\")", "in($N, \\\"b@x/INBOX\\\")",
         "l.json:17:30: unknown message, which no step binds: \"N\" (checks[1].expr)"},
        {"did(\\\"s1\\\")", "exists(delivr{msg=$M})",
         "l.json:17:34: unknown event \"delivr\"; did you mean \"deliver\"? (checks[1].expr)"},
        {"did(\\\"s1\\\")", "exists(deliver{mgs=$M})",
         "l.json:17:42: unknown field of deliver \"mgs\" (checks[1].expr)"},
        {"did(\\\"s1\\\")", "\\\"\\uD83D\\uDE00\\\\\\\\\\\" == \\\"\\\" or nope",
         "l.json:17:59: expected ( or { behind \"nope\" (checks[1].expr)"},
        {"did(\\\"s1\\\")", "did(\\\"s1\\\") and",
         "l.json:17:42: expected a value, not the end (checks[1].expr)"},
    };
    EXPECT_PROBLEMS(changes);
}

/* Hostile: whatever is cut off or put in, there is one clear word and nothing worse. */
Test(lesson_problems, every_cut_is_refused)
{
    char line[PROBLEM_LINE];
    struct slice all = slice_of(support_lesson);
    for (size_t size = 0; size < all.size - 2; size++) {
        support_lesson_problem(slice_part(all, 0, size), line);
        cr_expect(line[0], "%zu octets of it", size);
    }
}

Test(lesson_problems, no_octet_in_place_of_another_does_harm)
{
    static const char octets[] = "\"{}[],:0 x\\\377";
    char copy[4096], line[PROBLEM_LINE];
    struct slice all = slice_of(support_lesson);
    cr_assert_lt(all.size, sizeof copy);
    for (size_t i = 0; i < all.size; i++)
        for (size_t k = 0; k < sizeof octets; k++) {
            memcpy(copy, all.data, all.size);
            copy[i] = octets[k];
            support_lesson_problem((struct slice){copy, all.size}, line);
        }
}

Test(lesson_problems, a_file_that_is_not_there_or_too_large_says_so)
{
    struct lesson lesson;
    struct problem problem = {0};
    char line[PROBLEM_LINE];
    cr_expect_not(lesson_load(&lesson, "/nowhere/L99.json", &problem));
    cr_expect_str_eq(problem_line(&problem, line),
                     "/nowhere/L99.json: cannot be read: No such file or directory");
    problem = (struct problem){0};
    cr_expect_not(lesson_load(&lesson, "/", &problem));
    cr_expect_str_eq(problem_line(&problem, line), "/: cannot be read: Is a directory");
    char *large = calloc(1, LESSON_FILE_MAX + 1);
    cr_assert_not_null(large);
    problem = (struct problem){0};
    cr_expect_not(lesson_read(&lesson, (struct slice){large, LESSON_FILE_MAX + 1}, "l", &problem));
    cr_expect_str_eq(problem.what, "too large, expected a lesson of at most 4194304 octets");
    free(large);
}
