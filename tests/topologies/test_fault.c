/*
 * Faults, kind by kind: what each does to the letter that Alice sends to Bob in two-towns, that it
 * can be said wrongly, and that nothing of it is left when it is off.
 */
#include <criterion/criterion.h>
#include <stdio.h>
#include <string.h>

#include "topologies/fault.h"
#include "tests/topologies/support_run.h"

static void send_at(struct world *world, int64_t t)
{
    support_do(world, t, "send from=alice@example.com to=bob@example.org subject=Hello");
}

/* The letter is sent one second after the fault began. */
static struct world *with(const char *fault)
{
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(world, 0, fault);
    send_at(world, VTIME_S);
    return world;
}

struct effect {
    const char *fault;   /* as it is switched on */
    const char *pattern; /* what the trace has then, and has not without */
};

/* Every kind that changes the way of one letter. The row says by what it is known. */
static const struct effect effects[] = {
    {"fault host-down mx1 on", "tcp.open result=timeout"},
    {"fault host-crash mx1 on", "crash at=mx1"},
    {"fault file-crash mx1 on after=1", "crash at=mx1"},
    {"fault agent-down mta-mx1 on", "stop at=mta-mx1"},
    {"fault agent-down mta-mx1 on", "tcp.open result=refused"},
    {"fault link-lossy out:mx1 on percent=60", "tcp.lost from=out"},
    {"fault dns-silent ns on", "dns.answer rcode=TIMEOUT"},
    {"fault dns-servfail ns on name=example.org", "dns.answer rcode=SERVFAIL"},
    {"fault dns-false ns on name=mx1.example.org data=203.0.113.10", "tcp.open result=refused"},
    {"fault dns-false ns on name=example.org type=MX data=\"5 out.example.com\"",
     "dns.answer data~out.example.com"},
    {"fault reject mta-mx1 on code=450", "reject code=450"},
    {"fault mailbox-full mta-mx1 on rcpt=bob@example.org", "reject code=452"},
    {"fault reply mta-mx1 on verb=MAIL code=451", "reject code=451"},
    {"fault reply mta-mx1 on verb=CONNECT code=554", "smtp.reply code=554"},
    {"fault reply mta-mx1 on verb=EHLO code=502", "smtp.reply code=502"},
    {"fault reply mta-mx1 on verb=DATA code=452 esc=4.3.1", "smtp.reply esc=4.3.1"},
    {"fault reply mta-mx1 on verb=DOT code=554 esc=5.6.0 text=\"No, thanks\"",
     "reject text~thanks"},
    {"fault cut mta-mx1 on at=before-greeting times=1", "tcp.close how=reset"},
    {"fault cut mta-mx1 on at=after-ehlo times=1", "tcp.close how=reset"},
    {"fault cut mta-mx1 on at=after-mail times=1", "tcp.close how=reset"},
    {"fault cut mta-mx1 on at=after-rcpt times=1", "tcp.close how=reset"},
    {"fault cut mta-mx1 on at=in-data times=1", "tcp.close how=reset"},
    {"fault cut mta-mx1 on at=after-dot-before-250 times=1", "tcp.close how=reset"},
    {"fault cut mta-mx1 on at=after-reply times=1", "tcp.close how=reset"},
    {"fault cut mta-mx1 on at=before-quit times=1", "tcp.close how=reset"},
    {"fault mailbox-gone bob@example.org on", "reject code=550"},
    {"fault user-gone bob@example.org on", "account address=bob@example.org"},
    {"fault setting mta-mx1 on key=hops_max value=1", "reject text~Too"},
};
enum { EFFECTS = sizeof effects / sizeof *effects };

Test(fault, each_kind_shows_in_the_trace_while_it_is_on)
{
    for (size_t i = 0; i < EFFECTS; i++) {
        const struct effect *e = &effects[i];
        struct world *world = with(e->fault);
        support_do(world, VTIME_H, "fault host-down pc-bob on"); /* the run lasts a while */
        const struct log *log = support_run(world);
        cr_expect_gt(support_matches(log, e->pattern), 0, "%s: no %s", e->fault, e->pattern);
        world_destroy(world);
    }
}

/* "fault KIND TARGET on k=v" without its details, and off. */
static void switch_off(struct world *world, int64_t t, const char *fault)
{
    char off[200];
    const char *on = strstr(fault, " on");
    snprintf(off, sizeof off, "%.*s off", (int)(on - fault), fault);
    support_do(world, t, off);
}

