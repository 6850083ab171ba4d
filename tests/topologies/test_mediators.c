/*
 * Aliases, forwarding, rules, lists and vacation robots in whole worlds: who gets what, who is
 * told, and that nothing goes in circles for ever. Every trace is held to the conservation of mail.
 */
#include <criterion/criterion.h>
#include <stdio.h>

#include "sim/base/bytes.h"
#include "sim/base/vtime.h"
#include "support_mediators.h"

static struct world *world;
static const struct log *trace;

static void start(const struct support_towns *towns)
{
    world = support_towns(towns);
    trace = world_log(world);
}

static void finish(void)
{
    world_destroy(world);
}

TestSuite(mediators, .fini = finish);

static void act(const char *action)
{
    support_do(world, world_now(world), action);
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(trace);
}

static uint32_t copies(uint32_t msg, const char *box)
{
    return support_copies(trace, msg, box);
}

/* ---- aliases ---- */

#define ALIASES(lines) ",\"aliases\":[" lines "]"

Test(mediators, aliases_within_aliases_give_each_person_one_copy)
{
    start(&(struct support_towns){.mta_a = ALIASES("\"all@a.test: team, u, boss@a.test\","
                                                   "\"team@a.test: u, v, u@b.test\","
                                                   "\"boss@a.test: v\""),
                                  .users = ",\"v@a.test\""});
    uint32_t msg = support_send(world, "all@a.test,u@a.test,v@a.test", "M");
    cr_expect_eq(copies(msg, "u@a.test/INBOX"), 1, "named by its author and by two aliases");
    cr_expect_eq(copies(msg, "v@a.test/INBOX"), 1);
    cr_expect_eq(copies(msg, "u@b.test/INBOX"), 1);
    cr_expect_eq(support_matches(trace, "expand rcpt=all@a.test"), 3);
}

Test(mediators, two_aliases_for_the_same_person_give_one_copy)
{
    start(&(struct support_towns){
        .mta_a = ALIASES("\"one@a.test: u@b.test\",\"two@a.test: u@b.test, u\"")});
    uint32_t msg = support_send(world, "one@a.test,two@a.test", "M");
    cr_expect_eq(copies(msg, "u@b.test/INBOX"), 1);
    cr_expect_eq(copies(msg, "u@a.test/INBOX"), 1);
    cr_expect_eq(support_matches(trace, "expand to=u@b.test"), 2, "both stand for him");
}

Test(mediators, an_alias_that_leads_to_itself_is_returned)
{
    start(&(struct support_towns){.mta_a =
                                      ALIASES("\"x@a.test: y\",\"y@a.test: z\",\"z@a.test: x\"")});
    uint32_t msg = support_send(world, "x@a.test", "M");
    cr_expect(support_exists(
        trace, support_pattern("dsn about=# to=u@a.test status=5.4.6 action=failed", msg)));
    cr_expect_eq(support_matches(trace, "expand"), 0);
}

Test(mediators, an_alias_of_the_name_of_a_mailbox_may_keep_a_copy)
{
    start(&(struct support_towns){.mta_a = ALIASES("\"v@a.test: v, u@b.test\",\"w@a.test: v\""),
                                  .users = ",\"v@a.test\""});
    uint32_t msg = support_send(world, "v@a.test", "M");
    cr_expect_eq(copies(msg, "v@a.test/INBOX"), 1);
    cr_expect_eq(copies(msg, "u@b.test/INBOX"), 1);
    msg = support_send(world, "w@a.test", "N");
    cr_expect_eq(copies(msg, "v@a.test/INBOX"), 1, "through another alias, too");
    cr_expect_eq(copies(msg, "u@b.test/INBOX"), 1);
}

Test(mediators, a_member_of_an_alias_who_fails_is_told_to_the_author_alone)
{
    start(&(struct support_towns){.mta_a = ALIASES("\"all@a.test: u, nobody@b.test, nobody\"")});
    uint32_t msg = support_send(world, "all@a.test", "M");
    cr_expect_eq(copies(msg, "u@a.test/INBOX"), 1);
    cr_expect_eq(support_matches(trace, support_pattern("queue.giveup msg=#", msg)), 2);
    cr_expect_eq(support_matches(trace, support_pattern("dsn about=# to=u@a.test", msg)), 1,
                 "one notice about both");
    cr_expect_eq(support_matches(trace, "dsn"), 1);
}

