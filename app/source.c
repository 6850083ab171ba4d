#include "app/source.h"

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "agents/mail/trail.h"
#include "app/folder.h"
#include "app/stored.h"
#include "app/source_mail.h"
#include "app/trail_trace.h"
#include "sim/base/check.h"
#include "sim/base/vtime.h"
#include "sim/trace/jsonl.h"

/* ---- finding ---- */

enum { PLACES = 4 };

/* Where files that come with mailflow lie: here, beside the build, or where it was installed. */
static size_t list_folders(const char *kind, char folders[PLACES][SOURCE_PATH])
{
    static const char *const beside[] = {"", "../../", "../share/mailflow/"};
    size_t count = 1;
    char program[SOURCE_PATH - 96];
    snprintf(folders[0], SOURCE_PATH, "%s", kind);
    ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
    if (size <= 0)
        return count;
    program[size] = '\0';
    char *slash = strrchr(program, '/');
    if (!slash)
        return count;
    *slash = '\0';
    for (size_t i = 0; i < sizeof beside / sizeof *beside; i++)
        snprintf(folders[count++], SOURCE_PATH, "%.3900s/%s%.64s", program, beside[i], kind);
    return count;
}

/* The names of a folder's files, without their ending; a translation (L07.de.json) is none. */
static size_t list_names(const char *folder, char names[SOURCE_NAMES][SOURCE_NAME])
{
    size_t count = 0;
    DIR *dir = opendir(folder);
    if (!dir)
        return 0;
    for (struct dirent *entry; count < SOURCE_NAMES && (entry = readdir(dir));) {
        struct slice name = slice_of(entry->d_name);
        if (!slice_ends(name, SLICE(".json")) || slice_equal(name, SLICE("schema.json")) ||
            name.size >= SOURCE_NAME || slice_find_octet(name, '.', 0) != name.size - 5)
            continue;
        snprintf(names[count++], SOURCE_NAME, "%.*s", (int)name.size - 5, name.data);
    }
    closedir(dir);
    return count;
}

static bool fail_unknown(const char *kind, const char *word, char folders[PLACES][SOURCE_PATH],
                         size_t folder_count, struct problem *problem)
{
    const char *what = strcmp(kind, SOURCE_TOPOLOGIES) == 0 ? "topology" : "lesson";
    char names[SOURCE_NAMES][SOURCE_NAME];
    const char *candidates[SOURCE_NAMES];
    size_t count = 0;
    for (size_t i = 0; i < folder_count && count == 0; i++)
        count = list_names(folders[i], names);
    for (size_t i = 0; i < count; i++)
        candidates[i] = names[i];
    const char *nearest = problem_nearest(slice_of(word), candidates, count);
    bool is_lesson = strcmp(what, "lesson") == 0;
    const char *all = is_lesson ? " \"mailflow lesson list\" names all of them" : "";
    if (nearest)
        return problem_set(problem, "there is no file and no %s \"%s\"; did you mean %s?%s", what,
                           word, nearest, all);
    if (is_lesson && !strchr(word, '/'))
        return problem_set(problem, "there is no file and no lesson \"%s\";%s", word, all);
    return problem_set(problem, "there is no file \"%s\"", word);
}

bool source_find_file(const char *kind, const char *word, char path[SOURCE_PATH],
                      struct problem *problem)
{
    char folders[PLACES][SOURCE_PATH];
    if (strlen(word) >= SOURCE_PATH)
        return problem_set(problem, "a file name of more than %d octets", SOURCE_PATH - 1);
    snprintf(path, SOURCE_PATH, "%s", word);
    if (strcmp(word, "-") == 0 || access(path, F_OK) == 0)
        return true;
    size_t count = list_folders(kind, folders);
    for (size_t i = 0; i < count && !strchr(word, '/'); i++) {
        int size = snprintf(path, SOURCE_PATH, "%.3500s/%.500s.json", folders[i], word);
        if (size < SOURCE_PATH && access(path, F_OK) == 0)
            return true;
    }
    return fail_unknown(kind, word, folders, count, problem);
}

bool source_find(const char *word, char path[SOURCE_PATH], struct problem *problem)
{
    return source_find_file(SOURCE_TOPOLOGIES, word, path, problem);
}

enum { START_MAX = 128 };

/* The first octets of a file; none when it can't be read. */
static struct slice read_start(const char *path, char start[START_MAX])
{
    FILE *in = fopen(path, "rb");
    size_t size = in ? fread(start, 1, START_MAX, in) : 0;
    if (in)
        fclose(in);
    return (struct slice){start, size};
}

static int by_name(const void *a, const void *b)
{
    return strcmp(a, b);
}

