/*
 * L23: filters and greylists. Where a filter stands, how it refuses, and whom a greylist keeps out.
 */
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>

#include "support_run.h"

#define BOB "bob@example.org/INBOX"
#define JUNK "bob@example.org/Junk"

static struct world *world;
static const struct log *trace;

static void open_world(void)
{
    world = support_world_shipped("t23-filters", 1);
    trace = world_log(world);
}

static void close_world(void)
{
    support_check_conservation(trace);
    world_destroy(world);
}

TestSuite(t23, .init = open_world, .fini = close_world, .timeout = 60);

/* Until nothing is to happen for a while; queues may wait. */
static void act(const char *action)
{
    support_do(world, world_now(world), action);
    world_run_until(world, world_now(world) + 200 * VTIME_S);
}

static uint32_t send(const char *subject)
{
    char action[256];
    snprintf(action, sizeof action,
             "send from=alice@example.com to=bob@example.org subject=%s body=Hello", subject);
    act(action);
    return support_message(trace, subject);
}

__attribute__((format(printf, 1, 2))) static const char *pattern(const char *form, ...)
{
    static char texts[8][160];
    static unsigned next;
    char *text = texts[next++ % 8];
    va_list args;
    va_start(args, form);
    vsnprintf(text, sizeof texts[0], form, args);
    va_end(args);
    return text;
}

static void run_for(int64_t seconds)
{
    world_run_until(world, world_now(world) + seconds * VTIME_S);
}

Test(t23, an_honest_server_comes_back_and_is_known_from_then_on)
{
    uint32_t m = send("M");
    run_for(3600);
    uint32_t m2 = send("M2");
    cr_expect(support_exists(trace, "smtp.reply from=mx1 to=out code=450 esc=4.7.1"), "C2301");
    cr_expect(support_exists(trace, "grey from=alice@example.com state=new"));
    cr_expect(support_exists(trace, "grey from=alice@example.com state=known"));
    cr_expect_geq(
        support_between(trace, pattern("queue.add at=out msg=%u", m), pattern("deliver msg=%u", m)),
        30 * 60, "C2301");
    cr_expect_lt(support_between(trace, pattern("queue.add at=out msg=%u", m2),
                                 pattern("deliver msg=%u", m2)),
                 60, "C2301");
}

Test(t23, one_that_fires_once_never_gets_through)
{
    act("robot bulk");
    cr_expect_eq(support_matches(trace, "group name=bulk"), 100);
    cr_expect_eq(support_matches(trace, "deliver at=mx1"), 0, "C2302");
    cr_expect_eq(support_matches(trace, "reject at=mx1 code=450"), 100, "C2302");
}

Test(t23, many_servers_of_one_provider_wait_long_and_their_network_is_remembered_for_less)
{
    act("robot pool");
    run_for(12 * 3600);
    uint32_t m3 = support_message(trace, "From a large provider");
    cr_expect_eq(support_copies(trace, m3, BOB), 1, "C2303");
    cr_expect_geq(support_matches(trace, pattern("queue.defer at=pool msg=%u", m3)), 2, "C2303");
    run_for(25 * 3600); /* all is forgotten */
    act("set filter-mx1 greylist_net=true");
    act("robot pool");
    run_for(12 * 3600);
    cr_expect_eq(support_matches(trace, "deliver at=mx1 rcpt=bob@example.org"), 2);
    cr_expect_eq(support_matches(trace, "grey addr=192.0.2.0 state=new"), 1);
    cr_expect_eq(support_matches(trace, "grey addr=192.0.2.0 state=known"), 1);
}

/* RFC 6647 5, D6: five minutes are too early before they are over; a day later all is new. */
Test(t23, who_comes_back_too_early_waits_on_and_who_stays_away_is_forgotten)
{
    send("M");
    act("flush out");
    cr_expect_eq(support_matches(trace, "grey state=early"), 1);
    run_for(100);
    act("flush out");
    cr_expect_eq(support_matches(trace, "deliver at=mx1"), 1);
    run_for(24 * 3600 + 60);
    send("M2");
    cr_expect_eq(support_matches(trace, "grey state=new"), 2);
}

Test(t23, a_filter_behind_the_acceptance_returns_junk_to_whom_the_envelope_names)
{
    act("set filter-mx1 greylist=false filter_mode=accept-then-bounce");
    act("fault forged-return on");
    act("robot bulk group=bulk2 count=3");
    uint32_t first = event_as_group(support_match(trace, 0, "group name=bulk2"))->msg;
    cr_expect(support_exists(trace, pattern("dsn about=%u to=alice@example.com", first)), "C2304");
    cr_expect(support_exists(trace, "filter at=mx1 verdict=bounce"));
    cr_expect_eq(support_matches(trace, "deliver rcpt=alice@example.com"), 3,
                 "Alice gets what she never sent");
    act("set filter-mx1 filter_mode=refuse");
    act("robot bulk group=bulk3 count=3");
    cr_expect(support_exists(trace, "conf key=filter_mode value=refuse"), "C2304");
    cr_expect_eq(support_matches(trace, "reject at=mx1 code=550"), 3);
    cr_expect_eq(support_matches(trace, "deliver rcpt=alice@example.com"), 3);
}

