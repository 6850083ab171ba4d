/* L08, Reading Received: its checks, in its words. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "agents/mail/header.h"
#include "agents/mail/received.h"
#include "tests/topologies/support_run.h"

static const char box[] = "bob@example.org/INBOX";

/* The n-th field from the top of the one copy that Bob has. */
static struct received field_at(const struct log *log, uint32_t msg, unsigned n)
{
    char pattern[60];
    struct header_field field;
    struct received r;
    snprintf(pattern, sizeof pattern, "deliver msg=%u", (unsigned)msg);
    const struct event *e = support_match(log, 0, pattern);
    cr_assert(e);
    cr_assert(
        header_find(log_text(log, event_as_deliver(e)->header), SLICE("Received"), n, &field));
    cr_assert(received_read(field.value, &r));
    return r;
}

static void expect_by(const struct log *log, uint32_t msg, unsigned n, const char *host)
{
    struct received r = field_at(log, msg, n);
    cr_expect(slice_equal(r.by, slice_of(host)), "field %u is by %.*s", n, SLICE_ARG(r.by));
}

static int64_t seconds_between(const struct log *log, uint32_t msg, unsigned later,
                               unsigned earlier)
{
    return field_at(log, msg, later).unix_s - field_at(log, msg, earlier).unix_s;
}

Test(t08, a_letter_has_a_slip_of_each_server_and_one_of_them_lives_an_hour_east)
{
    struct world *world = support_run_demo("t08-reading-received");
    const struct log *log = world_log(world);
    uint32_t m = support_message(log, "Three slips");
    cr_assert_eq(support_received(log, m, box), 3); /* C0801 */
    cr_expect_str_eq(support_path(log, m, box), "submit out mx1");
    cr_expect_eq(field_at(log, m, 1).zone_min, 60);
    cr_expect_lt(seconds_between(log, m, 1, 2), 2, "the zone is not a delay");
    world_destroy(world);
}

Test(t08, the_slow_line_costs_two_and_a_half_minutes)
{
    struct world *world = support_run_demo("t08-reading-received");
    const struct log *log = world_log(world);
    uint32_t m = support_message(log, "A slow one");
    int64_t seconds = seconds_between(log, m, 1, 2); /* C0802 */
    cr_expect(seconds >= 148 && seconds <= 152, "%d", (int)seconds);
    cr_expect_lt(seconds_between(log, m, 2, 3), 2);
    world_destroy(world);
}

Test(t08, by_way_of_relay_there_is_one_more)
{
    struct world *world = support_run_demo("t08-reading-received");
    const struct log *log = world_log(world);
    uint32_t m = support_message(log, "By way of relay");
    cr_assert_eq(support_received(log, m, box), 4);
    expect_by(log, m, 2, "relay.example.net");
    world_destroy(world);
}

Test(t08, of_mallory_s_three_slips_one_is_true)
{
    struct world *world = support_run_demo("t08-reading-received");
    const struct log *log = world_log(world);
    uint32_t m = support_message(log, "Your account");
    cr_assert_eq(support_received(log, m, box), 3); /* C0803 */
    expect_by(log, m, 1, "mx1.example.org");
    cr_expect(support_header_has(log, m, box, "Received", 1, "192.0.2.200")); /* C0804 */
    expect_by(log, m, 2, "isp-mx.example.net"); /* a host that is nowhere on the map */
    cr_expect_eq(log_find_place(log, SLICE("isp-mx")), 0);
    cr_expect_eq(support_matches(log, "group name=forged"), 1);
    world_destroy(world);
}
