/*
 * mailflow bench hub, list, hosts: what mail costs where there is much of everything. One star: a
 * centre that submits, relays and answers questions of names, and around it servers of a domain
 * each.
 */
#include <inttypes.h>

#include "app/bench.h"
#include "sim/base/bytes.h"
#include "sim/base/check.h"
#include "sim/base/vtime.h"

/* A topology as text. The centre sends to `domains` domains; a list has `members`, 0 none, spread
   evenly over them. */
struct star {
    unsigned domains, members;
};

static void put_members(struct bytes *json, const struct star *star)
{
    for (unsigned i = 0; i < star->members; i++)
        check(bytes_printf(json, "%s\"u%u@d%u.test\"", i ? "," : "", i, i % star->domains));
}

static void put_centre(struct bytes *json, const struct star *star)
{
    check(bytes_append(
        json,
        SLICE("{\"format\":1,\"hosts\":["
              "{\"id\":\"pc\",\"name\":\"pc.centre.test\",\"addr\":\"192.0.2.1\",\"agents\":["
              "{\"role\":\"mua\",\"config\":{\"user\":\"alice@centre.test\","
              "\"outgoing\":\"centre\"}}]},"
              "{\"id\":\"dns\",\"name\":\"ns.centre.test\",\"addr\":\"192.0.2.3\",\"agents\":["
              "{\"role\":\"dns\"}]},"
              "{\"id\":\"centre\",\"name\":\"mx.centre.test\",\"addr\":\"192.0.2.2\",\"agents\":["
              "{\"role\":\"msa\",\"config\":{\"next\":\"centre\"}},"
              "{\"role\":\"mta\",\"config\":{\"local\":[\"centre.test\"],"
              "\"relay_from\":[\"192.0.2.0/24\"]}},")));
    if (star->members) {
        check(bytes_append(json, SLICE("{\"role\":\"list\",\"config\":{\"address\":"
                                       "\"class@centre.test\",\"members\":[")));
        put_members(json, star);
        check(bytes_append(json, SLICE("]}},")));
    }
    check(bytes_append(json, SLICE("{\"role\":\"mda\"},{\"role\":\"store\"}]}")));
}

static struct slice put_star(struct bytes *json, const struct star *star)
{
    put_centre(json, star);
    for (unsigned i = 0; i < star->domains; i++)
        check(bytes_printf(json,
                           ",{\"id\":\"mx%u\",\"name\":\"mx.d%u.test\",\"addr\":\"10.%u.%u.1\","
                           "\"agents\":[{\"role\":\"mta\",\"config\":{\"local\":[\"d%u.test\"]}},"
                           "{\"role\":\"mda\"},{\"role\":\"store\"}]}",
                           i, i, i / 256, i % 256, i));
    check(bytes_append(json, SLICE("],\"links\":[{\"a\":\"pc\",\"b\":\"centre\"},"
                                   "{\"a\":\"dns\",\"b\":\"centre\"}")));
    for (unsigned i = 0; i < star->domains; i++)
        check(bytes_printf(json, ",{\"a\":\"centre\",\"b\":\"mx%u\"}", i));
    check(bytes_append(json, SLICE("],\"dns\":[")));
    for (unsigned i = 0; i < star->domains; i++)
        check(bytes_printf(json,
                           "%s{\"name\":\"d%u.test\",\"type\":\"MX\",\"data\":\"mx.d%u.test\"}",
                           i ? "," : "", i, i));
    check(bytes_append(json, SLICE("],\"users\":[\"alice@centre.test\"")));
    for (unsigned i = 0; i < (star->members ? star->members : star->domains); i++)
        check(bytes_printf(json, ",\"u%u@d%u.test\"", i, i % star->domains));
    check(bytes_append(json, SLICE("]}")));
    return bytes_slice(json);
}

static struct world *make_star(const struct star *star, int64_t *took, struct problem *problem)
{
    struct topology topology;
    struct world *world = NULL;
    struct bytes json;
    bytes_init(&json, TOPOLOGY_FILE_MAX);
    struct slice text = put_star(&json, star);
    if (topology_read(&topology, text, "bench", problem)) {
        int64_t start = bench_now_ns();
        world = world_create(&topology, &(struct world_options){.seed = 1});
        *took = bench_now_ns() - start;
        topology_finish(&topology);
    }
    bytes_finish(&json);
    return world;
}