Test(t23, what_is_marked_is_filed_as_junk)
{
    act("set filter-mx1 greylist=false");
    act("robot bulk count=2 group=bulk4");
    send("Lunch");
    uint32_t junk = event_as_group(support_match(trace, 0, "group name=bulk4"))->msg;
    cr_expect(support_exists(trace, "filter at=mx1 verdict=junk"), "C2305");
    cr_expect_eq(support_copies(trace, junk, JUNK), 1, "C2305");
    cr_expect(support_header_has(trace, junk, JUNK, "X-Spam-Flag", 1, "YES"));
    cr_expect(support_header_has(trace, junk, JUNK, "X-Spam-Score", 1, "7.5"));
    cr_expect_eq(support_copies(trace, support_message(trace, "Lunch"), BOB), 1);
    cr_expect(
        support_header_has(trace, support_message(trace, "Lunch"), BOB, "X-Spam-Score", 1, "0.0"));
}

Test(t23, what_is_discarded_ends_with_a_word_in_the_trace_alone)
{
    act("set filter-mx1 greylist=false filter_mode=discard");
    act("robot bulk count=2");
    cr_expect_eq(support_matches(trace, "accept at=mx1"), 2);
    cr_expect_eq(support_matches(trace, "discard at=mx1"), 2);
    cr_expect_eq(support_matches(trace, "deliver at=mx1"), 0);
    cr_expect_eq(support_matches(trace, "dsn at=mx1"), 0);
}

/* RFC 5782, 5321 3.1: the first of the four sieves. */
Test(t23, who_is_on_a_block_list_gets_no_greeting)
{
    act("set filter-mx1 dnsbl=bl.example.net greylist=false");
    act("robot bulk count=1");
    cr_expect(support_exists(trace, "filter at=mx1 verdict=block what~bl.example.net"));
    cr_expect(support_exists(trace, "smtp.reply from=mx1 verb=CONNECT code=554"));
    cr_expect_eq(support_matches(trace, "deliver at=mx1"), 0);
    send("Unlisted");
    cr_expect_eq(support_matches(trace, "deliver at=mx1"), 1);
}

Test(t23, a_crash_forgets_whom_the_greylist_knew)
{
    send("M");
    run_for(3600);
    act("fault host-down mx1 on");
    act("fault host-down mx1 off");
    send("M2");
    cr_expect_eq(support_matches(trace, "grey from=alice@example.com state=new"), 2);
}

/* The server's answer waits for the DNS: nothing runs out meanwhile, and who goes away leaves
   nothing behind. */
Test(t23, an_answer_that_waits_for_the_dns_is_given_in_the_end)
{
    send("M"); /* out knows the way to mx1 from here on */
    act("set filter-mx1 dnsbl=bl.example.net greylist=false spf=mark");
    act("fault dns-silent ns on");
    uint32_t m = send("M2");
    cr_expect_eq(support_copies(trace, m, BOB), 1);
    cr_expect(support_exists(trace, pattern("spf msg=%u result=temperror", m)));
}

Test(t23, a_host_that_goes_down_while_its_filter_thinks_forgets_the_matter)
{
    send("M");
    act("set filter-mx1 dnsbl=bl.example.net greylist=false spf=mark dmarc=mark");
    act("fault dns-silent ns on");
    for (int i = 0; i < 20; i++) {
        int64_t t = world_now(world);
        support_do(world, t, "send from=alice@example.com to=bob@example.org subject=Again");
        support_do(world, t + (1 + 2 * i) * VTIME_S, "fault host-down mx1 on");
        support_do(world, t + 60 * VTIME_S, "fault host-down mx1 off");
        run_for(3600);
    }
    act("fault dns-silent ns off");
    run_for(6 * 86400);
    cr_expect_eq(support_matches(trace, "deliver at=mx1"), 21);
}

/* The client breaks off while the filter waits for a list that it never asked before, and comes
   again later; `out` has just learnt the way. */
Test(t23, a_client_that_is_gone_while_the_filter_thinks_is_forgotten)
{
    act("set filter-mx1 greylist=false spf=mark dmarc=mark");
    for (int i = 0; i < 10; i++) {
        char list[60];
        snprintf(list, sizeof list, "set filter-mx1 dnsbl=bl%d.example.net", i);
        send("M");
        act(list);
        act("fault dns-silent ns on");
        int64_t t = world_now(world);
        support_do(world, t, "send from=alice@example.com to=bob@example.org subject=Again");
        support_do(world, t + (1 + i) * VTIME_S, "fault agent-down mta-out on");
        support_do(world, t + 60 * VTIME_S, "fault agent-down mta-out off");
        run_for(70);
        act("fault dns-silent ns off");
        run_for(7200);
    }
    cr_expect_eq(support_matches(trace, "deliver at=mx1"), 20);
}

Test(t23, of_two_recipients_the_new_one_waits_alone)
{
    send("M");
    run_for(2400);
    act("send from=alice@example.com to=bob@example.org,bea@example.org subject=Both body=Hello");
    uint32_t both = support_message(trace, "Both");
    cr_expect_eq(support_copies(trace, both, BOB), 1);
    cr_expect_eq(support_matches(trace, pattern("deliver msg=%u", both)), 1);
    cr_expect_eq(support_matches(trace, pattern("reject msg=%u rcpt=bea@example.org", both)), 1);
    run_for(2400);
    cr_expect_eq(support_matches(trace, pattern("deliver msg=%u", both)), 2);
}
