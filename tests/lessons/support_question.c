#include "support_question.h"

void support_ask(struct asked *asked, const char *json, enum question_place place)
{
    *asked = (struct asked){0};
    arena_init(&asked->arena);
    struct slice text = arena_copy(&asked->arena, slice_of(json));
    for (char *c = (char *)text.data; *c; c++)
        *c = *c == '\'' ? '"' : *c;
    asked->is_good =
        json_reader_init(&asked->reader, text, "q.json", &asked->arena, &asked->problem) &&
        question_read(&asked->reader, asked->reader.root, place, &asked->arena, &asked->question);
}

void support_finish(struct asked *asked)
{
    json_reader_finish(&asked->reader);
    arena_finish(&asked->arena);
}

const char *support_problem(struct asked *asked)
{
    char line[PROBLEM_LINE];
    if (asked->is_good)
        return "";
    return arena_copy(&asked->arena, slice_of(problem_line(&asked->problem, line))).data;
}
