/*
 * mailflow bench export: a trace of a million events written out and read again, how fast, and how
 * much memory that takes beside the trace itself.
 */
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "app/bench.h"
#include "export/export.h"
#include "sim/base/vtime.h"
#include "sim/trace/jsonl.h"

enum { EVENTS = 1000000, MAILS_FIRST = 2500, LOOK_EACH = 4 * 1024 * 1024 };

/* Of the processor: what else runs on the machine does not count. */
static int64_t spent_ns(void)
{
    struct timespec spent;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &spent);
    return spent.tv_sec * VTIME_S + spent.tv_nsec;
}

/* Octets that are in memory now. */
static int64_t resident(void)
{
    long long size, pages = 0;
    FILE *in = fopen("/proc/self/statm", "r");
    if (in && fscanf(in, "%lld %lld", &size, &pages) != 2)
        pages = 0;
    if (in)
        fclose(in);
    return pages * sysconf(_SC_PAGESIZE);
}

/* Looks at the memory from time to time while something is written. */
struct looker {
    uint64_t octets, looked;
    int64_t most;
};

static bool look(void *context, uint64_t octets)
{
    struct looker *l = context;
    l->octets = octets;
    if (octets < l->looked)
        return true;
    l->looked = octets + LOOK_EACH;
    int64_t now = resident();
    l->most = now > l->most ? now : l->most;
    return true;
}

static void say(FILE *out, const char *what, const char *ending, const char *unit, double value)
{
    char name[64];
    snprintf(name, sizeof name, "%s%s%s", what, ending, strcmp(unit, "KB") == 0 ? "-grows" : "");
    bench_line(out, name, value, unit);
}

static double per_second(double count, int64_t ns)
{
    return count * (double)VTIME_S / (double)(ns > 0 ? ns : 1);
}

static bool write_out(FILE *out, const struct log *log, const struct export_row *row,
                      struct problem *problem)
{
    struct looker looker = {0};
    const struct export_watch watch = {look, &looker};
    const struct export_options options = {.width = EXPORT_WIDTH_DEFAULT, .watch = &watch};
    struct watched watched;
    FILE *null = fopen("/dev/null", "wb");
    if (!null)
        return problem_set(problem, "/dev/null can't be written");
    int64_t memory = resident(), start = spent_ns();
    bool ok = row->write(log, watched_begin(&watched, null, &watch), &options, problem);
    watched_end(&watched);
    int64_t took = spent_ns() - start;
    fclose(null);
    if (!ok)
        return false;
    say(out, "write", row->ending, "MB/s", per_second((double)watched.octets / 1e6, took));
    say(out, "write", row->ending, "events/s", per_second(log_count(log), took));
    say(out, "write", row->ending, "KB",
        looker.most > memory ? (double)(looker.most - memory) / 1000 : 0);
    return true;
}

/* ---- reading, of what another process writes ---- */

static double size_of(const struct log *log)
{
    return (double)log_count(log) * sizeof(struct event) + (double)log->pool.octets;
}

static bool measure_reading(FILE *out, FILE *in, uint32_t count, struct problem *problem)
{
    struct log log;
    int64_t memory = resident(), start = spent_ns();
    if (!jsonl_read(&log, in, "bench", problem))
        return false;
    int64_t took = spent_ns() - start;
    bool ok = log_count(&log) == count || problem_set(problem, "not all events were read");
    bench_line(out, "read.jsonl", per_second(count, took), "events/s");
    bench_line(out, "read.jsonl-memory", (double)(resident() - memory) / size_of(&log),
               "times the trace");
    log_finish(&log);
    return ok;
}

static bool read_back(FILE *out, const struct log *log, struct problem *problem)
{
    int ends[2];
    fflush(out);
    if (pipe(ends) != 0)
        return problem_set(problem, "no pipe could be made");
    pid_t child = fork();
    if (child == 0) {
        FILE *to = fdopen(ends[1], "wb");
        close(ends[0]);
        jsonl_write(log, to);
        fclose(to);
        _exit(0);
    }
    close(ends[1]);
    FILE *in = fdopen(ends[0], "rb");
    bool ok = child > 0 ? measure_reading(out, in, log_count(log), problem)
                        : problem_set(problem, "no process could be made");
    fclose(in);
    if (child > 0)
        waitpid(child, NULL, 0);
    return ok;
}

/* ---- all ---- */

/* Formats that are as long as the trace, and are written as a stream. */
static bool write_all(FILE *out, const struct log *log, struct problem *problem)
{
    static const char *const endings[] = {".jsonl", ".pcapng", ".csv"};
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        const struct export_row *row = export_find_ending(slice_of(endings[i]));
        if (row && !write_out(out, log, row, problem))
            return false;
    }
    return true;
}

bool bench_export(FILE *out, struct problem *problem)
{
    struct world *world = NULL;
    for (uint32_t mails = MAILS_FIRST; !world; mails *= 2) {
        world = bench_world(mails, problem);
        if (!world)
            return false;
        if (log_count(world_log(world)) < EVENTS) {
            world_destroy(world);
            world = NULL;
        }
    }
    bool ok =
        write_all(out, world_log(world), problem) && read_back(out, world_log(world), problem);
    world_destroy(world);
    return ok;
}
