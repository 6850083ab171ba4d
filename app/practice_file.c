#include "app/practice_file.h"

#include <stdio.h>
#include <unistd.h>

#include "app/folder.h"
#include "sim/json/json_file.h"
#include "sim/trace/save.h"

static const char name[] = "practice.json";

bool practice_file_load(struct practice *practice, struct problem *problem)
{
    char path[FOLDER_PATH];
    struct bytes text;
    practice_init(practice);
    if (!folder_path(FOLDER_STATE, name, path) || access(path, F_OK) != 0)
        return true;
    if (!json_file_read(path, PRACTICE_FILE_MAX, &text, problem))
        return false;
    bool ok = practice_read(practice, bytes_slice(&text), path, problem);
    bytes_finish(&text);
    return ok;
}

bool practice_file_save(const struct practice *practice, struct problem *problem)
{
    char path[FOLDER_PATH];
    struct save save;
    struct arena arena;
    if (!folder_path(FOLDER_STATE, name, path))
        return true;
    if (!save_open(&save, path, problem))
        return false;
    arena_init(&arena);
    struct slice text = practice_write(practice, &arena);
    fwrite(text.data, 1, text.size, save.out);
    arena_finish(&arena);
    return save_commit(&save, problem);
}
