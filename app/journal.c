#include "app/journal.h"

#include <cjson/cJSON.h>
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "app/folder.h"
#include "sim/base/memory.h"
#include "topologies/edit.h"

enum {
    WORK_OCTETS_MAX = 16 * 1024 * 1024,
    WORK_STEPS_MAX = 200000,
    WORKS_MAX = 64,
    NAMES_TRIED = 100
};

/* Times are JSON numbers, which are exact up to here (104 days). */
#define WORK_T_MAX 9007199254740992.0

struct journal {
    struct journal_source source;
    char path[FOLDER_PATH], old_path[FOLDER_PATH]; /* "" none */
    int fd, old_fd;                                /* held open and locked; -1 none */
};

struct journal *journal_create(const struct journal_source *source)
{
    char path[FOLDER_PATH];
    if (!folder_path(FOLDER_STATE, "", path))
        return NULL;
    struct journal *j = memory_take(sizeof *j);
    *j = (struct journal){.source = *source, .fd = -1, .old_fd = -1};
    return j;
}

void journal_leave(struct journal *j)
{
    if (!j)
        return;
    if (j->fd >= 0)
        close(j->fd);
    if (j->old_fd >= 0)
        close(j->old_fd);
    free(j);
}

void journal_destroy(struct journal *j)
{
    if (j && j->fd >= 0)
        unlink(j->path);
    journal_leave(j);
}

/* ---- writing ---- */

/* One line with one write: it is there as a whole, or was cut off at the end. */
static void write_line(struct journal *j, cJSON *object)
{
    char *text = cJSON_PrintUnformatted(object);
    size_t size = text ? strlen(text) : 0;
    if (size) {
        text[size] = '\n'; /* in the place of the NUL */
        ssize_t written = write(j->fd, text, size + 1);
        (void)written;
    }
    cJSON_free(text);
    cJSON_Delete(object);
}

static void write_first(struct journal *j)
{
    char seed[24];
    cJSON *first = cJSON_CreateObject();
    snprintf(seed, sizeof seed, "%" PRIu64, j->source.seed);
    cJSON_AddNumberToObject(first, "mailflow-work", 1);
    cJSON_AddStringToObject(first, "source", j->source.path);
    cJSON_AddStringToObject(first, "seed", seed);
    cJSON_AddStringToObject(first, "faults", j->source.faults);
    write_line(j, first);
}

/* A file of one's own, with the first line in it. What was interrupted before has had its chance.
 */
static bool begin(struct journal *j)
{
    for (int i = 0; j->fd < 0 && i < NAMES_TRIED; i++) {
        char name[64];
        snprintf(name, sizeof name, "work-%ld-%d.jsonl", (long)getpid(), i);
        if (!folder_path(FOLDER_STATE, name, j->path))
            return false;
        j->fd = open(j->path, O_CREAT | O_EXCL | O_WRONLY | O_APPEND | O_CLOEXEC, 0600);
        if (j->fd < 0 && errno != EEXIST)
            return false;
    }
    if (j->fd < 0)
        return false;
    flock(j->fd, LOCK_EX | LOCK_NB);
    write_first(j);
    return true;
}

static void forget_old(struct journal *j)
{
    if (j->old_fd < 0)
        return;
    unlink(j->old_path);
    close(j->old_fd);
    j->old_fd = -1;
}

static const char *const kind_names[] = {
    [LIVE_DO] = "do", [LIVE_FORK] = "fork", [LIVE_KEEP] = "keep"};
enum { KINDS = sizeof kind_names / sizeof *kind_names };

void journal_step(struct journal *j, const struct live_step *step)
{
    if (!j || (j->fd < 0 && !begin(j)))
        return;
    cJSON *line = cJSON_CreateObject();
    cJSON_AddStringToObject(line, kind_names[step->kind], step->text.size ? step->text.data : "");
    cJSON_AddNumberToObject(line, "t", (double)step->t);
    cJSON_AddNumberToObject(line, "run", step->run);
    write_line(j, line);
    forget_old(j);
}

