#include "app/picker.h"

#include <cjson/cJSON.h>
#include <stdlib.h>
#include <string.h>

#include "app/course.h"
#include "app/course_file.h"
#include "app/journal.h"
#include "app/quiz.h"
#include "app/recent.h"
#include "render/view/tr.h"
#include "sim/base/memory.h"

enum { WORKS_SHOWN = 5, FILE_OCTETS_MAX = 4 * 1024 * 1024 };

struct picker {
    struct arena arena;
    VECTOR(struct view_choice) rows;
};

static void add(struct picker *p, const char *section, struct slice title, struct slice detail,
                struct slice word)
{
    *vector_add(&p->rows) = (struct view_choice){section, arena_copy(&p->arena, title).data,
                                                 arena_copy(&p->arena, detail).data,
                                                 arena_copy(&p->arena, word).data, NULL};
}

static struct slice file_name(const char *path)
{
    const char *slash = strrchr(path, '/');
    return slice_of(slash ? slash + 1 : path);
}

/* ---- topologies ---- */

static char *read_file(const char *path)
{
    FILE *in = fopen(path, "rb");
    if (!in)
        return NULL;
    char *text = memory_take(FILE_OCTETS_MAX);
    text[fread(text, 1, FILE_OCTETS_MAX - 1, in)] = '\0';
    fclose(in);
    return text;
}

static struct slice text_of(const cJSON *file, const char *key)
{
    return slice_of(cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(file, key)));
}

/* Its title and what to look at; a file that can't be read has its name only. */
static void add_topology(struct picker *p, const char *section, const char *path, struct slice word)
{
    char *text = read_file(path);
    cJSON *file = text ? cJSON_Parse(text) : NULL;
    struct slice title = text_of(file, "title");
    add(p, section, title.size ? title : file_name(path), text_of(file, "look"), word);
    cJSON_Delete(file);
    free(text);
}

static void add_shipped(struct picker *p)
{
    char folder[SOURCE_PATH];
    char(*names)[SOURCE_NAME] = memory_take(SOURCE_NAMES * sizeof *names);
    size_t count = source_list(SOURCE_TOPOLOGIES, folder, names);
    for (size_t i = 0; i < count; i++) {
        struct slice path = arena_printf(&p->arena, "%s/%s.json", folder, names[i]);
        add_topology(p, tr("Topologies"), path.data, slice_of(names[i]));
    }
    free(names);
}

/* ---- lessons ---- */

/* What the work on it so far is worth, found as a teacher would: by doing it again. */
static void add_worth(const struct lesson *lesson, const struct workbook *book, uint32_t *points,
                      uint32_t *points_max)
{
    const struct lesson_scene *scenes[LESSON_SCENES_MAX];
    size_t count = lesson_scenes(lesson, book->seed, scenes);
    for (size_t i = 0; i < count; i++) {
        struct verdict verdict;
        struct problem problem;
        verdict_init(&verdict, scenes[i]);
        for (size_t k = 0; k < book->attempts.count; k++)
            if (slice_equal(book->attempts.items[k].scene, scenes[i]->id))
                (void)course_file_judge(&verdict, scenes[i], book->seed, &book->attempts.items[k],
                                        NULL, &problem);
        *points += verdict.points;
        *points_max += verdict.points_max;
        verdict_finish(&verdict);
    }
}

/* "86 %, passed", or "" when nothing was done yet. */
static struct slice worth_of(struct picker *p, const struct lesson *lesson)
{
    char path[SOURCE_PATH];
    struct workbook book;
    struct problem problem;
    bool is_there = false;
    uint32_t points = 0, points_max = 0;
    if (!course_file_default(lesson->id, path, sizeof path) ||
        !course_file_read(path, &book, &is_there, &problem) || !is_there)
        return SLICE("");
    add_worth(lesson, &book, &points, &points_max);
    workbook_finish(&book);
    uint32_t percent = points_max ? points * 100 / points_max : 0;
    if (percent >= lesson->pass_percent)
        return arena_printf(&p->arena, tr("%u %%, passed"), percent);
    return arena_printf(&p->arena, tr("%u %% so far"), percent);
}

