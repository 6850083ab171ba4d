#include "tests/lessons/support_lesson.h"

#include <criterion/criterion.h>

#include "sim/json/json_file.h"

const char support_lesson[] =
    "{\n"
    "  \"format\": 1, \"id\": \"L90\", \"title\": \"A small one\",\n"
    "  \"objective\": \"You can send.\", \"minutes\": 5, \"needs\": \"L01\",\n"
    "  \"topology\": {\"use\": \"two-towns\", \"patch\": [\"set mx1 quota=5\"]},\n"
    "  \"watch\": [\"The letter.\"],\n"
    "  \"steps\": [\n"
    "    {\"id\": \"p1\", \"kind\": \"PREDICT\", \"text\": \"Where to?\",\n"
    "     \"predict\": {\"type\": \"tf\", \"prompt\": \"It arrives.\", \"right\": true,\n"
    "       \"fb\": {\"true\": \"It does.\", \"false\": \"Nothing holds it up.\"}}},\n"
    "    {\"id\": \"s1\", \"kind\": \"SEND\", \"text\": \"Write to Bob.\", \"bind\": \"M\",\n"
    "     \"allow\": [\"pc\", \"out:mx1\"], \"solve\": [\"send from=a to=b\", \"run\"]},\n"
    "    {\"id\": \"r1\", \"kind\": \"RUN\", \"text\": \"Look.\", \"bind\": [\"M2\", \"M3\"],\n"
    "     \"do\": \"fault down on\", \"unlock\": \"queue(\\\"mx1\\\") == 0\"}],\n"
    "  \"checks\": [\n"
    "    {\"id\": \"C1\", \"expr\": \"in($M, \\\"b@example.org/INBOX\\\") and "
    "correct(\\\"p1\\\")\",\n"
    "     \"points\": 2, \"pass\": \"It came.\", \"fail\": \"Send it.\"},\n"
    "    {\"id\": \"C2\", \"expr\": \"did(\\\"s1\\\")\", \"pass\": \"Done.\", \"fail\": \"Do "
    "it.\"}],\n"
    "  \"ways\": [{\"title\": \"never sends\", \"lines\": [\"step p1\", \"answer true\"],\n"
    "     \"fails\": [\"C1\", \"C2\"], \"says\": \"Send it\"}],\n"
    "  \"quiz\": [\"Q9001\"], \"covers\": [\"A01\"], \"sources\": \"RFC 5321\"\n"
    "}\n";

struct slice support_lesson_with(struct arena *arena, const char *from, const char *to)
{
    struct slice all = slice_of(support_lesson);
    size_t at = slice_find(all, slice_of(from), 0);
    cr_assert_neq(at, SLICE_NONE, "%s", from);
    const struct slice parts[] = {slice_part(all, 0, at), slice_of(to),
                                  slice_part(all, at + strlen(from), all.size)};
    return arena_join(arena, parts, 3);
}

const char *support_lesson_problem(struct slice json, char line[PROBLEM_LINE])
{
    struct lesson lesson;
    struct problem problem = {0};
    line[0] = '\0';
    if (lesson_read(&lesson, json, "l.json", &problem))
        lesson_finish(&lesson);
    else
        problem_line(&problem, line);
    return line;
}

struct slice support_lesson_file(struct arena *arena, const char *path)
{
    enum { FILE_MAX_OCTETS = 4 * 1024 * 1024 };
    struct bytes text;
    struct problem problem = {0};
    const char *whole = arena_printf(arena, "%s/%s", SOURCE_DIR, path).data;
    cr_assert(json_file_read(whole, FILE_MAX_OCTETS, &text, &problem), "%s: %s", path,
              problem.what);
    struct slice copy = arena_copy(arena, bytes_slice(&text));
    bytes_finish(&text);
    return copy;
}