Test(mediators, an_alias_cycle_over_two_hosts_ends_in_one_bounce)
{
    start(&(struct support_towns){.mta_a = ALIASES("\"x@a.test: x@b.test\""),
                                  .mta_b = ALIASES("\"x@b.test: x@a.test\"")});
    uint32_t msg = support_send(world, "x@a.test", "M");
    cr_expect_eq(support_matches(trace, support_pattern("dsn about=#", msg)), 1);
    cr_expect(support_exists(trace, "reject code=554 text~hops"), "RFC 5321 6.3");
    cr_expect_gt(support_matches(trace, "expand"), 90);
}

Test(mediators, aliases_change_while_the_server_runs)
{
    start(&(struct support_towns){0});
    support_send(world, "x@a.test", "Before");
    cr_expect(support_exists(trace, "reject code=550 rcpt=x@a.test"));
    act("set mta-a aliases=\"x@a.test: u@b.test\"");
    uint32_t msg = support_send(world, "x@a.test", "After");
    cr_expect_eq(copies(msg, "u@b.test/INBOX"), 1);
}

Test(mediators, five_hundred_recipients_behind_one_alias_have_one_outcome_each)
{
    enum { COUNT = 500 };
    struct bytes alias, users;
    bytes_init(&alias, 1 << 20);
    bytes_init(&users, 1 << 20);
    for (int i = 0; i < COUNT; i++) { /* a third of them is unknown */
        char town = i % 2 ? 'a' : 'b';
        (void)bytes_printf(&alias, "%sm%d@%c.test", i ? "," : ",\"aliases\":[\"all@a.test: ", i,
                           town);
        if (i % 3)
            (void)bytes_printf(&users, ",\"m%d@%c.test\"", i, town);
    }
    (void)bytes_append(&alias, (struct slice){"\"]", 3});
    (void)bytes_append(&users, (struct slice){"", 1});
    start(&(struct support_towns){.mta_a = bytes_slice(&alias).data,
                                  .users = bytes_slice(&users).data});
    uint32_t msg = support_send(world, "all@a.test", "M");
    cr_expect_eq(support_matches(trace, support_pattern("deliver msg=#", msg)), COUNT - 167);
    cr_expect_eq(support_matches(trace, support_pattern("queue.giveup msg=#", msg)), 167);
    cr_expect_leq(support_matches(trace, support_pattern("dsn about=# to=u@a.test", msg)), 3,
                  "few notices, each about many");
    bytes_finish(&alias);
    bytes_finish(&users);
}

/* ---- forwarding ---- */

Test(mediators, a_forward_file_sends_on_and_may_keep)
{
    start(&(struct support_towns){.users = ",{\"address\":\"v@a.test\",\"forward\":[\"u@b.test\"]},"
                                           "{\"address\":\"w@a.test\",\"forward\":[\"keep\","
                                           "\"u@b.test, v\"]}"});
    uint32_t msg = support_send(world, "v@a.test", "M");
    cr_expect_eq(copies(msg, "v@a.test/INBOX"), 0);
    cr_expect(support_header_has(trace, msg, "u@b.test/INBOX", "Return-Path", 1, "<u@a.test>"),
              "the reverse-path stays (RFC 5321 3.9.1)");
    cr_expect(support_header_has(trace, msg, "u@b.test/INBOX", "Delivered-To", 2, "v@a.test"));
    cr_expect(support_exists(trace, "file at=mx-a path=/home/a.test/v/.forward op=write"));
    msg = support_send(world, "w@a.test", "N");
    cr_expect_eq(copies(msg, "w@a.test/INBOX"), 1);
    cr_expect_eq(copies(msg, "u@b.test/INBOX"), 1, "also v stands for u@b.test: one copy");
    act("remove v@a.test .forward");
    cr_expect_eq(copies(support_send(world, "v@a.test", "O"), "v@a.test/INBOX"), 1);
    act("write v@a.test .forward text=\"# nobody\\n\"");
    cr_expect_eq(copies(support_send(world, "v@a.test", "P"), "v@a.test/INBOX"), 1,
                 "a file that names nobody changes nothing");
}

