/*
 * Robots in a whole world: groups of messages, straight to the recipient's MX, with whatever they
 * claim to be.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "agents/mail/header.h"
#include "support_world.h"

/* %s: the robot's settings. */
/* clang-format off */
static const char topology[] =
    "{\"format\": 1, \"hosts\": ["
    "{\"id\": \"bulk\", \"name\": \"bulk.mallory.test\", \"addr\": \"192.0.2.200\", \"agents\": ["
    " {\"id\": \"spammer\", \"role\": \"robot\", \"config\": {"
    "  \"from\": \"offer@mallory.test\", \"to\": [\"bob@example.org\", \"bea@example.org\"]%s}}]},"
    "{\"id\": \"pool2\", \"name\": \"pool2.mallory.test\", \"addr\": \"192.0.2.202\"},"
    "{\"id\": \"pool3\", \"name\": \"pool3.mallory.test\", \"addr\": \"192.0.2.203\"},"
    "{\"id\": \"mx1\", \"name\": \"mx1.example.org\", \"addr\": \"203.0.113.25\", \"agents\": ["
    " {\"id\": \"mta\", \"role\": \"mta\", \"config\": {\"local\": [\"example.org\"]}},"
    " {\"id\": \"msa\", \"role\": \"msa\", \"listen\": [587], \"config\":"
    "  {\"domain\": \"example.org\", \"next\": \"mx1\"}},"
    " {\"role\": \"mda\"}, {\"role\": \"store\"}]},"
    "{\"id\": \"dns\", \"name\": \"ns.example.net\", \"addr\": \"192.0.2.53\", \"agents\": ["
    " {\"role\": \"dns\"}]}],"
    "\"links\": [{\"a\": \"bulk\", \"b\": \"dns\"}, {\"a\": \"mx1\", \"b\": \"dns\"},"
    " {\"a\": \"pool2\", \"b\": \"dns\"}, {\"a\": \"pool3\", \"b\": \"dns\"}],"
    "\"dns\": [{\"name\": \"example.org\", \"type\": \"MX\", \"pref\": 10,"
    " \"data\": \"mx1.example.org\"}],"
    "\"users\": [{\"address\": \"bob@example.org\", \"password\": \"secret-bob\"},"
    " \"bea@example.org\"],"
    "\"faults\": [{\"id\": \"later\", \"label\": \"not now\", \"kind\": \"reject\","
    " \"target\": \"mta\", \"args\": {\"code\": 450, \"esc\": \"4.7.1\"}}]}";
/* clang-format on */

static struct world *world_of(const char *settings)
{
    struct arena arena;
    arena_init(&arena);
    struct world *world = support_world_of(arena_printf(&arena, topology, settings), 1);
    arena_finish(&arena);
    return world;
}

static void run(struct world *world)
{
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(world_log(world));
}

static unsigned count_in_group(const struct log *log, const char *name)
{
    unsigned count = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_group *e = event_as_group(log_at(log, id));
        count += e && slice_equal(log_text(log, e->name), slice_of(name));
    }
    return count;
}

static unsigned count_deliveries(const struct log *log, const char *box)
{
    unsigned count = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_deliver *e = event_as_deliver(log_at(log, id));
        count += e && slice_equal(log_text(log, e->box), slice_of(box));
    }
    return count;
}

static unsigned count_reverse_paths(const struct log *log, const char *path)
{
    unsigned count = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_queue_add *e = event_as_queue_add(log_at(log, id));
        count += e && log_place_is(log, e->at, log_find_place(log, SLICE("bulk"))) &&
                 slice_equal(log_text(log, e->from), slice_of(path));
    }
    return count;
}

/* The n-th value of a field of the first message that was delivered; "" when there is none. */
static struct slice delivered_field(const struct log *log, const char *name, unsigned n)
{
    const struct event *e = support_find(log, EVENT_DELIVER, 0);
    struct header_field field;
    cr_assert_not_null(e);
    return header_find(log_text(log, event_as_deliver(e)->header), slice_of(name), n, &field)
               ? slice_trim(field.value)
               : SLICE("");
}

