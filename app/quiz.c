/* mailflow quiz: which subcommand, the banks, and the list of them. */
#include "app/quiz.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/commands.h"
#include "app/lesson.h"
#include "app/source.h"
#include "sim/base/memory.h"

bool quiz_load(struct banks *banks, struct problem *problem)
{
    char folder[SOURCE_PATH], path[SOURCE_PATH + SOURCE_NAME + 8];
    char(*names)[SOURCE_NAME] = memory_take(SOURCE_NAMES * sizeof *names);
    size_t count = source_list(SOURCE_BANKS, folder, names);
    bool ok = count > 0 || problem_set(problem, "the questions that come with mailflow are not "
                                                "found; run it from its folder");
    for (size_t i = 0; i < count && ok; i++) {
        snprintf(path, sizeof path, "%s/%s.json", folder, names[i]);
        ok = banks_add(banks, path, problem);
    }
    free(names);
    return ok;
}

bool quiz_has_keys(const struct banks *banks, struct problem *problem)
{
    const struct question *q = banks_find_sealed(banks);
    return !q || problem_set(problem, "question %.*s is a student's copy, without its key",
                             SLICE_ARG(q->id));
}

/* ---- list ---- */

static void list_topics(FILE *out, const struct banks *banks)
{
    for (size_t t = 0; t < question_topic_count; t++) {
        size_t count = 0;
        for (size_t i = 0; i < banks->questions.count; i++)
            count += question_is_about(banks->questions.items[i], slice_of(question_topics[t]));
        fprintf(out, "%-16s %3zu question%s\n", question_topics[t], count, count == 1 ? "" : "s");
    }
}

static void list_questions(FILE *out, const struct banks *banks, const char *topic,
                           const char *lesson)
{
    for (size_t i = 0; i < banks->questions.count; i++) {
        const struct question *q = banks->questions.items[i];
        if ((topic && !question_is_about(q, slice_of(topic))) ||
            (lesson && !slice_equal_fold(q->lesson, slice_of(lesson))))
            continue;
        fprintf(out, "%.*s  %-6s  %u  ", SLICE_ARG(q->id), question_type_names[q->type], q->level);
        struct slice shown = slice_part(q->prompt, 0, 56);
        while (shown.size < q->prompt.size && shown.size > 0 &&
               ((unsigned char)q->prompt.data[shown.size] & 0xC0) == 0x80)
            shown.size--;
        fprintf(out, "%.*s%s\n", SLICE_ARG(shown), shown.size < q->prompt.size ? "..." : "");
    }
}

int quiz_list(struct command_line *line)
{
    const char *topic = command_value(line, "topic"), *lesson = command_value(line, "lesson");
    struct banks banks = {0};
    struct problem problem = {0};
    bool ok = quiz_load(&banks, &problem);
    if (ok && !topic && !lesson)
        list_topics(line->out, &banks);
    else if (ok)
        list_questions(line->out, &banks, topic, lesson);
    banks_finish(&banks);
    return ok ? APP_DONE : command_fail(line, &problem);
}

/* ---- which one ---- */

static const struct {
    const char *name;
    int (*run)(struct command_line *line);
    bool takes_files, needs_files;
} rows[] = {
    {"list", quiz_list, false, false},
    {"ask", quiz_ask, true, false},
    {"export", quiz_export, false, false},
    {"grade", quiz_grade, true, true},
};

/* A topic that nobody has is a slip of the pen. */
static bool check_topic(const struct command_line *line, struct problem *problem)
{
    const char *topic = command_value(line, "topic");
    for (size_t i = 0; topic && i < question_topic_count; i++)
        if (strcmp(topic, question_topics[i]) == 0)
            return true;
    if (!topic)
        return true;
    const char *nearest = problem_nearest(slice_of(topic), question_topics, question_topic_count);
    return problem_set(problem, "there is no topic \"%s\"%s%s; mailflow quiz list has them", topic,
                       nearest ? "; did you mean " : "", nearest ? nearest : "");
}

int quiz_command(struct command_line *line)
{
    const char *names[sizeof rows / sizeof *rows], *word = line->operands[0];
    struct problem problem = {0};
    if (!check_topic(line, &problem))
        return command_fail(line, &problem);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        names[i] = rows[i].name;
        if (strcmp(word, rows[i].name) != 0)
            continue;
        bool has_files = line->operand_count > 1;
        if (rows[i].needs_files && !has_files)
            return command_say(line, "quiz %s needs work files", word);
        if (has_files && !rows[i].takes_files)
            return command_say(line, "quiz %s takes no more words", word);
        return rows[i].run(line);
    }
    const char *nearest = problem_nearest(slice_of(word), names, sizeof names / sizeof *names);
    return command_say(line, "unknown word %s; expected list, ask, export or grade%s%s", word,
                       nearest ? ", did you mean quiz " : "", nearest ? nearest : "");
}