static void write_word(struct journal *j, const char *word)
{
    if (!j || j->fd < 0)
        return;
    cJSON *line = cJSON_CreateObject();
    cJSON_AddTrueToObject(line, word);
    write_line(j, line);
}

void journal_undo(struct journal *j)
{
    write_word(j, "undo");
}

void journal_redo(struct journal *j)
{
    write_word(j, "redo");
}

void journal_saved(struct journal *j)
{
    write_word(j, "saved");
}

/* ---- reading ---- */

struct work {
    struct journal_source source;
    VECTOR(struct live_step) steps;
    size_t done;
    bool is_saved;      /* the source's file has changed since the work began */
    struct arena arena; /* the steps' texts */
};

static bool copy_string(const cJSON *object, const char *key, char *to, size_t room)
{
    const char *text = cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(object, key));
    return text && (size_t)snprintf(to, room, "%s", text) < room;
}

static bool read_first(struct work *w, const cJSON *line)
{
    char seed[24];
    return cJSON_IsNumber(cJSON_GetObjectItemCaseSensitive(line, "mailflow-work")) &&
           copy_string(line, "source", w->source.path, sizeof w->source.path) &&
           copy_string(line, "faults", w->source.faults, sizeof w->source.faults) &&
           copy_string(line, "seed", seed, sizeof seed) &&
           slice_to_u64(slice_of(seed), &w->source.seed);
}

static bool read_step(struct work *w, const cJSON *line, size_t kind)
{
    const char *text =
        cJSON_GetStringValue(cJSON_GetObjectItemCaseSensitive(line, kind_names[kind]));
    const cJSON *t = cJSON_GetObjectItemCaseSensitive(line, "t"),
                *run = cJSON_GetObjectItemCaseSensitive(line, "run");
    if (!text || !cJSON_IsNumber(t) || !cJSON_IsNumber(run) || !(t->valuedouble >= 0) ||
        t->valuedouble > WORK_T_MAX || (run->valueint != 0 && run->valueint != 1))
        return false;
    w->steps.count = w->done; /* a new step takes the place of what could have been redone */
    *vector_add(&w->steps) = (struct live_step){.kind = (enum live_kind)kind,
                                                .run = (uint32_t)run->valueint,
                                                .t = (int64_t)t->valuedouble,
                                                .text = arena_copy(&w->arena, slice_of(text))};
    w->done++;
    return true;
}

/* What else was done stays: the file says nothing of messages and faults. */
static void drop_edits(struct work *w)
{
    size_t kept = 0;
    for (size_t i = 0; i < w->done; i++)
        if (w->steps.items[i].kind != LIVE_DO || !edit_is_line(w->steps.items[i].text))
            w->steps.items[kept++] = w->steps.items[i];
    w->steps.count = w->done = kept;
    w->is_saved = true;
}

/* An edit that is in the file can't be taken back: then the file is what is gone on from. */
static bool read_line(struct work *w, const cJSON *line)
{
    if (cJSON_HasObjectItem(line, "saved")) {
        drop_edits(w);
        return true;
    }
    if (cJSON_HasObjectItem(line, "undo"))
        return w->done > 0 ? w->done-- > 0 : w->is_saved;
    if (cJSON_HasObjectItem(line, "redo"))
        return w->done < w->steps.count ? ++w->done > 0 : w->is_saved;
    for (size_t kind = 0; kind < KINDS; kind++)
        if (cJSON_HasObjectItem(line, kind_names[kind]))
            return read_step(w, line, kind);
    return false;
}

/* Steps about a second run where there is none end the list. */
static size_t count_sound(const struct work *w)
{
    bool has_fork = false;
    for (size_t i = 0; i < w->done; i++) {
        const struct live_step *step = &w->steps.items[i];
        if (!has_fork && (step->run == 1 || step->kind == LIVE_KEEP))
            return i;
        if (step->kind != LIVE_DO)
            has_fork = step->kind == LIVE_FORK;
    }
    return w->done;
}