Test(fault, nothing_of_it_is_left_when_it_is_off)
{
    for (size_t i = 0; i < EFFECTS; i++) {
        const struct effect *e = &effects[i];
        struct world *world = support_world_shipped("two-towns", 1);
        support_do(world, 0, e->fault);
        switch_off(world, VTIME_S, e->fault);
        world_run_until(world, 2 * VTIME_S);
        uint32_t before = support_matches(world_log(world), e->pattern);
        send_at(world, 3 * VTIME_S);
        const struct log *log = support_run(world);
        cr_expect_eq(support_matches(log, e->pattern), before, "%s", e->fault);
        cr_expect_eq(support_count(log, EVENT_DELIVER), 1, "%s", e->fault);
        cr_expect_lt(world_now(world), VTIME_MIN, "%s: at once", e->fault);
        world_destroy(world);
    }
}

struct refusal {
    const char *action, *why;
};

Test(fault, what_is_said_wrongly_is_refused_with_the_way_out)
{
    static const struct refusal rows[] = {
        {"fault hostdown mx1 on", "did you mean \"host-down\"?"},
        {"fault mx1-dwon on", "did you mean \"mx1-down\"?"},
        {"fault host-down mx1", "fault needs"},
        {"fault host-down on", "host-down needs a host"},
        {"fault host-down mta-mx1 on", "unknown host \"mta-mx1\", expected the id of a host"},
        {"fault link-cut out:pc-bob on", "expected two hosts with a link between them, as a:b"},
        {"fault line-busy out:mx1 on", "has no hours"},
        {"fault dns-silent mta-mx1 on", "expected the id of an agent of role dns"},
        {"fault reject mta-mx1 on rcpt=nobody@example.org", "unknown user"},
        {"fault reject mta-mx1 on code=250", "number out of range"},
        {"fault reject mta-mx1 on code=450 esc=5.1.1", "bad status code \"5.1.1\""},
        {"fault reject mta-mx1 on cod=450", "did you mean \"code\"?"},
        {"fault reply mta-mx1 on", "missing key \"verb\""},
        {"fault reply mta-mx1 on verb=RETR", "unknown verb \"RETR\""},
        {"fault reply mta-mx1 on verb=RCPT word=NO", "no server of IMAP has this"},
        {"fault reply access-mx1 on verb=RETR code=550", "no server of SMTP has this"},
        {"fault slow mta-mx1 on verb=BDAT", "unknown verb \"BDAT\""},
        {"fault slow mta-mx1 on verb=DOT delay=soon", "bad duration"},
        {"fault cut access-mx1 on at=in-data", "expected before-greeting or before-quit"},
        {"fault cut mta-mx1 on at=lunch", "unknown at \"lunch\""},
        {"fault dns-false ns on name=x.test data=nowhere", "bad data \"nowhere\""},
        {"fault clock-skew mx1 on zone=CET", "expected a time zone such as +0100"},
        {"fault setting mta-mx1 on key=hopsmax value=1", "did you mean \"hops_max\"?"},
        {"fault setting mta-mx1 on key=hops_max value=many", "hops_max"},
        {"fault user-gone eve@example.org on", "expected an address of \"users\""},
        {"fault mx1-down on code=550", "has its details in the topology"},
    };
    struct world *world = support_world_shipped("two-towns", 1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct problem problem;
        const char *why = support_refusal(world, rows[i].action, &problem);
        cr_expect(strstr(why, rows[i].why), "%s\n  got \"%s\"", rows[i].action, why);
    }
    world_destroy(world);
}

/* ---- several at once ---- */

static int64_t transfer_time(struct world *world)
{
    int64_t from = world_now(world);
    send_at(world, from);
    const struct log *log = support_run(world);
    return log_end(log) - from;
}

/* Two about the same target; each ends on its own and leaves the other as it is. */
Test(fault, two_of_a_kind_add_up_and_end_one_by_one)
{
    struct world *world = support_world_shipped("two-towns", 1);
    (void)transfer_time(world); /* names are known from now on */
    int64_t alone = transfer_time(world);
    support_do(world, world_now(world), "fault link-slow out:mx1 on extra_ms=500");
    int64_t one = transfer_time(world);
    support_do(world, world_now(world), "fault link-slow mx1:out on extra_ms=250");
    int64_t two = transfer_time(world);
    cr_expect_eq((two - alone) * 2, (one - alone) * 3);
    support_do(world, world_now(world), "fault link-slow out:mx1 off extra_ms=500");
    cr_expect_eq((transfer_time(world) - alone) * 2, one - alone);
    support_do(world, world_now(world), "fault link-slow out:mx1 off");
    cr_expect_eq(transfer_time(world), alone);
    world_destroy(world);
}

