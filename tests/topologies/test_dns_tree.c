/* The name servers of a tree, and a resolver that walks down it, in the world dns-tree. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "support_dns.h"

static const char letter[] = "send from=alice@example.com to=bob@example.org subject=Hello";

static struct world *start(void)
{
    return support_world_shipped("dns-tree", 1);
}

static void finish(struct world *w)
{
    support_check_conservation(world_log(w));
    world_destroy(w);
}

static uint32_t send(struct world *w)
{
    uint32_t from = log_count(world_log(w));
    support_do(w, world_now(w), letter);
    world_run_quiet(w, VTIME_NEVER);
    return from;
}

/* RFC 1034 5.3.3: each server refers to the next, and only the last one answers. */
Test(dns_tree, one_mail_is_found_from_the_root_down)
{
    struct world *w = start();
    const struct log *log = world_log(w);
    send(w);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 1);
    cr_expect_eq(support_queries(log, 0, "resolver", "example.org", "MX"), 1);
    cr_expect_eq(support_queries(log, 0, "root", "example.org", "MX"), 1);
    cr_expect_eq(support_queries(log, 0, "tld-org", "example.org", "MX"), 1);
    cr_expect_eq(support_queries(log, 0, "ns-birch", "example.org", "MX"), 1);
    cr_expect_eq(support_queries(log, 0, "tld-com", "example.org", ""), 0);
    cr_expect_eq(support_answers(log, 0, "root", "resolver", "example.org", "NOERROR"), 1);
    cr_expect_str_eq(support_last_data(log, "out", "example.org", "MX"), "10 mx1.example.org");
    /* the way to example.org is known by then */
    cr_expect_eq(support_queries(log, 0, "tld-org", "mx1.example.org", ""), 0);
    cr_expect_eq(support_queries(log, 0, "ns-birch", "mx1.example.org", "A"), 1);
    finish(w);
}

Test(dns_tree, what_is_known_is_not_asked_again)
{
    struct world *w = start();
    const struct log *log = world_log(w);
    send(w);
    uint32_t from = send(w);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 2);
    cr_expect_eq(support_queries(log, from, "", "", ""), 0, "out itself keeps the answer");
    /* another host's question is answered by the resolver alone */
    from = log_count(log);
    support_do(w, world_now(w), "fetch by=pc-bob");
    world_run_quiet(w, VTIME_NEVER);
    cr_expect_eq(support_queries(log, from, "resolver", "mx1.example.org", "A"), 1);
    cr_expect_eq(support_queries(log, from, "ns-birch", "", ""), 0);
    finish(w);
}

/* RFC 1035 3.2.1: TTL counts from when the resolver learnt it; example.org's is an hour, that of
   the registries longer. */
Test(dns_tree, what_has_become_old_is_asked_again_where_it_is_known)
{
    struct world *w = start();
    const struct log *log = world_log(w);
    send(w);
    world_run_until(w, 2 * VTIME_H);
    uint32_t from = send(w);
    cr_expect_eq(support_queries(log, from, "resolver", "example.org", "MX"), 1);
    cr_expect_eq(support_queries(log, from, "ns-birch", "example.org", "MX"), 1);
    cr_expect_eq(support_queries(log, from, "tld-org", "", ""), 0);
    cr_expect_eq(support_queries(log, from, "root", "", ""), 0);
    finish(w);
}

/* RFC 2308: a "no" is kept, too, by the resolver as by who asked. */
Test(dns_tree, a_no_is_kept)
{
    struct world *w = start();
    const struct log *log = world_log(w);
    for (int i = 0; i < 2; i++) {
        support_do(w, world_now(w), "send from=alice@example.com to=bob@nowhere.org subject=x");
        world_run_quiet(w, VTIME_NEVER);
    }
    cr_expect_eq(support_count(log, EVENT_DSN), 2);
    cr_expect_eq(support_queries(log, 0, "resolver", "nowhere.org", "MX"), 1);
    cr_expect_eq(support_queries(log, 0, "tld-org", "nowhere.org", "MX"), 1);
    cr_expect_eq(support_answers(log, 0, "resolver", "out", "nowhere.org", "NXDOMAIN"), 1);
    finish(w);
}

