/*
 * mailflow campaign: many runs with random mail and random faults, each of which must account for
 * every message. Runs are shared out among processes; a run is a matter of its seed alone.
 */
#include <errno.h>
#include <inttypes.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/source.h"
#include "sim/base/vtime.h"
#include "sim/trace/conservation.h"
#include "topologies/campaign.h"

enum { JOBS_MAX = 64, SHOWN_MAX = 20, WHAT = 320, RUNS_MAX = 1000000 };

/* Longer than any queue keeps a message, and its notice after it. */
#define LAST_T (20 * VTIME_DAY)
#define STEP_NS (12 * VTIME_H)
/* A run with so many events does not end by itself. */
enum { EVENTS_MAX = 20000000 };

/* What a process says of a run, in one write to the pipe. */
struct result {
    uint64_t seed;
    uint32_t job, events;
    bool ok;
    struct conservation counts;
    char what[WHAT];
};

struct campaign_run {
    struct command_line *line;
    const struct campaign_profile *profile;
    uint64_t first_seed;
    const char *word; /* the topology, as it was named */
    struct topology topology;
    uint64_t runs, jobs;
};

/* ---- one run ---- */

/* Until nobody waits any more: true when it came to that, and every message is accounted for. */
static bool run_to_the_end(struct world *world, int64_t mended_t, struct result *result,
                           struct problem *problem)
{
    world_run_until(world, mended_t);
    for (int64_t t = mended_t;; t += STEP_NS) {
        world_run_until(world, t);
        if (!conservation_check(world_log(world), &result->counts, problem))
            return false;
        if (result->counts.waiting == 0)
            return true;
        if (t > LAST_T)
            return problem_set(problem, "%" PRIu32 " recipients still wait in queues after %d days",
                               result->counts.waiting, (int)(LAST_T / VTIME_DAY));
        if (log_count(world_log(world)) > EVENTS_MAX)
            return problem_set(problem, "more than %d events, and no end of it", EVENTS_MAX);
    }
}

static struct result run_once(const struct campaign_run *c, uint64_t seed, uint32_t job)
{
    struct result result = {.seed = seed, .job = job};
    struct problem problem = {0};
    struct campaign campaign;
    struct world *world = world_create(&c->topology, &(struct world_options){.seed = seed});
    campaign_init(&campaign, &c->topology, c->profile, seed);
    campaign_plan(&campaign, world);
    result.ok = run_to_the_end(world, campaign.mended_t, &result, &problem);
    result.events = log_count(world_log(world));
    snprintf(result.what, sizeof result.what, "%.*s", WHAT - 1, problem.what);
    campaign_finish(&campaign);
    world_destroy(world);
    return result;
}

/* ---- many ---- */

/* Every jobs-th seed, from the job's own on. Never returns. */
static void work(const struct campaign_run *c, uint32_t job, int out)
{
    for (uint64_t i = job; i < c->runs; i += c->jobs) {
        struct result result = run_once(c, c->first_seed + i, job);
        if (write(out, &result, sizeof result) != (ssize_t)sizeof result)
            _exit(APP_FAULT);
    }
    _exit(APP_DONE);
}

struct tally {
    uint64_t done, failed, events, accepted, delivered, relayed, given_up, notices, repeated;
    uint64_t next[JOBS_MAX]; /* the seed that each process works on */
};

static void put_failure(const struct campaign_run *c, struct tally *tally, uint64_t seed,
                        const char *what)
{
    FILE *out = c->line->out;
    if (++tally->failed > SHOWN_MAX)
        return;
    fprintf(out, "seed %" PRIu64 ": %s\n", seed, what);
    fprintf(out, "  mailflow open %s --faults %s --seed %" PRIu64 "\n", c->word, c->profile->name,
            seed);
}

static void count_result(const struct campaign_run *c, struct tally *tally,
                         const struct result *result)
{
    tally->done++;
    tally->events += result->events;
    tally->accepted += result->counts.accepted;
    tally->delivered += result->counts.delivered;
    tally->relayed += result->counts.relayed;
    tally->given_up += result->counts.given_up;
    tally->notices += result->counts.notices;
    tally->repeated += result->counts.repeated;
    tally->next[result->job] = result->seed + c->jobs;
    if (!result->ok)
        put_failure(c, tally, result->seed, result->what);
}

