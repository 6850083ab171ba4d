/* mailflow bench: the groups of figures, and those of mail and the schedule. */
#include "app/bench.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "app/commands.h"
#include "sim/base/check.h"
#include "sim/base/random.h"
#include "sim/base/vtime.h"

int64_t bench_now_ns(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return now.tv_sec * VTIME_S + now.tv_nsec;
}

void bench_line(FILE *out, const char *name, double value, const char *unit)
{
    fprintf(out, "%s %.*f %s\n", name, value < 100 ? 3 : 0, value, unit);
    fflush(out);
}

static double per_second(double count, int64_t ns)
{
    return count * (double)VTIME_S / (double)(ns > 0 ? ns : 1);
}

/* ---- mail ---- */

static const char towns[] =
    "{\"format\":1,\"id\":\"bench\",\"title\":\"Bench\",\"hosts\":["
    "{\"id\":\"pc-a\",\"name\":\"pc-a.example.com\",\"addr\":\"198.51.100.10\",\"x\":40,\"y\":1000,"
    "\"agents\":["
    "{\"id\":\"mua-a\",\"role\":\"mua\",\"config\":{\"user\":\"alice@example.com\","
    "\"outgoing\":\"submit.example.com\"}}]},"
    "{\"id\":\"submit\",\"name\":\"submit.example.com\",\"addr\":\"198.51.100.25\",\"x\":345,\"y\":"
    "1000,\"agents\":["
    "{\"id\":\"msa\",\"role\":\"msa\",\"config\":{\"domain\":\"example.com\",\"next\":\"out."
    "example.com\"}}]},"
    "{\"id\":\"out\",\"name\":\"out.example.com\",\"addr\":\"198.51.100.26\",\"x\":345,\"y\":560,"
    "\"agents\":["
    "{\"id\":\"mta-out\",\"role\":\"mta\",\"config\":{\"local\":[\"example.com\"],"
    "\"relay_from\":[\"198.51.100.0/24\"]}},"
    "{\"id\":\"mda-out\",\"role\":\"mda\"},{\"id\":\"store-out\",\"role\":\"store\"}]},"
    "{\"id\":\"dns\",\"name\":\"ns.example.net\",\"addr\":\"192.0.2.53\",\"x\":515,\"y\":0,"
    "\"agents\":["
    "{\"id\":\"ns\",\"role\":\"dns\"}]},"
    "{\"id\":\"mx\",\"name\":\"mx.example.org\",\"addr\":\"203.0.113.25\",\"x\":685,\"y\":560,"
    "\"agents\":["
    "{\"id\":\"mta-mx\",\"role\":\"mta\",\"config\":{\"local\":[\"example.org\"]}},"
    "{\"id\":\"mda-mx\",\"role\":\"mda\"},{\"id\":\"store-mx\",\"role\":\"store\"},"
    "{\"id\":\"access-mx\",\"role\":\"access\"}]},"
    "{\"id\":\"pc-b\",\"name\":\"pc-b.example.org\",\"addr\":\"203.0.113.10\",\"x\":960,\"y\":1000,"
    "\"agents\":["
    "{\"id\":\"mua-b\",\"role\":\"mua\",\"config\":{\"user\":\"bob@example.org\","
    "\"incoming\":\"mx.example.org\"}}]}],"
    "\"links\":[{\"a\":\"pc-a\",\"b\":\"submit\"},{\"a\":\"submit\",\"b\":\"out\"},{\"a\":\"out\","
    "\"b\":\"dns\"},"
    "{\"a\":\"dns\",\"b\":\"mx\"},{\"a\":\"out\",\"b\":\"mx\"},{\"a\":\"mx\",\"b\":\"pc-b\"}],"
    "\"dns\":[{\"name\":\"example.com\",\"type\":\"MX\",\"pref\":10,\"data\":\"out.example.com\"},"
    "{\"name\":\"example.org\",\"type\":\"MX\",\"pref\":10,\"data\":\"mx.example.org\"}],"
    "\"users\":[{\"address\":\"alice@example.com\",\"name\":\"Alice\"},"
    "{\"address\":\"bob@example.org\",\"name\":\"Bob\"}]}";

enum { BODY_OCTETS = 2048, BODY_LINE = 64, MAIL_INTERVAL_S = 2, ACTION_SIZE = 8192 };

/* The letter in which each line begins with its number. Made once: what a bench does besides would
   be counted as the cost of a mail. */
struct letter {
    char text[ACTION_SIZE];
    size_t size, line; /* of all of it; of a line */
};

enum { DIGITS = 8 };

static void write_letter(struct letter *letter)
{
    letter->size = 0;
    for (int octets = 0; octets < BODY_OCTETS; octets += BODY_LINE) {
        letter->line =
            (size_t)snprintf(letter->text + letter->size, ACTION_SIZE - letter->size,
                             "%*s line %4d of a letter that goes from town to town by mail.\\n",
                             DIGITS, "", octets / BODY_LINE);
        letter->size += letter->line;
    }
}

/* Each body is another one, so that the trace can't keep one for all. */
static void write_action(char action[ACTION_SIZE], struct letter *letter, uint32_t number)
{
    char digits[DIGITS + 1];
    snprintf(digits, sizeof digits, "%*u", DIGITS, (unsigned)(number % 100000000));
    for (size_t at = 0; at < letter->size; at += letter->line)
        memcpy(letter->text + at, digits, DIGITS);
    snprintf(action, ACTION_SIZE,
             "send from=alice@example.com to=bob@example.org subject=\"Letter %u\" body=\"%.*s\"",
             (unsigned)number, (int)letter->size, letter->text);
}

