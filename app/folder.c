#define _XOPEN_SOURCE 700 /* realpath */

#include "app/folder.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static const struct {
    const char *variable, *in_home;
} bases[] = {
    [FOLDER_SETTINGS] = {"XDG_CONFIG_HOME", ".config"},
    [FOLDER_STATE] = {"XDG_STATE_HOME", ".local/state"},
};

/* A relative path in the variable counts as none: the specification says so. */
static bool base_of(enum folder folder, char path[FOLDER_PATH])
{
    const char *given = getenv(bases[folder].variable), *home = getenv("HOME");
    int size = -1;
    if (given && given[0] == '/')
        size = snprintf(path, FOLDER_PATH, "%s/mailflow", given);
    else if (home && home[0] == '/')
        size = snprintf(path, FOLDER_PATH, "%s/%s/mailflow", home, bases[folder].in_home);
    return size > 0 && size < FOLDER_PATH;
}

/* With all that lead there; only the person may look in. */
static bool make_folders(char *path)
{
    for (char *c = path + 1;; c++) {
        if (*c != '/' && *c != '\0')
            continue;
        char was = *c;
        *c = '\0';
        bool ok = mkdir(path, 0700) == 0 || errno == EEXIST;
        *c = was;
        if (!ok || was == '\0')
            return ok;
    }
}

bool folder_path(enum folder folder, const char *name, char path[FOLDER_PATH])
{
    if (!base_of(folder, path) || !make_folders(path))
        return false;
    size_t size = strlen(path);
    if (name[0] == '\0')
        return true;
    int more = snprintf(path + size, FOLDER_PATH - size, "/%s", name);
    return more > 0 && (size_t)more < FOLDER_PATH - size;
}

bool folder_real(const char *path, char real[FOLDER_PATH])
{
    char *whole = realpath(path, NULL);
    int size = whole ? snprintf(real, FOLDER_PATH, "%s", whole) : -1;
    free(whole);
    return size > 0 && size < FOLDER_PATH;
}

bool folder_free_name(char *name, size_t room, struct slice stem, int first, const char *ending,
                      struct problem *problem)
{
    enum { TRIED = 1000 };
    for (int i = first; i < first + TRIED; i++) {
        snprintf(name, room, "%.*s-%d%s", SLICE_ARG(stem), i, ending);
        if (access(name, F_OK) != 0)
            return true;
    }
    return problem_set(problem, "there are %d files like %.*s-%d%s here already", TRIED,
                       SLICE_ARG(stem), first, ending);
}