Test(fault, a_host_is_up_again_when_the_last_that_keeps_it_down_is_off)
{
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "fault mx1-down on");
    support_do(world, VTIME_S, "fault host-crash mx1 on");
    support_do(world, 2 * VTIME_S, "fault mx1-down off");
    world_run_until(world, 3 * VTIME_S);
    cr_expect_eq(support_count(world_log(world), EVENT_BOOT), 0);
    support_do(world, 4 * VTIME_S, "fault host-crash mx1 off");
    world_run_until(world, 5 * VTIME_S);
    cr_expect_eq(support_count(world_log(world), EVENT_CRASH), 1, "it was down already");
    cr_expect_eq(support_count(world_log(world), EVENT_BOOT), 1);
    world_destroy(world);
}

static struct slice last_conf(const struct log *log)
{
    struct slice value = SLICE("");
    for (uint32_t id = 0; id < log_count(log); id++)
        if (log_at(log, id)->kind == EVENT_CONF)
            value = log_text(log, event_as_conf(log_at(log, id))->value);
    return value;
}

/* In whatever order they end, what was there before the first is there after the last. */
Test(fault, settings_are_put_back_in_any_order)
{
    for (int order = 0; order < 2; order++) {
        struct world *world = support_world_shipped("two-towns", 1);
        support_do(world, 0, "set mta-mx1 hops_max=50");
        support_do(world, 1, "fault setting mta-mx1 on key=hops_max value=10");
        support_do(world, 2, "fault setting mta-mx1 on key=hops_max value=20");
        support_do(world, 3,
                   order ? "fault setting mta-mx1 off key=hops_max value=20"
                         : "fault setting mta-mx1 off key=hops_max value=10");
        world_run_until(world, 3);
        cr_expect(slice_equal(last_conf(world_log(world)), order ? SLICE("10") : SLICE("20")));
        support_do(world, 4, "fault setting mta-mx1 off");
        world_run_until(world, 4);
        cr_expect(slice_equal(last_conf(world_log(world)), SLICE("50")));
        world_destroy(world);
    }
}

/* What is on cannot begin, and what is off cannot end: a person is told, nothing happens. */
Test(fault, twice_on_is_once)
{
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "fault mx1-down on");
    support_do(world, 1, "fault host-down mx1 on");
    support_do(world, 2, "fault mx1-down off");
    support_do(world, 3, "fault mx1-down off");
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    cr_expect_eq(support_count(log, EVENT_FAULT), 2);
    cr_expect_eq(support_matches(log, "ui what~already"), 1);
    cr_expect_eq(support_matches(log, "ui what~not"), 1);
    world_destroy(world);
}

Test(fault, the_details_are_in_the_trace)
{
    struct world *world = with("fault reply mta-mx1 on verb=RCPT code=450 text=\"Come back\"");
    const struct log *log = support_run(world);
    const struct event_fault *e = event_as_fault(support_find(log, EVENT_FAULT, 0));
    cr_expect(slice_equal(log_text(log, e->args), SLICE("verb=RCPT code=450 text=\"Come back\"")));
    world_destroy(world);
}

/* ---- late, cut, and so often ---- */

/* RFC 5321 4.5.3.2: a client waits five minutes for most replies, ten for the one to the dot. */
Test(fault, a_late_answer_is_late_and_counts)
{
    static const char *const verbs[] = {"EHLO", "MAIL", "RCPT", "DATA", "DOT"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        char fault[100];
        snprintf(fault, sizeof fault, "fault slow mta-mx1 on verb=%s delay=90s", verbs[i]);
        struct world *world = with(fault);
        const struct log *log = support_run(world);
        char reply[60];
        snprintf(reply, sizeof reply, "smtp.reply from=mx1 verb=%s", verbs[i]);
        int64_t late_s = support_between(log, "smtp.cmd to=mx1", reply);
        cr_expect(late_s >= 89 && late_s < 200, "%s: %d s", verbs[i], (int)late_s);
        cr_expect_eq(support_count(log, EVENT_DELIVER), 1, "%s", verbs[i]);
        cr_expect_eq(support_matches(log, "queue.try at=out"), 1, "%s", verbs[i]);
        world_destroy(world);
    }
}

/* RFC 1047: the message is taken, nobody is told, and so it comes again. */
Test(fault, a_cut_behind_the_dot_makes_a_second_copy)
{
    struct world *world = with("fault cut mta-mx1 on at=after-dot-before-250 times=1");
    const struct log *log = support_run(world);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 2);
    cr_expect_eq(support_matches(log, "queue.defer at=out"), 1);
    world_destroy(world);
}