Test(mediators, a_forwarding_cycle_ends_at_the_second_stamp)
{
    start(&(struct support_towns){.users = ",{\"address\":\"v@a.test\",\"forward\":[\"v@b.test\","
                                           "\"keep\"]},{\"address\":\"v@b.test\",\"forward\":["
                                           "\"v@a.test\",\"keep\"]}"});
    uint32_t msg = support_send(world, "v@a.test", "M");
    cr_expect_eq(copies(msg, "v@a.test/INBOX"), 1);
    cr_expect_eq(copies(msg, "v@b.test/INBOX"), 1);
    cr_expect_eq(support_matches(trace, support_pattern("dsn about=# status=5.4.6", msg)), 1);
}

Test(mediators, a_rewritten_reverse_path_brings_notices_back_through_the_forwarder)
{
    start(&(struct support_towns){.mta_a = ",\"srs\":true",
                                  .users = ",{\"address\":\"v@a.test\",\"forward\":["
                                           "\"nobody@b.test\"]},{\"address\":\"v@b.test\","
                                           "\"forward\":[\"v@a.test\"]}"});
    support_do(world, 0, "send from=u@b.test to=v@a.test subject=M");
    world_run_quiet(world, VTIME_NEVER);
    support_check_conservation(trace);
    uint32_t msg = support_message(trace, "M");
    cr_expect(support_exists(trace, "queue.add at=mta-a rcpt=nobody@b.test from~SRS0="));
    cr_expect(support_exists(trace, support_pattern("dsn about=# to~SRS0=", msg)));
    cr_expect(support_exists(trace, "expand how=srs to=u@b.test rcpt~SRS0="));
    cr_expect(support_exists(trace, "deliver rcpt=u@b.test header~MAILER-DAEMON"));
    support_send(world, "SRS0=AAAAAA=AA=b.test=u@a.test", "Made up");
    cr_expect(support_exists(trace, "reject code=550 rcpt~SRS0=AAAAAA"));
}

/* ---- rules ---- */

Test(mediators, rules_file_forward_and_discard)
{
    start(&(struct support_towns){
        .users = ",{\"address\":\"v@a.test\",\"rules\":[\"subject contains junk -> fileinto "
                 "Junk\",\"subject contains mallory -> discard\",\"subject contains urgent -> "
                 "forward u@b.test, keep\",\"subject contains work -> forward u@b.test\"]}"});
    cr_expect_eq(copies(support_send(world, "v@a.test", "Some junk"), "v@a.test/Junk"), 1);
    uint32_t msg = support_send(world, "v@a.test", "From mallory");
    cr_expect_eq(support_matches(trace, support_pattern("deliver msg=#", msg)), 0);
    cr_expect(support_exists(trace, support_pattern("discard msg=# at=mda-a reason~mallory", msg)));
    msg = support_send(world, "v@a.test", "An urgent thing");
    cr_expect_eq(copies(msg, "v@a.test/INBOX") + copies(msg, "u@b.test/INBOX"), 2);
    msg = support_send(world, "v@a.test", "More work");
    cr_expect_eq(copies(msg, "v@a.test/INBOX"), 0);
    cr_expect_eq(copies(msg, "u@b.test/INBOX"), 1);
    cr_expect_eq(copies(support_send(world, "v@a.test", "Hello"), "v@a.test/INBOX"), 1);
    act("write v@a.test .rules text=\"-> fileinto Later\\n\"");
    cr_expect_eq(copies(support_send(world, "v@a.test", "Bye"), "v@a.test/Later"), 1);
}

Test(mediators, a_full_mailbox_defers_or_bounces)
{
    start(
        &(struct support_towns){.mda_a = "\"over_quota\":\"bounce\"", .store_a = "\"quota\":100"});
    uint32_t msg = support_send(world, "u@a.test", "M");
    cr_expect(support_exists(trace, support_pattern("queue.giveup msg=# reason~full", msg)));
    cr_expect(support_exists(trace, support_pattern("dsn about=# status=5.2.2", msg)));
    act("set mda-a over_quota=defer");
    msg = support_send(world, "u@a.test", "N");
    cr_expect(support_exists(trace, support_pattern("queue.defer msg=# reason~full", msg)));
}