Test(robot, a_run_sends_its_messages_one_after_the_other_to_recipients_in_turn)
{
    struct world *world = world_of(", \"count\": 6, \"every\": \"10s\"");
    const struct log *log = world_log(world);
    support_do(world, VTIME_MIN, "robot bulk");
    run(world);
    int64_t due = VTIME_MIN;
    cr_expect_eq(count_in_group(log, "bulk"), 6);
    for (uint32_t id = 0; id < log_count(log); id++)
        if (log_at(log, id)->kind == EVENT_GROUP) {
            cr_expect_eq(log_at(log, id)->t, due);
            due += 10 * VTIME_S;
        }
    cr_expect_eq(count_deliveries(log, "bob@example.org/INBOX"), 3);
    cr_expect_eq(count_deliveries(log, "bea@example.org/INBOX"), 3);
    world_destroy(world);
}

Test(robot, it_looks_up_the_mx_by_itself)
{
    struct world *world = world_of("");
    support_do(world, 0, "robot spammer count=1");
    run(world);
    const struct log *log = world_log(world);
    const struct event_dns_query *query = event_as_dns_query(support_find(log, EVENT_DNS_QUERY, 0));
    cr_expect(slice_equal(log_text(log, query->type), SLICE("MX")));
    cr_expect(log_place_is(log, query->from, log_find_place(log, SLICE("bulk"))));
    world_destroy(world);
}

Test(robot, an_action_says_how_many_how_fast_and_under_what_name)
{
    struct world *world = world_of("");
    support_do(world, 0, "robot bulk count=30 every=0 group=bulk2");
    run(world);
    cr_expect_eq(count_in_group(world_log(world), "bulk2"), 30);
    cr_expect_eq(count_in_group(world_log(world), "bulk"), 0);
    cr_expect_eq(support_count(world_log(world), EVENT_DELIVER), 30);
    world_destroy(world);
}

/* RFC 5321 4.2.1: a 4yz asks to try again, which this program does not. */
Test(robot, what_fires_once_does_not_come_back_after_a_refusal_for_now)
{
    struct world *world = world_of("");
    support_do(world, 0, "fault later on");
    support_do(world, 0, "robot bulk count=20");
    support_do(world, VTIME_H, "fault later off");
    run(world);
    const struct log *log = world_log(world);
    cr_expect_eq(support_count(log, EVENT_REJECT), 20);
    cr_expect_eq(support_count(log, EVENT_QUEUE_GIVEUP), 20);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 0);
    world_destroy(world);
}

/* The provider of which one attempt comes from here, the next from there. */
Test(robot, several_hosts_take_turns_in_making_its_connections)
{
    struct world *world = world_of(", \"retry\": \"classroom\", \"sources\": [\"192.0.2.200\", "
                                   "\"192.0.2.202\", \"192.0.2.203\"]");
    support_do(world, 0, "fault later on");
    support_do(world, 0, "robot bulk count=1");
    support_do(world, 4 * VTIME_H, "fault later off");
    run(world);
    const struct log *log = world_log(world);
    unsigned seen[4] = {0};
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_tcp_connect *e = event_as_tcp_connect(log_at(log, id));
        if (!e)
            continue;
        seen[0]++;
        seen[1] += log_place_is(log, e->from, log_find_place(log, SLICE("bulk")));
        seen[2] += log_place_is(log, e->from, log_find_place(log, SLICE("pool2")));
        seen[3] += log_place_is(log, e->from, log_find_place(log, SLICE("pool3")));
    }
    cr_expect_eq(seen[0], 4, "at 0, 30 min, 2 h 30 min and 4 h 30 min");
    cr_expect(seen[1] && seen[2] && seen[3]);
    cr_expect_eq(support_count(log, EVENT_QUEUE_DEFER), 3);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 1);
    world_destroy(world);
}

