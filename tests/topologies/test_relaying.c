/*
 * Where an MTA sends what it has taken, and whom it listens to: rules instead of the MX, its
 * listening address, its connections, the sendmail command. One small world whose settings change
 * from test to test.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "support_match.h"

/* clang-format off */
static const char topology[] =
    "{\"format\": 1, \"title\": \"T\", \"hosts\": ["
    "{\"id\": \"pc\", \"name\": \"pc.example.com\", \"addr\": \"198.51.100.10\", \"agents\": ["
    " {\"role\": \"mua\", \"config\": {\"user\": \"alice@example.com\", \"outgoing\": \"out\","
    "  \"port\": 25, \"auth\": false}}]},"
    "{\"id\": \"out\", \"name\": \"out.example.com\", \"addr\": \"198.51.100.26\", \"agents\": ["
    " {\"role\": \"mta\", \"config\": {\"local\": [\"example.com\"],"
    "  \"relay_from\": [\"198.51.100.0/24\"]%s}}, {\"role\": \"mda\"}, {\"role\": \"store\"},"
    " {\"id\": \"mua-here\", \"role\": \"mua\", \"config\": {\"user\": \"amir@example.com\","
    "  \"outgoing\": \"out\", \"port\": 25, \"auth\": false}}]},"
    "{\"id\": \"mx1\", \"name\": \"mx1.example.org\", \"addr\": \"203.0.113.25\", \"agents\": ["
    " {\"role\": \"mta\", \"listen\": [25, 2525], \"config\": {\"local\": [\"example.org\"]%s}},"
    " {\"role\": \"mda\"}, {\"role\": \"store\"}]},"
    "{\"id\": \"mx2\", \"name\": \"mx2.example.org\", \"addr\": \"203.0.113.26\", \"agents\": ["
    " {\"role\": \"mta\", \"config\": {\"relay_to\": [\"example.org\"]%s}}]},"
    "{\"id\": \"box\", \"name\": \"box.example.org\", \"addr\": \"203.0.113.27\", \"agents\": ["
    " {\"role\": \"mda\", \"config\": {\"via\": \"lmtp\"}}, {\"role\": \"store\"}]},"
    "{\"id\": \"dns\", \"name\": \"ns.example.net\", \"addr\": \"192.0.2.53\", \"agents\": ["
    " {\"role\": \"dns\"}]}],"
    "\"links\": [{\"a\": \"pc\", \"b\": \"dns\"}, {\"a\": \"out\", \"b\": \"dns\"},"
    " {\"a\": \"mx1\", \"b\": \"dns\"}, {\"a\": \"mx2\", \"b\": \"dns\"},"
    " {\"a\": \"box\", \"b\": \"dns\"}],"
    "\"dns\": ["
    " {\"name\": \"example.com\", \"type\": \"MX\", \"pref\": 10, \"data\": \"out.example.com\"},"
    " {\"name\": \"example.org\", \"type\": \"MX\", \"pref\": 10, \"data\": \"mx1.example.org\"}],"
    "\"users\": [\"alice@example.com\", \"amir@example.com\", \"bob@example.org\","
    " \"bea@example.org\"]}";
/* clang-format on */

#define BOB "bob@example.org/INBOX"
#define SEND "send from=alice@example.com to=bob@example.org subject=s"

struct settings {
    const char *out, *mx1, *mx2; /* more of them, as JSON with a comma in front; NULL: none */
};

static struct world *world_of(const struct settings *s)
{
    struct arena arena;
    arena_init(&arena);
    struct slice json = arena_printf(&arena, topology, s->out ? s->out : "", s->mx1 ? s->mx1 : "",
                                     s->mx2 ? s->mx2 : "");
    struct world *world = support_world_of(json, 1);
    arena_finish(&arena);
    return world;
}

static struct world *sent(const struct settings *s, const char *action)
{
    struct world *world = world_of(s);
    support_do(world, 0, action);
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(world_log(world));
    return world;
}

/* ---- rules ---- */

/* RFC 5321 5.1 leaves it to the host whether mail goes by the MX at all. */
Test(relaying, a_rule_comes_before_the_mx)
{
    static const struct {
        const char *routes, *path;
        const char *event; /* and this happens, too */
    } cases[] = {
        {"example.org mx2", "out mx2 mx1", "relay at=out to=mx2"},
        {"example.org mx1:2525", "out mx1", "tcp.open from=out to=mx1 port=2525 result=ok"},
        {"*.org mx2", "out mx2 mx1", "relay at=out to=mx2"},
        {"* mx2", "out mx2 mx1", "relay at=out to=mx2"},
        {"*.example.org mx2", "out mx1", "relay at=out to=mx1"}, /* only what is below it */
        {"example.net mx2", "out mx1", "relay at=out to=mx1"},
        {"EXAMPLE.org lmtp:box", "out box", "lmtp.cmd from=out to=box verb=LHLO"},
        {"example.org mx\", \"* mx2", "out mx1", "relay at=out to=mx1"}, /* the first that fits */
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct arena arena;
        arena_init(&arena);
        struct slice out = arena_printf(&arena, ", \"routes\": [\"%s\"]", cases[i].routes);
        struct world *world = sent(&(struct settings){.out = out.data}, SEND);
        cr_expect_str_eq(support_path(world_log(world), 1, BOB), cases[i].path, "%s",
                         cases[i].routes);
        cr_expect(support_exists(world_log(world), cases[i].event), "%s", cases[i].routes);
        world_destroy(world);
        arena_finish(&arena);
    }
}

