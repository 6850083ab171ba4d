#include "app/jobs.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/app.h"
#include "sim/base/check.h"

/* A process works on every so-manieth item, from its first on, and writes each result to its pipe:
   eight octets of size, then the octets. */
struct worker {
    pid_t process;
    int in;
};

uint32_t jobs_processors(void)
{
    long count = sysconf(_SC_NPROCESSORS_ONLN);
    return count < 1 ? 1 : count > JOBS_PROCESSES_MAX ? JOBS_PROCESSES_MAX : (uint32_t)count;
}

/* ---- the pipe ---- */

static bool write_all(int out, const void *data, size_t size)
{
    const char *at = data;
    while (size > 0) {
        ssize_t done = write(out, at, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        size -= (size_t)done;
    }
    return true;
}

static bool read_all(int in, void *data, size_t size)
{
    char *at = data;
    while (size > 0) {
        ssize_t done = read(in, at, size);
        if (done < 0 && errno == EINTR)
            continue;
        if (done <= 0)
            return false;
        at += done;
        size -= (size_t)done;
    }
    return true;
}

/* ---- the processes ---- */

/* Never returns. */
static void work(const struct jobs *jobs, uint64_t first, int out)
{
    struct bytes result;
    bytes_init(&result, SIZE_MAX);
    for (uint64_t item = first; item < jobs->count; item += jobs->processes) {
        bytes_clear(&result);
        jobs->work(jobs->context, item, &result);
        struct slice all = bytes_slice(&result);
        uint64_t size = all.size;
        if (!write_all(out, &size, sizeof size) || !write_all(out, all.data, all.size))
            break; /* nobody reads any more */
    }
    _exit(APP_DONE);
}

/* The pipes of the others are theirs: with a copy of an end, a pipe would never be seen closed. */
static void close_others(const struct jobs *jobs, const struct worker *workers)
{
    for (uint32_t i = 0; i < jobs->processes; i++)
        if (workers[i].process > 0)
            close(workers[i].in);
}

/* The worker whose next item this is. */
static bool start(const struct jobs *jobs, struct worker *workers, uint64_t item,
                  struct problem *problem)
{
    struct worker *w = &workers[item % jobs->processes];
    int ends[2];
    fflush(NULL); /* or what waits in a stream is written twice */
    if (pipe(ends) < 0)
        return problem_set(problem, "no pipe: %s", strerror(errno));
    w->process = fork();
    if (w->process == 0) {
        close(ends[0]);
        w->process = 0;
        close_others(jobs, workers);
        work(jobs, item, ends[1]);
    }
    close(ends[1]);
    if (w->process < 0) {
        close(ends[0]);
        return problem_set(problem, "no process: %s", strerror(errno));
    }
    w->in = ends[0];
    return true;
}

static void end(struct worker *w)
{
    if (w->process <= 0)
        return;
    close(w->in); /* one that still writes is told so, and ends */
    while (waitpid(w->process, NULL, 0) < 0 && errno == EINTR)
        continue;
    w->process = 0;
}

/* ---- all of it ---- */

static bool read_result(const struct worker *w, struct bytes *result)
{
    uint64_t size;
    bytes_clear(result);
    if (!read_all(w->in, &size, sizeof size) || !bytes_reserve(result, size) ||
        !read_all(w->in, result->data + result->end, size))
        return false;
    result->end += size;
    return true;
}

static bool take_all(const struct jobs *jobs, struct worker *workers, struct bytes *result,
                     struct problem *problem)
{
    for (uint64_t item = 0; item < jobs->count; item++) {
        struct worker *w = &workers[item % jobs->processes];
        if (read_result(w, result)) {
            struct slice all = bytes_slice(result);
            jobs->take(jobs->context, item, &all);
            continue;
        }
        end(w);
        jobs->take(jobs->context, item, NULL);
        if (item + jobs->processes < jobs->count &&
            !start(jobs, workers, item + jobs->processes, problem))
            return false;
    }
    return true;
}

bool jobs_run(const struct jobs *jobs, struct problem *problem)
{
    struct worker workers[JOBS_PROCESSES_MAX] = {{0}};
    struct bytes result;
    bool ok = true;
    check(jobs->processes > 0 && jobs->processes <= JOBS_PROCESSES_MAX);
    bytes_init(&result, SIZE_MAX);
    for (uint32_t i = 0; ok && i < jobs->processes && i < jobs->count; i++)
        ok = start(jobs, workers, i, problem);
    ok = ok && take_all(jobs, workers, &result, problem);
    for (uint32_t i = 0; i < jobs->processes; i++)
        end(&workers[i]);
    bytes_finish(&result);
    return ok;
}