static bool read_text(struct work *w, struct slice text)
{
    struct slice line;
    for (size_t number = 0; number < WORK_STEPS_MAX && slice_cut(&text, '\n', &line); number++) {
        cJSON *object = cJSON_ParseWithLength(line.data, line.size);
        bool ok =
            cJSON_IsObject(object) && (number == 0 ? read_first(w, object) : read_line(w, object));
        cJSON_Delete(object);
        if (!ok)
            return number > 0;
    }
    return true;
}

static void finish_work(struct work *w)
{
    vector_finish(&w->steps);
    arena_finish(&w->arena);
}

/* False: nothing that can be used. */
static bool read_work(struct work *w, int fd)
{
    char chunk[16384];
    struct bytes text;
    ssize_t n;
    *w = (struct work){0};
    arena_init(&w->arena);
    bytes_init(&text, WORK_OCTETS_MAX);
    while ((n = read(fd, chunk, sizeof chunk)) > 0 &&
           bytes_append(&text, (struct slice){chunk, (size_t)n}))
        ;
    bool ok = read_text(w, bytes_slice(&text));
    bytes_finish(&text);
    w->done = ok ? count_sound(w) : 0;
    if (w->done > 0)
        return true;
    finish_work(w);
    return false;
}

/* ---- works that nobody holds any more ---- */

struct left {
    char path[FOLDER_PATH];
    int64_t written_s;
};

static int newest_first(const void *a, const void *b)
{
    const struct left *x = a, *y = b;
    return x->written_s != y->written_s ? (x->written_s < y->written_s ? 1 : -1)
                                        : strcmp(x->path, y->path);
}

static size_t list_files(struct left *left)
{
    char folder[FOLDER_PATH];
    size_t count = 0;
    DIR *dir = folder_path(FOLDER_STATE, "", folder) ? opendir(folder) : NULL;
    if (!dir)
        return 0;
    for (struct dirent *entry; count < WORKS_MAX && (entry = readdir(dir));) {
        struct slice name = slice_of(entry->d_name);
        struct stat stat_of;
        if (!slice_starts(name, SLICE("work-")) || !slice_ends(name, SLICE(".jsonl")) ||
            !folder_path(FOLDER_STATE, entry->d_name, left[count].path) ||
            stat(left[count].path, &stat_of) != 0)
            continue;
        left[count++].written_s = stat_of.st_mtime;
    }
    closedir(dir);
    qsort(left, count, sizeof *left, newest_first);
    return count;
}

/* -1 while somebody works on it. */
static int open_left(const char *path)
{
    int fd = open(path, O_RDONLY | O_CLOEXEC);
    if (fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0) {
        close(fd);
        return -1;
    }
    return fd;
}

static bool is_same_source(const struct journal_source *a, const struct journal_source *b)
{
    return a->seed == b->seed && strcmp(a->path, b->path) == 0 && strcmp(a->faults, b->faults) == 0;
}

size_t journal_return(struct journal *j, struct live *live)
{
    struct left *left = memory_take(WORKS_MAX * sizeof *left);
    size_t count = list_files(left), steps = 0;
    for (size_t i = 0; i < count && steps == 0; i++) {
        struct work work;
        int fd = open_left(left[i].path);
        if (fd < 0)
            continue;
        if (read_work(&work, fd)) {
            if (is_same_source(&work.source, &j->source)) {
                live_offer(live, work.steps.items, work.done);
                steps = work.done;
            }
            finish_work(&work);
        }
        if (steps == 0) {
            close(fd);
            continue;
        }
        snprintf(j->old_path, sizeof j->old_path, "%s", left[i].path);
        j->old_fd = fd;
    }
    free(left);
    return steps;
}

size_t journal_list(struct journal_found *found, size_t most)
{
    struct left *left = memory_take(WORKS_MAX * sizeof *left);
    size_t files = list_files(left), count = 0;
    for (size_t i = 0; i < files && count < most; i++) {
        struct work work;
        int fd = open_left(left[i].path);
        if (fd < 0)
            continue;
        if (read_work(&work, fd)) {
            found[count++] = (struct journal_found){work.source, work.done, left[i].written_s};
            finish_work(&work);
        }
        close(fd);
    }
    free(left);
    return count;
}