Test(relaying, a_rule_can_refuse_a_domain)
{
    struct world *world = sent(
        &(struct settings){.out = ", \"routes\": [\"example.org error 5.1.2 Closed down\"]"}, SEND);
    cr_expect(support_exists(world_log(world), "smtp.reply from=out verb=RCPT code=550 esc=5.1.2"));
    cr_expect_not(support_exists(world_log(world), "queue.add at=mta-out"));
    world_destroy(world);
}

/* What waits already is refused, too, when the rule comes later. */
Test(relaying, a_rule_that_comes_later_counts_for_what_waits)
{
    struct world *world = world_of(&(struct settings){0});
    support_do(world, 0, "fault host-down mx1 on");
    support_do(world, 0, SEND);
    support_do(world, 10 * VTIME_MIN, "set out routes=\"example.org error 5.1.2 Closed\"");
    world_run_until(world, 2 * VTIME_H);
    const struct log *log = world_log(world);
    support_check_conservation(log);
    cr_expect(support_exists(log, "dsn about=1 action=failed status=5.1.2 to=alice@example.com"));
    cr_expect_eq(support_matches(log, "queue.try at=mta-out msg=1"), 2);
    world_destroy(world);
}

/* RFC 5321 6.3: two that point at each other; the hundredth hop ends it, with one notice. */
Test(relaying, two_mtas_that_point_at_each_other_end_in_one_loop_bounce)
{
    struct world *world = sent(&(struct settings){.mx1 = ", \"routes\": [\"example.org mx2\"]",
                                                  .mx2 = ", \"routes\": [\"example.org mx1\"]"},
                               SEND);
    const struct log *log = world_log(world);
    cr_expect(support_exists(log, "reject code=554 msg=1"), "C1003");
    cr_expect_eq(support_matches(log, "dsn about=1 status=5.4.6"), 1, "C1003");
    cr_expect_eq(support_count(log, EVENT_DSN), 1);
    cr_expect_eq(support_copies(log, 1, BOB), 0);
    cr_expect_eq(support_copies(log, 2, "alice@example.com/INBOX"), 1);
    cr_expect_eq(support_matches(log, "accept msg=1"), 100);
    world_destroy(world);
}

/* RFC 5321 6.1: a notice that can't be delivered ends with an event, not with another notice. */
Test(relaying, a_bounce_of_a_bounce_ends)
{
    struct world *world = world_of(&(struct settings){0});
    support_do(world, 0, "send from=alice@example.com to=nobody@example.org subject=s");
    support_do(world, 0, "set out routes=\"example.com error 5.7.9 Gone\"");
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    support_check_conservation(log);
    cr_expect_eq(support_count(log, EVENT_DSN), 1);
    cr_expect_eq(support_count(log, EVENT_DISCARD), 1);
    world_destroy(world);
}

/* ---- the listening address ---- */

Test(relaying, on_127_0_0_1_only_programs_of_the_host_get_in)
{
    struct world *world = world_of(&(struct settings){.out = ", \"listen\": \"127.0.0.1\""});
    support_do(world, 0, SEND);
    support_do(world, 0, "send from=amir@example.com to=alice@example.com subject=inside");
    world_run_until(world, VTIME_MIN);
    const struct log *log = world_log(world);
    cr_expect(support_exists(log, "tcp.open from=pc to=out port=25 result=refused"), "C1303");
    cr_expect_eq(support_copies(log, support_message(log, "inside"), "alice@example.com/INBOX"), 1);
    cr_expect_not(support_exists(log, "accept at=mta-out msg=1"));
    support_do(world, 2 * VTIME_MIN, "set out listen=0.0.0.0");
    world_run_until(world, VTIME_H);
    cr_expect_eq(support_copies(log, 1, BOB), 1, "and the letter that waited has gone");
    world_destroy(world);
}

/* ---- connections ---- */

static struct world *burst(const char *out, unsigned messages)
{
    struct world *world = world_of(&(struct settings){.out = out});
    support_do(world, 0, "fault host-down mx1 on");
    for (unsigned i = 0; i < messages; i++)
        support_do(world, VTIME_S, SEND);
    support_do(world, VTIME_MIN, "fault host-down mx1 off");
    support_do(world, 10 * VTIME_MIN, "flush out");
    world_run_until(world, 11 * VTIME_MIN);
    return world;
}

