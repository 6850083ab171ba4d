/* Fetching by IMAP in a world: what Bob's mail program and his server say and do. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/vtime.h"
#include "support_small.h"
#include "support_world.h"

#define MUA "\"incoming\": \"mx1.example.org\""

/* two-towns, in which Bob fetches by IMAP. `more`: further settings of his mail program. */
static struct world *make(const char *more, uint64_t seed)
{
    struct arena arena;
    arena_init(&arena);
    struct slice json = support_file(&arena, "topologies/two-towns.json");
    size_t at = slice_find(json, SLICE(MUA), 0);
    cr_assert_neq(at, SLICE_NONE);
    const struct slice parts[] = {
        slice_part(json, 0, at + strlen(MUA)),
        arena_printf(&arena, ", \"incoming_protocol\": \"imap\"%s%s", *more ? ", " : "", more),
        slice_part(json, at + strlen(MUA), json.size)};
    struct world *world = support_world_of(arena_join(&arena, parts, 3), seed);
    arena_finish(&arena);
    support_do(world, 0,
               "send from=alice@example.com to=bob@example.org subject=Hello body=\"Hello Bob\"");
    support_do(world, 10 * VTIME_S, "fetch by=pc-bob");
    return world;
}

static const struct event_fetch *the_fetch(const struct log *log)
{
    const struct event *e = support_find(log, EVENT_FETCH, 0);
    return e ? event_as_fetch(e) : NULL;
}

/* RFC 9051 6.2: a session in clear, by STARTTLS, and with TLS from the first octet. */
Test(access_imap, bob_has_alice_s_message_by_each_way_in_and_it_stays_on_the_server)
{
    static const char *const tls[] = {"never", "if-offered", "required", "verify", "implicit"};
    static const struct {
        const char *word, *mechanism;
    } logins[] = {{"pass", "LOGIN"},
                  {"plain", "PLAIN"},
                  {"login", "LOGIN"},
                  {"cram-md5", "CRAM-MD5"},
                  {"scram-sha-256", "SCRAM-SHA-256"},
                  {"auto", "SCRAM-SHA-256"}};
    for (size_t i = 0; i < 5 * sizeof logins / sizeof logins[0]; i++) {
        char more[200];
        snprintf(more, sizeof more, "\"incoming_tls\": \"%s\", \"incoming_auth\": \"%s\"",
                 tls[i % 5], logins[i / 5].word);
        struct world *world = make(more, 1);
        world_run_until(world, 60 * VTIME_S);
        const struct log *log = world_log(world);
        const struct event_fetch *fetch = the_fetch(log);
        cr_assert_not_null(fetch, "%s", more);
        cr_expect_eq(fetch->msg, 1, "%s", more);
        cr_expect(slice_equal(log_text(log, fetch->proto), SLICE("imap")));
        cr_expect(slice_equal(log_text(log, fetch->box), SLICE("bob@example.org/INBOX")));
        cr_expect_eq(support_count(log, EVENT_REMOVE), 0, "nothing leaves the server");
        cr_expect_eq(support_count(log, EVENT_TLS_UP), i % 5 ? 1 : 0, "%s", more);
        const struct event *auth = support_find(log, EVENT_AUTH, 0);
        auth = support_find(log, EVENT_AUTH, (uint32_t)auth->cause + 2); /* behind Alice's */
        while (auth &&
               !slice_equal(log_text(log, event_as_auth(auth)->user), SLICE("bob@example.org")))
            auth = support_find(log, EVENT_AUTH, auth->cause + 2);
        cr_assert_not_null(auth);
        cr_expect(slice_equal(log_text(log, event_as_auth(auth)->mech),
                              slice_of(logins[i / 5].mechanism)),
                  "%s", more);
        support_check_conservation(log);
        world_destroy(world);
    }
}

/* RFC 9051 2.3.1.1: what has a UID that was seen is here already. */
Test(access_imap, a_second_visit_fetches_what_is_new_and_nothing_else)
{
    struct world *world = make("", 1);
    support_do(world, 20 * VTIME_S, "fetch by=pc-bob");
    support_do(world, 30 * VTIME_S,
               "send from=alice@example.com to=bob@example.org subject=Two body=x");
    support_do(world, 40 * VTIME_S, "fetch by=pc-bob");
    world_run_until(world, 100 * VTIME_S);
    cr_expect_eq(support_count(world_log(world), EVENT_FETCH), 2);
    world_destroy(world);
}

/* A certificate that is not in order is for who does not look at it (RFC 9525). */
Test(access_imap, a_bad_certificate_ends_the_visit_of_who_looks_at_it)
{
    struct world *world = make("\"incoming_tls\": \"verify\"", 1);
    support_do(world, 5 * VTIME_S, "fault cert-expired access-mx1 on");
    world_run_until(world, 60 * VTIME_S);
    cr_expect_eq(support_count(world_log(world), EVENT_TLS_FAIL), 1);
    cr_expect_eq(support_count(world_log(world), EVENT_FETCH), 0);
    world_destroy(world);
}

/* The law of the trace: same topology, seed and inputs, the same octets; TLS and SCRAM included. */
Test(access_imap, equal_runs_have_equal_traces_also_within_tls)
{
    static const char more[] =
        "\"incoming_tls\": \"implicit\", \"incoming_auth\": \"scram-sha-256\"";
    uint64_t hash[3];
    for (uint64_t i = 0; i < 3; i++) {
        struct world *world = make(more, i == 2 ? 2 : 1);
        world_run_until(world, 60 * VTIME_S);
        hash[i] = support_hash(world_log(world));
        world_destroy(world);
    }
    cr_expect_eq(hash[0], hash[1]);
    cr_expect_neq(hash[0], hash[2], "another seed");
}

/* The server goes down in the middle of a visit: the person hears of it, and the next visit works.
 */
Test(access_imap, a_crash_in_the_middle_of_a_visit_leaves_nothing_locked)
{
    for (int64_t ms = 10040; ms < 10400; ms += 20) {
        struct world *world = make("\"incoming_tls\": \"implicit\"", 1);
        support_do(world, ms * VTIME_MS, "fault mx1-down on");
        support_do(world, 20 * VTIME_S, "fault mx1-down off");
        support_do(world, 600 * VTIME_S, "fetch by=pc-bob");
        support_do(world, 3600 * VTIME_S, "fetch by=pc-bob");
        world_run_until(world, 4000 * VTIME_S);
        cr_expect_eq(support_count(world_log(world), EVENT_FETCH), 1, "down at %lld ms",
                     (long long)ms);
        world_destroy(world);
    }
}

/* Who is taken away while logging in is refused: the password was asked for before. */
Test(access_imap, an_account_that_goes_during_its_login_is_refused)
{
    static const char *const more[] = {"\"incoming_auth\": \"scram-sha-256\"",
                                       "\"incoming_auth\": \"pass\"", NULL};
    for (int i = 0; i < 3; i++)
        for (int64_t t = 0; t < 600 * VTIME_MS; t += 5 * VTIME_MS) {
            struct world *world =
                more[i] ? make(more[i], 1) : support_world_shipped("two-towns", 1);
            if (!more[i])
                support_do(world, 10 * VTIME_S, "fetch by=pc-bob");
            support_do(world, 10 * VTIME_S + t, "user remove bob@example.org");
            world_run_until(world, 60 * VTIME_S);
            const struct event *auth = support_find(world_log(world), EVENT_AUTH, 0);
            cr_expect(support_count(world_log(world), EVENT_FETCH) == 0 || auth,
                      "nobody reads without having come in");
            world_destroy(world);
        }
}
