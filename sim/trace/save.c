#include "sim/trace/save.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sim/base/memory.h"

static bool fail(struct problem *problem, const char *path, const char *what)
{
    int error = errno;
    problem_at(problem, path, 0, 0);
    return problem_set(problem, "%s: %s", what, strerror(error));
}

static char *copy(const char *text, const char *more)
{
    char *both = memory_take(strlen(text) + strlen(more) + 1);
    memcpy(both, text, strlen(text));
    memcpy(both + strlen(text), more, strlen(more));
    return both;
}

/* A new file that only its maker could name, with the rights that fopen would have given it. */
static FILE *open_temporary(char *temporary)
{
    int fd = mkstemp(temporary);
    if (fd < 0)
        return NULL;
    mode_t mask = umask(0);
    umask(mask);
    FILE *out = fchmod(fd, 0666 & ~mask) == 0 ? fdopen(fd, "wb") : NULL;
    if (!out) {
        close(fd);
        unlink(temporary);
    }
    return out;
}

bool save_open(struct save *save, const char *path, struct problem *problem)
{
    *save = (struct save){.path = copy(path, "")};
    struct stat there;
    if (stat(path, &there) == 0 && !S_ISREG(there.st_mode)) {
        save->out = fopen(path, "wb"); /* renaming over a device would remove it */
    } else {
        save->temporary = copy(path, ".XXXXXX");
        save->out = open_temporary(save->temporary);
    }
    if (save->out)
        return true;
    fail(problem, path, "can't be written");
    free(save->path);
    free(save->temporary);
    return false;
}

static void release(struct save *save)
{
    free(save->path);
    free(save->temporary);
    *save = (struct save){0};
}

bool save_commit(struct save *save, struct problem *problem)
{
    bool ok = fflush(save->out) == 0 && !ferror(save->out);
    ok = fclose(save->out) == 0 && ok;
    if (ok && save->temporary)
        ok = rename(save->temporary, save->path) == 0;
    if (!ok) {
        fail(problem, save->path, "can't be written");
        if (save->temporary)
            unlink(save->temporary);
    }
    release(save);
    return ok;
}

void save_abandon(struct save *save)
{
    fclose(save->out);
    if (save->temporary)
        unlink(save->temporary);
    release(save);
}
