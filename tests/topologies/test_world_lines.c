/* Dial-up lines: there at their hours only, told in the trace, and the end of waiting mail. */
#include <criterion/criterion.h>
#include <stdio.h>

#include "support_small.h"
#include "support_world.h"
#include "topologies/world_inner.h"

/* A machine at home with a server of its own, and its smart host at the other end of the line. It
   is the one that calls, having no other line. The run starts at 09:00. */
static const char net[] =
    "{\"format\": 1, \"hosts\": ["
    " {\"id\": \"desk\", \"name\": \"desk.example.com\", \"addr\": \"198.51.100.12\", \"agents\": ["
    "  {\"role\": \"mua\", \"config\": {\"user\": \"amir@desk.example.com\","
    "   \"outgoing_by\": \"sendmail\"}},"
    "  {\"role\": \"mta\", \"config\": {\"local\": [\"desk.example.com\"], \"next\": \"relay\","
    "   \"relay_from\": [\"198.51.100.12\"]}}]},"
    " {\"id\": \"relay\", \"name\": \"relay.example.net\", \"addr\": \"192.0.2.25\", \"agents\": ["
    "  {\"role\": \"mta\", \"config\": {\"local\": [\"example.net\"]}}, {\"role\": \"mda\"},"
    "  {\"role\": \"store\"}]},"
    " {\"id\": \"dns\", \"name\": \"ns.example.net\", \"addr\": \"192.0.2.53\", \"agents\": ["
    "  {\"role\": \"dns\"}]}],"
    "\"links\": [{\"a\": \"relay\", \"b\": \"dns\"}, {\"a\": \"relay\", \"b\": \"desk\"%s}],"
    "\"users\": [\"amir@desk.example.com\", \"carol@example.net\"]}";

static struct world *start(const char *up)
{
    char text[2000];
    snprintf(text, sizeof text, net, up);
    return support_world_of(slice_of(text), 1);
}

#define AT(hour, minute) ((((hour)-9) * INT64_C(60) + (minute)) * VTIME_MIN)

/* What the trace says of the line, a line each: "02:00 off link-cut". */
static void show(const struct world *world, char *shown, size_t size)
{
    const struct log *log = world_log(world);
    size_t used = 0;
    shown[0] = '\0';
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_fault *f = event_as_fault(log_at(log, id));
        if (!f)
            continue;
        cr_expect(slice_equal(log_text(log, f->target), SLICE("relay:desk")));
        int64_t minute = (log_at(log, id)->t / VTIME_MIN + 9 * INT64_C(60)) % (24 * INT64_C(60));
        used +=
            (size_t)snprintf(shown + used, size - used, "%02d:%02d %.*s %.*s\n", (int)(minute / 60),
                             (int)(minute % 60), SLICE_ARG(log_text(log, f->state)),
                             SLICE_ARG(log_text(log, f->fault)));
    }
}

static void expect_shown(const struct world *world, const char *expected)
{
    char shown[2000];
    show(world, shown, sizeof shown);
    cr_expect_str_eq(shown, expected, "expected\n%sgot\n%s", expected, shown);
}

Test(world_lines, a_line_opens_and_closes_at_its_hours_every_day)
{
    struct world *world = start(", \"up\": \"02:00-02:20\"");
    world_run_until(world, AT(9 + 48, 0));
    expect_shown(world, "09:00 on link-cut\n"
                        "02:00 off link-cut\n02:20 on link-cut\n"
                        "02:00 off link-cut\n02:20 on link-cut\n");
    world_destroy(world);
}

Test(world_lines, hours_may_be_several_and_go_past_midnight)
{
    struct world *world = start(", \"up\": \"23:30-00:15 08:00-09:30\"");
    world_run_until(world, AT(9 + 24, 0));
    expect_shown(world, "09:30 on link-cut\n23:30 off link-cut\n00:15 on link-cut\n"
                        "08:00 off link-cut\n");
    world_destroy(world);
}

Test(world_lines, they_do_not_keep_a_run_alive)
{
    struct world *world = start(", \"up\": \"02:00-02:20\"");
    world_run_quiet(world, VTIME_NEVER);
    cr_expect_lt(world_now(world), VTIME_MIN);
    world_destroy(world);
}

