/*
 * The copies that were delivered as a Maildir: a folder with tmp, new and cur in it, and a file a
 * message in new. It is made beside its place and takes it as a whole, so that nobody sees a half.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "agents/mail/maildir.h"
#include "export/copies.h"
#include "export/export.h"
#include "sim/base/check.h"
#include "sim/base/memory.h"
#include "sim/base/vtime.h"

static const char *const parts[] = {"tmp", "new", "cur"};
enum { PARTS = sizeof parts / sizeof *parts };

struct folder {
    const struct log *log;
    const struct export_options *options;
    char *path, *temporary; /* without a '/' at the end */
    char *name;             /* room for a path in the folder */
    uint32_t count;         /* of files that were made */
};

static bool fail(const struct folder *f, struct problem *problem)
{
    int error = errno;
    bool is_full = error == ENOTEMPTY || error == EEXIST;
    problem_at(problem, f->path, 0, 0);
    return problem_set(problem, "can't be written: %s",
                       is_full ? "there is something in this folder already" : strerror(error));
}

static const char *path_in(struct folder *f, const char *part, struct slice name)
{
    size_t room = strlen(f->temporary) + MAILDIR_NAME + 16;
    int size = snprintf(f->name, room, "%s/%s%s%.*s", f->temporary, part, name.size ? "/" : "",
                        SLICE_ARG(name));
    check(size > 0 && (size_t)size < room);
    return f->name;
}

static const char *path_of(struct folder *f, const struct copy *copy, uint32_t number)
{
    char text[MAILDIR_NAME];
    return path_in(f, "new",
                   maildir_name(log_epoch_s(f->log) + copy->t / VTIME_S,
                                (uint32_t)(copy->t % VTIME_S / VTIME_US), number,
                                log_host_name(f->log, copy->at), text));
}

/* ---- writing ---- */

/* Lines end with LF in a Maildir, as in all files here. A CR may have its LF in what follows. */
static void put_lines(struct slice text, struct slice behind, FILE *out)
{
    for (size_t i = 0; i < text.size; i++) {
        bool is_last = i + 1 == text.size;
        char next = !is_last ? text.data[i + 1] : behind.size ? behind.data[0] : '\0';
        if (text.data[i] != '\r' || next != '\n')
            putc(text.data[i], out);
    }
}

static bool put_copy(struct folder *f, const struct copy *copy)
{
    FILE *out = fopen(path_of(f, copy, f->count + 1), "wbx");
    if (!out)
        return false;
    f->count++;
    put_lines(copy->header, copy->body, out);
    put_lines(copy->body, SLICE(""), out);
    bool ok = fflush(out) == 0 && !ferror(out);
    return fclose(out) == 0 && ok;
}

static bool put_all(struct folder *f, struct problem *problem)
{
    struct copy copy;
    uint32_t id = 0;
    while (copies_next(f->log, f->options->message, &id, &copy)) {
        if (!watched_go_on(f->options->watch, f->count))
            return problem_set(problem, "broken off, not written");
        if (!put_copy(f, &copy))
            return fail(f, problem);
    }
    return f->count > 0 || copies_none(f->options->message, problem);
}

/* ---- the folder ---- */

static bool make(struct folder *f, struct problem *problem)
{
    if (!mkdtemp(f->temporary))
        return fail(f, problem);
    for (int i = 0; i < PARTS; i++)
        if (mkdir(path_in(f, parts[i], SLICE("")), 0700) != 0)
            return fail(f, problem);
    return true;
}

/* What was made, and nothing else. */
static void remove_all(struct folder *f)
{
    struct copy copy;
    uint32_t id = 0, number = 0;
    while (number < f->count && copies_next(f->log, f->options->message, &id, &copy))
        unlink(path_of(f, &copy, ++number));
    for (int i = 0; i < PARTS; i++)
        rmdir(path_in(f, parts[i], SLICE("")));
    rmdir(f->temporary);
}

static char *copy_of(struct slice text, const char *behind)
{
    size_t more = strlen(behind) + 1;
    char *copy = memory_take(text.size + more);
    memcpy(copy, text.data, text.size);
    memcpy(copy + text.size, behind, more);
    return copy;
}

bool mail_folder_save(const struct log *log, const char *path, const struct export_options *options,
                      struct problem *problem)
{
    struct folder f = {.log = log, .options = options};
    struct slice name = slice_of(path);
    while (name.size > 1 && name.data[name.size - 1] == '/')
        name.size--;
    f.path = copy_of(name, "");
    f.temporary = copy_of(name, ".XXXXXX");
    f.name = memory_take(name.size + MAILDIR_NAME + 32);
    bool ok = make(&f, problem) && put_all(&f, problem) &&
              (rename(f.temporary, f.path) == 0 || fail(&f, problem));
    if (!ok)
        remove_all(&f);
    free(f.path);
    free(f.temporary);
    free(f.name);
    return ok;
}