size_t source_list(const char *kind, char folder[SOURCE_PATH],
                   char names[SOURCE_NAMES][SOURCE_NAME])
{
    char folders[PLACES][SOURCE_PATH];
    size_t count = 0, folder_count = list_folders(kind, folders);
    /* what lies beside the program goes before what happens to lie here */
    for (size_t i = 1; i <= folder_count && count == 0; i++) {
        snprintf(folder, SOURCE_PATH, "%s", folders[i % folder_count]);
        count = list_names(folder, names);
    }
    qsort(names, count, SOURCE_NAME, by_name);
    return count;
}

bool source_is_shipped(const char *path)
{
    char folders[PLACES][SOURCE_PATH], one[FOLDER_PATH], other[FOLDER_PATH];
    size_t count = list_folders(SOURCE_TOPOLOGIES, folders);
    char *slash;
    if (!folder_real(path, one) || !(slash = strrchr(one, '/')))
        return false;
    *slash = '\0';
    for (size_t i = 0; i < count; i++)
        if (folder_real(folders[i], other) && strcmp(one, other) == 0)
            return true;
    return false;
}

bool source_is_trace(const char *path)
{
    char start[START_MAX];
    return slice_ends_fold(slice_of(path), SLICE(".jsonl")) ||
           slice_starts(read_start(path, start), SLICE("{\"mailflow-trace\""));
}

bool source_is_schema(const char *path)
{
    char start[START_MAX];
    return slice_find(read_start(path, start), SLICE("\"https://json-schema.org/"), 0) !=
           SLICE_NONE;
}

/* ---- loading ---- */

static bool read_topology(struct topology *topology, FILE *in, struct problem *problem)
{
    char chunk[16384];
    struct bytes json;
    size_t n;
    bool ok = true;
    bytes_init(&json, TOPOLOGY_FILE_MAX);
    while (ok && (n = fread(chunk, 1, sizeof chunk, in)) > 0)
        ok = bytes_append(&json, (struct slice){chunk, n}) ||
             problem_set(problem, "standard input: more than %d MiB", TOPOLOGY_FILE_MAX >> 20);
    ok = ok && topology_read(topology, bytes_slice(&json), "standard input", problem);
    bytes_finish(&json);
    return ok;
}

bool source_load_topology(struct topology *topology, const char *word, FILE *in,
                          struct problem *problem)
{
    char path[SOURCE_PATH];
    if (!source_find(word, path, problem))
        return false;
    return strcmp(path, "-") == 0 ? read_topology(topology, in, problem)
                                  : topology_load(topology, path, problem);
}

/* "57:10: broken JSON; 55 of the 240 events come before it" */
static void tell_loss(const struct jsonl_loss *loss, uint32_t kept, const char *how,
                      struct problem *problem)
{
    char promised[32] = "";
    if (loss->promised >= kept)
        snprintf(promised, sizeof promised, " of %lld", (long long)loss->promised);
    *problem = loss->problem;
    problem_set(problem, "%.300s; %s the %u%s events before it", loss->problem.what, how,
                (unsigned)kept, promised);
}

bool source_salvage_trace(struct log *log, const char *word, FILE *in, struct problem *lost,
                          struct problem *problem)
{
    char path[SOURCE_PATH];
    struct jsonl_loss loss;
    bool is_standard = strcmp(word, "-") == 0;
    if (is_standard && source_mail_is_stream(in))
        return source_mail_read(log, in, "standard input", problem);
    if (!is_standard && !source_find(word, path, problem))
        return false;
    if (!is_standard && !source_is_trace(path) && source_mail_is_file(path))
        return source_mail_load(log, path, problem);
    if (!is_standard && !jsonl_open(path, &in, problem))
        return false;
    bool ok = jsonl_salvage(log, in, is_standard ? "standard input" : path, &loss, problem);
    if (!is_standard)
        fclose(in);
    if (!ok || loss.is_whole)
        return ok;
    if (lost) {
        tell_loss(&loss, log_count(log), "here are", lost);
        return true;
    }
    tell_loss(&loss, log_count(log), "replay --salvage reads", problem);
    log_finish(log);
    return false;
}

bool source_load_trace(struct log *log, const char *word, FILE *in, struct problem *problem)
{
    return source_salvage_trace(log, word, in, NULL, problem);
}

/* ---- a world and what goes on in it ---- */