Test(robot, it_claims_what_it_likes)
{
    struct world *world = world_of(
        ", \"header_from\": \"Bank <info@bank.test>\", \"subject\": \"Offer # of many\","
        "\"headers\": [\"Received: from bank.test by mx.bank.test; Mon, 3 Mar 2025 08:00:00 +0000\""
        ", \"X-Mailer: honest #\"], \"octets\": 5000");
    support_do(world, 0, "robot bulk count=1");
    run(world);
    const struct log *log = world_log(world);
    cr_expect(slice_equal(delivered_field(log, "From", 1), SLICE("Bank <info@bank.test>")));
    cr_expect(slice_equal(delivered_field(log, "Return-Path", 1), SLICE("<offer@mallory.test>")));
    cr_expect(slice_equal(delivered_field(log, "Subject", 1), SLICE("Offer 1 of many")));
    cr_expect(slice_equal(delivered_field(log, "X-Mailer", 1), SLICE("honest 1")));
    cr_expect(slice_starts(delivered_field(log, "Received", 2), SLICE("from bank.test")),
              "below the true one");
    cr_expect(delivered_field(log, "Date", 1).size > 0);
    cr_expect_gt(log_text(log, event_as_deliver(support_find(log, EVENT_DELIVER, 0))->body).size,
                 5000);
    world_destroy(world);
}

Test(robot, a_poor_one_leaves_out_what_others_write)
{
    struct world *world = world_of(", \"poor\": true");
    support_do(world, 0, "robot bulk count=1");
    run(world);
    cr_expect_eq(delivered_field(world_log(world), "Date", 1).size, 0);
    cr_expect_eq(delivered_field(world_log(world), "Message-ID", 1).size, 0);
    world_destroy(world);
}

Test(robot, its_settings_count_from_the_next_message_on)
{
    struct world *world = world_of(", \"every\": \"1min\", \"count\": 4");
    support_do(world, 0, "robot bulk");
    support_do(world, 90 * VTIME_S, "set bulk from=bea@example.org");
    run(world);
    const struct log *log = world_log(world);
    cr_expect_eq(count_reverse_paths(log, "offer@mallory.test"), 2);
    cr_expect_eq(count_reverse_paths(log, "bea@example.org"), 2);
    world_destroy(world);
}

/* A scanner of the house, say: it logs in and lets a server see to the rest. */
Test(robot, with_a_server_it_hands_all_to_that_one_as_a_user)
{
    struct world *world = world_of(", \"user\": \"bob@example.org\"");
    support_do(world, 0, "set bulk server=mx1 port=587 from=bob@example.org");
    support_do(world, 1, "robot bulk count=2");
    run(world);
    const struct log *log = world_log(world);
    const struct event_auth *auth = event_as_auth(support_find(log, EVENT_AUTH, 0));
    cr_expect(slice_equal(log_text(log, auth->user), SLICE("bob@example.org")));
    cr_expect_eq(support_count(log, EVENT_SUBMIT), 2);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 2);
    world_destroy(world);
}

Test(robot, it_can_start_by_itself)
{
    struct world *world = world_of(", \"at\": \"2h\", \"count\": 3");
    run(world);
    cr_expect_eq(support_count(world_log(world), EVENT_DELIVER), 3);
    cr_expect_eq(support_find(world_log(world), EVENT_GROUP, 0)->t, 2 * VTIME_H);
    world_destroy(world);
}

Test(robot, a_run_ends_with_its_host)
{
    struct world *world = world_of(", \"every\": \"1min\", \"count\": 10");
    support_do(world, 0, "robot bulk");
    support_do(world, 150 * VTIME_S, "fault host-down bulk on");
    support_do(world, 160 * VTIME_S, "fault host-down bulk off");
    support_do(world, 170 * VTIME_S, "robot bulk count=2");
    run(world);
    cr_expect_eq(count_in_group(world_log(world), "bulk"), 3 + 2);
    world_destroy(world);
}

Test(robot, orders_that_make_no_sense_are_refused)
{
    static const struct {
        const char *action, *what;
    } cases[] = {
        {"robot mx1", "is no robot"},           {"robot bulk count=0", "is no count"},
        {"robot bulk count=x", "is no count"},  {"robot bulk every=soon", "is no time"},
        {"robot bulk every=-1s", "is no time"}, {"robot", "needs the robot"},
    };
    struct world *world = world_of("");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct problem problem = {0};
        cr_expect_not(world_do(world, 0, slice_of(cases[i].action), &problem), "%s",
                      cases[i].action);
        cr_expect(slice_find(slice_of(problem.what), slice_of(cases[i].what), 0) != SLICE_NONE,
                  "%s: %s", cases[i].action, problem.what);
    }
    world_destroy(world);
}
