#include "app/save_topology.h"

#include <string.h>
#include <unistd.h>

#include "app/folder.h"
#include "sim/trace/save.h"
#include "topologies/edit.h"

enum { NUMBERS_TRIED = 1000 };

static bool is_one_file(const char *one, const char *other)
{
    char a[FOLDER_PATH], b[FOLDER_PATH];
    return folder_real(one, a) && folder_real(other, b) && strcmp(a, b) == 0;
}

/* Behind the folders, without its ending; standard input and the like are just a topology. */
static struct slice stem_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    struct slice name = slice_of(slash ? slash + 1 : path);
    if (slice_ends(name, SLICE(".json")))
        name.size -= 5;
    return name.size == 0 || slice_equal(name, SLICE("-")) ? SLICE("topology")
                                                           : slice_part(name, 0, 200);
}

static bool find_free(const char *from, char to[SOURCE_PATH], struct problem *problem)
{
    struct slice stem = stem_of(from);
    for (int i = 2; i < NUMBERS_TRIED; i++) {
        snprintf(to, SOURCE_PATH, "%.*s-%d.json", SLICE_ARG(stem), i);
        if (access(to, F_OK) != 0)
            return true;
    }
    return problem_set(problem, "there are %d files like %.*s-2.json here already", NUMBERS_TRIED,
                       SLICE_ARG(stem));
}

/* Where it goes when the person does not say. */
static bool choose_path(const struct live *live, char to[SOURCE_PATH], struct problem *problem)
{
    const char *from = live->source.path;
    if (live->saved[0] || (strcmp(from, "-") != 0 && !source_is_shipped(from))) {
        snprintf(to, SOURCE_PATH, "%s", live->saved[0] ? live->saved : from);
        return true;
    }
    return find_free(from, to, problem);
}

static bool check_path(const struct live *live, const char *path, struct problem *problem)
{
    if (strlen(path) >= SOURCE_PATH)
        return problem_set(problem, "a file name of more than %d octets", SOURCE_PATH - 1);
    if (access(path, F_OK) != 0)
        return true;
    if (source_is_shipped(path))
        return problem_set(problem, "%s comes with mailflow and is not written over", path);
    return is_one_file(path, live->source.path) || is_one_file(path, live->saved) ||
           problem_set(problem, "%s is there already; choose another name", path);
}

bool save_topology_text(const struct live *live, struct bytes *out, struct problem *left_out,
                        struct problem *problem)
{
    struct edit_document doc;
    const struct live_plan *plan = &live->runs[live->chosen].plan;
    *left_out = (struct problem){0};
    if (live->source.is_trace)
        return problem_set(problem, "This is a saved trace: open a topology to save it");
    if (!edit_open(&doc, live->source.topology.json, live->source.path, problem))
        return false;
    for (size_t i = 0; i < plan->count; i++) {
        struct problem why = {0};
        if (!edit_apply(&doc, plan->items[i].text, &why) && !left_out->what[0])
            problem_set(left_out, "%s", why.what);
    }
    bool ok = bytes_append(out, edit_text(&doc));
    edit_close(&doc);
    return ok || problem_set(problem, "the topology is too large");
}

static bool write_file(const char *path, struct slice text, struct problem *problem)
{
    struct save save;
    if (!save_open(&save, path, problem))
        return false;
    fwrite(text.data, 1, text.size, save.out);
    return save_commit(&save, problem);
}

bool save_topology(struct live *live, const char *path, struct problem *left_out,
                   struct problem *problem)
{
    char to[SOURCE_PATH];
    struct bytes text;
    if (path[0] ? !check_path(live, path, problem) : !choose_path(live, to, problem))
        return false;
    if (path[0])
        snprintf(to, sizeof to, "%s", path);
    bytes_init(&text, TOPOLOGY_FILE_MAX);
    bool ok = save_topology_text(live, &text, left_out, problem) &&
              write_file(to, bytes_slice(&text), problem);
    bytes_finish(&text);
    if (ok)
        snprintf(live->saved, sizeof live->saved, "%s", to);
    return ok;
}