/* ... and one moment later it does no harm any more. */
Test(fault, a_cut_behind_the_reply_makes_none)
{
    struct world *world = with("fault cut mta-mx1 on at=after-reply");
    const struct log *log = support_run(world);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 1);
    cr_expect_eq(support_count(log, EVENT_QUEUE_DEFER), 0);
    world_destroy(world);
}

Test(fault, what_happens_n_times_does_not_happen_again)
{
    struct world *world = with("fault reply mta-mx1 on verb=RCPT code=450 times=2");
    const struct log *log = support_run(world);
    cr_expect_eq(support_matches(log, "reject code=450"), 2);
    cr_expect_eq(support_count(log, EVENT_DELIVER), 1);
    cr_expect_eq(support_matches(log, "queue.try at=out"), 3);
    world_destroy(world);
}

/* RFC 1939 6: without QUIT nothing is removed. */
Test(fault, a_reader_whose_line_breaks_before_quit_removes_nothing)
{
    struct world *world = with("fault cut access-mx1 on at=before-quit times=1");
    support_do(world, VTIME_MIN, "fetch by=pc-bob");
    world_run_until(world, 10 * VTIME_MIN);
    cr_expect_eq(support_count(world_log(world), EVENT_FETCH), 1);
    cr_expect_eq(support_count(world_log(world), EVENT_REMOVE), 0);
    support_do(world, 11 * VTIME_MIN, "fetch by=pc-bob");
    const struct log *log = support_run(world);
    cr_expect_geq(support_count(log, EVENT_REMOVE), 1);
    world_destroy(world);
}

Test(fault, a_reader_can_be_refused_at_any_verb)
{
    static const char *const verbs[] = {"CONNECT", "USER", "PASS", "RETR", "QUIT"};
    for (size_t i = 0; i < sizeof verbs / sizeof *verbs; i++) {
        char fault[120];
        snprintf(fault, sizeof fault, "fault reply access-mx1 on verb=%s text=\"[SYS/TEMP] no\"",
                 verbs[i]);
        struct world *world = with(fault);
        support_do(world, VTIME_MIN, "fetch by=pc-bob");
        const struct log *log = support_run(world);
        const struct event *e = support_match(log, 0, "pop.reply ok=0");
        cr_assert(e, "%s", verbs[i]);
        cr_expect(slice_equal(log_text(log, event_as_pop_reply(e)->verb), slice_of(verbs[i])));
        world_destroy(world);
    }
}

/* ---- certificates ---- */

/* On a host it concerns every server there; who does not insist on a good one goes on. */
Test(fault, a_certificate_is_out_of_date_while_the_fault_is_on)
{
    struct world *world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "set mta-out tls=if-offered");
    support_do(world, 0, "fault cert-expired mx1 on");
    send_at(world, VTIME_S);
    support_do(world, VTIME_H, "fault cert-expired mx1 off");
    send_at(world, VTIME_H + VTIME_S);
    const struct log *log = support_run(world);
    cr_expect_eq(support_matches(log, "tls.up check=expired"), 1);
    cr_expect_eq(support_matches(log, "tls.up from=out"), 2);
    world_destroy(world);
}

/* ---- readers by IMAP, and the store ---- */

static const char by_imap[] = "set mua-bob incoming_protocol=imap";

Test(fault, a_reader_by_imap_is_refused_as_well)
{
    static const char *const rows[][2] = {{"LOGIN", "NO"}, {"SELECT", "NO"}, {"SELECT", "BAD"}};
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char fault[120], reply[60];
        snprintf(fault, sizeof fault,
                 "fault reply access-mx1 on verb=%s word=%s text=\"[INUSE] no\"", rows[i][0],
                 rows[i][1]);
        snprintf(reply, sizeof reply, "imap.reply verb=%s ok=0 text~[INUSE]", rows[i][0]);
        struct world *world = with(fault);
        support_do(world, 0, by_imap);
        support_do(world, 0, "set access-mx1 mechanisms=pass");
        support_do(world, VTIME_MIN, "fetch by=pc-bob");
        const struct log *log = support_run(world);
        cr_expect_gt(support_matches(log, reply), 0, "%s", fault);
        cr_expect_eq(support_count(log, EVENT_FETCH), 0);
        world_destroy(world);
    }
}