/* RFC 1034 3.6.2: the alias is in one zone, what it stands for in another's servers. */
Test(dns_tree, an_alias_leads_to_another_zone)
{
    struct world *w = start();
    const struct log *log = world_log(w);
    support_do(w, 0, "set mua-alice outgoing=mail.example.org");
    send(w);
    cr_expect_eq(support_queries(log, 0, "ns-birch", "mail.example.org", "A"), 1);
    cr_expect_eq(support_queries(log, 0, "ns-aster", "out.example.com", "A"), 1);
    cr_expect_str_eq(support_last_data(log, "pc-alice", "mail.example.org", "A"), "198.51.100.26");
    world_destroy(w);
}

/* A silent server costs its time-out; the answer then is SERVFAIL (RFC 2308 7), and mail waits. */
Test(dns_tree, a_silent_server_ends_in_servfail_and_mail_waits)
{
    struct world *w = start();
    const struct log *log = world_log(w);
    support_do(w, 0, "fault birch-silent on");
    support_do(w, 0, letter);
    world_run_until(w, VTIME_MIN);
    cr_expect_eq(support_answers(log, 0, "ns-birch", "resolver", "example.org", "TIMEOUT"), 2,
                 "asked twice");
    cr_expect_eq(support_answers(log, 0, "resolver", "out", "example.org", "SERVFAIL"), 1);
    cr_expect_eq(support_count(log, EVENT_QUEUE_DEFER), 1);
    support_do(w, VTIME_MIN, "fault birch-silent off");
    world_run_until(w, VTIME_H);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 1);
    finish(w);
}

/* Two servers of a zone: when one is silent the other one answers (RFC 1034 5.3.3). */
Test(dns_tree, another_server_of_the_zone_is_asked)
{
    struct world *w = start();
    const struct log *log = world_log(w);
    support_do(w, 0, "set dns-aster zones=example.com,example.org");
    support_do(w, 0, "dns add example.org NS ns.example.com");
    support_do(w, 0, "fault birch-silent on");
    send(w);
    cr_expect_eq(support_answers(log, 0, "ns-birch", "resolver", "example.org", "TIMEOUT"), 1);
    cr_expect_eq(support_queries(log, 0, "ns-aster", "example.org", "MX"), 1);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 1);
    finish(w);
}

/* Referrals in circles, and a server's name that only its own zone knows, come to an end. */
Test(dns_tree, bad_delegations_end)
{
    static const char *const changes[] = {
        "dns add org NS a.com.test",         /* lame: com's server knows nothing of org */
        "dns add org NS ns.sub.nowhere.org", /* within the zone itself, without an address */
        "dns add org NS ns.example.test",    /* no such name */
        "dns add org NS ns.other.com",       /* com refers to org, org to com */
    };
    for (size_t i = 0; i < sizeof changes / sizeof *changes; i++) {
        struct world *w = start();
        const struct log *log = world_log(w);
        support_do(w, 0, "dns remove org NS");
        support_do(w, 0, "dns add other.com NS ns.circle.org");
        support_do(w, 0, changes[i]);
        support_do(w, 0, letter);
        world_run_until(w, VTIME_MIN);
        cr_expect_eq(support_answers(log, 0, "resolver", "out", "example.org", "SERVFAIL"), 1, "%s",
                     changes[i]);
        cr_expect_eq(support_count(log, EVENT_QUEUE_DEFER), 1);
        cr_expect_leq(support_queries(log, 0, "", "", ""), 60);
        finish(w);
    }
}

/* RFC 2181 9: what does not fit a datagram comes by TCP, on each leg. */
Test(dns_tree, a_long_answer_comes_by_tcp)
{
    struct world *w = start();
    const struct log *log = world_log(w);
    for (int i = 0; i < 60; i++) {
        char action[96];
        snprintf(action, sizeof action, "dns add example.org MX mail-host-%d.example.org pref=%d",
                 i, 20 + i);
        support_do(w, 0, action);
    }
    send(w);
    cr_expect_eq(support_opens(log, 0, "out", "resolver", "ok"), 1);
    cr_expect_eq(support_opens(log, 0, "resolver", "ns-birch", "ok"), 1);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 1);
    finish(w);
}

