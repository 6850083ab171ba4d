/* Fetching by POP3 in a world: the settings of the access server and of the mail program. */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>
#include <string.h>

#include "sim/base/vtime.h"
#include "support_small.h"
#include "support_world.h"
#include "topologies/world_live.h"

#define MUA "\"incoming\": \"mx1.example.org\""
#define ACCESS "\"id\": \"access-mx1\""

/* The text from `from` up to the end of `to`, which comes behind it, is made into `instead`. */
static struct slice put(struct arena *arena, struct slice json, const char *from, const char *to,
                        struct slice instead)
{
    size_t at = slice_find(json, slice_of(from), 0);
    cr_assert_neq(at, SLICE_NONE, "%s", from);
    size_t end = slice_find(json, slice_of(to), at);
    cr_assert_neq(end, SLICE_NONE, "%s", to);
    const struct slice parts[] = {slice_part(json, 0, at), instead,
                                  slice_part(json, end + strlen(to), json.size)};
    return arena_join(arena, parts, 3);
}

/* two-towns with more settings for Bob's mail program and with those of his access server, which
   speaks POP3 on 110 and 995. One message is sent; after ten seconds Bob fetches. */
static struct world *make(const char *mua, const char *access)
{
    struct arena arena;
    arena_init(&arena);
    struct slice json = support_file(&arena, "topologies/two-towns.json");
    json = put(&arena, json, MUA, MUA, arena_printf(&arena, MUA "%s%s", *mua ? ", " : "", mua));
    json = put(&arena, json, ACCESS, "}",
               arena_printf(&arena,
                            ACCESS ", \"role\": \"access\", "
                                   "\"listen\": [110, 995], \"config\": {%s}}",
                            access));
    struct world *world = support_world_of(json, 1);
    arena_finish(&arena);
    support_do(world, 0,
               "send from=alice@example.com to=bob@example.org subject=Hello body=\"Hello Bob\"");
    support_do(world, 10 * VTIME_S, "fetch by=pc-bob");
    return world;
}

static struct world *run(const char *mua, const char *access)
{
    struct world *world = make(mua, access);
    world_run_until(world, 60 * VTIME_S);
    return world;
}

/* "SCRAM-SHA-256 ok;POP failed;": Bob's logins. */
static void expect_logins(const struct log *log, const char *expected)
{
    struct bytes said;
    bytes_init(&said, 10000);
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_auth *auth = event_as_auth(log_at(log, id));
        if (auth && slice_equal(log_text(log, auth->user), SLICE("bob@example.org")))
            bytes_printf(&said, "%.*s %.*s;", SLICE_ARG(log_text(log, auth->mech)),
                         SLICE_ARG(log_text(log, auth->result)));
    }
    cr_expect(slice_equal(bytes_slice(&said), slice_of(expected)), "%.*s instead of %s",
              SLICE_ARG(bytes_slice(&said)), expected);
    bytes_finish(&said);
}

/* How often this text was in a text field of such events. */
static unsigned count_with(const struct log *log, enum event_kind kind, const char *part)
{
    unsigned count = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event *e = log_at(log, id);
        for (int i = 0; e->kind == kind && i < event_kinds[kind].field_count; i++)
            if (event_kinds[kind].fields[i].type == EVENT_TYPE_TEXT)
                count += slice_find(log_text(log, e->v[i]), slice_of(part), 0) != SLICE_NONE;
    }
    return count;
}

Test(access_pop3, lets_bob_in_by_each_way_in_clear_and_with_tls)
{
    static const struct {
        const char *word, *logins;
    } ways[] = {{"pass", "POP ok;"},          {"apop", "APOP ok;"},
                {"plain", "PLAIN ok;"},       {"login", "LOGIN ok;"},
                {"cram-md5", "CRAM-MD5 ok;"}, {"scram-sha-256", "SCRAM-SHA-256 ok;"},
                {"auto", "SCRAM-SHA-256 ok;"}};
    static const char *const tls[] = {"never", "if-offered", "required", "verify", "implicit"};
    for (size_t i = 0; i < 5 * sizeof ways / sizeof ways[0]; i++) {
        char mua[200];
        snprintf(mua, sizeof mua,
                 "\"incoming_auth\": \"%s\", \"incoming_tls\": \"%s\", \"incoming_pipelining\": %s",
                 ways[i / 5].word, tls[i % 5], i % 2 ? "true" : "false");
        struct world *world = run(mua, "");
        const struct log *log = world_log(world);
        expect_logins(log, ways[i / 5].logins);
        cr_expect_eq(support_count(log, EVENT_FETCH), 1, "%s", mua);
        cr_expect_eq(support_count(log, EVENT_REMOVE), 1, "%s", mua);
        cr_expect_eq(support_count(log, EVENT_TLS_UP), i % 5 ? 1 : 0, "%s", mua);
        support_check_conservation(log);
        world_destroy(world);
    }
}

/* RFC 8314 3.3: port 995 knows nothing but TLS. */
Test(access_pop3, speaks_no_clear_text_on_port_995)
{
    struct world *world = run("\"incoming_port\": 995", "");
    cr_expect_eq(support_count(world_log(world), EVENT_AUTH), 1, "Alice's submission alone");
    cr_expect_eq(support_count(world_log(world), EVENT_FETCH), 0);
    world_destroy(world);
}

/* RFC 5034 6: nobody shows a password in clear to a server that wants TLS. */
Test(access_pop3, lets_nobody_in_without_the_tls_it_requires)
{
    struct world *world = run("", "\"tls\": \"required\"");
    expect_logins(world_log(world), "");
    cr_expect_eq(count_with(world_log(world), EVENT_UI, "STLS comes first"), 1);
    world_destroy(world);
    world = run("\"incoming_tls\": \"if-offered\"", "\"tls\": \"required\"");
    expect_logins(world_log(world), "POP ok;");
    world_destroy(world);
}

