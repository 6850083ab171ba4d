#include "app/settings.h"

#include <cjson/cJSON.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "app/folder.h"
#include "sim/base/memory.h"
#include "sim/trace/save.h"

enum { SETTINGS_OCTETS = 64 * 1024, SCALE_LEAST = 100, SCALE_MOST = 300 };

static const struct settings defaults = {.view = {.theme = THEME_LIGHT, .scale_percent = 100}};

/* ---- reading ---- */

static const cJSON *item(const cJSON *file, const char *key)
{
    return cJSON_GetObjectItemCaseSensitive(file, key);
}

static void read_number(const cJSON *file, const char *key, int least, int most, int *value)
{
    const cJSON *number = item(file, key);
    if (cJSON_IsNumber(number) && number->valueint >= least && number->valueint <= most)
        *value = number->valueint;
}

static void read_bool(const cJSON *file, const char *key, bool *value)
{
    if (cJSON_IsBool(item(file, key)))
        *value = cJSON_IsTrue(item(file, key));
}

static bool is_language(const char *text)
{
    size_t size = strlen(text);
    return size < sizeof defaults.view.language &&
           strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_@-") == size;
}

/* A value that makes no sense is left as it is by default: the rest still counts. */
static void read_values(struct settings *s, const cJSON *file)
{
    const char *theme = cJSON_GetStringValue(item(file, "theme"));
    const char *language = cJSON_GetStringValue(item(file, "language"));
    if (theme)
        theme_find(slice_of(theme), &s->view.theme);
    if (language && is_language(language))
        snprintf(s->view.language, sizeof s->view.language, "%s", language);
    read_number(file, "scale", SCALE_LEAST, SCALE_MOST, &s->view.scale_percent);
    read_bool(file, "reduced_motion", &s->view.is_calm);
    read_bool(file, "classic_labels", &s->view.is_classic);
    read_number(file, "window_width", SETTINGS_SIDE_LEAST, SETTINGS_SIDE_MOST, &s->w);
    read_number(file, "window_height", SETTINGS_SIDE_LEAST, SETTINGS_SIDE_MOST, &s->h);
}

static bool read_text(struct settings *s, char *text, struct problem *problem)
{
    cJSON *file = cJSON_Parse(text);
    bool ok = cJSON_IsObject(file);
    if (ok) {
        read_values(s, file);
        s->rest = text;
    } else {
        free(text);
        problem_at(problem, s->path, 0, 0);
        problem_set(problem, "this is no JSON object; the usual settings are used");
    }
    cJSON_Delete(file);
    return ok;
}

bool settings_load(struct settings *s, const char *path, struct problem *problem)
{
    *s = defaults;
    snprintf(s->path, sizeof s->path, "%s", path);
    FILE *in = fopen(path, "rb");
    if (!in)
        return errno == ENOENT || problem_set(problem, "%s: %s", path, strerror(errno));
    char *text = memory_take(SETTINGS_OCTETS);
    size_t size = fread(text, 1, SETTINGS_OCTETS - 1, in);
    text[size] = '\0';
    fclose(in);
    return read_text(s, text, problem);
}

bool settings_find(struct settings *s, struct problem *problem)
{
    char path[FOLDER_PATH];
    *s = defaults;
    return !folder_path(FOLDER_SETTINGS, "settings.json", path) || settings_load(s, path, problem);
}

void settings_finish(struct settings *s)
{
    free(s->rest);
    s->rest = NULL;
}

/* ---- writing ---- */

static void put(cJSON *file, const char *key, cJSON *value)
{
    if (!cJSON_ReplaceItemInObjectCaseSensitive(file, key, value))
        cJSON_AddItemToObject(file, key, value);
}

static void put_values(const struct settings *s, cJSON *file)
{
    put(file, "theme", cJSON_CreateString(theme_get(s->view.theme)->name));
    put(file, "scale", cJSON_CreateNumber(s->view.scale_percent));
    put(file, "language", cJSON_CreateString(s->view.language));
    put(file, "reduced_motion", cJSON_CreateBool(s->view.is_calm));
    put(file, "classic_labels", cJSON_CreateBool(s->view.is_classic));
    if (s->w && s->h) {
        put(file, "window_width", cJSON_CreateNumber(s->w));
        put(file, "window_height", cJSON_CreateNumber(s->h));
    }
}

bool settings_save(struct settings *s, struct problem *problem)
{
    struct save save;
    if (s->path[0] == '\0')
        return true;
    if (!save_open(&save, s->path, problem))
        return false;
    cJSON *file = s->rest ? cJSON_Parse(s->rest) : cJSON_CreateObject();
    put_values(s, file);
    char *text = cJSON_Print(file);
    fprintf(save.out, "%s\n", text);
    cJSON_free(text);
    cJSON_Delete(file);
    return save_commit(&save, problem);
}