/* What the resolver kept was in its memory; it begins at the root again. */
Test(dns_tree, a_crash_of_the_resolver_forgets_all)
{
    struct world *w = start();
    const struct log *log = world_log(w);
    send(w);
    support_do(w, world_now(w), "fault host-down resolver on");
    support_do(w, world_now(w) + VTIME_S, "fault host-down resolver off");
    world_run_quiet(w, VTIME_NEVER);
    uint32_t from = log_count(log);
    support_do(w, world_now(w), "fetch by=pc-bob");
    world_run_quiet(w, VTIME_NEVER);
    cr_expect_eq(support_queries(log, from, "root", "mx1.example.org", "A"), 1);
    finish(w);
}

/* A resolver need not search itself; what it was told it keeps all the same. */
Test(dns_tree, a_forwarder_asks_another_server_for_all)
{
    struct world *w = support_world_of(
        SLICE(
            "{\"format\":1,\"hosts\":["
            "{\"id\":\"a\",\"name\":\"a.example.org\",\"addr\":\"192.0.2.1\",\"resolver\":\"near\","
            "\"agents\":[{\"id\":\"mua\",\"role\":\"mua\",\"config\":{\"user\":\"bob@example.org\","
            "\"outgoing\":\"mail.example.org\",\"incoming\":\"mail.example.org\"}}]},"
            "{\"id\":\"hub\",\"name\":\"hub.example.org\",\"addr\":\"192.0.2.2\",\"resolver\":"
            "\"near\","
            "\"agents\":[{\"role\":\"mta\",\"config\":{\"local\":[\"example.org\"]}},"
            "{\"role\":\"mda\"},{\"role\":\"store\"},{\"role\":\"access\"}]},"
            "{\"id\":\"near\",\"name\":\"near.example.org\",\"addr\":\"192.0.2.3\","
            "\"agents\":[{\"role\":\"resolver\",\"config\":{\"forward\":\"far\"}}]},"
            "{\"id\":\"far\",\"name\":\"far.example.org\",\"addr\":\"192.0.2.4\","
            "\"agents\":[{\"role\":\"dns\"}]}],"
            "\"links\":[{\"a\":\"a\",\"b\":\"hub\"},{\"a\":\"hub\",\"b\":\"near\"},"
            "{\"a\":\"near\",\"b\":\"far\"}],"
            "\"dns\":[{\"name\":\"mail.example.org\",\"type\":\"CNAME\","
            "\"data\":\"hub.example.org\"}],"
            "\"users\":[\"bob@example.org\"]}"),
        1);
    const struct log *log = world_log(w);
    for (int i = 0; i < 2; i++) {
        support_do(w, world_now(w), "fetch by=mua");
        world_run_quiet(w, VTIME_NEVER);
    }
    cr_expect_eq(support_queries(log, 0, "near", "mail.example.org", "A"), 1);
    cr_expect_eq(support_queries(log, 0, "far", "mail.example.org", "A"), 1);
    cr_expect_str_eq(support_last_data(log, "a", "mail.example.org", "A"), "192.0.2.2");
    cr_expect_eq(support_opens(log, 0, "a", "hub", "ok"), 2);
    finish(w);
}

Test(dns_tree, the_demonstration_is_the_same_twice)
{
    uint64_t hash[2];
    for (int i = 0; i < 2; i++) {
        struct problem problem = {0};
        struct world *w = start();
        cr_assert(world_demo(w, &problem), "%s", problem.what);
        world_run_quiet(w, VTIME_NEVER);
        cr_expect_eq(support_count(world_log(w), EVENT_DELIVER), 2);
        hash[i] = support_hash(world_log(w));
        finish(w);
    }
    cr_expect_eq(hash[0], hash[1]);
}

/* The faults of name servers are those of a resolver, too: its clients see SERVFAIL, or nothing. */
Test(dns_tree, a_resolver_fails_as_other_servers_do)
{
    struct world *w = start();
    const struct log *log = world_log(w);
    support_do(w, 0, "fault dns-servfail cache on");
    support_do(w, 0, letter);
    world_run_until(w, VTIME_MIN);
    cr_expect_geq(support_answers(log, 0, "resolver", "pc-alice", "out.example.com", "SERVFAIL"),
                  1);
    cr_expect_eq(support_queries(log, 0, "root", "", ""), 0);
    support_do(w, VTIME_MIN, "fault dns-servfail cache off");
    world_run_until(w, VTIME_H);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 1, "Alice's program tries again");
    finish(w);
}