static bool read_faults(const struct command_line *line, const struct campaign_profile **profile,
                        struct problem *problem)
{
    const char *names[16];
    const char *word = command_value(line, "faults");
    if (!word)
        return true;
    *profile = campaign_find_profile(slice_of(word));
    for (size_t i = 0; i < campaign_profile_count; i++)
        names[i] = campaign_profiles[i].name;
    const char *nearest = problem_nearest(slice_of(word), names, campaign_profile_count);
    return *profile ||
           problem_set(problem, "--faults: expected none, mild or harsh, not \"%s\"%s%s%s", word,
                       nearest ? "; did you mean " : "", nearest ? nearest : "",
                       nearest ? "?" : "");
}

bool source_read_options(const struct command_line *line, struct source_options *options,
                         struct problem *problem)
{
    options->salvages = command_has(line, "salvage");
    options->line = line;
    return command_number(line, "seed", 1, UINT64_MAX, 1, &options->seed, problem) &&
           read_faults(line, &options->faults, problem);
}

static void plan_demo(struct source *source, const struct source_options *options)
{
    const struct topology *t = &source->topology;
    for (size_t i = 0; !options->has_no_demo && i < t->demo_count; i++)
        *vector_add(&source->plan.steps) = (struct campaign_step){t->demo[i].t, t->demo[i].action};
}

/* What lies in mailboxes before anything else happens. */
static bool plan_stores(struct source *source, const struct source_options *options,
                        struct problem *problem)
{
    struct stored_mail mail;
    bool ok = true;
    if (!options->line || !command_has(options->line, "store"))
        return true;
    stored_init(&mail);
    ok = stored_read_options(options->line, &mail, problem);
    for (size_t i = 0; ok && i < mail.items.count; i++) {
        struct slice action = arena_copy(&source->plan.arena, mail.items.items[i]);
        *vector_add(&source->plan.steps) = (struct campaign_step){0, action};
        ok = world_do(source->world, 0, action, problem);
    }
    stored_finish(&mail);
    return ok;
}

struct world *source_make_world(const struct source *source, const struct source_options *options)
{
    struct world *world =
        world_create(&source->topology, &(struct world_options){.seed = options->seed});
    for (size_t i = 0; i < source->plan.steps.count; i++) {
        struct problem problem;
        const struct campaign_step *step = &source->plan.steps.items[i];
        check(world_do(world, step->t, step->action, &problem)); /* it could when it was planned */
    }
    if (options->faults)
        world_run_until(world, source->plan.mended_t);
    return world;
}

static bool open_world(struct source *source, const char *word,
                       const struct source_options *options, FILE *in, struct problem *problem)
{
    if (!(options->text.size ? topology_read(&source->topology, options->text, word, problem)
                             : source_load_topology(&source->topology, word, in, problem)))
        return false;
    source->world = world_create(&source->topology, &(struct world_options){.seed = options->seed});
    if (options->faults)
        campaign_init(&source->plan, &source->topology, options->faults, options->seed);
    else
        arena_init(&source->plan.arena);
    bool ok = plan_stores(source, options, problem);
    if (ok && options->faults) {
        campaign_plan(&source->plan, source->world);
        world_run_until(source->world, source->plan.mended_t);
    } else if (ok) {
        plan_demo(source, options);
        ok = options->has_no_demo || world_demo(source->world, problem);
    }
    if (ok) {
        world_run_some(source->world, VTIME_NEVER, true, options->tasks_max);
        return true;
    }
    source_close(source);
    return false;
}

bool source_open(struct source *source, const char *word, const struct source_options *options,
                 FILE *in, struct problem *problem)
{
    *source = (struct source){0};
    const char *path = source->path;
    if (options->text.size) {
        snprintf(source->path, sizeof source->path, "%s", word);
        source->is_mail = source->is_trace = trail_is_header(options->text);
        return source->is_mail ? trail_trace(&source->trace, options->text, word, problem)
                               : open_world(source, word, options, in, problem);
    }
    if (!source_find(word, source->path, problem))
        return false;
    bool is_standard = strcmp(path, "-") == 0;
    source->is_mail = is_standard ? source_mail_is_stream(in)
                                  : !source_is_trace(path) && source_mail_is_file(path);
    source->is_trace = source->is_mail || (!is_standard && source_is_trace(path));
    if (!source->is_trace)
        return open_world(source, path, options, in, problem);
    return source_salvage_trace(&source->trace, path, in, options->salvages ? &source->lost : NULL,
                                problem);
}

void source_close(struct source *source)
{
    if (source->is_trace) {
        log_finish(&source->trace);
    } else {
        campaign_finish(&source->plan);
        world_destroy(source->world);
        topology_finish(&source->topology);
    }
}

const struct log *source_log(const struct source *source)
{
    return source->is_trace ? &source->trace : world_log(source->world);
}
