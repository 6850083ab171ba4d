/*
 * Who may relay? (lesson L19): the policies of an MTA one after the other, in the world t19-relay.
 */
#include <criterion/criterion.h>
#include <criterion/new/assert.h>

#include "support_match.h"

#define BOB "bob@example.org/INBOX"
#define FROM_ALICE "send from=alice@example.com to=bob@example.org subject="
#define FROM_MALLORY "send from=mallory@mallory.test to=bob@example.org subject="

static struct world *start(const char *policy)
{
    struct world *world = support_world_shipped("t19-relay", 1);
    support_do(world, 0, policy);
    return world;
}

static bool arrived(const struct log *log, const char *subject)
{
    return support_copies(log, support_message(log, subject), BOB) > 0;
}

/* RFC 5321 7.9: never by itself, only when told so. */
Test(relaying, an_open_relay_is_abused)
{
    static const struct {
        const char *policy;
        uint32_t victims;
    } cases[] = {{"set relay policy=open", 60}, {"set relay policy=own-network", 0}};
    for (size_t i = 0; i < 2; i++) {
        struct world *world = start(cases[i].policy);
        support_do(world, VTIME_S, "robot bulk");
        world_run_quiet(world, VTIME_NEVER);
        const struct log *log = world_log(world);
        support_check_conservation(log);
        cr_expect_eq(support_matches(log, "relay at=relay"), cases[i].victims, "C1901");
        world_destroy(world);
    }
}

Test(relaying, off_its_own_network_nobody_is_relayed_for)
{
    struct world *world = start("set relay policy=own-network");
    support_do(world, VTIME_S, FROM_ALICE "Cafe");
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    cr_expect(support_exists(log, "smtp.reply from=relay to=pc-alice verb=RCPT code=550"), "C1902");
    cr_expect_not(arrived(log, "Cafe"));
    world_destroy(world);
}

/* D5: for 20 minutes after a login, to the second; and for the address, not for the person. */
Test(relaying, who_has_read_mail_opens_the_door_for_the_whole_address)
{
    static const struct {
        int64_t minute;
        const char *action, *subject;
        bool arrives;
    } cases[] = {{4, FROM_ALICE "m4", "m4", false},
                 {10, FROM_ALICE "m10", "m10", true},
                 {12, FROM_MALLORY "mallory", "mallory", true},
                 {24, FROM_ALICE "m24", "m24", true},
                 {26, FROM_ALICE "m26", "m26", false}};
    struct world *world = start("set relay policy=pop-before-smtp");
    support_do(world, 5 * VTIME_MIN, "fetch by=pc-alice");
    for (size_t i = 0; i < 5; i++)
        support_do(world, cases[i].minute * VTIME_MIN, cases[i].action);
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    support_check_conservation(log);
    for (size_t i = 0; i < 5; i++)
        cr_expect_eq(arrived(log, cases[i].subject), cases[i].arrives, "%s", cases[i].subject);
    cr_expect(support_exists(log, "auth from=pc-alice mech=POP result=ok"), "C1902, C1903");
    cr_expect_not(support_exists(log, "auth from=pc-mallory result=ok"), "C1903");
    cr_expect(
        support_exists(log, "allow at=relay addr=192.0.2.100 user=alice@example.com for_s=1200"));
    cr_expect(support_before(log, "auth from=pc-alice mech=POP result=ok", "accept at=mta-relay"),
              "C1903");
    world_destroy(world);
}

/* Nobody keeps a table that nobody asks for. */
Test(relaying, without_that_policy_logins_are_not_remembered)
{
    struct world *world = start("set relay policy=own-network");
    support_do(world, VTIME_S, "fetch by=pc-alice");
    world_run_quiet(world, VTIME_NEVER);
    cr_expect_eq(support_count(world_log(world), EVENT_ALLOW), 0);
    world_destroy(world);
}

/* RFC 4954 6: what is asked for is a login; then it is the person who is known. */
Test(relaying, with_auth_it_is_the_person_who_is_asked)
{
    struct world *world = start("set relay policy=auth");
    support_do(world, 0, "set pc-alice auth=true");
    support_do(world, VTIME_S, FROM_ALICE "mine");
    support_do(world, VTIME_MIN, FROM_MALLORY "not-mine");
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    support_check_conservation(log);
    cr_expect(support_exists(log, "auth from=pc-alice mech=PLAIN result=ok"), "C1904");
    cr_expect(support_exists(log, "smtp.reply from=relay to=pc-mallory code=530"), "C1904");
    cr_expect(arrived(log, "mine"));
    cr_expect_not(arrived(log, "not-mine"));
    cr_expect(
        support_header_has(log, support_message(log, "mine"), BOB, "Received", 2, "with ESMTPA"),
        "what replaced the address as proof");
    cr_expect(
        support_header_has(log, support_message(log, "mine"), BOB, "Received", 2, "[192.0.2.100]"));
    world_destroy(world);
}

/* Mail for its own domain is taken from anybody, whatever the policy (RFC 5321 3.6.2). */
Test(relaying, every_policy_takes_mail_for_its_own_domain)
{
    static const char *const policies[] = {"set relay policy=open", "set relay policy=own-network",
                                           "set relay policy=pop-before-smtp",
                                           "set relay policy=auth"};
    for (size_t i = 0; i < 4; i++) {
        struct world *world = start(policies[i]);
        support_do(world, VTIME_S,
                   "send from=mallory@mallory.test to=alice@example.com subject=in");
        world_run_quiet(world, VTIME_NEVER);
        cr_expect(support_exists(world_log(world), "deliver box=alice@example.com/INBOX"), "%s",
                  policies[i]);
        world_destroy(world);
    }
}

Test(relaying, the_demonstration_plays)
{
    struct world *world = support_world_shipped("t19-relay", 1);
    struct problem problem = {0};
    cr_assert(world_demo(world, &problem), "%s", problem.what);
    world_run_quiet(world, VTIME_NEVER);
    const struct log *log = world_log(world);
    support_check_conservation(log);
    cr_expect_geq(support_matches(log, "relay at=relay"), 53);
    cr_expect(arrived(log, "After reading") && arrived(log, "Me too"));
    cr_expect_not(arrived(log, "From the cafe") || arrived(log, "Too late"));
    cr_expect(arrived(log, "With my password"));
    cr_expect_not(arrived(log, "And me?"));
    world_destroy(world);
}