Test(world_lines, mail_waits_for_the_line_and_goes_when_it_opens)
{
    struct world *world = start(", \"up\": \"02:00-02:20\"");
    support_do(world, AT(10, 0),
               "send from=amir@desk.example.com to=carol@example.net subject=Night");
    world_run_until(world, AT(26, 0) - VTIME_S);
    const struct log *log = world_log(world);
    cr_expect_eq(support_count(log, EVENT_RELAY), 0);
    world_run_until(world, AT(26, 1));
    const struct event *relay = support_find(log, EVENT_RELAY, 0);
    cr_assert_not_null(relay);
    cr_expect(relay->t >= AT(26, 0) && relay->t < AT(26, 0) + 5 * VTIME_S,
              "at once, not when the plan says");
    world_run_until(world, AT(26, 30));
    support_check_conservation(log);
    world_destroy(world);
}

Test(world_lines, a_busy_line_fails_once)
{
    struct world *world = start(", \"up\": \"02:00-02:20\"");
    uint32_t relay = log_find_place(world_log(world), SLICE("relay"));
    uint32_t link =
        net_find_link(world->net, relay, log_find_place(world_log(world), SLICE("desk")));
    cr_assert(world_has_line(world, link));
    world_run_until(world, AT(10, 0));
    world_set_line_busy(world, link, SLICE("line-busy"), true);
    world_run_until(world, AT(26, 10));
    cr_expect_not(net_link_is_up(world->net, link));
    world_run_until(world, AT(26 + 24, 10));
    cr_expect(net_link_is_up(world->net, link));
    expect_shown(world, "09:00 on link-cut\n02:20 off line-busy\n02:00 off link-cut\n");
    world_destroy(world);
}

Test(world_lines, who_clears_the_fault_meanwhile_gets_the_rest_of_the_hours)
{
    struct world *world = start(", \"up\": \"02:00-02:20\"");
    world_run_until(world, AT(10, 0));
    world_set_line_busy(world, 2, SLICE("line-busy"), true);
    world_run_until(world, AT(26, 10));
    world_set_line_busy(world, 2, SLICE("line-busy"), false);
    cr_expect(net_link_is_up(world->net, 2));
    world_run_until(world, AT(26, 30));
    expect_shown(world, "09:00 on link-cut\n02:10 off link-cut\n02:20 on link-cut\n");
    world_destroy(world);
}

Test(world_lines, a_cable_cut_within_the_hours_stays_cut)
{
    struct world *world = start(", \"up\": \"02:00-02:20\"");
    support_do(world, AT(26, 5), "fault link-cut relay:desk on");
    support_do(world, AT(26 + 25, 0), "fault link-cut relay:desk off");
    world_run_until(world, AT(26, 6));
    cr_expect_not(net_link_is_up(world->net, 2));
    world_run_until(world, AT(26 + 24, 10));
    cr_expect_not(net_link_is_up(world->net, 2), "its hour has come, but the cable is cut");
    world_run_until(world, AT(26 + 26, 0));
    cr_expect_not(net_link_is_up(world->net, 2), "the cable is mended, but it is not its hour");
    world_run_until(world, AT(26 + 48, 10));
    cr_expect(net_link_is_up(world->net, 2));
    world_destroy(world);
}

Test(world_lines, bad_hours_are_refused)
{
    static const struct {
        const char *up, *problem;
    } rows[] = {
        {", \"up\": \"02:00-24:20\"", "bad hours \"02:00-24:20\""},
        {", \"up\": \"02:60-03:20\"", "bad hours \"02:60-03:20\""},
        {", \"up\": \"02:00-02:00\"", "bad hours \"02:00-02:00\""},
        {", \"up\": \"02:00-02:20  03:00-03:10\"", "bad hours \"\""},
        {", \"up\": \"02:00 to 02:20\"", "bad hours \"02:00\""},
        {", \"up\": \"2-3\"", "bad text \"2-3\""},
        {", \"up\": 2", "wrong type"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char text[2000], line[PROBLEM_LINE];
        snprintf(text, sizeof text, net, rows[i].up);
        const char *problem = support_problem(slice_of(text), line);
        cr_expect(strstr(problem, rows[i].problem), "%s: %s", rows[i].up, problem);
        cr_expect(strstr(problem, "expected"), "%s", problem);
    }
}