/* ---- by LMTP ---- */

Test(mediators, a_delivery_agent_fed_by_lmtp_does_the_same_with_a_queue_of_its_own)
{
    start(&(struct support_towns){
        .mta_a = ",\"delivery\":\"lmtp:mx-b\",\"aliases\":[\"all@a.test: v, w\"]",
        .mda_b = "\"via\":\"lmtp\"",
        .users = ",{\"address\":\"v@a.test\",\"forward\":[\"u@b.test\",\"keep\"]},"
                 "{\"address\":\"w@a.test\",\"rules\":[\"-> discard\"]},"
                 "{\"address\":\"x@a.test\",\"rules\":[\"-> fileinto Work\"]}"});
    uint32_t msg = support_send(world, "all@a.test,x@a.test", "M");
    cr_expect(support_exists(trace, "file at=mx-b path=/home/a.test/v/.forward op=write"),
              "the homes are where mail is delivered");
    cr_expect_eq(copies(msg, "v@a.test/INBOX"), 1);
    cr_expect_eq(copies(msg, "x@a.test/Work"), 1);
    cr_expect_eq(copies(msg, "u@b.test/INBOX"), 1);
    cr_expect(support_exists(trace, support_pattern("discard msg=# rcpt=w@a.test", msg)));
    cr_expect(support_exists(trace, support_pattern("expand msg=# rcpt=all@a.test at=mx-a", msg)));
}

/* Both forward to one person, who is told once: a transaction is one message. */
Test(mediators, two_of_one_lmtp_transaction_who_forward_to_the_same_person)
{
    start(&(struct support_towns){
        .mta_a = ",\"delivery\":\"lmtp:mx-b\",\"aliases\":[\"all@a.test: v, w\"]",
        .mda_b = "\"via\":\"lmtp\"",
        .users = ",{\"address\":\"v@a.test\",\"forward\":[\"u@b.test\"]},"
                 "{\"address\":\"w@a.test\",\"forward\":[\"u@b.test\",\"keep\"]}"});
    uint32_t msg = support_send(world, "all@a.test", "M");
    cr_expect_eq(copies(msg, "u@b.test/INBOX"), 1);
    cr_expect_eq(copies(msg, "v@a.test/INBOX"), 0);
    cr_expect_eq(copies(msg, "w@a.test/INBOX"), 1);
}

/* ---- lists ---- */

#define LIST(id, town, more)                                                                       \
    ",{\"id\":\"" id "\",\"role\":\"list\",\"config\":{\"address\":\"" id "@" town ".test\"," more \
    "}}"

Test(mediators, lists_that_are_members_of_each_other_post_once_each)
{
    start(&(struct support_towns){
        .agents_a =
            LIST("l", "a", "\"members\":[\"u@a.test\",\"k@b.test\"],\"owner\":\"u@a.test\""),
        .agents_b = LIST("k", "b", "\"members\":[\"u@b.test\",\"l@a.test\"]")});
    uint32_t msg = support_send(world, "l@a.test", "M");
    cr_expect_eq(copies(msg, "u@a.test/INBOX"), 1);
    cr_expect_eq(copies(msg, "u@b.test/INBOX"), 1);
    cr_expect(support_header_has(trace, msg, "u@b.test/INBOX", "List-Id", 1, "k.b.test"));
    cr_expect(support_exists(trace,
                             support_pattern("dsn about=# to=k-bounces@b.test status=5.4.6", msg)));
    cr_expect_eq(support_matches(trace, support_pattern("dsn about=#", msg)), 1);
    cr_expect(support_exists(trace, "discard at=k rcpt=k-bounces@b.test"), "k has no owner");
}

