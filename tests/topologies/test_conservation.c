/* Mail is never lost (DESIGN: each accepted recipient ends delivered, bounced or waiting, once). */
#include <criterion/criterion.h>
#include <stdio.h>

#include "support_world.h"

enum { WORLDS = 10000, DOMAINS_MAX = 3 };

/* ---- small random topologies, as text ---- */

struct maker {
    struct random random;
    struct bytes json;
    int domains;
    bool has_backup[DOMAINS_MAX], has_msa[DOMAINS_MAX];
    int64_t send_t; /* of the last message planned */
};

static uint64_t draw(struct maker *m, uint64_t limit)
{
    return random_below(&m->random, limit);
}

static void put_domain(struct maker *m, int d)
{
    cr_assert(bytes_printf(
        &m->json,
        "%s{\"id\":\"pc%d\",\"name\":\"pc.d%d.test\",\"addr\":\"10.%d.0.10\",\"agents\":[{\"role\":"
        "\"mua\","
        "\"config\":{\"user\":\"u@d%d.test\",\"outgoing\":\"%s.d%d.test\",\"port\":%d,\"auth\":%s,"
        "\"incoming\":\"mx.d%d.test\",\"outbox\":%s,\"pop_delete\":%s}}]},"
        "{\"id\":\"mx%d\",\"name\":\"mx.d%d.test\",\"addr\":\"10.%d.0.25\",\"agents\":["
        "{\"role\":\"mta\",\"config\":{\"local\":[\"d%d.test\"],\"relay_from\":[\"10.%d.0.0/"
        "16\"]}},"
        "{\"role\":\"mda\"},{\"role\":\"store\"},{\"role\":\"access\"}]}",
        d ? "," : "", d, d, d, d, m->has_msa[d] ? "out" : "mx", d, m->has_msa[d] ? 587 : 25,
        m->has_msa[d] ? "true" : "false", d, draw(m, 4) ? "true" : "false",
        draw(m, 2) ? "true" : "false", d, d, d, d, d));
    if (m->has_msa[d])
        cr_assert(
            bytes_printf(&m->json,
                         ",{\"id\":\"out%d\",\"name\":\"out.d%d.test\",\"addr\":\"10.%d.0.26\","
                         "\"agents\":[{\"role\":\"msa\",\"config\":{%s%d%s}}]}",
                         d, d, d, draw(m, 2) ? "\"next\":\"mx.d" : "\"domain\":\"d", d, ".test\""));
    if (m->has_backup[d])
        cr_assert(bytes_printf(
            &m->json,
            ",{\"id\":\"bk%d\",\"name\":\"bk.d%d.test\",\"addr\":\"10.%d.0.27\","
            "\"agents\":[{\"role\":\"mta\",\"config\":{\"relay_to\":[\"d%d.test\"]}}]}",
            d, d, d, d));
}

static void put_link(struct maker *m, const char *a, int ad, const char *b, int bd)
{
    cr_assert(bytes_printf(
        &m->json, "%s{\"a\":\"%s%d\",\"b\":\"%s%d\",\"latency_ms\":%d,\"loss_percent\":%d}",
        m->json.data[m->json.end - 1] == '[' ? "" : ",", a, ad, b, bd, (int)draw(m, 200) + 1,
        draw(m, 3) ? 0 : (int)draw(m, 20)));
}

static void put_links(struct maker *m)
{
    for (int d = 0; d < m->domains; d++) {
        put_link(m, "pc", d, "mx", d);
        put_link(m, "mx", d, "ns", 0);
        if (m->has_msa[d]) {
            put_link(m, "pc", d, "out", d);
            put_link(m, "out", d, "mx", d);
        }
        if (m->has_backup[d])
            put_link(m, "bk", d, "mx", (d + 1) % m->domains);
        if (d > 0 && draw(m, 2))
            put_link(m, "mx", d, "mx", d - 1);
    }
}

static void make_topology(struct maker *m)
{
    m->domains = 1 + (int)draw(m, DOMAINS_MAX);
    cr_assert(
        bytes_append(&m->json, SLICE("{\"format\":1,\"id\":\"r\",\"title\":\"r\",\"hosts\":[")));
    for (int d = 0; d < m->domains; d++) {
        m->has_msa[d] = draw(m, 2);
        m->has_backup[d] = draw(m, 3) == 0;
        put_domain(m, d);
    }
    cr_assert(
        bytes_append(&m->json, SLICE(",{\"id\":\"ns0\",\"name\":\"ns.test\",\"addr\":\"10.9.0.53\","
                                     "\"agents\":[{\"role\":\"dns\"}]}],\"links\":[")));
    put_links(m);
    cr_assert(bytes_append(&m->json, SLICE("],\"dns\":[")));
    for (int d = 0; d < m->domains; d++) {
        cr_assert(bytes_printf(&m->json,
                               "%s{\"name\":\"d%d.test\",\"type\":\"MX\",\"pref\":10,"
                               "\"data\":\"mx.d%d.test\"}",
                               d ? "," : "", d, d));
        if (m->has_backup[d])
            cr_assert(bytes_printf(&m->json,
                                   ",{\"name\":\"d%d.test\",\"type\":\"MX\",\"pref\":20,"
                                   "\"data\":\"bk.d%d.test\"}",
                                   d, d));
    }
    cr_assert(bytes_append(&m->json, SLICE("],\"users\":[")));
    for (int d = 0; d < m->domains; d++)
        cr_assert(bytes_printf(&m->json, "%s\"u@d%d.test\",\"v@d%d.test\"", d ? "," : "", d, d));
    cr_assert(bytes_append(&m->json, SLICE("]}")));
}