struct world *bench_world(uint32_t mails, struct problem *problem)
{
    struct topology topology;
    char action[ACTION_SIZE];
    struct letter letter;
    if (!topology_read(&topology, slice_of(towns), "bench", problem))
        return NULL;
    struct world *world = world_create(&topology, &(struct world_options){.seed = 1});
    topology_finish(&topology);
    bool ok = true;
    write_letter(&letter);
    for (uint32_t i = 0; ok && i < mails; i++) {
        int64_t t = i * MAIL_INTERVAL_S * VTIME_S;
        write_action(action, &letter, i);
        ok = world_do(world, t, slice_of(action), problem) &&
             world_do(world, t + VTIME_S, SLICE("fetch by=pc-b"), problem);
    }
    if (ok) {
        world_run_quiet(world, VTIME_NEVER);
        return world;
    }
    world_destroy(world);
    return NULL;
}

static uint32_t count_fetched(const struct log *log)
{
    uint32_t count = 0;
    for (uint32_t id = 0; id < log_count(log); id++)
        count += log_at(log, id)->kind == EVENT_FETCH;
    return count;
}

enum { MAILS = 2000 };

bool bench_mail(FILE *out, struct problem *problem)
{
    int64_t start = bench_now_ns();
    struct world *world = bench_world(MAILS, problem);
    if (!world)
        return false;
    int64_t took = bench_now_ns() - start;
    const struct log *log = world_log(world);
    uint32_t fetched = count_fetched(log);
    if (fetched == MAILS) {
        double octets = (double)log_count(log) * sizeof(struct event) + (double)log->pool.octets;
        bench_line(out, "mails", per_second(MAILS, took), "mails/s");
        bench_line(out, "events", per_second(log_count(log), took), "events/s");
        bench_line(out, "events-per-mail", (double)log_count(log) / MAILS, "events");
        bench_line(out, "trace-per-mail", octets / MAILS, "octets");
    } else {
        problem_set(problem, "only %u of %d messages were fetched", (unsigned)fetched, MAILS);
    }
    world_destroy(world);
    return fetched == MAILS;
}

/* ---- schedule ---- */

static void do_nothing(void *context, uint64_t a, uint64_t b)
{
    (void)context, (void)a, (void)b;
}

/* Takes one out and puts one in, with as many waiting all the time. */
static double schedule_rate(uint32_t pending)
{
    enum { ROUNDS = 2000000, SPREAD = 1000000 };
    struct schedule schedule;
    struct random random;
    struct task task = {.run = do_nothing};
    schedule_init(&schedule);
    random_init(&random, 1, SLICE("bench"));
    for (uint32_t i = 0; i < pending; i++) {
        task.t = (int64_t)random_below(&random, SPREAD);
        schedule_push(&schedule, &task);
    }
    int64_t start = bench_now_ns();
    for (int i = 0; i < ROUNDS && schedule_pop(&schedule, &task); i++) {
        task.t += (int64_t)random_below(&random, SPREAD);
        schedule_push(&schedule, &task);
    }
    int64_t took = bench_now_ns() - start;
    schedule_finish(&schedule);
    return per_second(ROUNDS, took);
}

bool bench_schedule(FILE *out, struct problem *problem)
{
    (void)problem;
    bench_line(out, "schedule-1e3", schedule_rate(1000), "ops/s");
    bench_line(out, "schedule-1e5", schedule_rate(100000), "ops/s");
    return true;
}

/* ---- the command ---- */

static const struct group {
    const char *name;
    bool (*run)(FILE *out, struct problem *problem);
} groups[] = {
    {"mail", bench_mail},         {"hub", bench_hub},           {"list", bench_list},
    {"hosts", bench_hosts},       {"schedule", bench_schedule}, {"smtp_session", bench_smtp},
    {"lmtp_session", bench_lmtp}, {"pop3_session", bench_pop3}, {"imap_session", bench_imap},
    {"tls", bench_tls},           {"dns", bench_dns},           {"mime", bench_mime},
    {"scene", bench_scene},       {"frame", bench_frame},       {"export", bench_export}};
enum { GROUPS = sizeof groups / sizeof *groups };

static bool is_wanted(const struct command_line *line, const char *name)
{
    for (int i = 0; i < line->operand_count; i++)
        if (strcmp(line->operands[i], name) == 0)
            return true;
    return line->operand_count == 0;
}

static bool is_known(const char *name)
{
    for (size_t i = 0; i < GROUPS; i++)
        if (strcmp(name, groups[i].name) == 0)
            return true;
    return false;
}

static bool check_names(const struct command_line *line, struct problem *problem)
{
    char names[256] = "";
    size_t size = 0;
    for (size_t i = 0; i < GROUPS; i++)
        size += (size_t)snprintf(names + size, sizeof names - size, "%s%s",
                                 i == 0           ? ""
                                 : i + 1 < GROUPS ? ", "
                                                  : " and ",
                                 groups[i].name);
    check(size < sizeof names);
    for (int i = 0; i < line->operand_count; i++)
        if (!is_known(line->operands[i]))
            return problem_set(problem, "unknown figure \"%s\"; there are %s", line->operands[i],
                               names);
    return true;
}

int bench_command(struct command_line *line)
{
    struct problem problem = {0};
    if (!check_names(line, &problem))
        return command_fail(line, &problem);
    for (size_t i = 0; i < GROUPS; i++)
        if (is_wanted(line, groups[i].name) && !groups[i].run(line->out, &problem)) {
            command_fail(line, &problem);
            return APP_FAULT; /* what is measured is ours, not the user's */
        }
    return APP_DONE;
}