static uint32_t count_delivered(const struct world *world)
{
    const struct log *log = world_log(world);
    uint32_t count = 0;
    for (uint32_t id = 0; id < log_count(log); id++)
        count += log_at(log, id)->kind == EVENT_DELIVER;
    return count;
}

/* Runs what was planned and says how long it took, when so many copies were delivered. */
static bool run_star(struct world *world, uint32_t expected, int64_t *took, struct problem *problem)
{
    int64_t start = bench_now_ns();
    world_run_quiet(world, VTIME_NEVER);
    *took = bench_now_ns() - start;
    uint32_t delivered = count_delivered(world);
    return delivered == expected ||
           problem_set(problem, "%" PRIu32 " of %" PRIu32 " copies were delivered", delivered,
                       expected);
}

/* ---- one sender, many domains ---- */

enum { STAR_MAILS = 4000 };

static bool send_around(struct world *world, unsigned domains, struct problem *problem)
{
    char action[256];
    for (unsigned i = 0; i < STAR_MAILS; i++) {
        unsigned to = i % domains;
        snprintf(action, sizeof action,
                 "send from=alice@centre.test to=u%u@d%u.test subject=\"Letter %u\" body=\"A text "
                 "of some length, so that there is something to carry.\\n\"",
                 to, to, i);
        if (!world_do(world, i * 100 * VTIME_MS, slice_of(action), problem))
            return false;
    }
    return true;
}

struct world *bench_star(unsigned domains, struct problem *problem)
{
    int64_t took = 0;
    struct world *world = make_star(&(struct star){.domains = domains}, &took, problem);
    if (!world)
        return NULL;
    if (send_around(world, domains, problem) && run_star(world, STAR_MAILS, &took, problem))
        return world;
    world_destroy(world);
    return NULL;
}

/* Gives what a mail costs, in microseconds of the machine. */
static bool measure_star(unsigned domains, double *us, double *build_us, struct problem *problem)
{
    int64_t took = 0, built = 0;
    struct world *world = make_star(&(struct star){.domains = domains}, &built, problem);
    if (!world)
        return false;
    bool ok = send_around(world, domains, problem) && run_star(world, STAR_MAILS, &took, problem);
    *us = (double)took / 1000 / STAR_MAILS;
    *build_us = (double)built / 1000 / (domains + 3);
    world_destroy(world);
    return ok;
}

bool bench_hub(FILE *out, struct problem *problem)
{
    double us, build_us;
    if (!measure_star(1000, &us, &build_us, problem))
        return false;
    bench_line(out, "hub-1000-domains", 1e6 / us, "mails/s");
    return true;
}

/* A first message to each server also asks for its names: with more domains than mails there is
   nothing to be remembered, so the figures at 10,000 hosts contain two questions more a mail. */
bool bench_hosts(FILE *out, struct problem *problem)
{
    static const unsigned counts[] = {10, 100, 1000, 10000};
    char name[64];
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        double us, build_us;
        if (!measure_star(counts[i], &us, &build_us, problem))
            return false;
        snprintf(name, sizeof name, "mail-at-%u-hosts", counts[i]);
        bench_line(out, name, us, "us");
        snprintf(name, sizeof name, "build-at-%u-hosts", counts[i]);
        bench_line(out, name, build_us, "us/host");
    }
    return true;
}

/* ---- a list ---- */

bool bench_list(FILE *out, struct problem *problem)
{
    static const struct star star = {.domains = 100, .members = 10000};
    int64_t took = 0, built = 0;
    struct world *world = make_star(&star, &built, problem);
    if (!world)
        return false;
    bool ok =
        world_do(world, 0, SLICE("send from=alice@centre.test to=class@centre.test subject=Hello"),
                 problem) &&
        run_star(world, star.members, &took, problem);
    world_destroy(world);
    if (ok)
        bench_line(out, "list-10000-members", star.members / ((double)took / VTIME_S), "copies/s");
    return ok;
}