Test(relaying, so_many_connections_and_messages_over_each_as_are_allowed)
{
    static const struct {
        const char *out;
        unsigned connections;
    } cases[] = {
        {", \"connections_max\": 1, \"messages_max\": 100", 1},
        {", \"connections_max\": 1, \"messages_max\": 4", 3},
        {", \"connections_max\": 1, \"messages_max\": 1", 12},
        {", \"connections_max\": 3, \"messages_max\": 100", 3},
        {", \"connections_max\": 20, \"messages_max\": 100", 12},
    };
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct world *world = burst(cases[i].out, 12);
        const struct log *log = world_log(world);
        support_check_conservation(log);
        cr_expect_eq(support_matches(log, "tcp.open from=out to=mx1 result=ok"),
                     cases[i].connections, "%s", cases[i].out);
        cr_expect_eq(support_matches(log, "deliver box=" BOB), 12, "%s", cases[i].out);
        cr_expect_eq(support_matches(log, "smtp.cmd from=out verb=QUIT"), cases[i].connections,
                     "%s", cases[i].out);
        for (unsigned msg = 1; msg <= 12; msg++) {
            char pattern[64];
            snprintf(pattern, sizeof pattern, "smtp.reply from=mx1 verb=DOT code=250 msg=%u", msg);
            cr_expect_eq(support_matches(log, pattern), 1, "%s", pattern);
        }
        world_destroy(world);
    }
}

/* It waits for the next message, and nothing waits for it. */
Test(relaying, a_connection_may_stay_open_for_a_while)
{
    struct world *world = world_of(&(struct settings){.out = ", \"keep_open\": \"5s\""});
    support_do(world, 0, SEND);
    support_do(world, 3 * VTIME_S, SEND);
    support_do(world, 30 * VTIME_S, SEND);
    world_run_until(world, VTIME_MIN);
    const struct log *log = world_log(world);
    support_check_conservation(log);
    cr_expect_eq(support_matches(log, "tcp.open from=out to=mx1"), 2);
    cr_expect_eq(
        support_copies(log, 1, BOB) + support_copies(log, 2, BOB) + support_copies(log, 3, BOB), 3);
    cr_expect_eq(support_matches(log, "smtp.cmd from=out to=mx1 verb=QUIT"), 2);
    cr_expect_eq(support_between(log, "smtp.reply from=mx1 to=out verb=DOT msg=2",
                                 "smtp.cmd from=out to=mx1 verb=QUIT"),
                 5);
    world_destroy(world);
}

/* The other side went away while the connection had nothing to do: the message takes a new one at
   once, and nobody waits half an hour. */
Test(relaying, a_kept_connection_that_died_costs_nothing)
{
    struct world *world = world_of(&(struct settings){.out = ", \"keep_open\": \"5min\""});
    support_do(world, 0, SEND);
    support_do(world, VTIME_MIN, "fault host-down mx1 on");
    support_do(world, VTIME_MIN + VTIME_S, "fault host-down mx1 off");
    support_do(world, 2 * VTIME_MIN, SEND);
    world_run_until(world, 10 * VTIME_MIN);
    const struct log *log = world_log(world);
    support_check_conservation(log);
    cr_expect_eq(support_copies(log, 2, BOB), 1);
    cr_expect_not(support_exists(log, "queue.defer at=mta-out msg=2"));
    world_destroy(world);
}

/* ---- the sendmail command ---- */

/* R4: a program of the same host speaks no protocol; one Received field, and it waits in the queue,
   without a word, while the MTA is stopped. */
Test(relaying, what_the_sendmail_command_takes_waits_for_the_mta)
{
    struct world *world = world_of(&(struct settings){0});
    support_do(world, 0, "set mua-here outgoing_by=sendmail");
    support_do(world, VTIME_S, "fault agent-down mta-out on");
    support_do(world, 2 * VTIME_S, "send from=amir@example.com to=bob@example.org subject=s");
    world_run_until(world, VTIME_H);
    const struct log *log = world_log(world);
    cr_expect(support_exists(log, "accept at=mta-out msg=1"));
    cr_expect(support_exists(log, "queue.add at=mta-out msg=1"), "C1104");
    cr_expect_not(support_exists(log, "queue.try at=mta-out msg=1"));
    cr_expect_not(support_exists(log, "smtp.cmd from=mua-here"), "C1103");
    support_do(world, VTIME_H, "fault agent-down mta-out off");
    world_run_until(world, VTIME_H + VTIME_MIN);
    support_check_conservation(log);
    cr_expect_str_eq(support_path(log, 1, BOB), "out mx1", "C1104");
    cr_expect_not(support_header_has(log, 1, BOB, "Received", 2, "with "), "nobody connected");
    cr_expect(support_header_has(log, 1, BOB, "Message-ID", 1, "@"));
    world_destroy(world);
}