Test(mediators, a_list_refuses_strangers_robots_and_what_it_has_posted)
{
    start(&(struct support_towns){
        .agents_a = LIST("l", "a", "\"members\":[\"u@b.test\"],\"members_only\":true"),
        .agents_b =
            ",{\"role\":\"vacation\",\"config\":{\"user\":\"u@b.test\",\"skip_lists\":false,"
            "\"only_named\":false}}"});
    uint32_t msg = support_send(world, "l@a.test", "M");
    cr_expect(support_exists(trace, support_pattern("dsn about=# status=5.7.2", msg)));
    act("set l members=u@b.test,u@a.test");
    msg = support_send(world, "l@a.test", "N");
    cr_expect_eq(copies(msg, "u@b.test/INBOX") + copies(msg, "u@a.test/INBOX"), 2);
    cr_expect(support_exists(trace, "discard at=l rcpt=l-bounces@a.test"), "what the robot said");
    cr_expect(support_header_has(trace, msg, "u@b.test/INBOX", "Return-Path", 1, "l-bounces@"));
}

/* RFC 3464 2.3.3: to a list it is delivered, once for all; an alias for several is expanded, and
   more may be heard of them. */
Test(mediators, an_author_who_asks_hears_of_a_list_and_of_an_alias)
{
    start(&(struct support_towns){.mta_a = ALIASES("\"all@a.test: u@b.test, u@a.test\""),
                                  .agents_a = LIST("l", "a", "\"members\":[\"u@b.test\"]")});
    act("set pc-a notify=success");
    uint32_t list = support_send(world, "l@a.test", "M"), alias;
    cr_expect_eq(support_matches(trace, support_pattern("dsn about=#", list)), 1);
    cr_expect(
        support_exists(trace, support_pattern("dsn about=# action=delivered to=u@a.test", list)));
    alias = support_send(world, "all@a.test", "N");
    cr_expect_eq(support_matches(trace, support_pattern("dsn about=#", alias)), 1);
    cr_expect(support_exists(
        trace, support_pattern("dsn about=# action=expanded to=u@a.test status=2.1.5", alias)));
}

Test(mediators, people_come_and_go_by_mail)
{
    start(&(struct support_towns){
        .agents_a = LIST("l", "a", "\"members\":[\"u@b.test\"],\"self_service\":true")});
    support_send(world, "l-request@a.test", "subscribe");
    cr_expect(support_exists(trace, "conf at=l key=members value=u@b.test,u@a.test"));
    cr_expect_eq(copies(support_send(world, "l@a.test", "M"), "u@a.test/INBOX"), 1);
    support_send(world, "l-request@a.test", "Unsubscribe");
    cr_expect_eq(copies(support_send(world, "l@a.test", "N"), "u@a.test/INBOX"), 0);
    support_send(world, "l-owner@a.test", "Hello owner");
    cr_expect(support_exists(trace, "discard at=l rcpt=l-owner@a.test"));
}

Test(mediators, who_is_on_a_list_and_named_as_well_has_two_copies_with_their_cause)
{
    start(&(struct support_towns){.agents_a = LIST("l", "a", "\"members\":[\"u@b.test\"]")});
    uint32_t msg = support_send(world, "l@a.test,u@b.test", "M");
    cr_expect_eq(copies(msg, "u@b.test/INBOX"), 2, "a list posts under an envelope of its own");
}

Test(mediators, a_long_list_costs_one_transaction_a_hundred_members)
{
    enum { COUNT = 2000 };
    struct bytes members, users;
    bytes_init(&members, 1 << 20);
    bytes_init(&users, 1 << 20);
    (void)bytes_append(&members, SLICE(",{\"id\":\"l\",\"role\":\"list\",\"config\":{\"address\":"
                                       "\"l@a.test\",\"members\":["));
    for (int i = 0; i < COUNT; i++) {
        (void)bytes_printf(&members, "%s\"m%d@b.test\"", i ? "," : "", i);
        if (i != 7)
            (void)bytes_printf(&users, ",\"m%d@b.test\"", i);
    }
    (void)bytes_append(&members, (struct slice){"]}}", 4});
    (void)bytes_append(&users, (struct slice){"", 1});
    start(&(struct support_towns){.agents_a = bytes_slice(&members).data,
                                  .users = bytes_slice(&users).data});
    uint32_t msg = support_send(world, "l@a.test", "M");
    cr_expect_eq(support_count(trace, EVENT_DELIVER), COUNT - 1);
    cr_expect_leq(support_matches(trace, support_pattern("accept at=mx-b msg=#", msg)),
                  COUNT / 100 + 1);
    cr_expect_eq(support_matches(trace, "dsn to=l-bounces@a.test"), 1);
    bytes_finish(&members);
    bytes_finish(&users);
}