static void add_lesson(struct picker *p, const char *path, bool keeps)
{
    struct lesson lesson;
    struct problem problem = {0};
    if (!lesson_load(&lesson, path, &problem)) {
        add(p, tr("Lessons"), file_name(path), slice_of(problem.what), slice_of(path));
        return;
    }
    struct slice worth = keeps ? worth_of(p, &lesson) : SLICE("");
    struct slice about = arena_printf(&p->arena, tr("%u min"), lesson.minutes);
    add(p, tr("Lessons"), lesson.title,
        arena_printf(&p->arena, "%.*s%s%.*s. %.*s", SLICE_ARG(about), worth.size ? ", " : "",
                     SLICE_ARG(worth), SLICE_ARG(lesson.objective)),
        lesson.id);
    lesson_finish(&lesson);
}

static void add_lessons(struct picker *p, bool keeps)
{
    char folder[SOURCE_PATH];
    char(*names)[SOURCE_NAME] = memory_take(SOURCE_NAMES * sizeof *names);
    size_t count = course_list(folder, names);
    for (size_t i = 0; i < count; i++)
        add_lesson(p, arena_printf(&p->arena, "%s/%s.json", folder, names[i]).data, keeps);
    free(names);
}

/* ---- quiz topics ---- */

/* In the first lesson that has questions about it, so that there is a way back to where it is
   taught. */
static void add_topic(struct picker *p, const struct banks *banks, struct slice topic)
{
    const struct question *first = NULL;
    size_t count = 0;
    for (size_t i = 0; i < banks->questions.count; i++) {
        const struct question *q = banks->questions.items[i];
        if (!question_is_about(q, topic))
            continue;
        first = count++ == 0 ? q : first;
    }
    if (!first)
        return;
    add(p, tr("Quiz"), arena_printf(&p->arena, tr("Questions about %s"), topic.data),
        arena_printf(&p->arena, trn("%zu question", "%zu questions", count), count), first->lesson);
    p->rows.items[p->rows.count - 1].then =
        arena_printf(&p->arena, "quiz %.*s", SLICE_ARG(topic)).data;
}

static void add_topics(struct picker *p)
{
    struct banks banks = {0};
    struct problem problem;
    if (quiz_load(&banks, &problem))
        for (size_t i = 0; i < question_topic_count; i++)
            add_topic(p, &banks, slice_of(question_topics[i]));
    banks_finish(&banks);
}

/* ---- what a person had open ---- */

static void add_recent(struct picker *p)
{
    char(*paths)[RECENT_PATH] = memory_take(RECENT_MAX * sizeof *paths);
    size_t count = recent_list(paths);
    for (size_t i = 0; i < count; i++)
        if (!source_is_shipped(paths[i]))
            add(p, tr("Opened last"), file_name(paths[i]), slice_of(paths[i]), slice_of(paths[i]));
    free(paths);
}

static void add_interrupted(struct picker *p)
{
    struct journal_found *found = memory_take(WORKS_SHOWN * sizeof *found);
    size_t count = journal_list(found, WORKS_SHOWN);
    for (size_t i = 0; i < count; i++) {
        const char *path = found[i].source.path;
        struct slice detail =
            arena_printf(&p->arena, trn("%lu step, %s", "%lu steps, %s", found[i].steps),
                         (unsigned long)found[i].steps, path);
        add(p, tr("Unfinished"), file_name(path), detail,
            arena_printf(&p->arena, PICKER_WORK "%s", path));
    }
    free(found);
}

void picker_show(struct view *view, bool keeps)
{
    struct picker p = {0};
    arena_init(&p.arena);
    if (keeps) {
        add_interrupted(&p);
        add_recent(&p);
    }
    add_lessons(&p, keeps);
    add_shipped(&p);
    add_topics(&p);
    view_set_picker(view, p.rows.items, p.rows.count);
    vector_finish(&p.rows);
    arena_finish(&p.arena);
}
