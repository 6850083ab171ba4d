/*
 * mailflow campaign: many runs with random mail and random faults, each of which must account for
 * every message. Runs are shared out among processes; a run is a matter of its seed alone.
 */
#include <inttypes.h>
#include <string.h>
#include <unistd.h>

#include "app/commands.h"
#include "app/jobs.h"
#include "app/source.h"
#include "sim/base/vtime.h"
#include "sim/trace/conservation.h"
#include "topologies/campaign.h"

enum { SHOWN_MAX = 20, WHAT = 320, RUNS_MAX = 1000000 };

/* Longer than any queue keeps a message, and its notice after it. */
#define LAST_T (20 * VTIME_DAY)
#define STEP_NS (12 * VTIME_H)
/* A run with so many events does not end by itself. */
enum { EVENTS_MAX = 20000000 };

/* What a process says of a run. */
struct result {
    uint32_t events;
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
    struct world_memory memory; /* a process has its own */
    uint64_t runs, jobs;
    struct tally {
        uint64_t done, failed, events, accepted, delivered, relayed, given_up, notices, repeated;
    } tally;
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

/* As a piece of work (app/jobs.h): gives a struct result. */
static void run_once(void *context, uint64_t run, struct bytes *out)
{
    struct campaign_run *c = context;
    uint64_t seed = c->first_seed + run;
    struct result result = {0};
    struct problem problem = {0};
    struct campaign campaign;
    struct world *world =
        world_create(&c->topology, &(struct world_options){.seed = seed, .memory = &c->memory});
    campaign_init(&campaign, &c->topology, c->profile, seed);
    campaign_plan(&campaign, world);
    result.ok = run_to_the_end(world, campaign.mended_t, &result, &problem);
    result.events = log_count(world_log(world));
    snprintf(result.what, sizeof result.what, "%.*s", WHAT - 1, problem.what);
    campaign_finish(&campaign);
    world_destroy(world);
    bytes_append(out, (struct slice){(const char *)&result, sizeof result});
}

/* ---- many ---- */

static void put_failure(struct campaign_run *c, uint64_t seed, const char *what)
{
    FILE *out = c->line->out;
    if (++c->tally.failed > SHOWN_MAX)
        return;
    fprintf(out, "seed %" PRIu64 ": %s\n", seed, what);
    fprintf(out, "  mailflow open %s --faults %s --seed %" PRIu64 "\n", c->word, c->profile->name,
            seed);
}

static void count_result(struct tally *tally, const struct result *result)
{
    tally->events += result->events;
    tally->accepted += result->counts.accepted;
    tally->delivered += result->counts.delivered;
    tally->relayed += result->counts.relayed;
    tally->given_up += result->counts.given_up;
    tally->notices += result->counts.notices;
    tally->repeated += result->counts.repeated;
}

static void show_progress(const struct campaign_run *c)
{
    if (!isatty(fileno(c->line->err)))
        return;
    if (c->tally.done == c->runs)
        fprintf(c->line->err, "\r\033[K");
    else if (c->tally.done % 16 == 0)
        fprintf(c->line->err, "\r%" PRIu64 " of %" PRIu64 " runs, %" PRIu64 " failed",
                c->tally.done, c->runs, c->tally.failed);
    fflush(c->line->err);
}

static void take_result(void *context, uint64_t run, const struct slice *said)
{
    struct campaign_run *c = context;
    struct result result = {.what = "the program broke down"};
    if (said && said->size == sizeof result)
        memcpy(&result, said->data, sizeof result);
    count_result(&c->tally, &result);
    if (!result.ok)
        put_failure(c, c->first_seed + run, result.what);
    c->tally.done++;
    show_progress(c);
}

static void put_sum(const struct campaign_run *c)
{
    const struct tally *t = &c->tally;
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
    if (!source_read_options(line, &source, &problem) ||
        !command_number(line, "runs", 1, RUNS_MAX, 100, &c.runs, &problem) ||
        !command_number(line, "jobs", 1, JOBS_PROCESSES_MAX, jobs_processors(), &c.jobs,
                        &problem) ||
        !source_load_topology(&c.topology, c.word, line->in, &problem))
        return command_fail(line, &problem);
    c.profile = source.faults;
    c.first_seed = source.seed;
    bool ok = jobs_run(&(struct jobs){.count = c.runs,
                                      .processes = (uint32_t)c.jobs,
                                      .work = run_once,
                                      .take = take_result,
                                      .context = &c},
                       &problem);
    topology_finish(&c.topology);
    world_memory_finish(&c.memory);
    if (!ok)
        return command_fail(line, &problem);
    put_sum(&c);
    return c.tally.failed ? APP_NO : APP_DONE;
}
