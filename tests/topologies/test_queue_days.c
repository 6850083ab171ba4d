/*
 * Hours and days of a queue, and many recipients at many domains: each attempt at its planned time,
 * one notice of each kind, and for each recipient one outcome.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>
#include <stdio.h>

#include "support_match.h"

#define BOB "bob@example.org/INBOX"

/* ---- a server that is away ---- */

static struct world *away(int64_t hours)
{
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "fault mx1-down on");
    support_do(world, 0, "send from=alice@example.com to=bob@example.org subject=s");
    support_do(world, hours * VTIME_H, "fault mx1-down off");
    world_run_until(world, 7 * 24 * VTIME_H);
    support_check_conservation(world_log(world));
    return world;
}

/* Attempt n is half an hour behind the first, and then every two hours (D2). */
static void expect_attempts(const struct log *log, unsigned count)
{
    for (unsigned n = 1; n <= count + 1; n++) {
        char pattern[64];
        snprintf(pattern, sizeof pattern, "queue.try at=out msg=1 n=%u", n);
        if (n > count)
            cr_expect_not(support_exists(log, pattern), "%s", pattern);
        else
            cr_expect_eq(support_between(log, "queue.try at=out msg=1 n=1", pattern),
                         n == 1 ? 0 : 1800 + 7200 * (int64_t)(n - 2), "%s", pattern);
    }
}

/* RFC 5321 4.5.4.1: away for three hours, the message comes half an hour behind the warning. */
Test(queue_days, mx_down_3_hours)
{
    struct world *world = away(3);
    const struct log *log = world_log(world);
    expect_attempts(log, 4); /* 0:00, 0:30, 2:30, 4:30 */
    cr_expect_eq(support_matches(log, "dsn about=1 action=delayed to=alice@example.com"), 1);
    cr_expect_eq(support_between(log, "queue.add at=out msg=1", "dsn about=1 action=delayed"),
                 4 * 3600);
    cr_expect_eq(support_matches(log, "dsn about=1 action=failed"), 0);
    cr_expect_eq(support_copies(log, 1, BOB), 1);
    cr_expect_eq(support_copies(log, 2, "alice@example.com/INBOX"), 1, "the notice");
    world_destroy(world);
}

Test(queue_days, mx_down_6_days)
{
    struct world *world = away(6 * 24);
    const struct log *log = world_log(world);
    expect_attempts(log, 61);
    cr_expect_eq(support_matches(log, "dsn about=1 action=delayed"), 1);
    cr_expect_eq(support_matches(log, "dsn about=1 action=failed status=5.4.1"), 1);
    cr_expect_eq(support_between(log, "queue.add at=out msg=1", "queue.giveup at=out msg=1"),
                 5 * 86400);
    cr_expect_eq(support_copies(log, 1, BOB), 0);
    cr_expect_eq(support_copies(log, 2, "alice@example.com/INBOX") +
                     support_copies(log, 3, "alice@example.com/INBOX"),
                 2);
    world_destroy(world);
}

/* ---- many recipients ---- */

enum { DOMAINS = 50, EACH = 10 };

/* Every third of the people that are written to does not exist. */
static bool is_there(unsigned domain, unsigned person)
{
    return (domain * EACH + person) % 3 != 0;
}

