#include "app/course_file.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/course.h"
#include "app/folder.h"
#include "app/stage.h"
#include "sim/json/json_file.h"
#include "sim/trace/save.h"

/* ---- lessons ---- */

/* Ids are in capitals and have two digits: l07, L7 and 7 are L07. */
static void raise(const char *word, char raised[SOURCE_NAME])
{
    size_t i = 0;
    uint64_t number;
    struct slice digits = slice_of(word[0] == 'l' || word[0] == 'L' ? word + 1 : word);
    if (digits.size <= 2 && slice_to_u64(digits, &number)) {
        snprintf(raised, SOURCE_NAME, "L%02u", (unsigned)number);
        return;
    }
    for (; word[i] && i < SOURCE_NAME - 1; i++)
        raised[i] = word[i] >= 'a' && word[i] <= 'z' ? (char)(word[i] - 'a' + 'A') : word[i];
    raised[i] = '\0';
}

bool course_find(const char *word, char path[SOURCE_PATH], struct problem *problem)
{
    char raised[SOURCE_NAME];
    struct problem first;
    if (source_find_file(SOURCE_LESSONS, word, path, &first))
        return true;
    raise(word, raised);
    return source_find_file(SOURCE_LESSONS, raised, path, problem);
}

bool course_is_lesson(const char *word)
{
    char path[SOURCE_PATH], start[4096];
    struct problem problem;
    if (!course_find(word, path, &problem))
        return false;
    FILE *in = fopen(path, "rb");
    if (!in)
        return false;
    struct slice text = {start, fread(start, 1, sizeof start, in)};
    fclose(in);
    return slice_find(text, SLICE("\"objective\""), 0) != SLICE_NONE;
}

size_t course_list(char folder[SOURCE_PATH], char names[SOURCE_NAMES][SOURCE_NAME])
{
    return source_list(SOURCE_LESSONS, folder, names);
}

/* ---- work files ---- */

bool course_file_read(const char *path, struct workbook *book, bool *is_there,
                      struct problem *problem)
{
    struct bytes text;
    *is_there = access(path, F_OK) == 0;
    if (!*is_there)
        return true;
    if (!json_file_read(path, WORKBOOK_FILE_MAX, &text, problem))
        return false;
    bool ok = workbook_read(book, bytes_slice(&text), path, problem);
    bytes_finish(&text);
    return ok;
}

bool course_file_write(const char *path, const struct workbook *book, struct problem *problem)
{
    struct save to;
    struct arena arena;
    if (!save_open(&to, path, problem))
        return false;
    arena_init(&arena);
    struct slice text = workbook_write(book, &arena);
    fwrite(text.data, 1, text.size, to.out);
    arena_finish(&arena);
    return save_commit(&to, problem);
}

bool course_file_default(struct slice lesson, char path[], size_t room)
{
    char name[SOURCE_NAME], found[FOLDER_PATH];
    snprintf(name, sizeof name, "lesson-%.*s.json", SLICE_ARG(slice_part(lesson, 0, 40)));
    return folder_path(FOLDER_STATE, name, found) &&
           (size_t)snprintf(path, room, "%s", found) < room;
}

/* ---- attempts run anew ---- */

bool course_file_judge(struct verdict *verdict, const struct lesson_scene *scene, uint64_t seed,
                       const struct workbook_attempt *attempt, struct stage_cache *cache,
                       struct problem *problem)
{
    struct stage stage;
    if (!stage_open(&stage, scene, seed, cache, problem))
        return false;
    (void)stage_replay(&stage, attempt, true);
    verdict_judge(verdict, attempt, stage_log(&stage), log_count(stage_log(&stage)));
    stage_close(&stage);
    return true;
}
