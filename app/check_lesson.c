/* mailflow check for lessons, banks of questions and work files. */
#include "app/check_lesson.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/course.h"
#include "app/course_file.h"
#include "app/lesson.h"
#include "app/proof.h"
#include "lessons/style.h"
#include "sim/json/json_file.h"
#include "sim/json/json_scan.h"

/* ---- what a file is ---- */

enum check_kind check_kind_of(const char *path)
{
    static const struct {
        const char *key;
        enum check_kind kind;
    } keys[] = {
        {"objective", CHECK_LESSON}, {"steps", CHECK_LESSON},   {"scenes", CHECK_LESSON},
        {"checks", CHECK_LESSON},    {"bank", CHECK_BANK},      {"questions", CHECK_BANK},
        {"mailflow", CHECK_WORK},    {"attempts", CHECK_WORK},  {"hosts", CHECK_TOPOLOGY},
        {"links", CHECK_TOPOLOGY},   {"admds", CHECK_TOPOLOGY},
    };
    enum check_kind kind = CHECK_TOPOLOGY;
    bool is_found = false;
    struct json_scan scan;
    struct bytes text;
    struct problem unused;
    if (!json_file_read(path, LESSON_FILE_MAX, &text, &unused))
        return kind;
    json_scan_init(&scan, bytes_slice(&text));
    while (!is_found && json_scan_next(&scan))
        for (size_t i = 0; i < sizeof keys / sizeof *keys && scan.value_depth == 1; i++)
            if (slice_equal(scan.levels[0].key, slice_of(keys[i].key))) {
                kind = keys[i].kind;
                is_found = true;
                break;
            }
    bytes_finish(&text);
    return kind;
}

/* ---- lessons ---- */

bool check_find_beside(const char *path, const char *folder, const char *kind, struct slice id,
                       char found[SOURCE_PATH])
{
    struct problem unused;
    char word[SOURCE_NAME];
    const char *slash = strrchr(path, '/');
    int dir = slash ? (int)(slash - path) + 1 : 0;
    if (id.size >= sizeof word - 8 || memchr(id.data, '/', id.size) || id.size == 0)
        return false;
    int size = snprintf(found, SOURCE_PATH, "%.*s%s%.*s.json", dir, path, folder, SLICE_ARG(id));
    if (size < SOURCE_PATH && access(found, F_OK) == 0)
        return true;
    snprintf(word, sizeof word, "%.*s", SLICE_ARG(id));
    return source_find_file(kind, word, found, &unused);
}

/* Ids in a list of the lesson's, that something else has to have. */
static bool reject_id(struct lesson *l, const char *list, size_t i, struct slice id,
                      const char *what, const char *expected)
{
    const cJSON *items = cJSON_GetObjectItemCaseSensitive(l->reader.root, list);
    const cJSON *node = cJSON_IsString(items) ? items : cJSON_GetArrayItem(items, (int)i);
    return json_reader_reject(&l->reader, node, (struct json_hint){.expected = expected},
                              "unknown %s %s", what, json_reader_quote(&l->reader, id));
}

static bool check_needs(struct lesson *l, const char *path)
{
    char found[SOURCE_PATH];
    for (size_t i = 0; i < l->needs.count; i++)
        if (!check_find_beside(path, "", SOURCE_LESSONS, l->needs.items[i], found))
            return reject_id(l, "needs", i, l->needs.items[i], "lesson",
                             "the id of a lesson beside this one");
    return true;
}

static bool has_question(const struct bank *bank, struct slice id)
{
    for (size_t i = 0; i < bank->count; i++)
        if (slice_equal(bank->questions[i].id, id))
            return true;
    return false;
}

static bool check_quiz(struct lesson *l, const char *path, struct problem *problem)
{
    char found[SOURCE_PATH];
    struct bank bank;
    if (l->quiz.count == 0)
        return true;
    if (!check_find_beside(path, "quiz/", SOURCE_BANKS, l->id, found))
        return reject_id(l, "quiz", 0, l->quiz.items[0], "question",
                         "a bank of this lesson: quiz/ and its id beside it");
    if (!bank_load(&bank, found, problem))
        return false;
    bool ok = true;
    for (size_t i = 0; ok && i < l->quiz.count; i++)
        ok = has_question(&bank, l->quiz.items[i]) ||
             reject_id(l, "quiz", i, l->quiz.items[i], "question",
                       "the id of a question of its bank");
    bank_finish(&bank);
    return ok;
}

bool check_lesson(FILE *out, const char *path, struct problem *problem)
{
    struct lesson lesson;
    size_t steps = 0, checks = 0, ways = 0, mistakes = 0;
    if (!lesson_load(&lesson, path, problem))
        return false;
    lesson.reader.problem = problem;
    bool ok = check_needs(&lesson, path) && check_quiz(&lesson, path, problem) &&
              lesson_try(&lesson, 1, NULL, problem);
    for (size_t i = 0; i < lesson.scene_count; i++) {
        steps += lesson.scenes[i].step_count;
        checks += lesson.scenes[i].check_count;
        for (size_t k = 0; k < lesson.scenes[i].way_count; k++)
            *(lesson.scenes[i].ways[k].fails.count > 0 ? &mistakes : &ways) += 1;
    }
    if (ok && lesson.is_sealed)
        fprintf(out,
                "%s: ok, lesson %.*s: %zu steps, %zu checks; sealed, so that it can't be tried\n",
                path, SLICE_ARG(lesson.id), steps, checks);
    else if (ok)
        fprintf(out,
                "%s: ok, lesson %.*s: %zu steps, %zu checks, solved in %zu ways, %zu mistakes "
                "get their hint\n",
                path, SLICE_ARG(lesson.id), steps, checks, ways + lesson.scene_count, mistakes);
    lesson_finish(&lesson);
    return ok;
}

/* ---- banks and work ---- */

bool check_bank(FILE *out, const char *path, struct problem *problem)
{
    struct bank bank;
    size_t proved = 0;
    if (!bank_load(&bank, path, problem))
        return false;
    bank.reader.problem = problem;
    bool ok = style_check(&bank.reader, bank.reader.root) && proof_check(&bank, &proved, problem);
    if (ok)
        fprintf(out, "%s: ok, bank %.*s: %zu question%s, %zu of them proved by a run\n", path,
                SLICE_ARG(bank.id), bank.count, bank.count == 1 ? "" : "s", proved);
    bank_finish(&bank);
    return ok;
}

bool check_work(FILE *out, const char *path, struct problem *problem)
{
    struct workbook book;
    bool is_there;
    if (!course_file_read(path, &book, &is_there, problem))
        return false;
    fprintf(out, "%s: ok, work on %.*s: %zu attempt%s, %zu replies\n", path,
            SLICE_ARG(book.lesson.size ? book.lesson : SLICE("questions")), book.attempts.count,
            book.attempts.count == 1 ? "" : "s", book.replies.count);
    workbook_finish(&book);
    return true;
}
