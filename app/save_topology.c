#include "app/save_topology.h"

#include <string.h>
#include <unistd.h>

#include "app/folder.h"
#include "app/journal.h"
#include "sim/trace/save.h"
#include "topologies/edit.h"

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

/* Where it goes when the person does not say. */
static bool choose_path(const struct live *live, char to[SOURCE_PATH], struct problem *problem)
{
    const char *from = live->source.path;
    if (live->saved[0] || (strcmp(from, "-") != 0 && !source_is_shipped(from))) {
        snprintf(to, SOURCE_PATH, "%s", live->saved[0] ? live->saved : from);
        return true;
    }
    return folder_free_name(to, SOURCE_PATH, stem_of(from), 2, ".json", problem);
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

/* ---- what a file can't say ---- */

struct refused_edit {
    struct slice line;
    struct problem why;
};
struct refused {
    struct refused_edit *items;
    size_t count, capacity;
};

static bool is_same_record(const struct action *a, const struct action *b)
{
    return slice_equal_fold(a->words[1], b->words[1]) && slice_equal(a->words[2], b->words[2]) &&
           slice_equal(action_value(a, "data"), action_value(b, "data"));
}

/* A record that the file refused, and that is taken away again, is missed by nobody. */
static bool takes_back(struct slice later, struct slice earlier)
{
    struct arena arena;
    struct action remove, add;
    struct problem ignored;
    arena_init(&arena);
    bool is = action_read(later, &arena, &remove, &ignored) &&
              action_read(earlier, &arena, &add, &ignored) && remove.verb == ACTION_DNS &&
              add.verb == ACTION_DNS && slice_equal(remove.words[0], SLICE("remove")) &&
              slice_equal(add.words[0], SLICE("add")) && is_same_record(&remove, &add);
    arena_finish(&arena);
    return is;
}

static void apply(struct edit_document *doc, struct slice line, struct refused *refused)
{
    struct problem why = {0};
    if (edit_apply(doc, line, &why))
        return;
    for (size_t i = 0; i < refused->count; i++)
        if (takes_back(line, refused->items[i].line)) {
            vector_remove(refused, i);
            return;
        }
    *vector_add(refused) = (struct refused_edit){line, why};
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
    struct refused refused = {0};
    for (size_t i = 0; i < plan->count; i++)
        apply(&doc, plan->items[i].text, &refused);
    if (refused.count)
        *left_out = refused.items[0].why;
    vector_finish(&refused);
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
    if (ok) {
        snprintf(live->saved, sizeof live->saved, "%s", to);
        live->saved_text = arena_copy(&live->arena, bytes_slice(&text));
    }
    bytes_finish(&text);
    if (ok && is_one_file(to, live->source.path))
        journal_saved(live->journal);
    return ok;
}

bool save_topology_is_due(const struct live *live)
{
    struct bytes text;
    struct problem left_out, problem = {0};
    if (live->source.is_trace || live->done == 0)
        return false;
    bytes_init(&text, TOPOLOGY_FILE_MAX);
    struct slice before = live->saved[0] ? live->saved_text : live->source.topology.json;
    bool is_due = save_topology_text(live, &text, &left_out, &problem) &&
                  !slice_equal(bytes_slice(&text), before);
    bytes_finish(&text);
    return is_due;
}