/* ---- what happens in them ---- */

static void plan_mail(struct maker *m, struct world *world)
{
    static const char *const names[] = {"u", "v", "nobody", "u"};
    for (int n = 1 + (int)draw(m, 5); n > 0; n--) {
        char action[256];
        int d = (int)draw(m, (uint64_t)m->domains), e = (int)draw(m, (uint64_t)m->domains);
        snprintf(action, sizeof action,
                 "send from=u@d%d.test to=%s@d%d.test%s subject=%d body=\"%s\"", d,
                 names[draw(m, 4)], e, draw(m, 3) ? "" : ",v@d0.test,x@nowhere.test", n,
                 draw(m, 2) ? "short" : ".dots\\n..\\n.\\nend");
        m->send_t = (int64_t)draw(m, 3600) * VTIME_S;
        support_do(world, m->send_t, action);
        snprintf(action, sizeof action, "fetch by=pc%d", e);
        support_do(world, (int64_t)draw(m, 7200) * VTIME_S, action);
    }
}

/* A fault that begins at some moment, often in the middle of a transfer, and ends later. */
static void plan_faults(struct maker *m, struct world *world)
{
    static const char *const lasting[] = {"1", "40", "900", "20000", "500000"};
    for (int n = (int)draw(m, 4); n > 0; n--) {
        char action[128], what[64];
        int d = (int)draw(m, (uint64_t)m->domains);
        switch (draw(m, 4)) {
        case 0:
            snprintf(what, sizeof what, "host-down mx%d", d);
            break;
        case 1:
            snprintf(what, sizeof what, "link-cut pc%d:mx%d", d, d);
            break;
        case 2:
            snprintf(what, sizeof what, "dns-silent ns0");
            break;
        case 3:
            snprintf(what, sizeof what, "host-down pc%d", d);
            break;
        }
        int64_t on = draw(m, 2) ? m->send_t + (int64_t)draw(m, 4000) * VTIME_MS
                                : (int64_t)draw(m, 3600 * 1000) * VTIME_MS;
        int64_t length;
        cr_assert(vtime_parse(slice_of(lasting[draw(m, 5)]), &length));
        snprintf(action, sizeof action, "fault %s on", what);
        support_do(world, on, action);
        snprintf(action, sizeof action, "fault %s off", what);
        support_do(world, on + length + (int64_t)draw(m, 1000) * VTIME_MS, action);
    }
}

static void check_one(uint64_t seed, struct conservation *sum)
{
    struct maker m = {0};
    random_init(&m.random, seed, SLICE("conservation"));
    bytes_init(&m.json, 1024 * 1024);
    make_topology(&m);
    struct world *world = support_world_of(bytes_slice(&m.json), seed);
    plan_mail(&m, world);
    plan_faults(&m, world);
    world_run_quiet(world, 30 * VTIME_DAY);
    struct conservation counts;
    struct problem problem = {0};
    bool ok = conservation_check(world_log(world), &counts, &problem);
    cr_assert(ok, "seed %llu: %s", (unsigned long long)seed, problem.what);
    cr_assert_eq(counts.waiting, 0, "seed %llu: %u still wait after 30 days",
                 (unsigned long long)seed, counts.waiting);
    sum->delivered += counts.delivered;
    sum->given_up += counts.given_up;
    sum->discarded += counts.discarded;
    sum->repeated += counts.repeated;
    world_destroy(world);
    bytes_finish(&m.json);
}

/* The worlds must be wild enough for the check to mean something. */
static void check_half(uint64_t first)
{
    struct conservation sum = {0};
    for (uint64_t seed = first; seed <= WORLDS; seed += 2)
        check_one(seed, &sum);
    cr_log_info("delivered %u, given up %u, discarded %u, repeated %u", sum.delivered, sum.given_up,
                sum.discarded, sum.repeated);
    cr_assert_gt(sum.delivered, WORLDS);
    cr_assert_gt(sum.given_up, WORLDS / 4);
    cr_assert_gt(sum.discarded, 0);
    cr_assert_gt(sum.repeated, 0, "no reply to a final dot was ever lost");
}

/* Two halves, so that two cores share them. */
Test(conservation, no_accepted_recipient_is_lost_in_random_worlds_with_faults_odd_seeds)
{
    check_half(1);
}

Test(conservation, no_accepted_recipient_is_lost_in_random_worlds_with_faults_even_seeds)
{
    check_half(2);
}
