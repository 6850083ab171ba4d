#include "app/language.h"

#include <dirent.h>
#include <libintl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "render/view/tr.h"
#include "sim/base/slice.h"

enum { FOLDER = 4096, LANGUAGES = 32 };

void language_find_catalogs(void)
{
    static const char *const beside[] = {"locale", "../locale", "../share/locale"};
    char program[FOLDER - 64], folder[FOLDER];
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    program[size > 0 ? size : 0] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash)
        return;
    *slash = '\0';
    for (size_t i = 0; i < sizeof beside / sizeof beside[0]; i++) {
        snprintf(folder, sizeof folder, "%s/%s", program, beside[i]);
        if (access(folder, R_OK) == 0) {
            tr_set_catalogs(folder);
            return;
        }
    }
}

/* English needs no catalog. */
static bool is_there(const char *language)
{
    char path[FOLDER];
    const char *folder = bindtextdomain("mailflow", NULL);
    if (strcmp(language, "en") == 0)
        return true;
    snprintf(path, sizeof path, "%.4000s/%.15s/LC_MESSAGES/mailflow.mo", folder ? folder : "",
             language);
    return access(path, R_OK) == 0;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

/* "de, en, es" */
static void list_languages(char *text, size_t size)
{
    char names[LANGUAGES][LANGUAGE_NAME] = {"en"};
    size_t count = 1, used = 0;
    const char *folder = bindtextdomain("mailflow", NULL);
    DIR *dir = folder ? opendir(folder) : NULL;
    for (struct dirent *entry; dir && count < LANGUAGES && (entry = readdir(dir));)
        if (strlen(entry->d_name) < LANGUAGE_NAME && entry->d_name[0] != '.' &&
            is_there(entry->d_name))
            memcpy(names[count++], entry->d_name, strlen(entry->d_name) + 1);
    if (dir)
        closedir(dir);
    qsort(names, count, LANGUAGE_NAME, by_name);
    text[0] = '\0';
    for (size_t i = 0; i < count && used < size; i++)
        used += (size_t)snprintf(text + used, size - used, "%s%s", i ? ", " : "", names[i]);
}

bool language_read(const char *text, char language[LANGUAGE_NAME], struct problem *problem)
{
    char names[256];
    bool is_name = strlen(text) > 0 && strlen(text) < LANGUAGE_NAME && !strchr(text, '/');
    if (is_name && is_there(text)) {
        snprintf(language, LANGUAGE_NAME, "%s", text);
        return true;
    }
    list_languages(names, sizeof names);
    return problem_set(problem, "--language: expected one of %s, not \"%s\"", names, text);
}