static void print_world(struct bytes *out)
{
    cr_assert(bytes_printf(
        out, "{\"format\": 1, \"title\": \"Many\", \"hosts\": ["
             "{\"id\": \"hub\", \"name\": \"hub.example.com\", \"addr\": \"198.51.100.26\","
             " \"agents\": [{\"role\": \"mta\", \"config\": {\"local\": [\"example.com\"]}},"
             "  {\"role\": \"mda\"}, {\"role\": \"store\"},"
             "  {\"role\": \"mua\", \"config\": {\"user\": \"alice@example.com\","
             "   \"outgoing_by\": \"sendmail\"}}]},"
             "{\"id\": \"dns\", \"name\": \"ns.example.net\", \"addr\": \"192.0.2.53\","
             " \"agents\": [{\"role\": \"dns\"}]}"));
    for (unsigned d = 0; d < DOMAINS; d++)
        cr_assert(bytes_printf(
            out,
            ",{\"id\": \"mx%u\", \"name\": \"mx.d%u.example\", \"addr\": \"203.0.113.%u\","
            " \"agents\": [{\"role\": \"mta\", \"config\": {\"local\": [\"d%u.example\"]}},"
            " {\"role\": \"mda\"}, {\"role\": \"store\"}]}",
            d, d, d + 1, d));
    cr_assert(bytes_printf(out, "], \"links\": [{\"a\": \"hub\", \"b\": \"dns\"}"));
    for (unsigned d = 0; d < DOMAINS; d++)
        cr_assert(bytes_printf(out, ",{\"a\": \"hub\", \"b\": \"mx%u\"}", d));
    cr_assert(bytes_printf(out, "], \"dns\": [{\"name\": \"example.com\", \"type\": \"MX\","
                                " \"data\": \"hub.example.com\"}"));
    for (unsigned d = 0; d < DOMAINS; d++)
        cr_assert(bytes_printf(out,
                               ",{\"name\": \"d%u.example\", \"type\": \"MX\","
                               " \"data\": \"mx.d%u.example\"}",
                               d, d));
    cr_assert(bytes_printf(out, "], \"users\": [\"alice@example.com\""));
    for (unsigned d = 0; d < DOMAINS; d++)
        for (unsigned p = 0; p < EACH; p++)
            if (is_there(d, p))
                cr_assert(bytes_printf(out, ",\"p%u@d%u.example\"", p, d));
    cr_assert(bytes_printf(out, "]}"));
}

static void print_action(struct bytes *out)
{
    cr_assert(bytes_printf(out, "send from=alice@example.com subject=s to="));
    for (unsigned d = 0; d < DOMAINS; d++)
        for (unsigned p = 0; p < EACH; p++)
            cr_assert(bytes_printf(out, "%sp%u@d%u.example", d + p ? "," : "", p, d));
    cr_assert(bytes_append_octet(out, '\0'));
}

static uint32_t outcomes(const struct log *log, enum event_kind kind, struct slice rcpt)
{
    uint32_t count = 0;
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_deliver *delivery = event_as_deliver(log_at(log, id));
        const struct event_queue_giveup *giveup = event_as_queue_giveup(log_at(log, id));
        if (kind == EVENT_DELIVER && delivery)
            count += slice_equal(log_text(log, delivery->rcpt), rcpt);
        if (kind == EVENT_QUEUE_GIVEUP && giveup)
            count += slice_equal(log_text(log, giveup->rcpt), rcpt);
    }
    return count;
}

/* RFC 5321 6.1, RFC 3461 6: 500 at 50 domains, and one notice that names the 167 who are not. */
Test(queue_days, of_500_recipients_each_has_one_outcome)
{
    struct bytes text;
    bytes_init(&text, 1024 * 1024);
    print_world(&text);
    struct world *world = support_world_of(bytes_slice(&text), 1);
    bytes_clear(&text);
    print_action(&text);
    support_do(world, 0, bytes_slice(&text).data);
    world_run_quiet(world, VTIME_NEVER);
    bytes_finish(&text);
    const struct log *log = world_log(world);
    support_check_conservation(log);
    unsigned missing = 0;
    for (unsigned d = 0; d < DOMAINS; d++)
        for (unsigned p = 0; p < EACH; p++) {
            char name[32];
            snprintf(name, sizeof name, "p%u@d%u.example", p, d);
            missing += !is_there(d, p);
            cr_expect_eq(outcomes(log, EVENT_DELIVER, slice_of(name)), is_there(d, p), "%s", name);
            cr_expect_eq(outcomes(log, EVENT_QUEUE_GIVEUP, slice_of(name)), !is_there(d, p), "%s",
                         name);
        }
    cr_expect_eq(support_matches(log, "dsn about=1"), 1, "one reverse-path, one hop");
    cr_expect_eq(support_matches(log, "relay at=hub msg=1"), 500 - missing);
    cr_expect_eq(support_matches(log, "tcp.open from=hub port=25"), DOMAINS);
    world_destroy(world);
}