/* RFC 9051 2.3.1.1: what the client had kept is worth nothing any more. */
Test(fault, another_uidvalidity_is_told_to_the_next_reader)
{
    struct world *world = with("fault slow access-mx1 on verb=SELECT delay=40s");
    support_do(world, 0, by_imap);
    support_do(world, VTIME_MIN, "fetch by=pc-bob");
    support_do(world, VTIME_H, "fault uidvalidity-change store-mx1 on");
    support_do(world, 2 * VTIME_H, "fetch by=pc-bob");
    const struct log *log = support_run(world);
    struct slice first = SLICE(""), last = SLICE("");
    for (uint32_t id = 0; id < log_count(log); id++) {
        const struct event_imap_data *e = event_as_imap_data(log_at(log, id));
        struct slice text = e ? log_text(log, e->text) : SLICE("");
        size_t at = slice_find(text, SLICE("[UIDVALIDITY "), 0);
        if (at == SLICE_NONE)
            continue;
        last = slice_part(text, at, slice_find_octet(text, ']', at));
        first = first.size ? first : last;
    }
    cr_expect(first.size > 0 && !slice_equal(first, last), "%.*s", SLICE_ARG(first));
    cr_expect_eq(support_matches(log, "fault fault=uidvalidity-change state=off"), 1);
    world_destroy(world);
}

/* ---- accounts ---- */

Test(fault, people_come_and_go)
{
    struct world *world = support_world_shipped("two-towns", 1);
    struct problem problem;
    support_do(world, 0, "user add eve@example.org name=Eve");
    support_do(world, 1, "send from=alice@example.com to=eve@example.org subject=Welcome");
    support_do(world, VTIME_MIN, "user remove eve@example.org");
    support_do(world, VTIME_H, "send from=alice@example.com to=eve@example.org subject=Gone");
    support_do(world, 2 * VTIME_H, "user remove eve@example.org");
    const struct log *log = support_run(world);
    cr_expect_eq(support_matches(log, "account address=eve@example.org on=1"), 1);
    cr_expect_eq(support_matches(log, "account address=eve@example.org on=0"), 1);
    cr_expect_eq(support_matches(log, "deliver rcpt=eve@example.org"), 1);
    cr_expect_eq(support_matches(log, "reject rcpt=eve@example.org code=550"), 1);
    cr_expect_eq(support_matches(log, "ui what~no"), 1, "there was nobody to be taken away");
    cr_expect(strstr(support_refusal(world, "user add eve", &problem), "no mail address"));
    cr_expect(strstr(support_refusal(world, "user rename a@b.example", &problem), "user needs"));
    cr_expect(strstr(support_refusal(world, "cut out:nowhere", &problem), "cut needs"));
    world_destroy(world);
}

/* ---- clocks ---- */

static bool header_has(const struct log *log, const char *text)
{
    const struct event_deliver *e = event_as_deliver(support_find(log, EVENT_DELIVER, 0));
    return e && slice_find(log_text(log, e->header), slice_of(text), 0) != SLICE_NONE;
}

Test(fault, a_clock_that_is_wrong_shows_in_received_and_is_put_right)
{
    struct world *world = with("fault clock-skew mx1 on seconds=-3600 zone=+0100");
    const struct log *log = support_run(world);
    cr_expect(header_has(log, "Mon, 3 Mar 2025 09:00:0"), "an hour behind, an hour east");
    cr_expect(header_has(log, "+0100"));
    world_destroy(world);
    world = support_world_shipped("two-towns", 1);
    support_do(world, 0, "fault clock-skew mx1 on seconds=600 zone=-0500");
    support_do(world, 1, "fault clock-skew mx1 on seconds=60");
    support_do(world, 2, "fault clock-skew mx1 off");
    send_at(world, 3);
    log = support_run(world);
    cr_expect(!header_has(log, "-0500") && !header_has(log, "09:10") && !header_has(log, "09:01"));
    world_destroy(world);
}

/* ---- disks ---- */

Test(fault, mail_for_a_full_disk_waits)
{
    struct world *world = with("fault disk-full mx1 on");
    support_do(world, 2 * VTIME_H, "fault disk-full mx1 off");
    world_run_until(world, VTIME_H);
    cr_expect_eq(support_count(world_log(world), EVENT_DELIVER), 0);
    const struct log *log = support_run(world);
    cr_expect_eq(support_matches(log, "deliver rcpt=bob@example.org"), 1);
    world_destroy(world);
}

/* ---- the table itself ---- */

Test(fault, every_row_is_whole)
{
    for (size_t i = 0; i < fault_kind_count; i++) {
        const struct fault_kind *kind = &fault_kinds[i];
        cr_expect_eq(fault_find_kind(slice_of(kind->name)), kind);
        cr_expect(kind->set && kind->meaning && kind->args.key_count <= FAULT_ARGS_MAX);
        cr_expect_eq(kind->target == FAULT_AGENT, kind->roles != NULL);
    }
}