static void show_progress(const struct campaign_run *c, const struct tally *tally, bool is_last)
{
    if (!isatty(fileno(c->line->err)))
        return;
    if (is_last)
        fprintf(c->line->err, "\r\033[K");
    else if (tally->done % 16 == 0)
        fprintf(c->line->err, "\r%" PRIu64 " of %" PRIu64 " runs, %" PRIu64 " failed", tally->done,
                c->runs, tally->failed);
    fflush(c->line->err);
}

static void read_results(const struct campaign_run *c, int in, struct tally *tally)
{
    struct result result;
    size_t have = 0;
    for (;;) {
        ssize_t n = read(in, (char *)&result + have, sizeof result - have);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        have += (size_t)n;
        if (have < sizeof result)
            continue;
        have = 0;
        count_result(c, tally, &result);
        show_progress(c, tally, false);
    }
}

/* A process that ended before its last run met a mistake of ours. */
static void collect(const struct campaign_run *c, const pid_t *jobs, struct tally *tally)
{
    for (uint64_t i = 0; i < c->jobs; i++) {
        int status = 0;
        while (waitpid(jobs[i], &status, 0) < 0 && errno == EINTR)
            continue;
        if (!WIFEXITED(status) || WEXITSTATUS(status) != APP_DONE)
            put_failure(c, tally, tally->next[i], "the program broke down");
    }
}

static bool run_all(const struct campaign_run *c, struct tally *tally, struct problem *problem)
{
    pid_t jobs[JOBS_MAX];
    int ends[2];
    fflush(NULL);
    if (pipe(ends) < 0)
        return problem_set(problem, "no pipe: %s", strerror(errno));
    for (uint32_t i = 0; i < c->jobs; i++) {
        tally->next[i] = c->first_seed + i;
        jobs[i] = fork();
        if (jobs[i] == 0) {
            close(ends[0]);
            work(c, i, ends[1]);
        }
        if (jobs[i] < 0) {
            close(ends[0]);
            close(ends[1]);
            return problem_set(problem, "no process: %s", strerror(errno));
        }
    }
    close(ends[1]);
    read_results(c, ends[0], tally);
    close(ends[0]);
    show_progress(c, tally, true);
    collect(c, jobs, tally);
    return true;
}

static void put_sum(const struct campaign_run *c, const struct tally *t)
{
    FILE *out = c->line->out;
    if (t->failed > SHOWN_MAX)
        fprintf(out, "... and %" PRIu64 " more\n", t->failed - SHOWN_MAX);
    fprintf(out,
            "%s, %s: %" PRIu64 " runs, %" PRIu64 " events; %" PRIu64 " times a recipient's mail "
            "was taken over: %" PRIu64 " delivered, %" PRIu64 " passed on, %" PRIu64
            " given up; %" PRIu64 " notices, %" PRIu64 " copies by lost replies; ",
            c->word, c->profile->name, t->done, t->events, t->accepted, t->delivered, t->relayed,
            t->given_up, t->notices, t->repeated);
    if (t->failed == 0)
        fprintf(out, "nothing lost\n");
    else
        fprintf(out, "%" PRIu64 " runs FAILED\n", t->failed);
}

int campaign_command(struct command_line *line)
{
    struct campaign_run c = {.line = line, .word = line->operands[0]};
    struct source_options source = {.faults = campaign_find_profile(SLICE("harsh"))};
    struct problem problem = {0};
    struct tally tally = {0};
    long processors = sysconf(_SC_NPROCESSORS_ONLN);
    uint64_t jobs = processors < 1 ? 1 : processors > JOBS_MAX ? JOBS_MAX : (uint64_t)processors;
    if (!source_read_options(line, &source, &problem) ||
        !command_number(line, "runs", 1, RUNS_MAX, 100, &c.runs, &problem) ||
        !command_number(line, "jobs", 1, JOBS_MAX, jobs, &c.jobs, &problem) ||
        !source_load_topology(&c.topology, c.word, line->in, &problem))
        return command_fail(line, &problem);
    c.profile = source.faults;
    c.first_seed = source.seed;
    bool ok = run_all(&c, &tally, &problem);
    topology_finish(&c.topology);
    if (!ok)
        return command_fail(line, &problem);
    put_sum(&c, &tally);
    return tally.failed ? APP_NO : APP_DONE;
}
