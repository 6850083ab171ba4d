/*
 * L22: forged senders. What SPF, DKIM and DMARC each see, and what a forwarder and a list do to
 * honest mail.
 */
#include <criterion/criterion.h>
#include <stdarg.h>
#include <stdio.h>

#include "support_run.h"

#define BOB "bob@example.org/INBOX"

static struct world *world;
static const struct log *trace;

static void open_world(void)
{
    world = support_world_shipped("t22-forged-senders", 1);
    trace = world_log(world);
}

static void close_world(void)
{
    support_check_conservation(trace);
    world_destroy(world);
}

TestSuite(t22, .init = open_world, .fini = close_world, .timeout = 60);

static void act(const char *action)
{
    support_do(world, world_now(world), action);
    world_run_quiet(world, VTIME_NEVER);
}

/* The message that the action makes. */
static uint32_t made(const char *action)
{
    uint32_t last = 0;
    act(action);
    for (uint32_t id = 0; id < log_count(trace); id++)
        if (event_as_message(log_at(trace, id)))
            last = event_as_message(log_at(trace, id))->msg;
    return last;
}

static uint32_t send(const char *to, const char *subject)
{
    char action[256];
    snprintf(action, sizeof action, "send from=alice@example.com to=%s subject=%s body=Hello", to,
             subject);
    return made(action);
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

static void ask_to_reject(void)
{
    act("dns remove _dmarc.example.com TXT");
    act("dns add _dmarc.example.com TXT data=\"v=DMARC1; p=reject\"");
}

static bool has_results(uint32_t msg, const char *part)
{
    return support_header_has(trace, msg, BOB, "Authentication-Results", 1, part);
}

Test(t22, smtp_itself_refuses_nobody_and_spf_sees_the_address)
{
    uint32_t m = made("robot as-alice");
    cr_expect_eq(support_copies(trace, m, BOB), 1, "C2201: all checks are off");
    cr_expect(!support_header_has(trace, m, BOB, "Authentication-Results", 1, ""));
    act("set filter-mx1 spf=mark");
    uint32_t m2 = made("robot as-alice");
    cr_expect(support_exists(trace, pattern("spf msg=%u result=fail domain=example.com", m2)),
              "C2201");
    cr_expect_eq(support_copies(trace, m2, BOB), 1);
    cr_expect(has_results(m2, "mx1.example.org"));
    cr_expect(has_results(m2, "spf=fail smtp.mailfrom=alice@example.com"));
}

Test(t22, spf_that_is_enforced_refuses_at_mail)
{
    act("set filter-mx1 spf=enforce");
    uint32_t m = made("robot as-alice");
    cr_expect_eq(support_copies(trace, m, BOB), 0);
    cr_expect(support_exists(trace, pattern("smtp.reply verb=MAIL code=550 esc=5.7.23 msg=%u", m)),
              "RFC 7208 8.4, 7372 3.2");
    cr_expect(support_exists(trace, pattern("reject at=mx1 msg=%u code=550", m)));
    cr_expect_eq(support_copies(trace, send("bob@example.org", "Honest"), BOB), 1);
}

Test(t22, dmarc_sees_the_from_that_spf_does_not_look_at)
{
    act("set filter-mx1 spf=mark");
    uint32_t m3 = made("robot as-herself");
    cr_expect(support_exists(trace, pattern("spf msg=%u result=pass domain=mallory.test", m3)),
              "C2202");
    cr_expect_eq(support_copies(trace, m3, BOB), 1, "C2202");
    ask_to_reject();
    act("set filter-mx1 dkim=true dmarc=enforce");
    uint32_t m4 = made("robot as-herself");
    cr_expect(support_exists(
                  trace, pattern("dmarc msg=%u result=fail domain=example.com policy=reject", m4)),
              "C2202");
    cr_expect(support_exists(trace, pattern("reject at=mx1 msg=%u code=550", m4)), "C2202");
    cr_expect(support_exists(trace, pattern("filter at=mx1 msg=%u verdict=reject", m4)));
    cr_expect_eq(support_copies(trace, m4, BOB), 0);
}

Test(t22, a_forwarder_breaks_spf_and_not_a_signature)
{
    ask_to_reject();
    act("set filter-mx1 spf=mark dkim=true dmarc=mark");
    uint32_t m5 = send("bob-old@fwd.example.net", "M5");
    cr_expect(support_exists(trace, pattern("spf msg=%u result=fail", m5)), "C2203");
    cr_expect(support_exists(trace, pattern("dmarc msg=%u result=fail", m5)), "C2203");
    cr_expect(support_exists(trace, pattern("dkim msg=%u result=none", m5)));
    act("set filter-out sign=true");
    cr_expect(support_exists(trace, "record name=mail._domainkey.example.com type=TXT on=true"),
              "the key is in the DNS before the first signature");
    uint32_t m6 = send("bob-old@fwd.example.net", "M6");
    cr_expect(support_exists(trace, pattern("spf msg=%u result=fail", m6)));
    cr_expect(support_exists(trace, pattern("dkim msg=%u result=pass domain=example.com", m6)),
              "C2203");
    cr_expect(support_exists(trace, pattern("dmarc msg=%u result=pass policy=reject", m6)),
              "C2203");
    cr_expect(has_results(m6, "dkim=pass header.d=example.com header.s=mail"));
    cr_expect(has_results(m6, "dmarc=pass"));
    cr_expect_eq(support_copies(trace, m6, BOB), 1);
}

Test(t22, a_list_breaks_the_signature_and_may_take_from_upon_itself)
{
    ask_to_reject();
    act("set filter-mx1 dkim=true dmarc=mark");
    act("set filter-out sign=true");
    uint32_t m7 = send("class@lists.example.net", "M7");
    cr_expect(support_exists(trace, pattern("dkim msg=%u result=fail", m7)), "C2204");
    cr_expect(support_exists(trace, pattern("dmarc msg=%u result=fail", m7)), "C2204");
    act("set filter-mx1 dmarc=enforce");
    act("set list-class rewrite_from=true");
    uint32_t m8 = send("class@lists.example.net", "M8");
    cr_expect_eq(support_copies(trace, m8, BOB), 1, "C2204");
    act("set list-class rewrite_from=false");
    uint32_t m9 = send("class@lists.example.net", "M9");
    cr_expect_eq(support_copies(trace, m9, BOB), 0, "without it the list's mail is refused");
}

Test(t22, both_algorithms_pass_and_another_key_replaces_the_first)
{
    act("set filter-mx1 dkim=true");
    act("set filter-out sign=true sign_algorithm=ed25519-sha256");
    uint32_t m = send("bob@example.org", "M1");
    cr_expect(support_exists(trace, pattern("dkim msg=%u result=pass what~ed25519-sha256", m)));
    act("set filter-out sign_algorithm=rsa-sha256 sign_selector=second");
    uint32_t n = send("bob@example.org", "M2");
    cr_expect(support_exists(trace, pattern("dkim msg=%u result=pass what~rsa-sha256", n)));
}

/* RFC 8601 5: nobody outside writes results in the name of this server. */
Test(t22, results_that_mallory_wrote_in_our_name_are_taken_out)
{
    act("set filter-mx1 spf=mark");
    act("set as-alice headers=\"Authentication-Results: mx1.example.org; spf=pass\"");
    uint32_t m = made("robot as-alice");
    cr_expect(has_results(m, "spf=fail"));
    cr_expect(!support_header_has(trace, m, BOB, "Authentication-Results", 2, ""));
    act("set as-alice headers=\"Authentication-Results: other.example; spf=pass\"");
    uint32_t n = made("robot as-alice");
    cr_expect(support_header_has(trace, n, BOB, "Authentication-Results", 2, "other.example"),
              "another server's is left alone");
}

/* RFC 6376 6.1.2: without an answer nothing is said for good. */
Test(t22, a_silent_dns_makes_no_verdict)
{
    act("set filter-mx1 dkim=true spf=mark");
    act("set filter-out sign=true");
    send("bob@example.org", "M1");
    support_do(world, world_now(world) + 1800 * VTIME_S, "fault dns-silent ns on");
    support_do(world, world_now(world) + 1800 * VTIME_S, "robot as-alice");
    support_do(world, world_now(world) + 2400 * VTIME_S, "fault dns-silent ns off");
    world_run_quiet(world, VTIME_NEVER);
    cr_expect(!support_exists(trace, "dkim result=temperror"));
}

/* RFC 6376 6.1.2: a key that can't be had now is no verdict on the signature. */
Test(t22, a_key_that_can_not_be_looked_up_now_is_a_temporary_error)
{
    act("set filter-mx1 dkim=true");
    act("set filter-out sign=true sign_selector=spring");
    act("fault dns-servfail ns on name=spring._domainkey.example.com");
    uint32_t m = send("bob@example.org", "M1");
    cr_expect(support_exists(trace, pattern("dkim msg=%u result=temperror", m)));
    cr_expect(has_results(m, "dkim=temperror"));
    act("fault dns-servfail ns off");
    uint32_t n = send("bob@example.org", "M2");
    cr_expect(support_exists(trace, pattern("dkim msg=%u result=pass", n)));
}