Test(access_pop3, is_not_told_a_password_by_who_requires_tls)
{
    struct world *world = run("\"incoming_tls\": \"required\"", "\"tls\": \"none\"");
    expect_logins(world_log(world), "");
    cr_expect_eq(count_with(world_log(world), EVENT_POP_CMD, "bob@example.org"), 0);
    cr_expect_eq(count_with(world_log(world), EVENT_UI, "the server offers no TLS"), 1);
    world_destroy(world);
}

/* RFC 9525: a certificate that is not in order is for who does not look at it. */
Test(access_pop3, is_left_alone_when_its_certificate_is_not_in_order)
{
    static const struct {
        const char *tls;
        uint32_t fetched;
    } rows[] = {{"verify", 0}, {"implicit", 0}, {"required", 1}, {"never", 1}};
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        char mua[100];
        snprintf(mua, sizeof mua, "\"incoming_tls\": \"%s\"", rows[i].tls);
        struct world *world = make(mua, "");
        support_do(world, VTIME_S, "fault cert-expired access-mx1 on");
        world_run_until(world, 60 * VTIME_S);
        cr_expect_eq(support_count(world_log(world), EVENT_FETCH), rows[i].fetched, "%s", mua);
        cr_expect_eq(count_with(world_log(world), EVENT_UI, "no safe connection"), !rows[i].fetched,
                     "%s", mua);
        world_destroy(world);
    }
}

static void say_and_stay(void *context, uint32_t wire)
{
    net_send(context, wire, SLICE("USER bob@example.org\r\nPASS secret-bob\r\nQUIT\r\n"), 0);
}

/* RFC 1939 6: QUIT gives the maildrop free, however long the client stays on the line. */
Test(access_pop3, is_open_to_the_next_one_once_the_last_one_said_quit)
{
    struct world *world = make("", "");
    uint32_t pc = log_find_place(world_log(world), SLICE("pc-bob"));
    (void)net_connect(world_net(world), pc, UINT32_C(0xCB007119), 110,
                      &(struct net_user){.opened = say_and_stay, .context = world_net(world)});
    world_run_until(world, 60 * VTIME_S);
    expect_logins(world_log(world), "POP ok;POP ok;");
    cr_expect_eq(count_with(world_log(world), EVENT_UI, "IN-USE"), 0);
    cr_expect_eq(support_count(world_log(world), EVENT_FETCH), 1);
    world_destroy(world);
}

/* RFC 2449 8.1.1 */
Test(access_pop3, wants_a_pause_between_two_logins)
{
    struct world *world = make("", "\"login_delay\": \"15m\"");
    support_do(world, 60 * VTIME_S, "fetch by=pc-bob");
    support_do(world, 10 * VTIME_S + 901 * VTIME_S, "fetch by=pc-bob");
    world_run_until(world, 2000 * VTIME_S);
    expect_logins(world_log(world), "POP ok;POP ok;POP ok;");
    cr_expect_eq(count_with(world_log(world), EVENT_POP_REPLY, "[LOGIN-DELAY]"), 1);
    cr_expect_eq(count_with(world_log(world), EVENT_UI, "[LOGIN-DELAY]"), 1);
    world_destroy(world);
}

/* RFC 2449 6.7 */
Test(access_pop3, keeps_nothing_that_was_fetched_when_that_is_its_rule)
{
    struct world *world = run("\"pop_delete\": false", "");
    cr_expect_eq(support_count(world_log(world), EVENT_REMOVE), 0);
    world_destroy(world);
    world = run("\"pop_delete\": false", "\"expire\": 0");
    cr_expect_eq(support_count(world_log(world), EVENT_REMOVE), 1);
    world_destroy(world);
}

Test(access_pop3, offers_the_ways_in_that_it_is_told_to)
{
    struct world *world =
        run("\"incoming_auth\": \"auto\"", "\"mechanisms\": [\"cram-md5\", \"plain\"]");
    expect_logins(world_log(world), "CRAM-MD5 ok;");
    world_destroy(world);
    world = run("", "\"mechanisms\": [\"plain\"]");
    expect_logins(world_log(world), "");
    cr_expect_eq(count_with(world_log(world), EVENT_UI, "USER is not offered here"), 1);
    world_destroy(world);
}

/* The same seed, the same bytes; challenges that were never said before, nevertheless. */
Test(access_pop3, says_the_same_in_every_run_of_a_seed_and_no_challenge_twice)
{
    uint64_t hash = 0;
    for (unsigned i = 0; i < 2; i++) {
        struct world *world = make("\"incoming_auth\": \"scram-sha-256\"", "");
        support_do(world, 20 * VTIME_S, "fetch by=pc-bob");
        world_run_until(world, 60 * VTIME_S);
        expect_logins(world_log(world), "SCRAM-SHA-256 ok;SCRAM-SHA-256 ok;");
        uint64_t found = support_hash(world_log(world));
        cr_expect(i == 0 || found == hash);
        hash = found;
        struct slice first = {0};
        for (uint32_t id = 0; id < log_count(world_log(world)); id++) {
            const struct event_pop_reply *r = event_as_pop_reply(log_at(world_log(world), id));
            if (!r || !slice_equal(log_text(world_log(world), r->verb), SLICE("CONNECT")))
                continue;
            cr_expect_not(slice_equal(log_text(world_log(world), r->text), first));
            first = log_text(world_log(world), r->text);
        }
        cr_expect_gt(first.size, 40);
        world_destroy(world);
    }
}
