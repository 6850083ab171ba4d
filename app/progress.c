#include "app/progress.h"

#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "sim/base/vtime.h"

#define SILENT_NS VTIME_S
#define EACH_NS (VTIME_S / 5)

enum { NAME_MAX_SHOWN = 40 };

static int64_t now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * VTIME_S + now.tv_nsec;
}

/* Who started us with a signal ignored, as nohup does, means it. */
static bool is_ignored(int number)
{
    struct sigaction action;
    return sigaction(number, NULL, &action) == 0 && action.sa_handler == SIG_IGN;
}

/* A pipe or a device is written as it goes: there is nothing to be cleaned away, and a write that
   waits for a reader must be ended by the signal itself. */
static bool is_stream(const char *path)
{
    struct stat there;
    return stat(path, &there) == 0 && !S_ISREG(there.st_mode) && !S_ISDIR(there.st_mode);
}

/* One that waits is taken off: it has done what it was meant to. */
static bool has_come(const sigset_t *signals)
{
    return sigtimedwait(signals, NULL, &(struct timespec){0}) > 0;
}

/* The last part of the path; none that would need a second line. */
static const char *name_of(const char *path)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    return strlen(name) <= NAME_MAX_SHOWN ? name : "the file";
}

static void show(struct progress *p, uint64_t octets, int64_t now)
{
    if (!p->is_terminal || now - p->start_ns < SILENT_NS || now - p->shown_ns < EACH_NS)
        return;
    p->shown_ns = now;
    fprintf(p->err, "\r\033[Kwriting %s: %llu MB, %lld s (Ctrl+C breaks off)", name_of(p->path),
            (unsigned long long)(octets / 1000000), (long long)((now - p->start_ns) / VTIME_S));
    fflush(p->err);
}

static bool go_on(void *context, uint64_t octets)
{
    struct progress *p = context;
    p->is_broken_off = p->is_broken_off || has_come(&p->waited);
    if (!p->is_broken_off)
        show(p, octets, now_ns());
    return !p->is_broken_off;
}

const struct export_watch *progress_begin(struct progress *p, FILE *err, const char *path)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP};
    int fd = fileno(err);
    *p = (struct progress){
        .watch = {go_on, p}, .err = err, .path = path, .is_terminal = fd >= 0 && isatty(fd)};
    p->start_ns = now_ns();
    sigemptyset(&p->waited);
    for (size_t i = 0; i < sizeof numbers / sizeof *numbers; i++)
        if (!is_ignored(numbers[i]) && !is_stream(path))
            sigaddset(&p->waited, numbers[i]);
    sigprocmask(SIG_BLOCK, &p->waited, &p->before);
    return &p->watch;
}

bool progress_end(struct progress *p)
{
    if (p->shown_ns) {
        fputs("\r\033[K", p->err);
        fflush(p->err);
    }
    sigprocmask(SIG_SETMASK, &p->before, NULL);
    return p->is_broken_off;
}