/* ---- vacation ---- */

#define AWAY(user, more) ",{\"role\":\"vacation\",\"config\":{\"user\":\"" user "\"" more "}}"

Test(mediators, two_people_who_are_away_do_not_talk_to_each_other_for_ever)
{
    /* the worst robots: they answer everything, every time */
    static const char rude[] = ",\"skip_null\":false,\"skip_lists\":false,\"only_named\":false";
    char a[256], b[256];
    snprintf(a, sizeof a, ",{\"role\":\"vacation\",\"config\":{\"user\":\"u@a.test\"%s}}", rude);
    snprintf(b, sizeof b, ",{\"role\":\"vacation\",\"config\":{\"user\":\"u@b.test\"%s}}", rude);
    start(&(struct support_towns){.agents_a = a, .agents_b = b});
    support_send(world, "u@b.test", "Hello");
    cr_expect_eq(support_count(trace, EVENT_MESSAGE), 3, "one answer each, then silence");
}

Test(mediators, well_behaved_robots_answer_nobody_but_people)
{
    start(&(struct support_towns){.agents_a = AWAY("u@a.test", "")
                                      LIST("l", "a", "\"members\":[\"u@a.test\",\"u@b.test\"]"),
                                  .agents_b = AWAY("u@b.test", "")});
    support_send(world, "u@b.test", "Hello");
    cr_expect_eq(support_count(trace, EVENT_MESSAGE), 2, "the answer is not answered");
    support_send(world, "l@a.test", "To all");
    cr_expect_eq(support_count(trace, EVENT_MESSAGE), 3, "a list is not answered");
    support_send(world, "nobody@b.test", "Lost");
    cr_expect_eq(support_count(trace, EVENT_MESSAGE), 5, "a notice is not answered");
}

/* ---- all together ---- */

Test(mediators, the_same_world_twice_gives_the_same_trace)
{
    uint64_t hashes[2];
    for (int i = 0; i < 2; i++) {
        start(&(struct support_towns){
            .mta_a = ",\"srs\":true,\"aliases\":[\"all@a.test: u, l, v@b.test\"]",
            .agents_a = LIST("l", "a", "\"members\":[\"u@a.test\",\"v@b.test\"],\"footer\":\"x\""),
            .agents_b = AWAY("v@b.test", ",\"only_named\":false"),
            .users = ",{\"address\":\"v@b.test\",\"forward\":[\"keep\",\"u@a.test\"]}"});
        support_send(world, "all@a.test", "M");
        hashes[i] = support_hash(trace);
        world_destroy(world);
        world = NULL;
    }
    cr_expect_eq(hashes[0], hashes[1]);
}

/* ---- crashes ---- */

/* Wherever the power goes between two changes of the disk: what the expansion had remembered of
   copies that were not written yet is worth nothing afterwards. */
Test(mediators, an_expansion_that_a_crash_interrupts_is_made_again)
{
    for (unsigned after = 1; after <= 8; after++) {
        start(&(struct support_towns){.mta_a = ALIASES("\"all@a.test: u@a.test, u@b.test\"")});
        char fault[64];
        snprintf(fault, sizeof fault, "fault file-crash mx-a on after=%u torn=true", after);
        support_do(world, 0, fault);
        support_do(world, 0, "send from=u@a.test to=all@a.test subject=M");
        support_do(world, VTIME_H, "fault file-crash mx-a off");
        world_run_quiet(world, VTIME_NEVER);
        world_run_until(world, VTIME_DAY);
        support_check_conservation(trace);
        uint32_t msg = support_message(trace, "M");
        cr_expect_geq(copies(msg, "u@a.test/INBOX"), 1, "crash after %u changes", after);
        cr_expect_geq(copies(msg, "u@b.test/INBOX"), 1, "crash after %u changes", after);
        if (after < 8)
            world_destroy(world); /* the last one is destroyed at the end */
    }
}
