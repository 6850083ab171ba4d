#include "app/recent.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "app/folder.h"
#include "sim/trace/save.h"

static size_t read_list(const char *file, char paths[RECENT_MAX][RECENT_PATH])
{
    size_t count = 0;
    FILE *in = fopen(file, "rb");
    while (in && count < RECENT_MAX && fgets(paths[count], RECENT_PATH, in)) {
        char *end = strchr(paths[count], '\n');
        if (!end)
            break; /* longer than any path of ours */
        *end = '\0';
        if (paths[count][0] == '/' && access(paths[count], R_OK) == 0)
            count++;
    }
    if (in)
        fclose(in);
    return count;
}

size_t recent_list(char paths[RECENT_MAX][RECENT_PATH])
{
    char file[FOLDER_PATH];
    return folder_path(FOLDER_STATE, "recent", file) ? read_list(file, paths) : 0;
}

void recent_add(const char *path)
{
    char paths[RECENT_MAX][RECENT_PATH], file[FOLDER_PATH], whole[FOLDER_PATH];
    struct problem ignored;
    struct save save;
    if (!folder_real(path, whole) || strchr(whole, '\n') ||
        !folder_path(FOLDER_STATE, "recent", file))
        return;
    size_t count = read_list(file, paths), written = 1;
    if (!save_open(&save, file, &ignored))
        return;
    fprintf(save.out, "%s\n", whole);
    for (size_t i = 0; i < count && written < RECENT_MAX; i++)
        if (strcmp(paths[i], whole) != 0) {
            fprintf(save.out, "%s\n", paths[i]);
            written++;
        }
    (void)save_commit(&save, &ignored);
}
